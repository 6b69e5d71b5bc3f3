"""Telling voices apart with the real networks: short clips with truth, and sound that is no talk."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from speech_clips import QUICK_TURNS, RATE, TWO_TURNS, as_words, clip, noise, separated

from supervise.domain.errors import NotReadableError
from supervise.exchange.scoring import TrueSpan, speaker_errors
from supervise.resources import resource_path
from supervise.speech.engine import ChildEngine, Finished, Progress, VoicesFound
from supervise.speech.frames import Samples
from supervise.speech.speaker_worker import separate
from supervise.speech.speakers import VoiceSegment, VoiceSeparator, _notes
from supervise.speech.voice_groups import Groups
from supervise.speech.voice_models import EMBEDDING_FILE, SEGMENTATION_FILE, mel_features
from supervise.speech.voice_pieces import PieceStream

MODELS = resource_path("models", "speakers")
NO_SPEECH = ("No speech was found, so no voices were told apart.",)


@pytest.mark.parametrize(
    ("name", "truth"), [("two_turns.flac", TWO_TURNS), ("quick_turns.flac", QUICK_TURNS)]
)
def test_two_readers_are_told_apart(name: str, truth: list[TrueSpan]) -> None:
    segments, notes = separated(clip(name), MODELS)
    errors = speaker_errors(truth, as_words(segments))
    assert errors.time_share < 0.01
    assert errors.names == (("A", "first"), ("B", "second"))
    assert notes == ()
    heard_ms = sum(one.end_ms - one.start_ms for one in segments)
    assert heard_ms > 0.75 * errors.speech_ms


def test_quiet_sound_is_separated_as_loud_sound_is() -> None:
    loud, _ = separated(clip("quick_turns.flac"), MODELS)
    quiet, _ = separated(clip("quick_turns.flac") * np.float32(0.02), MODELS)
    assert speaker_errors(QUICK_TURNS, as_words(quiet)).time_share < 0.01
    assert {one.label for one in quiet} == {one.label for one in loud}


def test_the_size_of_blocks_changes_nothing() -> None:
    sound = clip("two_turns.flac")[: 22 * RATE]
    whole = separated(sound, MODELS, block=len(sound))
    assert whole == separated(sound, MODELS, block=1601)


def test_segments_are_ordered_and_within_the_sound() -> None:
    sound = clip("two_turns.flac")[: 16 * RATE]
    segments, _ = separated(sound, MODELS)
    starts = [one.start_ms for one in segments]
    assert starts == sorted(starts)
    assert segments[0].label == "A"
    assert all(0 <= one.start_ms < one.end_ms <= 16000 for one in segments)


def test_one_speaker_means_one_label() -> None:
    segments, notes = separated(clip("quick_turns.flac"), MODELS, speakers=1)
    assert {one.label for one in segments} == {"A"}
    assert notes == ()


def test_a_lone_voice_split_in_two_is_doubted() -> None:
    sound = clip("quick_turns.flac")
    reader = np.concatenate([sound[: int(8.9 * RATE)], sound[int(18.4 * RATE) : int(23.9 * RATE)]])
    _, notes = separated(reader, MODELS)
    assert any("check the split" in note for note in notes)


def test_three_voices_when_asked_for() -> None:
    readers = [clip("two_turns.flac")[: 11 * RATE], clip("two_turns.flac")[int(22.6 * RATE) :]]
    readers.append(clip("quick_turns.flac")[: 9 * RATE])
    segments, _ = separated(np.concatenate(readers), MODELS, speakers=3)
    ends = np.cumsum([len(reader) * 1000 // RATE for reader in readers])
    truth = [TrueSpan(str(place), int(end) - 8500, int(end)) for place, end in enumerate(ends)]
    errors = speaker_errors(truth, as_words(segments))
    assert len(errors.names) == 3
    assert errors.time_share < 0.05


@pytest.mark.parametrize(
    "sound",
    [np.zeros(0, np.float32), np.zeros(25 * RATE, np.float32), noise(25), noise(12, 0.001)],
    ids=["empty", "silence", "loud noise", "soft noise"],
)
def test_sound_without_speech_has_no_voices(sound: Samples) -> None:
    assert separated(sound, MODELS) == ((), NO_SPEECH)


def test_half_a_second_of_speech_is_one_voice_and_doubted() -> None:
    segments, notes = separated(clip("two_turns.flac")[2 * RATE : RATE * 5 // 2], MODELS)
    assert {one.label for one in segments} == {"A"}
    assert re.match(r"Only 0\.\d s of speech", notes[0])
    assert "Only 1 of 2 voices could be told apart." in notes


@pytest.mark.parametrize(("last_ms", "doubted"), [(97_000, True), (90_000, False)])
def test_a_voice_that_hardly_speaks_is_reported(last_ms: int, doubted: bool) -> None:
    segments = (VoiceSegment(0, last_ms, "A"), VoiceSegment(last_ms, 100_000, "B"))
    notes = _notes(segments, Groups(np.eye(2, dtype=np.float32), 0.5), 2)
    assert notes == ["One voice speaks 97% of the time; the split may be wrong."] * doubted


def test_a_stream_holds_one_window_however_long_it_is() -> None:
    from supervise.speech.voice_models import WINDOW_SAMPLES, VoiceModels

    stream = PieceStream(VoiceModels.load(MODELS))
    for _ in range(60):
        list(stream.add(np.zeros(RATE, np.float32)))
        assert len(stream._held) <= WINDOW_SAMPLES
    assert stream.samples == 60 * RATE


def test_missing_and_damaged_networks_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match="Install the program again"):
        VoiceSeparator(tmp_path, 2)
    for name in (SEGMENTATION_FILE, EMBEDDING_FILE):
        (tmp_path / name).write_bytes((MODELS / name).read_bytes()[:100_000])
    with pytest.raises(NotReadableError, match="missing or damaged"):
        VoiceSeparator(tmp_path, 2)


def test_impossible_counts_are_refused() -> None:
    for count in (0, 5):
        with pytest.raises(ValueError, match="one to four"):
            VoiceSeparator(MODELS, count)


def test_networks_are_the_ones_their_readme_names() -> None:
    readme = (MODELS / "README.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"^ {4}([0-9a-f]{64}) {2}(\S+)$", readme, re.MULTILINE))
    assert set(named.values()) == {SEGMENTATION_FILE, EMBEDDING_FILE}
    for digest, name in named.items():
        assert hashlib.sha256((MODELS / name).read_bytes()).hexdigest() == digest


def test_mel_features_have_a_row_every_ten_milliseconds() -> None:
    assert mel_features(noise(1.0)).shape == (98, 80)
    assert mel_features(noise(0.01)).shape == (0, 80)


def test_the_job_reports_how_far_it_is() -> None:
    heard: list[int] = []
    segments, _ = separate(iter(np.split(clip("two_turns.flac")[: 12 * RATE], 12)), 2, MODELS, heard.append)
    assert heard == [0, 5000, 10000]
    assert segments


def test_the_child_does_the_job() -> None:
    sound = clip("quick_turns.flac")
    blocks = (sound[start : start + RATE] for start in range(0, len(sound), RATE))
    run = ChildEngine().separate(blocks, len(sound) // 16, 2, MODELS)
    events = []
    while run.wait(60) or run.running:
        events += run.poll()
    found = next(event for event in events if isinstance(event, VoicesFound))
    assert (found.segments, found.notes) == separated(sound, MODELS)
    assert any(isinstance(event, Progress) and event.done_ms >= 20000 for event in events)
    stats = next(event.stats for event in events if isinstance(event, Finished))
    assert 0 < stats.peak_mb < 500
