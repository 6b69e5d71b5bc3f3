"""The queue of transcriptions: one at a time, on disk, going on after a restart and while locked."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from supervise.app import changes, intake, recall_gate
from supervise.app.changes import Change
from supervise.app.recall_transcribing import RecallSound, opener
from supervise.app.transcribing import Assignment, TranscriptionRun
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.errors import CancelledError, SuperviseError, UsageError
from supervise.domain.ids import JobId, MediaId, RecallId, SessionId, TranscriptId, new_id
from supervise.domain.session import SoundFacts
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion
from supervise.speech.engine import SpeechEngine
from supervise.speech.models import ModelStore
from supervise.storage import jobs
from supervise.storage.database import transaction
from supervise.storage.jobs import JobRow

RECALL_JOB = "recall"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One line of the visible queue; `error` is the sentence to show when it failed."""

    job: JobId
    session: SessionId
    state: str
    done_permille: int
    eta_s: float | None
    error: str


class TranscriptionQueue:
    """Runs at most one transcription; whoever owns the workspace calls `step` often."""

    def __init__(
        self, workspace: Workspace, engine: SpeechEngine, models: ModelStore, speaker_models: Path
    ) -> None:
        self._workspace = workspace
        self._store = workspace.store
        self._engine = engine
        self._models = models
        self._speaker_models = speaker_models
        self._run: TranscriptionRun | None = None
        self._row: JobRow | None = None
        self._seen: list[QueueEntry] = []

    def enqueue(self, session: SessionId, settings: TranscribeSettings) -> JobId:
        """Add a transcription, or return the one already waiting for the same session and settings.

        Raises NotCoveredError, and NotReadableError when the model is not installed.
        """
        self._workspace.gate.require_session(session, Scope.TRANSCRIBE)
        self._models.find(settings.model)
        _check_settings(settings)
        for row in self._store.jobs.open_jobs():
            if row.session == session and dict(row.settings) == asdict(settings):
                return row.job
        job, at = JobId(new_id()), now_utc()
        with transaction(self._workspace.vault.db):
            transcript = self._unfinished(session, settings)
            if transcript is None:
                transcript = TranscriptId(new_id())
                version = TranscriptVersion(transcript, session, at, settings, finished=False)
                self._store.transcripts.begin(version)
            self._store.jobs.add(
                JobRow(job, "transcribe", session, transcript, asdict(settings), jobs.QUEUED, "", at)
            )
        self._tell()
        return job

    def _unfinished(self, session: SessionId, settings: TranscribeSettings) -> TranscriptId | None:
        """Return the version a stopped run with the same settings left behind, to go on with it."""
        for version in self._store.transcripts.versions(session):
            if not version.finished and version.settings == settings:
                return version.transcript
        return None

    def enqueue_recall(self, recall: RecallId, settings: TranscribeSettings) -> JobId:
        """Add the transcription of a recall, or return the one that waits already.

        Raises NotCoveredError, NotReadableError (no model), UsageError (it has not ended).
        """
        row = self._store.recalls.get(recall)
        recall_gate.require_words(self._workspace, row)
        self._models.find(settings.model)
        _check_settings(settings)
        if not row.samples:
            raise UsageError("This recall has not ended, so it cannot be transcribed yet.")
        store, waiting = self._store.recall_transcripts, self._store.jobs.open_jobs()
        versions = [version for version in store.versions(recall) if version.settings == settings]
        left = next((version.transcript for version in versions if not version.finished), None)
        for job in waiting:
            if job.transcript == left:
                return job.job
        job_id, at = JobId(new_id()), now_utc()
        with transaction(self._workspace.vault.db):
            if left is None:
                left = TranscriptId(new_id())
                store.begin(TranscriptVersion(left, row.session, at, settings, finished=False), recall)
            self._store.jobs.add(
                JobRow(job_id, RECALL_JOB, row.session, left, asdict(settings), jobs.QUEUED, "", at)
            )
        self._tell()
        return job_id

    def entries(self) -> list[QueueEntry]:
        """Return the queue, oldest first; while locked, as it was last seen with live progress."""
        self._look()
        run, row = self._run, self._row
        if run is None or row is None:
            return list(self._seen)
        live = QueueEntry(row.job, row.session, jobs.RUNNING, run.done_permille, run.eta_s, "")
        return [live if entry.job == row.job else entry for entry in self._seen]

    def _look(self) -> None:
        if not self._workspace.locked:
            self._seen = [self._entry(row) for row in self._store.jobs.recent()]

    def step(self, only: JobId | None = None) -> bool:
        """Do what can be done now; return whether something is under way or waits (of `only`, if given)."""
        if self._run is not None and self._row is not None:
            if not self._stopped_for_want_of_consent(self._row):
                self._run.step()
                if self._run.ended:
                    self._end()
        elif not self._workspace.locked:
            self._start_next(only)
        return self._run is not None or self._waiting(only)

    def _stopped_for_want_of_consent(self, row: JobRow) -> bool:
        """Ask the gate again while it runs, so that it ends with the consent; a locked vault cannot ask."""
        if self._workspace.locked or self._run is None:
            return False
        try:
            self._require(row)
        except SuperviseError as error:
            self._run.cancel()
            self._run = self._row = None
            self._fail(row, error)
            self._tell()
            return True
        return False

    def _require(self, row: JobRow) -> None:
        """Raise NotCoveredError when what a job is of may not be transcribed, UsageError when it is gone."""
        if row.kind != RECALL_JOB:
            self._workspace.gate.require_session(row.session, Scope.TRANSCRIBE)
            return
        recall = self._store.recall_transcripts.recall_of(row.transcript)
        if recall is None:
            raise UsageError("This recall was destroyed.")
        found = self._store.recalls.get(recall)
        recall_gate.require_words(self._workspace, found)

    def wait(self, timeout_s: float) -> None:
        """Wait until `step` has something to do, at most `timeout_s` (for the terminal)."""
        if self._run is not None:
            self._run.wait(timeout_s)

    def cancel(self, job: JobId) -> None:
        """Stop a transcription or take it out of the queue; what it stored stays as a partial version."""
        if self._row is not None and self._row.job == job and self._run is not None:
            self._run.cancel()
            self._run = None
            self._row = None
        self.store_result(intake.ENDED, {"job": job, "state": jobs.CANCELLED, "error": ""})
        self._tell()

    def result(self, job: JobId) -> TranscriptId:
        """Return a finished job's transcript; raises what made it fail, or CancelledError."""
        row = next((row for row in self._store.jobs.recent(1000) if row.job == job), None)
        if row is None or row.state == jobs.CANCELLED:
            raise CancelledError("The transcription was stopped. Start it again to go on where it was.")
        if row.state == jobs.FAILED:
            raise self._failure or SuperviseError(row.error)
        return row.transcript

    def close(self) -> None:
        """Stop what runs; it stays in the queue and goes on next time."""
        if self._run is not None:
            self._run.cancel()
            self._run = None
            self._row = None

    _failure: SuperviseError | None = None

    def store_result(self, kind: str, payload: dict[str, Any]) -> None:
        """Write a result, or leave it sealed in the inbox while the vault is locked."""
        if self._workspace.locked:
            self._workspace.vault.inbox.append(kind, payload)
            return
        intake.take_in(self._store, kind, payload)
        if kind != intake.ENDED and self._row is not None:
            told = Change(changes.TRANSCRIPT, (self._row.session,), "queue")
            self._workspace.subscribers.tell(told)

    def _waiting(self, only: JobId | None) -> bool:
        if self._workspace.locked:
            return False
        waiting = [row.job for row in self._store.jobs.open_jobs()]
        return only in waiting if only is not None else bool(waiting)

    def _start_next(self, only: JobId | None) -> None:
        for row in self._store.jobs.open_jobs():
            if only is not None and row.job != only:
                continue
            try:
                self._run, self._row = self._started(row), row
            except SuperviseError as error:
                self._fail(row, error)
            self._tell()
            return

    def _started(self, row: JobRow) -> TranscriptionRun:
        session = self._workspace.gate.require_session(row.session, Scope.TRANSCRIBE)
        known = {name: value for name, value in row.settings.items() if name in TranscribeSettings.__slots__}
        settings = TranscribeSettings(**known)
        recalled = self._recalled(row)
        words = self._store.transcripts if recalled is None else self._store.recall_transcripts
        seq, start_ms = words.resume_point(row.transcript)
        sound, master = (session.sound, session.master) if recalled is None else recalled[:2]
        assignment = Assignment(
            job=row.job,
            transcript=row.transcript,
            sound=sound,
            open_sound=opener(self._store, master),
            settings=settings,
            model_dir=self._models.find(settings.model),
            speaker_models=self._speaker_models,
            next_seq=seq,
            start_ms=start_ms,
            recalled=None if recalled is None else recalled[2],
        )
        self._store.jobs.set_state(row.job, jobs.RUNNING)
        return TranscriptionRun(assignment, self._engine, self.store_result)

    def _recalled(self, row: JobRow) -> tuple[SoundFacts, MediaId, RecallSound] | None:
        """Return the sound of the recall a job is of; None when it is of a session."""
        recall = self._store.recall_transcripts.recall_of(row.transcript)
        if recall is None:
            return None
        found = self._store.recalls.get(recall)
        recall_gate.require_words(self._workspace, found)
        return found.sound, found.master, RecallSound(self._store, found)

    def _end(self) -> None:
        run, row = self._run, self._row
        self._run = self._row = None
        if run is not None and row is not None:
            if run.error is not None:
                self._fail(row, run.error)
            state = jobs.DONE if run.error is None else jobs.FAILED
            ended = replace(self._entry(row), state=state, error=str(run.error or ""))
            self._seen = [ended if entry.job == row.job else entry for entry in self._seen]
        self._tell()

    def _fail(self, row: JobRow, error: SuperviseError) -> None:
        self._failure = error
        state = jobs.CANCELLED if isinstance(error, CancelledError) else jobs.FAILED
        words = str(error)
        self.store_result(intake.ENDED, {"job": row.job, "state": state, "error": words})

    def _entry(self, row: JobRow) -> QueueEntry:
        done = 1000 if row.state == jobs.DONE else 0
        return QueueEntry(row.job, row.session, row.state, done, None, row.error)

    def _tell(self) -> None:
        self._look()
        self._workspace.subscribers.tell(Change(changes.QUEUE))


def _check_settings(settings: TranscribeSettings) -> None:
    if settings.accuracy not in ("faster", "accurate"):
        raise UsageError("Accuracy is either faster or accurate.")
    if not 1 <= settings.speakers <= 4:
        raise UsageError("One to four speakers can be told apart.")
    if len(settings.terms) > 500:
        raise UsageError("Names and terms to expect may have at most 500 letters together.")
