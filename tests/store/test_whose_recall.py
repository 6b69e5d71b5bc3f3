"""To whom a recall is open: what a client recalled without their therapist stays theirs."""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recall_rooms import add_sounding_session
from recollections import CLIENT_RECALL, CLIENTS, KINDS, THERAPISTS, add_recollection
from supervise.app.consenting import Statement, give_part
from supervise.app.interviews import interview_view, interviews
from supervise.app.rating_export import export_rating
from supervise.app.rating_reading import rating_view, ratings
from supervise.app.recall_export import RecallExportJob, RecallWish, export_recall
from supervise.app.recall_listening import recall_peaks
from supervise.app.recall_lists import closed_recalls, closed_to_therapist, recall_rows
from supervise.app.recall_marks import MarkRecall, marks_of
from supervise.app.recall_reading import open_recall_sound, recall_view, recalled_about, recalls
from supervise.app.recalls_to_take_out import recalls_to_take_out
from supervise.app.subject_access import AccessWish, write_bundle
from supervise.app.workspace import Workspace
from supervise.app.write_ups import WriteUpRecall, write_ups_of
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import InterviewId, RecallId, SeriesId, SessionId, new_id
from supervise.domain.moments import Perspective
from supervise.domain.rating import Rater, RatingSetup
from supervise.domain.recall import RecallKind, Setup
from supervise.domain.roles import parse_part
from supervise.storage.database import transaction
from supervise.storage.rating import Series
from workspaces import CLIENT, PASSPHRASE, TODAY, add_transcript, opened, spoken

WORDS = "quite other words for somebody else"
STUDY, OTHER = "S", "Another/REC-2"
PARTS = {
    "Cara": ("inquirer", Perspective.THERAPIST),
    "Ivo": ("inquirer", Perspective.THERAPIST),
    "Bo": ("supervisor", Perspective.SUPERVISOR),
    "Rhea": (f"researcher={STUDY}", Perspective.RESEARCHER),
    "Otto": (f"researcher={OTHER}", Perspective.RESEARCHER),
    "Tim": ("trainee", Perspective.THERAPIST),
    "Mira": ("client", Perspective.CLIENT),
}


class House:
    """A case of Ada's in which Cara held a recall with the client, and everybody has a part."""

    def __init__(self, ada: Workspace, path: Path, kdf: KdfParams) -> None:
        self._at, self._path, self._kdf = ada, path, kdf
        self.session = add_sounding_session(ada, np.zeros((60_000, 1), np.int16), 1000)
        add_transcript(ada, self.session, spoken("what was said in the session"))
        agreed = {Grant(Scope.CLIENT_RECALL), Grant(Scope.SUPERVISOR, "Bo"), Grant(Scope.TRAINING)}
        agreed |= {Grant(Scope.RESEARCH, STUDY), Grant(Scope.RESEARCH, OTHER)}
        ada.record_consent(Statement(CLIENT, TODAY, frozenset(agreed)))
        client = ada.store.sessions.get(self.session).client
        for name, (part, role) in PARTS.items():
            profile, _ = ada.add_profile(name, role, WORDS)
            ada.store.case_roles.give(client, profile.profile, parse_part(part), None)
        self.own = add_recollection(ada, self.session, Setup(RecallKind.THERAPIST), THERAPISTS, noted=False)
        self.both = add_recollection(ada, self.session, KINDS["mutual"], THERAPISTS, noted=False)
        cara = self.come("Cara")
        self.clients = add_recollection(cara, self.session, CLIENT_RECALL, CLIENTS)

    def come(self, name: str) -> Workspace:
        """Close the vault and come back as somebody."""
        self._at.close()
        self._at = opened(self._path, self._kdf, name, PASSPHRASE if name == "Ada" else WORDS)
        return self._at

    def close(self) -> None:
        """Close the vault."""
        self._at.close()

    def agree_to_share(self) -> None:
        """Write down that the client shares."""
        self.come("Ada").record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.SHARE_RECALL)})))


@pytest.fixture
def house(workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams) -> Iterator[House]:
    made = House(workspace, vault_path, cheap_kdf)
    yield made
    made.close()


def test_whoever_holds_it_is_told_whether_it_is_closed_to_the_therapist(house: House) -> None:
    cara = house.come("Cara")
    assert [closed_to_therapist(cara, one) for one in (house.own, house.both)] == [None, None]
    assert closed_to_therapist(cara, house.clients) is True
    assert closed_to_therapist(house.come("Ada"), house.clients) is False
    house.agree_to_share()
    assert closed_to_therapist(house.come("Cara"), house.clients) is None


def uses(desk: Workspace, recall: RecallId, folder: Path) -> list[Callable[[], object]]:
    """Return everything that shows something of a recall."""
    return [
        lambda: recall_view(desk, recall),
        lambda: marks_of(desk, recall),
        lambda: write_ups_of(desk, recall),
        lambda: open_recall_sound(desk, recall),
        lambda: recall_peaks(desk, recall),
        lambda: export_recall(desk, recall, "json", folder / "recall.json"),
        lambda: export_recall(desk, recall, "html", folder / "recall.html"),
        lambda: desk.execute(MarkRecall(recall, 0, 1000, note="mine")),
        lambda: desk.execute(WriteUpRecall(recall, "mine")),
    ]


