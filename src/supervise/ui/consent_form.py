"""The page that adds to a client's record: every use, for whom, until when, and who signed how."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from supervise.app.consenting import Statement
from supervise.app.forms import read_form
from supervise.domain.consent import NAMED, SCOPE_WORDS, Grant, Scope, parse_grant
from supervise.domain.consent_details import KEPT_KINDS, ConsentDetails
from supervise.domain.errors import UsageError
from supervise.ui.consent_words import KINDS, METHODS, SIGNERS, capital
from supervise.ui.day_field import DayField
from supervise.ui.file_dialogs import ask_file
from supervise.ui.paged_dialog import AskingPage
from supervise.ui.pieces import add_field, button, column, form, label, row, rule
from supervise.ui.theme import GAP

ABOUT = "Write down what the client said and signed. Earlier records stay; the newest answer to a use counts."
UNSAID, YES, NO = "–", "agrees", "refuses"
NAMES = {
    Scope.SUPERVISOR: "Who, as they are called in this vault",
    Scope.GROUP: "Which group",
    Scope.RESEARCH: "Study and ethics reference, as STUDY/REF",
}
NO_LIMIT = "as long as agreed"

KEEP_KEYS = ("Keep the s&ound", "Keep the transcri&pts", "Keep the &moments", "&Keep the recalls")


class Answers(QWidget):
    """A question for each use, with a name where it is given to somebody."""

    def __init__(self, people: Sequence[str]) -> None:
        """Offer `people` as supervisors."""
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP - 2)
        grid.setColumnStretch(2, 1)
        self.answer: dict[Scope, QComboBox] = {}
        self.name: dict[Scope, QComboBox] = {}
        for number, scope in enumerate(Scope):
            box = QComboBox()
            box.addItems([UNSAID, YES, NO])
            box.setAccessibleName(capital(SCOPE_WORDS[scope]))
            self.answer[scope] = box
            grid.addWidget(label(capital(SCOPE_WORDS[scope]), wrap=False), number, 0)
            grid.addWidget(box, number, 1)
            if scope in NAMED:
                grid.addWidget(self._name(scope, people), number, 2)

    def _name(self, scope: Scope, people: Sequence[str]) -> QComboBox:
        field = QComboBox()
        field.setEditable(True)
        if scope is Scope.SUPERVISOR:
            field.addItems(list(people))
        field.setCurrentIndex(-1)
        written = QLineEdit()
        written.setPlaceholderText(NAMES[scope])
        field.setLineEdit(written)
        field.setAccessibleName(NAMES[scope])
        field.setEnabled(False)
        self.answer[scope].currentIndexChanged.connect(lambda index: field.setEnabled(index > 0))
        self.name[scope] = field
        return field

    def grants(self, answer: str) -> frozenset[Grant]:
        """Return the uses answered so; raises UsageError where a name is missing."""
        found = set()
        for scope, box in self.answer.items():
            if box.currentText() != answer:
                continue
            name = self.name[scope].currentText().strip() if scope in self.name else ""
            if answer == YES and scope in NAMED and not name:
                raise UsageError(f"Write for whom: “{NAMES[scope]}”.")
            if scope is Scope.RESEARCH and name and "/" not in name:
                raise UsageError("Write the study and its ethics reference as STUDY/REF.")
            found.add(parse_grant(f"{scope}={name}") if name else Grant(scope))
        return frozenset(found)

    def clear(self) -> None:
        """Ask anew."""
        for box in self.answer.values():
            box.setCurrentIndex(0)
        for field in self.name.values():
            field.setCurrentText("")


class ConsentForm(AskingPage):
    """Gathers a statement."""

    def __init__(self, people: Sequence[str], today: date) -> None:
        """Ask for everything; only the answers and the day of signing must be given."""
        super().__init__(ABOUT, "Add to the record", scrolls=True)
        self._today = today
        self.answers = Answers(people)
        self.body.addWidget(self.answers)
        for part in (self._days, self._signing, self._others, self._keeping):
            self.body.addWidget(rule())
            part(self.body)
        self.body.addStretch(1)

    def first(self) -> QWidget:
        """The first question."""
        return self.answers.answer[Scope.RECORD]

    def _days(self, body: QVBoxLayout) -> None:
        fields = form()
        self.signed_on = DayField(self._today)
        self.valid_from = DayField(empty="when signed")
        self.expires_on = DayField(empty="until withdrawn")
        self.review_on = DayField(empty="no day set")
        add_field(fields, "&Signed on", self.signed_on)
        add_field(fields, "Holds &from", self.valid_from)
        add_field(fields, "Last &day", self.expires_on)
        add_field(fields, "Talk about it a&gain on", self.review_on)
        body.addLayout(fields)

    def _signing(self, body: QVBoxLayout) -> None:
        fields = form()
        self.signer, self.method = QComboBox(), QComboBox()
        for code, words in SIGNERS.items():
            self.signer.addItem(capital(words), code)
        for code, words in METHODS.items():
            self.method.addItem(capital(words), code)
        self.method.setCurrentIndex(1)
        self.witness, self.capacity, self.language = QLineEdit(), QLineEdit(), QLineEdit()
        self.witness.setPlaceholderText("By code or function, never by name")
        self.capacity.setPlaceholderText("On what it rests that the client can decide")
        self.language.setPlaceholderText("For example de")
        add_field(fields, "Signed &by", self.signer)
        add_field(fields, "&How", self.method)
        add_field(fields, "&Witness", self.witness)
        add_field(fields, "Able to dec&ide", self.capacity)
        add_field(fields, "Form, &text or scan", self._form_field(), self.form_file)
        add_field(fields, "Its &language", self.language)
        body.addLayout(fields)

    def _form_field(self) -> QWidget:
        holder = QWidget()
        self.form_file = QLineEdit()
        self.form_file.setPlaceholderText("Its hash is kept, and a text as it is; up to 1 MB")
        choose = button("Choose…", self._choose_form)
        choose.setAccessibleName("Choose the form")
        column(holder).addLayout(row(self.form_file, choose))
        return holder

    def _choose_form(self) -> None:
        kinds = "Forms (*.txt *.md *.pdf *.png *.jpg)"
        ask_file(self.window(), "Choose the form", kinds, lambda path: self.form_file.setText(str(path)))

    def _others(self, body: QVBoxLayout) -> None:
        fields = form()
        self.minor = QCheckBox("The client is a minor")
        body.addWidget(self.minor)
        self.assent = QComboBox()
        self.assent.addItems(["not asked", "agrees too", "does not agree"])
        self.guardian = QLineEdit()
        self.guardian.setPlaceholderText("By code, never by name")
        self.adult_on = DayField(empty="not known")
        add_field(fields, "The &child", self.assent)
        add_field(fields, "G&uardian who signs", self.guardian)
        add_field(fields, "Comes of &age on", self.adult_on)
        self.heard_yes, self.heard_no = QLineEdit(), QLineEdit()
        self.heard_yes.setPlaceholderText("Partner, group, interpreter: codes, with commas between")
        self.heard_no.setPlaceholderText("As long as one of them refuses, nothing is covered")
        add_field(fields, "Also heard, and ag&ree", self.heard_yes)
        add_field(fields, "Also heard, and r&efuse", self.heard_no)
        body.addLayout(fields)
        self._minor_fields = (self.assent, self.guardian, self.adult_on)
        self.minor.toggled.connect(self._look)
        self._look()

    def _look(self) -> None:
        for field in self._minor_fields:
            field.setEnabled(self.minor.isChecked())

    def _keeping(self, body: QVBoxLayout) -> None:
        fields = form()
        self.keep: dict[str, QSpinBox] = {}
        for kind, key in zip(KEPT_KINDS, KEEP_KEYS, strict=True):
            box = QSpinBox()
            box.setRange(-1, 36_525)
            box.setValue(-1)
            box.setSpecialValueText(NO_LIMIT)
            box.setSuffix(" days")
            box.lineEdit().setTextMargins(6, 0, 0, 0)
            box.setToolTip(f"How long {KINDS[kind]} may be kept after the meeting, if that was promised")
            add_field(fields, key, box)
            self.keep[kind] = box
        self.note = QLineEdit()
        self.note.setPlaceholderText("Only what the client wants written down")
        add_field(fields, "&Note", self.note)
        body.addLayout(fields)

    def statement(self, client: str) -> Statement:
        """Return what was said; raises UsageError and NotReadableError (the form)."""
        granted, refused = self.answers.grants(YES), self.answers.grants(NO)
        if not granted | refused:
            raise UsageError("Say what the client agrees to or refuses: at least one use.")
        return Statement(
            client,
            self.signed_on.must_be(),
            granted,
            refused,
            expires_on=self.expires_on.day(),
            details=self._details(),
        )

    def _details(self) -> ConsentDetails:
        path = self.form_file.text().strip()
        text, sha256 = read_form(Path(path).expanduser()) if path else ("", "")
        minor = self.minor.isChecked()
        assent = {1: True, 2: False}.get(self.assent.currentIndex()) if minor else None
        heard = [(code, "granted") for code in _codes(self.heard_yes)]
        heard += [(code, "refused") for code in _codes(self.heard_no)]
        return ConsentDetails(
            form=text,
            form_sha256=sha256,
            language=self.language.text().strip(),
            signer_role=str(self.signer.currentData()),
            method=str(self.method.currentData()),
            witness=self.witness.text().strip(),
            capacity=self.capacity.text().strip(),
            minor=minor,
            assent=assent,
            guardian=self.guardian.text().strip() if minor else "",
            adult_on=self.adult_on.day() if minor else None,
            valid_from=self.valid_from.day(),
            review_on=self.review_on.day(),
            audible=tuple(sorted(heard)),
            keep_days=tuple((kind, box.value()) for kind, box in self.keep.items() if box.value() >= 0),
            note=self.note.text().strip(),
        )


def _codes(field: QLineEdit) -> list[str]:
    return [code.strip() for code in field.text().split(",") if code.strip()]
