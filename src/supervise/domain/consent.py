"""Consent: what a client has agreed to, and whether a use is covered by it today."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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
    Scope.QUOTATION: "quotation",
    Scope.KEEP_EXCERPTS: "keeping excerpts",
}


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One signed statement: scopes granted from `signed_on` until `expires_on` (both inclusive).

    Records are only ever added. The newest record that names a scope decides for that scope.
    """

    consent: ConsentId
    client: ClientId
    granted: frozenset[Scope]
    refused: frozenset[Scope]
    signed_on: date
    expires_on: date | None
    created_at: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a use is covered; `reason` says why and what would change it when it is not."""

    covered: bool
    reason: str


def judge(records: list[ConsentRecord], scope: Scope, today: date, client_code: str) -> Verdict:
    """Judge one use against a client's records (any order).

    A client without a record is covered for nothing; silence is never consent.
    """
    words = SCOPE_WORDS[scope]
    remedy = (
        f"If {client_code} agrees, add it: "
        f"supervise consent add VAULT --client {client_code} --scope {scope} --signed YYYY-MM-DD"
    )
    if not records:
        return Verdict(False, f"No consent is on record for {client_code}. {remedy}")
    naming = [record for record in records if scope in record.granted | record.refused]
    if not naming:
        return Verdict(False, f"The consent of {client_code} does not cover {words}. {remedy}")
    latest = max(naming, key=lambda record: (record.created_at, record.consent))
    if scope in latest.refused:
        return Verdict(False, f"{client_code} has refused {words}. Only the client can change that.")
    if latest.signed_on > today:
        return Verdict(False, f"The consent of {client_code} to {words} starts on {latest.signed_on}.")
    if latest.expires_on is not None and latest.expires_on < today:
        gone = f"The consent of {client_code} to {words} ended on {latest.expires_on}."
        return Verdict(False, f"{gone} {remedy}")
    return Verdict(True, "")
