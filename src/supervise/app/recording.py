"""Recording a session: asked at the gate, sealed as it is heard, marked live, and kept whatever happens."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from supervise.app import changes, ending, recorded, underway
from supervise.app.asking import note_answer
from supervise.app.changes import Change
from supervise.app.gap_news import GapNews
from supervise.app.workspace import Workspace
from supervise.audio.inputs import InputDevice
from supervise.audio.levels import Level
from supervise.audio.recorder import Heard, Recorder
from supervise.audio.sealing import RESERVE_BYTES, Recorded
from supervise.domain.consent import Scope
from supervise.domain.errors import NoSpaceError, NotCoveredError, SuperviseError, UsageError
from supervise.domain.ids import ClientId, SessionId, new_id
from supervise.domain.recordings import Asked, Gap, LiveMark, Wish
from supervise.domain.times import ms_to_samples, now_utc
from supervise.storage.database import transaction
from supervise.storage.recordings import RECORDING, Recording

DEFAULT_LAG_MS = 2500
MOST_LAG_MS = 10_000
_SHARE = 0.6  # of the plain size that FLAC needs for speech in a room, until it has been measured
_LIVE: dict[str, "RecordingSession"] = {}
WITHDRAWN = "Consent to recording was withdrawn. The recording has ended and is locked."
LEFT_OPEN = (
    "The end of the recording could not be written, as the disk is full. Everything up to the last second is "
    "in the vault. Make room and open the vault again: it is offered to you there."
)


@dataclass(frozen=True, slots=True)
class RecordingWish:
    """What is to be recorded: on 1 or 2 channels, at `rate_hz` (None: the device's own), for `limit_s`.

    `asked_again`: the client was asked at the start of this meeting and said yes.
    """

    client_code: str
    channels: int = 1
    rate_hz: int | None = None
    title: str = ""
    limit_s: float | None = None
    asked_again: bool = False


@dataclass(frozen=True, slots=True)
class RecordingOutcome:
    """What came of it.

    `session` is None when nothing was kept, or when it waits for the vault to be unlocked (`waiting`) or
    opened again (`left_open`), or for its last minutes to be deleted by `ending.EndJob` (`to_cut`).
    """

    session: SessionId | None
    samples: int
    rate_hz: int
    gaps: tuple[Gap, ...]
    overflows: int
    dropped_frames: int
    waiting: bool = False
    left_open: bool = False
    to_cut: bool = False


def live(recording: str) -> bool:
    """Whether this process records it right now."""
    return recording in _LIVE or ending.ending(recording)


def recording_now() -> bool:
    """Whether this process records anything right now."""
    return bool(_LIVE)


def end_withdrawn(workspace: Workspace, client: ClientId) -> None:
    """End what this process records of a client who has just taken consent back.

    What was recorded becomes a session, so that the withdrawal lists it and destroys it with the rest.
    """
    for going_on in list(_LIVE.values()):
        if going_on.records(workspace, client):
            going_on.end_withdrawn()


class RecordingSession:
    """One recording, for the workspace's thread; the vault may lock meanwhile.

    Call `poll` some 20 times a second. `room` gives the bytes free on the vault's disk.
    """

    def __init__(
        self,
        workspace: Workspace,
        wish: RecordingWish,
        device: InputDevice,
        room: Callable[[], int] | None = None,
    ) -> None:
        if wish.channels not in (1, 2):
            raise UsageError("A recording has one channel or two.")
        self._client = workspace.gate.require_client(wish.client_code, Scope.RECORD)
        self._workspace, self._wish, self._device = workspace, wish, device
        self._room = room or (lambda: shutil.disk_usage(workspace.vault.path).free)
        self.recording = new_id()
        self.lag_ms = DEFAULT_LAG_MS
        book = workspace.codebook()
        self._codebook = f"{book.codebook}@{book.version}"
        self._recorder: Recorder | None = None
        self._told_gaps: tuple[Gap, ...] = ()
        self._news = GapNews()
        self._told_error = False
        self._ended: tuple[Heard, RecordingOutcome] | None = None

    # ------------------------------------------------------------------ beginning
    def start(self) -> None:
        """Open the device and record; the database knows of it before the first sound is sealed.

        Raises DeviceMissingError, NoSpaceError, UsageError while a session is rated, with nothing left.
        """
        underway.refuse_while_rating()
        if self._room() < 4 * RESERVE_BYTES:
            raise NoSpaceError("There is too little room on the disk to record. Make room first.")
        recorder = Recorder(self._device, self._wish.channels, self._wish.rate_hz)
        try:
            self._begin(recorder)
        except BaseException:
            recorder.give_up()
            raise
        _LIVE[self.recording] = self

    def _begin(self, recorder: Recorder) -> None:
        media = self._workspace.store.media
        self._master = media.create("master", recorded.CHUNK_BYTES)
        self._peaks = media.create("peaks")
        try:
            with transaction(self._workspace.vault.db) as db:
                self._master.register(db, open_end=True)
                self._peaks.register(db, open_end=True)
                self._workspace.store.recordings.begin(self._row(recorder))
                if self._wish.asked_again:
                    note_answer(self._workspace, self._client[0], agreed=True)
                self._workspace.vault.log("record", self.recording, f"{recorder.channels} channels")
            limit = self._wish.limit_s
            frames = None if limit is None else ms_to_samples(round(limit * 1000), recorder.rate_hz)
            recorder.start(self._master.writer, recorded.CHUNK_BYTES, self._room, frames)
        except BaseException:
            self._take_back()
            raise
        self._recorder = recorder

    def _take_back(self) -> None:
        with transaction(self._workspace.vault.db) as db:
            db.execute("DELETE FROM recordings WHERE id = ?", [self.recording])
            self._workspace.store.media.forget(db, [self._master.media_id, self._peaks.media_id])
        self._master.discard()
        self._peaks.discard()

    def _row(self, recorder: Recorder) -> Recording:
        asked = {"asked_again": now_utc()} if self._wish.asked_again else {}
        return Recording(
            recording=self.recording,
            client=self._client[0],
            client_code=self._client[1],
            state=RECORDING,
            title=self._wish.title.strip()[:200],
            started_at=now_utc(),
            rate_hz=recorder.rate_hz,
            channels=recorder.channels,
            device=self._device.name,
            media=(self._master.media_id, self._peaks.media_id),
            gaps=(),
            marks=(),
            facts={"recorded_by": self._workspace.profile.profile, **asked},
        )

    # ------------------------------------------------------------------ while it runs
    @property
    def running(self) -> bool:
        """Whether it has begun, and `stop` has not been called."""
        return self._recorder is not None or self._ended is not None

    @property
    def rate_hz(self) -> int:
        """The rate it is recorded at."""
        return self._running().rate_hz

    def heard(self) -> Heard:
        """Return how it stands: length by its samples, gaps, absence of the device, what ended it."""
        return self._ended[0] if self._ended else self._running().heard()

    def levels(self) -> tuple[Level, ...]:
        """Return one level a channel since the last look."""
        return () if self._ended else self._running().levels()

    def hours_left(self) -> float:
        """Return for how many hours the disk has room at the pace so far."""
        if self._ended:
            return 0.0
        recorder, heard = self._running(), self.heard()
        pace = recorder.rate_hz * recorder.channels * 2 * _SHARE
        if heard.duration_ms > 10_000:
            pace = max(1.0, self._master.writer.tell() * 1000 / heard.duration_ms)
        return max(0, self._room() - RESERVE_BYTES) / pace / 3600

    def pause(self) -> None:
        """Keep nothing of what is said from now on."""
        self._running().pause()

    def resume(self) -> None:
        """Go on; the gap is kept in the record."""
        self._running().resume()

    def pause_as_asked(self) -> None:
        """The client asks to stop: pause at once, and write down that it was asked."""
        self.pause()
        self._workspace.vault.log("record", self.recording, "client asked to stop: paused")

    def go_on_as_asked(self) -> None:
        """The client, asked what is to become of it, lets it go on."""
        self._workspace.vault.log("record", self.recording, "client asked to stop: went on")
        self.resume()

    def mark(self) -> int:
        """Set a live mark at the present moment less the reaction lag, on disk when this returns.

        Returns its place in ms. Works while the vault is locked.
        """
        at_ms = max(0, self._running().position_ms() - min(self.lag_ms, MOST_LAG_MS))
        profile = self._workspace.profile
        mark = LiveMark(new_id(), at_ms, profile.profile, profile.role.value, self._codebook, now_utc())
        self._tell(recorded.MARK, mark=mark.plain())
        return at_ms

    def poll(self) -> list[str]:
        """Write new gaps down and return what to show, each once: device gone, back, asleep, disk full."""
        heard = self.heard()
        said = self._news.look(heard)
        if heard.gaps != self._told_gaps:
            self._told_gaps = heard.gaps
            self._tell(recorded.FACTS, gaps=[gap.plain() for gap in heard.gaps], facts={})
        if heard.error is not None and not self._told_error:
            self._told_error = True
            said.append(str(heard.error))
        return said

    # ------------------------------------------------------------------ the end
    def stop(self, wish: Wish = Wish.KEEP, minutes: float = 0.0, *, asked: bool = False) -> RecordingOutcome:
        """End it; `asked` (or any wish but KEEP) notes that the client asked for this.

        The wish is on disk before anything is destroyed. Raises UsageError, with the recording going on.
        """
        if self._ended:
            outcome, self._ended = self._ended[1], None
            return outcome
        if wish is Wish.DELETE_LAST and not 0 < minutes < 100_000:
            raise UsageError("Say how many minutes before the end are to be deleted.")
        recorder = self._running()
        facts: dict[str, Any] = {}
        if asked or wish is not Wish.KEEP:
            facts["asked"] = Asked(wish, now_utc(), minutes).plain()
        done = recorder.stop()
        self._recorder = None
        _LIVE.pop(self.recording, None)
        heard = recorder.heard()
        counts = {"overflows": heard.overflows, "dropped_frames": heard.dropped_frames}
        outcome = RecordingOutcome(
            None, done.samples, recorder.rate_hz, done.gaps, heard.overflows, heard.dropped_frames
        )
        try:
            return self._conclude(outcome, done, {**facts, **counts})
        except NoSpaceError:
            return _with(outcome, left_open=True)

    def session_made(self) -> SessionId | None:
        """Return the session it became, once the vault is unlocked; None when nothing was kept."""
        return self._workspace.store.recordings.get(self.recording).session

    @property
    def to_cut(self) -> bool:
        """Whether its last minutes are still to be deleted."""
        return self.recording in ending.due(self._workspace)

    def records(self, workspace: Workspace, client: ClientId) -> bool:
        """Whether it is of this client, in this vault."""
        return self._workspace is workspace and self._client[0] == client

    def end_withdrawn(self) -> None:
        """End it, as consent was withdrawn: `heard` gives that as the error, `stop` what came of it."""
        last = self.heard()
        outcome = self.stop()
        self._ended = (replace(last, error=NotCoveredError(WITHDRAWN)), outcome)

    def abandon(self) -> None:
        """End it without more ado, as when the program must close: it is offered at the next opening."""
        if self._recorder is not None:
            self._recorder.stop()
            self._recorder = None
            self._peaks.writer.abort()
            _LIVE.pop(self.recording, None)

    def _conclude(self, outcome: RecordingOutcome, done: Recorded, facts: dict[str, Any]) -> RecordingOutcome:
        self._tell(recorded.FACTS, gaps=[gap.plain() for gap in done.gaps], facts=facts)
        if not done.complete:
            self._peaks.writer.abort()
            return _with(outcome, left_open=True)
        self._peaks.writer.write(done.peaks)
        self._peaks.finish()
        news = {"samples": done.samples, "sha256": done.sha256, "peaks": self._peaks.media_id}
        if self._workspace.locked:
            self._tell(recorded.RECORDED, **news)
            return _with(outcome, waiting=True)
        store = self._workspace.store
        row = store.recordings.get(self.recording)
        if self._workspace.cuts_later and row.asked is not None and row.asked.wish is Wish.DELETE_LAST:
            self._workspace.vault.inbox.append(recorded.RECORDED, {"recording": self.recording, **news})
            return _with(outcome, to_cut=True)
        self._tell(recorded.RECORDED, **news)
        recorded.clear_files(store, self.recording)
        row = store.recordings.get(self.recording)
        if row.session is None:
            return _with(outcome, samples=0)
        self._workspace.subscribers.tell(Change(changes.LIBRARY, (row.session,)))
        samples = store.sessions.get(row.session).sound.samples
        return _with(outcome, session=row.session, samples=samples)

    def _tell(self, kind: str, **payload: Any) -> None:
        """Write news down, at once; into the inbox while the vault is locked."""
        news = {"recording": self.recording, **payload}
        if self._workspace.locked:
            self._workspace.vault.inbox.append(kind, news)
        else:
            recorded.take_in(self._workspace.store, kind, news)

    def _running(self) -> Recorder:
        if self._ended:
            raise NotCoveredError(WITHDRAWN)
        if self._recorder is None:
            raise UsageError("Nothing is being recorded.")
        return self._recorder


def _with(outcome: RecordingOutcome, **changed: Any) -> RecordingOutcome:
    return replace(outcome, **changed)


def why_stopped(error: SuperviseError | None, outcome: RecordingOutcome) -> SuperviseError | None:
    """Return what a caller should raise after a recording that ended by itself; None when all is well."""
    if outcome.left_open:
        return NoSpaceError(LEFT_OPEN)
    return error
