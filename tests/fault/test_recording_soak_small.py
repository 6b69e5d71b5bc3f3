"""A small version of `make soak ONLY=recording`: killed and marked a few times; it goes on where it ended."""

import shutil
from pathlib import Path

import pytest
from test_soak_small import soaked


@pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs pulseaudio: apt-get install pulseaudio")
def test_recordings_are_killed_and_the_proof_resumes(tmp_path: Path) -> None:
    results = tmp_path / "recording.jsonl"
    settings = {"SOAK_RESULTS": str(results), "SOAK_PARTS": "mark,kill"}
    first = soaked("recording", 1, **settings)
    assert (first["mark"], first["kill"]) == (1, 1)
    second = soaked("recording", 2, **settings)
    assert (second["mark"], second["kill"]) == (2, 2)
    assert second["kill_lost_ms_worst"] <= 1000
    assert len(results.read_text().splitlines()) == 4
