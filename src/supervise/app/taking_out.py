"""Taking a copy out of the vault's protection: text, moments or sound, redacted unless told otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from supervise.app.leaving import Leaving
from supervise.app.workspace import Workspace
from supervise.audio.exporting import write_sound
from supervise.crypto.sealed import SealedReader
from supervise.domain.consent import Scope
from supervise.domain.errors import CancelledError, NotCoveredError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.redaction import redaction_spans
from supervise.domain.session import SoundFacts
from supervise.exchange.content import SessionContent, redacted_content
from supervise.exchange.files import whole_file, write_whole
from supervise.exchange.formats import TEXT_FORMATS
from supervise.storage.copies import new_copy
from supervise.storage.header import NAME as HEADER_NAME

SOUND_FORMATS = ("flac", "wav")
FORMATS = (*TEXT_FORMATS, *SOUND_FORMATS)
NEEDS_TRANSCRIPT = ("txt", "vtt", "srt")
WORD_MARGIN_MS = 250  # word times may be this far off; a name at the edge must not slip out
Report = Callable[[int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What goes where; `private` takes one's own private moments along, `recipient` is for whom it is."""

    session: SessionId
    fmt: str
    target: Path
    force: bool = False
    unredacted: bool = False
    private: bool = False
    recipient: str = ""


class ExportJob:
    """One export in three steps: gathered and announced on the workspace's thread, run on any.

    `run` needs neither database nor master key; `left_out` counts private moments that stay behind.
    """

    def __init__(self, workspace: Workspace, wish: ExportWish) -> None:
        if wish.fmt not in FORMATS:
            raise UsageError(f"The format is one of: {', '.join(FORMATS)}.")
        refuse_vaults(wish.target, workspace.vault.path)
        self._workspace = workspace
        self._wish = wish
        session = workspace.gate.require_session(wish.session, Scope.OWN_REVIEW)
        moments = workspace.store.moments.of_session(wish.session)
        self._spans = () if wish.unredacted else redaction_spans(moments)
        taken = tuple(moment for moment in moments if wish.private or not moment.private)
        self.left_out = len(moments) - len(taken)
        self.rows = 0
        self._leaving: Leaving | None = None
        self._sound: SoundFacts = session.sound
        self._stream: SealedReader | None = None
        self._content: SessionContent | None = None
        if wish.fmt in SOUND_FORMATS:
            self._stream = workspace.store.media.open(session.master)
        else:
            view = workspace.transcript(wish.session)
            if wish.fmt in NEEDS_TRANSCRIPT and view.locked:
                raise NotCoveredError(view.locked)
            if wish.fmt in NEEDS_TRANSCRIPT and view.version is None:
                raise UsageError("This session has no transcript yet. Transcribe it first.")
            keys = {moment.codebook for moment in taken}
            kept = {moment.moment for moment in taken}
            comments = workspace.store.moments.comments(wish.session)
            self._content = redacted_content(
                SessionContent(
                    session=session,
                    version=view.version,
                    words=view.words,
                    speakers=view.names,
                    moments=taken,
                    comments=tuple(entry for entry in comments if entry.moment in kept),
                    profiles=tuple(workspace.profiles()),
                    codebooks={key: workspace.codebooks.by_key(key) for key in keys},
                ),
                [(max(0, start - WORD_MARGIN_MS), end + WORD_MARGIN_MS) for start, end in self._spans],
            )

    @property
    def holds_moments(self) -> bool:
        """Whether this format carries moments, so that leaving some out matters."""
        return self._wish.fmt in ("csv", "json")

    def announce(self) -> None:
        """Enter the copy in log and list before it is written; raises NoSpaceError, with nothing written."""
        redaction = "unredacted" if self._wish.unredacted else f"{len(self._spans)} redactions"
        vault, wish = self._workspace.vault, self._wish
        place = str(wish.target.expanduser().resolve())
        copy = new_copy(wish.session, wish.fmt, vault.profile.profile, place, wish.recipient)
        self._leaving = Leaving(vault, [copy], "export", wish.session, f"{wish.fmt}, {redaction}")

    def run(self, report: Report, cancelled: Cancelled) -> int:
        """Write the file, whole or not at all, and return its rows (frames for sound)."""
        wish = self._wish
        if self._content is not None:
            taken_out = TEXT_FORMATS[wish.fmt](self._content)
            write_whole(wish.target, taken_out.parts, force=wish.force)
            self.rows = taken_out.rows
        elif self._stream is not None:
            mutes = list(self._spans)
            with _unless_locked(self._stream), whole_file(wish.target, force=wish.force) as file:
                stream = cast("BinaryIO", self._stream)
                fmt: Literal["flac", "wav"] = "flac" if wish.fmt == "flac" else "wav"
                write_sound(stream, self._sound, fmt, file, mutes, report, cancelled)
            self.rows = self._sound.samples
        report(1000)
        return self.rows

    def take_back(self) -> None:
        """Note that nothing was written, after `run` failed."""
        if self._leaving is not None:
            self._leaving.take_back()


def refuse_vaults(target: Path, vault: Path) -> None:
    """Raise UsageError for a place inside a vault, where `force` would replace what the vault consists of."""
    folder = target.expanduser().parent.resolve()
    if folder == vault or vault in folder.parents or (folder / HEADER_NAME).exists():
        raise UsageError("A copy cannot be put inside a vault. Choose another folder.")


@contextmanager
def _unless_locked(stream: SealedReader) -> Iterator[None]:
    """Close `stream` at the end; what it raises because the vault locked and closed it is a sentence."""
    try:
        with stream:
            yield
    except ValueError:
        if not stream.closed:
            raise
        raise CancelledError(
            "The vault was locked, so nothing was taken out. Unlock it and try again."
        ) from None


def export_session(workspace: Workspace, wish: ExportWish, report: Report, cancelled: Cancelled) -> int:
    """Export in one go on the calling thread and return the rows written."""
    job = ExportJob(workspace, wish)
    return run_export(job, report, cancelled)


def run_export(job: ExportJob, report: Report, cancelled: Cancelled) -> int:
    """Announce, write, and take the announcement back when nothing was written; return the rows."""
    job.announce()
    try:
        return job.run(report, cancelled)
    except BaseException:
        job.take_back()
        raise
