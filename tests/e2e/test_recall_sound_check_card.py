"""The sound check of a recall at a real card: heard by a microphone at the loudspeaker, not by another."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from virtual_card import VirtualCard, virtual_card

__all__ = ["virtual_card"]

CHILD = Path(__file__).resolve().parent / "sound_check_at_the_card.py"


def checked(card: VirtualCard, microphone: str) -> dict[str, Any]:
    """Run the check in a process that sees the card."""
    command = [sys.executable, str(CHILD), microphone, "vspeaker"]
    done = subprocess.run(command, env=card.environment, capture_output=True, timeout=60, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_the_microphone_hears_of_the_loudspeaker_is_told_apart(virtual_card: VirtualCard) -> None:
    at_the_loudspeaker = checked(virtual_card, "vloop")
    assert at_the_loudspeaker["leaks"]
    assert -3 < at_the_loudspeaker["db"] < 3
    assert -14 < at_the_loudspeaker["peak_db"] < -10
    apart = checked(virtual_card, "vmic")
    assert not apart["leaks"]
    assert apart["db"] is None
