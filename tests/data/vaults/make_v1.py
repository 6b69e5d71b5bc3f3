"""Make `v1/`, the stored vault of format 1 and schema 1 that every later program must open.

Run it from the checkout: `PYTHONPATH=src python tests/data/vaults/make_v1.py`. It is made once for a
release and never again after it; `tests/store/test_stored_vaults.py` opens it.
"""

import json
import shutil
import sys
from datetime import date
from pathlib import Path

from supervise.domain.consent import ConsentRecord, Scope
from supervise.domain.ids import ConsentId, MediaId, MomentId, SessionId, TranscriptId
from supervise.domain.moments import Moment, MomentCode, Perspective
from supervise.domain.session import Session, SoundFacts
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.media import MediaStore
from supervise.storage.store import Store
from supervise.storage.vault import Vault

TARGET = Path(__file__).parent / "v1"
PASSPHRASE = "an old vault opens for ever"
BEA_PASSPHRASE = "and for two people"
SESSION, TRANSCRIPT = SessionId("5e" * 16), TranscriptId("7a" * 16)
OPEN_MOMENT, PRIVATE_MOMENT = MomentId("0a" * 16), MomentId("0b" * 16)
MADE_AT = "2026-11-23T12:00:00.000Z"
TEXT = ["so", "how", "was", "it", "then"]
SOUND = bytes(range(256)) * 40


def _medium(vault: Vault, kind: str) -> MediaId:
    new = MediaStore(vault).create(kind, 4096)
    new.writer.write(SOUND)
    new.finish()
    new.register(vault.db)
    return new.media_id


def _moment(vault: Vault, moment: MomentId, note: str, *, private: bool) -> Moment:
    return Moment(
        moment=moment,
        session=SESSION,
        start_ms=83_500,
        end_ms=91_000,
        codes=(MomentCode("wf.flag"),),
        note=note,
        author=vault.profile.profile,
        perspective=Perspective.THERAPIST,
        codebook="default@1",
        created_at=MADE_AT,
        changed_at=MADE_AT,
        private=private,
    )


def _fill(vault: Vault) -> None:
    store = Store(vault)
    client = store.consents.ensure_client("K-01")
    signed = date(2026, 11, 1)
    granted = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW})
    consent = ConsentRecord(ConsentId("c0" * 16), client, granted, frozenset(), signed, None, MADE_AT)
    facts = SoundFacts(960_000, 8000, 1, 120_000, "ab" * 32, 16)
    master, peaks = _medium(vault, "master"), _medium(vault, "peaks")
    session = Session(SESSION, client, "K-01", "First hour", "2026-11-02", MADE_AT, facts, master, peaks)
    version = TranscriptVersion(TRANSCRIPT, SESSION, MADE_AT, TranscribeSettings(), finished=True)
    words = [Word(text, 1000 * n, 1000 * n + 400, 0.875, "AB"[n > 2]) for n, text in enumerate(TEXT)]
    with transaction(vault.db):
        store.consents.add(consent, vault.profile.profile)
        store.sessions.add(session, source_format="wav", attested_by=vault.profile.profile, original="keep")
        store.transcripts.begin(version)
        store.transcripts.add_window(TRANSCRIPT, 0, 0, 5000, words)
        store.transcripts.set_names(SESSION, SpeakerNames((("A", "therapist"), ("B", "client"))))
        store.moments.put(_moment(vault, OPEN_MOMENT, "a pause that held", private=False))
        store.moments.put(_moment(vault, PRIVATE_MOMENT, "I was afraid", private=True))
        store.history.append(SESSION, {"step": "stored"})
        vault.log("import", SESSION)


def main() -> None:
    """Make the vault, replacing the one that is there only when asked with `--force`."""
    if TARGET.exists() and "--force" not in sys.argv:
        sys.exit(
            "v1 is there already. It must not change once a release can have made such vaults (--force)."
        )
    shutil.rmtree(TARGET, ignore_errors=True)
    vault, recovery_key = Vault.create(TARGET, "Anna", Perspective.THERAPIST, PASSPHRASE)
    with vault:
        _, bea_key = vault.add_profile("Bea", Perspective.SUPERVISOR, BEA_PASSPHRASE)
        _fill(vault)
    with Vault.open(TARGET, PASSPHRASE) as vault:
        vault.lock()
        vault.inbox.append("window", {"seq": 1})
        vault.log("transcribe", SESSION)
    (TARGET / "vault.lock").unlink()
    secrets = {
        "passphrase": PASSPHRASE,
        "recovery_key": recovery_key,
        "bea": BEA_PASSPHRASE,
        "bea_key": bea_key,
    }
    (TARGET.parent / "v1.json").write_text(json.dumps(secrets, indent=1) + "\n")


if __name__ == "__main__":
    main()
