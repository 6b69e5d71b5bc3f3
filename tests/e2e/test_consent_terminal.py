"""Consent in the terminal: every command without each scope, other people, withdrawal, copies."""

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_terminal import SCOPES, Call, Said, call, services, session, sound, vault, write_wav

from page_traces import traces
from supervise.bootstrap import Services
from supervise.domain.consent import Scope
from workspaces import PASSPHRASE

__all__ = ["call", "services", "session", "sound", "vault"]  # fixtures of the first matrix

BO_WORDS = "words that only Bo knows"
Spoil = Callable[[str], None]
USES = {
    "import": (["import", "VAULT", "OTHER", "--client", "K-07"], Scope.RECORD),
    "transcribe": (["transcribe", "VAULT", "SESSION"], Scope.TRANSCRIBE),
    "show": (["show", "VAULT", "SESSION"], Scope.OWN_REVIEW),
    "mark": (["mark", "VAULT", "SESSION", "--at", "1", "--code", "wf.flag"], Scope.OWN_REVIEW),
    "change": (["change", "VAULT", "MOMENT", "--note", "x"], Scope.OWN_REVIEW),
    "unmark": (["unmark", "VAULT", "MOMENT"], Scope.OWN_REVIEW),
    "comment": (["comment", "VAULT", "MOMENT", "x"], Scope.OWN_REVIEW),
    "undo": (["undo", "VAULT"], Scope.OWN_REVIEW),
    "speakers": (["speakers", "VAULT", "SESSION", "--swap"], Scope.OWN_REVIEW),
    "search one": (["search", "VAULT", "well", "--session", "SESSION"], Scope.OWN_REVIEW),
    **{
        f"export {fmt}": (["export", "VAULT", "SESSION", "--format", fmt, "--to", "OUT"], Scope.OWN_REVIEW)
        for fmt in ("txt", "vtt", "srt", "csv", "json", "flac", "wav")
    },
}
MANY = {
    "list": ["list", "VAULT"],
    "search": ["search", "VAULT", "well"],
    "backup": ["backup", "VAULT", "COPY"],
}
ALWAYS = {
    "verify": ["verify", "VAULT"],
    "consent show": ["consent", "show", "VAULT", "--client", "K-07"],
    "consent add": ["consent", "add", "VAULT", "--client", "K-07", "--scope", "training"],
    "consent withdraw": ["consent", "withdraw", "VAULT", "--client", "K-07", "--scope", "training"],
    "consent withdrawals": ["consent", "withdrawals", "VAULT"],
    "copies list": ["copies", "list", "VAULT"],
    "retention show": ["retention", "show", "VAULT"],
    "subject-access": ["subject-access", "VAULT", "--client", "K-07", "--to", "ZIP", "--force"],
    "role list": ["role", "list", "VAULT"],
    "log": ["log", "VAULT"],
}
WAYS = ("withdrawn", "refused", "expired", "never given", "no record")


@pytest.fixture
def moment(call: Call, vault: Path, session: str) -> str:
    """A moment on a transcribed session."""
    assert call("transcribe", vault, session, "--language", "en").code == 0
    return str(call("mark", vault, session, "--at", "1", "--code", "wf.flag").json["moment"])


@pytest.fixture
def use(call: Call, vault: Path, session: str, moment: str, tmp_path: Path) -> Callable[[list[str]], Said]:
    named = {
        "VAULT": vault,
        "SESSION": session,
        "MOMENT": moment,
        "OTHER": write_wav(tmp_path / "o.wav", seconds=1),
        "OUT": tmp_path / "out",
        "COPY": tmp_path / "copy",
        "ZIP": tmp_path / "all.zip",
    }
    return lambda words: call(*[named.get(word, word) for word in words])


