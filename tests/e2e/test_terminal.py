"""The terminal's contract: names, flags, fields and exit codes that scripts rely on."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sounds import speechlike, write_sound_file
from supervise.bootstrap import Services
from supervise.cli.main import commands, run
from supervise.cli.options import Terminal
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.resources import resource_path
from supervise.speech.engine import VoiceSegment
from supervise.speech.fake import FakeEngine
from supervise.speech.models import ModelEntry, ModelFile, ModelStore, Registry
from workspaces import PASSPHRASE, default_codebook, spoken

SCOPES = [word for scope in ("record", "transcribe", "own_review") for word in ("--scope", scope)]


@dataclass
class Said:
    """What one command wrote and answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on the one line of stdout."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out + self.err
        found = json.loads(lines[0])
        assert isinstance(found, dict)
        return found

    @property
    def error(self) -> dict[str, str]:
        """The object on the last line of stderr."""
        assert self.out == ""
        found = json.loads(self.err.splitlines()[-1])
        assert set(found) == {"error", "code"}
        return dict(found)


Call = Callable[..., Said]


def write_wav(path: Path, seconds: int) -> Path:
    """Write a WAV file of so many seconds; files of different names differ."""
    seed = len(path.name)
    return write_sound_file(path, speechlike(seconds * 16_000, rate_hz=16_000, seed=seed), "s16.wav", 16_000)


@pytest.fixture
def services(tmp_path: Path, cheap_kdf: KdfParams) -> Services:
    place = tmp_path / "models" / "base"
    place.mkdir(parents=True)
    (place / "model.bin").write_bytes(b"m")
    file = ModelFile("model.bin", 1, hashlib.sha256(b"m").hexdigest())
    entries = [ModelEntry(name, name, "MIT", "en", "", (), (file,)) for name in ("base", "small")]
    voices = (VoiceSegment(0, 1500, "A"), VoiceSegment(1500, 9000, "B"))
    words = spoken("how are you", 200, 300) + spoken("not well", 2000, 300)
    return Services(
        models=ModelStore(Registry(entries), [place.parent]),
        default_codebook=default_codebook(),
        speaker_models=resource_path("models", "speakers"),
        make_engine=lambda: FakeEngine(words, voices),
        kdf=cheap_kdf,
        today=lambda: date(2026, 11, 23),
    )


@pytest.fixture
def call(services: Services, capsys: pytest.CaptureFixture[str]) -> Call:
    def called(*arguments: object, passphrase: str | None = PASSPHRASE, as_json: bool = True) -> Said:
        words = [str(argument) for argument in arguments] + (["--json"] if as_json else [])
        code = run(words, Terminal(services, passphrase))
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return called


@pytest.fixture
def vault(call: Call, tmp_path: Path) -> Path:
    path = tmp_path / "v"
    made = call("init", path, "--name", "Ada", "--role", "therapist")
    assert set(made.json) == {"vault", "profile", "recovery_key"}
    return path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return write_wav(tmp_path / "monday.wav", seconds=4)


@pytest.fixture
def session(call: Call, vault: Path, sound: Path) -> str:
    added = call("consent", "add", vault, "--client", "K-07", *SCOPES, "--signed", "2026-11-01")
    assert set(added.json) == {"consent"}
    made = call("import", vault, sound, "--client", "K-07").json
    assert {"session", "duration_ms", "samples", "rate_hz", "channels", "sha256"} <= set(made)
    assert made["duration_ms"] == 4000
    return str(made["session"])


