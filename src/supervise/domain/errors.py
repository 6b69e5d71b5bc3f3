"""The failures a person can meet, each worded for that person and tied to an exit code."""


class SuperviseError(Exception):
    """An expected failure: `str(error)` is the sentence shown, saying what to do next.

    `code` is the stable word written to `--json` callers, `exit_code` the process's answer.
    """

    code = "failed"
    exit_code = 1


class UsageError(SuperviseError):
    """What was asked cannot be done as it was asked (unknown id, existing target, bad value)."""

    code = "usage"
    exit_code = 2


class WrongKeyError(SuperviseError):
    """The passphrase or recovery key does not open the vault or the profile."""

    code = "wrong_key"
    exit_code = 3


class VaultLockedError(WrongKeyError):
    """The vault is locked: the master key has been dropped until somebody unlocks it."""

    code = "locked"


class DamagedError(SuperviseError):
    """Stored bytes do not authenticate, or a stored format is newer than this program."""

    code = "damaged"
    exit_code = 4


class NotCoveredError(SuperviseError):
    """No consent in force covers this use."""

    code = "no_consent"
    exit_code = 5


class VaultInUseError(SuperviseError):
    """Another process holds the vault."""

    code = "in_use"
    exit_code = 6


class NotReadableError(SuperviseError):
    """An input (sound, codebook, model, package) cannot be read."""

    code = "not_readable"
    exit_code = 7


class NoSpaceError(SuperviseError):
    """The disk is full, or a size limit was hit."""

    code = "no_space"
    exit_code = 8


class DeviceMissingError(SuperviseError):
    """A sound device, or the sound system itself, is not there."""

    code = "device_missing"
    exit_code = 9


class CancelledError(SuperviseError):
    """The person stopped the work; nothing half-made is left."""

    code = "cancelled"
    exit_code = 10