def take_away(call: Call, services: Services, vault: Path, scope: Scope, way: str) -> None:
    """Leave the client without one scope, in one of the ways that can happen."""
    add = ("consent", "add", vault, "--client", "K-07")
    if way == "withdrawn":
        done = call("consent", "withdraw", vault, "--client", "K-07", "--scope", scope)
    elif way == "refused":
        done = call(*add, "--refused", scope)
    elif way == "expired":
        done = call(*add, "--scope", scope, "--signed", "2026-11-01", "--expires", "2026-11-22")
    else:
        others = [entry for entry in (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW) if entry is not scope]
        desk = services.open_vault(vault, PASSPHRASE)
        kept = json.dumps([] if way == "no record" else others)
        desk.vault.db.execute("UPDATE consents SET granted = ?", [kept])
        if way == "no record":
            desk.vault.db.execute("DELETE FROM consents")
        desk.close()
        return
    assert done.code == 0, done.err


@pytest.mark.parametrize("way", WAYS)
def test_every_command_without_each_scope(
    call: Call, services: Services, vault: Path, use: Callable[[list[str]], Said], tmp_path: Path, way: str
) -> None:
    for missing in (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW):
        take_away(call, services, vault, missing, way)
        for name, (words, needed) in USES.items():
            if needed is not missing:
                continue
            refused = use(words)
            assert (refused.code, refused.error["code"]) == (5, "no_consent"), (name, missing, refused.err)
            assert "K-07" in refused.error["error"]
            assert not (tmp_path / "out").exists()
        if missing is Scope.OWN_REVIEW:
            for name in ("list", "search", "backup"):
                assert use(MANY[name]).json["left_out"] == 1, name
            shutil.rmtree(tmp_path / "copy")
        for name, words in ALWAYS.items():
            if way != "no record" or not name.startswith("consent"):
                assert use(words).code == 0, name
        if way in ("never given", "no record"):
            desk = services.open_vault(vault, PASSPHRASE)
            desk.add_consent(
                "K-07", frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW}), date(2026, 11, 1)
            )
            desk.close()
        else:
            assert call("consent", "add", vault, "--client", "K-07", *SCOPES).code == 0
    assert use(USES["show"][0]).code == 0


def test_another_person_needs_to_be_named_for_every_use(
    call: Call, vault: Path, session: str, moment: str, tmp_path: Path
) -> None:
    secret = tmp_path / "bo"
    secret.write_text(BO_WORDS)
    call("profile", "add", vault, "--name", "Bo", "--role", "supervisor", "--new-passphrase-file", secret)
    other = write_wav(tmp_path / "o.wav", seconds=1)
    named = {"VAULT": vault, "SESSION": session, "MOMENT": moment, "OTHER": other, "OUT": tmp_path / "out"}

    def as_bo(words: list[str]) -> Said:
        return call(*[named.get(word, word) for word in words], "--profile", "Bo", passphrase=BO_WORDS)

    uses = {name: words for name, (words, _) in USES.items() if name not in ("change", "unmark", "undo")}
    for name, words in uses.items():
        refused = as_bo(words)
        assert (refused.code, refused.error["code"]) == (5, "no_consent"), name
        assert "its therapist adds it: supervise consent add" in refused.error["error"], name
        assert "--client K-07 --scope supervisor=Bo" in refused.error["error"], name
    assert call("consent", "add", vault, "--client", "K-07", "--scope", "supervisor=Cy").code == 0
    assert as_bo(["show", "VAULT", "SESSION"]).code == 5  # the client named somebody else
    assert as_bo(["list", "VAULT"]).json["left_out"] == 1
    assert as_bo(["search", "VAULT", "well"]).json == {"hits": [], "more": False, "left_out": 1}
    assert call("consent", "add", vault, "--client", "K-07", "--scope", "supervisor=Bo").code == 0
    assert as_bo(["show", "VAULT", "SESSION"]).code == 0
    assert as_bo(["search", "VAULT", "well"]).json["left_out"] == 0
    gone = call(
        "consent", "withdraw", vault, "--client", "K-07", "--scope", "supervisor=Bo", "--now", "--yes"
    )
    assert gone.json["inventory"][0]["goes"] == []
    assert as_bo(["show", "VAULT", "SESSION"]).code == 5
    assert call("show", vault, session).code == 0


