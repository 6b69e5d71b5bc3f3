"""Deleting a portion of a session for good: from where to where, and then the certificate."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from supervise.app.certificates import certificate_lines
from supervise.domain.errors import UsageError
from supervise.domain.times import clock, parse_seconds
from supervise.ui.consent_words import BACKUPS
from supervise.ui.pieces import add_field, form, label, say, set_role
from supervise.ui.work_dialog import WorkDialog, fit

ABOUT = (
    "The sound there becomes silence of the same length, so that every other time stays true. Its words go "
    "from every transcript, and notes and comments that lie there or quote it are emptied. It is shown as "
    "deleted."
)
HEARD = "It was heard in {count}, and is deleted only together with {them}: {names}."
MOST_NAMED = 6
GO, GO_WITH = "Delete this portion…", "Delete it together with these recalls…"
DONE = "Deleted for good. The certificate stays on the client's consent page."


class PortionDialog(WorkDialog):
    """Emits from where to where, in milliseconds."""

    wished = Signal(int, int)

    def __init__(
        self,
        parent: QWidget,
        duration_ms: int,
        span: tuple[int, int] | None,
        heard: Callable[[int, int], Sequence[str]],
    ) -> None:
        """Begin with `span`: the words chosen, or the moment; `heard` names the recalls that go with one."""
        super().__init__(parent, "Delete a portion", GO, "Writing the sound anew without it…")
        self._duration_ms, self._heard = duration_ms, heard
        set_role(self.go, "danger")
        self.inside.addWidget(label("Delete a portion", "heading"))
        self.inside.addWidget(label(ABOUT))
        self.inside.addLayout(self._fields(span))
        self.length = label("", "muted")
        self.inside.addWidget(self.length)
        self.recalls = label("", "notice")
        self.inside.addWidget(self.recalls)
        self.inside.addWidget(label(BACKUPS, "notice"))
        self.done_words = label("", "good")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Certificate of destruction")
        self.text.setMinimumHeight(240)
        for part in (self.done_words, self.text):
            self.inside.addWidget(part)
            part.hide()
        self._look()

    def _fields(self, span: tuple[int, int] | None) -> QFormLayout:
        fields = form()
        self.start, self.end = QLineEdit(), QLineEdit()
        for field, ms in ((self.start, span[0] if span else None), (self.end, span[1] if span else None)):
            field.setPlaceholderText("For example 1:23.5")
            field.setText("" if ms is None else time_words(ms))
            field.textChanged.connect(self._look)
            field.returnPressed.connect(self.on_go)
        add_field(fields, "&From", self.start)
        add_field(fields, "&To", self.end)
        return fields

    def _span(self) -> tuple[int, int]:
        start, end = (parse_seconds(field.text()) for field in (self.start, self.end))
        if not 0 <= start < end <= self._duration_ms:
            length = clock(self._duration_ms)
            raise UsageError(f"The portion starts and ends inside the session, which is {length} long.")
        return start, end

    def _look(self) -> None:
        names: Sequence[str] = ()
        try:
            start, end = self._span()
            self.length.setText(f"{(end - start) / 1000:.1f} seconds, from {clock(start)} to {clock(end)}.")
            names = self._heard(start, end)
        except UsageError:
            self.length.setText("Write from where to where, in seconds or as minutes:seconds.")
        say(self.recalls, heard_words(names))
        self.go.setText(GO_WITH if names else GO)
        fit(self)

    def on_go(self) -> None:
        """Ask on, once it is a portion of this session."""
        if self.running or self.go.isHidden():
            return
        try:
            start, end = self._span()
        except UsageError as error:
            self.end_work(str(error))
            return
        say(self.problem, "")
        self.wished.emit(start, end)

    def show_certificate(self, certificate: Mapping[str, Any]) -> None:
        """Say that it is gone, and what was destroyed."""
        self.show_end()
        say(self.done_words, DONE)
        self.text.setPlainText("\n".join(certificate_lines(certificate)))
        self.text.show()
        fit(self)


def heard_words(names: Sequence[str]) -> str:
    """Say which recalls go with the portion; empty when none heard it."""
    if not names:
        return ""
    count, them = ("one recall", "it") if len(names) == 1 else (f"{len(names)} recalls", "them")
    return HEARD.format(count=count, them=them, names=listed(names))


def listed(names: Sequence[str]) -> str:
    """Name the first few, and say how many more there are."""
    more = len(names) - MOST_NAMED
    return "; ".join((*names[:MOST_NAMED], *([f"and {more} more"] if more > 0 else ())))


def time_words(ms: int) -> str:
    """Write a time as the fields read it."""
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes}:{rest / 1000:06.3f}"
