"""The first steps: make a vault or open one, keep the recovery key, and look at the demo session."""

from pathlib import Path

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QStackedWidget, QWidget

from supervise.domain.moments import Perspective
from supervise.ui.file_dialogs import ask_folder
from supervise.ui.new_passphrase import NewPassphrase
from supervise.ui.pieces import add_field, button, card, column, form, label, row, say
from supervise.ui.recovery_page import RecoveryPage
from supervise.ui.theme import EDGE, GAP

ROLES = {
    Perspective.THERAPIST: "Therapist",
    Perspective.SUPERVISOR: "Supervisor",
    Perspective.RESEARCHER: "Researcher",
}
PROMISE = (
    "Sessions are kept in a vault: a folder on this machine that is sealed with your passphrase. "
    "Nothing is sent anywhere, and nothing readable is left outside the vault."
)
NO_WAY_BACK = "There is no way in without the passphrase or the recovery key. Nobody can reset it for you."


def centred(inner: QWidget, width: int = 620) -> QWidget:
    """Return a page with a panel in its middle."""
    page = QWidget()
    inner.setMaximumWidth(width)
    inner.setMinimumWidth(min(width, 520))
    outer = column(page, EDGE)
    outer.addStretch(1)
    outer.addLayout(row(1, inner, 1))
    outer.addStretch(2)
    return page


class WelcomePage(QWidget):
    """Says what a vault is and offers the two ways in."""

    make_wished = Signal()
    open_wished = Signal(object)
    restore_wished = Signal()

    def __init__(self) -> None:
        """Lay it out."""
        super().__init__()
        frame, body = card(EDGE * 2)
        body.addWidget(label("supervise", "title"))
        body.addWidget(label(PROMISE))
        body.addSpacing(EDGE)
        self.make = button("Make a new vault", self.make_wished.emit, "primary")
        self.open = button("Open a vault…", self._on_open)
        self.restore = button("Restore a backup…", self.restore_wished.emit)
        body.addLayout(row(self.make, self.open, self.restore, 1))
        column(self).addWidget(centred(frame))

    def _on_open(self) -> None:
        ask_folder(self, "Choose the vault's folder", self.open_wished.emit)


class MakeVaultPage(QWidget):
    """Asks for a place, a name, a role and a passphrase twice."""

    wished = Signal(object, str, object, str)
    back_wished = Signal()

    def __init__(self) -> None:
        """Lay it out."""
        super().__init__()
        self._busy = False
        frame, body = card(EDGE * 2)
        body.addWidget(label("Make a new vault", "title"))
        body.addLayout(self._fields())
        body.addWidget(self.secret)
        body.addWidget(label(NO_WAY_BACK, "muted"))
        self.problem = label("", "error")
        self.problem.hide()
        body.addWidget(self.problem)
        self.make = button("Make the vault", self._on_make, "primary")
        body.addLayout(row(button("Back", self.back_wished.emit), 1, self.make))
        for field in (self.name, self.place):
            field.textChanged.connect(self._look)
            field.returnPressed.connect(self._on_make)
        self.secret.changed.connect(self._look)
        self.secret.entered.connect(self._on_make)
        column(self).addWidget(centred(frame))
        self._look()

    def _fields(self) -> QFormLayout:
        fields = form()
        self.place = QLineEdit(str(Path(QDir.homePath()) / "Sessions vault"))
        self.browse = button("Choose…", self._on_browse)
        self.browse.setAccessibleName("Choose the folder to keep the vault in")
        holder = QWidget()
        column(holder).addLayout(row(self.place, self.browse))
        add_field(fields, "Folder of the vault", holder, self.place)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Shown on your moments in this vault only")
        self.name.setMaxLength(60)
        add_field(fields, "Your name", self.name)
        self.role = QComboBox()
        for role, text in ROLES.items():
            self.role.addItem(text, role.value)
        add_field(fields, "Your role", self.role)
        self.secret = NewPassphrase("Passphrase", fields)
        return fields

    def begin(self) -> None:
        """Forget what was typed and start at the name."""
        self.secret.clear()
        say(self.problem, "")
        self.name.setFocus()

    def _look(self) -> None:
        self.make.setEnabled(not self._missing() and not self._busy)

    def set_busy(self, busy: bool) -> None:
        """Show that the vault is being made."""
        self._busy = busy
        self.make.setText("Making the vault…" if busy else "Make the vault")
        self._look()

    def _missing(self) -> bool:
        return not (self.secret.good and self.name.text().strip() and self.place.text().strip())

    def _on_browse(self) -> None:
        ask_folder(self, "Choose where to keep the vault", self._take_folder)

    def _take_folder(self, folder: Path) -> None:
        self.place.setText(str(folder / "Sessions vault"))

    def _on_make(self) -> None:
        if self._missing() or self._busy:
            return
        say(self.problem, "")
        place = Path(self.place.text().strip()).expanduser()
        self.wished.emit(
            place, self.name.text().strip(), Perspective(self.role.currentData()), self.secret.text
        )

    def show_problem(self, sentence: str) -> None:
        """Say why the vault could not be made."""
        say(self.problem, sentence)
        if sentence:
            self.place.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape and not self._busy:
            self.back_wished.emit()
        else:
            super().keyPressEvent(event)

    def forget(self) -> None:
        """Empty the passphrase fields."""
        self.secret.clear()