def test_a_part_in_a_case_is_given_listed_and_ended(
    call: Call, vault: Path, session: str, tmp_path: Path
) -> None:
    secret = tmp_path / "cy"
    secret.write_text(BO_WORDS)
    call("profile", "add", vault, "--name", "Cy", "--role", "researcher", "--new-passphrase-file", secret)
    study = "research=S1/E9"
    assert call("consent", "add", vault, "--client", "K-07", "--scope", study).code == 0
    show = ("show", vault, session, "--profile", "Cy")
    assert call(*show, passphrase=BO_WORDS).code == 5
    given = call("role", "give", vault, "--client", "K-07", "--to", "Cy", "--role", "researcher=S1/E9").json[
        "role"
    ]
    assert call(*show, passphrase=BO_WORDS).code == 0
    assert call("role", "list", vault).json["roles"][0]["part"] == "researcher=S1/E9"
    assert call("role", "end", vault, given[:8]).code == 0
    assert call(*show, passphrase=BO_WORDS).code == 5
    assert call("role", "give", vault, "--client", "K-07", "--to", "Cy", "--role", "boss").code == 2


def test_a_whole_record_is_added_and_shown(call: Call, vault: Path, tmp_path: Path) -> None:
    form = tmp_path / "form.txt"
    form.write_text("I agree to this and that.")
    words = (
        "--scope record --scope group=Tuesday --refused training --expires 2027-01-01 --review-on 2026-12-24"
    )
    words += " --signer-role guardian --minor --assent --guardian G-1 --adult-on 2030-01-01 --method paper"
    words += " --language en --witness W --capacity assessed --audible P-2=granted --keep sound=90"
    added = call("consent", "add", vault, "--client", "M-1", "--form", form, *words.split())
    assert set(added.json) == {"consent"}, added.err
    shown = call("consent", "show", vault, "--client", "M-1").json
    (record,) = shown["records"]
    assert {"consent", "scopes", "signed", "expires"} <= set(record)
    assert record["granted"] == ["group=Tuesday", "record"]
    assert record["refused"] == ["training"]
    assert record["details"]["form"] == "I agree to this and that."
    assert len(record["details"]["form_sha256"]) == 64
    assert record["details"]["keep_days"] == {"sound": 90}
    assert call("consent", "add", vault, "--client", "M-1", "--scope", "dreams").code == 2
    assert call("consent", "add", vault, "--client", "M-1").code == 2
    assert call("consent", "add", vault, "--client", "M-1", "--scope", "record", "--form", tmp_path).code == 7


def test_withdrawn_and_destroyed_every_command_naming_the_session_says_why(
    call: Call, services: Services, vault: Path, session: str, moment: str, tmp_path: Path
) -> None:
    call("mark", vault, session, "--at", "2", "--code", "wf.flag", "--note", "vermilion heron")
    call("export", vault, session, "--format", "txt", "--to", tmp_path / "x.txt", "--for", "Dr Bo")
    assert call("consent", "withdraw", vault, "--client", "K-07", "--all", "--now").code == 2
    done = call("consent", "withdraw", vault, "--client", "K-07", "--all", "--now", "--yes").json
    assert done["destroyed"]
    assert [(copy["kind"], copy["recipient"]) for copy in done["copies"]] == [("txt", "Dr Bo")]
    assert done["certificate"]["proof"]["pages_with_traces"] == 0
    for words, _ in USES.values():
        if "SESSION" in words:
            named = {"VAULT": vault, "SESSION": session, "OUT": tmp_path / "out"}
            refused = call(*[named.get(word, word) for word in words])
            assert (refused.code, refused.error["code"]) == (5, "no_consent")
            assert "was destroyed on" in refused.error["error"]
    assert call("list", vault).json["sessions"] == []
    assert call("verify", vault).json["ok"]
    desk = services.open_vault(vault, PASSPHRASE)
    key = desk.vault.database_key
    desk.close()
    assert traces(vault, key, [b"vermilion heron", b"not well"]) == []
    for name in ("c.json", "c.pdf"):
        target = tmp_path / name
        assert call("consent", "certificate", vault, done["withdrawal"][:8], "--to", target).code == 0
        assert target.stat().st_size > 500
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF-1.4")
    assert call("consent", "certificate", vault, done["withdrawal"], "--to", tmp_path / "c.doc").code == 2
    copy = done["copies"][0]["copy"]
    assert call("copies", "called-back", vault, copy[:8]).code == 0
    assert call("copies", "list", vault, "--client", "K-07").json["copies"] == []


