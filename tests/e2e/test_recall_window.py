"""A recall by keys alone, from the consent to the table, at a real card, against what was played and said."""

import csv
import wave
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heard_places import Sound, place, played, runs
from speech_samples import CLIPS, TWO_TURNS, clip
from supervise.app.recall_export import recall_utterances
from supervise.app.recall_reading import RecallView, open_recall_sound, recall_view
from supervise.app.workspace import Workspace
from supervise.audio.master import speech_blocks
from supervise.crypto.keys import KdfParams
from supervise.domain.ids import RecallId
from supervise.domain.recall import StoppedBy
from supervise.storage.vault import Vault
from supervise.storage.verify import verify
from virtual_card import VirtualCard, virtual_card
from windows_at_cards import seen
from workspaces import PASSPHRASE, default_codebook

__all__ = ["virtual_card"]

RATE, CARD_RATE = 16000, 48000
FIRST_S, SECOND_S = 5.2, 7.0
FIRST_WORDS = "iron they say in all our blood and a grain or two perhaps is good"


def cut(name: str, seconds: float, path: Path) -> None:
    """Write the start of a clip as a WAV file, a second after the stop and with a second left in it.

    Words beside a stop may be timed by the model to the other side of it; here they are not.
    """
    still = np.zeros(RATE, np.float32)
    sound = np.concatenate([still, clip(name)[: round(seconds * RATE)], still])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())


def place_ms(piece: Sound, around: Sound) -> int:
    """Return where in `around` a piece of sound is, in ms."""
    return round(place(piece, around) * 1000 / RATE)


@pytest.fixture
def saw(virtual_card: VirtualCard, tmp_path: Path, base_model: Path) -> dict[str, Any]:
    """Hold the recall; what was seen, and what came out of the loudspeaker."""
    cut("exact_words.flac", FIRST_S, tmp_path / "first.wav")
    cut("two_turns.flac", SECOND_S, tmp_path / "second.wav")
    files = [CLIPS / "quick_turns.flac", *(tmp_path / name for name in ("first.wav", "second.wav", "played"))]
    files.append(tmp_path / "table.csv")
    vault, models = tmp_path / "vault", base_model.parent
    return seen(virtual_card, "recall_at_the_card.py", vault, *files, models=models, patience_s=300)


def what_was_played(path: Path) -> Sound:
    """Return what the loudspeaker played, at 16 kHz."""
    mono, step = played(path.read_bytes()), CARD_RATE // RATE
    return mono[: len(mono) // step * step].reshape(-1, step).mean(axis=1)


def check_tape(view: RecallView, sound: Sound) -> None:
    """Every stop and every going on is where the loudspeaker says it was."""
    session = clip("quick_turns.flac").astype(np.float64)
    heard = runs(sound, RATE)
    assert len(heard) == 3
    for number, (begin, end) in enumerate(heard):
        stop = view.stops[number]
        last = sound[end - RATE : end]
        assert abs(place_ms(last, session) + 1000 - stop.session_ms) <= 30
        if number:
            before = view.stops[number - 1]
            first = sound[begin : begin + RATE]
            assert abs(place_ms(first, session) - before.replayed_from_ms) <= 30
            silent_ms = (begin - heard[number - 1][1]) * 1000 / RATE
            assert abs(before.recall_end_ms - before.recall_start_ms - silent_ms) <= 60


def check_words(view: RecallView, heard: Sound) -> None:
    """What was said in each stop is found there, and is about what was heard before it."""
    said = recall_utterances(view)
    first = [entry for entry in said if entry.stop is not None and entry.stop.seq == 0]
    second = [entry for entry in said if entry.stop is not None and entry.stop.seq == 1]
    assert [entry.text for entry in said if entry.stop is None] == []
    for found, wanted, name, seconds in (
        (first, FIRST_WORDS, "exact_words.flac", FIRST_S),
        (second, TWO_TURNS, "two_turns.flac", SECOND_S),
    ):
        truth_ms = place_ms(clip(name)[: round(seconds * RATE)].astype(np.float64), heard)
        words = " ".join(entry.text for entry in found).lower().replace(",", "").replace(".", "").split()
        assert len(set(words) & set(wanted.split())) >= 8, words
        assert found[0].recall_start_ms >= truth_ms - 300
        assert found[-1].recall_end_ms <= truth_ms + seconds * 1000 + 300
        stop = found[0].stop
        assert stop is not None
        assert (found[0].session_start_ms, found[0].session_end_ms) == (stop.about_from_ms, stop.session_ms)
        assert stop.recall_start_ms - 200 <= truth_ms <= stop.recall_end_ms - seconds * 1000


def check_rows(view: RecallView, sound: Sound, rows: list[dict[str, str]], marked_ms: list[int]) -> None:
    """Every row of the table lies in the silence and is about the place that the loudspeaker says."""
    session = clip("quick_turns.flac").astype(np.float64)
    ends = [place_ms(sound[end - RATE : end], session) + 1000 for _, end in runs(sound, RATE)]
    assert [row["text"] for row in rows] == [entry.text for entry in recall_utterances(view)]
    assert {row["stop"] for row in rows} == {"1", "2"}
    for row in rows:
        number = int(row["stop"]) - 1
        stop = view.stops[number]
        assert stop.recall_start_ms <= int(row["recall_start_ms"]) < int(row["recall_end_ms"])
        assert int(row["recall_end_ms"]) <= (stop.recall_end_ms or 0)
        assert abs(int(row["stop_session_ms"]) - ends[number]) <= 30
        assert abs(int(row["session_end_ms"]) - ends[number]) <= 30
        assert row["stopped_by"] == ("recaller", "inquirer")[number]
        assert bool(row["prompt"]) == bool(number)
    coded = {int(row["recall_start_ms"]): (row["codes"], row["then_now"]) for row in rows if row["codes"]}
    assert coded == dict(zip(marked_ms, (("ip.affect", "then"), ("ip.thought", "now")), strict=True))


@pytest.mark.speech_model
@pytest.mark.slow
def test_a_recall_by_keys_against_the_truth(
    saw: dict[str, Any], tmp_path: Path, cheap_kdf: KdfParams
) -> None:
    assert saw["devices"][1].startswith("vmic")
    assert saw["devices"][2].startswith("vspeaker")
    assert "covers this recall" in saw["consent"]
    assert "The inquirer stopped" in saw["words"]
    assert "3 stops" in saw["facts"]
    vault = Vault.open(tmp_path / "vault", PASSPHRASE, None)
    desk = Workspace(vault, default_codebook(), date.today, cheap_kdf)
    try:
        view = recall_view(desk, RecallId(saw["recall"]))
        who = [stop.stopped_by for stop in view.stops]
        assert who == [StoppedBy.RECALLER, StoppedBy.INQUIRER, StoppedBy.RECALLER]
        (used,) = view.prompts
        assert (used.prompt, used.stop) == (saw["prompt"], 1)
        assert view.stops[0].replayed_from_ms == pytest.approx(view.stops[0].session_ms - 4000, abs=2)
        assert view.stops[1].replayed_from_ms == pytest.approx(view.stops[1].session_ms - 5000, abs=2)
        with open_recall_sound(desk, view.recall.recall) as stream:
            heard = np.concatenate(list(speech_blocks(stream, view.recall.sound))).astype(np.float64)
        check_tape(view, what_was_played(tmp_path / "played"))
        check_words(view, heard)
        with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        check_rows(view, what_was_played(tmp_path / "played"), rows, saw["marked_ms"])
        assert verify(desk.vault, lambda _: None).ok
    finally:
        desk.close()
