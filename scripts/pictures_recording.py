"""Draw every screen of recording, in light and dark, from the running program with a made-up microphone.

The microphone hears the fictional demo session.
"""

from pathlib import Path

import av
import numpy as np
from easel import PASSPHRASE, Easel, agreed, new_vault, services_for

from supervise.app.demo import CLIENT
from supervise.audio.fake_input import FakeInput
from supervise.audio.inputs import MICROPHONE, MONITOR, InputInfo, Samples, steady_s
from supervise.ui import pictures
from supervise.ui.record_dialog import RecordDialog
from supervise.ui.theme import Mode, theme_of

RATE = 48000
MIC, LAPEL, CALL = "Desk microphone", "Lapel microphone", "Monitor of Built-in Audio"
LENGTH_S = 760


class Studio:
    """A window, and microphones that hear the demo session."""

    def __init__(self, easel: Easel, place: Path) -> None:
        """Open the window on a vault with one client."""
        self.easel = easel
        self.mics = {name: FakeInput(name, RATE, 2) for name in (MIC, LAPEL, CALL)}
        services = services_for()
        services.make_input, services.name_inputs = lambda name: self.mics[name or MIC], self.infos
        self.window = easel.window(services)
        workspace = new_vault(services, place)
        workspace.add_consent(CLIENT, agreed(), workspace.today())
        self.window.adopt(workspace)
        self.window.show()
        self.window.show_library()
        self.sound = demo_sound(services.demo_folder / "session.flac")
        self.at = 0

    def infos(self) -> tuple[InputInfo, ...]:
        """The devices on offer."""
        kinds = {CALL: MONITOR}
        return tuple(
            InputInfo(name, 2, (RATE,), kinds.get(name, MICROPHONE), default=name == MIC)
            for name in self.mics
        )

    def draw(self, name: str) -> None:
        """Draw what is shown now."""
        self.easel.draw(self.window, name)

    def speak(self, seconds: float, name: str = MIC, from_s: float | None = None) -> None:
        """Let a microphone hear the next seconds of the demo, begun at `from_s` (else: just over now)."""
        frames = round(seconds * RATE)
        at_s = steady_s() - seconds if from_s is None else from_s
        part = np.take(self.sound, np.arange(self.at, self.at + frames), axis=0, mode="wrap")
        self.at += frames
        stream = self.mics[name].stream
        if stream is None:
            return
        for start in range(0, frames, 4800):
            self.mics[name].speak(part[start : start + 4800, : stream.channels], at_s + start / RATE)

    def recorded(self, ms: int) -> bool:
        """Whether so much is on the disk."""
        live = self.window.recording.live
        return live is not None and live.session.heard().synced_samples * 1000 >= ms * RATE


def demo_sound(path: Path) -> Samples:
    """Return the demo session at the microphones' rate, the same on two channels."""
    resampler = av.AudioResampler("s16", "stereo", RATE)
    with av.open(str(path)) as container:
        frames = [one for frame in container.decode(audio=0) for one in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in frames])


def draw_before(studio: Studio) -> RecordDialog:
    """A new client, the sound check, and a client whose consent is on record."""
    errands = studio.window.recording
    errands.open()
    dialog = studio.window.errands.dialog
    if not isinstance(dialog, RecordDialog):
        raise TypeError
    source = dialog.source
    dialog.client.setCurrentText("K-31")
    studio.speak(2)
    studio.easel.until(lambda: "dB" in source.meter.accessibleDescription())
    studio.draw("recording-new-client")
    dialog.client.setCurrentText(CLIENT)
    dialog.title.setText("Ninth session")
    dialog.again.setChecked(True)
    source.room.setCurrentText("Consulting room")
    source.check.click()
    studio.speak(3)
    studio.easel.until(lambda: "7 s" in source.heard.text())
    studio.draw("recording-sound-check")
    source.check.click()
    return dialog


def draw_during(studio: Studio, dialog: RecordDialog) -> None:
    """The page, the small window, a lost microphone, the client's wish, the locked door."""
    errands = studio.window.recording
    dialog.go.click()
    begun_s = steady_s() - LENGTH_S
    for second in range(0, LENGTH_S, 10):
        studio.speak(10, from_s=begun_s + second)
        studio.easel.until(lambda second=second: studio.recorded((second + 4) * 1000))
    errands.mark()
    studio.easel.until(lambda: "1 mark" in errands.page.facts.text())
    studio.draw("recording-page")
    draw_face(studio)
    errands.client_asks()
    studio.draw("recording-asks")
    if errands.dialog is not None:
        errands.dialog.go_on.click()
    studio.speak(2)
    studio.easel.until(lambda: studio.recorded((LENGTH_S + 2) * 1000))
    studio.mics[MIC].unplug()
    studio.easel.until(lambda: bool(errands.page.notice.text()))
    studio.draw("recording-gone")
    studio.mics[MIC].plug_in()
    studio.easel.until(lambda: errands.live is not None and not errands.live.session.heard().absent_s)
    studio.speak(2, from_s=steady_s())
    studio.easel.until(lambda: studio.recorded((LENGTH_S + 4) * 1000))
    studio.window.lock()
    studio.easel.until(errands.strip.isVisible)
    studio.draw("recording-locked")


def draw_face(studio: Studio) -> None:
    """The small window by itself."""
    errands = studio.window.recording
    errands.show_face()
    for mode in studio.easel.modes("recording-small"):
        theme_of().choose(mode)
        if errands.face is not None:
            pictures.settle()
            studio.easel.keep(errands.face.grab().toImage(), "recording-small", mode)
    theme_of().choose(Mode.LIGHT)
    errands.leave_face()


def draw_after(studio: Studio) -> None:
    """The session it became, and what a crash left of another one."""
    errands, desk = studio.window.recording, studio.window.desk
    if desk is None:
        return
    desk.workspace.unlock(PASSPHRASE)
    errands.end()
    studio.easel.until(lambda: studio.window.session is not None)
    studio.draw("recording-after")
    errands.open()
    dialog = studio.window.errands.dialog
    if isinstance(dialog, RecordDialog):
        dialog.client.setCurrentText(CLIENT)
        dialog.again.setChecked(True)
        dialog.go.click()
    studio.speak(20)
    studio.easel.until(lambda: studio.recorded(20_000))
    errands.mark()
    if errands.live is not None:
        errands.live.abandon()
        errands.live = None
    errands.recovery.offer()
    studio.window.show_library()
    studio.draw("recording-recovered")


def paint(easel: Easel, place: Path) -> None:
    """Record, and draw on the way."""
    studio = Studio(easel, place)
    dialog = draw_before(studio)
    draw_during(studio, dialog)
    draw_after(studio)
    easel.close(studio.window)
