"""Settings and keys: times that suit a person's hands, the look, and every key with its deed."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from supervise.ui.actions import Actions
from supervise.ui.choices import narrow
from supervise.ui.pieces import add_field, as_rows, button, column, form, label, row, say
from supervise.ui.settings import LIMITS, Settings
from supervise.ui.theme import EDGE, GAP, Mode

LOOKS = {Mode.SYSTEM: "As the system is", Mode.LIGHT: "Light", Mode.DARK: "Dark"}
INDENT = 6
LAG = "A hand marks later than an ear hears: a mark is put this much earlier while the sound plays."

NATIVE = QKeySequence.SequenceFormat.NativeText
LIVE_LAG = "The same for marks made while a session is being recorded."


class SettingsDialog(QDialog):
    """Emits whole settings when they are accepted."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, settings: Settings, outputs: Sequence[str] = ()) -> None:
        """Show what is set; `outputs` are the devices that can play."""
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setMinimumWidth(520)
        self._settings = settings
        body = column(self, EDGE + 4, GAP + 2)
        fields = form()
        self.look = QComboBox()
        for mode, words in LOOKS.items():
            self.look.addItem(words, mode.value)
        self.look.setCurrentIndex(max(self.look.findData(settings.look), 0))
        add_field(fields, "&Look", self.look)
        self.lag = _seconds("reaction_lag_ms", settings.reaction_lag_ms)
        add_field(fields, "&Reaction lag", self.lag)
        fields.addRow("", label(LAG, "muted"))
        self.live_lag = _seconds("live_lag_ms", settings.live_lag_ms)
        add_field(fields, "Lag while re&cording", self.live_lag)
        fields.addRow("", label(LIVE_LAG, "muted"))
        self.pre_roll = _seconds("pre_roll_ms", settings.pre_roll_ms)
        add_field(fields, "R&un-up before a moment", self.pre_roll)
        self.minutes = _minutes(settings.lock_minutes)
        add_field(fields, "L&ock when idle for", self.minutes)
        self.output = _outputs(settings.output, outputs)
        add_field(fields, "&Play sound on", self.output)
        body.addLayout(fields)
        body.addWidget(label("Settings are saved inside the vault, for your profile.", "muted"))
        body.addStretch(1)
        body.addLayout(row(1, button("Cancel", self.reject), button("Save", self._on_save, "primary")))

    def _on_save(self) -> None:
        self.chosen.emit(
            replace(
                self._settings,
                look=str(self.look.currentData()),
                reaction_lag_ms=round(self.lag.value() * 1000),
                pre_roll_ms=round(self.pre_roll.value() * 1000),
                lock_minutes=self.minutes.value(),
                live_lag_ms=round(self.live_lag.value() * 1000),
                output=str(self.output.currentData()),
            )
        )
        self.accept()


def _minutes(value: int) -> QSpinBox:
    made = QSpinBox()
    made.lineEdit().setTextMargins(INDENT, 0, 0, 0)
    made.setRange(*LIMITS["lock_minutes"])
    made.setSuffix(" min")
    made.setValue(value)
    return made


def _outputs(chosen: str, there: Sequence[str]) -> QComboBox:
    made = QComboBox()
    made.addItem("What the system uses", "")
    for name in there:
        made.addItem(name, name)
    if chosen and chosen not in there:
        made.addItem(f"{chosen} (not there now)", chosen)
    made.setCurrentIndex(max(made.findData(chosen), 0))
    narrow(made, 24)
    return made


def _seconds(name: str, value_ms: int) -> QDoubleSpinBox:
    least, most = LIMITS[name]
    made = QDoubleSpinBox()
    made.lineEdit().setTextMargins(INDENT, 0, 0, 0)
    made.setRange(least / 1000, most / 1000)
    made.setDecimals(1)
    made.setSingleStep(0.5)
    made.setSuffix(" s")
    made.setValue(value_ms / 1000)
    return made


def _key_field() -> QKeySequenceEdit:
    made = QKeySequenceEdit()
    made.setMaximumSequenceLength(1)
    made.setAccessibleName("New keys")
    return made


class KeysDialog(QDialog):
    """Every key; choose a line, press other keys, and it is changed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, actions: Actions, settings: Settings, can_change: bool) -> None:
        """List the actions."""
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.resize(620, 640)
        self._actions = actions
        self._settings = settings
        self.words = QLineEdit()
        self.words.setPlaceholderText("Filter, for example: play")
        self.words.setAccessibleName("Filter keys")
        self.words.textChanged.connect(self._fill)
        self.table = self._table()
        self.edit = _key_field()
        self.edit.keySequenceChanged.connect(self._look)
        self.change = button("Use these keys", self._on_change)
        self.back = button("Use the standard keys", self._on_back)
        self.problem = label("", "error")
        self.problem.hide()
        self._rows: list[str] = []
        body = column(self, EDGE + 4, GAP + 2)
        body.addWidget(self.words)
        body.addWidget(self.table, 1)
        self.editor = QWidget()
        fields = row(label("New keys", wrap=False), self.edit, self.change, self.back, 1)
        column(self.editor).addLayout(fields)
        self.editor.setVisible(can_change)
        body.addWidget(self.editor)
        body.addWidget(self.problem)
        body.addLayout(row(1, button("Close", self.accept, "primary")))
        self._fill()

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setAccessibleName("Keys")
        table.setHorizontalHeaderLabels(["What it does", "Menu", "Keys"])
        as_rows(table, single=False)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, 100)
        table.setColumnWidth(2, 190)
        table.currentCellChanged.connect(self._on_row)
        return table

    def _fill(self) -> None:
        wanted = self.words.text().casefold().split()
        self._rows = []
        self.table.setRowCount(0)
        for name, spec in self._actions.specs.items():
            text = spec.text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
            menu = spec.menu.replace("&", "")
            keys = ", ".join(key.toString(NATIVE) for key in self._actions.every_key_of(name))
            if not all(word in f"{text} {menu} {keys}".casefold() for word in wanted):
                continue
            self._rows.append(name)
            number = self.table.rowCount()
            self.table.insertRow(number)
            shown = f"Mark “{text}”" if name.startswith("code:") else text
            for place, words in enumerate((shown, menu, keys or "none")):
                item = QTableWidgetItem(words)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                self.table.setItem(number, place, item)
        if self._rows:
            self.table.setCurrentCell(0, 0)

    @property
    def _name(self) -> str:
        number = self.table.currentRow()
        return self._rows[number] if 0 <= number < len(self._rows) else ""

    def _on_row(self, *_places: int) -> None:
        if self._name:
            self.edit.setKeySequence(QKeySequence(self._actions.keys_of(self._name)))
        say(self.problem, "")

    def _look(self) -> None:
        keys = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        other = self._actions.taken_by(keys, self._name) if keys else ""
        words = self._actions.specs[other].text.replace("&", "").rstrip("…") if other else ""
        say(self.problem, f"These keys already do: {words}." if other else "")
        self.change.setEnabled(bool(self._name) and not other)

    def _on_change(self) -> None:
        keys = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        self._use(self._settings.with_key(self._name, keys))

    def _on_back(self) -> None:
        if self._name:
            self._use(self._settings.with_key(self._name, None))

    def _use(self, settings: Settings) -> None:
        number = self.table.currentRow()
        self._settings = settings
        self.chosen.emit(settings)
        self._fill()
        self.table.setCurrentCell(min(number, self.table.rowCount() - 1), 0)
