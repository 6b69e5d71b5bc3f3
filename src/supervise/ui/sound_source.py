"""Choosing what records: the room, the microphones by name, a live level, a sound check that plays back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from supervise.app.hearing import Hearing
from supervise.app.sound_check import CHECK_MS, MONITOR, InputInfo, LiveLevels, SoundCheck, verdict
from supervise.bootstrap import Services
from supervise.domain.errors import DeviceMissingError, SuperviseError
from supervise.ui.choices import narrow, typed
from supervise.ui.desk import attempt
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.plain_words import said
from supervise.ui.recording_parts import FLOOR_DB, LevelMeter
from supervise.ui.rooms import FIRST_WORDS, SECOND_WORDS, WAY_WORDS, Room, Way
from supervise.ui.theme import GAP

POLL_MS = 50
AGAIN_LOOKS = 20
NOTHING = "Nothing can record on this computer. Plug in a microphone; it is looked for again each second."
SPEAK = "Say a few sentences as you would in the session… {left} s"
PLAYING = "This is what was heard."


class SoundSource(QWidget):
    """Holds the device open for its level while it is shown; `release` gives it back."""

    changed = Signal()

    def __init__(
        self, services: Services, hearing: Callable[[], Hearing], rooms: dict[str, Room], last: str
    ) -> None:
        """Offer the rooms known and the devices there are."""
        super().__init__()
        self._services, self._make_hearing, self.rooms = services, hearing, rooms
        self._devices: tuple[InputInfo, ...] = ()
        self._live: LiveLevels | None = None
        self._check: SoundCheck | None = None
        self._hearing: Hearing | None = None
        self._loudest, self._clipped = FLOOR_DB, False
        self._problem = ""
        self._looks = 0
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)
        self._fill_devices()
        self._use_room(rooms.get(last) or next(iter(rooms.values()), Room()))
        self._connect()

    def _build(self) -> None:
        body = column(self, 0, GAP)
        fields = self._fields = form()
        self.room = typed(list(self.rooms), "Its name, to have this again")
        add_field(fields, "&Room", self.room)
        self.way = QComboBox()
        self.device, self.second = QComboBox(), QComboBox()
        add_field(fields, "Set-&up", self.way)
        add_field(fields, "M&icrophone", self.device)
        add_field(fields, "Sound of the ca&ll", self.second)
        for choice in (self.way, self.device, self.second):
            narrow(choice, 20)
        body.addLayout(fields)
        self.meter = LevelMeter()
        body.addWidget(self.meter)
        self.words = label("", "warn")
        self.words.setMinimumHeight(self.words.fontMetrics().height() * 2)
        body.addWidget(self.words)
        self.check = button("&Sound check, ten seconds", self._on_check)
        self.heard = label("", "muted")
        line = row(self.check, self.heard)
        line.setStretch(1, 1)
        body.addLayout(line)

    def _connect(self) -> None:
        self.room.activated.connect(lambda _number: self._on_room())
        self.way.activated.connect(lambda _number: self._on_way())
        self.device.activated.connect(lambda _number: self._reopen())
        self.second.activated.connect(lambda _number: self._reopen())

    # --- what is chosen

    @property
    def chosen(self) -> Room:
        """What is chosen now."""
        way = Way(self.way.currentData())
        second = str(self.second.currentData() or "") if way in SECOND_WORDS else ""
        return Room(self.room.currentText().strip(), way.value, str(self.device.currentData() or ""), second)

    @property
    def ready(self) -> bool:
        """Whether there is a device to record with."""
        room = self.chosen
        return bool(room.device) and (bool(room.second) or Way(room.way) not in SECOND_WORDS)

    @property
    def played_ms(self) -> int:
        """How much of a sound check has been played back."""
        return self._hearing.position_ms if self._hearing is not None else 0

    def _fill_devices(self) -> None:
        try:
            self._devices = self._services.name_inputs()
            self._problem = ""
        except DeviceMissingError as error:
            self._devices, self._problem = (), said(error)
        microphones = [info for info in self._devices if info.kind != MONITOR]
        monitors = [info for info in self._devices if info.kind == MONITOR]
        held = self.way.currentData()
        ways = [Way.ONE]
        ways += [Way.SIDES] if any(info.channels > 1 for info in microphones) else []
        ways += [Way.TWO] if len(microphones) > 1 else []
        ways += [Way.REMOTE] if monitors and microphones else []
        self.way.clear()
        for way in ways:
            self.way.addItem(WAY_WORDS[way], way.value)
        self.way.setCurrentIndex(max(self.way.findData(held), 0))
        _fill(self.device, microphones or list(self._devices))
        self._fill_second()

    def _fill_second(self) -> None:
        way = Way(self.way.currentData())
        kinds = [info for info in self._devices if (info.kind == MONITOR) == (way is Way.REMOTE)]
        others = [info for info in kinds if info.name != self.device.currentData()]
        _fill(self.second, others)
        caption = self._fields.labelForField(self.device)
        caption.setText(FIRST_WORDS.get(way, "M&icrophone"))  # type: ignore[attr-defined]
        self.device.setAccessibleName(FIRST_WORDS.get(way, "Microphone").replace("&", ""))
        self._fields.setRowVisible(self.second, way in SECOND_WORDS)
        if way in SECOND_WORDS:
            self._fields.labelForField(self.second).setText(SECOND_WORDS[way])  # type: ignore[attr-defined]
            self.second.setAccessibleName(SECOND_WORDS[way].replace("&", ""))
        self.meter.set_sides(self.chosen.sides)

    def _use_room(self, room: Room) -> None:
        self.room.setCurrentText(room.name)
        self.way.setCurrentIndex(max(self.way.findData(room.way), 0))
        self.device.setCurrentIndex(max(self.device.findData(room.device), 0))
        self._fill_second()
        if room.second:
            self.second.setCurrentIndex(max(self.second.findData(room.second), 0))
        missing = [name for name in (room.device, room.second) if name and not self._there(name)]
        words = f"“{missing[0]}”, used in this room before, is not there now." if missing else ""
        say(self.heard, words)

    def _there(self, name: str) -> bool:
        return any(info.name == name for info in self._devices)

    def _on_room(self) -> None:
        room = self.rooms.get(self.room.currentText().strip())
        if room is not None:
            self._use_room(room)
            self._reopen()

    def _on_way(self) -> None:
        self._fill_second()
        self._reopen()

    # --- hearing

    def begin(self) -> None:
        """Open the device and show its level."""
        self._reopen()
        self._timer.start()

    def release(self) -> None:
        """Stop everything and give the devices back."""
        self._timer.stop()
        self._close()
        if self._hearing is not None:
            self._hearing.close()
            self._hearing = None

    def _close(self) -> None:
        if self._live is not None:
            self._live.close()
            self._live = None
        if self._check is not None:
            stream, _facts = self._check.end()
            stream.close()
            self._check = None
        if self._hearing is not None:
            self._hearing.stop()
        self.meter.clear()

    def _reopen(self) -> None:
        self._close()
        self.check.setText("&Sound check, ten seconds")
        room = self.chosen
        self.meter.set_sides(room.sides)
        if self.ready:
            attempt(self._open, self._failed)
        else:
            self._problem = self._problem or NOTHING
        self.changed.emit()

    def _open(self) -> None:
        room = self.chosen
        self._live = LiveLevels(self._services.input(room.device, room.second), room.channels)
        self._problem = ""

    def _failed(self, error: SuperviseError) -> None:
        self._problem = said(error)

    def _look(self) -> None:
        self._looks += 1
        if self._check is not None:
            self._look_at_check()
        elif self._hearing is not None and self._hearing.playing:
            self._look_at_playing(self._hearing)
        elif self._live is not None and not self._live.gone:
            self.meter.show_levels(self._live.levels())
        elif self._looks % AGAIN_LOOKS == 0:
            self._look_again()
        _say_once(self.words, self._problem or self.meter.advice)

    def _look_at_playing(self, hearing: Hearing) -> None:
        attempt(hearing.poll, self._failed)
        if not hearing.playing:
            problem = self._problem
            self._reopen()
            self._problem = self._problem or problem

    def _look_again(self) -> None:
        """Without a device, or after it went: look once a second for what is there."""
        self._close()
        before = self.chosen
        self._fill_devices()
        self._use_room(before)
        self._reopen()

    # --- the sound check

    def _on_check(self) -> None:
        busy = self._check is not None or (self._hearing is not None and self._hearing.playing)
        if busy or not self.ready:
            self._reopen()
            say(self.heard, "")
            return
        self._close()
        room = self.chosen

        def begin() -> None:
            self._check = SoundCheck(self._services.input(room.device, room.second), room.channels)

        self._loudest, self._clipped = FLOOR_DB, False
        if attempt(begin, self._failed):
            self.check.setText("&Stop the sound check")
            self._look_at_check()
        else:
            self._reopen()

    def _look_at_check(self) -> None:
        check = self._check
        if check is None:
            return
        levels, heard = check.levels(), check.heard()
        self.meter.show_levels(levels)
        self._loudest = max([self._loudest, *(level.peak_db for level in levels)])
        self._clipped = self._clipped or any(level.clipped for level in levels)
        left = max(0, CHECK_MS - heard.duration_ms)
        say(self.heard, SPEAK.format(left=-(-left // 1000)))
        if heard.absent_s:
            self._problem = "The microphone is gone. Plug it in again, and check once more."
            self._reopen()
        elif heard.full:
            self._play_back(check)

    def _play_back(self, check: SoundCheck) -> None:
        self._check = None
        stream, facts = check.end()
        self.meter.clear()
        judged = verdict(self._loudest, self._clipped)
        say(self.heard, f"{judged} {PLAYING}")
        if self._hearing is None:
            self._hearing = self._make_hearing()
        hearing = self._hearing
        if attempt(lambda: hearing.play(stream, facts), self._failed):
            self.check.setText("&Stop playing")
        else:
            say(self.heard, judged)
            problem = self._problem
            self._reopen()
            self._problem = problem


def _fill(box: QComboBox, devices: Sequence[InputInfo]) -> None:
    held = box.currentData()
    box.clear()
    for info in devices:
        box.addItem(info.name, info.name)
    box.setCurrentIndex(max(box.findData(held), 0) if devices else -1)


def _say_once(target: QWidget, text: str) -> None:
    if target.text() != text:  # type: ignore[attr-defined]
        target.setText(text)  # type: ignore[attr-defined]
