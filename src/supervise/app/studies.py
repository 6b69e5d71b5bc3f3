"""A study at a glance: its dyads and sessions, interviews held, due and overdue, and the hours left."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from supervise.app import interview_gate
from supervise.app.protocols import protocol
from supervise.app.recall_places import ended_at
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope
from supervise.domain.errors import UsageError
from supervise.domain.ids import ClientId, InterviewId, SessionId
from supervise.domain.interviews import Interview, InterviewState, due_times, hours_between, waits_for
from supervise.domain.recall import LATE_H, Party
from supervise.domain.times import now_utc

_PARTIES = (Party.CLIENT, Party.THERAPIST)


@dataclass(frozen=True, slots=True)
class Due:
    """One interview of a study; `hours_left` until it is overdue, None once it is done.

    `hidden` says that its answers wait for the other party. `not_before` says that its time is to come.
    """

    interview: InterviewId
    protocol: str
    title: str
    party: Party
    point: str
    state: InterviewState
    interviewer: str
    due_from: str
    due_until: str
    hours_left: float | None
    overdue: bool
    not_before: bool
    hidden: bool
    unblinded: bool
    cued: bool
    recalled: bool
    seed: int | None


@dataclass(frozen=True, slots=True)
class StudySession:
    """A session of a client in the study; `hours_left` of the window while nothing was held about it yet."""

    session: SessionId
    held_on: str
    hours_left: float | None
    interviews: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Dyad:
    """A client of the study, by code, with the sessions that may be interviewed about."""

    client_code: str
    sessions: tuple[StudySession, ...]


@dataclass(frozen=True, slots=True)
class StudyOverview:
    """A study; `left_out` counts its clients who are not covered now, `left_out_interviews` all not shown."""

    study: str
    dyads: tuple[Dyad, ...]
    left_out: int
    left_out_interviews: int

    @property
    def interviews(self) -> tuple[Due, ...]:
        """Every interview shown."""
        return tuple(due for dyad in self.dyads for row in dyad.sessions for due in row.interviews)

    def counts(self) -> dict[tuple[Party, str, InterviewState], int]:
        """Return how many interviews there are by party, time point and state."""
        return dict(Counter((due.party, due.point, due.state) for due in self.interviews))

    @property
    def overdue(self) -> int:
        """How many interviews are overdue."""
        return sum(due.overdue for due in self.interviews)


def studies(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of the studies that clients agreed to or are interviewed for, sorted."""
    named: dict[str, str] = {}
    for row in workspace.store.interviews.all():
        named.setdefault(row.study.casefold(), row.study)
    for records in workspace.store.consents.by_client().values():
        for grant in (grant for record in records for grant in record.targets):
            if grant.scope is Scope.RESEARCH and grant.target:
                named.setdefault(grant.target.casefold(), grant.target)
    seen = {study for study in named.values() if _clients(workspace, study)[0]}
    return tuple(sorted(seen, key=str.casefold))


def study_overview(workspace: Workspace, name: str, now: str = "") -> StudyOverview:
    """Return a study as it stands at the time `now` (UTC; the present one when empty).

    Clients whom no consent covers now are left out and counted. Raises UsageError for an unknown study.
    """
    wanted = " ".join(name.split())
    rows = [row for row in workspace.store.interviews.all() if row.study.casefold() == wanted.casefold()]
    covered, left_out = _clients(workspace, wanted)
    if not covered and not left_out:
        raise UsageError(f"There is no study “{wanted}” here. `supervise study list VAULT` shows them.")
    study = rows[0].study if rows else wanted
    at = now or now_utc()
    dyads: list[Dyad] = []
    shown = 0
    for client, code in sorted(covered.items(), key=lambda entry: entry[1].casefold()):
        sessions = _sessions(workspace, client, study, rows, at)
        shown += sum(len(entry.interviews) for entry in sessions)
        dyads.append(Dyad(code, sessions))
    return StudyOverview(study, tuple(dyads), left_out, len(rows) - shown)


def _clients(workspace: Workspace, study: str) -> tuple[dict[ClientId, str], int]:
    """Return the clients of a study who are covered now by code, and how many others it has."""
    store, gate = workspace.store, workspace.gate
    interviewed = {
        store.sessions.get(row.session).client
        for row in store.interviews.all()
        if row.study.casefold() == study.casefold()
    }
    covered: dict[ClientId, str] = {}
    left_out = 0
    codes = store.consents.codes()
    for client, records in store.consents.by_client().items():
        named = any(
            g.scope is Scope.RESEARCH and g.target.casefold() == study.casefold()
            for r in records
            for g in r.targets
        )
        if not named and client not in interviewed:
            continue
        verdict = interview_gate.study_verdict(workspace, client, codes[client], study)
        if verdict.covered and (gate.owns(client) or interview_gate.is_researcher(workspace, client, study)):
            covered[client] = codes[client]
        else:
            left_out += 1
    return covered, left_out


def _sessions(
    workspace: Workspace, client: ClientId, study: str, rows: Iterable[Interview], now: str
) -> tuple[StudySession, ...]:
    store = workspace.store
    found: list[StudySession] = []
    for session in sorted(store.sessions.all(), key=lambda row: (row.held_on, row.created_at)):
        if session.client != client:
            continue
        may = {
            party: interview_gate.may(workspace, session.session, study, party)
            for party in (Party.CLIENT, Party.THERAPIST)
        }
        if not any(may.values()):
            continue
        own = [row for row in rows if row.session == session.session]
        dues = tuple(_due(workspace, row, own, now) for row in own if may[row.party])
        until = due_times(ended_at(store, session), 0, 0, LATE_H)[1]
        left = None if any(row.done for row in own) else min(hours_between(now, until), LATE_H)
        found.append(StudySession(session.session, session.held_on, left, dues))
    return tuple(found)


def _due(workspace: Workspace, row: Interview, others: Iterable[Interview], now: str) -> Due:
    known = protocol(workspace, row.protocol)
    left = None if row.done else hours_between(now, row.due_until)
    waiting = waits_for(row, known, others)
    return Due(
        interview=row.interview,
        protocol=row.protocol,
        title=known.title,
        party=row.party,
        point=row.point,
        state=row.state,
        interviewer=row.interviewer,
        due_from=row.due_from,
        due_until=row.due_until,
        hours_left=left,
        overdue=left is not None and left < 0,
        not_before=left is not None and hours_between(now, row.due_from) > 0,
        hidden=bool(waiting) and bool(workspace.store.interviews.answers(row.interview)),
        unblinded=row.unblinded is not None,
        cued=row.cued_from is not None,
        recalled=row.recall is not None,
        seed=row.seed,
    )
