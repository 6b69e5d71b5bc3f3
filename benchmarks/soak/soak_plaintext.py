"""What was said, noted and named, searched in every file that was written, after every stage and kill.

It runs where all but a few folders is read-only, so that every file that was written is known.
SOAK_MODEL `none` leaves the transcription out.
"""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from ground import PASSPHRASE, ROOT, Count, refused, say
from needles import Needles, kept_runs, phrases, sound_runs
from processes import ChildWatch
from recall_deeds import TEXTS as RECALL_TEXTS
from recall_deeds import RecallDeeds
from workflow import CODE, FILE_NAME, NOTE, TITLE, Home, Job

_VAR = ("/var/tmp", "/var/log", "/var/crash", "/var/cache", "/var/spool")  # noqa: S108 - private mounts
PLACES = ("/tmp", "/dev/shm", "/run", *_VAR)  # noqa: S108 - as above
_PSEUDO = ("/proc", "/sys", "/dev")
# What is read and stays in sight, read-only, even when the checkout itself lies in a temporary folder.
KEPT = (ROOT, ROOT.parent / "shared")
ASIDE = Path("/media")
_HOLD = f"""
import sys, time
from pathlib import Path
from ground import opened
from supervise.app.commands import MarkMoment
from supervise.domain.moments import MomentCode
desk = opened(Path(sys.argv[1]))
session = desk.library().rows[0].session.session
for at in range(50):
    desk.execute(MarkMoment(session, at * 10, (MomentCode("wf.flag"),), None, "{NOTE}"))
print("held", flush=True)
time.sleep(600)
"""


class Journal:
    """Sockets where the system's log would listen; counts what is sent there."""

    def __init__(self) -> None:
        """Listen in the private /run."""
        folder = Path("/run/systemd/journal")
        folder.mkdir(parents=True, exist_ok=True)
        self._sockets = []
        for name in ("dev-log", "socket", "syslog"):
            listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            listening.bind(str(folder / name))
            listening.setblocking(False)
            self._sockets.append(listening)

    def messages(self) -> int:
        """Return how many messages have come."""
        return sum(self._drain(listening) for listening in self._sockets)

    @staticmethod
    def _drain(listening: socket.socket) -> int:
        count = 0
        while True:
            try:
                listening.recv(65536)
            except BlockingIOError:
                return count
            count += 1


class Scan:
    """One job, stopped at many points to read every file there is."""

    def __init__(self, count: Count, folder: Path) -> None:
        """Prepare a home in `folder`."""
        self._count = count
        self._folder = folder
        self.job = Job(count, Home(folder))
        self._allowed = [folder / "in", folder / "out"]
        self.needles = Needles()
        self.needles.add_texts([NOTE, *NOTE.split()[::3], TITLE, "Quixotic", CODE, FILE_NAME.split(".")[0]])
        self.needles.add_texts(["Marmaduke", "Fotheringay", PASSPHRASE])
        self.needles.add_runs(sound_runs(self.job.source), "samples or bytes of the recording")
        self._with_model = os.environ.get("SOAK_MODEL", "base") != "none"

    def look(self, stage: str) -> None:
        """Read every file that was written so far."""
        files = [path for path in _written() if not any(place in path.parents for place in self._allowed)]
        for path in files:
            self._count.add("files_read")
            try:
                found = self.needles.in_file(path) | self.needles.in_bytes(str(path).encode())
            except FileNotFoundError:
                continue
            for text in found:
                self._count.add("hits")
                self._count.fail(f"{stage}: {path} holds “{text}”")
        self._count.add("stages")
        self._count.most("files_at_once", len(files))
        cores = [path.name for path in files if path.name.startswith("core")]
        self._count.demand(not cores, f"{stage}: core dumps: {cores}")

    def stop_in(self, stage: str, seconds: float, sign: signal.Signals, *words: object) -> None:
        """Start a command, stop it by a signal in the middle, read everything."""
        process = self.job.home.start(*words)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._count.add("stopped_in_the_middle")
        process.send_signal(sign)
        process.communicate()
        self._count.add("stops")
        self.look(stage)

    def whole(self) -> None:
        """Do the whole job with all its interruptions."""
        job, vault = self.job, self.job.vault
        self._fill()
        self.needles.add_runs(kept_runs(vault, job.session), "what is inside the seals")
        self.look("imported")
        if self._with_model:
            self._transcribe()
        job.work_on()
        self.needles.add_texts(phrases(job.words()))
        self.look("worked on")
        self._held()
        self.needles.add_texts(RECALL_TEXTS)
        if self._with_model:
            RecallDeeds(job, self.look, self.needles.add_runs).all()
        job.look_after()
        self.look("backed up and restored")
        for sign in (signal.SIGABRT, signal.SIGSEGV):
            self.stop_in(f"ended by {sign.name}", 0.9, sign, "verify", vault)
        self.stop_in("window", 5.0, signal.SIGKILL, vault)
        if self._with_model:
            job.take_out()
            self.look("taken out")
        self._control()

    def _fill(self) -> None:
        job, vault = self.job, self.job.vault
        job.do("init", vault, "--name", "Ada", "--role", "therapist")
        scopes = [word for scope in ("record", "transcribe", "own_review") for word in ("--scope", scope)]
        job.do("consent", "add", vault, "--client", CODE, *scopes, "--signed", "2026-11-01")
        wanted = ["import", vault, job.source, "--client", CODE, "--title", TITLE]
        for number in range(4):
            self.stop_in(f"import killed {number}", 0.7 + number * 0.15, signal.SIGKILL, *wanted)
        job.session = str(job.do(*wanted).get("session", ""))

    def _transcribe(self) -> None:
        job = self.job
        for seconds in (2.0, 4.0, 6.0):
            wanted = ["transcribe", job.vault, job.session, "--language", "en", "--terms", "zeppelin"]
            self.stop_in(f"transcription killed after {seconds} s", seconds, signal.SIGKILL, *wanted)
        job.transcribe()
        self.look("transcribed")

    def _held(self) -> None:
        """Read everything while a vault is open with changes in its log, and after it was killed there."""
        paths = f"{ROOT / 'src'}{os.pathsep}{Path(__file__).parent}"
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(self.job.vault)],
            env={**self.job.home.environment, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
        )
        self._count.demand(holder.stdout.readline() == b"held\n", "the holder did not open the vault")
        log = self.job.vault / "vault.db-wal"
        self._count.demand(log.stat().st_size > 0, "the open vault has no log to look into")
        self.look("open, with a log of changes")
        holder.kill()
        holder.communicate()
        self.look("killed while open")

    def _control(self) -> None:
        """The search itself works: what was taken out and brought in on purpose is found."""
        outs = [self._folder / "in", *([self._folder / "out"] if self._with_model else [])]
        found = {text for place in outs for path in place.iterdir() for text in self.needles.in_file(path)}
        self._count.facts["needles"] = len(self.needles)
        self._count.facts["found_in_what_was_taken_out"] = len(found)
        wanted = {"samples or bytes of the recording", *([NOTE] if self._with_model else [])}
        self._count.demand(wanted <= found, f"the search does not find what is there: {wanted - found}")


