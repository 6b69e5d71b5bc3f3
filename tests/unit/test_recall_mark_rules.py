"""What a mark on a recall may say: the recaller's codes, the inquirer's, then or now, and where it lies."""

from dataclasses import replace

import pytest
from exchange_samples import BOOK

from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, RecallId, RecallMarkId, SessionId
from supervise.domain.moments import MomentCode, Perspective
from supervise.domain.recall_marks import (
    About,
    RecallMark,
    TimeFrame,
    about_of,
    check_recall_mark,
    plain_recall_mark,
    recall_codes,
    recall_mark_from_plain,
)

FEAR = MomentCode("ip.affect", (("intensity", 3),))
MARK = RecallMark(
    RecallMarkId("m"),
    RecallId("r"),
    SessionId("s"),
    ProfileId("p"),
    Perspective.THERAPIST,
    About.RECALLER,
    2000,
    4000,
    TimeFrame.THEN,
    (FEAR,),
    "in the chest",
    BOOK.key,
    "2026-11-27T00:00:00Z",
    "2026-11-27T00:00:00Z",
)


def test_every_kind_of_thing_that_is_recalled_has_a_code() -> None:
    names = {code.code for code in recall_codes(BOOK, About.RECALLER)}
    wanted = "affect thought body image intent unsaid percept expect risk alt pattern"
    assert {f"ip.{name}" for name in wanted.split()} <= names
    assert not names & {"ip.stop", "ip.stop_q", "ip.drift", "ip.judged"}
    asked = {code.code for code in recall_codes(BOOK, About.INQUIRER)}
    assert {"ip.judged", "ip.taught", "ip.interpreted"} <= asked
    assert not asked & {"ip.stop_q", "ip.affect"}


def test_whose_words_codes_are_about_is_read_off_them() -> None:
    assert about_of(BOOK, ["ip.taught", "ip.judged"]) is About.INQUIRER
    assert about_of(BOOK, ["ip.affect"]) is About.RECALLER
    assert about_of(BOOK, []) is About.RECALLER
    assert about_of(BOOK, ["ip.affect", "ip.taught"]) is About.RECALLER  # which the check refuses


def test_a_mark_travels_as_plain_values() -> None:
    assert recall_mark_from_plain({**plain_recall_mark(MARK), "new": 1}) == MARK


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"start_ms": -1}, "outside"),
        ({"end_ms": 9001}, "outside"),
        ({"end_ms": 1999}, "outside"),
        ({"codes": (), "note": " ", "time_frame": TimeFrame.OPEN}, "needs a code"),
        ({"codes": (FEAR, FEAR)}, "once"),
        ({"codes": (MomentCode("ip.nothing"),)}, "no code"),
        ({"codes": (MomentCode("wd.minimal"),)}, "not one for what the recaller says"),
        ({"codes": (MomentCode("ip.taught"),)}, "not one for what the recaller says"),
        ({"about": About.INQUIRER}, "not one for what the inquirer says"),
        ({"codes": (MomentCode("ip.stop"),)}, "not one for"),
        ({"codes": (MomentCode("ip.thought", (("intensity", 3),)),)}, "no attribute"),
        ({"codes": (MomentCode("ip.affect", (("intensity", 9),)),)}, "takes a number"),
        ({"codes": (MomentCode("ip.drift"),)}, "cannot be from then"),
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        check_recall_mark(replace(MARK, **changed), BOOK, 9000)  # type: ignore[arg-type]


def test_a_point_and_a_bare_time_frame_are_marks_too() -> None:
    check_recall_mark(replace(MARK, end_ms=2000), BOOK, 9000)
    check_recall_mark(replace(MARK, codes=(), note=""), BOOK, 9000)
    now = replace(MARK, codes=(MomentCode("ip.drift"),), time_frame=TimeFrame.NOW)
    check_recall_mark(now, BOOK, 9000)
