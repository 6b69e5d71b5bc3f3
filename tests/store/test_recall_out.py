"""What of a recall leaves the vault: gated, redacted on both sides, listed, whole or not at all, exact."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import webvtt

from recall_rooms import THERAPIST, RecallRoom, add_sounding_session
from store.test_recalled_about import CLIENTS, say
from supervise.app.commands import MarkMoment
from supervise.app.recall_export import RecallExportJob, RecallWish, run_recall_export
from supervise.app.recall_marks import MarkRecall
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.errors import CancelledError, NotCoveredError, UsageError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.moments import MomentCode
from supervise.domain.reading_copy import ReadingCopy
from supervise.domain.recall import Setup
from supervise.domain.recall_marks import TimeFrame
from supervise.domain.times import clock_ms
from supervise.storage.copies import CopyStore
from two_clocks import RATE, numbered_session
from unit.json_schema_check import faults
from workspaces import CLIENT, OWN_USE, TODAY, add_transcript, spoken

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "resources" / "schemas" / "recall.schema.json").read_text(encoding="utf-8")
)
SAID = [("marzipan", 600), ("was", 1000), ("there", 1400)]


def set_as_text(copy: ReadingCopy, report, cancelled) -> bytes:
    """Stands for the window's part: the words, so that a test can read them."""
    report(500)
    if cancelled():
        raise CancelledError
    return repr(copy).encode()


def out(desk: Workspace, wish: RecallWish) -> str:
    run_recall_export(RecallExportJob(desk, wish, set_as_text))
    return wish.target.read_text(encoding="utf-8-sig")


def held(desk: Workspace, session: SessionId, setup: Setup = THERAPIST, drift: tuple[float, float] = (0, 0)):
    """Hold a recall: 8 s are heard, then a stop in which three words are said."""
    room = RecallRoom(desk, setup, session, drift)
    room.begin()
    room.listen(8)
    stop = room.recall.stop()
    room.listen(3)
    recall = room.recall.end().recall
    say(desk, recall, [(text, stop.recall_ms + at) for text, at in SAID])
    return recall


@pytest.fixture
def session(workspace: Workspace) -> SessionId:
    workspace.add_consent(CLIENT, OWN_USE | {Scope.CLIENT_RECALL}, TODAY)
    made = add_sounding_session(workspace, numbered_session(40))
    add_transcript(workspace, made, spoken("zephyr one two three four five six seven", 500, 1000))
    return made


@pytest.fixture
def recall(workspace: Workspace, session: SessionId) -> RecallId:
    return held(workspace, session)


@pytest.mark.parametrize("fmt", ["html", "pdf"])
def test_a_reading_copy_has_both_sides(
    workspace: Workspace, recall: RecallId, tmp_path: Path, fmt: str
) -> None:
    text = out(workspace, RecallWish(recall, fmt, tmp_path / f"r.{fmt}", recipient="Cara"))
    assert "zephyr" in text
    assert "marzipan was there" in text
    (copy,) = CopyStore(workspace.vault).all()
    assert (copy.kind, copy.recipient) == (f"recall {fmt}", "Cara")


@pytest.mark.parametrize("fmt", ["csv", "json", "vtt", "session-vtt", "html", "pdf"])
def test_what_is_redacted_is_in_no_format_unless_asked(
    workspace: Workspace, session: SessionId, recall: RecallId, tmp_path: Path, fmt: str
) -> None:
    row = workspace.store.recalls.get(recall)
    stop = workspace.store.recalls.stops(recall)[0]
    span = (stop.recall_start_ms, row.sound.duration_ms)
    workspace.execute(MarkRecall(recall, *span, time_frame=TimeFrame.THEN, note="marzipan again"))
    workspace.execute(MarkMoment(session, 400, (MomentCode("wf.redact"),), 900))
    target = tmp_path / f"r.{fmt}"
    text = out(workspace, RecallWish(recall, fmt, target))
    assert "marzipan" not in text
    assert "zephyr" not in text
    assert "[redacted]" in text
    loose = out(workspace, RecallWish(recall, fmt, target, force=True, unredacted=True))
    assert "marzipan" in loose
    assert "[redacted]" not in loose


