"""A recall going on: the session played, stopped and replayed while what is said about it is recorded."""

import shutil
from collections.abc import Callable
from dataclasses import replace

from supervise.app import changes, recall_gate, recalled, recorded, underway
from supervise.app.cards import cards
from supervise.app.changes import Change
from supervise.app.interviews import require_fitting
from supervise.app.recall_outcome import MIC_BACK, MIC_GONE, NOT_ALLOWED, NOT_COVERED, RecallOutcome
from supervise.app.recall_places import Places
from supervise.app.recall_preparing import prepared
from supervise.app.recall_record import RecallRecord
from supervise.app.recall_tape_sound import TapeSound
from supervise.app.workspace import Workspace
from supervise.audio.inputs import InputDevice, steady_s
from supervise.audio.levels import Level
from supervise.audio.output import OutputDevice
from supervise.audio.recorder import Heard
from supervise.audio.sealing import RESERVE_BYTES, Recorded
from supervise.audio.tape import Instant, Tape
from supervise.domain.errors import DeviceMissingError, NoSpaceError, NotCoveredError, UsageError
from supervise.domain.ids import InterviewId, RecallId, SessionId, new_id
from supervise.domain.recall import PromptUse, Setup, Stop, StoppedBy
from supervise.domain.recordings import Gap
from supervise.domain.times import now_utc, samples_to_ms
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall

WRITE_S = 1.0
_SOON_POLLS = 12  # after an order, the map is written at each look until what was asked for is heard
_LIVE: set[str] = set()


def live(recall: RecallId) -> bool:
    """Whether this process is recording it right now."""
    return recall in _LIVE


def recalling_now() -> bool:
    """Whether this process holds a recall right now."""
    return bool(_LIVE)


