"""A recall as rows and cues: each utterance with the session's span it is about (docs/guide/formats.md)."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from supervise.domain.ids import RecallId
from supervise.domain.recall import PromptUse, Setup, Stop
from supervise.domain.recall_map import RecallMap
from supervise.domain.recall_utterances import Utterance
from supervise.domain.redaction import MASK, Span, touches
from supervise.domain.session import Session
from supervise.domain.speakers import SpeakerNames
from supervise.domain.times import clock_ms, samples_to_ms
from supervise.domain.transcript import Word
from supervise.exchange.content import TakenOut
from supervise.exchange.plain_text import cell, one_line
from supervise.exchange.transcripts import BY_MACHINE, LEFT_OUT, speaker_name

FORMAT, FORMAT_VERSION = "supervise-recall", 1
COLUMNS = (
    *("recall_id", "session_id", "kind", "recaller", "inquirer", "hours_since", "utterance"),
    *("recall_start_ms", "recall_end_ms", "session_start_ms", "session_end_ms"),
    *("recall_start_clock", "session_start_clock", "over_playing"),
    *("stop", "stopped_by", "stop_session_ms", "replayed_from_ms", "prompt", "prompt_words"),
    *("speaker", "text", "ratings"),
)


@dataclass(frozen=True, slots=True)
class RecallContent:
    """A recall with everything its formats may show; `redacted` says that something was left out."""

    recall: RecallId
    session: Session
    setup: Setup
    started_at: str
    duration_ms: int
    stops: tuple[Stop, ...]
    prompts: tuple[PromptUse, ...]
    map: RecallMap
    utterances: tuple[Utterance, ...]
    speakers: SpeakerNames
    redacted: bool = False


def redacted_recall(content: RecallContent, spans: Sequence[Span]) -> RecallContent:
    """Return the content with every utterance masked that is about a redacted span of the session."""
    kept = [
        _masked(row) if touches(row.session_start_ms, row.session_end_ms, spans) else row
        for row in content.utterances
    ]
    return replace(content, utterances=tuple(kept), redacted=bool(spans))


def _masked(row: Utterance) -> Utterance:
    word = Word(MASK, row.recall_start_ms, row.recall_end_ms, 0.0, row.speaker)
    return replace(row, words=(word,))


def write_recall_csv(content: RecallContent) -> TakenOut:
    """Return a row an utterance as CSV, as moments are written. `rows` counts utterances."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, row in enumerate(content.utterances, 1):
        writer.writerow(_row(content, number, row))
    return TakenOut(len(content.utterances), (table.getvalue().encode("utf-8-sig"),))


def _row(content: RecallContent, number: int, row: Utterance) -> list[str]:
    setup, stop = content.setup, row.stop
    hours = "" if setup.hours_since is None else f"{setup.hours_since:g}"
    about = [content.recall, content.session.session, cell(setup.kind_text), str(setup.recaller)]
    about += [cell(setup.inquirer), hours, str(number)]
    times = [row.recall_start_ms, row.recall_end_ms, row.session_start_ms, row.session_end_ms]
    clocks = [clock_ms(row.recall_start_ms), clock_ms(row.session_start_ms)]
    clocks.append("true" if row.over_playing else "false")
    where = ["", "", "", ""]
    if stop is not None:
        replayed = "" if stop.replayed_from_ms is None else str(stop.replayed_from_ms)
        where = [str(stop.seq + 1), str(stop.stopped_by), str(stop.session_ms), replayed]
    who = cell(speaker_name(row.speaker, content.speakers))
    said = [cell(row.prompt), cell(row.prompt_words), who, cell(row.text), ""]
    return [*about, *map(str, times), *clocks, *where, *said]


def write_recall_json(content: RecallContent) -> TakenOut:
    """Return the whole recall as UTF-8 JSON. `rows` counts utterances."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=1, allow_nan=False)
    text = "".join(encoder.iterencode(recall_document(content))) + "\n"
    return TakenOut(len(content.utterances), (text.encode("utf-8", "replace"),))


def recall_document(content: RecallContent) -> dict[str, Any]:
    """Return the recall as plain values."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "redacted": content.redacted,
        "recall": {
            "recall": content.recall,
            "session": content.session.session,
            "client_code": content.session.client_code,
            "held_on": content.session.held_on,
            "started_at": content.started_at,
            "duration_ms": content.duration_ms,
            **content.setup.plain(),
        },
        "stops": [stop_document(stop, content.prompts) for stop in content.stops],
        "prompts": [
            {"recall_ms": used.recall_ms, "prompt": used.prompt, "words": used.words, "stop": used.stop}
            for used in content.prompts
        ],
        "heard": heard_document(content.map),
        "speakers": [{"label": label, "name": name} for label, name in content.speakers.names],
        "utterances": [_utterance(row, content.speakers) for row in content.utterances],
    }


