"""Protocols: those that ship, every mistake with its line, hostile files, scales and the drawn order."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.errors import NotReadableError, UsageError
from supervise.domain.protocols import Protocol, RatingScale, Step, StepKind, TimePoint, shuffled
from supervise.domain.recall import Party
from supervise.exchange.protocol_yaml import parse_protocol

ROOT = Path(__file__).parents[2]
SEVEN = ["who", "warm", "why", "near"]
SHIPPED = sorted((ROOT / "resources" / "protocols").glob("*.yaml"))
SMALL = """\
protocol: {id: mine, version: 1.10, title: Mine}
parties: [client, therapist]
first: client
window_hours: 24
blind: true
order: random
time_points:
  - {id: now}
  - {id: later, title: A week later, days: 7, leeway_days: 2}
scales:
  warmth: {min: 0, max: 10, step: 0.5, anchors: {0: cold, 10: warm}}
steps:
  - {kind: say, item: hello, words: Hello.}
  - {kind: event, item: event, words: Which?, parties: [client], time_points: [now], required: true}
  - {kind: cue, item: cue, words: Listen., time_points: [now]}
  - {kind: rating, item: warm, scale: warmth, words: How warm?, per_event: true, required: true}
  - {kind: rating, item: near, scale: {min: 1, max: 5}, words: How near?, per_event: true}
  - {kind: choice, item: who, choices: [me, you], many: true, words: Who?, blind: false}
  - {kind: text, item: last, words: Anything else?, stay: true}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(NotReadableError) as caught:
        parse_protocol(text, "mine.yaml")
    first, *rest = str(caught.value).split("\n")
    assert first == "The protocol mine.yaml cannot be used yet."
    return rest


def small() -> Protocol:
    return parse_protocol(SMALL, "mine.yaml")


def items(protocol: Protocol, party: Party, point: str, *, cued: bool, seed: int | None = None) -> list[str]:
    return [step.item for step in protocol.steps_for(party, point, cued=cued, seed=seed)]


def test_the_protocols_that_ship_are_whole() -> None:
    found = {path.stem: parse_protocol(path.read_text("utf-8"), path.name) for path in SHIPPED}
    assert set(found) == {"brief-structured-recall", "larsen-interview", "significant-event"}
    assert all(name == protocol.protocol for name, protocol in found.items())
    bsr = found["brief-structured-recall"]
    assert (bsr.first, bsr.window_hours, bsr.blind) == (Party.CLIENT, 48, True)
    assert [(point.point, point.days) for point in bsr.points] == [("now", 0), ("one_month", 30)]
    helpful = bsr.step("helpfulness").scale
    assert helpful is not None
    assert (helpful.minimum, helpful.maximum, helpful.step) == (1, 9, 0.5)
    client = bsr.steps_for(Party.CLIENT, "now", cued=False)
    therapist = bsr.steps_for(Party.THERAPIST, "now", cued=True)
    assert {step.kind for step in client} >= {StepKind.EVENT, StepKind.PEAKS, StepKind.RATING, StepKind.TEXT}
    assert {step.speaker for step in client if step.kind is StepKind.PEAKS} == {Party.CLIENT, Party.THERAPIST}
    assert not any(step.item.startswith("intent.") for step in client)
    intents = [step for step in therapist if step.item.startswith("intent.")]
    assert len(intents) >= 6
    assert all(step.scale is not None and step.scale.values() == (1, 2, 3, 4, 5) for step in intents)
    assert StepKind.CUE in {step.kind for step in therapist}
    assert StepKind.EVENT not in {step.kind for step in therapist}
    later = items(bsr, Party.CLIENT, "one_month", cued=False)
    assert "helpfulness" in later
    assert "event" not in later
    assert all("own wording" in protocol.source.lower() for protocol in found.values())


