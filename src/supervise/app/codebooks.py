"""The shelf of codebooks: the active one, older versions by key, and loading a person's own file."""

import hashlib
from pathlib import Path

from supervise.domain.codebook import Codebook
from supervise.domain.errors import NotReadableError
from supervise.exchange.codebook_yaml import parse_codebook
from supervise.exchange.small_files import read_small_text
from supervise.storage.store import Store

_LIMIT_BYTES = 2_000_000
# What earlier programs shipped, by key: a vault that has it unchanged goes on to what this one ships.
_SHIPPED_BEFORE = {
    "supervise-default@1.0.0": "cce67767663f2adb16e10e5463b8a9b00dcfa5f1cd640ec4e995a013ee99eafb",
}


class CodebookShelf:
    """Codebooks of one vault; parsed once each."""

    def __init__(self, store: Store, default_text: str) -> None:
        self._store = store
        self._default_text = default_text
        self._parsed: dict[str, Codebook] = {}

    def active(self) -> Codebook:
        """Return the codebook new moments are made under; a new vault gets the default one.

        The default one of an earlier program gives way to this one's. A codebook of one's own stays, and
        moments remember the version they were made under.
        """
        found = self._store.codebooks.active()
        if found is None:
            return self._keep(self._default_text, "the default codebook")
        key, text = found
        if _SHIPPED_BEFORE.get(key) == hashlib.sha256(text.encode()).hexdigest():
            return self._keep(self._default_text, "the default codebook")
        if key not in self._parsed:
            self._parsed[key] = parse_codebook(text, key)
        return self._parsed[key]

    def by_key(self, key: str) -> Codebook:
        """Return the version a moment was made under; the active one if it was never kept."""
        if key not in self._parsed:
            text = self._store.codebooks.text(key)
            if text is None:
                return self.active()
            self._parsed[key] = parse_codebook(text, key)
        return self._parsed[key]

    def load(self, path: Path) -> Codebook:
        """Read a person's own codebook file, check it, keep it and make it the active one.

        Raises NotReadableError with line numbers; the active codebook then stays as it was.
        """
        text = read_small_text(path, _LIMIT_BYTES, "The codebook file", "Choose a YAML text file.")
        return self._keep(text, path.name)

    def _keep(self, text: str, source: str) -> Codebook:
        codebook = parse_codebook(text, source)
        key = f"{codebook.codebook}@{codebook.version}"
        kept = self._store.codebooks.text(key)
        if kept is not None and kept != text:
            raise NotReadableError(
                f"A different codebook is already known as {key}. Give the changed one a new version."
            )
        self._store.codebooks.put(key, text)
        self._parsed[key] = codebook
        return codebook
