"""Everything about studies in the window: overview, planning, cueing, showing early, taking answers out."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from supervise.app.interview_export import export_study
from supervise.app.interview_planning import (
    Dropping,
    InterviewWish,
    cue_other,
    drop_interview,
    plan_interviews,
    what_drops,
)
from supervise.app.interviews import interview_view, unblind
from supervise.app.protocols import load_protocol, protocols
from supervise.app.studies import studies, study_overview
from supervise.domain.ids import InterviewId, SessionId
from supervise.domain.moments import Perspective
from supervise.domain.times import day_words
from supervise.ui.actions import OPEN
from supervise.ui.annex import Annex, Host
from supervise.ui.desk import attempt
from supervise.ui.failures import ask
from supervise.ui.file_dialogs import ask_file, ask_target
from supervise.ui.interview_errands import InterviewErrands
from supervise.ui.plain_words import saying
from supervise.ui.plan_dialog import LineDialog, PlanDialog
from supervise.ui.study_page import StudyPage

YAML = "Protocols (*.yaml *.yml)"
CUE = "They hear where the event begins and ends, and nothing else. They are interviewed by:"
CUE_EVENTS = "The interview has no event of its own yet: there is nothing to cue to."
EARLY = (
    "What was answered stays hidden until both are done, so that neither is led by the other. If one of them "
    "will never finish, it can be shown now. The reason is kept with the interview and goes out with it, and "
    "the access log says that it was done."
)
PLAN_FIRST = (
    "Nothing is planned for this session yet. Plan an interview (Alt+N) and hold the recall with it, or set "
    "a recall up from the session in the library."
)
FINISHED_ROW = (
    "This interview is finished. Choose one that is not, or set a recall up from the session in the library."
)
DROP = "The {party}'s interview “{point}” is taken off the list. There is no undo."
DROPPED = "The interview was dropped."
DROP_BEGUN = "Everything answered, chosen and marked in it is deleted."
DROP_PLANNED = "It was not begun, so nothing answered is lost."
DROP_RECALL = "The recall it was held with stays with the session."
DROP_LATER = "What is planned for other days stays planned."
OUT = (
    "One row for each answer of every interview of {study} that was begun, with client codes and pseudonyms. "
    "What is hidden stays. The copy leaves the vault's protection: anybody who gets the file can read it."
)
LEAVES = "{rows} rows were written. They are no longer protected by the vault."
STAYED = " {hidden} interviews were left out: hidden until both are done."


class StudyErrands(Annex):
    """Shows one study at a time, read anew whenever it is gone to."""

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window, host)
        self.page = StudyPage()
        self.interview = InterviewErrands(window, host)
        self._study = ""
        self.page.study_chosen.connect(self.show_study)
        self.page.hold_wished.connect(self.hold)
        self.page.plan_wished.connect(self.plan)
        self.page.cue_wished.connect(lambda held: self.cue(InterviewId(held)))
        self.page.unblind_wished.connect(lambda held: self.show_early(InterviewId(held)))
        self.page.drop_wished.connect(lambda held: self.drop(InterviewId(held)))
        self.page.out_wished.connect(self.take_out)
        self.page.library_wished.connect(host.show_library)
        self.interview.left.connect(self.open)

    # --- the window

    def pages(self) -> list[QWidget]:
        """Return the overview and the interview."""
        return [self.page, self.interview.page]

    def others_look(self, page: QWidget) -> bool:
        """Whether whoever is interviewed may sit before it; the overview is left like a session."""
        return page is self.interview.page

    def client(self, page: QWidget) -> str:
        """Return the code of the client of the interview that is held, or of the row that is chosen."""
        view = self.interview.view
        if page is self.interview.page and view is not None:
            return view.session.client_code
        return self.page.client if page is self.page else ""

    def places(self, page: QWidget) -> tuple[str, ...]:
        """Return that an open vault's actions apply."""
        if page is not self.interview.page and self.interview.view is not None:
            self.interview.forget(silence=page is not self._host.view)
        return (OPEN,) if page in self.pages() and self._desk is not None else ()

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its action does."""
        return {"studies": self.open}

    def adopted(self) -> None:
        """Hear when a client takes something back."""
        desk = self._host.desk
        if desk is not None:
            desk.bridge.consent_changed.connect(lambda _change: self._consent_changed())

    def locking(self) -> None:
        """Forget everything; what was answered is kept."""
        self.interview.forget()
        self.page.clear()

    def _consent_changed(self) -> None:
        here = self._host.pages.currentWidget()
        desk, view = self._desk, self.interview.view
        if desk is None:
            return
        if view is not None:
            row = view.row
            if not attempt(lambda: interview_view(desk.workspace, row.interview), lambda _error: None):
                self.interview.forget()
                self.open()
        elif here is self.page:
            self._read()

    # --- the overview

    def open(self) -> None:
        """Show the study looked at last, or the first."""
        if self._desk is not None:
            self._host.show_page(self.page)
            self._read()
            self.page.take_focus()

    def show_study(self, name: str) -> None:
        """Show a study."""
        self._study = name
        self._read()

    def _read(self) -> None:
        desk = self._desk
        if desk is None:
            return
        names = studies(desk.workspace)
        if self._study not in names:
            self._study = names[0] if names else ""
        self.page.show_studies(names, self._study)
        if self._study:
            found = study_overview(desk.workspace, self._study)
            self.page.show_overview(found)

    # --- deeds

    def hold(self, interview: str) -> None:
        """Hold an interview, or go on with it."""
        self.interview.open(InterviewId(interview))

    def plan(self, chosen: SessionId | None) -> None:
        """Ask what to plan."""
        desk = self._desk
        if desk is None or not self._study:
            return
        found = study_overview(desk.workspace, self._study)
        sessions = [
            (held.session, f"{dyad.client_code} · {day_words(held.held_on)}")
            for dyad in found.dyads
            for held in dyad.sessions
        ]
        newest = {entry.protocol.protocol: entry.protocol for entry in protocols(desk.workspace)}
        dialog = PlanDialog(self._window, self._study, sessions, list(newest.values()), chosen)

        def planned(wish: InterviewWish) -> None:
            if attempt(lambda: plan_interviews(desk.workspace, wish), saying(dialog.show_problem)):
                dialog.accept()
                self._read()

        if desk.workspace.profile.role is Perspective.RESEARCHER:
            dialog.interviewer.setText(desk.workspace.profile.name)
        dialog.wished.connect(planned)
        dialog.load_wished.connect(lambda: self._load(dialog))
        self._host.show_dialog(dialog)

    def _load(self, dialog: PlanDialog) -> None:
        """Read a protocol of one's own; every mistake in it is named by its line."""
        desk = self._desk
        if desk is None:
            return

        def taken(path: Path) -> None:
            show = saying(dialog.show_problem)
            attempt(lambda: dialog.show_loaded(load_protocol(desk.workspace, path)), show)

        ask_file(dialog, "A protocol of your own", YAML, taken)

    def cue(self, interview: InterviewId) -> None:
        """Ask who interviews the other party about the event of an interview."""
        desk = self._desk
        if desk is None:
            return
        view = interview_view(desk.workspace, interview)
        own = [event for event in view.events if event.same_as is None and event.interview == interview]
        if not own:
            self._host.say(CUE_EVENTS)
            return
        dialog = LineDialog(self._window, "Cue the other party", CUE, "&Interviewer", "Cue them")

        def cued(name: str) -> None:
            def deed() -> None:
                for event in own:
                    cue_other(desk.workspace, interview, event.event, name)

            if attempt(deed, saying(dialog.show_problem)):
                dialog.accept()
                self._read()

        dialog.wished.connect(cued)
        self._host.show_dialog(dialog)

    def show_early(self, interview: InterviewId) -> None:
        """Ask why what is hidden is to be shown."""
        desk = self._desk
        if desk is None:
            return
        dialog = LineDialog(self._window, "Show early what is hidden", EARLY, "&Why", "Show it")

        def shown(reason: str) -> None:
            if attempt(lambda: unblind(desk.workspace, interview, reason), saying(dialog.show_problem)):
                dialog.accept()
                self._read()

        dialog.wished.connect(shown)
        self._host.show_dialog(dialog)

    def recall_here(self) -> bool:
        """Set up a recall for the interview that is held or chosen, or say what to do first.

        False where no row of a study is in question.
        """
        page, view = self._host.pages.currentWidget(), self.interview.view
        if page is self.interview.page and view is not None:
            self.interview.hold_recall()
            return True
        chosen = self.page.to_be_held if page is self.page else ""
        if chosen:
            self.interview.recall_wished.emit(chosen)
        elif page is self.page and self.page.client:
            self._host.say(FINISHED_ROW if self.page.planned else PLAN_FIRST)
        else:
            return False
        return True

    def drop(self, interview: InterviewId) -> None:
        """Ask whether an interview is to be dropped, saying what is lost and what stays."""
        desk = self._desk
        if desk is None:
            return

        def asked() -> None:
            words = drop_words(what_drops(desk.workspace, interview))
            box = ask(self._window, "Drop this interview?", words, "Drop it for good", danger=True)
            box.accepted.connect(lambda: self._drop(interview))

        attempt(asked, self._host.fail)

    def _drop(self, interview: InterviewId) -> None:
        desk = self._desk
        if desk is not None and attempt(lambda: drop_interview(desk.workspace, interview), self._host.fail):
            self._read()
            self.page.take_focus()
            self._host.say(DROPPED)

    def take_out(self) -> None:
        """Ask whether a study's answers are to leave the vault's protection, then where to."""
        if self._desk is not None and self._study:
            box = ask(self._window, "Take answers out", OUT.format(study=self._study), "Take them out")
            box.accepted.connect(self._take_out)

    def _take_out(self) -> None:
        desk, study = self._desk, self._study
        if desk is None:
            return

        def taken(path: Path) -> None:  # Qt has asked before an existing file was chosen
            fmt = "json" if path.suffix.lower() == ".json" else "csv"

            def deed() -> None:
                done = export_study(desk.workspace, study, fmt, path, force=True)
                stayed = STAYED.format(hidden=done.hidden) if done.hidden else ""
                self._host.say(LEAVES.format(rows=done.rows) + stayed)

            attempt(deed, self._host.fail)

        ask_target(self._window, "Take answers out (.csv or .json)", "interviews.csv", "csv", taken)


def drop_words(found: Dropping) -> str:
    """Say what is lost with an interview, and what stays."""
    about = DROP.format(party=found.row.party, point=found.row.point.replace("_", " "))
    lost = DROP_BEGUN if found.begun else DROP_PLANNED
    stays = [DROP_RECALL] if found.recall else []
    stays += [DROP_LATER] if found.later else []
    return "\n\n".join([about, " ".join([lost, *stays])])
