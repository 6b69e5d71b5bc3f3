"""Full-text search over 1,000 sessions of 10,000 words: prints one JSON line (milliseconds, medians).

Ratios set our search (gate, snippets, sealed database) beside the bare index of plain SQLite in memory.
"""

import json
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.domain.ids import MediaId, SessionId, TranscriptId, new_id
from supervise.domain.moments import Perspective
from supervise.domain.session import Session, SoundFacts
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.resources import resource_path
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

SESSIONS, WORDS, WINDOW = 1000, 10_000, 70
REPEATS = 9
SCOPES = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW})


def vocabulary(chance: random.Random) -> list[str]:
    """20,000 made-up words; those at the front are drawn most often (Zipf, as in speech)."""
    letters = "aeioubcdfghklmnprstvw"
    return list({"".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(26_000)})[:20_000]


def fill(desk: Workspace, plain: sqlite3.Connection) -> list[str]:
    """Fill both databases with the same words and return the vocabulary."""
    chance = random.Random(7)
    words = vocabulary(chance)
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    client = desk.store.consents.client("K-01")
    assert client is not None
    for number in range(SESSIONS):
        drawn = chance.choices(words, weights, k=WORDS)
        session, transcript = SessionId(new_id()), TranscriptId(new_id())
        sound = SoundFacts(48_000, 16_000, 1, 4_000_000, new_id() * 2, 16)
        media = MediaId(new_id())
        with transaction(desk.vault.db) as db:
            db.execute("INSERT INTO media VALUES (?, 'master', x'00', 0, '')", [media])
            row = Session(session, *client, f"{number}", "2026-11-01", now_utc(), sound, media, media)
            desk.store.sessions.add(row, source_format="wav", attested_by="", original="keep")
            version = TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False)
            desk.store.transcripts.begin(version)
            for seq, start in enumerate(range(0, WORDS, WINDOW)):
                part = drawn[start : start + WINDOW]
                timed = [
                    Word(text, (start + i) * 400, (start + i) * 400 + 300, 0.9) for i, text in enumerate(part)
                ]
                desk.store.transcripts.add_window(
                    transcript, seq, start * 400, (start + len(part)) * 400, timed
                )
                plain.execute("INSERT INTO t VALUES (?)", [" ".join(part)])
            desk.store.transcripts.finish(transcript, "en", [], {})
    return words


def median_ms(call: Callable[[], object]) -> float:
    """Median time of a call in milliseconds."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Build, measure, print."""
    folder = Path(tempfile.mkdtemp())
    try:
        kdf = KdfParams(iterations=1, memory_kib=8, lanes=1)
        vault, _ = Vault.create(
            folder / "vault", "Bench", Perspective.THERAPIST, "one two three four", kdf=kdf
        )
        codebook = resource_path("resources", "codebooks", "default.yaml").read_text(encoding="utf-8")
        desk = Workspace(vault, codebook)
        desk.add_consent("K-01", SCOPES, date(2026, 1, 1))
        plain = sqlite3.connect(":memory:")
        plain.execute("CREATE VIRTUAL TABLE t USING fts5(text)")
        words = fill(desk, plain)
        asked = {
            "common": words[1],
            "medium": words[200],
            "rare": words[8000],
            "two": f"{words[30]} {words[60]}",
        }
        ours = {name: median_ms(lambda q=query: desk.search(q)) for name, query in asked.items()}  # type: ignore[misc]
        bare_sql = "SELECT snippet(t, 0, '', '', '', 12) FROM t WHERE t MATCH ? ORDER BY rowid DESC LIMIT 200"
        bare = {
            name: median_ms(lambda q=query: plain.execute(bare_sql, [q]).fetchall())  # type: ignore[misc]
            for name, query in asked.items()
        }
        size_mb = sum(path.stat().st_size for path in (folder / "vault").glob("vault.db*")) / 1e6
        desk.close()
    finally:
        shutil.rmtree(folder)
    median = statistics.median(ours.values())
    print(
        json.dumps(
            {
                "benchmark": "library_search",
                "sessions": SESSIONS,
                "words_each": WORDS,
                "search_ms": {name: round(value, 1) for name, value in ours.items()},
                "median_ms": round(median, 1),
                "plain_sqlite_ms": {name: round(value, 1) for name, value in bare.items()},
                "ratio_to_plain_sqlite": round(median / statistics.median(bare.values()), 2),
                "database_mb": round(size_mb),
                "must_reach_ms": 50,
            }
        )
    )


if __name__ == "__main__":
    main()
