"""Marks on recalls on disk: apart from moments, never indexed, never counted."""

import json
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import RecallId, RecallMarkId, SessionId
from supervise.domain.recall_marks import RecallMark, plain_recall_mark, recall_mark_from_plain
from supervise.storage.database import transaction
from supervise.storage.sessions import MIN_PREFIX
from supervise.storage.vault import Vault

_COLUMNS = (
    "id, recall_id, session_id, author_id, perspective, about, start_ms, end_ms, time_frame, codes, note, "
    "codebook, created_at, changed_at"
)
_NAMES = {"id": "mark", "recall_id": "recall", "session_id": "session", "author_id": "author"}


class RecallMarkStore:
    """The marks on the recalls of one vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def put(self, mark: RecallMark) -> None:
        """Add the mark, or replace the one with its id."""
        plain = {**plain_recall_mark(mark), "codes": json.dumps(plain_recall_mark(mark)["codes"])}
        names = [_NAMES.get(name, name) for name in _COLUMNS.replace(" ", "").split(",")]
        with transaction(self._vault.db) as db:
            sql = f"INSERT OR REPLACE INTO recall_marks ({_COLUMNS}) VALUES ({','.join('?' * len(names))})"  # noqa: S608
            db.execute(sql, [plain[name] for name in names])

    def remove(self, mark: RecallMarkId) -> None:
        """Take a mark away."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM recall_marks WHERE id = ?", [mark])

    def get(self, mark: RecallMarkId) -> RecallMark:
        """Return one mark; raises UsageError when it is gone."""
        rows = list(self._vault.db.query("SELECT * FROM recall_marks WHERE id = ?", [mark]))
        if not rows:
            raise UsageError("There is no such mark (any more).")
        return _mark(rows[0])

    def find(self, text: str) -> RecallMarkId:
        """Return the id that `text` is or begins (six digits or more)."""
        wanted = text.strip().lower()
        sql = "SELECT id FROM recall_marks WHERE id >= ? AND id < ? LIMIT 2"
        fits = wanted.isalnum() and len(wanted) >= MIN_PREFIX
        rows = self._vault.db.execute(sql, [wanted, wanted + "g"]).fetchall() if fits else []
        if len(rows) != 1:
            raise UsageError(f"No one mark begins with “{text}”. `supervise recall show` lists them.")
        return RecallMarkId(rows[0][0])

    def of_recall(self, recall: RecallId) -> tuple[RecallMark, ...]:
        """Return everybody's marks on a recall, by start."""
        sql = "SELECT * FROM recall_marks WHERE recall_id = ? ORDER BY start_ms, created_at, rowid"
        return tuple(_mark(row) for row in self._vault.db.query(sql, [recall]))

    def of_session(self, session: SessionId) -> tuple[RecallMark, ...]:
        """Return everybody's marks on all recalls of a session, by recall and start."""
        sql = (
            "SELECT * FROM recall_marks WHERE session_id = ? ORDER BY recall_id, start_ms, created_at, rowid"
        )
        return tuple(_mark(row) for row in self._vault.db.query(sql, [session]))


def _mark(row: dict[str, Any]) -> RecallMark:
    plain = {_NAMES.get(name, name): value for name, value in row.items()}
    return recall_mark_from_plain({**plain, "codes": json.loads(row["codes"])})
