"""Setting a recall up: the dialog, the interview it is for, and the way to the consent page and back."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from supervise.app.interviews import interview_view, require_fitting
from supervise.app.protocols import protocols
from supervise.app.recall_preparing import hours_ago, prepared
from supervise.domain.ids import InterviewId, SessionId
from supervise.domain.recall import RecallKind, Setup
from supervise.ui.annex import Host
from supervise.ui.desk import Desk, attempt
from supervise.ui.recall_devices import RecallDevices
from supervise.ui.recall_segments_box import RecallSegmentsBox
from supervise.ui.recall_setup_dialog import RecallDraft, RecallSetupDialog, RecallWish
from supervise.ui.recall_words import by_hand_words, part_words


@dataclass(frozen=True, slots=True)
class RecallPlan:
    """What a recall is set up for: a session, and the interview it will be part of, if any."""

    session: SessionId
    interview: InterviewId | None = None


class RecallSettingUp(QObject):
    """At most one dialog. What was filled in waits in memory while the consent page is open, no longer."""

    wished = Signal(object, object, object)  # the dialog, the plan, the wish

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window)
        self._window, self._host = window, host
        self._waiting: tuple[RecallPlan, RecallDraft] | None = None
        host.client_errands.closed.connect(self._come_back)

    @property
    def _desk(self) -> Desk | None:
        desk = self._host.desk
        return None if desk is None or desk.workspace.locked else desk

    def ask(self, plan: RecallPlan, draft: RecallDraft | None = None) -> None:
        """Ask how it is held, beginning with what was filled in before; says why when that cannot be."""
        desk = self._desk
        if desk is not None:
            attempt(lambda: self._ask(desk, plan, draft), self._host.fail)

    def forget(self) -> None:
        """Let go of what was filled in, as when the vault locks."""
        self._waiting = None

    def _ask(self, desk: Desk, plan: RecallPlan, draft: RecallDraft | None) -> None:
        work = desk.workspace
        row = work.session(plan.session)
        desk.listening.pause()

        def check(setup: Setup) -> Setup:
            found = prepared(work, plan.session, setup)[1]
            if plan.interview is not None:
                require_fitting(work, plan.interview, plan.session, setup)
            return found

        dialog = RecallSetupDialog(
            self._window,
            check,
            RecallSegmentsBox(row.sound.duration_ms, work.moments(plan.session), work.codebook()),
            RecallDevices(self._host.services, desk.settings),
            hours_ago(work, plan.session),
            [profile.name for profile in work.profiles()],
            tuple(dict.fromkeys(entry.protocol.protocol for entry in protocols(work))),
        )
        if not work.gate.owns(row.client):
            dialog.choose(RecallKind.CLIENT, work.profile.name)
        if plan.interview is not None:
            _be_for(dialog, desk, plan.interview)
        if draft is not None:
            dialog.take_up(draft)
        dialog.wished.connect(lambda wish: self._wish(dialog, plan, wish))
        dialog.consent_wished.connect(lambda: self._mend(dialog, plan, row.client_code))
        self._host.show_dialog(dialog)
        dialog.begin(again=draft is not None)

    def _wish(self, dialog: RecallSetupDialog, plan: RecallPlan, wish: RecallWish) -> None:
        self.wished.emit(dialog, plan, wish)

    # --- the consent page, and back

    def _mend(self, dialog: RecallSetupDialog, plan: RecallPlan, client: str) -> None:
        """Go to the client's consent; what was filled in waits."""
        self._waiting = plan, dialog.draft
        self._host.client_errands.open(client)

    def _come_back(self) -> None:
        """Show what was filled in again, once the page about the client is closed."""
        if self._waiting is not None:
            QTimer.singleShot(0, self, self._take_up)

    def _take_up(self) -> None:
        """Ask again; in vain, and in silence, when the session went with what was decided there."""
        (waiting, self._waiting), desk = (self._waiting, None), self._desk
        if waiting is not None and desk is not None:
            attempt(lambda: self._ask(desk, *waiting), lambda _error: None)


def _be_for(dialog: RecallSetupDialog, desk: Desk, interview: InterviewId) -> None:
    view = interview_view(desk.workspace, interview)
    by_hand = by_hand_words(view) if view.row.recall is not None else ""
    dialog.be_for(view.row.protocol, view.row.party, view.row.interviewer, part_words(view), by_hand)
