"""Opens the window on what bootstrap built, and stays until it is closed."""

import sys
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from supervise.app.collecting import settle
from supervise.bootstrap import Services
from supervise.ui.crash import CrashWatch
from supervise.ui.file_dialogs import keep_no_settings
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import theme_of
from supervise.ui.wiring import wired_window


def make_application(arguments: list[str] | None = None) -> QApplication:
    """Return the application, dressed, that keeps no settings files of its own."""
    keep_no_settings()
    known = QApplication.instance()
    app = known if isinstance(known, QApplication) else QApplication(arguments or sys.argv[:1])
    app.setApplicationName("supervise")
    app.setApplicationDisplayName("supervise")
    QLocale.setDefault(QLocale.system())
    theme_of(app)
    return app


def make_window(
    services: Services, vault: Path | None, passphrase: str | None = None, app: QApplication | None = None
) -> MainWindow:
    """Return the window on its first page; a passphrase handed over opens the vault, as if typed."""
    window = wired_window(services, app or make_application())
    if vault is None:
        window.begin()
        return window
    window.open_path(vault)
    if passphrase is not None:
        window.doors.unlock(passphrase, "")
    return window


def run_window(services: Services, vault: Path | None = None, passphrase: str | None = None) -> int:
    """Show the window on a vault, or the first steps; return the process's exit code when it is closed."""
    app = make_application()
    watch = CrashWatch()
    window = make_window(services, vault, passphrase, app)
    watch.set_window(window)
    window.show()
    settle()
    try:
        return app.exec()
    finally:
        watch.close()
