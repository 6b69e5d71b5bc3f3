"""A vault's prompt cards: standard or its own, who may change them, files, the log, and how often used."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from recall_rooms import RecallRoom, recall_room
from supervise.app import cards, changes, log_page
from supervise.app.recall_export import stop_rows
from supervise.app.recall_reading import recall_view
from supervise.app.recall_recovering import destroy_recall
from supervise.app.workspace import Workspace
from supervise.crypto.keys import KdfParams
from supervise.domain.errors import NotReadableError, UsageError
from supervise.domain.moments import Perspective
from supervise.domain.prompt_cards import CardSet, PromptCard, changed, with_card
from workspaces import PASSPHRASE, opened

__all__ = ["recall_room"]
OWN = PromptCard("affect.own1", "affect", "What was there before the feeling?", "Q")


def change(desk: Workspace, wanted: CardSet) -> CardSet:
    """Change the cards in use, as the dialog does."""
    return cards.use_cards(desk, changed(cards.cards(desk), wanted))


def test_a_new_vault_has_the_standard_cards(workspace: Workspace) -> None:
    assert cards.cards(workspace) == cards.standard_cards()
    assert not cards.has_own_cards(workspace)


def test_changed_cards_are_there_after_a_restart_and_the_standard_can_come_back(
    workspace: Workspace, reopen: Callable[[], Workspace]
) -> None:
    told: list[str] = []
    workspace.subscribe(lambda change: told.append(change.topic))
    kept = change(workspace, with_card(cards.cards(workspace), OWN))
    assert kept.name == "supervise-default@1.0.0+1"
    assert told == [changes.CARDS]
    again = reopen()
    assert cards.cards(again) == kept
    assert cards.cards(again).card("affect.own1") == OWN
    more = change(again, with_card(kept, replace(OWN, text="What was there before?")))
    assert more.version == "1.0.0+2"
    assert cards.standard_again(again) == cards.standard_cards() == cards.cards(again)
    newest = {line.detail for line in again.log_lines(4)}
    assert {"prompt cards", "prompt cards, standard again"} <= newest
    assert not any("feeling" in line for line in newest)


def test_what_changes_nothing_keeps_nothing(workspace: Workspace) -> None:
    change(workspace, cards.standard_cards())
    assert not cards.has_own_cards(workspace)


def test_cards_that_will_not_do_are_refused_and_nothing_changes(workspace: Workspace) -> None:
    spoilt = replace(cards.standard_cards(), cards=(replace(OWN, key="I"),))
    with pytest.raises(UsageError, match="will not do as a key"):
        cards.use_cards(workspace, spoilt)
    assert not cards.has_own_cards(workspace)


def test_a_file_of_ones_own_goes_in_and_out(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "cards.yaml"
    cards.save_cards(cards.cards(workspace), out)
    with pytest.raises(UsageError, match="exists already"):
        cards.save_cards(cards.cards(workspace), out)
    out.write_text(out.read_text("utf-8").replace("id: supervise-default", "id: our-clinic"), "utf-8")
    loaded = cards.load_cards(workspace, out)
    assert loaded.cards_id == "our-clinic"
    assert cards.cards(workspace) == loaded


def test_loading_the_standard_file_is_the_standard_again(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "cards.yaml"
    cards.save_cards(cards.cards(workspace), out)
    change(workspace, with_card(cards.cards(workspace), OWN))
    cards.load_cards(workspace, out)
    assert not cards.has_own_cards(workspace)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"x" * 500_001, "larger than 500 kB"),
        (b"prompts: {}", "line 1:"),
    ],
)
def test_a_file_that_will_not_do_leaves_the_cards_as_they_were(
    workspace: Workspace, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "cards.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NotReadableError, match=sentence):
        cards.load_cards(workspace, path)
    assert not cards.has_own_cards(workspace)


@pytest.mark.parametrize("role", list(Perspective))
def test_whoever_inquires_changes_the_cards_and_a_clients_profile_does_not(
    workspace: Workspace, vault_path: Path, cheap_kdf: KdfParams, role: Perspective
) -> None:
    workspace.vault.add_profile("Bea", role, "another eight word phrase for this small test", kdf=cheap_kdf)
    workspace.close()
    other = opened(vault_path, cheap_kdf, "Bea", "another eight word phrase for this small test")
    try:
        wanted = with_card(cards.cards(other), OWN)
        if role is Perspective.CLIENT:
            for deed in (
                lambda: change(other, wanted),
                lambda: cards.standard_again(other),
                lambda: cards.load_cards(other, vault_path / "none.yaml"),
            ):
                with pytest.raises(UsageError, match="Whoever inquires writes the prompt cards"):
                    deed()
            assert not cards.has_own_cards(other)
        else:
            change(other, wanted)
            assert cards.has_own_cards(other)
    finally:
        other.close()


def test_no_file_that_goes_out_replaces_what_a_vault_consists_of(workspace: Workspace) -> None:
    vault = workspace.vault.path
    sealed = (vault / "vault.db").read_bytes()
    medium = vault / "media" / "0.sealed"
    places = (vault / "vault.db", vault / "vault.json", vault / "media" / ".." / "vault.db", medium)
    for place in places:
        with pytest.raises(UsageError, match="inside a vault"):
            cards.save_cards(cards.cards(workspace), place, force=True)
    with pytest.raises(UsageError, match="inside a vault"):
        log_page.write_log(workspace, vault / "vault.json", force=True)
    assert (vault / "vault.db").read_bytes()[:4096] == sealed[:4096]
    assert not medium.exists()


def test_uses_are_counted_and_die_with_their_recall(recall_room: RecallRoom) -> None:
    room = recall_room
    room.recall.stop()
    for card in ("affect.feel", "affect.feel", "body.tell"):
        room.recall.prompt(card)
    assert cards.card_uses(room.desk) == {"affect.feel": 2, "body.tell": 1}
    room.recall.end()
    destroy_recall(room.desk, room.recall.recall)
    assert cards.card_uses(room.desk) == {}


def test_a_prompt_keeps_the_words_it_was_asked_in(recall_room: RecallRoom) -> None:
    room = recall_room
    room.recall.stop()
    room.recall.prompt("affect.feel")
    changed = replace(cards.cards(room.desk).card("affect.feel"), text="What was it you felt?")
    change(room.desk, with_card(cards.cards(room.desk), changed))
    room.recall.prompt("affect.feel")
    room.recall.prompt("a card of my own")
    room.desk.lock()
    room.recall.prompt("affect.feel")
    room.desk.unlock(PASSPHRASE)
    room.recall.end()
    used = recall_view(room.desk, room.recall.recall).prompts
    now = "What was it you felt?"
    assert [one.words for one in used] == ["What did you feel there?", now, "", now]
    stop = stop_rows(recall_view(room.desk, room.recall.recall))[0]
    assert (stop["prompt"], stop["prompt_words"]) == ("affect.feel", now)
    assert stop["prompts"] == ["affect.feel", "affect.feel", "a card of my own", "affect.feel"]


def test_the_words_of_a_prompt_die_with_its_recall(recall_room: RecallRoom) -> None:
    room = recall_room
    room.recall.stop()
    room.recall.prompt("body.tell")
    room.recall.end()
    count = "SELECT count(*) FROM recall_prompts WHERE words = 'Did your body tell you anything?'"
    assert room.desk.vault.db.execute(count).fetchone()[0] == 1
    destroy_recall(room.desk, room.recall.recall)
    assert room.desk.vault.db.execute("SELECT count(*) FROM recall_prompts").fetchone()[0] == 0
