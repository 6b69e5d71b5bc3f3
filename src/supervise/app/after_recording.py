"""A session just recorded: where its sound has gaps, and the consent that was spoken at its start."""

from dataclasses import replace
from datetime import date

from supervise.app import reading
from supervise.app.commands import MarkMoment
from supervise.app.consenting import Statement
from supervise.app.workspace import Workspace
from supervise.domain.consent import Scope, deciding
from supervise.domain.errors import UsageError
from supervise.domain.ids import SessionId
from supervise.domain.moments import FLAG, MomentCode
from supervise.domain.recordings import Gap
from supervise.storage.database import transaction

SPOKEN_NOTE = "The client's consent was spoken here; the consent record points to it."
SHORTEST_MS = 1000


def gaps_of(workspace: Workspace, session: SessionId) -> tuple[Gap, ...]:
    """Return where sound of the meeting is missing, in order; empty for what was imported."""
    return workspace.store.recordings.gaps(reading.session_of(workspace.gate, session).session)


def keep_spoken_consent(workspace: Workspace, session: SessionId, end_ms: int) -> str:
    """Mark the session's start up to `end_ms` as the consent that was spoken; return the moment's id.

    The client's consent to being recorded is added once more to their records, as it stands, with the
    place where it can be heard. The moment can be taken back; records are only ever added.
    """
    row = workspace.session(session)
    records = workspace.consents(row.client_code)
    latest = deciding(records, Scope.RECORD)
    if latest is None or Scope.RECORD not in latest.granted:
        raise UsageError("No consent to being recorded is on record to which this could be linked.")
    details = replace(
        latest.details,
        method="spoken",
        spoken_at=f"{session}@0",
        form="",
        form_sha256="",
        takes_back="",
        valid_from=None,
        note="",
    )
    said = Statement(
        client=row.client_code,
        signed_on=min(date.fromisoformat(row.held_on), workspace.today()),
        granted=frozenset(latest.grants([Scope.RECORD])),
        expires_on=latest.expires_on,
        details=details,
    )
    end_ms = min(max(end_ms, SHORTEST_MS), row.sound.duration_ms)
    with transaction(workspace.vault.db):
        workspace.record_consent(said)
        wish = MarkMoment(session, 0, (MomentCode(FLAG),), end_ms, SPOKEN_NOTE)
        return workspace.execute(wish, "window")
