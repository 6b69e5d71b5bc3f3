"""Small pieces every screen is made of: labels, buttons, rules and fields with their names."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from supervise.ui.icons import icon
from supervise.ui.theme import EDGE, GAP, TARGET, theme_of


def label(text: str, role: str = "", wrap: bool = True) -> QLabel:
    """Return a plain-text label; `role` is a word the style sheet knows."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def button(text: str, clicked: Callable[[], object], role: str = "") -> QPushButton:
    """Return a push button."""
    made = QPushButton(text)
    made.setAutoDefault(role == "primary")
    if role:
        made.setProperty("role", role)
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def tool_button(drawing: str, name: str, color: str = "", size: int = 20) -> QToolButton:
    """Return a button with a drawing; `name` is what screen readers and the tooltip say."""
    made = QToolButton()
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setIconSize(QSize(size, size))
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    dress(made, drawing, color, size)
    return made


class Drawing(QObject):
    """The drawing on a button; draws itself anew when the look changes and dies with its button."""

    def __init__(self, target: QToolButton | QPushButton) -> None:
        """Belong to `target`."""
        super().__init__(target)
        self._target = target
        self.name, self.color, self.size = "", "", 20
        theme_of().changed.connect(self.redraw)

    @Slot()
    def redraw(self) -> None:
        """Put the drawing on the button in the colours in use."""
        shade = getattr(theme_of().colors, self.color) if self.color else ""
        self._target.setIcon(icon(self.name, shade, self.size))


def dress(target: QToolButton | QPushButton, drawing: str, color: str = "", size: int = 20) -> None:
    """Put a drawing on a button; `color` names one of the theme's colours, empty is the text colour."""
    held = target.findChild(Drawing) or Drawing(target)
    held.name, held.color, held.size = drawing, color, size
    held.redraw()


def stop_before(widget: QWidget) -> QWidget:
    """Return the widget that Tab comes from before it reaches `widget`."""
    before = widget.previousInFocusChain()
    while before is not None and before is not widget and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
        before = before.previousInFocusChain()
    return before or widget


def focus_next(panes: Sequence[QWidget], step: int = 1) -> None:
    """Put the focus into the pane `step` (1 or -1) after the one that has it, of those that are shown."""
    shown = [pane for pane in panes if pane.isVisible()]
    focus = QApplication.focusWidget()
    start = -1 if step > 0 else 0
    now = next((number for number, pane in enumerate(shown) if pane is focus), start)
    if shown:
        shown[(now + step) % len(shown)].setFocus()


def rule() -> QFrame:
    """Return a thin horizontal line."""
    made = QFrame()
    made.setProperty("role", "rule")
    return made


def spacer() -> QWidget:
    """Return something that takes the free room in a row."""
    made = QWidget()
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made


def row(*widgets: QWidget | int, gap: int = GAP) -> QHBoxLayout:
    """Return a row without margins; a number is a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(gap)
    for widget in widgets:
        if isinstance(widget, int):
            made.addStretch(widget)
        else:
            made.addWidget(widget)
    return made


def column(parent: QWidget | None = None, margin: int = 0, gap: int = GAP) -> QVBoxLayout:
    """Return a column, set on `parent` when there is one."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    return made


def form() -> QFormLayout:
    """Return a form whose labels wrap above their fields when there is no room."""
    made = QFormLayout()
    made.setSpacing(GAP + 2)
    made.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    made.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return made


class Caption(QLabel):
    """The label of a field; a letter that is underlined stands further from the next than Qt reckons."""

    def sizeHint(self) -> QSize:
        """Room for the last letter."""
        return super().sizeHint() + QSize(4, 0)


def add_field(target: QFormLayout, text: str, widget: QWidget, into: QWidget | None = None) -> QWidget:
    """Add a field whose label is also its name for screen readers.

    `into` is the part of `widget` that is typed into: the label's Alt key and the focus go there.
    """
    caption = Caption(text)
    field = into or widget
    caption.setBuddy(field)
    caption.setMinimumHeight(TARGET)
    field.setAccessibleName(text.replace("&", "").rstrip(":"))
    if into is not None:
        widget.setFocusProxy(into)
    target.addRow(caption, widget)
    return widget


def line_up(*forms: QFormLayout) -> None:
    """Give the labels of several forms one width, so that their fields begin on one line."""
    label_role = QFormLayout.ItemRole.LabelRole
    items = [one.itemAt(number, label_role) for one in forms for number in range(one.rowCount())]
    captions = [part for item in items if item is not None and (part := item.widget()) is not None]
    widest = max(caption.sizeHint().width() for caption in captions)
    for caption in captions:
        caption.setMinimumWidth(widest)


def card(margin: int = EDGE) -> tuple[QFrame, QVBoxLayout]:
    """Return a raised panel and its column."""
    made = QFrame()
    made.setProperty("role", "card")
    return made, column(made, margin)


def say(target: QLabel, text: str) -> None:
    """Show a sentence, or take no room when there is none."""
    target.setText(text)
    target.setVisible(bool(text))


def set_role(widget: QWidget, role: str) -> None:
    """Change a widget's role and let the style sheet see it."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def as_rows(table: QTableView, *, single: bool = True) -> None:
    """Let a table be a list of rows to choose from, one at a time if `single`, and Tab lead out of it."""
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    if single:
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()


def left_headings(table: QTableView) -> QHeaderView:
    """Set the headings of a table left, whatever is chosen in it, and return them."""
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return header


def splitter(way: Qt.Orientation, *parts: QWidget) -> QSplitter:
    """Return parts beside or above each other, with a thin handle between them."""
    made = QSplitter(way)
    for part in parts:
        made.addWidget(part)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(3)
    return made
