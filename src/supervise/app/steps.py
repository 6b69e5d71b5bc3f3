"""Steps: the small writes commands are made of, each returning the step that takes it back.

Steps are what the history keeps, so they travel as JSON and are never renamed once released.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from supervise.app import changes
from supervise.app.changes import Change
from supervise.domain.errors import DamagedError, UsageError
from supervise.domain.ids import CommentId, MomentId, SessionId, TranscriptId
from supervise.domain.moments import Comment, Moment, moment_from_plain, plain_moment
from supervise.domain.speakers import SpeakerNames
from supervise.storage.store import Store


class Step(Protocol):
    """One reversible write on one session."""

    @property
    def session(self) -> SessionId:
        """The session it belongs to."""

    def apply(self, store: Store) -> "Step":
        """Write, inside the caller's transaction, and return the inverse."""

    def change(self) -> Change:
        """What subscribers are told after the commit."""

    def plain(self) -> dict[str, Any]:
        """The step as JSON-able values, `step` naming its kind."""


@dataclass(frozen=True, slots=True)
class PutMoment:
    """Add a moment or replace the one with its id."""

    moment: Moment

    @property
    def session(self) -> SessionId:
        """The moment's session."""
        return self.moment.session

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts the old one back or drops the new one."""
        try:
            inverse: Step = PutMoment(store.moments.get(self.moment.moment))
        except UsageError:
            inverse = DropMoment(self.session, self.moment.moment)
        store.moments.put(self.moment)
        return inverse

    def change(self) -> Change:
        """Moments changed."""
        return Change(changes.MOMENTS, (self.session, self.moment.moment))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {"step": "put_moment", "moment": plain_moment(self.moment)}


@dataclass(frozen=True, slots=True)
class DropMoment:
    """Take a moment away."""

    session: SessionId
    moment: MomentId

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts it back whole."""
        inverse = PutMoment(store.moments.get(self.moment))
        store.moments.remove(self.moment)
        return inverse

    def change(self) -> Change:
        """Moments changed."""
        return Change(changes.MOMENTS, (self.session, self.moment))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {"step": "drop_moment", "session": self.session, "moment": self.moment}


@dataclass(frozen=True, slots=True)
class PutNames:
    """Replace the names given to a session's voices."""

    of_words: ClassVar[bool] = True
    session: SessionId
    names: tuple[tuple[str, str], ...]

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts the old names back."""
        inverse = PutNames(self.session, store.transcripts.names(self.session).names)
        store.transcripts.set_names(self.session, SpeakerNames(self.names))
        return inverse

    def change(self) -> Change:
        """Speakers changed."""
        return Change(changes.SPEAKERS, (self.session,))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {"step": "put_names", "session": self.session, "names": [list(pair) for pair in self.names]}


@dataclass(frozen=True, slots=True)
class PutLabels:
    """Replace the voice label of every word of one transcript; `labels` has one entry a word."""

    of_words: ClassVar[bool] = True
    session: SessionId
    transcript: TranscriptId
    labels: tuple[str, ...]

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts the old labels back."""
        inverse = PutLabels(self.session, self.transcript, store.transcripts.labels(self.transcript))
        store.transcripts.set_labels(self.transcript, self.labels)
        return inverse

    def change(self) -> Change:
        """The transcript changed."""
        return Change(changes.TRANSCRIPT, (self.session,))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        packed = ",".join(self.labels)
        return {
            "step": "put_labels",
            "session": self.session,
            "transcript": self.transcript,
            "labels": packed,
            "count": len(self.labels),
        }


@dataclass(frozen=True, slots=True)
class PutDescription:
    """Set a session's own label and day."""

    session: SessionId
    title: str
    held_on: str

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts the old words back."""
        old = store.sessions.get(self.session)
        store.sessions.describe(self.session, self.title, self.held_on)
        return PutDescription(self.session, old.title, old.held_on)

    def change(self) -> Change:
        """The library changed."""
        return Change(changes.LIBRARY, (self.session,))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        words = {"title": self.title, "held_on": self.held_on}
        return {"step": "put_description", "session": self.session, **words}


@dataclass(frozen=True, slots=True)
class PutComment:
    """Add a comment."""

    session: SessionId
    comment: Comment

    def apply(self, store: Store) -> Step:
        """Write; the inverse takes it away."""
        store.moments.add_comment(self.comment, self.session)
        return DropComment(self.session, self.comment.comment)

    def change(self) -> Change:
        """Comments changed."""
        return Change(changes.COMMENTS, (self.session, self.comment.moment))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        entry = self.comment
        return {
            "step": "put_comment",
            "session": self.session,
            "comment": entry.comment,
            "moment": entry.moment,
            "author": entry.author,
            "text": entry.text,
            "created_at": entry.created_at,
        }


@dataclass(frozen=True, slots=True)
class DropComment:
    """Take a comment away."""

    session: SessionId
    comment: CommentId

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts it back."""
        inverse = PutComment(self.session, store.moments.comment(self.comment))
        store.moments.remove_comment(self.comment)
        return inverse

    def change(self) -> Change:
        """Comments changed."""
        return Change(changes.COMMENTS, (self.session,))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {"step": "drop_comment", "session": self.session, "comment": self.comment}


def step_from_plain(plain: Mapping[str, Any]) -> Step:
    """Read what a step's `plain` wrote; raises DamagedError for a kind this version does not know."""
    kind = plain["step"]
    session = SessionId(plain.get("session", ""))
    if kind == "put_moment":
        return PutMoment(moment_from_plain(plain["moment"]))
    if kind == "drop_moment":
        return DropMoment(session, MomentId(plain["moment"]))
    if kind == "put_names":
        return PutNames(session, tuple((pair[0], pair[1]) for pair in plain["names"]))
    if kind == "put_labels":
        labels = tuple(plain["labels"].split(",")) if plain["count"] else ()
        return PutLabels(session, TranscriptId(plain["transcript"]), labels)
    if kind == "put_description":
        return PutDescription(session, plain["title"], plain["held_on"])
    if kind == "put_comment":
        fields = {name: plain[name] for name in Comment.__slots__}
        return PutComment(session, Comment(**fields))
    if kind == "drop_comment":
        return DropComment(session, CommentId(plain["comment"]))
    raise DamagedError(f"The history holds a step this version does not know ({kind}). Update supervise.")
