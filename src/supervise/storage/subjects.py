"""What the ids in the access log stand for: a client code, and of a session its title and day."""

from typing import NamedTuple

import sqlite_utils


class Subject(NamedTuple):
    """Whose it is, and of a session or recording what it is called, its day, and whether it is gone."""

    client_code: str
    title: str = ""
    day: str = ""
    is_session: bool = False
    gone: bool = False


_OF_CLIENTS = ("consents", "withdrawals", "holds", "case_roles")


def subjects(db: sqlite_utils.Database) -> dict[str, Subject]:
    """Return every id that a line may be about, profiles excepted."""
    found = {row[0]: Subject(row[1]) for row in db.execute("SELECT id, code FROM clients")}
    for table in _OF_CLIENTS:
        sql = f"SELECT t.id, c.code FROM {table} t JOIN clients c ON c.id = t.client_id"  # noqa: S608 -- ours
        found.update({row[0]: Subject(row[1]) for row in db.execute(sql)})
    sql = (
        "SELECT r.id, c.code, r.title, substr(r.started_at, 1, 10), r.state = 'destroyed' FROM recordings r "
        "JOIN clients c ON c.id = r.client_id"
    )
    found.update({row[0]: Subject(row[1], row[2], row[3], True, bool(row[4])) for row in db.execute(sql)})
    sql = "SELECT t.session_id, c.code FROM stubs t JOIN clients c ON c.id = t.client_id"
    found.update({row[0]: Subject(row[1], is_session=True, gone=True) for row in db.execute(sql)})
    sql = "SELECT s.id, c.code, s.title, s.held_on FROM sessions s JOIN clients c ON c.id = s.client_id"
    found.update({row[0]: Subject(row[1], row[2], row[3], True) for row in db.execute(sql)})
    return found
