"""What a bug says on the terminal: places in the program, nothing of a person's."""

import subprocess
import sys

SCRIPT = """
import sys
from supervise.__main__ import say_where
sys.excepthook = say_where
raise KeyError("what the client said")
"""


def test_a_bug_names_places_and_no_content() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "KeyError" in done.stderr
    assert "what the client said" not in done.stderr
