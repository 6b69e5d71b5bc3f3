"""Naming the voices of a session: who is who, swapped or merged in one go, and said to be a guess."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QMenu, QWidget

from supervise.domain.speakers import SpeakerNames
from supervise.ui.elided_label import ElidedLabel
from supervise.ui.pieces import label, row, stop_before, tool_button
from supervise.ui.theme import EDGE, GAP

OFFERED = ("Therapist", "Client", "Supervisor", "Partner")
GUESS = "Voices told apart by the program: a guess"


class SpeakersBar(QFrame):
    """One field for each voice label; emits wishes."""

    named = Signal(str, str)
    swap_wished = Signal(str, str)
    merge_wished = Signal(str, str)

    def __init__(self, offered: Sequence[str] = OFFERED, *, joining: bool = True) -> None:
        """Begin hidden, until a transcript has voices; offer these names, and merging if `joining`."""
        super().__init__()
        self._offered, self._joining = tuple(offered), joining
        self.setProperty("role", "topbar")
        self._labels: tuple[str, ...] = ()
        self.boxes: dict[str, QComboBox] = {}
        self._fields = QHBoxLayout()
        self._fields.setSpacing(GAP)
        self.swap = tool_button("swap", "Swap the two voices' names")
        self.swap.clicked.connect(self._on_swap)
        self.merge = tool_button("voices", "Two voices were one person: merge")
        self.merge.clicked.connect(self._on_merge)
        self.guess = ElidedLabel("muted")
        self.guess.setText(GUESS)
        line = row(gap=GAP)
        line.setContentsMargins(EDGE - 4, GAP - 2, GAP, GAP - 2)
        line.addLayout(self._fields)
        for part in (self.swap, self.merge, self.guess):
            line.addWidget(part)
        line.addStretch(1)
        self.setLayout(line)
        self.hide()

    def show_voices(self, labels: tuple[str, ...], names: SpeakerNames, notes: tuple[str, ...] = ()) -> None:
        """Show the voices of a transcript and what is known about them."""
        if labels != self._labels:
            self._rebuild(labels)
        for voice, box in self.boxes.items():
            held = dict(names.names).get(voice, "")
            with QSignalBlocker(box):
                box.setEditText(held)
                field = box.lineEdit()
                if field is not None:
                    field.setCursorPosition(0)
        self.swap.setVisible(len(labels) == 2)
        self.merge.setVisible(len(labels) > 1 and self._joining)
        doubt = next((note for note in notes if "wrong" in note or "%" in note), "")
        self.guess.setText(doubt or GUESS)
        self.guess.setToolTip("\n".join(notes))
        self.setVisible(bool(labels))

    def _rebuild(self, labels: tuple[str, ...]) -> None:
        while (item := self._fields.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._labels = labels
        self.boxes = {}
        before = stop_before(self.swap)
        for voice in labels:
            known = f"voice-{voice}" if voice in ("A", "B") else "voice-other"
            caption = label(f"Voice {voice}", known, wrap=False)
            box = QComboBox()
            box.setEditable(True)
            box.addItems(self._offered)
            box.setAccessibleName(f"Who voice {voice} is")
            field = QLineEdit()
            field.setPlaceholderText(f"Speaker {voice}")
            field.setMaxLength(60)
            box.setLineEdit(field)
            box.setMinimumWidth(150)
            box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            box.activated.connect(lambda _row, voice=voice: self._commit(voice))
            field.editingFinished.connect(lambda voice=voice: self._commit(voice))
            self._fields.addWidget(caption)
            self._fields.addWidget(box)
            self.boxes[voice] = box
            QWidget.setTabOrder(before, box)
            before = box
            box.setProperty("held", "")

    def _commit(self, voice: str) -> None:
        box = self.boxes.get(voice)
        if box is not None:
            self.named.emit(voice, box.currentText().strip())

    def wish_swap(self) -> None:
        """Swap, when there are two voices."""
        self._on_swap()

    def _on_swap(self) -> None:
        if len(self._labels) == 2:
            self.swap_wished.emit(*self._labels)

    def _on_merge(self) -> None:
        menu = QMenu(self)
        for voice in self._labels:
            for into in self._labels:
                if voice != into:
                    action = menu.addAction(f"Voice {voice} was voice {into}: merge into {into}")
                    action.triggered.connect(
                        lambda _checked=False, voice=voice, into=into: self.merge_wished.emit(voice, into)
                    )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.merge.mapToGlobal(self.merge.rect().bottomLeft()))
