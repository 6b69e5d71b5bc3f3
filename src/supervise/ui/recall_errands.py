"""Everything about the recall that goes on: setting it up, its keys, the lock, its end and what follows."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from supervise.app.interviews import interview_view
from supervise.app.recall_outcome import LEFT_OPEN, RecallOutcome
from supervise.app.recording import recording_now
from supervise.domain.errors import NoSpaceError, NotCoveredError, SuperviseError
from supervise.domain.ids import InterviewId, SessionId
from supervise.domain.recall import Setup
from supervise.ui.actions import OPEN, RECALL, RECALLING
from supervise.ui.annex import Host
from supervise.ui.desk import Desk, attempt
from supervise.ui.failures import show_notice
from supervise.ui.going_annex import GoingAnnex, InTheWay
from supervise.ui.leakage_watch import LeakageWatch
from supervise.ui.library_model import RowRole
from supervise.ui.live_recall import SEEK_MS, LiveRecall, RecallStanding
from supervise.ui.plain_words import said
from supervise.ui.recall_after_errands import RecallAfterErrands
from supervise.ui.recall_page import RecallKeys, RecallPage
from supervise.ui.recall_setting_up import RecallPlan, RecallSettingUp
from supervise.ui.recall_setup_dialog import RecallSetupDialog, RecallWish
from supervise.ui.recall_strip import RecallStrip
from supervise.ui.recall_words import HEADPHONES
from supervise.ui.recovery_errands import Recalls, RecoveryErrands
from supervise.ui.rooms import with_recall_devices

RECORDING = "A session is being recorded. End the recording first; everything recorded is kept."
NOTHING = "Nothing was heard, so nothing is kept of it."
KEPT_LOCKED = "The recall has ended and is kept. It is offered once you unlock the vault."
CHOOSE = "Choose a session first: in the library, or open it."


class RecallErrands(GoingAnnex):
    """At most one recall at a time, and none beside a recording; it outlives dialogs, pages and the lock."""

    in_the_way = InTheWay(
        "A recall is going on",
        "End the recall first; everything recorded is kept.",
        "If you close the program, the recall ends here. Everything recorded so far is kept.",
        "End the recall and close",
    )

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window, host)
        self.page, self.strip = RecallPage(), RecallStrip()
        self.after, self.recovery = RecallAfterErrands(window, host), RecoveryErrands(window, host, Recalls())
        self.recovery.changed.connect(self.show_strips)
        self.recovery.kept.connect(self.after.show_recovered)
        self.setting_up = RecallSettingUp(window, host)
        self.setting_up.wished.connect(self._start)
        self.leakage = LeakageWatch(self)
        self.leakage.heard.connect(lambda found: self.page.advise(HEADPHONES.format(db=round(found))))
        self.live: LiveRecall | None = None
        self._session = ""
        self.where: Callable[[], tuple[str, str]] = lambda: ("", "")  # the session in question, recall read
        self.of_interview: Callable[[], bool] = lambda: False  # sets one up for the interview that is shown
        self._awaited: tuple[RecallOutcome, str] | None = None
        self.page.turn_wished.connect(self.turn)
        self.page.inquirer_wished.connect(self.inquirer_stops)
        self.page.move_wished.connect(self.move)
        self.page.speed_wished.connect(self.faster)
        self.page.end_wished.connect(self.end)
        self.page.prompt_wished.connect(self.prompt)
        self.strip.page_wished.connect(self.show_page)
        self.strip.end_wished.connect(self.end)

    # --- setting up

    def open(self) -> None:
        """Set up a recall of the session that is open, chosen in the library, or read about.

        From an interview, or its row in a study, it is one for that interview.
        """
        desk, session = self._desk, self._chosen()
        if self.live is not None:
            self.show_page()
        elif self.of_interview():
            return
        elif recording_now():
            show_notice(self._window, "A session is being recorded", RECORDING)
        elif desk is not None and not session:
            self._host.say(CHOOSE)
        elif desk is not None:
            self.setting_up.ask(RecallPlan(SessionId(session)))

    def _chosen(self) -> str:
        if self._host.session is not None:
            return self._host.session.session.session
        session, read = self.where()
        if read:
            return session
        library = self._host.library
        index = library.table.currentIndex()
        shown = self._host.pages.currentWidget() is library and library.table.isVisible()
        return str(index.data(RowRole).session.session) if shown and index.isValid() else ""

    def open_for(self, interview: str) -> None:
        """Set up a recall that is part of an interview, and is tied to it as soon as it is kept."""
        desk = self._desk
        if self.live is not None:
            self.show_page()
        elif recording_now():
            show_notice(self._window, "A session is being recorded", RECORDING)
        elif desk is not None:
            attempt(lambda: self._ask_for(desk, InterviewId(interview)), self._host.fail)

    def _ask_for(self, desk: Desk, interview: InterviewId) -> None:
        row = interview_view(desk.workspace, interview).row
        self.setting_up.ask(RecallPlan(row.session, row.interview))

    def _start(self, dialog: RecallSetupDialog, plan: RecallPlan, wish: RecallWish) -> None:
        desk = self._desk
        if desk is None or self.live is not None or recording_now():
            return
        dialog.devices.release()
        if not attempt(lambda: self._begin(desk, plan, wish), dialog.show_problem):
            return
        if wish.room or not desk.settings.rooms:
            room = wish.room or "My room"
            kept = with_recall_devices(desk.settings, room, wish.microphone, wish.loudspeaker)
            attempt(lambda: desk.keep(kept), self._host.fail)
        dialog.accept()
        self._begun(plan.session, wish.setup)

    def _begin(self, desk: Desk, plan: RecallPlan, wish: RecallWish) -> None:
        desk.listening.unload()
        loudspeaker = wish.loudspeaker or desk.settings.output
        going = self._host.services.recalling(
            desk.workspace, plan.session, wish.setup, wish.microphone, loudspeaker
        )
        if plan.interview is not None:
            going.belong_to(plan.interview)
        live = LiveRecall(going, self)
        live.start()
        self.live = live

    def _begun(self, session: SessionId, setup: Setup) -> None:
        live = self.live
        if live is None:
            return
        self._session = session
        self.leakage.begin()
        live.changed.connect(self._show)
        live.ended.connect(self._ended)
        names = "recall_turn", "recall_inquirer", "recall_cards", "recall_end"
        keys = RecallKeys(*(self._key(name) for name in names))
        self.page.begin(setup, live.session.cards, keys)
        self.show_page()
        live.look()

    def _key(self, name: str) -> str:
        keys = QKeySequence(self._host.actions_.keys_of(name))
        return keys.toString(QKeySequence.SequenceFormat.NativeText)

    # --- what is shown

    def show_page(self) -> None:
        """Show the recall, unless the vault is locked: then its strip is above the door."""
        if self.live is not None and self._desk is not None:
            self._host.show_page(self.page)
            self.page.turn.setFocus()

    def pages(self) -> list[QWidget]:
        """Return the page while a recall goes on, and the one after it."""
        return [self.page, self.after.page]

    def others_look(self, page: QWidget) -> bool:
        """Whether a client may sit before it."""
        return page in (self.page, self.after.page)

    def client(self, page: QWidget) -> str:
        """Return the code of the client whose session is recalled, or was just now."""
        desk, found = self._desk, list[str]()
        here = self.live is not None and page is self.page
        session = SessionId(self._session if here else self.after.where()[0])
        if desk is not None and session:
            attempt(lambda: found.append(desk.workspace.session(session).client_code), lambda _error: None)
        return found[0] if found else ""

    def places(self, page: QWidget) -> tuple[str, ...]:
        """Return where the recall's keys, and on its pages those of an open vault, work."""
        found = [OPEN] if self.others_look(page) and self._desk is not None else []
        if self.live is not None:
            found.append(RECALLING)
            if page is self.page and self._desk is not None:
                found.append(RECALL)
        return tuple(found)

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its keys do."""
        return {
            "recall": self.open,
            "recall_turn": self.turn,
            "recall_inquirer": self.inquirer_stops,
            "recall_back": lambda: self.move(-1),
            "recall_forward": lambda: self.move(1),
            "recall_slower": lambda: self.faster(-1),
            "recall_faster": lambda: self.faster(1),
            "recall_cards": self.page.turn_cards,
            "recall_end": self.end,
        }

    def strips(self) -> list[QWidget]:
        """Return what lies above the pages."""
        return [self.strip, self.recovery.strip]

    def adopted(self) -> None:
        """A vault was opened: offer what a crash left."""
        self.recovery.offer()

    def show_strips(self) -> None:
        """Show the strip away from the page; whoever leaves the page has stopped the tape."""
        page = self._host.pages.currentWidget()
        away = self.live is not None and page is not self.page
        self.strip.setVisible(away)
        library_or_session = page in (self._host.library, self._host.view)
        self.recovery.strip.setVisible(self.recovery.wanted and library_or_session)
        if away and self.live is not None and self.live.playing and self._desk is not None:
            attempt(self.live.turn, self._host.fail)

    def _show(self, now: RecallStanding) -> None:
        self.page.show_standing(now)
        self.strip.show_standing(now, self._desk is None)
        if now.playing:
            self._host.idle.touch()
        if self.live is not None and self._desk is not None:
            self.leakage.look(self._desk.workspace, self.live, now.playing)
        if now.playing and QApplication.activeModalWidget() is not None:
            self.turn()  # a dialog has the keys now, and no tape runs that no key can stop

    # --- while it goes on

    def _order(self, deed: Callable[[LiveRecall], object]) -> None:
        live = self.live
        if live is not None:
            attempt(lambda: deed(live), lambda error: live.refuse(said(error)))

    def turn(self) -> None:
        """The recaller stops the tape, or goes on."""
        self._order(LiveRecall.turn)

    def inquirer_stops(self) -> None:
        """The inquirer stops the tape, where that was agreed."""
        self._order(LiveRecall.inquirer_stops)

    def move(self, way: int) -> None:
        """Go back or forward."""
        self._order(lambda live: live.move(way * SEEK_MS))

    def faster(self, way: int) -> None:
        """Play faster or slower."""
        self._order(lambda live: live.faster(way))

    def prompt(self, card: str) -> None:
        """Note that the inquirer asked with a card."""
        self._order(lambda live: live.prompt(card))

    # --- its end

    def end(self) -> None:
        """End it; everything is kept."""
        if self.live is not None:
            attempt(self.live.end, self._host.fail)

    def _ended(self, outcome: RecallOutcome, error: SuperviseError | None) -> None:
        live, self.live = self.live, None
        self.leakage.stop()
        if live is not None:
            live.deleteLater()
        if self._closing:
            return
        if self._desk is None:
            self._awaited = (outcome, self._session)
            self._host.door.show_news(KEPT_LOCKED if outcome.waiting else "")
            self._host.show_page(self._host.door)
            return
        if isinstance(error, NotCoveredError):  # locked: there is nothing to go on with
            self._host.show_library()
        else:
            self._offer(outcome, self._session)
        if error is not None or outcome.left_open:
            self._host.fail(error or NoSpaceError(LEFT_OPEN))

    def _offer(self, outcome: RecallOutcome, session: str) -> None:
        if outcome.left_open:
            self._host.show_library()
        elif not outcome.samples:
            self._host.show_library()
            show_notice(self._window, "The recall has ended", NOTHING)
        else:
            self.after.show(replace(outcome, waiting=False), session)

    def unlocked(self) -> None:
        """Show what ended when the vault was locked; go on showing what still runs."""
        self.recovery.offer()
        awaited, self._awaited = self._awaited, None
        if awaited is not None:
            self._offer(*awaited)
        elif self.live is not None:
            self.page.cards.show_used(self.live.session.prompts)
            self.show_page()
            self.live.look()

    def locking(self) -> None:
        """Empty the pages, and let nothing recovered be heard any more."""
        self.recovery.stop()
        self.setting_up.forget()
        self.after.forget()
        self.page.forget()

    def _leaving(self) -> None:
        """Let nothing recovered be heard any more, and forget what was filled in."""
        self.recovery.stop()
        self.setting_up.forget()

    def give_up(self) -> None:
        """The program must go at once: what was recorded is offered at the next opening."""
        if self.live is not None:
            live, self.live = self.live, None
            self.leakage.stop()
            live.abandon()
