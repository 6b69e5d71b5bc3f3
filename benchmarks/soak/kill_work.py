"""The work that gets killed: each deed is announced, done, and said to be done before the next begins."""

import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ground import CHEAP, PASSPHRASE, bring_in, opened, spoken
from moment_deeds import Deeds, session_state

from supervise.app.queue import TranscriptionQueue
from supervise.bootstrap import Services
from supervise.domain.ids import SessionId, TranscriptId
from supervise.domain.moments import Perspective
from supervise.domain.transcript import TranscribeSettings
from supervise.speech.engine import ChildEngine, SpeechRun
from supervise.speech.fake import FakeEngine
from supervise.speech.frames import Samples
from supervise.storage.backup import backup, restore
from supervise.storage.vault import Vault

_RATE_HZ = 16_000
_MOST_PROFILES = 120


def tell(**values: object) -> None:
    """Write one line and hand it to the system before going on."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def import_files(vault: str, sources: list[str], original: str) -> None:
    """Import one file after the other."""
    desk = opened(Path(vault))
    for source in sources:
        tell(begin="import", source=source)
        session = bring_in(desk, Path(source), original=original)
        tell(done="import", source=source, session=session)
    desk.close()


def mark(vault: str, session: str, seed: int) -> None:
    """Mark, change, delete, comment, name, undo and redo, without end."""
    desk = opened(Path(vault))
    deeds = Deeds(desk, SessionId(session), random.Random(seed))
    while True:
        wish = deeds.choose()
        tell(begin=wish)
        deeds.do(wish)
        tell(done=wish["deed"], state=session_state(desk, SessionId(session)))


def change_keys(vault: str, passphrase: str, seed: int) -> None:
    """Change the passphrase, the recovery key and add profiles, without end."""
    desk = opened(Path(vault), passphrase)
    chance = random.Random(seed)
    for number in range(1_000_000):
        full = len(desk.profiles()) > _MOST_PROFILES
        deed = chance.choice(["passphrase", "passphrase", "recovery", *([] if full else ["profile"])])
        fresh = f"new words {seed} {number}"
        tell(begin=deed, fresh=fresh)
        given = ""
        if deed == "passphrase":
            desk.vault.change_passphrase(passphrase, fresh, kdf=CHEAP)
            passphrase = fresh
        elif deed == "profile":
            given = desk.add_profile(fresh, Perspective.SUPERVISOR, fresh)[1]
        else:
            given = desk.vault.replace_recovery_key()
        tell(done=deed, fresh=fresh, given=given)


def back_up(vault: str, folder: str) -> None:
    """Back up beside the holder and restore the copy, without end."""
    for number in range(1_000_000):
        copy, again = Path(folder) / f"copy{number}", Path(folder) / f"again{number}"
        tell(begin="backup", target=str(copy))
        beside = Vault.open_beside(Path(vault), PASSPHRASE)
        backup(beside, copy, lambda _: None, lambda: False)
        beside.close()
        tell(done="backup", target=str(copy))
        tell(begin="restore", target=str(again))
        report = restore(copy, again, PASSPHRASE, lambda _: None, lambda: False)
        tell(done="restore", target=str(again), ok=report.ok)


class _HeardEngine(ChildEngine):
    """The product's engine, telling where it starts and how much sound it was given."""

    def transcribe(
        self,
        sound: Iterator[Samples],
        duration_ms: int,
        settings: TranscribeSettings,
        model_dir: Path,
        start_ms: int = 0,
        first_seq: int = 0,
    ) -> SpeechRun:
        """Start, counting the sound on its way."""
        tell(start_ms=start_ms, seq=first_seq)
        heard = _counted(sound, start_ms)
        return super().transcribe(heard, duration_ms, settings, model_dir, start_ms, first_seq)


def _counted(sound: Iterator[Samples], start_ms: int) -> Iterator[Samples]:
    given = 0
    for block in sound:
        given += len(block)
        tell(given_ms=start_ms + given * 1000 // _RATE_HZ)
        yield block


class _TellingQueue(TranscriptionQueue):
    """A queue that says what it has stored once it has stored it."""

    def store_result(self, kind: str, payload: dict[str, Any]) -> None:
        """Store, then tell."""
        super().store_result(kind, payload)
        if kind == "window":
            words = [word[:3] for word in payload["words"]]
            span = [payload["start_ms"], payload["end_ms"]]
            tell(done="window", transcript=payload["transcript"], seq=payload["seq"], span=span, words=words)


def transcribe(vault: str, session: str, version: int, model: str, fake_ms: int) -> None:
    """Transcribe one version to its end; `fake_ms` of scripted speech stand in for the model when not 0."""
    services = Services.default()
    desk = opened(Path(vault))
    words = spoken("and so it went on and on " * (fake_ms // 2000), step_ms=250) if fake_ms else ()
    engine = FakeEngine(words, window_ms=2000) if fake_ms else _HeardEngine()
    queue = _TellingQueue(desk, engine, services.models, services.speaker_models)
    settings = TranscribeSettings(model=model, language="en", terms=f"version {version}")
    tell(begin="transcribe", version=version)
    job = queue.enqueue(SessionId(session), settings)
    while queue.step(only=job):
        queue.wait(0.02)
    transcript: TranscriptId = queue.result(job)
    tell(done="transcript", transcript=transcript, version=version)
    queue.close()
    desk.close()


WORK: dict[str, Callable[..., None]] = {
    "import": import_files,
    "mark": mark,
    "keys": change_keys,
    "backup": back_up,
    "transcribe": transcribe,
}


if __name__ == "__main__":
    tell(ready=True)
    sys.stdin.readline()
    WORK[sys.argv[1]](**json.loads(sys.argv[2]))