class ReadyPage(QWidget):
    """The vault is there: where to begin."""

    demo_wished = Signal()
    import_wished = Signal()
    library_wished = Signal()

    def __init__(self) -> None:
        """Lay it out."""
        super().__init__()
        frame, body = card(EDGE * 2)
        body.addWidget(label("Your vault is ready", "title"))
        body.addWidget(
            label(
                "The demo session is four minutes of a fictional talk between two made-up people, with "
                "a withdrawal, a confrontation and a long silence to find. Nothing in it is real."
            )
        )
        body.addSpacing(GAP)
        self.demo = button("Try the demo session", self.demo_wished.emit, "primary")
        self.imported = button("Import a recording…", self.import_wished.emit)
        self.library = button("Go to the library", self.library_wished.emit)
        body.addLayout(row(self.demo, self.imported, self.library, 1))
        column(self).addWidget(centred(frame))


class FirstRun(QStackedWidget):
    """The pages one after another; the window makes the vault between them."""

    make_wished = Signal(object, str, object, str)
    open_wished = Signal(object)
    restore_wished = Signal()
    demo_wished = Signal()
    import_wished = Signal()
    library_wished = Signal()

    def __init__(self) -> None:
        """Begin with the welcome."""
        super().__init__()
        self.welcome, self.make = WelcomePage(), MakeVaultPage()
        self.recovery, self.ready = RecoveryPage(), ReadyPage()
        for page in (self.welcome, self.make, self.recovery, self.ready):
            self.addWidget(page)
        self.welcome.make_wished.connect(self.begin_making)
        self.welcome.open_wished.connect(self.open_wished)
        self.welcome.restore_wished.connect(self.restore_wished)
        self.make.back_wished.connect(self.begin)
        self.make.wished.connect(self.make_wished)
        self.recovery.kept.connect(self.show_ready)
        self.ready.demo_wished.connect(self.demo_wished)
        self.ready.import_wished.connect(self.import_wished)
        self.ready.library_wished.connect(self.library_wished)

    def begin(self) -> None:
        """Show the welcome."""
        self.setCurrentWidget(self.welcome)
        self.welcome.make.setFocus()

    def begin_making(self) -> None:
        """Ask for what a vault needs."""
        self.setCurrentWidget(self.make)
        self.make.begin()

    def show_recovery(self, key: str) -> None:
        """Show the recovery key, once."""
        self.make.forget()
        self.recovery.show_key(key)
        self.setCurrentWidget(self.recovery)

    def show_ready(self) -> None:
        """Offer where to begin."""
        self.setCurrentWidget(self.ready)
        self.ready.demo.setFocus()
