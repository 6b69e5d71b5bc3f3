"""Ticks for what a client has agreed to: what is on record stands ticked, and what is lacking is said."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from supervise.domain.consent import Scope
from supervise.ui.pieces import column, label, say
from supervise.ui.theme import GAP

NOT_RECORDED = "Without consent to being recorded it cannot be imported."
KEPT_ONLY = (
    "It can be kept, but neither listened to nor transcribed until the client has also agreed to a "
    "transcript and to your own review."
)
NOT_OPENED = "It can be kept, but not listened to until the client has also agreed to your own review."
NOT_TRANSCRIBED = (
    "It can be listened to and marked, but not transcribed until the client has also agreed to a transcript."
)


def lacking_words(covered: frozenset[Scope]) -> str:
    """Say what cannot be done with a session under `covered`; empty when nothing of the usual is lacking."""
    if Scope.RECORD not in covered:
        return NOT_RECORDED
    wanted = {Scope.TRANSCRIBE, Scope.OWN_REVIEW} - covered
    if not wanted:
        return ""
    if len(wanted) > 1:
        return KEPT_ONLY
    return NOT_OPENED if Scope.OWN_REVIEW in wanted else NOT_TRANSCRIBED


class ScopeBoxes(QWidget):
    """One tick for each scope asked about; `granted` are those ticked now, `covered` those on record too."""

    changed = Signal()

    def __init__(self, asked: Mapping[Scope, str]) -> None:
        """Offer `asked`, nothing on record."""
        super().__init__()
        self._asked = dict(asked)
        self._held: frozenset[Scope] = frozenset()
        self._wanted: set[Scope] = set()
        self.boxes: dict[Scope, QCheckBox] = {}
        body = column(self, 0, GAP - 2)
        for scope, words in asked.items():
            box = QCheckBox(words)
            box.toggled.connect(lambda on, scope=scope: self._on_tick(scope, on))
            self.boxes[scope] = box
            body.addWidget(box)
        self.warning = label("", "warn")
        self.warning.hide()
        body.addWidget(self.warning)

    @property
    def granted(self) -> frozenset[Scope]:
        """The scopes ticked that are not on record yet."""
        return frozenset(self._wanted) - self._held

    @property
    def covered(self) -> frozenset[Scope]:
        """What would be covered with these ticks."""
        return self._held | self.granted

    def show_held(self, held: frozenset[Scope]) -> None:
        """Show what is on record for the client; the person's own ticks come back for another one."""
        if held == self._held:
            return
        self._held = held
        for scope, box in self.boxes.items():
            on_record = scope in held
            with QSignalBlocker(box):
                box.setChecked(on_record or scope in self._wanted)
            box.setText(f"{self._asked[scope]} (on record)" if on_record else self._asked[scope])
            box.setEnabled(not on_record)

    def warn(self, *, known: bool) -> None:
        """Say what is lacking, once it is known whose session it is or something is ticked."""
        say(self.warning, lacking_words(self.covered) if known or self._wanted else "")

    def _on_tick(self, scope: Scope, on: bool) -> None:
        (self._wanted.add if on else self._wanted.discard)(scope)
        self.changed.emit()
