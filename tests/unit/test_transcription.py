"""The real base model in its child: words, times, silence, quiet speech, settings, memory."""

import itertools
import json
import statistics

import numpy as np
import pytest

from speech_samples import (
    CLIPS,
    RATE,
    TWO_TURNS,
    base_model_folder,
    blocks,
    clip,
    events_of,
    plain,
    start,
    windows_of,
    word_errors,
    words_of,
)
from supervise.domain.errors import NotReadableError
from supervise.domain.transcript import TranscribeSettings
from supervise.speech.engine import ChildEngine, Failed, Finished, Progress

pytestmark = pytest.mark.speech_model


def test_two_real_turns_are_heard_in_windows_that_meet():
    sound = clip("two_turns.flac")
    events = events_of(start(sound, language=""))
    windows = windows_of(events)
    heard = plain(" ".join(word.text for word in words_of(events)))
    assert word_errors(plain(TWO_TURNS), heard) <= 9
    assert [window.seq for window in windows] == list(range(len(windows)))
    assert windows[0].start_ms == 0
    assert windows[-1].end_ms == len(sound) * 1000 // RATE
    assert all(a.end_ms == b.start_ms for a, b in itertools.pairwise(windows))
    for window in windows:
        times = [time for word in window.words for time in (word.start_ms, word.end_ms)]
        assert times == sorted(times)
        assert all(window.start_ms <= time <= window.end_ms for time in times)
        assert all(0 <= word.confidence <= 1 for word in window.words)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.stats.language == "en"
    assert last.stats.peak_mb < 500
    assert [event.done_ms for event in events if isinstance(event, Progress)][-1] == windows[-1].end_ms


def test_words_start_where_they_are_spoken():
    truth = json.loads((CLIPS / "exact_words.json").read_text())["words"]
    heard = words_of(events_of(start(clip("exact_words.flac"))))
    said = [(plain(word.text), word.start_ms) for word in heard]
    errors = []
    for text, start_ms, _end_ms in truth:
        near = [at for words, at in said if words == plain(text) and abs(at - start_ms) < 1000]
        errors += [min(abs(at - start_ms) for at in near)] if near else []
    assert len(errors) > 0.8 * len(truth)
    assert statistics.median(errors) <= 50
    assert sorted(errors)[int(0.95 * len(errors))] <= 200


def test_nothing_is_invented_between_two_quiet_turns():
    sound = clip("two_turns.flac") * np.float32(0.03)
    silence = np.random.default_rng(5).normal(0, 0.0002, 60 * RATE).astype(np.float32)
    first, second = sound[: int(17.15 * RATE)], sound[int(22.5 * RATE) :]
    words = words_of(events_of(start(np.concatenate([first, silence, second]))))
    gap = (len(first) * 1000 // RATE, (len(first) + len(silence)) * 1000 // RATE)
    assert not [word for word in words if gap[0] + 300 < word.start_ms < gap[1] - 300]
    assert len([word for word in words if word.start_ms < gap[0]]) > 45
    assert len([word for word in words if word.start_ms > gap[1]]) > 25


@pytest.mark.parametrize(("before_s", "between_s"), [(5.207, 10.37), (5.352, 10.123)])
def test_sentences_said_far_apart_both_stay_each_where_it_was_said(before_s: float, between_s: float):
    """As in two stops of a recall: the model passed the first over, "question" reached across both."""
    first, second = clip("exact_words.flac")[: int(5.4 * RATE)], clip("two_turns.flac")[: 7 * RATE]
    still = [np.zeros(int(seconds * RATE), np.float32) for seconds in (before_s, between_s, 3.5)]
    words = words_of(events_of(start(np.concatenate([still[0], first, still[1], second, still[2]]))))
    middle_ms = (before_s + 5.4 + between_s / 2) * 1000
    told = [
        plain(" ".join(word.text for word in words if (word.start_ms < middle_ms) is early))
        for early in (True, False)
    ]
    assert len(told[0]) >= 14
    assert len(told[1]) >= 20
    assert max(word.end_ms - word.start_ms for word in words) < 1500
    over_ms = (before_s + 5.4) * 1000 + 300, (before_s + 5.4 + between_s) * 1000 - 300
    assert not [word for word in words if word.end_ms > over_ms[0] and word.start_ms < over_ms[1]]


def test_noise_alone_has_no_words():
    noise = np.random.default_rng(6).normal(0, 0.1, 50 * RATE).astype(np.float32)
    events = events_of(start(noise))
    assert words_of(events) == []
    assert windows_of(events)[-1].end_ms == 50_000


def test_names_to_expect_are_heard():
    sound = clip("two_turns.flac")[int(22.5 * RATE) :]
    settings = TranscribeSettings(language="en", terms="Margrit, Mr. Hael, Thorntan", accuracy="accurate")
    run = ChildEngine().transcribe(blocks(sound), len(sound) // 16, settings, base_model_folder())
    text = " ".join(word.text for word in words_of(events_of(run)))
    assert "Thorntan" in text or "Hael" in text or "Margrit" in text


def test_a_folder_that_is_no_model_is_said(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"nothing")
    run = ChildEngine().transcribe(blocks(np.zeros(RATE, np.float32)), 1000, TranscribeSettings(), tmp_path)
    last = events_of(run)[-1]
    assert isinstance(last, Failed)
    assert isinstance(last.error, NotReadableError)
    assert "supervise models verify base" in str(last.error)


def test_no_sound_at_all_finishes():
    run = ChildEngine().transcribe(iter(()), 0, TranscribeSettings(), base_model_folder())
    assert isinstance(events_of(run)[-1], Finished)
