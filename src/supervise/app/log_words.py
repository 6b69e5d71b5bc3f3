"""The access log in the words of whoever reads it: local time, whose session it was, and what was done."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from supervise.app.log_page import LogEntry, log_entries
from supervise.app.workspace import Workspace
from supervise.storage.subjects import Subject, subjects

DONE = {
    "open": "opened",
    "close": "closed the vault",
    "lock": "locked the vault",
    "unlock": "unlocked the vault",
    "import": "imported",
    "record": "recorded",
    "recall": "recall",
    "interview": "interview",
    "unblind": "looked at what was hidden",
    "rate": "rated",
    "transcribe": "transcribed",
    "play": "played",
    "show": "looked at",
    "mark": "marked a moment",
    "edit": "changed",
    "delete": "deleted",
    "undo": "took back a change",
    "search": "searched",
    "export": "took out a copy",
    "backup": "made a backup",
    "verify": "checked the vault",
    "restore": "restored a backup",
    "profile": "changed who works here",
    "consent": "wrote down consent",
    "codebook": "changed the codebook",
    "speakers": "named or changed voices",
    "withdraw": "withdrawal",
    "destroy": "destroyed for good",
    "retention": "rule or hold for keeping",
    "subject_access": "gave the client a copy",
}
_KINDS = {"sound": "sound", "transcript": "transcripts", "moments": "moments"}
_ID = re.compile(r"\b[0-9a-f]{32}\b|\b(?=[0-9a-f]*[0-9])[0-9a-f]{8}\b")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^1 hits$", "found 1 place"),
        (r"^(\d+) hits$", r"found \1 places"),
        (r"^transcript $", ""),
        (r"^original keep$", "the original file was left where it is"),
        (r"^original delete$", "the original file was deleted"),
        (r"^1 channels$", "begun, one channel"),
        (r"^(\d+) channels$", r"begun, \1 channels"),
        (r"^(\d+) gaps, nothing asked$", r"kept; \1 gaps"),
        (r"^(.*)client asked: delete_last (\S+) min$", r"\1the client asked to delete the last \2 minutes"),
        (r"^(.*)client asked: delete_all$", r"\1the client asked to delete everything"),
        (r"^(.*)client asked: keep$", r"\1the client asked to stop"),
        (r"^recording, nothing asked$", "a recording that did not end"),
        (r"^asked again before recording: ", "asked again before recording: "),
        (r"^(\d+) withdrawn$", r"\1 kinds of use taken back"),
        (r"^1 scopes$", "answers to 1 kind of use"),
        (r"^(\d+) scopes$", r"answers to \1 kinds of use"),
        (r"^(\d+) scopes, destroy$", r"\1 kinds of use; destroyed after the days to reconsider"),
        (r"^(\d+) scopes, restrict$", r"\1 kinds of use; locked and kept"),
        (r"^part ended$", "a part in the case ended"),
        (r"^part (.+)$", r"a part in the case: \1"),
        (r"^0 damaged$", "nothing damaged"),
        (r"^(\d+) media$", r"\1 sealed files"),
        (r"^unredacted$", "nothing redacted"),
        (r"^(.+), unredacted$", r"\1, nothing redacted"),
        (r"^(.+), (\d+) redactions$", r"\1, \2 passages redacted"),
        (r"^copy called back$", "a copy was called back"),
        (r"^added$", "somebody was added"),
        (r"^passphrase$", "a new passphrase"),
        (r"^recovery key$", "a new recovery key"),
        (r"^redo$", "did again what was taken back"),
        (r"^undo$", ""),
        (r"^portion$", "a portion of the session"),
        (r"^recovered$", "a recording that did not end"),
    )
)


@dataclass(frozen=True, slots=True)
class PlainLine:
    """One line for reading; `searched` is everything it can be found by, the ids of the file among it."""

    at: str
    who: str
    what: str
    whose: str
    more: str
    searched: str


def plain_lines(workspace: Workspace) -> list[PlainLine]:
    """Return the whole log, oldest first."""
    people: dict[str, str] = {entry.profile: entry.name for entry in workspace.profiles()}
    return in_words(log_entries(workspace), subjects(workspace.vault.db), people)


def in_words(
    entries: Sequence[LogEntry], known: Mapping[str, Subject], people: Mapping[str, str]
) -> list[PlainLine]:
    """Say each line; what an id stands for is looked up in `known` and `people`."""
    return [_line(entry, known, people) for entry in entries]


def _line(entry: LogEntry, known: Mapping[str, Subject], people: Mapping[str, str]) -> PlainLine:
    subject = known.get(entry.subject)
    if subject is not None:
        whose = subject_words(subject)
    else:
        whose = people.get(entry.subject, _KINDS.get(entry.subject, ""))
    shown = (
        local_time(entry.at),
        entry.who,
        DONE.get(entry.action, entry.action),
        whose,
        detail_words(entry),
    )
    raw = (entry.at, entry.action, entry.subject, entry.detail)
    return PlainLine(*shown, " ".join((*shown, *raw)).casefold())


def subject_words(subject: Subject) -> str:
    """Say whose it is: the client code, and a session's day and title, whose end may be cut off."""
    parts = [subject.client_code]
    if subject.is_session:
        parts += [subject.day, subject.title or ("destroyed session" if subject.gone else "Untitled")]
    return " · ".join(part for part in parts if part)


def detail_words(entry: LogEntry) -> str:
    """Say a detail in plain words, without ids."""
    text = " ".join(_ID.sub("", entry.detail).split())
    if entry.action == "destroy":
        return ", ".join(_KINDS.get(part, part) for part in _ruled(text).split(", "))
    return _ruled("transcript " if text == "transcript" else text)


def _ruled(text: str) -> str:
    for pattern, words in _RULES:
        if pattern.search(text):
            return pattern.sub(words, text)
    return text.replace("_", " ")


def local_time(at: str) -> str:
    """Write a moment in UTC as the clock on the wall showed it."""
    return f"{datetime.fromisoformat(at.replace('Z', '+00:00')).astimezone():%Y-%m-%d %H:%M:%S}"
