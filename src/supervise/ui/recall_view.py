"""The page of a recall that is over: two time lines, its words, a passage's marks, what else was recalled."""

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QWidget

from supervise.app.recall_reading import RecallView as RecallContent
from supervise.domain.times import clock, day_words
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.passage_panel import PassagePanel
from supervise.ui.pieces import button, column, dress, label, row, rule, splitter, tool_button
from supervise.ui.player_bar import PlayerBar
from supervise.ui.reading_words import day_of, hours_words, kind_words, people_words, stops_words
from supervise.ui.recall_lines import RecallLines
from supervise.ui.recalled_list import RecalledList
from supervise.ui.recalled_words import RecalledWords
from supervise.ui.speakers_bar import SpeakersBar
from supervise.ui.theme import EDGE, GAP

NO_WORDS = (
    "What was said becomes words on this machine; nothing is sent anywhere. You can hear the recall, go from "
    "stop to stop and mark without them."
)
COMING = "The words will appear here when they are found."
BUSY = "Being transcribed"
ABOUT = "What was recalled about {moment}"
NOBODY = "Nothing was recalled about this moment."
VOICES = ("Recaller", "Inquirer", "Therapist", "Client")


class RecallView(QWidget):
    """Lays the parts out; the recall's desk gives it values and takes its wishes."""

    session_wished = Signal()
    transcribe_wished = Signal()
    write_up_wished = Signal()
    take_out_wished = Signal()

    def __init__(self) -> None:
        """Show nothing until a recall is opened."""
        super().__init__()
        self.lines = RecallLines()
        self.words = RecalledWords()
        self.speakers = SpeakersBar(VOICES, joining=False)
        self.passage = PassagePanel()
        self.recalled = RecalledList(leaves=True)
        self.player = PlayerBar()
        self.player.loop.hide()
        self.player.mark.hide()
        self.player.place.setMinimumWidth(230)
        self.player.place.setAccessibleName("Place in what is heard")
        body = column(self, 0, 0)
        body.addWidget(self._head())
        body.addWidget(self.lines)
        body.addWidget(rule())
        body.addWidget(self._beside(), 1)
        body.addWidget(self.player)
        self._waiting = self._has_words = False
        self.passage.note.left.connect(self.words.setFocus)
        self._order_tabs()

    # --- laying out

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("role", "topbar")
        self.back = tool_button("library", "Back to the session (S)")
        self.back.clicked.connect(self.session_wished)
        self.title = label("", "heading", wrap=False)
        self.facts = ElidedLabel("muted")
        self.transcribe_button = button("Transcribe…", self.transcribe_wished.emit)
        dress(self.transcribe_button, "words")
        self.write_button = button("Write it up…", self.write_up_wished.emit)
        dress(self.write_button, "flag")
        self.out_button = button("Take it out…", self.take_out_wished.emit)
        dress(self.out_button, "export")
        buttons = (self.transcribe_button, self.write_button, self.out_button)
        line = row(self.back, self.title, self.facts, 1, *buttons, gap=GAP + 2)
        line.setContentsMargins(EDGE - 4, GAP, EDGE, GAP)
        head.setLayout(line)
        return head

    def _beside(self) -> QSplitter:
        left = QWidget()
        inside = column(left, 0, 0)
        inside.addWidget(self.speakers)
        self.none = self._no_words()
        inside.addWidget(self.none)
        inside.addWidget(self.words, 1)
        self.about = self._about()
        self.side = splitter(Qt.Orientation.Vertical, self.passage, self.about)
        self.side.setMinimumWidth(340)
        self.side.setSizes([300, 240])
        whole = splitter(Qt.Orientation.Horizontal, left, self.side)
        whole.setStretchFactor(0, 2)
        whole.setStretchFactor(1, 1)
        whole.setSizes([970, 470])
        return whole

    def _no_words(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "topbar")
        self.none_words = label(NO_WORDS, "muted")
        self.none_button = button("Transcribe…", self.transcribe_wished.emit, "primary")
        line = row(self.none_words, self.none_button, gap=EDGE)
        line.setStretch(0, 1)
        line.setContentsMargins(EDGE, GAP, EDGE, GAP)
        frame.setLayout(line)
        return frame

    def _about(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("role", "panel")
        body = column(frame, 0, 0)
        self.about_title = label("", "heading", wrap=False)
        head = row(self.about_title, 1)
        head.setContentsMargins(EDGE, GAP, EDGE, GAP)
        body.addLayout(head)
        self.about_none = label(NOBODY, "muted")
        self.about_none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.about_none.setMargin(EDGE)
        self.about_stack = QStackedWidget()
        self.about_stack.addWidget(self.about_none)
        self.about_stack.addWidget(self.recalled)
        body.addWidget(self.about_stack, 1)
        return frame

    def _order_tabs(self) -> None:
        """From the top to the bottom, and from left to right."""
        passage, player = self.passage, self.player
        parts: list[QWidget] = [self.back, self.transcribe_button, self.write_button]
        parts += [self.out_button, self.lines]
        parts += [self.none_button, self.speakers.swap, self.words, passage.then, passage.now]
        parts += [passage.recaller, passage.inquirer, passage.note, passage.remove, self.recalled]
        parts += [player.back, player.play, player.forward, player.speed]
        for first, second in pairwise(parts):
            QWidget.setTabOrder(first, second)

    def panes(self) -> list[QWidget]:
        """Return the parts of the page that F6 goes through."""
        first = self.passage.then if self.passage.then.isVisible() else self.passage.note
        return [self.lines, self.words, first, self.recalled, self.player.play]

    # --- what is shown

    def show_recall(self, content: RecallContent) -> None:
        """Show whose recall it is, of which session, and when it was held."""
        entry, session = content.recall, content.session
        self.title.setText(kind_words(entry.setup))
        recalled = (day_of(entry.started_at), hours_words(entry.setup.hours_since))
        facts = (
            session.client_code,
            f"{session.title or 'Untitled session'}, {day_words(session.held_on)}",
            people_words(entry.setup),
            ", ".join(part for part in recalled if part),
            stops_words(len(content.stops)),
        )
        self.facts.setText(" · ".join(part for part in facts if part))
        voices = tuple(sorted({word.speaker for word in content.words if word.speaker}))
        self.speakers.show_voices(voices, content.names, content.version.notes if content.version else ())
        self._has_words = content.version is not None and bool(content.words)
        finished = content.version is not None and content.version.finished
        self._waiting = content.version is not None and not finished
        self._show_state()

    def show_waiting(self, busy: bool) -> None:
        """Say that a transcript is on its way."""
        self._waiting = busy
        self._show_state()

    def _show_state(self) -> None:
        again = "Transcribe again…" if self._has_words else "Transcribe…"
        self.transcribe_button.setText(BUSY if self._waiting else again)
        self.transcribe_button.setEnabled(not self._waiting)
        self.transcribe_button.setVisible(self._has_words or self._waiting)
        self.none.setVisible(not self._has_words)
        self.none_words.setText(COMING if self._waiting else NO_WORDS)
        self.none_button.setVisible(not self._waiting)

    def show_about(self, moment_ms: int | None, count: int) -> None:
        """Head the list of what was recalled about a moment; None: nothing was asked for."""
        self.about_title.setText(ABOUT.format(moment=clock(moment_ms)) if moment_ms is not None else "")
        self.about.setVisible(moment_ms is not None)
        self.about_stack.setCurrentIndex(1 if count else 0)

    def show_place(self, what: str, ms: int, duration_ms: int) -> None:
        """Show what is heard, and where it stands."""
        text = f"{what} {clock(ms)} / {clock(duration_ms)}"
        if text != self.player.place.text():
            self.player.place.setText(text)

    def clear(self) -> None:
        """Empty every part; used when the vault locks or the page is left."""
        self.lines.clear()
        self.words.clear()
        self.passage.clear()
        self.recalled.forget()
        self.speakers.hide()
        self.show_about(None, 0)
        self.title.clear()
        self.facts.clear()
        self.player.message.clear()
        self.player.show_playing(False)
        self.player.place.setText("")
