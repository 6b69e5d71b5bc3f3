"""Boxes to choose from: those that may be typed into, and those as narrow as their place."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit

MOST_LETTERS = 60


def typed(offered: Sequence[str], hint: str) -> QComboBox:
    """Return a box that offers names and takes others; `hint` stands in it while it is empty."""
    made = QComboBox()
    made.setEditable(True)
    field = QLineEdit()
    field.setMaxLength(MOST_LETTERS)
    field.setPlaceholderText(hint)
    made.setLineEdit(field)
    made.addItems(list(offered))
    return made


def narrow(box: QComboBox, letters: int) -> None:
    """Let a box be so many letters wide, however long what it offers is."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
