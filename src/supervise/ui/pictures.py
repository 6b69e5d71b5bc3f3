"""Draws the window to files: only ever of the fictional demo, since a picture is readable by anybody."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from supervise.app.demo import CLIENT
from supervise.bootstrap import Services
from supervise.domain.errors import UsageError
from supervise.ui.app import make_application, make_window
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import Mode, theme_of

WIDTH, HEIGHT = 1440, 900
SHADE = 0.35
COLORS = 256


def render_pictures(services: Services, vault: Path, passphrase: str, folder: Path) -> list[Path]:
    """Draw library and session of a demo vault in light and dark into `folder`; returns the files.

    Raises UsageError when the vault holds anything but the demo, and what opening a vault raises.
    """
    app = make_application()
    window = make_window(services, None, None, app)
    window.resize(WIDTH, HEIGHT)
    try:
        window.adopt(services.open_vault(vault, passphrase))
        _only_the_demo(window)
        window.show()
        return [
            save(picture, folder / f"{name}-{mode}.png")
            for mode in (Mode.LIGHT, Mode.DARK)
            for name, picture in _pages(window, mode)
        ]
    finally:
        window.close()


def _only_the_demo(window: MainWindow) -> None:
    rows = window.desk.workspace.library().rows if window.desk is not None else ()
    if not rows or any(entry.session.client_code != CLIENT for entry in rows):
        raise UsageError("Pictures are drawn of the demo session only.")


def _pages(window: MainWindow, mode: Mode) -> Iterator[tuple[str, QImage]]:
    theme_of().choose(mode)
    window.show_library()
    yield "library", picture_of(window)
    show_demo(window)
    yield "session", picture_of(window)


def show_demo(window: MainWindow) -> None:
    """Open the newest session at its first confrontation, with that moment chosen."""
    window.open_session(window.library.model.rows[0].session.session)
    if window.session is None:
        return
    moments = window.view.moments.moments
    chosen = next((m for m in moments if m.codes[0].code.startswith("cf.")), moments[0] if moments else None)
    if chosen is not None:
        window.view.shown.show(max(chosen.start_ms - 62_000, 0), 110_000)
        window.session.seek(chosen.start_ms)
        window.view.choose(chosen.moment)
        window.view.transcript.show_time(chosen.start_ms + 20_000)


def picture_of(window: QWidget) -> QImage:
    """Draw a window as it is now, with an open dialog on top of it."""
    settle()
    image: QImage = window.grab().toImage()
    dialogs = [
        part for part in QApplication.topLevelWidgets() if isinstance(part, QDialog) and part.isVisible()
    ]
    menus = [part for part in QApplication.topLevelWidgets() if isinstance(part, QMenu) and part.isVisible()]
    for menu in menus:
        painter = QPainter(image)
        painter.drawPixmap(window.mapFromGlobal(menu.pos()), menu.grab())
        painter.end()
        menu.close()
    for dialog in dialogs:
        front = dialog.grab()
        painter = QPainter(image)
        painter.setOpacity(SHADE)
        painter.fillRect(QRect(QPoint(0, 0), window.size()), Qt.GlobalColor.black)
        painter.setOpacity(1)
        spare = window.size() - dialog.size()
        painter.drawPixmap(QPoint(spare.width() // 2, spare.height() // 2), front)
        painter.end()
    return image


def settle() -> None:
    """Let layouts and delayed drawing finish."""
    for _ in range(8):
        QApplication.processEvents()


def save(image: QImage, path: Path) -> Path:
    """Write a PNG of the 256 colours used most, which is plenty for a window and a third of the size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    small = image.convertToFormat(QImage.Format.Format_Indexed8, _commonest(image), flags)
    small.save(str(path), "PNG", 0)  # type: ignore[call-overload]
    return path


def _commonest(image: QImage) -> list[int]:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), dtype=np.uint32)
    shades, counts = np.unique(pixels, return_counts=True)
    return [int(shade) | 0xFF000000 for shade in shades[np.argsort(counts)[::-1][:COLORS]]]
