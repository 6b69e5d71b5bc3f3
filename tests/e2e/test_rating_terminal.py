"""`rating record|list|show|export|delete` as scripts use them, at a fake loudspeaker that keeps time."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_terminal import Call, call, services, session, sound, vault

from supervise.audio.fake_output import FakeOutput
from supervise.audio.inputs import steady_s
from supervise.bootstrap import Services

__all__ = ["call", "services", "session", "sound", "vault"]

RATE = 16_000


class Loudspeaker:
    """Plays at the pace of time while it is open."""

    def __init__(self) -> None:
        self.output = FakeOutput(own_rate_hz=RATE)
        self.then: Callable[[float], None] = lambda _: None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        done, begun_s = 0, 0.0
        while not self._over.wait(0.005):
            if self.output.stream is None or not self.output.stream.running:
                done, begun_s = 0, steady_s()
                continue
            wanted = int((steady_s() - begun_s) * RATE)
            self.output.pull(wanted - done)
            done = wanted
            self.then(done / RATE)

    def close(self) -> None:
        self._over.set()
        self._thread.join()


@pytest.fixture
def phones(services: Services) -> Iterator[Loudspeaker]:
    made = Loudspeaker()
    services.make_output = lambda _: made.output
    yield made
    made.close()


COMMANDS = """
# a comment
@0.4 set affect 40
@0.8 set closeness -30
@1.0 middle affect
nonsense
set nothing 4
set affect much
@1.2 pause
set affect 10
@1.5 resume
@1.8 seek 0.5
@2.1 end
"""


def test_a_whole_rating_by_commands(
    call: Call, vault: Path, session: str, phones: Loudspeaker, tmp_path: Path
) -> None:
    script = tmp_path / "commands"
    script.write_text(COMMANDS)
    begin = ("rating", "record", vault, session, "--output", "phones", "--dial", "affect")
    said = call(*begin, "--dial", "Closeness=distant..close", "--commands", script)
    assert said.code == 0, said.err
    made = said.json
    told = [json.loads(line) for line in said.err.splitlines() if line.startswith("{")]
    assert [line.get("done") or line["refused"] for line in told] == [
        *("ready", "set affect 40", "set closeness -30", "middle affect"),
        *(
            "nonsense",
            "set nothing 4",
            "set affect much",
            "pause",
            "set affect 10",
            "resume",
            "seek 0.5",
            "end",
        ),
    ]
    assert told[3]["values"] == {"affect": 0, "closeness": -30}
    assert {line["code"] for line in told if "refused" in line} == {"usage"}
    shown = call("rating", "show", vault, made["series"]).json
    assert [run["pass"] for run in shown["runs"]] == [1, 1, 2]
    moved = {(point["dial"], point["value"]): point["session_ms"] for point in shown["given"][:4]}
    assert abs(moved["affect", 40] - told[1]["session_ms"]) <= 60
    assert moved["closeness", -30] >= moved["affect", 40] + 300
    assert shown["summary"][0]["highest"] == 40
    assert made["played_ms"] == shown["played_ms"] == sum(r["end_ms"] - r["start_ms"] for r in shown["runs"])
    (row,) = call("rating", "list", vault).json["ratings"]
    assert row["dials"] == ["affect", "closeness"]
    assert (row["series"], row["rater"]) == (made["series"], "therapist")
    assert call("rating", "list", vault, session).json["ratings"] == [row]
    assert call("rating", "show", vault, made["series"][:8], as_json=False).code == 0
    assert call("verify", vault).code == 0


def test_a_series_is_taken_out_and_deleted(
    call: Call, vault: Path, session: str, phones: Loudspeaker, tmp_path: Path
) -> None:
    script = tmp_path / "commands"
    script.write_text("@0.3 set affect -15\n@1.1 end\n")
    series = call("rating", "record", vault, session, "--commands", script).json["series"]
    table, document = tmp_path / "r.csv", tmp_path / "r.json"
    done = call("rating", "export", vault, series, "--format", "csv", "--rate", "10", "--to", table).json
    lines = table.read_text("utf-8-sig").splitlines()
    assert done == {"path": str(table), "rows": len(lines) - 1}
    assert lines[0].split(",")[-3:] == ["session_ms", "session_clock", "affect"]
    assert {line.split(",")[-1] for line in lines[1:]} == {"0", "-15"}
    assert call("rating", "export", vault, series, "--format", "json", "--to", document).json["rows"] == 2
    copies = call("copies", "list", vault).json["copies"]
    assert [copy["kind"] for copy in copies] == ["rating csv", "rating json"]
    assert call("rating", "delete", vault, series).code == 2
    assert call("rating", "delete", vault, series, "--yes").json == {"deleted": series}
    assert call("rating", "list", vault).json == {"ratings": []}


def test_without_commands_it_ends_with_the_session_or_ctrl_c(
    call: Call, vault: Path, session: str, phones: Loudspeaker
) -> None:
    sent = []

    def interrupt(seconds: float) -> None:
        if seconds > 0.7 and not sent:
            sent.append(os.kill(os.getpid(), signal.SIGINT))

    phones.then = interrupt
    said = call("rating", "record", vault, session)
    assert said.code == 0, said.err
    assert 500 < said.json["played_ms"] < 2000
    phones.then = lambda _: None
    length_ms = call("list", vault).json["sessions"][0]["duration_ms"]
    assert call("rating", "record", vault, session).json["played_ms"] == length_ms


def test_refusals_have_their_codes(call: Call, vault: Path, session: str, phones: Loudspeaker) -> None:
    begin = ("rating", "record", vault, session)
    assert call(*begin, "--rater", "client").error["code"] == "no_consent"
    assert call(*begin, "--rater", "other").error["code"] == "usage"
    assert call(*begin, "--study", "moods").error["code"] == "no_consent"
    assert call(*begin, "--dial", "nonsense").code == 2
    assert call(*begin, "--dial", "affect", "--dial", "affect").code == 2
    phones.output.missing = True
    assert call(*begin).error["code"] == "device_missing"
    assert call("rating", "list", vault).json == {"ratings": []}
    assert call("rating", "show", vault, "abcdef").code == 2
