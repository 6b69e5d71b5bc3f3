"""Recording for real: PortAudio, a sound server, a microphone that is pulled and plugged in again."""

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from numbered import RATE_HZ, holes, numbers, write_numbered
from standstill import press, stand_still, unaccounted_ms
from supervise.app.after_recording import gaps_of
from supervise.app.recovering import keep_recovered, recovered
from supervise.app.workspace import Workspace
from supervise.audio.master import MasterReader
from supervise.crypto.keys import KdfParams
from supervise.domain.ids import SessionId
from supervise.storage.verify import verify
from virtual_card import VirtualCard, virtual_card
from workspaces import CLIENT, OWN_USE, PASSPHRASE, opened

__all__ = ["virtual_card"]


class Child:
    """`supervise record` in a process of its own."""

    def __init__(self, card: VirtualCard, vault: Path, *words: str) -> None:
        command = [sys.executable, "-m", "supervise", "record", str(vault), "--client", CLIENT]
        command += ["--device", "vmic", "--channels", "2", "--json", "--levels", *words]
        self.process = subprocess.Popen(
            command,
            env={**card.environment, "SUPERVISE_PASSPHRASE": PASSPHRASE},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.said = self.all_said = ""

    def until(self, words: str, patience_s: float = 60) -> None:
        """Wait for words on its stderr that were not there before."""
        assert self.process.stderr is not None
        while words not in self.said:
            ready, _, _ = select.select([self.process.stderr], [], [], patience_s)
            data = os.read(self.process.stderr.fileno(), 65536) if ready else b""
            assert data, f"it never said “{words}”: {self.said[-2000:]}"
            self.said += data.decode()
            self.all_said += data.decode()
        self.said = self.said.partition(words)[2]

    def seconds(self, count: int) -> None:
        """Wait for so many seconds of levels (five a second)."""
        for _ in range(count * 5):
            self.until("at_ms")

    def mark(self) -> None:
        """Press the mark key and wait until it says that the mark is on disk."""
        self.process.send_signal(signal.SIGUSR1)
        self.until("Marked")

    def end(self, number: int = signal.SIGINT) -> dict[str, Any]:
        """Press Ctrl-C and return what it answers."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, err
        return cast("dict[str, Any]", json.loads(out))


@pytest.fixture
def vault(vault_path: Path, cheap_kdf: KdfParams) -> Path:
    desk = opened(vault_path, cheap_kdf)
    desk.add_consent(CLIENT, OWN_USE, date(2026, 11, 1))
    desk.close()
    return vault_path


@pytest.fixture
def look(vault: Path, cheap_kdf: KdfParams) -> Iterator[Any]:
    desks: list[Workspace] = []

    def opening() -> Workspace:
        desks.append(opened(vault, cheap_kdf))
        return desks[-1]

    yield opening
    for desk in desks:
        desk.close()


def sound_of(desk: Workspace, session: str) -> Any:
    row = desk.session(SessionId(session))
    with desk.store.media.open(row.master) as stream:
        return MasterReader(cast("BinaryIO", stream), row.sound).read(0, row.sound.samples)


def test_every_frame_is_recorded_and_ctrl_c_keeps_it(
    virtual_card: VirtualCard, vault: Path, look: Any, tmp_path: Path
) -> None:
    child = Child(virtual_card, vault)
    child.until("Recording at 48000 Hz")
    virtual_card.speak(write_numbered(tmp_path / "n.wav", 3))
    made = child.end()
    sound = sound_of(look(), made["session"])
    assert len(sound) == made["samples"]
    assert holes(sound) == []
    assert (numbers(sound) >= 0).sum() == 3 * RATE_HZ
    assert (made["gaps"], made["overflows"], made["dropped_frames"]) == ([], 0, 0)


def test_a_microphone_pulled_and_returned_is_one_session_with_a_right_gap(
    virtual_card: VirtualCard, vault: Path, look: Any, tmp_path: Path
) -> None:
    child = Child(virtual_card, vault)
    child.until("Recording at")
    virtual_card.speak_on(write_numbered(tmp_path / "n.wav", 60))
    child.seconds(2)
    virtual_card.pull_microphone()
    child.until("The microphone is gone")
    child.seconds(2)
    virtual_card.return_microphone()
    child.until("The microphone is back")
    child.seconds(2)
    made = child.end()
    sound = sound_of(look(), made["session"])
    (gap,) = made["gaps"]
    ((begun, ended, lost),) = holes(sound)
    assert gap["reason"] == "device"
    assert gap["lost_ms"] == pytest.approx(lost * 1000 / RATE_HZ, abs=50)
    assert begun * 1000 / RATE_HZ - 1 <= gap["start_ms"] <= ended * 1000 / RATE_HZ + 1
    assert ended - begun < RATE_HZ


def test_a_kill_loses_a_second_at_most(
    virtual_card: VirtualCard, vault: Path, look: Any, tmp_path: Path
) -> None:
    child = Child(virtual_card, vault)
    child.until("Recording at")
    virtual_card.speak_on(write_numbered(tmp_path / "n.wav", 60))
    child.seconds(3)
    child.mark()
    child.process.kill()
    _, err = child.process.communicate(timeout=60)
    heard = re.findall(r'"at_ms": (\d+)', child.all_said + err.decode())
    last_ms = int(heard[-1])
    desk = look()
    (found,) = recovered(desk)
    assert found.duration_ms >= last_ms - 1000
    assert found.marks == 1
    session = keep_recovered(desk, found.recording)
    assert session is not None
    assert holes(sound_of(desk, session.session)) == []
    assert len(desk.moments(session.session)) == 1
    assert verify(desk.vault, lambda _: None).ok


def test_a_sound_server_that_dies_for_good_is_exit_9_with_the_session_kept(
    virtual_card: VirtualCard, vault: Path, look: Any
) -> None:
    child = Child(virtual_card, vault, "--patience", "1")
    child.until("Recording at")
    child.seconds(2)
    virtual_card.unplug()
    out, err = child.process.communicate(timeout=60)
    assert child.process.returncode == 9, err
    made = json.loads(out)
    assert made["samples"] > RATE_HZ
    assert json.loads(err.splitlines()[-1])["code"] == "device_missing"
    assert len(sound_of(look(), made["session"])) == made["samples"]


def test_program_and_sound_server_stopped_for_a_while_is_one_session_that_adds_up(
    virtual_card: VirtualCard, vault: Path, look: Any, tmp_path: Path
) -> None:
    child = Child(virtual_card, vault, "--lag", "0")
    child.until("Recording at")
    virtual_card.speak_on(write_numbered(tmp_path / "n.wav", 60))
    child.seconds(3)
    before = press(child.mark)
    stand_still([child.process.pid, virtual_card.server.pid], 8)
    child.until("The computer slept, or this program stood still, for ")
    after = press(child.mark)
    made = child.end()
    desk = look()
    session = SessionId(made["session"])
    assert len(sound_of(desk, made["session"])) == made["samples"]
    assert made["dropped_frames"] == 0
    # The standstill is all there: the server makes up for some of it, or all, with sound of its own, and
    # what it does not is a gap.
    gaps = gaps_of(desk, session)
    assert abs(unaccounted_ms(before, after, desk.moments(session), gaps)) <= 50, made
    assert verify(desk.vault, lambda _: None).ok
