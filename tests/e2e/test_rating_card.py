"""A rating for real: what was heard when a dial was turned, found in the series within a tenth of a second.

The truth is what a loudspeaker's monitor had recorded at the instant the order was sent: the session is
noise, no two fifths of a second alike, so a piece of it says where in the session it is.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recall_rooms import add_sounding_session
from supervise.app.rating_reading import rating_view
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.ids import SeriesId
from virtual_card import RATE_HZ, Recording, VirtualCard, virtual_card
from workspaces import PASSPHRASE, opened, workspace

__all__ = ["virtual_card", "workspace"]

SECONDS, PIECE = 30, RATE_HZ // 5
_BYTES = 4
PARTS_S = (1.1, 0.73, 0.9, 0.41, 1.3, 0.67, 1.05, 0.88)


def place_of(piece: npt.NDArray[np.float64], session: npt.NDArray[np.float64]) -> int:
    """Return the session's frame at which a piece of sound begins."""
    size = 1 << (len(session) + len(piece)).bit_length()
    product = np.fft.rfft(session, size) * np.conj(np.fft.rfft(piece, size))
    return int(np.argmax(np.fft.irfft(product, size)[: len(session) - len(piece) + 1]))


class Rating:
    """`supervise rating record` at the card, told what to do line by line."""

    def __init__(self, card: VirtualCard, vault: Path, session: str) -> None:
        command = [sys.executable, "-m", "supervise", "rating", "record", str(vault), session, "--json"]
        command += ["--dial", "affect", "--dial", "activation", "--output", "vspeaker", "--commands", "-"]
        environment = {**card.environment, "SUPERVISE_PASSPHRASE": PASSPHRASE}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        self._await("ready")

    def _await(self, words: str) -> None:
        assert self._process.stderr is not None
        for line in iter(self._process.stderr.readline, ""):
            if words in line:
                return
        raise AssertionError(f"it ended before {words!r}")

    def order(self, line: str) -> None:
        """Send a line and wait until it is acknowledged."""
        print(line, file=self._process.stdin, flush=True)
        self._await(line)

    def end(self) -> SeriesId:
        """Let the lines end; return what it made."""
        told, _ = self._process.communicate(timeout=60)
        assert self._process.returncode == 0
        return SeriesId(json.loads(told)["series"])


def given(rating: Rating, recording: Recording) -> list[tuple[str, int, int]]:
    """Turn the dials at different times; return dial, value, and how many frames had been heard then."""
    sent: list[tuple[str, int, int]] = []
    for number, part_s in enumerate(PARTS_S):
        if number == 4:
            rating.order("seek 20")
        threading.Event().wait(part_s)
        dial, value = ("affect", "activation")[number % 2], 10 + number
        sent.append((dial, value, recording.size // _BYTES))
        rating.order(f"set {dial} {value}")
    return sent


def test_a_dial_turned_is_found_where_it_was_heard(
    workspace: Workspace, virtual_card: VirtualCard, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    noise = np.random.default_rng(3).integers(-6000, 6000, (RATE_HZ * SECONDS, 1)).astype(np.int16)
    session = add_sounding_session(workspace, noise, RATE_HZ)
    workspace.close()
    recording = virtual_card.record()
    rating = Rating(virtual_card, vault_path, session)
    sent = given(rating, recording)
    series = rating.end()
    sound = np.frombuffer(recording.stop(), np.int16).reshape(-1, 2)[:, 0].astype(np.float64)
    desk = opened(vault_path, cheap_kdf)
    trace = rating_view(desk, series).trace
    desk.close()
    keys = {(("affect", "activation")[p.dial], p.value): p.session_ms for p in reversed(trace.points)}
    errors = []
    for dial, value, frame in sent:
        heard = place_of(sound[frame - PIECE : frame], noise[:, 0].astype(np.float64)) + PIECE
        errors.append(round(keys[dial, value] - heard * 1000 / RATE_HZ, 1))
    print(json.dumps({"error_ms": errors}))  # noqa: T201 - a figure to look at with -s
    assert len(trace.runs) == 2
    assert max(abs(error) for error in errors) <= 100
