"""The page on which a client takes a yes back: what, what then goes, what left, and from when."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QRadioButton, QWidget

from supervise.app.client_page import ClientPage, CopyOut
from supervise.app.recall_inventory import counted
from supervise.app.withdrawing import ALL, WithdrawWish
from supervise.domain.consent import Grant
from supervise.domain.consent_overview import Standing, use_words
from supervise.domain.keeping import GRACE_DAYS, RECALL
from supervise.domain.times import clock, day_words
from supervise.ui.client_overview import OPEN, fill, read_only_list
from supervise.ui.consent_words import BACKUPS, KINDS, RECALLED, capital, copy_words
from supervise.ui.paged_dialog import AskingPage
from supervise.ui.pieces import add_field, button, column, form, label, row
from supervise.ui.theme import GAP

ABOUT = (
    "What is withdrawn is locked at once: no opening, playing, searching or counting. What nothing else the "
    "client agreed to allows is destroyed {days} days later; until then a mistake can be taken back."
)
DESTROY, RESTRICT = "destroy", "restrict"


class WithdrawPage(AskingPage):
    """Emits that the wish changed, and the two deeds."""

    changed = Signal()
    now_wished = Signal()

    def __init__(self) -> None:
        """Ask what is withdrawn; below, show what it touches."""
        super().__init__(ABOUT.format(days=GRACE_DAYS), "Withdraw and lock", "danger", scrolls=True)
        self.uses: dict[Grant, QCheckBox] = {}
        self._client = ""
        self.everything = QRadioButton("Everything")
        self.some = QRadioButton("Only this:")
        self.to_destroy = QRadioButton("Destroy what nothing allows any longer")
        self.to_restrict = QRadioButton("Lock it and keep it")
        for pair in ((self.everything, self.some), (self.to_destroy, self.to_restrict)):
            group = QButtonGroup(self)
            for choice in pair:
                group.addButton(choice)
                choice.toggled.connect(lambda on: self._look() if on else None)
        self._lay_out()
        self._show_touched()
        self.now = button("Withdraw and destroy now…", self.now_wished.emit, "danger")
        self.buttons.insertWidget(0, self.now)

    def _lay_out(self) -> None:
        self._boxes = column(None, 0, 2)
        left, right = column(None, 0, GAP - 4), column(None, 0, GAP - 4)
        left.addWidget(label("The client withdraws"))
        left.addWidget(self.everything)
        left.addWidget(self.some)
        left.addLayout(self._boxes)
        left.addStretch(1)
        right.addWidget(label("What was made of it"))
        right.addWidget(self.to_destroy)
        right.addWidget(self.to_restrict)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Only if the client wants it written down; none is needed")
        fields = form()
        add_field(fields, "&Reason", self.reason)
        right.addLayout(fields)
        right.addStretch(1)
        both = row(gap=GAP * 3)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        self.body.addLayout(both)

    def _show_touched(self) -> None:
        self.touched_words = label("")
        self.touched = read_only_list("What it touches")
        self.touched.setMinimumHeight(76)
        self.touched.setMaximumHeight(150)
        self.copies_words = label("Copies that left, to be called back:")
        self.copies = read_only_list("Copies that left, to be called back")
        self.copies.setMinimumHeight(64)
        self.backups = label(BACKUPS, "notice")
        for part in (self.touched_words, self.touched, self.copies_words, self.copies, self.backups):
            self.body.addWidget(part)

    def first(self) -> QWidget:
        """The first choice."""
        return self.everything

    def begin(self, page: ClientPage) -> None:
        """Ask about one client; everything is chosen at first."""
        self._client = page.code
        self.title.setText(f"{page.code} withdraws")
        for box in self.uses.values():
            box.deleteLater()
        self.uses = {}
        for entry in page.standing:
            if entry.state in OPEN:
                self._add_use(entry)
        self.reason.clear()
        for choice in (self.everything, self.to_destroy):
            choice.blockSignals(True)
            choice.setChecked(True)
            choice.blockSignals(False)
        self._look()

    def _add_use(self, entry: Standing) -> None:
        box = QCheckBox(capital(use_words(entry.grant)))
        box.toggled.connect(lambda _on: self._look())
        holder = row(box, 1)
        holder.setContentsMargins(24, 0, 0, 0)
        self._boxes.addLayout(holder)
        self.uses[entry.grant] = box

    def _look(self) -> None:
        for box in self.uses.values():
            box.setEnabled(self.some.isChecked())
        chosen = bool(self._grants())
        for deed in (self.go, self.now):
            deed.setEnabled(chosen)
        self.changed.emit()

    def _grants(self) -> frozenset[Grant]:
        if self.everything.isChecked():
            return ALL
        return frozenset(grant for grant, box in self.uses.items() if box.isChecked())

    def wish(self, *, now: bool = False) -> WithdrawWish | None:
        """Return what is wished, or None as long as nothing is chosen."""
        grants = self._grants()
        if not grants:
            return None
        choice = RESTRICT if self.to_restrict.isChecked() else DESTROY
        return WithdrawWish(self._client, grants, choice, now=now, reason=self.reason.text().strip())

    def show_touched(self, listed: Mapping[str, Any] | None, copies: Sequence[CopyOut]) -> None:
        """Show the inventory of the wish as it stands; None while nothing is chosen."""
        rows = list(listed["sessions"]) if listed is not None else []
        going = [entry for entry in rows if entry["goes"]]
        count = len(rows)
        about = {0: "There are no sessions of this client.", 1: "One session of this client:"}
        self.touched_words.setText(about.get(count, f"{count} sessions of this client:"))
        fill(self.touched, [(entry["session"], touched_words(entry)) for entry in rows])
        self.touched.setVisible(bool(rows))
        fill(self.copies, [(entry.id, copy_words(entry)) for entry in copies])
        for part in (self.copies_words, self.copies):
            part.setVisible(bool(copies))
        self.now.setEnabled(bool(going) and listed is not None)
        self.backups.setVisible(bool(going) or any(entry.kind == "backup" for entry in copies))


def touched_words(entry: Mapping[str, Any]) -> str:
    """Say what there is of a session, and what of it goes."""
    counts = {"transcripts": "transcripts", "words": "words in them", "moments": "moments"}
    counts |= {"quoting_notes": "notes that quote", "comments": "comments"}
    one = {"transcripts": "transcript", "words": "word in it", "moments": "moment"}
    one |= {"quoting_notes": "note that quotes", "comments": "comment"}
    there = "".join(
        f", {entry[key]} {one[key] if entry[key] == 1 else words}"
        for key, words in counts.items()
        if entry[key]
    )
    goes = [KINDS[kind] for kind in entry["goes"] if kind != RECALL]
    for what, gone, count in counted(entry):
        single, many = RECALLED[what]
        there += f", {count} {single if count == 1 else many}"
        if gone:
            goes.append(
                f"the {single if count == 1 else many}" if gone == count else f"{gone} of {count} {many}"
            )
    fate = f"Destroyed: {', '.join(goes)}" if goes else "Nothing of it is destroyed"
    return f"{day_words(entry['held_on'])}, {clock(entry['duration_ms'])} of sound{there}. {fate}."
