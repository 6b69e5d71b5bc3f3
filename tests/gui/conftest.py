"""A real window on a real vault: cheap keys, a scripted speech engine, a sound card made of numpy."""

import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from samples import codebook
from supervise.app.importing import ImportWish, import_file
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.domain.ids import SessionId
from supervise.domain.moments import Perspective
from supervise.domain.transcript import Word
from supervise.resources import resource_path
from supervise.speech.events import VoiceSegment
from supervise.speech.fake import FakeEngine
from supervise.speech.models import ModelStore, Registry
from supervise.ui.app import make_application, make_window
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import Mode, theme_of

TODAY = date(2026, 11, 23)
PASSPHRASE = "quiet river seven lamps"
CLIENT = "C-012"
TITLE = "Third session"
SECONDS = 40
RATE_HZ = 8000
SAID = "I do not know what to say about it. It was fine. Really it was fine. Shall we talk about the sheet".split()


class AnyModel(ModelStore):
    """Finds every model in an empty folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Registry.load(resource_path("models", "registry.toml")), [folder])
        self._folder = folder

    def find(self, name: str) -> Path:
        return self._folder


def spoken() -> tuple[Word, ...]:
    """Words of two voices with a long pause between 12 s and 20 s."""
    words, at = [], 1000
    for number, text in enumerate(SAID):
        if number == 12:
            at = 20_000
        words.append(Word(text, at, at + 600, 0.3 if number == 3 else 0.9))
        at += 900
    return tuple(words)


VOICES = (VoiceSegment(0, 12_000, "A"), VoiceSegment(19_000, 40_000, "B"))


def write_sound(path: Path, seconds: int = SECONDS) -> Path:
    times = np.arange(seconds * RATE_HZ) / RATE_HZ
    loud = (0.3 * np.sin(2 * np.pi * 220 * times) * (0.5 + 0.5 * np.sin(2 * np.pi * 0.7 * times))) * 32767
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(loud.astype("<i2").tobytes())
    return path


@dataclass
class House:
    """Services whose slow and random parts are fakes, and where things are."""

    services: Services
    engine: FakeEngine
    output: FakeOutput
    vault: Path
    recording: Path


@pytest.fixture
def house(tmp_path: Path, cheap_kdf: KdfParams) -> House:
    engine = FakeEngine(spoken(), VOICES, ("Which voice is whose was guessed.",), read_sound=False)
    output = FakeOutput()
    text = resource_path("resources", "codebooks", "default.yaml").read_text("utf-8")
    (tmp_path / "model").mkdir()
    services = Services(
        models=AnyModel(tmp_path / "model"),
        default_codebook=text,
        speaker_models=tmp_path / "model",
        make_engine=lambda: engine,
        make_output=lambda: output,
        today=lambda: TODAY,
        kdf=cheap_kdf,
    )
    return House(services, engine, output, tmp_path / "vault", write_sound(tmp_path / "talk.wav"))


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    made = make_application()
    theme_of(made).choose(Mode.LIGHT)
    yield made
    made.clipboard().clear()


def show(window: QWidget, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


@pytest.fixture
def first_window(house: House, app: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window as it is the first time: no vault anywhere."""
    window = make_window(house.services, None, None, app)
    qtbot.addWidget(window)
    show(window, qtbot)
    yield window
    window.close()


@pytest.fixture
def workspace(house: House) -> Workspace:
    made, _key = house.services.create_vault(house.vault, "Anna", Perspective.THERAPIST, PASSPHRASE)
    made.add_consent(CLIENT, frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW}), TODAY)
    return made


@pytest.fixture
def session(workspace: Workspace, house: House) -> SessionId:
    wish = ImportWish(house.recording, CLIENT, TITLE, "2026-11-20")
    return import_file(workspace, wish, lambda _done: None, lambda: False).session.session


@pytest.fixture
def window(
    house: House, workspace: Workspace, session: SessionId, app: QApplication, qtbot: QtBot
) -> Iterator[MainWindow]:
    """The window with one session open and no transcript yet."""
    made = MainWindow(house.services, app)
    qtbot.addWidget(made)
    made.adopt(workspace)
    made.open_session(session)
    show(made, qtbot)
    yield made
    made.close()


@pytest.fixture
def press(qtbot: QtBot) -> Callable[..., None]:
    """Press keys on whatever has the focus, as a person does: text, or Qt.Key with modifiers."""

    def pressed(key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key, modifier)

    return pressed


@pytest.fixture
def transcribed(window: MainWindow, session: SessionId, qtbot: QtBot) -> MainWindow:
    from supervise.domain.transcript import TranscribeSettings

    assert window.desk is not None
    window.desk.queue.enqueue(session, TranscribeSettings(language="en"))
    qtbot.waitUntil(lambda: not window.desk.queue.step())
    qtbot.waitUntil(lambda: len(window.view.transcript.rows.rows) > 0)
    return window


__all__ = ["CLIENT", "PASSPHRASE", "TITLE", "House", "codebook"]
