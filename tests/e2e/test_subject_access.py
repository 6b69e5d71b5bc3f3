"""One bundle for a client: theirs, all of it, nothing of anybody else's, and it needs no consent."""

import json
import zipfile
from pathlib import Path

from test_terminal import SCOPES, Call, call, services, session, sound, vault, write_wav

__all__ = ["call", "services", "session", "sound", "vault"]  # fixtures of the first matrix


def test_a_bundle_is_whole_and_holds_back_what_is_private_or_anothers(
    call: Call, vault: Path, session: str, tmp_path: Path
) -> None:
    assert call("transcribe", vault, session, "--language", "en").code == 0
    mark = ("mark", vault, session, "--at", "1", "--code", "wf.flag", "--note")
    call(*mark, "an open remark")
    private = call(*mark, "a vermilion heron", "--private").json["moment"]
    call("mark", vault, session, "--at", "0.1", "--until", "0.6", "--code", "wf.redact")
    call("consent", "add", vault, "--client", "K-08", *SCOPES)
    other = call("import", vault, write_wav(tmp_path / "o.wav", seconds=1), "--client", "K-08").json[
        "session"
    ]
    call("consent", "withdraw", vault, "--client", "K-07", "--scope", "own_review")
    assert call("show", vault, session).code == 5
    target = tmp_path / "a.zip"
    made = call("subject-access", vault, "--client", "K-07", "--to", target).json
    assert made == {"path": str(target), "sessions": 1, "held_back": 1, "without_sound": 0}
    with zipfile.ZipFile(target) as bundle:
        names = bundle.namelist()
        text = b"".join(bundle.read(name) for name in names if not name.endswith(".flac")).decode()
        flac = [name for name in names if name.endswith("sound.flac")]
        held = json.loads(bundle.read("held_back.json"))["moments"]
        log = json.loads(bundle.read("access_log.json"))["entries"]
        assert bundle.read(flac[0]).startswith(b"fLaC")
    assert {"README.txt", "consent.json", "destroyed.json", "copies.json"} <= set(names)
    assert [entry["moment"] for entry in held] == [private]
    assert "an open remark" in text
    assert "[redacted]" in text
    assert "vermilion" not in text
    assert other not in text
    assert "K-08" not in text
    assert {"import", "transcribe", "consent"} <= {entry["action"] for entry in log}
    _decided_about(call, vault, target, private)


def _decided_about(call: Call, vault: Path, target: Path, private: str) -> None:
    again = ("subject-access", vault, "--client", "K-07", "--to", target)
    assert call(*again).code == 2
    assert call(*again, "--force", "--include", private).json["held_back"] == 0
    assert "vermilion" in _session_json(target)
    assert "subject_access" in {row["kind"] for row in call("copies", "list", vault).json["copies"]}


def _session_json(target: Path) -> str:
    with zipfile.ZipFile(target) as bundle:
        return bundle.read(next(name for name in bundle.namelist() if name.endswith("session.json"))).decode()


def test_a_bundle_is_for_a_known_client_and_a_zip_file(
    call: Call, vault: Path, session: str, tmp_path: Path
) -> None:
    assert session
    assert call("subject-access", vault, "--client", "X", "--to", tmp_path / "a.zip").code == 2
    assert call("subject-access", vault, "--client", "K-07", "--to", tmp_path / "a.txt").code == 2
    call("consent", "withdraw", vault, "--client", "K-07", "--all", "--now", "--yes")
    made = call("subject-access", vault, "--client", "K-07", "--to", tmp_path / "a.zip").json
    assert made["sessions"] == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as bundle:
        assert len(json.loads(bundle.read("destroyed.json"))["certificates"]) == 1
