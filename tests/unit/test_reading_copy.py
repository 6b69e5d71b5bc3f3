"""The reading copy: what it says above, beside what each thing stands, and the HTML it is written as."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from recall_samples import ROLES, Told, copy_content, with_words, words_of
from supervise.domain.reading_copy import LineKind, ReadingCopy
from supervise.domain.recall import Party, Segments
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import with_deleted
from supervise.exchange.content import redacted_content
from supervise.exchange.reading_copy import LEFT_OUT, NO_WORDS, UNNAMED, CopyContent, reading_copy
from supervise.exchange.reading_html import write_reading_html
from supervise.exchange.recall_content import RecallCoding, RecallRating, redacted_recall

VOID = {"meta"}
NOTHING_FROM_ELSEWHERE = ("src", "href", "action", "background", "data", "poster", "srcset")


class Page(HTMLParser):
    """Reads HTML strictly: every element closed in order, nothing that runs or loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.columns = 0
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag not in {"script", "link", "img", "iframe", "object", "a", "form", "base"}
        for name, value in attrs:
            assert name not in NOTHING_FROM_ELSEWHERE, (tag, name)
            assert not name.startswith("on")
            assert "url(" not in (value or "")
            self.columns += (tag, name, value) == ("th", "scope", "col")
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            assert "url(" not in data
            assert "@import" not in data
            return
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def page(copy: ReadingCopy) -> Page:
    return Page(write_reading_html(copy).text)


def right(copy: ReadingCopy, kind: LineKind, column: int = 0):
    return [line for row in copy.rows for line in row.recalled[column] if line.kind is kind]


def left(copy: ReadingCopy) -> str:
    return " ".join(line.text for row in copy.rows for line in row.session)


def test_above_stands_who_recalled_when_and_how_without_names() -> None:
    copy = reading_copy(copy_content(120_000, Told(4, party=Party.CLIENT)))
    facts = {fact.name: fact.text for fact in (*copy.facts, *copy.recalls[0].facts)}
    assert facts["Session"] == "held on 22 Nov 2026, 2:00 long"
    assert facts["Client"] == "K-07"
    assert facts["Recall"] == "22 Nov 2026, 3.5 hours after the session"
    assert facts["Recalls"] == "the client"
    assert facts["Inquires"] == "an inquirer"
    assert facts["Length"].endswith("4 stops: 3 by recaller, 1 by inquirer")
    text = page(copy).text
    assert "Cara" not in text
    assert "a title" not in text
    assert "written by a machine" in text
    named = reading_copy(replace(copy_content(120_000, Told(4, party=Party.CLIENT)), names=True))
    assert "Cara" in page(named).text


def test_an_inquirers_voice_is_not_named_either() -> None:
    content = copy_content(120_000, Told(3, party=Party.CLIENT))
    voices = SpeakerNames((("A", "Cara"),))
    copy = reading_copy(replace(content, recalls=(replace(content.recalls[0], speakers=voices),)))
    assert {line.who for line in right(copy, LineKind.SAID)} == {"Inquirer"}


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (0.0, "on the day of"),
        (0.4, "within an hour"),
        (3.5, "3.5 hours after"),
        (25.2, "25 hours after"),
        (200.0, "8 days after"),
    ],
)
def test_the_delay_is_told_and_a_late_recall_is_warned_of(hours: float, told: str) -> None:
    content = copy_content(60_000, Told(2))
    setup = replace(content.recalls[0].setup, hours_since=hours)
    copy = reading_copy(replace(content, recalls=(replace(content.recalls[0], setup=setup),)))
    assert told in copy.recalls[0].facts[0].text
    assert any("Beyond 48 hours" in notice for notice in copy.notices) == (hours > 48)


def test_every_stop_stands_once_beside_the_words_it_is_about() -> None:
    content = copy_content(600_000, Told(12, 45_000))
    recall = content.recalls[0]
    copy = reading_copy(content)
    assert len(right(copy, LineKind.STOP)) == 12
    for stop in recall.stops:
        begin = f"Stop {stop.seq + 1}, by {stop.stopped_by}, 30 s, then on from "
        (row,) = [row for row in copy.rows if any(line.text.startswith(begin) for line in row.recalled[0])]
        about = [
            word.text
            for word in content.session.words
            if stop.about_from_ms <= (word.start_ms + word.end_ms) // 2 < stop.session_ms
        ]
        shown = " ".join(line.text.removeprefix("… ") for line in row.session if line.kind is LineKind.SAID)
        plain = " ".join(word for word in shown.replace("[pause 3 s]", "").split())
        assert plain == " ".join(about)
    said = {line.text for line in right(copy, LineKind.SAID)}
    assert said == {row.text for row in recall.utterances if row.stop is not None}
    assert [line.text for line in right(copy, LineKind.OVER)] == ["oh yes"]


def test_prompts_stand_in_their_wording_in_the_stop_and_above() -> None:
    copy = reading_copy(copy_content(120_000, Told(4)))
    wording = "Did your body tell you anything? Any picture or memory?"
    assert [line.text for line in right(copy, LineKind.PROMPT)] == [wording]
    assert [(fact.name, fact.text) for fact in copy.prompts] == [("once", wording)]


