"""The vault's clear-text header: format version and key slots; nothing about people."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from supervise.crypto.keys import KEY_BYTES, KdfParams, derive_kek, from_text, subkey, to_text, unwrap, wrap
from supervise.crypto.recovery import check_recovery_key, recovery_kek
from supervise.domain.errors import DamagedError, NotReadableError, UsageError, WrongKeyError
from supervise.storage.files import read_file, write_whole

FORMAT = 1
NAME, SPARE_NAME = "vault.json", "vault.spare.json"
PASSPHRASE, RECOVERY = "passphrase", "recovery"
MOST_HEADER_BYTES = 1 << 20
_MOST_SLOTS = 256
_WRONG_PASSPHRASE = (
    "The passphrase does not open this vault. Check capitals and keyboard layout, and try again."  # noqa: S105
)
_WRONG_RECOVERY = "This recovery key does not open this vault. It may have been replaced by a newer one."
_DAMAGED = (
    "The vault's header (vault.json) is damaged. Put back vault.json from a backup of this vault, "
    "or open it with a recovery key if one still works."
)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a slot holds: the vault's master key and one profile's own key."""

    master: bytes
    own: bytes

    def __repr__(self) -> str:
        """Show no key."""
        return "Keys(...)"


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in for one profile; for recovery slots only the salt of `kdf` counts."""

    profile: str
    kind: str
    kdf: KdfParams
    wrapped: bytes

    @classmethod
    def seal(cls, profile: str, kind: str, secret: str, keys: Keys, kdf: KdfParams) -> "Slot":
        """Wrap keys under a passphrase or recovery key; takes as long as the key derivation."""
        wrapped = wrap(_slot_kek(profile, kind, secret, kdf), keys.master + keys.own)
        return cls(profile, kind, kdf, wrapped)

    def open(self, secret: str) -> Keys:
        """Unwrap the keys; raises WrongKeyError."""
        both = unwrap(_slot_kek(self.profile, self.kind, secret, self.kdf), self.wrapped)
        if len(both) != 2 * KEY_BYTES:
            raise WrongKeyError(_WRONG_PASSPHRASE)
        return Keys(both[:KEY_BYTES], both[KEY_BYTES:])


def _slot_kek(profile: str, kind: str, secret: str, kdf: KdfParams) -> bytes:
    """Bind the key to its place, so that slots exchanged in the header open nothing."""
    derived = recovery_kek(secret, kdf.salt) if kind == RECOVERY else derive_kek(secret, kdf)
    return subkey(derived, f"supervise slot {FORMAT} {kind} {profile}")


@dataclass(frozen=True, slots=True)
class Header:
    """The whole header; `whole` is False when the text read does not carry its own checksum."""

    vault: str
    inbox: bytes
    slots: tuple[Slot, ...]
    whole: bool = True

    def slots_of(self, kind: str, profile: str = "") -> list[Slot]:
        """Return the slots of one kind, of one profile if it is named, oldest first."""
        return [slot for slot in self.slots if slot.kind == kind and profile in ("", slot.profile)]

    def with_slot(self, new: Slot) -> "Header":
        """Return a header in which `new` replaces the profile's slot of that kind, or stands at the end.

        Raises UsageError when there is no room for it.
        """
        same = [(slot.profile, slot.kind) == (new.profile, new.kind) for slot in self.slots]
        if not any(same):
            if len(self.slots) >= _MOST_SLOTS:  # one more would be written, and never read again
                raise UsageError(f"A vault holds at most {_MOST_SLOTS // 2} profiles, and this one is full.")
            return replace(self, slots=(*self.slots, new))
        kept = zip(self.slots, same, strict=True)
        return replace(self, slots=tuple(new if is_it else slot for slot, is_it in kept))

    def to_bytes(self) -> bytes:
        """Return the text of vault.json: JSON with sorted keys and a SHA-256 over all the rest."""
        values: dict[str, object] = {
            "format": FORMAT,
            "vault": self.vault,
            "inbox": to_text(self.inbox),
            "slots": [_slot_json(slot) for slot in self.slots],
        }
        return _write({**values, "check": _check(values)})

    def write(self, folder: Path) -> None:
        """Write vault.json and its spare copy, each in one step."""
        for name in (NAME, SPARE_NAME):
            write_whole(folder / name, self.to_bytes())


def _write(values: dict[str, object]) -> bytes:
    return (json.dumps(values, indent=1, sort_keys=True) + "\n").encode("ascii")


def _check(values: dict[str, object]) -> str:
    return hashlib.sha256(_write(values)).hexdigest()


def _slot_json(slot: Slot) -> dict[str, object]:
    values: dict[str, object] = {"profile": slot.profile, "kind": slot.kind, "wrapped": to_text(slot.wrapped)}
    if slot.kind == RECOVERY:
        return {**values, "salt": to_text(slot.kdf.salt)}
    return {**values, "kdf": slot.kdf.to_json()}


def read_header(folder: Path) -> Header:
    """Read vault.json, or its spare copy when it is damaged.

    Raises NotReadableError when the folder holds no vault, DamagedError when neither text can be used or
    the format is newer than this program.
    """
    names = [name for name in (NAME, SPARE_NAME) if os.path.lexists(folder / name)]
    if not names:
        message = f"There is no vault in {folder}. Make one with “supervise init”, or check the name."
        raise NotReadableError(message)
    found: list[Header] = []
    for name in names:
        try:
            header = parse_header(read_file(folder / name, MOST_HEADER_BYTES))
        except DamagedError as error:
            problem = error
            continue
        if header.whole:
            return header
        found.append(header)
    if found:
        return found[0]
    raise problem


def parse_header(text: bytes) -> Header:
    """Read the text of vault.json; slots that cannot be read are left out, the others stay usable."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise DamagedError(_DAMAGED) from None
    if not isinstance(values, dict) or not isinstance(values.get("slots"), list):
        raise DamagedError(_DAMAGED)
    if not isinstance(values.get("format"), int) or values["format"] < 1:
        raise DamagedError(_DAMAGED)
    check = values.pop("check", None)
    whole = isinstance(check, str) and hmac.compare_digest(check.encode(), _check(values).encode())
    if values["format"] > FORMAT and (whole or values["format"] == FORMAT + 1):
        raise DamagedError(
            "This vault was made by a newer version of the program. Please update the program."
        )
    slots = tuple(_slots(values["slots"][:_MOST_SLOTS]))
    return Header(str(values.get("vault")), _inbox(values.get("inbox")), slots, whole)


