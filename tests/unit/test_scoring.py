"""Word errors against jiwer, and speaker errors on cases worked out by hand."""

import jiwer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.transcript import Word
from supervise.exchange.scoring import TrueSpan, WordErrors, speaker_errors, spoken_words, word_errors

SENTENCES = st.lists(st.sampled_from(["a", "b", "c", "dd", "e"]), min_size=1, max_size=25).map(" ".join)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It’s FINE — really.", "it's fine really"),
        ("well-known, 'quoted'", "well known quoted"),
        (
            "20 of 105, 1,200 and 9999!",
            "twenty of one hundred five one thousand two hundred and nine thousand",
        ),
        ("OK; alright", "okay all right"),
        ("12345 3rd 50%", "12345 3rd fifty percent"),
        ("  \n…", ""),
    ],
)
def test_texts_are_compared_as_spoken(text: str, words: str) -> None:
    assert " ".join(spoken_words(text)).startswith(words)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors"),
    [
        ("one two three", "One, two, three.", (0, 0, 0, 3)),
        ("one two three", "one three", (0, 1, 0, 3)),
        ("one three", "one two three", (0, 0, 1, 2)),
        ("one two three", "one too three", (1, 0, 0, 3)),
        ("a b", "b c", (0, 1, 1, 2)),
        ("", "so it is", (0, 0, 3, 0)),
        ("so it is", "", (0, 3, 0, 3)),
        ("", "", (0, 0, 0, 0)),
    ],
)
def test_errors_worked_out_by_hand(reference: str, hypothesis: str, errors: tuple[int, ...]) -> None:
    assert word_errors(reference, hypothesis) == errors


@given(SENTENCES, SENTENCES)
def test_as_many_errors_as_jiwer_counts(reference: str, hypothesis: str) -> None:
    ours = word_errors(reference, hypothesis)
    theirs = jiwer.process_words(reference, hypothesis)
    edits = theirs.substitutions + theirs.deletions + theirs.insertions
    assert ours.substitutions + ours.deletions + ours.insertions == edits
    assert ours.rate == pytest.approx(theirs.wer)
    assert ours.deletions - ours.insertions == theirs.deletions - theirs.insertions
    assert min(ours) >= 0


def test_a_long_text_needs_little_memory() -> None:
    truth = " ".join(f"word{n % 997}" for n in range(8_000))
    assert word_errors(truth, truth.replace("word5 ", "")) == WordErrors(0, 9, 0, 8_000)


TRUTH = (
    TrueSpan("therapist", 0, 1_000),
    TrueSpan("client", 2_000, 3_000),
    TrueSpan("therapist", 4_000, 5_000),
)


def said(*labelled: tuple[int, int, str]) -> list[Word]:
    return [Word("w", start_ms, end_ms, 1.0, label) for start_ms, end_ms, label in labelled]


def test_labels_are_named_as_fits_best() -> None:
    errors = speaker_errors(TRUTH, said((0, 1_000, "B"), (2_000, 3_000, "A"), (4_000, 5_000, "B")))
    assert errors.names == (("A", "client"), ("B", "therapist"))
    assert (errors.words, errors.wrong_words, errors.word_share, errors.time_share) == (3, 0, 0.0, 0.0)


def test_a_word_under_the_wrong_label_counts_in_words_and_time() -> None:
    errors = speaker_errors(TRUTH, said((0, 900, "A"), (2_100, 3_000, "B"), (4_000, 4_600, "B")))
    assert (errors.words, errors.wrong_words) == (3, 1)
    assert (errors.confused_ms, errors.speech_ms, errors.time_share) == (600, 3_000, 0.2)


def test_a_word_over_two_speakers_belongs_to_the_one_it_covers_most() -> None:
    truth = (TrueSpan("t", 0, 1_000), TrueSpan("c", 1_000, 2_000))
    errors = speaker_errors(truth, said((0, 600, "A"), (600, 1_100, "A"), (1_100, 2_000, "B")))
    assert (errors.wrong_words, errors.confused_ms) == (0, 100)


def test_one_label_for_all_and_no_label_and_too_many() -> None:
    one = speaker_errors(TRUTH, said((0, 1_000, "A"), (2_000, 3_000, "A"), (4_000, 5_000, "A")))
    assert (one.wrong_words, one.names) == (1, (("A", "therapist"),))
    none = speaker_errors(TRUTH, said((0, 1_000, ""), (2_000, 3_000, "")))
    assert (none.wrong_words, none.word_share) == (2, 1.0)
    many = speaker_errors(TRUTH, said((0, 1_000, "A"), (2_000, 3_000, "B"), (4_000, 4_900, "C")))
    assert many.wrong_words == 1
    nine = speaker_errors(TRUTH, said(*((n * 100, n * 100 + 90, str(n)) for n in range(9))))
    assert nine.words == 9


def test_words_in_true_silence_are_not_counted() -> None:
    errors = speaker_errors(TRUTH, said((1_200, 1_800, "A"), (0, 500, "B")))
    assert (errors.words, errors.wrong_words) == (1, 0)
    assert speaker_errors((), []).word_share == 0.0
