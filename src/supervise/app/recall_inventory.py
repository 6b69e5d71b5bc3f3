"""What there is of recalls, interviews and ratings of a session, and what of it nothing allows any longer."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from supervise.domain.consent import Scope
from supervise.domain.ids import SessionId
from supervise.domain.keeping import recall_basis
from supervise.domain.rating import Rater
from supervise.domain.recall import Party, setup_from_plain
from supervise.domain.times import samples_to_ms
from supervise.storage.recall_destruction import RecallIds
from supervise.storage.recalls import DESTROYED
from supervise.storage.store import Store

RECALL, INTERVIEW, SERIES = "recall", "interview", "series"
GONE = "recalls_gone"  # in a decision's entry about a session: the ids that go, or went


@dataclass(frozen=True, slots=True)
class Recollection:
    """A recall, an interview or a rating series; `by_client`: the client took part, so it rests on that.

    `day` is when it was made. `facts` say the rest, without content. `study` is that of an
    interview or a series, which rests on it too; `held_in` the recall it was held in, with which it goes.
    """

    id: str
    what: str
    by_client: bool
    day: date
    facts: Mapping[str, Any]
    study: str = ""
    held_in: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as inventory and certificate list it."""
        day = self.day.isoformat()
        return {"id": self.id, "what": self.what, "by_client": self.by_client, "day": day, **self.facts}


def recollections(store: Store, session: SessionId) -> list[Recollection]:
    """Return what there is of a session, the oldest first; what was destroyed is left out."""
    db, named = store.vault.db, [session]
    recalls = db.query("SELECT * FROM recalls WHERE session_id = ? AND state <> ?", [session, DESTROYED])
    found = [_recall(row) for row in recalls]
    found += [_interview(row) for row in db.query("SELECT * FROM interviews WHERE session_id = ?", named)]
    found += [_series(row) for row in db.query("SELECT * FROM rating_series WHERE session_id = ?", named)]
    return sorted(found, key=lambda entry: (entry.day, entry.id))


def without_basis(
    found: Sequence[Recollection], standing: Collection[Scope], in_study: Callable[[str], bool]
) -> list[Recollection]:
    """Return those that no granted scope allows to be kept; `in_study` says whether a study may go on."""
    granted = frozenset(standing)
    loose = [
        entry
        for entry in found
        if not recall_basis(by_client=entry.by_client) & granted
        or (entry.study and not in_study(entry.study))
    ]
    return with_held(found, {entry.id for entry in loose})


def with_held(found: Sequence[Recollection], ids: Collection[str]) -> list[Recollection]:
    """Return those of these ids, and the interviews held in them."""
    return [entry for entry in found if entry.id in ids or entry.held_in in ids]


def ids_of(found: Iterable[Recollection]) -> RecallIds:
    """Return their ids, sorted by what they are of."""
    rows = list(found)
    return RecallIds(
        *(tuple(row.id for row in rows if row.what == what) for what in (RECALL, INTERVIEW, SERIES))
    )


def counted(entry: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Return what a decision's entry lists of a session: each kind, how many of it go, how many there are."""
    gone, found = frozenset(entry.get(GONE, ())), []
    for what in (RECALL, INTERVIEW, SERIES):
        ids = [row["id"] for row in entry.get("recall_list", ()) if row["what"] == what]
        found.append((what, len(gone.intersection(ids)), len(ids)))
    return [row for row in found if row[2]]


def plain(found: Sequence[Recollection]) -> list[dict[str, Any]]:
    """Return them as inventory and certificate list them."""
    return [entry.plain() for entry in found]


def _recall(row: Mapping[str, Any]) -> Recollection:
    setup = setup_from_plain(json.loads(row["setup"]))
    length_ms = samples_to_ms(row["samples"], row["rate_hz"])
    facts = {"kind": str(setup.kind), "duration_ms": length_ms, "sha256": row["sha256"]}
    by_client = setup.recaller is not Party.THERAPIST
    return Recollection(row["id"], RECALL, by_client, _day(row["started_at"]), facts)


def _interview(row: Mapping[str, Any]) -> Recollection:
    facts = {"protocol": row["protocol"], "time_point": row["time_point"]}
    by_client = row["party"] != Party.THERAPIST
    day = _day(row["opened_at"] or row["created_at"])
    return Recollection(row["id"], INTERVIEW, by_client, day, facts, row["study"], row["recall_id"])


def _series(row: Mapping[str, Any]) -> Recollection:
    setup = json.loads(row["setup"])
    by_client = setup["rater"] == Rater.CLIENT
    return Recollection(
        row["id"], SERIES, by_client, _day(row["started_at"]), {}, setup.get("study", "").strip()
    )


def _day(at: str) -> date:
    return date.fromisoformat(at[:10])
