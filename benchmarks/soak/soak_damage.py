"""Bits flipped and files cut in every kind of file of a vault: found or harmless, never wrong, never a crash.

SOAK_ROUNDS is the number of damages (2200), two thirds of them flips.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from ground import PASSPHRASE, Count, say, size, workplace
from rich_vault import CUTS, KINDS, Facts, build, earlier_states, everything, kind_files

from supervise.domain.errors import SuperviseError
from supervise.storage.vault import Vault
from supervise.storage.verify import verify

Read = Callable[[], object]


class Trial:
    """A vault rich in everything, copied afresh for each damage."""

    def __init__(self, count: Count, folder: Path) -> None:
        """Build the vault in `folder`, and learn what it holds."""
        self._count = count
        self._pattern = folder / "pattern"
        self._vault = folder / "v"
        self._sessions = build(self._pattern)
        shutil.copytree(self._pattern, self._vault)
        self._truth = self._read_all("whole")[0]
        shutil.rmtree(self._vault)

    def flip(self, kind: str) -> None:
        """Flip one random bit in one file of a kind."""
        self._damage(kind, self._flipped, "flip")

    def cut(self, kind: str) -> None:
        """Cut one file of a kind at a random length, often near an edge."""
        self._damage(kind, self._shortened, "cut")

    def _flipped(self, data: bytes) -> bytes:
        if not data:  # the lock is empty
            return b"\x01"
        at = self._count.random.randrange(len(data) * 8)
        return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]

    def _shortened(self, data: bytes) -> bytes:
        if not data:
            return data
        chance = self._count.random
        edge = chance.choice(CUTS)
        near = (chance.randrange(0, len(data) // edge + 1) * edge + chance.choice([-1, 0, 1])) % len(data)
        return data[: near if chance.random() < 0.5 else chance.randrange(len(data))]

    def _damage(self, kind: str, change: Callable[[bytes], bytes], how: str) -> None:
        shutil.copytree(self._pattern, self._vault)
        path = self._count.random.choice(kind_files(self._vault, kind))
        data = path.read_bytes()
        path.write_bytes(change(data))
        what = f"{how} in {kind}"
        self._count.add(f"{how}s")
        before = self._verified(what, path)
        found, said = self._read_all(what)
        after = self._verified(what, path)
        self._judge(what, kind, found, said, noticed=before or after)
        shutil.rmtree(self._vault)

    def _verified(self, what: str, path: Path) -> bool:
        """Verify as a command beside the holder does; whether damage was reported or opening refused."""
        report = None
        with self._count.watch(f"verify after {what}") as watch:
            beside = Vault.open_beside(self._vault, PASSPHRASE)
            try:
                report = verify(beside, lambda _: None)
            finally:
                beside.close()
        if watch.said is not None:
            clear = watch.said.exit_code in (3, 4, 7)
            self._count.demand(clear, f"{what} ({path.name}): verify says {watch.said}")
            return True
        return report is not None and not report.ok

    def _read_all(self, what: str) -> tuple[Facts, list[SuperviseError]]:
        """Read everything through the workspace; what cannot be read is left out."""
        found: Facts = {}
        said: list[SuperviseError] = []
        for name, read in everything(self._vault, self._sessions):
            with self._count.watch(f"{name} after {what}") as watch:
                found[name] = read()
            if watch.said is not None:
                said.append(watch.said)
        return found, said

    def _judge(
        self, what: str, kind: str, found: Facts, said: list[SuperviseError], *, noticed: bool
    ) -> None:
        count = self._count
        differing = [name for name, value in found.items() if value != self._truth[name]]
        if kind == "wal" and differing and found.get("state 0") in earlier_states(self._truth):
            # Cut off or dropped at a commit, as a power cut may: an earlier state, whole.
            count.add("log_of_changes_lost_and_named" if noticed else "log_of_changes_cut_like_by_a_crash")
            count.demand(noticed or what.startswith("cut"), f"{what}: changes lost and not named")
        elif differing:
            count.fail(f"{what}: wrong data read: {differing}, noticed by verify: {noticed}")
            count.add("wrong_silently")
        if noticed or said:
            count.add("detected")
            count.demand(noticed, f"{what}: reading met damage unknown to verify: {said[:1]}")
        else:
            count.demand(
                len(found) == len(self._truth), f"{what}: something was not read and nobody said why"
            )
            count.add("harmless")
        readable = len(found) / len(self._truth)
        count.add(f"opens_after_{kind}" if found else f"refused_after_{kind}")
        if kind in ("master", "peaks", "inbox", "lock", "holder", "header", "spare"):
            most_lost = 2 if kind in ("master", "peaks") else 0
            usable = len(self._truth) - len(found) <= most_lost
            count.demand(usable, f"{what}: only {readable:.0%} stays readable")


def main() -> int:
    """Damage as often as wanted and count."""
    count = Count("damage")
    wanted = size(2200)
    with workplace() as folder:
        trial = Trial(count, folder)
        for number in range(wanted):
            kind = KINDS[number % len(KINDS)]
            trial.cut(kind) if number // len(KINDS) % 3 == 2 else trial.flip(kind)
            if number % 500 == 499:
                say(f"damage: {number + 1} of {wanted}, {len(count.failures)} failures")
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
