"""No table is forgotten: each that holds something of a session has a decision here, and goes with it."""

from typing import NamedTuple

import pytest

from page_traces import traces
from recollections import columns, fill_every_table, id_in, left_of, linked, marker
from supervise.app.workspace import Workspace
from supervise.storage import destruction, recall_destruction
from supervise.storage.database import transaction
from supervise.storage.database_check import CONTENTS
from workspaces import add_session


class Decided(NamedTuple):
    """What a table's rows are to a client's own bundle, and what becomes of them in a deleted portion."""

    bundle: str
    portion: str


_SOUND = "silent where it was"
_RECALL = "goes with the recalls that heard it"
# A new table with a session_id, recall_id, interview_id, series_id, transcript_id or moment_id belongs here:
# decide whether the client is given it, and what deleting a portion does to it, and build both.
GOES: dict[str, Decided] = {
    "sessions": Decided("sound, day and length", _SOUND),
    "transcripts": Decided("the current version", "its words there are taken out"),
    "windows": Decided("the current version", "its words there are taken out"),
    "speaker_names": Decided("in the transcript", "says nothing of a place"),
    "moments": Decided("all but private ones, which are held back", "notes there and quoting ones emptied"),
    "comments": Decided("those on moments handed over", "those there and quoting ones removed"),
    "jobs": Decided("no: work of the program", "says nothing of a place"),
    "history": Decided("no: undo", "all of the session's"),
    "search_rows": Decided("no: an index of what is given", "follows transcript and notes"),
    "recordings": Decided("no: became the session", "its media go; gaps and marks say nothing that was said"),
    "recording_gaps": Decided("in session.json", "says nothing that was said"),
    "removed_spans": Decided("as silence", "one more"),
    "recalls": Decided("those the client took part in", _RECALL),
    "recall_stops": Decided("with the recall", _RECALL),
    "recall_prompts": Decided("with the recall", _RECALL),
    "recall_stretches": Decided("with the recall", _RECALL),
    "recall_transcripts": Decided("with the recall", _RECALL),
    "recall_windows": Decided("with the recall", _RECALL),
    "recall_speaker_names": Decided("with the recall", _RECALL),
    "recall_marks": Decided("with the recall", _RECALL),
    "recall_writeups": Decided("shared ones with the recall; private ones held back", _RECALL),
    "interviews": Decided("the client's", "answers about events there go"),
    "interview_answers": Decided(
        "the client's; held back while the other party is blind", "about events there go"
    ),
    "recall_events": Decided("the client's", "those that touch it go"),
    "rating_series": Decided("the client's", "says nothing of a place"),
    "rating_runs": Decided("the client's", "those there go"),
    "rating_points": Decided("the client's", "those there go"),
}
# What people said, wrote or answered: certificates rest on pieces of it being looked for afterwards.
TEXTS = {
    "windows",
    "moments",
    "history",
    "search_rows",
    "recall_windows",
    "recall_marks",
    "recall_writeups",
    "interview_answers",
    "recall_events",
    "rating_points",
}
# These name a session after it is gone, and hold nothing that was said in it.
STAYS = {
    "stubs": "that there was a session, and which certificate says what became of it",
    "copies": "copies that left are called back by name after the session is gone",
    "holds": "a hold may outlive what it was placed on; its reason is the practice's",
}


def test_every_table_of_a_session_has_been_decided_on(workspace: Workspace) -> None:
    assert set(linked(workspace.vault)) == (set(GOES) | set(STAYS)) - {"sessions"}
    assert "sessions" in columns(workspace.vault)


def test_every_table_is_named_when_damage_is_told(workspace: Workspace) -> None:
    assert set(columns(workspace.vault)) - set(CONTENTS) == set()


def test_a_destroyed_session_leaves_no_row_that_names_it_or_what_hung_on_it(workspace: Workspace) -> None:
    session = add_session(workspace)
    vault = workspace.vault
    fill_every_table(vault, session)
    ids = {session, *(id_in(table) for table in GOES)}
    before = {table for table, _ in left_of(vault, ids)}
    assert before >= set(GOES)
    with transaction(vault.db) as db:
        destruction.delete_session(db, session)
    assert {table for table, _ in left_of(vault, ids)} <= set(STAYS)


def test_pieces_of_every_text_are_looked_for_and_none_is_found_afterwards(workspace: Workspace) -> None:
    session = add_session(workspace)
    vault = workspace.vault
    fill_every_table(vault, session)
    pieces = destruction.needles(vault.db, session)
    missed = [table for table in TEXTS if not any(piece in marker(table).encode() for piece in pieces)]
    assert missed == []
    words = [marker(table).encode() for table in GOES if table != "sessions"]
    assert traces(vault.path, vault.database_key, words)
    with transaction(vault.db) as db:
        destruction.delete_session(db, session)
    assert destruction.purge(vault, pieces).hits == 0
    assert traces(vault.path, vault.database_key, words) == []


@pytest.mark.parametrize("table", sorted(set(recall_destruction.OF_RECALL)))
def test_an_emptied_recall_leaves_nothing_that_hung_on_it(workspace: Workspace, table: str) -> None:
    fill_every_table(workspace.vault, add_session(workspace))
    ids = recall_destruction.RecallIds((id_in("recalls"),))
    with transaction(workspace.vault.db) as db:
        recall_destruction.empty(db, ids)
    assert workspace.vault.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608
