"""What every slow proof stands on: seed and size, a place to work, a count that ends in one JSON line."""

import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from supervise.app.importing import ImportWish, import_file
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.domain.errors import SuperviseError
from supervise.domain.ids import SessionId, TranscriptId, new_id
from supervise.domain.moments import Perspective
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.resources import resource_path
from supervise.storage.vault import Vault
from supervise.storage.verify import verify

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "eleven slow horses under a green lamp"  # noqa: S105 - of vaults made to be broken
CLIENT = "K-07"
OWN_USE = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW})
SIGNED = date(2026, 11, 1)
_ROOM_BYTES = 1 << 31
CHEAP = KdfParams(iterations=1, memory_kib=8, lanes=1)


def size(default: int) -> int:
    """Return how often to try: SOAK_ROUNDS, or the full number."""
    return int(os.environ.get("SOAK_ROUNDS", "") or default)


def speech(*wanted: str) -> list[Path]:
    """Return real speech: from SOAK_SPEECH or `shared/speech` beside the checkout, else the demo session."""
    folder = Path(os.environ.get("SOAK_SPEECH", "") or ROOT.parent / "shared" / "speech")
    found = [folder / name for name in wanted if (folder / name).is_file()]
    return found or [resource_path("resources", "demo", "session.flac")]


class Watch:
    """Counts what a block meets: nothing, a clear failure (kept in `said`), or a crash (noted as one)."""

    def __init__(self, count: "Count", what: str) -> None:
        """Watch one block called `what`."""
        self._count = count
        self._what = what
        self.said: SuperviseError | None = None
        self.crashed = False

    def __enter__(self) -> "Watch":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Swallow failures, after noting a crash; interruptions go on."""
        if error is None:
            return False
        if isinstance(error, SuperviseError):
            self.said = error
            return True
        if not isinstance(error, Exception):
            return False
        self.crashed = True
        frames = traceback.extract_tb(trace)[-3:]
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
        self._count.fail(f"{self._what}: {type(error).__name__}: {error} at {where}")
        return True


class Count:
    """Counts and failures of one proof; `end` prints them as one JSON line and gives the exit code."""

    def __init__(self, name: str) -> None:
        """Start counting; the seed is SOAK_SEED or the house's own."""
        self.seed = int(os.environ.get("SOAK_SEED", "") or 20261123)
        self.random = random.Random(self.seed)
        self._name = name
        self._started = time.monotonic()
        self.counts: Counter[str] = Counter()
        self.facts: dict[str, Any] = {}
        self.failures: list[str] = []

    def add(self, what: str, number: int = 1) -> None:
        """Count something."""
        self.counts[what] += number

    def most(self, what: str, value: float) -> None:
        """Keep the largest value seen."""
        self.facts[what] = max(self.facts.get(what, value), value)

    def fail(self, what: str) -> None:
        """Note something that must not happen."""
        self.failures.append(what)
        say(f"FAILED {what}")

    def demand(self, holds: bool, what: str) -> bool:
        """Note `what` as a failure unless it holds."""
        if not holds:
            self.fail(what)
        return holds

    def watch(self, what: str) -> Watch:
        """Return a block in which clear failures are fine and crashes are counted."""
        return Watch(self, what)

    def end(self) -> int:
        """Print the result as one line of JSON; 0 when nothing failed."""
        values = {
            "soak": self._name,
            "ok": not self.failures,
            "seed": self.seed,
            "seconds": round(time.monotonic() - self._started, 1),
            **self.counts,
            **self.facts,
            "failures": len(self.failures),
            "first_failures": self.failures[:10],
        }
        print(json.dumps(values, ensure_ascii=False), flush=True)
        return 1 if self.failures else 0


def refused(name: str, why: str) -> int:
    """Say as a result that a proof cannot be made here; 1."""
    print(json.dumps({"soak": name, "ok": False, "failures": 1, "first_failures": [why]}), flush=True)
    return 1


def say(words: str) -> None:
    """Say how it goes, on stderr."""
    print(words, file=sys.stderr, flush=True)


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder that is gone afterwards: in SOAK_FOLDER, or in memory where there is room."""
    memory = Path("/dev/shm")  # noqa: S108 - other people's files are not touched
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES
    place = os.environ.get("SOAK_FOLDER") or (memory if roomy else None)
    folder = Path(tempfile.mkdtemp(prefix="soak-", dir=place))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def default_codebook() -> str:
    """Return the codebook that ships."""
    return resource_path("resources", "codebooks", "default.yaml").read_text(encoding="utf-8")


def opened(path: Path, passphrase: str = PASSPHRASE, profile: str | None = None) -> Workspace:
    """Open a vault for the work of a person."""
    vault = Vault.open(path, passphrase, profile)
    return Workspace(vault, default_codebook(), date.today, CHEAP)


def new_vault(path: Path) -> Workspace:
    """Make a vault of the therapist Ada's with a client who consented, and return it open."""
    vault, _ = Vault.create(path, "Ada", Perspective.THERAPIST, PASSPHRASE, kdf=CHEAP)
    desk = Workspace(vault, default_codebook(), date.today, CHEAP)
    desk.add_consent(CLIENT, OWN_USE, SIGNED)
    return desk


def bring_in(desk: Workspace, source: Path, title: str = "", original: str = "keep") -> SessionId:
    """Import a recording."""
    wish = ImportWish(source, CLIENT, title, original=original)
    return import_file(desk, wish, lambda _: None, lambda: False).session.session


def add_transcript(desk: Workspace, session: SessionId, words: tuple[Word, ...]) -> TranscriptId:
    """Store a finished transcript, a window every 50 words."""
    transcript = TranscriptId(new_id())
    store = desk.store.transcripts
    store.begin(TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False))
    for seq, start in enumerate(range(0, len(words), 50)):
        part = words[start : start + 50]
        store.add_window(transcript, seq, part[0].start_ms, part[-1].end_ms, part)
    store.finish(transcript, "en", [], {})
    return transcript


def spoken(text: str, speaker: str = "A", start_ms: int = 200, step_ms: int = 300) -> tuple[Word, ...]:
    """Return the words of a text, one every `step_ms`."""
    return tuple(
        Word(word, start_ms + at * step_ms, start_ms + at * step_ms + step_ms - 40, 0.9, speaker)
        for at, word in enumerate(text.split())
    )


def damages(vault: Vault) -> list[str]:
    """Verify an open vault and return what is damaged."""
    return [f"{found.kind} {found.id}: {found.detail}" for found in verify(vault, lambda _: None).damaged]
