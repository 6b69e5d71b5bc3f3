"""How a client's consent stands today, use by use, and what about it needs attention soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from supervise.domain.consent import (
    NAMED,
    SCOPE_WORDS,
    ConsentRecord,
    Grant,
    Scope,
    deciding,
    judge,
    parse_grant,
)
from supervise.domain.times import day_words

WARNING_DAYS = 30
_SINCE = Scope.SHARE_RECALL  # who took everything back before it could be asked for took back everything
GRANTED, REFUSED, WITHDRAWN, ENDED, LATER, LACKING, NEVER = (
    "agreed",
    "refused",
    "withdrawn",
    "ended",
    "not yet",
    "not enough",
    "not asked",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One use: `state` is one of the words above; `reason` says why it is not covered, empty when it is."""

    grant: Grant
    state: str
    signed_on: date | None = None
    until: date | None = None
    reason: str = ""


def standing_of(records: Sequence[ConsentRecord], today: date, code: str) -> list[Standing]:
    """Return every scope, one given by name once for each name, in the order of `Scope`."""
    known = list(records)
    found: list[Standing] = []
    for scope in Scope:
        named = {grant for record in known for grant in record.grants([scope]) if _says(record, grant)}
        targets = sorted({grant.target for grant in named if grant.target}, key=str.casefold)
        if scope not in NAMED or not targets:
            targets = [""]
        found += [_standing(known, Grant(scope, target), today, code) for target in targets]
    return found


def _says(record: ConsentRecord, grant: Grant) -> bool:
    return grant.scope in record.granted | record.refused | record.withdrawn


def _standing(records: list[ConsentRecord], grant: Grant, today: date, code: str) -> Standing:
    verdict = judge(records, grant.scope, today, code, grant.target)
    record = deciding(records, grant.scope, grant.target)
    if record is None:
        return Standing(grant, NEVER, reason=verdict.reason)
    if grant.scope in record.withdrawn and not verdict.covered:
        record = _last_answer(records, grant)
        if record is None:
            return Standing(grant, NEVER, reason=judge([], grant.scope, today, code, grant.target).reason)
    state = GRANTED if verdict.covered else _state(record, grant.scope, today)
    return Standing(grant, state, record.signed_on, record.expires_on, verdict.reason)


def _last_answer(records: list[ConsentRecord], grant: Grant) -> ConsentRecord | None:
    """Return what decides about a use that was taken back: the withdrawal, if it had been agreed to.

    Who withdraws everything names uses, too, that were refused before (they stay refused) or never asked.
    """
    scope = grant.scope
    answers = [r for r in records if scope not in r.withdrawn and r.says(scope, grant.target)]
    if any(scope in record.granted for record in answers):
        return deciding(records, scope, grant.target)
    return deciding(answers, scope, grant.target)


def _state(record: ConsentRecord, scope: Scope, today: date) -> str:
    if scope in record.refused:
        return REFUSED
    if scope in record.withdrawn:
        return WITHDRAWN
    if record.starts_on > today:
        return LATER
    if record.expires_on is not None and record.expires_on < today:
        return ENDED
    return LACKING


def attention(records: Sequence[ConsentRecord], today: date, code: str) -> list[str]:
    """Return sentences about what ends, falls due for review or needs a new answer; most urgent first."""
    said: list[tuple[date, str]] = []
    ends: dict[date, list[str]] = {}
    reviews: set[date] = set()
    adults: set[date] = set()
    soon = today + timedelta(days=WARNING_DAYS)
    for entry in standing_of(records, today, code):
        record = deciding(list(records), entry.grant.scope, entry.grant.target)
        if record is None or entry.state not in (GRANTED, ENDED):
            continue
        if entry.until is not None and entry.until <= soon:
            ends.setdefault(entry.until, []).append(use_words(entry.grant))
        reviews |= {record.details.review_on} if record.details.review_on else set()
        adults |= {record.details.adult_on} if record.details.adult_on else set()
    for day, uses in ends.items():
        verb = "ended" if day < today else "ends"
        said.append((day, f"The consent of {code} to {_listed(uses)} {verb} on {_when(day, today)}."))
    said += [
        (day, f"Talk about the consent with {code} again: that is due on {_when(day, today)}.")
        for day in reviews
        if day <= soon
    ]
    said += [
        (
            day,
            f"{code} must be asked anew from {_when(day, today)}: the client comes of age then.",
        )
        for day in adults
        if today < day <= soon
    ]
    return [sentence for _, sentence in sorted(said)]


def use_words(grant: Grant) -> str:
    """Say a scope, with the name it was given to."""
    if not grant.target:
        return SCOPE_WORDS[grant.scope]
    kinds = {Scope.SUPERVISOR: "the supervisor", Scope.GROUP: "the group", Scope.RESEARCH: "the study"}
    return f"{kinds.get(grant.scope, SCOPE_WORDS[grant.scope])} {grant.target}"


def scopes_words(scopes: Sequence[str]) -> str:
    """Say scopes as they are written (`record`, `supervisor=NAME`); all of them are said as everything."""
    grants = [parse_grant(text) for text in scopes]
    if {grant.scope for grant in grants if not grant.target} >= set(Scope) - {_SINCE}:
        return "everything"
    return ", ".join(use_words(grant) for grant in grants)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _when(day: date, today: date) -> str:
    return day_words(day) + _far(day, today)


def _far(day: date, today: date) -> str:
    left = (day - today).days
    if left < 0:
        return ""
    return {0: ", today", 1: ", tomorrow"}.get(left, f", in {left} days")
