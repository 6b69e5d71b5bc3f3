"""What the library and a session show: rows and views, read through the gate."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from supervise.app.gate import Gate
from supervise.audio.peaks import Peaks
from supervise.domain.consent import Scope
from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId, TranscriptId
from supervise.domain.session import Session
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import (
    Pause,
    TranscriptVersion,
    Turn,
    Word,
    pauses_of,
    turns_of,
    with_deleted,
)
from supervise.storage.store import Store

NONE, PARTIAL, WHOLE, LOCKED = "none", "partial", "whole", "locked"


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """One session in the library; `transcript` is `none`, `partial`, `whole` or `locked`."""

    session: Session
    transcript: str
    moments: int


@dataclass(frozen=True, slots=True)
class LockedRow:
    """A session of one's own case that no consent covers today, and why; nothing of it is shown."""

    session: Session
    reason: str


@dataclass(frozen=True, slots=True)
class Library:
    """The covered sessions, newest first, and how many are left out for want of consent.

    Those of them that belong to one's own cases are `locked`, so that one sees why.
    """

    rows: tuple[LibraryRow, ...]
    left_out: int
    locked: tuple[LockedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class TranscriptView:
    """A transcript ready to show: `version` is None when there is none yet.

    Among the pauses stand the portions that were deleted. `locked` says why there may be none to be seen.
    """

    version: TranscriptVersion | None
    words: tuple[Word, ...]
    turns: tuple[Turn, ...]
    pauses: tuple[Pause, ...]
    names: SpeakerNames
    locked: str = ""


def library(store: Store, gate: Gate) -> Library:
    """Read the library for the open profile."""
    everything = store.sessions.all()
    sessions, left_out = gate.covered(everything, Scope.OWN_REVIEW)
    transcripts = store.transcripts.current_by_session()
    moments = store.moments.counts()
    states = {None: NONE, False: PARTIAL, True: WHOLE}
    wordless = gate.wordless(sessions) & transcripts.keys()
    rows = tuple(
        LibraryRow(
            row,
            LOCKED if row.session in wordless else states[transcripts.get(row.session)],
            moments.get(row.session, 0),
        )
        for row in sessions
    )
    return Library(rows, left_out, _locked(gate, everything, {row.session for row in sessions}))


def _locked(gate: Gate, sessions: list[Session], seen: set[SessionId]) -> tuple[LockedRow, ...]:
    hidden = [row for row in sessions if row.session not in seen and gate.owns(row.client)]
    codes = {row.client: row.client_code for row in hidden}
    reasons = {client: gate.verdict(client, code, Scope.OWN_REVIEW).reason for client, code in codes.items()}
    return tuple(LockedRow(row, reasons[row.client]) for row in hidden)


def locked_words(store: Store, session: Session, reason: str) -> TranscriptView:
    """Return what is shown in place of a transcript that the client has taken back."""
    removed = store.removed.of_session(session.session)
    return TranscriptView(None, (), (), with_deleted((), removed), SpeakerNames(), reason)


def transcript_view(store: Store, session: Session, wanted: TranscriptId | None = None) -> TranscriptView:
    """Read the current transcript, or the version wanted; raises UsageError for one of another session.

    Pauses are known only for the part that has been transcribed.
    """
    names = store.transcripts.names(session.session)
    removed = store.removed.of_session(session.session)
    version = store.transcripts.current(session.session)
    if wanted is not None:
        version = store.transcripts.get(wanted)
        if version.session != session.session:
            raise UsageError("That transcript belongs to another session.")
    if version is None:
        return TranscriptView(None, (), (), with_deleted((), removed), names)
    words = store.transcripts.words(version.transcript)
    reached_ms = session.sound.duration_ms
    if not version.finished:
        reached_ms = store.transcripts.resume_point(version.transcript)[1]
    return TranscriptView(
        version, words, turns_of(words), with_deleted(pauses_of(words, reached_ms), removed), names
    )


def peaks(store: Store, session: Session) -> Peaks:
    """Open a session's peaks; only the level a picture needs is read."""
    return Peaks.load(cast("BinaryIO", store.media.open(session.peaks)))


def session_of(gate: Gate, session: SessionId) -> Session:
    """Return a session for the therapist's own review, or raise NotCoveredError."""
    return gate.require_session(session, Scope.OWN_REVIEW)
