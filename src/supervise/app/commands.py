"""What a person can do to a session's moments, speakers and description: values, nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Protocol

from supervise.app.steps import (
    DropComment,
    DropMoment,
    PutComment,
    PutDescription,
    PutLabels,
    PutMoment,
    PutNames,
    Step,
)
from supervise.domain import speakers
from supervise.domain.codebook import Codebook
from supervise.domain.errors import UsageError
from supervise.domain.ids import CommentId, MomentId, SessionId, new_id
from supervise.domain.moments import (
    REDACT,
    Comment,
    Moment,
    MomentCode,
    Profile,
    check_moment,
    check_owner,
    check_place,
)
from supervise.domain.transcript import Word
from supervise.storage.store import Store

NOTE_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, when, and with which codebook; moments remember its key."""

    store: Store
    profile: Profile
    codebook: Codebook
    now: str

    @property
    def codebook_key(self) -> str:
        """The active codebook as moments remember it, `id@version`."""
        return f"{self.codebook.codebook}@{self.codebook.version}"


class Command(Protocol):
    """A wish: `plan` checks it and returns the step that fulfils it."""

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step and the id of what it makes or touches; raises UsageError when it cannot be."""


@dataclass(frozen=True, slots=True)
class MarkMoment:
    """Make a moment; `private` None means: as the codes' own rule says."""

    session: SessionId
    start_ms: int
    codes: tuple[MomentCode, ...]
    end_ms: int | None = None
    note: str = ""
    private: bool | None = None

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that adds the moment, and its new id."""
        sound = desk.store.sessions.get(self.session).sound
        by_rule = any(desk.codebook.code(entry.code).private for entry in self.codes)
        moment = Moment(
            moment=MomentId(new_id()),
            session=self.session,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            codes=self.codes,
            note=_note(self.note),
            author=desk.profile.profile,
            perspective=desk.profile.role,
            codebook=desk.codebook_key,
            created_at=desk.now,
            changed_at=desk.now,
            private=by_rule if self.private is None else self.private,
        )
        check_moment(moment, desk.codebook, sound.duration_ms)
        _check_open_redaction(moment)
        return PutMoment(moment), moment.moment


@dataclass(frozen=True, slots=True)
class ChangeMoment:
    """Give a moment of one's own another place, codes, note or privacy; `changed` is the whole wish."""

    changed: Moment

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that replaces the moment; what cannot change is taken from the stored one.

        Changed codes are judged by, and remembered under, the active codebook; a moment whose codes
        stay as they are keeps the version it was made under.
        """
        stored = desk.store.moments.get(self.changed.moment)
        check_owner(stored, desk.profile.profile)
        recoded = self.changed.codes != stored.codes
        moment = replace(
            stored,
            start_ms=self.changed.start_ms,
            end_ms=self.changed.end_ms,
            codes=self.changed.codes,
            note=_note(self.changed.note),
            private=self.changed.private,
            codebook=desk.codebook_key if recoded else stored.codebook,
            changed_at=desk.now,
        )
        sound = desk.store.sessions.get(stored.session).sound
        check_place(moment, sound.duration_ms)
        if recoded:
            check_moment(moment, desk.codebook, sound.duration_ms)
        _check_open_redaction(moment)
        return PutMoment(moment), moment.moment


@dataclass(frozen=True, slots=True)
class DeleteMoment:
    """Take a moment of one's own away."""

    moment: MomentId

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that drops it."""
        stored = desk.store.moments.get(self.moment)
        check_owner(stored, desk.profile.profile)
        return DropMoment(stored.session, self.moment), self.moment


@dataclass(frozen=True, slots=True)
class AddComment:
    """Comment on anybody's moment one can see."""

    moment: MomentId
    text: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that adds the comment, and its new id."""
        stored = desk.store.moments.get(self.moment)
        text = _note(self.text).strip()
        if not text:
            raise UsageError("A comment needs some words.")
        comment = Comment(CommentId(new_id()), self.moment, desk.profile.profile, text, desk.now)
        return PutComment(stored.session, comment), comment.comment


@dataclass(frozen=True, slots=True)
class DeleteComment:
    """Take a comment of one's own away."""

    comment: CommentId

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that drops it."""
        stored = desk.store.moments.comment(self.comment)
        if stored.author != desk.profile.profile:
            raise UsageError("Only the person who wrote a comment can delete it.")
        session = desk.store.moments.get(stored.moment).session
        return DropComment(session, self.comment), self.comment


@dataclass(frozen=True, slots=True)
class NameSpeaker:
    """Say who a voice is, for the whole session."""

    of_words: ClassVar[bool] = True
    session: SessionId
    label: str
    name: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that sets the names."""
        names = desk.store.transcripts.names(self.session).with_name(self.label, self.name)
        return PutNames(self.session, names.names), self.session


@dataclass(frozen=True, slots=True)
class SwapSpeakers:
    """Exchange the names of two voices in one action."""

    of_words: ClassVar[bool] = True
    session: SessionId
    first: str
    second: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that sets the names."""
        names = desk.store.transcripts.names(self.session).swapped(self.first, self.second)
        return PutNames(self.session, names.names), self.session


@dataclass(frozen=True, slots=True)
class MergeVoices:
    """Give everything one voice said to another: they were one person."""

    of_words: ClassVar[bool] = True
    session: SessionId
    label: str
    into: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that relabels the words."""
        return _relabelled(desk, self.session, lambda words: speakers.relabel(words, {self.label: self.into}))


@dataclass(frozen=True, slots=True)
class ReassignWords:
    """Give the words that start in [start_ms, end_ms) to another voice."""

    of_words: ClassVar[bool] = True
    session: SessionId
    start_ms: int
    end_ms: int
    label: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that relabels the words."""
        span = (self.start_ms, self.end_ms)
        return _relabelled(desk, self.session, lambda words: speakers.reassign(words, *span, self.label))


@dataclass(frozen=True, slots=True)
class DescribeSession:
    """Give a session one's own label and the day it was held (ISO date)."""

    session: SessionId
    title: str
    held_on: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that sets both."""
        if len(self.title) > 200:
            raise UsageError("A session's title may have at most 200 letters.")
        try:
            held_on = date.fromisoformat(self.held_on).isoformat()
        except ValueError:
            raise UsageError(f"“{self.held_on}” is not a day. Write it as 2026-11-01.") from None
        return PutDescription(self.session, self.title.strip(), held_on), self.session


def _check_open_redaction(moment: Moment) -> None:
    if moment.private and any(entry.code == REDACT for entry in moment.codes):
        raise UsageError(
            "What is redacted cannot be private: every copy that is taken out must leave it out."
        )


def _note(text: str) -> str:
    if len(text) > NOTE_LIMIT:
        raise UsageError(f"A note may have at most {NOTE_LIMIT} letters.")
    return text.replace("\0", "")


def _relabelled(desk: Desk, session: SessionId, change: "_Relabel") -> tuple[Step, str]:
    version = desk.store.transcripts.current(session)
    if version is None:
        raise UsageError("This session has no transcript yet.")
    words = change(desk.store.transcripts.words(version.transcript))
    labels = tuple(word.speaker for word in words)
    if any("," in label or len(label) > 8 for label in labels):
        raise UsageError("A voice label is a short word without a comma, such as A.")
    return PutLabels(session, version.transcript, labels), session


class _Relabel(Protocol):
    def __call__(self, words: Sequence[Word], /) -> tuple[Word, ...]: ...
