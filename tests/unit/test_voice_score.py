"""The benchmark's diarisation score, worked out by hand."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "benchmarks" / "voice_score.py"
TRUTH = [(0, 1000, "x"), (1000, 2000, "y")]


@pytest.fixture(scope="module")
def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("voice_score", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("found", "missed", "invented", "confused"),
    [
        ([(0, 1000, "B"), (1000, 2000, "A")], 0, 0, 0),
        ([(0, 1200, "A"), (1200, 2000, "B")], 0, 0, 10),
        ([(0, 2000, "A")], 0, 0, 50),
        ([(0, 800, "A"), (1000, 2000, "B")], 10, 0, 0),
        ([(0, 1000, "A"), (1000, 2400, "B")], 0, 20, 0),
        ([(0, 1000, "A"), (800, 2000, "B")], 0, 10, 0),
        ([(0, 1000, "A"), (1000, 1600, "B"), (1600, 2000, "C")], 0, 0, 20),
        ([], 100, 0, 0),
    ],
)
def test_shares_of_true_speech(
    score: ModuleType, found: list[tuple[int, int, str]], missed: float, invented: float, confused: float
) -> None:
    errors = score.voice_errors(TRUTH, found)
    assert (errors.missed, errors.invented, errors.confused) == pytest.approx((missed, invented, confused))
    assert errors.rate == pytest.approx(missed + invented + confused)


def test_a_collar_forgives_edges(score: ModuleType) -> None:
    late = [(0, 1200, "A"), (1200, 2000, "B")]
    assert score.voice_errors(TRUTH, late, collar_ms=250).rate == 0
    assert score.voice_errors(TRUTH, late, collar_ms=100).confused == pytest.approx(100 * 100 / 1600)
