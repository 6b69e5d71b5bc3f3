"""The annexes of the window, in the order in which they are asked; each moves in when it is first wanted."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QWidget

from supervise.app.recall_recovering import recovered_recalls
from supervise.domain.prompt_cards import CardSet
from supervise.ui.annex import Annex, Host
from supervise.ui.library_model import RowRole
from supervise.ui.recording_errands import RecordingErrands

if TYPE_CHECKING:
    from supervise.ui.cards_errands import CardsErrands
    from supervise.ui.rating_errands import RatingErrands
    from supervise.ui.recall_errands import RecallErrands
    from supervise.ui.recall_out_errands import RecallOut
    from supervise.ui.recall_reading_errands import RecallReading
    from supervise.ui.study_errands import StudyErrands

ORDER = ("recording", "recall", "cards", "rating", "reading", "recall_out", "study")
# The actions that can be chosen before their annex is there; it does the others itself, at places of its own.
DOORS = {
    "recall": "recall",
    "prompt_cards": "cards",
    "rate": "rating",
    "ratings": "rating",
    "recalls": "reading",
    "recalled_here": "reading",
    "recall_out": "recall_out",
    "reading_out": "recall_out",
    "studies": "study",
}


class Annexes:
    """Each by name, made with its pages by whoever names it first; what is asked is asked of those there are.

    An opening window waits for none but the recording: pages that nobody looks at cost a sixth of it.
    """

    def __init__(self, window: QWidget, host: Host) -> None:
        """Make the first of them for a window, which lays it out itself."""
        self._window, self._host = window, host
        self.recording = RecordingErrands(window, host)
        self._there: dict[str, Annex] = {"recording": self.recording}

    @cached_property
    def recall(self) -> "RecallErrands":
        """The recall that goes on."""
        from supervise.ui.recall_errands import RecallErrands

        made = RecallErrands(self._window, self._host)
        made.where, made.of_interview = self._read, self._of_interview
        made.after.interview_wished.connect(self._hold)
        self._move_in("recall", made)
        return made

    @cached_property
    def cards(self) -> "CardsErrands":
        """The prompt cards."""
        from supervise.ui.cards_errands import CardsErrands

        made = CardsErrands(self._window, self._host)
        made.changed.connect(self._show_cards)
        self._move_in("cards", made)
        return made

    @cached_property
    def rating(self) -> "RatingErrands":
        """Rating while replaying."""
        from supervise.ui.rating_errands import RatingErrands

        made = RatingErrands(self._window, self._host)
        self._move_in("rating", made)
        return made

    @cached_property
    def reading(self) -> "RecallReading":
        """Recalls that are over."""
        from supervise.ui.recall_reading_errands import RecallReading

        made = RecallReading(self._window, self._host)
        made.ended = self._ended
        made.out_wished.connect(self._take_out)
        self._move_in("reading", made)
        return made

    @cached_property
    def recall_out(self) -> "RecallOut":
        """Taking recalls out."""
        from supervise.ui.recall_out_errands import RecallOut

        made = RecallOut(self._window, self._host)
        made.where = self.reading.where
        self._move_in("recall_out", made)
        return made

    @cached_property
    def study(self) -> "StudyErrands":
        """Studies and their interviews."""
        from supervise.ui.study_errands import StudyErrands

        made = StudyErrands(self._window, self._host)
        made.interview.recall_wished.connect(self._recall_for)
        self._move_in("study", made)
        return made

    # Ways from one to another: a slot each, for naming the other here is what makes it.

    def _read(self) -> tuple[str, str]:
        return self.reading.where() if "reading" in self._there else self._ended()

    def _ended(self) -> tuple[str, str]:
        return self.recall.after.where() if "recall" in self._there else ("", "")

    def _of_interview(self) -> bool:
        return "study" in self._there and self.study.recall_here()

    def _take_out(self, session: str, recall: str) -> None:
        self.recall_out.open(session, recall)

    def _hold(self, interview: str) -> None:
        self.study.hold(interview)

    def _recall_for(self, interview: str) -> None:
        self.recall.open_for(interview)

    def _show_cards(self, cards: CardSet) -> None:
        if "recall" in self._there:
            self.recall.page.cards.show_cards(cards)

    def _move_in(self, name: str, annex: Annex) -> None:
        """Add pages, strips and deeds to the window, and say which vault is open."""
        pages, middle = self._host.pages, self._host.pages.parentWidget()
        body = middle.layout() if middle is not None else None
        for page in annex.pages():
            pages.addWidget(page)
        for strip in annex.strips():
            if isinstance(body, QBoxLayout):
                body.insertWidget(body.indexOf(pages), strip)
        for deed_name, deed in annex.deeds().items():
            if deed_name not in DOORS:
                self._host.actions_.bind(deed_name, deed)
        self._there[name] = annex
        annex.show_strips()
        if self._host.desk is not None:
            annex.adopted()

    @property
    def every(self) -> tuple[Annex, ...]:
        """Those there are."""
        return tuple(self._there[name] for name in ORDER if name in self._there)

    def client(self) -> str:
        """Return the code of the client whom the page that is shown is about; empty where it is nobody.

        In the library it is the client of the chosen row.
        """
        page, library = self._host.pages.currentWidget(), self._host.library
        index = library.table.currentIndex()
        if page is library and library.table.isVisible() and index.isValid():
            return str(index.data(RowRole).session.client_code)
        found = (annex.client(page) for annex in self.every if page is not None)
        return next(filter(None, found), "")

    def pages(self) -> list[QWidget]:
        """Return all their pages."""
        return [page for annex in self.every for page in annex.pages()]

    def strips(self) -> list[QWidget]:
        """Return what lies above the pages, from the top."""
        return [strip for annex in self.every for strip in annex.strips()]

    def others_look(self, page: QWidget | None) -> bool:
        """Whether a page may be seen by a client."""
        return page is not None and any(annex.others_look(page) for annex in self.every)

    def leaves_session(self, page: QWidget | None) -> bool:
        """Whether the session that is open is let go when a page is shown."""
        return page is not None and any(annex.leaves_session(page) for annex in self.every)

    def undoes(self, page: QWidget | None) -> bool:
        """Whether undo and redo apply on a page of theirs."""
        return page is not None and any(annex.undoes(page) for annex in self.every)

    def panes(self, page: QWidget | None) -> list[QWidget]:
        """Return the parts of a page of theirs that F6 goes through."""
        return [pane for annex in self.every for pane in annex.panes(page)] if page is not None else []

    def places(self, page: QWidget | None) -> list[str]:
        """Return the places whose actions apply now, and let each strip be where it belongs."""
        found: list[str] = []
        for annex in self.every:
            found += annex.places(page) if page is not None else ()
            annex.show_strips()
        return found

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what their actions do, by name."""
        return {**self.recording.deeds(), **{name: self._through(name) for name in DOORS}}

    def _through(self, name: str) -> Callable[[], object]:
        def done() -> None:
            annex: Annex = getattr(self, DOORS[name])
            annex.deeds()[name]()

        return done

    def adopted(self) -> None:
        """Tell each that a vault was opened."""
        self.tell(lambda annex: annex.adopted())
        self._look_for_recalls_left()

    def unlocked(self) -> None:
        """Tell each that the vault was unlocked, maybe by somebody else."""
        self.tell(lambda annex: annex.unlocked())
        self._look_for_recalls_left()

    def _look_for_recalls_left(self) -> None:
        """Let what a crash left of a recall be offered, if anything."""
        desk = self._host.desk
        if "recall" not in self._there and desk is not None and recovered_recalls(desk.workspace):
            self.recall.show_strips()

    def tell(self, what: Callable[[Annex], object]) -> None:
        """Tell each of them something."""
        for annex in self.every:
            what(annex)

    def may_leave(self) -> bool:
        """Whether the vault may be closed."""
        return all(annex.may_leave() for annex in self.every)

    def may_close(self) -> bool:
        """Whether the program may be closed."""
        return all(annex.may_close() for annex in self.every)
