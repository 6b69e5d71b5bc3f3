"""What the program is made of is left out of garbage collections, from both its entrances."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from supervise.app.collecting import hold, settle

TERMINAL = """
import gc, sys
from supervise.__main__ import main
sys.argv = ["supervise", "--version"]
try:
    main()
finally:
    print(gc.isenabled(), gc.get_freeze_count())
"""
WINDOW = """
import gc, sys
from PySide6.QtCore import QTimer
from supervise.__main__ import window
from supervise.ui.app import make_application
QTimer.singleShot(0, make_application().quit)
sys.argv = ["supervise-window"]
try:
    window()
finally:
    print(gc.isenabled(), gc.get_freeze_count())
"""


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    """Leave collection as the other tests want it."""
    yield
    gc.unfreeze()
    gc.enable()
    settle()


def test_nothing_is_collected_until_the_program_has_settled() -> None:
    hold()
    assert not gc.isenabled()
    old: list[object] = []
    old.append(old)
    settle()
    assert gc.isenabled()
    assert not any(thing is old for thing in gc.get_objects())
    late: list[object] = []
    late.append(late)
    assert any(thing is late for thing in gc.get_objects())


@pytest.mark.parametrize(("script", "least"), [(TERMINAL, 20_000), (WINDOW, 50_000)])
def test_each_entrance_settles(script: str, least: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    collects, frozen = done.stdout.split()[-2:]
    assert collects == "True"
    assert int(frozen) > least
