"""Names offered for what is taken out: what and when, never whose, and never one that is there already."""

from pathlib import Path

KINDS = {
    "txt": "transcript",
    "vtt": "transcript",
    "srt": "transcript",
    "csv": "moments",
    "json": "everything",
    "flac": "sound",
    "wav": "sound",
    "html": "recall",
    "pdf": "recall",
}


def offered_name(folder: Path, fmt: str, held_on: str, kind: str = "") -> Path:
    """Return a file for `fmt` in `folder` that is not there yet, such as `session-2026-11-20-moments.csv`.

    `held_on` is the ISO day of the session; `kind` says what it is, else the format does.
    """
    stem = "-".join(part for part in ("session", held_on, kind or KINDS.get(fmt, "")) if part)
    offered, number = folder / f"{stem}.{fmt}", 2
    while offered.exists():
        offered, number = folder / f"{stem}-{number}.{fmt}", number + 1
    return offered


def with_ending(target: Path, fmt: str) -> Path:
    """Return `target` with the ending of `fmt`; another format's ending gives way to it."""
    ending = f".{fmt}"
    if target.suffix.lower() == ending or not target.name:
        return target
    if target.suffix.lower().removeprefix(".") in KINDS:
        return target.with_suffix(ending)
    return target.with_name(target.name + ending)
