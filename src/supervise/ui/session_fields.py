"""Whose session it is and what it is called: the fields that importing and recording both ask for."""

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QLineEdit

LONGEST_TITLE = 200


def client_field(clients: Iterable[str]) -> QComboBox:
    """Return a field for a client code: one of those known, or a new one; empty at first."""
    field = QComboBox()
    field.setEditable(True)
    field.addItems(list(clients))
    field.setCurrentIndex(-1)
    code = QLineEdit()
    code.setPlaceholderText("A pseudonym, such as C-012; never a name")
    field.setLineEdit(code)
    return field


def title_field() -> QLineEdit:
    """Return a field for a session's title."""
    field = QLineEdit()
    field.setMaxLength(LONGEST_TITLE)
    field.setPlaceholderText("Your own label, seen inside the vault only")
    return field