def test_the_grace_period_is_seen_taken_back_and_ends(
    call: Call, services: Services, vault: Path, session: str
) -> None:
    first = call("consent", "withdraw", vault, "--client", "K-07", "--all").json
    assert (first["destroyed"], first["due"]) == (False, "2026-11-30")
    assert call("show", vault, session).code == 5
    assert call("consent", "withdrawals", vault).json["withdrawals"][0]["due"] == "2026-11-30"
    assert call("consent", "certificate", vault, first["withdrawal"]).code == 2
    assert call("consent", "take-back", vault, first["withdrawal"][:8]).code == 0
    assert call("show", vault, session).code == 0
    second = call("consent", "withdraw", vault, "--client", "K-07", "--all").json["withdrawal"]
    services.today = lambda: date(2026, 11, 23) + timedelta(days=8)
    assert "was destroyed" in call("show", vault, session).error["error"]
    rows = call("consent", "withdrawals", vault).json["withdrawals"]
    assert [(row["choice"], row["certified"]) for row in rows] == [("taken_back", False), ("destroy", True)]
    assert call("consent", "take-back", vault, second).code == 2


def test_a_withdrawal_can_be_carried_out_early(call: Call, vault: Path, session: str) -> None:
    made = call("consent", "withdraw", vault, "--client", "K-07", "--all").json["withdrawal"]
    assert call("consent", "destroy", vault, made).code == 2
    assert call("consent", "destroy", vault, made, "--yes").json["certificate"]["kind"] == "withdrawal"
    assert call("show", vault, session).code == 5
    assert call("consent", "withdraw", vault, "--client", "K-99", "--all").code == 2
    assert call("consent", "withdraw", vault, "--client", "K-07").code == 2


def test_a_portion_is_deleted_and_shown_so(call: Call, vault: Path, session: str, moment: str) -> None:
    assert moment
    portion = ("delete-portion", vault, session, "--from", "0", "--to", "1.3")
    assert call(*portion).code == 2
    done = call(*portion, "--yes").json
    assert done["certificate"]["kind"] == "portion"
    shown = call("show", vault, session).json
    assert shown["removed"] == [{"start_ms": 0, "end_ms": 1300}]
    words = [word["text"] for turn in shown["transcript"]["turns"] for word in turn["words"]]
    assert words == ["not", "well"]
    assert call("verify", vault).json["ok"]
    assert "deleted until" in call("show", vault, session, as_json=False).out


def test_retention_falls_due_under_a_moved_clock(
    call: Call, services: Services, vault: Path, session: str, moment: str
) -> None:
    assert moment
    for kind in ("sound", "transcript", "moments"):
        assert call("retention", "set", vault, "--kind", kind, "--days", "90").code == 0
    assert call("retention", "set", vault, "--kind", "sound").code == 2
    assert call("retention", vault).json == call("retention", "show", vault).json
    assert call("retention", vault, "--nonsense").code == 2
    held = ("--client", "K-07", "--reason", "court", "--expires", "2027-12-31")
    hold = call("retention", "hold", vault, *held).json["hold"]
    services.today = lambda: date(2027, 12, 1)
    assert {row["state"] for row in call("retention", "show", vault).json["due"]} == {"held"}
    assert call("retention", "run", vault, "--yes").json == {"destroyed": 0, "certificates": []}
    assert call("retention", "lift", vault, hold[:8]).code == 0
    assert call("retention", "run", vault).code == 2
    assert call("retention", "run", vault, "--yes").json["destroyed"] == 3
    assert call("show", vault, session).code == 5
    shown = call("retention", "show", vault).json
    assert (shown["due"], shown["holds"], shown["rules"]["sound"]) == ([], [], 90)


def test_an_older_programs_vault_is_backed_up_too(call: Call, tmp_path: Path) -> None:
    data = Path(__file__).parents[1] / "data" / "vaults"
    shutil.copytree(data / "v1", tmp_path / "old")
    words = json.loads((data / "v1.json").read_text())["passphrase"]
    assert call("backup", tmp_path / "old", tmp_path / "new", passphrase=words).json["left_out"] == 0


