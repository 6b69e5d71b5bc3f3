"""A reading copy set as PDF: rows kept whole, pages numbered, every alphabet, stopped when asked."""

import re
import time
import zlib
from collections import Counter
from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QApplication

from recall_samples import Told, copy_content, with_words, words_of
from supervise.domain.errors import CancelledError
from supervise.domain.reading_copy import CopyRow, Line, LineKind, ReadingCopy
from supervise.domain.recall import Party
from supervise.exchange.reading_copy import reading_copy
from supervise.ui.jobs import Job
from supervise.ui.paper import Cell, Paragraph, Run, signs_missing
from supervise.ui.reading_pages import ReadingPages, reading_pdf


def laid(copy: ReadingCopy) -> ReadingPages:
    return ReadingPages(copy, lambda _: None, lambda: False)


def pdf(copy: ReadingCopy) -> bytes:
    return reading_pdf(copy, lambda _: None, lambda: False)


def words_on(pages: ReadingPages) -> Counter[str]:
    """Every word that is set, whole paragraphs counted once and those over several pages too."""
    seen, found = set(), Counter()
    for page in pages.pages:
        for _, place in page.text:
            if id(place.paragraph) not in seen:
                seen.add(id(place.paragraph))
                found.update(place.paragraph.text.replace("“", "").replace("”", "").split())
    return found


def lines_set(pages: ReadingPages) -> list[tuple[int, int]]:
    return [
        (id(place.paragraph), line)
        for page in pages.pages
        for _, place in page.text
        for line in range(place.first, place.last)
    ]


def page_count(made: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", made))


@pytest.mark.usefixtures("qapp")
def test_every_word_is_set_once_and_no_row_is_torn() -> None:
    copy = reading_copy(copy_content(600_000, Told(12, 45_000)))
    pages = laid(copy)
    on = [
        {number for number, page in enumerate(pages.pages) if row in page.rows}
        for row in range(len(copy.rows))
    ]
    assert all(len(where) == 1 for where in on)
    assert [min(where) for where in on] == sorted(min(where) for where in on)
    lines = lines_set(pages)
    assert len(lines) == len(set(lines))
    wanted = Counter(
        word
        for row in copy.rows
        for cell in (row.session, *row.recalled)
        for line in cell
        for word in line.text.split()
    )
    found = words_on(pages)
    assert all(found[word] >= times for word, times in wanted.items())


@pytest.mark.usefixtures("qapp")
def test_nothing_is_set_outside_the_paper_or_over_the_page_number() -> None:
    pages = laid(reading_copy(copy_content(600_000, Told(12, 45_000), Told(9, 50_000, party=Party.CLIENT))))
    for page in pages.pages:
        *body, _about, number = page.text
        lowest = max(at.y() + sum(p.paragraph.heights[p.first : p.last]) for at, p in body)
        assert lowest <= number[0].y()
        assert min(at.x() for at, _ in body) >= 0


@pytest.mark.usefixtures("qapp")
def test_pages_are_numbered_and_the_columns_named_on_each() -> None:
    pages = laid(reading_copy(copy_content(300_000, Told(6, 45_000))))
    count = len(pages.pages)
    assert count > 2
    for number, page in enumerate(pages.pages, 1):
        texts = [place.paragraph.text for _, place in page.text]
        assert texts[-1] == f"{number} / {count}"
        assert "Recalled by the therapist" in texts
        assert "The session" in texts
    made = pdf(reading_copy(copy_content(300_000, Told(6, 45_000))))
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert page_count(made) == count


@pytest.mark.usefixtures("qapp")
def test_a_row_longer_than_a_page_goes_on_and_says_so() -> None:
    long = (Line(LineKind.SAID, "word " * 4000, "0:10", "Client"),)
    copy = reading_copy(copy_content(60_000, Told(1)))
    pages = laid(
        ReadingCopy(*[getattr(copy, name) for name in ReadingCopy.__slots__[:-1]], (row(long), row(long)))
    )
    assert len(pages.pages) > 5
    texts = [place.paragraph.text for page in pages.pages for _, place in page.text]
    assert "… 0:01–0:09" in texts
    lines = lines_set(pages)
    assert len(lines) == len(set(lines))
    assert words_on(pages)["word"] == 8000


def row(session: Sequence[Line]) -> CopyRow:
    return CopyRow("0:01–0:09", tuple(session), ((),))


@pytest.mark.usefixtures("qapp")
def test_two_hours_and_forty_stops_are_set_in_bounded_time() -> None:
    content = copy_content(7_800_000, Told(44, 60_000))
    assert len(content.session.words) > 19_000
    began = time.process_time()
    made = pdf(reading_copy(content))
    assert time.process_time() - began < 20
    assert page_count(made) > 40
    assert len(made) < 5_000_000


@pytest.mark.usefixtures("qapp")
def test_letters_of_every_alphabet_are_set_or_owned_up_to() -> None:
    content = copy_content(60_000, Told(1))
    russian = with_words(content, tuple(words_of("Я сказал что всё хорошо", 1000, "A")))
    made = laid(reading_copy(russian))
    texts = [place.paragraph.text for page in made.pages for _, place in page.text]
    assert any("Я сказал что всё хорошо" in text for text in texts)
    assert not signs_missing("plain")
    assert signs_missing("\U0010fffd\ue000") is False  # private use: no letters at all
    unknown = "\U00012000\U00013000"
    boxed = with_words(content, tuple(words_of(unknown, 1000, "A")))
    told = [place.paragraph.text for page in laid(reading_copy(boxed)).pages for _, place in page.text]
    assert any("no letters for some signs" in text for text in told) == signs_missing(unknown)


@pytest.mark.usefixtures("qapp")
def test_what_was_said_is_in_the_file_only_as_set_letters() -> None:
    made = pdf(reading_copy(copy_content(60_000, Told(1))))
    (title,) = re.findall(rb"/Title \(([^)]*)\)", made) or [b""]
    assert b"K\x00-" not in title
    streams = re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL)
    assert streams
    assert any(_inflates(stream) for stream in streams)


