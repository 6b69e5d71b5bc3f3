"""Recalls, interviews and ratings in the terminal without each scope they rest on, withdrawn, and kept."""

from pathlib import Path

import pytest
from test_consent_terminal import take_away
from test_terminal import Call, call, services, session, sound, vault

from page_traces import traces
from recollections import CLIENT_RECALL, CLIENTS, THERAPISTS, add_recollection
from studies import BSR, STUDY
from supervise.audio.fake_input import FakeInput
from supervise.audio.fake_output import FakeOutput
from supervise.bootstrap import Services
from supervise.domain.consent import Scope
from supervise.domain.ids import ProfileId, RecallId, SeriesId, SessionId
from supervise.domain.rating import AFFECT, Rater, RatingSetup
from supervise.domain.rating_trace import Point, Run
from supervise.domain.recall import Party, RecallKind, Setup
from supervise.storage.rating import Series
from workspaces import PASSPHRASE

__all__ = ["call", "services", "session", "sound", "vault"]

RECALL, REVIEW, WORDS, STUDIED = Scope.CLIENT_RECALL, Scope.OWN_REVIEW, Scope.TRANSCRIBE, Scope.RESEARCH
RESEARCH = Setup(RecallKind.RESEARCH, "own", recaller=Party.CLIENT, inquirer="Cara")
# What is done with a recall (CLIENTS is the client's, MINE the therapist's own), and without which scope not.
USES: dict[str, set[Scope]] = {
    "recall show VAULT CLIENTS": {RECALL},
    "recall show VAULT MINE": {REVIEW},
    "recall export VAULT CLIENTS --format json --to OUT": {RECALL},
    "recall export VAULT MINE --format csv --to OUT": {REVIEW},
    "recall export VAULT CLIENTS --format html --to OUT": {RECALL, REVIEW},
    "recall transcribe VAULT CLIENTS": {RECALL, WORDS},
    "recall transcribe VAULT MINE": {REVIEW, WORDS},
    "recall mark VAULT CLIENTS --at 4 --note x": {RECALL},
    "recall mark VAULT MINE --at 4 --note x": {REVIEW},
    "recall unmark VAULT MARK": {RECALL},
    "recall write-up VAULT CLIENTS": {RECALL},
    "recall write-up VAULT MINE": {REVIEW},
    "recall about VAULT SESSION 1": {REVIEW},
    "recall start VAULT SESSION --kind therapist": {REVIEW},
    "recall start VAULT SESSION --kind client --inquirer Cara": {RECALL},
    "recall start VAULT SESSION --kind research:own --recaller client --inquirer Cara": {RECALL, STUDIED},
    "rating record VAULT SESSION --rater client": {RECALL},
    "rating record VAULT SESSION": {REVIEW},
    "rating show VAULT SERIES": {RECALL},
    "rating export VAULT SERIES --format csv --to OUT": {RECALL},
    f"interview plan VAULT SESSION --study {STUDY} --protocol {BSR} --party client --interviewer R-09": {
        RECALL,
        STUDIED,
    },
    "interview show VAULT INTERVIEW": {RECALL, STUDIED},
    "interview open VAULT INTERVIEW": {RECALL, STUDIED},
}
BEGINS = ("start", "record", "plan", "unmark")
ALL = (Scope.RECORD, WORDS, REVIEW, RECALL)


def agree(call: Call, vault: Path) -> None:
    """Record that the client agrees to everything, and to the study by name."""
    scopes = [word for scope in ALL for word in ("--scope", scope)]
    add = ("consent", "add", vault, "--client", "K-07")
    assert call(*add, *scopes, "--scope", f"research={STUDY}", "--signed", "2026-11-01").code == 0


@pytest.fixture
def recalls(call: Call, services: Services, vault: Path, session: str) -> dict[str, str]:
    """A recall of each kind with a mark, a series and an interview of the client's, by the names above."""
    agree(call, vault)
    desk = services.open_vault(vault, PASSPHRASE)
    row = SessionId(session)
    clients = add_recollection(desk, row, CLIENT_RECALL, CLIENTS, noted=False)
    mine = add_recollection(desk, row, Setup(RecallKind.THERAPIST), THERAPISTS, noted=False)
    series = SeriesId("ab" * 16)
    setup, at = RatingSetup(Rater.CLIENT, (AFFECT,)), "2026-11-22T10:00:00Z"
    desk.store.ratings.begin(Series(series, row, ProfileId(desk.profile.profile), setup, at))
    desk.store.ratings.add(series, 0, [Run(0, 0, 2000, 0)], [Point(0, 0, 0, 0, 0), Point(0, 0, 900, 40, 900)])
    desk.store.ratings.end(series, {})
    desk.close()
    plan = ("interview", "plan", vault, session, "--study", STUDY, "--protocol", BSR, "--party", "client")
    planned = call(*plan, "--interviewer", "R-02")
    assert planned.code == 0, planned.err
    marked = call("recall", "mark", vault, clients, "--at", "4", "--note", "a turn")
    assert marked.code == 0, marked.err
    return {
        "SESSION": session,
        "CLIENTS": RecallId(clients),
        "MINE": RecallId(mine),
        "SERIES": series,
        "MARK": marked.json["mark"],
        "INTERVIEW": planned.json["interview"],
    }


