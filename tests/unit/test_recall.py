"""Setting up a recall: kinds, who may inquire, segments, hours since the session."""

import json
from dataclasses import replace

import pytest

from supervise.domain.errors import UsageError
from supervise.domain.recall import (
    ChosenBy,
    Party,
    RecallKind,
    Segments,
    Setup,
    Stop,
    StoppedBy,
    check_setup,
    hours_since,
    late_words,
    parse_kind,
    setup_from_plain,
    stop_from_plain,
    usual_recaller,
)

OURS = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer="Cara")


def test_kinds_are_read_as_typed() -> None:
    assert parse_kind("therapist") == (RecallKind.THERAPIST, "")
    assert parse_kind(" research:bsr ") == (RecallKind.RESEARCH, "bsr")
    for wrong in ("", "research", "research:", "client:bsr", "anything"):
        with pytest.raises(UsageError):
            parse_kind(wrong)
    assert Setup(RecallKind.RESEARCH, "bsr").kind_text == "research:bsr"
    assert usual_recaller(RecallKind.MUTUAL) is Party.BOTH
    assert usual_recaller(RecallKind.PARALLEL) is Party.THERAPIST


def test_a_client_recalls_with_an_inquirer_who_is_not_the_therapist() -> None:
    assert check_setup(OURS, 1000) == OURS
    for wrong in (replace(OURS, inquirer=""), replace(OURS, inquirer_is_therapist=True)):
        with pytest.raises(UsageError):
            check_setup(wrong, 1000)
    alone = Setup(RecallKind.THERAPIST)
    assert check_setup(alone, 1000) == alone


@pytest.mark.parametrize(
    "wrong",
    [
        Setup(RecallKind.THERAPIST, recaller=Party.CLIENT, inquirer="Cara"),
        Setup(RecallKind.MUTUAL, recaller=Party.THERAPIST),
        Setup(RecallKind.PARALLEL, recaller=Party.BOTH),
        Setup(RecallKind.THERAPIST, step_back_ms=60_000),
        Setup(RecallKind.THERAPIST, inquirer="x" * 61),
        Setup(RecallKind.THERAPIST, segments=Segments(((0, 5000),))),
        Setup(RecallKind.THERAPIST, segments=Segments(((0, 500),), ChosenBy.RANDOM)),
    ],
)
def test_a_set_up_that_contradicts_itself_is_refused(wrong: Setup) -> None:
    with pytest.raises(UsageError):
        check_setup(wrong, 1000)


def test_segments_are_put_in_order_and_joined() -> None:
    parts = Segments(((500, 900), (100, 300), (250, 400)), ChosenBy.RANDOM, "drawn", 7)
    found = check_setup(replace(OURS, segments=parts), 1000)
    assert found.segments.spans == ((100, 400), (500, 900))


def test_values_survive_json() -> None:
    parts = Segments(((100, 300),), ChosenBy.MARKER, "a rupture marker")
    setup = replace(OURS, segments=parts, hours_since=3.5, protocol="")
    assert setup_from_plain({**json.loads(json.dumps(setup.plain())), "newer": 1}) == setup
    stop = Stop(3, 1000, 2000, StoppedBy.INQUIRER, 500, 0, 4000, 0)
    assert stop_from_plain(json.loads(json.dumps(stop.plain()))) == stop


def test_hours_since_the_session_and_the_warning_beyond_two_days() -> None:
    assert hours_since("2026-11-23T10:00:00.000Z", "2026-11-23T13:30:00.000Z") == 3.5
    assert hours_since("2026-11-20", "2026-11-23T12:00:00.000Z") == 72
    assert hours_since("2026-11-23T13:00:00.000Z", "2026-11-23T12:00:00.000Z") == 0
    assert late_words(48) == late_words(None) == ""
    assert "3 days ago" in late_words(72)
