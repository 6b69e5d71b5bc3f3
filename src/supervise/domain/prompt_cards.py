"""Prompt cards: what an inquirer may ask in a recall, in groups, each card with a key of one letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from supervise.domain.errors import UsageError

# I stops the tape for the inquirer; every other key of recall mode is no letter.
CARD_KEYS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
MOST_GROUPS = 9  # a digit each
MOST_IN_GROUP = 12
MOST_TEXT = 160
MOST_LABEL = 40

_ID = re.compile(r"[a-z0-9][a-z0-9._\-]{0,39}")
_SPACES = re.compile(r"[ \t\r\n]+")
# Spaces that do not break (French) and joiners (Persian, Hindi): no line breaks, though not "printable".
_ALSO_PLAIN = str.maketrans("", "", "\u00a0\u202f\u200c\u200d")
_CHANGED = re.compile(r"(.*)\+(\d{1,6})")
ID_RULE = "small letters, digits, dots and dashes, at most 40"
KEY_RULE = "one letter from A to Z, but not I, which stops the tape"


@dataclass(frozen=True, slots=True)
class CardGroup:
    """A group of cards; its place among the groups is its digit."""

    group: str
    label: str


@dataclass(frozen=True, slots=True)
class PromptCard:
    """One card; `key` is a capital letter, or empty: then it gets a free one while its group is open."""

    card: str
    group: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class CardSet:
    """All cards there are, in order; a version that ends in `+3` was changed three times in the program."""

    cards_id: str
    version: str
    language: str
    groups: tuple[CardGroup, ...]
    cards: tuple[PromptCard, ...]

    @property
    def name(self) -> str:
        """The set and its version, as `supervise-default@1.0.0`."""
        return f"{self.cards_id}@{self.version}"

    def card(self, card: str) -> PromptCard | None:
        """Return the card of that id, if there is one."""
        return next((entry for entry in self.cards if entry.card == card), None)

    def of_group(self, group: str) -> tuple[PromptCard, ...]:
        """Return the cards of a group, in order."""
        return tuple(entry for entry in self.cards if entry.group == group)

    def shown_keys(self, group: str) -> dict[str, str]:
        """Return the card of each key while a group is open: own keys first, free letters for the rest.

        A free letter is one that no card has for its own; once those are used up, one that no card of
        the group has.
        """
        here = self.of_group(group)
        keys = {entry.key: entry.card for entry in here if entry.key}
        others = {entry.key for entry in self.cards if entry.key} - set(keys)
        free = [key for key in CARD_KEYS if key not in keys and key not in others]
        free += [key for key in CARD_KEYS if key in others]
        keyless = [entry.card for entry in here if not entry.key]
        return {**keys, **dict(zip(free, keyless, strict=False))}

    def pressed(self, key: str, group: str) -> PromptCard | None:
        """Return the card a letter stands for while `group` is open: of the group, else any card's own."""
        wanted = key.upper()
        shown = self.shown_keys(group)
        if wanted in shown:
            return self.card(shown[wanted])
        return next((entry for entry in self.cards if entry.key == wanted), None) if wanted else None

    def group_at(self, digit: str) -> CardGroup | None:
        """Return the group of a digit from 1."""
        if len(digit) != 1 or digit not in "123456789" or int(digit) > len(self.groups):
            return None
        return self.groups[int(digit) - 1]


# ---------------------------------------------------------------------- rules, each a sentence or empty
def id_problem(text: str) -> str:
    """Say why a text will not do as an id; empty when it will."""
    return "" if _ID.fullmatch(text) else f"“{text[:40]}” will not do as an id: use {ID_RULE}."


def key_problem(key: str) -> str:
    """Say why a text will not do as a card's key; empty when it will, or there is none."""
    fine = not key or key.upper() in set(CARD_KEYS)
    return "" if fine else f"“{key[:10]}” will not do as a key: take {KEY_RULE}."


def words_problem(text: str, most: int, what: str) -> str:
    """Say why a text will not do as a wording or a label; empty when it will."""
    if not text.strip():
        return f"{what} has no words yet."
    if len(text) > most:
        return f"{what} may have at most {most} letters."
    return "" if text.translate(_ALSO_PLAIN).isprintable() else f"{what} must be one line of plain text."


