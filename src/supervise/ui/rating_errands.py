"""Rating while replaying in the window: set up, rate, end, and look at what was rated."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from supervise.app.rating import RatingOutcome
from supervise.domain.times import clock
from supervise.ui.annex import Host
from supervise.ui.desk import attempt
from supervise.ui.failures import show_notice
from supervise.ui.going_annex import GoingAnnex, InTheWay
from supervise.ui.live_rating import LiveRating, RatingStanding
from supervise.ui.plain_words import said
from supervise.ui.rating_dialog import RatingDialog, RatingWish
from supervise.ui.rating_page import ENDED, RatingPage
from supervise.ui.ratings_dialog import RatingsDialog

LOCKED = "The vault was locked, so the rating has ended. Everything rated up to then is kept."
NOTHING = "Nothing was played, so nothing is kept."
TAKEN_BACK = "The client's consent no longer covers it, so the rating has ended and is locked."


class RatingErrands(GoingAnnex):
    """At most one rating at a time; it ends before the page is left."""

    in_the_way = InTheWay(
        "A session is being rated",
        "A session is being rated. End the rating first; everything rated is kept.",
        "If you close the program, the rating ends here. Everything rated so far is kept.",
        "End the rating and close",
    )

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window, host)
        self.page = RatingPage()
        self.live: LiveRating | None = None
        self._session = ""
        self._locked = False
        page = self.page
        page.turn_wished.connect(self.turn)
        page.value_wished.connect(self.set_value)
        page.middle_wished.connect(self.to_middle)
        page.play_wished.connect(self.toggle)
        page.end_wished.connect(self.end)
        page.lock_wished.connect(self.lock)
        page.back_wished.connect(self.leave)
        page.curve_wished.connect(self.show_what_was_rated)

    # --- the window's questions

    def pages(self) -> list[QWidget]:
        """Return the page with the dials."""
        return [self.page]

    def others_look(self, page: QWidget) -> bool:
        """Whether it is the page a client may sit before."""
        return page is self.page

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its keys do."""
        return {"rate": self.open, "ratings": self.open_ratings}

    def locking(self) -> None:
        """End what goes on while the keys are still there, and show nothing of it."""
        live = self.live
        if live is not None:
            self._locked = True
            live.end("lock")
        self.page.clear()
        self._session = ""

    def unlocked(self) -> None:
        """Say what became of it."""
        if self._locked:
            self._locked = False
            show_notice(self._window, ENDED, LOCKED)

    def give_up(self) -> None:
        """The program must go at once: the next opening keeps what is on the disk."""
        live, self.live = self.live, None
        if live is not None:
            live.session.abandon()
            live.rest()

    # --- beginning

    def open(self) -> None:
        """Ask who rates with what."""
        session = self._host.session
        if self._desk is None or session is None or self.live is not None:
            return
        self._desk.listening.pause()
        dialog = RatingDialog(self._window, session.position_ms)
        dialog.wished.connect(lambda wish: self._start(dialog, wish))
        self._host.show_dialog(dialog)

    def _start(self, dialog: RatingDialog, wish: RatingWish) -> None:
        desk, session = self._desk, self._host.session
        if desk is None or session is None or self.live is not None:
            return
        work, here = desk.workspace, session.session.session

        def begin() -> None:
            rating = self._host.services.rating(work, here, wish.setup, desk.settings.output)
            live = LiveRating(rating, self)
            live.start(wish.at_ms)
            self.live = live
            live.changed.connect(self._show)
            live.ended.connect(self._ended)

        if not attempt(begin, lambda error: dialog.show_problem(said(error))):
            return
        desk.listening.unload()
        dialog.accept()
        self._session = here
        self.page.begin(wish.setup)
        self._host.show_page(self.page)
        self.page.focus_first()

    def _show(self, now: RatingStanding) -> None:
        self.page.show_standing(now)
        if now.playing:
            self._host.idle.touch()

    # --- while it runs

    def turn(self, number: int, steps: int) -> None:
        """Turn a dial by steps."""
        live = self.live
        if live is not None:
            live.session.turn(live.session.setup.dials[number].key, steps)
            live.look()

    def set_value(self, number: int, value: int) -> None:
        """Turn a dial to a value."""
        live = self.live
        if live is not None:
            live.session.set_value(live.session.setup.dials[number].key, value)
            live.look()

    def to_middle(self) -> None:
        """Send every dial to its middle."""
        live = self.live
        if live is not None:
            for dial in live.session.setup.dials:
                live.session.to_middle(dial.key)
            live.look()

    def toggle(self) -> None:
        """Play or pause."""
        if self.live is not None:
            attempt(self.live.toggle, self._host.fail)

    def end(self) -> None:
        """End it; everything is kept."""
        if self.live is not None:
            attempt(self.live.end, self._host.fail)

    def lock(self) -> None:
        """Lock the vault."""
        if self._desk is not None:
            attempt(self._desk.workspace.lock, self._host.fail)

    # --- its end

    def _ended(self) -> None:
        live, self.live = self.live, None
        if live is None:
            return
        live.deleteLater()
        outcome, why = live.session.outcome, live.session.why
        if self._locked or self._closing or outcome is None:
            return
        self.page.show_end(_end_words(outcome, why), kept=outcome.series is not None and not why)

    def leave(self) -> None:
        """Go back to the session, if it may be seen; else to the library."""
        self.page.clear()
        session, self._session = self._session, ""
        if session:
            self._host.open_session(session)
        if self._host.session is None:
            self._host.show_library()

    def show_what_was_rated(self) -> None:
        """Go back to the session and show its ratings."""
        self.leave()
        self.open_ratings()

    def open_ratings(self) -> None:
        """Show the ratings of the session that is open."""
        desk, session = self._desk, self._host.session
        if desk is None or session is None:
            return
        row = session.session
        desk.listening.pause()

        def show() -> None:
            dialog = RatingsDialog(self._window, desk.workspace, row)
            if dialog.rows:
                desk.workspace.vault.log("rate", row.session, "read")
            dialog.place_wished.connect(lambda ms: self._go_to(dialog, ms))
            self._host.show_dialog(dialog)
            dialog.begin()

        attempt(show, self._host.fail)

    def _go_to(self, dialog: RatingsDialog, ms: int) -> None:
        dialog.accept()
        if self._host.session is not None:
            self._host.session.seek(ms)


def _end_words(outcome: RatingOutcome, why: str) -> str:
    if why == "consent":
        return TAKEN_BACK
    if outcome.series is None:
        return NOTHING
    return f"{clock(outcome.played_ms)} of the session is rated, and kept sealed in the vault."
