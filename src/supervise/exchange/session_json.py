"""A whole session as one JSON document, as resources/schemas/session.schema.json describes it."""

import json
from typing import Any

from supervise.domain.moments import Comment, Moment
from supervise.domain.transcript import TranscriptVersion, Turn, pauses_of, turns_of
from supervise.exchange.content import SessionContent, TakenOut
from supervise.exchange.moments import author_name, code_meant, in_time_order

FORMAT = "supervise-session"
FORMAT_VERSION = 1

Json = dict[str, Any]


def write_json(content: SessionContent) -> TakenOut:
    """Return the document as UTF-8 JSON. `rows` counts turns and moments."""
    document = session_document(content)
    turns = document["transcript"]["turns"] if document["transcript"] else []
    encoder = json.JSONEncoder(ensure_ascii=False, indent=1, allow_nan=False)
    text = "".join(encoder.iterencode(document)) + "\n"
    return TakenOut(len(turns) + len(document["moments"]), (text.encode("utf-8", "replace"),))


def session_document(content: SessionContent) -> Json:
    """Return the document as plain values. The session's title stays in the vault."""
    session, sound = content.session, content.session.sound
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "redacted": content.redacted,
        "session": {
            "session": session.session,
            "client_code": session.client_code,
            "held_on": session.held_on,
            "created_at": session.created_at,
            "duration_ms": sound.duration_ms,
            "samples": sound.samples,
            "rate_hz": sound.rate_hz,
            "channels": sound.channels,
            "bits": sound.bits,
            "source_sha256": sound.source_sha256,
        },
        "speakers": [{"label": label, "name": name} for label, name in content.speakers.names],
        "transcript": _transcript(content, content.version) if content.version is not None else None,
        "profiles": [
            {"profile": profile.profile, "name": profile.name, "role": profile.role.value}
            for profile in content.profiles
        ],
        "moments": [_moment(moment, content) for moment in in_time_order(content.moments)],
    }


def _transcript(content: SessionContent, version: TranscriptVersion) -> Json:
    settings = version.settings
    return {
        "transcript": version.transcript,
        "created_at": version.created_at,
        "finished": version.finished,
        "notes": list(version.notes),
        "settings": {
            "model": settings.model,
            "language": settings.language,
            "accuracy": settings.accuracy,
            "speakers": settings.speakers,
            "terms": settings.terms,
            "keep_fillers": settings.keep_fillers,
        },
        "turns": [_turn(turn) for turn in turns_of(content.words)],
        "pauses": [
            {"start_ms": pause.start_ms, "end_ms": pause.end_ms}
            for pause in pauses_of(content.words, content.session.sound.duration_ms)
        ],
    }


def _turn(turn: Turn) -> Json:
    return {
        "speaker": turn.speaker,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "text": turn.text,
        "words": [
            {
                "text": word.text,
                "start_ms": word.start_ms,
                "end_ms": word.end_ms,
                "confidence": round(word.confidence, 4),
            }
            for word in turn.words
        ],
    }


def _moment(moment: Moment, content: SessionContent) -> Json:
    codes = []
    for entry in moment.codes:
        code = code_meant(moment, entry, content)
        codes.append(
            {
                "code": entry.code,
                "label": code.label if code else "",
                "family": code.family if code else "",
                "ratings": dict(entry.ratings),
            }
        )
    return {
        "moment": moment.moment,
        "start_ms": moment.start_ms,
        "end_ms": moment.end_ms,
        "codes": codes,
        "note": moment.note,
        "author": moment.author,
        "author_name": author_name(moment.author, content.profiles),
        "perspective": moment.perspective.value,
        "private": moment.private,
        "codebook": moment.codebook,
        "created_at": moment.created_at,
        "changed_at": moment.changed_at,
        "comments": [_comment(entry, content) for entry in content.comments if entry.moment == moment.moment],
    }


def _comment(comment: Comment, content: SessionContent) -> Json:
    return {
        "comment": comment.comment,
        "author": comment.author,
        "author_name": author_name(comment.author, content.profiles),
        "text": comment.text,
        "created_at": comment.created_at,
    }
