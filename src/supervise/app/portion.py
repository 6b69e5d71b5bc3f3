"""Deleting a portion for good: silence of equal length, its words gone everywhere, shown as deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, cast

from supervise.app import changes, destroying, inventory, recall_inventory, recalled, underway
from supervise.app.changes import Change
from supervise.app.recall_inventory import GONE
from supervise.app.recalling import live
from supervise.app.workspace import Workspace
from supervise.audio.exporting import write_silenced
from supervise.domain.errors import UsageError
from supervise.domain.ids import RecallId, SessionId, new_id
from supervise.domain.keeping import quotes, word_runs
from supervise.domain.redaction import touches
from supervise.domain.times import ms_to_samples, now_utc
from supervise.storage import destruction
from supervise.storage.database import transaction
from supervise.storage.recall_destruction import RecallIds
from supervise.storage.recalls import Recall
from supervise.storage.store import Store
from supervise.storage.withdrawals import PORTION, Withdrawal

WORD_MARGIN_MS = 250  # word times may be this far off
HEARD = (
    "This portion was heard in a recall, which may hold it still ({ids}). Nothing was deleted. "
    "`supervise delete-portion … --with-recalls` destroys those recalls with it."
)
_TOLD = (
    changes.CONSENT,
    changes.SESSION,
    changes.TRANSCRIPT,
    changes.MOMENTS,
    changes.RECALL,
    changes.RATING,
    changes.INTERVIEW,
)
Report = Callable[[int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class PortionWish:
    """From where to where, in milliseconds on the session's master.

    `with_recalls` destroys the recalls in which the portion was heard, whose sound and words may hold it.
    `again`: it was destroyed before, and came back with a backup; a hold placed since does not stop that.
    """

    session: SessionId
    start_ms: int
    end_ms: int
    with_recalls: bool = False
    again: bool = False


class PortionJob:
    """One deletion in three steps: made on the workspace's thread, run on any, finished on the first.

    Until `finish`, nothing has changed and `discard` leaves nothing behind.
    """

    def __init__(self, workspace: Workspace, wish: PortionWish) -> None:
        """Raises NotCoveredError, UsageError.

        That is: no such span, not one's own case, a transcription runs, or it was heard in a recall.
        """
        store = workspace.store
        self._workspace, self._wish = workspace, wish
        self._session = store.sessions.get(wish.session)
        if not workspace.gate.owns(self._session.client):
            raise UsageError("Only the therapist whose case it is deletes a portion.")
        if not wish.again:
            destroying.refuse_held(store, self._session, workspace.today())
        if not 0 <= wish.start_ms < wish.end_ms <= self._session.sound.duration_ms:
            raise UsageError("The portion must start and end inside the session.")
        if any(row.session == wish.session for row in store.jobs.open_jobs()):
            raise UsageError("This session is being transcribed. Stop that first, then delete the portion.")
        self._recalls = heard_in(workspace, wish)
        if any(live(row.recall) for row in self._recalls):
            raise UsageError("This session is being recalled. End that first, then delete the portion.")
        if underway.rating(wish.session):
            raise UsageError("This session is being rated. End that first, then delete the portion.")
        if self._recalls and not wish.with_recalls:
            ids = ", ".join(row.recall[:8] for row in self._recalls)
            raise UsageError(HEARD.format(ids=ids))
        self._stream = store.media.open(self._session.master)
        self._master = store.media.create("master")
        self._peaks = store.media.create("peaks")

    def run(self, report: Report, cancelled: Cancelled) -> None:
        """Write the sound anew without the portion; raises CancelledError, DamagedError, NoSpaceError."""
        span = (self._wish.start_ms, self._wish.end_ms)
        try:
            with self._stream:
                stream = cast("BinaryIO", self._stream)
                sound = self._session.sound
                peaks = write_silenced(stream, sound, self._master.writer, [span], report, cancelled)
            self._peaks.writer.write(peaks)
            self._master.finish()
            self._peaks.finish()
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove what was written so far."""
        self._stream.close()
        self._master.discard()
        self._peaks.discard()

    def finish(self) -> Mapping[str, Any]:
        """Delete the portion and return the certificate; there is no undo."""
        wish, store = self._wish, self._workspace.store
        keys = [
            store.vault.db.execute("SELECT wrapped_key FROM media WHERE id = ?", [medium]).fetchone()[0]
            for medium in (self._session.master, self._session.peaks, *(r.master for r in self._recalls))
        ]
        try:
            with transaction(store.vault.db) as db:
                decision = self._decision()
                self._master.register(db)
                self._peaks.register(db)
                destruction.replace_sound(db, wish.session, self._master.media_id, self._peaks.media_id)
                gone = _forget_words(store, wish)
                gone += store.ratings.remove_span(wish.session, wish.start_ms, wish.end_ms)
                pieces = self._forget_recalls(word_runs(gone))
                db.execute("DELETE FROM history WHERE session_id = ?", [wish.session])
                store.removed.add(wish.session, wish.start_ms, wish.end_ms)
                store.withdrawals.add(decision)
                store.vault.log("destroy", wish.session, "portion")
        except BaseException:
            self.discard()
            raise
        recalled.clear_files(store, tuple(m for row in self._recalls for m in (row.master, row.peaks)))
        certificate = destroying.sweep_up(
            store, [*map(bytes, filter(None, keys)), *pieces, *(text.encode() for text in gone)]
        )
        for topic in _TOLD:
            self._workspace.subscribers.tell(Change(topic, (wish.session,)))
        return certificate[decision.id]

    def _forget_recalls(self, runs: inventory.Runs) -> list[bytes]:
        """Destroy the recalls that heard it, and what was answered about it; return pieces of what went."""
        store, wish = self._workspace.store, self._wish
        ids = RecallIds(tuple(row.recall for row in self._recalls))
        pieces = destruction.recall_needles(store.vault.db, ids)
        destroying.forget_quotes(
            store, wish.session, inventory.runs_recalled(store, map(RecallId, ids.recalls))
        )
        for row in self._recalls:
            recalled.destroy(store, row)
        span = wish.start_ms, wish.end_ms
        gone = store.interviews.forget_span(wish.session, *span, lambda text: quotes(text, runs))
        return [*pieces, *(text.encode() for text in gone)]

    def _decision(self) -> Withdrawal:
        store = self._workspace.store
        facts = inventory.session_facts(store, self._session)
        there = recall_inventory.recollections(store, self._session.session)
        recalls = recall_inventory.with_held(there, {row.recall for row in self._recalls})
        facts[GONE] = [entry.id for entry in recalls]
        span = [self._wish.start_ms, self._wish.end_ms]
        at = now_utc()
        return Withdrawal(
            id=new_id(),
            client=self._session.client,
            scopes=(),
            withdrawn_at=at,
            recorded_by=self._workspace.profile.profile,
            choice=PORTION,
            due_on=self._workspace.today(),
            inventory={"sessions": [{**facts, "goes": [], "spans": [span]}]},
            done_at=at,
        )


