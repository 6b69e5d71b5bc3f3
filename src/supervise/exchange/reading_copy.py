"""Makes a reading copy of one recall, or of several of the same session side by side."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from supervise.domain.reading_copy import CopyRow, Fact, Line, LineKind, ReadingCopy, RecallHeading
from supervise.domain.recall import Party, PromptUse, RecallKind, Setup, Stop, StoppedBy, late_words
from supervise.domain.recall_utterances import Utterance
from supervise.domain.redaction import joined
from supervise.domain.side_by_side import Beside, Piece, Span, side_by_side
from supervise.domain.times import clock, day_words, length_words
from supervise.domain.transcript import Pause, Word
from supervise.exchange.content import SessionContent
from supervise.exchange.plain_text import one_line
from supervise.exchange.recall_content import RecallContent, RecallRating
from supervise.exchange.transcripts import speaker_name

TITLE = "Recall of a session, reading copy"
MISTAKES = (
    "The words were written by a machine, here and there wrongly. Where it matters, listen to the sound."
)
LEFT_OUT = "Passages were left out on both sides; [redacted] stands in their place."
NO_WORDS = "The session has no transcript; its side shows times only."
NO_RECALL_WORDS = "“{column}” has no transcript; its stops are shown without what was said in them."
BLIND = "Ratings that the other party must not see yet are left out until both are done."
UNNAMED = (
    "Voices that nobody has named are called Speaker A, Speaker B. The letters are given anew in each "
    "recording: A in the session need not be A in a recall."
)
NOT_JUDGED = "What is recalled is one person's own view. It says nothing about how well anybody worked."
_KINDS = {
    RecallKind.THERAPIST: "the therapist's recall",
    RecallKind.CLIENT: "the client's recall",
    RecallKind.MUTUAL: "mutual recall, both together",
    RecallKind.PARALLEL: "parallel recall, each apart",
    RecallKind.RESEARCH: "research interview",
}
_PARTIES = {Party.THERAPIST: "therapist", Party.CLIENT: "client", Party.BOTH: "therapist and client"}
_STOPPERS = {
    StoppedBy.RECALLER: "whoever recalls stopped the tape",
    StoppedBy.INQUIRER: "whoever helps them stopped the tape",
    StoppedBy.TAPE: "the session, or the part chosen, was over",
    StoppedBy.DEVICE: "microphone or loudspeaker went away",
    StoppedBy.LOCK: "the vault locked",
}
_FRAMES = {
    "then": "what went on in them there and then, in the session",
    "now": "what they think of it here and now, in the recall",
}


@dataclass(frozen=True, slots=True)
class CopyContent:
    """What a reading copy is made of: the session's words, deleted portions and pauses, and its recalls.

    `names`: whether inquirers are called by name.
    """

    session: SessionContent
    pauses: tuple[Pause, ...]
    recalls: tuple[RecallContent, ...]
    names: bool = False


def reading_copy(content: CopyContent) -> ReadingCopy:
    """Return the copy; every word, stop and utterance stands in it once."""
    heads = [_heading(number, entry, content) for number, entry in enumerate(content.recalls, 1)]
    things = [thing for number, entry in enumerate(content.recalls) for thing in _things(number, entry)]
    apart = _apart(content, things)
    words = content.session.words
    laid = side_by_side(words, content.pauses, things, len(content.recalls), apart)
    rows = [
        CopyRow(
            _span(row.start_ms, row.end_ms),
            tuple(_piece(piece, content) for piece in row.pieces),
            tuple(
                tuple(line for thing in cell for line in _lines(thing, content.recalls[number], content))
                for number, cell in enumerate(row.beside)
            ),
        )
        for row in laid
    ]
    session = content.session
    language = session.version.settings.language if session.version else ""
    about = _session_facts(content)
    return ReadingCopy(
        TITLE, language, about, tuple(heads), _notices(content, heads), _legend(content), _prompts(content),
        tuple(rows),
    )  # fmt: skip


def _span(start_ms: int, end_ms: int) -> str:
    first, last = clock(start_ms), clock(end_ms)
    return first if first == last else f"{first}–{last}"


# ---------------------------------------------------------------- above the table
def _session_facts(content: CopyContent) -> tuple[Fact, ...]:
    session = content.session.session
    length = clock(session.sound.duration_ms)
    return (
        Fact("Session", f"held on {day_words(session.held_on)}, {length} long"),
        Fact("Client", one_line(session.client_code)),
    )


def _heading(number: int, recall: RecallContent, content: CopyContent) -> RecallHeading:
    setup = recall.setup
    who = _PARTIES[setup.recaller]
    column = f"Recalled by the {who}" if len(content.recalls) == 1 else f"{number}. Recalled by the {who}"
    kind = _KINDS[setup.kind] + (f", {one_line(setup.protocol)}" if setup.protocol else "")
    facts = [
        Fact("Recall", f"{day_words(recall.started_at[:10])}{_delay(setup)}"),
        Fact("Kind", kind),
        Fact("Recalls", f"the {who}"),
        Fact("Inquires", _inquirer(setup, names=content.names)),
        Fact("Length", f"{clock(recall.duration_ms)}, {_stops(recall.stops)}"),
    ]
    if setup.segments.spans:
        parts = ", ".join(_span(start, end) for start, end in setup.segments.spans)
        facts.append(Fact("Parts", f"{parts}, chosen: {setup.segments.chosen_by}"))
    facts += [Fact(*_rating(entry)) for entry in recall.ratings if entry.session_start_ms is None]
    return RecallHeading(column, tuple(facts))


def _delay(setup: Setup) -> str:
    hours = setup.hours_since
    if hours is None:
        return ""
    if hours == 0:
        return ", on the day of the session"
    if hours < 1:
        return ", within an hour of the session"
    if hours < 96:
        return f", {hours:.2g} hours after the session"
    return f", {round(hours / 24)} days after the session"


def _inquirer(setup: Setup, *, names: bool) -> str:
    if not setup.inquirer.strip():
        return "nobody"
    told = one_line(setup.inquirer) if names else "an inquirer"
    stops = "" if setup.inquirer_may_stop else ", who does not stop the tape"
    return f"{told}{stops}"


def _stops(stops: Sequence[Stop]) -> str:
    count = f"{len(stops)} stop{'' if len(stops) == 1 else 's'}"
    by = Counter(stop.stopped_by for stop in stops)
    return count + (": " + ", ".join(f"{n} by {who}" for who, n in by.items()) if len(by) > 1 else "")


def _notices(content: CopyContent, heads: Sequence[RecallHeading]) -> tuple[str, ...]:
    notices = [MISTAKES, NOT_JUDGED]
    if content.session.redacted or any(entry.redacted for entry in content.recalls):
        notices.append(LEFT_OUT)
    if content.session.version is None:
        notices.append(NO_WORDS)
    if _mistakable(content):
        notices.append(UNNAMED)
    for entry, head in zip(content.recalls, heads, strict=True):
        if not entry.utterances:
            notices.append(NO_RECALL_WORDS.format(column=head.column))
        if entry.hidden_ratings:
            notices.append(BLIND)
        if late := late_words(entry.setup.hours_since):
            notices.append(late)
    return tuple(dict.fromkeys(notices))


def _mistakable(content: CopyContent) -> bool:
    """Whether one letter stands for a voice of two recordings, which may be two people."""
    heard = [({word.speaker for word in content.session.words}, content.session.speakers)]
    heard += [({row.speaker for row in entry.utterances}, entry.speakers) for entry in content.recalls]
    letters = [
        label for labels, names in heard for label in labels if label and label not in dict(names.names)
    ]
    return len(letters) > len(set(letters))


def _legend(content: CopyContent) -> tuple[Fact, ...]:
    stoppers = {stop.stopped_by for entry in content.recalls for stop in entry.stops}
    frames = {coding.then_now for entry in content.recalls for coding in entry.codings}
    over = any(row.stop is None for entry in content.recalls for row in entry.utterances)
    found = [Fact(f"by {who}", words) for who, words in _STOPPERS.items() if who in stoppers]
    found += [Fact(frame, words) for frame, words in _FRAMES.items() if frame in frames]
    if over:
        found.append(Fact("meanwhile", "said while the session was being heard, not in a stop"))
    return tuple(found)


def _prompts(content: CopyContent) -> tuple[Fact, ...]:
    used = Counter(_worded(entry) for recall in content.recalls for entry in recall.prompts)
    return tuple(Fact("once" if times == 1 else f"{times} times", words) for words, times in used.items())


def _worded(used: PromptUse) -> str:
    """Return a prompt as it was asked, or the id of one that no card had."""
    return one_line(used.words or used.prompt)


# ---------------------------------------------------------------- the session's side
def _apart(content: CopyContent, things: Sequence[Beside["Stop | Utterance"]]) -> tuple[Span, ...]:
    """Return what of the session lies outside the parts chosen, where every recall had some."""
    parts = [entry.setup.segments.spans for entry in content.recalls]
    if not all(parts):
        return ()
    kept = joined([span for spans in parts for span in spans] + [(t.start_ms, t.end_ms) for t in things])
    edges = [0, *(edge for span in kept for edge in span), content.session.session.sound.duration_ms]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple((start, end) for start, end in gaps if end - start > 0)


def _piece(piece: Piece, content: CopyContent) -> Line:
    at = clock(piece.start_ms)
    length = length_words(piece.end_ms - piece.start_ms)
    if piece.kind == "pause":
        return Line(LineKind.PAUSE, f"[pause {_seconds(piece.start_ms, piece.end_ms)}]", at)
    if piece.kind == "deleted":
        return Line(LineKind.DELETED, f"[deleted for good, {length}]", at)
    if piece.kind == "apart":
        return Line(LineKind.APART, f"[{length} that are not part of this recall]", at)
    text = " ".join(_part(part) for part in piece.parts)
    text = f"… {text}" if piece.goes_on else text
    who = "" if piece.goes_on else _voice(piece.speaker, content)
    return Line(LineKind.SAID, text, at, who)


def _voice(label: str, content: CopyContent) -> str:
    return speaker_name(label, content.session.speakers)


def _part(part: Word | Pause) -> str:
    if isinstance(part, Pause):
        return f"[pause {_seconds(part.start_ms, part.end_ms)}]"
    return one_line(part.text)


def _seconds(start_ms: int, end_ms: int) -> str:
    return f"{(end_ms - start_ms + 500) // 1000} s"


# ---------------------------------------------------------------- the recall's side
def _things(number: int, recall: RecallContent) -> list[Beside[Stop | Utterance]]:
    """Return the stops of a recall and what was said outside one, in the recall's order."""
    found: list[tuple[int, Beside[Stop | Utterance]]] = [
        (stop.recall_start_ms, Beside(number, stop.about_from_ms, stop.session_ms, stop))
        for stop in recall.stops
    ]
    found += [
        (row.recall_start_ms, Beside(number, row.session_start_ms, row.session_end_ms, row, cuts=False))
        for row in recall.utterances
        if row.stop is None
    ]
    return [thing for _, thing in sorted(found, key=lambda entry: entry[0])]


