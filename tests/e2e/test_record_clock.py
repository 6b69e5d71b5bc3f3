"""The computer's clock is set while a session is recorded (libfaketime): nothing is lost, no gap made up."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_record_card import Child, look, sound_of, vault

from numbered import RATE_HZ, holes, numbers, write_numbered
from supervise.domain.ids import SessionId
from virtual_card import VirtualCard, virtual_card

__all__ = ["look", "vault", "virtual_card"]

FAKE_CLOCKS = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def set_clock(file: Path, how: str) -> None:
    """Let the child's clock be set: `+1h` is an hour ahead of the true time."""
    beside = file.with_suffix(".new")
    beside.write_text(how)
    beside.replace(file)


@pytest.mark.parametrize("jump", ["+3600", "-7200"], ids=["ahead", "back"])
def test_a_clock_that_is_set_makes_no_gap_and_loses_nothing(
    virtual_card: VirtualCard, vault: Path, look: Any, tmp_path: Path, jump: str
) -> None:
    if not FAKE_CLOCKS:
        pytest.skip("needs a clock that can be set for one program; as root type: apt-get install faketime")
    clock = tmp_path / "clock"
    set_clock(clock, "+0")
    fake = {
        "LD_PRELOAD": str(FAKE_CLOCKS[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    child = Child(replace(virtual_card, environment={**virtual_card.environment, **fake}), vault)
    child.until("Recording at")
    virtual_card.speak_on(write_numbered(tmp_path / "n.wav", 60))
    child.seconds(3)
    set_clock(clock, jump)
    child.seconds(4)
    made = child.end()
    assert (made["gaps"], made["dropped_frames"]) == ([], 0)
    sound = sound_of(look(), made["session"])
    assert holes(sound) == []
    assert (numbers(sound) >= 0).sum() > 6 * RATE_HZ
    assert SessionId(made["session"])
