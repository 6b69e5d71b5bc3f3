"""Research protocols as YAML: reading one, with every problem named by its line (docs/guide/protocols.md)."""

import re
from collections.abc import Iterator

import yaml

from supervise.domain.errors import NotReadableError
from supervise.domain.protocols import ANSWERED, Protocol, RatingScale, Step, StepKind, TimePoint
from supervise.domain.recall import LATE_H, Party
from supervise.exchange.yaml_fields import Fields, Findings, compose, scalar_number, scalar_text

SHOWN_PROBLEMS = 20
MOST_STEPS = 200
MOST_POINTS = 60
MOST_CHOICES = 60
MOST_SCALE_VALUES = 201

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_PROTOCOL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
_PARTIES = (str(Party.THERAPIST), str(Party.CLIENT))
_ASKING = (*ANSWERED, StepKind.EVENT, StepKind.PEAKS, StepKind.RECALL)
_TOP = ("protocol", "parties", "first", "window_hours", "time_points", "order", "blind", "scales", "steps")
_HEAD = ("id", "version", "title", "language", "notes", "source")
_POINT = ("id", "title", "days", "leeway_days")
_SCALE = ("min", "max", "step", "anchors")
_STEP = (
    *("kind", "item", "words", "scale", "choices", "many", "required", "per_event", "blind", "stay"),
    *("parties", "time_points", "speaker", "most"),
)


def parse_protocol(text: str, source: str) -> Protocol:
    """Return the protocol written in `text`; `source` names it in messages (such as the file's name).

    Raises NotReadableError listing every problem as `line N: ...`, in the order of the file.
    """
    findings = Findings()
    root = compose(text.removeprefix("\ufeff"), findings)
    found = None
    if root is not None:
        found = _Reader(Fields(root, "a protocol", _TOP, findings), findings).protocol()
    problems = findings.sentences()
    if found is None or problems:
        shown = problems[:SHOWN_PROBLEMS]
        if len(problems) > len(shown):
            shown.append(f"... and {len(problems) - len(shown)} more.")
        raise NotReadableError("\n".join([f"The protocol {source} cannot be used yet.", *shown]))
    return found


