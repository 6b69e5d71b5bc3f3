"""A label of one line that gives way: what does not fit ends in an ellipsis, and a tooltip has it whole."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption

from supervise.ui.tips import plain_tip


class ElidedLabel(QLabel):
    """Never asks for more room than a few letters; takes up to the room of its whole text."""

    LEAST_LETTERS = 4

    def __init__(self, role: str = "") -> None:
        """Start empty; `role` is a word the style sheet knows."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * self.LEAST_LETTERS, super().sizeHint().height())

    def setText(self, text: str) -> None:
        """Say something else; the tooltip never says what was said before."""
        super().setText(text)
        self._tell()

    def clear(self) -> None:
        """Say nothing, the tooltip neither: it would outlive a lock."""
        self.setText("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the whole text in a tooltip when it does not fit."""
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(plain_tip(self.text() if cut else ""))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        look = QStyleOption()
        look.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, look, painter, self)
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, words)
