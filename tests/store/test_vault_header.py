"""The clear-text header: what damage to it costs, and what an edited one cannot do."""

import json

import pytest
from vault_processes import PASSPHRASE

from supervise.domain.errors import DamagedError, NoSpaceError, SuperviseError, WrongKeyError
from supervise.domain.moments import Perspective
from supervise.storage import header, header_change, meta
from supervise.storage.backup import backup
from supervise.storage.header import NAME, SPARE_NAME
from supervise.storage.vault import Vault
from supervise.storage.verify import verify

OTHER = "other words"


@pytest.fixture
def made(tmp_path, cheap_kdf):
    """A closed vault of two people, and the first one's recovery key."""
    vault, recovery_key = Vault.create(
        tmp_path / "v", "Anna", Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf
    )
    with vault:
        vault.add_profile("Bea", Perspective.SUPERVISOR, OTHER, kdf=cheap_kdf)
    return vault.path, recovery_key


@pytest.fixture
def path(made):
    return made[0]


def edit(path, change, names=(NAME, SPARE_NAME), *, seal=True):
    """Rewrite the header as somebody with an editor would, who also knows how its checksum is made."""
    from supervise.storage.header import _check  # the attacker reads our source

    for name in names:
        values = json.loads((path / name).read_bytes())
        change(values)
        if seal:
            values.pop("check")
            values["check"] = _check(values)
        (path / name).write_text(json.dumps(values, indent=1, sort_keys=True) + "\n")


def test_a_flipped_byte_anywhere_in_one_copy_costs_nothing(path):
    """Many bytes of vault.json: the spare opens the vault, verify names the damage, opening repairs it."""
    whole = (path / NAME).read_bytes()
    for at in range(0, len(whole), 31):
        changed = bytearray(whole)
        changed[at] ^= 1
        (path / NAME).write_bytes(changed)
        if at % 310 == 0:
            with Vault.open_beside(path, PASSPHRASE) as beside:
                (damage,) = verify(beside, lambda _: None).damaged
                assert (damage.kind, damage.id) == ("header", NAME)
        Vault.open(path, PASSPHRASE).close()
        assert (path / NAME).read_bytes() == whole


def test_a_lost_copy_is_made_good(path):
    for name in (NAME, SPARE_NAME):
        whole = (path / name).read_bytes()
        (path / name).unlink()
        Vault.open(path, PASSPHRASE).close()
        assert (path / name).read_bytes() == whole


def test_both_copies_damaged_is_said_to_be_damage_and_not_a_wrong_passphrase(made):
    path, recovery_key = made
    wrapped = json.loads((path / NAME).read_bytes())["slots"][0]["wrapped"]
    broken = ("B" if wrapped[5] != "B" else "C").join((wrapped[:5], wrapped[6:]))
    whole = (path / NAME).read_bytes()
    for name in (NAME, SPARE_NAME):
        (path / name).write_bytes(whole.replace(wrapped.encode(), broken.encode()))
    with pytest.raises(DamagedError, match="header"):
        Vault.open(path, PASSPHRASE)
    Vault.open_with_recovery(path, recovery_key).close()
    assert (path / NAME).read_bytes() == whole
    Vault.open(path, PASSPHRASE).close()


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 100000, b'{"format": 1}'])
def test_no_header_at_all_is_damage(path, text):
    for name in (NAME, SPARE_NAME):
        (path / name).write_bytes(text)
    with pytest.raises(DamagedError):
        Vault.open(path, PASSPHRASE)


def test_a_huge_header_is_not_read(path):
    for name in (NAME, SPARE_NAME):
        (path / name).write_bytes(b" " * (2 << 20))
    with pytest.raises(DamagedError, match="larger"):
        Vault.open(path, PASSPHRASE)


def test_exchanged_slots_open_nothing(path):
    """Anna's passphrase must not open the vault as Bea, whatever the header says."""

    def swap(values):
        slots = [slot for slot in values["slots"] if slot["kind"] == "passphrase"]
        slots[0]["profile"], slots[1]["profile"] = slots[1]["profile"], slots[0]["profile"]

    edit(path, swap)
    for words, name in ((PASSPHRASE, None), (PASSPHRASE, "Bea"), (OTHER, "Anna"), (PASSPHRASE, "Anna")):
        with pytest.raises(SuperviseError):
            Vault.open(path, words, name)


def test_a_recovery_slot_cannot_pose_as_a_passphrase_slot(path):
    def relabel(values):
        for slot in values["slots"]:
            slot["kind"] = "recovery" if slot["kind"] == "passphrase" else "passphrase"

    edit(path, relabel)
    with pytest.raises(SuperviseError):
        Vault.open(path, PASSPHRASE)


def test_weaker_parameters_in_the_header_open_nothing_and_do_not_stay(made, cheap_kdf):
    path, recovery_key = made

    def weaken(values):
        for slot in values["slots"]:
            if "kdf" in slot:
                slot["kdf"] = {**slot["kdf"], "iterations": 2, "memory_kib": 16}

    edit(path, weaken)
    with pytest.raises(WrongKeyError):
        Vault.open(path, PASSPHRASE)
    with Vault.open_with_recovery(path, recovery_key) as vault:
        assert {slot.kdf.memory_kib for slot in vault.header.slots_of("passphrase")} == {cheap_kdf.memory_kib}
    Vault.open(path, PASSPHRASE).close()


