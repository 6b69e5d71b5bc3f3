"""Prompt cards: the standard ones, their keys, changing them, and files with mistakes or worse."""

import contextlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.app.cards import standard_cards
from supervise.domain import prompt_cards
from supervise.domain.errors import NotReadableError, UsageError
from supervise.domain.prompt_cards import CARD_KEYS, CardGroup, CardSet, PromptCard
from supervise.exchange.cards_yaml import parse_cards, write_cards

SMALL = """\
prompts: {id: mine, version: 1.0, language: en}
groups:
  - {id: a, label: Feelings}
  - {id: b, label: Thoughts}
cards:
  - {id: a.one, group: a, text: What was there?, key: f}
  - {id: a.two, group: a, text: And then?}
  - {id: b.one, group: b, text: What did you think?, key: T}
"""
SMALL_SET = parse_cards(SMALL, "mine.yaml")
# Words that suggest an answer, judge, teach, or ask for today's opinion instead of what was there.
LEADING = re.compile(
    r"\b(why|should|don't you|isn't|wasn't|didn't|better|right|wrong|mistake|good|bad|really|of course"
    r"|do you think|now|angry|sad|afraid|ashamed)\b",
    re.IGNORECASE,
)


def problems(text: str) -> list[str]:
    with pytest.raises(NotReadableError) as caught:
        parse_cards(text, "mine.yaml")
    first, *rest = str(caught.value).split("\n")
    assert first == "The prompt cards in mine.yaml cannot be used yet."
    return rest


# --- the cards that ship


def test_the_standard_cards_have_the_groups_of_the_field_and_four_cards_each() -> None:
    cards = standard_cards()
    assert [group.label for group in cards.groups] == [
        "Affect",
        "Cognition",
        "Body and images",
        "Mutual perceptions",
        "Unstated agendas",
        "Expectations",
        "Risk and alternatives",
        "Familiarity",
    ]
    assert [len(cards.of_group(group.group)) for group in cards.groups] == [4] * 8
    assert prompt_cards.checked(cards) is cards


def test_the_standard_cards_ask_in_the_past_and_suggest_nothing() -> None:
    for card in standard_cards().cards:
        assert card.text.endswith("?"), card.card
        assert card.text.count("?") <= 2, card.card
        assert LEADING.search(card.text) is None, card.card
        assert re.search(r"\b(did|was|were|went|had|came|made|would)\b", card.text, re.IGNORECASE), card.card


def test_every_standard_card_has_a_key_of_its_own_or_the_same_free_letter_in_each_group() -> None:
    cards = standard_cards()
    for group in cards.groups:
        keys = cards.shown_keys(group.group)
        assert len(keys) == 4
        assert [key for key, card in keys.items() if not cards.card(card).key] == ["A", "C"]


# --- keys


def test_a_letter_asks_a_card_of_the_open_group_first_and_else_whichever_owns_it() -> None:
    assert SMALL_SET.pressed("f", "b").card == "a.one"
    assert SMALL_SET.pressed("A", "a").card == "a.two"
    assert SMALL_SET.pressed("A", "b") is None
    assert SMALL_SET.pressed("", "a") is None


def test_digits_are_groups_and_no_letter_is_one_of_recall_modes_keys() -> None:
    assert SMALL_SET.group_at("2").group == "b"
    assert SMALL_SET.group_at("3") is None
    assert SMALL_SET.group_at("0") is None
    assert SMALL_SET.group_at("²") is None
    assert "I" not in CARD_KEYS
    assert set(CARD_KEYS).isdisjoint(" []\r\n")


def test_where_every_letter_is_somebodys_own_a_card_without_a_key_still_has_one() -> None:
    owners = tuple(
        PromptCard(f"b.{key.lower()}", f"g{at // 12}", "What?", key) for at, key in enumerate(CARD_KEYS)
    )
    groups = tuple(CardGroup(f"g{number}", "G") for number in range(4))
    cards = CardSet("x", "1", "en", groups, (*owners, PromptCard("lone", "g3", "And?")))
    prompt_cards.checked(cards)
    assert cards.pressed("A", "g3").card == "lone"
    assert cards.pressed("A", "g0").card == "b.a"


