"""The consent gate: every use of a client's material asks here first, from window and terminal alike.

A use by the therapist whose case it is needs `own_review`; anybody else needs the scope of their part in
the case, granted to them (their group, their study) by name: a passphrase opens the vault, not a case
(ADR 0011).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from supervise.domain.consent import ConsentRecord, Grant, Scope, Verdict, judge, judge_words
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import ClientId, SessionId
from supervise.domain.moments import Perspective
from supervise.domain.recall import Party
from supervise.domain.roles import CLIENT, OWNER, seat, seat_without_part
from supervise.domain.session import Session
from supervise.storage.case_roles import CaseRole
from supervise.storage.store import Store

_OWN = (Grant(Scope.OWN_REVIEW),)
_NOT_THEIRS = (
    "What the therapist recalled or rated by themselves is not open to the client's own profile. "
    "What the client took part in is."
)
_MAKING = (Scope.RECORD, Scope.TRANSCRIBE)


class Gate:
    """Judges uses against the records in the vault on the day they happen."""

    def __init__(self, store: Store, today: Callable[[], date] = date.today) -> None:
        self._store = store
        self._today = today

    def verdict(self, client: ClientId, code: str, scope: Scope) -> Verdict:
        """Judge one use for one client; `own_review` stands for a look by whoever works here."""
        records = self._store.consents.of_client(client)
        given = self._store.case_roles.of_client(client)
        return self._judge(records, self._seats(client, given), code, scope)

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
        parts: dict[ClientId, list[CaseRole]] = {}
        for part in self._store.case_roles.all():
            parts.setdefault(part.client, []).append(part)
        clients = {row.client: row.client_code for row in sessions}
        verdicts = {client: self._seen(records, parts, client, clients[client], scope) for client in clients}
        kept = [row for row in sessions if verdicts[row.client]]
        return kept, len(sessions) - len(kept)

    def _seen(
        self,
        records: Mapping[ClientId, list[ConsentRecord]],
        parts: Mapping[ClientId, list[CaseRole]],
        client: ClientId,
        code: str,
        scope: Scope,
    ) -> bool:
        known = records.get(client, [])
        return self._judge(known, self._seats(client, parts.get(client, [])), code, scope).covered

    def study(self, client: ClientId, code: str, study: str) -> Verdict:
        """Judge whether a client's consent to a study covers it, whoever works here."""
        return judge(self._store.consents.of_client(client), Scope.RESEARCH, self._today(), code, study)

    def words(self, session: Session) -> Verdict:
        """Judge whether the transcripts of a session, and of its recalls, may be used, were there any."""
        records = self._store.consents.of_client(session.client)
        own = self.owns(session.client)
        return judge_words(records, self._today(), session.client_code, own=own)

    def require_words(self, session: Session) -> None:
        """Raise NotCoveredError when the transcripts of a session may not be used."""
        verdict = self.words(session)
        if not verdict.covered:
            raise NotCoveredError(verdict.reason)

    def wordless(self, sessions: Iterable[Session]) -> frozenset[SessionId]:
        """Return those of the sessions whose transcripts may not be used."""
        records, today = self._store.consents.by_client(), self._today()
        return frozenset(
            row.session
            for row in sessions
            if not judge_words(records.get(row.client, []), today, row.client_code).covered
        )

    def seats(self, client: ClientId) -> tuple[Grant, ...]:
        """Return what the parts rest on in which the person who works here may look at a case."""
        return self._seats(client)

    def owns(self, client: ClientId) -> bool:
        """Whether the case is that of the person who works here."""
        return _OWN[0] in self._seats(client)

    def is_the_client(self, client: ClientId) -> bool:
        """Whether the person who works here is in the case as the client, and in no other part."""
        me = self._store.vault.profile
        parts = [part for part in self._store.case_roles.of_client(client) if part.profile == me.profile]
        as_client = bool(parts) and all(part.role == CLIENT for part in parts)
        return (as_client or me.role is Perspective.CLIENT) and not self.owns(client)

    def require_not_apart(self, client: ClientId, recaller: Party) -> None:
        """Keep what the therapist recalled without the client from the client's own profile.

        Their part rests on the recalls they take part in, and opens those. Raises NotCoveredError.
        """
        if recaller is Party.THERAPIST and self.is_the_client(client):
            raise NotCoveredError(_NOT_THEIRS)

    def require_owner(self, client: ClientId, code: str, does: str) -> None:
        """Raise UsageError when the case is not that of the person who works here; `does` says what for."""
        if not self.owns(client):
            raise UsageError(f"Only the therapist whose case {code} is {does}.")

    def _judge(
        self, records: list[ConsentRecord], seats: Sequence[Grant], code: str, scope: Scope
    ) -> Verdict:
        if scope is Scope.OWN_REVIEW:
            return self._looking(records, seats, code)
        verdict = judge(records, scope, self._today(), code)
        if verdict.covered and scope in _MAKING and _OWN[0] not in seats:
            return self._looking(records, seats, code)
        return verdict

    def _looking(self, records: list[ConsentRecord], seats: Sequence[Grant], code: str) -> Verdict:
        if not seats:
            return Verdict(
                False,
                f"You have no part in the case of {code}. Its therapist can give you one "
                f"(supervise role give VAULT --client {code} --to NAME --role supervisor) "
                "if the client has agreed to it (supervise consent add).",
            )
        own = _OWN[0] in seats
        verdicts = [judge(records, e.scope, self._today(), code, e.target, own=own) for e in seats]
        return next((verdict for verdict in verdicts if verdict.covered), verdicts[0])

    def _seats(self, client: ClientId, parts: Sequence[CaseRole] | None = None) -> tuple[Grant, ...]:
        """Return in which parts the person who works here may look at a case; the first explains refusals."""
        me = self._store.vault.profile
        given = self._store.case_roles.of_client(client) if parts is None else parts
        mine = [part for part in given if part.profile == me.profile]
        if mine:
            return tuple(seat(part.role, me) for part in mine if part.holds(self._today()))
        if self._is_owner(client, given):
            return _OWN
        default = seat_without_part(me)
        return (default,) if default else ()

    def _is_owner(self, client: ClientId, given: Sequence[CaseRole]) -> bool:
        """Without a named owner, a case is the vault's first profile's, and whose who recorded it first."""
        if any(part.role == OWNER for part in given):
            return False
        me = self._store.vault.profile.profile
        first = self._store.vault.profiles()[0].profile
        return me == first or self._store.consents.first_recorder(client) == me
