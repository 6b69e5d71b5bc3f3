"""Recalls at a virtual card: held by lines while people speak, and what came of them against the truth."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from heard_places import PIECE, Sound, likeness, noisy_session, place, played, runs
from recall_rooms import sound_of
from sounds import write_sound_file
from speech_samples import RATE as SPEECH_HZ
from speech_samples import clip
from supervise.bootstrap import Services
from supervise.domain.ids import RecallId
from told_by_lines import ToldByLines
from virtual_card import RATE_HZ, VirtualCard
from workspaces import PASSPHRASE

DEVICES = ("--input", "vmic", "--output", "vspeaker")
NEAR_MS = 30
SILENT_MS = 100  # going on takes longer than was told where the card itself falls silent, on a busy machine
SPOKEN_S, STILL_S = 0.8, 0.2
APART_S = 0.8  # less than somebody speaks; a card that falls silent on a busy machine does so for less
VOICES = {"client": ("two_turns.flac", 1.0), "therapist": ("exact_words.flac", 1.0)}


def voice(party: str) -> Sound:
    """Return what a party says in a stop, at the card's rate, 1 being the loudest."""
    name, from_s = VOICES[party]
    said = clip(name)[round(from_s * SPEECH_HZ) :][: round(SPOKEN_S * SPEECH_HZ)]
    return np.repeat(said.astype(np.float64), RATE_HZ // SPEECH_HZ)


def spoken_file(party: str, folder: Path) -> Path:
    """Write what a party says as a WAV file, a little stillness around it, and return its path."""
    still = np.zeros(round(STILL_S * RATE_HZ))
    sound = np.concatenate([still, voice(party), still])[:, None] * 32767
    return write_sound_file(folder / party, sound.astype(np.int16), "s16.wav", RATE_HZ)


@dataclass(frozen=True)
class Held:
    """A recall that was held, and what its loudspeaker played meanwhile."""

    recall: str
    sound: Sound


class RecallCard:
    """Recalls of one session at the card, each a process of its own."""

    def __init__(self, card: VirtualCard, vault: Path, session: str, folder: Path) -> None:
        self._card, self._vault, self._session, self._folder = card, vault, session, folder

    def hold(self, kind: str, *options: object, lines: Sequence[str]) -> Held:
        """Obey the lines; “say PARTY” is spoken into the microphone while the recall goes on."""
        listening = self._card.record()
        begin = ("recall", "start", self._vault, self._session, "--kind", kind, *DEVICES, *options)
        with ToldByLines(self._card, *begin) as recall:
            for line in lines:
                if line.startswith("say "):
                    self._card.speak(spoken_file(line.removeprefix("say "), self._folder))
                else:
                    recall.order(line)
            told = recall.end()
        assert (told["gaps"], told["overflows"], told["dropped_frames"]) == ([], 0, 0)
        return Held(told["recall"], played(listening.stop()))


def check_stops(held: Held, shown: dict[str, Any]) -> None:
    """Every stop and every going on is where the loudspeaker was, and it was silent as long as is told."""
    session, stops = noisy_session()[:, 0].astype(np.float64), shown["stops"]
    heard = runs(held.sound, apart_s=APART_S)
    assert len(heard) == len(stops) > 0, heard
    off, silent_off = [], [0.0]
    for number, ((begin, end), stop) in enumerate(zip(heard, stops, strict=True)):
        off.append(place_ms(held.sound[end - PIECE : end], session) + 200 - stop["session_ms"])
        if number:
            before = stops[number - 1]
            silent_ms = (begin - heard[number - 1][1]) * 1000 / RATE_HZ
            off.append(place_ms(held.sound[begin : begin + PIECE], session) - before["replayed_from_ms"])
            silent_off.append(silent_ms - (before["recall_end_ms"] - before["recall_start_ms"]))
    assert max(abs(entry) for entry in off) <= NEAR_MS, off
    assert max(abs(entry) for entry in silent_off) <= SILENT_MS, silent_off


def place_ms(piece: Sound, around: Sound) -> float:
    return place(piece, around) * 1000 / RATE_HZ


def check_voices(sound: Sound, shown: dict[str, Any], spoke: Sequence[str]) -> None:
    """Whoever spoke is in the recording, within the stop it was said in; whoever did not is not."""
    for number, party in enumerate(spoke):
        assert likeness(voice(party), sound) > 0.95
        begins_ms = place_ms(voice(party), sound)
        stop = shown["stops"][number]
        assert stop["recall_start_ms"] <= begins_ms <= stop["recall_end_ms"] - SPOKEN_S * 1000
    for party in VOICES.keys() - set(spoke):
        assert likeness(voice(party), sound) < 0.3


def stored(services: Services, vault: Path, recall: str) -> Sound:
    """Return a recall's sound as the vault keeps it."""
    desk = services.open_vault(vault, PASSPHRASE)
    found = sound_of(desk, RecallId(recall))
    desk.close()
    return found[:, 0].astype(np.float64)


def handed_over(bundle: Path, recall: str) -> Sound:
    """Return a recall's sound as the client is given it."""
    with zipfile.ZipFile(bundle) as files:
        (name,) = [name for name in files.namelist() if name.endswith(f"recall-{recall[:8]}.flac")]
        data = files.read(name)
    with av.open(io.BytesIO(data)) as container:
        assert container.streams.audio[0].rate == RATE_HZ
        parts = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(parts).astype(np.float64)