@pytest.mark.parametrize("way", ["withdrawn", "refused", "expired"])
@pytest.mark.parametrize("missing", [RECALL, REVIEW, WORDS, STUDIED])
def test_every_recall_command_without_each_scope(
    call: Call,
    services: Services,
    vault: Path,
    recalls: dict[str, str],
    tmp_path: Path,
    missing: Scope,
    way: str,
) -> None:
    services.make_input = lambda _: FakeInput(rate_hz=16_000)
    services.make_output = lambda _: FakeOutput()
    take_away(call, services, vault, missing, way)
    if missing is STUDIED and way != "withdrawn":
        rest = ("--refused", f"research={STUDY}") if way == "refused" else ()
        ended = ("--scope", f"research={STUDY}", "--signed", "2026-11-01", "--expires", "2026-11-22")
        assert call("consent", "add", vault, "--client", "K-07", *(rest or ended)).code == 0
    named = {**recalls, "VAULT": vault, "OUT": tmp_path / "out.html"}
    for words, needed in USES.items():
        if missing not in needed:
            continue
        said = call(*[named.get(word, word) for word in words.split()])
        assert (said.code, said.error["code"]) == (5, "no_consent"), (words, said.err)
        assert "K-07" in said.error["error"]
        assert not (tmp_path / "out.html").exists()
    listed = call("recall", "list", vault).json["recalls"]
    seen = {entry["recall"] for entry in listed}
    assert (recalls["CLIENTS"] in seen) is (missing is not RECALL)
    assert (recalls["MINE"] in seen) is (missing is not REVIEW)
    for words in (
        ["verify", vault],
        ["subject-access", vault, "--client", "K-07", "--to", tmp_path / "a.zip"],
    ):
        assert call(*words).code == 0, words


def test_with_all_of_them_each_goes_through(
    call: Call, vault: Path, recalls: dict[str, str], tmp_path: Path
) -> None:
    named = {**recalls, "VAULT": vault}
    for number, words in enumerate(USES):
        if words.split()[1] not in BEGINS:
            said = call(*[named.get(w, tmp_path / str(number) if w == "OUT" else w) for w in words.split()])
            assert said.code == 0, (words, said.err)


def test_a_recall_goes_with_its_consent_and_by_its_own_clock(
    call: Call, services: Services, vault: Path, recalls: dict[str, str]
) -> None:
    assert call("retention", "set", vault, "--kind", "recall", "--days", "3650").json == {
        "kind": "recall",
        "days": 3650,
    }
    due = call("retention", "show", vault).json["due"]
    assert {entry["recall"] for entry in due if entry["kind"] == "recall"} >= {
        recalls["CLIENTS"],
        recalls["MINE"],
    }
    withdraw = ("consent", "withdraw", vault, "--client", "K-07", "--scope", "client_recall")
    gone = call(*withdraw)
    assert gone.json["inventory"][0]["goes"] == ["recall"]
    assert call("recall", "show", vault, recalls["CLIENTS"]).code == 5
    assert call("consent", "take-back", vault, gone.json["withdrawal"]).code == 0
    assert call("recall", "show", vault, recalls["CLIENTS"]).code == 0
    gone = call(
        "consent", "withdraw", vault, "--client", "K-07", "--scope", "client_recall", "--now", "--yes"
    )
    certificate = gone.json["certificate"]
    assert recalls["CLIENTS"] in certificate["sessions"][0]["recalls_gone"]
    assert certificate["proof"]["pages_with_traces"] == 0
    agree(call, vault)
    assert call("recall", "show", vault, recalls["MINE"]).code == 0
    assert [entry["recall"] for entry in call("recall", "list", vault).json["recalls"]] == [recalls["MINE"]]
    desk = services.open_vault(vault, PASSPHRASE)
    key = desk.vault.database_key
    desk.close()
    assert traces(vault, key, [CLIENTS.encode(), b"a turn", b"Quicksilver"]) == []
    assert call("verify", vault).json["ok"] is True
