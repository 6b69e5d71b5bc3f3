"""Wrong passphrases and recovery keys: exit 3, nothing opened, nothing written. SOAK_ROUNDS tries (300)."""

import hashlib
import sys
from pathlib import Path

from ground import PASSPHRASE, Count, new_vault, size, workplace
from terminal import Terminal

from supervise.crypto.recovery import new_recovery_key
from supervise.domain.errors import WrongKeyError
from supervise.domain.moments import Perspective
from supervise.storage.vault import Vault

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def fingerprint(vault: Path) -> dict[str, str]:
    """Return every name in a vault with a digest of its content."""
    return {
        str(path.relative_to(vault)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(vault.rglob("*"))
    }


class Guesses:
    """Passphrases and recovery keys that are nearly right, or not at all."""

    def __init__(self, count: Count, recovery_key: str) -> None:
        """Guess near the true ones."""
        self._chance = count.random
        self._recovery_key = recovery_key

    def passphrase(self) -> str:
        """Return a wrong passphrase."""
        at = self._chance.randrange(len(PASSPHRASE))
        other = self._chance.choice("abcxyz ÄЯ中")
        near = [
            PASSPHRASE[:at] + other + PASSPHRASE[at + 1 :],
            PASSPHRASE[:at] + PASSPHRASE[at + 1 :],
            PASSPHRASE.upper(),
            f"{PASSPHRASE} ",
            f" {PASSPHRASE}",
            "another way in",
            self._recovery_key,
            "x" * self._chance.randrange(1, 5000),
            "".join(chr(self._chance.randrange(33, 0x2FFF)) for _ in range(self._chance.randrange(1, 60))),
        ]
        return self._chance.choice([guess for guess in near if guess != PASSPHRASE])

    def recovery(self) -> str:
        """Return a wrong recovery key: mistyped, another vault's, or no key at all."""
        at = self._chance.choice([n for n, letter in enumerate(self._recovery_key) if letter in _ALPHABET])
        other = self._chance.choice([letter for letter in _ALPHABET if letter != self._recovery_key[at]])
        mistyped = self._recovery_key[:at] + other + self._recovery_key[at + 1 :]
        return self._chance.choice([mistyped, mistyped, new_recovery_key(), PASSPHRASE, "", "0" * 33])


def main() -> int:
    """Guess as often as wanted and count."""
    count = Count("wrong_key")
    with workplace() as folder:
        vault = folder / "v"
        desk = new_vault(vault)
        recovery_key = desk.vault.replace_recovery_key()
        desk.add_profile("Bo", Perspective.SUPERVISOR, "another way in")
        desk.close()
        before, guesses = fingerprint(vault), Guesses(count, recovery_key)
        commands = _commands(vault, folder)
        terminal = Terminal(count)
        for number in range(size(300)):
            if number % 3 == 2:
                _recovery(count, vault, guesses.recovery())
            else:
                words = commands[number % len(commands)]
                said = terminal.call(*words, passphrase=guesses.passphrase())
                right = said.code == 3 and said.error.get("code") == "wrong_key" and said.out == ""
                count.demand(right, f"{words[0]}: exit {said.code}: {said.err[-200:]}")
            count.demand(fingerprint(vault) == before, f"try {number}: something was written")
            strays = [path.name for path in folder.iterdir() if path.name not in ("v", "new")]
            count.demand(not strays, f"try {number}: left {strays}")
            count.add("tries")
        Vault.open(vault, PASSPHRASE).close()
        Vault.open_with_recovery(vault, recovery_key).close()
    return count.end()


def _commands(vault: Path, folder: Path) -> list[list[object]]:
    fresh = folder / "new"
    fresh.write_text("a new passphrase\n", encoding="utf-8")
    return [
        ["list", vault],
        ["verify", vault],
        ["backup", vault, folder / "copy"],
        ["restore", vault, folder / "again"],
        ["passphrase", vault, "--new-passphrase-file", fresh],
        ["search", vault, "words"],
        ["log", vault],
        ["recovery-key", vault],
        ["profile", "add", vault, "--name", "C", "--role", "client", "--new-passphrase-file", fresh],
    ]


def _recovery(count: Count, vault: Path, guess: str) -> None:
    count.add("recovery_keys_tried")
    with count.watch("recovery key") as watch:
        Vault.open_with_recovery(vault, guess).close()
        count.fail("a wrong recovery key opened the vault")
    count.demand(isinstance(watch.said, WrongKeyError), f"recovery key: {watch.said!r}")


if __name__ == "__main__":
    sys.exit(main())
