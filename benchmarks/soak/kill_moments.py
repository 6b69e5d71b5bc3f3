"""Killed while marking, undoing and redoing: what was acknowledged is there, and undo still walks."""

from pathlib import Path

from ground import Count, damages, opened
from moment_deeds import Chain, session_state
from victim import Victim

from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId

_LONGEST_S = 1.2
_WALK = 6


class MomentsTrial:
    """One vault killed again and again; the chain of states is kept over all kills."""

    def __init__(self, count: Count, place: Path, session: SessionId) -> None:
        """Work on the session of the vault in `place`."""
        self._count = count
        self._vault = place / "vault"
        self._session = session

    def prepare(self) -> None:
        """Remember the state before any deed."""
        desk = opened(self._vault)
        self._chain = Chain(session_state(desk, self._session))
        desk.close()

    def once(self, number: int) -> None:
        """Let it work, kill it, look."""
        victim = Victim(
            self._count, "mark", vault=str(self._vault), session=self._session, seed=self._count.seed + number
        )
        victim.go()
        victim.kill_after(self._count.random.uniform(0.02, _LONGEST_S))
        for line in victim.acknowledged():
            self._count.add("acknowledged")
            self._count.add("acknowledged_deeds")
            walked = self._chain.follow(line["done"], line["state"])
            self._count.demand(walked, f"mark {number}: {line['done']} led to another state than before")
        begun = victim.in_flight
        with self._count.watch(f"mark {number}: opening") as watch:
            desk = opened(self._vault)
            self._look(desk, number, begun["begin"] if begun else None)
            desk.close()
        self._count.demand(watch.said is None, f"mark {number}: {watch.said}")

    def _look(self, desk: Workspace, number: int, begun: dict[str, object] | None) -> None:
        count, chain = self._count, self._chain
        if not count.demand(chain.settle(session_state(desk, self._session), begun), f"mark {number}: lost"):
            count.add("lost")
            self._chain = Chain(session_state(desk, self._session))
        for damage in damages(desk.vault):
            count.fail(f"mark {number}: {damage}")
        self._walk(desk, min(_WALK, self._chain.at), number)

    def _walk(self, desk: Workspace, steps: int, number: int) -> None:
        """Undo and redo so many steps, comparing each state."""
        start = self._chain.at
        for at in [*range(start - 1, start - steps - 1, -1), *range(start - steps + 1, start + 1)]:
            if at < self._chain.at:
                desk.undo()
            else:
                desk.redo()
            self._chain.at = at
            right = session_state(desk, self._session) == self._chain.present
            self._count.demand(right, f"mark {number}: undo or redo led to a wrong state")
            self._count.add("undo_steps_checked")

    def conclude(self) -> None:
        """Undo everything that ever happened, and redo it."""
        desk = opened(self._vault)
        self._walk(desk, self._chain.at, -1)
        while desk.can_redo and self._chain.at < len(self._chain.states) - 1:
            desk.redo()
            self._chain.at += 1
        self._count.demand(session_state(desk, self._session) == self._chain.present, "mark: the end differs")
        desk.close()
