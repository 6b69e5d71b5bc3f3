"""Unlocking and new keys in two halves: a slow one for any thread, and a quick one for the workspace's own.

Each function does the slow half (key derivation), touches nothing that others use, and returns the rest.
"""

from collections.abc import Callable

from supervise.app.workspace import Workspace
from supervise.domain.errors import WrongKeyError
from supervise.domain.moments import Perspective, Profile
from supervise.storage.creation import check_passphrase


def unlocking(workspace: Workspace, passphrase: str, name: str | None) -> Callable[[], None]:
    """Unlock for the profile called `name` (default: who worked last); raises WrongKeyError, UsageError."""
    entrance = workspace.vault.knock(passphrase, name)

    def rest() -> None:
        workspace.vault.come_in(entrance)
        workspace.come_back()

    return rest


def recovering(workspace: Workspace, recovery_key: str, new: str) -> Callable[[], None]:
    """Unlock with a recovery key and give its owner a new passphrase; raises WrongKeyError, UsageError."""
    vault = workspace.vault
    check_passphrase(new)
    entrance = vault.knock_with_recovery(recovery_key)
    try:
        slot = vault.passphrase_slot(entrance.profile, entrance.keys, new, workspace.kdf)
    except BaseException:
        entrance.db.close()
        raise

    def rest() -> None:
        vault.come_in(entrance)
        vault.put_passphrase(slot)
        workspace.come_back()

    return rest


def changing_passphrase(workspace: Workspace, old: str, new: str) -> Callable[[], None]:
    """Give the person who works here another passphrase; raises WrongKeyError when `old` is not theirs."""
    vault = workspace.vault
    check_passphrase(new)
    keys = vault.check_old(old)
    slot = vault.passphrase_slot(vault.profile, keys, new, workspace.kdf)
    return lambda: vault.put_passphrase(slot)


def replacing_recovery_key(workspace: Workspace, passphrase: str) -> Callable[[], str]:
    """Make a new recovery key for the person who works here, once they have shown that it is they."""
    workspace.vault.check_old(passphrase)
    return workspace.vault.replace_recovery_key


def adding_profile(
    workspace: Workspace, name: str, role: Perspective, passphrase: str
) -> Callable[[], tuple[Profile, str]]:
    """Let another person work here; the rest returns them and their recovery key, shown only now."""
    ways = workspace.vault.ways_for(name, role, passphrase, workspace.kdf)

    def rest() -> tuple[Profile, str]:
        if workspace.locked:
            raise WrongKeyError("The vault was locked meanwhile. Nobody was added; unlock it and try again.")
        return workspace.vault.admit(*ways)

    return rest
