"""Research protocols a vault has worked with, as text: an answer can always be read as it was asked for."""

import hashlib

from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


class ProtocolStore:
    """Protocol texts by `id@version`, with their SHA-256; none is ever changed."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def put(self, key: str, yaml: str) -> None:
        """Keep the text under `key`; one that is there stays."""
        values = [key, yaml, sha256_of(yaml), now_utc(), self._vault.profile.profile]
        with transaction(self._vault.db) as db:
            db.execute("INSERT OR IGNORE INTO protocols VALUES (?, ?, ?, ?, ?)", values)

    def text(self, key: str) -> str | None:
        """Return the text kept under `key`."""
        row = self._vault.db.execute("SELECT yaml FROM protocols WHERE key = ?", [key]).fetchone()
        return str(row[0]) if row else None

    def kept(self) -> list[str]:
        """Return every key kept, oldest first."""
        rows = self._vault.db.execute("SELECT key FROM protocols ORDER BY loaded_at, key")
        return [str(row[0]) for row in rows]


def sha256_of(yaml: str) -> str:
    """Return the SHA-256 of a protocol's text, in hexadecimal digits."""
    return hashlib.sha256(yaml.encode("utf-8", "surrogatepass")).hexdigest()
