"""The annexes of the window, in the order in which they are asked."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from supervise.ui.annex import Annex, Host
from supervise.ui.cards_errands import CardsErrands
from supervise.ui.rating_errands import RatingErrands
from supervise.ui.recall_errands import RecallErrands
from supervise.ui.recall_out_errands import RecallOut
from supervise.ui.recall_reading_errands import RecallReading
from supervise.ui.recording_errands import RecordingErrands
from supervise.ui.study_errands import StudyErrands


class Annexes:
    """Each by name; what is asked here is asked of all of them."""

    def __init__(self, window: QWidget, host: Host) -> None:
        """Make them for a window."""
        self.recording = RecordingErrands(window, host)
        self.recall = RecallErrands(window, host)
        self.cards = CardsErrands(window, host)
        self.cards.changed.connect(self.recall.page.cards.show_cards)
        self.rating = RatingErrands(window, host)
        self.reading = RecallReading(window, host)
        self.recall_out = RecallOut(window, host)
        self.recall_out.where = self.recall.where = self.reading.where
        self.reading.ended = self.recall.after.where
        self.reading.out_wished.connect(self.recall_out.open)
        recalls = (self.recall, self.cards, self.rating, self.reading, self.recall_out)
        self.study = StudyErrands(window, host)
        self.study.interview.recall_wished.connect(self.recall.open_for)
        self.recall.after.interview_wished.connect(self.study.hold)
        self.every: tuple[Annex, ...] = (self.recording, *recalls, self.study)

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
        return {name: deed for annex in self.every for name, deed in annex.deeds().items()}

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
