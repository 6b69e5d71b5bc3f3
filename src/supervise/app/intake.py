"""Taking in what was finished while the vault was locked: the inbox's entries become rows.

Each kind is written once, whether it comes straight from a running job or later from the inbox.
"""

from typing import Any

from supervise.app import recalled, recorded
from supervise.domain.errors import DamagedError, NoSpaceError, UsageError
from supervise.domain.ids import JobId, SessionId, TranscriptId
from supervise.domain.speakers import label_by_channel
from supervise.domain.transcript import Word
from supervise.speech.engine import VoiceSegment
from supervise.speech.speakers import assign_voices
from supervise.storage import jobs
from supervise.storage.copies import COPY, Copy
from supervise.storage.database import transaction
from supervise.storage.inbox import Entry
from supervise.storage.recall_transcripts import RecallTranscriptStore
from supervise.storage.store import Store
from supervise.storage.transcripts import TranscriptStore

WINDOW, VOICES, CHANNELS, FINISHED, ENDED = "window", "voices", "channels", "finished", "ended"


def take_in(store: Store, kind: str, payload: dict[str, Any]) -> None:
    """Write one result. Writing the same result twice changes nothing."""
    if kind in recorded.KINDS:
        recorded.take_in(store, kind, payload)
        return
    if kind in recalled.KINDS:
        recalled.take_in(store, kind, payload)
        return
    with transaction(store.vault.db):
        if kind == WINDOW:
            words = [Word(*row) for row in payload["words"]]
            transcript = TranscriptId(payload["transcript"])
            span = payload["start_ms"], payload["end_ms"]
            _words(store, transcript).add_window(transcript, payload["seq"], *span, words)
        elif kind in (VOICES, CHANNELS):
            _label(store, kind, payload)
        elif kind == FINISHED:
            _finish(store, payload)
        elif kind == ENDED:
            store.jobs.set_state(JobId(payload["job"]), payload["state"], payload["error"])
        elif kind == COPY:
            store.copies.add(Copy(**payload))


def take_in_pending(store: Store, *, later: bool = False) -> int:
    """Take in everything the inbox holds for `app`, in order, and return how many entries there were.

    With `later`, recordings whose last minutes are to be deleted wait for `ending`.
    """
    count = 0
    for entry in store.vault.pending_entries():
        if later and recorded.is_cut(store, entry.kind, entry.payload):
            continue
        try:
            _take_one(store, entry)
        except (NoSpaceError, DamagedError):
            if entry.kind not in (recorded.RECORDED, recalled.RECALLED):
                raise
            continue  # it stays in the inbox, and the recording is offered as one that did not end
        count += 1
    return count


def _take_one(store: Store, entry: Entry) -> None:
    with store.vault.taking(entry):
        take_in(store, entry.kind, entry.payload)
    if entry.kind == recorded.RECORDED:
        recorded.clear_files(store, entry.payload["recording"])


def _words(store: Store, transcript: TranscriptId) -> TranscriptStore | RecallTranscriptStore:
    """Return where the words of a transcript are kept: a session's or a recall's."""
    recall = store.recall_transcripts.recall_of(transcript)
    return store.transcripts if recall is None else store.recall_transcripts


def _label(store: Store, kind: str, payload: dict[str, Any]) -> None:
    transcript = TranscriptId(payload["transcript"])
    words = _words(store, transcript).words(transcript)
    if kind == VOICES:
        segments = tuple(VoiceSegment(*row) for row in payload["segments"])
        labelled = assign_voices(words, segments)
    else:
        labelled = label_by_channel(words, payload["louder"], payload["bin_ms"])
    _words(store, transcript).set_labels(transcript, [word.speaker for word in labelled])


def _finish(store: Store, payload: dict[str, Any]) -> None:
    transcript = TranscriptId(payload["transcript"])
    try:
        recall = store.recall_transcripts.recall_of(transcript)
        session = (
            store.transcripts.get(transcript).session if recall is None else store.recalls.get(recall).session
        )
    except UsageError:
        return
    _words(store, transcript).finish(transcript, payload["language"], payload["notes"], payload["stats"])
    store.jobs.set_state(JobId(payload["job"]), jobs.DONE)
    store.vault.log("transcribe", SessionId(session), f"transcript {transcript}")
