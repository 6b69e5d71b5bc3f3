"""Checking media: every chunk of every sealed file, and what a damaged one means in minutes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from supervise.crypto.sealed import HEADER_BYTES, TAG_BYTES, SealedReader
from supervise.domain.errors import CancelledError, DamagedError, UsageError
from supervise.domain.ids import MediaId
from supervise.domain.times import clock
from supervise.storage.media import MediaStore
from supervise.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class MediaDamage:
    """What is wrong with one medium: `chunks` of `chunk_count`; empty when nothing can be read."""

    media_id: str
    detail: str
    chunks: tuple[int, ...] = ()
    chunk_count: int = 0


class _Row(NamedTuple):
    media_id: MediaId
    size_bytes: int


class MediaCheck:
    """One pass over all media of a vault."""

    def __init__(self, vault: Vault, report: Callable[[int], None], cancelled: Callable[[], bool]) -> None:
        """Progress is reported in permille of the bytes read."""
        self._vault = vault
        self._store = MediaStore(vault)
        self._report = report
        self._cancelled = cancelled
        self._done_bytes = 0
        self._total_bytes = 1

    def run(self) -> Iterator[MediaDamage]:
        """Yield what is damaged; raises CancelledError."""
        query = "SELECT id, size_bytes FROM media WHERE wrapped_key IS NOT NULL ORDER BY created_at, id"
        rows = [_Row(*row) for row in self._vault.db.conn.execute(query).fetchall()]
        self._total_bytes = sum(row.size_bytes for row in rows) or 1
        for row in rows:
            found = self._check(row)
            if found is not None and self._still_there(row.media_id):
                yield found

    def _check(self, row: _Row) -> MediaDamage | None:
        try:
            reader = self._store.open(row.media_id, allow_open_end=row.size_bytes == 0)
        except UsageError:
            return None
        except (DamagedError, OSError) as error:
            return MediaDamage(
                row.media_id, f"{self._name(row.media_id)} cannot be read at all. {_why(error)}"
            )
        with reader:
            try:
                return self._judge(row, reader, reader.damaged(self._step))
            except OSError:
                words = "cannot be read from this disk; the disk itself may be failing"
                return MediaDamage(row.media_id, f"{self._name(row.media_id)} {words}.")

    def _judge(self, row: _Row, reader: SealedReader, bad: list[int]) -> MediaDamage | None:
        step = reader.chunk_bytes + TAG_BYTES
        known = max(1, -(-(row.size_bytes - HEADER_BYTES) // step))
        chunk_count = known if row.size_bytes else reader.chunks  # 0: its recording has not ended
        chunks = sorted({*bad, *range(reader.chunks, chunk_count)})
        if not chunks:
            return None
        spans = _runs(chunks)
        where = self._where(row.media_id, spans, chunk_count)
        rest = "" if len(chunks) >= chunk_count else "; the rest is intact"
        detail = f"{self._name(row.media_id)} cannot be read {where}{rest}."
        return MediaDamage(row.media_id, detail, tuple(chunks), chunk_count)

    def _step(self, sealed_bytes: int) -> None:
        if self._cancelled():
            raise CancelledError("Stopped. The vault was not verified to the end.")
        self._done_bytes += sealed_bytes
        self._report(min(999, self._done_bytes * 1000 // self._total_bytes))

    def _name(self, media_id: str) -> str:
        session = self._session(media_id)
        if session is None:
            recall = self._recall(media_id)
            return f"The recording of recall {recall[:8]}" if recall else f"The sealed file {media_id[:8]}"
        what = "recording" if session[1] == media_id else "drawn outline"
        return f"The {what} of session {session[0][:8]}"

    def _where(self, media_id: str, spans: list[tuple[int, int]], chunk_count: int) -> str:
        session = self._session(media_id)
        if session is None or session[1] != media_id:
            return "in part"
        duration_ms = session[2]
        # Sound is compressed, so a place in the file tells the time only roughly.
        times = [(duration_ms * a // chunk_count, duration_ms * b // chunk_count) for a, b in spans]
        return "from about " + ", ".join(f"{clock(start)} to {clock(end)}" for start, end in times)

    def _session(self, media_id: str) -> tuple[str, str, int] | None:
        query = "SELECT id, master_id, duration_ms FROM sessions WHERE master_id = ? OR peaks_id = ?"
        try:
            row = self._vault.db.conn.execute(query, (media_id, media_id)).fetchone()
        except DamagedError:
            return None
        return (row[0], row[1], row[2]) if row else None

    def _recall(self, media_id: str) -> str | None:
        try:
            query = "SELECT id FROM recalls WHERE master_id = ? OR peaks_id = ?"
            row = self._vault.db.conn.execute(query, (media_id, media_id)).fetchone()
        except DamagedError:
            return None
        return str(row[0]) if row else None

    def _still_there(self, media_id: str) -> bool:
        """Whether the medium was not deleted meanwhile by the holder."""
        query = "SELECT 1 FROM media WHERE id = ? AND wrapped_key IS NOT NULL"
        return self._vault.db.conn.execute(query, (media_id,)).fetchone() is not None


def _runs(chunks: list[int]) -> list[tuple[int, int]]:
    """Join consecutive numbers to (first, one after the last)."""
    runs: list[tuple[int, int]] = []
    for chunk in chunks:
        if runs and runs[-1][1] == chunk:
            runs[-1] = (runs[-1][0], chunk + 1)
        else:
            runs.append((chunk, chunk + 1))
    return runs


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, DamagedError) else "The disk itself may be failing."
