"""Finding words in the open session: what was found is marked, Return goes from one to the next."""

import unicodedata
from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit

from supervise.domain.transcript import Pause, Turn
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.pieces import label, row, tool_button
from supervise.ui.theme import EDGE, GAP
from supervise.ui.transcript_rows import Place

WAIT_MS = 80
HINT = "Enter: the next place. Esc: into the words there, to mark or to play."


def plain(text: str) -> str:
    """Return text as it is compared: without case, accents and marks at its ends."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return kept.strip(".,;:!?…\"'“”‘’()[]-–—¿¡")


def places_of(rows: Sequence[Turn | Pause], words: str) -> list[list[Place]]:
    """Return each place where the words stand in order, as the places of its words.

    The last word may be only begun, so that hits appear while typing.
    """
    wanted = [plain(part) for part in words.split() if plain(part)]
    found: list[list[Place]] = []
    if not wanted:
        return found
    count = len(wanted)
    for run in _runs(rows):
        heard = [text for _place, text in run]
        for at in range(len(heard) - count + 1):
            if heard[at : at + count - 1] == wanted[:-1] and heard[at + count - 1].startswith(wanted[-1]):
                found.append([place for place, _text in run[at : at + count]])
    return found


def _runs(rows: Sequence[Turn | Pause]) -> Iterator[list[tuple[Place, str]]]:
    """Yield what each voice says in one go, over its pauses."""
    run: list[tuple[Place, str]] = []
    speaker = ""
    for number, entry in enumerate(rows):
        if isinstance(entry, Pause):
            continue
        if run and entry.speaker != speaker:
            yield run
            run = []
        speaker = entry.speaker
        run += [(Place(number, at), plain(word.text)) for at, word in enumerate(entry.words)]
    if run:
        yield run


class FindBar(QFrame):
    """A field and two arrows; Escape closes it and goes to the words."""

    found = Signal(object, object)
    left = Signal()

    def __init__(self) -> None:
        """Begin hidden."""
        super().__init__()
        self.setProperty("role", "topbar")
        self._rows: Sequence[Turn | Pause] = ()
        self._hits: list[list[Place]] = []
        self._at = -1
        self.words = QLineEdit()
        self.words.setAccessibleName("Find in this session")
        self.words.setPlaceholderText("Find words in this session")
        self.words.setMaximumWidth(380)
        self.count = label("", "muted", wrap=False)
        self.count.setMinimumWidth(110)
        self.before = tool_button("up", "Previous place found")
        self.after = tool_button("down", "Next place found")
        self.shut = tool_button("close", "Close find")
        self.shut.clicked.connect(self._go_to_words)
        self.before.clicked.connect(self.go_back)
        self.after.clicked.connect(self.go_on)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._look)
        self.words.textChanged.connect(self._wait.start)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self.hint = ElidedLabel("muted")
        self.hint.setText(HINT)
        self.hint.hide()
        line = row(self.words, self.before, self.after, self.count, self.hint, 1, self.shut, gap=GAP)
        line.setContentsMargins(EDGE - 4, GAP - 2, GAP, GAP - 2)
        self.setLayout(line)

    def set_rows(self, rows: Sequence[Turn | Pause]) -> None:
        """Look in these rows from now on."""
        self._rows = rows
        if self.isVisible() and self.words.text():
            self._look()

    def enter(self) -> None:
        """Open, ready to type."""
        self.show()
        self.words.setFocus()
        self.words.selectAll()

    def leave(self) -> None:
        """Close and forget what was looked for."""
        self._wait.stop()
        self.words.clear()
        self._wait.stop()
        self._hits = []
        self.hide()
        self.found.emit([], None)

    def _go_to_words(self) -> None:
        """Close, and let the keys go to the words, where the last place found is framed."""
        self.leave()
        self.left.emit()

    def _look(self) -> None:
        self._hits = places_of(self._rows, self.words.text())
        self._at = 0 if self._hits else -1
        self._tell()

    def go_on(self) -> None:
        """Go to the next place."""
        self._step(1)

    def go_back(self) -> None:
        """Go to the place before."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if self._wait.isActive():
            self._wait.stop()
            self._look()
        elif self._hits:
            self._at = (self._at + step) % len(self._hits)
            self._tell()

    def _tell(self) -> None:
        if self._hits:
            self.count.setText(f"{self._at + 1} of {len(self._hits)}")
        else:
            self.count.setText("Not found" if self.words.text().strip() else "")
        self.hint.setVisible(bool(self._hits))
        places = [place for hit in self._hits for place in hit]
        self.found.emit(places, self._hits[self._at][0] if self._hits else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Shift+Return step, Escape closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self._go_to_words()
        else:
            super().keyPressEvent(event)
