"""A vault takes no more profiles than it can read again."""

import pytest

from supervise.crypto.keys import KEY_BYTES, KdfParams
from supervise.domain.errors import UsageError
from supervise.storage.header import PASSPHRASE, RECOVERY, Header, Slot, parse_header

KDF = KdfParams()


def _slot(number: int, kind: str) -> Slot:
    return Slot(f"profile{number}", kind, KDF, bytes(2 * KEY_BYTES + 8))


def test_every_way_in_that_is_written_is_read_again_and_one_too_many_is_refused() -> None:
    header = Header("v", bytes(32), ())
    for number in range(128):
        header = header.with_slot(_slot(number, PASSPHRASE)).with_slot(_slot(number, RECOVERY))
    assert len(parse_header(header.to_bytes()).slots) == len(header.slots) == 256
    with pytest.raises(UsageError, match="at most 128 profiles"):
        header.with_slot(_slot(128, PASSPHRASE))
    replaced = header.with_slot(_slot(5, PASSPHRASE))
    assert len(replaced.slots) == 256
