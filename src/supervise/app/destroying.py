"""Carrying out what was decided: destroyed in one transaction, swept up, searched for traces, certified."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from supervise.app import inventory, recall_inventory
from supervise.app.recall_inventory import GONE, Recollection
from supervise.audio.peaks import flat_peaks
from supervise.domain.consent import Scope, standing_scopes, stands
from supervise.domain.errors import SuperviseError, UsageError
from supervise.domain.ids import ClientId, RecallId, SessionId
from supervise.domain.keeping import (
    KINDS,
    MOMENTS,
    OF_SESSION,
    RECALL,
    SOUND,
    TRANSCRIPT,
    quotes,
    without_basis,
)
from supervise.domain.redaction import touches
from supervise.domain.session import Session
from supervise.domain.times import now_utc
from supervise.storage import destruction
from supervise.storage.database import transaction
from supervise.storage.destruction import Proof
from supervise.storage.store import Store
from supervise.storage.withdrawals import DESTROY, PORTION, Withdrawal

_log = logging.getLogger(__name__)
_BACKUPS = (
    "Backups and copies made before are not reached by this: they are listed in the vault and must be "
    "destroyed where they are."
)


def finish_due(store: Store, today: date) -> tuple[str, ...]:
    """Destroy what has fallen due and is not held, sweep up what was interrupted; return what was done.

    Called at every opening. What cannot be done now (no room, somebody reading) is done the next time.
    """
    done: list[str] = []
    try:
        for row in store.withdrawals.all():
            if row.waits and row.due_on <= today and not held(store, row, today):
                carry_out(store, row)
                done.append(row.id)
        if destruction.purge_is_due(store.vault) or _uncertified(store):
            sweep_up(store, ())
    except SuperviseError as error:
        _log.warning("a destruction that is due could not be finished: %s", error.code)
    return tuple(done)


def held(store: Store, row: Withdrawal, today: date) -> bool:
    """Whether a legal hold stops this destruction today."""
    sessions = [entry["session"] for entry in row.inventory.get("sessions", [])] or [""]
    holds = store.retention.holds()
    return any(hold.holds(row.client, session, today) for hold in holds for session in sessions)


def refuse_held(store: Store, session: Session, today: date) -> None:
    """Raise UsageError when a legal hold stops that anything of a session is destroyed today."""
    if any(hold.holds(session.client, session.session, today) for hold in store.retention.holds()):
        raise UsageError("A legal hold stops this. Nothing was destroyed; lift the hold first.")


def carry_out(store: Store, row: Withdrawal) -> Mapping[str, Any]:
    """Destroy what the decision names and nothing allows now, and return the certificate.

    Raises NoSpaceError or VaultInUseError when the sweep must wait; keys and rows are gone by then.
    """
    plan = _plan(store, row)
    looked_for: list[bytes] = []
    for part in plan:
        session, ids = part.session.session, recall_inventory.ids_of(part.recalls)
        found = destruction.needles(store.vault.db, session) if part.whole else []
        looked_for += found or destruction.recall_needles(store.vault.db, ids)
    with transaction(store.vault.db) as db:
        for part in plan:
            _destroy(store, part, row)
        unfinished = 0
        if (
            row.choice == DESTROY
            and SOUND in _client_goes(store, row)
            and row.inventory.get("unfinished", True)
        ):
            unfinished = destruction.delete_unfinished_recordings(db, row.client, row.withdrawn_at)
        gone = {
            **row.inventory,
            "sessions": [part.facts for part in plan],
            "unfinished_recordings": unfinished,
        }
        store.withdrawals.done(row.id, gone)
        for part in plan:
            store.vault.log("destroy", part.session.session, ", ".join(part.kinds))
    return sweep_up(store, looked_for)[row.id]


@dataclass(frozen=True, slots=True)
class _Part:
    """What goes of one session: kinds, and which recalls; `whole`: nothing of it is left then."""

    session: Session
    kinds: tuple[str, ...]
    recalls: tuple[Recollection, ...]
    whole: bool
    facts: dict[str, Any]


def _plan(store: Store, row: Withdrawal) -> list[_Part]:
    goes = _client_goes(store, row)
    still = {session.session: session for session in inventory.of_client(store, row.client)}
    found = []
    for entry in row.inventory["sessions"]:
        session = still.get(entry["session"])
        if session is None:
            continue
        there = recall_inventory.recollections(store, session.session)
        recalls = _recalls_that_go(store, row, entry, there)
        kinds = tuple(kind for kind in OF_SESSION if kind in entry["goes"] and kind in goes)
        whole = kinds == OF_SESSION and len(recalls) == len(there)
        if recalls:
            kinds = (*kinds, RECALL)
        facts = {**inventory.session_facts(store, session), "goes": list(kinds)}
        facts[GONE] = [recall.id for recall in recalls]
        if kinds:
            found.append(_Part(session, kinds, tuple(recalls), whole, facts))
    return found


def _client_goes(store: Store, row: Withdrawal) -> frozenset[str]:
    """Return the kinds that may go now: what the client has agreed to again meanwhile stays."""
    chosen = frozenset(row.inventory.get("chosen", ()))
    if row.choice != DESTROY:
        return frozenset(KINDS)
    standing = standing_scopes(store.consents.of_client(row.client))
    return chosen | frozenset(without_basis(standing))


def _recalls_that_go(
    store: Store, row: Withdrawal, entry: Mapping[str, Any], there: Sequence[Recollection]
) -> list[Recollection]:
    """Return the recalls that were decided on and may go now.

    A decision of an earlier program, which named none, meant all of them when it meant the whole session.
    """
    listed = entry.get(GONE)
    if listed is None and not set(entry["goes"]) >= set(OF_SESSION):
        return []
    found = list(there) if listed is None else recall_inventory.with_held(there, listed)
    if row.choice != DESTROY or RECALL in row.inventory.get("chosen", ()):
        return found
    records = store.consents.of_client(row.client)
    in_study = partial(stands, records, Scope.RESEARCH)
    return recall_inventory.without_basis(found, standing_scopes(records), in_study)


def _destroy(store: Store, part: _Part, row: Withdrawal) -> None:
    db, session, kinds = store.vault.db, part.session, part.kinds
    if part.whole:
        destruction.delete_session(db, session.session)
        store.withdrawals.add_stub(session.session, session.client, row.id)
        return
    ids = recall_inventory.ids_of(part.recalls)
    # What a client takes back is having words made of sound; a rule has a clock of its own for recalls.
    of_recalls = row.choice == DESTROY
    runs = inventory.runs_recalled(store, map(RecallId, ids.recalls))
    if TRANSCRIPT in kinds:
        runs |= inventory.runs_said(store, session.session, of_recalls=of_recalls)
    if runs:
        forget_quotes(store, session.session, runs)
        if of_recalls:
            store.interviews.forget_quotes(session.session, lambda text: quotes(text, runs))
    if TRANSCRIPT in kinds:
        destruction.delete_transcripts(db, session.session, of_recalls=of_recalls)
    if MOMENTS in kinds:
        destruction.delete_moments(db, session.session)
    if ids:
        destruction.delete_recalls(db, session.session, ids)
    if SOUND in kinds:
        sound = session.sound
        flat = store.media.add("peaks", flat_peaks(sound.samples, sound.channels, sound.rate_hz))
        destruction.delete_sound(db, session.session, flat)


def forget_quotes(store: Store, session: SessionId, runs: inventory.Runs) -> None:
    """Empty the notes on a session that quote what goes, and those on its recalls."""
    for moment in inventory.quoting_moments(store, session, runs):
        forget_note(store, session, moment)
    forget_recall_quotes(store, session, runs)


def forget_note(store: Store, session: SessionId, moment: str) -> None:
    """Empty a note that quotes; the mark stays."""
    for entry in store.moments.of_session(session):
        if entry.moment == moment:
            store.moments.put(replace(entry, note=""))


def forget_recall_quotes(store: Store, session: SessionId, runs: frozenset[tuple[str, ...]]) -> None:
    """Empty the notes of marks on a session's recalls that quote, and take write-ups away that do.

    A write-up that somebody keeps for themselves is not read for it, as their private notes are not.
    """
    for mark in store.recall_marks.of_session(session):
        if quotes(mark.note, runs):
            store.recall_marks.put(replace(mark, note=""))
    for row in store.recalls.of_session(session):
        for entry in store.write_ups.of_recall(row.recall):
            if quotes(entry.text, runs):
                store.write_ups.remove(entry.write_up)


def sweep_up(store: Store, looked_for: Sequence[bytes]) -> dict[str, Mapping[str, Any]]:
    """Sweep up, and certify what is done and has no certificate yet; return the certificates by decision."""
    proof = destruction.purge(store.vault, looked_for)
    made: dict[str, Mapping[str, Any]] = {}
    for row in _uncertified(store):
        made[row.id] = certificate(store, row, proof, looked_for=len(looked_for))
        store.withdrawals.certify(row.id, made[row.id])
    return made


def _uncertified(store: Store) -> list[Withdrawal]:
    return [row for row in store.withdrawals.all() if row.done_at is not None and row.certificate is None]


def certificate(store: Store, row: Withdrawal, proof: Proof, looked_for: int) -> dict[str, Any]:
    """Return what was destroyed, when and by whom, without content; its last field hashes the others."""
    names = {entry.profile: entry.name for entry in store.vault.profiles()}
    code = store.consents.codes()[ClientId(row.client)]
    body: dict[str, Any] = {
        "certificate": row.id,
        "format": 1,
        "kind": {DESTROY: "withdrawal", PORTION: "portion"}.get(row.choice, row.choice),
        "client": code,
        "scopes": list(row.scopes),
        "decided_at": row.withdrawn_at,
        "decided_by": names.get(row.recorded_by, row.recorded_by),  # type: ignore[call-overload]
        "destroyed_at": row.done_at or now_utc(),
        "destroyed_by": store.vault.profile.name,
        "sessions": row.inventory["sessions"],
        "unfinished_recordings": row.inventory.get("unfinished_recordings", 0),
        "proof": {
            "pages_read": proof.pages,
            "pieces_looked_for": looked_for,
            "pages_with_traces": proof.hits,
        },
        "copies_to_call_back": len(inventory.copies_out(store, ClientId(row.client))),
        "not_reached": _BACKUPS,
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return {**body, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def settle_private(store: Store) -> None:
    """Empty the private notes of whoever opens the vault that lie on portions others have deleted.

    Nobody else can read them, so it waits for their author.
    """
    emptied = False
    for session in store.removed.sessions():
        spans = store.removed.of_session(session)
        for moment in store.moments.of_session(session):
            older = moment.created_at < _removed_at(store, session)
            if moment.private and moment.note and older and touches(moment.start_ms, moment.end_ms, spans):
                store.moments.put(replace(moment, note=""))
                emptied = True
    if emptied:
        destruction.purge(store.vault)


def _removed_at(store: Store, session: SessionId) -> str:
    sql = "SELECT max(removed_at) FROM removed_spans WHERE session_id = ?"
    return str(store.vault.db.execute(sql, [session]).fetchone()[0])
