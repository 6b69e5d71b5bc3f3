"""Codebooks a vault has worked with, as text: a moment can always be read as it was meant."""

from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


class CodebookStore:
    """Codebook texts by `id@version`; one is active for new moments."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def put(self, key: str, yaml: str) -> None:
        """Keep the text under `key` and make it the active one."""
        with transaction(self._vault.db) as db:
            db.execute("UPDATE codebooks SET active = 0")
            db.execute("INSERT OR REPLACE INTO codebooks VALUES (?, ?, ?, 1)", [key, yaml, now_utc()])

    def text(self, key: str) -> str | None:
        """Return the text kept under `key`."""
        row = self._vault.db.execute("SELECT yaml FROM codebooks WHERE key = ?", [key]).fetchone()
        return row[0] if row else None

    def active(self) -> tuple[str, str] | None:
        """Return (key, text) of the active codebook, or None when the vault has none yet."""
        row = self._vault.db.execute("SELECT key, yaml FROM codebooks WHERE active = 1").fetchone()
        return (row[0], row[1]) if row else None

    def keys(self) -> list[str]:
        """Return every key kept."""
        return [row[0] for row in self._vault.db.execute("SELECT key FROM codebooks ORDER BY loaded_at")]
