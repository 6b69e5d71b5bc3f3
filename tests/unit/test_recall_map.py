"""The map of a recall, both ways, over any pauses, seeks, replays and speeds."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.domain.errors import UsageError
from supervise.domain.recall import Stop, StoppedBy
from supervise.domain.recall_map import RecallMap, Stretch, heard_from, stop_at

RECALL_HZ, SESSION_HZ = 48000, 44100


@st.composite
def maps(draw: st.DrawFn) -> RecallMap:
    """A recall of up to twenty stretches with anything in between."""
    stretches: list[Stretch] = []
    recall = draw(st.integers(0, 5 * RECALL_HZ))
    session = draw(st.integers(0, 60 * SESSION_HZ))
    for run in range(draw(st.integers(0, 20))):
        speed = draw(st.sampled_from([0.5, 0.75, 1.0, 1.5, 2.0]))
        drift = draw(st.integers(-300, 300)) / 1e6
        heard = draw(st.integers(RECALL_HZ // 100, 20 * RECALL_HZ))
        passed = round(heard / RECALL_HZ * SESSION_HZ * speed * (1 + drift))
        stretches.append(Stretch(recall, recall + heard, session, session + passed, speed, run))
        recall += heard + draw(st.one_of(st.just(0), st.integers(1, 30 * RECALL_HZ)))
        session = draw(st.one_of(st.just(session + passed), st.integers(0, 60 * SESSION_HZ)))
    return RecallMap(tuple(stretches), RECALL_HZ, SESSION_HZ, recall)


@given(maps(), st.data())
def test_any_instant_of_the_recall_leads_to_the_session_and_back(
    found: RecallMap, data: st.DataObject
) -> None:
    length_ms = found.samples * 1000 // RECALL_HZ
    at_ms = data.draw(st.integers(0, length_ms))
    session_ms = found.session_at(at_ms)
    if not found.stretches or at_ms * RECALL_HZ < found.stretches[0].recall_start * 1000:
        return
    # A millisecond of the session is half a millisecond of a recall at double speed, two at half speed.
    spans = [span for near in (-2, -1, 0, 1, 2) for span in found.recalls_of(session_ms + near)]
    assert any(span.start_ms - 5 <= at_ms <= span.end_ms + 5 for span in spans)


@given(maps(), st.data())
def test_every_place_given_for_an_instant_of_the_session_maps_to_it(
    found: RecallMap, data: st.DataObject
) -> None:
    if not found.stretches:
        return
    stretch = data.draw(st.sampled_from(found.stretches))
    inside = data.draw(st.integers(stretch.session_start, stretch.session_end))
    session_ms = inside * 1000 // SESSION_HZ
    for span in found.recalls_of(session_ms):
        middle = (span.start_ms + span.end_ms) // 2
        for at_ms in {span.start_ms, middle}:
            told = [found.session_at(near) for near in (at_ms - 1, at_ms, at_ms + 1)]
            assert min(abs(place - session_ms) for place in told) <= 3


@given(maps())
def test_what_was_heard_is_what_plays(found: RecallMap) -> None:
    spans = found.heard_spans()
    assert all(begin < end for begin, end in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    for begin, end in spans:
        middle = (begin + end) // 2
        assert found.playing_at(middle) or end - begin <= 2
    heard = sum(stretch.recall_end - stretch.recall_start for stretch in found.stretches)
    assert sum(end - begin for begin, end in spans) == pytest.approx(heard * 1000 / RECALL_HZ, abs=22)


def plain_map() -> RecallMap:
    """Two seconds played from 10 s, a stop of three, replayed from 9 s for a second at double speed."""
    rate = 1000
    stretches = (
        Stretch(1 * rate, 3 * rate, 10 * rate, 12 * rate, 1.0, 0),
        Stretch(6 * rate, 7 * rate, 9 * rate, 11 * rate, 2.0, 1),
    )
    return RecallMap(stretches, rate, rate, 9 * rate)


def test_a_replayed_instant_has_two_places_and_a_stop_a_span() -> None:
    found = plain_map()
    assert [found.session_at(ms) for ms in (0, 1000, 2000, 3000, 4500, 6000, 6500, 8000)] == [
        10_000,
        10_000,
        11_000,
        12_000,
        12_000,
        9_000,
        10_000,
        11_000,
    ]
    assert [span[:2] for span in found.recalls_of(10_500)] == [(1500, 1500), (6750, 6750)]
    assert found.recalls_of(12_000) == ((3000, 6000, False),)
    assert found.recalls_of(11_000) == ((2000, 2000, True), (7000, 9000, False))
    assert found.recalls_of(13_000) == ()
    assert found.heard_spans() == ((1000, 3000), (6000, 7000))
    assert [found.playing_at(ms) for ms in (999, 1000, 2999, 3000, 6500, 7000)] == [
        False,
        True,
        True,
        False,
        True,
        False,
    ]


def stops() -> tuple[Stop, Stop]:
    first = Stop(0, 12_000, 3000, StoppedBy.RECALLER, 3000, 10_000, 6000, 9000)
    return first, Stop(1, 11_000, 7000, StoppedBy.INQUIRER, 1000, 9000)


def test_words_in_a_stop_are_about_what_was_heard_up_to_it_and_others_about_what_plays() -> None:
    found = plain_map()
    assert found.session_span(3500, 5000, stops()) == (10_000, 12_000)
    assert found.session_span(8000, 9000, stops()) == (9000, 11_000)
    assert found.session_span(1500, 2500, stops()) == (10_500, 11_500)
    assert stop_at(stops(), 2999) is None
    assert stop_at(stops(), 6000) is None


def test_what_was_heard_without_a_jump_is_found_back_to_the_last_stop() -> None:
    rows = [
        Stretch(0, 10, 0, 10),
        Stretch(10, 20, 10, 20),
        Stretch(20, 30, 500, 510),
        Stretch(30, 40, 510, 530),
    ]
    assert heard_from(rows, 0, 1000) == 500
    assert heard_from(rows[:2], 0, 1000) == 0
    assert heard_from(rows[:2], 0, 5) == 15
    assert heard_from(rows, 30, 1000) == 510
    assert heard_from([], 0, 5) is None


def test_an_empty_recall_stands_where_it_began() -> None:
    found = RecallMap((), 1000, 1000, 5000, begin_ms=42)
    assert (found.session_at(3000), found.recalls_of(42), found.heard_spans()) == (42, (), ())


def test_a_map_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(UsageError):
        RecallMap((Stretch(0, 10, 0, 10), Stretch(5, 20, 0, 10)), 1000, 1000, 20)
