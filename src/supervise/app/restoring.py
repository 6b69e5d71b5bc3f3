"""After a restore: withdrawals that came later than the backup are applied again, from their certificates."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from supervise.app import destroying
from supervise.app.certificates import read_certificate
from supervise.app.consenting import Statement
from supervise.app.portion import PortionWish, delete_portion
from supervise.app.recall_inventory import GONE
from supervise.app.workspace import Workspace
from supervise.domain.consent import parse_grant
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.ids import ClientId, SessionId, new_id
from supervise.domain.keeping import KINDS
from supervise.exchange.small_files import read_small_text
from supervise.storage.withdrawals import DESTROY, ONE_RECALL, RETENTION, Withdrawal

_MOST_BYTES = 16_000_000
_CHOICES = {"withdrawal": DESTROY, "recall": ONE_RECALL}


def read_certificates(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Read certificate files; raises NotReadableError, and DamagedError for one that was changed."""
    found = []
    for path in paths:
        text = read_small_text(path, _MOST_BYTES, f"The certificate {path}", "It is a .json file.")
        found.append(read_certificate(text, str(path)))
    return found


def apply_certificates(workspace: Workspace, certificates: Sequence[Mapping[str, Any]]) -> int:
    """Withdraw and destroy again what the certificates name, if it came back; return how many sessions."""
    count = 0
    for certificate in certificates:
        known = workspace.store.consents.client(str(certificate["client"]))
        if known is not None:
            _withdraw_again(workspace, certificate)
            count += _destroy_again(workspace, known[0], certificate)
    return count


def _withdraw_again(workspace: Workspace, certificate: Mapping[str, Any]) -> None:
    grants = frozenset(parse_grant(text) for text in certificate["scopes"])
    if grants:
        on = min(workspace.today(), date.fromisoformat(certificate["decided_at"][:10]))
        details = ConsentDetails(note=f"applied after a restore: {certificate['certificate'][:8]}")
        workspace.record_consent(Statement(certificate["client"], on, withdrawn=grants, details=details))


def _destroy_again(workspace: Workspace, client: ClientId, certificate: Mapping[str, Any]) -> int:
    back = {row.session for row in workspace.store.sessions.all() if row.client == client}
    entries = [entry for entry in certificate["sessions"] if entry["session"] in back]
    for entry in entries:
        for start_ms, end_ms in entry.get("spans", []):
            wish = PortionWish(SessionId(entry["session"]), start_ms, end_ms, with_recalls=True, again=True)
            delete_portion(workspace, wish, lambda _: None, lambda: False)
    listed = [
        {
            "session": entry["session"],
            "goes": [kind for kind in KINDS if kind in entry["goes"]],
            **({GONE: entry[GONE]} if GONE in entry else {}),
        }
        for entry in entries
    ]
    listed = [entry for entry in listed if entry["goes"]]
    if listed:
        decision = Withdrawal(
            id=new_id(),
            client=client,
            scopes=tuple(certificate["scopes"]),
            withdrawn_at=certificate["decided_at"],
            recorded_by=workspace.profile.profile,
            choice=_CHOICES.get(certificate["kind"], RETENTION),
            due_on=workspace.today(),
            inventory={"sessions": listed, "chosen": list(KINDS), "unfinished": False},
        )
        workspace.store.withdrawals.add(decision)
        destroying.carry_out(workspace.store, decision)
    return len(entries)