def set_problems(cards: CardSet) -> Iterator[tuple[object, str]]:
    """Yield what is wrong with a set as a whole, each with the group or card it is about (or None)."""
    if not cards.groups or len(cards.groups) > MOST_GROUPS:
        yield None, f"There are 1 to {MOST_GROUPS} groups of cards, a digit each."
    yield from _twice(cards.groups, "group")
    yield from _twice(cards.cards, "card")
    known = {group.group for group in cards.groups}
    keys: dict[str, str] = {}
    for card in cards.cards:
        if card.group not in known:
            yield card, f"There is no group “{card.group[:40]}”. The groups are: {', '.join(sorted(known))}."
        if card.key and card.key in keys:
            yield card, f"The key {card.key} belongs to two cards: {keys[card.key]} and {card.card}."
        keys.setdefault(card.key, card.card)
    for group in cards.groups:
        if len(cards.of_group(group.group)) > MOST_IN_GROUP:
            yield group, f"“{group.label}” has more than {MOST_IN_GROUP} cards. Take some out."


def _twice(
    entries: tuple[CardGroup, ...] | tuple[PromptCard, ...], what: str
) -> Iterator[tuple[object, str]]:
    seen: set[str] = set()
    for entry in entries:
        name = entry.group if isinstance(entry, CardGroup) else entry.card
        if name in seen:
            yield entry, f"There are two {what}s with the id “{name}”."
        seen.add(name)


def card_problem(card: PromptCard) -> str:
    """Say what is wrong with one card by itself."""
    return id_problem(card.card) or words_problem(card.text, MOST_TEXT, "A card") or key_problem(card.key)


def checked(cards: CardSet) -> CardSet:
    """Return the set; raises UsageError with the first thing that is wrong with it."""
    found = [card_problem(card) for card in cards.cards]
    for group in cards.groups:
        found += [id_problem(group.group), words_problem(group.label, MOST_LABEL, "A group")]
    found += [sentence for _, sentence in set_problems(cards)]
    problem = next((sentence for sentence in found if sentence), "")
    if problem:
        raise UsageError(problem)
    return cards


# ---------------------------------------------------------------------- changing a set
def plain_words(text: str) -> str:
    """Return a wording as it is kept: on one line, with single spaces."""
    return _SPACES.sub(" ", text).strip()


def with_card(cards: CardSet, card: PromptCard) -> CardSet:
    """Return the set with a card in place of the one of its id, or added as the last; `checked` judges it."""
    card = replace(card, text=plain_words(card.text), key=card.key.strip().upper())
    if cards.card(card.card) is None:
        return replace(cards, cards=(*cards.cards, card))
    rows = tuple(card if entry.card == card.card else entry for entry in cards.cards)
    return replace(cards, cards=rows)


def without_card(cards: CardSet, card: str) -> CardSet:
    """Return the set without a card."""
    return replace(cards, cards=tuple(entry for entry in cards.cards if entry.card != card))


def moved(cards: CardSet, card: str, step: int) -> CardSet:
    """Return the set with a card one place up (-1) or down (1) in its group; at the end it stays."""
    here = cards.card(card)
    if here is None:
        return cards
    places = [at for at, entry in enumerate(cards.cards) if entry.group == here.group]
    number = next(at for at, place in enumerate(places) if cards.cards[place] == here)
    if not 0 <= number + step < len(places):
        return cards
    rows = list(cards.cards)
    one, other = places[number], places[number + step]
    rows[one], rows[other] = rows[other], rows[one]
    return replace(cards, cards=tuple(rows))


def new_card_id(cards: CardSet, group: str) -> str:
    """Return an id that no card of the set has, such as `affect.own3`."""
    stem = group[:30]
    return next(
        name for name in (f"{stem}.own{number}" for number in range(1, 10_000)) if cards.card(name) is None
    )


def changed(before: CardSet, wanted: CardSet) -> CardSet:
    """Return what `before` was changed to, its version counted on: `1.0.0+1`, then `1.0.0+2`.

    Where nothing was changed, that is `before`.
    """
    if same_cards(before, wanted):
        return before
    found = _CHANGED.fullmatch(before.version)
    version = f"{found[1]}+{int(found[2]) + 1}" if found else f"{before.version}+1"
    return replace(wanted, cards_id=before.cards_id, version=version)


def same_cards(one: CardSet, other: CardSet) -> bool:
    """Whether two sets hold the same cards in the same groups and order, whatever they are called."""
    return (one.groups, one.cards) == (other.groups, other.cards)
