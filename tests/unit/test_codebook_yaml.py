"""The codebook reader: the shipped codebook, every mistake with its line, and hostile files."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.codebook import Kind, Relation
from supervise.domain.errors import NotReadableError
from supervise.exchange.codebook_yaml import parse_codebook

DEFAULT = Path(__file__).parents[2] / "resources" / "codebooks" / "default.yaml"
SMALL = """\
codebook: {id: mine, version: 1.10, language: en}
scales:
  depth: {type: int, min: 1, max: 3, anchors: {1: faint, 3: plain}}
  tone: {type: enum, values: [warm, cool]}
families:
  - {id: a, label: Family A, color: "#00ff00", pattern: dots}
codes:
  - {id: a.one, family: a, label: One, def: First., rate: [depth, tone], speaker: C, key: 1}
  - {id: a.two, family: a, label: Two, def: Second., parent: a.one, kind: span, tier: core}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(NotReadableError) as caught:
        parse_codebook(text, "mine.yaml")
    first, *rest = str(caught.value).split("\n")
    assert first == "The codebook mine.yaml cannot be used yet."
    return rest


def test_the_shipped_codebook_is_whole() -> None:
    book = parse_codebook(DEFAULT.read_text(encoding="utf-8"), "default.yaml")
    assert book.key == "supervise-default@1.1.0"
    assert (len(book.families), len(book.codes), len(book.scales)) == (12, 157, 11)
    assert [code.code for code in book.codes if code.private] == ["ct.cue"]
    assert book.code("ct.cue").audio == "none"
    assert sum(code.core for code in book.codes) == 11
    assert book.scale("helpfulness").step == 0.5
    assert book.scale("valence").values == ("positive", "negative", "mixed", "unclear")
    assert book.family("ipr").text_color == "#000000"
    assert book.code("tr.wish").parent == "tr.episode"
    assert Relation("triggers", "precedes and seems to set off") in book.relations
    assert "seeds" not in DEFAULT.read_text(encoding="utf-8")


def test_a_small_codebook_keeps_what_was_written() -> None:
    book = parse_codebook(SMALL, "mine.yaml")
    assert book.key == "mine@1.10"
    one, two = book.codes[:2]
    assert (one.speakers, one.key, one.rates, one.kind) == (("C",), "1", ("depth", "tone"), Kind.EITHER)
    assert (two.parent, two.kind, two.core) == ("a.one", Kind.SPAN, True)
    assert book.scale("depth").anchors == ((1, "faint"), (3, "plain"))


def test_the_programs_own_codes_are_always_there() -> None:
    book = parse_codebook(SMALL, "mine.yaml")
    assert [code.code for code in book.codes[2:]] == ["wf.flag", "wf.redact"]
    assert book.code("wf.flag").key == "0"
    taken = parse_codebook(SMALL.replace("key: 1", "key: 0"), "mine.yaml")
    assert (taken.code("a.one").key, taken.code("wf.flag").key) == ("0", "")


def test_a_byte_order_mark_and_fields_of_ones_own_are_read_over() -> None:
    assert parse_codebook("\ufeff" + SMALL.replace("def: First.", "def: First., x-page: 12"), "m").codes


