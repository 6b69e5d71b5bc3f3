"""Turns keys and drags into commands on moments: where a mark falls, what the last one was, what E ends."""

from dataclasses import replace

from supervise.app.commands import ChangeMoment, DeleteMoment, MarkMoment
from supervise.app.workspace import Workspace
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.moments import FLAG, Moment, MomentCode
from supervise.ui.lanes import end_is_open
from supervise.ui.moment_model import MomentModel

SHORTEST_MS = 50


class Marking:
    """Holds no moment; asks the model, writes through the workspace."""

    def __init__(
        self, workspace: Workspace, session: SessionId, duration_ms: int, model: MomentModel
    ) -> None:
        """Mark one session."""
        self._workspace = workspace
        self._session = session
        self._duration_ms = duration_ms
        self._model = model
        self.fresh = ""

    def point(self, code: str, ms: int) -> str:
        """Mark a code at a time and return the moment's id."""
        return self._mark(code, min(max(ms, 0), self._duration_ms), None)

    def span(self, code: str, start_ms: int, end_ms: int) -> str:
        """Mark a code on a span."""
        end_ms = min(max(end_ms, start_ms + SHORTEST_MS), self._duration_ms)
        return self._mark(code, start_ms, end_ms)

    def _mark(self, code: str, start_ms: int, end_ms: int | None) -> str:
        wish = MarkMoment(self._session, start_ms, (MomentCode(code),), end_ms)
        return self._workspace.execute(wish, "window")

    def drawn(self, start_ms: int, end_ms: int, playing: bool) -> str:
        """Mark a span just drawn by hand; while nothing plays, the next code's key goes onto it."""
        made = self.span(FLAG, start_ms, end_ms)
        self.fresh = "" if playing else made
        return made

    def let_go(self) -> None:
        """The next code is a mark of its own: the hand has gone on from the span just drawn."""
        self.fresh = ""

    def recode_fresh(self, code: str) -> str:
        """Put a code on the span just drawn, in place of its flag; empty when there is none."""
        moment = self._model.by_id(self.fresh)
        self.fresh = ""
        if moment is None or [entry.code for entry in moment.codes] != [FLAG] or code == FLAG:
            return ""
        self.change(replace(moment, codes=(MomentCode(code),)))
        return moment.moment

    def end_at(self, ms: int, chosen: str) -> str:
        """End the chosen moment at a time, or the last one whose end is open before it.

        Returns the moment's id, empty when there was none to end.
        """
        moment = self._to_end(ms, chosen)
        if moment is None:
            return ""
        end_ms = min(max(ms, moment.start_ms + SHORTEST_MS), self._duration_ms)
        self.change(replace(moment, end_ms=end_ms))
        return moment.moment

    def _to_end(self, ms: int, chosen: str) -> Moment | None:
        mine = [m for m in self._model.moments if m.author == self._workspace.profile.profile]
        picked = next((m for m in mine if m.moment == chosen), None)
        if picked is not None and picked.start_ms < ms:
            return picked
        book = self._workspace.codebook()
        still_open = [m for m in mine if m.start_ms < ms and end_is_open(m, book)]
        flags = [m for m in mine if m.start_ms < ms and m.end_ms is None]
        found = still_open or flags
        return max(found, key=lambda m: m.start_ms) if found else None

    def change(self, moment: Moment) -> None:
        """Give a moment other values."""
        if moment.end_ms is not None and moment.end_ms > self._duration_ms:
            moment = replace(moment, end_ms=self._duration_ms)
        if moment != self._model.by_id(moment.moment):
            self._workspace.execute(ChangeMoment(moment), "window")

    def dragged(self, moment: str, start_ms: int, end_ms: int | None) -> None:
        """Move a moment or one of its edges; a whole moment pushed over the end keeps its length."""
        held = self._model.by_id(moment)
        if held is None:
            return
        over = max((end_ms or start_ms) - self._duration_ms, 0)
        if over and held.end_ms is not None and end_ms is not None:
            same_length = end_ms - start_ms == held.end_ms - held.start_ms
            start_ms, end_ms = start_ms - over if same_length else start_ms, end_ms - over
        elif over:
            start_ms -= over
        self.change(replace(held, start_ms=max(start_ms, 0), end_ms=end_ms))

    def delete(self, moment: str) -> None:
        """Take a moment away."""
        self._workspace.execute(DeleteMoment(MomentId(moment)), "window")

    def neighbour(self, ms: int, chosen: str, step: int) -> Moment | None:
        """Return the moment after or before the chosen one, else after or before a time."""
        moments = self._model.moments
        places = [number for number, entry in enumerate(moments) if entry.moment == chosen]
        if places:
            number = places[0] + step
        elif step > 0:
            number = next((n for n, entry in enumerate(moments) if entry.start_ms > ms), len(moments))
        else:
            number = max((n for n, entry in enumerate(moments) if entry.start_ms < ms), default=-1)
        return moments[number] if 0 <= number < len(moments) else None
