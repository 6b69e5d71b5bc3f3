"""A session's transcript as plain text, WebVTT and SubRip (docs/guide/formats.md)."""

from collections.abc import Iterator

from supervise.domain.speakers import SpeakerNames
from supervise.domain.times import clock, clock_ms
from supervise.domain.transcript import Pause, Turn, pauses_of, turns_of
from supervise.exchange.content import SessionContent, TakenOut
from supervise.exchange.cues import cues_of
from supervise.exchange.plain_text import one_line

BY_MACHINE = "Written by a machine: words and speakers may be wrong."
_ANGLES = str.maketrans("<>", "\u2039\u203a")
LEFT_OUT = "Passages were left out; [redacted] stands in their place."


def write_txt(content: SessionContent) -> TakenOut:
    """Return the transcript to read: a line a turn, with time and speaker, and the pauses.

    `rows` counts turns.
    """
    session = content.session
    turns = turns_of(content.words)
    length = clock(session.sound.duration_ms)
    head = f"Session of {session.held_on}, client {session.client_code}, {length} long"
    pauses = pauses_of(content.words, session.sound.duration_ms) if turns else ()
    written = [one_line(head), *_notices(content), "", *_lines(turns, pauses, content.speakers)]
    return TakenOut(len(turns), tuple(f"{line}\n".encode() for line in written))


def _notices(content: SessionContent) -> list[str]:
    return [BY_MACHINE, LEFT_OUT] if content.redacted else [BY_MACHINE]


def _lines(turns: tuple[Turn, ...], pauses: tuple[Pause, ...], speakers: SpeakerNames) -> Iterator[str]:
    waiting = list(reversed(pauses))
    for turn in turns:
        spoken: list[str] = []
        for word in turn.words:
            while waiting and waiting[-1].end_ms <= word.start_ms:
                pause = waiting.pop()
                if spoken:
                    spoken.append(_pause(pause))
                else:
                    yield f"[{clock(pause.start_ms)}] {_pause(pause)}"
            spoken.append(one_line(word.text))
        yield f"[{clock(turn.start_ms)}] {_prefix(turn.speaker, speakers)}{' '.join(spoken)}"
    for pause in reversed(waiting):
        yield f"[{clock(pause.start_ms)}] {_pause(pause)}"


def _pause(pause: Pause) -> str:
    return f"[pause {(pause.end_ms - pause.start_ms + 500) // 1000} s]"


def speaker_name(label: str, speakers: SpeakerNames) -> str:
    """Return how a voice is named in a document, or nothing where no voices were told apart."""
    name = one_line(speakers.name(label)) if label else ""
    return name[:1].upper() + name[1:]


def _prefix(label: str, speakers: SpeakerNames) -> str:
    name = speaker_name(label, speakers)
    return f"{name}: " if name else ""


def write_vtt(content: SessionContent) -> TakenOut:
    """Return the transcript as WebVTT (W3C), the speaker as a voice span. `rows` counts cues."""
    cues = cues_of(content.words)
    parts = ["WEBVTT\n\n"]
    parts += [f"NOTE {notice}\n\n" for notice in _notices(content)]
    for cue in cues:
        name = speaker_name(cue.speaker, content.speakers)
        text = _escaped(cue.text)
        voiced = f"<v {_escaped(name)}>{text}</v>" if name else text
        parts.append(f"{clock_ms(cue.start_ms)} --> {clock_ms(cue.end_ms)}\n{voiced}\n\n")
    return TakenOut(len(cues), tuple(part.encode() for part in parts))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_srt(content: SessionContent) -> TakenOut:
    """Return the transcript as SubRip, the speaker before a colon. `rows` counts cues.

    SubRip has no way to write < and >, which players take for tags; single angle quotes stand for them.
    """
    cues = cues_of(content.words)
    parts = []
    for number, cue in enumerate(cues, 1):
        start, end = (clock_ms(ms).replace(".", ",") for ms in (cue.start_ms, cue.end_ms))
        text = f"{_prefix(cue.speaker, content.speakers)}{cue.text}".translate(_ANGLES)
        parts.append(f"{number}\n{start} --> {end}\n{text}\n\n")
    return TakenOut(len(cues), tuple(part.encode() for part in parts))
