"""A certificate of destruction as a file: JSON, or a PDF to print and hand over."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from supervise.domain.consent_overview import scopes_words
from supervise.domain.errors import DamagedError, UsageError
from supervise.domain.times import clock
from supervise.exchange.files import write_whole
from supervise.exchange.pdf import pdf_document

_WORDS = {
    "withdrawal": "The client withdrew consent.",
    "portion": "A portion was deleted.",
    "recall": "A recall was destroyed by itself.",
}
_RECALLS = {"recall": "recall", "interview": "interview", "series": "ratings"}


def write_certificate(certificate: Mapping[str, Any], target: Path, *, force: bool = False) -> None:
    """Write a certificate, whole or not at all; the file's ending says how. Raises UsageError."""
    write_whole(target, certificate_parts(certificate, target.suffix.lower()), force=force)


def certificate_parts(certificate: Mapping[str, Any], suffix: str) -> Iterator[bytes]:
    """Yield the file's bytes; `suffix` is `.json` or `.pdf`. Raises UsageError for another."""
    if suffix == ".json":
        yield (json.dumps(dict(certificate), indent=2, ensure_ascii=False) + "\n").encode()
    elif suffix == ".pdf":
        yield pdf_document("Certificate of destruction", certificate_lines(certificate))
    else:
        raise UsageError("A certificate is written as .json or .pdf.")


def certificate_lines(certificate: Mapping[str, Any]) -> list[str]:
    """Return the certificate for people, line by line; it holds no content."""
    proof = certificate["proof"]
    lines = [
        f"Certificate {certificate['certificate']}",
        f"Client {certificate['client']}",
        _WORDS.get(certificate["kind"], "The time for keeping it was over."),
        f"Decided {certificate['decided_at']} by {certificate['decided_by']}",
        f"Destroyed {certificate['destroyed_at']} by {certificate['destroyed_by']}",
    ]
    if certificate["scopes"]:
        lines += _folded(f"Withdrawn: {scopes_words(certificate['scopes'])}")
    lines.append("")
    for entry in certificate["sessions"]:
        lines += _session(entry)
    lines += [
        f"Afterwards {proof['pages_read']} pages of the vault were read and searched for pieces of",
        f"what was destroyed ({proof['pieces_looked_for']}); pages with one: {proof['pages_with_traces']}.",
        f"Copies to call back: {certificate['copies_to_call_back']}",
        *_folded(certificate["not_reached"]),
        "",
        f"SHA-256 {certificate['sha256']}",
    ]
    return lines


def _session(entry: Mapping[str, Any]) -> list[str]:
    portions = len(entry.get("spans", []))
    what = ", ".join(entry["goes"]) or ("one portion" if portions == 1 else f"{portions} portions")
    return [
        f"Session {entry['session']}",
        f"  held on {entry['held_on']}, {clock(entry['duration_ms'])}, destroyed: {what}",
        f"  it had: transcripts {entry['transcripts']}, words {entry['words']}, moments {entry['moments']}",
        *_recalls(entry),
        f"  SHA-256 of the source {entry['source_sha256']}",
        "",
    ]


def _recalls(entry: Mapping[str, Any]) -> Iterator[str]:
    """Say which recalls, interviews and ratings went: what, whose, from when, and the hash of their sound."""
    gone = frozenset(entry.get("recalls_gone", ()))
    for recall in entry.get("recall_list", ()):
        if recall["id"] in gone:
            with_client = ", with the client" if recall["by_client"] else ""
            yield f"  {_RECALLS[recall['what']]} {recall['id']} of {recall['day']}{with_client}"
            if recall.get("sha256"):
                yield f"    {clock(recall['duration_ms'])}, SHA-256 {recall['sha256']}"


def _folded(text: str, width: int = 88) -> Iterator[str]:
    line = ""
    for word in text.split():
        if len(line) + len(word) >= width:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    yield line


def read_certificate(text: str, source: str) -> dict[str, Any]:
    """Read a certificate that was written as JSON; raises DamagedError when it was changed since."""
    try:
        found = json.loads(text)
        body = {name: value for name, value in found.items() if name != "sha256"}
        canonical = json.dumps(body, sort_keys=True, ensure_ascii=False)
        whole = found["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()
        named = all(entry["session"] and isinstance(entry["goes"], list) for entry in found["sessions"])
        readable = whole and named and {"client", "scopes", "kind"} <= set(found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        readable = False
    if not readable:
        raise DamagedError(f"{source} is no certificate of destruction, or it was changed.")
    return dict(found)
