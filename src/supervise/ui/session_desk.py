"""Works on the open session: reads it for the view, plays it, and turns the view's wishes into commands."""

from PySide6.QtCore import Slot

from supervise.app.after_recording import gaps_of
from supervise.app.changes import Change
from supervise.app.commands import AddComment, Command
from supervise.domain.ids import MomentId, ProfileId, SessionId, TranscriptId
from supervise.domain.moments import FLAG, Moment
from supervise.domain.session import Session
from supervise.domain.times import clock
from supervise.ui.desk import Desk, attempt
from supervise.ui.mark_place import CHOSEN, HEARD, HERE, FramedPlace, framed_place
from supervise.ui.marking import Marking
from supervise.ui.moment_model import code_label, times_of
from supervise.ui.playing_desk import SKIP_MS, Pair, PlayingDesk
from supervise.ui.session_view import SessionView
from supervise.ui.voices import Voices


class SessionDesk(PlayingDesk):
    """Lives as long as a session is open."""

    def __init__(self, desk: Desk, view: SessionView, session: SessionId) -> None:
        """Open `session` in `view`; raises what the workspace raises."""
        super().__init__(desk, view, view.player)
        self._view = view
        self.session: Session = desk.workspace.open_session(session)
        self._duration_ms = self.session.sound.duration_ms
        self._marking = Marking(desk.workspace, session, self._duration_ms, view.moments)
        self.voices = Voices(view, session, self._do, self.say)
        self._version: TranscriptId | None = None
        self._ready = False
        self._show_everything()
        self._begin(self._heeded())

    def _show_everything(self) -> None:
        work, view = self._desk.workspace, self._view
        view.me = view.waveform.me = work.profile.profile
        view.show_session(self.session)
        peaks = work.peaks(self.session.session)
        view.shown.open(self._duration_ms)
        view.waveform.open(peaks, self._duration_ms, gaps_of(work, self.session.session))
        view.overview.open(peaks, view.waveform.scene.gain)
        self._read_moments()
        self._read_transcript()
        view.player.show_place(0, self._duration_ms)

    def _heeded(self) -> list[Pair]:
        view, bridge = self._view, self._desk.bridge
        return [
            (view.waveform.seek_requested, self.seek),
            (view.waveform.span_drawn, self._on_span),
            (view.waveform.moment_picked, self.pick),
            (view.waveform.moment_activated, self.play_moment_id),
            (view.waveform.moment_dragged, self._on_dragged),
            (view.waveform.play_requested, self.toggle),
            (view.overview.seek_requested, self.seek),
            (view.transcript.word_clicked, self.play_from),
            (view.transcript.play_requested, self.play_from),
            (view.transcript.copy_refused, self.say),
            (view.transcript.word_framed, self._marking.let_go),
            (view.panel.list.picked, self._on_picked),
            (view.panel.list.activated_moment, self.play_moment_id),
            (view.panel.list.delete_requested, self.delete),
            (view.editor.changed, self._on_changed),
            (view.editor.delete_requested, self.delete),
            (view.editor.play_requested, self.play_moment_id),
            (view.editor.playhead_wanted, self._on_playhead),
            (view.editor.failed, self._fail),
            (view.editor.commented, self._on_comment),
            (view.player.play_pressed, self.toggle),
            (view.player.back_pressed, self.back),
            (view.player.forward_pressed, self.forward),
            (view.player.loop_pressed, self.loop),
            (view.player.mark_pressed, self.mark),
            (view.player.speed_chosen, self.set_speed),
            (view.versions.version_chosen, self._on_version),
            (view.older.newest_wished, self._on_version),
            *self.voices.pairs,
            (bridge.moments_changed, self._on_moments_changed),
            (bridge.transcript_changed, self._on_transcript_changed),
            (bridge.session_changed, self._on_session_changed),
        ]

    def outdated(self) -> bool:
        """Whether since it was opened the sound was replaced (a portion deleted) or its words (un)locked."""
        work, then = self._desk.workspace, self.session
        now, locked = work.session(then.session), bool(work.transcript(then.session).locked)
        return locked != self._view.words_locked or (now.master, now.peaks) != (then.master, then.peaks)

    def close(self, *, keep: bool = True) -> None:
        """Stop the sound and let the view go; what is being written is kept if it may be."""
        if keep and not self._desk.workspace.locked:
            self._view.editor.note.commit()
        self._rest()
        if self._ready:
            self._desk.listening.unload()
        self._view.clear()
        self.voices.close()
        self.voices.deleteLater()
        self.deleteLater()

    # --- reading

    def _read_moments(self) -> None:
        work = self._desk.workspace
        names: dict[ProfileId, str] = {entry.profile: entry.name for entry in work.profiles()}
        self._view.comments = work.comments(self.session.session)
        self._view.moments.set_content(work.moments(self.session.session), work.codebook(), names)

    def _read_transcript(self) -> None:
        work, session = self._desk.workspace, self.session.session
        self._view.show_transcript(work.transcript(session, self._version), work.versions(session))

    def _on_version(self, version: str) -> None:
        self._version = TranscriptId(version) if version else None
        attempt(self._read_transcript, self._fail)

    @Slot(object)
    def _on_moments_changed(self, change: Change) -> None:
        if self.session.session in change.ids or not change.ids:
            self._read_moments()

    @Slot(object)
    def _on_transcript_changed(self, change: Change) -> None:
        if self.session.session in change.ids:
            self._read_transcript()

    @Slot()
    def _on_session_changed(self) -> None:
        self.session = self._desk.workspace.session(self.session.session)
        self._view.show_session(self.session)

    def read_again(self) -> None:
        """Show everything anew, after a change of codebook or look."""
        self._read_moments()

    # --- playing

    def _player_ready(self) -> bool:
        if not self._ready:
            self._ready = attempt(lambda: self._desk.listening.open(self.session.session), self._fail)
            if self._ready:
                self._desk.listening.seek(self._position_ms)
        return self._ready

    _position_ms = 0

    @property
    def position_ms(self) -> int:
        """The place heard, or the place gone to while nothing has been played."""
        return self._desk.listening.position_ms if self._ready else self._position_ms

    @property
    def playing(self) -> bool:
        """Whether sound comes out."""
        return self._ready and self._desk.listening.playing

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self._desk.listening.pause()
        elif self._player_ready():
            self._marking.fresh = ""
            attempt(self._desk.listening.play, self._fail)
        self._poll()

    def play_from(self, ms: int) -> None:
        """Play from a time."""
        if self._player_ready():
            self.seek(ms)
            attempt(self._desk.listening.play, self._fail)
            self._poll()

    def seek(self, ms: int) -> None:
        """Go to a time."""
        self._position_ms = min(max(ms, 0), self._duration_ms)
        self._marking.fresh = ""
        self._view.transcript.frame_time(self._position_ms)
        if self._ready:
            attempt(lambda: self._desk.listening.seek(self._position_ms), self._fail)
        self._poll()

    def back(self) -> None:
        """Go back 5 seconds."""
        self.seek(self.position_ms - SKIP_MS)
        self._view.shown.follow(self.position_ms)

    def forward(self) -> None:
        """Go on 5 seconds."""
        self.seek(self.position_ms + SKIP_MS)
        self._view.shown.follow(self.position_ms)

    def set_speed(self, speed: float) -> None:
        """Play faster or slower."""
        if self._player_ready():
            self._desk.listening.set_speed(speed)
            self._view.player.show_speed(speed)
            self.say(f"Speed {speed:g}×")

    def faster(self, step: int) -> None:
        """Go up or down the list of speeds."""
        self.set_speed(self._view.player.next_speed(step))

    def loop(self) -> None:
        """Loop the chosen moment, or stop looping."""
        moment = self._view.editor.moment
        on = getattr(self, "_looping", False)
        self._looping = False
        if on and self._ready:
            self._desk.listening.loop(None)
            self.say("Looping stopped")
        elif moment is None:
            self.say("Choose a moment first; L then loops it.")
        elif self._player_ready():
            end_ms = moment.end_ms or min(moment.start_ms + 2 * SKIP_MS, self._duration_ms)
            self._desk.listening.loop((moment.start_ms, end_ms))
            self._looping = attempt(self._desk.listening.play, self._fail)
            self.say(f"Looping {clock(moment.start_ms)} – {clock(end_ms)}")
        self._view.player.loop.setChecked(self._looping)

    def play_moment_id(self, moment_id: str) -> None:
        """Play a moment with a run-up."""
        moment = self._view.choose(moment_id)
        if moment is not None:
            self.play_from(max(moment.start_ms - self._desk.settings.pre_roll_ms, 0))

    def play_chosen(self) -> None:
        """Play the chosen moment with a run-up."""
        if self._view.chosen:
            self.play_moment_id(self._view.chosen)

    @Slot()
    def _poll(self) -> None:
        view = self._view
        if self._ready:
            attempt(self._desk.listening.poll, self._fail)
        ms, playing = self.position_ms, self.playing
        self._mind_frame(ms, playing)
        view.waveform.set_playhead(ms)
        view.overview.set_playhead(ms)
        view.transcript.set_heard(ms, playing)
        view.player.show_place(ms, self._duration_ms)
        view.player.show_playing(playing)
        if playing and not view.waveform.dragging:
            view.shown.follow(ms)

    _was_playing = False

    def _mind_frame(self, ms: int, playing: bool) -> None:
        """A framed word gives way to the sound that starts, and is found again where the sound stops."""
        words, was, self._was_playing = self._view.transcript, self._was_playing, playing
        if playing and not was:
            words.by_hand = False
        elif was and not playing and not words.by_hand:
            words.frame_time(ms)

    # --- marking

    def _framed(self) -> FramedPlace | None:
        return None if self.playing else framed_place(self._view)

    def mark(self, code: str = FLAG) -> None:
        """Mark a code: on the span just drawn, the words chosen, the word framed, or where the sound is.

        While sound plays, that is the playhead less the reaction lag.
        """
        span = self._view.transcript.chosen_span

        def deed() -> None:
            made, where, framed = self._marking.recode_fresh(code), "", self._framed()
            if not made and span is not None:
                made, where = self._marking.span(code, *span), CHOSEN
                self._view.transcript.drop_choice()
            elif not made and framed is not None:
                made, where = self._marking.point(code, framed.start_ms), f"on {framed.words}"
            elif not made:
                lag = self._desk.settings.reaction_lag_ms if self.playing else 0
                made = self._marking.point(code, self.position_ms - lag)
                where = HEARD if self.playing else HERE
            self._tell_marked(made, where)

        attempt(deed, self._fail)

    def _tell_marked(self, made: str, where: str = "") -> None:
        moment = self._view.choose(made)
        book = self._view.moments.codebook
        if moment is not None and book is not None:
            label = code_label(book, moment.codes[0].code)
            self.say(", ".join(part for part in (f"Marked “{label}” at {times_of(moment)}", where) if part))

    def _on_span(self, start_ms: int, end_ms: int) -> None:
        def deed() -> None:
            self._tell_marked(self._marking.drawn(start_ms, end_ms, self.playing))

        attempt(deed, self._fail)

    def _on_dragged(self, moment: str, start_ms: int, end_ms: int) -> None:
        end = None if end_ms < 0 else end_ms
        if not attempt(lambda: self._marking.dragged(moment, start_ms, end), self._fail):
            self._read_moments()

    def end_moment(self) -> None:
        """End the moment that is open after the word framed, or where the sound is."""
        chosen, framed = self._view.chosen, self._framed()
        ms = self.position_ms if framed is None else framed.end_ms
        where = f"after {framed.words}" if framed else HEARD if self.playing else HERE

        def deed() -> None:
            ended = self._marking.end_at(ms, chosen)
            said = f"Ended at {clock(ms)}, {where}"
            self.say(said if ended else "There is no moment before this place to end.")
            if ended:
                self._view.choose(ended)

        attempt(deed, self._fail)

    def delete(self, moment: str) -> None:
        """Take a moment away; undo brings it back."""
        if attempt(lambda: self._marking.delete(moment), self._fail):
            self.say("Moment deleted. Ctrl+Z brings it back.")

    def delete_chosen(self) -> None:
        """Take the chosen moment away."""
        if self._view.chosen:
            self.delete(self._view.chosen)

    def _on_changed(self, moment: Moment) -> None:
        if not attempt(lambda: self._marking.change(moment), self._fail):
            attempt(self._read_moments, lambda _error: None)

    def _on_comment(self, moment: str, words: str) -> None:
        self._do(AddComment(MomentId(moment), words))

    def _on_playhead(self, edge: str) -> None:
        moment = self._view.editor.moment
        if moment is not None:
            field = self._view.editor.start if edge == "start" else self._view.editor.end
            field.setText(f"{self.position_ms / 1000:.3f}")
            field.editingFinished.emit()

    def pick(self, moment: str) -> None:
        """Choose a moment in every part."""
        self._marking.fresh = ""
        self._view.choose(moment)

    def _on_picked(self, moment_id: str) -> None:
        self._marking.fresh = ""
        moment = self._view.choose(moment_id)
        if moment is not None:
            self._view.reveal(moment)
            if not self.playing:
                self.seek(moment.start_ms)

    def step_moment(self, step: int) -> None:
        """Go to the next or previous moment."""
        moment = self._marking.neighbour(self.position_ms, self._view.chosen, step)
        if moment is not None:
            self._on_picked(moment.moment)

    def _do(self, command: Command) -> bool:
        return attempt(lambda: self._desk.workspace.execute(command, "window"), self._fail)
