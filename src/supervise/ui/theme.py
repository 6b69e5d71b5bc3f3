"""The look: light and dark palettes, spacing, and the style sheet built from them."""

import re
from dataclasses import asdict, dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from supervise.resources import resource_path

SPACE = 4
GAP = 2 * SPACE
EDGE = 4 * SPACE
RADIUS = 6
TARGET = 32
LETTERS_PT = 10.0  # the style sheet's sizes are for letters of this size
_SIZES = re.compile(r"(\d+)pt\b")


class Mode(StrEnum):
    """What the person chose: what the system does, or one look always."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colors:
    """Every colour by its use; text reaches 4.5:1 on its ground, shapes 3:1 (WCAG AA)."""

    dark: bool
    window: str
    surface: str
    sunken: str
    text: str
    muted: str
    line: str
    control: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_soft: str
    focus: str
    danger: str
    on_danger: str
    warn: str
    warn_soft: str
    good: str
    wave: str
    wave_core: str
    pause: str
    playhead: str
    word: str
    on_word: str
    hit: str
    voice_a: str
    voice_b: str
    voice_other: str
    record: str


LIGHT = Colors(
    dark=False, window="#f5f4f1", surface="#ffffff", sunken="#ebe9e4", text="#1d2329", muted="#555d66",
    line="#d6d2ca", control="#878279", accent="#0f5f78", on_accent="#ffffff", accent_hover="#0b4c61",
    accent_soft="#dcebf0", focus="#0f5f78", danger="#a32a1e", on_danger="#ffffff", warn="#7d4a00",
    warn_soft="#fbeed5", good="#1c6b3f", wave="#86a3af", wave_core="#3f6a7c", pause="#e3e0d9",
    playhead="#1d2329", word="#ffdf8a", on_word="#1d2329", hit="#cfe4ec", voice_a="#0f5f78",
    voice_b="#7d4a00", voice_other="#5b3f86", record="#c8141e",
)  # fmt: skip

DARK = Colors(
    dark=True, window="#14171a", surface="#1c2024", sunken="#101315", text="#e9e7e2", muted="#a7b0b8",
    line="#343b42", control="#78828b", accent="#74bfdb", on_accent="#08222c", accent_hover="#93d0e7",
    accent_soft="#1f3a45", focus="#74bfdb", danger="#f2998c", on_danger="#3a0a04", warn="#efbf74",
    warn_soft="#3a2d15", good="#86cf9f", wave="#4d6875", wave_core="#8fb6c6", pause="#262c31",
    playhead="#ffffff", word="#f2c14e", on_word="#1d2329", hit="#2b5060", voice_a="#84c8e0",
    voice_b="#efbf74", voice_other="#c3a8ee", record="#ff4b4b",
)  # fmt: skip


class Theme(QObject):
    """Holds the look in use and tells widgets that paint themselves when it changes."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        """Dress `app` at once and follow the system while `mode` says so."""
        super().__init__(app)
        self._app = app
        self._mode = mode
        self.colors = LIGHT
        self._worn: Colors | None = None
        app.setStyle("Fusion")
        _settle_font(app)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.choose(mode)

    @property
    def mode(self) -> Mode:
        """What the person chose."""
        return self._mode

    def choose(self, mode: Mode) -> None:
        """Change the look now."""
        self._mode = mode
        wanted = _colors_for(mode)
        if wanted is self._worn:
            return
        self.colors = self._worn = wanted
        self._app.setPalette(palette_of(self.colors))
        self._app.setStyleSheet(style_sheet(self.colors, self._app.font().pointSizeF() / LETTERS_PT))
        self.changed.emit()

    def _system_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._mode is Mode.SYSTEM:
            self.choose(Mode.SYSTEM)


def theme_of(app: QApplication | None = None) -> Theme:
    """Return the application's theme, making the default one on first use."""
    owner = app or QApplication.instance()
    if not isinstance(owner, QApplication):
        message = "a QApplication must exist before its theme"
        raise RuntimeError(message)  # noqa: TRY004
    found = owner.findChild(Theme)
    return found if isinstance(found, Theme) else Theme(owner)


def colors() -> Colors:
    """Return the colours in use."""
    return theme_of().colors


def _colors_for(mode: Mode) -> Colors:
    if mode is Mode.SYSTEM:
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    return DARK if mode is Mode.DARK else LIGHT


def _settle_font(app: QApplication) -> None:
    font = QFont(app.font())
    if 0 < font.pointSizeF() < 10:
        font.setPointSizeF(10)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)


def palette_of(look: Colors) -> QPalette:
    """Return the Qt palette for controls that Fusion draws by itself."""
    role = QPalette.ColorRole
    pairs = {
        role.Window: look.window, role.WindowText: look.text, role.Base: look.surface,
        role.AlternateBase: look.sunken, role.Text: look.text, role.Button: look.surface,
        role.ButtonText: look.text, role.ToolTipBase: look.surface, role.ToolTipText: look.text,
        role.Highlight: look.accent, role.HighlightedText: look.on_accent, role.Link: look.accent,
        role.PlaceholderText: look.muted, role.BrightText: look.danger, role.Mid: look.line,
        role.Midlight: look.line, role.Light: look.surface, role.Dark: look.control,
        role.Shadow: look.line, role.Accent: look.accent,
    }  # fmt: skip
    palette = QPalette()
    for which, color in pairs.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(look.control))
    return palette


def style_sheet(look: Colors, larger: float = 1.0) -> str:
    """Fill `resources/styles/window.qss` with the colours of `look`, and letters `larger` than usual."""
    text = resource_path("resources", "styles", "window.qss").read_text("utf-8")
    values = {name: value for name, value in asdict(look).items() if isinstance(value, str)}
    values["icons"] = resource_path("resources", "icons").as_posix()
    values["shade"] = "dark" if look.dark else "light"
    for name in sorted(values, key=len, reverse=True):
        text = text.replace(f"@{name}@", values[name])
    return _SIZES.sub(lambda size: f"{int(size[1]) * max(larger, 1.0):g}pt", text)
