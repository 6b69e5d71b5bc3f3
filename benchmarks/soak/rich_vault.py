"""A small vault with something of everything in it, every kind of file present, and how to read it all."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from ground import PASSPHRASE, ROOT, add_transcript, bring_in, new_vault, opened, spoken
from kill_media import pcm_digest
from moment_deeds import session_state

from supervise.app.commands import AddComment, MarkMoment
from supervise.app.workspace import Workspace
from supervise.domain.ids import MomentId, SessionId
from supervise.domain.moments import MomentCode, Perspective
from supervise.storage import access_log
from supervise.storage.vault import Vault

Facts = dict[str, Any]
_OFTEN = ("database", "wal", "master", "peaks", "inbox", "header", "spare", "database")
KINDS = (*_OFTEN, "shm", "lock", "holder")
CUTS = (4096, 65552, 65536, 1024, 16)
_SECONDS, _RATE_HZ = 9, 16_000

# Ends without closing anything, so that the log of the last changes stays beside the database.
_LAST_CHANGES = """
import os, sys
from pathlib import Path
from ground import opened
from rich_vault import last_changes
desk = opened(Path(sys.argv[1]))
last_changes(desk, sys.argv[2])
os.kill(os.getpid(), 9)
"""


def _sound(path: Path, seed: int) -> Path:
    random = np.random.default_rng(seed)
    samples = random.normal(0, 3000, _SECONDS * _RATE_HZ).astype(np.int16).reshape(1, -1)
    with av.open(str(path), "w", format="wav") as out:
        stream = out.add_stream("pcm_s16le", rate=_RATE_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples, "s16", "mono")
        frame.sample_rate = _RATE_HZ
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def build(vault: Path) -> list[SessionId]:
    """Make the vault and return its two sessions."""
    desk = new_vault(vault)
    sessions = []
    for seed in (1, 2):
        source = _sound(vault.parent / f"sound{seed}.wav", seed)
        session = bring_in(desk, source, f"Session {seed}")
        source.unlink()
        add_transcript(desk, session, spoken(f"words of session number {seed} and more of them " * 12))
        sessions.append(session)
        for at in range(20):
            codes = (MomentCode("ct.cue" if at % 5 == 0 else "wf.flag"),)
            note = f"note {seed} {at} " * 20
            made = desk.execute(MarkMoment(session, at * 100, codes, at * 100 + 50, note))
        desk.execute(AddComment(MomentId(made), "a comment"))
    desk.add_profile("Bo", Perspective.SUPERVISOR, "another way in")
    desk.close()
    paths = [str(ROOT / "src"), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    arguments = [sys.executable, "-c", _LAST_CHANGES, str(vault), sessions[0]]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    done = subprocess.run(arguments, env=environment, check=False)
    if done.returncode != -signal.SIGKILL:
        raise RuntimeError("the last changes failed")
    return sessions


def last_changes(desk: Workspace, session: str) -> None:
    """Make some changes that stay in the log, and leave entries in the inbox."""
    for at in range(5):
        desk.execute(MarkMoment(SessionId(session), 3000 + at, (MomentCode("wf.flag"),), None, f"last {at}"))
    beside = Vault.open_beside(desk.vault.path, PASSPHRASE)
    for _ in range(3):
        beside.log("verify", detail="0 damaged")
    beside.close()


def kind_files(vault: Path, kind: str) -> list[Path]:
    """Return the files of one kind; media are told apart by their size."""
    media = sorted((vault / "media").iterdir(), key=lambda path: path.stat().st_size)
    half = len(media) // 2
    return {
        "database": [vault / "vault.db"],
        "wal": [vault / "vault.db-wal"],
        "shm": [vault / "vault.db-shm"],
        "master": media[half:],
        "peaks": media[:half],
        "inbox": sorted((vault / "inbox").glob("*.sealed")),
        "header": [vault / "vault.json"],
        "spare": [vault / "vault.spare.json"],
        "lock": [vault / "vault.lock"],
        "holder": [vault / "vault.holder"],
    }[kind]


def everything(vault: Path, sessions: list[SessionId]) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield names and ways to read each part, on a workspace opened once; the last closes it."""
    held: list[Workspace] = []

    def desk() -> Workspace:
        if not held:
            held.append(opened(vault))
        return held[0]

    yield "library", lambda: [(row.session, row.transcript, row.moments) for row in desk().library().rows]
    for number, session in enumerate(sessions):
        yield f"state {number}", lambda session=session: session_state(desk(), session)
        yield f"words {number}", lambda session=session: desk().transcript(session).words
        yield f"sound {number}", lambda session=session: pcm_digest(desk(), session)
        yield f"peaks {number}", lambda session=session: _outline(desk(), session)
    yield "search", lambda: sorted((hit.session, hit.start_ms) for hit in desk().search("number").hits)
    yield "notes", lambda: sorted((hit.session, hit.start_ms) for hit in desk().search("note").hits)
    yield "profiles", lambda: desk().profiles()
    yield "consents", lambda: desk().consents("K-07")
    yield "codebook", lambda: desk().codebook()
    yield "log", lambda: [(line.action, line.subject) for line in access_log.lines(desk().vault.db)][:50]
    yield "undo", lambda: desk().can_undo
    yield "close", lambda: _close(held)


def _close(held: list[Workspace]) -> bool:
    while held:
        held.pop().close()
    return True


def earlier_states(truth: Facts) -> list[Facts]:
    """Return what may be found of the first session when the log of the last changes was cut off."""
    moments = truth["state 0"]["moments"]
    last = [key for key, moment in moments.items() if moment["note"].startswith("last")]
    last.sort(key=lambda key: moments[key]["start_ms"])
    kept = [{key: value for key, value in moments.items() if key not in last[number:]} for number in range(6)]
    deeds = truth["state 0"]["deeds"] - len(last)
    return [
        {**truth["state 0"], "moments": some, "deeds": deeds + number} for number, some in enumerate(kept)
    ]


def _outline(desk: Workspace, session: SessionId) -> bytes:
    outline = desk.peaks(session)
    return b"".join(
        outline.columns(start, start + 1000, 40).tobytes() for start in range(0, _SECONDS * 1000, 1000)
    )
