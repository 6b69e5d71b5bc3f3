"""Profiles and their keys: each person's own way in, and what a change of it leaves as it is."""

import pytest
from vault_processes import PASSPHRASE

from supervise.domain.errors import DamagedError, UsageError, WrongKeyError
from supervise.domain.moments import Perspective
from supervise.storage.header import PASSPHRASE as PASSPHRASE_SLOT
from supervise.storage.header import read_header
from supervise.storage.vault import Vault

NAME = "Anna Blom"


@pytest.fixture
def made(tmp_path, cheap_kdf):
    """A closed vault and its recovery key."""
    vault, recovery_key = Vault.create(tmp_path / "v", NAME, Perspective.THERAPIST, PASSPHRASE, kdf=cheap_kdf)
    vault.close()
    return vault.path, recovery_key


@pytest.fixture
def path(made):
    return made[0]


def actions(vault: Vault) -> list[str]:
    return [row[0] for row in vault.db.execute("SELECT action FROM access_log ORDER BY seq")]


@pytest.fixture
def shared(path, cheap_kdf):
    """A vault of two people; Bea's recovery key."""
    with Vault.open(path, PASSPHRASE) as vault:
        _, recovery_key = vault.add_profile("Bea", Perspective.SUPERVISOR, "other words", kdf=cheap_kdf)
    return path, recovery_key


def test_each_profile_has_its_own_passphrase_and_recovery_key(shared, made):
    path, bea_key = shared
    with Vault.open(path, "other words", "bea") as vault:
        assert (vault.profile.name, vault.profile.role) == ("Bea", Perspective.SUPERVISOR)
        assert [profile.name for profile in vault.profiles()] == [NAME, "Bea"]
    with Vault.open(path, PASSPHRASE, NAME.upper()) as vault:
        assert vault.profile.name == NAME
    for key, name in ((made[1], NAME), (bea_key, "Bea")):
        with Vault.open_with_recovery(path, key) as vault:
            assert vault.profile.name == name


def test_the_default_is_the_first_profile(shared):
    path, _ = shared
    with Vault.open(path, PASSPHRASE) as vault:
        assert vault.profile.name == NAME
    with pytest.raises(WrongKeyError):
        Vault.open(path, "other words")


def test_a_passphrase_opens_its_own_profile_only(shared):
    path, _ = shared
    with pytest.raises(WrongKeyError):
        Vault.open(path, "other words", NAME)
    with pytest.raises(UsageError, match="no profile"):
        Vault.open(path, PASSPHRASE, "Nobody")


def test_two_people_may_have_chosen_the_same_words(path, cheap_kdf):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.add_profile("Bea", Perspective.SUPERVISOR, PASSPHRASE, kdf=cheap_kdf)
    with Vault.open(path, PASSPHRASE, "Bea") as vault:
        assert vault.profile.name == "Bea"


def test_private_means_private_to_one_profile(shared):
    path, _ = shared
    with Vault.open(path, PASSPHRASE) as vault:
        sealed = vault.private_seal(b"my doubt", b"moment")
        assert vault.private_open(sealed, b"moment") == b"my doubt"
        with pytest.raises(DamagedError):
            vault.private_open(sealed, b"another moment")
    with Vault.open(path, "other words", "Bea") as vault, pytest.raises(DamagedError):
        vault.private_open(sealed, b"moment")


def test_a_name_is_given_once(shared, cheap_kdf):
    path, _ = shared
    with Vault.open(path, PASSPHRASE) as vault:
        with pytest.raises(UsageError, match="already"):
            vault.add_profile("BEA", Perspective.CLIENT, "third words", kdf=cheap_kdf)
        assert len(vault.header.slots) == 4
    assert len(read_header(path).slots) == 4


def test_a_changed_passphrase_replaces_the_old_one_and_nothing_else(shared, made, cheap_kdf):
    path, bea_key = shared
    with Vault.open(path, PASSPHRASE) as vault:
        sealed = vault.private_seal(b"note", b"")
        database = vault.database_key
        with pytest.raises(WrongKeyError, match="Nothing was changed"):
            vault.change_passphrase("not it", "new words", kdf=cheap_kdf)
        vault.change_passphrase(PASSPHRASE, "new words", kdf=cheap_kdf)
    with pytest.raises(WrongKeyError):
        Vault.open(path, PASSPHRASE)
    with Vault.open(path, "new words") as vault:
        assert vault.private_open(sealed, b"") == b"note"
        assert vault.database_key == database
    for words, name in (("other words", "Bea"), ("new words", NAME)):
        Vault.open(path, words, name).close()
    Vault.open_with_recovery(path, made[1]).close()
    Vault.open_with_recovery(path, bea_key).close()


def test_a_lost_passphrase_is_replaced_with_the_recovery_key(made, cheap_kdf):
    path, recovery_key = made
    with Vault.open_with_recovery(path, recovery_key) as vault:
        vault.change_passphrase(recovery_key, "new words", kdf=cheap_kdf)
    with Vault.open(path, "new words") as vault:
        assert vault.profile.name == NAME


def test_a_replaced_recovery_key_opens_nothing_any_more(made):
    path, old = made
    with Vault.open(path, PASSPHRASE) as vault:
        new = vault.replace_recovery_key()
        assert actions(vault)[-1] == "profile"
    with pytest.raises(WrongKeyError, match="does not open this vault"):
        Vault.open_with_recovery(path, old)
    Vault.open_with_recovery(path, new).close()


def test_a_slip_in_the_recovery_key_is_told_from_a_wrong_one(made):
    path, recovery_key = made
    with pytest.raises(WrongKeyError, match="33 signs in all"):
        Vault.open_with_recovery(path, recovery_key[:-3])
    slipped = ("X" if recovery_key[0] != "X" else "Y") + recovery_key[1:]
    with pytest.raises(WrongKeyError, match="slip"):
        Vault.open_with_recovery(path, slipped)


def test_new_slots_are_never_below_the_floor_unless_a_test_says_so(path):
    with Vault.open(path, PASSPHRASE) as vault:
        vault.change_passphrase(PASSPHRASE, "new words")
        (slot,) = vault.header.slots_of(PASSPHRASE_SLOT)
    assert (slot.kdf.iterations, slot.kdf.memory_kib, slot.kdf.lanes) == (3, 65536, 4)
