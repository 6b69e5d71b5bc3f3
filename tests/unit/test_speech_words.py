"""Words after hearing: punctuation joined, edges out of silence, inventions out, gaps found, fillers out."""

import numpy as np
import pytest

from supervise.speech.fillers import without_fillers
from supervise.speech.invented import spoken_words, trusted, worth_hearing
from supervise.speech.mending import SpeechClock, mended, passed_over, untorn
from supervise.speech.onsets import refined
from supervise.speech.whisper import HeardWord, Hearing, merge_signs
from supervise.speech.windows import FRAMES_PER_S, Piece, Window


def word(text: str, start_s: float, end_s: float, confidence: float = 0.9) -> HeardWord:
    return HeardWord(text, start_s, end_s, confidence)


def activity(length_s: float, *spoken: tuple[float, float]) -> np.ndarray:
    times = np.arange(int(length_s * FRAMES_PER_S)) / FRAMES_PER_S
    return np.max([np.zeros(len(times)), *((times >= a) & (times < b) for a, b in spoken)], axis=0).astype(
        np.float32
    )


def window(probabilities: np.ndarray) -> Window:
    samples = np.zeros(len(probabilities) * 512, np.float32)
    return Window(0, len(samples), (Piece(0, len(samples)),), samples, probabilities)


def test_signs_join_their_word():
    found = merge_signs(
        [
            word(" “", 0, 0),
            word("Well", 0, 1),
            word(",", 1, 1),
            word(" no", 1, 2),
            word(".", 2, 2),
            word("”", 2, 2),
        ]
    )
    assert [entry.text for entry in found] == ["“Well,", "no.”"]


def test_a_word_after_a_pause_starts_with_its_sound():
    random = np.random.default_rng(1)
    samples = random.normal(0, 0.0005, 48000).astype(np.float32)
    samples[8000:12000] += random.normal(0, 0.1, 4000).astype(np.float32)
    samples[32000:36000] += random.normal(0, 0.1, 4000).astype(np.float32)
    first, second = refined([word("one", 0.45, 0.9), word("two", 0.9, 2.2)], samples)
    assert first.start_s == pytest.approx(0.5, abs=0.03)
    assert first.end_s == pytest.approx(0.75, abs=0.03)
    assert second.start_s == pytest.approx(2.0, abs=0.03)


def test_edges_never_cross():
    samples = np.random.default_rng(2).normal(0, 0.1, 16000).astype(np.float32)
    found = refined(
        [word("a", 0.1, 0.1), word("b", 0.1, 0.12), word("c", 0.12, 0.9), word("d", 0.9, 0.9)], samples
    )
    times = [time for entry in found for time in (entry.start_s, entry.end_s)]
    assert times == sorted(times)
    assert refined([word("a", 0, 0.001)], np.zeros(0, np.float32))


def test_words_without_speech_under_them_go_and_faint_ones_stay():
    heard = [word("Yes.", 1, 1.4), word("Thank", 10, 10.2), word("you.", 10.2, 10.6)]
    assert [entry.text for entry in spoken_words(heard, activity(20, (1, 1.3)))] == ["Yes."]
    assert spoken_words(heard[:1], 0.4 * activity(20, (1, 1.3))) == heard[:1]


def test_a_window_without_likely_speech_is_not_heard():
    assert not worth_hearing(window(activity(10)))
    assert not worth_hearing(window(activity(10, (1, 1.05))))
    assert worth_hearing(window(activity(10, (1, 1.4))))


@pytest.mark.parametrize(
    ("hearing", "spoken_s", "believed"),
    [
        (Hearing((word("Yes.", 1, 1.4),), -0.4, 0.3, 0.5), 0.4, True),
        (Hearing((word("Yes.", 1, 1.4, 0.1),), -0.9, 0.3, 0.5), 0.4, False),
        (Hearing((word("you", 1, 1.4),), -1.4, 0.7, 0.5), 9, False),
        (Hearing((word("la", 1, 9),), -0.2, 0.7, 6.0), 9, False),
        (Hearing((word("hard", 1, 9, 0.2),), -1.2, 0.2, 1.4), 9, True),
    ],
)
def test_text_whisper_itself_doubts_needs_speech(hearing: Hearing, spoken_s: float, believed: bool):
    assert trusted(hearing, window(activity(20, (1, 1 + spoken_s)))) is believed


