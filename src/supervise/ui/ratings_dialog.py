"""The ratings of a session: which there are, drawn over its time line, taken out or deleted."""

from pathlib import Path

from PySide6.QtCore import QDir, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from supervise.app.rating_export import export_rating
from supervise.app.rating_reading import RatingRow, RatingView, delete_rating, rating_rows, rating_view
from supervise.app.workspace import Workspace
from supervise.domain.ids import SeriesId
from supervise.domain.session import Session
from supervise.domain.times import clock
from supervise.ui.columns import dialog_size, letters
from supervise.ui.copy_names import offered_name, with_ending
from supervise.ui.desk import attempt
from supervise.ui.export_dialog import LEAVES
from supervise.ui.failures import ask
from supervise.ui.file_dialogs import ask_target
from supervise.ui.paged_dialog import AskingPage, PagedDialog, scrolling
from supervise.ui.pieces import add_field, button, column, form, label, row, say
from supervise.ui.plain_words import said
from supervise.ui.rating_curve import RatingCurve, line_icon
from supervise.ui.rating_dialog import RATERS
from supervise.ui.reading_words import begun_words
from supervise.ui.theme import EDGE, GAP, theme_of
from supervise.ui.tips import plain_tip

NONE_YET = (
    "Nobody has rated this session yet. “Rate while replaying…” in the Recall menu begins one; "
    "before or after a recall, not during it."
)
READING = (
    "Tick the series to draw. In the drawing, Left and Right move the place that is read out, Enter goes "
    "there in the session."
)
EMPTY = 620, 180
GONE = "These ratings are deleted for good. There is no undo."
FORMATS: dict[str, tuple[str, str, int | None]] = {
    "points": ("Every point, as a table (CSV)", "csv", None),
    "grid": ("Four values a second, as a table (CSV)", "csv", 4),
    "json": ("Everything as JSON, with four values a second", "json", 4),
}


def series_words(row: RatingRow) -> str:
    """Say in two lines when a series was made, by whom, on what, and how much of it there is."""
    setup, amount = row.series.setup, row.amount
    who = setup.name or RATERS[setup.rater].partition(",")[0]
    dials = ", ".join(dial.title for dial in setup.dials)
    often = "" if amount.passes < 2 else f" in {amount.passes} passes"
    return f"{begun_words(row.series.started_at)} · {who}\n{clock(amount.played_ms)}{often} · {dials}"


class OutPage(AskingPage):
    """As what, and where to."""

    def __init__(self, held_on: str) -> None:
        """Offer every format."""
        super().__init__("", "Take the copy out")
        self.title.setText("Take ratings out")
        self._held_on, self._confirmed = held_on, ""
        self.body.addWidget(label(LEAVES, "notice"))
        group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        for name, (words, _fmt, _rate) in FORMATS.items():
            choice = QRadioButton(words)
            group.addButton(choice)
            self.body.addWidget(choice)
            choice.toggled.connect(self._suggest)
            self.choices[name] = choice
        self.redact = QCheckBox("Leave out what was rated where something is coded “Redact before sharing”")
        self.redact.setChecked(True)
        self.body.addWidget(self.redact)
        self.target = QLineEdit()
        self.browse = button("Choose…", self._on_browse)
        self.browse.setAccessibleName("Choose where the copy goes")
        holder = QWidget()
        column(holder).addLayout(row(self.target, self.browse))
        where = form()
        add_field(where, "&To the file", holder, self.target)
        self.body.addLayout(where)
        self.body.addStretch(1)
        self.choices["points"].setChecked(True)

    @property
    def chosen(self) -> tuple[str, int | None]:
        """The format, and how many values a second."""
        name = next(name for name, choice in self.choices.items() if choice.isChecked())
        return FORMATS[name][1:]

    @property
    def path(self) -> Path:
        """Where the copy goes."""
        return with_ending(Path(self.target.text().strip()).expanduser(), self.chosen[0])

    @property
    def confirmed(self) -> bool:
        """Whether the person wants the file that is there replaced."""
        return self._confirmed == str(self.path)

    def confirm(self, path: Path) -> None:
        """Take this file, there or not."""
        self.target.setText(str(path))
        self._confirmed = str(self.path)

    def _suggest(self) -> None:
        if hasattr(self, "target") and any(choice.isChecked() for choice in self.choices.values()):
            typed = self.target.text().strip()
            folder = Path(typed).parent if typed else Path(QDir.homePath())
            self.target.setText(str(offered_name(folder, self.chosen[0], self._held_on, "ratings")))

    def _on_browse(self) -> None:
        ask_target(self, "Ratings", self.path.name, self.chosen[0], self.confirm)

    def first(self) -> QWidget:
        """The format is asked first."""
        return next(choice for choice in self.choices.values() if choice.isChecked())