def _lines(thing: Stop | Utterance, recall: RecallContent, content: CopyContent) -> list[Line]:
    if isinstance(thing, Utterance):
        return [_said(thing, recall, content, LineKind.OVER)]
    stop = thing
    said = [row for row in recall.utterances if row.stop is not None and row.stop.seq == stop.seq]
    lines = [Line(LineKind.STOP, _stop_words(stop, recall), clock(stop.session_ms))]
    entries: list[tuple[int, int, Line]] = [
        (used.recall_ms, 0, Line(LineKind.PROMPT, _worded(used)))
        for used in recall.prompts
        if used.stop == stop.seq
    ]
    entries += [(row.recall_start_ms, 1, _said(row, recall, content, LineKind.SAID)) for row in said]
    lines += [line for _, _, line in sorted(entries, key=lambda entry: entry[:2])]
    if not said:
        silent = "nothing was said" if recall.utterances else "no words yet"
        lines.append(Line(LineKind.NOTHING, silent))
    at = stop.session_ms
    lines += [Line(LineKind.RATING, f"{name}: {text}") for name, text in _rated_at(recall, at)]
    return lines


def _stop_words(stop: Stop, recall: RecallContent) -> str:
    end = recall.duration_ms if stop.recall_end_ms is None else stop.recall_end_ms
    lasted = length_words(max(0, end - stop.recall_start_ms))
    again = ""
    if stop.replayed_from_ms is not None:
        again = f", then on from {clock(stop.replayed_from_ms)}"
    return f"Stop {stop.seq + 1}, by {stop.stopped_by}, {lasted}{again}"


def _said(row: Utterance, recall: RecallContent, content: CopyContent, kind: LineKind) -> Line:
    codings = recall.codings_of(row)
    tags = [entry.then_now for entry in codings if entry.then_now]
    tags += [one_line(label or code) for entry in codings for code, label in entry.codes]
    if kind is LineKind.OVER:
        tags.insert(0, "meanwhile")
    who = speaker_name(row.speaker, recall.speakers)
    if not content.names and who.casefold() == recall.setup.inquirer.strip().casefold():
        who = "Inquirer" if who else ""
    return Line(kind, one_line(row.text), clock(row.recall_start_ms), who, tuple(dict.fromkeys(tags)))


def _rated_at(recall: RecallContent, session_ms: int) -> list[tuple[str, str]]:
    return [
        _rating(entry)
        for entry in recall.ratings
        if entry.session_start_ms is not None
        and entry.session_start_ms <= session_ms <= (entry.session_end_ms or entry.session_start_ms)
    ]


def _rating(entry: RecallRating) -> tuple[str, str]:
    point = f" ({one_line(entry.time_point)})" if entry.time_point else ""
    return one_line(entry.item) + point, one_line(entry.value_text)
