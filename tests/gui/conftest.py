"""A real window on a real vault: cheap keys, a scripted speech engine, a sound card made of numpy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_house import CLIENT, PASSPHRASE, TITLE, TODAY, VOICES, AnyModel, House, show, spoken, write_sound
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supervise.app.importing import ImportWish, import_file
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.audio.output import OutputInfo
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.domain.ids import SessionId
from supervise.domain.moments import Perspective
from supervise.resources import resource_path
from supervise.speech.fake import FakeEngine
from supervise.ui.app import make_application, make_window
from supervise.ui.main_window import MainWindow
from supervise.ui.theme import Mode, theme_of
from supervise.ui.wiring import wired_window


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
        make_output=lambda _name: output,
        list_outputs=lambda: (OutputInfo("loudspeakers", True), OutputInfo("headphones", False)),
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
    made = wired_window(house.services, app)
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
