"""Works on the recall that is read: hears both its sounds, keeps both places, and marks passages."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot

from supervise.app.changes import Change
from supervise.app.commands import Command
from supervise.app.recall_export import recall_utterances
from supervise.app.recall_listening import Peaks, recall_peaks
from supervise.app.recall_marks import marks_of
from supervise.app.recall_reading import read_recall, recall_view, recalled_about
from supervise.app.recall_sounds import RECALL, SESSION, TwoSounds
from supervise.app.recall_voices import NameRecallVoice, SwapRecallVoices
from supervise.bootstrap import Services
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import ProfileId, RecallId
from supervise.domain.recall_marks import RecallMark
from supervise.domain.times import clock
from supervise.domain.transcript import Pause, Turn
from supervise.ui.desk import Desk, attempt
from supervise.ui.passages import Passages, drawn_marks, footers_of, rows_of_recall
from supervise.ui.playing_desk import SKIP_MS, Pair, PlayingDesk
from supervise.ui.recall_view import RecallView


class RecallDesk(PlayingDesk):
    """Lives as long as a recall is read."""

    hearing = Signal()
    other_wished = Signal(str, int)

    def __init__(self, desk: Desk, services: Services, view: RecallView, recall: RecallId) -> None:
        """Open `recall` in `view`; raises what the workspace raises."""
        super().__init__(desk, view, view.player)
        self._view = view
        work = desk.workspace
        self.content = read_recall(work, recall)
        self.recall, self.session = recall, self.content.recall.session
        self.client = self.content.session.client_code
        output = services.make_output(desk.settings.output)
        self._sounds = TwoSounds(work, self.session, recall, output)
        self._marks: tuple[RecallMark, ...] = ()
        self._rows: list[Turn | Pause] = []
        self.passages = Passages(work, view, self._do)
        self._places = (self.content.map.session_at(0), 0)
        self._led = False
        self._show_everything()
        self._begin(self._heeded())

    # --- showing

    def _show_everything(self) -> None:
        view, content, work = self._view, self.content, self._desk.workspace
        length_ms = content.session.sound.duration_ms
        peaks = (
            _if_there(lambda: work.peaks(self.session)),
            _if_there(lambda: recall_peaks(work, self.recall)),
        )
        view.lines.open(content.map, length_ms, peaks)
        view.lines.set_stops(content.stops, content.prompts)
        view.show_about(None, 0)
        self._show_words()
        self._go(*self._places)
        self._show_place()

    def _show_words(self) -> None:
        content = self.content
        self._view.show_recall(content)
        self._rows = rows_of_recall(content, recall_utterances(content))
        self._view.words.show_rows(self._rows, content.names)
        self._read_marks()

    def _read_marks(self) -> None:
        work = self._desk.workspace
        self._marks = marks_of(work, self.recall)
        book = work.codebook()
        self._view.lines.set_marks(drawn_marks(self._marks, book))
        names: dict[ProfileId, str] = {entry.profile: entry.name for entry in work.profiles()}
        me = work.profile.profile
        self._view.words.show_footers(footers_of(self._rows, self.content, self._marks, book, names, me))
        self.passages.show(self.content, self._marks, names)

    def _heeded(self) -> list[Pair]:
        view, bridge = self._view, self._desk.bridge
        return [
            (view.lines.session_chosen, self.go_to_session),
            (view.lines.recall_chosen, self.go_to_recall),
            (view.lines.session_entered, self.hear_session_at),
            (view.lines.recall_entered, self.hear_recall),
            (view.words.word_clicked, self.hear_session),
            (view.words.play_requested, self.hear_session),
            (view.words.word_framed, self._on_framed),
            (view.words.words_chosen, lambda _start, _end: self._on_framed()),
            (view.words.copy_refused, self.say),
            (view.recalled.wished, self._on_recalled),
            (view.recalled.left, self._put_about_away),
            (view.player.play_pressed, self.toggle),
            (view.player.back_pressed, self.back),
            (view.player.forward_pressed, self.forward),
            (view.player.speed_chosen, self.set_speed),
            (view.speakers.named, self._on_named),
            (view.speakers.swap_wished, self._on_swapped),
            *self.passages.pairs,
            (bridge.recall_changed, self._on_recall_changed),
            (bridge.transcript_changed, self._on_transcript_changed),
        ]

    def close(self, *, keep: bool = True) -> None:
        """Stop the sound and let the view go; what is being written is kept if it may be."""
        if keep and not self._desk.workspace.locked:
            self._view.passage.note.commit()
        self._rest()
        self._sounds.close()
        self._view.clear()
        self.deleteLater()

    @Slot(object)
    def _on_recall_changed(self, change: Change) -> None:
        if self.recall in change.ids:
            self._read_again()

    @Slot(object)
    def _on_transcript_changed(self, change: Change) -> None:
        if self.session in change.ids:
            self._read_again()

    def _read_again(self) -> None:
        def read() -> None:
            fresh = recall_view(self._desk.workspace, self.recall)
            same = (fresh.words, fresh.names, fresh.version) == (
                self.content.words,
                self.content.names,
                self.content.version,
            )
            self.content = fresh
            if same:
                self._read_marks()
            else:
                self._show_words()

        attempt(read, self._fail)

    # --- places

    @property
    def session_ms(self) -> int:
        """The place in the session."""
        return self._places[0]

    @property
    def recall_ms(self) -> int:
        """The place in the recall."""
        return self._places[1]

    def _go(self, session_ms: int, recall_ms: int) -> None:
        self._places = (session_ms, recall_ms)
        self._view.lines.set_places(session_ms, recall_ms)

    def go_to_recall(self, ms: int) -> None:
        """Go to a place of the recall, and to the instant of the session it is about."""
        self.hush()
        self._go(self.content.map.session_at(ms), ms)
        self._view.lines.follow()
        self._led = True  # the word that is framed follows the place, not the place the word
        self._view.words.go_to(ms)
        self._led = False
        self._sounds.line = RECALL
        self._show_place()

    def go_to_session(self, ms: int) -> None:
        """Go to an instant of the session, and show all that was ever recalled about it."""
        self.hush()
        self._go(ms, self.recall_ms)
        self._sounds.line = SESSION
        self._show_place()
        self.ask_about()

    def ask_about(self, *, enter: bool = False) -> None:
        """Show all that was ever recalled about the instant of the session; `enter` goes to the list."""
        work, ms = self._desk.workspace, self.session_ms

        def ask() -> None:
            found = recalled_about(work, self.session, ms)
            self._view.recalled.show_recalled(found)
            self._view.show_about(ms, len(found))
            if enter and found:
                self._view.recalled.setFocus()
            elif enter:
                self.say("Nothing was recalled about this moment.")

        attempt(ask, self._fail)

    def _put_about_away(self) -> None:
        self._view.recalled.forget()
        self._view.show_about(None, 0)
        self._view.words.setFocus()

    def _on_recalled(self, recall: str, at_ms: int) -> None:
        if recall == self.recall:
            self.go_to_recall(at_ms)
            self._view.words.setFocus()
        else:
            self.other_wished.emit(recall, at_ms)

    def _on_framed(self) -> None:
        place = self._view.words.cursor_place
        if place is None:
            return
        ms = self._view.words.rows.start_of(place)
        if not self.playing and not self._led:
            self._go(self.content.map.session_at(ms), ms)
            self._view.lines.follow()
            self._show_place()
        names = {entry.profile: entry.name for entry in self._desk.workspace.profiles()}
        self.passages.show(self.content, self._marks, names)

    def step_stop(self, step: int) -> None:
        """Go to the next stop, or with -1 to the one before."""
        starts = [stop.recall_start_ms for stop in self.content.stops]
        here = self.recall_ms
        later = [start for start in starts if start > here]
        earlier = [start for start in starts if start < here]
        target = (later[:1] if step > 0 else earlier[-1:]) or None
        if target is None:
            self.say("There is no other stop." if starts else "The tape was never stopped.")
            return
        self.go_to_recall(target[0])
        self._view.lines.follow()

    # --- hearing

    @property
    def playing(self) -> bool:
        """Whether sound comes out."""
        return self._sounds.playing

    def hush(self) -> None:
        """Pause whatever is heard."""
        self._sounds.pause()

    def hear_session(self, recall_ms: int) -> None:
        """Hear what a place of the recall is about, with the run-up that is set."""
        ms = self.content.map.session_at(recall_ms)
        self._go(ms, recall_ms)
        self._play_session(max(0, ms - self._desk.settings.pre_roll_ms))

    def hear_session_at(self, ms: int) -> None:
        """Hear the session from an instant."""
        self._play_session(ms)

    def _play_session(self, from_ms: int) -> None:
        if attempt(lambda: self._sounds.play_session(from_ms), self._fail):
            self.say(f"The session from {clock(from_ms)}")
        self._poll()

    def hear_recall(self, ms: int) -> None:
        """Hear the recall from a place."""
        if attempt(lambda: self._sounds.play_recall(ms), self._fail):
            self.say(f"The recall from {clock(ms)}")
        self._poll()

    def hear_recall_here(self) -> None:
        """Hear the recall at the passage chosen, or where it stands."""
        place = self._view.words.cursor_place if self._view.words.hasFocus() else None
        self.hear_recall(self._view.words.rows.start_of(place) if place is not None else self.recall_ms)

    def toggle(self) -> None:
        """Pause what is heard, or go on with it."""
        if self.playing:
            self.hush()
        elif self._sounds.line == SESSION:
            self._play_session(self.session_ms)
        else:
            self.hear_recall(self.recall_ms)
        self._poll()

    def back(self) -> None:
        """Go back 5 seconds in what is heard."""
        self._skip(-SKIP_MS)

    def forward(self) -> None:
        """Go on 5 seconds."""
        self._skip(SKIP_MS)

    def _skip(self, by_ms: int) -> None:
        on = self.playing
        if self._sounds.line == SESSION:
            ms = min(max(self.session_ms + by_ms, 0), self.content.session.sound.duration_ms)
            self._go(ms, self.recall_ms)
        else:
            ms = min(max(self.recall_ms + by_ms, 0), self.content.map.duration_ms)
            self._go(self.content.map.session_at(ms), ms)
        if on:
            attempt(lambda: self._sounds.seek(ms), self._fail)
        self._view.lines.follow()
        self._show_place()

    def set_speed(self, speed: float) -> None:
        """Play faster or slower."""
        if attempt(lambda: self._sounds.set_speed(speed), self._fail):
            self._view.player.show_speed(speed)

    @Slot()
    def _poll(self) -> None:
        sound = self._sounds
        attempt(sound.poll, self._fail)
        if sound.playing:
            self.hearing.emit()
            if self._sounds.line == SESSION:
                self._go(sound.position_ms, self.recall_ms)
            else:
                self._go(self.content.map.session_at(sound.position_ms), sound.position_ms)
            self._view.lines.follow()
        self._view.words.set_heard(self.recall_ms, sound.line == RECALL and sound.playing)
        self._view.player.show_playing(sound.playing)
        self._show_place()

    def _show_place(self) -> None:
        if self._sounds.line == SESSION:
            self._view.show_place("Session", self.session_ms, self.content.session.sound.duration_ms)
        else:
            self._view.show_place("Recall", self.recall_ms, self.content.map.duration_ms)

    # --- deeds

    def _on_named(self, voice: str, name: str) -> None:
        if dict(self.content.names.names).get(voice, "") != name:
            self._do(NameRecallVoice(self.recall, voice, name))

    def _on_swapped(self, first: str, second: str) -> None:
        self._do(SwapRecallVoices(self.recall, first, second))

    def _do(self, command: Command) -> bool:
        done = attempt(lambda: self._desk.workspace.execute(command), self._fail)
        if not done:
            self._read_marks()
        return done


def _if_there(read: Callable[[], Peaks | None]) -> Peaks | None:
    """Return an outline; None where its sound was destroyed, or is covered no longer: the words may be."""
    try:
        return read()
    except NotCoveredError:
        return None