def test_speech_without_words_is_found_and_heard_again():
    heard = [word("so", 0.5, 0.8), word("I", 0.8, 3.2, 0.1), word("mean,", 3.2, 8), word("yes", 9, 9.4)]
    clock = SpeechClock(activity(10, (0.5, 8), (9, 9.4)))
    assert passed_over(heard, clock, (0, 10)) == [(0.8, 9)]
    better = [
        word(text, 0.9 + n * 0.7, 1.5 + n * 0.7)
        for n, text in enumerate(["the", "best", "is", "what", "I", "mean"])
    ]
    found = mended(heard, clock, lambda _stretch: better)
    assert [w.text for w in found] == ["so", "the", "best", "is", "what", "I", "mean", "yes"]
    assert mended(heard, clock, lambda _stretch: better[:1]) == heard
    quick = [word("so", 0.5, 0.8), word("yes", 9, 9.4)]
    assert passed_over(quick, SpeechClock(activity(10, (0.5, 0.8), (9, 9.4))), (0, 10)) == []


def test_a_stretch_that_is_passed_over_again_is_heard_on_each_side_of_its_pause():
    clock = SpeechClock(activity(12, (0, 5), (5.5, 12)))
    tried = []

    def hear(stretch):
        tried.append(stretch)
        start_s, end_s = stretch
        if end_s - start_s > 8:
            return [word("how", start_s + 0.2, start_s + 0.5)]
        return [
            word("talk", start_s + at, start_s + at + 0.5) for at in np.arange(0, end_s - start_s - 0.4, 0.7)
        ]

    found = mended([], clock, hear)
    assert len(tried) == 3
    assert tried[1][1] == tried[2][0] == pytest.approx(5.25, abs=0.05)
    assert len(found) > 14
    assert [w.start_s for w in found] == sorted(w.start_s for w in found)


TORN = [word("This", 0, 3, 0.35), word("question", 3, 6.3), word("and", 6.3, 6.5)]
TWO_SENTENCES = activity(7, (0, 4.9), (5.8, 7))


def test_a_word_on_both_sides_of_a_long_pause_is_heard_again_with_what_it_stands_for():
    """As measured: of two sentences said far apart the model took the second, and stretched it over both."""
    clock = SpeechClock(TWO_SENTENCES)
    assert passed_over(TORN[1:], clock, (3, 7)) == [(3, 6.3)]
    quick = [word("good.", 4.6, 4.9), word("This", 4.9, 6.2)]  # attention begins early: no more than that
    assert passed_over(quick, clock, (4.6, 6.2)) == []
    across = [word("question", 4.3, 6.3)]
    assert passed_over(across, clock, (4.3, 6.3)) == [(4.3, 6.3)]
    assert passed_over(across, SpeechClock(activity(7, (0, 4.9), (5.4, 5.9))), (4.3, 6.3)) == []
    said = [
        word(text, n * 0.6, n * 0.6 + 0.5)
        for n, text in enumerate(["there", "is", "iron", "in", "all", "our", "blood"])
    ]
    again = [*said, word("This", 5.5, 5.8), word("question", 5.8, 6.3)]
    found = mended(TORN, clock, lambda _stretch: again)
    assert " ".join(w.text for w in found) == "there is iron in all our blood This question and"


def test_the_first_word_of_a_half_is_kept_though_it_begins_with_the_lead():
    clock = SpeechClock(TWO_SENTENCES)
    halves = {
        True: [word(text, n * 0.5, n * 0.5 + 0.4) for n, text in enumerate("abcdefghi")],
        False: [word("tail", 5.0, 5.2), word("This", 5.05, 5.8), word("question", 5.8, 6.3)],
    }

    def hear(stretch):
        return TORN[:1] if stretch[1] - stretch[0] > 6 else halves[stretch[0] < 1]

    found = mended(TORN, clock, hear)
    assert [w.text for w in found] == [*"abcdefghi", "This", "question", "and"]
    assert found[9].start_s == pytest.approx(5.35, abs=0.05)


def test_a_word_is_on_one_side_of_a_silence_that_was_left_out():
    clock = SpeechClock(TWO_SENTENCES)
    torn = [
        word("good.", 4.5, 5.42),
        word("This", 5.42, 5.5),
        word("question", 5.3, 6.3),
        word("oh", 4.9, 5.7),
    ]
    told = [(w.text, w.start_s, w.end_s) for w in untorn(torn, clock, [5.4])]
    assert told == [("good.", 4.5, 5.4), ("This", 5.42, 5.5), ("question", 5.4, 6.3), ("oh", 5.4, 5.7)]
    assert untorn(torn, clock, []) == torn


def test_fillers_go_and_answers_stay():
    heard = [word(text, n, n + 0.5) for n, text in enumerate(["Um,", "mm-hm.", "uh", "I", "Uh-huh", "err"])]
    assert [entry.text for entry in without_fillers(heard)] == ["mm-hm.", "I", "Uh-huh", "err"]
