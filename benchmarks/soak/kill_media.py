"""Killed while importing and while copying: a session is whole or not there, and so is a copy."""

import hashlib
import random
import shutil
import time
from pathlib import Path

from ground import PASSPHRASE, Count, bring_in, damages, opened, speech
from moment_deeds import Deeds, session_state
from victim import Victim

from supervise.app.workspace import Workspace
from supervise.audio.master import MasterReader
from supervise.domain.ids import SessionId
from supervise.storage.vault import Vault

_BLOCK = 1 << 18


def pcm_digest(desk: Workspace, session: SessionId) -> str:
    """Return a digest of every sample of a session's master."""
    row = desk.session(session)
    digest = hashlib.sha256(f"{row.sound.rate_hz} {row.sound.channels} ".encode())
    with desk.store.media.open(row.master) as stream:
        reader = MasterReader(stream, row.sound)
        for start in range(0, row.sound.samples, _BLOCK):
            frames = reader.read(start, min(_BLOCK, row.sound.samples - start))
            digest.update(frames.astype("<i4").tobytes())
    return digest.hexdigest()


def misfits(vault: Path, desk: Workspace) -> list[str]:
    """Return files of a vault that belong to nothing, and rows that lack their file."""
    rows = {row[0] for row in desk.vault.db.execute("SELECT id FROM media")}
    files = {path.stem for path in (vault / "media").iterdir()}
    used = "SELECT master_id FROM sessions UNION SELECT peaks_id FROM sessions"
    wanted = {row[0] for row in desk.vault.db.execute(used)}
    strays = [path.name for path in vault.rglob(".*")]
    return [*sorted(files ^ rows), *sorted(wanted ^ rows), *strays]


class ImportTrial:
    """Each kill hits a fresh vault, for the same file is imported once only."""

    def __init__(self, count: Count, place: Path, session: SessionId) -> None:
        """Keep the vault in `place` as the pattern."""
        self._count = count
        self._place = place
        self._pattern = place / "vault"
        self._sources = speech("libri_p2.flac", "ami_dev00.flac", "fest_words.flac")

    def prepare(self) -> None:
        """Import everything once without a kill: how long it takes, and what every sample is."""
        vault = self._place / "whole"
        shutil.copytree(self._pattern, vault)
        victim = Victim(
            self._count,
            "import",
            vault=str(vault),
            sources=[str(path) for path in self._sources],
            original="keep",
        )
        victim.go()
        victim.finish()
        desk = opened(vault)
        done = {Path(line["source"]).name: SessionId(line["session"]) for line in victim.acknowledged()}
        self._known = {name: pcm_digest(desk, session) for name, session in done.items()}
        self._seconds = self._longest(vault)
        desk.close()

    def _longest(self, vault: Path) -> float:
        """Measure one more run with the sources in place, from `go` to the end."""
        again = self._place / "timed"
        shutil.copytree(self._pattern, again)
        victim = Victim(
            self._count,
            "import",
            vault=str(again),
            sources=[str(path) for path in self._sources],
            original="keep",
        )
        victim.go()
        victim.kill_after(600.0)
        seconds = time.monotonic() - victim.started
        for folder in (vault, again):
            shutil.rmtree(folder)
        return seconds

    def once(self, number: int) -> None:
        """Import copies that are to be deleted (or kept), kill, look."""
        vault, inputs = self._place / "v", self._place / "in"
        shutil.copytree(self._pattern, vault)
        inputs.mkdir()
        sources = [str(shutil.copy(path, inputs)) for path in self._sources]
        original = ("delete", "keep")[number % 2]
        victim = Victim(self._count, "import", vault=str(vault), sources=sources, original=original)
        victim.go()
        if not victim.kill_after(self._count.random.uniform(0.01, self._seconds)):
            self._count.add("ended_before_the_kill")
        acked = {Path(line["source"]).name: line["session"] for line in victim.acknowledged()}
        self._count.add("acknowledged", len(acked))
        self._count.add("acknowledged_sessions", len(acked))
        with self._count.watch(f"import {number}: opening") as watch:
            self._look(vault, inputs, acked, number)
        self._count.demand(watch.said is None, f"import {number}: {watch.said}")
        shutil.rmtree(vault)
        shutil.rmtree(inputs)

    def _look(self, vault: Path, inputs: Path, acked: dict[str, str], number: int) -> None:
        count = self._count
        desk = opened(vault)
        for damage in [*damages(desk.vault), *misfits(vault, desk)]:
            count.fail(f"import {number}: {damage}")
        digests = {row.session.session: "" for row in desk.library().rows}
        for session in digests:
            digests[session] = pcm_digest(desk, session)
        for name, session in acked.items():
            if not count.demand(
                digests.get(session) == self._known[name], f"import {number}: {name} is lost"
            ):
                count.add("lost")
        for name, known in self._known.items():
            safe = (inputs / name).is_file() or known in digests.values()
            if not count.demand(safe, f"import {number}: the original {name} is gone and no session has it"):
                count.add("originals_lost")
        for path in inputs.iterdir():
            again = bring_in(desk, path)
            count.demand(
                pcm_digest(desk, again) == self._known[path.name], f"import {number}: not importable again"
            )
        desk.close()

    def conclude(self) -> None:
        """Nothing is left to look at."""


