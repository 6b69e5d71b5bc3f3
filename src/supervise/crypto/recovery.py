"""Recovery keys: 160 random bits a person keeps on paper, with a check symbol against slips of the pen."""

import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from supervise.crypto.keys import KEY_BYTES
from supervise.domain.errors import WrongKeyError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"
KEY_BITS = 160
SYMBOLS = KEY_BITS // 5
GROUP = 4
_COMPARE = "Please compare it with the paper, group by group."
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = str.maketrans(dict.fromkeys(" -\t\n\r\u2010\u2011\u2012\u2013\u2014\u00a0"))


def new_recovery_key() -> str:
    """Return a fresh key: eight groups of four symbols and a check symbol (Crockford's base 32)."""
    return _write(secrets.randbits(KEY_BITS))


def _write(number: int) -> str:
    symbols = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(SYMBOLS)))
    groups = [symbols[at : at + GROUP] for at in range(0, SYMBOLS, GROUP)]
    return "-".join([*groups, CHECK_ALPHABET[number % 37]])


def recovery_kek(text: str, salt: bytes) -> bytes:
    """Derive the key-encryption key from a recovery key as typed; case, spaces and hyphens do not matter.

    160 random bits need no slow derivation: HKDF-SHA256 (RFC 5869). Raises WrongKeyError saying what is
    wrong with the text when it cannot be a recovery key.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=salt, info=b"supervise recovery 1").derive(_read(text))


def check_recovery_key(text: str) -> None:
    """Raise WrongKeyError saying what is wrong with a text that cannot be a recovery key."""
    _read(text)


def _read(text: str) -> bytes:
    symbols = text.translate(_SEPARATORS).upper()
    body, check = symbols[:-1].translate(_LOOKALIKES), symbols[-1:]
    if len(body) != SYMBOLS:
        raise WrongKeyError(
            f"A recovery key has {SYMBOLS // GROUP} groups of {GROUP} and a single sign at the end, "
            f"{SYMBOLS + 1} signs in all; this one has {len(symbols)}. {_COMPARE}"
        )
    number = 0
    for place, symbol in enumerate(body):
        if symbol not in ALPHABET:
            raise WrongKeyError(f"{_misplaced(symbol, place // GROUP + 1)} {_COMPARE}")
        number = number * 32 + ALPHABET.index(symbol)
    if CHECK_ALPHABET[number % 37] not in (check, check.translate(_LOOKALIKES)):
        raise WrongKeyError(
            "There is a slip somewhere in the recovery key: the single sign at its end does not fit the "
            f"groups before it. {_COMPARE}"
        )
    return number.to_bytes(KEY_BITS // 8, "big")


def _misplaced(symbol: str, group: int) -> str:
    if symbol in CHECK_ALPHABET and not symbol.isalnum():
        return f"“{symbol}” can only be the single sign at the very end, not in group {group}."
    return f"“{symbol}” in group {group} does not occur in a recovery key."
