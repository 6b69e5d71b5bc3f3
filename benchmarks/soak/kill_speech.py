"""Killed while transcribing: every stored window stays as it was, and little sound is transcribed twice."""

import difflib
import json
import os
from pathlib import Path
from typing import Any

from ground import Count, damages, opened
from kill_media import misfits
from victim import Victim

from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId

_MOST_TWICE_MS = 60_000
_Line = dict[str, Any]


class SpeechTrial:
    """One session transcribed again and again, each version killed several times on its way."""

    def __init__(self, count: Count, place: Path, session: SessionId) -> None:
        """Work on the session of the vault in `place`; SOAK_MODEL `fake` is for quick runs."""
        self._count = count
        self._vault = place / "vault"
        self._session = session
        self._model = os.environ.get("SOAK_MODEL", "base")
        self._version = 0
        self._windows: dict[str, dict[int, _Line]] = {}
        self._given_ms = 0
        self._texts: list[str] = []

    def _start(self) -> Victim:
        fake_ms = 150_000 if self._model == "fake" else 0
        wishes = {"version": self._version, "model": "base" if fake_ms else self._model, "fake_ms": fake_ms}
        victim = Victim(self._count, "transcribe", vault=str(self._vault), session=self._session, **wishes)
        victim.go()
        return victim

    def prepare(self) -> None:
        """Transcribe once without a kill, to compare with and to know how long it takes."""
        victim = self._start()
        victim.kill_after(600.0)
        done = victim.acknowledged()
        self._count.demand(
            bool(done) and done[-1]["done"] == "transcript", "transcribe: the unkilled run failed"
        )
        times = [line["given_ms"] for line in victim.lines if "given_ms" in line]
        self._count.facts["sound_s"] = max(times, default=0) // 1000
        self._texts.append(_text(line for line in done if line["done"] == "window"))
        self._version += 1

    def once(self, number: int) -> None:
        """Go on with the version under way, kill, look."""
        victim = self._start()
        longest_s = 0.4 if self._model == "fake" else 12.0
        alive = victim.kill_after(self._count.random.uniform(0.02, longest_s))
        if victim.orphans:
            self._count.fail(f"transcribe {number}: the speech process outlived its parent")
        starts = [line for line in victim.lines if "start_ms" in line]
        if starts:
            self._resumed(starts[0]["start_ms"], number)
        given = [line["given_ms"] for line in victim.lines if "given_ms" in line]
        self._given_ms = max(given, default=self._given_ms)
        finished = False
        for line in victim.acknowledged():
            self._count.add("acknowledged")
            if line["done"] == "window":
                self._count.add("acknowledged_windows")
                self._windows.setdefault(line["transcript"], {})[line["seq"]] = line
            else:
                finished = True
                self._done(line["transcript"])
        self._count.demand(finished or alive, f"transcribe {number}: it ended without an answer")
        with self._count.watch(f"transcribe {number}: opening") as watch:
            self._look(number)
        self._count.demand(watch.said is None, f"transcribe {number}: {watch.said}")

    def _resumed(self, start_ms: int, number: int) -> None:
        """Sound given to the run that was killed, but not stored, is what is transcribed twice at most."""
        twice_ms = max(0, self._given_ms - start_ms)
        if start_ms:
            self._count.add("resumed_in_the_middle")
        self._count.most("transcribed_twice_at_most_s", twice_ms / 1000)
        self._count.demand(
            twice_ms <= _MOST_TWICE_MS, f"transcribe {number}: {twice_ms} ms transcribed twice"
        )

    def _done(self, transcript: str) -> None:
        self._count.add("transcripts_finished")
        self._texts.append(_text(line for _, line in sorted(self._windows[transcript].items())))
        self._version += 1
        self._given_ms = 0

    def _look(self, number: int) -> None:
        desk = opened(self._vault)
        for damage in [*damages(desk.vault), *misfits(self._vault, desk)]:
            self._count.fail(f"transcribe {number}: {damage}")
        for transcript, acknowledged in self._windows.items():
            found = _stored(desk, transcript)
            for seq, line in acknowledged.items():
                same = found.get(seq) == (line["span"], line["words"])
                if not self._count.demand(same, f"transcribe {number}: window {seq} is lost or changed"):
                    self._count.add("lost")
            ends = [0, *(span[1] for span, _ in found.values())]
            joined = [span[0] for span, _ in found.values()] == ends[:-1] and list(found) == list(
                range(len(found))
            )
            self._count.demand(joined, f"transcribe {number}: the stored windows have a gap or overlap")
        desk.close()

    def conclude(self) -> None:
        """Finish what is under way, and compare what killed runs heard with what the whole one did."""
        victim = self._start()
        victim.kill_after(600.0)
        for line in victim.acknowledged():
            if line["done"] == "window":
                self._windows.setdefault(line["transcript"], {})[line["seq"]] = line
            else:
                self._done(line["transcript"])
        self._look(-1)
        whole, *killed = [text.split() for text in self._texts]
        alike = [difflib.SequenceMatcher(None, whole, words, autojunk=False).ratio() for words in killed]
        self._count.facts["words_unkilled"] = len(whole)
        self._count.facts["words_alike_after_kills_at_least"] = round(min(alike, default=1.0), 3)
        self._count.demand(min(alike, default=1.0) > 0.9, "transcribe: killed runs heard other words")


def _text(lines: Any) -> str:
    return " ".join(word[0] for line in lines for word in line["words"])


def _stored(desk: Workspace, transcript: str) -> dict[int, tuple[list[int], list[list[Any]]]]:
    sql = "SELECT seq, start_ms, end_ms, words FROM windows WHERE transcript_id = ? ORDER BY seq"
    rows = desk.vault.db.execute(sql, [transcript]).fetchall()
    return {row[0]: ([row[1], row[2]], [word[:3] for word in json.loads(row[3])]) for row in rows}
