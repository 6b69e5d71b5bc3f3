"""What a search of the library found, with the words found made bold."""

import html
import re

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAbstractTextDocumentLayout, QPainter, QPalette, QTextDocument
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from supervise.app.searching import Hits
from supervise.domain.ids import SessionId
from supervise.domain.times import clock
from supervise.ui.theme import colors
from supervise.ui.transcript_rows import Index

KINDS = {"transcript": "said", "note": "note"}
HtmlRole = Qt.ItemDataRole.UserRole + 1


def bold(text: str, words: str) -> str:
    """Return `text` as HTML with each of `words` bold."""
    parts = [re.escape(html.escape(part)) for part in words.replace('"', " ").split()]
    safe = html.escape(text)
    return re.sub(rf"\b({'|'.join(parts)})\b", r"<b>\1</b>", safe, flags=re.IGNORECASE) if parts else safe


class HitDelegate(QStyledItemDelegate):
    """Two lines of rich text made here from plain text."""

    def _document(self, option: QStyleOptionViewItem, index: Index) -> QTextDocument:
        document = QTextDocument()
        document.setDefaultFont(option.font)
        document.setDocumentMargin(8)
        document.setHtml(str(index.data(HtmlRole)))
        document.setTextWidth(max(option.rect.width(), 200))
        return document

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one hit."""
        painter.save()
        look = colors()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, look.accent_soft)
        painter.translate(option.rect.topLeft())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, look.text)
        document = self._document(option, index)  # held: its layout dies with it
        document.documentLayout().draw(painter, context)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as the text."""
        return self._document(option, index).size().toSize()


class HitsList(QListWidget):
    """Return or a double click opens the session at the place."""

    opened = Signal(str, int)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.setAccessibleName("Places found")
        self.setItemDelegate(HitDelegate(self))
        self.setWordWrap(True)
        self.itemActivated.connect(self._on_activated)

    def show_hits(self, hits: Hits, titles: dict[SessionId, str], words: str) -> None:
        """Show what was found for `words`; `titles` says which session is which."""
        self.clear()
        muted = colors().muted
        for hit in hits.hits:
            kind = KINDS.get(hit.kind, hit.kind)
            head = f"{titles.get(hit.session, 'Session')} · {clock(hit.start_ms)} · {kind}"
            said = bold(hit.snippet, words)
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{head}: {hit.snippet}")
            item.setData(HtmlRole, f"<span style='color:{muted}'>{html.escape(head)}</span><br>{said}")
            item.setData(Qt.ItemDataRole.UserRole, (hit.session, hit.start_ms))
            self.addItem(item)
        self.setCurrentRow(0)

    def _on_activated(self, item: QListWidgetItem) -> None:
        session, start_ms = item.data(Qt.ItemDataRole.UserRole)
        self.opened.emit(session, start_ms)