def test_a_backup_holds_nothing_of_the_uncovered_and_is_called_back(
    call: Call, services: Services, vault: Path, session: str, moment: str, tmp_path: Path
) -> None:
    assert moment
    assert call("backup", vault, tmp_path / "full").json["left_out"] == 0
    call("consent", "add", vault, "--client", "K-08", *SCOPES)
    other = call("import", vault, write_wav(tmp_path / "o.wav", seconds=1), "--client", "K-08").json[
        "session"
    ]
    copies = call("consent", "withdraw", vault, "--client", "K-07", "--all").json["copies"]
    assert [(copy["kind"], copy["place"]) for copy in copies] == [("backup", str(tmp_path / "full"))]
    assert call("backup", vault, tmp_path / "copy").json["left_out"] == 1
    desk = services.open_vault(vault, PASSPHRASE)
    key = desk.vault.database_key
    desk.close()
    assert traces(tmp_path / "full", key, [b"not well"]) != []
    assert traces(tmp_path / "copy", key, [b"not well"]) == []
    assert call("restore", tmp_path / "copy", tmp_path / "back").json["ok"]
    assert [row["session"] for row in call("list", tmp_path / "back").json["sessions"]] == [other]
    assert call("show", tmp_path / "back", session).code in (2, 5)
    assert len(list((tmp_path / "back" / "media").iterdir())) == 2


def test_a_restore_applies_the_withdrawals_that_are_supplied(
    call: Call, services: Services, vault: Path, session: str, moment: str, tmp_path: Path
) -> None:
    assert moment
    other = call("import", vault, write_wav(tmp_path / "two.wav", seconds=2), "--client", "K-07").json[
        "session"
    ]
    call("backup", vault, tmp_path / "full")
    portion = call("delete-portion", vault, other, "--from", "0", "--to", "1", "--yes").json["certificate"]
    gone = call("consent", "withdraw", vault, "--client", "K-07", "--all", "--now", "--yes").json[
        "withdrawal"
    ]
    target, first = tmp_path / "c.json", tmp_path / "p.json"
    assert call("consent", "certificate", vault, gone, "--to", target).code == 0
    assert call("consent", "certificate", vault, portion["certificate"], "--to", first).code == 0
    only = call("restore", tmp_path / "full", tmp_path / "a", "--withdrawal", first).json
    assert (only["ok"], only["destroyed_again"]) == (True, 1)
    assert call("show", tmp_path / "a", other).json["removed"] == [{"start_ms": 0, "end_ms": 1000}]
    assert call("show", tmp_path / "a", session).code == 0
    both = call("restore", tmp_path / "full", tmp_path / "b", "--withdrawal", target).json
    assert both["destroyed_again"] == 2
    assert "was destroyed on" in call("show", tmp_path / "b", session).error["error"]
    desk = services.open_vault(tmp_path / "b", PASSPHRASE)
    key = desk.vault.database_key
    desk.close()
    assert traces(tmp_path / "b", key, [b"not well"]) == []
    target.write_text(target.read_text().replace("K-07", "K-08"))
    assert call("restore", tmp_path / "full", tmp_path / "c", "--withdrawal", target).code == 4
    assert not (tmp_path / "c").exists()


def test_the_log_is_written_to_a_file_and_says_whether_its_chain_holds(
    call: Call, vault: Path, session: str, tmp_path: Path
) -> None:
    assert call("show", vault, session).code == 0
    table = tmp_path / "log.csv"
    written = call("log", vault, "--to", table)
    assert written.json["chain_holds"] is True
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "at,who,action,subject,detail"
    assert written.json["rows"] == len(lines) - 1
    assert any(",Ada,import," in line and session in line for line in lines)
    assert call("log", vault, "--to", table).code == 2
    assert call("log", vault, "--to", table, "--force").code == 0
    assert call("log", vault, "--to", tmp_path / "log.txt").code == 2
    assert call("log", vault, "--last", "3").json["chain_holds"] is True
