"""Passages of a recall: its rows, what stands below them, and one's own mark on the passage chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from supervise.app.commands import Command
from supervise.app.recall_marks import ChangeRecallMark, DeleteRecallMark, MarkRecall, own_mark
from supervise.app.recall_reading import RecallView as RecallContent
from supervise.app.recall_voices import spoken_by
from supervise.app.workspace import Workspace
from supervise.domain.codebook import Codebook
from supervise.domain.ids import ProfileId
from supervise.domain.moments import MomentCode
from supervise.domain.recall import Stop
from supervise.domain.recall_marks import About, RecallMark, TimeFrame
from supervise.domain.recall_utterances import Utterance
from supervise.domain.transcript import Pause, Turn
from supervise.ui.lanes import family_of
from supervise.ui.patterns import edge_color
from supervise.ui.reading_words import STOPPED, mark_words, span_words
from supervise.ui.recall_lines_paint import Mark
from supervise.ui.recall_view import RecallView
from supervise.ui.recalled_words import Footer, StopRow
from supervise.ui.theme import colors

Rows = list[Turn | Pause]


def rows_of_recall(content: RecallContent, said: Sequence[Utterance]) -> Rows:
    """Return utterances as turns, each stop above what was said in it, in time order."""
    rows: list[tuple[int, int, Turn | Pause]] = []
    for stop in content.stops:
        inside = [u.recall_start_ms for u in said if u.stop is not None and u.stop.seq == stop.seq]
        start_ms = min([stop.recall_start_ms, *inside])
        rows.append((start_ms, 0, _stop_row(content, stop, start_ms)))
    for entry in said:
        turn = Turn(entry.speaker, entry.recall_start_ms, entry.recall_end_ms, entry.words)
        rows.append((entry.recall_start_ms, 1, turn))
    return [row for *_, row in sorted(rows, key=lambda entry: entry[:2])]


def _stop_row(content: RecallContent, stop: Stop, start_ms: int) -> StopRow:
    end_ms = content.map.duration_ms if stop.recall_end_ms is None else stop.recall_end_ms
    asked = tuple(used.words or used.prompt for used in content.prompts if used.stop == stop.seq)
    return StopRow(start_ms, max(end_ms, start_ms), stop=stop, prompts=asked)


def session_span(content: RecallContent, start_ms: int, end_ms: int) -> tuple[int, int]:
    """Return what of the session a span of the recall is about."""
    return content.map.session_span(start_ms, end_ms, content.stops)


def footers_of(
    rows: Rows,
    content: RecallContent,
    marks: Sequence[RecallMark],
    codebook: Codebook,
    names: Mapping[ProfileId, str],
    me: ProfileId,
) -> dict[int, Footer]:
    """Return what stands below each row: what it is about, and everybody's marks that touch it.

    A mark is shown below what was said; below a stop only where nothing was said.
    """
    homes = _homes(rows, marks)
    made: dict[int, Footer] = {}
    for number, entry in enumerate(rows):
        chips: list[tuple[str, bool]] = []
        for mark in homes.get(number, ()):
            words = mark_words(mark, codebook) or "note"
            who = "" if mark.author == me else f"{names.get(mark.author, 'somebody')}: "
            chips.append(
                (
                    f"{who}{words}{' ✎' if mark.note and words != 'note' else ''}",
                    mark.time_frame is TimeFrame.NOW,
                )
            )
        if isinstance(entry, Turn):
            made[number] = Footer(
                f"about {span_words(*session_span(content, entry.start_ms, entry.end_ms))}", tuple(chips)
            )
        elif chips:
            made[number] = Footer("", tuple(chips))
    return made


def _homes(rows: Rows, marks: Sequence[RecallMark]) -> dict[int, list[RecallMark]]:
    homes: dict[int, list[RecallMark]] = {}
    for mark in marks:
        touched = [number for number, row in enumerate(rows) if _touch(mark, row.start_ms, row.end_ms)]
        said = [number for number in touched if isinstance(rows[number], Turn)]
        for number in said or touched[:1]:
            homes.setdefault(number, []).append(mark)
    return homes


def _touch(mark: RecallMark, start_ms: int, end_ms: int) -> bool:
    return (
        mark.start_ms <= end_ms
        and mark.end_ms >= start_ms
        and (min(mark.end_ms, end_ms) > max(mark.start_ms, start_ms) or mark.start_ms == mark.end_ms)
    )


def drawn_marks(marks: Sequence[RecallMark], codebook: Codebook) -> list[Mark]:
    """Return marks as they are drawn under the recall, in the colour of their first code's family."""
    look = colors()
    drawn = []
    for mark in marks:
        color = edge_color(family_of(codebook, mark.codes[0].code), look) if mark.codes else look.muted
        drawn.append(Mark(mark.start_ms, mark.end_ms, color, mark.time_frame is TimeFrame.NOW))
    return drawn


