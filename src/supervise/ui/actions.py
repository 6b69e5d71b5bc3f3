"""Everything the keyboard can do, in one place: names, words, keys, and where they apply."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from supervise.domain.codebook import Codebook
from supervise.ui.settings import Settings

ALWAYS, OPEN, SESSION, RECORDING = "always", "open", "session", "recording"
RECALL, RECALLING = "recall", "recalling"  # on the page of a recall; anywhere while one goes on
READING = "reading"  # a recall that is over is read
# Never two of a group at once, so that keys may do one thing here and another there.
APART = ({SESSION, RECALL}, {SESSION, READING}, {RECALL, READING})


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action: `where` says whether it needs an open vault or an open session."""

    name: str
    text: str
    menu: str
    keys: str = ""
    where: str = SESSION
    repeat: bool = False


SPECS: tuple[ActionSpec, ...] = (
    ActionSpec("record", "Recor&d a session…", "&File", "Ctrl+R", OPEN),
    ActionSpec("import", "&Import a recording…", "&File", "Ctrl+I", OPEN),
    ActionSpec("take_out", "Take a copy &out…", "&File", "Ctrl+E"),
    ActionSpec("codebook", "Load a &codebook…", "&File", "", OPEN),
    ActionSpec("people", "&People…", "&File", "Ctrl+Shift+P", OPEN),
    ActionSpec("log", "W&ho did what when…", "&File", "Ctrl+Shift+L", OPEN),
    ActionSpec("models", "Speech &models…", "&File", "", ALWAYS),
    ActionSpec("check", "Check the vau&lt…", "&File", "", OPEN),
    ActionSpec("backup", "Make a &backup…", "&File", "Ctrl+Shift+B", OPEN),
    ActionSpec("restore", "&Restore a backup…", "&File", "", ALWAYS),
    ActionSpec("vault", "Another &vault…", "&File", "Ctrl+O", ALWAYS),
    ActionSpec("lock", "Loc&k", "&File", "Ctrl+L", OPEN),
    ActionSpec("settings", "&Settings…", "&File", "Ctrl+,", OPEN),
    ActionSpec("quit", "&Quit", "&File", "Ctrl+Q", ALWAYS),
    ActionSpec("undo", "&Undo", "&Edit", "Ctrl+Z", OPEN, True),
    ActionSpec("redo", "&Redo", "&Edit", "Ctrl+Shift+Z", OPEN, True),
    ActionSpec("find", "&Find in this session", "&Edit", "Ctrl+F"),
    ActionSpec("find_all", "Find in the &library", "&Edit", "Ctrl+Shift+F", OPEN),
    ActionSpec("play", "&Play or pause", "&Play", "Space"),
    ActionSpec("back", "&Back 5 seconds", "&Play", "Left", SESSION, True),
    ActionSpec("forward", "&Forward 5 seconds", "&Play", "Right", SESSION, True),
    ActionSpec("slower", "&Slower", "&Play", "[", SESSION, True),
    ActionSpec("faster", "F&aster", "&Play", "]", SESSION, True),
    ActionSpec("loop", "&Loop the moment", "&Play", "L"),
    ActionSpec("play_moment", "Play the &moment, with a run-up", "&Play", "Ctrl+Space"),
    ActionSpec("mark", "Mark a &flag here", "&Mark", "M"),
    ActionSpec("end", "&End the moment here", "&Mark", "E"),
    ActionSpec("next_moment", "&Next moment", "&Mark", "N", SESSION, True),
    ActionSpec("previous_moment", "&Previous moment", "&Mark", "P", SESSION, True),
    ActionSpec("edit_moment", "Write a no&te on the moment", "&Mark", "T"),
    ActionSpec("add_code", "Add a &code to the moment…", "&Mark", "C"),
    ActionSpec("delete_moment", "&Delete the moment", "&Mark", "Ctrl+Backspace"),
    ActionSpec("transcribe", "&Transcribe…", "&Session", "Ctrl+T"),
    ActionSpec("consent", "&Consent of the client…", "&Session", "Ctrl+Shift+C", OPEN),
    ActionSpec("spoken", "The consent was spo&ken here", "&Session", "Ctrl+Shift+S"),
    ActionSpec("portion", "Delete a p&ortion…", "&Session", "Ctrl+Shift+Backspace"),
    ActionSpec("kept", "What is kept, for how &long…", "&Session", "Ctrl+Shift+K", OPEN),
    ActionSpec("describe", "Title and &date…", "&Session", "Ctrl+D"),
    ActionSpec("voice", "Give words to another &voice…", "&Session", "V"),
    ActionSpec("swap", "S&wap the voices' names", "&Session", "Ctrl+Shift+W"),
    ActionSpec("live_mark", "&Mark, silently", "&Recording", "F8", RECORDING),
    ActionSpec("live_pause", "&Pause or go on", "&Recording", "F9", RECORDING),
    ActionSpec("live_asks", "The client &asks to stop…", "&Recording", "F12", RECORDING),
    ActionSpec("live_stop", "&End the recording", "&Recording", "Ctrl+Shift+R", RECORDING),
    ActionSpec("live_face", "&Small window on top", "&Recording", "F7", RECORDING),
    ActionSpec("recall", "Re&call this session…", "Re&call", "Ctrl+J", OPEN),
    ActionSpec("recall_turn", "&Stop the tape, or go on", "Re&call", "F5", RECALL),
    ActionSpec("recall_inquirer", "The &inquirer stops the tape", "Re&call", "I", RECALL),
    ActionSpec("recall_back", "&Back 5 seconds", "Re&call", "Left", RECALL, True),
    ActionSpec("recall_forward", "&Forward 5 seconds", "Re&call", "Right", RECALL, True),
    ActionSpec("recall_slower", "S&lower", "Re&call", "[", RECALL, True),
    ActionSpec("recall_faster", "F&aster", "Re&call", "]", RECALL, True),
    ActionSpec("recall_cards", "Show or hide the &prompt cards", "Re&call", "F4", RECALL),
    ActionSpec("recall_end", "&End the recall", "Re&call", "Ctrl+Shift+J", RECALLING),
    ActionSpec("recalls", "Recalls of &this session…", "Re&call", "Ctrl+Shift+O", OPEN),
    ActionSpec("recalled_here", "&What was recalled here…", "Re&call", "Ctrl+Shift+H"),
    ActionSpec("recall_out", "Take a recall &out…", "Re&call", "Ctrl+Shift+E", OPEN),
    ActionSpec("rate", "Rate while repla&ying…", "Re&call", "Ctrl+Shift+G"),
    ActionSpec("ratings", "Ratin&gs of this session…", "Re&call", "Ctrl+Shift+V"),
    ActionSpec("studies", "St&udies…", "Re&call", "Ctrl+Shift+Y", OPEN),
    ActionSpec("prompt_cards", "P&rompt cards…", "Re&call", "", OPEN),
    ActionSpec("reading_play", "&Play or pause", "Readin&g", "Space", READING),
    ActionSpec("reading_recall", "&Hear the recall there", "Readin&g", "R", READING),
    ActionSpec("reading_about", "&All recalled about this moment", "Readin&g", "A", READING),
    ActionSpec("reading_next", "&Next stop", "Readin&g", "N", READING, True),
    ActionSpec("reading_previous", "Pre&vious stop", "Readin&g", "P", READING, True),
    ActionSpec("reading_session", "Open the &session there", "Readin&g", "S", READING),
    ActionSpec("reading_then", "From &then", "Readin&g", "T", READING),
    ActionSpec("reading_now", "From n&ow", "Readin&g", "H", READING),
    ActionSpec("reading_whose", "The in&quirer's words, or the recaller's", "Readin&g", "I", READING),
    ActionSpec("reading_note", "Not&e on the passage", "Readin&g", "E", READING),
    ActionSpec("reading_unmark", "Re&move my mark", "Readin&g", "Ctrl+Backspace", READING),
    *(
        ActionSpec(f"reading_code{number % 10}", f"Code {number}", "Readin&g", str(number % 10), READING)
        for number in range(1, 11)
    ),
    ActionSpec("reading_write", "&Write the recall up…", "Readin&g", "W", READING),
    ActionSpec("reading_transcribe", "Trans&cribe the recall…", "Readin&g", "Ctrl+T", READING),
    ActionSpec("reading_out", "Take the reca&ll out…", "Readin&g", "Ctrl+E", READING),
    ActionSpec("reading_zoom_in", "&Zoom in", "Readin&g", "+", READING, True),
    ActionSpec("reading_zoom_out", "Zoom o&ut", "Readin&g", "-", READING, True),
    ActionSpec("reading_whole", "Whole &recall", "Readin&g", "Ctrl+0", READING),
    ActionSpec("library", "&Library", "&View", "Ctrl+B", OPEN),
    ActionSpec("zoom_in", "Zoom &in", "&View", "+", SESSION, True),
    ActionSpec("zoom_out", "Zoom &out", "&View", "-", SESSION, True),
    ActionSpec("whole", "&Whole session", "&View", "Ctrl+0"),
    ActionSpec("next_pane", "Next &part of the window", "&View", "F6", OPEN),
    ActionSpec("previous_pane", "Pre&vious part of the window", "&View", "Shift+F6", OPEN),
    ActionSpec("look", "Light or &dark", "&View", "Ctrl+Shift+D", ALWAYS),
    ActionSpec("keys", "&Keys…", "&Help", "F1", ALWAYS),
)
MENUS = (
    "&File",
    "&Edit",
    "&Play",
    "&Mark",
    "&Session",
    "&Recording",
    "Re&call",
    "Readin&g",
    "&View",
    "&Help",
)
ALSO = {"zoom_in": "=", "redo": "Ctrl+Y", "recall_turn": "Ctrl+Shift+Space"}  # as long as nobody chose keys
CODE_PREFIX = "code:"


