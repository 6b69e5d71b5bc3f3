"""Codebooks as YAML: reading one, with every problem named by its line (docs/guide/codebook.md)."""

import re
from collections.abc import Iterable, Iterator

from supervise.domain.codebook import Code, Codebook, Family, Kind, Relation, Scale
from supervise.domain.errors import NotReadableError
from supervise.domain.program_codes import with_program_codes
from supervise.exchange.codebook_checks import check_codebook
from supervise.exchange.yaml_fields import Fields, Findings, compose, scalar_number, scalar_text

PATTERNS = ("solid", "diag", "cross", "dots", "outline")
SHOWN_PROBLEMS = 20

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_ID_RULE = "use letters, digits, dots and dashes only, at most 64"
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_RESERVED_IN_VALUES = re.compile(r"[;=\r\n]")
_TOP = ("codebook", "scales", "relations", "families", "codes")
_HEAD = ("id", "version", "language", "wording_license", "notes")
_FAMILY = ("id", "label", "color", "pattern", "text")
_SCALE = ("type", "min", "max", "step", "values", "anchors")
_RELATION = ("id", "label", "from", "to")
_CODE = (
    *("id", "family", "label", "def", "speaker", "kind", "audio", "tier", "key", "rate", "parent"),
    *("note", "private", "form", "seeds"),
)


def parse_codebook(text: str, source: str) -> Codebook:
    """Return the codebook written in `text`; `source` names it in messages (such as the file's name).

    The program's own codes (`wf.flag`, `wf.redact`) are added where the file leaves them out. The text
    itself is what a vault keeps, so nothing of it is lost. Raises NotReadableError listing every
    problem as `line N: ...`, in the order of the file.
    """
    findings = Findings()
    root = compose(text.removeprefix("\ufeff"), findings)
    book = _book(Fields(root, "a codebook", _TOP, findings), findings) if root is not None else None
    problems = findings.sentences()
    if book is None or problems:
        shown = problems[:SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"... and {len(problems) - len(shown)} more.")
        raise NotReadableError("\n".join([f"The codebook {source} cannot be used yet.", *shown]))
    return with_program_codes(book)


def _book(top: Fields, findings: Findings) -> Codebook | None:
    head_node = top.get("codebook")
    if head_node is None:
        if not findings.found:
            top.problem("codebook", "a codebook starts with “codebook:” and its id, version and language.")
        return None
    head = Fields(head_node, "the heading", _HEAD, findings)
    families = [Fields(node, "a family", _FAMILY, findings) for node in top.items("families")]
    codes = [Fields(node, "a code", _CODE, findings) for node in top.items("codes")]
    relations = [Fields(node, "a relation", _RELATION, findings) for node in top.items("relations")]
    scales = list(_scales(top, findings))
    book = Codebook(
        codebook=_identifier(head, "id"),
        version=_identifier(head, "version"),
        language=head.text("language", limit=35) or "en",
        families=tuple(_family(fields) for fields in families),
        codes=tuple(_code(fields) for fields in codes),
        scales=tuple(scale for scale, _ in scales),
        notes=head.text("notes"),
        relations=tuple(_relation(fields) for fields in relations),
        wording_license=head.text("wording_license", limit=200),
    )
    for name, entries in (("families", families), ("codes", codes)):
        if not entries and top.get(name) is None:
            top.problem(name, f"a codebook needs at least one entry under “{name}”.")
    check_codebook(book, families, codes, relations, [fields for _, fields in scales])
    return book


def _identifier(fields: Fields, name: str) -> str:
    value = fields.text(name, required=True)
    if value and not _ID.fullmatch(value):
        fields.problem(name, f"“{value[:40]}” will not do as {name}: {_ID_RULE}.")
    return value


def _family(fields: Fields) -> Family:
    return Family(
        family=_identifier(fields, "id"),
        label=fields.text("label", required=True, limit=120),
        color=_color(fields, "color", required=True) or "#444444",
        pattern=fields.choice("pattern", PATTERNS, "solid"),
        text_color=_color(fields, "text") or "#ffffff",
    )


