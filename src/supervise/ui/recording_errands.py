"""Everything about the recording that goes on: beginning it, its keys, the client's wish, its end."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from supervise.app.asking import refused_again, standing
from supervise.app.recalling import recalling_now
from supervise.app.recording import RecordingOutcome, RecordingWish, why_stopped
from supervise.domain.errors import SuperviseError
from supervise.domain.recordings import Wish
from supervise.ui.actions import OPEN, RECORDING
from supervise.ui.after_errands import AfterErrands
from supervise.ui.annex import Host
from supervise.ui.asks_to_stop import AsksToStopDialog
from supervise.ui.desk import attempt
from supervise.ui.ending_errands import EndingErrands
from supervise.ui.failures import show_notice
from supervise.ui.going_annex import GoingAnnex, InTheWay
from supervise.ui.live_recording import LiveRecording, Standing
from supervise.ui.plain_words import said
from supervise.ui.record_dialog import RecordDialog, RecordWish
from supervise.ui.recording_face import RecordingFace
from supervise.ui.recording_page import RecordingPage
from supervise.ui.recording_strip import RecordingStrip
from supervise.ui.recovery_errands import Recordings, RecoveryErrands
from supervise.ui.rooms import rooms_of, with_room
from supervise.ui.sound_source import SoundSource

NOTHING_KEPT = "Nothing of this recording is kept."
KEPT_LOCKED = "The recording has ended and is kept. It opens once you unlock the vault."
STILL_RECALLING = "End the recall first; everything recorded is kept."
SPARE = 24


class RecordingErrands(GoingAnnex):
    """At most one recording at a time; it outlives dialogs, pages and the lock."""

    in_the_way = InTheWay(
        "A session is being recorded",
        "A session is being recorded. End the recording first; everything recorded is kept.",
        "If you close the program, the recording ends here. Everything recorded so far is kept.",
        "End the recording and close",
    )

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`, whose dialogs lie above `window`."""
        super().__init__(window, host)
        self.page, self.strip = RecordingPage(), RecordingStrip()
        self.after, self.recovery = AfterErrands(window, host), RecoveryErrands(window, host, Recordings())
        self.recovery.changed.connect(self.show_strips)
        self.recovery.kept.connect(lambda session: self._host.recorded(session.session))
        self.ending = EndingErrands(window, host)
        self.ending.changed.connect(self.show_strips)
        self.ending.ended.connect(self._shortened)
        self.live: LiveRecording | None = None
        self.dialog: AsksToStopDialog | None = None
        self._awaited: LiveRecording | None = None
        self.face: RecordingFace | None = None
        self._heed(self.page)
        self._heed(self.strip)
        self.page.face_wished.connect(self.show_face)
        self.strip.page_wished.connect(self.show_page)

    def _heed(self, view: RecordingPage | RecordingStrip | RecordingFace) -> None:
        view.mark_wished.connect(self.mark)
        view.pause_wished.connect(self.pause)
        view.ask_wished.connect(self.client_asks)
        view.stop_wished.connect(self.end)

    def actions(self) -> list[QAction]:
        """Return the actions whose keys work wherever somebody is while recording."""
        specs = self._host.actions_.specs
        return [self._host.actions_.by_name[name] for name in specs if specs[name].where == RECORDING]

    @property
    def running(self) -> bool:
        """Whether something is being recorded."""
        return self.live is not None

    # --- beginning

    def open(self) -> None:
        """Ask whose session it is and what records; while recording, show the recording."""
        desk = self._desk
        if self.live is not None:
            self.show_page()
            return
        if recalling_now():
            show_notice(self._window, "A recall is going on", STILL_RECALLING)
            return
        if desk is None:
            return
        work, services = desk.workspace, self._host.services
        desk.listening.pause()
        source = SoundSource(
            services,
            lambda: services.hearing(work, desk.settings.output),
            rooms_of(desk.settings),
            desk.settings.room,
        )
        standings = {code: standing(work, code) for code in work.clients()}
        dialog = RecordDialog(self._window, standings, work.today(), source)

        def no(code: str) -> None:
            if attempt(lambda: refused_again(work, code), lambda error: dialog.show_problem(said(error))):
                dialog.show_refused()

        dialog.refused.connect(no)
        dialog.wished.connect(lambda wish: self._start(dialog, wish))
        self._host.show_dialog(dialog)
        dialog.begin()

    def _start(self, dialog: RecordDialog, wish: RecordWish) -> None:
        desk = self._desk
        if desk is None or self.live is not None:
            return
        work, room = desk.workspace, wish.room

        def begin() -> None:
            if wish.consent is not None:
                work.add_consent(wish.consent.client, wish.consent.granted, wish.consent.signed_on)
            order = RecordingWish(wish.client, room.channels, None, wish.title, None, asked_again=True)
            session = self._host.services.recording(work, order, room.device, room.second)
            live = LiveRecording(session, self)
            live.start()
            self.live = live

        dialog.source.release()
        if not attempt(begin, lambda error: dialog.show_problem(said(error))):
            return
        desk.listening.unload()
        if room.name or not desk.settings.rooms:
            kept = with_room(desk.settings, replace(room, name=room.name or "My room"))
            attempt(lambda: desk.keep(kept), self._host.fail)
        dialog.accept()
        self._begun(room.sides)

    def _begun(self, sides: tuple[str, ...]) -> None:
        live = self.live
        if live is None:
            return
        live.changed.connect(self._show)
        live.ended.connect(self._ended)
        self.page.begin(sides)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self.show_page()
        live.look()

    # --- what is shown

    def show_page(self) -> None:
        """Show the recording, unless the vault is locked: then its strip is above the door."""
        if self.live is not None and self._desk is not None:
            self._host.show_page(self.page)
            self.page.mark.setFocus()

    def pages(self) -> list[QWidget]:
        """Return the page while recording."""
        return [self.page]

    def others_look(self, page: QWidget) -> bool:
        """Whether it is the page that lies open before the client."""
        return page is self.page

    def places(self, page: QWidget) -> tuple[str, ...]:
        """Return where the recording's keys, and on its page those of an open vault, work."""
        open_here = (OPEN,) if page is self.page and self._desk is not None else ()
        return (*open_here, RECORDING) if self.running else open_here

    def deeds(self) -> dict[str, Callable[[], object]]:
        """Return what its keys do."""
        return {
            "record": self.open,
            "spoken": self.after.keep_spoken,
            "live_mark": self.mark,
            "live_pause": self.pause,
            "live_asks": self.client_asks,
            "live_stop": self.end,
            "live_face": self.turn_face,
        }

    def session_opened(self, session: str) -> None:
        """Offer what belongs to a session just recorded."""
        self.after.opened(session)

    def locking(self) -> None:
        """Let nothing recovered be heard any more."""
        self.recovery.stop()
        self.ending.stop()

    def strips(self) -> list[QWidget]:
        """Return what lies above the pages, from the top."""
        return [self.strip, self.recovery.strip, self.ending.strip, self.after.strip]

    def show_strips(self) -> None:
        """Let each strip be where it belongs."""
        page = self._host.pages.currentWidget()
        in_session = page is self._host.view and self._host.session is not None
        self.strip.setVisible(self.live is not None and page is not self.page)
        self.recovery.strip.setVisible(self.recovery.wanted and page in (self._host.library, self._host.view))
        self.ending.strip.setVisible(self.ending.strip.wanted and self._desk is not None)
        self.after.strip.setVisible(self.after.strip.wanted and in_session)

    def adopted(self) -> None:
        """A vault was opened: offer what a crash left."""
        if self._desk is not None:
            self._desk.workspace.cuts_later = True
            self.ending.take_up()
        self.recovery.offer()

    def _show(self, now: Standing) -> None:
        self.page.show_standing(now)
        self.strip.show_standing(now)
        if self.face is not None:
            self.face.show_standing(now)

    def turn_face(self) -> None:
        """Change between the small window and the big one."""
        if self.face is None:
            self.show_face()
        else:
            self.leave_face()

    def show_face(self) -> None:
        """Change to the small window on top."""
        if self.live is None or self.face is not None:
            return
        face = self.face = RecordingFace(self.actions())
        self._heed(face)
        face.back_wished.connect(self.leave_face)
        self.live.look()
        face.adjustSize()
        screen = self._window.screen().availableGeometry()
        face.move(screen.right() - face.width() - SPARE, screen.top() + SPARE)
        face.show()
        face.activateWindow()
        face.mark.setFocus()
        self._window.hide()

    def leave_face(self) -> None:
        """Come back to the big window."""
        face, self.face = self.face, None
        if face is not None:
            self._window.show()
            self._window.activateWindow()
            face.hide()
            face.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the recording's keys work above every dialog, too."""
        if isinstance(watched, QDialog) and event.type() == QEvent.Type.Show:
            watched.addActions(self.actions())
        return False

    # --- while it runs

    def mark(self) -> None:
        """Set a silent mark at this moment less the lag."""
        live, desk = self.live, self._host.desk
        if live is not None and desk is not None:
            attempt(lambda: live.mark(desk.settings.live_lag_ms), self._host.fail)

    def pause(self) -> None:
        """Pause, or go on."""
        if self.live is not None:
            attempt(self.live.pause_or_go_on, self._host.fail)

    def client_asks(self) -> None:
        """Pause at once, then ask what is to become of it."""
        live, desk = self.live, self._host.desk
        if live is None or desk is None or self.dialog is not None:
            return
        if not attempt(live.pause_as_asked, self._host.fail):
            return
        self.leave_face()
        dialog = AsksToStopDialog(self._window, live.session.heard().duration_ms, desk.workspace.locked)
        dialog.go_on_wished.connect(live.go_on_as_asked)
        dialog.end_wished.connect(self._end_as_asked)
        dialog.finished.connect(self._forget_dialog)
        self.dialog = dialog
        self._host.show_dialog(dialog)

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _end_as_asked(self, wish: Wish, minutes: float) -> None:
        live = self.live
        if live is not None:
            attempt(lambda: live.stop(wish, minutes, asked=True), self._host.fail)

    def end(self) -> None:
        """End it; everything is kept."""
        if self.live is not None:
            attempt(self.live.stop, self._host.fail)

    # --- its end

    def _ended(self, outcome: RecordingOutcome, error: SuperviseError | None) -> None:
        live, self.live = self.live, None
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.leave_face()
        if self.dialog is not None:
            self.dialog.done(0)
        if live is not None:
            if outcome.waiting:
                self._awaited = live
            else:
                live.deleteLater()
        if self._closing:
            return
        if self._desk is None:
            self._host.door.show_news(KEPT_LOCKED if outcome.waiting else "")
            self._host.show_page(self._host.door)
        elif outcome.session is not None:
            self.after.recorded(outcome.session)
            self._host.recorded(outcome.session)
        else:
            self._host.show_library()
        self.ending.take_up()
        self.recovery.offer()
        reason = why_stopped(error, outcome)
        if reason is not None:
            self._host.fail(reason)
        elif outcome.session is None and not outcome.waiting and not outcome.to_cut:
            show_notice(self._window, "The recording has ended", NOTHING_KEPT)

    def unlocked(self) -> None:
        """Open what was recorded when the vault was locked at its end; go on showing what still runs."""
        self.ending.take_up()
        self.recovery.offer()
        live, self._awaited = self._awaited, None
        if live is not None and live.session.to_cut:
            live.deleteLater()
        elif live is not None:
            session = live.session.session_made()
            live.deleteLater()
            if session is not None:
                self.after.recorded(session)
                self._host.recorded(session)
            else:
                show_notice(self._window, "The recording has ended", NOTHING_KEPT)
        elif self.live is not None:
            self.show_page()

    def _shortened(self, _recording: str, session: str) -> None:
        """The last minutes are gone: open what remains, unless somebody reads or records something else."""
        if self._host.session is None and self.live is None and session:
            self.after.recorded(session)
            self._host.recorded(session)
        elif not session:
            show_notice(self._window, "The recording has ended", NOTHING_KEPT)
        self.recovery.offer()

    def _leaving(self) -> None:
        """Let nothing recovered be heard any more, and stop what is being cut."""
        self.recovery.stop()
        self.ending.stop()

    def give_up(self) -> None:
        """The program must go at once: what was recorded is offered at the next opening."""
        self.ending.stop()
        if self.live is not None:
            live, self.live = self.live, None
            live.abandon()
