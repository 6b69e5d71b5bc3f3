"""Recalls as values: a talk of any length, stopped as often as wanted, in which everything is known."""

from dataclasses import dataclass, replace

from supervise.domain.ids import ClientId, MediaId, RecallId, SessionId, TranscriptId
from supervise.domain.recall import Party, PromptUse, RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import RecallMap, Stretch
from supervise.domain.recall_utterances import utterances
from supervise.domain.session import Session, SoundFacts
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word, pauses_of
from supervise.exchange.content import SessionContent
from supervise.exchange.reading_copy import CopyContent
from supervise.exchange.recall_content import RecallContent

SESSION = SessionId("5" * 32)
ROLES = SpeakerNames((("A", "client"), ("B", "therapist")))
TALK = (
    ("A", "So we had the dinner at my mother's place on Sunday, and it was fine. It was really fine."),
    ("B", "You say that it was fine, and you look at the door."),
    ("A", "Well. She asked about the job again. I did not say anything, I just cleared the table."),
    ("B", "What did you feel when she asked?"),
    ("A", "Nothing much. Tired, perhaps. I wanted to go home and not talk for a week or so."),
    ("B", "I wonder whether it is a little like that here, when I ask you things."),
    ("A", "No, here it is different. You get paid for it. Sorry, that came out wrong."),
    ("B", "I think that it came out quite right, and I would like to stay with it for a moment."),
)
RECALLED = (
    "I noticed my stomach there, and I thought, now I have lost him.",
    "I wanted to say that it hurt me, but I said something clever instead.",
    "Today I think I was just tired, but at that moment I was frightened that he would not come back.",
)
WORDINGS = {
    "affect.feel": "What did you feel there?",
    "body.image": "Did your body tell you anything? Any picture or memory?",
    "unsaid.hold": "What did you want to say and hold back?",
}


def words_of(text: str, at_ms: int, speaker: str, step_ms: int = 350) -> list[Word]:
    """One word every `step_ms`."""
    return [
        Word(word, at_ms + number * step_ms, at_ms + number * step_ms + step_ms - 60, 0.9, speaker)
        for number, word in enumerate(text.split())
    ]


def talk(duration_ms: int) -> tuple[Word, ...]:
    """A conversation of about that length."""
    words: list[Word] = []
    at, turn = 1000, 0
    while at < duration_ms - 15_000:
        speaker, text = TALK[turn % len(TALK)]
        words += words_of(text, at, speaker)
        at = words[-1].end_ms + (2600 if turn % 5 == 2 else 500)
        turn += 1
    return tuple(words)


def session_row(duration_ms: int) -> Session:
    """A session of that length."""
    sound = SoundFacts(duration_ms, 1000, 1, duration_ms, "", 16)
    media = (MediaId("m"), MediaId("p"))
    return Session(SESSION, ClientId("c"), "K-07", "a title", "2026-11-22", "now", sound, *media)


@dataclass(frozen=True)
class Told:
    """How a recall is to be made up."""

    stops: int = 4
    every_ms: int = 20_000
    lasts_ms: int = 30_000
    party: Party = Party.THERAPIST
    shift_ms: int = 0


def recall_of(row: Session, told: Told, number: int = 7) -> RecallContent:
    """A recall that plays from the start and is stopped every so often; each resume steps back 4 s."""
    stops: list[Stop] = []
    prompts: list[PromptUse] = []
    stretches: list[Stretch] = []
    words: list[Word] = []
    at, heard = 500, 0
    for seq in range(told.stops):
        stop_ms = min((seq + 1) * told.every_ms + told.shift_ms, row.sound.duration_ms)
        stretches.append(Stretch(at, at + stop_ms - heard, heard, stop_ms, 1.0, seq))
        begin = at + stop_ms - heard
        end = begin + told.lasts_ms
        about = max(heard, stop_ms - 15_000)
        by = StoppedBy.INQUIRER if seq % 4 == 3 else StoppedBy.RECALLER
        since, back = begin - (stops[-1].recall_end_ms or 0 if stops else 0), max(0, stop_ms - 4000)
        stops.append(Stop(seq, stop_ms, begin, by, since, about, end, back))
        words += words_of(RECALLED[seq % len(RECALLED)], begin + 1500, "A", 300)
        if seq % 3 == 1:
            key = list(WORDINGS)[seq % 3]
            prompts.append(PromptUse(len(prompts), begin + 800, key, seq, WORDINGS[key]))
        at, heard = end, back
    stretches.append(Stretch(at, at + 3000, heard, heard + 3000, 1.0, told.stops))
    words += words_of("oh yes", at + 900, "A")
    found = RecallMap(tuple(stretches), 1000, 1000, at + 3000)
    helper = "Cara" if told.party is Party.CLIENT else ""
    kind = RecallKind.CLIENT if told.party is Party.CLIENT else RecallKind.THERAPIST
    return RecallContent(
        recall=RecallId(str(number) * 32),
        session=row,
        setup=Setup(kind, recaller=told.party, inquirer=helper, hours_since=3.5),
        started_at="2026-11-22T18:30:00.000Z",
        duration_ms=at + 3000,
        stops=tuple(stops),
        prompts=tuple(prompts),
        map=found,
        utterances=utterances(words, stops, prompts, found),
        speakers=SpeakerNames((("A", str(told.party)), ("B", helper or "inquirer"))),
    )


def copy_content(duration_ms: int, *told: Told) -> CopyContent:
    """A session of that length with as many recalls side by side."""
    row, words = session_row(duration_ms), talk(duration_ms)
    settings = TranscribeSettings(language="en")
    version = TranscriptVersion(TranscriptId("t"), SESSION, "now", settings, finished=True)
    recalls = tuple(recall_of(row, one, 7 - number) for number, one in enumerate(told))
    return CopyContent(SessionContent(row, version, words, ROLES), pauses_of(words, duration_ms), recalls)


def with_words(content: CopyContent, words: tuple[Word, ...]) -> CopyContent:
    """The same with other words of the session."""
    duration_ms = content.session.session.sound.duration_ms
    session = replace(content.session, words=words)
    return replace(content, session=session, pauses=pauses_of(words, duration_ms))
