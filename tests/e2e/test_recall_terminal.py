"""`recall start|list|show|about|export|recover|destroy` as scripts use them, between two fake devices."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_terminal import Call, call, services, session, sound, vault

from sounds import speechlike
from supervise.audio.fake_input import FakeInput
from supervise.audio.fake_output import FakeOutput
from supervise.audio.inputs import steady_s
from supervise.bootstrap import Services
from workspaces import PASSPHRASE

__all__ = ["call", "services", "session", "sound", "vault"]

RATE = 16_000
STOP_FIELDS = {"session_ms", "recall_start_ms", "recall_end_ms", "stopped_by", "replayed_from_ms", "prompt"}


class Room:
    """A loudspeaker and a microphone that run at the pace of time while they are open."""

    def __init__(self) -> None:
        self.mic, self.output = FakeInput(rate_hz=RATE, own_rate=True), FakeOutput(own_rate_hz=RATE)
        self.then: Callable[[float], None] = lambda _: None
        self.quiet_after_s = 1e9
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        sound, done, begun_s = speechlike(RATE, 1, RATE), 0, 0.0
        while not self._over.wait(0.005):
            stream = self.mic.stream
            if stream is None or not stream.running:
                done, begun_s = 0, steady_s()
                continue
            while done < (steady_s() - begun_s) * RATE:
                heard = sound[:160] // 4000 if done > self.quiet_after_s * RATE else sound[:160]
                self.mic.speak(heard, begun_s + done / RATE)
                self.output.pull(160)
                done += 160
            self.then(done / RATE)

    def close(self) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def room(services: Services) -> Iterator[Room]:
    made = Room()
    services.make_input = lambda _: made.mic
    services.make_output = lambda _: made.output
    yield made
    made.close()


def acknowledged(err: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    return [line for line in lines if "done" in line or "refused" in line]


DEVICES = ("--input", "mic", "--output", "phones")


def test_a_whole_recall_by_commands(
    call: Call, vault: Path, session: str, room: Room, tmp_path: Path
) -> None:
    script = tmp_path / "commands"
    script.write_text(
        "# a comment\n@1.2 stop recaller\nprompt affect.feel\nnonsense\n@2 resume\n@2.4 speed 1.5\n"
        "@2.6 seek 0.5\n@3 stop inquirer\n@3.3 end\n"
    )
    said = call("recall", "start", vault, session, "--kind", "therapist", *DEVICES, "--commands", script)
    assert said.code == 0, said.err
    made = said.json
    assert {"recall", "stops", "duration_ms"} <= set(made)
    assert made["stops"] == 2
    assert made["duration_ms"] >= 3300
    told = acknowledged(said.err)
    assert [line.get("done") or line.get("refused") for line in told] == [
        "ready",
        "stop recaller",
        "prompt affect.feel",
        "nonsense",
        "resume",
        "speed 1.5",
        "seek 0.5",
        "stop inquirer",
        "end",
    ]
    assert told[3]["code"] == "usage"
    assert all({"recall_ms", "session_ms"} <= set(line) for line in told if "done" in line)
    shown = call("recall", "show", vault, made["recall"]).json
    first, second = shown["stops"]
    assert set(first) >= STOP_FIELDS
    assert (first["stopped_by"], first["prompt"], first["replayed_from_ms"]) == ("recaller", "affect.feel", 0)
    assert (second["stopped_by"], second["prompt"], second["replayed_from_ms"]) == ("inquirer", None, None)
    assert first["session_ms"] == told[1]["session_ms"]
    assert 500 < first["session_ms"] < 1400
    assert second["recall_end_ms"] == made["duration_ms"]
    assert [stretch["speed"] for stretch in shown["heard"]] == [1.0, 1.0, 1.5, 1.5]
    (row,) = call("recall", "list", vault).json["recalls"]
    assert (row["recall"], row["kind"], row["stops"], row["state"]) == (
        made["recall"],
        "therapist",
        2,
        "finished",
    )
    assert call("recall", "list", vault, session).json["recalls"] == [row]
    (found,) = call("recall", "about", vault, session, first["session_ms"] / 1000 - 0.1).json["recalled"][:1]
    assert (found["recall"], found["recaller"]) == (made["recall"], "therapist")
    assert call("recall", "show", vault, made["recall"][:8], as_json=False).code == 0
    assert call("verify", vault).code == 0


def test_ctrl_c_keeps_it_and_usr1_is_the_key(call: Call, vault: Path, session: str, room: Room) -> None:
    pressed = []

    def press(seconds: float) -> None:
        if seconds > 0.8 and not pressed:
            pressed.append(os.kill(os.getpid(), signal.SIGUSR1))
        if seconds > 1.5 and len(pressed) == 1:
            pressed.append(os.kill(os.getpid(), signal.SIGINT))

    room.then = press
    said = call("recall", "start", vault, session, "--kind", "therapist", *DEVICES)
    assert said.code == 0, said.err
    assert said.json["stops"] == 1


def test_refusals_have_their_codes(call: Call, vault: Path, session: str, room: Room, tmp_path: Path) -> None:
    begin = ("recall", "start", vault, session, *DEVICES)
    assert call(*begin, "--kind", "nothing").code == 2
    assert call(*begin, "--kind", "client", "--inquirer", "Cara").error["code"] == "no_consent"
    assert call(*begin, "--kind", "therapist", "--segment", "1").code == 2
    assert call(*begin, "--kind", "therapist", "--segment", "1-9999").code == 2
    assert call(*begin, "--kind", "therapist", "--commands", tmp_path / "none").code == 7
    room.mic.missing = True
    assert call(*begin, "--kind", "therapist").error["code"] == "device_missing"
    assert call("recall", "show", vault, "abcdef").code == 2
    assert call("recall", "list", vault).json == {"recalls": []}


def test_a_recall_is_taken_out_and_destroyed(
    call: Call, vault: Path, session: str, room: Room, tmp_path: Path
) -> None:
    script = tmp_path / "commands"
    script.write_text("@0.7 stop recaller\n@1.0 end\n")
    begin = ("recall", "start", vault, session, *DEVICES, "--kind", "therapist")
    made = call(*begin, "--segment", "0.2-2", "--commands", script).json
    target = tmp_path / "r.json"
    assert call("recall", "export", vault, made["recall"], "--format", "csv", "--to", target).code == 2
    as_json = ("recall", "export", vault, made["recall"], "--format", "json", "--to", target)
    assert call(*as_json).json == {"path": str(target), "rows": 0}
    document = json.loads(target.read_text())
    assert (document["recall"]["segments"]["spans"], len(document["stops"])) == ([[200, 2000]], 1)
    (copy,) = call("copies", "list", vault).json["copies"]
    assert copy["kind"] == "recall json"
    spoken = call("recall", "transcribe", vault, made["recall"], "--language", "en").json
    assert {"transcript", "words", "utterances"} <= set(spoken)
    table = tmp_path / "r.csv"
    rows = call("recall", "export", vault, made["recall"], "--format", "csv", "--to", table).json["rows"]
    assert rows == spoken["utterances"] == len(table.read_text().splitlines()) - 1 > 0
    take_out = ("recall", "export", vault, made["recall"], "--to")
    page = tmp_path / "r.html"
    assert call(*take_out, page, "--format", "html", "--recipient", "Cara").json["rows"] > 0
    assert "Recalled by the therapist" in page.read_text(encoding="utf-8")
    assert call(*take_out, page, "--format", "html").code == 2
    assert call(*take_out, tmp_path / "s.html", "--format", "html", "--with", made["recall"]).code == 2
    assert call(*take_out, tmp_path / "r.pdf", "--format", "pdf").code == 2  # no window's part handed in here
    assert call("recall", "recover", vault, made["recall"]).code == 2
    assert call("recall", "recover", vault, made["recall"], "--destroy").code == 2
    gone = call("recall", "recover", vault, made["recall"], "--destroy", "--yes").json["certificate"]
    assert (gone["kind"], made["recall"] in gone["sessions"][0]["recalls_gone"]) == ("recall", True)
    assert call("recall", "list", vault).json == {"recalls": []}
    assert call("verify", vault).code == 0


def test_a_recall_is_destroyed_by_itself_with_a_certificate(
    call: Call, vault: Path, session: str, room: Room, tmp_path: Path
) -> None:
    script = tmp_path / "commands"
    script.write_text("@0.3 stop recaller\n@0.5 end\n")
    begin = ("recall", "start", vault, session, *DEVICES, "--kind", "therapist", "--commands", script)
    recall, other = call(*begin).json["recall"], call(*begin).json["recall"]
    refused = call("recall", "destroy", vault, recall)
    assert (refused.code, "Nothing was destroyed" in refused.error["error"]) == (2, True)
    assert len(call("recall", "list", vault).json["recalls"]) == 2
    gone = call("recall", "destroy", vault, recall[:8], "--yes").json
    assert set(gone) == {"destroyed", "interviews", "certificate"}
    assert (gone["destroyed"], gone["interviews"]) == (recall, 0)
    decision = gone["certificate"]["certificate"]
    assert call("consent", "certificate", vault, decision).json["certificate"] == gone["certificate"]
    assert call("recall", "destroy", vault, recall, "--yes").code == 2
    assert [row["recall"] for row in call("recall", "list", vault).json["recalls"]] == [other]
    assert "Destroyed, and certified" in call("recall", "destroy", vault, other, "--yes", as_json=False).out
    assert call("verify", vault).code == 0


def test_a_pdf_is_set_without_a_screen(
    call: Call, vault: Path, session: str, room: Room, tmp_path: Path
) -> None:
    script = tmp_path / "commands"
    script.write_text("@0.7 stop recaller\n@1.0 end\n")
    made = call("recall", "start", vault, session, *DEVICES, "--kind", "therapist", "--commands", script).json
    target = tmp_path / "r.pdf"
    command = [sys.executable, "-m", "supervise", "recall", "export", str(vault), made["recall"]]
    command += ["--format", "pdf", "--to", str(target), "--json"]
    bare = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    bare |= {"SUPERVISE_PASSPHRASE": PASSPHRASE, "HOME": str(tmp_path)}
    bare.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(command, capture_output=True, text=True, env=bare, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] > 0
    assert target.read_bytes().startswith(b"%PDF-")
    assert target.stat().st_mode & 0o077 == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"r.pdf"}
