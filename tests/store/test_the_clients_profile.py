"""A client with a profile of their own: what they took part in is open, the therapist's own is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from recollections import CLIENT_RECALL, CLIENTS, THERAPISTS, add_recollection
from studies import OWN, written
from supervise.app.consenting import Statement
from supervise.app.protocols import load_protocol
from supervise.app.rating_reading import rating_view, ratings
from supervise.app.recall_export import export_recall
from supervise.app.recall_listening import recall_peaks
from supervise.app.recall_lists import recall_rows
from supervise.app.recall_marks import MarkRecall, marks_of
from supervise.app.recall_reading import (
    open_recall_sound,
    recall_view,
    recalled_about,
    recalls,
)
from supervise.app.workspace import Workspace
from supervise.app.write_ups import WriteUpRecall, write_ups_of
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import ClientId, SeriesId, new_id
from supervise.domain.moments import Perspective
from supervise.domain.rating import Rater, RatingSetup
from supervise.domain.recall import RecallKind, Setup
from supervise.domain.roles import parse_part
from supervise.storage.rating import Series
from workspaces import CLIENT, TODAY, add_session, opened, spoken

WORDS = "quite other words for somebody else"


@pytest.mark.parametrize("role", [Perspective.CLIENT, Perspective.RESEARCHER])
def test_the_therapists_own_recall_and_rating_are_not_open_to_the_client(
    workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams, tmp_path: Path, role: Perspective
) -> None:
    session = add_session(workspace, words=spoken("what was said in the session"))
    workspace.record_consent(Statement(CLIENT, TODAY, frozenset({Grant(Scope.CLIENT_RECALL)})))
    own = add_recollection(workspace, session, Setup(RecallKind.THERAPIST), THERAPISTS)
    theirs = add_recollection(workspace, session, CLIENT_RECALL, CLIENTS)
    series = [SeriesId(new_id()), SeriesId(new_id())]
    for name, rater in zip(series, (Rater.THERAPIST, Rater.CLIENT), strict=True):
        row = Series(name, session, workspace.profile.profile, RatingSetup(rater), "2026-11-22T10:00:00Z")
        workspace.store.ratings.begin(row)
        workspace.store.ratings.end(name, {})
    somebody, _ = workspace.add_profile("Mira", role, WORDS)
    client = ClientId(workspace.store.sessions.get(session).client)
    workspace.store.case_roles.give(client, somebody.profile, parse_part("client"), None)
    workspace.close()
    mira = opened(vault_path, cheap_kdf, "Mira", WORDS)

    uses: list[Callable[[], object]] = [
        lambda: recall_view(mira, own),
        lambda: marks_of(mira, own),
        lambda: write_ups_of(mira, own),
        lambda: open_recall_sound(mira, own),
        lambda: recall_peaks(mira, own),
        lambda: export_recall(mira, own, "json", tmp_path / "own.json"),
        lambda: mira.execute(MarkRecall(own, 0, 1000, note="mine")),
        lambda: mira.execute(WriteUpRecall(own, "mine")),
        lambda: rating_view(mira, series[0]),
    ]
    for use in uses:
        with pytest.raises(NotCoveredError, match="therapist recalled or rated"):
            use()
    if role is Perspective.CLIENT:
        with pytest.raises(UsageError, match="brings the protocols"):
            load_protocol(mira, written(tmp_path, OWN))
    assert [row.recall for row in recalls(mira)] == [theirs]
    assert [row.recall for row in recalls(mira, session)] == [theirs]
    assert [row.recall for row in recall_rows(mira, session)] == [theirs]
    assert {found.recall for found in recalled_about(mira, session, 2500)} == {theirs}
    assert [row.series for row in ratings(mira, session)] == [series[1]]
    assert " ".join(word.text for word in recall_view(mira, theirs).words) == CLIENTS
    mira.close()
