"""A quiet strip above the library: what falls due soon, and where that is decided."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supervise.ui.pieces import button, column, label, row

MOST = 3


class AheadStrip(QWidget):
    """Takes no room while nothing lies ahead."""

    wished = Signal()

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self.words = label("", "notice")
        self.more = button("What is kept…", self.wished.emit)
        line = row(self.words, self.more)
        line.setStretch(0, 1)
        column(self).addLayout(line)
        self.hide()

    def show_ahead(self, sentences: Sequence[str]) -> None:
        """Show the first sentences, and how many more there are."""
        shown = list(sentences[:MOST])
        left = len(sentences) - len(shown)
        if left:
            shown.append(f"And {left} more.")
        self.words.setText("\n".join(shown))
        self.setVisible(bool(shown))
