"""Verifying: every page and every chunk is read and authenticated, and what is damaged is named."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sqlite_utils

from supervise.domain.errors import CancelledError, DamagedError
from supervise.domain.ids import MomentId, WriteUpId
from supervise.storage import access_log
from supervise.storage.database_check import (
    broken_structure,
    damaged_pages,
    dangling,
    index_differs,
    unreadable_contents,
)
from supervise.storage.header_change import damaged_texts
from supervise.storage.holding import is_held
from supervise.storage.media_check import MediaCheck
from supervise.storage.moments import MomentStore
from supervise.storage.search import SearchStore
from supervise.storage.vault import Vault
from supervise.storage.wal import DAMAGED_NAME
from supervise.storage.write_ups import WriteUpStore

Report = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged thing: `detail` is the sentence for a person, `chunks` the bad ones of `chunk_count`."""

    kind: str
    id: str
    detail: str
    chunks: tuple[int, ...] = ()
    chunk_count: int = 0


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification found."""

    ok: bool
    damaged: tuple[Damage, ...]


def verify(vault: Vault, report: Report, cancelled: Callable[[], bool] = lambda: False) -> VerifyReport:
    """Read and authenticate everything, beside a holder if there is one; progress in permille.

    Adds a line to the access log. Raises CancelledError; damage is never raised but reported.
    """
    damaged: list[Damage] = []
    for part in (_header, _changes, _database, _log, _inbox, _private):
        if cancelled():
            raise CancelledError("Stopped. The vault was not verified to the end.")
        damaged += _guarded(vault, part)
    damaged += _guarded(vault, lambda _: _media(vault, report, cancelled))
    report(1000)
    vault.log("verify", detail=f"{len(damaged)} damaged")
    return VerifyReport(not damaged, tuple(damaged))


def _guarded(vault: Vault, part: Callable[[Vault], Iterable[Damage]]) -> list[Damage]:
    """Run one part; a damaged page it stumbles on is one more finding, and the next part starts afresh."""
    found: list[Damage] = []
    try:
        found.extend(part(vault))
    except DamagedError as error:
        found.append(Damage("database", "", str(error)))
        vault.reopen()
    return found


def _header(vault: Vault) -> Iterator[Damage]:
    for attempt in (1, 2):
        names = damaged_texts(vault.path, vault.db)
        if not names:
            return
        if attempt == 2:  # the holder may just have been writing it
            for name in names:
                remedy = "Opening the vault puts it back."
                yield Damage("header", name, f"The vault's header {name} is damaged or was changed. {remedy}")


def _changes(vault: Vault) -> Iterator[Damage]:
    if (vault.path / DAMAGED_NAME).exists():
        yield Damage(
            "changes",
            DAMAGED_NAME,
            "The last changes before a crash could not all be read and may be missing. "
            "Look at what you did last; "
            f"then delete the file {DAMAGED_NAME} in the vault.",
        )


def _database(vault: Vault) -> Iterator[Damage]:
    pages = damaged_pages(vault.db)
    for page in pages:
        yield Damage("page", str(page), f"Page {page} of the vault's database is damaged.")
    findings = broken_structure(vault.db)
    vault.reopen()
    if pages or findings:
        lost = unreadable_contents(_fresh(vault))
        words = ", ".join(lost) if lost else "nothing that is in use"
        summary = f"Not all of this can be read: {words}. Restore it from a backup; the rest stays usable."
        yield Damage("database", f"{len(findings)} findings", summary)
    for words in () if pages or findings else dangling(vault.db):
        yield Damage("database", words, f"Among {words}, an entry refers to something that is gone.")
    alone = not (vault.beside and is_held(vault.path))
    if not (pages or findings) and index_differs(vault.db, thoroughly=alone):
        yield Damage("search", "", "The search index does not fit the text, so some words may not be found.")
    vault.reopen()


def _fresh(vault: Vault) -> Iterator[sqlite_utils.Database]:
    while True:
        vault.reopen()
        yield vault.db


def _log(vault: Vault) -> Iterator[Damage]:
    for seq in access_log.broken_links(vault.db):
        detail = f"The access log has been changed or cut at line {seq}."
        yield Damage("access_log", str(seq), detail)


def _inbox(vault: Vault) -> Iterator[Damage]:
    for entry_id in vault.inbox_damaged():
        detail = (
            f"The entry {entry_id[-8:]} in the vault's inbox is damaged, or something else than this program "
            "put it there. It is not taken in."
        )
        yield Damage("inbox", entry_id, detail)


def _private(vault: Vault) -> Iterator[Damage]:
    moments = MomentStore(vault, SearchStore(vault))
    query = "SELECT id FROM moments WHERE private = 1 AND author_id = ?"
    for (moment,) in vault.db.conn.execute(query, (vault.profile.profile,)).fetchall():
        try:
            moments.get(MomentId(moment))
        except DamagedError:
            yield Damage("moment", moment, f"The private moment {moment[:8]} cannot be opened.")
    write_ups = WriteUpStore(vault)
    query = "SELECT id FROM recall_writeups WHERE private = 1 AND author_id = ?"
    for (entry,) in vault.db.conn.execute(query, (vault.profile.profile,)).fetchall():
        try:
            write_ups.get(WriteUpId(entry))
        except DamagedError:
            yield Damage("write-up", entry, f"The private write-up {entry[:8]} cannot be opened.")


def _media(vault: Vault, report: Report, cancelled: Callable[[], bool]) -> Iterator[Damage]:
    for found in MediaCheck(vault, report, cancelled).run():
        yield Damage("media", found.media_id, found.detail, found.chunks, found.chunk_count)
