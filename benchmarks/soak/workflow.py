"""The whole job from the terminal, as separate processes in a home of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ground import PASSPHRASE, ROOT, Count, speech

NOTE = "Ossifrage remembers the zeppelin"
TITLE = "Quixotic Wednesday"
CODE = "KESTREL-4711"
FILE_NAME = "Marmaduke-Fotheringay-intake.flac"
SCOPES = ("record", "transcribe", "own_review")


@dataclass(frozen=True)
class Answer:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The object on stdout, empty after a failure."""
        return dict(json.loads(self.out)) if self.code == 0 else {}


class Home:
    """A home, a temporary folder and a place to work in, and the environment that names them."""

    def __init__(self, folder: Path) -> None:
        """Make the folders."""
        self.folder = folder
        self.work = folder / "work"
        parts = {
            "HOME": "home",
            "TMPDIR": "tmp",
            "XDG_CACHE_HOME": "home/.cache",
            "XDG_CONFIG_HOME": "home/.config",
            "XDG_DATA_HOME": "home/.local/share",
            "XDG_STATE_HOME": "home/.local/state",
            "XDG_RUNTIME_DIR": "run",
        }
        for part in [*parts.values(), "work", "in", "out"]:
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "SUPERVISE_MODELS") if name in os.environ}
        self.environment = {
            **kept,
            **{name: str(folder / part) for name, part in parts.items()},
            "PYTHONPATH": str(ROOT / "src"),
            "QT_QPA_PLATFORM": "offscreen",
        }

    def start(self, *arguments: object) -> subprocess.Popen[bytes]:
        """Start a command; the passphrase goes in as scripts give it."""
        command = [sys.executable, "-m", "supervise", *map(str, arguments), "--json"]
        return subprocess.Popen(
            command,
            cwd=self.work,
            env={**self.environment, "SUPERVISE_PASSPHRASE": PASSPHRASE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def call(self, *arguments: object) -> Answer:
        """Run a command to its end."""
        process = self.start(*arguments)
        out, err = process.communicate()
        return Answer(process.returncode, out.decode(), err.decode())


class Job:
    """The whole job step by step; each step's answer is demanded to be a success."""

    def __init__(self, count: Count, home: Home, source: Path | None = None) -> None:
        """Work in `home` on a recording whose name tells a name."""
        self._count = count
        self.home = home
        self.vault = home.folder / "vault"
        self.source = home.folder / "in" / FILE_NAME
        self.source.write_bytes((source or speech("ami_dev00.flac")[0]).read_bytes())
        self.session = ""
        self.document: dict[str, Any] = {}

    def do(self, *arguments: object) -> dict[str, Any]:
        """Run one command, count it, and return its object."""
        answer = self.home.call(*arguments)
        self._count.add("commands")
        self._count.demand(answer.code == 0, f"{arguments[0]}: exit {answer.code}: {answer.err[-400:]}")
        self._count.demand("Traceback" not in answer.err, f"{arguments[0]}: a traceback was shown")
        return answer.json

    def demand(self, holds: bool, what: str) -> None:
        """Note `what` as a failure unless it holds."""
        self._count.demand(holds, what)

    def stopped(self, seconds: float, *arguments: object) -> None:
        """Start a command and kill it in the middle."""
        process = self.home.start(*arguments)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        process.communicate()
        self._count.add("stops")

    def fill(self) -> None:
        """Make the vault, import, transcribe, tell voices apart and name them, mark, undo, redo, search."""
        vault = self.vault
        self.do("init", vault, "--name", "Ada", "--role", "therapist")
        scopes = [word for scope in SCOPES for word in ("--scope", scope)]
        self.do("consent", "add", vault, "--client", CODE, *scopes, "--signed", "2026-11-01")
        made = self.do("import", vault, self.source, "--client", CODE, "--title", TITLE)
        self.session = str(made.get("session", ""))

    def transcribe(self) -> None:
        """Transcribe with the default model and tell two voices apart."""
        self.do("transcribe", self.vault, self.session, "--language", "en")

    def work_on(self) -> None:
        """Name speakers, mark, undo, redo, search, show."""
        vault, session = self.vault, self.session
        self.do("speakers", vault, session, "--name", "A=therapist", "--name", "B=client")
        self.do("mark", vault, session, "--at", "2", "--until", "4", "--code", "wd.minimal", "--note", NOTE)
        self.do("mark", vault, session, "--at", "5", "--code", "ct.cue", "--note", f"{NOTE}, in private")
        self.do("undo", vault)
        self.do("redo", vault)
        self.document = self.do("show", vault, session)
        hits = self.do("search", vault, NOTE.split(maxsplit=1)[0]).get("hits", [])
        self._count.demand(len(hits) == 2, f"search: {len(hits)} hits instead of 2")

    def look_after(self) -> None:
        """Verify, back up, restore."""
        self._count.demand(bool(self.do("verify", self.vault).get("ok")), "verify found damage")
        copy, again = self.home.folder / "copy", self.home.folder / "again"
        self.do("backup", self.vault, copy)
        self._count.demand(bool(self.do("restore", copy, again).get("ok")), "the restored copy is damaged")
        self.do("log", again)

    def take_out(self) -> None:
        """Export every format."""
        for fmt in ("txt", "vtt", "srt", "csv", "json", "flac", "wav"):
            target = self.home.folder / "out" / f"x.{fmt}"
            self.do("export", self.vault, self.session, "--format", fmt, "--to", target)

    def words(self) -> list[str]:
        """Return what was said, word by word, as transcribed."""
        turns = self.document.get("transcript", {}).get("turns", [])
        return [word["text"] for turn in turns for word in turn["words"]]


def everything(job: Job) -> Iterator[str]:
    """Do all of it, yielding each part's name once it is done."""
    for part in (job.fill, job.transcribe, job.work_on, job.look_after, job.take_out):
        part()
        yield part.__name__
