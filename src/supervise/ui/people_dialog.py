"""Who works in this vault: adding a person, one's own passphrase, and a new recovery key."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from supervise.domain.ids import ProfileId
from supervise.domain.moments import Perspective, Profile
from supervise.ui.failures import ask
from supervise.ui.first_run import ROLES
from supervise.ui.new_passphrase import NewPassphrase, secret_field
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.recovery_page import RecoveryPage
from supervise.ui.theme import EDGE, GAP

EACH = (
    "Each person has a passphrase of their own. Their private moments open for nobody else, and each changes "
    "only their own moments. Nobody but the therapist hears a client who has not agreed to them by name: "
    "Session, Consent of the client…"
)
THEIRS = (
    "Let them type the passphrase themselves: it opens this vault for them. What they hear and read in it "
    "rests on each client's consent and on their part in the case: Session, Consent of the client… Somebody "
    "who only inquires in recalls is added as a supervisor or researcher, and given the part of an inquirer."
)
THEIR_KEY = (
    "If {name} ever forgets the passphrase, this key lets them in. Let them write it on paper and keep it "
    "where they keep their keys. It is shown only now. Whoever has it can open the vault."
)
NEW_KEY = "The old recovery key stops working at once. Destroy the paper it is written on."


class Form(QWidget):
    """One page that asks for something: a heading, a word about it, fields, and two buttons."""

    back_wished = Signal()
    wished = Signal()

    def __init__(self, title: str, about: str, go: str) -> None:
        """Lay out around `fields`."""
        super().__init__()
        self.body = column(self, EDGE + 4, GAP + 2)
        self.body.addWidget(label(title, "heading"))
        self.body.addWidget(label(about, "muted"))
        self.fields = form()
        self.body.addLayout(self.fields)
        self.problem = label("", "error")
        self.problem.hide()
        self.back = button("Back", self.back_wished.emit)
        self.go = button(go, self.wished.emit, "primary")
        self._words = go

    def finish(self) -> None:
        """Put what ends the page below the fields."""
        self.body.addWidget(self.problem)
        self.body.addStretch(1)
        self.body.addLayout(row(1, self.back, self.go))

    def set_busy(self, busy: bool) -> None:
        """Show that a key is being made."""
        self.go.setText("One moment…" if busy else self._words)
        self.back.setEnabled(not busy)
        self.go.setEnabled(not busy)
        if not busy:
            self.look()

    def look(self) -> None:
        """Let the deed be done only once everything is there."""


class AddPage(Form):
    """A new person."""

    def __init__(self) -> None:
        """Ask for name, role and passphrase."""
        super().__init__("Add a person", THEIRS, "Add them")
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        add_field(self.fields, "&Name", self.name)
        self.role = QComboBox()
        for role, text in ROLES.items():
            self.role.addItem(text, role.value)
        self.role.setCurrentIndex(1)
        add_field(self.fields, "&Role", self.role)
        self.secret = NewPassphrase("Their passphrase", self.fields)
        self.body.addWidget(self.secret)
        self.finish()
        self.name.textChanged.connect(self.look)
        self.secret.changed.connect(self.look)
        self.secret.entered.connect(self.go.click)
        self.look()

    def look(self) -> None:
        """Let them be added once everything is there."""
        self.go.setEnabled(bool(self.name.text().strip()) and self.secret.good)


class PassphrasePage(Form):
    """Another passphrase for oneself."""

    def __init__(self) -> None:
        """Ask for the old one and the new."""
        super().__init__("Change my passphrase", "Your recovery key stays as it is.", "Change it")
        self.old = secret_field()
        add_field(self.fields, "Passphrase now", self.old)
        self.secret = NewPassphrase(fields=self.fields)
        self.body.addWidget(self.secret)
        self.finish()
        self.old.textChanged.connect(self.look)
        self.secret.changed.connect(self.look)
        self.secret.entered.connect(self.go.click)
        self.look()

    def look(self) -> None:
        """Let it be changed once everything is there."""
        self.go.setEnabled(bool(self.old.text()) and self.secret.good)


class NewKeyPage(Form):
    """A new recovery key for oneself."""

    def __init__(self) -> None:
        """Ask who it is."""
        super().__init__("Make a new recovery key", NEW_KEY, "Make a new key")
        self.old = secret_field()
        add_field(self.fields, "Your passphrase", self.old)
        self.finish()
        self.old.textChanged.connect(self.look)
        self.old.returnPressed.connect(self.go.click)
        self.look()

    def look(self) -> None:
        """Let it be made once the passphrase is there."""
        self.go.setEnabled(bool(self.old.text()))


class PeopleDialog(QDialog):
    """Emits wishes; the window does what takes long, and then shows keys and problems here."""

    add_wished = Signal(str, object, str)
    passphrase_wished = Signal(str, str)
    key_wished = Signal(str)
    print_wished = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Lay out the pages."""
        super().__init__(parent)
        self.setWindowTitle("People")
        self.setMinimumSize(700, 500)
        self.pages = QStackedWidget()
        self.first = self._first()
        self.add, self.change, self.renew = AddPage(), PassphrasePage(), NewKeyPage()
        self.recovery = RecoveryPage()
        for page in (self.first, self.add, self.change, self.renew, self.recovery):
            self.pages.addWidget(page)
        column(self, 0, 0).addWidget(self.pages)
        for asking in (self.add, self.change, self.renew):
            asking.back_wished.connect(self.show_first)
        self.add.wished.connect(self._on_add)
        self.change.wished.connect(self._on_change)
        self.renew.wished.connect(self._on_renew)
        self.recovery.kept.connect(self.show_first)
        self.recovery.print_wished.connect(self.print_wished)

    def _first(self) -> QWidget:
        page = QWidget()
        body = column(page, EDGE + 4, GAP + 2)
        body.addWidget(label("Who works in this vault", "heading"))
        body.addWidget(label(EACH, "muted"))
        self.list = QListWidget()
        self.list.setAccessibleName("People")
        self.list.setMinimumHeight(140)
        body.addWidget(self.list, 1)
        self.said = label("", "good")
        self.said.hide()
        body.addWidget(self.said)
        self.add_button = button("Add a person…", lambda: self._go(self.add, self.add.name))
        self.change_button = button("Change my passphrase…", lambda: self._go(self.change, self.change.old))
        self.renew_button = button("Make a new recovery key…", lambda: self._go(self.renew, self.renew.old))
        body.addLayout(row(self.add_button, self.change_button, self.renew_button, 1))
        body.addLayout(row(1, button("Close", self.accept, "primary")))
        return page

    @property
    def asking(self) -> Form | None:
        """The page that waits for an answer, if one does."""
        page = self.pages.currentWidget()
        return page if isinstance(page, Form) else None

    def show_people(self, people: Sequence[Profile], me: ProfileId) -> None:
        """List everybody, oldest first."""
        self.list.clear()
        for person in people:
            you = "  (you)" if person.profile == me else ""
            item = QListWidgetItem(f"{person.name} · {role_words(person)}{you}", self.list)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.list.setCurrentRow(0)

    def _go(self, page: Form, field: QLineEdit) -> None:
        self._forget()
        self.pages.setCurrentWidget(page)
        field.setFocus()

    def show_first(self) -> None:
        """Go back to the list."""
        self._forget()
        self.pages.setCurrentWidget(self.first)
        self.add_button.setFocus()

    def _forget(self) -> None:
        for field in (self.add.name, self.change.old, self.renew.old):
            field.clear()
        for secret in (self.add.secret, self.change.secret):
            secret.clear()
        for page in (self.add, self.change, self.renew):
            say(page.problem, "")
        say(self.said, "")

    def show_key(self, key: str, whose: str = "") -> None:
        """Show a recovery key, once; `whose` names somebody else than the person at the desk."""
        self._forget()
        if whose:
            self.recovery.show_key(key, f"The recovery key of {whose}", THEIR_KEY.format(name=whose))
        else:
            self.recovery.show_key(key, "Your new recovery key")
        self.pages.setCurrentWidget(self.recovery)
        self.recovery.written.setFocus()

    def show_done(self, sentence: str) -> None:
        """Go back to the list and say what was done."""
        self.show_first()
        say(self.said, sentence)

    def set_busy(self, busy: bool) -> None:
        """Show on the page that asks that a key is being made."""
        if self.asking is not None:
            self.asking.set_busy(busy)

    def show_problem(self, sentence: str) -> None:
        """Say on the page that asks why it could not be."""
        if self.asking is not None:
            say(self.asking.problem, sentence)

    def _on_add(self) -> None:
        role = Perspective(self.add.role.currentData())
        self.add_wished.emit(self.add.name.text().strip(), role, self.add.secret.text)

    def _on_change(self) -> None:
        self.passphrase_wished.emit(self.change.old.text(), self.change.secret.text)

    def _on_renew(self) -> None:
        self.key_wished.emit(self.renew.old.text())

    def reject(self) -> None:
        """Escape goes back a page; a key that is nowhere on paper is not left without a question."""
        if self.pages.currentWidget() is self.recovery:
            text = "This key is shown only now. Without it, a forgotten passphrase cannot be replaced."
            ask(self, "Leave without the key?", text, "Leave it", danger=True).accepted.connect(
                self.show_first
            )
        elif self.asking is not None:
            if self.asking.back.isEnabled():
                self.show_first()
        else:
            super().reject()


def role_words(person: Profile) -> str:
    """Say a person's role."""
    return ROLES.get(person.role, str(person.role)).lower()


def who_button() -> QToolButton:
    """Return the button that says who works here."""
    made = QToolButton()
    made.setProperty("role", "who")
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setToolTip("Who is working here: People…")
    return made
