"""A rating for real: what was heard when a dial was turned, found in the series within a tenth of a second.

The truth is what a loudspeaker's monitor had recorded at the instant the order was sent, or the key pressed.
"""

import json
import threading
from pathlib import Path

from heard_places import frames, heard_ms, noisy_session
from recall_rooms import add_sounding_session
from supervise.app.rating_reading import rating_view
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.ids import SeriesId
from told_by_lines import ToldByLines
from virtual_card import RATE_HZ, Recording, VirtualCard, virtual_card
from windows_at_cards import seen
from workspaces import opened, workspace

__all__ = ["virtual_card", "workspace"]

PARTS_S = (1.1, 0.73, 0.9, 0.41, 1.3, 0.67, 1.05, 0.88)


def given(rating: ToldByLines, recording: Recording) -> list[tuple[str, int, int]]:
    """Turn the dials at different times; return dial, value, and how many frames had been heard then."""
    sent: list[tuple[str, int, int]] = []
    for number, part_s in enumerate(PARTS_S):
        if number == 4:
            rating.order("seek 20")
        threading.Event().wait(part_s)
        dial, value = ("affect", "activation")[number % 2], 10 + number
        sent.append((dial, value, frames(recording)))
        rating.order(f"set {dial} {value}")
    return sent


def test_a_dial_turned_is_found_where_it_was_heard(
    workspace: Workspace, virtual_card: VirtualCard, vault_path: Path, cheap_kdf: KdfParams
) -> None:
    session = add_sounding_session(workspace, noisy_session(), RATE_HZ)
    workspace.close()
    recording = virtual_card.record()
    dials = ("--dial", "affect", "--dial", "activation", "--output", "vspeaker")
    with ToldByLines(virtual_card, "rating", "record", vault_path, session, *dials) as rating:
        sent = given(rating, recording)
        series = SeriesId(rating.end()["series"])
    sound = recording.stop()
    desk = opened(vault_path, cheap_kdf)
    trace = rating_view(desk, series).trace
    desk.close()
    keys = {(("affect", "activation")[p.dial], p.value): p.session_ms for p in reversed(trace.points)}
    errors = [round(keys[dial, value] - heard_ms(sound, frame), 1) for dial, value, frame in sent]
    print(json.dumps({"error_ms": errors}))  # noqa: T201 - a figure to look at with -s
    assert len(trace.runs) == 2
    assert max(abs(error) for error in errors) <= 100


def test_keys_in_the_window_are_found_where_they_were_heard(
    workspace: Workspace, virtual_card: VirtualCard, vault_path: Path
) -> None:
    session = add_sounding_session(workspace, noisy_session(), RATE_HZ)
    workspace.close()
    saw = seen(virtual_card, "rating_at_the_card.py", vault_path, session)
    print(json.dumps(saw))  # noqa: T201 - figures to look at with -s
    assert len(saw["error_ms"]) == 8
    assert max(abs(error) for error in saw["error_ms"]) <= 100
