"""A small vault with something of everything in it, for tests that damage, copy or keep it."""

import random
from datetime import date
from pathlib import Path

from supervise.crypto.keys import KdfParams
from supervise.domain.consent import ConsentRecord, Scope
from supervise.domain.ids import ConsentId, MediaId, MomentId, SessionId, TranscriptId, new_id
from supervise.domain.moments import Moment, MomentCode, Perspective
from supervise.domain.session import Session, SoundFacts
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.media import MediaStore
from supervise.storage.store import Store
from supervise.storage.vault import Vault

PASSPHRASE = "three blue herons"
PHRASE = "the cellar door was never locked"
DURATION_MS = 3_600_000
SOUND_BYTES = 150_000
CHUNK = 4096


def fill(path: Path, kdf: KdfParams, sessions: int = 2) -> Vault:
    """Make a vault of two people with some sessions; returns it open for the first."""
    vault, _ = Vault.create(path, "Anna", Perspective.THERAPIST, PASSPHRASE, kdf=kdf)
    vault.add_profile("Bea", Perspective.SUPERVISOR, "other words", kdf=kdf)
    for number in range(sessions):
        add_session(vault, number)
    return vault


def add_session(vault: Vault, number: int) -> SessionId:
    """Add one session with sound, peaks, a transcript, an open and a private moment."""
    store = Store(vault)
    client = store.consents.ensure_client("AB")
    signed = date(2026, 11, 1)
    record = ConsentRecord(
        ConsentId(new_id()), client, frozenset(Scope), frozenset(), signed, None, now_utc()
    )
    master, peaks = add_medium(vault, number, "master"), add_medium(vault, number + 1, "peaks")
    facts = SoundFacts(DURATION_MS * 8, 8000, 1, DURATION_MS, f"{number:064x}", 16)
    session_id = SessionId(new_id())
    session = Session(session_id, client, "AB", "", "2026-11-01", now_utc(), facts, master, peaks)
    transcript = TranscriptVersion(TranscriptId(new_id()), session_id, now_utc(), TranscribeSettings(), True)
    with transaction(vault.db):
        store.consents.add(record, vault.profile.profile)
        store.sessions.add(session, source_format="wav", attested_by=vault.profile.profile, original="keep")
        store.transcripts.begin(transcript)
        for seq in range(20):
            words = [
                Word(word, seq * 1000 + n, seq * 1000 + n + 1, 0.9, "A")
                for n, word in enumerate(PHRASE.split())
            ]
            store.transcripts.add_window(transcript.transcript, seq, seq * 1000, seq * 1000 + 999, words)
        for private in (False, True):
            store.moments.put(_moment(vault, session_id, private=private))
        vault.log("import", session_id)
    return session_id


def _moment(vault: Vault, session: SessionId, *, private: bool) -> Moment:
    codes, note, author = (MomentCode("wf.flag"),), f"note: {PHRASE}", vault.profile.profile
    seat, now = Perspective.THERAPIST, now_utc()
    return Moment(
        MomentId(new_id()),
        session,
        1000,
        2000,
        codes,
        note,
        author,
        seat,
        "default@1",
        now,
        now,
        private=private,
    )


def add_medium(vault: Vault, seed: int, kind: str) -> MediaId:
    """Add a sealed file of `sound(seed)` in small chunks."""
    new = MediaStore(vault).create(kind, CHUNK)
    new.writer.write(sound(seed))
    new.finish()
    new.register(vault.db)
    return new.media_id


def sound(seed: int) -> bytes:
    """Return bytes that stand for a recording."""
    return random.Random(seed).randbytes(SOUND_BYTES)


def flip(path: Path, at: int) -> None:
    """Flip one bit of the byte at `at` (from the end when negative)."""
    with path.open("r+b") as stream:
        stream.seek(at, 0 if at >= 0 else 2)
        byte = stream.read(1)
        stream.seek(-1, 1)
        stream.write(bytes([byte[0] ^ 0x10]))
