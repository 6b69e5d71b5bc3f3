"""Consent records whole: names, refusals, minors, others who are heard; people by their part in a case."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from supervise.app import consenting
from supervise.app.consenting import Statement
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope, parse_grant
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import SessionId
from supervise.domain.moments import Perspective
from workspaces import CLIENT, OWN_USE, TODAY, add_session, agree_to_supervisor, opened

WORDS = "another person with words"
Enter = Callable[[str], Workspace]


def said(*grants: str, **rest: object) -> Statement:
    granted = frozenset(parse_grant(text) for text in grants)
    return Statement(CLIENT, TODAY, granted, **rest)  # type: ignore[arg-type]


@pytest.fixture
def enter(workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams) -> Iterator[Enter]:
    """Add a profile `Role Name` and come back as it; the therapist's workspace is closed by that."""
    inside: list[Workspace] = []

    def come(who: str) -> Workspace:
        role, name = who.split()
        if name not in [entry.name for entry in workspace.profiles()]:
            workspace.add_profile(name, Perspective(role), WORDS)
        workspace.close()
        inside.append(opened(vault_path, cheap_kdf, name, WORDS))
        return inside[-1]

    yield come
    for desk in inside:
        desk.close()


def refusal(desk: Workspace, session: SessionId) -> str:
    with pytest.raises(NotCoveredError) as caught:
        desk.open_session(session)
    assert desk.library().left_out == 1
    return str(caught.value)


def test_everything_a_record_says_comes_back(workspace: Workspace) -> None:
    details = ConsentDetails(
        form="I agree.",
        form_sha256="ab",
        language="en",
        signer_role="guardian",
        method="paper",
        witness="front desk",
        capacity="assessed at intake",
        minor=True,
        assent=True,
        guardian="G-1",
        adult_on=date(2030, 5, 1),
        valid_from=TODAY,
        review_on=date(2027, 1, 1),
        audible=(("P-2", "granted"),),
        keep_days=(("sound", 90),),
        spoken_at="s@1000",
        note="n",
    )
    entry = workspace.record_consent(
        said("record", "supervisor=Dr Bo", refused=frozenset({Grant(Scope.TRAINING)}), details=details)
    )
    assert workspace.consents(CLIENT)[-1] == entry
    assert entry.grants(entry.granted) == (Grant(Scope.RECORD), Grant(Scope.SUPERVISOR, "Dr Bo"))


def test_a_supervisor_needs_to_be_named(workspace: Workspace, enter: Enter) -> None:
    session = add_session(workspace)
    workspace.record_consent(said("supervisor=Cy"))
    bo = enter("supervisor Bo")
    reason = refusal(bo, session)
    assert "does not cover the supervisor Bo" in reason
    assert "--scope supervisor=Bo" in reason


