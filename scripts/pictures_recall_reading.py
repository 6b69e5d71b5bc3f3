"""Draw the screens on which a recall is read and written up, and what deleting a portion says of it.

The session is the fictional demo; what is recalled of it is made up here, with its stops and words, and
sounds like the demo.
"""

from pathlib import Path

from easel import Easel, agreed, new_vault, services_for, shut

from supervise.app.commands import DescribeSession
from supervise.app.demo import CLIENT, add_demo_session
from supervise.app.recall_marks import MarkRecall
from supervise.app.recall_reading import recall_view
from supervise.app.workspace import Workspace
from supervise.app.write_ups import WriteUpRecall
from supervise.audio.importing import import_sound
from supervise.domain.consent import Scope
from supervise.domain.ids import RecallId, SessionId, TranscriptId, new_id
from supervise.domain.moments import MomentCode
from supervise.domain.recall import Party, PromptUse, RecallKind, Setup, Stop, StoppedBy
from supervise.domain.recall_map import Stretch
from supervise.domain.recall_marks import TimeFrame
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion, Word
from supervise.storage.database import transaction
from supervise.storage.recalls import RECALLING, Recall
from supervise.ui.main_window import MainWindow
from supervise.ui.portion_dialog import PortionDialog

BO = "Bo Lindqvist", "Friederike-Wilhelmine Hohenstaufen-Oberleutnerschwanthaler"
PORTION = "1:30", "1:46"
R, I = StoppedBy.RECALLER, StoppedBy.INQUIRER  # noqa: E741 - as the stops are lettered
# From where to where the session is heard, in seconds; who stops it; for how long; what is asked and said.
HELPLESS = "I felt helpless. Nothing I asked would reach him, and I heard my own voice getting friendlier."
SHEET = "That I had to defend the sheet. I explained, as my own supervisor does, and knew it while I spoke."
HURT = "I wanted to say that I was hurt. Looking at it today I find that he was quite right."
HOLDING = "My stomach was tight. I held my breath before I said it."
THERAPISTS = (
    (20, 42, R, 24, "What did you feel there?", HELPLESS),
    (58, 72, I, 20, "Did your body tell you anything?", HOLDING),
    (90, 106, R, 26, "What went through your mind?", SHEET),
    (102, 118, R, 24, "What did you want to say and hold back?", HURT),
    (150, 161, R, 22, "How did you think he saw you?", "As somebody who marks his homework. That shamed me."),
    (157, 170, I, 18, "Have you been in this place before?", "With my father, at the kitchen table."),
    (166, 183, None, 0, "", ""),
)
CLIENTS = (
    (22, 43, R, 60, "Where did the feeling go?", "I went away. I counted the books behind her."),
    (92, 118, R, 80, "What did you fear?", "That she would drop me if I went on like this."),
)
MARKS = (
    (0, ("ip.affect",), TimeFrame.THEN, ""),
    (1, ("ip.body",), TimeFrame.THEN, "Her hand went to her stomach while she said it."),
    (2, ("ip.thought", "ip.pattern"), TimeFrame.THEN, ""),
    (3, ("ip.unsaid",), TimeFrame.NOW, ""),
    (4, ("ip.percept", "ip.affect"), TimeFrame.THEN, ""),
)
WRITTEN = (
    "What stood out was how early I knew. My stomach had it at the first “fine”, and I went on asking.\n\n"
    "I take with me: when I hear my voice getting friendlier, I stop, and say what I notice instead of "
    "explaining. And the kitchen table – I want to think about that one by myself first."
)


