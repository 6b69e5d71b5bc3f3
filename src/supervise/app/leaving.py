"""What leaves the vault is entered in the list of copies before it is written: never a copy too few."""

from collections.abc import Sequence
from contextlib import suppress

from supervise.domain.errors import SuperviseError
from supervise.storage.copies import Copy, CopyStore, tell_of_copy
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


class Leaving:
    """Copies about to be written, for the workspace's thread; `action` and `detail` go to the access log."""

    def __init__(self, vault: Vault, copies: Sequence[Copy], action: str, subject: str, detail: str) -> None:
        self._vault, self._copies = vault, tuple(copies)
        self._action, self._subject = action, subject
        with transaction(vault.db):
            vault.log(action, subject, detail)
            for copy in self._copies:
                tell_of_copy(vault, copy)

    def take_back(self) -> None:
        """Nothing was written after all. On a full disk or in a locked vault the entries stay."""
        if self._vault.locked:
            return
        with suppress(SuperviseError), transaction(self._vault.db):
            for copy in self._copies:
                CopyStore(self._vault).remove(copy)
            self._vault.log(self._action, self._subject, "nothing was written")
