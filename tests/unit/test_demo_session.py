"""The demo session that ships: its sound and its truth agree, and its moments are valid marks."""

import os
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from supervise.domain.moments import check_moment
from supervise.exchange.demo_truth import DemoTruth, read_truth
from unit.exchange_samples import BOOK, a_moment

DEMO = Path(__file__).parents[2] / "resources" / "demo"


@pytest.fixture(scope="module")
def truth() -> DemoTruth:
    return read_truth((DEMO / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    with av.open(os.fspath(DEMO / "session.flac")) as container:
        assert (container.streams.audio[0].rate, container.streams.audio[0].channels) == (16_000, 1)
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]) / 32_768


def level_dbfs(sound: np.ndarray, start_ms: int, end_ms: int) -> float:
    part = sound[start_ms * 16 : end_ms * 16]
    return float(20 * np.log10(np.sqrt(np.mean(part**2))))


def test_it_is_as_large_and_as_long_as_promised(truth: DemoTruth, sound: np.ndarray) -> None:
    assert (DEMO / "session.flac").stat().st_size < 5_000_000
    assert len(sound) == truth.samples
    assert 180_000 <= truth.duration_ms == truth.samples // 16 <= 300_000


def test_people_speak_where_the_truth_says_so_and_nowhere_else(truth: DemoTruth, sound: np.ndarray) -> None:
    assert all(level_dbfs(sound, span.start_ms, span.end_ms) > -40 for span in truth.spoken)
    assert all(level_dbfs(sound, span.start_ms, span.start_ms + 30) > -57 for span in truth.spoken)
    for pause in truth.pauses:
        assert -63 < level_dbfs(sound, pause.start_ms, pause.end_ms) < -58
    assert all(one.end_ms < after.start_ms for one, after in pairwise(truth.spoken))
    assert {span.speaker for span in truth.spoken} == {"therapist", "client"}


def test_it_holds_a_long_silence_and_many_pauses(truth: DemoTruth) -> None:
    long = [pause for pause in truth.pauses if pause.end_ms - pause.start_ms >= 20_000]
    assert len(long) == 1
    assert len(truth.pauses) >= 10
    gaps = {(one.end_ms, after.start_ms) for one, after in pairwise(truth.spoken)}
    found = {(pause.start_ms, pause.end_ms) for pause in truth.pauses}
    assert {gap for gap in gaps if gap[1] - gap[0] >= 1_000} <= found


def test_its_moments_are_valid_marks_of_the_default_codebook(truth: DemoTruth) -> None:
    families = set()
    for number, sample in enumerate(truth.moments):
        moment = a_moment(number, sample.start_ms, sample.end_ms, *sample.codes, note=sample.note)
        check_moment(moment, BOOK, truth.duration_ms)
        families |= {BOOK.code(entry.code).family for entry in sample.codes}
    assert {"withdrawal", "confrontation", "repair", "outcome", "workflow"} <= families
