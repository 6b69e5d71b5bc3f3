"""Sessions made up for the tests of formats."""

from collections.abc import Sequence
from pathlib import Path

from supervise.domain.ids import ClientId, CommentId, MediaId, MomentId, ProfileId, SessionId, TranscriptId
from supervise.domain.moments import Comment, Moment, MomentCode, Perspective, Profile
from supervise.domain.session import Session, SoundFacts
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.exchange.codebook_yaml import parse_codebook
from supervise.exchange.content import SessionContent

DEFAULT = Path(__file__).parents[2] / "resources" / "codebooks" / "default.yaml"
BOOK = parse_codebook(DEFAULT.read_text(encoding="utf-8"), "default.yaml")
STAMP = "2026-11-02T10:00:00.000Z"


def an_id(number: int) -> str:
    return f"{number:032x}"


SESSION = Session(
    session=SessionId(an_id(1)),
    client=ClientId(an_id(2)),
    client_code="K-07",
    title="The title stays",
    held_on="2026-11-01",
    created_at=STAMP,
    sound=SoundFacts(7_056_000, 44_100, 1, 160_000, "ab" * 32, 16),
    master=MediaId(an_id(3)),
    peaks=MediaId(an_id(4)),
)
THERAPIST = Profile(ProfileId(an_id(5)), "Ana", Perspective.THERAPIST, STAMP)


def spoken(text: str, start_ms: int, speaker: str = "A", word_ms: int = 300) -> list[Word]:
    """Return the words of `text`, one every `word_ms`, touching each other."""
    starts = enumerate(text.split())
    return [
        Word(word, start_ms + n * word_ms, start_ms + (n + 1) * word_ms, 0.9, speaker) for n, word in starts
    ]


WORDS = (
    *spoken("How was the week with your brother Tom?", 1_500),
    *spoken("Fine.", 9_000, "B"),
    *spoken("It was.", 11_000, "B"),
    *spoken("I notice you went quiet.", 30_000),
)


def a_moment(number: int, start_ms: int, end_ms: int | None, *codes: MomentCode, note: str = "") -> Moment:
    return Moment(
        moment=MomentId(an_id(number)),
        session=SESSION.session,
        start_ms=start_ms,
        end_ms=end_ms,
        codes=codes,
        note=note,
        author=THERAPIST.profile,
        perspective=Perspective.THERAPIST,
        codebook=BOOK.key,
        created_at=STAMP,
        changed_at=STAMP,
    )


def a_comment(number: int, moment: Moment, text: str) -> Comment:
    return Comment(CommentId(an_id(number)), moment.moment, THERAPIST.profile, text, STAMP)


MOMENTS = (
    a_moment(
        20,
        9_000,
        29_000,
        MomentCode("wd.minimal", (("salience", 3), ("impact", 2))),
        MomentCode("oc.missed"),
        note="=clipped, then\r\nsilent",
    ),
    a_moment(21, 3_900, None, MomentCode("wf.flag"), note="Tom again"),
)
COMMENTS = (a_comment(30, MOMENTS[0], "I hear it too"), a_comment(31, MOMENTS[1], "Tom is the elder"))


def content_of(words: Sequence[Word] = WORDS, moments: Sequence[Moment] = MOMENTS) -> SessionContent:
    settings = TranscribeSettings(terms="Tom, Zagreb")
    version = TranscriptVersion(TranscriptId(an_id(6)), SESSION.session, STAMP, settings, True, ("A note.",))
    return SessionContent(
        session=SESSION,
        version=version,
        words=tuple(words),
        speakers=SpeakerNames((("A", "therapist"), ("B", "client"))),
        moments=tuple(moments),
        comments=COMMENTS,
        profiles=(THERAPIST,),
        codebooks={BOOK.key: BOOK},
    )
