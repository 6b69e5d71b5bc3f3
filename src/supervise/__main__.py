"""The program's entrance: a command goes to the terminal part, a vault or nothing to the window."""

import os
import sys

from supervise.crypto.process import harden_process

_PASSPHRASE = "SUPERVISE_PASSPHRASE"  # noqa: S105 - the variable's name


def main() -> None:
    """Entrance of `supervise`."""
    harden_process()
    passphrase = os.environ.pop(_PASSPHRASE, None)
    arguments = sys.argv[1:]
    from supervise.bootstrap import Services

    services = Services.default()
    if _wants_window(arguments):
        sys.exit(_window(arguments, services, passphrase))
    from supervise.cli.main import run

    sys.exit(run(arguments, services, passphrase))


def window() -> None:
    """Entrance of `supervise-window`."""
    harden_process()
    passphrase = os.environ.pop(_PASSPHRASE, None)
    from supervise.bootstrap import Services

    sys.exit(_window(sys.argv[1:], Services.default(), passphrase))


def _wants_window(arguments: list[str]) -> bool:
    from pathlib import Path

    return not arguments or (len(arguments) == 1 and Path(arguments[0]).is_dir())


def _window(arguments: list[str], services: object, passphrase: str | None) -> int:
    from pathlib import Path

    from supervise.ui.app import run_window

    vault = Path(arguments[0]) if arguments else None
    return run_window(services, vault, passphrase)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
