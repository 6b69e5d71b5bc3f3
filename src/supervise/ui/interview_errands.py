"""Holding an interview in the window: which step is shown, what is kept, and the session heard beside it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from supervise.app.interviews import (
    InterviewView,
    add_event,
    finish_interview,
    give_answer,
    interview_view,
    move_event,
    open_interview,
    peaks_given,
    set_peak,
    tie_recall,
)
from supervise.app.recall_reading import recalls
from supervise.domain.errors import NotCoveredError, SuperviseError
from supervise.domain.ids import EventId, InterviewId, RecallId, SessionId
from supervise.domain.interviews import Event
from supervise.domain.protocols import ANSWERED, Answer, Step, StepKind
from supervise.domain.recall import Party
from supervise.domain.times import clock
from supervise.ui.annex import Host
from supervise.ui.desk import Desk, attempt
from supervise.ui.interview_page import HEARD, InterviewPage
from supervise.ui.pieces import say
from supervise.ui.plain_words import said
from supervise.ui.reading_words import day_of

Place = tuple[Step, EventId | None]
COUNTED = "{count} marked; where they lie is hidden until both are done."
NEEDED = "This is to be answered, or noted as not to be answered."
NO_EVENT = "Say first where it begins and ends."
FINISHED = "The interview is finished and kept."


class InterviewErrands(QObject):
    """At most one interview at a time; each answer is on disk before the next step is shown."""

    left = Signal()
    recall_wished = Signal(str)

    def __init__(self, window: QWidget, host: Host) -> None:
        """Work for `host`."""
        super().__init__(window)
        self._host = host
        self.page = InterviewPage()
        self.view: InterviewView | None = None
        self._places: list[Place] = []
        self._at = 0
        self._edges: dict[str, int] = {}
        self._new = False
        self._changed = False
        page, box = self.page, self.page.box
        page.next_wished.connect(self.go_on)
        page.back_wished.connect(self.go_back)
        page.decline_wished.connect(self.decline)
        page.leave_wished.connect(self.leave)
        page.another_wished.connect(self.another)
        page.recall_wished.connect(self.hold_recall)
        box.play_wished.connect(self.turn)
        box.seek_wished.connect(self.seek)
        box.edge_wished.connect(self.edge)
        box.span_wished.connect(self.span)
        box.peak_wished.connect(lambda: self._peaks(add=True))
        box.undo_wished.connect(lambda: self._peaks(add=False))
        box.polled.connect(self._poll)

    @property
    def _desk(self) -> Desk | None:
        desk = self._host.desk
        return None if desk is None or desk.workspace.locked else desk

    # --- beginning, leaving

    def open(self, interview: InterviewId) -> None:
        """Begin an interview, or go on with it where it stands."""
        desk = self._desk
        if desk is None:
            return

        def enter() -> None:
            self.view = open_interview(desk.workspace, interview)
            desk.listening.open(self.view.row.session)
            peaks = desk.workspace.peaks(self.view.row.session)
            self.page.box.line.open(peaks, self.view.session.sound.duration_ms)

        self._host.show_page(self.page)
        if not attempt(enter, self._host.fail) or self.view is None:
            self.forget()
            self.left.emit()
            return
        row = self.view.row
        point = self.view.protocol.point(row.point)
        about = f"The {row.party} · {point.title or point.point} · {row.interviewer}"
        self.page.begin(self.view.protocol.title, about)
        self._read(row.interview)
        unanswered = (number for number, place in enumerate(self._places) if not self._met(place))
        self._show(0 if not self.view.answered else next(unanswered, len(self._places) - 1))

    def forget(self, *, silence: bool = True) -> None:
        """Let go of it, as when the vault locks; everything answered is kept.

        Without `silence` the player is left alone: another page uses it already.
        """
        desk, self.view = self._desk, None
        self._places = []
        if desk is not None and silence:
            desk.listening.unload()
        self.page.clear()

    def leave(self) -> None:
        """Keep what was typed and go back to the study."""
        if self.view is not None and self._keep():
            self.forget()
            self.left.emit()

    def _read(self, interview: InterviewId) -> None:
        desk = self._desk
        if desk is None:
            return
        self.view = interview_view(desk.workspace, interview)
        places: list[Place] = []
        for step in self.view.steps:
            events: list[EventId | None] = [event.event for event in self.view.events]
            if step.kind is StepKind.EVENT:
                places += [(step, event) for event in events or [None]]
            elif step.kind is StepKind.CUE or step.per_event:
                places += [(step, event) for event in events]
            else:
                places.append((step, None))
        self._places = places

    def _met(self, place: Place) -> bool:
        """Whether nothing is left to do at a place."""
        view, (step, event) = self.view, place
        if view is None or step.kind in (StepKind.SAY, StepKind.CUE):
            return True
        if step.kind is StepKind.RECALL and view.row.recall is not None:
            return True
        if step.kind is StepKind.EVENT and event is not None:
            return True
        return (step.item, event) in view.answered

    # --- one step

    def _show(self, number: int) -> None:
        view, desk = self.view, self._desk
        if view is None or desk is None or not self._places:
            return
        self._at = min(max(number, 0), len(self._places) - 1)
        self._edges, self._new = {}, False
        step, event = self._places[self._at]
        chosen = self._event(event)
        cued = chosen is not None and (chosen.same_as is not None or chosen.interview != view.row.interview)
        numbers = self._at + 1, len(self._places)
        self.page.show_step(step, chosen, *numbers, fixed=cued, settled=not self._event_to_come())
        own = sum(event.interview == view.row.interview for event in view.events)
        self.page.another.setEnabled(0 < own < step.most)
        answered = (step.item, event) in view.answered
        hidden = answered and (step.item, event) not in view.given
        self.page.show_answer(view.value(step.item, event), answered=answered, hidden=hidden)
        if step.kind is StepKind.RECALL:
            self._offer_recalls(desk, view)
        if step.kind is StepKind.PEAKS and event is not None:
            self._show_peaks(step, event)
        if chosen is not None and (step.kind is not StepKind.PEAKS or not self._inside(desk, chosen)):
            desk.listening.pause()
            desk.listening.seek(chosen.start_ms)
        self._poll()
        self._changed = False
        if self.page.field is not None:
            self.page.field.changed.connect(self._on_changed)
        self.page.take_focus()

    def _event_to_come(self) -> bool:
        """Whether no event is chosen yet, while one is asked for and steps follow for each."""
        view = self.view
        if view is None or view.events:
            return False
        return any(step.kind is StepKind.EVENT for step in view.steps) and any(
            step.per_event for step in view.steps
        )

    def _inside(self, desk: Desk, event: Event) -> bool:
        """Whether what is heard lies within an event, where its peaks are looked for."""
        return event.start_ms <= desk.listening.position_ms <= event.end_ms

    def _on_changed(self) -> None:
        self._changed = True

    def _event(self, event: EventId | None) -> Event | None:
        events = self.view.events if self.view is not None else ()
        return next((entry for entry in events if entry.event == event), None)

    def go_on(self) -> None:
        """Keep what was answered and show the next step, or finish."""
        if self.view is None or not self._keep():
            return
        step, event = self._places[self._at]
        if step.required and not self._met((step, event)):
            self.page.show_problem(NO_EVENT if step.kind is StepKind.EVENT else NEEDED)
            return
        if self._at + 1 < len(self._places):
            self._show(self._at + 1)
        else:
            self._finish()

    def _finish(self) -> None:
        desk, view = self._desk, self.view
        if desk is None or view is None:
            return
        if attempt(lambda: finish_interview(desk.workspace, view.row.interview), self._fail):
            self.forget()
            self.left.emit()
            self._host.say(FINISHED)

    def go_back(self) -> None:
        """Keep what was answered and show the step before."""
        if self.view is not None and self._keep():
            self._show(self._at - 1)

    def decline(self) -> None:
        """Note that this is not to be answered, and go on; at the last step stay: finishing is for good."""
        if self.view is None:
            return
        step, event = self._places[self._at]
        if self._do(lambda desk, row: give_answer(desk.workspace, row, step.item, None, event)):
            self._changed = False
            if self._at + 1 < len(self._places):
                self.go_on()
            else:
                self._show(self._at)
                self.page.go.setFocus()

    def _keep(self) -> bool:
        """Write down what was given at this step; False when that failed, and was said."""
        step, event = self._places[self._at]
        if step.kind is StepKind.RECALL:
            return self._tie()
        value: Answer = self.page.field.value() if self.page.field is not None else None
        if step.kind not in ANSWERED or not self._changed or value is None:
            return True
        kept = self._do(lambda desk, row: give_answer(desk.workspace, row, step.item, value, event))
        self._changed = not kept
        return kept

    def _do(self, deed: Callable[[Desk, InterviewId], object]) -> bool:
        """Do something with the interview and read it anew."""
        desk, view = self._desk, self.view
        if desk is None or view is None:
            return False
        if not attempt(lambda: deed(desk, view.row.interview), self._fail):
            return False
        return attempt(lambda: self._read(view.row.interview), self._fail)

    def _fail(self, error: SuperviseError) -> None:
        if isinstance(error, NotCoveredError):
            self.forget()
            self.left.emit()
            self._host.fail(error)
        else:
            self.page.show_problem(said(error))

    # --- a recall

    def _offer_recalls(self, desk: Desk, view: InterviewView) -> None:
        offered: list[tuple[str, str]] = []
        # Where the session was recalled, but nothing of it is open here, one can still be held.
        attempt(lambda: offered.extend(_fitting(desk, view)), lambda _error: None)
        self.page.show_recalls(offered, str(view.row.recall or ""))

    def _tie(self) -> bool:
        chosen = str(self.page.recalls.currentData() or "")
        held = str(self.view.row.recall or "") if self.view is not None else ""
        if not chosen or chosen == held:
            return True
        return self._do(lambda desk, row: tie_recall(desk.workspace, row, RecallId(chosen)))

    def hold_recall(self) -> None:
        """Set up a recall that is part of this interview; it is tied to it as soon as it is kept."""
        desk, view = self._desk, self.view
        if desk is not None and view is not None and self._keep():
            desk.listening.pause()
            self.recall_wished.emit(view.row.interview)

    # --- the player

    def _heard(self, deed: Callable[[Desk], object]) -> None:
        desk = self._desk
        if desk is not None and self.view is not None:
            attempt(lambda: deed(desk), self._fail)
            self._poll()

    def turn(self) -> None:
        """Play or pause."""
        self._heard(lambda desk: desk.listening.toggle())

    def seek(self, ms: int) -> None:
        """Go to a place of the session."""
        self._heard(lambda desk: desk.listening.seek(ms))

    def _poll(self) -> None:
        desk = self._desk
        if desk is None or self.view is None:
            return
        attempt(desk.listening.poll, self._fail)
        self.page.box.show_player(desk.listening.position_ms, playing=desk.listening.playing)
        if desk.listening.playing:
            self._host.idle.touch()

    # --- events

    def another(self) -> None:
        """Choose a further event."""
        step, _ = self._places[self._at]
        self._edges, self._new = {}, True
        self.page.box.show_for(step.kind, None, fixed=False, speaker=step.speaker)
        self.page.box.line.setFocus()

    def edge(self, which: str) -> None:
        """Set where the event begins or ends to where the sound stands."""
        desk, view = self._desk, self.view
        if desk is None or view is None or self._places[self._at][0].kind not in HEARD:
            return
        known = None if self._new else self._event(self._places[self._at][1])
        edges = {"begin": known.start_ms, "end": known.end_ms} if known is not None else {}
        self._edges = {**edges, **self._edges, which: desk.listening.position_ms}
        if {"begin", "end"} <= set(self._edges):
            self.span(self._edges["begin"], self._edges["end"])
        else:
            side = "begins" if which == "begin" else "ends"
            say(self.page.box.words, f"It {side} at {clock(self._edges[which])}.")

    def span(self, start_ms: int, end_ms: int) -> None:
        """Set where the event begins and ends."""
        step, event = self._places[self._at]
        known = None if self._new else self._event(event)
        if self.view is None or step.kind is not StepKind.EVENT:
            return
        self.page.show_problem("")
        row = self.view.row
        wish = Event(EventId(""), row.session, row.interview, row.party, start_ms, end_ms)

        def keep(desk: Desk, row: InterviewId) -> None:
            if known is None:
                add_event(desk.workspace, row, wish)
            else:
                move_event(desk.workspace, row, known.event, start_ms, end_ms)

        if self._do(keep):
            at = (
                self._at
                if known is not None
                else max(number for number, place in enumerate(self._places) if place[0].item == step.item)
            )
            place = self._desk.listening.position_ms if self._desk is not None else 0
            self._show(at)
            self.seek(place)

    def _peaks(self, *, add: bool) -> None:
        desk = self._desk
        step, event = self._places[self._at]
        if desk is None or event is None or step.kind is not StepKind.PEAKS:
            return
        at_ms = desk.listening.position_ms if add else None
        if self._do(lambda desk, row: set_peak(desk.workspace, row, event, step.speaker, at_ms)):
            self.page.show_problem("")
            self._show_peaks(step, event)

    def _show_peaks(self, step: Step, event: EventId) -> None:
        """Show the peaks of an event, or how many are hidden."""
        desk, view = self._desk, self.view
        if desk is None or view is None:
            return
        box = self.page.box
        box.show_for(step.kind, self._event(event), fixed=True, speaker=step.speaker)
        count = peaks_given(desk.workspace, view.row.interview, event, step.speaker)
        box.less.setEnabled(count > 0)
        if step.blind and view.waits_for:
            say(box.words, COUNTED.format(count="1 peak" if count == 1 else f"{count} peaks"))


def _fitting(desk: Desk, view: InterviewView) -> list[tuple[str, str]]:
    """Return the recalls that may be this interview's, and how each is called."""
    return [
        (str(row.recall), f"{day_of(row.started_at)}, {clock(row.sound.duration_ms)}, {row.setup.kind}")
        for row in recalls(desk.workspace, SessionId(view.row.session))
        if row.setup.recaller in (view.row.party, Party.BOTH) and not row.unfinished
    ]
