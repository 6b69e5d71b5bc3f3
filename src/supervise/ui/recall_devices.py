"""What a recall is held with: room, microphone with its level, loudspeaker. Opens nothing before it may."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from supervise.app.recall_sound_check import RecallSoundCheck, TriedSound
from supervise.app.sound_check import MONITOR, InputInfo, LiveLevels
from supervise.bootstrap import Services
from supervise.domain.errors import DeviceMissingError, SuperviseError
from supervise.ui.choices import narrow, typed
from supervise.ui.desk import attempt
from supervise.ui.pieces import add_field, button, column, form, label, row, set_role
from supervise.ui.plain_words import said
from supervise.ui.recording_parts import LevelMeter
from supervise.ui.rooms import recall_devices
from supervise.ui.settings import Settings
from supervise.ui.theme import GAP

POLL_MS = 50
AGAIN_LOOKS = 20
SETTLED_LOOKS = 6  # a consent that changes with every letter typed must not open and close the device
SYSTEM = "As the system is set"
NO_MICROPHONE = (
    "Nothing can record on this computer. Plug in a microphone; it is looked for again each second."
)
HEADPHONES = (
    "Headphones are best: the microphone then hears whoever speaks, and not the session once more. What "
    "is chosen here is remembered for the room."
)
CHECK, STOP = "&Sound check", "&Stop the sound check"
WHAT = "Some notes are played, and you are told whether the microphone hears them."
QUIET = "Be quiet for a moment: some notes are played."
APART = "The notes were played. The microphone does not hear the loudspeaker."
LEAKS = "The microphone hears the loudspeaker ({db} dB). Use headphones, or put the two further apart."
NOT_YET = "The level is shown once the consent covers this recall."


class RecallDevices(QWidget):
    """Holds the microphone open for its level while it may; `release` gives it back."""

    changed = Signal()

    def __init__(self, services: Services, settings: Settings) -> None:
        """Offer the rooms known and the devices there are."""
        super().__init__()
        self._services, self._settings = services, settings
        self._live: LiveLevels | None = None
        self._check: RecallSoundCheck | None = None
        self._problem, self._allowed, self._since, self._looks = "", False, 0, 0
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)
        self._fill()
        self.room.setCurrentText(settings.room or next(iter(settings.rooms), ""))
        self._use_room()
        self.room.activated.connect(lambda _number: self._use_room())
        for choice in (self.microphone, self.loudspeaker):
            choice.activated.connect(lambda _number: self._on_other())

    def _build(self) -> None:
        body = column(self, 0, GAP)
        fields = form()
        self.room = typed(list(self._settings.rooms), "Its name, to have this again")
        self.microphone, self.loudspeaker = QComboBox(), QComboBox()
        add_field(fields, "&Room", self.room)
        add_field(fields, "&Microphone", self.microphone)
        add_field(fields, "&Loudspeaker", self.loudspeaker)
        for choice in (self.microphone, self.loudspeaker):
            narrow(choice, 18)
        body.addLayout(fields)
        self.meter = LevelMeter()
        body.addWidget(self.meter)
        self.words = label("", "warn")
        self.words.setMinimumHeight(self.words.fontMetrics().height() * 2)
        body.addWidget(self.words)
        self.check = button(CHECK, self.turn_check)
        self.heard = label(WHAT, "muted")
        self.heard.setMinimumHeight(self.heard.fontMetrics().height() * 2)
        line = row(self.check, self.heard)
        line.setStretch(1, 1)
        body.addLayout(line)
        body.addWidget(label(HEADPHONES, "muted"))

    # --- what is chosen

    @property
    def chosen(self) -> tuple[str, str, str]:
        """Room, microphone and loudspeaker as chosen now; empty stands for no name, or the system's own."""
        room = self.room.currentText().strip()
        return room, str(self.microphone.currentData() or ""), str(self.loudspeaker.currentData() or "")

    def choose(self, room: str, microphone: str, loudspeaker: str) -> None:
        """Choose these, as far as they are there."""
        self.room.setCurrentText(room)
        for box, name in ((self.microphone, microphone), (self.loudspeaker, loudspeaker)):
            if box.findData(name) >= 0:
                box.setCurrentIndex(box.findData(name))
        self._reopen()

    @property
    def ready(self) -> bool:
        """Whether there is a microphone."""
        return self.microphone.count() > 0

    def _fill(self) -> None:
        held = self.microphone.currentData(), self.loudspeaker.currentData()
        try:
            found = self._services.name_inputs()
            self._problem = "" if found else NO_MICROPHONE
        except DeviceMissingError as error:
            found, self._problem = (), said(error)
        inputs: list[InputInfo] = [info for info in found if info.kind != MONITOR] or list(found)
        self.microphone.clear()
        for info in inputs:
            self.microphone.addItem(info.name, info.name)
        self.loudspeaker.clear()
        self.loudspeaker.addItem(SYSTEM, "")
        for name in self._services.output_names():
            self.loudspeaker.addItem(name, name)
        for box, data in zip((self.microphone, self.loudspeaker), held, strict=True):
            box.setCurrentIndex(max(box.findData(data), 0) if box.count() else -1)

    def _use_room(self) -> None:
        microphone, loudspeaker = recall_devices(self._settings, self.room.currentText().strip())
        missing = []
        for box, name in ((self.microphone, microphone), (self.loudspeaker, loudspeaker)):
            if name and box.findData(name) < 0:
                missing.append(name)
            elif name:
                box.setCurrentIndex(box.findData(name))
        if missing:
            self._problem = f"“{missing[0]}”, used in this room before, is not there now."
        self._reopen()

    def _on_other(self) -> None:
        """With another device, what was found of the one before is not said any more."""
        self._tell(WHAT)
        self._reopen()

    # --- hearing

    def begin(self) -> None:
        """Show the level as soon as it may be opened."""
        self._timer.start()

    def allow(self, allowed: bool) -> None:
        """Say whether the microphone may be opened; closed at once when not, opened a moment later."""
        if allowed != self._allowed:
            self._allowed, self._since = allowed, self._looks
            if not allowed:
                self._close()

    def release(self) -> None:
        """Give the microphone back."""
        self._timer.stop()
        self._close()

    def _close(self) -> None:
        if self._live is not None:
            self._live.close()
            self._live = None
        if self._check is not None:
            self._check.close()
            self._check = None
            self._tell(WHAT)
        self.check.setText(CHECK)
        self.check.setEnabled(self._allowed and self.ready)
        self.meter.clear()

    def _reopen(self) -> None:
        self._close()
        if self._allowed and self.ready and self._timer.isActive():
            attempt(self._open, self._failed)
        self.check.setEnabled(self._allowed and self.ready)
        self.changed.emit()

    def _open(self) -> None:
        self._live = LiveLevels(self._services.make_input(self.chosen[1]), 1)
        self._problem = ""

    def _failed(self, error: SuperviseError) -> None:
        self._problem = said(error)

    def _look(self) -> None:
        self._looks += 1
        if self._check is not None:
            self._look_at_check(self._check)
        elif self._live is not None and not self._live.gone:
            self.meter.show_levels(self._live.levels())
        elif self._live is not None or (not self.ready and self._looks % AGAIN_LOOKS == 0):
            self._close()
            self._fill()
            self._reopen()
        elif self._allowed and self.ready and self._looks - self._since >= SETTLED_LOOKS:
            self._since = self._looks + AGAIN_LOOKS
            self._reopen()
        words = self._problem or self.meter.advice or ("" if self._allowed else NOT_YET)
        if self.words.text() != words:
            self.words.setText(words)

    # --- the sound check

    def turn_check(self) -> None:
        """Play some notes and hear what comes back of them, or stop that."""
        busy = self._check is not None
        self._close()
        if busy or not (self._allowed and self.ready):
            self._reopen()
            return
        _, microphone, loudspeaker = self.chosen

        def begin() -> None:
            device = self._services.make_input(microphone)
            output = self._services.make_output(loudspeaker or self._settings.output)
            self._check = RecallSoundCheck(device, output)

        if attempt(begin, self._check_failed):
            self.check.setText(STOP)
            self._tell(QUIET)

    def _look_at_check(self, check: RecallSoundCheck) -> None:
        self.meter.show_levels(check.levels())
        found: list[TriedSound] = []
        if attempt(lambda: found.extend(filter(None, [check.poll()])), self._check_failed) and found:
            self._check = None
            self._reopen()
            leaked = found[0].leaked_db
            if found[0].leaks and leaked is not None:
                self._tell(LEAKS.format(db=round(leaked)), "warn")
            else:
                self._tell(APART, "good")

    def _check_failed(self, error: SuperviseError) -> None:
        self._check = None
        self._reopen()
        self._tell(said(error), "error")

    def _tell(self, words: str, role: str = "muted") -> None:
        self.heard.setText(words)
        if self.heard.property("role") != role:
            set_role(self.heard, role)
