"""A day field: Tab leaves it at once, arrows change it, days to come are refused."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from supervise.ui.date_field import DateField


def test_tab_goes_through_a_day_in_one_press_each_way(app: object, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    before, field, after = QLineEdit(), DateField(date(2026, 11, 23), date(2026, 11, 23)), QLineEdit()
    rows = QVBoxLayout(page)
    for part in (before, field, after):
        rows.addWidget(part)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert after.hasFocus()
    qtbot.keyClick(after, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.day == date(2026, 11, 23)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.day < date(2026, 11, 23)
