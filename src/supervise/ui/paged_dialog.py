"""A dialog of several pages: a first one, and others that Escape leads back from."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from supervise.ui.columns import dialog_size
from supervise.ui.pieces import button, column, label, row, say
from supervise.ui.theme import EDGE, GAP


class AskingPage(QWidget):
    """A heading, a word about it, what is asked, and at its foot a problem, Back and the deed."""

    back_wished = Signal()
    wished = Signal()

    def __init__(self, about: str, go: str, role: str = "primary", scrolls: bool = False) -> None:
        """Lay out around an empty `body`."""
        super().__init__()
        outer = column(self, EDGE + 4, GAP + 2)
        self.title = label("", "heading")
        self.about = label("", "muted")
        outer.addWidget(self.title)
        outer.addWidget(self.about)
        say(self.about, about)
        inside = QWidget()
        self.body: QVBoxLayout = column(inside, 0, GAP + 2)
        self._scroll = scrolling(inside) if scrolls else None
        outer.addWidget(self._scroll or inside, 1)
        self.problem = label("", "error")
        self.problem.hide()
        outer.addWidget(self.problem)
        self.back = button("Back", self.back_wished.emit)
        self.go = button(go, self.wished.emit, role)
        self.buttons = row(1, self.back, self.go)
        outer.addLayout(self.buttons)

    def show_problem(self, sentence: str) -> None:
        """Say why it could not be done."""
        say(self.problem, sentence)

    def first(self) -> QWidget:
        """Return what has the focus when the page is shown."""
        return self.go


class Scroller(QScrollArea):
    """Scrolls up and down only, and follows the focus."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is inside as wide as there is room."""
        inside = self.widget()
        if inside is not None:
            inside.setMaximumWidth(event.size().width())
        super().resizeEvent(event)


def scrolling(inside: QWidget) -> QScrollArea:
    """Return `inside` in an area that scrolls up and down and is no stop for the Tab key by itself."""
    area = Scroller()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


class PagedDialog(QDialog):
    """Shows one page at a time; Escape goes to the first, and from there closes."""

    def __init__(self, parent: QWidget, title: str, first: QWidget, width: int, height: int) -> None:
        """Show `first`."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.pages = QStackedWidget()
        self.first = first
        self.pages.addWidget(first)
        column(self, 0, 0).addWidget(self.pages)
        size = dialog_size(parent, width, height)
        self.setMinimumSize(size.boundedTo(QSize(640, 460)))
        self.resize(size)

    def add_page(self, page: AskingPage) -> None:
        """Take a page in; its Back leads to the first."""
        self.pages.addWidget(page)
        page.back_wished.connect(self.show_first)

    def show_page(self, page: AskingPage) -> None:
        """Go to a page. Enter in its fields does the deed, unless the deed is a grave one."""
        page.show_problem("")
        self.pages.setCurrentWidget(page)
        page.go.setDefault(page.go.autoDefault())
        page.first().setFocus()

    @property
    def page(self) -> QWidget | None:
        """The page that is shown."""
        return self.pages.currentWidget()

    def show_first(self) -> None:
        """Go to the first page."""
        self.pages.setCurrentWidget(self.first)
        for one in self.first.findChildren(QPushButton):
            if one.autoDefault():
                one.setDefault(True)
        begin = getattr(self.first, "begin", None)
        if begin is not None:
            begin()

    def reject(self) -> None:
        """Escape goes back a page."""
        if self.page is self.first:
            super().reject()
        elif not isinstance(self.page, AskingPage) or self.page.back.isEnabled():
            self.show_first()
