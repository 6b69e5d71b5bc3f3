"""Taking a recall out of the vault's protection: a row an utterance, or cues on either time line."""

from pathlib import Path
from typing import Any

from supervise.app.leaving import Leaving
from supervise.app.recall_reading import RecallView, recall_view
from supervise.app.taking_out import WORD_MARGIN_MS, refuse_vaults
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.recall_utterances import Utterance, utterances
from supervise.domain.redaction import redaction_spans
from supervise.exchange.files import write_whole
from supervise.exchange.recalls import (
    RECALL_FORMATS,
    RecallContent,
    heard_document,
    redacted_recall,
    stop_document,
)
from supervise.storage.copies import new_copy
from supervise.storage.store import Store


def recall_utterances(view: RecallView) -> tuple[Utterance, ...]:
    """Return what was said in a recall, each utterance with the span of the session it is about."""
    return utterances(view.words, view.stops, view.prompts, view.map)


def stop_rows(view: RecallView) -> list[dict[str, Any]]:
    """Return the stops as the terminal's and the export's stable fields."""
    return [stop_document(stop, view.prompts) for stop in view.stops]


def heard_rows(view: RecallView) -> list[dict[str, Any]]:
    """Return what was heard when, likewise."""
    return heard_document(view.map)


def content_of(view: RecallView) -> RecallContent:
    """Return a recall as the formats write it."""
    return RecallContent(
        recall=view.recall.recall,
        session=view.session,
        setup=view.recall.setup,
        started_at=view.recall.started_at,
        duration_ms=view.recall.sound.duration_ms,
        stops=view.stops,
        prompts=view.prompts,
        map=view.map,
        utterances=recall_utterances(view),
        speakers=view.names,
    )


def redacted_spans(store: Store, session: SessionId) -> list[tuple[int, int]]:
    """Return the redacted spans of a session, with some room around their words."""
    spans = redaction_spans(store.moments.of_session(session))
    return [(max(0, start - WORD_MARGIN_MS), end + WORD_MARGIN_MS) for start, end in spans]


def export_recall(
    workspace: Workspace,
    recall: RecallId,
    fmt: str,
    target: Path,
    *,
    force: bool = False,
    unredacted: bool = False,
    recipient: str = "",
) -> int:
    """Write a recall, whole or not at all, and return its rows.

    What is about a redacted span of the session is masked unless `unredacted`. Raises NotCoveredError,
    UsageError, NoSpaceError.
    """
    if fmt not in RECALL_FORMATS:
        raise UsageError(f"The format is one of: {', '.join(RECALL_FORMATS)}.")
    refuse_vaults(target, workspace.vault.path)
    view = recall_view(workspace, recall)
    if view.version is None and fmt != "json":
        raise UsageError("This recall has no transcript yet. Transcribe it first.")
    content = content_of(view)
    session = view.session.session
    if not unredacted:
        content = redacted_recall(content, redacted_spans(workspace.store, session))
    made = RECALL_FORMATS[fmt](content)
    place = str(target.expanduser().resolve())
    copy = new_copy(session, f"recall {fmt}", workspace.vault.profile.profile, place, recipient)
    leaving = Leaving(workspace.vault, [copy], "export", session, f"recall {fmt}")
    try:
        write_whole(target, made.parts, force=force)
    except BaseException:
        leaving.take_back()
        raise
    return made.rows
