"""Connects the window's pages and actions to what they do; nothing else happens here."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QMenu

from supervise.bootstrap import Services
from supervise.ui.actions import MENUS
from supervise.ui.main_window import MainWindow
from supervise.ui.session_desk import SessionDesk
from supervise.ui.theme import theme_of

BREAKS = {
    "live_asks",
    "recall_turn",
    "recall_back",
    "recall_end",
    "recalls",
    "rate",
    "studies",
    "reading_then",
    "reading_code1",
    "reading_write",
    "people",
    "check",
    "vault",
    "settings",
    "quit",
    "play_moment",
    "delete_moment",
    "find",
    "zoom_in",
    "look",
}


def wired_window(services: Services, app: QApplication) -> MainWindow:
    """Return the window with every menu, page and action doing its work."""
    window = MainWindow(services, app)
    window.mark_menu = build_menus(window)
    connect_pages(window)
    connect_actions(window)
    return window


def build_menus(window: MainWindow) -> QMenu:
    """Fill the menu bar; returns the menu that codes are added to."""
    menus = {name: window.menuBar().addMenu(name) for name in MENUS}
    for name, spec in window.actions_.specs.items():
        if name in BREAKS:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(window.actions_.by_name[name])
    menus["&Mark"].addSeparator()
    window.menuBar().setCornerWidget(window.who)
    return menus["&Mark"]


def connect_pages(window: MainWindow) -> None:
    """Let pages' wishes reach the window."""
    first, door, library, view = window.first_run, window.door, window.library, window.view
    first.make_wished.connect(window.doors.make_vault)
    first.open_wished.connect(window.open_path)
    first.restore_wished.connect(window.vault_errands.open_restore)
    first.demo_wished.connect(window.errands.try_demo)
    first.import_wished.connect(window.import_first)
    first.library_wished.connect(window.show_library)
    first.recovery.print_wished.connect(window.print_key)
    door.unlock_wished.connect(window.doors.unlock)
    door.recovery_wished.connect(window.doors.recover)
    door.other_wished.connect(window.another_vault)
    library.session_opened.connect(window.open_session)
    library.import_wished.connect(window.errands.open_import)
    library.record_wished.connect(window.recording.open)
    library.demo_wished.connect(window.errands.try_demo)
    library.consent_wished.connect(window.client_errands.open)
    library.ahead.wished.connect(window.client_errands.keeping.open_kept)
    library.model.modelReset.connect(window.client_errands.keeping.look)
    library.search_wished.connect(window.search)
    view.library_wished.connect(window.show_library)
    view.transcribe_wished.connect(window.errands.open_transcribe)
    view.take_out_wished.connect(window.errands.open_export)
    window.who.clicked.connect(window.vault_errands.open_people)
    window.queue.cancel_wished.connect(window.cancel_job)
    window.idle.idle.connect(window.lock)
    window.keys.not_copied.connect(window.say)
    theme_of().changed.connect(window.on_look)


def connect_actions(window: MainWindow) -> None:
    """Let every action do its deed."""
    deeds = {**_window_deeds(window), **_session_deeds(window), **window.annexes.deeds()}
    for name, deed in deeds.items():
        window.actions_.bind(name, deed)


def _window_deeds(window: MainWindow) -> dict[str, Callable[[], object]]:
    errands, view = window.errands, window.view
    return {
        "import": errands.open_import,
        "take_out": errands.open_export,
        "codebook": errands.open_codebook,
        "people": window.vault_errands.open_people,
        "models": window.vault_errands.open_models,
        "check": window.vault_errands.open_check,
        "backup": window.vault_errands.open_backup,
        "restore": window.vault_errands.open_restore,
        "vault": window.another_vault,
        "lock": window.lock,
        "settings": errands.open_settings,
        "quit": window.close,
        "undo": lambda: window.travel("undo"),
        "redo": lambda: window.travel("redo"),
        "find": view.finder.enter,
        "find_all": window.find_all,
        "edit_moment": view.write_note,
        "add_code": view.editor.open_picker,
        "transcribe": errands.open_transcribe,
        "consent": lambda: window.client_errands.open(window.annexes.client()),
        "portion": window.client_errands.keeping.open_portion,
        "kept": window.client_errands.keeping.open_kept,
        "log": window.client_errands.keeping.open_log,
        "describe": errands.open_describe,
        "swap": view.speakers.wish_swap,
        "library": window.show_library,
        "zoom_in": lambda: view.waveform.zoom_by(0.6),
        "zoom_out": lambda: view.waveform.zoom_by(1 / 0.6),
        "whole": lambda: view.shown.open(view.shown.duration_ms),
        "next_pane": window.next_pane,
        "previous_pane": lambda: window.next_pane(-1),
        "look": window.other_look,
        "keys": errands.open_keys,
    }


def _session_deeds(window: MainWindow) -> dict[str, Callable[[], object]]:
    deeds: dict[str, Callable[[SessionDesk], object]] = {
        "play": SessionDesk.toggle,
        "back": SessionDesk.back,
        "forward": SessionDesk.forward,
        "slower": lambda desk: desk.faster(-1),
        "faster": lambda desk: desk.faster(1),
        "loop": SessionDesk.loop,
        "play_moment": SessionDesk.play_chosen,
        "mark": SessionDesk.mark,
        "end": SessionDesk.end_moment,
        "next_moment": lambda desk: desk.step_moment(1),
        "previous_moment": lambda desk: desk.step_moment(-1),
        "delete_moment": SessionDesk.delete_chosen,
        "voice": lambda desk: desk.voices.offer(),
    }
    return {name: _on_session(window, deed) for name, deed in deeds.items()}


def _on_session(window: MainWindow, deed: Callable[[SessionDesk], object]) -> Callable[[], object]:
    def done() -> None:
        if window.session is not None:
            deed(window.session)

    return done