def test_the_main_job_from_beginning_to_end(call: Call, vault: Path, session: str, tmp_path: Path) -> None:
    made = call("transcribe", vault, session, "--language", "en").json
    assert {"transcript", "words", "turns", "cpu_s", "peak_mb"} <= set(made)
    assert (made["words"], made["turns"]) == (5, 2)
    moment = call(
        "mark", vault, session, "--at", "1.5", "--until", "2", "--code", "wd.minimal", "--note", "hm"
    ).json
    shown = call("show", vault, session).json
    assert shown["session"] == session
    turn = shown["transcript"]["turns"][0]
    assert {"speaker", "start_ms", "end_ms", "text", "words"} <= set(turn)
    assert set(turn["words"][0]) == {"text", "start_ms", "end_ms", "confidence"}
    assert shown["transcript"]["pauses"] == [{"start_ms": 2550, "end_ms": 4000}]
    entry = shown["moments"][0]
    assert {"moment", "start_ms", "end_ms", "codes", "note", "author", "perspective"} <= set(entry)
    assert (entry["moment"], entry["start_ms"], entry["end_ms"]) == (moment["moment"], 1500, 2000)
    assert (entry["codes"], entry["author"], entry["perspective"]) == (["wd.minimal"], "Ada", "therapist")
    hit = call("search", vault, "well").json["hits"][0]
    assert set(hit) == {"session", "start_ms", "kind", "snippet"}
    assert call("undo", vault).code == 0
    assert call("show", vault, session).json["moments"] == []
    assert call("redo", vault).code == 0
    assert len(call("show", vault, session[:8]).json["moments"]) == 1
    for fmt in ("txt", "vtt", "srt", "csv", "json", "flac", "wav"):
        wrote = call("export", vault, session, "--format", fmt, "--to", tmp_path / f"x.{fmt}").json
        assert set(wrote) == {"path", "rows"}
        assert (tmp_path / f"x.{fmt}").stat().st_size > 0
    report = call("verify", vault).json
    assert report == {"ok": True, "damaged": []}
    assert call("unmark", vault, moment["moment"]).code == 0


def test_an_existing_file_needs_force(call: Call, vault: Path, session: str, tmp_path: Path) -> None:
    target = tmp_path / "x.json"
    target.write_text("mine")
    refused = call("export", vault, session, "--format", "json", "--to", target)
    assert (refused.code, refused.error["code"]) == (2, "usage")
    assert target.read_text() == "mine"
    assert call("export", vault, session, "--format", "json", "--to", target, "--force").code == 0


def test_the_same_file_twice_returns_its_session(call: Call, vault: Path, session: str, sound: Path) -> None:
    again = call("import", vault, sound, "--client", "K-07").json
    assert (again["session"], again["duplicate"]) == (session, True)
    assert len(call("list", vault).json["sessions"]) == 1


def test_the_original_is_kept_unless_asked(call: Call, vault: Path, session: str, tmp_path: Path) -> None:
    other = write_wav(tmp_path / "other.wav", seconds=1)
    assert call("import", vault, other, "--client", "K-07", "--original", "delete").code == 0
    assert not other.exists()
    assert (tmp_path / "monday.wav").exists()
    assert session


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [
        (Scope.RECORD, ["import", "VAULT", "OTHER", "--client", "K-07"]),
        (Scope.TRANSCRIBE, ["transcribe", "VAULT", "SESSION"]),
        (Scope.OWN_REVIEW, ["show", "VAULT", "SESSION"]),
        (Scope.OWN_REVIEW, ["mark", "VAULT", "SESSION", "--at", "1", "--code", "wf.flag"]),
        (Scope.OWN_REVIEW, ["search", "VAULT", "well", "--session", "SESSION"]),
        (Scope.OWN_REVIEW, ["export", "VAULT", "SESSION", "--format", "wav", "--to", "OTHER.wav"]),
        (Scope.OWN_REVIEW, ["speakers", "VAULT", "SESSION", "--swap"]),
        (Scope.OWN_REVIEW, ["unmark", "VAULT", "MOMENT"]),
        (Scope.OWN_REVIEW, ["change", "VAULT", "MOMENT", "--note", "x"]),
        (Scope.OWN_REVIEW, ["comment", "VAULT", "MOMENT", "x"]),
        (Scope.OWN_REVIEW, ["undo", "VAULT"]),
    ],
)
def test_each_use_without_its_scope_is_exit_five(
    call: Call,
    services: Services,
    vault: Path,
    session: str,
    tmp_path: Path,
    missing: Scope,
    arguments: list[str],
) -> None:
    moment = call("mark", vault, session, "--at", "1", "--code", "wf.flag").json["moment"]
    granted = [scope for scope in (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW) if scope != missing]
    desk = services.open_vault(vault, PASSPHRASE)
    desk.store.vault.db.execute("UPDATE consents SET granted = ?", [json.dumps(granted)])
    desk.close()
    named = {
        "VAULT": vault,
        "SESSION": session,
        "MOMENT": moment,
        "OTHER": write_wav(tmp_path / "o.wav", seconds=1),
        "OTHER.wav": tmp_path / "out.wav",
    }
    refused = call(*[named.get(word, word) for word in arguments])
    assert (refused.code, refused.error["code"]) == (5, "no_consent"), refused.err
    assert "supervise consent add" in refused.error["error"]
    assert not (tmp_path / "out.wav").exists()