def _inflates(stream: bytes) -> bool:
    try:
        return bool(zlib.decompressobj().decompress(stream))
    except zlib.error:
        return False


@pytest.mark.usefixtures("qapp")
def test_it_stops_when_asked() -> None:
    copy = reading_copy(copy_content(600_000, Told(4)))
    with pytest.raises(CancelledError):
        reading_pdf(copy, lambda _: None, lambda: True)
    told: list[int] = []
    with pytest.raises(CancelledError):
        reading_pdf(copy, told.append, lambda: len(told) > len(copy.rows) + 1)
    assert told[-1] > 500


def test_it_is_set_off_the_windows_thread(qapp: QApplication, qtbot) -> None:
    copy = reading_copy(copy_content(300_000, Told(6, 45_000)))
    job = Job(lambda report, cancelled: reading_pdf(copy, report, cancelled), qapp)
    told: list[bytes] = []
    job.finished.connect(told.append)
    with qtbot.waitSignal(job.ended, timeout=30_000):
        job.start()
    assert page_count(told[0]) == len(laid(copy).pages)


@pytest.mark.usefixtures("qapp")
def test_a_cell_gives_out_its_lines_as_far_as_there_is_room() -> None:
    cell = Cell([Paragraph([Run("one two three " * 40)], 800.0), Paragraph([Run("end")], 800.0, 10.0)])
    taken = []
    while not cell.empty:
        places = cell.take(200.0)
        assert sum(sum(p.paragraph.heights[p.first : p.last]) for p in places) <= 200
        taken += [(id(place.paragraph), n) for place in places for n in range(place.first, place.last)]
    assert len(taken) == len(set(taken))
    assert cell.take(200.0) == []
