"""Consent: what a client has agreed to, and whether a use is covered by it today."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from supervise.domain.consent_details import ConsentDetails
from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, ConsentId


class Scope(StrEnum):
    """What a client may agree to; each is granted on its own."""

    RECORD = "record"
    TRANSCRIBE = "transcribe"
    OWN_REVIEW = "own_review"
    SUPERVISOR = "supervisor"
    GROUP = "group"
    TRAINING = "training"
    RESEARCH = "research"
    CLIENT_RECALL = "client_recall"
    SHARE_RECALL = "share_recall"
    QUOTATION = "quotation"
    KEEP_EXCERPTS = "keep_excerpts"


SCOPE_WORDS = {
    Scope.RECORD: "recording",
    Scope.TRANSCRIBE: "a transcript made on this machine",
    Scope.OWN_REVIEW: "the therapist's own review",
    Scope.SUPERVISOR: "a named supervisor",
    Scope.GROUP: "a named supervision group",
    Scope.TRAINING: "training and teaching",
    Scope.RESEARCH: "a research study",
    Scope.CLIENT_RECALL: "a recall interview with the client",
    Scope.SHARE_RECALL: "sharing the client's own recall",
    Scope.QUOTATION: "quotation",
    Scope.KEEP_EXCERPTS: "keeping excerpts",
}
# What it takes to record a session, have it transcribed, and hear and mark it oneself.
OWN_WORK = (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW)
ONLY = " (leave out what was not agreed to)"
# Scopes that are given to somebody or something by name.
NAMED = frozenset({Scope.SUPERVISOR, Scope.GROUP, Scope.RESEARCH})


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One scope as it was named: `target` is the supervisor, the group or `STUDY/ETHICS-REF`; empty: all."""

    scope: Scope
    target: str = ""

    def __str__(self) -> str:
        return f"{self.scope}={self.target}" if self.target else str(self.scope)

    def meets(self, scope: Scope, target: str) -> bool:
        """Whether a sentence about this grant says something about `scope` for `target`."""
        if self.scope != scope:
            return False
        return not self.target or not target or self.target.casefold() == target.casefold()


def parse_grant(text: str) -> Grant:
    """Read `own_review` or `supervisor=NAME`; raises UsageError for anything else."""
    word, equals, target = text.partition("=")
    target = " ".join(target.split())
    try:
        scope = Scope(word.strip())
    except ValueError:
        known = ", ".join(Scope)
        raise UsageError(f"“{word}” is not a scope. The scopes are: {known}.") from None
    if equals and scope not in NAMED:
        raise UsageError(f"“{scope}” takes no name. Write --scope {scope}.")
    if equals and (not target or len(target) > 80 or not target.isprintable()):
        raise UsageError(f"Write whom the client named, for example --scope {scope}=NAME.")
    return Grant(scope, target)


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One signed statement: scopes granted from `signed_on` until `expires_on` (both inclusive).

    Records are only ever added. The newest record that names a scope decides for that scope. `targets`
    narrow a granted or withdrawn scope to those it names; a scope without a target stands for all of it.
    """

    consent: ConsentId
    client: ClientId
    granted: frozenset[Scope]
    refused: frozenset[Scope]
    signed_on: date
    expires_on: date | None
    created_at: str
    withdrawn: frozenset[Scope] = frozenset()
    targets: frozenset[Grant] = frozenset()
    details: ConsentDetails = field(default_factory=ConsentDetails)

    @property
    def starts_on(self) -> date:
        """The first day it holds: the day it is valid from, else the day it was signed."""
        return self.details.valid_from or self.signed_on

    def grants(self, scopes: Iterable[Scope]) -> tuple[Grant, ...]:
        """Return `scopes` with the names they were given to, sorted."""
        found: list[Grant] = []
        for scope in scopes:
            named = [grant for grant in self.targets if grant.scope == scope]
            found += named or [Grant(scope)]
        return tuple(sorted(found))

    def says(self, scope: Scope, target: str) -> bool:
        """Whether this record names the scope, for `target` if one is given."""
        if scope not in self.granted | self.refused | self.withdrawn:
            return False
        return any(grant.meets(scope, target) for grant in self.grants([scope]))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a use is covered; `reason` says why and what would change it when it is not."""

    covered: bool
    reason: str