def _written() -> list[Path]:
    """Return every regular file in the places that can be written."""
    return [
        path
        for place in PLACES
        for path in Path(place).rglob("*")
        if path.is_file() and not path.is_symlink() and not _is_ours(path)
    ]


def _is_ours(path: Path) -> bool:
    return any(path.is_relative_to(kept) for kept in KEPT)


def seclude() -> None:
    """Give this mount namespace empty folders of its own to write in, and make all the rest read-only."""
    run(["mount", "--make-rprivate", "/"])
    hidden = [kept for kept in KEPT if any(kept.is_relative_to(place) for place in PLACES) and kept.is_dir()]
    aside = [ASIDE / str(number) for number in range(len(hidden))]
    if hidden:
        run(["mount", "-t", "tmpfs", "private", str(ASIDE)])
    for kept, at in zip(hidden, aside, strict=True):
        at.mkdir()
        run(["mount", "--bind", str(kept), str(at)])
    for place in PLACES:
        if Path(place).is_dir():
            run(["mount", "-t", "tmpfs", "private", place])
    for kept, at in zip(hidden, aside, strict=True):
        kept.mkdir(parents=True)
        run(["mount", "--bind", str(at), str(kept)])
    private = {str(Path(place).resolve()) for place in PLACES}
    for row in Path("/proc/self/mounts").read_text().splitlines():
        point = row.split()[1]
        if point not in private and not point.startswith(_PSEUDO):
            run(["mount", "-o", "remount,bind,ro", point])


def run(command: list[str]) -> None:
    """Run a tool that must succeed."""
    subprocess.run(command, check=True, capture_output=True)


def inside() -> int:
    """Do the job in the secluded namespace."""
    count = Count("plaintext")
    seclude()
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    read_only = not _may_write(ROOT / "written") and not _may_write(Path.home() / "written")
    count.demand(read_only, "the rest of the disk can be written")
    journal, folder = Journal(), Path("/tmp/soak")  # noqa: S108 - a private mount
    folder.mkdir()
    scan = Scan(count, folder)
    watch = ChildWatch(os.getpid())
    began = time.monotonic()
    scan.whole()
    watch.end()
    say(f"plaintext: {len(watch.seen)} processes seen in {time.monotonic() - began:.0f} s")
    _processes(count, watch, scan.needles)
    count.demand(journal.messages() == 0, "something was sent to the system's log")
    return count.end()


def _processes(count: Count, watch: ChildWatch, needles: Needles) -> None:
    """The program's own children carry nothing in their command lines and environments."""
    count.facts["child_processes_seen"] = len(watch.seen)
    for told in watch.seen.values():
        for text in needles.in_bytes(told):
            count.fail(f"a child process was started with “{text}”")
    # Closing a vault, SQLite takes the name of its log's index (page numbers only) away before letting it go.
    closing = "/vault.db-shm (deleted)"
    taken_out = "/tmp/soak/out/"  # noqa: S108 - private
    unnamed = sorted(n for n in watch.unnamed if not n.startswith(taken_out) and not n.endswith(closing))
    count.demand(not unnamed, f"files without a name were written: {unnamed[:5]}")


def _may_write(path: Path) -> bool:
    try:
        path.touch()
    except OSError:
        return False
    path.unlink()
    return True


def main() -> int:
    """Start again in a mount namespace of its own."""
    if "--inside" in sys.argv:
        return inside()
    unshare = shutil.which("unshare")
    for flags in (["-m"], ["-rm"]) if unshare else ():
        trial = [str(unshare), *flags, "mount", "--make-rprivate", "/"]
        tried = subprocess.run(trial, check=False, capture_output=True)
        if tried.returncode == 0:
            command = [str(unshare), *flags, sys.executable, __file__, "--inside"]
            return subprocess.run(command, check=False).returncode
    return refused("plaintext", "this system allows no mount namespace: needs root and util-linux")


if __name__ == "__main__":
    sys.exit(main())