def test_a_named_supervisor_gets_in_until_that_is_withdrawn(
    workspace: Workspace, enter: Enter, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    session = add_session(workspace)
    agree_to_supervisor(workspace, "bo")
    bo = enter("supervisor Bo")
    assert bo.open_session(session).session == session
    assert bo.library().left_out == 0
    bo.close()
    ada = opened(vault_path, cheap_kdf)
    gone = frozenset({Grant(Scope.SUPERVISOR, "Bo")})
    ada.record_consent(Statement(CLIENT, TODAY, withdrawn=gone))
    assert ada.open_session(session).session == session
    ada.close()
    bo = opened(vault_path, cheap_kdf, "Bo", WORDS)
    assert "has withdrawn the consent to the supervisor Bo" in refusal(bo, session)
    bo.close()


def test_a_supervisor_scope_without_a_name_opens_to_nobody(workspace: Workspace, enter: Enter) -> None:
    session = add_session(workspace)
    workspace.record_consent(said("supervisor"))
    assert "names nobody" in refusal(enter("supervisor Bo"), session)


def test_a_group_member_is_let_in_until_the_day(workspace: Workspace, enter: Enter) -> None:
    session = add_session(workspace)
    workspace.record_consent(said("group=Tuesday"))
    workspace.add_profile("Cy", Perspective.THERAPIST, WORDS)
    consenting.give_part(workspace.store, workspace.gate, CLIENT, "Cy", "group=tuesday", TODAY)
    cy = enter("therapist Cy")
    assert cy.open_session(session).session == session
    cy.gate._today = lambda: date(2026, 11, 24)
    assert "no part in the case" in refusal(cy, session)


def test_silence_about_other_people_covers_nobody_else(workspace: Workspace, enter: Enter) -> None:
    session = add_session(workspace)
    bo = enter("supervisor Bo")
    reason = refusal(bo, session)
    assert "The consent of K-07 does not cover the supervisor Bo." in reason
    assert "its therapist adds it: supervise consent add VAULT --client K-07 --scope supervisor=Bo" in reason
    assert bo.library().left_out == 1
    assert bo.library().locked == ()
    with pytest.raises(UsageError, match="Only the therapist"):
        bo.record_consent(said("supervisor=Bo"))


def test_a_refusal_of_any_other_person_ends_that(workspace: Workspace, enter: Enter) -> None:
    session = add_session(workspace)
    workspace.record_consent(said("record", refused=frozenset({Grant(Scope.TRAINING)})))
    assert "does not cover the supervisor Bo" in refusal(enter("supervisor Bo"), session)


def test_another_therapist_has_no_part_and_gives_none(workspace: Workspace, enter: Enter) -> None:
    session = add_session(workspace)
    workspace.record_consent(said("group=Tuesday"))
    cy = enter("therapist Cy")
    assert "no part in the case of K-07" in refusal(cy, session)
    with pytest.raises(UsageError, match="Only the therapist"):
        cy.record_consent(said("supervisor=Cy"))
    with pytest.raises(UsageError, match="Only the therapist"):
        consenting.give_part(cy.store, cy.gate, CLIENT, "Cy", "owner", None)
    cy.add_consent("own-1", OWN_USE, TODAY)
    own = add_session(cy, client="own-1")
    assert [row.session.session for row in cy.library().rows] == [own]


@pytest.mark.parametrize(
    ("who", "part", "scope"),
    [
        ("researcher Ri", "researcher=S1/E9", "research=S1/E9"),
        ("client Cl", "client", "client_recall"),
        ("supervisor Tr", "trainee", "training"),
        ("researcher In", "inquirer", "client_recall"),
        ("therapist Ow", "owner", "own_review"),
    ],
)
def test_each_part_needs_its_own_scope(
    workspace: Workspace,
    enter: Enter,
    vault_path: Path,
    cheap_kdf: KdfParams,
    who: str,
    part: str,
    scope: str,
) -> None:
    session = add_session(workspace)
    workspace.record_consent(Statement(CLIENT, TODAY, withdrawn=frozenset({Grant(Scope.OWN_REVIEW)})))
    role, name = who.split()
    workspace.add_profile(name, Perspective(role), WORDS)
    consenting.give_part(workspace.store, workspace.gate, CLIENT, name, part, None)
    first = enter(who)
    assert "K-07" in refusal(first, session)
    first.close()
    desk = opened(vault_path, cheap_kdf, name, WORDS)
    desk.store.consents.add(
        consenting.ConsentRecord(
            consenting.ConsentId("f" * 32),
            desk.store.sessions.get(session).client,
            frozenset({parse_grant(scope).scope}),
            frozenset(),
            TODAY,
            None,
            "2026-12-31T00:00:00.000Z",
            targets=frozenset({parse_grant(scope)} if "=" in scope else ()),
        ),
        desk.profile.profile,
    )
    assert desk.open_session(session).session == session
    desk.close()


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"audible": (("P-2", "refused"),)}, "P-2 can be heard too and has not agreed"),
        ({"minor": True, "signer_role": "guardian", "guardian": "G", "assent": False}, "child did not agree"),
        ({"minor": True, "signer_role": "guardian"}, "no guardian has signed"),
        ({"adult_on": date(2026, 11, 24)}, "came of age on 2026-11-24"),
    ],
)
def test_what_makes_a_yes_not_enough(workspace: Workspace, details: dict[str, object], reason: str) -> None:
    session = add_session(workspace)
    workspace.record_consent(said("own_review", details=ConsentDetails(**details)))  # type: ignore[arg-type]
    workspace.gate._today = lambda: date(2026, 11, 24)
    assert reason in refusal(workspace, session)


@pytest.mark.parametrize("text", ["nothing", "record=Bo", "supervisor=", "group=" + "x" * 81])
def test_a_scope_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_grant(text)


@pytest.mark.parametrize(
    "details",
    [
        ConsentDetails(signer_role="friend"),
        ConsentDetails(method="telepathy"),
        ConsentDetails(minor=True),
        ConsentDetails(audible=(("P", "maybe"),)),
        ConsentDetails(keep_days=(("dreams", 1),)),
    ],
)
def test_a_record_that_contradicts_itself_is_refused(workspace: Workspace, details: ConsentDetails) -> None:
    with pytest.raises(UsageError):
        workspace.record_consent(said("record", details=details))


def test_a_newer_record_decides_even_if_the_clock_was_set_back(workspace: Workspace) -> None:
    session = add_session(workspace)
    db = workspace.vault.db
    db.execute("UPDATE consents SET created_at = '2030-01-01T00:00:00.000Z'")
    workspace.record_consent(Statement(CLIENT, TODAY, refused=frozenset({Grant(Scope.OWN_REVIEW)})))
    assert "has refused" in refusal(workspace, session)
