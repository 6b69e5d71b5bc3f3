"""What leaves the vault is entered in the list of copies before it is written: never a copy too few."""

from collections.abc import Sequence
from contextlib import suppress

from supervise.domain.errors import SuperviseError
from supervise.storage.copies import Copy, CopyStore, tell_of_copy
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


class Leaving:
    """Copies about to be written, for the workspace's thread; `action` and `detail` go to the access log.

    `about` is what they are of: each of several sessions gets a line of its own, so that nobody's is missing.
    """

    def __init__(
        self, vault: Vault, copies: Sequence[Copy], action: str, about: str | tuple[str, ...], detail: str
    ) -> None:
        self._vault, self._copies, self._action = vault, tuple(copies), action
        self._subjects = (about,) if isinstance(about, str) else about or ("",)
        with transaction(vault.db):
            for subject in self._subjects:
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
            for subject in self._subjects:
                self._vault.log(self._action, subject, "nothing was written")