def test_the_sessions_words_need_a_look_of_their_own(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add_consent("K-99", frozenset({Scope.RECORD, Scope.CLIENT_RECALL}), TODAY)
    session = add_sounding_session(workspace, numbered_session(20), client="K-99")
    theirs = held(workspace, session, CLIENTS)
    assert "marzipan" in out(workspace, RecallWish(theirs, "csv", tmp_path / "r.csv"))
    wish = RecallWish(theirs, "html", tmp_path / "r.html")
    with pytest.raises(NotCoveredError):
        RecallExportJob(workspace, wish)
    assert not wish.target.exists()


def test_a_pair_of_the_same_session_stands_side_by_side(
    workspace: Workspace, session: SessionId, recall: RecallId, tmp_path: Path
) -> None:
    theirs = held(workspace, session, CLIENTS)
    text = out(workspace, RecallWish(recall, "html", tmp_path / "r.html", beside=(theirs,)))
    assert "1. Recalled by the therapist" in text
    assert "2. Recalled by the client" in text
    assert "Cara" not in text
    named = RecallWish(theirs, "html", tmp_path / "n.html", names=True)
    assert "Cara" in out(workspace, named)


def test_refusals_say_what_to_do(
    workspace: Workspace, session: SessionId, recall: RecallId, tmp_path: Path
) -> None:
    other = add_sounding_session(workspace, numbered_session(20))
    elsewhere = held(workspace, other)
    target = tmp_path / "r.html"

    def refused(words: str, **changed: object) -> None:
        wish = replace(RecallWish(recall, "html", target), **changed)
        with pytest.raises(UsageError, match=words):
            RecallExportJob(workspace, wish, set_as_text)

    refused("of the same session", beside=(elsewhere,))
    refused("each once", beside=(recall,))
    refused("html or pdf", fmt="csv", beside=(elsewhere,))
    refused("format is one of", fmt="docx")
    refused("inside a vault", target=workspace.vault.path / "r.html")
    with pytest.raises(UsageError, match="html, and print that"):
        RecallExportJob(workspace, RecallWish(recall, "pdf", target))
    assert CopyStore(workspace.vault).all() == []


def test_a_stopped_or_failed_export_leaves_nothing(
    workspace: Workspace, session: SessionId, recall: RecallId, tmp_path: Path
) -> None:
    wish = RecallWish(recall, "pdf", tmp_path / "r.pdf")
    with pytest.raises(CancelledError):
        run_recall_export(RecallExportJob(workspace, wish, set_as_text), cancelled=lambda: True)
    there = tmp_path / "there.html"
    there.write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        out(workspace, RecallWish(recall, "html", there))
    assert there.read_text() == "mine"
    assert [path.name for path in tmp_path.glob("*.pdf")] == []
    assert CopyStore(workspace.vault).all() == []


class Witness:
    """Holds a recall and notes where the tape stood and what was said, independently of the program."""

    def __init__(self, room: RecallRoom) -> None:
        self.room = room
        self.words: list[tuple[str, int]] = []
        self.stood: list[tuple[int, int]] = []  # (frame the tape stood at, when silence was asked for)

    def stop_and_speak(self) -> None:
        heard = self.room.truth[-1][1]
        stop = self.room.recall.stop()
        self.room.listen(2)
        self.words += [
            (f"w{len(self.words) + n}", stop.recall_ms + at) for n, at in enumerate((400, 800, 1200))
        ]
        self.stood.append((heard, stop.recall_ms))

    def hold(self) -> RecallId:
        """Seeks, a replay, two speeds and four stops."""
        recall, listen = self.room.recall, self.room.listen
        listen(5)
        self.stop_and_speak()
        recall.resume()
        listen(3)
        recall.seek(30_000)
        listen(4)
        self.stop_and_speak()
        recall.set_speed(1.5)
        recall.resume()
        listen(4)
        self.stop_and_speak()
        recall.seek(10_000)
        recall.resume()
        listen(2)
        recall.set_speed(0.75)
        listen(4)
        self.stop_and_speak()
        return recall.end().recall

    def check(self, number: int, row: dict[str, str], stop: dict[str, int], said: dict[str, object]) -> None:
        """Hold one row of the table and its stop in the document against what happened."""
        frame, fell_ms = self.stood[number]
        turn_ms = 65521 * 1000 / RATE  # the tape's frames count so far before they begin again
        off = (int(row["session_end_ms"]) - frame * 1000 / RATE + turn_ms / 2) % turn_ms - turn_ms / 2
        assert abs(off) <= 15, row
        mine = self.words[3 * number : 3 * number + 3]
        span = (int(row["recall_start_ms"]), int(row["recall_end_ms"]))
        assert span == (mine[0][1], mine[-1][1] + 300)
        assert row["text"] == said["text"] == " ".join(text for text, _ in mine)
        assert row["stop"] == str(number + 1)
        assert abs(stop["recall_start_ms"] - fell_ms) <= 60
        assert stop["session_ms"] == int(row["session_end_ms"]) == said["session_end_ms"]
        assert stop["about_from_ms"] == int(row["session_start_ms"]) == said["session_start_ms"]


@pytest.mark.parametrize("drift", [(0.0, 0.0), (80e-6, -60e-6)])
def test_every_row_is_true_to_what_was_heard_and_said(
    workspace: Workspace, tmp_path: Path, drift: tuple[float, float]
) -> None:
    """Seeks, replays and speeds; truth is what each frame of the tape says it is."""
    session = add_sounding_session(workspace, numbered_session(60))
    room = RecallRoom(workspace, THERAPIST, session, drift)
    room.begin()
    witness = Witness(room)
    recall = witness.hold()
    say(workspace, recall, witness.words)

    rows = list(csv.DictReader(io.StringIO(out(workspace, RecallWish(recall, "csv", tmp_path / "r.csv")))))
    document = json.loads(out(workspace, RecallWish(recall, "json", tmp_path / "r.json")))
    assert faults(document, SCHEMA, SCHEMA) == []
    assert len(rows) == len(document["utterances"]) == 4
    for number, row in enumerate(rows):
        witness.check(number, row, document["stops"][number], document["utterances"][number])
    starts = [int(row["session_start_ms"]) for row in rows]
    assert starts[0] == 0
    assert [abs(starts[1] - 30_000) <= 5, starts[2] < starts[1] + 20_000, starts[3] >= 9_995] == [True] * 3
    for fmt, column in (("vtt", "recall"), ("session-vtt", "session")):
        cues = webvtt.from_string(out(workspace, RecallWish(recall, fmt, tmp_path / f"r.{fmt}"))).captions
        wanted = sorted((int(row[f"{column}_start_ms"]), row["text"]) for row in rows)
        assert [cue.text for cue in cues] == [text for _, text in wanted]
        assert [cue.start for cue in cues] == [clock_ms(start) for start, _ in wanted]
