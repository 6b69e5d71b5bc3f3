"""One session on screen: sound, lanes, transcript, moments and player, kept in step with each other."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QSplitter, QStackedWidget, QWidget

from supervise.app.reading import TranscriptView as TranscriptContent
from supervise.domain.ids import ProfileId
from supervise.domain.moments import Comment, Moment
from supervise.domain.session import Session
from supervise.domain.speakers import SpeakerNames
from supervise.domain.times import day_words
from supervise.domain.transcript import TranscriptVersion
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.find_bar import FindBar
from supervise.ui.moment_editor import MomentEditor
from supervise.ui.moment_model import MomentModel
from supervise.ui.moments_view import MomentsPanel
from supervise.ui.overview import Overview
from supervise.ui.patterns import edge_color
from supervise.ui.pieces import button, column, dress, label, row, splitter, tool_button
from supervise.ui.plain_words import first_sentence, without_commands
from supervise.ui.player_bar import PlayerBar
from supervise.ui.speakers_bar import SpeakersBar
from supervise.ui.theme import EDGE, GAP, colors
from supervise.ui.timespan import ShownSpan
from supervise.ui.transcript_view import TranscriptView
from supervise.ui.versions_box import OlderNotice, VersionsBox
from supervise.ui.waveform import Waveform

STAYS = "Sound and moments stay as they are. In the days to reconsider it can be brought back."
NO_TRANSCRIPT = (
    "A transcript is made on this machine; nothing is sent anywhere. You can listen and mark without one."
)


BUSY = "Being transcribed"
LOW = 600  # on a lower screen than this the words get half of the height


class SessionView(QWidget):
    """Lays the parts out and keeps them in step; the session desk gives it values and takes its wishes."""

    library_wished = Signal()
    transcribe_wished = Signal()
    take_out_wished = Signal()

    def __init__(self) -> None:
        """Show nothing until a session is opened."""
        super().__init__()
        self.shown = ShownSpan(self)
        self.moments = MomentModel()
        self.overview = Overview(self.shown)
        self.waveform = Waveform(self.shown)
        self.transcript = TranscriptView()
        self.speakers = SpeakersBar()
        self.versions, self.older = VersionsBox(), OlderNotice()
        self.finder = FindBar()
        self.panel = MomentsPanel(self.moments)
        self.editor = MomentEditor()
        self.player = PlayerBar()
        self.me = ProfileId("")
        self.comments: tuple[Comment, ...] = ()
        self._split_by_hand = self._side_by_hand = False
        self._before_note: QWidget | None = None
        self._waiting = self._has_words = self._finished = False
        self._locked_why = ""
        body = column(self, 0, 0)
        body.addWidget(self._head())
        body.addWidget(self._beside(), 1)
        body.addWidget(self.player)
        self._order_tabs()
        self.finder.found.connect(self.transcript.set_found)
        self.finder.left.connect(self._to_words)
        self.panel.list.left.connect(self.waveform.setFocus)
        self.editor.note.left.connect(self._leave_note)
        self.moments.modelReset.connect(self._on_moments)

    # --- laying out

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("role", "topbar")
        self.back = tool_button("library", "Back to the library (Ctrl+B)")
        self.back.clicked.connect(self.library_wished)
        self.title = ElidedLabel("heading")
        self.facts = label("", "muted", wrap=False)
        self.transcribe_button = button("Transcribe…", self.transcribe_wished.emit)
        dress(self.transcribe_button, "words")
        self.out_button = button("Take a copy out…", self.take_out_wished.emit)
        dress(self.out_button, "export")
        line = row(
            self.back,
            self.title,
            self.facts,
            1,
            self.versions,
            self.transcribe_button,
            self.out_button,
            gap=GAP + 2,
        )
        line.setContentsMargins(EDGE - 4, GAP, EDGE, GAP)
        head.setLayout(line)
        return head

    def _order_tabs(self) -> None:
        """From the top to the bottom, and from left to right."""
        speakers, finder, player = self.speakers, self.finder, self.player
        panel, editor = self.panel, self.editor
        parts: list[QWidget] = [
            self.back,
            self.versions,
            self.transcribe_button,
            self.out_button,
            self.waveform,
        ]
        parts += [speakers.swap, speakers.merge, finder.words, finder.before, finder.after, finder.shut]
        parts += [self.older.newest]
        parts += [self.transcript, self.none_button, panel.words, panel.family, panel.author, panel.list]
        parts += [editor.play_button, editor.delete_button, editor.note, editor.add_button, editor.start]
        parts += [editor.start_here, editor.end, editor.end_here, editor.private]
        parts += [editor.comments.field, editor.comments.add, player.back, player.play, player.forward]
        parts += [player.speed, player.loop, player.mark]
        for first, second in pairwise(parts):
            QWidget.setTabOrder(first, second)

    def _beside(self) -> QSplitter:
        self.side = splitter(Qt.Orientation.Vertical, self.panel, self.editor)
        self.side.setMinimumWidth(320)
        self.side.splitterMoved.connect(self._on_side_moved)
        self.editor.hide()
        whole = splitter(Qt.Orientation.Horizontal, self._middle(), self.side)
        whole.setStretchFactor(0, 1)
        whole.setStretchFactor(1, 0)
        whole.setSizes([1040, 400])
        return whole

    def _middle(self) -> QSplitter:
        sound = QWidget()
        upper = column(sound, 0, 0)
        upper.addWidget(self.overview)
        upper.addWidget(self.waveform, 1)
        words = QWidget()
        inside = column(words, 0, 0)
        inside.addWidget(self.speakers)
        inside.addWidget(self.older)
        inside.addWidget(self.finder)
        self.words_or_none = QStackedWidget()
        self.words_or_none.addWidget(self.transcript)
        self.words_or_none.addWidget(self._no_transcript())
        inside.addWidget(self.words_or_none, 1)
        self.split = splitter(Qt.Orientation.Vertical, sound, words)
        self.split.installEventFilter(self)
        self.split.splitterMoved.connect(self._on_split_moved)
        self.split.setStretchFactor(0, 0)
        self.split.setStretchFactor(1, 1)
        return self.split

    def _no_transcript(self) -> QWidget:
        page = QWidget()
        body = column(page, EDGE * 2, GAP)
        body.addStretch(1)
        self.none_title = label("No transcript yet", "heading", wrap=False)
        self.none_words = label(NO_TRANSCRIPT, "muted")
        self.none_words.setFixedWidth(400)
        self.none_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.none_button = button("Transcribe…", self.transcribe_wished.emit, "primary")
        body.addLayout(row(1, self.none_title, 1))
        body.addLayout(row(1, self.none_words, 1))
        body.addLayout(row(1, self.none_button, 1))
        body.addStretch(2)
        return page

    # --- showing values

    def show_session(self, session: Session) -> None:
        """Show whose session it is and when it was held."""
        self.title.setText(session.title or "Untitled session")
        self.facts.setText(f"{session.client_code} · {day_words(session.held_on)}")

    @property
    def reads_older(self) -> bool:
        """Whether an older transcript than the newest is on screen."""
        return not self.older.isHidden()

    def show_transcript(self, content: TranscriptContent, versions: Sequence[TranscriptVersion] = ()) -> None:
        """Show words, pauses and voices; of several versions say which."""
        has_words = content.version is not None
        self.versions.show_versions(versions, content.version.transcript if content.version else "")
        self.older.setVisible(bool(self.versions.currentData()))
        self.words_or_none.setCurrentIndex(0 if has_words else 1)
        self.transcript.set_content(content.turns, content.pauses, content.names)
        voices = tuple(sorted({word.speaker for word in content.words if word.speaker}))
        self.speakers.show_voices(voices, content.names, content.version.notes if content.version else ())
        if self.reads_older:
            self.speakers.hide()
        self.waveform.set_pauses(content.pauses)
        self.finder.set_rows(self.transcript.rows.rows)
        self._has_words = has_words
        self._locked_why = content.locked
        self._show_none(waiting="")
        self._finished = content.version is not None and content.version.finished
        self._show_state()
        self._show_stripes()

    @property
    def words_locked(self) -> bool:
        """Whether there are no words because the client took transcripts back."""
        return bool(self._locked_why)

    def _show_none(self, waiting: str) -> None:
        """Say why there are no words: taken back, on their way, or not wished yet."""
        locked = first_sentence(without_commands(self._locked_why))
        title = (
            "The transcript is locked" if locked else "Being transcribed" if waiting else "No transcript yet"
        )
        self.none_title.setText(title)
        self.none_words.setText(f"{locked} {STAYS}" if locked else waiting or NO_TRANSCRIPT)
        self.none_button.setVisible(not waiting and not locked)

    def show_waiting(self, words: str) -> None:
        """Say that a transcript is on its way; empty when none is."""
        self._show_none(words)
        self._waiting = bool(words)
        self._show_state()

    def _show_state(self) -> None:
        """While a transcript is being made, that is what the button and the nameless voices say."""
        again = "Transcribe again…" if self._has_words else "Transcribe…"
        self.transcribe_button.setText(BUSY if self._waiting else again)
        self.transcribe_button.setEnabled(not self._waiting)
        words = self.transcript.rows
        names = without_voice(words.names, BUSY if self._waiting and not self._finished else "")
        if names != words.names:
            self.transcript.set_names(names)

    def write_note(self) -> None:
        """Go to the note of the moment chosen; Escape there comes back to where the keys were."""
        held = QApplication.focusWidget()
        if held is not None and held is not self.editor.note and self.isAncestorOf(held):
            self._before_note = held
        self.editor.note.setFocus()

    def _leave_note(self) -> None:
        back = self._before_note
        (back if back is not None and back.isVisible() else self.waveform).setFocus()

    def _to_words(self) -> None:
        (self.transcript if self.transcript.isVisible() else self.waveform).setFocus()

    def _on_moments(self) -> None:
        book = self.moments.codebook
        if book is None:
            return
        self.waveform.set_moments(self.moments.moments, book)
        self.overview.set_moments(self.moments.moments, book)
        self._give_lanes_room()
        self._show_stripes()
        chosen = self.editor.moment
        if chosen is not None:
            self.choose(chosen.moment)

    def _on_split_moved(self) -> None:
        self._split_by_hand = True

    def _give_lanes_room(self) -> None:
        """Let every lane in use be seen, unless the person has divided the room otherwise."""
        wanted = self.waveform.sizeHint().height() + self.overview.height()
        whole = sum(self.split.sizes())
        if not self._split_by_hand and whole:
            most = whole * 3 // 5 if whole > LOW else whole // 2
            self.split.setSizes([min(wanted, most), whole - min(wanted, most)])

    def _on_side_moved(self) -> None:
        self._side_by_hand = True

    def _give_editor_room(self) -> None:
        """A splitter gives a part that was hidden no room by itself; the list above keeps the lesser half."""
        whole = sum(self.side.sizes())
        if not self._side_by_hand and whole:
            self.side.setSizes([whole * 2 // 5, whole - whole * 2 // 5])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Divide the room anew whenever there is more or less of it."""
        if watched is self.split and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._give_lanes_room)
        return False

    def _show_stripes(self) -> None:
        book, rows = self.moments.codebook, self.transcript.rows.rows
        if book is None or not rows:
            self.transcript.set_stripes({})
            return
        look = colors()
        shades = {family.family: edge_color(family, look) for family in book.families}
        families = {code.code: code.family for code in book.codes}
        starts = [entry.start_ms for entry in rows]
        stripes: dict[int, list[str]] = {}
        for moment in self.moments.moments:
            shade = shades.get(families.get(moment.codes[0].code, ""), look.muted)
            first = self.transcript.rows.row_at(moment.start_ms)
            last = max(bisect_left(starts, moment.end_ms or moment.start_ms + 1), first + 1)
            for number in range(max(first, 0), min(last, len(rows))):
                held = stripes.setdefault(number, [])
                if shade not in held:
                    held.append(shade)
        self.transcript.set_stripes(stripes)

    # --- choosing

    @property
    def chosen(self) -> str:
        """The id of the moment chosen, or empty."""
        return self.editor.moment.moment if self.editor.moment is not None else ""

    def choose(self, moment_id: str) -> Moment | None:
        """Choose a moment in every part at once; an unknown one chooses none."""
        moment = self.moments.by_id(moment_id)
        book = self.moments.codebook
        self.waveform.select(moment_id if moment else "")
        self.panel.list.select(moment_id if moment else "")
        if moment is None or book is None:
            self.editor.clear()
            self.editor.hide()
            return None
        self.editor.show_moment(moment, book, self.moments.author(moment), moment.author == self.me)
        comments = [comment for comment in self.comments if comment.moment == moment.moment]
        self.editor.comments.show_comments(comments, self.moments.names)
        if self.editor.isHidden():
            self.editor.show()
            self._give_editor_room()
        return moment

    def reveal(self, moment: Moment) -> None:
        """Bring a moment on screen in sound and words."""
        self.shown.reveal(moment.start_ms, moment.end_ms or moment.start_ms)
        self.transcript.show_time(moment.start_ms)

    def clear(self) -> None:
        """Empty every part; used when the vault locks or another session opens."""
        self.finder.leave()
        self.editor.clear()
        self.editor.hide()
        self.comments = ()
        self.moments.clear()
        self.waveform.clear()
        self.overview.clear()
        self.transcript.clear()
        self._locked_why = ""
        self._show_none(waiting="")
        self.speakers.hide()
        self.versions.show_versions((), "")
        self.older.hide()
        self.title.clear()
        self.facts.clear()
        self.player.message.clear()
        self.player.show_playing(False)
        self.player.show_place(0, 0)


def without_voice(names: SpeakerNames, words: str) -> SpeakerNames:
    """Return names in which words that have no voice yet are said by `words`; empty: as ever."""
    kept = tuple((voice, name) for voice, name in names.names if voice)
    return SpeakerNames((("", words), *kept) if words else kept)
