"""Redaction: what is inside a span leaves in no format, and what is outside stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.errors import UsageError
from supervise.domain.moments import MomentCode
from supervise.domain.redaction import MASK, joined, mask_words, redaction_spans, touches
from supervise.domain.transcript import Word, pauses_of
from supervise.exchange.content import redacted_content
from supervise.exchange.formats import TEXT_FORMATS
from unit.exchange_samples import MOMENTS, WORDS, a_moment, content_of

REDACT = MomentCode("wf.redact")
TOM = a_moment(40, 3_600, 3_950, REDACT, note="Name of brother Tom")


def test_spans_of_all_who_redact_are_joined() -> None:
    moments = [
        a_moment(1, 5_000, 6_000, REDACT),
        a_moment(2, 1_000, 2_000, MomentCode("wf.flag"), REDACT),
        a_moment(3, 2_000, 3_000, REDACT),
        a_moment(4, 0, 9_000, MomentCode("wf.flag")),
    ]
    assert redaction_spans(moments) == ((1_000, 3_000), (5_000, 6_000))


def test_a_redaction_without_an_end_stops_the_taking_out() -> None:
    with pytest.raises(UsageError, match="redacted from 1:05 on has no end yet"):
        redaction_spans([a_moment(1, 65_000, None, REDACT)])


def test_touching_is_counted_to_the_millisecond() -> None:
    spans = ((1_000, 2_000),)
    near = [(500, 1_000), (500, 1_001), (1_999, 2_500), (2_000, 2_500)]
    assert [touches(*span, spans) for span in near] == [False, True, True, False]
    assert [touches(at, None, spans) for at in (999, 1_000, 1_999, 2_000)] == [False, True, True, False]
    assert touches(1_500, 1_500, spans)


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_a_redacted_name_is_in_no_format(name: str) -> None:
    content = content_of(moments=[*MOMENTS, TOM])
    assert "Tom" in TEXT_FORMATS[name](content).text
    masked = redacted_content(content, redaction_spans(content.moments))
    text = TEXT_FORMATS[name](masked).text
    assert "Tom" not in text
    assert MASK in text
    assert "brother" in text or name == "csv"
    assert "clipped" in text or name not in {"csv", "json"}


def test_without_spans_nothing_changes() -> None:
    content = content_of()
    assert redacted_content(content, ()) is content


def test_a_run_of_masked_words_does_not_tell_how_many() -> None:
    masked = mask_words(WORDS, ((1_600, 3_000),))
    assert masked[0] == Word(MASK, 1_500, 3_000, 0.0, "A")
    assert masked[1].text == "your"


steps_in_time = st.lists(
    st.tuples(st.integers(0, 3_000), st.integers(0, 900), st.sampled_from("AB")), max_size=25
)
some_spans = st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 9_000)), max_size=5)


@given(steps_in_time, some_spans)
def test_masking_keeps_pauses_and_every_word_outside(steps, raw_spans) -> None:
    words, at_ms = [], 0
    for number, (gap_ms, long_ms, voice) in enumerate(steps):
        words.append(Word(f"w{number}", at_ms + gap_ms, at_ms + gap_ms + long_ms, 0.5, voice))
        at_ms += gap_ms + long_ms
    spans = joined((start_ms, start_ms + long_ms) for start_ms, long_ms in raw_spans)
    masked = mask_words(words, spans)
    outside = [word for word in words if not touches(word.start_ms, word.end_ms, spans)]
    assert [word for word in masked if word.text != MASK] == outside
    assert pauses_of(masked, 60_000) == pauses_of(words, 60_000)
    assert any(word.text == MASK for word in masked) == (len(outside) < len(words))
