"""Sessions, transcripts and moments as the terminal's stable JSON fields, and as lines for a person."""

from typing import Any

from supervise.app.reading import LibraryRow
from supervise.app.searching import Hit
from supervise.app.workspace import Workspace
from supervise.domain.ids import SessionId
from supervise.domain.moments import Moment
from supervise.domain.session import Session
from supervise.domain.speakers import SpeakerNames
from supervise.domain.times import clock
from supervise.domain.transcript import Pause, Turn, Word, rows_of


def library_row(row: LibraryRow) -> dict[str, Any]:
    """One session of the library."""
    session = row.session
    return {
        "session": session.session,
        "client": session.client_code,
        "title": session.title,
        "held_on": session.held_on,
        "duration_ms": session.sound.duration_ms,
        "transcript": row.transcript,
        "moments": row.moments,
    }


def hit_row(hit: Hit) -> dict[str, Any]:
    """One place found."""
    return {
        "session": hit.session,
        "start_ms": hit.start_ms,
        "kind": hit.kind,
        "snippet": hit.snippet,
    }


def session_document(workspace: Workspace, session: SessionId) -> dict[str, Any]:
    """A session as `show` writes it: transcript in turns, pauses, moments."""
    view = workspace.transcript(session)
    names = {profile.profile: profile.name for profile in workspace.profiles()}
    version = view.version
    turns = [_turn(turn, view.names.name(turn.speaker)) for turn in view.turns]
    pauses = [
        {"start_ms": pause.start_ms, "end_ms": pause.end_ms} for pause in view.pauses if not pause.deleted
    ]
    moments = workspace.moments(session)
    return {
        "session": session,
        "transcript": {
            "transcript": version.transcript if version else None,
            "finished": bool(version and version.finished),
            "notes": list(version.notes) if version else [],
            "turns": turns,
            "pauses": pauses,
            **({"locked": view.locked} if view.locked else {}),
        },
        "removed": [{"start_ms": start, "end_ms": end} for start, end in workspace.removed(session)],
        "moments": [_moment(moment, names.get(moment.author, moment.author)) for moment in moments],
    }


def _turn(turn: Turn, name: str) -> dict[str, Any]:
    return {
        "speaker": name,
        "voice": turn.speaker,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "text": turn.text,
        "words": [_word(word) for word in turn.words],
    }


def _word(word: Word) -> dict[str, Any]:
    return {
        "text": word.text,
        "start_ms": word.start_ms,
        "end_ms": word.end_ms,
        "confidence": word.confidence,
    }


def _moment(moment: Moment, author: str) -> dict[str, Any]:
    return {
        "moment": moment.moment,
        "start_ms": moment.start_ms,
        "end_ms": moment.end_ms,
        "codes": [entry.code for entry in moment.codes],
        "ratings": {entry.code: dict(entry.ratings) for entry in moment.codes if entry.ratings},
        "note": moment.note,
        "author": author,
        "perspective": moment.perspective.value,
        "private": moment.private,
        "codebook": moment.codebook,
        "created_at": moment.created_at,
        "changed_at": moment.changed_at,
    }


def _row(row: Turn | Pause, names: SpeakerNames) -> str:
    if isinstance(row, Pause):
        return f"[pause {(row.end_ms - row.start_ms) // 1000} s]"
    return f"{names.name(row.speaker)}: {row.text}"


def show_words(workspace: Workspace, session: Session) -> str:
    """A session for a person to read in the terminal."""
    view = workspace.transcript(session.session)
    lines = [f"{session.client_code}  {session.held_on}  {clock(session.sound.duration_ms)}"]
    real = [pause for pause in view.pauses if not pause.deleted]
    rows = [(row.start_ms, _row(row, view.names)) for row in rows_of(view.turns, real)]
    rows += [(start, f"[deleted until {clock(end)}]") for start, end in workspace.removed(session.session)]
    lines += [f"{clock(start_ms):>8}  {text}" for start_ms, text in sorted(rows)]
    if view.locked:
        lines.append(view.locked)
    elif view.version is None:
        lines.append("No transcript yet: supervise transcribe VAULT SESSION")
    for moment in workspace.moments(session.session):
        codes = ", ".join(entry.code for entry in moment.codes)
        until = f"–{clock(moment.end_ms)}" if moment.end_ms is not None else ""
        lines.append(f"{clock(moment.start_ms):>8}{until}  * {codes}  {moment.note}  ({moment.moment[:8]})")
    return "\n".join(lines)
