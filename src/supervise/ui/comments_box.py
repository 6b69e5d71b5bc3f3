"""Comments on a moment: what others wrote about it, and a field for one's own."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from supervise.domain.ids import ProfileId
from supervise.domain.moments import Comment
from supervise.ui.pieces import button, column, label, row
from supervise.ui.theme import GAP


class CommentsBox(QWidget):
    """Emits the words of a new comment; shows what is stored."""

    written = Signal(str)

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        body = column(self, 0, GAP)
        self.title = label("Comments", wrap=False)
        self.lines = column(None, 0, GAP - 4)
        self.field = QLineEdit()
        self.field.setAccessibleName("New comment")
        self.field.setPlaceholderText("Comment on this moment")
        self.add = button("Add", self._on_add)
        self.add.setAccessibleName("Add the comment")
        self.field.returnPressed.connect(self._on_add)
        body.addWidget(self.title)
        body.addLayout(self.lines)
        body.addLayout(row(self.field, self.add))

    def show_comments(self, comments: Sequence[Comment], names: dict[ProfileId, str]) -> None:
        """Show comments, oldest first."""
        self.forget_lines()
        for comment in comments:
            self.lines.addWidget(label(f"{names.get(comment.author, 'Somebody')}: {comment.text}"))

    def forget_lines(self) -> None:
        """Take the comments off the screen."""
        while (item := self.lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def clear(self) -> None:
        """Forget everything, what is being typed included."""
        self.forget_lines()
        self.field.clear()

    def _on_add(self) -> None:
        if self.field.text().strip():
            words = self.field.text()
            self.field.clear()
            self.written.emit(words)
