"""What was recalled beside the words it is about: no word lost, every stop where its words end."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from recall_samples import words_of
from supervise.domain.side_by_side import Beside, side_by_side
from supervise.domain.transcript import Pause, Word, pauses_of, with_deleted

LENGTH_MS = 120_000


@st.composite
def talks(draw):
    words, at_ms = [], 0
    for _ in range(draw(st.integers(0, 60))):
        at_ms += draw(st.sampled_from([0, 100, 1500, 7000]))
        words.append(Word("w.", at_ms, at_ms + 300, 0.9, draw(st.sampled_from(["A", "B"]))))
        at_ms += 300
    return tuple(words)


@st.composite
def things(draw):
    made = []
    for number in range(draw(st.integers(0, 12))):
        end = draw(st.integers(0, LENGTH_MS))
        start = max(0, end - draw(st.integers(0, 15_000)))
        made.append(Beside(draw(st.integers(0, 1)), start, end, number, draw(st.booleans())))
    return made


@given(talks(), things())
def test_no_word_and_no_thing_is_lost_or_repeated(words, beside) -> None:
    pauses = pauses_of(words, LENGTH_MS)
    rows = side_by_side(words, pauses, beside, 2)
    parts = [part for row in rows for piece in row.pieces for part in piece.parts]
    assert [part for part in parts if isinstance(part, Word)] == list(words)
    alone = [piece for row in rows for piece in row.pieces if piece.kind == "pause"]
    inline = [part for part in parts if isinstance(part, Pause)]
    shown = sorted([piece.start_ms for piece in alone] + [pause.start_ms for pause in inline])
    assert shown == [pause.start_ms for pause in pauses]
    told = sorted(thing for row in rows for cell in row.beside for thing in cell)
    assert told == list(range(len(beside)))
    for thing in beside:
        (row,) = [row for row in rows if thing.thing in row.beside[thing.recall]]
        assert row.beside[1 - thing.recall].count(thing.thing) == 0


@given(talks(), things())
def test_a_stop_stands_where_the_words_end_that_led_to_it(words, beside) -> None:
    rows = side_by_side(words, pauses_of(words, LENGTH_MS), beside, 2)
    for thing in [thing for thing in beside if thing.cuts]:
        (number,) = [at for at, row in enumerate(rows) if thing.thing in row.beside[thing.recall]]
        before = [word for row in rows[: number + 1] for piece in row.pieces for word in piece.parts]
        after = [word for row in rows[number + 1 :] for piece in row.pieces for word in piece.parts]
        heard = [word for word in before if isinstance(word, Word)]
        to_come = [word for word in after if isinstance(word, Word)]
        assert all((word.start_ms + word.end_ms) // 2 < thing.end_ms for word in heard)
        assert all((word.start_ms + word.end_ms) // 2 >= thing.end_ms for word in to_come)


@given(talks(), things())
def test_rows_run_in_the_sessions_order(words, beside) -> None:
    rows = side_by_side(words, (), beside, 2)
    spoken = [piece.start_ms for row in rows for piece in row.pieces]
    assert spoken == sorted(spoken)
    cutting = {thing.thing for thing in beside if thing.cuts}
    covered = [row for row in rows if cutting & {thing for cell in row.beside for thing in cell}]
    assert all(one.end_ms <= other.end_ms for one, other in pairwise(covered))


def test_a_stop_has_the_words_it_is_about_beside_it_and_no_others() -> None:
    words = tuple(words_of(" ".join(f"w{n}" for n in range(60)), 0, "A", 1000))
    rows = side_by_side(
        words, (), [Beside(0, 20_000, 30_000, "stop"), Beside(0, 41_500, 41_900, "oh", False)], 1
    )
    (stop,) = [row for row in rows if row.beside[0] == ("stop",)]
    assert [word.text for piece in stop.pieces for word in piece.parts] == [f"w{n}" for n in range(20, 30)]
    assert (stop.start_ms, stop.end_ms) == (20_000, 30_000)
    assert stop.pieces[0].goes_on
    (meanwhile,) = [row for row in rows if row.beside[0] == ("oh",)]
    assert meanwhile.start_ms <= 41_900 <= meanwhile.end_ms


def test_a_long_speech_comes_in_pieces_that_end_with_a_sentence() -> None:
    words = tuple(words_of("one two three four. " * 100, 0, "A"))
    rows = side_by_side(words, (), [], 1)
    assert len(rows) == 7
    assert all(row.pieces[0].parts[-1].text == "four." for row in rows)
    assert [row.pieces[0].goes_on for row in rows] == [False] + [True] * 6


def test_stops_near_each_other_share_a_row_and_far_ones_do_not() -> None:
    near = side_by_side((), (), [Beside(0, 0, 10_000, "a"), Beside(0, 0, 10_900, "b")], 1)
    assert [row.beside[0] for row in near] == [("a", "b")]
    far = side_by_side((), (), [Beside(0, 0, 10_000, "a"), Beside(0, 0, 40_000, "b")], 1)
    assert [row.beside[0] for row in far] == [("a",), ("b",)]


def test_deleted_portions_and_parts_left_aside_are_told_in_their_places() -> None:
    words = tuple(words_of("a b c d", 0, "A", 1000) + words_of("e f", 20_000, "A", 1000))
    pauses = with_deleted(pauses_of(words, 22_000), [(6000, 9000)])
    rows = side_by_side(words, pauses, [], 1, apart=[(0, 2000)])
    kinds = [piece.kind for row in rows for piece in row.pieces]
    assert kinds == ["apart", "said", "pause", "deleted", "pause", "said"]
    texts = [part.text for row in rows for piece in row.pieces for part in piece.parts]
    assert texts == ["c", "d", "e", "f"]
