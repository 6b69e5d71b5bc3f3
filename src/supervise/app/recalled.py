"""What becomes of a recall: each kind of news is written once, at once or after a locked vault was opened."""

from dataclasses import replace
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import MediaId, RecallId
from supervise.domain.recall import PromptUse, stop_from_plain
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.domain.recordings import gap_from_plain
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall
from supervise.storage.store import Store

STOP, PROMPT, MAP, FACTS, RECALLED = "recall_stop", "recall_prompt", "recall_map", "recall_facts", "recalled"
PART_OF = "interview"  # among a recall's facts: the interview it is tied to once it is kept
KINDS = (STOP, PROMPT, MAP, FACTS, RECALLED)


def take_in(store: Store, kind: str, payload: dict[str, Any]) -> None:
    """Write one piece of news about a recall; twice changes nothing."""
    recall = RecallId(payload["recall"])
    try:
        row = store.recalls.get(recall)
    except UsageError:
        return
    if row.state != RECALLING:
        return
    if kind == STOP:
        store.recalls.put_stop(recall, stop_from_plain(payload["stop"]))
    elif kind == PROMPT:
        store.recalls.put_prompt(recall, PromptUse(**payload["used"]))
    elif kind == MAP:
        store.recalls.put_stretches(recall, [Stretch(*row) for row in payload["stretches"]], payload["first"])
    elif kind == FACTS:
        with transaction(store.vault.db):
            store.recalls.set_gaps(recall, [gap_from_plain(gap) for gap in payload["gaps"]])
            store.recalls.add_facts(recall, payload["facts"])
    elif kind == RECALLED:
        conclude(store, row, payload["samples"], payload["sha256"], MediaId(payload["peaks"]))


def conclude(store: Store, row: Recall, samples: int, sha256: str, peaks: MediaId) -> None:
    """Let a recall have ended with so many frames; master and peaks have their ends."""
    with transaction(store.vault.db) as db:
        if not samples:
            destroy(store, row)
            return
        for medium in (row.master, peaks):
            store.media.settle(db, medium)
        if peaks != row.peaks:
            store.media.forget(db, [row.peaks])
        store.recalls.end(row.recall, samples, sha256, peaks)
        store.vault.log("recall", row.session, f"{len(store.recalls.stops(row.recall))} stops")
        _tie(store, row)


def _tie(store: Store, row: Recall) -> None:
    """Let a recall be part of the interview it was held for, unless that is gone or finished by now.

    The first one tied stays: another takes its place only when somebody says so (`interviews.tie_recall`).
    """
    for interview in store.interviews.of_session(row.session):
        mine = interview.interview == row.facts.get(PART_OF)
        if mine and not interview.done and interview.recall is None:
            store.interviews.put(replace(interview, recall=row.recall))
            store.vault.log("interview", row.session, "recall")


def destroy(store: Store, row: Recall) -> None:
    """Destroy a recall's key and all that was noted of it; `clear_files` follows."""
    with transaction(store.vault.db) as db:
        store.media.forget(db, [row.master, row.peaks])
        store.recalls.destroy(row.recall)
        store.vault.log("delete", row.session, "recall")


def clear_files(store: Store, media: tuple[MediaId, ...]) -> None:
    """After a commit: remove the files of those media that have no row."""
    used = {row[0] for row in store.vault.db.execute("SELECT id FROM media")}
    gone = [medium for medium in media if medium not in used]
    if gone:
        store.media.remove(gone)


def map_of(store: Store, row: Recall) -> RecallMap:
    """Return the map of a recall, finished or not."""
    session = store.sessions.get(row.session)
    spans = row.setup.segments.spans
    stretches = store.recalls.stretches(row.recall)
    samples = max(row.samples, stretches[-1].recall_end if stretches else 0)
    begin_ms = spans[0][0] if spans else 0
    return RecallMap(stretches, row.rate_hz, session.sound.rate_hz, samples, begin_ms)
