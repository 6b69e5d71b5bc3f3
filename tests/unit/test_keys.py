"""Keys against the vectors of their standards, and what a damaged or hostile header meets."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.crypto.keys import (
    KdfParams,
    derive_kek,
    from_text,
    new_key,
    subkey,
    to_text,
    unwrap,
    wrap,
)
from supervise.domain.errors import DamagedError, WrongKeyError

SALT = b"somesalt"


@pytest.mark.parametrize(
    ("memory_kib", "lanes", "expected"),
    [
        # From the test suite of the reference implementation (phc-winner-argon2, version 0x13).
        (256, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
        (256, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
        (65536, 1, "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"),
    ],
)
def test_argon2id_gives_the_known_answers(memory_kib, lanes, expected):
    params = KdfParams(iterations=2, memory_kib=memory_kib, lanes=lanes, salt=SALT)
    assert derive_kek("password", params).hex() == expected


def test_the_default_cost_is_the_second_profile_of_rfc_9106():
    params = KdfParams()
    assert (params.algorithm, params.iterations, params.memory_kib, params.lanes) == ("argon2id", 3, 65536, 4)
    assert len(params.salt) == 16
    assert params.salt != params.fresh().salt


def test_the_same_letters_typed_on_another_keyboard_open(cheap_kdf):
    assert derive_kek("Gr\u00fc\u00dfe \u212b", cheap_kdf) == derive_kek("Gru\u0308\u00dfe \u00c5", cheap_kdf)
    assert derive_kek("Gr\u00fc\u00dfe", cheap_kdf) != derive_kek("Grusse", cheap_kdf)


def test_undecodable_bytes_of_a_passphrase_file_are_a_passphrase_too(cheap_kdf):
    assert len(derive_kek(b"caf\xe9".decode("utf-8", "surrogateescape"), cheap_kdf)) == 32


def test_key_wrap_gives_the_known_answer_of_rfc_3394():
    kek = bytes(range(32))
    key = bytes.fromhex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
    wrapped = "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
    assert wrap(kek, key).hex().upper() == wrapped
    assert unwrap(kek, bytes.fromhex(wrapped)) == key


def test_a_wrapped_key_opens_with_nothing_but_its_own_key():
    kek, wrapped = new_key(), wrap(new_key(), new_key())
    with pytest.raises(WrongKeyError):
        unwrap(kek, wrapped)


@given(st.integers(min_value=0, max_value=40 * 8 - 1))
def test_a_flipped_bit_of_a_wrapped_key_is_noticed(bit):
    kek = bytes(range(32))
    wrapped = bytearray(wrap(kek, bytes(32)))
    wrapped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(WrongKeyError):
        unwrap(kek, bytes(wrapped))


@given(st.binary(max_size=80))
def test_unwrapping_anything_else_is_a_wrong_key(wrapped):
    with pytest.raises(WrongKeyError):
        unwrap(bytes(32), wrapped)


def test_subkey_gives_the_known_answer_of_rfc_5869():
    # Test case 3: no salt, no info; its first block is what 32 bytes come to.
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert subkey(b"\x0b" * 22, "").hex() == expected


def test_subkeys_for_different_purposes_differ():
    master = new_key()
    assert len({subkey(master, purpose) for purpose in ("database", "media", "private")}) == 3


def test_parameters_survive_being_written_as_json():
    params = KdfParams(iterations=4, memory_kib=1 << 17, lanes=2)
    assert KdfParams.from_json(json.loads(json.dumps(params.to_json()))) == params


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 1 << 40},  # an edited header must not exhaust the machine
        {"memory_kib": 0},
        {"memory_kib": -5},
        {"memory_kib": 64.5},
        {"memory_kib": True},
        {"iterations": 1 << 30},
        {"lanes": 1 << 20},
        {"lanes": 16, "memory_kib": 8},
        {"algorithm": "md5"},
        {"salt": ""},
        {"salt": "AAAA"},
        {"salt": "not base64!"},
        {"salt": 7},
    ],
)
def test_hostile_parameters_are_refused_before_any_work(change):
    with pytest.raises(DamagedError):
        KdfParams.from_json({**KdfParams().to_json(), **change})


@pytest.mark.parametrize("values", [None, [], "argon2id", 3, {}])
def test_what_is_not_parameters_is_refused(values):
    with pytest.raises(DamagedError):
        KdfParams.from_json(values)


@given(st.binary(max_size=99))
def test_bytes_survive_being_written_as_text(raw):
    assert from_text(to_text(raw)) == raw