def test_the_guide_shows_a_codebook_that_loads_and_the_words_of_one_that_does_not() -> None:
    guide = (DEFAULT.parents[2] / "docs" / "guide" / "codebook.md").read_text(encoding="utf-8")
    example = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)[0]
    assert parse_codebook(example, "our-clinic.yaml").key == "our-clinic@1.0"
    spoilt = example.replace('"#D55E00"', "green").replace("label: Moves", "lable: Moves")
    with pytest.raises(NotReadableError) as caught:
        parse_codebook(spoilt.replace("kind: span", "kind: long"), "our-clinic.yaml")
    assert str(caught.value) in guide


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("label: One", "label: no", 'line 8: YAML reads no as true or false; put it in quotes: "no".'),
        ("label: One, ", "", "line 8: a code needs “label”."),
        ("label: One", "label: ~", "line 8: a code needs “label”."),
        ("label: One", "lable: One", "line 8: a code has no field “lable”. Did you mean “label”?"),
        ("label: One", "label: [a]", "line 8: “label” must be a text, not a list or fields."),
        ("label: One", "label: One, label: Uno", "line 8: “label” is given twice (first on line 8)."),
        ("id: a.two", "id: a.one", "line 9: id “a.one” is given twice (first on line 8)."),
        ("tier: core", "key: 1", "line 9: key “1” is given twice (first on line 8)."),
        ("key: 1", "key: ab", "line 8: “ab” is not a key; use one letter or digit."),
        ("key: 1", "key: M", "line 8: “M” is the program's own key; use another."),
        ("family: a, label: One", "family: b, label: One", "line 8: family “b” is not in this codebook."),
        ("[depth, tone]", "[dept]", "line 8: rate “dept” is not in this codebook. Did you mean “depth”?"),
        ("[depth, tone]", "[depth, depth]", "line 8: “rate” names something twice."),
        ("parent: a.one", "parent: a.two", "line 9: the parents of “a.two” lead back to itself."),
        ("parent: a.one", "parent: zzz", "line 9: parent “zzz” is not in this codebook."),
        ("kind: span", "kind: long", "line 9: “kind” is one of: point, span, either (not “long”)."),
        ("speaker: C", "speaker: [C, X]", "line 8: “X” is not a speaker; use C, T, D, R, Q or S."),
        ("kind: span", "private: maybe", "line 9: “private” is true or false."),
        ("pattern: dots", "pattern: hearts", "line 6: “pattern” is one of: "),
        ('"#00ff00"', "green", "line 6: “color” must be a colour in quotes"),
        ('"#00ff00"', "#00ff00", "colours in quotes."),
        ("min: 1", "min: 0x1", "line 3: “min” must be a plain number."),
        ("min: 1", "min: .inf", "line 3: “min” must be a plain number."),
        ("max: 3", "max: 1", "line 3: the scale “depth” needs a “max” above its “min”."),
        ("type: int", "type: int, step: 0.5", "line 3: the scale “depth” needs a “step” above 0"),
        ("3: plain", "4: plain", "line 3: an anchor belongs to a number from 1 to 3."),
        ("3: plain", "1: plain", "line 3: the anchor 1 is given twice."),
        ("[warm, cool]", "[yes, no]", 'line 4: YAML reads yes as true or false; put it in quotes: "yes".'),
        ("[warm, cool]", "[warm=1]", "line 4: a value may not hold “;”, “=” or a line break."),
        ("type: enum, ", "", "line 4: the scale “tone” needs a “type”: int, number or enum."),
        ("tone: {", "depth: {", "line 4: “depth” is given twice (first on line 3)."),
        ("id: mine", "id: my book", "line 1: “my book” will not do as id"),
        ("id: mine", "id: a@b", "line 1: “a@b” will not do as id"),
        ("version: 1.10, ", "", "line 1: the heading needs “version”."),
        ("label: One", "label: !!binary aGk=", "line 8: “label” carries a YAML tag; write plain text."),
    ],
)
def test_each_mistake_is_named_with_its_line(before: str, after: str, line: str) -> None:
    assert before in SMALL
    found = problems(SMALL.replace(before, after, 1))
    assert any(line in problem for problem in found), found


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = SMALL.replace("dots", "hearts").replace("label: One", "label: yes")
    text = text.replace("kind: span", "kind: x")
    assert [problem.split(":")[0] for problem in problems(text)] == ["line 6", "line 8", "line 9"]


def test_a_long_list_of_mistakes_is_cut() -> None:
    text = SMALL + "".join(f"  - {{id: z{n}, family: b, label: L, def: D}}\n" for n in range(30))
    found = problems(text)
    assert len(found) == 21
    assert found[-1] == "... and 10 more."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("- 1", "must be fields with values"),
        ("codebook: {id: a, version: '1'}", "needs at least one entry under “codes”"),
        ("families: []", "a codebook starts with “codebook:”"),
        (SMALL + "---\na: 1", "a second document starts here"),
        ("codebook: {id: a, version: 1}\nfamilies: {}\ncodes: 3", "“codes” must be a list"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "points elsewhere"),
        ("[" * 5000, "deeper"),
        ("a: [" + "1," * 70_000 + "1]", "more values"),
        ("a" * 600_000, "longer than 512 kB"),
        ("codebook: \x00", "characters that do not belong"),
        ("codebook: \ud800", "characters that do not belong"),
        ("codebook: !!python/object/apply:os.system [id]", "the heading must be fields"),
        ("? [1]\n: 2", "has no field"),
        ("codebook: 'open", "not valid YAML"),
    ],
)
def test_hostile_and_odd_files_are_refused_in_words(text: str, words: str) -> None:
    assert any(words in problem for problem in problems(text))


@given(st.text(alphabet=st.sampled_from("ab:-[]{}#&*!|>'\"\n ,?%@\\\t1\x00é\u2028"), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(NotReadableError):
        parse_codebook(text, "noise")


@given(st.integers(0, len(SMALL)), st.integers(0, 30))
def test_a_torn_codebook_is_read_or_refused(start: int, length: int) -> None:
    with contextlib.suppress(NotReadableError):
        parse_codebook(SMALL[:start] + SMALL[start + length :], "torn")
