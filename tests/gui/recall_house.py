"""A window that holds recalls between a microphone and a loudspeaker made of numpy, moved in real time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest
from gui_house import House, show
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from recording_house import MIC, Studio
from test_main_job import tab_to

from sounds import speechlike
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.audio.inputs import Samples, steady_s
from supervise.domain.ids import SessionId
from supervise.domain.recall_map import RecallMap
from supervise.storage.recalls import Recall
from supervise.ui.live_recall import LiveRecall
from supervise.ui.main_window import MainWindow
from supervise.ui.recall_errands import RecallErrands
from supervise.ui.recall_page import RecallPage
from supervise.ui.recall_setup_dialog import RecallSetupDialog
from supervise.ui.wiring import wired_window

RATE = 48000
Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Mod.ControlModifier, Mod.ShiftModifier
Press = Callable[..., None]


class Pump(QObject):
    """Lets time pass for both devices, as the window's own loop turns."""

    def __init__(self, studio: Studio, output: FakeOutput) -> None:
        super().__init__()
        self._studio, self._output = studio, output
        self._sound = speechlike(RATE * 2, 2, RATE)
        self._begun_s, self._spoken, self._pulled = steady_s(), 0, 0.0
        self.silent, self.leak, self._chance = False, 0.0, np.random.default_rng(3)
        self._timer = QTimer(self)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def _turn(self) -> None:
        passed_s = steady_s() - self._begun_s
        frames = round(passed_s * RATE) - self._spoken
        mic, stream = self._studio.mics[MIC], self._output.stream
        played = np.zeros(1)
        if stream is not None and stream.running:
            played = self._output.pull(max(1, round((passed_s - self._pulled) * stream.rate_hz)))[:, 0]
        self._pulled = passed_s
        if mic.stream is not None and mic.stream.running:
            at = self._spoken % RATE
            part = self._sound[at : at + min(frames, RATE), : mic.stream.channels]
            mic.speak(self._heard(part, played), self._begun_s + self._spoken / RATE)
        self._spoken += frames

    def _heard(self, said: Samples, played: npt.NDArray[np.float32]) -> Samples:
        """What reaches the microphone: speech, or the room's noise with some of the loudspeaker."""
        if not self.silent:
            return said
        places = np.linspace(0, len(played) - 1, len(said))
        echo = np.interp(places, np.arange(len(played)), played) * self.leak * 32767
        noise = self._chance.normal(0, 3, len(said))
        return np.repeat((echo + noise).astype(np.int16)[:, None], said.shape[1], axis=1)

    def stop(self) -> None:
        """Let time stand still."""
        self._timer.stop()

    def go_on(self) -> None:
        """Let time pass again."""
        self._timer.start()


@dataclass
class Salon:
    """The window, its devices, and what is kept."""

    window: MainWindow
    studio: Studio
    output: FakeOutput
    session: SessionId
    press: Press
    qtbot: QtBot
    pump: Pump = field(init=False)

    def __post_init__(self) -> None:
        self.pump = Pump(self.studio, self.output)

    @property
    def errands(self) -> RecallErrands:
        return self.window.annexes.recall

    @property
    def page(self) -> RecallPage:
        return self.errands.page

    @property
    def live(self) -> LiveRecall:
        assert self.errands.live is not None
        return self.errands.live

    @property
    def work(self) -> Workspace:
        assert self.window.desk is not None
        return self.window.desk.workspace

    def dialog(self) -> RecallSetupDialog:
        found = self.window.errands.dialog
        assert isinstance(found, RecallSetupDialog)
        return found

    def set_up(self) -> RecallSetupDialog:
        """Ctrl+J."""
        self.press(Key.Key_J, CTRL)
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), RecallSetupDialog))
        return self.dialog()

    def begin(self) -> None:
        """Start what is set up, and wait until the tape runs."""
        tab_to(self.press, "Start the recall")
        self.press(Key.Key_Return)
        self.qtbot.waitUntil(self.page.isVisible)
        self.qtbot.waitUntil(lambda: self.live.playing)
        self.qtbot.waitUntil(lambda: self.page.turn.text() == "Stop the tape")
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    def heard(self, ms: int) -> None:
        """Wait until the tape is at a place of the session."""
        self.qtbot.waitUntil(lambda: self.live.session.now().session_ms >= ms, timeout=20_000)

    def recalled(self, ms: int) -> None:
        """Wait until the recall is so long."""
        self.qtbot.waitUntil(lambda: self.live.session.now().recall_ms >= ms, timeout=20_000)

    def end(self) -> None:
        """Ctrl+Shift+J, and the page after it."""
        self.press(Key.Key_J, CTRL | SHIFT)
        self.qtbot.waitUntil(self.errands.after.page.isVisible)

    def kept(self) -> Recall:
        """The only recall in the vault."""
        (row,) = self.work.store.recalls.all()
        return row

    def map(self) -> RecallMap:
        from supervise.app.recalled import map_of

        return map_of(self.work.store, self.kept())


@pytest.fixture
def salon(
    house: House, workspace: Workspace, session: SessionId, app: QApplication, press: Press, qtbot: QtBot
) -> Iterator[Salon]:
    """The window with one session of 40 s open."""
    studio = Studio()
    studio.install(house.services)
    window = wired_window(house.services, app)
    qtbot.addWidget(window)
    window.adopt(workspace)
    window.open_session(session)
    show(window, qtbot)
    made = Salon(window, studio, house.output, session, press, qtbot)
    yield made
    made.pump.stop()
    if made.errands.live is not None:
        made.errands.give_up()
    window.close()
