"""What a profile prefers (keys, look, times); kept in the vault, since nothing is kept outside it."""

import json
from typing import Any

from supervise.app.workspace import Workspace
from supervise.domain.errors import DamagedError
from supervise.storage import meta
from supervise.storage.database import transaction


def read_preferences(workspace: Workspace) -> dict[str, Any]:
    """Return what the open profile chose; empty when nothing was."""
    try:
        kept = json.loads(meta.read(workspace.vault.db, _key(workspace)))
    except (DamagedError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def write_preferences(workspace: Workspace, chosen: dict[str, Any]) -> None:
    """Keep what the open profile chose."""
    with transaction(workspace.vault.db):
        meta.write(workspace.vault.db, _key(workspace), json.dumps(chosen).encode())


def _key(workspace: Workspace) -> str:
    return f"preferences:{workspace.profile.profile}"
