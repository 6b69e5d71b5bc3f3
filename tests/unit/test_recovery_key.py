"""Recovery keys: how they read on paper and what a slip of the pen leads to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervise.crypto.recovery import (
    ALPHABET,
    CHECK_ALPHABET,
    KEY_BITS,
    _write,
    new_recovery_key,
    recovery_kek,
)
from supervise.domain.errors import WrongKeyError

SALT = bytes(16)
numbers = st.integers(min_value=0, max_value=2**KEY_BITS - 1)


def test_a_key_is_eight_groups_of_four_and_a_check_symbol():
    groups = new_recovery_key().split("-")
    assert [len(group) for group in groups] == [4] * 8 + [1]


def test_keys_never_repeat():
    assert len({new_recovery_key() for _ in range(50)}) == 50


def test_the_check_symbol_is_crockfords():
    # Crockford's page: the check symbol is the number modulo 37; 1234 is written 16J with check symbol D.
    assert _write(1234).endswith("016J-D")


@given(numbers)
def test_case_spaces_and_lookalikes_do_not_matter(number):
    text = _write(number)
    body, check = text[:-1], text[-1]
    typed = body.lower().replace("0", "o").replace("1", "l").replace("-", " ") + check.lower()
    assert recovery_kek(typed, SALT) == recovery_kek(text, SALT)


@given(numbers, st.integers(min_value=0, max_value=31), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_always_noticed(number, place, symbol):
    letters = list(_write(number).replace("-", ""))
    if letters[place] == symbol:
        return
    letters[place] = symbol
    with pytest.raises(WrongKeyError, match=r"slip"):
        recovery_kek("".join(letters), SALT)


@given(numbers, st.integers(min_value=0, max_value=30))
def test_two_neighbours_exchanged_are_always_noticed(number, place):
    letters = list(_write(number).replace("-", ""))
    if letters[place] == letters[place + 1]:
        return
    letters[place], letters[place + 1] = letters[place + 1], letters[place]
    with pytest.raises(WrongKeyError, match=r"slip"):
        recovery_kek("".join(letters), SALT)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "33 signs in all; this one has 0"),
        ("ABCD", "this one has 4"),
        ("U" * 32 + "0", "in group 1 does not occur"),
        ("0" * 20 + "$" + "0" * 12, "“.” can only be the single sign at the very end, not in group 6"),
        ("0" * 20 + "€" + "0" * 12, "in group 6 does not occur"),
        ("0" * 34, "this one has 34"),
    ],
)
def test_what_cannot_be_a_key_says_why(text, sentence):
    with pytest.raises(WrongKeyError, match=sentence):
        recovery_kek(text, SALT)


def test_every_check_symbol_is_accepted():
    for rest in range(37):
        text = _write(rest)
        assert text[-1] == CHECK_ALPHABET[rest]
        assert len(recovery_kek(text, SALT)) == 32


def test_the_salt_matters():
    key = new_recovery_key()
    assert recovery_kek(key, SALT) != recovery_kek(key, b"\x01" * 16)