# --- changing


def test_a_card_is_added_changed_moved_and_taken_out() -> None:
    name = prompt_cards.new_card_id(SMALL_SET, "a")
    more = prompt_cards.with_card(SMALL_SET, PromptCard(name, "a", "  What \n else? ", "q"))
    assert more.of_group("a")[-1] == PromptCard("a.own1", "a", "What else?", "Q")
    assert [card.card for card in prompt_cards.moved(more, name, -1).of_group("a")] == [
        "a.one",
        name,
        "a.two",
    ]
    assert prompt_cards.moved(more, name, 1) == more
    assert prompt_cards.moved(more, "nobody", 1) == more
    assert prompt_cards.without_card(more, name) == SMALL_SET
    changed = prompt_cards.with_card(more, replace(more.card("a.one"), text="What was it?"))
    assert changed.card("a.one").text == "What was it?"
    assert [card.card for card in changed.cards] == [card.card for card in more.cards]


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        (PromptCard("a.x", "a", "What?", "I"), "will not do as a key"),
        (PromptCard("a.x", "a", "What?", "ab"), "will not do as a key"),
        (PromptCard("a.x", "a", "What?", "\ufb06"), "will not do as a key"),  # becomes ST in capitals
        (PromptCard("a.x", "a", "What?", "1"), "will not do as a key"),
        (PromptCard("a.x", "a", "What?", "F"), "The key F belongs to two cards: a.one and a.x."),
        (PromptCard("a.x", "c", "What?"), "There is no group “c”. The groups are: a, b."),
        (PromptCard("a.x", "a", " "), "A card has no words yet."),
        (PromptCard("a.x", "a", "x" * 161), "A card may have at most 160 letters."),
        (PromptCard("a.x", "a", "a\x07b"), "A card must be one line of plain text."),
        (PromptCard("A x", "a", "What?"), "will not do as an id"),
    ],
)
def test_a_card_that_will_not_do_is_refused_in_a_sentence(card: PromptCard, sentence: str) -> None:
    with pytest.raises(UsageError, match=re.escape(sentence)):
        prompt_cards.checked(prompt_cards.with_card(SMALL_SET, card))


def test_a_group_takes_twelve_cards_at_most() -> None:
    cards = SMALL_SET
    for number in range(10):
        cards = prompt_cards.with_card(cards, PromptCard(f"a.n{number}", "a", "What?"))
    prompt_cards.checked(cards)
    with pytest.raises(UsageError, match="more than 12 cards"):
        prompt_cards.checked(prompt_cards.with_card(cards, PromptCard("a.n10", "a", "What?")))


def test_the_version_counts_changes_and_says_what_was_changed() -> None:
    once = prompt_cards.changed(SMALL_SET, prompt_cards.without_card(SMALL_SET, "a.two"))
    assert (once.name, len(once.cards)) == ("mine@1.0+1", 2)
    assert prompt_cards.changed(once, SMALL_SET).name == "mine@1.0+2"
    assert prompt_cards.changed(once, replace(once, version="9")) is once
    assert prompt_cards.changed(SMALL_SET, standard_cards()).cards_id == "mine"


# --- files


def test_what_is_written_reads_back_the_same() -> None:
    for cards in (standard_cards(), SMALL_SET):
        assert parse_cards(write_cards(cards), "again.yaml") == cards


WORDS = st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(str.isprintable)
WORDS = WORDS.filter(bool)