def test_then_and_now_codes_and_ratings_are_shown_and_explained() -> None:
    content = copy_content(120_000, Told(2))
    row = content.recalls[0].utterances[0]
    coding = RecallCoding(
        row.recall_start_ms, row.recall_end_ms, then_now="then", codes=(("rc.body", "Body"),), note="cold"
    )
    ratings = (RecallRating("helpfulness", 7.5, "now", 5000, 20_000), RecallRating("overall", "6"))
    recall = replace(content.recalls[0], codings=(coding,), ratings=ratings)
    copy = reading_copy(replace(content, recalls=(recall,)))
    assert right(copy, LineKind.SAID)[0].tags == ("then", "Body")
    assert [line.text for line in right(copy, LineKind.RATING)] == ["helpfulness (now): 7.5"]
    assert "overall" in {fact.name for fact in copy.recalls[0].facts}
    legend = {fact.name for fact in copy.legend}
    assert {"then", "by recaller", "meanwhile"} <= legend
    assert "now" not in legend
    assert "cold" not in page(copy).text


def test_one_letter_for_a_voice_in_two_recordings_is_explained() -> None:
    content = copy_content(120_000, Told(2))
    session, recall = content.session, content.recalls[0]
    both = {word.speaker for word in session.words} & {row.speaker for row in recall.utterances}
    assert both
    nameless = replace(
        content,
        session=replace(session, speakers=SpeakerNames()),
        recalls=(replace(recall, speakers=SpeakerNames()),),
    )
    assert UNNAMED in reading_copy(nameless).notices
    names = SpeakerNames(tuple((label, f"voice {label}") for label in sorted(both)))
    assert UNNAMED not in reading_copy(replace(nameless, recalls=(replace(recall, speakers=names),))).notices


def test_a_pair_stands_side_by_side() -> None:
    copy = reading_copy(copy_content(180_000, Told(5), Told(4, 23_000, party=Party.CLIENT, shift_ms=3000)))
    made = page(copy)
    assert made.columns == 4
    assert {len(row) for row in made.rows} == {4}
    assert len(right(copy, LineKind.STOP, 0)) == 5
    assert len(right(copy, LineKind.STOP, 1)) == 4
    assert [head.column for head in copy.recalls] == [
        "1. Recalled by the therapist",
        "2. Recalled by the client",
    ]


def test_redaction_reaches_both_sides_and_deleted_portions_are_told() -> None:
    content = copy_content(120_000, Told(4))
    spans = [(9000, 12_000)]
    session = redacted_content(content.session, spans)
    recalls = tuple(redacted_recall(entry, spans) for entry in content.recalls)
    hidden = CopyContent(session, with_deleted(content.pauses, [(60_000, 72_000)]), recalls)
    copy = reading_copy(hidden)
    assert LEFT_OUT in copy.notices
    before = left(reading_copy(content)).count("you look at the door")
    assert left(copy).count("you look at the door") == before - 1
    assert "[redacted]" in left(copy)
    assert "[deleted for good, 12 s]" in left(copy)
    assert right(copy, LineKind.SAID)[0].text == "[redacted]"
    assert right(copy, LineKind.SAID)[1].text != "[redacted]"


def test_only_the_parts_that_were_chosen_are_taken_along() -> None:
    content = copy_content(300_000, Told(1, 120_000))
    parts = Segments(((100_000, 130_000),))
    setup = replace(content.recalls[0].setup, segments=parts)
    recall = replace(content.recalls[0], setup=setup)
    copy = reading_copy(replace(content, recalls=(recall,)))
    texts = [line.text for row in copy.rows for line in row.session if line.kind is LineKind.APART]
    assert len(texts) == 2
    assert all("not part of this recall" in text for text in texts)
    words = left(copy)
    first = " ".join(word.text for word in content.session.words[:8])
    assert first not in words.split("[")[0]
    assert "Parts" in {fact.name for fact in copy.recalls[0].facts}


def test_without_words_times_and_stops_are_left() -> None:
    content = copy_content(120_000, Told(3))
    bare = replace(content.session, version=None, words=())
    silent = replace(content.recalls[0], utterances=())
    copy = reading_copy(CopyContent(bare, (), (silent,)))
    assert NO_WORDS in copy.notices
    assert len(right(copy, LineKind.STOP)) == 3
    assert {line.text for line in right(copy, LineKind.NOTHING)} == {"no words yet"}
    assert page(copy).columns == 3


def test_what_looks_like_html_is_text() -> None:
    content = copy_content(60_000, Told(1))
    evil = "<script>alert(1)</script> &amp; \"quoted\" 'single' \x00 \u2028 <td>"
    words = tuple(words_of(evil, 1000, "A"))
    session = replace(with_words(content, words).session, speakers=SpeakerNames((("A", "<b>Ann</b>"),)))
    recall = replace(content.recalls[0], speakers=SpeakerNames((("A", "</td><td>"),)))
    copy = reading_copy(CopyContent(session, (), (recall,)))
    made = page(copy)
    assert "<script>alert(1)</script>" in made.text
    assert "<b>Ann</b>" in made.text
    assert {len(row) for row in made.rows} == {3}
    html = write_reading_html(copy).text
    assert "\x00" not in html
    assert 'lang="en"' in html
    assert "default-src 'none'" in html


def test_words_of_another_language_are_marked_as_such() -> None:
    content = copy_content(60_000, Told(1))
    version = content.session.version
    assert version is not None
    german = replace(version, settings=replace(version.settings, language="de"))
    copy = reading_copy(replace(content, session=replace(content.session, version=german, speakers=ROLES)))
    html = write_reading_html(copy).text
    assert '<html lang="en">' in html
    assert '<span dir="auto" lang="de">So we had' in html
