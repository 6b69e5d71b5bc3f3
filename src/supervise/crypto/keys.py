"""Keys: from a passphrase, from another key, and wrapped for keeping."""

import base64
import binascii
import os
import unicodedata
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from supervise.domain.errors import DamagedError, SuperviseError, WrongKeyError

KEY_BYTES = 32
SALT_BYTES = 16
ARGON2ID = "argon2id"
# What a header may ask of this machine: an edited one must not be able to exhaust it.
MOST_MEMORY_KIB = 2 * 1024 * 1024
MOST_ITERATIONS = 64
MOST_LANES = 16
MOST_WORK_KIB = 16 * 1024 * 1024  # passes times memory: about half a minute of one processor


@dataclass(frozen=True, slots=True)
class KdfParams:
    """How a key is derived from a passphrase; the defaults are the second profile of RFC 9106, section 4."""

    algorithm: str = ARGON2ID
    iterations: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4
    salt: bytes = field(default_factory=lambda: os.urandom(SALT_BYTES))

    def fresh(self) -> "KdfParams":
        """Return the same cost with a new random salt."""
        return KdfParams(self.algorithm, self.iterations, self.memory_kib, self.lanes)

    def to_json(self) -> dict[str, object]:
        """Return the parameters as plain JSON values; the salt in base64."""
        return {
            "algorithm": self.algorithm,
            "iterations": self.iterations,
            "memory_kib": self.memory_kib,
            "lanes": self.lanes,
            "salt": to_text(self.salt),
        }

    @classmethod
    def from_json(cls, values: object) -> "KdfParams":
        """Read what `to_json` wrote; raises DamagedError when it is malformed or beyond reason."""
        if not isinstance(values, dict):
            raise _damaged()
        found = cls(
            algorithm=str(values.get("algorithm")),
            iterations=_number(values.get("iterations"), MOST_ITERATIONS),
            memory_kib=_number(values.get("memory_kib"), MOST_MEMORY_KIB),
            lanes=_number(values.get("lanes"), MOST_LANES),
            salt=from_text(values.get("salt")),
        )
        sound = found.algorithm == ARGON2ID and 8 <= len(found.salt) <= 64
        if (
            not sound
            or found.memory_kib < 8 * found.lanes
            or found.iterations * found.memory_kib > MOST_WORK_KIB
        ):
            raise _damaged()
        return found


def _damaged() -> DamagedError:
    return DamagedError("The vault's header asks for a key derivation that this program never writes.")


def _number(value: object, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise _damaged()
    return value


def to_text(raw: bytes) -> str:
    """Return bytes as base64 (RFC 4648, section 4), the form they have in JSON."""
    return base64.b64encode(raw).decode("ascii")


def from_text(text: object) -> bytes:
    """Read what `to_text` wrote; raises DamagedError for anything else."""
    if not isinstance(text, str):
        raise DamagedError("A stored key is not written as text.")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DamagedError("A stored key is not written in base64.") from None


def derive_kek(passphrase: str, params: KdfParams) -> bytes:
    """Derive a 32-byte key-encryption key from a passphrase: Unicode NFKC, then argon2id (RFC 9106).

    Takes about 0.2 CPU seconds with the default parameters. Raises SuperviseError when the machine
    cannot spare the memory that the parameters ask for.
    """
    text = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogateescape")
    try:
        return Argon2id(
            salt=params.salt,
            length=KEY_BYTES,
            iterations=params.iterations,
            lanes=params.lanes,
            memory_cost=params.memory_kib,
        ).derive(text)
    except MemoryError:
        need = f"Opening needs {params.memory_kib // 1024} MB of free memory."
        message = f"{need} Close other programs and try again."
        raise SuperviseError(message) from None
    except UnsupportedAlgorithm:
        message = "The cryptography library here has no argon2id. Install version 45 or later."
        raise SuperviseError(message) from None


def wrap(kek: bytes, key: bytes) -> bytes:
    """Wrap a key of 16 bytes or more, a multiple of 8, under `kek` (AES-KW, RFC 3394); 8 bytes longer."""
    return aes_key_wrap(kek, key)


def unwrap(kek: bytes, wrapped: bytes) -> bytes:
    """Unwrap what `wrap` made; raises WrongKeyError when `kek` is not the one or the bytes are changed."""
    try:
        return aes_key_unwrap(kek, wrapped)
    except (InvalidUnwrap, ValueError):
        raise WrongKeyError("This key does not open it.") from None


def subkey(master: bytes, purpose: str) -> bytes:
    """Derive the 32-byte key for one purpose from a master key (HKDF-SHA256, RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode("utf-8")).derive(master)


def new_key() -> bytes:
    """Return a fresh random 32-byte key."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)
