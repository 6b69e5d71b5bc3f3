"""kill -9 in the middle of a rating: at most a second of it is lost, and what is there is whole."""

import json
import os
import random
import threading
from pathlib import Path

import pytest
from vault_processes import Other

from rating_rooms import THERAPIST
from recall_rooms import add_sounding_session
from supervise.app.rating_reading import rating_view, ratings
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from two_clocks import numbered_session
from workspaces import PASSPHRASE, opened, workspace

__all__ = ["workspace"]

KILLS = int(os.environ.get("SUPERVISE_SOAK_KILLS", "6"))
TESTS = Path(__file__).resolve().parents[1]
_RATE = """
import json, sys, threading, time
from pathlib import Path
sys.path[:0] = [sys.argv[4]]
from rating_rooms import THERAPIST
from supervise.app.rating import RatingSession
from supervise.audio.fake_output import FakeOutput
from supervise.crypto.keys import KdfParams
from workspaces import opened
desk = opened(Path(sys.argv[1]), KdfParams(iterations=1, memory_kib=8, lanes=1), passphrase=sys.argv[2])
output = FakeOutput(own_rate_hz=16000)
rating = RatingSession(desk, sys.argv[3], THERAPIST, output)
rating.start()
rating.play()
begun, pulled, number = time.monotonic(), 0, 0
while True:
    wanted = int((time.monotonic() - begun) * 16000)
    output.pull(wanted - pulled)
    pulled = wanted
    number += 1
    rating.set_value("affect", number % 201 - 100)
    rating.set_value("activation", -(number % 201 - 100))
    rating.poll()
    print(json.dumps([rating.position_ms, rating.value("affect")]), flush=True)
    threading.Event().wait(0.03)
"""


@pytest.fixture
def session(workspace: Workspace) -> str:
    made = add_sounding_session(workspace, numbered_session(60))
    workspace.close()
    return made


def test_a_kill_loses_a_second_at_most(
    session: str, vault_path: Path, cheap_kdf: KdfParams, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, lost_ms = random.Random(4), []
    for number in range(KILLS):
        with Other(_RATE, vault_path, PASSPHRASE, session, TESTS) as other:
            seen = [json.loads(other.line())]
            threading.Event().wait(dice.uniform(0.2, 2.5))
            seen += [json.loads(line) for line in other.lines_after_kill() if line.endswith("]")]
        desk = opened(vault_path, cheap_kdf)
        try:
            found = ratings(desk)
            assert len(found) == number + 1
            row = found[-1]
            assert (row.state, row.facts["ended"], row.setup) == ("kept", "crash", THERAPIST)
            trace = rating_view(desk, row.series).trace
        finally:
            desk.close()
        (run,) = trace.runs
        lost_ms.append(seen[-1][0] - run.end_ms)
        told = dict(map(tuple, seen))
        mine = {point.session_ms: point.value for point in trace.points if point.dial == 0}
        assert all(mine[ms] == value for ms, value in told.items() if ms in mine and ms < run.end_ms)
        assert len([ms for ms in told if ms <= run.end_ms and ms in mine]) >= len(mine) - 2
    with capsys.disabled():
        print(json.dumps({"kills": KILLS, "lost_ms": lost_ms}))  # noqa: T201 - a figure to look at
    assert max(lost_ms) <= 1100  # a second, and the writing of it on a busy machine
