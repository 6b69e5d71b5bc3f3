"""Small versions of the slow proofs of `make soak`: the same programs, fewer tries."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOAK = Path(__file__).resolve().parents[2] / "benchmarks" / "soak"


def soaked(name: str, rounds: int, **settings: str) -> dict[str, Any]:
    """Run one proof and return its counts; it must have found nothing wrong."""
    environment = {**os.environ, "SOAK_ROUNDS": str(rounds), **settings}
    done = subprocess.run(
        [sys.executable, str(SOAK / f"soak_{name}.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stdout + done.stderr
    counts: dict[str, Any] = json.loads(lines[0])
    assert (done.returncode, counts["ok"], counts["first_failures"]) == (0, True, []), done.stderr
    return counts


def namespaces_allowed(*flags: str) -> bool:
    unshare = shutil.which("unshare")
    return unshare is not None and any(
        subprocess.run([unshare, flag, "true"], capture_output=True, check=False).returncode == 0
        for flag in flags
    )


@pytest.mark.parametrize(
    ("kind", "rounds"), [("mark", 3), ("keys", 2), ("import", 2), ("backup", 2), ("transcribe", 3)]
)
def test_killed_at_random_moments(kind: str, rounds: int) -> None:
    counts = soaked("kill", rounds, SOAK_ONLY=kind, SOAK_MODEL="fake")
    assert counts["kills"] == rounds
    assert "lost" not in counts


@pytest.mark.parametrize("by", ["tmpfs", "limit"])
def test_the_disk_fills(by: str) -> None:
    counts = soaked("disk_full", 18, SOAK_DISK=by)
    assert counts["refused_exit_8"] > 0
    assert "lost" not in counts


def test_flipped_bits_and_cut_files() -> None:
    counts = soaked("damage", 44)
    assert counts["detected"] + counts["harmless"] == 44
    assert "wrong_silently" not in counts


def test_wrong_keys() -> None:
    assert soaked("wrong_key", 18)["tries"] == 18


def test_no_network() -> None:
    if not namespaces_allowed("-n", "-rn"):
        pytest.skip("needs Linux with network namespaces: install util-linux, or run as root")
    assert soaked("no_network", 1, SOAK_MODEL="none")["looks_for_sockets"] > 0


def test_nothing_in_plain_words() -> None:
    if not namespaces_allowed("-m", "-rm"):
        pytest.skip("needs Linux with mount namespaces: install util-linux, or run as root")
    counts = soaked("plaintext", 1, SOAK_MODEL="none")
    assert "hits" not in counts
    assert counts["files_read"] > 50
