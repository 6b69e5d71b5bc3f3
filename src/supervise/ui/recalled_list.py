"""All that was ever recalled about a moment of a session, by whom; each line leads to its place."""

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem

from supervise.app.recall_reading import Recalled
from supervise.ui.focus_frame import paint_focus
from supervise.ui.hits_list import HitDelegate, HtmlRole
from supervise.ui.reading_words import recalled_words
from supervise.ui.theme import colors, theme_of

WORDLESS = "(not transcribed, or nothing was said)"


class RecalledList(QListWidget):
    """Return or a click wishes to go to the place: its recall, and when in it; Escape leaves the list."""

    wished = Signal(str, int)
    left = Signal()

    def __init__(self, *, leaves: bool = False) -> None:
        """Start empty; `leaves` is for a list on a page, whose Escape no dialog waits for."""
        super().__init__()
        self._leaves = leaves
        self.setAccessibleName("What was recalled about this moment")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "plain")
        self.setItemDelegate(HitDelegate(self))
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._found: tuple[Recalled, ...] = ()
        theme_of().changed.connect(self._redraw)
        self.itemActivated.connect(self._on_activated)
        self.itemClicked.connect(self._on_activated)

    def show_recalled(self, found: Sequence[Recalled]) -> None:
        """Show what was found, oldest recall first."""
        self._found = tuple(found)
        self._redraw()
        self.setCurrentRow(0 if found else -1)

    def forget(self) -> None:
        """Show nothing."""
        self.show_recalled(())

    def _redraw(self) -> None:
        """Write the lines in the colours in use."""
        row = self.currentRow()
        self.clear()
        muted = colors().muted
        for entry in self._found:
            head = recalled_words(entry)
            said = " ".join(word.text for word in entry.words)
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{head}: {said or WORDLESS}")
            words = html.escape(said) if said else f"<i>{WORDLESS}</i>"
            item.setData(HtmlRole, f"<span style='color:{muted}'>{html.escape(head)}</span><br>{words}")
            item.setData(Qt.ItemDataRole.UserRole, (str(entry.recall), entry.recall_start_ms))
            self.addItem(item)
        self.setCurrentRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves a list that can be left."""
        if self._leaves and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the list, and a frame while the keys go here."""
        super().paintEvent(event)
        paint_focus(self)

    def _on_activated(self, item: QListWidgetItem) -> None:
        recall, at_ms = item.data(Qt.ItemDataRole.UserRole)
        self.wished.emit(recall, at_ms)
