"""From a session's moment to all that was recalled about it: 50 recalls of 40 stops and 3,000 words each.

Garbage is collected as in the program. `--beside 2` keeps so many busy loops running beside it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from recall_rooms import add_sounding_session
from supervise.app.collecting import settle
from supervise.app.recall_reading import recalled_about
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.ids import MediaId, RecallId, TranscriptId, new_id
from supervise.domain.moments import Perspective
from supervise.domain.recall import RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import Stretch
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall
from supervise.storage.vault import Vault
from workspaces import CLIENT, OWN_USE, default_codebook

RECALLS, STOPS, WORDS = 50, 40, 3000
MOST_MS = 50


def fill(desk, session):
    """Add the recalls."""
    for _ in range(RECALLS):
        recall, ids = RecallId(new_id()), (MediaId(new_id()), MediaId(new_id()))
        setup, me = Setup(RecallKind.THERAPIST), desk.profile.profile
        with transaction(desk.vault.db):
            desk.store.recalls.begin(Recall(recall, session, RECALLING, setup, now_utc(), me, 1000, 1, *ids))
            stretches = []
            for number in range(STOPS):
                at, place = number * 30_000, number * 14_000
                stretches.append(Stretch(at, at + 15_000, place, place + 15_000, 1.0, number))
                span = (at + 15_000, StoppedBy.RECALLER, 15_000, place, at + 30_000, place + 14_000)
                desk.store.recalls.put_stop(recall, Stop(number, place + 15_000, *span))
            desk.store.recalls.put_stretches(recall, stretches)
            desk.store.recalls.end(recall, STOPS * 30_000, "", ids[1])
            transcript = TranscriptId(new_id())
            settings = TranscribeSettings()
            version = TranscriptVersion(transcript, session, now_utc(), settings, finished=False)
            store = desk.store.recall_transcripts
            store.begin(version, recall)
            words = [Word("word", at * 400, at * 400 + 300, 0.9, "A") for at in range(WORDS)]
            for seq in range(0, WORDS, 60):
                part = words[seq : seq + 60]
                store.add_window(transcript, seq, part[0].start_ms, part[-1].end_ms, part)
            store.finish(transcript, "en", [], {})


@contextmanager
def busy(loops):
    """Keep so many busy loops running, as other programs would."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def main():
    """Measure."""
    settle()
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside", type=int, default=0)
    loops = parser.parse_args().beside
    with tempfile.TemporaryDirectory() as folder:
        kdf = KdfParams(iterations=1, memory_kib=8, lanes=1)
        passphrase = "seven quiet words for one small vault"  # noqa: S105 - not a secret
        vault, _ = Vault.create(Path(folder) / "v", "Ada", Perspective.THERAPIST, passphrase, kdf=kdf)
        desk = Workspace(vault, default_codebook(), date.today, kdf)
        desk.add_consent(CLIENT, OWN_USE, date(2026, 11, 1))
        session = add_sounding_session(desk, np.zeros((600_000, 1), np.int16), 1000)
        fill(desk, session)
        took_ms, cpu_ms, hits = [], [], []
        with busy(loops):
            for at_ms in range(5000, 505_000, 10_000):
                begun, cpu = time.perf_counter(), time.process_time()
                hits.append(len(recalled_about(desk, session, at_ms)))
                took_ms.append((time.perf_counter() - begun) * 1000)
                cpu_ms.append((time.process_time() - cpu) * 1000)
        desk.close()
    worst, middle = round(max(took_ms), 1), round(statistics.median(took_ms), 1)
    found = {"recalls": RECALLS, "hits": round(statistics.mean(hits)), "median_ms": middle, "worst_ms": worst}
    found |= {"cpu_median_ms": round(statistics.median(cpu_ms), 1), "cpu_worst_ms": round(max(cpu_ms), 1)}
    print(json.dumps({"bench": "recall_about", "ok": worst <= MOST_MS, "beside": loops, **found}))
    return 0 if worst <= MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
