"""Small sealed values: a note, a history row, anything that fits in memory, under a key at hand."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from supervise.domain.errors import DamagedError

VERSION = 1
NONCE_BYTES = 12
TAG_BYTES = 16


def seal_small(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Seal bytes with AES-256-GCM under a random nonce (NIST SP 800-38D).

    `context` must be given to open them. 29 bytes longer than the plaintext; up to 2**32 values a key.
    """
    head = bytes([VERSION])
    nonce = os.urandom(NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, plaintext, head + context)


def open_small(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Open what `seal_small` made; raises DamagedError when key, context or bytes differ."""
    if len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
        raise DamagedError("A sealed value is cut short.")
    if sealed[0] > VERSION:
        raise DamagedError("A sealed value was written by a newer version of the program. Please update it.")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, sealed[:1] + context)
    except InvalidTag:
        raise DamagedError("A sealed value has been changed or damaged.") from None
