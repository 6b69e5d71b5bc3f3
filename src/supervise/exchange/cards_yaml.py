"""Prompt cards as YAML: reading a set, with every problem named by its line, and writing one."""

import re

import yaml

from supervise.domain.errors import NotReadableError
from supervise.domain.prompt_cards import (
    MOST_LABEL,
    MOST_TEXT,
    CardGroup,
    CardSet,
    PromptCard,
    id_problem,
    key_problem,
    set_problems,
    words_problem,
)
from supervise.exchange.yaml_fields import Fields, Findings, compose

SHOWN_PROBLEMS = 20
_TOP = ("prompts", "groups", "cards")
_HEAD = ("id", "version", "language", "notes")
_GROUP = ("id", "label")
_CARD = ("id", "group", "text", "key")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+\-]{0,63}")
_HEADING = "prompt cards start with “prompts:” and their id, version and language."


def parse_cards(text: str, source: str) -> CardSet:
    """Return the cards written in `text`; `source` names it in messages (such as the file's name).

    Raises NotReadableError listing every problem as `line N: ...`, in the order of the file.
    """
    findings = Findings()
    root = compose(text.removeprefix("\ufeff"), findings)
    cards = (
        _set(Fields(root, "a file of prompt cards", _TOP, findings), findings) if root is not None else None
    )
    problems = findings.sentences()
    if cards is None or problems:
        shown = problems[:SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"... and {len(problems) - len(shown)} more.")
        raise NotReadableError("\n".join([f"The prompt cards in {source} cannot be used yet.", *shown]))
    return cards


def _set(top: Fields, findings: Findings) -> CardSet | None:
    head_node = top.get("prompts")
    if head_node is None:
        if not findings.found:
            top.problem("prompts", _HEADING)
        return None
    head = Fields(head_node, "the heading", _HEAD, findings)
    version = head.text("version", required=True, limit=64)
    if version and not _VERSION.fullmatch(version):
        head.problem("version", f"“{version[:40]}” will not do as version: use letters, digits and dots.")
    groups = [(_group(fields), fields) for fields in _entries(top, "groups", "a group", _GROUP, findings)]
    cards = [(_card(fields), fields) for fields in _entries(top, "cards", "a card", _CARD, findings)]
    made = CardSet(
        cards_id=_identifier(head),
        version=version,
        language=head.text("language", limit=35) or "en",
        groups=tuple(group for group, _ in groups),
        cards=tuple(card for card, _ in cards),
    )
    places: dict[int, Fields] = {id(entry): fields for entry, fields in (*groups, *cards)}
    for entry, sentence in set_problems(made):
        places.get(id(entry), top).problem("id", _small(sentence))
    return made


def _entries(top: Fields, name: str, what: str, known: tuple[str, ...], findings: Findings) -> list[Fields]:
    if top.get(name) is None:
        top.problem(name, f"prompt cards need “{name}”.")
    return [Fields(node, what, known, findings) for node in top.items(name)]


def _identifier(fields: Fields) -> str:
    value = fields.text("id", required=True)
    if value:
        _note(fields, "id", id_problem(value))
    return value


def _group(fields: Fields) -> CardGroup:
    label = fields.text("label", required=True)
    if label:
        _note(fields, "label", words_problem(label, MOST_LABEL, "A group's label"))
    return CardGroup(_identifier(fields), label)


def _card(fields: Fields) -> PromptCard:
    text, key = fields.text("text", required=True), fields.text("key")
    if text:
        _note(fields, "text", words_problem(text, MOST_TEXT, "A card"))
    _note(fields, "key", key_problem(key))
    return PromptCard(_identifier(fields), fields.text("group", required=True), text, key.upper())


def _note(fields: Fields, name: str, sentence: str) -> None:
    if sentence:
        fields.problem(name, _small(sentence))


def _small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def write_cards(cards: CardSet) -> str:
    """Return the set as YAML that `parse_cards` reads back as the same."""
    rows = [
        {"id": card.card, "group": card.group, "text": card.text, **({"key": card.key} if card.key else {})}
        for card in cards.cards
    ]
    plain = {
        "prompts": {"id": cards.cards_id, "version": cards.version, "language": cards.language},
        "groups": [{"id": group.group, "label": group.label} for group in cards.groups],
        "cards": rows,
    }
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=200))