def test_wrong_passphrase_unknown_vault_unknown_session_missing_model(
    call: Call, vault: Path, session: str
) -> None:
    assert call("list", vault, passphrase="not the one").error["code"] == "wrong_key"
    assert call("list", vault, passphrase="not the one").code == 3
    assert call("list", vault.parent / "nothing").code == 7
    assert call("show", vault, "0123456789ab").code == 2
    missing = call("transcribe", vault, session, "--model", "small")
    assert missing.code == 7
    assert "supervise models add small" in missing.error["error"]
    assert call("list", vault, passphrase=None).code == 2


def test_a_held_vault_is_exit_six_and_says_who_holds_it(call: Call, services: Services, vault: Path) -> None:
    desk = services.open_vault(vault, PASSPHRASE)
    try:
        refused = call("list", vault)
        assert refused.code == 6
        assert str(os.getpid()) in refused.error["error"]
        assert call("verify", vault).json["ok"]
        assert call("backup", vault, vault.parent / "copy").code == 0
    finally:
        desk.close()
    assert {"verify", "backup"} <= {entry["action"] for entry in call("log", vault).json["entries"]}
    assert call("restore", vault.parent / "copy", vault.parent / "again").json["ok"]
    assert call("list", vault.parent / "again").code == 0


def test_a_sound_that_is_none_leaves_nothing(call: Call, vault: Path, session: str, tmp_path: Path) -> None:
    text = tmp_path / "letter.wav"
    text.write_text("dear diary")
    refused = call("import", vault, text, "--client", "K-07")
    assert (refused.code, refused.error["code"]) == (7, "not_readable")
    assert len(call("list", vault).json["sessions"]) == 1
    assert len(list((vault / "media").iterdir())) == 2
    assert session


def test_profiles_have_their_own_passphrase(call: Call, vault: Path, tmp_path: Path) -> None:
    secret = tmp_path / "bo"
    secret.write_text("words that only Bo knows\n")
    added = call(
        "profile", "add", vault, "--name", "Bo", "--role", "supervisor", "--new-passphrase-file", secret
    )
    assert added.json["profile"] == "Bo"
    listed = call("profile", "list", vault, "--profile", "Bo", passphrase="words that only Bo knows").json
    assert [row["profile"] for row in listed["profiles"]] == ["Ada", "Bo"]
    assert call("list", vault, "--profile", "Bo").code == 3
    assert call("list", vault, "--profile", "Cy").code in (2, 3)


def test_a_lost_passphrase_is_replaced_with_the_recovery_key(call: Call, tmp_path: Path) -> None:
    path, key, fresh = tmp_path / "v2", tmp_path / "key", tmp_path / "fresh"
    key.write_text(call("init", path, "--name", "Ada", "--role", "therapist").json["recovery_key"])
    fresh.write_text("an entirely new set of words")
    changed = call("passphrase", path, "--recovery-key-file", key, "--new-passphrase-file", fresh)
    assert changed.code == 0, changed.err
    assert call("list", path).code == 3
    assert call("list", path, passphrase="an entirely new set of words").code == 0


def test_every_command_knows_json_and_help(call: Call) -> None:
    names = set(commands.commands)
    wanted = (
        "init profile consent import transcribe list show mark unmark undo redo search export verify backup"
    )
    assert {*wanted.split(), "restore", "models", "demo"} <= names
    for name in names:
        assert call(name, "--help", as_json=False).code == 0
    assert call("mark").error["code"] == "usage"
    assert call("nonsense").code == 2
