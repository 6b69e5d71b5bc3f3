"""Recording what a client agreed to, refused or took back, and who has a part in whose case."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from supervise.app.gate import Gate
from supervise.domain.consent import NAMED, ConsentRecord, Grant, Scope
from supervise.domain.consent_details import ConsentDetails, check_details
from supervise.domain.errors import UsageError
from supervise.domain.ids import ConsentId, new_id
from supervise.domain.roles import OWNER, parse_part
from supervise.domain.times import now_utc
from supervise.storage.case_roles import CaseRole
from supervise.storage.database import transaction
from supervise.storage.store import Store


@dataclass(frozen=True, slots=True)
class Statement:
    """What a client said on one day: every grant may name a person, a group or a study."""

    client: str
    signed_on: date
    granted: frozenset[Grant] = frozenset()
    refused: frozenset[Grant] = frozenset()
    withdrawn: frozenset[Grant] = frozenset()
    expires_on: date | None = None
    details: ConsentDetails = field(default_factory=ConsentDetails)


def record(store: Store, gate: Gate, today: Callable[[], date], said: Statement) -> ConsentRecord:
    """Add a record for a client code (a new client when unknown) and return it; raises UsageError."""
    _check(said, today())
    with transaction(store.vault.db):
        known = store.consents.client(said.client.strip())
        opens = said.granted or said.details.takes_back  # anybody may write down a no, but not undo one
        if opens and known and store.consents.first_recorder(known[0]) and not gate.owns(known[0]):
            raise UsageError(
                f"Only the therapist whose case {known[1]} is records what {known[1]} agreed to."
            )
        entry = ConsentRecord(
            consent=ConsentId(new_id()),
            client=store.consents.ensure_client(said.client),
            granted=_scopes(said.granted),
            refused=_scopes(said.refused),
            signed_on=said.signed_on,
            expires_on=said.expires_on,
            created_at=_after(store, said.client),
            withdrawn=_scopes(said.withdrawn),
            targets=frozenset(g for g in said.granted | said.refused | said.withdrawn if g.target),
            details=said.details,
        )
        store.consents.add(entry, store.vault.profile.profile)
        count = len(entry.granted) + len(entry.refused) + len(entry.withdrawn)
        how = "withdrawn" if said.withdrawn else "scopes"
        store.vault.log("consent", entry.consent, f"{count} {how}")
    return entry


def _after(store: Store, code: str) -> str:
    """Return the present moment, later than the client's newest record even if the clock was set back."""
    known = store.consents.client(code.strip())
    before = (
        max((entry.created_at for entry in store.consents.of_client(known[0])), default="") if known else ""
    )
    now = now_utc()
    if now > before:
        return now
    later = datetime.fromisoformat(before) + timedelta(milliseconds=1)
    return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _scopes(grants: frozenset[Grant]) -> frozenset[Scope]:
    return frozenset(grant.scope for grant in grants)


def _check(said: Statement, today: date) -> None:
    if not said.granted | said.refused | said.withdrawn and not said.details.takes_back:
        raise UsageError("Say what the client agreed to: at least one scope.")
    if said.signed_on > today:
        raise UsageError("The day of signing lies in the future.")
    starts_on = said.details.valid_from or said.signed_on
    if said.expires_on is not None and said.expires_on < starts_on:
        raise UsageError("The consent would end before it was signed.")
    both = _scopes(said.granted) & _scopes(said.refused)
    if both:
        raise UsageError(f"The client cannot agree to {min(both)} and refuse it in one record.")
    for grant in said.granted | said.refused | said.withdrawn:
        if grant.target and grant.scope not in NAMED:
            raise UsageError(f"“{grant.scope}” takes no name.")
    check_details(said.details)


def give_part(store: Store, gate: Gate, client: str, name: str, part: str, until_on: date | None) -> CaseRole:
    """Give a profile a part in a case; raises UsageError when the case is not one's own."""
    known = store.consents.client(client.strip())
    if known is None:
        raise UsageError(f"There is no client {client} in this vault.")
    if not gate.owns(known[0]):
        raise UsageError(f"Only the therapist whose case {known[1]} is gives others a part in it.")
    people = [entry for entry in store.vault.profiles() if entry.name.casefold() == name.strip().casefold()]
    if not people:
        raise UsageError(
            f"Nobody called “{name}” works in this vault. `supervise profile list` shows who does."
        )
    wanted = parse_part(part)
    if wanted != OWNER and people[0].profile == store.vault.profile.profile:
        raise UsageError("This case is yours. You take no other part in it.")
    with transaction(store.vault.db):
        made = store.case_roles.give(known[0], people[0].profile, wanted, until_on)
        store.vault.log("consent", made, f"part {wanted.partition('=')[0]}")
    return CaseRole(made, known[0], people[0].profile, wanted, until_on)


def end_part(store: Store, gate: Gate, text: str) -> CaseRole:
    """End the part whose id is or begins with `text`; raises UsageError."""
    with transaction(store.vault.db):
        ended = store.case_roles.end(text)
        if not gate.owns(ended.client) and ended.profile != store.vault.profile.profile:
            raise UsageError("Only the therapist whose case it is ends other people's parts in it.")
        store.vault.log("consent", ended.id, "part ended")
    return ended
