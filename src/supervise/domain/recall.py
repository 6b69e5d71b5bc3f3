"""A recall: who recalls a session with whom, where the tape was stopped, and which prompts were used."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.redaction import joined
from supervise.domain.times import clock

LATE_H = 48
DEFAULT_STEP_BACK_MS = 4000
MOST_STEP_BACK_MS = 15_000
LEAST_NUDGE_S, MOST_NUDGE_S = 5, 600


class RecallKind(StrEnum):
    """How a recall is set up; a research interview names its protocol beside it."""

    THERAPIST = "therapist"
    CLIENT = "client"
    MUTUAL = "mutual"
    PARALLEL = "parallel"
    RESEARCH = "research"


class Party(StrEnum):
    """Who may recall: one who was in the session, or both together."""

    THERAPIST = "therapist"
    CLIENT = "client"
    BOTH = "both"


class StoppedBy(StrEnum):
    """Who or what stopped the tape."""

    RECALLER = "recaller"
    INQUIRER = "inquirer"
    TAPE = "tape"  # the session, or the chosen segment, was over
    DEVICE = "device"  # microphone or loudspeaker went away
    LOCK = "lock"  # the vault locked


class ChosenBy(StrEnum):
    """Who chose the segments to be recalled."""

    PARTICIPANT = "participant"
    RESEARCHER = "researcher"
    MARKER = "marker"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Segments:
    """The parts of the session to be recalled, in ms; none stands for the whole. `seed` is for `random`."""

    spans: tuple[tuple[int, int], ...] = ()
    chosen_by: ChosenBy = ChosenBy.PARTICIPANT
    why: str = ""
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What was agreed before a recall: `inquirer` is a name or code (empty: nobody helps).

    `step_back_ms` is how far resuming goes back. `hours_from_day` says that only the day of the session is
    known, so that `hours_since` counts from its noon. `inquirer_is_therapist` says so of the inquirer.
    `nudge_s` is after how long a silence the inquirer is reminded that they may ask; 0: never.
    """

    kind: RecallKind
    protocol: str = ""
    recaller: Party = Party.THERAPIST
    inquirer: str = ""
    inquirer_is_therapist: bool = False
    inquirer_may_stop: bool = True
    step_back_ms: int = DEFAULT_STEP_BACK_MS
    segments: Segments = field(default_factory=Segments)
    hours_since: float | None = None
    hours_from_day: bool = False
    nudge_s: int = 0

    @property
    def kind_text(self) -> str:
        """The kind as typed: `therapist`, `research:bsr`."""
        return f"{self.kind}:{self.protocol}" if self.protocol else str(self.kind)

    def plain(self) -> dict[str, Any]:
        """Return JSON-able values; `setup_from_plain` reads them back."""
        return asdict(self)


def setup_from_plain(plain: Mapping[str, Any]) -> Setup:
    """Read what `Setup.plain` wrote; unknown keys are ignored, so that newer rows stay readable."""
    known = {name: value for name, value in plain.items() if name in Setup.__slots__}
    parts = known.get("segments", {})
    segments = Segments(
        tuple((start, end) for start, end in parts.get("spans", ())),
        ChosenBy(parts.get("chosen_by", ChosenBy.PARTICIPANT)),
        parts.get("why", ""),
        parts.get("seed"),
    )
    kind, recaller = RecallKind(known["kind"]), Party(known.get("recaller", Party.THERAPIST))
    return Setup(**{**known, "kind": kind, "recaller": recaller, "segments": segments})


def parse_kind(text: str) -> tuple[RecallKind, str]:
    """Read `therapist`, `client`, `mutual`, `parallel` or `research:PROTOCOL`; raises UsageError."""
    word, _, protocol = text.strip().partition(":")
    try:
        kind = RecallKind(word)
    except ValueError:
        known = "therapist, client, mutual, parallel, research:PROTOCOL"
        raise UsageError(f"“{text}” is not a kind of recall. The kinds are: {known}.") from None
    protocol = protocol.strip()
    if (kind is RecallKind.RESEARCH) != bool(protocol) or len(protocol) > 60:
        raise UsageError("A research interview names its protocol: research:PROTOCOL. The others name none.")
    return kind, protocol


def usual_recaller(kind: RecallKind) -> Party:
    """Return who recalls in such a recall when nothing else is said."""
    return {RecallKind.CLIENT: Party.CLIENT, RecallKind.MUTUAL: Party.BOTH}.get(kind, Party.THERAPIST)


