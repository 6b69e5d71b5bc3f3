"""One plain function on a thread of its own: values in, a value or an expected failure out."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from supervise.domain.errors import SuperviseError

T = TypeVar("T")


class Background(Generic[T]):
    """Runs `function(cancelled)`; the owner polls `done` and then takes `result`."""

    def __init__(self, function: Callable[[Callable[[], bool]], T]) -> None:
        self._function = function
        self._stop = threading.Event()
        self._result: T | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="supervise-background", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._function(self._stop.is_set)
        except BaseException as error:  # noqa: BLE001 - carried to the owner's thread, raised by `result`
            self._error = error

    @property
    def done(self) -> bool:
        """Whether the function has returned or failed."""
        return not self._thread.is_alive()

    def wait(self, timeout_s: float) -> None:
        """Wait until done, at most `timeout_s`."""
        self._thread.join(timeout_s)

    def result(self) -> T:
        """Return the result; raises what the function raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]

    def cancel(self) -> None:
        """Ask the function to stop and wait until it has."""
        self._stop.set()
        self._thread.join()

    @property
    def failure(self) -> SuperviseError | None:
        """The expected failure, if that is how it ended."""
        return self._error if isinstance(self._error, SuperviseError) else None
