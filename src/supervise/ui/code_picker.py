"""Choosing a code: type a few letters of its name, family or meaning; the meaning is shown below."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from supervise.domain.codebook import Code, Codebook, Family
from supervise.ui.patterns import paint_swatch
from supervise.ui.pieces import button, column, label, row
from supervise.ui.theme import EDGE, colors
from supervise.ui.tips import plain_tip
from supervise.ui.wave_paint import short_label

WHO = {"C": "client", "T": "therapist", "D": "both", "R": "recaller", "Q": "inquirer", "S": "supervisor"}
GESTURES = {"point": "a point", "span": "a span", "either": "a point or a span"}
UNHEARD = {"partial": "The voice gives only part of the sign.", "none": "It cannot be heard in the sound."}


def swatch_icon(family: Family) -> QIcon:
    """Return a small sample of a family for lists and buttons."""
    pixmap = QPixmap(36, 28)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    paint_swatch(painter, QRect(QPoint(1, 1), QSize(16, 12)), family, colors())
    painter.end()
    return QIcon(pixmap)


def explained(code: Code) -> str:
    """Say what a code means, whose behaviour it is, and how it is marked."""
    who = " or ".join(WHO.get(letter, letter) for letter in code.speakers)
    parts = [code.definition, f"{who.capitalize()}. Marked as {GESTURES[code.kind]}." if who else ""]
    parts.append(UNHEARD.get(code.audio, ""))
    if code.private:
        parts.append("Private unless you say otherwise.")
    return " ".join(part for part in parts if part)


def matching(codebook: Codebook, words: str) -> list[Code]:
    """Return the codes that have every word in label, id, family or definition; labels first."""
    wanted = words.casefold().split()
    families = {family.family: family.label for family in codebook.families}
    found = []
    for number, code in enumerate(codebook.codes):
        label_text = f"{code.label} {code.code}".casefold()
        text = f"{label_text} {families.get(code.family, '')} {code.definition}".casefold()
        if all(word in text for word in wanted):
            near = 0 if all(word in label_text for word in wanted) else 1
            found.append((near, 0 if code.core or wanted else 1, number, code))
    return [entry[3] for entry in sorted(found, key=lambda entry: entry[:3])]


class CodePicker(QDialog):
    """A search field, a list and an explanation; Down goes to the list, Return takes the code."""

    chosen = Signal(str)

    def __init__(self, codebook: Codebook, parent: QWidget | None = None) -> None:
        """Offer every code of `codebook`."""
        super().__init__(parent)
        self.setWindowTitle("Choose a code")
        self._codebook = codebook
        self.words = QLineEdit()
        self.words.setPlaceholderText("Search codes, for example: silence, goal, repair")
        self.words.setAccessibleName("Search codes")
        self.words.textChanged.connect(self._fill)
        self.list = QListWidget()
        self.list.setAccessibleName("Codes")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._explain)
        self.list.itemActivated.connect(self._take)
        self.meaning = label("", "muted")
        self.meaning.setMinimumHeight(64)
        self.meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        body = column(self, EDGE)
        body.addWidget(self.words)
        body.addWidget(self.list, 1)
        body.addWidget(self.meaning)
        self.take_button = button("Use this code", self._take_current, "primary")
        body.addLayout(row(1, button("Cancel", self.reject), self.take_button))
        self.resize(520, 560)
        self._fill("")
        QTimer.singleShot(0, self.words, self.words.setFocus)

    def _fill(self, words: str) -> None:
        self.list.clear()
        families = {family.family: family for family in self._codebook.families}
        icons = {name: swatch_icon(family) for name, family in families.items()}
        for code in matching(self._codebook, words):
            family = families[code.family]
            item = QListWidgetItem(icons[code.family], f"{code.label}   ·   {short_label(family.label)}")
            item.setData(Qt.ItemDataRole.UserRole, code.code)
            item.setToolTip(plain_tip(explained(code)))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.take_button.setEnabled(self.list.count() > 0) if hasattr(self, "take_button") else None

    def _explain(self, item: QListWidgetItem | None) -> None:
        if item is None:
            self.meaning.setText("No code fits these words.")
            return
        self.meaning.setText(explained(self._codebook.code(item.data(Qt.ItemDataRole.UserRole))))

    def _take_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._take(item)

    def _take(self, item: QListWidgetItem) -> None:
        self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole)))
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows in the search field move through the list."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.words.hasFocus():
            target = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
            self.list.setCurrentRow(target)
            return
        super().keyPressEvent(event)
