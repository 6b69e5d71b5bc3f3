"""What happens at a bug: three hooks, one dialog, no content in what it says."""

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from supervise.ui.pieces import label

LOG = logging.getLogger(__name__)
EXPLAINED = (
    "Something in the program did not work as intended. Everything you marked or wrote before is in the "
    "vault. You can go on, or close the window and open it again.\n\n"
    "The lines below name places in the program and nothing else: no words, names or paths of yours."
)


def where(error: BaseException) -> str:
    """Name the error's kind and the lines of the program it passed, without messages or values."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return "\n".join([type(error).__name__, *lines])


class CrashWatch(QObject):
    """Takes over the hooks of Python, its threads and Qt; shows one dialog at a time."""

    _caught = Signal(str)

    def __init__(self, window: QWidget | None = None) -> None:
        """Install the hooks."""
        super().__init__()
        self._window = window
        self._open: QDialog | None = None
        self.count = 0
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error
        qInstallMessageHandler(self._on_qt)

    def close(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)

    def set_window(self, window: QWidget) -> None:
        """Show dialogs above `window`."""
        self._window = window

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        LOG.error("unexpected failure: %s", where(error).replace("\n", " < "))
        self._caught.emit(where(error))

    def _on_thread_error(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_error(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_qt(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            LOG.error("Qt: a message of kind %s, %d letters", kind.name, len(message))
            self._caught.emit(f"Qt {kind.name}")

    @Slot(str)
    def _show(self, text: str) -> None:
        self.count += 1
        if self._open is not None:
            return
        self._open = CrashDialog(text, self._window)
        self._open.finished.connect(self._forget)
        self._open.open()

    @Slot()
    def _forget(self) -> None:
        self._open = None


class CrashDialog(QDialog):
    """Says that there was a bug, what is safe, and where in the program it was."""

    def __init__(self, text: str, parent: QWidget | None) -> None:
        """Show `text`, which names places in the program only."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("That should not have happened")
        places = QPlainTextEdit(text)
        places.setReadOnly(True)
        places.setAccessibleName("Where in the program it happened")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(label("That should not have happened", "heading"))
        explained = QLabel(EXPLAINED)
        explained.setWordWrap(True)
        column.addWidget(explained)
        column.addWidget(places)
        column.addWidget(buttons)
        self.resize(560, 380)
