"""Steps on recalls: marks and write-ups put and dropped, each returning the step that takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from supervise.app import changes, steps
from supervise.app.changes import Change
from supervise.app.gate import Gate
from supervise.app.recall_seats import require_open, whose
from supervise.app.steps import Step
from supervise.domain.consent import Scope
from supervise.domain.errors import UsageError
from supervise.domain.ids import RecallId, RecallMarkId, SessionId, WriteUpId
from supervise.domain.recall_marks import RecallMark, plain_recall_mark, recall_mark_from_plain
from supervise.domain.recall_scopes import scopes_for
from supervise.domain.speakers import SpeakerNames
from supervise.domain.write_ups import WriteUp, plain_write_up, write_up_from_plain
from supervise.storage.store import Store


@dataclass(frozen=True, slots=True)
class PutRecallMark:
    """Add a mark on a recall or replace the one with its id."""

    mark: RecallMark

    @property
    def session(self) -> SessionId:
        """The session recalled."""
        return self.mark.session

    @property
    def recall(self) -> RecallId:
        """The recall marked."""
        return self.mark.recall

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts the old one back or drops the new one."""
        try:
            inverse: Step = PutRecallMark(store.recall_marks.get(self.mark.mark))
        except UsageError:
            inverse = DropRecallMark(self.session, self.recall, self.mark.mark)
        store.recall_marks.put(self.mark)
        return inverse

    def change(self) -> Change:
        """The recall changed."""
        return Change(changes.RECALL, (self.recall, self.session, self.mark.mark))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {"step": "put_recall_mark", "mark": plain_recall_mark(self.mark)}


@dataclass(frozen=True, slots=True)
class DropRecallMark:
    """Take a mark on a recall away."""

    session: SessionId
    recall: RecallId
    mark: RecallMarkId

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts it back whole."""
        inverse = PutRecallMark(store.recall_marks.get(self.mark))
        store.recall_marks.remove(self.mark)
        return inverse

    def change(self) -> Change:
        """The recall changed."""
        return Change(changes.RECALL, (self.recall, self.session, self.mark))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        ids = {"session": self.session, "recall": self.recall, "mark": self.mark}
        return {"step": "drop_recall_mark", **ids}


@dataclass(frozen=True, slots=True)
class PutWriteUp:
    """Add a write-up or replace the one with its id."""

    entry: WriteUp

    @property
    def session(self) -> SessionId:
        """The session recalled."""
        return self.entry.session

    @property
    def recall(self) -> RecallId:
        """The recall written up."""
        return self.entry.recall

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts the old words back or drops the new ones."""
        try:
            inverse: Step = PutWriteUp(store.write_ups.get(self.entry.write_up))
        except UsageError:
            inverse = DropWriteUp(self.session, self.recall, self.entry.write_up)
        store.write_ups.put(self.entry)
        return inverse

    def change(self) -> Change:
        """The recall changed."""
        return Change(changes.RECALL, (self.recall, self.session, self.entry.write_up))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        return {"step": "put_write_up", "entry": plain_write_up(self.entry)}


@dataclass(frozen=True, slots=True)
class DropWriteUp:
    """Take a write-up away."""

    session: SessionId
    recall: RecallId
    write_up: WriteUpId

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts it back whole."""
        inverse = PutWriteUp(store.write_ups.get(self.write_up))
        store.write_ups.remove(self.write_up)
        return inverse

    def change(self) -> Change:
        """The recall changed."""
        return Change(changes.RECALL, (self.recall, self.session, self.write_up))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        ids = {"session": self.session, "recall": self.recall, "write_up": self.write_up}
        return {"step": "drop_write_up", **ids}


@dataclass(frozen=True, slots=True)
class PutRecallNames:
    """Replace the names given to a recall's voices."""

    session: SessionId
    recall: RecallId
    names: tuple[tuple[str, str], ...]

    def apply(self, store: Store) -> Step:
        """Write; the inverse puts the old names back."""
        inverse = PutRecallNames(self.session, self.recall, store.recall_transcripts.names(self.recall).names)
        store.recall_transcripts.set_names(self.recall, SpeakerNames(self.names))
        return inverse

    def change(self) -> Change:
        """The recall changed."""
        return Change(changes.RECALL, (self.recall, self.session))

    def plain(self) -> dict[str, Any]:
        """As JSON-able values."""
        names = [list(pair) for pair in self.names]
        return {"step": "put_recall_names", "session": self.session, "recall": self.recall, "names": names}


def step_from_plain(plain: Mapping[str, Any]) -> Step:
    """Read what any step's `plain` wrote; raises DamagedError for a kind this version does not know."""
    match plain["step"]:
        case "put_recall_mark":
            return PutRecallMark(recall_mark_from_plain(plain["mark"]))
        case "put_write_up":
            return PutWriteUp(write_up_from_plain(plain["entry"]))
        case "put_recall_names":
            ids = SessionId(plain["session"]), RecallId(plain["recall"])
            return PutRecallNames(*ids, tuple((pair[0], pair[1]) for pair in plain["names"]))
        case "drop_recall_mark":
            ids = SessionId(plain["session"]), RecallId(plain["recall"])
            return DropRecallMark(*ids, RecallMarkId(plain["mark"]))
        case "drop_write_up":
            ids = SessionId(plain["session"]), RecallId(plain["recall"])
            return DropWriteUp(*ids, WriteUpId(plain["write_up"]))
        case _:
            return steps.step_from_plain(plain)


def require(gate: Gate, store: Store, deed: object) -> None:
    """Ask the gate for a step or a command, as far as it says what it is about; raises NotCoveredError.

    What is noted of a recall rests on what the recall rests on; everything else on `own_review`, and what
    changes a transcript on its not having been taken back.
    """
    recall = getattr(deed, "recall", None)
    if recall is not None:
        row = store.recalls.get(recall)
        gate.require_not_apart(store.sessions.get(row.session).client, row.setup.recaller)
        for scope in scopes_for(row.setup):
            session = gate.require_session(row.session, scope)
        if not gate.owns(session.client):
            gate.require_session(row.session, Scope.OWN_REVIEW)
        require_open(gate, store, session, whose(row))
        return
    named = getattr(deed, "session", None)
    if named is not None:
        session = gate.require_session(named, Scope.OWN_REVIEW)
        if getattr(deed, "of_words", False):
            gate.require_words(session)