def check_setup(setup: Setup, duration_ms: int) -> Setup:
    """Return the set-up with its segments in order; raises UsageError when it contradicts itself."""
    wanted = {
        RecallKind.THERAPIST: Party.THERAPIST,
        RecallKind.CLIENT: Party.CLIENT,
        RecallKind.MUTUAL: Party.BOTH,
    }.get(setup.kind)
    if wanted is not None and setup.recaller is not wanted:
        raise UsageError(f"In a {setup.kind} recall, {_who(wanted)} recall{'' if wanted == 'both' else 's'}.")
    if setup.kind in (RecallKind.PARALLEL, RecallKind.RESEARCH) and setup.recaller is Party.BOTH:
        raise UsageError("One person recalls at a time here. Make a recall for each of the two.")
    if setup.recaller is Party.CLIENT:
        if not setup.inquirer:
            raise UsageError("A client recalls with an inquirer. Say who that is; it is not the therapist.")
        if setup.inquirer_is_therapist:
            raise UsageError("A client's inquirer is not their therapist. Let somebody else inquire.")
    if not 0 <= setup.step_back_ms <= MOST_STEP_BACK_MS:
        raise UsageError(f"Resuming steps back by 0 to {MOST_STEP_BACK_MS // 1000} seconds.")
    if setup.nudge_s and not LEAST_NUDGE_S <= setup.nudge_s <= MOST_NUDGE_S:
        raise UsageError(f"Nudge after {LEAST_NUDGE_S} to {MOST_NUDGE_S} seconds of silence, or never.")
    if not setup.inquirer.isprintable() or len(setup.inquirer) > 60:
        raise UsageError("Write the inquirer's name or code in at most 60 letters.")
    return replace(setup, segments=_checked(setup.segments, duration_ms))


def _who(party: Party) -> str:
    return "both" if party is Party.BOTH else f"the {party}"


def _checked(segments: Segments, duration_ms: int) -> Segments:
    for start_ms, end_ms in segments.spans:
        if not 0 <= start_ms < end_ms <= duration_ms:
            where = f"{clock(start_ms)} to {clock(end_ms)}"
            raise UsageError(
                f"The segment {where} does not lie in the session, which is {clock(duration_ms)}."
            )
    if segments.chosen_by is ChosenBy.RANDOM and segments.spans and segments.seed is None:
        raise UsageError("Segments chosen at random need the seed they were drawn with.")
    return replace(segments, spans=joined(segments.spans))


@dataclass(frozen=True, slots=True)
class PromptUse:
    """A prompt card used at `recall_ms`, in stop number `stop` (None: while the tape ran).

    `words` is the card's wording as it was then; empty for an id that no card had.
    """

    seq: int
    recall_ms: int
    prompt: str
    stop: int | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """The tape stood still: at `session_ms`, from `recall_start_ms` (when silence fell) to the resume.

    `recall_end_ms` and `replayed_from_ms` are None while it lasts; the last one of a stop that nothing was
    played after stays None. `since_last_ms` is the recall time since the stop before ended (or the recall
    began). `about_from_ms` is where what is recalled may begin: heard without a break up to the stop.
    """

    seq: int
    session_ms: int
    recall_start_ms: int
    stopped_by: StoppedBy
    since_last_ms: int
    about_from_ms: int
    recall_end_ms: int | None = None
    replayed_from_ms: int | None = None

    def plain(self) -> dict[str, Any]:
        """Return JSON-able values; `stop_from_plain` reads them back."""
        return asdict(self)


def stop_from_plain(plain: Mapping[str, Any]) -> Stop:
    """Read what `Stop.plain` wrote."""
    known = {name: value for name, value in plain.items() if name in Stop.__slots__}
    return Stop(**{**known, "stopped_by": StoppedBy(known["stopped_by"])})


def hours_since(ended: str, now: str) -> float:
    """Return the hours from one ISO time to another; never less than 0. A day alone counts from its noon."""
    then = datetime.combine(date.fromisoformat(ended), time(12), UTC) if len(ended) == 10 else _at(ended)
    return max(0.0, (_at(now) - then).total_seconds() / 3600)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def late_words(hours: float | None) -> str:
    """Say that a recall comes late; empty when it does not."""
    if hours is None or hours <= LATE_H:
        return ""
    days = round(hours / 24)
    return (
        f"The session was {days} days ago. Beyond {LATE_H} hours people tend to tell what they think of it "
        "today rather than what went on in them then."
    )
