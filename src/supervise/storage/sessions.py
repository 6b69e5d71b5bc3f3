"""Sessions: the library's rows, and finding one by an id or the start of one."""

from typing import Any

from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import ClientId, MediaId, SessionId
from supervise.domain.session import Session, SoundFacts
from supervise.storage.database import transaction
from supervise.storage.vault import Vault

_SELECT = "SELECT s.*, c.code AS client_code FROM sessions s JOIN clients c ON c.id = s.client_id"
MIN_PREFIX = 6


class SessionStore:
    """The sessions of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def add(self, session: Session, *, source_format: str, attested_by: str, original: str) -> None:
        """Add a session whose media rows exist (same transaction)."""
        sound = session.sound
        values = [
            session.session,
            session.client,
            session.title,
            session.held_on,
            session.created_at,
            sound.samples,
            sound.rate_hz,
            sound.channels,
            sound.bits,
            sound.duration_ms,
            sound.source_sha256,
            source_format,
            attested_by,
            original,
            session.master,
            session.peaks,
        ]
        marks = ", ".join("?" * len(values))
        with transaction(self._vault.db) as db:
            db.execute(f"INSERT INTO sessions VALUES ({marks})", values)  # noqa: S608 - marks are ours

    def find(self, text: str) -> SessionId:
        """Return the id that `text` is or begins; raises UsageError when none or several fit."""
        wanted = text.strip().lower().replace("-", "")
        if len(wanted) < MIN_PREFIX or not wanted.isalnum():
            raise UsageError(f"“{text}” is not a session. `supervise list VAULT` shows them.")
        sql = "SELECT id FROM sessions WHERE id >= :low AND id < :high UNION "
        sql += "SELECT session_id FROM stubs WHERE session_id >= :low AND session_id < :high LIMIT 2"
        rows = self._vault.db.execute(sql, {"low": wanted, "high": wanted + "g"}).fetchall()
        if len(rows) != 1:
            problem = "Several sessions begin" if rows else "No session begins"
            raise UsageError(f"{problem} with “{text}”. `supervise list VAULT` shows them.")
        return SessionId(rows[0][0])

    def get(self, session: SessionId) -> Session:
        """Return one session; raises NotCoveredError when it was destroyed, UsageError when there is none."""
        rows = list(self._vault.db.query(f"{_SELECT} WHERE s.id = ?", [session]))
        if not rows:
            self._refuse_stub(session)
            raise UsageError("This session is no longer in the vault.")
        return _session(rows[0])

    def _refuse_stub(self, session: SessionId) -> None:
        sql = (
            "SELECT c.code, t.destroyed_at, t.certificate FROM stubs t JOIN clients c ON c.id = t.client_id "
        )
        row = self._vault.db.execute(sql + "WHERE t.session_id = ?", [session]).fetchone()
        if row:
            raise NotCoveredError(
                f"This session of {row[0]} was destroyed on {row[1][:10]}; nothing can bring it back. "
                f"Certificate: {row[2][:8]} (supervise consent certificate)."
            )

    def all(self) -> list[Session]:
        """Return every session, newest meeting first."""
        rows = self._vault.db.query(f"{_SELECT} ORDER BY s.held_on DESC, s.created_at DESC")
        return [_session(row) for row in rows]

    def by_source(self, sha256: str) -> Session | None:
        """Return the session imported from a file with this hash, if any."""
        rows = list(self._vault.db.query(f"{_SELECT} WHERE s.source_sha256 = ? LIMIT 1", [sha256]))
        return _session(rows[0]) if rows else None

    def sources(self) -> frozenset[str]:
        """Return the hashes of every imported file."""
        return frozenset(row[0] for row in self._vault.db.execute("SELECT source_sha256 FROM sessions"))

    def describe(self, session: SessionId, title: str, held_on: str) -> None:
        """Set the person's own label and the day of the meeting."""
        with transaction(self._vault.db) as db:
            db.execute("UPDATE sessions SET title = ?, held_on = ? WHERE id = ?", [title, held_on, session])

    def media_sizes(self) -> dict[SessionId, int]:
        """Return the bytes each session's sealed sound takes on disk."""
        sql = "SELECT s.id, m.size_bytes FROM sessions s JOIN media m ON m.id = s.master_id"
        return {SessionId(row[0]): row[1] for row in self._vault.db.execute(sql)}


def _session(row: dict[str, Any]) -> Session:
    return Session(
        session=SessionId(row["id"]),
        client=ClientId(row["client_id"]),
        client_code=row["client_code"],
        title=row["title"],
        held_on=row["held_on"],
        created_at=row["created_at"],
        sound=SoundFacts(
            samples=row["samples"],
            rate_hz=row["rate_hz"],
            channels=row["channels"],
            duration_ms=row["duration_ms"],
            source_sha256=row["source_sha256"],
            bits=row["bits"],
        ),
        master=MediaId(row["master_id"]),
        peaks=MediaId(row["peaks_id"]),
    )
