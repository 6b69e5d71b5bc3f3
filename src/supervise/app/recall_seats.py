"""Whose a recall (or a series of ratings) is, and which parts in a case it is open to.

Whoever held one, or helped in it, reads it. What the client recalled alone is closed to everybody else, the
therapist too, until the client agrees to share it; what the therapist recalled, to the client's profile. An
inquirer reads no recall of somebody else's, a researcher none that is not of their study (ADR 0018).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from supervise.app.gate import Gate
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import ProfileId, RecallId
from supervise.domain.rating import Rater
from supervise.domain.recall import Party
from supervise.domain.session import Session
from supervise.storage.rating import Series
from supervise.storage.recalls import Recall
from supervise.storage.store import Store

_CLIENTS_OWN = (
    "{code} recalled or rated this without you. You may look at it once they agree to share it: "
    "supervise consent add VAULT --client {code} --scope share_recall --signed YYYY-MM-DD"
)
_NOT_YOURS = "As an inquirer you may look at recalls you held or inquired in. This is not one."
_NOT_OF_STUDY = "As a researcher you may look at what belongs to your study. This does not."


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose it is: who recalled, in which profile, helped by whom; for which study, or in which recall."""

    recaller: Party
    made_by: ProfileId
    helper: str = ""
    study: str = ""
    recall: RecallId | None = None


def whose(row: Recall) -> Whose:
    """Return whose a recall is."""
    return Whose(row.setup.recaller, row.made_by, row.setup.inquirer, recall=row.recall)


def whose_series(row: Series) -> Whose:
    """Return whose a series of ratings is."""
    recaller = Party.CLIENT if row.setup.rater is Rater.CLIENT else Party.THERAPIST
    return Whose(recaller, row.author, study=row.setup.study)


def require_open(gate: Gate, store: Store, row: Session, what: Whose) -> None:
    """Raise NotCoveredError when it is not open to the person who works here.

    Whether the client's consent covers looking at all is asked apart from this.
    """
    gate.require_not_apart(row.client, what.recaller)
    me = store.vault.profile
    named = what.helper.strip().casefold() == me.name.casefold()
    helped = named and not gate.owns(row.client)  # a name proves nothing
    if what.made_by == me.profile or helped or gate.is_the_client(row.client):
        return
    seats = gate.seats(row.client)
    if seats and all(seat.scope is Scope.RESEARCH for seat in seats):
        _require_study(store, what, seats)
    elif seats and all(seat.scope is Scope.CLIENT_RECALL for seat in seats):
        raise NotCoveredError(_NOT_YOURS)
    elif what.recaller is Party.CLIENT:
        verdict = gate.verdict(row.client, row.client_code, Scope.SHARE_RECALL)
        if not verdict.covered:
            raise NotCoveredError(_CLIENTS_OWN.format(code=row.client_code))


def is_open(gate: Gate, store: Store, row: Session, what: Whose) -> bool:
    """Whether it is open to the person who works here."""
    try:
        require_open(gate, store, row, what)
    except NotCoveredError:
        return False
    return True


def _require_study(store: Store, what: Whose, seats: Iterable[Grant]) -> None:
    mine = {seat.target.casefold() for seat in seats}
    studies = {what.study.strip().casefold()}
    if what.recall is not None:
        studies |= {held.study.casefold() for held in store.interviews.of_recall(what.recall)}
    if not mine & studies:
        raise NotCoveredError(_NOT_OF_STUDY)
