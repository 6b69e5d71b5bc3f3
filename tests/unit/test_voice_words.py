"""Voices given to words: majority, nearest, strays brought back, short replies kept."""

from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.transcript import Word
from supervise.speech.events import VoiceSegment
from supervise.speech.speakers import assign_voices

A_THEN_B = (VoiceSegment(0, 2000, "A"), VoiceSegment(2000, 4000, "B"))


def said(text: str, start_ms: int = 0, step_ms: int = 300, gap_ms: int = 0) -> list[Word]:
    """Words that follow each other; `|` is a pause of half a second."""
    words: list[Word] = []
    for part in text.split():
        if part == "|":
            start_ms += 500
            continue
        words.append(Word(part, start_ms, start_ms + step_ms - gap_ms, 0.9))
        start_ms += step_ms
    return words


def labels(words: list[Word], segments: tuple[VoiceSegment, ...]) -> str:
    return "".join(word.speaker for word in assign_voices(words, segments))


def test_most_of_a_word_decides() -> None:
    word = Word("well", 1800, 2300, 0.9)
    assert assign_voices([word], A_THEN_B)[0].speaker == "B"
    assert assign_voices([Word("well", 1700, 2200, 0.9)], A_THEN_B)[0].speaker == "A"


def test_a_word_outside_all_speech_goes_to_the_nearest_voice() -> None:
    segments = (VoiceSegment(0, 1000, "A"), VoiceSegment(3000, 4000, "B"))
    assert labels([Word("um", 1300, 1500, 0.4)], segments) == "A"
    assert labels([Word("um", 2600, 2800, 0.4)], segments) == "B"
    assert labels([Word("um", 9000, 9100, 0.4)], segments) == "B"


def test_a_word_of_no_length_has_a_voice() -> None:
    assert labels([Word("I", 2500, 2500, 0.4)], A_THEN_B) == "B"


def test_without_segments_words_stay_as_they_are() -> None:
    words = said("nobody was told apart")
    assert assign_voices(words, ()) == tuple(words)


def test_everything_but_the_voice_is_kept() -> None:
    words = said("one two three four five six seven eight nine ten")
    plain = [
        Word(word.text, word.start_ms, word.end_ms, word.confidence)
        for word in assign_voices(words, A_THEN_B)
    ]
    assert plain == words


def test_a_stray_word_inside_a_sentence_is_given_back() -> None:
    segments = (VoiceSegment(0, 900, "A"), VoiceSegment(900, 1200, "B"), VoiceSegment(1200, 3000, "A"))
    assert labels(said("I went to the shop and came back."), segments) == "A" * 8


def test_a_reply_of_one_word_between_sentences_stays() -> None:
    segments = (VoiceSegment(0, 900, "A"), VoiceSegment(900, 1200, "B"), VoiceSegment(1200, 3000, "A"))
    assert labels(said("I was late. Mm. And then he left."), segments) == "AAABAAAA"


def test_a_reply_without_full_stops_but_with_pauses_stays() -> None:
    segments = (VoiceSegment(0, 900, "A"), VoiceSegment(1400, 1700, "B"), VoiceSegment(2200, 3500, "A"))
    assert labels(said("I was late | mm | and then he left"), segments) == "AAABAAAA"


def test_a_no_in_the_middle_of_a_quarrel_stays() -> None:
    segments = (VoiceSegment(0, 900, "A"), VoiceSegment(900, 1200, "B"), VoiceSegment(1200, 3000, "A"))
    assert labels(said("So you agree? No. You do not?"), segments) == "AAABAAA"


def test_the_last_word_of_a_sentence_comes_back_over_the_change() -> None:
    segments = (VoiceSegment(0, 1150, "A"), VoiceSegment(1150, 3000, "B"))
    assert labels(said("I do not know. Tell me more of it."), segments) == "AAAABBBBB"
    assert labels(said("I do not know him. Tell me more."), segments) == "AAAAABBB"


def test_the_first_word_of_a_sentence_comes_back_over_the_change() -> None:
    segments = (VoiceSegment(0, 1400, "A"), VoiceSegment(1400, 3000, "B"))
    assert labels(said("I do not know. Tell me more of it."), segments) == "AAAABBBBB"


def test_a_pause_keeps_the_change_where_it_was_heard() -> None:
    segments = (VoiceSegment(0, 1200, "A"), VoiceSegment(1600, 4000, "B"))
    assert labels(said("I do not know | him. Tell me more."), segments) == "AAAABBBB"


def test_overlapping_voices_share_the_words_by_time() -> None:
    segments = (VoiceSegment(0, 3000, "A"), VoiceSegment(1200, 1500, "B"))
    assert set(labels(said("one two three four five six seven"), segments)) == {"A"}


spans = st.tuples(st.integers(0, 60_000), st.integers(1, 5_000), st.sampled_from("ABCD"))
texts = st.sampled_from(["so", "Mm.", "No.", "then", "why?", "…", "「はい。」", ""])


@given(st.lists(spans, max_size=30), st.lists(st.tuples(st.integers(0, 70_000), texts), max_size=40))
def test_every_word_gets_a_voice_that_speaks(
    heard: list[tuple[int, int, str]], written: list[tuple[int, str]]
) -> None:
    segments = tuple(VoiceSegment(start, start + long, label) for start, long, label in heard)
    words = [Word(text, start, start + 200, 0.5) for start, text in sorted(written)]
    given_voices = [word.speaker for word in assign_voices(words, segments)]
    assert len(given_voices) == len(words)
    assert set(given_voices) <= ({one.label for one in segments} if segments else {""})
