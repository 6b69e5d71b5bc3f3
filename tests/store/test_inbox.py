"""The inbox: added to by anybody, read by nobody but the vault, each entry taken in exactly once."""

import base64
import json
import os

import pytest
from vault_processes import PASSPHRASE, Other, run

from supervise.crypto.box import new_box_pair
from supervise.domain.errors import NoSpaceError
from supervise.domain.moments import Perspective
from supervise.storage import access_log
from supervise.storage.inbox import Inbox
from supervise.storage.media import MediaStore, insert_row
from supervise.storage.vault import Vault

PRIVATE, PUBLIC = new_box_pair()
SENDER = bytes(range(32))


@pytest.fixture
def inbox(tmp_path):
    return Inbox(tmp_path / "inbox", PUBLIC, SENDER)


@pytest.fixture
def vault(tmp_path, cheap_kdf):
    vault, _ = Vault.create(tmp_path / "v", "Anna", Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    with vault:
        yield vault


def test_entries_come_out_in_the_order_they_went_in(inbox):
    ids = [inbox.append("window", {"seq": seq}) for seq in range(20)]
    assert [entry.payload["seq"] for entry in inbox.drain(PRIVATE)] == list(range(20))
    assert inbox.entry_ids() == ids


def test_the_order_holds_when_the_clock_is_set_back(inbox, monkeypatch):
    monkeypatch.setattr("time.time_ns", iter([5000, 4000, 4000, 9000]).__next__)
    for seq in range(4):
        inbox.append("window", {"seq": seq})
    assert [entry.payload["seq"] for entry in inbox.drain(PRIVATE)] == list(range(4))


def test_nothing_in_it_is_readable_or_says_what_it_is(inbox, tmp_path):
    inbox.append("window", {"text": "a most private word"})
    (file,) = (tmp_path / "inbox").iterdir()
    assert b"private" not in file.read_bytes()
    assert b"window" not in file.read_bytes()
    assert not file.stat().st_mode & 0o077


def test_done_entries_are_gone_and_may_be_done_twice(inbox):
    entry_id = inbox.append("window", {})
    inbox.done(entry_id)
    inbox.done(entry_id)
    assert list(inbox.drain(PRIVATE)) == []


def test_a_damaged_entry_is_named_and_does_not_stop_the_others(inbox, tmp_path):
    ids = [inbox.append("window", {"seq": seq}) for seq in range(3)]
    file = tmp_path / "inbox" / f"{ids[1]}.sealed"
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(raw)
    assert [entry.payload["seq"] for entry in inbox.drain(PRIVATE)] == [0, 2]
    assert inbox.damaged(PRIVATE) == [ids[1]]


def test_an_entry_under_another_name_is_damage(inbox, tmp_path):
    first, second = (inbox.append("window", {"seq": seq}) for seq in range(2))
    (tmp_path / "inbox" / f"{first}.sealed").rename(tmp_path / "inbox" / f"{second}.sealed")
    assert inbox.damaged(PRIVATE) == [second]


def test_strange_files_are_left_alone(inbox, tmp_path):
    for name in (".half.new", "letter.txt", "x.sealed"):
        (tmp_path / "inbox" / name).write_text("?")
    assert inbox.entry_ids() == []
    inbox.sweep()
    assert len(list((tmp_path / "inbox").iterdir())) == 3


def test_what_a_writer_left_half_done_days_ago_is_swept(inbox, tmp_path):
    left = tmp_path / "inbox" / ".half.new"
    left.write_text("?")
    os.utime(left, (0, 0))
    inbox.sweep()
    assert not left.exists()


def test_a_full_disk_adds_nothing(tmp_path):
    program = """
import resource, sys
from pathlib import Path
from supervise.domain.errors import NoSpaceError
from supervise.storage.inbox import Inbox
inbox = Inbox(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), bytes(range(32)))
inbox.append("window", {"text": "short"})
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    inbox.append("window", {"text": "x" * 5000})
except NoSpaceError as error:
    sys.exit(error.exit_code)
"""
    assert run(program, tmp_path / "inbox", PUBLIC.hex())[0] == NoSpaceError.exit_code
    assert len(list((tmp_path / "inbox").iterdir())) == 1
    assert [entry.payload for entry in Inbox(tmp_path / "inbox", PUBLIC, SENDER).drain(PRIVATE)] == [
        {"text": "short"}
    ]


_APPEND = """
import sys
from pathlib import Path
from supervise.storage.inbox import Inbox
inbox = Inbox(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), bytes(range(32)))
for seq in range(100000):
    inbox.append("window", {"seq": seq, "text": "x" * 20000})
    print(seq, flush=True)
"""


def test_a_writer_killed_in_the_middle_loses_nothing_it_had_acknowledged(inbox, tmp_path):
    for acknowledged in (1, 3, 7):
        with Other(_APPEND, tmp_path / "inbox", PUBLIC.hex()) as other:
            for _ in range(acknowledged):
                other.line()
            said = acknowledged + len([line for line in other.lines_after_kill() if line])
        kept = [entry.payload["seq"] for entry in inbox.drain(PRIVATE)]
        assert kept == list(range(len(kept)))
        assert len(kept) >= said
        assert inbox.damaged(PRIVATE) == []
        for entry_id in inbox.entry_ids():
            inbox.done(entry_id)


# -- taken in by the vault ---------------------------------------------------------------------------


def test_app_takes_each_entry_in_once(vault):
    vault.inbox.append("window", {"seq": 1})
    (entry,) = vault.pending_entries()
    with vault.taking(entry) as db:
        db.execute("INSERT INTO clients VALUES ('1', 'AB', 'now')")
    assert vault.pending_entries() == []
    assert vault.inbox.entry_ids() == []


def test_a_crash_after_the_commit_does_not_take_it_in_twice(vault, monkeypatch):
    entry_id = vault.inbox.append("window", {"seq": 1})
    (entry,) = vault.pending_entries()
    monkeypatch.setattr(vault.inbox, "done", lambda _: None)
    with vault.taking(entry):
        pass
    monkeypatch.undo()
    assert vault.inbox.entry_ids() == [entry_id]
    assert vault.pending_entries() == []
    assert vault.inbox.entry_ids() == []


def test_a_failure_leaves_the_entry_for_later(vault):
    vault.inbox.append("window", {"seq": 1})
    (entry,) = vault.pending_entries()
    with pytest.raises(ZeroDivisionError), vault.taking(entry):
        raise ZeroDivisionError
    assert vault.pending_entries() == [entry]


def test_an_import_that_ends_while_the_vault_is_locked_reaches_it_through_the_inbox(vault):
    new = MediaStore(vault).create("master")
    vault.lock()
    new.writer.write(b"sound" * 1000)
    new.finish()
    vault.inbox.append("import", {"media": new.describe()})
    path = vault.path
    vault.close()
    with Vault.open(path, PASSPHRASE) as again:  # opening sweeps media nobody speaks of, but not this one
        (entry,) = again.pending_entries()
        with again.taking(entry) as db:
            insert_row(db, entry.payload["media"])
        assert MediaStore(again).open(new.media_id).read() == b"sound" * 1000
    with Vault.open(path, PASSPHRASE) as again:
        assert MediaStore(again).open(new.media_id).read(5) == b"sound"


def forge(vault: Vault, kind: str, payload: dict) -> str:
    """What anybody can do who may write in the folder: the public key stands in the header."""
    header = json.loads((vault.path / "vault.json").read_text())
    return Inbox(vault.path / "inbox", base64.b64decode(header["inbox"]), bytes(32)).append(kind, payload)


def test_who_knows_the_public_key_only_forges_no_log_line_and_no_result(vault):
    forged = {"at": "2026-01-01T00:00:00.000Z", "who": vault.profile.profile, "action": "export"}
    vault.lock()
    ids = [forge(vault, "log", forged), forge(vault, "window", {"transcript": "a" * 32})]
    vault.unlock(PASSPHRASE)
    assert "export" not in [line.action for line in access_log.lines(vault.db)]
    assert vault.pending_entries() == []
    assert vault.inbox_damaged() == ids  # `verify` names them


def test_rubbish_in_the_inbox_keeps_nobody_out(vault):
    forge(vault, "log", {"nonsense": 1})
    (vault.path / "inbox" / f"{'0' * 20}-{'0' * 32}.sealed").write_bytes(b"x" * 100)
    path = vault.path
    vault.close()
    with Vault.open(path, PASSPHRASE) as again:
        assert len(again.inbox_damaged()) == 2
