"""What will soon have to be done about what is kept: falling due, being destroyed, consent that ends."""

from supervise.app import destroying, retention
from supervise.app.workspace import Workspace
from supervise.domain.consent_overview import attention
from supervise.domain.times import day_words


def ahead(workspace: Workspace) -> tuple[str, ...]:
    """Return a sentence for each thing, what is due first; only of the cases of whoever works here."""
    store, today = workspace.store, workspace.today()
    codes = store.consents.codes()
    said = _falling_due(workspace)
    for row in store.withdrawals.all():
        goes = row.waits and any(entry["goes"] for entry in row.inventory.get("sessions", []))
        if goes and workspace.gate.owns(row.client):
            held = destroying.held(store, row, today)
            what = (
                "is stopped by a legal hold" if held else f"is destroyed for good on {day_words(row.due_on)}"
            )
            said.append(f"What {codes[row.client]} has withdrawn {what}.")
    records = store.consents.by_client()
    for client, code in sorted(codes.items(), key=lambda entry: entry[1].casefold()):
        if client in records and workspace.gate.owns(client):
            said += attention(records[client], today, code)
    return tuple(said)


def _falling_due(workspace: Workspace) -> list[str]:
    own = {row.session for row in workspace.store.sessions.all() if workspace.gate.owns(row.client)}
    things = [thing for thing in retention.due_list(workspace) if thing.session in own]
    due = [thing for thing in things if thing.state == "due"]
    soon = [thing for thing in things if thing.state == "soon"]
    said = []
    if due:
        said.append(f"{_count(len(due))} due to be destroyed, as the rules for keeping say.")
    if soon:
        said.append(
            f"{_count(len(soon))} to be destroyed by {day_words(max(thing.due_on for thing in soon))}."
        )
    return said


def _count(number: int) -> str:
    return "One thing is" if number == 1 else f"{number} things are"


def fingerprint(workspace: Workspace) -> tuple[object, ...]:
    """Return what changes when `ahead` may: cheap to read, so that nobody need ask for it too often."""
    sql = (
        "(SELECT group_concat(id || held_on) FROM sessions), (SELECT count(*) FROM consents),"
        " (SELECT count(*) FROM transcripts), (SELECT count(*) FROM moments),"
        " (SELECT count(*) FROM comments), (SELECT group_concat(id || state) FROM recalls),"
        " (SELECT count(*) FROM interviews), (SELECT count(*) FROM rating_series),"
        " (SELECT group_concat(kind || days) FROM retention_rules),"
        " (SELECT group_concat(id || coalesce(lifted_at, '')) FROM holds),"
        " (SELECT group_concat(id || choice || coalesce(done_at, '')) FROM withdrawals)"
    )
    row = workspace.vault.db.execute(f"SELECT {sql}").fetchone()
    return (workspace.today(), workspace.profile.profile, *row)
