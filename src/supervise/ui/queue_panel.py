"""The visible queue of transcriptions: what runs, how long it will take, what waits, what went wrong."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from supervise.app.queue import QueueEntry
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.pieces import button, column, row
from supervise.ui.plain_words import without_commands
from supervise.ui.theme import EDGE, GAP

UNNAMED = "a recording"  # of a session or of a recall: the line says nothing of whose
RUNNING, QUEUED, FAILED = "running", "queued", "failed"
SHOWN = (RUNNING, QUEUED, FAILED)
LEAST_TITLE, MOST_STATE = 160, 420  # px: a long title gives way before how far it is


def eta_words(seconds: float | None) -> str:
    """Say how long something will take, as people do."""
    if seconds is None:
        return "working out how long it will take"
    if seconds < 50:
        return "less than a minute left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {max(minutes, 1)} min left"
    return f"about {minutes // 60} h {minutes % 60:02} min left"


def state_words(entry: QueueEntry, *, hidden: bool = False) -> str:
    """Say what a line of the queue is doing; `hidden`: not why it failed, which names a client."""
    if entry.state == RUNNING:
        return f"{entry.done_permille // 10} % · {eta_words(entry.eta_s)}"
    if entry.state == QUEUED:
        return "waiting"
    return "did not come to its end" if hidden else without_commands(entry.error)


class QueueLine(QWidget):
    """One transcription."""

    def __init__(self, job: str, cancelled: Callable[[str], object]) -> None:
        """Belong to `job`."""
        super().__init__()
        self.job = job
        self.title = ElidedLabel()
        self.title.setMinimumWidth(LEAST_TITLE)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.bar.setFixedWidth(220)
        self.state = ElidedLabel("muted")
        self.stop: QPushButton = button("Stop", lambda: cancelled(job))
        self.setLayout(row(self.title, self.bar, self.state, 1, self.stop, gap=GAP + 4))

    def show_entry(self, entry: QueueEntry, title: str, *, hidden: bool = False) -> None:
        """Show how it stands; `hidden`: somebody else may look on."""
        self.title.setText(f"Transcribing {title}" if entry.state == RUNNING else title)
        self.bar.setVisible(entry.state == RUNNING)
        self.bar.setValue(entry.done_permille)
        self.state.setText(state_words(entry, hidden=hidden))
        wanted = self.state.fontMetrics().horizontalAdvance(self.state.text()) + 4
        self.state.setMinimumWidth(min(wanted, MOST_STATE))
        self.stop.setText({RUNNING: "Stop", QUEUED: "Remove", FAILED: "Hide"}.get(entry.state, "Hide"))
        self.stop.setAccessibleName(f"{self.stop.text()} the transcription of {title}")


class QueuePanel(QFrame):
    """Hidden while there is nothing to say."""

    cancel_wished = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.setProperty("role", "bar")
        self.setAccessibleName("Transcriptions")
        self._lines: dict[str, QueueLine] = {}
        self._hidden: set[str] = set()
        self._body: QVBoxLayout = column(self, 0, 2)
        self._body.setContentsMargins(EDGE, GAP - 2, EDGE, GAP - 2)
        self.hide()

    def show_entries(self, entries: Sequence[QueueEntry], titles: Callable[[str], str] | None) -> None:
        """Show the queue; `titles` names a session, None while the vault is locked or a client looks on."""
        shown = [entry for entry in entries if entry.state in SHOWN and entry.job not in self._hidden]
        states = {entry.job: entry.state for entry in shown}
        for job in [job for job in self._lines if job not in states]:
            self._drop(job)
        for entry in shown:
            if entry.job not in self._lines:
                self._lines[entry.job] = QueueLine(entry.job, self._on_cancel)
                self._body.addWidget(self._lines[entry.job])
            self._lines[entry.job].show_entry(
                entry, titles(entry.session) if titles else UNNAMED, hidden=titles is None
            )
        self._failed = {job for job, state in states.items() if state == FAILED}
        self.setVisible(bool(shown))

    def _drop(self, job: str) -> None:
        line = self._lines.pop(job)
        line.title.clear()
        line.hide()
        line.deleteLater()

    def _on_cancel(self, job: str) -> None:
        if job in self._failed:
            self._hidden.add(job)
            self._drop(job)
            self.setVisible(bool(self._lines))
            return
        self.cancel_wished.emit(job)

    _failed: set[str] = set()  # noqa: RUF012 -- replaced, never changed in place