def judge(
    records: list[ConsentRecord],
    scope: Scope,
    today: date,
    client_code: str,
    target: str = "",
    *,
    own: bool = True,
) -> Verdict:
    """Judge one use against a client's records (any order), for the person, group or study `target`.

    `own` says whether whoever asks may add to the record; the reason names who does.

    A client without a record is covered for nothing; silence is never consent. A scope that needs a name
    covers nobody whom it does not name.
    """
    words = _words(scope, target)
    who = "add it" if own else "its therapist adds it"
    rest = _also_lacking(records, scope)
    flags = " ".join(f"--scope {entry}" for entry in (_flag(scope, target), *rest))
    remedy = (
        f"If {client_code} agrees, {who}: supervise consent add VAULT --client {client_code} "
        f"{flags} --signed YYYY-MM-DD{ONLY if rest else ''}"
    )
    if not records:
        return Verdict(False, f"No consent is on record for {client_code}. {remedy}")
    latest = deciding(records, scope, target)
    if latest is None:
        return Verdict(False, f"The consent of {client_code} does not cover {words}. {remedy}")
    if scope in latest.refused:
        return Verdict(False, f"{client_code} has refused {words}. Only the client can change that.")
    if scope in latest.withdrawn:
        gone = f"{client_code} has withdrawn the consent to {words} on {latest.signed_on}."
        return Verdict(False, f"{gone} Only the client can change that. {remedy}")
    if target and not any(grant.target for grant in latest.grants([scope])):
        return Verdict(False, f"The consent of {client_code} to {_words(scope)} names nobody. {remedy}")
    if latest.starts_on > today:
        return Verdict(False, f"The consent of {client_code} to {words} starts on {latest.starts_on}.")
    if latest.expires_on is not None and latest.expires_on < today:
        gone = f"The consent of {client_code} to {words} ended on {latest.expires_on}."
        return Verdict(False, f"{gone} {remedy}")
    missing = latest.details.missing(latest.signed_on, today)
    if missing:
        return Verdict(False, f"The consent of {client_code} to {words} is not enough: {missing} {remedy}")
    return Verdict(True, "")


def judge_words(records: list[ConsentRecord], today: date, client_code: str, *, own: bool = True) -> Verdict:
    """Judge whether transcripts that there are may be used: not once the client took them back or refused.

    Where the time of that consent has run out, or it was never asked for, they rest on the look at the
    session alone; nothing new is made.
    """
    latest = deciding(records, Scope.TRANSCRIBE)
    if latest is None or Scope.TRANSCRIBE not in latest.refused | latest.withdrawn:
        return Verdict(True, "")
    return judge(records, Scope.TRANSCRIBE, today, client_code, own=own)


def deciding(records: list[ConsentRecord], scope: Scope, target: str = "") -> ConsentRecord | None:
    """Return the record that decides about a scope, or None when none names it.

    Without a target, for a scope given by name, any name that still stands decides before one that was
    withdrawn.
    """
    mistaken = {record.details.takes_back for record in records}
    naming = [r for r in records if r.consent not in mistaken and r.says(scope, target)]
    if not naming:
        return None
    newest = max(naming, key=_age)
    if target or scope in newest.granted:
        return newest
    standing = {
        name: found
        for name in {grant.target for record in naming for grant in record.grants([scope]) if grant.target}
        if (found := deciding(records, scope, name)) is not None and scope in found.granted
    }
    return max(standing.values(), key=_age) if standing else newest


def standing_scopes(records: list[ConsentRecord]) -> frozenset[Scope]:
    """Return the scopes the client has granted and not taken back, whether or not their time has run out."""
    found = {scope: deciding(records, scope) for scope in Scope}
    return frozenset(scope for scope, record in found.items() if record and scope in record.granted)


def stands(records: list[ConsentRecord], scope: Scope, target: str) -> bool:
    """Whether a scope is granted and not taken back for this name, whether or not its time has run out."""
    record = deciding(records, scope, target)
    return record is not None and scope in record.granted


def _age(record: ConsentRecord) -> tuple[str, str]:
    return record.created_at, record.consent


def _words(scope: Scope, target: str = "") -> str:
    if not target:
        return SCOPE_WORDS[scope]
    kinds = {Scope.SUPERVISOR: "the supervisor", Scope.GROUP: "the group", Scope.RESEARCH: "the study"}
    return f"{kinds.get(scope, SCOPE_WORDS[scope])} {target}"


def _also_lacking(records: list[ConsentRecord], scope: Scope) -> tuple[Scope, ...]:
    """Return what else one's own work with a session needs and no record speaks of.

    What a client has refused or withdrawn is left to the client and not suggested.
    """
    said = {entry for record in records for entry in record.granted | record.refused | record.withdrawn}
    return tuple(entry for entry in OWN_WORK if entry not in said | {scope}) if scope in OWN_WORK else ()


def _flag(scope: Scope, target: str) -> str:
    if scope not in NAMED or not target:
        return str(scope)
    return f"{scope}={target}" if target.isalnum() else f'{scope}="{target}"'
