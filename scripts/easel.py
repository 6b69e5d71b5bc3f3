"""What every picture is drawn on: a window of the running program, a vault, and which pictures the guide has.

Everything is fictional, and every vault lies in a temporary folder.
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog

from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.audio.inputs import steady_s
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.domain.moments import Perspective
from supervise.ui import pictures
from supervise.ui.app import make_application, make_window
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import LETTERS_PT, Mode, theme_of

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide" / "pictures"
PASSPHRASE = "only a demonstration"  # noqa: S105 - of a fictional session
NAME = "Anna Muster"
CHEAP = KdfParams(iterations=1, memory_kib=8, lanes=1)
OWN_USE = (Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW)
SCALE = "QT_SCALE_FACTOR"

# What the guide has at 2x: in both looks, and in the light one only.
TWICE = ("first-run", "library", "session")
TWICE_LIGHT = (
    *("consent-page", "consent-add", "withdraw-1", "withdraw-5", "kept-1", "log"),
    "recall-reading",
)
ONCE = ("session-voice", "session-older")
# What the guide has in light only, and what it has not at all: those are there to be looked at.
LIGHT_ONLY = (
    "recall-2",
    "recall-3",
    "recall-5",
    "recall-6",
    "recall-7",
    "recall-8",
    "recall-9",
    "recall-copy",
    "recall-interview",
)
LOOKED_AT = (
    *("rating-none", "rating-over", "rating-one-dial", "ratings-one", "ratings-out", "recall-no-words"),
    *("recalls-none", "studies-none", "recall-lost", "recall-quiet", "interview-text"),
    *("recall-tied", "studies-drop"),
)


@dataclass(frozen=True)
class Look:
    """How everything is drawn: the guide's way unless a demanding eye asks for another."""

    size: tuple[int, int] = (pictures.WIDTH, pictures.HEIGHT)
    font: float = 1.0
    long: bool = False

    def name(self, short: str, long: str) -> str:
        """Return a name as short as in the guide, or as long as somebody may make it."""
        return long if self.long else short


class Easel:
    """Draws one window after another into a folder."""

    def __init__(self, folder: Path, look: Look) -> None:
        """Draw in the look asked for; the scale is the process's."""
        self.folder, self.look = folder, look
        self.app, self.scale = application(look.font), os.environ.get(SCALE, "1")
        theme_of().choose(Mode.LIGHT)

    def window(self, services: Services) -> MainWindow:
        """Return a window of the size asked for, on its first page."""
        made = make_window(services, None, None, self.app)
        made.resize(*self.look.size)
        return made

    def modes(self, name: str) -> list[Mode]:
        """Return the looks a picture is wanted in, at this scale."""
        return [
            mode for mode in (Mode.LIGHT, Mode.DARK) if self.folder != GUIDE or self._in_guide(name, mode)
        ]

    def _in_guide(self, name: str, mode: Mode) -> bool:
        dark = mode is Mode.DARK
        if name in LOOKED_AT or (dark and name.startswith(LIGHT_ONLY)):
            return False
        if self.scale == "1":
            return True
        return name not in ONCE and (name.startswith(TWICE) or (not dark and name.startswith(TWICE_LIGHT)))

    def draw(self, window: MainWindow, *names: str) -> None:
        """Draw what a window shows now, in every look it is wanted in."""
        for name in names:
            for mode in self.modes(name):
                theme_of().choose(mode)
                self.keep(pictures.picture_of(window), name, mode)
        theme_of().choose(Mode.LIGHT)

    def keep(self, image: QImage, name: str, mode: Mode = Mode.LIGHT) -> None:
        """Keep one picture, if it is wanted."""
        if mode in self.modes(name):
            pictures.save(image, self.folder / f"{name}-{mode}-{self.scale}x.png")

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the program run until something is so."""
        pause, end = threading.Event(), steady_s() + 60
        while not holds():
            if steady_s() > end:
                raise TimeoutError
            self.app.processEvents()
            pause.wait(0.005)

    def close(self, window: MainWindow) -> None:
        """Close a window, and let it go."""
        window.close()
        QApplication.processEvents()


def shut(window: MainWindow) -> None:
    """Put the dialog of a window away, if there is one."""
    dialog = window.errands.dialog
    if isinstance(dialog, QDialog):
        dialog.reject()


def application(larger: float) -> QApplication:
    """Return the application on a system whose letters are so much larger than usual."""
    bare = QApplication(sys.argv[:1])
    font = bare.font()
    font.setPointSizeF(LETTERS_PT * larger)
    bare.setFont(font)
    return make_application()


def services_for(output: FakeOutput | None = None) -> Services:
    """Return services with cheap keys and a loudspeaker that nobody hears."""
    services = Services.default()
    services.kdf, services.make_output = CHEAP, lambda _name: output or FakeOutput()
    return services


def new_vault(services: Services, place: Path) -> Workspace:
    """Make a vault of the therapist's in a folder."""
    made, _key = services.create_vault(place / "vault", NAME, Perspective.THERAPIST, PASSPHRASE)
    return made


def agreed(*more: Scope) -> frozenset[Scope]:
    """What a therapist's own use needs, and more."""
    return frozenset((*OWN_USE, *more))