def test_the_spaces_of_french_and_the_joiners_of_persian_are_kept() -> None:
    french = "Qu\u2019avez-vous ressenti\u202f?"
    persian = "\u0686\u0647 \u0645\u06cc\u200c\u062e\u0648\u0627\u0633\u062a\u06cc\u062f\u061f"
    for text in (french, persian, french.replace("\u202f", "\u00a0")):
        cards = prompt_cards.checked(prompt_cards.with_card(SMALL_SET, PromptCard("a.x", "a", f" {text}\n")))
        assert cards.card("a.x").text == text
        assert parse_cards(write_cards(cards), "x.yaml") == cards


@given(st.lists(st.tuples(WORDS, st.sampled_from("ab"), st.booleans()), max_size=12), WORDS)
def test_any_wording_survives_a_file(rows: list[tuple[str, str, bool]], label: str) -> None:
    made = tuple(
        PromptCard(f"c{at}", group, text, CARD_KEYS[at] if keyed else "")
        for at, (text, group, keyed) in enumerate(rows)
    )
    cards = CardSet("x", "1.0+2", "de", (CardGroup("a", label), CardGroup("b", "B")), made)
    assert parse_cards(write_cards(prompt_cards.checked(cards)), "x.yaml") == cards


def test_every_mistake_is_told_with_its_line() -> None:
    text = SMALL.replace("id: b, label: Thoughts", "id: a, label: Thoughts")
    text = text.replace("text: And then?", "txt: And then?").replace("key: T", "key: f")
    assert problems(text) == [
        "line 4: there are two groups with the id “a”.",
        "line 7: a card has no field “txt”. Did you mean “text”?",
        "line 7: a card needs “text”.",
        "line 8: there is no group “b”. The groups are: a.",
        "line 8: the key F belongs to two cards: a.one and b.one.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: the file is empty."),
        ("codebook: {id: x}", "line 1: a file of prompt cards has no field “codebook”."),
        ("groups: []\ncards: []", "line 1: prompt cards start with “prompts:”"),
        ("prompts: {id: x, version: 1}\ncards: []", "line 1: prompt cards need “groups”."),
        (SMALL.replace("key: f", "key: [f]"), "line 6: “key” must be a text"),
        (SMALL.replace("key: f", "key: I"), "line 6: “I” will not do as a key"),
        (SMALL.replace("key: f", "key: no"), "line 6: YAML reads no as true or false"),
        (SMALL.replace("What was there?", '"a\\nb"'), "line 6: a card must be one line of plain text."),
        (SMALL.replace("version: 1.0", "version: 'a b'"), "line 1: “a b” will not do as version"),
        ("!!python/object/apply:os.system [ls]", "line 1:"),
        (SMALL.replace("What was there?", "!!python/name:os.system x"), "line 6: “text” carries a YAML tag"),
        ("a: &x [1]\nb: *x", "“*x” points elsewhere"),
        ("x" * 600_000, "line 1: the file is longer than 512 kB."),
    ],
)
def test_files_that_will_not_do(text: str, sentence: str) -> None:
    assert any(sentence in line for line in problems(text)), problems(text)


@given(st.text(max_size=300))
def test_any_text_is_either_cards_or_a_sentence(text: str) -> None:
    with contextlib.suppress(NotReadableError):
        parse_cards(text, "x.yaml")


def test_the_shipped_file_says_what_its_reader_reads() -> None:
    path = Path(__file__).parents[2] / "resources" / "prompts" / "default.yaml"
    assert parse_cards(path.read_text("utf-8"), "default.yaml").name == "supervise-default@1.0.0"


def test_the_guide_shows_cards_that_load_and_keys_that_are_true() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "recall.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert parse_cards(example, "our-clinic.yaml").name == "our-clinic@1"
    told = re.findall(r"F is always \*(.*?)\*, and 5 then A \*(.*?)\*", guide.replace("\n", " "))
    cards = standard_cards()
    unsaid = cards.group_at("5").group
    assert told == [(cards.pressed("F", unsaid).text, cards.pressed("A", unsaid).text)]
