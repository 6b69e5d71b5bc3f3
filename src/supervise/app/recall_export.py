"""Taking a recall out of the vault's protection: rows, cues on either time line, or a reading copy."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervise.app.leaving import Leaving
from supervise.app.recall_contents import content_of, recall_utterances, whole_content
from supervise.app.recall_reading import RecallView, recall_view
from supervise.app.taking_out import WORD_MARGIN_MS, Cancelled, Report, refuse_vaults
from supervise.app.workspace import Workspace
from supervise.domain.errors import CancelledError, NotCoveredError, UsageError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.reading_copy import ReadingCopy
from supervise.domain.redaction import Span, redaction_spans
from supervise.exchange.content import SessionContent, TakenOut, redacted_content
from supervise.exchange.files import write_whole
from supervise.exchange.reading_copy import CopyContent, reading_copy
from supervise.exchange.reading_html import write_reading_html
from supervise.exchange.recall_content import RecallContent, redacted_recall
from supervise.exchange.recalls import RECALL_FORMATS, heard_document, stop_document
from supervise.storage.copies import new_copy
from supervise.storage.store import Store

READING_COPIES = ("html", "pdf")
FORMATS = (*RECALL_FORMATS, *READING_COPIES)
WITHOUT_WORDS = ("json", *READING_COPIES)
MOST_BESIDE = 3
__all__ = ["content_of", "recall_utterances"]  # as before they were parted from here
Typeset = Callable[[ReadingCopy, Report, Cancelled], bytes]


@dataclass(frozen=True, slots=True)
class RecallWish:
    """What of a recall goes where; `beside` are other recalls of the same session, for a reading copy.

    `names`: call inquirers by name in a reading copy. `recipient` is for whom it is.
    """

    recall: RecallId
    fmt: str
    target: Path
    force: bool = False
    unredacted: bool = False
    recipient: str = ""
    beside: tuple[RecallId, ...] = ()
    names: bool = False


def stop_rows(view: RecallView) -> list[dict[str, Any]]:
    """Return the stops as the terminal's and the export's stable fields."""
    return [stop_document(stop, view.prompts) for stop in view.stops]


def heard_rows(view: RecallView) -> list[dict[str, Any]]:
    """Return what was heard when, likewise."""
    return heard_document(view.map)


def redacted_spans(store: Store, session: SessionId) -> list[Span]:
    """Return the redacted spans of a session, with some room around their words."""
    spans = redaction_spans(store.moments.of_session(session))
    return [(max(0, start - WORD_MARGIN_MS), end + WORD_MARGIN_MS) for start, end in spans]


class RecallExportJob:
    """One export in three steps: gathered and announced on the workspace's thread, run on any.

    `run` needs neither database nor keys. `typeset` sets a PDF; the window's and the terminal's part hand
    it in. Raises NotCoveredError, UsageError.
    """

    def __init__(self, workspace: Workspace, wish: RecallWish, typeset: Typeset | None = None) -> None:
        _check(wish, typeset)
        refuse_vaults(wish.target, workspace.vault.path)
        self._vault, self._wish, self._typeset = workspace.vault, wish, typeset
        views = [recall_view(workspace, recall) for recall in (wish.recall, *wish.beside)]
        self._session = views[0].session.session
        if any(view.recall.session != self._session for view in views):
            raise UsageError("Recalls can be put side by side when they are of the same session.")
        if views[0].locked and wish.fmt not in WITHOUT_WORDS:
            raise NotCoveredError(views[0].locked)
        if views[0].version is None and wish.fmt not in WITHOUT_WORDS:
            raise UsageError("This recall has no transcript yet. Transcribe it first.")
        spans = [] if wish.unredacted else redacted_spans(workspace.store, self._session)
        contents = [redacted_recall(whole_content(workspace, view), spans) for view in views]
        self._content = contents[0]
        self._copy: ReadingCopy | None = None
        if wish.fmt in READING_COPIES:
            self._copy = _copy_of(workspace, contents, spans, names=wish.names)
        self._leaving: Leaving | None = None

    @property
    def target(self) -> Path:
        """Where the file goes, as a whole path."""
        return self._wish.target.expanduser().resolve()

    def announce(self) -> None:
        """Enter the copy in log and list before it is written; raises NoSpaceError, with nothing written."""
        wish = self._wish
        place = str(self.target)
        kind = f"recall {wish.fmt}"
        copy = new_copy(self._session, kind, self._vault.profile.profile, place, wish.recipient)
        redaction = ", unredacted" if wish.unredacted else ""
        self._leaving = Leaving(self._vault, [copy], "export", self._session, f"{kind}{redaction}")

    def run(self, report: Report, cancelled: Cancelled) -> int:
        """Write the file, whole or not at all, and return its rows."""
        made = self._made(report, cancelled)
        if cancelled():
            raise CancelledError("Stopped. Nothing was taken out.")
        write_whole(self._wish.target, made.parts, force=self._wish.force)
        report(1000)
        return made.rows

    def _made(self, report: Report, cancelled: Cancelled) -> TakenOut:
        if self._copy is None:
            return RECALL_FORMATS[self._wish.fmt](self._content)
        if self._wish.fmt == "html" or self._typeset is None:
            return write_reading_html(self._copy)
        return TakenOut(len(self._copy.rows), (self._typeset(self._copy, report, cancelled),))

    def take_back(self) -> None:
        """Note that nothing was written, after `run` failed."""
        if self._leaving is not None:
            self._leaving.take_back()


def _check(wish: RecallWish, typeset: Typeset | None) -> None:
    if wish.fmt not in FORMATS:
        raise UsageError(f"The format is one of: {', '.join(FORMATS)}.")
    if wish.beside and wish.fmt not in READING_COPIES:
        raise UsageError("Recalls are put side by side in a reading copy: html or pdf.")
    if len(wish.beside) > MOST_BESIDE or len({wish.recall, *wish.beside}) <= len(wish.beside):
        raise UsageError(f"Up to {MOST_BESIDE} other recalls go beside one, each once.")
    if wish.fmt == "pdf" and typeset is None:
        raise UsageError("A PDF cannot be made here. Take it out as html, and print that.")


def _copy_of(
    workspace: Workspace, contents: list[RecallContent], spans: list[Span], *, names: bool
) -> ReadingCopy:
    """Return the reading copy; the session's words need a look of their own (the gate is asked)."""
    view = workspace.transcript(contents[0].session.session)
    session = SessionContent(contents[0].session, view.version, view.words, view.names)
    session = redacted_content(session, spans)
    return reading_copy(CopyContent(session, view.pauses, tuple(contents), names))


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
    """Write a recall as rows or cues, whole or not at all, and return how many."""
    wish = RecallWish(recall, fmt, target, force, unredacted, recipient)
    return run_recall_export(RecallExportJob(workspace, wish))


def _nothing(_permille: int) -> None:
    return


def run_recall_export(
    job: RecallExportJob, report: Report = _nothing, cancelled: Cancelled = lambda: False
) -> int:
    """Announce, write, and take the announcement back when nothing was written; return the rows."""
    job.announce()
    try:
        return job.run(report, cancelled)
    except BaseException:
        job.take_back()
        raise
