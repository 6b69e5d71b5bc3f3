"""Reading a YAML file field by field, noting every problem with its line instead of stopping at one."""

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import yaml

MAX_CHARACTERS = 512 * 1024
MAX_NODES = 60_000
MAX_DEPTH = 12
MAX_TEXT = 4_000

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp"))
_NUMBER = re.compile(r"[-+]?\d{1,12}(\.\d{1,6})?")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Findings:
    """The problems met so far, each with the line (from 1) it stands on."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, node: yaml.Node, sentence: str) -> None:
        """Note a problem at the node's first line."""
        self.found.append((node.start_mark.line + 1, sentence))

    def sentences(self) -> list[str]:
        """Return `line N: ...` for each problem, in the order of the file, each once."""
        once = sorted(dict.fromkeys(self.found), key=lambda problem: problem[0])
        return [f"line {line}: {sentence}" for line, sentence in once]


def compose(text: str, findings: Findings) -> yaml.Node | None:
    """Return the root node of the one document in `text`, or None with the reason noted.

    Nothing is constructed, so no tag can run code; aliases are refused, so no file can unfold to more
    than it holds; size, number of values and depth are limited.
    """
    if len(text) > MAX_CHARACTERS:
        findings.found.append((1, f"the file is longer than {MAX_CHARACTERS // 1024} kB."))
        return None
    try:
        if not _shape_allowed(text, findings):
            return None
        return yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        near = "\n".join(text.splitlines()[max(0, line - 3) : line])
        hint = " A # begins a comment; put colours in quotes." if ": #" in near else ""
        findings.found.append((line, f"this is not valid YAML ({error.problem or error.context}).{hint}"))
    except (yaml.YAMLError, UnicodeEncodeError):
        findings.found.append((1, "the file holds characters that do not belong in a text file."))
    return None


def _shape_allowed(text: str, findings: Findings) -> bool:
    depth = nodes = documents = 0
    before = len(findings.found)
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 1
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent):
            findings.found.append((line, f"“*{event.anchor}” points elsewhere; write the value out here."))
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            findings.found.append((line, "there are more values, or deeper ones, than a codebook has."))
            break
        if documents > 1:
            findings.found.append((line, "a second document starts here (“---”); keep to one."))
            break
    if not documents and len(findings.found) == before:
        findings.found.append((1, "the file is empty."))
    return len(findings.found) == before


class Fields:
    """One mapping of the file; each reader returns a value of its kind, or a default and a finding."""

    def __init__(self, node: yaml.Node, what: str, known: Collection[str], findings: Findings) -> None:
        self.node = node
        self._what = what
        self._findings = findings
        self._nodes: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            findings.add(node, f"{what} must be fields with values (name: value).")
            return
        for key, value in node.value:
            self._take(key, value, known)

    def _take(self, key: yaml.Node, value: yaml.Node, known: Collection[str]) -> None:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if name.startswith("x-"):
            return
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), 1)
            hint = f" Did you mean “{near[0]}”?" if near else " Name a field of your own “x-...”."
            self._findings.add(key, f"{self._what} has no field “{name[:40]}”.{hint}")
        elif name in self._nodes:
            first = self._nodes[name].start_mark.line + 1
            self._findings.add(key, f"“{name}” is given twice (first on line {first}).")
        else:
            self._nodes[name] = value

    def get(self, name: str) -> yaml.Node | None:
        """Return the node of the field, or None where it is absent."""
        return self._nodes.get(name)

    def problem(self, name: str, sentence: str) -> None:
        """Note a problem at the field's line, or at the mapping's where the field is absent."""
        self._findings.add(self._nodes.get(name, self.node), sentence)

    def text(self, name: str, *, required: bool = False, limit: int = MAX_TEXT) -> str:
        """Return the field's text, trimmed; `limit` in letters."""
        node = self._nodes.get(name)
        value = "" if node is None else scalar_text(node, name, self._findings)
        if required and isinstance(self.node, yaml.MappingNode) and (node is None or value == ""):
            self.problem(name, f"{self._what} needs “{name}”.")
        if value is not None and len(value) > limit:
            self.problem(name, f"“{name}” may have at most {limit} letters.")
        return value or ""

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """Return the field's text where it is one of `choices`."""
        node = self._nodes.get(name)
        if node is None:
            return default
        value = scalar_text(node, name, self._findings)
        if value is not None and value not in choices:
            self.problem(name, f"“{name}” is one of: {', '.join(choices)} (not “{value[:40]}”).")
        return value if value in choices else default

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the items of a list of texts; a single text counts as a list of one."""
        node = self._nodes.get(name)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        values = [scalar_text(item, name, self._findings) for item in items]
        kept = tuple(value for value in values if value)
        if len(set(kept)) != len(kept):
            self.problem(name, f"“{name}” names something twice.")
        return kept

    def flag(self, name: str) -> bool:
        """Return whether the field is true."""
        node = self._nodes.get(name)
        if node is None:
            return False
        if node.tag != _TAG + "bool":
            self.problem(name, f"“{name}” is true or false.")
            return False
        return str(node.value).lower() in {"true", "yes", "on"}

    def number(self, name: str, default: float) -> float:
        """Return the field's number (plain decimal digits)."""
        node = self._nodes.get(name)
        value = default if node is None else scalar_number(node)
        if value is None:
            self.problem(name, f"“{name}” must be a plain number.")
            return default
        return value

    def pairs(self, name: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """Yield key and value nodes of a field that is itself a mapping."""
        node = self._nodes.get(name)
        if node is not None and not isinstance(node, yaml.MappingNode):
            self.problem(name, f"“{name}” must be fields with values (name: value).")
        elif node is not None:
            yield from node.value

    def items(self, name: str) -> Iterator[yaml.Node]:
        """Yield the items of a field that is a list."""
        node = self._nodes.get(name)
        if node is not None and not isinstance(node, yaml.SequenceNode):
            self.problem(name, f"“{name}” must be a list (one entry a line, starting with “- ”).")
        elif node is not None:
            yield from node.value


def scalar_text(node: yaml.Node, name: str, findings: Findings) -> str | None:
    """Return a scalar's text as written; None with a finding for lists, tags and YAML's yes/no."""
    if not isinstance(node, yaml.ScalarNode):
        findings.add(node, f"“{name}” must be a text, not a list or fields.")
        return None
    if node.tag not in _PLAIN_TAGS:
        findings.add(node, f"“{name}” carries a YAML tag; write plain text.")
        return None
    if node.tag == _TAG + "bool":
        findings.add(node, f'YAML reads {node.value} as true or false; put it in quotes: "{node.value}".')
        return None
    return str(node.value).strip() if node.tag != _TAG + "null" else ""


def scalar_number(node: yaml.Node) -> float | None:
    """Return a scalar's number as int or float, or None where it is not plain decimal digits."""
    written = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    if node.tag not in {_TAG + "int", _TAG + "float"} or not _NUMBER.fullmatch(written):
        return None
    return float(written) if "." in written else int(written)
