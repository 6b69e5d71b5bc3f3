"""What changed: the value subscribers receive after a commit, and who they are."""

from collections.abc import Callable
from dataclasses import dataclass

from supervise.domain.errors import SuperviseError

LIBRARY, SESSION, MOMENTS, TRANSCRIPT, SPEAKERS = "library", "session", "moments", "transcript", "speakers"
QUEUE, LOCK, COMMENTS, CODEBOOK = "queue", "lock", "comments", "codebook"
RATING = "rating"
CARDS = "cards"
RECALL, INTERVIEW, PROTOCOLS = "recall", "interview", "protocols"
CONSENT = "consent"  # what was covered may be no longer, or is gone: whoever plays or shows it asks again
LOCKING = "locking"  # told while the keys are still there, so that whoever reads can stop


@dataclass(frozen=True, slots=True)
class Change:
    """`topic` is one of the words above, `ids` what it touched, `origin` who asked (a view, `undo`)."""

    topic: str
    ids: tuple[str, ...] = ()
    origin: str = ""


class Subscribers:
    """Callbacks called on the workspace's own thread, in the order they subscribed."""

    def __init__(self) -> None:
        self._callbacks: list[Callable[[Change], None]] = []

    def add(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Add a callback and return the function that takes it away again."""
        self._callbacks.append(callback)

        def remove() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return remove

    def tell(self, change: Change) -> None:
        """Call everybody; what failed first is raised when all have been called."""
        failed: list[SuperviseError] = []
        for callback in list(self._callbacks):
            try:
                callback(change)
            except SuperviseError as error:
                failed.append(error)
        if failed:
            raise failed[0]
