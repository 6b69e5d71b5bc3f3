"""A session by video: the microphone on the left, what the computer plays on the right, at a real server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from test_record_card import Child, look, sound_of, vault

from numbered import RATE_HZ, write_numbered
from speech_samples import CLIPS
from virtual_card import VirtualCard, virtual_card

__all__ = ["look", "vault", "virtual_card"]


def test_what_the_computer_plays_is_offered_and_recorded_beside_the_microphone(
    virtual_card: VirtualCard, vault: Path, look: Any, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "supervise", "devices", "--json"]
    answer = subprocess.run(
        command, env=virtual_card.environment, capture_output=True, check=True, timeout=60
    )
    kinds = {info["name"]: info["kind"] for info in json.loads(answer.stdout)["devices"]}
    assert kinds["speaker.monitor"] == "monitor"
    assert kinds["vmic"] == "microphone"
    child = Child(virtual_card, vault, "--second", "speaker.monitor")
    child.until("Recording at")
    virtual_card.speak_on(write_numbered(tmp_path / "n.wav", 60))
    call = ["paplay", "--device=speaker", str(CLIPS / "two_turns.flac")]
    virtual_card.recorders.append(subprocess.Popen(call, env=virtual_card.environment))
    child.seconds(4)
    made = child.end()
    sound = sound_of(look(), made["session"]).astype(np.int32)
    assert len(sound) > 3 * RATE_HZ
    assert np.abs(sound[:, 0]).max() > 500
    assert np.abs(sound[:, 1]).max() > 500
    heard = sound[2 * RATE_HZ : 3 * RATE_HZ]
    assert (heard[:, 0] != heard[:, 1]).mean() > 0.5