def test_a_small_protocol_keeps_what_was_written() -> None:
    protocol = small()
    assert (protocol.key, protocol.title, protocol.window_hours) == ("mine@1.10", "Mine", 24)
    assert protocol.points[1] == TimePoint("later", "A week later", 7, 2)
    warm = protocol.step("warm")
    assert warm.scale == RatingScale(0, 10, 0.5, ((0, "cold"), (10, "warm")))
    assert (warm.required, warm.per_event, warm.blind) == (True, True, True)
    assert not protocol.step("who").blind
    assert not protocol.step("hello").blind
    assert protocol.takes_part(Party.THERAPIST, "later")
    assert items(protocol, Party.CLIENT, "now", cued=False)[:2] == ["hello", "event"]
    assert items(protocol, Party.THERAPIST, "now", cued=True)[:2] == ["hello", "cue"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind: say", "kind: sing", 13, "“kind” is one of"),
        ("item: hello", "itm: hello", 13, "Did you mean “item”"),
        ("words: Hello.", "words: ''", 13, "needs “words”"),
        ("item: near", "item: warm", 17, "given twice"),
        ("scale: warmth", "scale: heat", 16, "not among the “scales”"),
        ("step: 0.5", "step: 0.3", 11, "must lead from “min” to “max”"),
        ("step: 0.5", "step: 0.0001", 11, "at most 201 numbers"),
        ("max: 10, step", "max: -1, step", 11, "“max” above its “min”"),
        ("10: warm", "10.2: warm", 11, "a number of the scale"),
        ("choices: [me, you]", "choices: []", 18, "needs its “choices”"),
        ("days: 7", "days: 0", 9, "each later one has more"),
        ("days: 7", "days: 1.5", 9, "whole number"),
        ("first: client", "first: both", 3, "“first” is one of"),
        ("[client, therapist]", "[client]", 3, "one of two parties"),
        ("[client, therapist]", "[client, observer]", 2, "a party is one of"),
        ("window_hours: 24", "window_hours: 0", 4, "above 0"),
        ("blind: true\norder", "blind: maybe\norder", 5, "true or false"),
        ("order: random", "order: any", 6, "“order” is one of"),
        ("time_points: [now], required", "time_points: [soon], required", 14, "not a time point"),
        ("kind: say, item", "kind: say, required: true, item", 13, "nothing is answered"),
        ("kind: say, item", "kind: say, scale: warmth, item", 13, "only a rating"),
        ("kind: say, item", "kind: text, per_event: true, item", 13, "no step before this one"),
        ("id: mine", "id: my own", 1, "will not do as id"),
        ("title: Mine", "x-title: Mine", 1, "needs “title”"),
    ],
)
def test_each_mistake_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    assert SMALL.count(old) >= 1
    found = problems(SMALL.replace(old, new, 1))
    assert any(entry.startswith(f"line {line}: ") and words in entry for entry in found), found


def test_files_that_are_no_protocol_are_refused() -> None:
    assert "empty" in problems("")[0]
    assert "starts with “protocol:”" in problems("steps: []")[0]
    assert "points elsewhere" in problems("protocol: &a [x]\nsteps: *a")[0]
    assert "longer than" in problems("# " + "x" * 600_000)[0]
    assert "deeper" in problems("protocol: " + "[" * 40 + "]" * 40)[0]
    assert "tag" in " ".join(problems(SMALL.replace("words: Hello.", "words: !!python/name:os.system ''")))
    many = "".join(f"  - {{kind: say, item: s{number}, words: x}}\n" for number in range(201))
    assert "1 to 200" in problems("protocol: {id: a, version: 1, title: t}\nsteps:\n" + many)[0]
    head = "protocol: {id: a, version: 1, title: t}\n"
    choices = ", ".join(f"c{number}" for number in range(61))
    text = f"{head}steps: [{{kind: choice, item: a, words: w, choices: [{choices}]}}]"
    assert "at most 60 “choices”" in problems(text)[0]
    points = "".join(f"  - {{id: p{number}, days: {number}}}\n" for number in range(61))
    text = f"{head}time_points:\n{points}steps: [{{kind: text, item: a, words: w}}]"
    assert "at most 60 “time_points”" in problems(text)[0]
    assert "1 to 200" in problems("protocol: {id: a, version: 1, title: t}")[0]
    assert len(problems(SMALL.replace("words:", "wrods:"))) <= 21


