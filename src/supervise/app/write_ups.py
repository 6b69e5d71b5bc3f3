"""Writing a recall up: one's own words, private until they are shared, apart from codes and ratings."""

from dataclasses import dataclass, replace

from supervise.app import recall_gate
from supervise.app.commands import Desk
from supervise.app.recall_marks import ended
from supervise.app.recall_steps import DropWriteUp, PutWriteUp
from supervise.app.steps import Step
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import RecallId, WriteUpId, new_id
from supervise.domain.write_ups import WriteUp, checked_text


@dataclass(frozen=True, slots=True)
class WriteUpRecall:
    """Write a recall up, or change what one wrote; no words take the write-up away.

    `shared` None leaves it as it is, and a new one private.
    """

    recall: RecallId
    text: str
    shared: bool | None = None

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that keeps it, and its id."""
        row = ended(desk.store, self.recall)
        text = checked_text(self.text)
        own = desk.store.write_ups.own(self.recall)
        if not text.strip():
            if own is None:
                raise UsageError("A write-up needs some words.")
            return DropWriteUp(row.session, self.recall, own.write_up), own.write_up
        entry = own or WriteUp(
            write_up=WriteUpId(new_id()),
            recall=self.recall,
            session=row.session,
            author=desk.profile.profile,
            text=text,
            private=True,
            created_at=desk.now,
            changed_at=desk.now,
        )
        private = entry.private if self.shared is None else not self.shared
        return PutWriteUp(replace(entry, text=text, private=private, changed_at=desk.now)), entry.write_up


@dataclass(frozen=True, slots=True)
class ShareWriteUp:
    """Let others who may read the recall read one's write-up, or no longer."""

    recall: RecallId
    shared: bool

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that shares it, or seals it again."""
        own = desk.store.write_ups.own(self.recall)
        if own is None:
            raise UsageError("There is nothing to share yet: you have not written this recall up.")
        return PutWriteUp(replace(own, private=not self.shared, changed_at=desk.now)), own.write_up


def own_write_up(workspace: Workspace, recall: RecallId) -> WriteUp | None:
    """Return one's own write-up of a recall, or None; raises NotCoveredError, UsageError."""
    _look(workspace, recall)
    return workspace.store.write_ups.own(recall)


def write_ups_of(workspace: Workspace, recall: RecallId) -> tuple[WriteUp, ...]:
    """Return one's own write-up of a recall and those others share, oldest first."""
    _look(workspace, recall)
    return workspace.store.write_ups.of_recall(recall)


def _look(workspace: Workspace, recall: RecallId) -> None:
    row = workspace.store.recalls.get(recall)
    recall_gate.require_look(workspace, row)
