"""How a consent stands today, and what of it needs attention soon."""

from datetime import date

from supervise.domain.consent import ConsentRecord, Grant, Scope, parse_grant
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.consent_overview import attention, scopes_words, standing_of
from supervise.domain.ids import ClientId, ConsentId, new_id

TODAY = date(2026, 11, 23)
THREE = "recording, a transcript made on this machine and the therapist's own review"
CY = frozenset({Grant(Scope.SUPERVISOR, "Cy")})


def record(number: int, *granted: str, **rest: object) -> ConsentRecord:
    grants = {parse_grant(text) for text in granted}
    values: dict[str, object] = {
        "refused": frozenset(),
        "signed_on": date(2026, 11, 1),
        "expires_on": None,
        "targets": frozenset(grant for grant in grants if grant.target),
    }
    scopes = frozenset(grant.scope for grant in grants)
    made = {**values, **rest}
    return ConsentRecord(ConsentId(new_id()), ClientId("c"), scopes, created_at=str(number), **made)  # type: ignore[arg-type]


def states(*records: ConsentRecord) -> dict[str, str]:
    return {str(entry.grant): entry.state for entry in standing_of(records, TODAY, "K-07")}


def test_every_use_has_a_line_and_each_name_its_own() -> None:
    found = states(
        record(1, "record", "supervisor=Bo", "supervisor=Cy"),
        record(2, refused=frozenset({Scope.TRAINING})),
        record(
            3, withdrawn=frozenset({Scope.SUPERVISOR}), targets=frozenset({Grant(Scope.SUPERVISOR, "Cy")})
        ),
        record(4, "quotation", expires_on=date(2026, 11, 22)),
        record(5, "keep_excerpts", details=ConsentDetails(valid_from=date(2026, 12, 1))),
        record(6, "client_recall", details=ConsentDetails(audible=(("P-2", "refused"),))),
    )
    assert found == {
        "record": "agreed",
        "transcribe": "not asked",
        "own_review": "not asked",
        "supervisor=Bo": "agreed",
        "supervisor=Cy": "withdrawn",
        "group": "not asked",
        "training": "refused",
        "research": "not asked",
        "client_recall": "not enough",
        "share_recall": "not asked",
        "quotation": "ended",
        "keep_excerpts": "not yet",
    }


def test_what_ends_soon_is_said_together_and_the_most_urgent_first() -> None:
    entries = [
        record(1, "record", "transcribe", "own_review", expires_on=date(2026, 12, 23)),
        record(2, "quotation", expires_on=date(2026, 11, 24)),
        record(3, "keep_excerpts", details=ConsentDetails(review_on=date(2026, 11, 20))),
        record(4, "client_recall", details=ConsentDetails(adult_on=date(2026, 11, 30))),
    ]
    assert attention(entries, TODAY, "K") == [
        "Talk about the consent with K again: that is due on 20 Nov 2026.",
        "The consent of K to quotation ends on 24 Nov 2026, tomorrow.",
        "K must be asked anew from 30 Nov 2026, in 7 days: the client comes of age then.",
        f"The consent of K to {THREE} ends on 23 Dec 2026, in 30 days.",
    ]


def test_what_was_replaced_or_lies_far_off_is_not_warned_of() -> None:
    old = record(1, "record", expires_on=date(2026, 11, 24))
    new = record(2, "record", expires_on=date(2027, 11, 24))
    assert attention([old, new], TODAY, "K") == []
    assert attention([], TODAY, "K") == []


def test_withdrawing_all_is_said_as_that() -> None:
    assert scopes_words([str(scope) for scope in Scope]) == "everything"
    assert scopes_words(["own_review", "supervisor=Bo"]) == "the therapist's own review, the supervisor Bo"


def test_what_was_never_asked_is_not_withdrawn_when_everything_is() -> None:
    everything = frozenset(Scope)
    found = states(
        record(1, "record", "supervisor=Bo", refused=frozenset({Scope.TRAINING})),
        record(2, withdrawn=everything),
    )
    assert found == {
        "record": "withdrawn",
        "transcribe": "not asked",
        "own_review": "not asked",
        "supervisor=Bo": "withdrawn",
        "group": "not asked",
        "training": "refused",
        "research": "not asked",
        "client_recall": "not asked",
        "share_recall": "not asked",
        "quotation": "not asked",
        "keep_excerpts": "not asked",
    }
    later = states(record(1, "record"), record(2, withdrawn=everything), record(3, "record"))
    assert later["record"] == "agreed"
    assert later["transcribe"] == "not asked"
