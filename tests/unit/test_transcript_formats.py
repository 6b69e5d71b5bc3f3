"""Transcripts as TXT, WebVTT and SubRip, the last two read back by webvtt-py."""

import html
import io
import re

import webvtt
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import Word
from supervise.exchange.cues import CUE_LETTERS, CUE_MS, cues_of
from supervise.exchange.transcripts import write_srt, write_txt, write_vtt
from unit.exchange_samples import WORDS, content_of, spoken

WEIRD = st.text(
    st.one_of(
        st.sampled_from("<>&-'\"=+@\t\r\n\x00\x0b\x85\u2028\u202e\u200f\u05d0\u0627é語😀\ufeff\ud800"),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)


@st.composite
def weird_words(draw):
    words, at_ms = [], 0
    for text in draw(st.lists(st.one_of(WEIRD, st.just("-->"), st.just("plain.")), max_size=30)):
        at_ms += draw(st.integers(0, 2_500))
        long_ms = draw(st.integers(0, 9_000))
        words.append(Word(text, at_ms, at_ms + long_ms, 0.5, draw(st.sampled_from(["", "A", "B"]))))
        at_ms += draw(st.integers(0, long_ms))
    return words


def test_plain_text_shows_turns_and_pauses() -> None:
    text = write_txt(content_of()).text
    assert text == (
        "Session of 2026-11-01, client K-07, 2:40 long\n"
        "Written by a machine: words and speakers may be wrong.\n"
        "\n"
        "[0:00] [pause 2 s]\n"
        "[0:01] Therapist: How was the week with your brother Tom?\n"
        "[0:03] [pause 5 s]\n"
        "[0:09] Client: Fine. [pause 2 s] It was.\n"
        "[0:11] [pause 18 s]\n"
        "[0:30] Therapist: I notice you went quiet.\n"
        "[0:31] [pause 129 s]\n"
    )
    assert write_txt(content_of()).rows == 3


def test_unnamed_and_untold_voices() -> None:
    content = content_of([*spoken("Hello there", 0, "A"), *spoken("Yes", 700, "")])
    bare = type(content)(session=content.session, words=content.words)
    assert "Speaker A: Hello there" in write_txt(bare).text
    assert "[0:00] Yes" in write_txt(bare).text
    assert "<v Speaker A>Hello there</v>" in write_vtt(bare).text
    assert "\nYes\n" in write_vtt(bare).text


def test_nothing_said_gives_valid_empty_files() -> None:
    content = content_of([])
    assert (write_txt(content).rows, write_vtt(content).rows, write_srt(content).rows) == (0, 0, 0)
    assert "pause" not in write_txt(content).text
    assert not webvtt.from_buffer(io.BytesIO(write_vtt(content).text.encode())).captions


def test_webvtt_is_read_back_by_another_program() -> None:
    taken = write_vtt(content_of())
    captions = webvtt.from_buffer(io.BytesIO(b"".join(taken.parts))).captions
    assert [(c.start, c.end, c.voice, c.text) for c in captions] == [
        ("00:00:01.500", "00:00:03.900", "Therapist", "How was the week with your brother Tom?"),
        ("00:00:09.000", "00:00:09.300", "Client", "Fine."),
        ("00:00:11.000", "00:00:11.600", "Client", "It was."),
        ("00:00:30.000", "00:00:31.500", "Therapist", "I notice you went quiet."),
    ]
    assert taken.rows == 4


def test_subrip_is_read_back_by_another_program() -> None:
    taken = write_srt(content_of())
    captions = webvtt.from_buffer(io.BytesIO(b"".join(taken.parts)), format="srt").captions
    assert [c.text for c in captions][1:3] == ["Client: Fine.", "Client: It was."]
    assert taken.text.startswith("1\n00:00:01,500 --> 00:00:03,900\nTherapist: How")


def test_marks_that_mean_something_are_written_as_text() -> None:
    words = spoken("a <b> & c --> d", 0)
    content = content_of(words)
    assert "a &lt;b&gt; &amp; c --&gt; d</v>" in write_vtt(content).text
    assert "Therapist: a \u2039b\u203a & c --\u203a d" in write_srt(content).text


def test_a_speakers_name_cannot_break_the_voice_span() -> None:
    content = content_of(spoken("hello", 0))
    named = type(content)(
        session=content.session, words=content.words, speakers=SpeakerNames((("A", "x>y\n\n--> & z"),))
    )
    assert "<v X&gt;y --&gt; &amp; z>hello</v>" in write_vtt(named).text


def test_long_turns_are_cut_at_sentences_and_words() -> None:
    text = "This is one sentence that runs on. " * 3 + "word " * 60
    cues = cues_of(spoken(text, 0, word_ms=200))
    assert " ".join(cue.text for cue in cues).split() == text.split()
    assert cues[0].text.endswith("runs on.")
    assert max(len(cue.text) for cue in cues) <= CUE_LETTERS
    assert max(cue.end_ms - cue.start_ms for cue in cues) <= CUE_MS


def test_a_cue_never_spans_a_pause_and_never_overlaps_the_next() -> None:
    slow = [Word("a", 0, 500, 1), Word("b", 1_500, 2_000, 1), Word("c", 1_900, 1_900, 1, "B")]
    assert [(c.start_ms, c.end_ms, c.text) for c in cues_of(slow)] == [
        (0, 500, "a"),
        (1_500, 1_900, "b"),
        (1_900, 1_901, "c"),
    ]


@given(weird_words())
def test_any_words_make_valid_files_that_lose_none(words) -> None:
    content = content_of(words)
    cues = cues_of(content.words)
    taken = write_vtt(content)
    text = b"".join(taken.parts).decode("utf-8")
    blocks = [block for block in text.split("\n\n")[1:] if block and not block.startswith("NOTE ")]
    assert len(blocks) == taken.rows == len(cues)
    assert not set(text) & set(map(chr, [*range(10), *range(11, 32), 127, 0x85]))
    for block, cue in zip(blocks, cues, strict=True):
        times, payload = block.split("\n")
        assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}", times)
        assert "-->" not in payload
        assert html.unescape(re.sub(r"^<v [^>]*>|</v>$", "", payload)) == cue.text
    starts = [cue.start_ms for cue in cues]
    assert starts == sorted(starts)
    assert all(cue.start_ms < cue.end_ms for cue in cues)
    read = webvtt.from_buffer(io.BytesIO(text.encode()))
    assert len(read.captions) == taken.rows


@given(weird_words())
def test_any_words_make_subrip_with_as_many_blocks(words) -> None:
    taken = write_srt(content_of(words))
    blocks = taken.text.split("\n\n")[:-1]
    assert len(blocks) == taken.rows
    assert [block.split("\n")[0] for block in blocks] == [str(n + 1) for n in range(taken.rows)]
    assert all(len(block.split("\n")) == 3 for block in blocks)


@given(weird_words())
def test_plain_text_has_a_line_for_each_turn(words) -> None:
    taken = write_txt(content_of(words))
    body = taken.text.split("\n")[3:-1]
    assert all(re.match(r"\[\d+:\d\d(:\d\d)?\] ", line) for line in body)


def test_the_sample_is_in_order() -> None:
    assert list(WORDS) == sorted(WORDS, key=lambda word: word.start_ms)