class BackupTrial:
    """A holder goes on marking while copies are made, restored and killed."""

    def __init__(self, count: Count, place: Path, session: SessionId) -> None:
        """Work on the vault in `place`."""
        self._count = count
        self._place = place
        self._vault = place / "vault"
        self._session = session

    def prepare(self) -> None:
        """Hold the vault."""
        self._desk = opened(self._vault)
        self._deeds = Deeds(self._desk, self._session, random.Random(self._count.seed))

    def once(self, number: int) -> None:
        """Copy and restore while marking goes on; kill; look at every target."""
        folder = self._place / "copies"
        folder.mkdir()
        victim = Victim(self._count, "backup", vault=str(self._vault), folder=str(folder))
        earlier = session_state(self._desk, self._session)
        seen = [earlier]
        victim.go()
        victim.kill_after(self._count.random.uniform(0.02, 1.5), lambda: seen.append(self._deed()))
        done = {line["target"] for line in victim.acknowledged()}
        self._count.add("acknowledged", len(done))
        self._count.add("acknowledged_copies", len(done))
        for line in victim.acknowledged():
            self._count.demand(line.get("ok", True), f"backup {number}: a restored copy is damaged")
        for name in sorted(path.name for path in folder.iterdir()):
            if name.startswith("."):
                self._count.add("unfinished_hidden_folders")
            else:
                self._target(folder / name, seen, number)
        missing = [path for path in done if not Path(path).is_dir()]
        if not self._count.demand(not missing, f"backup {number}: an acknowledged copy is gone"):
            self._count.add("lost")
        for damage in damages(self._desk.vault):
            self._count.fail(f"backup {number}: {damage}")
        shutil.rmtree(folder)

    def _deed(self) -> dict[str, object]:
        self._deeds.do(self._deeds.choose())
        self._count.add("deeds_of_the_holder")
        return session_state(self._desk, self._session)

    def _target(self, copy: Path, seen: list[dict[str, object]], number: int) -> None:
        with self._count.watch(f"backup {number}: opening a copy") as watch:
            desk = opened(copy)
            for damage in [*damages(desk.vault), *misfits(copy, desk)]:
                self._count.fail(f"backup {number}: {copy.name}: {damage}")
            same = session_state(desk, self._session) in seen
            self._count.demand(same, f"backup {number}: {copy.name} holds a state that never was")
            desk.close()
            self._count.add("copies_found_whole")
        self._count.demand(
            watch.said is None, f"backup {number}: {copy.name} is there and does not open: {watch.said}"
        )

    def conclude(self) -> None:
        """Let go, and open once more."""
        self._desk.close()
        Vault.open(self._vault, PASSPHRASE).close()
