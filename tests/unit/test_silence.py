"""When an inquirer may be reminded: a voice stands out from its room, and words that push nobody."""

import re

from supervise.domain.silence import Silence, nudge_words

ROOM, VOICE, BREATH = -62.0, -30.0, -57.0


def heard(levels: list[float], step_s: float = 0.1) -> Silence:
    """The silence after one look every tenth of a second."""
    silence = Silence(0.0, 0.0)
    for number, level in enumerate(levels, 1):
        silence = silence.after(number * step_s, level)
    return silence


def test_silence_lasts_from_the_last_voice() -> None:
    assert heard([ROOM] * 50).quiet_s == 5.0
    assert abs(heard([ROOM] * 10 + [VOICE] * 10 + [ROOM] * 30).quiet_s - 3.0) < 0.01


def test_it_may_begin_with_a_voice() -> None:
    assert abs(heard([VOICE] * 10 + [ROOM] * 20).quiet_s - 2.0) < 0.01
    assert heard([VOICE] * 3 + [ROOM] + [VOICE] * 3).quiet_s == 0.0


def test_a_breath_and_what_is_no_voice_at_all_are_silence() -> None:
    assert heard([ROOM, BREATH] * 20).quiet_s == 4.0
    assert heard([-96.0, -64.0] * 20).quiet_s == 4.0


def test_a_quiet_voice_in_a_quiet_room_and_a_voice_in_a_loud_one_are_heard() -> None:
    assert heard([-75.0] * 10 + [-55.0] * 3).quiet_s == 0.0
    assert heard([-42.0] * 30 + [-28.0]).quiet_s == 0.0
    assert heard([-42.0] * 100 + [-36.0]).quiet_s > 10


def test_speech_with_its_pauses_is_never_taken_for_the_room() -> None:
    spoken = ([VOICE] * 12 + [ROOM + 4] * 2) * 100
    for count in range(20, len(spoken), 7):
        assert heard(spoken[:count]).quiet_s < 0.35


def test_a_fan_that_starts_becomes_the_room_after_a_while() -> None:
    silence = heard([ROOM] * 20 + [ROOM + 20] * 300)
    assert silence.room_db is not None
    assert silence.room_db >= ROOM + 19
    assert silence.quiet_s > 15


def test_a_clock_that_stands_still_or_jumps_back_makes_no_silence() -> None:
    silence = Silence(5.0, 5.0, ROOM).after(4.0, ROOM)
    assert silence.quiet_s == 0.0


def test_the_words_say_how_long_and_push_nobody() -> None:
    words = nudge_words(40.4)
    assert words.startswith("Quiet for 40 s.")
    assert re.search(r"\b(must|should|please|please|too long|!|hurry)\b", words) is None


def test_from_a_minute_on_it_is_told_in_minutes() -> None:
    assert nudge_words(59.6).startswith("Quiet for 1 min.")
    assert nudge_words(130).startswith("Quiet for 2 min 10 s.")
