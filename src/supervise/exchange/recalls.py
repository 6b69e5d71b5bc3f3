"""A recall as rows: each utterance with the session's span it is about (docs/guide/formats.md)."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from supervise.domain.recall import PromptUse, Stop
from supervise.domain.recall_map import RecallMap
from supervise.domain.recall_utterances import Utterance
from supervise.domain.times import clock_ms, samples_to_ms
from supervise.exchange.content import TakenOut
from supervise.exchange.plain_text import cell
from supervise.exchange.recall_content import RecallCoding, RecallContent, RecallRating
from supervise.exchange.recall_cues import write_recall_vtt, write_session_vtt
from supervise.exchange.transcripts import speaker_name

FORMAT, FORMAT_VERSION = "supervise-recall", 1
COLUMNS = (
    *(
        "recall_id",
        "session_id",
        "kind",
        "recaller",
        "inquirer",
        "hours_since",
        "hours_from_day",
        "utterance",
    ),
    *("recall_start_ms", "recall_end_ms", "session_start_ms", "session_end_ms"),
    *("recall_start_clock", "session_start_clock", "over_playing"),
    *("stop", "stopped_by", "stop_session_ms", "replayed_from_ms", "prompt", "prompt_words"),
    *("speaker", "text", "then_now", "codes", "code_labels", "notes", "ratings"),
)


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
    about += [cell(setup.inquirer), hours, "true" if setup.hours_from_day else "false", str(number)]
    times = [row.recall_start_ms, row.recall_end_ms, row.session_start_ms, row.session_end_ms]
    clocks = [clock_ms(row.recall_start_ms), clock_ms(row.session_start_ms)]
    clocks.append("true" if row.over_playing else "false")
    where = ["", "", "", ""]
    if stop is not None:
        replayed = "" if stop.replayed_from_ms is None else str(stop.replayed_from_ms)
        where = [str(stop.seq + 1), str(stop.stopped_by), str(stop.session_ms), replayed]
    said = [row.prompt, row.prompt_words, speaker_name(row.speaker, content.speakers)]
    said += [row.text, *_marked(content.codings_of(row)), ratings_cell(content.ratings_of(row))]
    return [*about, *map(str, times), *clocks, *where, *map(cell, said)]


def _marked(codings: Sequence[RecallCoding]) -> list[str]:
    """Return then/now, the codes, their labels and the notes on one utterance, each once."""
    codes = dict(code for entry in codings for code in entry.codes)
    frames = dict.fromkeys(entry.then_now for entry in codings if entry.then_now)
    notes = [entry.note for entry in codings if entry.note.strip()]
    return [";".join(frames), ";".join(codes), ";".join(codes.values()), "\n".join(notes)]


def ratings_cell(ratings: Sequence[RecallRating]) -> str:
    """Return ratings as `helpfulness=7.5;helpfulness@one-month=6`."""
    points = [f"@{entry.time_point}" if entry.time_point else "" for entry in ratings]
    return ";".join(
        f"{entry.item}{point}={entry.value_text}" for entry, point in zip(ratings, points, strict=True)
    )


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
        "utterances": [_utterance(row, content) for row in content.utterances],
        "codings": [coding_document(entry) for entry in content.codings],
        "ratings": [rating_document(entry) for entry in content.ratings],
        "hidden_ratings": content.hidden_ratings,
    }


def coding_document(entry: RecallCoding) -> dict[str, Any]:
    """Return what was marked as plain values, on the recall's clock."""
    rated = dict(entry.code_ratings)
    return {
        "recall_start_ms": entry.start_ms,
        "recall_end_ms": entry.end_ms,
        "about": entry.about,
        "then_now": entry.then_now or None,
        "codes": [
            {"code": code, "label": label, "ratings": dict(rated.get(code, ()))}
            for code, label in entry.codes
        ],
        "note": entry.note,
        "author": entry.author,
        "perspective": entry.perspective,
    }


def rating_document(entry: RecallRating) -> dict[str, Any]:
    """Return what was rated as plain values, on the session's clock."""
    return {
        "item": entry.item,
        "value": entry.value,
        "party": entry.party,
        "study": entry.study,
        "protocol": entry.protocol,
        "time_point": entry.time_point or None,
        "session_start_ms": entry.session_start_ms,
        "session_end_ms": entry.session_end_ms,
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


def _utterance(row: Utterance, content: RecallContent) -> dict[str, Any]:
    codings, speakers = content.codings_of(row), content.speakers
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
        "then_now": list(dict.fromkeys(entry.then_now for entry in codings if entry.then_now)),
        "codes": list(dict.fromkeys(code for entry in codings for code, _ in entry.codes)),
        "ratings": [rating_document(entry) for entry in content.ratings_of(row)],
    }


RECALL_FORMATS: Mapping[str, Callable[[RecallContent], TakenOut]] = {
    "csv": write_recall_csv,
    "json": write_recall_json,
    "vtt": write_recall_vtt,
    "session-vtt": write_session_vtt,
}
