"""A vault made by the program of schema 3: recalls and all that hangs on them, interviews, ratings, cards."""

from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from stored_vaults import Stored

from supervise.app.cards import cards
from supervise.app.consenting import Statement
from supervise.app.interview_reading import interview_view, interviews
from supervise.app.rating_reading import rating_view, ratings
from supervise.app.recall_marks import marks_of
from supervise.app.recall_reading import open_recall_sound, recall_view, recalled_about, recalls
from supervise.app.retention import due_list
from supervise.app.withdrawing import WithdrawWish, withdraw
from supervise.app.workspace import Workspace
from supervise.app.write_ups import write_ups_of
from supervise.audio.master import MasterReader
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import RecallId, SeriesId, TranscriptId
from supervise.domain.recall import ChosenBy, Party, PromptUse
from supervise.domain.recall_marks import TimeFrame
from supervise.domain.recordings import Gap, GapReason
from supervise.storage.database import connect
from supervise.storage.migrations import migrate
from supervise.storage.vault import Vault
from supervise.storage.verify import verify

STUDY, LIKED = "PROCESS-1/REC-22-041", "When she said that I need not decide today"
CLIENTS, MINE, SERIES = RecallId("c1" * 16), RecallId("d2" * 16), SeriesId("e3" * 16)
STORED = Stored("v3", date(2026, 11, 28))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return STORED.copied(tmp_path)


def check_content(work: Workspace) -> None:
    assert {row.recall for row in recalls(work)} == {CLIENTS, MINE}
    view = recall_view(work, CLIENTS)
    setup = view.recall.setup
    assert (setup.recaller, setup.inquirer, setup.inquirer_may_stop) == (Party.CLIENT, "Cara", False)
    assert (setup.segments.spans, setup.segments.chosen_by) == (((0, 20_000),), ChosenBy.RANDOM)
    assert (setup.segments.seed, setup.hours_since) == (7, 20.5)
    assert [stop.recall_end_ms for stop in view.stops] == [6000, None]
    assert view.prompts == (PromptUse(0, 3500, "affect.feel", 0, "What did you feel?"),)
    assert view.recall.gaps == (Gap(4000, 120, GapReason.DEVICE),)
    assert [word.text for word in view.words][:3] == ["I", "went", "quiet"]
    assert view.names.name("A") == "client"
    assert len(view.map.stretches) == 2
    with open_recall_sound(work, CLIENTS) as stream:
        reader = MasterReader(cast("BinaryIO", stream), view.recall.sound)
        assert len(reader.read(0, view.recall.samples)) == 9000
    (mark,) = marks_of(work, CLIENTS)
    assert (mark.note, mark.time_frame) == ("went quiet at the question", TimeFrame.THEN)
    assert [(entry.code, entry.ratings) for entry in mark.codes] == [("ip.affect", (("intensity", 3),))]
    assert [entry.text for entry in write_ups_of(work, CLIENTS)] == ["I ask faster when it gets quiet."]
    found = recalled_about(work, view.session.session, 2000)
    assert {entry.recall for entry in found if entry.stop} == {CLIENTS, MINE}
    _check_studied(work)


def _check_studied(work: Workspace) -> None:
    held = [interview_view(work, row.interview) for row in interviews(work)]
    done = {view.row.party: view for view in held if view.row.done}
    assert set(done) == {Party.CLIENT, Party.THERAPIST}
    client = done[Party.CLIENT]
    (event,) = client.events
    assert (client.row.study, event.title) == (STUDY, "not deciding")
    assert client.value("which") == LIKED
    assert client.value("helpfulness", event.event) == 8.5
    assert dict(event.peaks) == {Party.THERAPIST: (70_000, 90_000), Party.CLIENT: (95_000,)}
    assert done[Party.THERAPIST].events[0].same_as == event.event
    (series,) = ratings(work)
    assert series.series == SERIES
    trace = rating_view(work, SERIES).trace
    assert (len(trace.points), trace.points[-1].value, trace.runs[0].end_ms) == (36, -85, 9000)
    found = cards(work)
    assert (found.name, found.cards[0].text) == ("stored@3", "What was that like?")
    assert {thing.recall for thing in due_list(work) if thing.kind == "recall"} >= {CLIENTS, MINE, SERIES}


def test_version_3_opens_is_whole_and_is_brought_to_the_present(path: Path) -> None:
    def check(work: Workspace) -> None:
        check_content(work)
        assert [entry.text for entry in write_ups_of(work, MINE)] == ["For myself: slow down."]

    STORED.check_opens(path, check)


def test_a_backup_of_version_3_is_restored_with_everything(path: Path, tmp_path: Path) -> None:
    STORED.check_backup(path, tmp_path, check_content)


def test_what_was_done_in_version_3_is_taken_back_and_done_again(path: Path) -> None:
    work = STORED.opened(path)
    work.undo()
    assert write_ups_of(work, MINE) == ()
    work.redo()
    assert [entry.text for entry in write_ups_of(work, MINE)] == ["For myself: slow down."]
    work.close()


def test_the_supervisor_of_version_3_reads_what_is_shared(path: Path) -> None:
    """What the client recalled with Cara is theirs to share, also where it was readable before that rule."""
    bea = STORED.opened(path, "bea", "Bea")
    with pytest.raises(NotCoveredError, match="share_recall"):
        write_ups_of(bea, CLIENTS)
    assert write_ups_of(bea, MINE) == ()
    bea.close()
    work = STORED.opened(path)
    work.record_consent(Statement("K-01", work.today(), frozenset({Grant(Scope.SHARE_RECALL)})))
    work.close()
    bea = STORED.opened(path, "bea", "Bea")
    assert [entry.private for entry in write_ups_of(bea, CLIENTS)] == [False]
    bea.close()


def test_what_the_client_of_version_3_recalled_goes_with_their_consent(path: Path) -> None:
    work = STORED.opened(path)
    wish = WithdrawWish("K-01", frozenset({Grant(Scope.CLIENT_RECALL)}), now=True)
    certificate = withdraw(work, wish).certificate
    assert certificate is not None
    assert certificate["proof"]["pages_with_traces"] == 0
    assert [row.recall for row in recalls(work)] == [MINE]
    assert ratings(work) == ()
    assert work.store.recall_transcripts.words(TranscriptId("7b" * 16)) == ()
    assert verify(work.vault, lambda _: None).damaged == ()
    work.close()


def test_version_3_has_the_schema_of_a_new_vault(path: Path, tmp_path: Path) -> None:
    """Also fails when a released schema text is edited: then the stored vault no longer fits it."""
    fresh = connect(tmp_path / "fresh.db", bytes(32))
    migrate(fresh, tmp_path / "fresh.db", bytes(32))
    query = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
    with Vault.open(path, STORED.secrets["passphrase"]) as vault:
        assert vault.db.execute(query).fetchall() == fresh.execute(query).fetchall()
    fresh.close()


def test_every_key_of_version_3_opens_it(path: Path) -> None:
    STORED.check_keys(path)