def heard_in(workspace: Workspace, wish: PortionWish) -> list[Recall]:
    """Return the recalls in which some of the portion was played; one that did not end may have played it.

    It is told to the therapist whose case it is; nobody else deletes a portion.
    """
    store = workspace.store
    session = store.sessions.get(wish.session)
    if not workspace.gate.owns(session.client):
        return []
    rate_hz = session.sound.rate_hz
    begin, end = ms_to_samples(wish.start_ms, rate_hz), ms_to_samples(wish.end_ms, rate_hz)
    return [
        row
        for row in store.recalls.of_session(wish.session)
        if row.unfinished
        or any(
            heard.session_start < end and heard.session_end > begin
            for heard in store.recalls.stretches(row.recall)
        )
    ]


def _forget_words(store: Store, wish: PortionWish) -> list[str]:
    """Take the words out of transcripts and index, and empty notes that lie there or quote them."""
    begin, end = wish.start_ms - WORD_MARGIN_MS, wish.end_ms + WORD_MARGIN_MS
    gone = store.transcripts.remove_span(wish.session, begin, end)
    runs = word_runs(gone)
    for moment in store.moments.of_session(wish.session):
        inside = touches(moment.start_ms, moment.end_ms, [(wish.start_ms, wish.end_ms)])
        if inside or quotes(moment.note, runs):
            store.moments.put(replace(moment, note=""))
        for comment in store.moments.comments(wish.session):
            if comment.moment == moment.moment and (inside or quotes(comment.text, runs)):
                store.moments.remove_comment(comment.comment)
    destroying.forget_recall_quotes(store, wish.session, runs)
    return gone


def delete_portion(
    workspace: Workspace, wish: PortionWish, report: Report, cancelled: Cancelled
) -> Mapping[str, Any]:
    """Delete in one go on the calling thread and return the certificate."""
    job = PortionJob(workspace, wish)
    job.run(report, cancelled)
    return job.finish()
