"""The protocols a vault may work by: those that ship, and a researcher's own; every version is kept."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from supervise.app import changes
from supervise.app.changes import Change
from supervise.app.workspace import Workspace
from supervise.domain.errors import NotReadableError, UsageError
from supervise.domain.moments import Perspective
from supervise.domain.protocols import Protocol
from supervise.exchange.protocol_yaml import parse_protocol
from supervise.exchange.small_files import read_small_text
from supervise.resources import resource_path
from supervise.storage.protocols import sha256_of

_LIMIT_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class KnownProtocol:
    """A protocol with its text's SHA-256; `shipped` says that it came with the program."""

    protocol: Protocol
    sha256: str
    shipped: bool


def protocols(workspace: Workspace) -> tuple[KnownProtocol, ...]:
    """Return every protocol version, those that ship first, then in the order they were loaded."""
    shipped = _shipped()
    found = {key: KnownProtocol(_parsed(text, key), sha256_of(text), True) for key, text in shipped.items()}
    for key in workspace.store.protocols.kept():
        text = workspace.store.protocols.text(key) or ""
        found.setdefault(key, KnownProtocol(_parsed(text, key), sha256_of(text), key in shipped))
    return tuple(found.values())


def protocol(workspace: Workspace, name: str) -> Protocol:
    """Return a protocol by `id@version`, or the newest of an id; raises UsageError for an unknown one."""
    wanted = name.strip()
    known = [entry.protocol for entry in protocols(workspace)]
    fits = [entry for entry in known if wanted in (entry.key, entry.protocol)]
    if not fits:
        ids = ", ".join(dict.fromkeys(entry.protocol for entry in known))
        raise UsageError(
            f"There is no protocol “{wanted}” here. Known are: {ids}. "
            "Your own is read with `supervise protocol load`."
        )
    return fits[-1]


def protocol_text(workspace: Workspace, name: str) -> str:
    """Return a protocol's own text; raises UsageError."""
    key = protocol(workspace, name).key
    return workspace.store.protocols.text(key) or _shipped()[key]


def keep_protocol(workspace: Workspace, name: str) -> Protocol:
    """Return a protocol and keep its text in the vault, so that it stays readable; raises UsageError."""
    found = protocol(workspace, name)
    if workspace.store.protocols.text(found.key) is None:
        workspace.store.protocols.put(found.key, _shipped()[found.key])
    return found


def read_protocol(path: Path) -> Protocol:
    """Read and check a protocol file without keeping it; raises NotReadableError with line numbers."""
    return parse_protocol(_text(path), path.name)


def load_protocol(workspace: Workspace, path: Path) -> Protocol:
    """Read a researcher's own protocol file, check it and keep it.

    Raises NotReadableError with line numbers, or when another text is known under its version, and
    UsageError for a client's own profile: whoever interviews says what is asked.
    """
    if workspace.profile.role is Perspective.CLIENT:
        raise UsageError("Whoever interviews brings the protocols. A client's own profile does not.")
    text = _text(path)
    found = parse_protocol(text, path.name)
    kept = workspace.store.protocols.text(found.key) or _shipped().get(found.key)
    if kept is not None and kept != text:
        raise NotReadableError(
            f"A different protocol is already known as {found.key}. Give the changed one a new version."
        )
    workspace.store.protocols.put(found.key, text)
    workspace.vault.log("interview", "", f"protocol {found.key}")
    workspace.subscribers.tell(Change(changes.PROTOCOLS, (found.key,)))
    return found


def _text(path: Path) -> str:
    return read_small_text(path, _LIMIT_BYTES, "The protocol file", "Choose a YAML text file.")


@lru_cache(maxsize=1)
def _shipped() -> dict[str, str]:
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted(resource_path("resources", "protocols").glob("*.yaml"))
    ]
    return {parse_protocol(text, "that ships").key: text for text in texts}


@lru_cache(maxsize=64)
def _parsed(text: str, key: str) -> Protocol:
    return parse_protocol(text, key)
