"""The prompt cards of a vault, as text; none while the standard ones are in use."""

from collections.abc import Sequence

from supervise.domain.ids import RecallId
from supervise.domain.times import now_utc
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

_OWN = "own"


class CardStore:
    """A vault's own cards, and how often each card was used. Cards belong to the vault, not to a client."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def text(self) -> str | None:
        """Return the vault's own cards, or None."""
        row = self._vault.db.execute("SELECT yaml FROM recall_cards WHERE key = ?", [_OWN]).fetchone()
        return str(row[0]) if row else None

    def put(self, yaml: str) -> None:
        """Keep cards in place of the ones before."""
        values = [_OWN, yaml, now_utc(), self._vault.profile.profile]
        with transaction(self._vault.db) as db:
            db.execute("INSERT OR REPLACE INTO recall_cards VALUES (?, ?, ?, ?)", values)
            self._vault.log("edit", "", "prompt cards")

    def forget(self) -> None:
        """Go back to the standard cards."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM recall_cards WHERE key = ?", [_OWN])
            self._vault.log("edit", "", "prompt cards, standard again")

    def uses(self, recalls: Sequence[RecallId]) -> dict[str, int]:
        """Return how often each prompt was used in these recalls."""
        found: dict[str, int] = {}
        for recall in recalls:
            sql = "SELECT prompt, count(*) FROM recall_prompts WHERE recall_id = ? GROUP BY prompt"
            for prompt, count in self._vault.db.execute(sql, [recall]):
                found[prompt] = found.get(prompt, 0) + count
        return found
