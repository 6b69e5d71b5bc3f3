"""The access log: content-free lines in a chain that shows every change."""

import pytest
from vault_processes import PASSPHRASE

from supervise.domain.errors import UsageError
from supervise.domain.moments import Perspective
from supervise.storage import access_log
from supervise.storage.database import transaction
from supervise.storage.vault import Vault


@pytest.fixture
def vault(tmp_path, cheap_kdf):
    vault, _ = Vault.create(tmp_path / "v", "Anna", Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    with vault:
        for number in range(5):
            vault.log("play", f"session-{number}", "12 s")
        yield vault


def test_a_line_says_who_what_and_when(vault):
    line = list(access_log.lines(vault.db))[-1]
    assert (line.who, line.action, line.subject, line.detail) == (
        vault.profile.profile,
        "play",
        "session-4",
        "12 s",
    )
    assert line.at.endswith("Z")
    assert access_log.broken_links(vault.db) == []


def test_only_the_logs_own_words_are_actions(vault):
    with pytest.raises(UsageError):
        vault.log("peek")


def test_a_line_belongs_to_the_callers_transaction(vault):
    before = len(list(access_log.lines(vault.db)))
    with pytest.raises(ZeroDivisionError), transaction(vault.db):
        vault.log("mark", "moment")
        raise ZeroDivisionError
    assert len(list(access_log.lines(vault.db))) == before
    assert access_log.broken_links(vault.db) == []


_REPEATED = """INSERT INTO access_log
SELECT 7, at, who, action, subject, detail, hash, hash FROM access_log WHERE seq = 6"""


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE access_log SET action = 'show' WHERE seq = 3", [3]),
        ("UPDATE access_log SET at = '2020-01-01' WHERE seq = 1", [1]),
        ("UPDATE access_log SET who = 'nobody' WHERE seq = 6", [6]),
        ("UPDATE access_log SET subject = '', detail = subject || detail WHERE seq = 4", [4]),
        ("DELETE FROM access_log WHERE seq = 3", [4]),
        ("DELETE FROM access_log WHERE seq = 1", [2]),
        ("DELETE FROM access_log WHERE seq = 6", [6]),
        ("DELETE FROM access_log WHERE seq > 3", [4]),
        ("DELETE FROM access_log", [1]),
        ("UPDATE access_log SET hash = previous WHERE seq = 2", [2, 3]),
        (_REPEATED, [7, 8]),
    ],
)
def test_every_change_shows_where_it_was_made(vault, tampering, broken):
    vault.db.execute(tampering)
    assert access_log.broken_links(vault.db) == broken


def test_two_lines_exchanged_show(vault):
    vault.db.execute("UPDATE access_log SET seq = 90 WHERE seq = 2")
    vault.db.execute("UPDATE access_log SET seq = 2 WHERE seq = 3")
    vault.db.execute("UPDATE access_log SET seq = 3 WHERE seq = 90")
    assert access_log.broken_links(vault.db)