def _inbox(value: object) -> bytes:
    try:
        return from_text(value)
    except DamagedError:
        return b""


def _slots(entries: list[object]) -> Iterator[Slot]:
    for entry in entries:
        try:
            yield _slot(entry)
        except DamagedError:
            continue


def _slot(entry: object) -> Slot:
    if not isinstance(entry, dict):
        raise DamagedError(_DAMAGED)
    profile, kind = entry.get("profile"), entry.get("kind")
    if not isinstance(profile, str) or kind not in (PASSPHRASE, RECOVERY):
        raise DamagedError(_DAMAGED)
    if kind == RECOVERY:
        kdf = KdfParams(salt=from_text(entry.get("salt")))
    else:
        kdf = KdfParams.from_json(entry.get("kdf"))
    return Slot(profile, kind, kdf, from_text(entry.get("wrapped")))


def ways_in(
    header: Header, kind: str, secret: str, *, profile: str = "", first: bool
) -> Iterator[tuple[Slot, Keys]]:
    """Yield each slot that `secret` opens, with its keys; only the oldest is tried when `first`.

    Raises WrongKeyError when none opens, DamagedError when that may be because the header is damaged.
    """
    if kind == RECOVERY:
        check_recovery_key(secret)
    slots = header.slots_of(kind, profile)
    opened = 0
    for slot in slots[:1] if first else slots:
        try:
            keys = slot.open(secret)
        except WrongKeyError:
            continue
        opened += 1
        yield slot, keys
    if opened:
        return
    if not header.whole:
        raise DamagedError(_DAMAGED)
    raise WrongKeyError(_WRONG_RECOVERY if kind == RECOVERY else _WRONG_PASSPHRASE)
