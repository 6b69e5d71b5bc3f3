"""The program's entrance: a command goes to the terminal part, a vault or nothing to the window."""

import os
import sys
from typing import TYPE_CHECKING

from supervise.app.collecting import hold, settle
from supervise.crypto.process import harden_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from supervise.bootstrap import Services
    from supervise.domain.reading_copy import ReadingCopy

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
_PASSPHRASE = "SUPERVISE_PASSPHRASE"  # noqa: S105 - the variable's name


def main() -> None:
    """Entrance of `supervise`."""
    hold()
    harden_process()
    passphrase = os.environ.pop(_PASSPHRASE, None)
    sys.excepthook = say_where
    arguments = sys.argv[1:]
    from supervise.bootstrap import Services

    services = Services.default()
    if _wants_window(arguments):
        sys.exit(_window(arguments, services, passphrase))
    from supervise.cli.main import run
    from supervise.cli.options import Terminal

    terminal = Terminal(services, passphrase, typeset=_typeset)
    settle()
    code = run(arguments, terminal)
    if code == 0 and terminal.window is not None:
        vault, passphrase = terminal.window
        code = _show(vault, services, passphrase)
    sys.exit(code)


def _typeset(copy: "ReadingCopy", report: "Callable[[int], None]", cancelled: "Callable[[], bool]") -> bytes:
    """Set a reading copy as PDF by the window's part, which knows letters and pages."""
    try:
        from supervise.ui.reading_pages import reading_pdf_without_window
    except ImportError as error:
        from supervise.domain.errors import SuperviseError

        raise SuperviseError(
            "The window's part, which sets PDFs, cannot be loaded on this machine. "
            "Take the copy out as html, and print that."
        ) from error
    return reading_pdf_without_window(copy, report, cancelled)


def say_where(kind: type[BaseException], error: BaseException, trace: "TracebackType | None") -> None:
    """Name the places in the program that a bug passed, without messages or values: these may be content."""
    import traceback

    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    lines = [f"Something in the program did not work as intended ({kind.__name__}).", *places]
    print("\n  ".join(lines), file=sys.stderr)  # noqa: T201


def _show(vault: "Path", services: "Services", passphrase: str) -> int:
    """Open the window, or render it offscreen where there is no display."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from supervise.ui.pictures import render_pictures

        for picture in render_pictures(services, vault, passphrase, vault.parent / "pictures"):
            print(f"No display here; the window was drawn to {picture}")  # noqa: T201
        return 0
    return _window([str(vault)], services, passphrase)


def window() -> None:
    """Entrance of `supervise-window`."""
    hold()
    harden_process()
    passphrase = os.environ.pop(_PASSPHRASE, None)
    from supervise.bootstrap import Services

    sys.exit(_window(sys.argv[1:], Services.default(), passphrase))


def _wants_window(arguments: list[str]) -> bool:
    from pathlib import Path

    return not arguments or (len(arguments) == 1 and Path(arguments[0]).is_dir())


def _window(arguments: list[str], services: "Services", passphrase: str | None) -> int:
    from pathlib import Path

    from supervise.ui.app import run_window

    vault = Path(arguments[0]) if arguments else None
    return run_window(services, vault, passphrase)


if __name__ == "__main__":
    main()
