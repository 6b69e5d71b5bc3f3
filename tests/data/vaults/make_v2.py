"""Make `v2/`, the stored vault of schema 2: named consents, decisions, holds, copies, a recording's gap.

It was made once with the program of schema 2 and must never be made again with a later one;
`tests/store/test_stored_vaults.py` opens it and restores from it.
"""

import json
import shutil
import sys
from datetime import date
from pathlib import Path

import make_v1

from supervise.app.consenting import Statement, give_part
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.moments import Perspective
from supervise.domain.recordings import Gap, GapReason
from supervise.resources import resource_path
from supervise.storage.copies import new_copy
from supervise.storage.migrations import STEPS
from supervise.storage.vault import Vault

TARGET = Path(__file__).parent / "v2"
TODAY = date(2026, 11, 23)
DETAILS = ConsentDetails(
    form_sha256="ab" * 32, method="paper", witness="front desk", keep_days=(("sound", 90),)
)


def _govern(vault: Vault) -> None:
    book = resource_path("resources", "codebooks", "default.yaml").read_text("utf-8")
    work = Workspace(vault, book, lambda: TODAY)
    named = frozenset({Grant(Scope.SUPERVISOR, "Bea"), Grant(Scope.GROUP, "Tuesday")})
    refused = frozenset({Grant(Scope.TRAINING)})
    work.record_consent(
        Statement("K-01", TODAY, named, refused, expires_on=date(2030, 1, 1), details=DETAILS)
    )
    work.add_consent("K-02", frozenset({Scope.RECORD, Scope.OWN_REVIEW}), TODAY)
    give_part(work.store, work.gate, "K-01", "Bea", "supervisor", date(2030, 1, 1))
    withdraw(work, WithdrawWish("K-02", frozenset({Grant(Scope.RECORD)})))
    client = work.store.consents.client("K-01")
    assert client is not None
    work.store.retention.set_rule("sound", 365)
    work.store.retention.hold(client[0], "", "complaint pending", date(2099, 1, 1))
    work.store.copies.add(
        new_copy(make_v1.SESSION, "txt", vault.profile.profile, "/media/stick/a.txt", "Dr Bo")
    )
    work.store.recordings.add_session_gaps(make_v1.SESSION, [Gap(30_000, 1500, GapReason.DEVICE)])
    work.store.removed.add(make_v1.SESSION, 60_000, 61_000)


def main() -> None:
    """Make the vault, if there is none yet and this is the program of schema 2."""
    if TARGET.exists() or max(STEPS) != 2:
        sys.exit("v2 is there already, or this program makes newer vaults.")
    vault, recovery_key = Vault.create(TARGET, "Anna", Perspective.THERAPIST, make_v1.PASSPHRASE)
    with vault:
        _, bea_key = vault.add_profile("Bea", Perspective.SUPERVISOR, make_v1.BEA_PASSPHRASE)
        make_v1._fill(vault)
        _govern(vault)
    (TARGET / "vault.lock").unlink()
    shutil.rmtree(TARGET / "inbox")
    secrets = {
        "passphrase": make_v1.PASSPHRASE,
        "recovery_key": recovery_key,
        "bea": make_v1.BEA_PASSPHRASE,
        "bea_key": bea_key,
    }
    (TARGET.parent / "v2.json").write_text(json.dumps(secrets, indent=1) + "\n")


if __name__ == "__main__":
    main()
