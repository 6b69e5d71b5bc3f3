"""The Qt binding itself: some releases drop a reference to None with each void call, and end in an abort."""

import sys

from PySide6.QtCore import QTimer


def test_void_calls_keep_none_alive(qapp):
    timer = QTimer()
    timer.stop()
    before = sys.getrefcount(None)
    for _ in range(400):
        timer.stop()
    assert sys.getrefcount(None) > before - 200