def seen(desk: Workspace, session: SessionId) -> set[RecallId]:
    """Return the recalls of the session somebody is shown, the same wherever they look."""
    found = {row.recall for row in recalls(desk)}
    assert {row.recall for row in recall_rows(desk, session)} == found
    assert {row.recall for row in recalls_to_take_out(desk, session)} == found
    assert {row.recall for row in recalled_about(desk, session, 2500)} == found
    for recall in found:
        assert recall_view(desk, recall).recall.recall == recall
    return found


def test_what_a_client_recalled_without_the_therapist_is_closed_to_the_therapist(
    house: House, tmp_path: Path
) -> None:
    ada = house.come("Ada")
    for use in uses(ada, house.clients, tmp_path):
        with pytest.raises(NotCoveredError, match="share_recall"):
            use()
    assert seen(ada, house.session) == {house.own, house.both}
    assert closed_recalls(ada, house.session) == 1
    with pytest.raises(NotCoveredError, match="share_recall"):
        RecallExportJob(ada, RecallWish(house.own, "html", tmp_path / "both.html", beside=(house.clients,)))
    assert not list(tmp_path.glob("*.html"))


def test_once_the_client_agrees_to_share_it_it_is_open_and_closed_again_when_taken_back(house: House) -> None:
    house.agree_to_share()
    ada = house.come("Ada")
    assert seen(ada, house.session) == {house.own, house.both, house.clients}
    back = frozenset({Grant(Scope.SHARE_RECALL)})
    ada.record_consent(Statement(CLIENT, TODAY, withdrawn=back))
    assert seen(ada, house.session) == {house.own, house.both}


def test_each_part_sees_what_belongs_to_it(house: House) -> None:
    expected = {
        "Cara": {house.clients},
        "Ivo": set(),
        "Bo": {house.own, house.both},
        "Rhea": {house.clients},  # the interview held in it is of her study
        "Otto": set(),
        "Tim": {house.own, house.both},
        "Mira": {house.clients, house.both},
    }
    assert {name: seen(house.come(name), house.session) for name in PARTS} == expected
    assert closed_recalls(house.come("Mira"), house.session) == 0  # not even that there is one
    house.agree_to_share()
    assert seen(house.come("Bo"), house.session) == {house.own, house.both, house.clients}
    assert seen(house.come("Otto"), house.session) == set()


def test_whoever_is_named_as_its_inquirer_reads_it_whoever_held_it(house: House) -> None:
    ada = house.come("Ada")
    setup = Setup(RecallKind.THERAPIST, inquirer="ivo")
    helped = add_recollection(ada, house.session, setup, THERAPISTS, noted=False)
    assert seen(house.come("Ivo"), house.session) == {helped}


def test_neither_a_part_nor_a_name_opens_it_for_the_therapist(house: House) -> None:
    ada = house.come("Ada")
    for part in ("client", "inquirer", f"researcher={STUDY}"):
        with pytest.raises(UsageError, match="yours"):
            give_part(ada.store, ada.gate, CLIENT, "ada", part, None)
    give_part(ada.store, ada.gate, CLIENT, "Ada", "owner", None)
    with transaction(ada.vault.db) as db:  # as if the inquirer had been called what the therapist is called
        setup = replace(CLIENT_RECALL, inquirer=ada.profile.name)
        db.execute("UPDATE recalls SET setup = ? WHERE id = ?", [json.dumps(setup.plain()), house.clients])
    assert seen(ada, house.session) == {house.own, house.both}


def test_what_was_answered_in_a_closed_recall_is_closed_with_it(house: House) -> None:
    def tied(desk: Workspace) -> InterviewId:
        (row,) = desk.store.interviews.of_recall(house.clients)
        return row.interview

    ada = house.come("Ada")
    with transaction(ada.vault.db) as db:
        db.execute("UPDATE interviews SET due_from = created_at, due_until = created_at")
    with pytest.raises(NotCoveredError, match="share_recall"):
        interview_view(ada, tied(ada))
    assert interviews(ada) == interviews(ada, house.session) == ()
    house.agree_to_share()
    ada = house.come("Ada")
    assert [row.interview for row in interviews(ada)] == [tied(ada)]


def test_what_a_client_rated_with_somebody_else_is_closed_to_the_therapist(
    house: House, tmp_path: Path
) -> None:
    cara, series = house.come("Cara"), SeriesId(new_id())
    setup = RatingSetup(Rater.CLIENT)
    cara.store.ratings.begin(
        Series(series, house.session, cara.profile.profile, setup, "2026-11-22T10:00:00Z")
    )
    cara.store.ratings.end(series, {})
    ada = house.come("Ada")
    looks: list[Callable[[], object]] = [
        lambda: rating_view(ada, series),
        lambda: ratings(ada, house.session),
        lambda: export_rating(ada, series, "json", tmp_path / "series.json"),
    ]
    for look in looks:
        with pytest.raises(NotCoveredError, match="share_recall"):
            look()
    assert ratings(ada) == ()
    house.agree_to_share()
    assert [row.series for row in ratings(house.come("Ada"))] == [series]


def test_the_clients_bundle_does_not_open_it_for_the_therapist_and_says_what_is_missing(
    house: House, tmp_path: Path
) -> None:
    ada, target = house.come("Ada"), tmp_path / "bundle.zip"
    write_bundle(ada, AccessWish(CLIENT, target), lambda _: None, lambda: False)
    with zipfile.ZipFile(target) as bundle:
        names = bundle.namelist()
        everything = b"".join(bundle.read(name) for name in names if not name.endswith(".flac"))
    assert not [name for name in names if house.clients[:8] in name]
    assert b"vermilion" not in everything
    assert house.clients.encode() in everything
