"""Two hours of rating on two dials, each turned ten times a second: memory, disk, and how fast."""

import json
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from recall_rooms import add_sounding_session
from supervise.app.rating import RatingSession
from supervise.app.rating_reading import rating_view
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.crypto.keys import KdfParams
from supervise.domain.moments import Perspective
from supervise.domain.rating import ACTIVATION, AFFECT, Rater, RatingSetup
from supervise.domain.rating_trace import resampled
from supervise.storage.vault import Vault
from workspaces import CLIENT, OWN_USE, default_codebook

HOURS, RATE, HZ = 2, 8000, 10
SETUP = RatingSetup(Rater.THERAPIST, (AFFECT, ACTIVATION))


def resident_mb():
    """Return this process's memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def rate(desk, session):
    """Turn both dials ten times a second; return what was measured on the way."""
    looks, output = 0, FakeOutput(own_rate_hz=RATE)
    rating = RatingSession(desk, session, SETUP, output, lambda: looks / HZ)
    rating.start()
    rating.play()
    took_ms, memory, most = [], [], 0
    for looks in range(1, HOURS * 3600 * HZ - HZ):
        output.pull(RATE // HZ)
        for number, dial in enumerate(SETUP.dials):
            rating.set_value(dial.key, (looks * (number + 1)) % 201 - 100)
        most = max(most, len(rating._points))
        begun = time.perf_counter()
        rating.poll()
        took_ms.append((time.perf_counter() - begun) * 1000)
        if looks % (60 * HZ) == 0:
            memory.append(resident_mb())
    outcome = rating.end()
    return outcome, sorted(took_ms), memory, most


def main():
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        kdf = KdfParams(iterations=1, memory_kib=8, lanes=1)
        passphrase = "seven quiet words for one small vault"  # noqa: S105 - not a secret
        vault, _ = Vault.create(Path(folder) / "v", "Ada", Perspective.THERAPIST, passphrase, kdf=kdf)
        desk = Workspace(vault, default_codebook(), date.today, kdf)
        desk.add_consent(CLIENT, OWN_USE, date(2026, 11, 1))
        session = add_sounding_session(desk, np.zeros((HOURS * 3600 * RATE, 1), np.int16), RATE)
        outcome, took_ms, memory, most = rate(desk, session)
        begun = time.perf_counter()
        view = rating_view(desk, outcome.series)
        read_s = time.perf_counter() - begun
        begun = time.perf_counter()
        rows = resampled(view.trace, 0, 1, 250)
        grid_s = time.perf_counter() - begun
        sql = "SELECT count(*), sum(length(points)) FROM rating_points"
        chunks, size = desk.vault.db.execute(sql).fetchone()
        said = {
            "points": outcome.points,
            "chunks": chunks,
            "stored_mb": round(size / 1e6, 1),
            "most_points_in_memory": most,
            "memory_mb_after_a_minute": round(memory[0], 1),
            "memory_mb_at_the_end": round(memory[-1], 1),
            "look_ms_median": round(statistics.median(took_ms), 3),
            "look_ms_99_percent": round(took_ms[len(took_ms) * 99 // 100], 1),
            "look_ms_most": round(took_ms[-1], 1),
            "read_s": round(read_s, 2),
            "resampled_s": round(grid_s, 2),
            "rows": len(rows),
        }
        desk.close()
    print(json.dumps(said))
    if most > 2 * HZ * 3:
        sys.exit(1)


if __name__ == "__main__":
    main()
