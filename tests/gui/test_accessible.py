"""Every widget that can have the focus has a name that a screen reader can say, on every page and dialog."""

import pytest
from gui_house import House
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QComboBox, QMenuBar, QSplitterHandle, QWidget
from pytestqt.qtbot import QtBot

from supervise.ui.crash import CrashDialog
from supervise.ui.main_window import MainWindow

POPUPS = {"QComboBoxPrivateContainer", "QCalendarWidget", "QCalendarPopup"}


def nameless(root: QWidget) -> list[str]:
    """Return the focusable widgets below `root` whose accessible name is empty."""
    found = []
    for widget in root.findChildren(QWidget):
        inner = isinstance(widget.parent(), QAbstractScrollArea) or widget.focusProxy() is not None
        skipped = isinstance(widget, (QMenuBar, QSplitterHandle)) or widget.objectName().startswith("qt_")
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or inner or skipped:
            continue
        if any(above.metaObject().className() in POPUPS for above in _up(widget)):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
            found.append(f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}")
    return found


def _up(widget: QWidget) -> list[QWidget]:
    above = []
    while (parent := widget.parentWidget()) is not None:
        above.append(parent)
        widget = parent
    return above


def test_pages(transcribed: MainWindow) -> None:
    window = transcribed
    window.session.mark("wd.any")
    pages = (window.first_run, window.door, window.library, window.view, window.queue)
    assert {type(page).__name__: nameless(page) for page in pages} == {
        type(page).__name__: [] for page in pages
    }


@pytest.mark.parametrize(
    "errand",
    [
        "open_import",
        "open_export",
        "open_transcribe",
        "open_settings",
        "open_keys",
        "open_describe",
    ],
)
def test_dialogs(window: MainWindow, errand: str) -> None:
    getattr(window.errands, errand)()
    assert nameless(window.errands.dialog) == []
    window.errands.close_dialogs()


@pytest.mark.parametrize(
    "errand", ["open_people", "open_check", "open_backup", "open_restore", "open_models"]
)
def test_dialogs_about_the_vault(window: MainWindow, errand: str) -> None:
    getattr(window.vault_errands, errand)()
    assert nameless(window.errands.dialog) == []
    window.errands.close_dialogs()


def test_pages_about_a_client(window: MainWindow) -> None:
    window.client_errands.open()
    dialog = window.errands.dialog
    assert nameless(dialog) == []
    window.errands.close_dialogs()


def test_code_picker(window: MainWindow) -> None:
    window.session.mark("wd.any")
    window.view.editor.open_picker()
    assert nameless(window.view.editor._picker) == []
    window.errands.close_dialogs()


def test_crash_dialog(app: object, qtbot: QtBot) -> None:
    dialog = CrashDialog("ValueError\nhere.py:3 there", None)
    qtbot.addWidget(dialog)
    assert nameless(dialog) == []


def test_custom_views_say_what_they_hold(transcribed: MainWindow, house: House) -> None:
    view = transcribed.view
    assert view.waveform.accessibleName() == "Sound and moments"
    assert "of 0:40" in view.waveform.accessibleDescription()
    index = view.transcript.rows.index(1)
    assert "Speaker A" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_tab_goes_through_the_session_from_top_to_bottom(transcribed: MainWindow) -> None:
    view = transcribed.view
    transcribed.session.mark("wd.any")
    view.back.setFocus()
    order: list[QWidget] = []
    widget: QWidget = view.back
    while widget not in order:
        order.append(widget)
        widget = widget.nextInFocusChain()
    ratings = [box for box in view.editor.findChildren(QComboBox) if box.accessibleName() == "Salience"]
    parts = [
        view.back,
        view.transcribe_button,
        view.waveform,
        view.speakers.boxes["A"],
        view.speakers.boxes["B"],
        view.transcript,
        view.panel.words,
        view.panel.list,
        view.editor.delete_button,
        view.editor.note,
        *ratings,
        view.player.play,
    ]
    assert [order.index(part) for part in parts] == sorted(order.index(part) for part in parts)