class Actions(QObject):
    """Makes the QActions, gives them their keys, and turns them on and off by place."""

    def __init__(self, parent: QObject) -> None:
        """Make every fixed action; codes come with the codebook."""
        super().__init__(parent)
        self.specs: dict[str, ActionSpec] = {spec.name: spec for spec in SPECS}
        self.by_name: dict[str, QAction] = {}
        self._settings = Settings()
        self._where = {ALWAYS}
        for spec in SPECS:
            self._add(spec)

    def _add(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self.parent())
        action.setObjectName(spec.name)
        action.setAutoRepeat(spec.repeat)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.by_name[spec.name] = action
        self._give_keys(spec)
        action.setEnabled(spec.where in self._where)
        return action

    def bind(self, name: str, deed: Callable[[], object]) -> None:
        """Let an action do something."""
        self.by_name[name].triggered.connect(lambda _checked=False: deed())

    def set_codebook(self, codebook: Codebook, mark: Callable[[str], object]) -> list[QAction]:
        """Make one action for each code that has a key, in place of earlier ones; returns them."""
        for name in [name for name in self.by_name if name.startswith(CODE_PREFIX)]:
            self.by_name.pop(name).deleteLater()
            del self.specs[name]
        made = []
        for code in sorted((c for c in codebook.codes if c.key), key=lambda c: (c.key == "0", c.key)):
            spec = ActionSpec(CODE_PREFIX + code.code, code.label.replace("&", "&&"), "&Mark", code.key)
            self.specs[spec.name] = spec
            action = self._add(spec)
            action.triggered.connect(lambda _checked=False, code=code.code: mark(code))
            made.append(action)
        return made

    def use(self, settings: Settings) -> None:
        """Give every action the keys a person chose."""
        self._settings = settings
        for spec in self.specs.values():
            self._give_keys(spec)

    def _give_keys(self, spec: ActionSpec) -> None:
        self.by_name[spec.name].setShortcuts(self.every_key_of(spec.name))

    def every_key_of(self, name: str) -> list[QKeySequence]:
        """Return an action's keys, the second one that some have included as long as nobody chose keys."""
        second = ALSO.get(name, "") if name not in self._settings.keys else ""
        return [QKeySequence(keys) for keys in (self.keys_of(name), second) if keys]

    def keys_of(self, name: str) -> str:
        """Return an action's keys in portable words."""
        return self._settings.keys.get(name, self.specs[name].keys)

    def taken_by(self, keys: str, but: str) -> str:
        """Return the name of another action that has these keys where `but` applies too, or empty."""
        wanted, here = QKeySequence(keys), self.specs[but].where if but in self.specs else ""
        for name, spec in self.specs.items():
            if name == but or not keys or {spec.where, here} in APART:
                continue
            if wanted in self.every_key_of(name):
                return name
        return ""

    def be_at(self, *places: str) -> None:
        """Turn on what applies at these places, and everything that always does."""
        self._where = {ALWAYS, *places}
        for name, spec in self.specs.items():
            self.by_name[name].setEnabled(spec.where in self._where)
