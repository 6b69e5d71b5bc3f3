"""A field for a day: typed as year-month-day or chosen from a calendar; Tab leaves it at once."""

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget


def qdate(day: date) -> QDate:
    """Return a day as Qt has it."""
    return QDate(day.year, day.month, day.day)


def pydate(day: QDate) -> date:
    """Return a day as Python has it."""
    return date(day.year(), day.month(), day.day())


class DateField(QDateEdit):
    """Qt's own field takes three presses of Tab to walk through; the arrow keys do that here."""

    def __init__(self, day: date, latest: date | None = None) -> None:
        """Show `day`; nothing after `latest` can be entered."""
        super().__init__(qdate(day))
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        if latest is not None:
            self.setMaximumDate(qdate(latest))

    @property
    def day(self) -> date:
        """The day shown."""
        return pydate(self.date())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Leave the field, whichever part of the day the cursor is in."""
        return QWidget.focusNextPrevChild(self, forward)
