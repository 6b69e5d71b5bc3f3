"""What must hold between the parts of a codebook: names given once, references that lead somewhere."""

import difflib
from collections.abc import Iterable, Sequence

from supervise.domain.codebook import Code, Codebook
from supervise.exchange.yaml_fields import Fields

SPEAKERS = frozenset("CTDRQS")
RESERVED_KEYS = frozenset("m")


def check_codebook(
    book: Codebook,
    families: Sequence[Fields],
    codes: Sequence[Fields],
    relations: Sequence[Fields],
    scales: Sequence[Fields],
) -> None:
    """Note, on the fields they stand in, what does not fit together in `book`.

    The sequences hold where each family, code, relation and scale of `book` was read, in its order.
    """
    if len(scales) != len(book.scales):
        raise ValueError("a scale without its place")
    _given_once([family.family for family in book.families], families, "id")
    _given_once([code.code for code in book.codes], codes, "id")
    _given_once([code.key.casefold() for code in book.codes], codes, "key")
    _given_once([relation.relation for relation in book.relations], relations, "id")
    known_families = {family.family for family in book.families}
    known_scales = {scale.scale for scale in book.scales}
    parents = {code.code: code.parent for code in book.codes}
    for code, fields in zip(book.codes, codes, strict=True):
        _refer(fields, "family", [code.family], known_families)
        _refer(fields, "rate", code.rates, known_scales)
        _refer(fields, "parent", [code.parent], parents)
        _check_hand(code, fields)
        if code.parent and _circles(code.code, parents):
            fields.problem("parent", f"the parents of “{code.code}” lead back to itself.")
    for relation, fields in zip(book.relations, relations, strict=True):
        _refer(fields, "from", relation.sources, known_families)
        _refer(fields, "to", relation.targets, known_families)


def _check_hand(code: Code, fields: Fields) -> None:
    wrong = [letter for letter in code.speakers if letter not in SPEAKERS]
    if wrong:
        fields.problem("speaker", f"“{wrong[0][:20]}” is not a speaker; use C, T, D, R, Q or S.")
    if code.key and not (len(code.key) == 1 and code.key.isalnum()):
        fields.problem("key", f"“{code.key[:20]}” is not a key; use one letter or digit.")
    elif code.key.casefold() in RESERVED_KEYS:
        fields.problem("key", f"“{code.key}” is the program's own key; use another.")


def _given_once(names: Sequence[str], entries: Sequence[Fields], field: str) -> None:
    first: dict[str, int] = {}
    for name, fields in zip(names, entries, strict=True):
        node = fields.get(field)
        if not name or node is None:
            continue
        line = node.start_mark.line + 1
        if name in first:
            fields.problem(field, f"{field} “{name[:40]}” is given twice (first on line {first[name]}).")
        first.setdefault(name, line)


def _refer(fields: Fields, field: str, names: Iterable[str], known: Iterable[str]) -> None:
    options = sorted(known)
    for name in names:
        if name and name not in options:
            near = difflib.get_close_matches(name, options, 1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            fields.problem(field, f"{field} “{name[:40]}” is not in this codebook.{hint}")


def _circles(code: str, parents: dict[str, str]) -> bool:
    seen = {code}
    parent = parents.get(code, "")
    while parent and parent not in seen:
        seen.add(parent)
        parent = parents.get(parent, "")
    return parent == code
