"""Moments and comments on disk; a private moment is one sealed value only its author can read."""

import json
from typing import Any

from supervise.domain.errors import UsageError
from supervise.domain.ids import CommentId, MomentId, ProfileId, SessionId
from supervise.domain.moments import (
    Comment,
    Moment,
    Perspective,
    codes_from_plain,
    moment_from_plain,
    plain_codes,
    plain_moment,
)
from supervise.storage.database import transaction
from supervise.storage.search import SearchStore
from supervise.storage.vault import Vault


class MomentStore:
    """The moments of one vault as the open profile may see them."""

    def __init__(self, vault: Vault, search: SearchStore) -> None:
        self._vault = vault
        self._search = search

    def put(self, moment: Moment) -> None:
        """Add the moment, or replace the one with its id; its note is indexed unless private."""
        with transaction(self._vault.db) as db:
            values = self._private_values(moment) if moment.private else _open_values(moment)
            db.execute("INSERT OR REPLACE INTO moments VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", values)
            self._search.forget_ref(moment.moment)
            if moment.note and not moment.private:
                start_ms = moment.start_ms
                self._search.add(moment.session, "note", moment.moment, start_ms, [], moment.note)
            self._keep_comments_like(moment)

    def remove(self, moment: MomentId) -> None:
        """Take the moment and its note's index away; comments wait, unseen, for an undo."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM moments WHERE id = ?", [moment])
            self._search.forget_ref(moment)

    def get(self, moment: MomentId) -> Moment:
        """Return one moment; raises UsageError when it is gone or is another's private one."""
        rows = list(self._vault.db.query("SELECT * FROM moments WHERE id = ?", [moment]))
        if not rows or not self._visible(rows[0]):
            raise UsageError("There is no such moment (any more).")
        return self._moment(rows[0])

    def find(self, text: str) -> MomentId:
        """Return the id that `text` is or begins (six digits or more)."""
        wanted = text.strip().lower()
        sql = "SELECT * FROM moments WHERE id >= ? AND id < ? LIMIT 2"
        rows = list(self._vault.db.query(sql, [wanted, wanted + "g"])) if len(wanted) >= 6 else []
        if len(rows) != 1 or not self._visible(rows[0]):
            raise UsageError(f"No one moment begins with “{text}”. `supervise show` lists them.")
        return MomentId(rows[0]["id"])

    def of_session(self, session: SessionId) -> tuple[Moment, ...]:
        """Return what this profile may see, by start; other people's private moments are left out."""
        sql = "SELECT * FROM moments WHERE session_id = ?"
        rows = [row for row in self._vault.db.query(sql, [session]) if self._visible(row)]
        moments = [self._moment(row) for row in rows]
        return tuple(sorted(moments, key=lambda m: (m.start_ms, m.created_at, m.moment)))

    def counts(self) -> dict[SessionId, int]:
        """Return how many moments this profile can see in each session."""
        sql = (
            "SELECT session_id, count(*) FROM moments WHERE private = 0 OR author_id = ? GROUP BY session_id"
        )
        rows = self._vault.db.execute(sql, [self._vault.profile.profile])
        return {SessionId(row[0]): row[1] for row in rows}

    def private_notes(self) -> list[Moment]:
        """Return this profile's private moments that carry a note (they are never indexed)."""
        sql = "SELECT * FROM moments WHERE private = 1 AND author_id = ?"
        rows = self._vault.db.query(sql, [self._vault.profile.profile])
        return [moment for row in rows if (moment := self._moment(row)).note]

    def add_comment(self, comment: Comment, session: SessionId) -> None:
        """Add one comment on a moment; on a private one it is sealed like the moment."""
        with transaction(self._vault.db) as db:
            row = db.execute("SELECT private FROM moments WHERE id = ?", [comment.moment]).fetchone()
            text = self._comment_text(comment, private=bool(row and row[0]))
            values = [comment.comment, comment.moment, session, comment.author, text, comment.created_at]
            db.execute("INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?)", values)

    def remove_comment(self, comment: CommentId) -> None:
        """Take one comment away."""
        with transaction(self._vault.db) as db:
            db.execute("DELETE FROM comments WHERE id = ?", [comment])

    def comment(self, comment: CommentId) -> Comment:
        """Return one comment; raises UsageError when it is gone."""
        rows = list(self._vault.db.query("SELECT * FROM comments WHERE id = ?", [comment]))
        if not rows:
            raise UsageError("There is no such comment (any more).")
        return self._comment(rows[0])

    def comments(self, session: SessionId) -> tuple[Comment, ...]:
        """Return the comments on moments this profile can see, oldest first."""
        seen = {moment.moment for moment in self.of_session(session)}
        sql = "SELECT * FROM comments WHERE session_id = ? ORDER BY created_at, rowid"
        rows = [row for row in self._vault.db.query(sql, [session]) if row["moment_id"] in seen]
        return tuple(self._comment(row) for row in rows)

    def _keep_comments_like(self, moment: Moment) -> None:
        """Seal one's own comments on a moment that is private now, and open those on one that is not."""
        sql = "SELECT * FROM comments WHERE session_id = ? AND moment_id = ? AND author_id = ?"
        who = self._vault.profile.profile
        for row in list(self._vault.db.query(sql, [moment.session, moment.moment, who])):
            if isinstance(row["text"], bytes) != moment.private:
                text = self._comment_text(self._comment(row), private=moment.private)
                self._vault.db.execute("UPDATE comments SET text = ? WHERE id = ?", [text, row["id"]])

    def _comment_text(self, comment: Comment, *, private: bool) -> str | bytes:
        """Return what stands in the row: text, or bytes where it is sealed with the author's own key."""
        if not private:
            return comment.text
        return self._vault.private_seal(comment.text.encode(), _comment_context(comment.comment))

    def _comment(self, row: dict[str, Any]) -> Comment:
        text = row["text"]
        if isinstance(text, bytes):
            text = self._vault.private_open(text, _comment_context(row["id"])).decode()
        return Comment(
            comment=CommentId(row["id"]),
            moment=MomentId(row["moment_id"]),
            author=ProfileId(row["author_id"]),
            text=text,
            created_at=row["created_at"],
        )

    def _visible(self, row: dict[str, Any]) -> bool:
        return not row["private"] or row["author_id"] == self._vault.profile.profile

    def _private_values(self, moment: Moment) -> list[object]:
        plain = json.dumps(plain_moment(moment)).encode()
        sealed = self._vault.private_seal(plain, _context(moment.moment))
        head = [moment.moment, moment.session, moment.author, moment.perspective.value]
        return [*head, None, None, None, None, None, moment.created_at, None, 1, sealed]

    def _moment(self, row: dict[str, Any]) -> Moment:
        if row["private"]:
            return moment_from_plain(
                json.loads(self._vault.private_open(row["sealed"], _context(MomentId(row["id"]))))
            )
        return Moment(
            moment=MomentId(row["id"]),
            session=SessionId(row["session_id"]),
            start_ms=row["start_ms"],
            end_ms=row["end_ms"],
            codes=codes_from_plain(json.loads(row["codes"])),
            note=row["note"],
            author=ProfileId(row["author_id"]),
            perspective=Perspective(row["perspective"]),
            codebook=row["codebook"],
            created_at=row["created_at"],
            changed_at=row["changed_at"],
        )


def _context(moment: MomentId) -> bytes:
    return b"moment:" + moment.encode()


def _open_values(moment: Moment) -> list[object]:
    return [
        moment.moment,
        moment.session,
        moment.author,
        moment.perspective.value,
        moment.start_ms,
        moment.end_ms,
        json.dumps(plain_codes(moment.codes)),
        moment.note,
        moment.codebook,
        moment.created_at,
        moment.changed_at,
        0,
        None,
    ]


def _comment_context(comment: str) -> bytes:
    return b"comment:" + comment.encode()
