"""Looking for traces: every file of a vault, and the plaintext of every page of its database and log."""

from collections.abc import Iterable
from pathlib import Path

from supervise.crypto.pages import database_pages, log_pages


def traces(vault: Path, key: bytes, needles: Iterable[bytes]) -> list[str]:
    """Return where any of the needles is found: a file's raw bytes, or a page, used or free."""
    wanted = list(needles)
    found = []
    for path in sorted(path for path in vault.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        found += [path.name for needle in wanted if needle in raw]
    database = vault / "vault.db"
    log = database.with_name("vault.db-wal")
    for name, pages in (("page", database_pages(database, key)), ("log page", log_pages(log, key))):
        for number, page in enumerate(pages, 1):
            found += [f"{name} {number}" for needle in wanted if needle in page]
    return found
