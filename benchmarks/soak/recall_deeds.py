"""What a recall leaves to be looked for: held between two made-up devices, marked, written up, taken out."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ground import ROOT
from workflow import CODE, Job

INQUIRER = "Balthazar Ottoline"
NOTE = "Umbrellas against the harpsichord"
WRITE_UP = "I shall carry the lighthouse quietly"
ANSWER = "The gondola was overfull of thistles"
CARD = "Did the marzipan whisper to you?"
TEXTS = (
    INQUIRER,
    "Ottoline",
    NOTE,
    "harpsichord",
    WRITE_UP,
    "lighthouse",
    ANSWER,
    "gondola",
    CARD,
    "marzipan",
)
STUDY = "BRAMBLE-9/REC-77"
OUT = ("csv", "json", "vtt", "session-vtt", "html", "pdf")
_CARDS = f"""prompts: {{id: looked-for, version: 1, language: en}}
groups:
  - {{id: affect, label: Affect}}
cards:
  - {{id: affect.marzipan, group: affect, key: F, text: "{CARD}"}}
"""
_HOLD = f"""
import json, sys
from pathlib import Path
from ground import opened
from recall_rooms import RecallRoom
from supervise.domain.ids import SessionId
from supervise.domain.recall import RecallKind, Setup
desk = opened(Path(sys.argv[1]))
room = RecallRoom(desk, Setup(RecallKind.THERAPIST, inquirer="{INQUIRER}"), SessionId(sys.argv[2]))
room.begin()
room.listen(1.5)
room.recall.stop()
room.recall.prompt("affect.marzipan")
room.speak(2.0)
print("stopped", flush=True)
if sys.argv[3] == "wait":
    sys.stdin.read()
room.recall.resume()
room.listen(1.0)
made = room.recall.end()
row = desk.store.recalls.get(made.recall)
runs = []
for medium in (row.master, row.peaks):
    with desk.store.media.open(medium) as stream:
        for at in range(stream.size // 10, stream.size - 48, max(1, stream.size // 9)):
            stream.seek(at)
            runs.append(stream.read(48).hex())
print(json.dumps({{"recall": made.recall, "runs": runs}}), flush=True)
desk.close()
"""


class RecallDeeds:
    """Does it all; `look` reads every file that was written, after every stage."""

    def __init__(
        self, job: Job, look: Callable[[str], None], add_runs: Callable[[list[bytes], str], None]
    ) -> None:
        """Work on a job's session."""
        self._job, self._look, self._add_runs = job, look, add_runs
        self._in = job.home.folder / "in"

    def all(self) -> None:
        """Hold recalls, one of them killed, and do everything that can be done with the other."""
        job, vault = self._job, self._job.vault
        scopes = ("client_recall", f"research={STUDY}", f"supervisor={INQUIRER}")
        words = [word for scope in scopes for word in ("--scope", scope)]
        job.do("consent", "add", vault, "--client", CODE, *words, "--signed", "2026-11-02")
        (self._in / "cards.yaml").write_text(_CARDS)
        job.do("recall", "cards", vault, "--load", self._in / "cards.yaml")
        self._held("wait")
        self._look("killed in a stop of a recall")
        recall = self._held("end")
        self._look("recalled")
        self._noted(recall)
        self._look("marked, written up, interviewed")
        self._out(recall)

    def _held(self, end: str) -> str:
        """Hold a recall; `wait` has it killed while the tape stands. Returns its id."""
        places = [ROOT / "src", ROOT / "tests", Path(__file__).parent]
        child = subprocess.Popen(
            [sys.executable, "-c", _HOLD, str(self._job.vault), self._job.session, end],
            env={**self._job.home.environment, "PYTHONPATH": ":".join(map(str, places))},
            cwd=self._job.home.work,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        self._job.demand(child.stdout.readline() == b"stopped\n", "the recall did not come to a stop")
        if end == "wait":
            self._look("in a stop of a recall")
            child.send_signal(signal.SIGKILL)
        out, _ = child.communicate()
        if end == "wait":
            return ""
        made = json.loads(out)
        self._add_runs([bytes.fromhex(run) for run in made["runs"]], "what is inside a recall's seals")
        return str(made["recall"])

    def _noted(self, recall: str) -> None:
        job, vault = self._job, self._job.vault
        for left in job.do("recall", "list", vault).get("recalls", []):
            if left["state"] == "unfinished":
                job.do("recall", "recover", vault, left["recall"])
        job.do("recall", "mark", vault, recall, "--at", "2", "--code", "ip.affect", "--then", "--note", NOTE)
        job.do("undo", vault)
        job.do("redo", vault)
        (self._in / "write-up").write_text(WRITE_UP)
        job.do("recall", "write-up", vault, recall, "--text", self._in / "write-up")
        plan = [
            "--study",
            STUDY,
            "--protocol",
            "significant-event",
            "--party",
            "therapist",
            "--interviewer",
            "R-02",
        ]
        interview = str(job.do("interview", "plan", vault, job.session, *plan).get("interview", ""))
        job.do("interview", "open", vault, interview)
        job.do("interview", "answer", vault, interview, "kind", "helped")
        job.do("interview", "answer", vault, interview, "what", ANSWER)
        job.do("interview", "finish", vault, interview)
        job.do("recall", "transcribe", vault, recall, "--language", "en")

    def _out(self, recall: str) -> None:
        job, out = self._job, self._job.home.folder / "out"
        job.stopped(1.5, "recall", "export", job.vault, recall, "--format", "pdf", "--to", out / "killed.pdf")
        self._look("a reading copy killed")
        for fmt in OUT:
            job.do("recall", "export", job.vault, recall, "--format", fmt, "--to", out / f"recall.{fmt}")
        self._look("recalls taken out")
