"""The check that fails untidy tests, where Qt is concerned."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from leftovers import Leftovers


def test_an_active_timer_is_seen(qapp):
    before, timer = Leftovers.now(), QTimer(interval=60_000)
    timer.start()
    assert before.new_ones(grace_s=0.0) == ["timer of NoneType, 60000 ms"]
    timer.stop()
    assert before.new_ones(grace_s=0.0) == []


def test_an_open_window_is_seen(qapp):
    before, window = Leftovers.now(), QWidget()
    window.show()
    assert before.new_ones(grace_s=0.0) == ["open window QWidget"]
    window.close()
    assert before.new_ones(grace_s=0.0) == []


def test_a_timer_of_a_kind_made_by_hand_is_seen_too(qapp):
    class Metronome(QTimer):
        pass

    before, timer = Leftovers.now(), Metronome(interval=60_000)
    timer.start()
    assert before.new_ones(grace_s=0.0) == ["timer of NoneType, 60000 ms"]
    timer.stop()
    assert before.new_ones(grace_s=0.0) == []
