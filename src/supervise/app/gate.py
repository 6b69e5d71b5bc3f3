"""The consent gate: every use of a client's material asks here first, from window and terminal alike."""

from collections.abc import Callable
from datetime import date

from supervise.domain.consent import Scope, Verdict, judge
from supervise.domain.errors import NotCoveredError
from supervise.domain.ids import ClientId, SessionId
from supervise.domain.session import Session
from supervise.storage.store import Store


class Gate:
    """Judges uses against the records in the vault on the day they happen."""

    def __init__(self, store: Store, today: Callable[[], date] = date.today) -> None:
        self._store = store
        self._today = today

    def verdict(self, client: ClientId, code: str, scope: Scope) -> Verdict:
        """Judge one use for one client."""
        return judge(self._store.consents.of_client(client), scope, self._today(), code)

    def require_client(self, code: str, scope: Scope) -> tuple[ClientId, str]:
        """Return the client's id and code if the use is covered; raises NotCoveredError otherwise."""
        found = self._store.consents.client(code.strip())
        if found is None:
            raise NotCoveredError(judge([], scope, self._today(), code.strip()).reason)
        verdict = self.verdict(found[0], found[1], scope)
        if not verdict.covered:
            raise NotCoveredError(verdict.reason)
        return found

    def require_session(self, session: SessionId, scope: Scope) -> Session:
        """Return the session if the use is covered for its client; raises NotCoveredError otherwise."""
        row = self._store.sessions.get(session)
        verdict = self.verdict(row.client, row.client_code, scope)
        if not verdict.covered:
            raise NotCoveredError(verdict.reason)
        return row

    def covered(self, sessions: list[Session], scope: Scope) -> tuple[list[Session], int]:
        """Return the sessions whose clients are covered, and how many were left out."""
        records = self._store.consents.by_client()
        today = self._today()
        kept = [
            row
            for row in sessions
            if judge(records.get(row.client, []), scope, today, row.client_code).covered
        ]
        return kept, len(sessions) - len(kept)
