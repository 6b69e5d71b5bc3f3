"""What is said while recording about missing sound: each sentence once, a standstill when it has settled."""

from supervise.app.gap_news import GapNews
from supervise.audio.recorder import DEVICE_GONE, Heard
from supervise.domain.recordings import Gap, GapReason

CALM = 40


def heard(*gaps: Gap, still_s: tuple[float, ...] = (), absent_s: float = 0.0) -> Heard:
    return Heard(0, 0, 0, False, absent_s, False, gaps, 0, 0, None, still_s)


def said(news: GapNews, how: Heard, looks: int = CALM) -> list[str]:
    return [words for _ in range(looks) for words in news.look(how)]


def asleep(lost_ms: int) -> Gap:
    return Gap(3000, lost_ms, GapReason.ASLEEP)


def test_a_standstill_is_told_once_with_what_is_missing_in_the_end() -> None:
    news = GapNews()
    assert said(news, heard()) == []
    for lost_ms in (58_000, 40_000, 9_000):
        assert said(news, heard(asleep(lost_ms), still_s=(60.2,)), 3) == []
    (words,) = said(news, heard(asleep(2600), still_s=(60.2,)))
    assert "stood still, for 1:00. 2.6 s of the meeting are missing" in words
    assert said(news, heard(asleep(2600), still_s=(60.2,))) == []


def test_a_standstill_the_device_made_up_for_is_told_as_that() -> None:
    news = GapNews()
    (words,) = said(news, heard(asleep(0), still_s=(8.0,)))
    assert "for 8.0 s. The sound device has filled that time" in words


def test_a_device_that_stood_still_alone_is_told() -> None:
    (words,) = said(GapNews(), heard(asleep(1200)))
    assert words.startswith("No sound arrived for a while: 1.2 s")


def test_a_pulled_microphone_is_told_at_once_and_no_standstill() -> None:
    news = GapNews()
    assert said(news, heard(absent_s=2.0)) == [DEVICE_GONE]
    gap = Gap(1000, 4000, GapReason.DEVICE)
    assert said(news, heard(gap)) == [
        "The microphone is back. Recording goes on; the gap of 4.0 s is marked."
    ]
