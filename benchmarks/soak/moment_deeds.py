"""Random deeds on a session's moments, and what the session must look like after each, killed or not."""

import random
from dataclasses import asdict, replace
from typing import Any

from supervise.app.commands import (
    AddComment,
    ChangeMoment,
    DeleteMoment,
    DescribeSession,
    MarkMoment,
    MergeVoices,
    NameSpeaker,
    ReassignWords,
)
from supervise.app.workspace import Workspace
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.moments import MomentCode, plain_moment

State = dict[str, Any]
Wish = dict[str, Any]
_CODES = ("wf.flag", "wd.minimal", "ct.cue")
_MOST = 25


def session_state(desk: Workspace, session: SessionId) -> State:
    """Return everything undo is about, as JSON-able values; `deeds` tells apart states that look the same."""
    deeds = desk.vault.db.execute("SELECT count(*) FROM history WHERE undone = 0").fetchone()[0]
    row = desk.session(session)
    view = desk.transcript(session)
    return {
        "moments": {moment.moment: plain_moment(moment) for moment in desk.moments(session)},
        "comments": {entry.comment: asdict(entry) for entry in desk.comments(session)},
        "names": [list(pair) for pair in view.names.names],
        "labels": "".join(word.speaker for word in view.words),
        "described": [row.title, row.held_on],
        "deeds": deeds,
    }


class Deeds:
    """Chooses and does; the choice is a JSON-able value that says what the outcome must be."""

    def __init__(self, desk: Workspace, session: SessionId, chance: random.Random) -> None:
        """Work on one session."""
        self._desk = desk
        self._session = session
        self._chance = chance

    def choose(self) -> Wish:
        """Choose the next deed among those that are possible now."""
        moments = self._desk.moments(self._session)
        deeds = ["mark"] * 4 + ["name", "describe", "merge", "reassign"]
        deeds += ["change", "change", "delete", "comment"] if moments else []
        deeds += ["undo"] * 3 if self._desk.can_undo else []
        deeds += ["redo"] * 4 if self._desk.can_redo else []
        deed = "delete" if len(moments) > _MOST else self._chance.choice(deeds)
        wish: Wish = {"deed": deed, "note": f"note {self._chance.random()} — “ünï”"}
        wish["at"], wish["span"] = self._chance.randrange(0, 20_000), self._chance.randrange(1, 5_000)
        wish["code"] = self._chance.choice(_CODES)
        wish["moment"] = self._chance.choice(moments).moment if moments else ""
        return wish

    def do(self, wish: Wish) -> None:
        """Do what was chosen."""
        if wish["deed"] == "undo":
            self._desk.undo()
        elif wish["deed"] == "redo":
            self._desk.redo()
        else:
            self._desk.execute(self._command(wish))

    def _command(self, wish: Wish) -> Any:
        session, note, at = self._session, wish["note"], wish["at"]
        if wish["deed"] == "mark":
            return MarkMoment(session, at, (MomentCode(wish["code"]),), at + wish["span"], note)
        if wish["deed"] == "name":
            return NameSpeaker(session, "A", note[:40])
        if wish["deed"] == "describe":
            return DescribeSession(session, note, "2026-11-02")
        if wish["deed"] == "merge":
            return MergeVoices(session, "B", "A")
        if wish["deed"] == "reassign":
            return ReassignWords(session, at, at + wish["span"], "B")
        moment = MomentId(wish["moment"])
        if wish["deed"] == "delete":
            return DeleteMoment(moment)
        if wish["deed"] == "comment":
            return AddComment(moment, note)
        stored = self._desk.store.moments.get(moment)
        return ChangeMoment(replace(stored, start_ms=at, end_ms=None, note=note))


class Chain:
    """The states a session went through, as undo and redo walk them; `at` is the present one."""

    def __init__(self, first: State) -> None:
        """Start from the state before any deed."""
        self.states = [first]
        self.at = 0

    @property
    def present(self) -> State:
        """The state acknowledged last."""
        return self.states[self.at]

    def follow(self, deed: str, state: State) -> bool:
        """Take in an acknowledged deed; False when undo or redo did not lead where it should."""
        if deed in ("undo", "redo"):
            self.at += 1 if deed == "redo" else -1
            return self.present == state
        self.states[self.at + 1 :] = [state]
        self.at += 1
        return True

    def settle(self, found: State, begun: Wish | None) -> bool:
        """Take in what a kill left: the acknowledged state, or the one deed in flight done whole."""
        if found == self.present:
            return True
        if begun is None:
            return False
        deed = begun["deed"]
        if deed in ("undo", "redo"):
            to = self.at + (1 if deed == "redo" else -1)
            if not (0 <= to < len(self.states) and self.states[to] == found):
                return False
            self.at = to
            return True
        if not _fits(self.present, found, begun):
            return False
        return self.follow(deed, found)


def _fits(before: State, after: State, wish: Wish) -> bool:
    """Whether `after` is `before` with exactly the wish fulfilled."""
    deed = wish["deed"]
    if after["deeds"] != before["deeds"] + 1:
        return False
    before = {**before, "deeds": after["deeds"]}
    if deed in ("name", "describe", "merge", "reassign"):
        part = {"name": "names", "describe": "described"}.get(deed, "labels")
        return {**after, part: None} == {**before, part: None}
    if deed == "comment":
        new = [entry for key, entry in after["comments"].items() if key not in before["comments"]]
        rest = {**after, "comments": None} == {**before, "comments": None}
        return rest and [entry["text"] for entry in new] == [wish["note"].strip()]
    old, new_moments = dict(before["moments"]), dict(after["moments"])
    if deed == "delete":
        gone = old.pop(wish["moment"], None)
        seen = {key: c for key, c in before["comments"].items() if c["moment"] != wish["moment"]}
        return gone is not None and old == new_moments and seen == after["comments"]
    if deed == "change":
        was, now = old.pop(wish["moment"]), new_moments.pop(wish["moment"])
        told = {"start_ms": wish["at"], "end_ms": None, "note": wish["note"]}
        return old == new_moments and now == {**was, **told, "changed_at": now["changed_at"]}
    added = [new_moments.pop(key) for key in list(new_moments) if key not in old]
    told = [(entry["start_ms"], entry["note"], entry["codes"][0]["code"]) for entry in added]
    return old == new_moments and told == [(wish["at"], wish["note"], wish["code"])]
