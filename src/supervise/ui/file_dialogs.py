"""Choosing files without a trace: Qt's own dialog, no history, nothing kept of where one has been."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

SOUND = (
    "Recordings (*.wav *.flac *.mp3 *.m4a *.aac *.ogg *.opus *.oga *.wma *.amr "
    "*.webm *.mp4 *.m4v *.mov *.mkv)"
)
EVERYTHING = "All files (*)"
NOWHERE = "/nonexistent/supervise"

Taken = Callable[[Path], object]


def keep_no_settings() -> None:
    """Send Qt's own settings files (where a file dialog would note folders) nowhere."""
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(form, scope, NOWHERE)


class FileDialog(QFileDialog):
    """A dialog that forgets: it goes back to the home folder before Qt could note where it was."""

    def __init__(self, parent: QWidget, title: str, taken: Taken) -> None:
        """Call `taken` with what is chosen."""
        super().__init__(parent, title, QDir.homePath())
        self._taken = taken
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setOption(QFileDialog.Option.DontUseCustomDirectoryIcons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setHistory([])
        self.setSidebarUrls(self.sidebarUrls()[:1])
        self.finished.connect(self._on_finished)

    def _on_finished(self, answer: int) -> None:
        chosen = [Path(name) for name in self.selectedFiles()]
        self.setHistory([])
        self.setDirectory(QDir.homePath())
        if answer and chosen:
            self._taken(chosen[0])


def ask_recording(parent: QWidget, taken: Taken) -> FileDialog:
    """Open a dialog for a recording."""
    made = FileDialog(parent, "Choose a recording", taken)
    made.setFileMode(QFileDialog.FileMode.ExistingFile)
    made.setNameFilters([SOUND, EVERYTHING])
    made.open()
    return made


def ask_file(parent: QWidget, title: str, name_filter: str, taken: Taken) -> FileDialog:
    """Open a dialog for an existing file of one kind."""
    made = FileDialog(parent, title, taken)
    made.setFileMode(QFileDialog.FileMode.ExistingFile)
    made.setNameFilters([name_filter, EVERYTHING])
    made.open()
    return made


def ask_folder(parent: QWidget, title: str, taken: Taken) -> FileDialog:
    """Open a dialog for a folder."""
    made = FileDialog(parent, title, taken)
    made.setFileMode(QFileDialog.FileMode.Directory)
    made.setOption(QFileDialog.Option.ShowDirsOnly)
    made.open()
    return made


def ask_target(parent: QWidget, title: str, name: str, suffix: str, taken: Taken) -> FileDialog:
    """Open a dialog for a new file; Qt asks before an existing one is chosen."""
    made = FileDialog(parent, title, taken)
    made.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    made.setDefaultSuffix(suffix)
    made.selectFile(name)
    made.open()
    return made
