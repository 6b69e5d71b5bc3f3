"""Recalls with all that hangs on them, and rows about a session in every table there is."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from sounds import kept
from supervise.app.workspace import Workspace
from supervise.audio.peaks import flat_peaks
from supervise.domain.ids import RecallId, SessionId, TranscriptId, new_id
from supervise.domain.recall import Party, PromptUse, RecallKind, Segments, Setup, Stop, StoppedBy
from supervise.domain.recall_map import Stretch
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall
from supervise.storage.vault import Vault
from workspaces import spoken

# A column of this name says to what a row belongs; these tables are what it may belong to.
LINKS = ("session_id", "recall_id", "interview_id", "series_id", "transcript_id", "moment_id")
OWNERS = {
    "recall_id": "recalls",
    "interview_id": "interviews",
    "series_id": "rating_series",
    "moment_id": "moments",
}
SETUP = '{"kind": "client", "recaller": "client", "inquirer": "Cara", "rater": "client"}'


CLIENTS = "the client tells of a vermilion heron above the water"
THERAPISTS = "the therapist remembers perfectly different grey stones"
RECALLED_ON = date(2026, 11, 22)
CLIENT_RECALL = Setup(
    RecallKind.CLIENT,
    recaller=Party.CLIENT,
    inquirer="Cara Quicksilver",
    segments=Segments(((0, 5000),), why="where the apricot silence was"),
)
KINDS = {
    "client": CLIENT_RECALL,
    "mutual": Setup(RecallKind.MUTUAL, recaller=Party.BOTH),
    "parallel": Setup(RecallKind.PARALLEL, recaller=Party.CLIENT, inquirer="Cara"),
    "research": Setup(RecallKind.RESEARCH, "bsr", recaller=Party.CLIENT, inquirer="Cara"),
}


def add_recollection(
    desk: Workspace,
    session: SessionId,
    setup: Setup,
    text: str,
    on: date = RECALLED_ON,
    *,
    noted: bool = True,
) -> RecallId:
    """Add a recall with sound, a stop, words, a mark, write-ups and an interview held in it."""
    recall, transcript = RecallId(new_id()), TranscriptId(new_id())
    master, peaks = desk.store.media.create("master"), desk.store.media.create("peaks")
    stream, facts = kept(np.zeros((9000, 1), np.int16), 1000)
    for medium, content in ((master, stream.getvalue()), (peaks, flat_peaks(9000, 1, 1000))):
        medium.writer.write(content)
        medium.finish()
    at, me = f"{on}T10:00:00Z", desk.profile.profile
    row = Recall(recall, session, RECALLING, setup, at, me, 1000, 1, master.media_id, peaks.media_id)
    with transaction(desk.vault.db) as db:
        master.register(db)
        peaks.register(db)
        desk.store.recalls.begin(row)
    desk.store.recalls.put_stop(recall, Stop(0, 3000, 3000, StoppedBy.RECALLER, 3000, 0, 6000, 1000))
    desk.store.recalls.put_stretches(recall, [Stretch(0, 3000, 0, 3000)])
    desk.store.recalls.put_prompt(recall, PromptUse(0, 3500, "affect.feel", 0))
    desk.store.recalls.end(recall, 9000, facts.source_sha256, peaks.media_id)
    version = TranscriptVersion(transcript, session, at, TranscribeSettings(), finished=False)
    desk.store.recall_transcripts.begin(version, recall)
    words = spoken(text)
    desk.store.recall_transcripts.add_window(transcript, 0, 1000, words[-1].end_ms, words)
    desk.store.recall_transcripts.finish(transcript, "en", [], {})
    if noted:
        _note(desk, recall, session, text, setup.recaller)
    return recall


def _note(desk: Workspace, recall: RecallId, session: SessionId, text: str, party: Party) -> None:
    me, at, interview = desk.profile.profile, "2026-11-22T11:00:00Z", new_id()
    of = {"recall_id": recall, "session_id": session, "created_at": at}
    place = {"start_ms": 3000, "end_ms": 6000}
    mark = {"perspective": "therapist", "about": "recaller", "time_frame": "then", "codes": "[]"}
    add_row(desk.vault, "recall_marks", author_id=me, note=f"a note: {text}", **of, **place, **mark)
    add_row(desk.vault, "recall_writeups", author_id=me, text=f"shared: {text}", private=0, **of)
    sealed = f"sealed: {text}".encode()
    add_row(desk.vault, "recall_writeups", author_id="Bo", text=None, private=1, sealed=sealed, **of)
    held = {"study": "S", "protocol": "bsr", "party": str(party), "state": "done", "plan": "[]"}
    add_row(desk.vault, "interviews", id=interview, **held, **of)
    add_row(desk.vault, "interview_answers", interview_id=interview, value=json.dumps(f"answers: {text}"))
    event = {"session_id": session, "interview_id": interview, "party": str(party), "peaks": "{}"}
    add_row(desk.vault, "recall_events", title=f"event: {text}", **event, **place)


def add_row(vault: Vault, table: str, **values: Any) -> None:
    """Add a row to a table; what is not named is empty."""
    empty = {"INTEGER": 0, "REAL": 0.0, "BLOB": None}
    row = {
        field["name"]: new_id() if field["name"] == "id" else empty.get(field["type"], "")
        for field in columns(vault)[table]
    } | values
    with transaction(vault.db) as db:
        db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", list(row.values()))  # noqa: S608


def columns(vault: Vault) -> dict[str, list[dict[str, Any]]]:
    """Return every table of the vault with its columns, shadow tables of the index left out."""
    names = vault.db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    found = {}
    for (name,) in names:
        if not name.startswith(("sqlite_", "search_", "search")) or name == "search_rows":
            rows = vault.db.execute(f"PRAGMA table_info({name})").fetchall()
            keys = ("cid", "name", "type", "notnull", "default", "pk")
            found[name] = [dict(zip(keys, row, strict=True)) for row in rows]
    return found


def linked(vault: Vault) -> list[str]:
    """Return the tables whose rows belong to a session, however many steps away."""
    return [name for name, fields in columns(vault).items() if {f["name"] for f in fields} & set(LINKS)]


def id_in(table: str) -> str:
    """Return the id a row of that table gets."""
    return f"{table:_<24}".replace("_", "e")


def fill_every_table(vault: Vault, session: SessionId) -> dict[str, str]:
    """Add one row about the session to every table that has such rows; return marker texts by table."""
    with transaction(vault.db) as db:
        for name in linked(vault):
            fields = columns(vault)[name]
            parents = {row[3]: row[2] for row in db.execute(f"PRAGMA foreign_key_list({name})").fetchall()}
            values = [_value(vault, name, field, parents, session) for field in fields]
            marks = ",".join("?" * len(values))
            db.execute(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608 - names are the schema's
    return {name: marker(name) for name in linked(vault)}


def marker(table: str) -> str:
    """Return the text that stands for what is said in a table: long enough to be looked for in pages."""
    return f"said in {table}, " * 4


def _value(
    vault: Vault, table: str, field: dict[str, Any], parents: dict[str, str], session: SessionId
) -> Any:
    name = field["name"]
    if name == "session_id":
        return session
    if name == "client_id":
        sql = "SELECT client_id FROM sessions WHERE id = ?"
        return vault.db.execute(sql, [session]).fetchone()[0]
    if name in LINKS:
        return id_in(parents.get(name) or OWNERS.get(name, "transcripts"))
    if name == "id" and field["type"] == "TEXT":
        return id_in(table)
    if name in ("master_id", "peaks_id"):
        return f"{table}.{name}"
    if name in ("setup", "facts", "settings", "stats"):
        return SETUP if name == "setup" else "{}"
    if name in ("gaps", "marks", "media_ids", "notes", "codes", "peaks", "dials", "plan"):
        return "[]" if name != "codes" else "{}"
    if name.endswith("_at") or name in ("due_from", "due_until"):
        return "2026-11-20T10:00:00Z"
    return {"INTEGER": 1, "REAL": 1.0, "BLOB": marker(table).encode()}.get(field["type"], marker(table))


def left_of(vault: Vault, ids: set[str]) -> Iterator[tuple[str, str]]:
    """Yield table and column of every value anywhere in the database that is one of the ids."""
    for table, fields in columns(vault).items():
        for field in fields:
            sql = f'SELECT DISTINCT "{field["name"]}" FROM {table}'  # noqa: S608 - names are the schema's
            if any(row[0] in ids for row in vault.db.execute(sql).fetchall()):
                yield table, field["name"]