@given(st.text(max_size=300))
def test_no_text_does_anything_but_load_or_be_refused(text: str) -> None:
    with contextlib.suppress(NotReadableError):
        parse_protocol(text, "x")


@given(st.integers(0, len(SMALL) - 1), st.characters())
def test_a_damaged_file_loads_or_is_refused(at: int, letter: str) -> None:
    with contextlib.suppress(NotReadableError):
        parse_protocol(SMALL[:at] + letter + SMALL[at + 1 :], "x")


@given(st.integers(0, 2**31))
def test_a_drawn_order_is_the_same_again_and_keeps_what_stays(seed: int) -> None:
    protocol = small()
    written = items(protocol, Party.CLIENT, "now", cued=False)
    drawn = items(protocol, Party.CLIENT, "now", cued=False, seed=seed)
    assert drawn == items(protocol, Party.CLIENT, "now", cued=False, seed=seed)
    assert sorted(drawn) == sorted(written)
    for item in ("hello", "event", "last"):
        assert drawn.index(item) == written.index(item)


def test_every_order_is_drawn_about_as_often() -> None:
    steps = [Step(item, StepKind.TEXT, "?") for item in ("a", "b", "c")]
    counts: dict[str, int] = {}
    for seed in range(6000):
        order = "".join(step.item for step in shuffled(steps, seed))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6
    assert all(850 < count < 1150 for count in counts.values()), counts


def test_a_seed_draws_the_same_order_for_good() -> None:
    steps = [Step(item, StepKind.TEXT, "?") for item in ("warm", "near", "who", "why")]
    assert [step.item for step in shuffled(steps, 7)] == SEVEN
    assert [step.item for step in shuffled(steps[::-1], 7)] == SEVEN


@given(st.integers(0, 40), st.sampled_from([0.25, 0.5, 1, 2]), st.floats(-5, 60, allow_nan=False))
def test_a_scale_holds_its_own_numbers_only(start: int, step: float, value: float) -> None:
    scale = RatingScale(start, start + 8, step)
    assert all(scale.holds(number) for number in scale.values())
    assert len(scale.values()) == 8 / step + 1
    near = min(abs(value - number) for number in scale.values())
    assert near < 1e-5 or not scale.holds(value)


def test_answers_are_checked_by_their_step() -> None:
    protocol = small()
    warm, who, last = protocol.step("warm"), protocol.step("who"), protocol.step("last")
    assert (warm.check("7.5"), warm.check(7), warm.check("10")) == (7.5, 7, 10)
    for wrong in ("7.3", "11", "-1", "warm", "nan", "inf", ["1"]):
        with pytest.raises(UsageError, match="0 to 10 in steps of"):
            warm.check(wrong)  # type: ignore[arg-type]
    assert who.check(["me", "you"]) == ["me", "you"]
    assert who.check("me") == ["me"]
    for strange in (["they"], [], ["me", "me"]):
        with pytest.raises(UsageError, match="any of: me, you"):
            who.check(strange)
    assert last.check("  no  ") == "no"
    for empty in ("", "   ", "x" * 10_001):
        with pytest.raises(UsageError, match="1 to 10000"):
            last.check(empty)
    assert last.check(None) is None
    assert protocol.step("event").check(None) is None
    with pytest.raises(UsageError, match="Nothing is answered"):
        protocol.step("hello").check(None)
    with pytest.raises(UsageError, match="Nothing is answered"):
        protocol.step("event").check("x")
    with pytest.raises(UsageError, match="not a step of mine"):
        protocol.step("none")
    with pytest.raises(UsageError, match="not a time point"):
        protocol.point("never")


def test_the_guide_shows_a_protocol_that_loads_and_the_words_of_one_that_does_not() -> None:
    guide = (ROOT / "docs" / "guide" / "protocols.md").read_text(encoding="utf-8")
    example = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)[0]
    assert parse_protocol(example, "warmth.yaml").key == "warmth@1.0"
    spoilt = example.replace("step: 0.5", "step: 0.3").replace("kind: text", "kind: txt")
    with pytest.raises(NotReadableError) as caught:
        parse_protocol(spoilt, "warmth.yaml")
    assert str(caught.value) in guide
