"""Draw every screen of a recall from the running program between made-up devices.

Microphone and loudspeaker are moved by hand, on a clock of their own.
"""

import threading
from pathlib import Path

import numpy as np
from easel import PASSPHRASE, Easel, new_vault, services_for
from pictures_recording import RATE, demo_sound

from supervise.app.demo import CLIENT, add_demo_session
from supervise.app.recalling import RecallSession
from supervise.app.workspace import Workspace
from supervise.audio.fake_input import FakeInput
from supervise.audio.fake_output import FakeOutput
from supervise.audio.inputs import MICROPHONE, InputInfo, steady_s
from supervise.audio.output import OutputInfo
from supervise.domain.consent import Scope
from supervise.domain.ids import SessionId
from supervise.domain.recall import RecallKind, Setup, StoppedBy
from supervise.domain.silence import nudge_words
from supervise.ui.live_recall import LiveRecall
from supervise.ui.recall_errands import RecallErrands
from supervise.ui.recall_setup_dialog import RecallSetupDialog

MIC, HEADPHONES = "Desk microphone", "Headphones"
LATENCY = 640
QUIET_S = 130.0
IDA = ("Ida Klein", "Friederike-Wilhelmine Hohenstaufen-Oberleutnerschwanthaler")


class Parlour:
    """A window with the demo session, and two devices that a recall is held between."""

    def __init__(self, easel: Easel, place: Path) -> None:
        """Open the window on a vault with the demo session."""
        self.easel, self._begun_s = easel, steady_s()
        self.inquirer = easel.look.name(*IDA)
        self._spoken = self._pulled = 0
        self.mic = FakeInput(MIC, RATE, 1)
        self.output = FakeOutput(RATE, LATENCY, clock=lambda frame: self._begun_s + frame / RATE)
        services = services_for(self.output)
        services.make_input, services.name_inputs = lambda _name: self.mic, self.infos
        services.list_outputs = lambda: (OutputInfo("Loudspeakers", True), OutputInfo(HEADPHONES, False))
        services.recalling = self._recalling  # type: ignore[method-assign]
        self.window = easel.window(services)
        self.work = new_vault(services, place)
        self.session = add_demo_session(self.work, services.demo_folder, lambda _done: None)
        self.sound = demo_sound(services.demo_folder / "session.flac")[:, :1]
        self.window.adopt(self.work)
        self.window.show()
        self.window.show_library()

    def infos(self) -> tuple[InputInfo, ...]:
        """The microphones on offer."""
        return (InputInfo(MIC, 1, (RATE,), MICROPHONE, default=True),)

    def _recalling(
        self, work: Workspace, session: SessionId, setup: Setup, _microphone: str, _loudspeaker: str
    ) -> RecallSession:
        self._begun_s, self._spoken, self._pulled = steady_s(), 0, 0
        devices = self.mic, self.output
        return RecallSession(work, session, setup, devices, None, self.now_s)

    def now_s(self) -> float:
        """The clock of both devices."""
        return self._begun_s + self._pulled / RATE

    @property
    def errands(self) -> RecallErrands:
        """The recall in the window."""
        return self.window.annexes.recall

    def run(self, seconds: float, loudness: float = 0.5) -> None:
        """Let time pass: the loudspeaker plays, the microphone hears somebody."""
        for _ in range(round(seconds * 10)):
            self.output.pull(RATE // 10)
            self._pulled += RATE // 10
            places = np.arange(self._spoken, self._spoken + RATE // 10)
            heard = np.take(self.sound, places, axis=0, mode="wrap") * loudness
            self.mic.speak(heard.astype(np.int16), self._begun_s + self._spoken / RATE)
            self._spoken += RATE // 10
            if self._pulled % RATE == 0:
                self.easel.until(lambda: self._recorded() >= self._spoken - RATE)
        self.easel.until(lambda: self._recorded() >= self._spoken)

    def _recorded(self) -> int:
        live = self.errands.live
        return self._spoken if live is None else live.session.heard().samples

    def draw(self, name: str) -> None:
        """Draw what is shown now; a microphone that says nothing for two seconds would be taken for gone."""
        drawn = threading.Event()
        breath = threading.Thread(target=self._breathe, args=(drawn,))
        breath.start()
        self.easel.draw(self.window, name)
        drawn.set()
        breath.join()

    def _breathe(self, drawn: threading.Event) -> None:
        while self.errands.live is not None and not drawn.wait(0.2):
            self.mic.speak(self.sound[:48] // 8, self._begun_s + self._spoken / RATE)
            self._spoken += 48

    def set_up(self) -> RecallSetupDialog:
        """Open the set-up."""
        self.window.open_session(self.session)
        self.errands.open()
        dialog = self.window.errands.dialog
        if not isinstance(dialog, RecallSetupDialog):
            raise TypeError
        return dialog

    def begin(self, dialog: RecallSetupDialog) -> None:
        """Start what is set up, and let the tape run."""
        dialog.go.click()
        self.run(0.5)
        live = self.errands.live
        self.easel.until(lambda: live is not None and live.playing)


def draw_setup(parlour: Parlour) -> None:
    """A therapist's own; a client's without consent; passages drawn at random."""
    dialog = parlour.set_up()
    parlour.easel.until(lambda: parlour.mic.stream is not None and parlour.mic.stream.running)
    for _ in range(5):
        parlour.mic.speak((parlour.sound[RATE * 3 : RATE * 4] * 0.6).astype(np.int16))
    parlour.easel.until(lambda: "dB" in dialog.devices.meter.accessibleDescription())
    parlour.draw("recall-1-setup")
    dialog.choose(RecallKind.CLIENT, parlour.inquirer)
    parlour.draw("recall-2-not-covered")
    parlour.window.errands.close_dialogs()
    parlour.work.add_consent(CLIENT, frozenset({Scope.CLIENT_RECALL}), parlour.work.today())
    dialog = parlour.set_up()
    dialog.choose(RecallKind.CLIENT, parlour.inquirer)
    dialog.passages.some.setChecked(True)
    dialog.passages.chosen_by.setCurrentIndex(3)
    dialog.passages.chosen_by.activated.emit(3)
    dialog.passages.seed.setValue(1938)
    dialog.passages.length.setValue(30)
    dialog.passages.draw.click()
    parlour.draw("recall-3-passages")
    parlour.window.errands.close_dialogs()


def draw_recall(parlour: Parlour) -> None:
    """The tape running, stopped, a prompt asked, the locked door, and the end."""
    dialog = parlour.set_up()
    dialog.choose(RecallKind.CLIENT, parlour.inquirer)
    parlour.begin(dialog)
    errands = parlour.errands
    for seconds in (38, 21):
        parlour.run(seconds)
        errands.turn()
        parlour.run(9)
        errands.turn()
    parlour.run(34)
    parlour.draw("recall-4-playing")
    live = errands.live
    if live is None:
        raise RuntimeError
    live.session.stop(StoppedBy.RECALLER)
    parlour.run(14)
    live.look()
    parlour.draw("recall-5-stopped")
    errands.page.cards.press("3")
    errands.page.cards.press("0")
    parlour.draw("recall-6-prompt")
    draw_trouble(parlour, live)


def draw_trouble(parlour: Parlour, live: LiveRecall) -> None:
    """A long silence; a microphone that went away, and is back."""
    live._nudged = nudge_words(QUIET_S)
    live.look()
    parlour.draw("recall-quiet")
    page = parlour.errands.page
    parlour.mic.unplug()
    parlour.easel.until(lambda: page.words.property("role") == "warn")
    parlour.easel.draw(parlour.window, "recall-lost")
    parlour.mic.plug_in()
    parlour.easel.until(lambda: not live.session.heard().absent_s)


def draw_end(parlour: Parlour) -> None:
    """The locked door, and the page after it."""
    errands, live = parlour.errands, parlour.errands.live
    if live is None:
        raise RuntimeError
    parlour.window.lock()
    parlour.easel.until(errands.strip.isVisible)
    live.look()
    parlour.draw("recall-7-locked")
    parlour.work.unlock(PASSPHRASE)
    errands.turn()
    parlour.run(12)
    errands.end()
    parlour.easel.until(errands.after.page.isVisible)
    parlour.draw("recall-8-ended")


def draw_left(parlour: Parlour) -> None:
    """What a crash left of a recall."""
    parlour.begin(parlour.set_up())
    parlour.run(31)
    parlour.errands.turn()
    parlour.run(10)
    parlour.errands.give_up()
    parlour.errands.recovery.offer()
    parlour.window.show_library()
    parlour.draw("recall-9-left")


def paint(easel: Easel, place: Path) -> None:
    """Hold a recall, and draw on the way."""
    parlour = Parlour(easel, place)
    draw_setup(parlour)
    draw_recall(parlour)
    draw_end(parlour)
    draw_left(parlour)
    easel.close(parlour.window)
