"""Killed while passphrases, recovery keys and profiles change: the last acknowledged way in always works."""

from pathlib import Path

from ground import PASSPHRASE, Count, damages, opened
from victim import Victim

from supervise.domain.ids import SessionId
from supervise.storage.vault import Vault

_LONGEST_S = 0.6


class KeysTrial:
    """One vault whose keys change over and over."""

    def __init__(self, count: Count, place: Path, session: SessionId) -> None:
        """Work on the vault in `place`."""
        self._count = count
        self._vault = place / "vault"
        self._session = session
        self._passphrase = PASSPHRASE
        self._recovery = ""
        self._profiles: dict[str, tuple[str, str]] = {}
        self._unshown = {"Ada"}

    def prepare(self) -> None:
        """Make a recovery key whose text is known."""
        desk = opened(self._vault)
        self._recovery = desk.vault.replace_recovery_key()
        desk.close()

    def once(self, number: int) -> None:
        """Let it work, kill it, try every key."""
        seed = self._count.seed + number
        victim = Victim(self._count, "keys", vault=str(self._vault), passphrase=self._passphrase, seed=seed)
        victim.go()
        victim.kill_after(self._count.random.uniform(0.01, _LONGEST_S))
        before = self._passphrase
        for line in victim.acknowledged():
            self._count.add("acknowledged")
            self._count.add("acknowledged_keys")
            before = self._passphrase
            self._acknowledge(line["done"], line["fresh"], line["given"])
        begun = victim.in_flight or {"begin": "", "fresh": ""}
        works = [key for key in {self._passphrase, begun["fresh"], before} if key and self._opens(key, None)]
        if not self._count.demand(len(works) == 1, f"keys {number}: {len(works)} passphrases open the vault"):
            self._count.add("lost")
            return
        right = works[0] == self._passphrase or (begun["begin"], begun["fresh"]) == ("passphrase", works[0])
        self._count.demand(right, f"keys {number}: an old passphrase came back")
        self._passphrase = works[0]
        self._look(number, begun["begin"], begun["fresh"])

    def _acknowledge(self, deed: str, fresh: str, given: str) -> None:
        if deed == "passphrase":
            self._passphrase = fresh
        elif deed == "recovery":
            self._recovery = given
        else:
            self._profiles[fresh] = (fresh, given)

    def _look(self, number: int, begun: str, fresh: str) -> None:
        desk = opened(self._vault, self._passphrase)
        names = {profile.name for profile in desk.profiles()}
        for damage in damages(desk.vault):
            self._count.fail(f"keys {number}: {damage}")
        desk.close()
        unknown = names - set(self._profiles) - self._unshown
        self._count.demand(unknown <= {fresh}, f"keys {number}: a profile nobody asked for")
        newest = list(self._profiles)[-3:]
        for name in newest:
            self._count.demand(
                self._opens(name, name), f"keys {number}: an acknowledged profile cannot come in"
            )
            self._count.demand(
                self._recovers(self._profiles[name][1]), f"keys {number}: its recovery key fails"
            )
        for name in unknown:
            self._count.demand(self._opens(name, name), f"keys {number}: a profile without a way in")
            self._unshown.add(name)
        if not self._recovers(self._recovery):
            # A new one had been made and could not be shown any more: the passphrase still makes another.
            self._count.demand(begun == "recovery", f"keys {number}: the acknowledged recovery key is lost")
            self._count.add("recovery_keys_never_shown")
            self.prepare_again()

    def prepare_again(self) -> None:
        """Make a new recovery key, as a person would whose screen went dark."""
        desk = opened(self._vault, self._passphrase)
        self._recovery = desk.vault.replace_recovery_key()
        desk.close()

    def _opens(self, passphrase: str, profile: str | None) -> bool:
        with self._count.watch("keys: opening") as watch:
            Vault.open(self._vault, passphrase, profile).close()
        return watch.said is None and not watch.crashed

    def _recovers(self, key: str) -> bool:
        with self._count.watch("keys: opening with the recovery key") as watch:
            Vault.open_with_recovery(self._vault, key).close()
        return watch.said is None and not watch.crashed

    def conclude(self) -> None:
        """Try every profile that was ever acknowledged."""
        for name, (secret, key) in self._profiles.items():
            self._count.demand(self._opens(secret, name), f"keys: {name} cannot come in at the end")
            self._count.demand(self._recovers(key), f"keys: the recovery key of {name} fails at the end")