def stop_document(stop: Stop, prompts: Sequence[PromptUse]) -> dict[str, Any]:
    """Return one stop as plain values; `prompt` is the last one used in it."""
    used = [entry for entry in prompts if entry.stop == stop.seq]
    return {
        "session_ms": stop.session_ms,
        "recall_start_ms": stop.recall_start_ms,
        "recall_end_ms": stop.recall_end_ms,
        "stopped_by": stop.stopped_by.value,
        "replayed_from_ms": stop.replayed_from_ms,
        "prompt": used[-1].prompt if used else None,
        "prompt_words": (used[-1].words or None) if used else None,
        "prompts": [entry.prompt for entry in used],
        "since_last_ms": stop.since_last_ms,
        "about_from_ms": stop.about_from_ms,
    }


def heard_document(found: RecallMap) -> list[dict[str, Any]]:
    """Return what was heard when as plain values, in ms on both clocks."""
    return [
        {
            "recall_start_ms": samples_to_ms(row.recall_start, found.recall_hz),
            "recall_end_ms": samples_to_ms(row.recall_end, found.recall_hz),
            "session_start_ms": samples_to_ms(row.session_start, found.session_hz),
            "session_end_ms": samples_to_ms(row.session_end, found.session_hz),
            "speed": row.speed,
        }
        for row in found.stretches
    ]


def _utterance(row: Utterance, speakers: SpeakerNames) -> dict[str, Any]:
    return {
        "recall_start_ms": row.recall_start_ms,
        "recall_end_ms": row.recall_end_ms,
        "session_start_ms": row.session_start_ms,
        "session_end_ms": row.session_end_ms,
        "over_playing": row.over_playing,
        "stop": None if row.stop is None else row.stop.seq,
        "prompt": row.prompt or None,
        "prompt_words": row.prompt_words or None,
        "voice": row.speaker,
        "speaker": speakers.name(row.speaker) if row.speaker else "",
        "text": row.text,
        "words": [
            {"text": word.text, "start_ms": word.start_ms, "end_ms": word.end_ms} for word in row.words
        ],
        "ratings": {},
    }


def write_recall_vtt(content: RecallContent) -> TakenOut:
    """Return the utterances as WebVTT on the recall's time line; each cue is named by its session span."""
    return _vtt(content, [(row.recall_start_ms, row.recall_end_ms, row) for row in content.utterances])


def write_session_vtt(content: RecallContent) -> TakenOut:
    """Return the utterances as WebVTT on the session's time line, to be read beside its transcript."""
    rows = [(row.session_start_ms, row.session_end_ms, row) for row in content.utterances]
    return _vtt(content, sorted(rows, key=lambda row: (row[0], row[2].recall_start_ms)))


def _vtt(content: RecallContent, rows: Sequence[tuple[int, int, Utterance]]) -> TakenOut:
    notices = [BY_MACHINE, LEFT_OUT] if content.redacted else [BY_MACHINE]
    parts = ["WEBVTT\n\n", *(f"NOTE {notice}\n\n" for notice in notices)]
    for start_ms, end_ms, row in rows:
        about = f"{clock_ms(row.session_start_ms)} - {clock_ms(row.session_end_ms)}"
        name = speaker_name(row.speaker, content.speakers)
        text = _escaped(one_line(row.text))
        said = f"<v {_escaped(name)}>{text}</v>" if name else text
        times = f"{clock_ms(start_ms)} --> {clock_ms(max(end_ms, start_ms + 1))}"
        parts.append(f"session {about}, recall {clock_ms(row.recall_start_ms)}\n{times}\n{said}\n\n")
    return TakenOut(len(rows), tuple(part.encode() for part in parts))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


RECALL_FORMATS: Mapping[str, Callable[[RecallContent], TakenOut]] = {
    "csv": write_recall_csv,
    "json": write_recall_json,
    "vtt": write_recall_vtt,
    "session-vtt": write_session_vtt,
}
