"""Small sealed values and boxes: opened by the right key and context only, read independently too."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from supervise.crypto.box import new_box_pair, open_box, seal_to
from supervise.crypto.small import open_small, seal_small
from supervise.domain.errors import DamagedError

KEY = bytes(range(32))
PRIVATE, PUBLIC = new_box_pair()
SENDER = bytes(range(32))


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_small_values_come_back(plaintext, context):
    sealed = seal_small(KEY, plaintext, context)
    assert len(sealed) == len(plaintext) + 29
    assert open_small(KEY, sealed, context) == plaintext


def test_a_small_value_is_aes_gcm_and_nothing_else():
    sealed = seal_small(KEY, b"note", b"ctx")
    assert AESGCM(KEY).decrypt(sealed[1:13], sealed[13:], b"\x01ctx") == b"note"


def test_the_same_value_is_sealed_differently_each_time():
    assert seal_small(KEY, b"note", b"") != seal_small(KEY, b"note", b"")


@pytest.mark.parametrize(("key", "context"), [(bytes(32), b"ctx"), (KEY, b"other"), (KEY, b"")])
def test_a_small_value_opens_with_nothing_else(key, context):
    with pytest.raises(DamagedError):
        open_small(key, seal_small(KEY, b"note", b"ctx"), context)


def test_every_flipped_bit_and_every_cut_of_a_small_value_is_noticed():
    sealed = seal_small(KEY, b"note", b"ctx")
    for changed in _changed(sealed):
        with pytest.raises(DamagedError):
            open_small(KEY, changed, b"ctx")


@given(st.binary(max_size=300), st.binary(max_size=30))
def test_boxes_come_back(plaintext, context):
    assert open_box(PRIVATE, seal_to(PUBLIC, plaintext, context, SENDER), context, SENDER) == plaintext


def test_every_flipped_bit_and_every_cut_of_a_box_is_noticed():
    sealed = seal_to(PUBLIC, b"note", b"ctx", SENDER)
    for changed in _changed(sealed):
        if changed[:32] == sealed[:32] and changed[32:33] == bytes([sealed[32] ^ 0x80]):
            continue  # RFC 7748: the highest bit of a public key is ignored; the next test holds for it
        with pytest.raises(DamagedError):
            open_box(PRIVATE, changed, b"ctx", SENDER)


def test_the_ignored_bit_of_a_public_key_is_noticed_too():
    sealed = bytearray(seal_to(PUBLIC, b"note", b"ctx", SENDER))
    sealed[32] ^= 0x80
    with pytest.raises(DamagedError):
        open_box(PRIVATE, bytes(sealed), b"ctx", SENDER)


def test_a_box_opens_with_nothing_else():
    other, _ = new_box_pair()
    sealed = seal_to(PUBLIC, b"note", b"ctx", SENDER)
    for private, context, sender in (
        (other, b"ctx", SENDER),
        (PRIVATE, b"", SENDER),
        (PRIVATE, b"ctx", bytes(32)),
    ):
        with pytest.raises(DamagedError):
            open_box(private, sealed, context, sender)


def test_a_box_with_a_public_key_of_small_order_is_refused():
    with pytest.raises(DamagedError):
        open_box(PRIVATE, b"\x01" + bytes(32) + bytes(16), b"", SENDER)


def test_a_box_is_what_the_standards_say():
    """RFC 7748, section 6.1: Alice seals to Bob; key and text are derived here with hashlib alone."""
    bob = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    receiver = bytes.fromhex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
    sender = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    shared = bytes.fromhex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    extracted = hmac.digest(sender + receiver, shared + SENDER, hashlib.sha256)
    key = hmac.digest(extracted, b"supervise box 1\x01", hashlib.sha256)
    sealed = b"\x01" + sender + AESGCM(key).encrypt(bytes(12), b"text", b"\x01ctx")
    assert open_box(bob, sealed, b"ctx", SENDER) == b"text"


def test_a_newer_form_says_so():
    with pytest.raises(DamagedError, match="newer version"):
        open_small(KEY, b"\x02" + bytes(40), b"")
    with pytest.raises(DamagedError, match="newer version"):
        open_box(PRIVATE, b"\x02" + bytes(80), b"", SENDER)


def _changed(sealed: bytes):
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)
    for length in range(len(sealed)):
        yield sealed[:length]
    yield sealed + b"\0"
