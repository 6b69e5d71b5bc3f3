"""Turns, pauses and voices: how words become what a person reads, and how speakers are corrected."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.speakers import SpeakerNames, label_by_channel, reassign, relabel
from supervise.domain.transcript import PAUSE_MS, Pause, Turn, Word, pauses_of, rows_of, turns_of


def word(start_ms: int, end_ms: int, speaker: str = "A", text: str = "w") -> Word:
    return Word(text, start_ms, end_ms, 0.9, speaker)


@st.composite
def speech(draw: st.DrawFn) -> list[Word]:
    at, words = 0, []
    for _ in range(draw(st.integers(0, 40))):
        at += draw(st.integers(0, 9000))
        end = at + draw(st.integers(1, 800))
        words.append(word(at, end, draw(st.sampled_from("AB"))))
        at = end
    return words


@given(speech())
def test_turns_hold_every_word_once_in_order_one_voice_each(words: list[Word]) -> None:
    turns = turns_of(words)
    assert [entry for turn in turns for entry in turn.words] == words
    assert all({entry.speaker for entry in turn.words} == {turn.speaker} for turn in turns)
    assert all(turn.start_ms == turn.words[0].start_ms for turn in turns)


@given(speech(), st.integers(0, 20_000))
def test_pauses_are_exactly_the_long_stretches_without_words(words: list[Word], rest_ms: int) -> None:
    duration_ms = (words[-1].end_ms if words else 0) + rest_ms
    pauses = pauses_of(words, duration_ms)
    assert all(pause.end_ms - pause.start_ms >= PAUSE_MS for pause in pauses)
    spoken_ms = set()
    for entry in words:
        spoken_ms.update(range(entry.start_ms, entry.end_ms))
    silent = [ms not in spoken_ms for ms in range(duration_ms)]
    for pause in pauses:
        assert all(silent[pause.start_ms : pause.end_ms])
    covered = sum(pause.end_ms - pause.start_ms for pause in pauses)
    gaps = [b.start_ms - a.end_ms for a, b in pairwise(words)]
    gaps += [words[0].start_ms, rest_ms] if words else [duration_ms]
    assert covered == sum(gap for gap in gaps if gap >= PAUSE_MS)


def test_a_long_gap_starts_a_new_turn_of_the_same_voice() -> None:
    assert len(turns_of([word(0, 500), word(7000, 7500)])) == 2
    assert len(turns_of([word(0, 500), word(6000, 6500)])) == 1


@given(speech(), st.integers(0, 20_000))
def test_as_read_every_pause_stands_between_the_words_around_it(words: list[Word], rest_ms: int) -> None:
    duration_ms = (words[-1].end_ms if words else 0) + rest_ms
    turns, pauses = turns_of(words), pauses_of(words, duration_ms)
    rows = rows_of(turns, pauses)
    assert [entry for row in rows if isinstance(row, Turn) for entry in row.words] == words
    assert tuple(row for row in rows if isinstance(row, Pause)) == pauses
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(rows))
    spoken = [row for row in rows if isinstance(row, Turn)]
    for row in spoken:
        assert all(b.start_ms - a.end_ms < PAUSE_MS for a, b in pairwise(row.words))
    assert len(spoken) >= len(turns)


def test_two_voices_at_once_lose_no_word_when_read() -> None:
    words = [word(0, 400), word(300, 5000, "B"), word(500, 900), word(7000, 7300), word(7400, 7500)]
    rows = rows_of(turns_of(words), pauses_of(words, 8000))
    held = [entry for row in rows if isinstance(row, Turn) for entry in row.words]
    assert sorted(held, key=lambda entry: entry.start_ms) == words
    assert [type(row).__name__ for row in rows] == ["Turn", "Turn", "Turn", "Pause", "Turn"]


def test_names_are_given_taken_and_swapped() -> None:
    names = SpeakerNames().with_name("A", " therapist ").with_name("B", "client")
    assert (names.name("A"), names.name("B"), names.name("C"), names.name("")) == (
        "therapist",
        "client",
        "Speaker C",
        "Unknown",
    )
    assert dict(names.swapped("A", "B").names) == {"A": "client", "B": "therapist"}
    assert names.swapped("A", "C").name("C") == "therapist"
    assert names.with_name("A", "").name("A") == "Speaker A"


def test_voices_are_merged_and_corrected_in_a_stretch() -> None:
    words = (word(0, 100), word(200, 300, "B"), word(400, 500, "B"))
    assert [w.speaker for w in relabel(words, {"B": "A"})] == ["A", "A", "A"]
    assert [w.speaker for w in reassign(words, 0, 201, "C")] == ["C", "C", "B"]


def test_the_louder_channel_under_a_word_names_it() -> None:
    words = (word(0, 100), word(100, 200), word(1000, 1200))
    assert [w.speaker for w in label_by_channel(words, "0011", 50)] == ["A", "B", "A"]
