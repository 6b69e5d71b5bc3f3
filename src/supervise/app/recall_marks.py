"""Marking what was recalled: commands on a recall's own time line, and reading the marks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from supervise.app import recall_gate
from supervise.app.commands import Desk
from supervise.app.recall_steps import DropRecallMark, PutRecallMark
from supervise.app.steps import Step
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, RecallId, RecallMarkId, new_id
from supervise.domain.moments import MomentCode
from supervise.domain.recall import Stop
from supervise.domain.recall_map import stop_at
from supervise.domain.recall_marks import (
    DRIFT,
    NOTE_LIMIT,
    About,
    RecallMark,
    TimeFrame,
    about_of,
    check_author,
    check_place,
    check_recall_mark,
)
from supervise.domain.recall_utterances import Utterance
from supervise.storage.recalls import KEPT, Recall
from supervise.storage.store import Store

_GOES_ON = (
    "This recall still goes on, or did not end as it should: `supervise recall recover` keeps it. "
    "Mark and write it up after that."
)


@dataclass(frozen=True, slots=True)
class MarkRecall:
    """Mark a span of a recall; `about` None means: as the codes say, and else the recaller."""

    recall: RecallId
    start_ms: int
    end_ms: int
    codes: tuple[MomentCode, ...] = ()
    time_frame: TimeFrame = TimeFrame.OPEN
    about: About | None = None
    note: str = ""

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that adds the mark, and its new id."""
        row = ended(desk.store, self.recall)
        codes = [entry.code for entry in self.codes]
        mark = RecallMark(
            mark=RecallMarkId(new_id()),
            recall=self.recall,
            session=row.session,
            author=desk.profile.profile,
            perspective=desk.profile.role,
            about=about_of(desk.codebook, codes) if self.about is None else self.about,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            time_frame=_frame(self.time_frame, codes),
            codes=self.codes,
            note=_note(self.note),
            codebook=desk.codebook_key,
            created_at=desk.now,
            changed_at=desk.now,
        )
        check_recall_mark(mark, desk.codebook, row.sound.duration_ms)
        return PutRecallMark(mark), mark.mark


@dataclass(frozen=True, slots=True)
class ChangeRecallMark:
    """Give a mark of one's own another place, codes, note or time frame; `changed` is the whole wish."""

    changed: RecallMark

    @property
    def recall(self) -> RecallId:
        """The recall it is on."""
        return self.changed.recall

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that replaces the mark; one that says nothing any more is dropped."""
        wish, stored = self.changed, desk.store.recall_marks.get(self.changed.mark)
        check_author(stored, desk.profile.profile)
        recoded = wish.codes != stored.codes or wish.about != stored.about
        mark = replace(
            stored,
            about=wish.about,
            start_ms=wish.start_ms,
            end_ms=wish.end_ms,
            time_frame=wish.time_frame,
            codes=wish.codes,
            note=_note(wish.note),
            codebook=desk.codebook_key if recoded else stored.codebook,
            changed_at=desk.now,
        )
        if not mark.says_something:
            return DropRecallMark(stored.session, stored.recall, stored.mark), stored.mark
        duration_ms = ended(desk.store, stored.recall).sound.duration_ms
        check_place(mark, duration_ms)
        if recoded:
            mark = replace(mark, time_frame=_frame(mark.time_frame, [entry.code for entry in mark.codes]))
            check_recall_mark(mark, desk.codebook, duration_ms)
        return PutRecallMark(mark), mark.mark


@dataclass(frozen=True, slots=True)
class DeleteRecallMark:
    """Take a mark of one's own away."""

    mark: RecallMarkId

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that drops it."""
        stored = desk.store.recall_marks.get(self.mark)
        check_author(stored, desk.profile.profile)
        return DropRecallMark(stored.session, stored.recall, self.mark), self.mark


def _frame(wanted: TimeFrame, codes: Iterable[str]) -> TimeFrame:
    """Words marked as out of recall are from now, unless something else is said (and then refused)."""
    return TimeFrame.NOW if wanted is TimeFrame.OPEN and DRIFT in codes else wanted


def _note(text: str) -> str:
    if len(text) > NOTE_LIMIT:
        raise UsageError(f"A note may have at most {NOTE_LIMIT} letters.")
    return text.replace("\0", "")


def ended(store: Store, recall: RecallId) -> Recall:
    """Return a recall that has ended as it should; raises UsageError for any other."""
    row = store.recalls.get(recall)
    if row.state != KEPT:
        raise UsageError(_GOES_ON if row.unfinished else "This recall was destroyed.")
    return row


# ---------------------------------------------------------------------------- reading


def marks_of(workspace: Workspace, recall: RecallId) -> tuple[RecallMark, ...]:
    """Return everybody's marks on a recall, by start; raises NotCoveredError, UsageError."""
    row = workspace.store.recalls.get(recall)
    recall_gate.require_look(workspace, row)
    return workspace.store.recall_marks.of_recall(recall)


def find_mark(workspace: Workspace, text: str) -> RecallMarkId:
    """Return the mark whose id is or begins with `text`; raises UsageError."""
    return workspace.store.recall_marks.find(text)


def own_mark(
    marks: Iterable[RecallMark], profile: ProfileId, span: tuple[int, int], about: About
) -> RecallMark | None:
    """Return one's own mark on exactly this span, or None."""
    for mark in marks:
        if mark.author == profile and (mark.start_ms, mark.end_ms) == span and mark.about is about:
            return mark
    return None


def span_at(said: Iterable[Utterance], stops: tuple[Stop, ...], at_ms: int, end_ms: int) -> tuple[int, int]:
    """Return the span of a recall, `end_ms` long, that an instant stands for.

    That is the utterance said there, else the stop that lasts there, else the instant alone.
    """
    for utterance in said:
        if utterance.recall_start_ms <= at_ms < utterance.recall_end_ms:
            return utterance.recall_start_ms, min(utterance.recall_end_ms, end_ms)
    stop = stop_at(stops, at_ms)
    if stop is None:
        return at_ms, at_ms
    return stop.recall_start_ms, end_ms if stop.recall_end_ms is None else min(stop.recall_end_ms, end_ms)