def add_recall(desk: Workspace, session: SessionId, demo: Path, setup: Setup, plan: tuple) -> RecallId:  # type: ignore[type-arg]
    """Add a recall by a plan as above."""
    master, peaks = desk.store.media.create("master"), desk.store.media.create("peaks")
    found = import_sound(demo / "session.flac", master.writer, lambda _done: None, lambda: False)
    peaks.writer.write(found.peaks)
    for medium in (master, peaks):
        medium.finish()
    rate, heard_hz = found.sound.rate_hz, desk.session(session).sound.rate_hz
    recall = RecallId(new_id())
    media = (rate, found.sound.channels, master.media_id, peaks.media_id)
    row = Recall(recall, session, RECALLING, setup, "2026-11-24T16:40:00Z", desk.profile.profile, *media)
    store = desk.store.recalls
    with transaction(desk.vault.db) as db:
        master.register(db)
        peaks.register(db)
        store.begin(row)
    at_ms, stretches, words = 0, [], []
    for run, (begin, end, who, talk_s, asked, answered) in enumerate(plan):
        until_ms = at_ms + (end - begin) * 1000
        stretches.append(
            Stretch(at_ms * rate // 1000, until_ms * rate // 1000, begin * heard_hz, end * heard_hz, 1.0, run)
        )
        if who is not None:
            last = run + 1 == len(plan)
            back = (until_ms + talk_s * 1000, None if last else plan[run + 1][0] * 1000)
            store.put_stop(recall, Stop(run, end * 1000, until_ms, who, end - begin, begin * 1000, *back))
            store.put_prompt(recall, PromptUse(run, until_ms + 900, f"prompt.{run}", run, asked))
            words += _said(asked, until_ms + 1000, "B") + _said(answered, until_ms + 5000, "A")
        at_ms = until_ms + talk_s * 1000
    store.put_stretches(recall, stretches)
    store.end(recall, found.sound.samples, found.sound.source_sha256, peaks.media_id)
    _transcribe(desk, recall, words)
    return recall


def _said(text: str, at_ms: int, voice: str) -> list[Word]:
    return [
        Word(
            word,
            at_ms + 420 * number,
            at_ms + 420 * number + 380,
            0.4 if word == "friendlier" else 0.93,
            voice,
        )
        for number, word in enumerate(text.split())
    ]


def _transcribe(desk: Workspace, recall: RecallId, words: list[Word]) -> None:
    transcript, session = TranscriptId(new_id()), desk.store.recalls.get(recall).session
    store = desk.store.recall_transcripts
    version = TranscriptVersion(
        transcript, session, "2026-11-24T17:00:00Z", TranscribeSettings(), finished=False
    )
    store.begin(version, recall)
    store.add_window(transcript, 0, 0, words[-1].end_ms, words)
    store.finish(transcript, "en", ["Which voice is whose was guessed."], {})
    store.set_names(recall, SpeakerNames((("A", "Recaller"), ("B", "Inquirer"))))


def mark(desk: Workspace, recall: RecallId) -> None:
    """Mark what was answered."""
    view = recall_view(desk, recall)
    for number, codes, frame, note in MARKS:
        stop = view.stops[number]
        said = [word for word in view.words if word.speaker == "A" and word.start_ms > stop.recall_start_ms]
        inside = [word for word in said if word.start_ms < (stop.recall_end_ms or 0)]
        span = inside[0].start_ms, inside[-1].end_ms
        desk.execute(MarkRecall(recall, *span, tuple(map(MomentCode, codes)), frame, note=note))


def draw_all(easel: Easel, window: MainWindow, desk: Workspace, demo: Path) -> None:
    """The list, the page, what was recalled about a moment, a portion with recalls, and what follows."""
    session = add_demo_session(desk, demo, lambda _done: None)
    annex, inquirer = window.annexes.reading, easel.look.name(*BO)
    desk.execute(DescribeSession(session, "Fourth session (fictional)", "2026-11-23"))
    window.show_library()
    annex.open_recalls()
    easel.draw(window, "recalls-none")
    shut(window)
    therapists = Setup(RecallKind.THERAPIST, inquirer=inquirer, hours_since=21.0)
    clients = Setup(RecallKind.CLIENT, recaller=Party.CLIENT, inquirer=inquirer, hours_since=44.0)
    recall = add_recall(desk, session, demo, therapists, THERAPISTS)
    other = add_recall(desk, session, demo, clients, CLIENTS)
    mark(desk, recall)
    annex.open_recalls()
    easel.draw(window, "recalls")
    shut(window)
    annex.open(recall, 106_000)
    annex.view.words.setFocus()
    easel.draw(window, "recall-reading")
    annex.view.lines.session_chosen.emit(104_000)
    annex.deeds()["reading_about"]()
    easel.draw(window, "recall-about")
    _draw_portion(easel, window, session)
    _draw_write_up(easel, window, desk, (recall, other))


def _draw_write_up(
    easel: Easel, window: MainWindow, desk: Workspace, recalls: tuple[RecallId, RecallId]
) -> None:
    """A recall written up; another one without its words."""
    annex, (recall, other) = window.annexes.reading, recalls
    annex.open(recall)
    desk.execute(WriteUpRecall(recall, WRITTEN))
    annex.write_up()
    easel.draw(window, "recall-write-up")
    desk.vault.db.execute("DELETE FROM recall_windows")
    desk.vault.db.execute("DELETE FROM recall_transcripts")
    annex.open(other)
    easel.draw(window, "recall-no-words")


def _draw_portion(easel: Easel, window: MainWindow, session: SessionId) -> None:
    """A portion that two recalls heard."""
    window.open_session(session)
    window.client_errands.keeping.open_portion()
    dialog = window.errands.dialog
    if not isinstance(dialog, PortionDialog):
        raise TypeError
    dialog.start.setText(PORTION[0])
    dialog.end.setText(PORTION[1])
    easel.draw(window, "portion-4-recalls")
    shut(window)


def paint(easel: Easel, place: Path) -> None:
    """Draw everything in a vault of its own."""
    services = services_for()
    window = easel.window(services)
    desk = new_vault(services, place)
    desk.add_consent(CLIENT, agreed(Scope.CLIENT_RECALL), desk.today())
    window.adopt(desk)
    window.show()
    draw_all(easel, window, desk, services.demo_folder)
    easel.close(window)
