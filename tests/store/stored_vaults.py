"""Vaults that older programs made (tests/data/vaults), opened, copied and restored by this one."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from supervise.app.workspace import Workspace
from supervise.storage.backup import backup, restore
from supervise.storage.migrations import STEPS, schema_number
from supervise.storage.vault import Vault
from supervise.storage.verify import verify
from workspaces import default_codebook

_FOLDER = Path(__file__).resolve().parents[1] / "data" / "vaults"


@dataclass(frozen=True)
class Stored:
    """A stored vault by its name, and the day on which it is opened."""

    name: str
    today: date

    @property
    def secrets(self) -> dict[str, str]:
        """Its passphrases and recovery keys."""
        return dict(json.loads((_FOLDER / f"{self.name}.json").read_text()))

    def copied(self, folder: Path) -> Path:
        """Copy it to `folder`; what git cannot hold is put back."""
        path = shutil.copytree(_FOLDER / self.name, folder / self.name)
        (path / "inbox").mkdir()
        return path

    def opened(self, path: Path, who: str = "passphrase", name: str | None = None) -> Workspace:
        """Open a copy of it; `who` names the secret."""
        vault = Vault.open(path, self.secrets[who], name)
        return Workspace(vault, default_codebook(), lambda: self.today)

    def restored(self, copy: Path, target: Path) -> Workspace:
        """Restore a copy, find it whole, and open it."""
        report = restore(copy, target, self.secrets["passphrase"], lambda _: None, lambda: False)
        assert report.damaged == ()
        return self.opened(target)

    def check_opens(self, path: Path, check: Callable[[Workspace], None]) -> None:
        """It is brought to the present and is whole, and its content is there."""
        work = self.opened(path)
        assert schema_number(work.vault.db) == max(STEPS)
        assert verify(work.vault, lambda _: None).damaged == ()
        check(work)
        work.close()

    def check_backup(self, path: Path, folder: Path, check: Callable[[Workspace], None]) -> None:
        """Back it up while it is open, restore that, and find its content there."""
        work = self.opened(path)
        view = work.vault.view()
        backup(view, folder / "copy", lambda _: None, lambda: False)
        view.close()
        work.close()
        again = self.restored(folder / "copy", folder / "again")
        check(again)
        again.close()

    def check_keys(self, path: Path) -> None:
        """Every recovery key opens it for the person it belongs to."""
        for key, name in (("recovery_key", "Anna"), ("bea_key", "Bea")):
            with Vault.open_with_recovery(path, self.secrets[key]) as vault:
                assert vault.profile.name == name
