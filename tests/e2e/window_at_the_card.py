"""A therapist without a mouse, at a real sound card: the window in a process of its own, driven by keys.

`test_record_window.py` runs this with a virtual card around it, and reads the JSON it prints at its end.

    window_at_the_card.py CARD_FOLDER VAULT SPEECH
"""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QWidget

from supervise.audio.inputs import steady_s
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
from supervise.domain.moments import Perspective
from supervise.domain.transcript import Turn
from supervise.ui.app import make_application, make_window
from supervise.ui.crash import CrashWatch
from supervise.ui.main_window import MainWindow
from supervise.ui.record_dialog import RecordDialog
from supervise.ui.recording_parts import ABSENT, ON
from supervise.ui.transcribe_dialog import TranscribeDialog
from virtual_card import VirtualCard, card_of
from workspaces import CLIENT, PASSPHRASE

Key, Mod = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Mod.ControlModifier, Mod.ShiftModifier
PATIENCE_S = 60.0
MARK_MS = (5000, 12_000)
PULL_MS, END_MS = 8000, 17_000
AGREED = (
    "being recorded",
    "a transcript made on this machine",
    "my own review: listening, marking, searching",
)
AGAIN = "I have asked just &now, and the client said yes"


class Therapist:
    """Keys in, what is seen out."""

    def __init__(self, card: VirtualCard, vault: Path, speech: Path) -> None:
        self.card, self.speech = card, speech
        self.saw: dict[str, Any] = {}
        self._pause, self._begun_s = threading.Event(), steady_s()
        services = Services.default()
        services.kdf = KdfParams(iterations=1, memory_kib=8, lanes=1)
        self.app = make_application()
        self.watch = CrashWatch()
        self.window: MainWindow = make_window(services, None, None, self.app)
        workspace, _key = services.create_vault(vault, "Ada", Perspective.THERAPIST, PASSPHRASE)
        self.window.adopt(workspace)
        self.window.show()
        self.window.show_library()
        self.until(self.window.isActiveWindow)

    # --- hands and eyes

    def until(self, holds: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
        """Wait for what is to be seen."""
        end = steady_s() + patience_s
        while not holds():
            assert steady_s() < end, "it did not happen"
            assert self.watch.count == 0, "the program met a bug"
            self.app.processEvents()
            self._pause.wait(0.01)

    def press(self, key: Key | str, modifier: Mod = Mod.NoModifier) -> None:
        """Press a key on whatever has the focus, or type."""
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key, modifier)

    def tab_to(self, name: str) -> QWidget:
        """Press Tab until the widget called `name` has the focus."""
        for _ in range(60):
            held = QApplication.focusWidget()
            assert held is not None
            text = held.text() if isinstance(held, (QPushButton, QCheckBox)) else ""
            if name in (held.accessibleName(), text):
                return held
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab never reaches “{name}”")

    def stamp(self, what: str) -> None:
        """Remember when something was done."""
        self.saw.setdefault("times", {})[what] = round(steady_s() - self._begun_s, 1)

    # --- the session

    def prepare(self) -> None:
        """A new client: consent in place, asked again, the microphone, and a sound check that is heard."""
        self.press(Key.Key_R, CTRL)
        self.until(lambda: isinstance(QApplication.activeWindow(), RecordDialog))
        dialog = self.window.errands.dialog
        assert isinstance(dialog, RecordDialog)
        self.press(CLIENT)
        for words in AGREED:
            self.tab_to(words)
            self.press(Key.Key_Space)
        self.tab_to(AGAIN)
        self.press(Key.Key_Space)
        self.tab_to("Room")
        self.press("Practice")
        self.tab_to("Microphone")
        self.press("vmic")
        assert dialog.source.device.currentText().startswith("vmic"), dialog.source.device.currentText()
        self.card.speak_on(self.speech)
        self.until(lambda: "dB" in dialog.source.meter.accessibleDescription())
        self.stamp("level seen")
        self.tab_to("&Sound check, ten seconds")
        self.press(Key.Key_Space)
        heard = self.card.record()
        self.until(lambda: dialog.source.check.text() == "&Stop playing")
        self.saw["judged"] = dialog.source.heard.text()
        self.until(lambda: dialog.source.played_ms > 2500)
        self.press(Key.Key_Space)
        self.until(lambda: dialog.source.check.text() == "&Sound check, ten seconds")
        self.saw["check_peak"] = peak(heard.stop())
        self.stamp("sound check heard")
        self.silence()

    def silence(self) -> None:
        """End what is being played into the microphone."""
        for process in self.card.recorders:
            process.kill()
            process.wait()
        self.card.recorders.clear()

    @property
    def recorded_ms(self) -> int:
        """The clock of the recording; a recording that ended is a failure here."""
        assert self.window.recording.live is not None
        return self.window.recording.live.session.heard().duration_ms

    def record(self) -> None:
        """Record, mark twice, lose the microphone and get it back, and end it."""
        page = self.window.recording.page
        self.tab_to("Start recording")
        self.press(Key.Key_Return)
        self.until(page.isVisible)
        self.card.speak_on(self.speech)
        self.until(lambda: self.recorded_ms > MARK_MS[0])
        self.press("m")
        self.until(lambda: self.recorded_ms > PULL_MS)
        self.card.pull_microphone()
        self.until(lambda: page.light.state == ABSENT)
        self.saw["gone"] = page.notice.text()
        self.card.return_microphone()
        self.until(lambda: page.light.state == ON)
        self.until(lambda: "The microphone is back" in page.quiet.text())
        self.stamp("microphone back")
        self.until(lambda: self.recorded_ms > MARK_MS[1])
        self.press(Key.Key_L, CTRL)
        self.press(Key.Key_F8)
        self.saw["locked"] = self.window.desk.workspace.locked
        self.until(lambda: self.recorded_ms > END_MS)
        self.press(PASSPHRASE)
        self.press(Key.Key_Return)
        self.until(page.isVisible)
        self.press(Key.Key_R, CTRL | SHIFT)
        self.until(self.window.view.isVisible)
        self.silence()
        self.saw["after"] = self.window.recording.after.strip.words.text()
        self.stamp("recorded")

    def transcribe(self) -> None:
        """Ctrl+T and Return, and wait for the words."""
        work, session = self.window.desk.workspace, self.window.session.session.session
        self.press(Key.Key_T, CTRL)
        self.until(lambda: isinstance(QApplication.activeWindow(), TranscribeDialog))
        self.press(Key.Key_Return)
        self.until(lambda: work.transcript(session).version is not None)
        self.until(lambda: work.transcript(session).version.finished, 120)
        self.until(self.window.isActiveWindow)
        rows = [row for row in self.window.view.transcript.rows.rows if isinstance(row, Turn)]
        self.saw["words"] = " ".join(word.text for row in rows for word in row.words)
        self.stamp("transcribed")

    def review(self) -> None:
        """Give the second mark a meaning, write a note on it, and hear it."""
        window = self.window
        window.view.waveform.setFocus()
        self.press("n")
        self.press("n")
        self.press("t")
        self.until(window.view.editor.note.hasFocus)
        self.press("Here it turned")
        self.press(Key.Key_Escape)
        window.view.waveform.setFocus()
        heard = self.card.record()
        self.press(Key.Key_Space, CTRL)
        begun = window.session.position_ms
        self.until(lambda: window.session.position_ms > begun + 1000)
        self.press(Key.Key_Space)
        self.saw["review_peak"] = peak(heard.stop())
        self.saw["session"] = window.session.session.session
        self.press(Key.Key_B, CTRL)
        self.until(window.library.isVisible)
        self.stamp("reviewed")


def peak(data: bytes) -> int:
    """Return the loudest sample of what came out of the loudspeaker."""
    return int(np.abs(np.frombuffer(data[: len(data) // 2 * 2], np.int16).astype(np.int32)).max(initial=0))


def main() -> None:
    """Do the whole of it and say what was seen."""
    folder, vault, speech = (Path(word) for word in sys.argv[1:4])
    with card_of(folder) as card:
        person = Therapist(card, vault, speech)
        person.prepare()
        person.record()
        person.transcribe()
        person.review()
        person.window.close()
    sys.stdout.write(json.dumps(person.saw) + "\n")


if __name__ == "__main__":
    main()
