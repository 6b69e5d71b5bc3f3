"""Full disks: one sentence for every way a system says that no more can be written."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from supervise.domain.errors import NoSpaceError

NO_SPACE_SENTENCE = (
    "The disk is full, or a size limit was reached. Nothing that was saved before is lost. "
    "Make room and try again."
)
_CODES = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextmanager
def minding_space() -> Iterator[None]:
    """Turn an OSError that means "full" into NoSpaceError; any other goes on as it is."""
    try:
        yield
    except OSError as error:
        if error.errno in _CODES:
            raise NoSpaceError(NO_SPACE_SENTENCE) from error
        raise