def _color(fields: Fields, name: str, *, required: bool = False) -> str:
    node = fields.get(name)
    value = fields.text(name) if node is not None else ""
    if (required or value) and not _COLOR.fullmatch(value):
        hint = 'a colour in quotes, such as "#0072B2"'
        fields.problem(name, f"“{name}” must be {hint} (without quotes, YAML takes # for a comment).")
    return value


def _scales(top: Fields, findings: Findings) -> Iterator[tuple[Scale, Fields]]:
    named: dict[str, int] = {}
    for key, value in top.pairs("scales"):
        name = scalar_text(key, "a scale's name", findings) or ""
        if not _ID.fullmatch(name):
            findings.add(key, f"“{name[:40]}” will not do as a scale's name: {_ID_RULE}.")
        if name in named:
            findings.add(key, f"“{name}” is given twice (first on line {named[name]}).")
        named.setdefault(name, key.start_mark.line + 1)
        fields = Fields(value, "a scale", _SCALE, findings)
        yield _scale(name, fields, findings), fields


def _scale(name: str, fields: Fields, findings: Findings) -> Scale:
    kind = fields.choice("type", ("int", "number", "enum"), "enum")
    if fields.get("type") is None:
        fields.problem("type", f"the scale “{name}” needs a “type”: int, number or enum.")
    if kind == "enum":
        values = fields.texts("values")
        if not values and fields.get("type") is not None:
            fields.problem("values", f"the scale “{name}” needs its “values”, as in [low, high].")
        if any(_RESERVED_IN_VALUES.search(value) for value in values):
            fields.problem("values", "a value may not hold “;”, “=” or a line break.")
        return Scale(name, kind, values=values)
    scale = Scale(
        name,
        kind,
        minimum=fields.number("min", 0),
        maximum=fields.number("max", 0),
        step=fields.number("step", 1),
    )
    if scale.minimum >= scale.maximum:
        fields.problem("max", f"the scale “{name}” needs a “max” above its “min”.")
    if scale.step <= 0 or (kind == "int" and any(n % 1 for n in (scale.minimum, scale.maximum, scale.step))):
        fields.problem("step", f"the scale “{name}” needs a “step” above 0 (whole numbers for int).")
    anchors = tuple(_anchors(fields, scale, findings))
    return Scale(name, kind, scale.minimum, scale.maximum, scale.step, anchors=anchors)


def _anchors(fields: Fields, scale: Scale, findings: Findings) -> Iterable[tuple[float, str]]:
    seen: set[float] = set()
    for key, value in fields.pairs("anchors"):
        number = scalar_number(key)
        if number is None or not scale.minimum <= number <= scale.maximum:
            findings.add(key, f"an anchor belongs to a number from {scale.minimum:g} to {scale.maximum:g}.")
        elif number in seen:
            findings.add(key, f"the anchor {number:g} is given twice.")
        else:
            seen.add(number)
            yield number, scalar_text(value, "anchors", findings) or ""


def _relation(fields: Fields) -> Relation:
    sources, targets = (
        tuple(family for family in fields.texts(name) if family != "any") for name in ("from", "to")
    )
    label = fields.text("label", required=True, limit=200)
    return Relation(_identifier(fields, "id"), label, sources, targets)


def _code(fields: Fields) -> Code:
    kind = fields.choice("kind", tuple(Kind), Kind.EITHER)
    return Code(
        code=_identifier(fields, "id"),
        family=fields.text("family", required=True),
        label=fields.text("label", required=True, limit=120),
        definition=fields.text("def", required=True),
        speakers=fields.texts("speaker"),
        kind=Kind(kind),
        audio=fields.choice("audio", ("ok", "partial", "none"), "ok"),
        core=fields.choice("tier", ("core", "full"), "full") == "core",
        key=fields.text("key"),
        rates=fields.texts("rate"),
        parent=fields.text("parent"),
        note=fields.text("note"),
        private=fields.flag("private"),
        form=fields.text("form", limit=120),
    )
