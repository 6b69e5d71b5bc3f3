"""What the window's tests stand on: a scripted house of services, its sound, and a hand that drags."""

import wave
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from supervise.audio.fake_output import FakeOutput
from supervise.bootstrap import Services
from supervise.domain.transcript import Word
from supervise.resources import resource_path
from supervise.speech.events import VoiceSegment
from supervise.speech.fake import FakeEngine
from supervise.speech.models import ModelStore, Registry
from supervise.ui.waveform import Waveform

TODAY = date(2026, 11, 23)
PASSPHRASE = "quiet river seven lamps"
CLIENT = "C-012"
TITLE = "Third session"
SECONDS = 40
RATE_HZ = 8000
_TALK = "I do not know what to say about it. It was fine. Really it was fine. Shall we talk about the sheet"
SAID = tuple(_TALK.split())


class AnyModel(ModelStore):
    """Finds every model in an empty folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Registry.load(resource_path("models", "registry.toml")), [folder])
        self._anywhere = folder

    def find(self, name: str) -> Path:
        return self._anywhere


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


def at(wave: Waveform, ms: int, lane: int = -1) -> QPoint:
    layout = wave.layout_now()
    y = 60 if lane < 0 else layout.lane_top(lane) + layout.lane_height // 2
    return QPoint(round(wave.x_of(ms)), y)


def drag(wave: Waveform, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(wave, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(wave, (start + end) / 2)
    QTest.mouseMove(wave, end)
    QTest.mouseRelease(wave, Qt.MouseButton.LeftButton, pos=end)


def show(window: QWidget, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