class _Reader:
    """Reads one file; what is wrong is noted and reading goes on."""

    def __init__(self, top: Fields, findings: Findings) -> None:
        self._top, self._findings = top, findings
        self._scales: dict[str, RatingScale] = {}
        self._points: tuple[str, ...] = ()
        self._parties: tuple[Party, ...] = ()

    def protocol(self) -> Protocol | None:
        """Return the protocol, or None when there is no heading."""
        top, head_node = self._top, self._top.get("protocol")
        if head_node is None:
            if not self._findings.found:
                top.problem("protocol", "a protocol starts with “protocol:” and its id, version and title.")
            return None
        head = Fields(head_node, "the heading", _HEAD, self._findings)
        self._parties = self._read_parties(top, "parties") or (Party.THERAPIST, Party.CLIENT)
        points = self._read_points()
        self._points = tuple(point.point for point in points)
        self._read_scales()
        order = top.choice("order", ("written", "random"), "written")
        first = top.choice("first", _PARTIES, "")
        blind = top.flag("blind")
        return Protocol(
            protocol=self._identifier(head, "id", _PROTOCOL_ID),
            version=self._identifier(head, "version", _ID),
            title=head.text("title", required=True, limit=120),
            language=head.text("language", limit=35) or "en",
            parties=self._parties,
            points=points,
            steps=self._read_steps(blind=blind),
            first=self._first(first, blind=blind),
            window_hours=self._hours(),
            random_order=order == "random",
            notes=head.text("notes"),
            source=head.text("source", limit=400),
        )

    def _identifier(self, fields: Fields, name: str, allowed: re.Pattern[str]) -> str:
        value = fields.text(name, required=True)
        if value and not allowed.fullmatch(value):
            rule = "use letters, digits, dots and dashes only, at most 40 (64 for items)"
            fields.problem(name, f"“{value[:40]}” will not do as {name}: {rule}.")
        return value

    def _hours(self) -> float:
        hours = self._top.number("window_hours", LATE_H)
        if not 0 < hours <= 24 * 366:
            self._top.problem("window_hours", "“window_hours” is the hours an interview may wait, above 0.")
        return hours

    def _first(self, first: str, *, blind: bool) -> Party | None:
        two = len(self._parties) == 2
        if first and (not two or Party(first) not in self._parties):
            self._top.problem("first", "“first” is one of two parties; the other is cued to what they chose.")
        if blind and not two:
            self._top.problem("blind", "answers are hidden from the other party: name two “parties”.")
        return Party(first) if first else None

    def _read_parties(self, fields: Fields, name: str) -> tuple[Party, ...]:
        texts = fields.texts(name)
        wrong = next((text for text in texts if text not in _PARTIES), None)
        if wrong is not None:
            fields.problem(name, f"a party is one of: {', '.join(_PARTIES)} (not “{wrong[:40]}”).")
        return tuple(Party(text) for text in texts if text in _PARTIES)

    def _read_points(self) -> tuple[TimePoint, ...]:
        points: list[TimePoint] = []
        for node in self._top.items("time_points"):
            fields = Fields(node, "a time point", _POINT, self._findings)
            point = TimePoint(
                point=self._identifier(fields, "id", _PROTOCOL_ID),
                title=fields.text("title", limit=120),
                days=self._whole(fields, "days", 0, 3660),
                leeway_days=self._whole(fields, "leeway_days", 7, 366),
            )
            if any(point.point == other.point for other in points):
                fields.problem("id", f"the time point “{point.point}” is given twice.")
            if points and point.days <= points[-1].days:
                fields.problem("days", "time points follow each other: each later one has more “days”.")
            points.append(point)
        if len(points) > MOST_POINTS:
            self._top.problem("time_points", f"a protocol has at most {MOST_POINTS} “time_points”.")
        return tuple(points) or (TimePoint("now"),)

    def _whole(self, fields: Fields, name: str, default: int, most: int) -> int:
        value = fields.number(name, default)
        if value % 1 or not 0 <= value <= most:
            fields.problem(name, f"“{name}” is a whole number from 0 to {most}.")
            return default
        return int(value)

    def _read_scales(self) -> None:
        for key, value in self._top.pairs("scales"):
            name = scalar_text(key, "a scale's name", self._findings) or ""
            if name in self._scales:
                self._findings.add(key, f"the scale “{name}” is given twice.")
            self._scales[name] = self._scale(value)

    def _scale(self, node: yaml.Node) -> RatingScale:
        fields = Fields(node, "a scale", _SCALE, self._findings)
        low, high = fields.number("min", 1), fields.number("max", 5)
        step = fields.number("step", 1)
        if low >= high:
            fields.problem("max", "a scale needs a “max” above its “min”.")
        elif step <= 0 or (high - low) / step > MOST_SCALE_VALUES - 1:
            fields.problem("step", f"a scale has a “step” above 0 and at most {MOST_SCALE_VALUES} numbers.")
        elif not RatingScale(low, high, step).holds(high):
            fields.problem("step", "the steps must lead from “min” to “max”.")
        else:
            plain = RatingScale(low, high, step)
            return RatingScale(low, high, step, tuple(self._anchors(fields, plain)))
        return RatingScale(1, 5)

    def _anchors(self, fields: Fields, scale: RatingScale) -> Iterator[tuple[float, str]]:
        seen: set[float] = set()
        for key, value in fields.pairs("anchors"):
            number = scalar_number(key)
            if number is None or not scale.holds(number):
                self._findings.add(key, f"an anchor belongs to a number of the scale ({scale.words()}).")
            elif number in seen:
                self._findings.add(key, f"the anchor {number:g} is given twice.")
            else:
                seen.add(number)
                yield number, scalar_text(value, "anchors", self._findings) or ""

    def _read_steps(self, *, blind: bool) -> tuple[Step, ...]:
        lines: dict[str, int] = {}
        steps: list[Step] = []
        for node in self._top.items("steps"):
            fields = Fields(node, "a step", _STEP, self._findings)
            step = self._step(fields, blind=blind)
            if step.item and step.item in lines:
                fields.problem("item", f"“{step.item}” is given twice (first on line {lines[step.item]}).")
            lines.setdefault(step.item, node.start_mark.line + 1)
            if step.per_event and not any(s.kind in (StepKind.EVENT, StepKind.CUE) for s in steps):
                fields.problem("per_event", "no step before this one chooses an event.")
            steps.append(step)
        if not steps or len(steps) > MOST_STEPS:
            self._top.problem("steps", f"a protocol has 1 to {MOST_STEPS} “steps”.")
        return tuple(steps)

    def _step(self, fields: Fields, *, blind: bool) -> Step:
        kind = StepKind(fields.choice("kind", tuple(StepKind), StepKind.SAY))
        if fields.get("kind") is None:
            fields.problem("kind", f"a step needs its “kind”: {', '.join(StepKind)}.")
        points = fields.texts("time_points")
        if unknown := next((point for point in points if point not in self._points), None):
            known = ", ".join(self._points)
            fields.problem("time_points", f"“{unknown[:40]}” is not a time point of this file: {known}.")
        parties = self._read_parties(fields, "parties")
        if strange := next((party for party in parties if party not in self._parties), None):
            fields.problem("parties", f"“{strange}” takes no part in this protocol.")
        own = fields.flag("blind") if fields.get("blind") is not None else blind
        if own and len(self._parties) == 1:
            fields.problem("blind", "answers are hidden from the other party: name two “parties”.")
        return Step(
            item=self._identifier(fields, "item", _ID),
            kind=kind,
            words=fields.text("words", required=True, limit=2000),
            scale=self._scale_of(fields, kind),
            choices=self._choices(fields, kind),
            many=fields.flag("many"),
            required=fields.flag("required"),
            per_event=fields.flag("per_event") or kind is StepKind.PEAKS,
            blind=own and kind not in (StepKind.SAY, StepKind.RECALL, StepKind.CUE),
            stay=fields.flag("stay"),
            parties=parties,
            points=points,
            speaker=Party(fields.choice("speaker", _PARTIES, str(Party.THERAPIST))),
            most=max(1, self._whole(fields, "most", 1, 50)),
        )

    def _scale_of(self, fields: Fields, kind: StepKind) -> RatingScale | None:
        node = fields.get("scale")
        if kind is not StepKind.RATING:
            if node is not None:
                fields.problem("scale", "only a rating has a “scale”.")
            return None
        if node is None:
            fields.problem("scale", "a rating needs its “scale”: a name from “scales”, or {min: 1, max: 5}.")
            return RatingScale(1, 5)
        if isinstance(node, yaml.ScalarNode):
            name = fields.text("scale")
            if name not in self._scales:
                known = ", ".join(self._scales) or "none are given"
                fields.problem("scale", f"“{name[:40]}” is not among the “scales” ({known}).")
            return self._scales.get(name, RatingScale(1, 5))
        return self._scale(node)

    def _choices(self, fields: Fields, kind: StepKind) -> tuple[str, ...]:
        choices = fields.texts("choices")
        if (kind is StepKind.CHOICE) != bool(choices):
            fields.problem("choices", "a choice needs its “choices”, and no other step has any.")
        if len(choices) > MOST_CHOICES:
            fields.problem("choices", f"at most {MOST_CHOICES} “choices” can be chosen from.")
        if fields.flag("required") and kind not in _ASKING:
            fields.problem("required", f"nothing is answered in a step of the kind “{kind}”.")
        return choices