class Passages:
    """Keeps the panel in step with the passage chosen, and turns its wishes into commands."""

    def __init__(self, workspace: Workspace, view: RecallView, do: Callable[[Command], object]) -> None:
        """Work on the recall that `show` is given."""
        self._work, self._view, self._do = workspace, view, do
        self._content: RecallContent | None = None
        self._marks: Sequence[RecallMark] = ()
        self._span: tuple[int, int] | None = None
        self._about: dict[tuple[int, int], About] = {}
        panel = view.passage
        self.pairs: list[tuple[object, Callable[..., object]]] = [
            (panel.frame_wished, self.frame),
            (panel.about_wished, lambda about: self.tell_about(About(about))),
            (panel.code_wished, self.code),
            (panel.noted, self._on_noted),
            (panel.removed, self.remove),
        ]

    @property
    def span(self) -> tuple[int, int] | None:
        """The passage chosen."""
        return self._span

    def show(
        self, content: RecallContent, marks: Sequence[RecallMark], names: Mapping[ProfileId, str]
    ) -> None:
        """Show the passage chosen with its marks."""
        panel, span = self._view.passage, self._view.words.passage
        if span != self._span:
            panel.note.commit()  # a note is on the passage it was begun on
            if span == self._span:
                return  # it was kept just now, and everything shown anew
        self._content, self._marks, self._span = content, marks, span
        if span is None:
            panel.clear()
            return
        book, me = self._work.codebook(), self._work.profile.profile
        about = self._whose(span)
        row = self._view.words.row_of_passage()
        who = content.names.name(row.speaker) if isinstance(row, Turn) and row.speaker else ""
        if isinstance(row, StopRow) and row.stop is not None:
            who = STOPPED[row.stop.stopped_by]
        panel.show_passage(book, span, session_span(content, *span), who, about)
        own = own_mark(marks, me, span, about)
        touching = [mark for mark in marks if mark != own and _touch(mark, *span)]
        panel.show_marks(own, [self._said(mark, span, names, book) for mark in touching])

    def _said(
        self, mark: RecallMark, span: tuple[int, int], names: Mapping[ProfileId, str], book: Codebook
    ) -> str:
        mine = mark.author == self._work.profile.profile
        who = "You" if mine else names.get(mark.author, "Somebody")
        where = "" if (mark.start_ms, mark.end_ms) == span else f", {span_words(mark.start_ms, mark.end_ms)}"
        whose = ", of the inquirer" if mark.about is About.INQUIRER else ""
        note = f" – {mark.note}" if mark.note else ""
        return f"{who}{where}{whose}: {mark_words(mark, book) or 'a note'}{note}"

    def _whose(self, span: tuple[int, int]) -> About:
        """Return whose words a passage is shown as: as chosen, as it was marked, or as its voice is named."""
        if span in self._about:
            return self._about[span]
        me, content = self._work.profile.profile, self._content
        for mark in self._marks:
            if mark.author == me and (mark.start_ms, mark.end_ms) == span:
                return mark.about
        row = self._view.words.row_of_passage()
        if content is not None and isinstance(row, Turn):
            return spoken_by(row.speaker, content.names, content.recall.setup)
        return About.RECALLER

    def _again(self) -> None:
        if self._content is not None:
            names = {entry.profile: entry.name for entry in self._work.profiles()}
            self.show(self._content, self._marks, names)

    # --- wishes

    def _own(self) -> RecallMark | None:
        if self._span is None:
            return None
        me = self._work.profile.profile
        return own_mark(self._marks, me, self._span, self._view.passage.about)

    def _make(
        self, codes: tuple[MomentCode, ...] = (), frame: TimeFrame = TimeFrame.OPEN, note: str = ""
    ) -> None:
        if self._content is not None and self._span is not None:
            recall, about = self._content.recall.recall, self._view.passage.about
            self._do(MarkRecall(recall, *self._span, codes, frame, about, note))

    def frame(self, frame: str) -> None:
        """Say that the passage is from then or now; said again, it is open."""
        own, wanted = self._own(), TimeFrame(frame)
        if own is None:
            self._make(frame=wanted)
        else:
            new = TimeFrame.OPEN if own.time_frame is wanted else wanted
            self._do(ChangeRecallMark(replace(own, time_frame=new)))
        self._again()

    def tell_about(self, about: About | None = None) -> None:
        """Say whose words the passage is: those of `about`, or of the other one."""
        if self._span is None:
            return
        now = self._view.passage.about
        other = About.INQUIRER if now is About.RECALLER else About.RECALLER
        self._about[self._span] = other if about is None else about
        self._again()

    def code(self, code: str) -> None:
        """Put a code on the passage, or take it off."""
        own = self._own()
        if own is None:
            self._make((MomentCode(code),))
        else:
            kept = tuple(entry for entry in own.codes if entry.code != code)
            codes = kept if len(kept) < len(own.codes) else (*own.codes, MomentCode(code))
            self._do(ChangeRecallMark(replace(own, codes=codes)))
        self._again()

    def code_number(self, number: int) -> None:
        """Put the code with a key (1 to 10) on the passage, or take it off."""
        offered = self._view.passage.offered()
        if self._span is not None and number <= len(offered):
            self.code(offered[number - 1].code)

    def _on_noted(self, note: str) -> None:
        own = self._own()
        if own is not None:
            self._do(ChangeRecallMark(replace(own, note=note)))
        elif note.strip():
            self._make(note=note)

    def remove(self) -> None:
        """Take one's own mark away."""
        own = self._own()
        if own is not None:
            self._do(DeleteRecallMark(own.mark))
