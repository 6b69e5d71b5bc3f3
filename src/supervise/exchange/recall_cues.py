"""A recall as cues: its utterances and stops on either time line (docs/guide/formats.md)."""

from collections.abc import Sequence

from supervise.domain.recall import Stop
from supervise.domain.recall_utterances import Utterance
from supervise.domain.times import clock_ms
from supervise.exchange.content import TakenOut
from supervise.exchange.plain_text import one_line
from supervise.exchange.recall_content import RecallContent
from supervise.exchange.transcripts import BY_MACHINE, LEFT_OUT, speaker_name


def write_recall_vtt(content: RecallContent) -> TakenOut:
    """Return the utterances as WebVTT on the recall's time line; each cue is named by its session span.

    Stops are notes in their places. `rows` counts cues.
    """
    cues = [(row.recall_start_ms, row.recall_end_ms, row) for row in content.utterances]
    notes = [(stop.recall_start_ms, stop) for stop in content.stops]
    return _vtt(content, cues, notes)


def write_session_vtt(content: RecallContent) -> TakenOut:
    """Return the utterances as WebVTT on the session's time line, to be read beside its transcript."""
    rows = [(row.session_start_ms, row.session_end_ms, row) for row in content.utterances]
    cues = sorted(rows, key=lambda row: (row[0], row[2].recall_start_ms))
    notes = sorted(((stop.about_from_ms, stop) for stop in content.stops), key=lambda entry: entry[0])
    return _vtt(content, cues, notes)


def _vtt(
    content: RecallContent, rows: Sequence[tuple[int, int, Utterance]], stops: Sequence[tuple[int, Stop]]
) -> TakenOut:
    notices = [BY_MACHINE, LEFT_OUT] if content.redacted else [BY_MACHINE]
    parts = ["WEBVTT\n\n", *(f"NOTE {notice}\n\n" for notice in notices)]
    waiting = list(reversed(stops))
    for start_ms, end_ms, row in rows:
        while waiting and waiting[-1][0] <= start_ms:
            parts.append(_note(content, waiting.pop()[1]))
        about = f"{clock_ms(row.session_start_ms)} - {clock_ms(row.session_end_ms)}"
        name = speaker_name(row.speaker, content.speakers)
        text = _escaped(one_line(row.text))
        said = f"<v {_escaped(name)}>{text}</v>" if name else text
        times = f"{clock_ms(start_ms)} --> {clock_ms(max(end_ms, start_ms + 1))}"
        parts.append(f"session {about}, recall {clock_ms(row.recall_start_ms)}\n{times}\n{said}\n\n")
    parts += [_note(content, stop) for _, stop in reversed(waiting)]
    return TakenOut(len(rows), tuple(part.encode() for part in parts))


def _note(content: RecallContent, stop: Stop) -> str:
    """Return a comment on one stop; an arrow would end it (W3C WebVTT, 4.1)."""
    used = [entry.prompt for entry in content.prompts if entry.stop == stop.seq]
    cards = f", prompts {' '.join(used)}" if used else ""
    where = f"session {clock_ms(stop.session_ms)}, recall {clock_ms(stop.recall_start_ms)}"
    text = one_line(f"Stop {stop.seq + 1} by {stop.stopped_by}: {where}{cards}")
    return f"NOTE {text.replace('-->', '->')}\n\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
