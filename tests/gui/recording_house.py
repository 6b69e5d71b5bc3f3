"""A window that records from a microphone made of numpy: what it hears, a test says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from gui_house import CLIENT, TODAY, House, show
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_main_job import tab_to

from sounds import speechlike
from supervise.app.workspace import Workspace
from supervise.audio.fake_input import FakeInput
from supervise.audio.inputs import MICROPHONE, MONITOR, InputInfo, Samples, steady_s
from supervise.bootstrap import Services
from supervise.domain.consent import Scope
from supervise.domain.moments import Perspective
from supervise.ui.main_window import MainWindow
from supervise.ui.record_dialog import RecordDialog
from supervise.ui.wiring import wired_window

RATE = 48000
MIC, LAPEL, CALL = "desk microphone", "lapel microphone", "monitor of the call"


@dataclass
class Studio:
    """The devices there are, and whoever speaks into them."""

    mics: dict[str, FakeInput] = field(
        default_factory=lambda: {
            MIC: FakeInput(MIC, RATE, 2),
            LAPEL: FakeInput(LAPEL, RATE, 1),
            CALL: FakeInput(CALL, RATE, 2),
        }
    )
    at_s: float = 0.0

    def infos(self) -> tuple[InputInfo, ...]:
        """What is offered for choice now."""
        return tuple(
            InputInfo(mic.name, mic.channels, (RATE,), MONITOR if name == CALL else MICROPHONE, name == MIC)
            for name, mic in self.mics.items()
            if not mic.missing
        )

    def install(self, services: Services) -> None:
        """Let the services find these devices."""
        services.make_input = lambda name: self.mics[name or MIC]
        services.name_inputs = self.infos

    def speak(self, seconds: float, name: str = MIC, sound: Samples | None = None) -> None:
        """Let a microphone hear that much, as if it had just been said."""
        heard = speechlike(round(seconds * RATE), self.mics[name].channels, RATE) if sound is None else sound
        self.at_s = max(self.at_s, steady_s() - seconds)
        for start in range(0, len(heard), 4800):
            part = heard[start : start + 4800]
            stream = self.mics[name].stream
            assert stream is not None
            self.mics[name].speak(part[:, : stream.channels], self.at_s)
            self.at_s += len(part) / RATE


def loud(seconds: float, channels: int = 2) -> Samples:
    """A sound cut off at its peaks."""
    return np.full((round(seconds * RATE), channels), 32767, np.int16)


@pytest.fixture
def studio(house: House) -> Studio:
    made = Studio()
    made.install(house.services)
    return made


@pytest.fixture
def desk(house: House) -> Workspace:
    """A vault with one client, covered for the therapist's own use, and no session."""
    made, _key = house.services.create_vault(
        house.vault, "Anna", Perspective.THERAPIST, "quiet river seven lamps"
    )
    made.add_consent(CLIENT, frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW}), TODAY)
    return made


@pytest.fixture
def room(
    house: House, studio: Studio, desk: Workspace, app: QApplication, qtbot: QtBot
) -> Iterator[MainWindow]:
    """The window on its library, with microphones."""
    made = wired_window(house.services, app)
    qtbot.addWidget(made)
    made.adopt(desk)
    made.show_library()
    show(made, qtbot)
    yield made
    if made.recording.live is not None:
        made.recording.live.abandon()
        made.recording.live = None
    made.close()


def dialog_of(window: MainWindow) -> RecordDialog:
    """The dialog that is open, which must be the one for recording."""
    found = window.errands.dialog
    assert isinstance(found, RecordDialog)
    return found


def open_dialog(window: MainWindow, press: Callable[..., None], qtbot: QtBot, code: str) -> RecordDialog:
    """Ctrl+R and the client's code."""
    press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecordDialog))
    press(code)
    return dialog_of(window)


def begin(window: MainWindow, press: Callable[..., None], qtbot: QtBot, code: str = CLIENT) -> None:
    """Ctrl+R, the client, asked again, and Return."""
    open_dialog(window, press, qtbot, code)
    tab_to(press, "I have asked just &now, and the client said yes")
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(window.recording.page.isVisible)
    qtbot.waitUntil(window.isActiveWindow)


def heard(window: MainWindow, qtbot: QtBot, ms: int) -> None:
    """Wait until so much is on the disk."""
    live = window.recording.live
    qtbot.waitUntil(
        lambda: live.session.heard().synced_samples * 1000 >= ms * live.session.rate_hz, timeout=30_000
    )


def details(window: MainWindow) -> list[str]:
    """What the newest lines of the access log say."""
    return [line.detail for line in window.desk.workspace.log_lines(30)]


def escape(window: MainWindow, press: Callable[..., None], qtbot: QtBot) -> None:
    """Close what is in front; the offscreen platform does not give the window its keys back by itself."""
    press(Qt.Key.Key_Escape)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