class RatingsDialog(PagedDialog):
    """Reads what may be read here; raises what reading raises when it is made."""

    place_wished = Signal(int)

    def __init__(self, parent: QWidget, work: Workspace, session: Session) -> None:
        """Show the ratings of a session."""
        self._work, self._session = work, session
        self.rows: list[RatingRow] = []
        self._views: dict[SeriesId, RatingView] = {}
        first = QWidget()
        super().__init__(parent, "Ratings of this session", first, 1080, 660)
        self._lay_out(column(first, EDGE + 4, GAP + 2))
        self.out = OutPage(session.held_on)
        self.add_page(self.out)
        self.out.wished.connect(self._on_out)
        theme_of().changed.connect(self._draw)
        self._read()

    def _lay_out(self, body: QVBoxLayout) -> None:
        self.about = label("", "muted")
        body.addWidget(label("Ratings of this session", "heading"))
        body.addWidget(self.about)
        self.list = QListWidget()
        self.list.setAccessibleName("Series of ratings")
        self.list.setFixedWidth(letters(330))
        self.list.setIconSize(QSize(28, 12))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.curve = RatingCurve(self._session.sound.duration_ms)
        self.figures = label("", "muted")
        self.readout = label("")
        self.drawing = QWidget()
        side = column(self.drawing, 0, GAP)
        side.addWidget(scrolling(self.curve), 1)
        side.addWidget(self.readout)
        side.addWidget(self.figures)
        sides = row(self.list, self.drawing, gap=EDGE)
        sides.setStretch(1, 1)
        body.addLayout(sides, 1)
        self.problem = label("", "error")
        self.problem.hide()
        body.addWidget(self.problem)
        self.delete = button("Delete…", self._on_delete, "danger")
        self.take_out = button("Take out…", self._on_take_out)
        self.close_button = button("Close", self.accept, "primary")
        body.addLayout(row(self.delete, self.take_out, 1, self.close_button))
        self.list.itemChanged.connect(lambda _item: self._draw())
        self.list.currentRowChanged.connect(lambda _row: self._show_figures())
        self.curve.place_changed.connect(lambda _ms: self.readout.setText(self.curve.words()))
        self.curve.place_wished.connect(self.place_wished)

    def begin(self) -> None:
        """Put the focus where work begins."""
        (self.list if self.rows else self.close_button).setFocus()

    def _read(self) -> None:
        self.rows = [*reversed(rating_rows(self._work, self._session.session))]
        me = self._work.profile.profile
        mine = next((at for at, row in enumerate(self.rows) if row.series.author == me), 0)
        self.list.blockSignals(True)
        self.list.clear()
        for number, entry in enumerate(self.rows):
            item = QListWidgetItem(line_icon(number), series_words(entry))
            item.setToolTip(plain_tip(series_words(entry)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if number == mine else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.about.setText(READING if self.rows else NONE_YET)
        for part in (self.list, self.drawing, self.delete, self.take_out):
            part.setVisible(bool(self.rows))
        if self.rows:
            self.list.setCurrentRow(mine)
        else:
            self.setMinimumSize(dialog_size(self, *EMPTY))
            self.resize(self.minimumSize())
        self._draw()
        self._show_figures()

    def _view(self, row: RatingRow) -> RatingView | None:
        """Return a series with all that was rated in it, read when it is first looked at."""
        series = row.series.series

        def read() -> None:
            self._views[series] = rating_view(self._work, series)

        if series not in self._views:
            attempt(read, lambda error: say(self.problem, said(error)))
        return self._views.get(series)

    def _draw(self) -> None:
        ticked = [
            (number, self._view(entry))
            for number, entry in enumerate(self.rows)
            if self.list.item(number).checkState() == Qt.CheckState.Checked
        ]
        drawn = [(number, view) for number, view in ticked if view is not None]
        shown = dict(drawn)
        self.list.blockSignals(True)
        for number in range(len(self.rows)):
            self.list.item(number).setIcon(line_icon(number) if number in shown else QIcon())
        self.list.blockSignals(False)
        self.curve.show_series(drawn)

    @property
    def current(self) -> RatingRow | None:
        """The series that is chosen in the list."""
        number = self.list.currentRow()
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def _show_figures(self) -> None:
        view = self._view(self.current) if self.current is not None else None
        if view is None:
            self.figures.clear()
            return
        parts = []
        for dial, found in zip(view.series.setup.dials, view.figures, strict=True):
            if found.mean is None:
                continue
            parts.append(
                f"{dial.title}: moved {found.moves} times, between {found.lowest:+d} and {found.highest:+d}, "
                f"{found.mean:+.0f} on average over time."
            )
        self.figures.setText(" ".join(parts))

    # --- deeds

    def _on_take_out(self) -> None:
        row = self.current
        if row is not None:
            self.out.about.setText(series_words(row).replace("\n", " · "))
            self.out.about.show()
            self.show_page(self.out)

    def _on_out(self) -> None:
        path = self.out.path
        if path.is_file() and not self.out.confirmed:
            text = f"{path.name} is there already. What it holds now would be lost."
            box = ask(self, "Replace the file?", text, "Replace it", danger=True)
            box.accepted.connect(lambda: self._replace(path))
            return
        self._take_out(path)

    def _replace(self, path: Path) -> None:
        self.out.confirm(path)
        self._take_out(path)

    def _take_out(self, path: Path) -> None:
        row = self.current
        if row is None:
            return
        fmt, rate_hz = self.out.chosen
        done = attempt(
            lambda: export_rating(
                self._work,
                row.series.series,
                fmt,
                path,
                rate_hz=rate_hz,
                force=self.out.confirmed,
                unredacted=not self.out.redact.isChecked(),
            ),
            lambda error: self.out.show_problem(said(error)),
        )
        if done:
            self.show_first()
            say(self.about, f"Taken out: {path.name}. It is no longer protected by the vault.")

    def _on_delete(self) -> None:
        if self.current is not None:
            box = ask(self, "Delete these ratings?", GONE, "Delete them", danger=True)
            box.accepted.connect(self._delete)

    def _delete(self) -> None:
        row = self.current
        if row is not None and attempt(
            lambda: delete_rating(self._work, row.series.series),
            lambda error: say(self.problem, said(error)),
        ):
            self._read()
            self.begin()