class RecallSession:
    """One recall, for the workspace's thread; call `poll` some 20 times a second.

    Every order returns the instant on both clocks, and what it changed is on disk then. The tape starts
    by itself when the microphone is first heard. The vault may lock meanwhile: the tape stops, recording
    goes on.
    """

    def __init__(
        self,
        workspace: Workspace,
        session: SessionId,
        setup: Setup,
        devices: tuple[InputDevice, OutputDevice],
        room: Callable[[], int] | None = None,
        now_s: Callable[[], float] = steady_s,
    ) -> None:
        """Ask the gate and check the set-up; raises NotCoveredError, UsageError."""
        self._session, self.setup = prepared(workspace, session, setup)
        self.recall = RecallId(new_id())
        self._workspace, self._devices, self._now_s = workspace, devices, now_s
        self._room = room or (lambda: shutil.disk_usage(workspace.vault.path).free)
        self._places = Places(self.setup, self._session.sound.duration_ms)
        self._record = RecallRecord(workspace, self.recall, self._session.sound.rate_hz)
        self.cards = cards(workspace)  # as they are in use, also while the vault is locked
        self._facts = {"microphone": devices[0].name}
        self._tape: Tape | None = None
        self._sound = TapeSound(workspace, self._session)
        self._next_ms: int | None = self._places.begin_ms  # where going on begins, if it was said
        self.waiting = False  # for the microphone to be heard; then the tape begins
        self._soon = 0
        self._written_s = 0.0
        self._told_gaps: tuple[Gap, ...] = ()
        self._told_absent = self._told_error = self._withdrawn = False
        self._leave: Callable[[], None] = lambda: None

    # ------------------------------------------------------------------ beginning
    def belong_to(self, interview: InterviewId) -> bool:
        """Let it be part of an interview as soon as it is kept, also after a crash; before `start`.

        False says that the interview has its recall already, which stays. Raises UsageError when it is not
        of the interview's session, party or protocol.
        """
        row = require_fitting(self._workspace, interview, self._session.session, self.setup)
        self._facts[recalled.PART_OF] = interview
        return row.recall is None

    def start(self) -> None:
        """Open both devices and record; the database knows of it before the first sound is sealed.

        Raises DeviceMissingError, NoSpaceError, UsageError while a session is rated, with nothing left.
        """
        underway.refuse_while_rating()
        if self._room() < 4 * RESERVE_BYTES:
            raise NoSpaceError("There is too little room on the disk to record. Make room first.")
        tape = Tape(self._devices[0], self._devices[1], now_s=self._now_s)
        media = self._workspace.store.media
        self._master = media.create("master", recorded.CHUNK_BYTES)
        self._peaks = media.create("peaks")
        begun = False
        try:
            self._register(tape)
            self._sound.load(tape)
            tape.start(self._master.writer, recorded.CHUNK_BYTES, self._room)
            begun = True
        finally:
            if not begun:
                self._take_back(tape)
        self._record.recall_hz = tape.recorder.rate_hz
        self._tape, self.waiting = tape, True
        _LIVE.add(self.recall)
        self._leave = self._workspace.subscribe(self._heed)

    def _register(self, tape: Tape) -> None:
        row = Recall(
            recall=self.recall,
            session=self._session.session,
            state=RECALLING,
            setup=self.setup,
            started_at=now_utc(),
            made_by=self._workspace.profile.profile,
            rate_hz=tape.recorder.rate_hz,
            channels=tape.recorder.channels,
            master=self._master.media_id,
            peaks=self._peaks.media_id,
            facts=dict(self._facts),
        )
        with transaction(self._workspace.vault.db) as db:
            self._master.register(db, open_end=True)
            self._peaks.register(db, open_end=True)
            self._workspace.store.recalls.begin(row)
            self._workspace.vault.log("recall", self._session.session, f"begins, {self.setup.kind}")

    def _take_back(self, tape: Tape) -> None:
        self._sound.let_go(tape)
        tape.recorder.give_up()
        with transaction(self._workspace.vault.db) as db:
            self._workspace.store.recalls.take_back(self.recall)
            self._workspace.store.media.forget(db, [self._master.media_id, self._peaks.media_id])
        self._master.discard()
        self._peaks.discard()

    # ------------------------------------------------------------------ what is
    @property
    def running(self) -> bool:
        """Whether it has begun and not ended."""
        return self._tape is not None

    @property
    def playing(self) -> bool:
        """Whether the tape runs."""
        return self._running().playing

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The stops so far; the last may last still."""
        return tuple(self._record.stops)

    @property
    def prompts(self) -> tuple[PromptUse, ...]:
        """The prompt cards asked so far."""
        return tuple(self._record.prompts)

    @property
    def speed(self) -> float:
        """The speed of the tape, 1 as recorded."""
        return self._running().speed

    @property
    def sought(self) -> bool:
        """Whether somebody went to another place while the tape stands: going on begins exactly there."""
        return self._next_ms is not None

    def now(self) -> Instant:
        """Return the present instant: how long the recall is, and what is heard or where the tape stands."""
        at = self._running().now()
        if self._next_ms is not None and not self.playing:
            return Instant(at.recall_ms, self._next_ms)
        return at

    def heard(self) -> Heard:
        """Return how the recording stands; an error says that it must end now."""
        heard = self._running().recorder.heard()
        return replace(heard, error=NotCoveredError(NOT_COVERED)) if self._withdrawn else heard

    def levels(self) -> tuple[Level, ...]:
        """Return the microphone's level since the last look."""
        return self._running().recorder.levels()

    # ------------------------------------------------------------------ orders
    def stop(self, by: StoppedBy = StoppedBy.RECALLER) -> Instant:
        """Stop the tape; raises UsageError when it stands already, or for an inquirer who may not."""
        if by is StoppedBy.INQUIRER and not self.setup.inquirer_may_stop:
            raise UsageError(NOT_ALLOWED)
        if not self.playing:
            raise UsageError("The tape stands already.")
        return self._stand(by)

    def _stand(self, by: StoppedBy) -> Instant:
        rest = self._running().pause()
        self._stopped(rest, by)
        return rest

    def _stopped(self, rest: Instant, by: StoppedBy) -> None:
        tape = self._running()
        self._soon = _SOON_POLLS
        self._record.stopped(rest, by, tape.stretches(), tape.runs)

    def resume(self) -> Instant:
        """Go on some seconds before where it stopped, or from where it was sent to.

        Raises UsageError when it runs, NotCoveredError, DeviceMissingError, VaultLockedError.
        """
        tape = self._running()
        if tape.playing or self.waiting:
            raise UsageError("The tape is running.")
        if tape.recorder.heard().absent_s:
            raise DeviceMissingError(MIC_GONE)
        recall_gate.require_recall(self._workspace, self._session.session, self.setup)
        if not self._sound.loaded:
            self._sound.load(tape)
        from_ms = self._places.after(tape.now().session_ms) if self._next_ms is None else self._next_ms
        self._play(tape, from_ms)
        self._write_map()
        now = Instant(tape.recall_ms(), from_ms)
        self._record.gone_on(now.recall_ms, from_ms)
        self._workspace.vault.log("play", self._session.session, "recall")
        return now

    def _play(self, tape: Tape, from_ms: int) -> None:
        tape.play(from_ms, self._places.end_of(from_ms))
        self._next_ms, self._soon = None, _SOON_POLLS

    def seek(self, session_ms: int) -> Instant:
        """Go to a place, playing or not; outside what is to be recalled, to the next place inside."""
        tape = self._running()
        to_ms = self._places.near(session_ms)
        if tape.playing:
            tape.seek(to_ms, self._places.end_of(to_ms))
            self._soon = _SOON_POLLS
            self._write_map()
        else:
            self._next_ms = to_ms
        return Instant(tape.recall_ms(), to_ms)

    def set_speed(self, speed: float) -> Instant:
        """Play at 0.5 to 2 times the speed from now on; raises UsageError."""
        self._running().set_speed(speed)
        self._soon = _SOON_POLLS
        return self.now()

    def prompt(self, prompt: str) -> Instant:
        """Note that a prompt card was used, with its wording; raises UsageError for an id nobody could read.

        An id that no card has is noted as it is.
        """
        prompt = prompt.strip()
        if not prompt or not prompt.isprintable() or len(prompt) > 60:
            raise UsageError("Say which prompt was used, in at most 60 letters.")
        now = self.now()
        card = self.cards.card(prompt)
        self._record.prompted(now.recall_ms, prompt, "" if card is None else card.text)
        return now

    # ------------------------------------------------------------------ while it runs
    def poll(self) -> list[str]:
        """Take in what happened; return sentences to show, each once."""
        tape, said = self._running(), []
        if self.waiting and tape.hears and self._sound.loaded:
            self.waiting = False
            self._play(tape, self._places.begin_ms if self._next_ms is None else self._next_ms)
        rest, error = tape.poll()
        if rest is not None:
            gone = isinstance(error, DeviceMissingError)
            self._stopped(rest, StoppedBy.DEVICE if gone else StoppedBy.TAPE)
        if error is not None:
            said.append(str(error))
        said += self._mind_microphone(tape)
        if self._soon or self._now_s() - self._written_s >= WRITE_S:
            self._soon = max(0, self._soon - 1)
            self._write_map()
        return said

    def _mind_microphone(self, tape: Tape) -> list[str]:
        heard, said = tape.recorder.heard(), []
        if heard.absent_s and not self._told_absent:
            self._told_absent = True
            said.append(MIC_GONE)
            if tape.playing:
                self._stand(StoppedBy.DEVICE)
        if self._told_absent and not heard.absent_s:
            self._told_absent = False
            said.append(MIC_BACK)
        if heard.gaps != self._told_gaps:
            self._told_gaps = heard.gaps
            self._record.tell(recalled.FACTS, gaps=[gap.plain() for gap in heard.gaps], facts={})
        if heard.error is not None and not self._told_error:
            self._told_error = True
            said.append(str(heard.error))
        return said

    def _write_map(self) -> None:
        self._written_s = self._now_s()
        self._record.mapped(self._running().stretches())

    def _heed(self, change: Change) -> None:
        """Stop the tape before the vault locks, and when the consent is no longer there."""
        if change.topic == changes.CARDS:
            self.cards = cards(self._workspace)
        if change.topic == changes.CONSENT and self._session.session in change.ids and not self._covered():
            self._withdrawn = True
        if change.topic == changes.LOCKING or self._withdrawn:
            if self.waiting:
                self.waiting, self._next_ms = False, self._places.begin_ms
            try:
                if self.playing:
                    self._stand(StoppedBy.LOCK)
                self._write_map()
            finally:  # a full disk keeps no sound open
                self._sound.let_go(self._running())

    def _covered(self) -> bool:
        try:
            recall_gate.require_recall(self._workspace, self._session.session, self.setup)
        except (NotCoveredError, UsageError):
            return False
        return True

    # ------------------------------------------------------------------ the end
    def end(self) -> RecallOutcome:
        """End it; everything heard is on the disk when this returns."""
        tape = self._running()
        self._record.hear_out(tape.recorder)
        done = tape.stop()
        heard, stretches = tape.recorder.heard(), tape.stretches(done.samples)
        self._close()
        outcome = RecallOutcome(
            recall=self.recall,
            stops=len(self._record.stops),
            duration_ms=samples_to_ms(done.samples, tape.recorder.rate_hz),
            samples=done.samples,
            gaps=done.gaps,
            overflows=heard.overflows,
            dropped_frames=heard.dropped_frames,
            underflows=tape.underflows,
        )
        try:
            self._record.ended(outcome.duration_ms, stretches)
            return self._conclude(outcome, done)
        except NoSpaceError:
            return replace(outcome, left_open=True)

    def _conclude(self, outcome: RecallOutcome, done: Recorded) -> RecallOutcome:
        facts = {"overflows": outcome.overflows, "dropped_frames": outcome.dropped_frames}
        facts["underflows"] = outcome.underflows
        self._record.tell(recalled.FACTS, gaps=[gap.plain() for gap in done.gaps], facts=facts)
        if not done.complete:
            self._peaks.writer.abort()
            return replace(outcome, left_open=True)
        self._peaks.writer.write(done.peaks)
        self._peaks.finish()
        media = (self._master.media_id, self._peaks.media_id)
        self._record.tell(recalled.RECALLED, samples=done.samples, sha256=done.sha256, peaks=media[1])
        if self._workspace.locked:
            return replace(outcome, waiting=True)
        recalled.clear_files(self._workspace.store, media)
        self._workspace.subscribers.tell(Change(changes.RECALL, (self.recall, self._session.session)))
        return outcome

    def abandon(self) -> None:
        """End it without more ado, as when the program must close: it is offered at the next opening."""
        if self._tape is not None:
            self._tape.stop()
            self._close()
            self._peaks.writer.abort()

    def _close(self) -> None:
        tape, self._tape = self._running(), None
        self._sound.let_go(tape)
        self._leave()
        _LIVE.discard(self.recall)

    def _running(self) -> Tape:
        if self._tape is None:
            raise UsageError("No recall is going on.")
        return self._tape