def test_parameters_that_would_exhaust_the_machine_are_refused_at_once(path):
    def swell(values):
        for slot in values["slots"]:
            if "kdf" in slot:
                slot["kdf"]["memory_kib"] = 1 << 31

    edit(path, swell)
    with pytest.raises(SuperviseError):
        Vault.open(path, PASSPHRASE)


def test_an_old_header_put_back_does_not_bring_an_old_passphrase_back(path, cheap_kdf):
    old = (path / NAME).read_bytes()
    with Vault.open(path, PASSPHRASE) as vault:
        vault.change_passphrase(PASSPHRASE, "new words", kdf=cheap_kdf)
    for name in (NAME, SPARE_NAME):
        (path / name).write_bytes(old)
    for opening in (Vault.open_beside, Vault.open):
        with pytest.raises(WrongKeyError, match="replaced"):
            opening(path, PASSPHRASE)
    Vault.open(path, "new words").close()


class Killed(BaseException):
    """Stands for the end of the process at this point."""


@pytest.fixture(params=[(), (NAME,), (NAME, SPARE_NAME)], ids=["no file", "one file", "both files"])
def reached(request, monkeypatch):
    """End the process when a change of the header has reached these files."""

    def write_some(folder, _, header):
        for name in request.param:
            (folder / name).write_bytes(header.to_bytes())
        raise Killed

    monkeypatch.setattr(header_change, "write_files", write_some)
    return len(request.param)


def test_a_passphrase_change_cut_off_leaves_the_old_or_the_new_one(path, cheap_kdf, reached):
    with Vault.open(path, PASSPHRASE) as vault, pytest.raises(Killed):
        vault.change_passphrase(PASSPHRASE, "new words", kdf=cheap_kdf)
    good, bad = ("new words", PASSPHRASE) if reached else (PASSPHRASE, "new words")
    with Vault.open_beside(path, good) as beside:
        assert verify(beside, lambda _: None).ok
    with pytest.raises(WrongKeyError):
        Vault.open(path, bad)
    Vault.open(path, OTHER, "Bea").close()
    for _ in range(2):
        with Vault.open(path, good) as vault:
            assert verify(vault, lambda _: None).ok
    assert (path / NAME).read_bytes() == (path / SPARE_NAME).read_bytes()
    with pytest.raises(WrongKeyError):
        Vault.open(path, bad)


def test_a_profile_whose_adding_was_cut_off_is_there_or_not_at_all(path, cheap_kdf, reached):
    with Vault.open(path, PASSPHRASE) as vault, pytest.raises(Killed):
        vault.add_profile("Cleo", Perspective.CLIENT, "third words", kdf=cheap_kdf)
    with Vault.open(path, PASSPHRASE) as vault:
        names = [profile.name for profile in vault.profiles()]
    assert ("Cleo" in names) == (reached > 0)
    if reached:
        Vault.open(path, "third words", "Cleo").close()


def test_a_backup_of_a_change_cut_off_opens_as_the_vault_does(path, tmp_path, cheap_kdf, reached):
    with Vault.open(path, PASSPHRASE) as vault, pytest.raises(Killed):
        vault.change_passphrase(PASSPHRASE, "new words", kdf=cheap_kdf)
    good = "new words" if reached else PASSPHRASE
    with Vault.open_beside(path, good) as beside:
        backup(beside, tmp_path / "b", lambda _: None, lambda: False)
    with Vault.open(tmp_path / "b", good) as vault:
        assert verify(vault, lambda _: None).ok


def test_no_room_for_a_new_header_changes_nothing(path, cheap_kdf, monkeypatch):
    def full(*_):
        raise NoSpaceError("full")

    with Vault.open(path, PASSPHRASE) as vault:
        monkeypatch.setattr(header, "write_whole", full)
        with pytest.raises(NoSpaceError):
            vault.add_profile("Cleo", Perspective.CLIENT, "third words", kdf=cheap_kdf)
        assert [profile.name for profile in vault.profiles()] == ["Anna", "Bea"]
        with pytest.raises(NoSpaceError):
            vault.change_passphrase(PASSPHRASE, "new words", kdf=cheap_kdf)
        monkeypatch.undo()
        vault.add_profile("Cleo", Perspective.CLIENT, "third words", kdf=cheap_kdf)
    Vault.open(path, PASSPHRASE).close()


def test_a_foreign_public_key_in_the_header_receives_nothing(path):
    from supervise.crypto.box import new_box_pair
    from supervise.crypto.keys import to_text

    _, foreign = new_box_pair()
    edit(path, lambda values: values.update(inbox=to_text(foreign)))
    with Vault.open(path, PASSPHRASE) as vault:
        vault.lock()
        vault.log("play")
        vault.unlock(PASSPHRASE)
        assert vault.inbox_damaged() == []
        assert vault.inbox.entry_ids() == []


def test_a_slot_added_by_somebody_else_opens_nothing_and_goes(path, cheap_kdf):
    from supervise.crypto.keys import new_key
    from supervise.storage.header import Keys, Slot, _slot_json

    forged = Slot.seal("0" * 32, "passphrase", "mine", Keys(new_key(), new_key()), cheap_kdf)
    edit(path, lambda values: values["slots"].insert(0, _slot_json(forged)))
    with pytest.raises(SuperviseError):
        Vault.open(path, "mine")
    with Vault.open(path, PASSPHRASE, "Anna") as vault:
        assert "0" * 32 not in {slot.profile for slot in vault.header.slots}
        assert meta.read(vault.db, meta.HEADER) == (path / NAME).read_bytes()
