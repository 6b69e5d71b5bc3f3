"""Real workspaces for tests: a vault with a cheap key derivation, a covered client, a session."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from supervise.app.consenting import Statement
from supervise.app.workspace import Workspace
from supervise.audio.peaks import PeaksBuilder
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import SessionId, TranscriptId, new_id
from supervise.domain.moments import Perspective
from supervise.domain.session import Session, SoundFacts
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.resources import resource_path
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

PASSPHRASE = "seven quiet words for one small vault"
CLIENT = "K-07"
OWN_USE = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW})
TODAY = date(2026, 11, 23)


def default_codebook() -> str:
    """The text of the codebook that ships."""
    return resource_path("resources", "codebooks", "default.yaml").read_text(encoding="utf-8")


def opened(
    path: Path,
    kdf: KdfParams,
    profile: str | None = None,
    passphrase: str = PASSPHRASE,
    today: Callable[[], date] = lambda: TODAY,
) -> Workspace:
    """Open a workspace on an existing vault; what a window of its own wrote wants the real `date.today`."""
    vault = Vault.open(path, passphrase, profile)
    return Workspace(vault, default_codebook(), today, kdf)


@pytest.fixture
def vault_path(tmp_path: Path, cheap_kdf: KdfParams) -> Path:
    """A new vault of the therapist Ada's, closed."""
    path = tmp_path / "vault"
    vault, _ = Vault.create(path, "Ada", Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    vault.close()
    return path


@pytest.fixture
def workspace(vault_path: Path, cheap_kdf: KdfParams) -> Iterator[Workspace]:
    """An open workspace whose client K-07 is covered for the therapist's own use."""
    desk = opened(vault_path, cheap_kdf)
    desk.add_consent(CLIENT, OWN_USE, date(2026, 11, 1))
    yield desk
    desk.close()


def agree_to_supervisor(desk: Workspace, name: str, client: str = CLIENT) -> None:
    """Record that the client agreed to this supervisor by name."""
    desk.record_consent(Statement(client, TODAY, frozenset({Grant(Scope.SUPERVISOR, name)})))


def add_session(
    desk: Workspace,
    duration_ms: int = 600_000,
    client: str = CLIENT,
    title: str = "",
    words: tuple[Word, ...] = (),
) -> SessionId:
    """Add a session with real peaks, a stand-in for its sound, and a transcript of `words` if any."""
    found = desk.store.consents.client(client)
    client_id, code = found or (desk.store.consents.ensure_client(client), client)
    rate_hz = 1000
    builder = PeaksBuilder(1, rate_hz)
    builder.add(np.zeros((duration_ms * rate_hz // 1000, 1), np.int16))
    master, peaks = desk.store.media.create("master"), desk.store.media.create("peaks")
    master.writer.write(b"no sound")
    peaks.writer.write(builder.finish())
    master.finish()
    peaks.finish()
    sha256 = new_id() * 2
    sound = SoundFacts(duration_ms * rate_hz // 1000, rate_hz, 1, duration_ms, sha256, 16)
    session = Session(
        SessionId(new_id()),
        client_id,
        code,
        title,
        "2026-11-20",
        now_utc(),
        sound,
        master.media_id,
        peaks.media_id,
    )
    with transaction(desk.vault.db) as db:
        master.register(db)
        peaks.register(db)
        desk.store.sessions.add(
            session, source_format="wav", attested_by=desk.profile.profile, original="keep"
        )
    if words:
        add_transcript(desk, session.session, words)
    return session.session


def add_transcript(desk: Workspace, session: SessionId, words: tuple[Word, ...]) -> TranscriptId:
    """Add a finished transcript, a window every hundred words."""
    transcript = TranscriptId(new_id())
    version = TranscriptVersion(transcript, session, now_utc(), TranscribeSettings(), finished=False)
    desk.store.transcripts.begin(version)
    for seq, start in enumerate(range(0, len(words), 100)):
        part = words[start : start + 100]
        desk.store.transcripts.add_window(transcript, seq, part[0].start_ms, part[-1].end_ms, part)
    desk.store.transcripts.finish(transcript, "en", [], {})
    return transcript


def spoken(text: str, start_ms: int = 1000, step_ms: int = 400, speaker: str = "A") -> tuple[Word, ...]:
    """Words of a text, one every `step_ms`."""
    return tuple(
        Word(word, start_ms + index * step_ms, start_ms + index * step_ms + step_ms - 50, 0.9, speaker)
        for index, word in enumerate(text.split())
    )


@pytest.fixture
def reopen(workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams) -> Iterator[Callable[[], Workspace]]:
    """Close the workspace and open the vault anew, as after a restart."""
    again: list[Workspace] = []

    def restart() -> Workspace:
        for desk in (workspace, *again):
            desk.close()
        again.append(opened(vault_path, cheap_kdf))
        return again[-1]

    yield restart
    for desk in again:
        desk.close()
