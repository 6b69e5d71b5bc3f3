"""What other people wrote stays words in a tooltip: no markup, nothing opened that it names."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication

import supervise.ui
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.tips import plain_tip

HOSTILE = '<img src="file://elsewhere/share/x.png"> & <b>R-02</b>'


def test_markup_is_shown_as_it_was_written(qapp: QApplication) -> None:
    shown = plain_tip(HOSTILE)
    assert "<img" not in shown
    assert QTextDocumentFragment.fromHtml(shown).toPlainText() == HOSTILE
    assert plain_tip("Was < there & then") == "Was < there & then"


def test_a_label_that_gives_way(qapp: QApplication) -> None:
    line = ElidedLabel()
    line.setText(HOSTILE)
    line.resize(40, 20)
    line.show()
    assert line.toolTip() == plain_tip(HOSTILE)
    line.close()


@pytest.mark.parametrize(
    "path", sorted(Path(supervise.ui.__file__).parent.glob("*.py")), ids=lambda p: p.stem
)
def test_nothing_but_our_own_words_goes_into_a_tooltip_unchecked(path: Path) -> None:
    ours = {"name", "words", "hint", "opens", "STATE_WORDS[now.state]"}
    for argument in re.findall(r"setToolTip\(([^\n]*)\)$", path.read_text(encoding="utf-8"), re.MULTILINE):
        fine = argument.startswith(('"', 'f"', "plain_tip(")) or argument in ours
        assert fine, f"{path.name}: setToolTip({argument})"
