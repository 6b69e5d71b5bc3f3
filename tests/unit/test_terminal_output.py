"""What the terminal writes: nothing in a note or a codebook can steer it, and JSON stays one line."""

import json

import pytest

from supervise.cli.output import answer, complain, harmless
from supervise.domain.errors import UsageError

STEERING = "a\x1b]0;title\x07\x1b[2J\x9b31m\x7f\u202etxt.exe\r\u2028b"


def test_control_and_direction_marks_are_shown_as_such():
    shown = harmless(STEERING)
    assert shown.startswith("a�]0;title��[2J�31m��txt.exe")
    assert harmless("äöü 漢字 😀 é\tx\ny") == "äöü 漢字 😀 é\tx\ny"


def test_answers_and_complaints_are_harmless(capsys):
    answer({}, STEERING, as_json=False)
    complain(UsageError(STEERING), as_json=False)
    written = capsys.readouterr()
    assert "\x1b" not in written.out + written.err


@pytest.mark.parametrize("text", [STEERING, "😀", "line\nline", "\udcff", "\u0085x\u2029y"])
def test_json_is_one_line_and_keeps_every_letter(capsys, text):
    answer({"note": text}, "", as_json=True)
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert out.isprintable() or out.strip().isprintable()
    assert json.loads(out) == {"note": text}
