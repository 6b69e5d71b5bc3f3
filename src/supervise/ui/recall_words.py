"""What a person reads while a recall goes on, and when it has ended."""

from supervise.app.interviews import InterviewView
from supervise.domain.protocols import StepKind
from supervise.domain.recall import Party, RecallKind, Setup, StoppedBy
from supervise.domain.times import clock
from supervise.ui.live_recall import RecallStanding
from supervise.ui.recording_parts import ABSENT

KIND_WORDS = {
    RecallKind.THERAPIST: "Therapist recall",
    RecallKind.CLIENT: "Client recall",
    RecallKind.MUTUAL: "Mutual recall",
    RecallKind.PARALLEL: "Parallel recall",
    RecallKind.RESEARCH: "Research interview",
}
KIND_ABOUT = {
    RecallKind.THERAPIST: "The therapist recalls their own session, alone or with an inquirer.",
    RecallKind.CLIENT: "The client recalls with an inquirer who is not their therapist.",
    RecallKind.MUTUAL: "Both recall together, and hear what the other had kept back.",
    RecallKind.PARALLEL: "Each recalls alone. This is one of the two; hold another for the other.",
    RecallKind.RESEARCH: "An interview by a protocol, for a study the client agreed to.",
}
PARTY_WORDS = {
    Party.THERAPIST: "The therapist",
    Party.CLIENT: "The client",
    Party.BOTH: "Both together",
}
FORBIDDEN = "It was agreed that only the recaller stops the tape."
NOT_RUN = "The tape has not run yet. Go on begins it; what is said meanwhile is recorded."
WAITING = "The tape begins as soon as the microphone hears the room."
RUNS = "Stop the tape whenever something comes back: a feeling, a thought, an image, something left unsaid."
AT_END = "The tape has come to its end. Speak on, go back, or end the recall."
PASSAGE_OVER = "This passage is over. Going on plays the next one."
SIDE_GONE = "The tape was stopped because a device went away. What is said is recorded as long as there is a "
SIDE_GONE += "microphone."
LOCKED = "The tape was stopped when the vault locked. Recording went on."
GOES_ON_LOCKED = "The vault is locked: the tape stands, recording goes on. Unlock it to go on with the tape."
HEADPHONES = (
    "The microphone hears the loudspeaker ({db} dB). Headphones are better. Without them, what was only the "
    "session is left out of the transcript, and words spoken over the playing tape may be lost."
)


def since_words(hours: float) -> str:
    """Say how long ago the session was; 0 is also that of a day whose hour nobody noted."""
    if hours == 0:
        return "The session was today."
    if hours < 1:
        return "The session ended less than an hour ago."
    if hours >= 48:
        return f"The session was about {round(hours / 24)} days ago."
    return f"The session was about {round(hours)} {'hour' if round(hours) == 1 else 'hours'} ago."


def part_words(view: InterviewView) -> str:
    """Name an interview by who is asked and when; nobody by name."""
    point = view.protocol.point(view.row.point)
    return f"the {view.row.party} · {point.title or point.point}"


def by_hand_words(view: InterviewView) -> str:
    """Say where a recall is tied to an interview by hand."""
    asked = any(step.kind is StepKind.RECALL for step in view.steps)
    return "at the interview's step for the recall" if asked else "in the terminal, with “interview tie”"


def state_words(now: RecallStanding) -> str:
    """Say how it stands in two words."""
    if now.state == ABSENT:
        return "No microphone"
    if not now.begun:
        return "Getting ready"
    return "The tape runs" if now.playing else "The tape stands"


def turn_words(now: RecallStanding) -> str:
    """Say what the big button does."""
    if not now.begun:
        return "One moment…"
    return "Stop the tape" if now.playing else "Go on"


def going_words(now: RecallStanding, setup: Setup) -> str:
    """Say what can be done now, and why the tape stands."""
    if not now.begun:
        return WAITING
    if now.playing:
        return RUNS
    if not now.stops:
        return NOT_RUN
    if now.stopped_by is StoppedBy.TAPE:
        more = any(start_ms >= now.session_ms for start_ms, _ in setup.segments.spans)
        return PASSAGE_OVER if more else AT_END
    if now.stopped_by is StoppedBy.DEVICE:
        return SIDE_GONE
    if now.stopped_by is StoppedBy.LOCK:
        return LOCKED
    who = "The inquirer stopped" if now.stopped_by is StoppedBy.INQUIRER else "Stopped"
    back = f" Going on steps back {setup.step_back_ms / 1000:g} seconds." if setup.step_back_ms else ""
    if now.stopped_ms != now.session_ms:
        back = f" Going on starts at {clock(now.session_ms)}."
    return f"{who} at {clock(now.stopped_ms)}. Take all the time you need; it is recorded.{back}"
