"""Somebody who rates by keys at a real sound card: the window in a process of its own.

`test_rating_card.py` runs this with a virtual card around it, and reads the JSON it prints at its end.

    rating_at_the_card.py CARD_FOLDER VAULT SESSION
"""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from heard_places import frames, heard_ms
from supervise.app.rating_reading import rating_view, ratings
from supervise.audio.inputs import steady_s
from supervise.bootstrap import Services
from supervise.domain.ids import SessionId
from supervise.ui.app import make_application, make_window
from supervise.ui.dial import DialView
from supervise.ui.rating_dialog import RatingDialog
from virtual_card import Recording, VirtualCard, card_of
from workspaces import PASSPHRASE

Key = Qt.Key
PARTS_S = (1.3, 0.7, 0.41, 0.9, 0.33, 1.1, 0.6, 0.52)
_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class Rater:
    """Keys in, the series out."""

    def __init__(self, card: VirtualCard, vault: Path, session: SessionId) -> None:
        services = Services.default()
        self.app = make_application()
        self.window = make_window(services, None, None, self.app)
        self.work = services.open_vault(vault, PASSPHRASE)
        self.window.adopt(self.work)
        self.window.show()
        self.window.open_session(session)
        self.card, self.session = card, session
        self._pause = threading.Event()
        self.until(self.window.isActiveWindow)

    def until(self, holds: Callable[[], object], patience_s: float = 30) -> None:
        """Let the window live until something is so."""
        end = steady_s() + patience_s
        while not holds():
            assert steady_s() < end, "it did not happen"
            self.app.processEvents()
            self._pause.wait(0.005)

    def live(self, seconds: float) -> None:
        """Let the window live for so long."""
        end = steady_s() + seconds
        self.until(lambda: steady_s() >= end)

    def press(self, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key on whatever has the focus."""
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        QTest.keyClick(target, key, modifier)

    def rate(self, recording: Recording) -> list[tuple[int, int]]:
        """Rate on one dial; return what it stood at after each press, and what had been heard by then."""
        self.press(Key.Key_G, _SHIFT)
        self.until(lambda: isinstance(QApplication.activeWindow(), RatingDialog))
        self.press(Key.Key_Return)
        self.until(lambda: isinstance(QApplication.focusWidget(), DialView))
        self.press(Key.Key_Space)
        pressed = []
        for number, part_s in enumerate(PARTS_S, 1):
            self.live(part_s)
            pressed.append((5 * number, frames(recording)))
            self.press(Key.Key_Up)
        self.live(0.5)
        self.window.annexes.rating.end()
        return pressed

    def errors(self, pressed: list[tuple[int, int]], sound: bytes) -> list[float]:
        """Return by how many ms each press is found away from where it was heard."""
        trace = rating_view(self.work, ratings(self.work, self.session)[-1].series).trace
        found = {point.value: point.session_ms for point in trace.points}
        return [round(found[value] - heard_ms(sound, frame), 1) for value, frame in pressed]


def main() -> None:
    """Rate, and say how far off it was."""
    folder, vault, session = Path(sys.argv[1]), Path(sys.argv[2]), SessionId(sys.argv[3])
    with card_of(folder) as card:
        rater = Rater(card, vault, session)
        recording = card.record()
        pressed = rater.rate(recording)
        errors = rater.errors(pressed, recording.stop())
        rater.window.close()
    print(json.dumps({"error_ms": errors}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
