"""A field for a day that may be left empty, written as 2026-11-23."""

from datetime import date

from PySide6.QtWidgets import QLineEdit

from supervise.domain.errors import UsageError

SHAPE = "YYYY-MM-DD"


class DayField(QLineEdit):
    """Empty, or a day."""

    def __init__(self, day: date | None = None, empty: str = "") -> None:
        """Begin with `day`; `empty` says what leaving it empty means."""
        super().__init__(day.isoformat() if day else "")
        self.setMaxLength(10)
        self.setPlaceholderText(f"{SHAPE}, or empty: {empty}" if empty else SHAPE)

    def day(self) -> date | None:
        """Return the day, None when empty; raises UsageError for anything else."""
        text = self.text().strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            what = self.accessibleName()
            raise UsageError(f"“{text}” under “{what}” is not a day. Write it as 2026-11-23.") from None

    def must_be(self) -> date:
        """Return the day; raises UsageError when there is none."""
        found = self.day()
        if found is None:
            raise UsageError(f"“{self.accessibleName()}” needs a day, written as 2026-11-23.")
        return found
