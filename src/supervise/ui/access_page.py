"""The page that gives a client everything kept about them, with private notes held back for a decision."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QLineEdit, QListWidgetItem, QProgressBar, QWidget

from supervise.app.subject_access import AccessWish, Bundle, HeldNote
from supervise.domain.times import clock, day_words
from supervise.ui.client_overview import Key, read_only_list
from supervise.ui.file_dialogs import ask_target
from supervise.ui.paged_dialog import AskingPage
from supervise.ui.pieces import add_field, button, column, form, label, row, say

ABOUT = (
    "One file with each recording, its transcript, the marks on it, the consent record, and who opened what "
    "and when. Passages marked “Redact before sharing” are silent and masked, for they are about others. The "
    "file is no longer protected by the vault; it is noted among the copies that left."
)
NOTES = "Your private notes stay back. Tick what you decide to hand over all the same:"
NO_NOTES = "You have no private notes about this client."


class AccessPage(AskingPage):
    """`wished` is to write the file."""

    def __init__(self) -> None:
        """Ask where to, and about each private note."""
        super().__init__(ABOUT, "Write the file")
        fields = form()
        holder = QWidget()
        self.target = QLineEdit()
        choose = button("Choose…", self._choose)
        choose.setAccessibleName("Choose where the file goes")
        column(holder).addLayout(row(self.target, choose))
        add_field(fields, "&New file", holder, self.target)
        self.body.addLayout(fields)
        self.about_notes = label(NOTES)
        self.notes = read_only_list("Private notes to hand over")
        self.body.addWidget(self.about_notes)
        self.body.addWidget(self.notes, 1)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.said = label("", "good")
        for part in (self.bar, self.said):
            self.body.addWidget(part)
            part.hide()
        self.body.addStretch(1)
        self._client = ""

    def first(self) -> QWidget:
        """Where the file goes."""
        return self.target

    def begin(self, client: str, notes: Sequence[HeldNote], today: date) -> None:
        """Ask about one client; the file's name says nothing about anybody."""
        self._client = client
        self.title.setText(f"Give {client} a copy of everything")
        self.target.setText(str(Path(QDir.homePath()) / f"what is kept about you, {today.isoformat()}.zip"))
        self.notes.clear()
        for note in notes:
            place = "what you wrote up of a recall" if note.start_ms is None else f"at {clock(note.start_ms)}"
            item = QListWidgetItem(f"{day_words(note.held_on)}, {place}: {note.note or '(no note)'}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(Key, note.moment)
            self.notes.addItem(item)
        self.notes.setVisible(bool(notes))
        self.about_notes.setText(NOTES if notes else NO_NOTES)
        say(self.said, "")

    def _choose(self) -> None:
        name = Path(self.target.text()).name
        ask_target(
            self.window(), "Choose where the file goes", name, "zip", lambda p: self.target.setText(str(p))
        )

    def wish(self) -> AccessWish:
        """Return what is to be written; an existing file is replaced only by choosing it."""
        items = [self.notes.item(number) for number in range(self.notes.count())]
        chosen = frozenset(str(i.data(Key)) for i in items if i.checkState() is Qt.CheckState.Checked)
        return AccessWish(self._client, Path(self.target.text().strip()).expanduser(), include=chosen)

    def set_busy(self, busy: bool) -> None:
        """Show that it is being written; Back waits."""
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        for part in (self.go, self.back, self.target, self.notes):
            part.setEnabled(not busy)

    def show_done(self, made: Bundle) -> None:
        """Say what the file holds."""
        held = f" Held back, and named in it: {made.held_back}." if made.held_back else ""
        gone = f" Of {made.without_sound} the sound is no longer there." if made.without_sound else ""
        say(self.said, f"Written: {made.sessions} sessions.{gone}{held} Hand it over safely, then delete it.")
