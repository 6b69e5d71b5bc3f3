"""The disk fills while something is written: a clear sentence, exit 8, nothing acknowledged lost.

Root fills a small tmpfs; SOAK_DISK=limit, or anybody else, limits the size of files instead. SOAK_ROUNDS is
the number of tries (240).
"""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ground import CLIENT, Count, damages, new_vault, opened, say, size, speech, spoken, workplace
from kill_media import misfits, pcm_digest
from moment_deeds import session_state
from terminal import Said, Terminal

from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId
from supervise.speech.fake import FakeEngine

DISK_BYTES = 64 << 20
Squeeze = Callable[[int], "Iterator[None]"]


class Disk:
    """A place that can be full: a small tmpfs, or the limit on file sizes where one may not mount."""

    def __init__(self, folder: Path) -> None:
        """Mount at `folder` when allowed."""
        self.folder = folder
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "supervise-soak", str(folder)]
        wanted = os.environ.get("SOAK_DISK", "tmpfs") == "tmpfs"
        allowed = wanted and os.geteuid() == 0 and shutil.which("mount") is not None
        self.mounted = allowed and subprocess.run(mount, check=False, capture_output=True).returncode == 0

    def close(self) -> None:
        """Unmount."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)

    @contextmanager
    def left(self, free_bytes: int) -> Iterator[None]:
        """Leave so much room inside the block."""
        if self.mounted:
            filler = self.folder / "filler"
            space = os.statvfs(self.folder)
            used_up = max(0, space.f_bavail * space.f_frsize - free_bytes)
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, used_up) if used_up else None
            try:
                yield
            finally:
                filler.unlink()
            return
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (free_bytes, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


class Trial:
    """One vault on the disk that fills, and what it is known to hold."""

    def __init__(self, count: Count, disk: Disk, session: SessionId) -> None:
        """Work on the vault `v` with one session."""
        self._count = count
        self._disk = disk
        self.vault = disk.folder / "v"
        self.session = session
        heard = spoken("the words were heard and kept " * 8, step_ms=100)
        self._terminal = Terminal(count, lambda: FakeEngine(heard, window_ms=1000))
        self._number = 0
        self._known = self._state()

    def _state(self) -> dict[str, object]:
        desk = opened(self.vault)
        try:
            return self._everything(desk)
        finally:
            desk.close()

    def _everything(self, desk: Workspace) -> dict[str, object]:
        return {
            "session": session_state(desk, self.session),
            "sound": pcm_digest(desk, self.session),
            "sessions": sorted(row.session.session for row in desk.library().rows),
            "profiles": [profile.name for profile in desk.profiles()],
            "damaged": [*damages(desk.vault), *misfits(self.vault, desk)],
        }

    def once(self, deed: str, free_bytes: int) -> None:
        """Do one thing with so much room left; look; do it again with room."""
        self._number += 1
        words, target = self._command(deed)
        what = f"{deed} with {free_bytes} bytes left"
        with self._disk.left(free_bytes):
            said = self._terminal.call(*words)
            partial = [path.name for path in self._beside(target)] if said.code else []
        self._count.demand(not partial, f"{what}: left {partial}")
        self._judge(said, what)
        before, self._known = self._known, self._state()
        self._count.demand(not self._known["damaged"], f"{what}: {self._known['damaged']}")
        if said.code and deed != "transcribe":
            unchanged = {**before, "damaged": []} == {**self._known, "damaged": []}
            if not self._count.demand(unchanged, f"{what}: refused and yet changed, or something was lost"):
                self._count.add("lost")
        if said.code:
            again = self._terminal.call(*words)
            self._count.demand(again.code == 0, f"{what}: does not work with room again: {again.err[-300:]}")
        self._count.add(f"{deed}_{'refused' if said.code else 'done'}")
        self._known = self._state()
        if target is not None:
            shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        self._tidy(deed)

    def _judge(self, said: Said, what: str) -> None:
        if said.code == 0:
            self._count.add("acknowledged")
            return
        right = said.code == 8 and said.error.get("code") == "no_space" and said.out == ""
        self._count.demand(right, f"{what}: exit {said.code}: {said.err[-300:]}")
        self._count.add("refused_exit_8")

    def _command(self, deed: str) -> tuple[list[object], Path | None]:
        vault, session = self.vault, self.session
        out = self._disk.folder / f"out{self._number}"
        if deed == "mark":
            at = ["--at", "1", "--code", "wf.flag", "--note", "a note of some length " * 400]
            return ["mark", vault, session, *at], None
        if deed == "transcribe":
            return ["transcribe", vault, session, "--terms", f"run {self._number}"], None
        if deed == "import":
            return ["import", vault, speech("ami_trn03.flac")[0], "--client", CLIENT], None
        if deed == "backup":
            return ["backup", vault, out], out
        if deed == "init":
            return ["init", out, "--name", "Bo", "--role", "supervisor"], out
        fmt = deed.removeprefix("export-")
        return ["export", vault, session, "--format", fmt, "--to", out], out

    def _beside(self, target: Path | None) -> list[Path]:
        """Return what lies about that should not after a refusal: the target, or anything hidden."""
        hidden = [path for path in self._disk.folder.iterdir() if path.name.startswith(".")]
        return hidden + ([target] if target is not None and target.exists() else [])

    def _tidy(self, deed: str) -> None:
        """After an import start from the pattern again, so that the same file can come in anew."""
        if deed != "import":
            return
        shutil.rmtree(self.vault)
        shutil.copytree(self._disk.folder.parent / "pattern", self.vault)
        self._known = self._state()

    def open_desk(self, free_bytes: int) -> None:
        """A window that is open when the disk fills: deeds fail clearly and work again with room."""
        from moment_deeds import Deeds

        desk = opened(self.vault)
        deeds = Deeds(desk, self.session, self._count.random)
        known = session_state(desk, self.session)
        with self._disk.left(free_bytes):
            for _ in range(12):
                with self._count.watch("deed in an open window") as watch:
                    deeds.do(deeds.choose())
                if watch.said is None:
                    known = session_state(desk, self.session)
                    self._count.add("acknowledged")
                    continue
                self._count.demand(watch.said.exit_code == 8, f"open window: {watch.said}")
                self._count.add("refused_exit_8")
                same = session_state(desk, self.session) == known
                self._count.demand(same, "open window: refused and yet changed")
        deeds.do(deeds.choose())
        desk.close()
        self._known = self._state()
        self._count.demand(not self._known["damaged"], f"open window: {self._known['damaged']}")


DEEDS = ("import", "transcribe", "mark", "backup", "init", "export-flac", "export-wav", "export-json")
# The least and most room worth trying: from nothing at all to a little more than the deed needs.
ROOM = {"import": 2e6, "backup": 2e6, "export-flac": 1.5e6, "export-wav": 2e6, "transcribe": 1e6}


def main() -> int:
    """Fill as often as wanted and count."""
    count = Count("disk_full")
    with workplace() as folder:
        desk = new_vault(folder / "pattern")
        session = _bring_in(desk)
        desk.close()
        disk = Disk(folder / "disk")
        count.facts["by"] = "tmpfs" if disk.mounted else "RLIMIT_FSIZE"
        try:
            shutil.copytree(folder / "pattern", disk.folder / "v")
            trial = Trial(count, disk, session)
            for number in range(size(240)):
                deed = (*DEEDS, "window")[number % (len(DEEDS) + 1)]
                most = ROOM.get(deed, 6e5)
                free_bytes = int(most * count.random.random() ** 1.5) if number > len(DEEDS) else 0
                trial.open_desk(free_bytes) if deed == "window" else trial.once(deed, free_bytes)
                count.add("tries")
                if number % 40 == 39:
                    say(f"disk full: {number + 1} tries, {len(count.failures)} failures")
        finally:
            disk.close()
    return count.end()


def _bring_in(desk: Workspace) -> SessionId:
    from ground import add_transcript, bring_in

    session = bring_in(desk, speech("ami_dev00.flac")[0], "Monday")
    add_transcript(desk, session, spoken("one two three four five six seven " * 10))
    return session


if __name__ == "__main__":
    sys.exit(main())
