"""Boxes: bytes sealed to a public key by somebody who cannot open them again but proves a right to add."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from supervise.crypto.keys import KEY_BYTES
from supervise.domain.errors import DamagedError

VERSION = 1
PUBLIC_BYTES = 32
_INFO = b"supervise box 1"
# The key is derived anew for each box and used once, so the nonce may be constant.
_NONCE = bytes(12)
_LEAST_BYTES = 1 + PUBLIC_BYTES + 16


def new_box_pair() -> tuple[bytes, bytes]:
    """Return a fresh X25519 pair (RFC 7748) as (private, public), 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seal_to(public: bytes, plaintext: bytes, context: bytes, sender_key: bytes) -> bytes:
    """Seal bytes to a public key: ephemeral X25519, HKDF-SHA256, AES-256-GCM; 49 bytes longer.

    The sender keeps nothing that could open the result. `context` must be given to open it, and so must
    `sender_key` (32 bytes, mixed into the key as the pre-shared key of RFC 9180, section 5.1, is): whoever
    knows the public key only can make nothing that opens.
    """
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    key = _key(shared + sender_key, sender, public)
    head = bytes([VERSION])
    return head + sender + AESGCM(key).encrypt(_NONCE, plaintext, head + context)


def open_box(private: bytes, sealed: bytes, context: bytes, sender_key: bytes) -> bytes:
    """Open what `seal_to` made for this private key; raises DamagedError when anything differs."""
    if len(sealed) < _LEAST_BYTES:
        raise DamagedError("A sealed entry is cut short.")
    if sealed[0] > VERSION:
        raise DamagedError("A sealed entry was written by a newer version of the program. Please update it.")
    own = X25519PrivateKey.from_private_bytes(private)
    sender, body = sealed[1 : 1 + PUBLIC_BYTES], sealed[1 + PUBLIC_BYTES :]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sender))
        key = _key(shared + sender_key, sender, own.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(_NONCE, body, sealed[:1] + context)
    except (InvalidTag, ValueError):
        raise DamagedError("A sealed entry has been changed or damaged.") from None


def _key(secret: bytes, sender: bytes, receiver: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=sender + receiver, info=_INFO).derive(secret)
