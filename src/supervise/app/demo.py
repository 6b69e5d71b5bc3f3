"""The demo: the bundled session through the whole job, held against its exact truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from supervise.app.commands import MarkMoment, NameSpeaker
from supervise.app.consenting import Statement
from supervise.app.importing import ImportWish, import_file
from supervise.app.taking_out import FORMATS, ExportWish, export_session
from supervise.app.workspace import Workspace
from supervise.domain.consent import Grant, Scope
from supervise.domain.ids import SessionId
from supervise.domain.moments import Perspective
from supervise.domain.transcript import Word
from supervise.exchange.demo_truth import DemoTruth, read_truth
from supervise.exchange.scoring import SpeakerErrors, WordErrors, speaker_errors, word_errors

CLIENT = "DEMO-1"
TITLE = "Demo session (fictional)"
SAMPLE = "Sample"  # begins the note of a moment that came with the demo and was made by nobody here
OWN_USE = frozenset({Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW})
Report = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Score:
    """How the transcript compares with the truth; `invented_words` lie wholly inside true silences."""

    words: WordErrors
    speakers: SpeakerErrors
    invented_words: int
    true_pauses: int


def add_demo_session(workspace: Workspace, folder: Path, report: Report) -> SessionId:
    """Import the bundled session for a fictional client who consented; the same session if it is there."""
    if not workspace.consents(CLIENT):
        workspace.record_consent(Statement(CLIENT, workspace.today(), _agreed(workspace)))
    wish = ImportWish(folder / "session.flac", CLIENT, TITLE)
    return import_file(workspace, wish, report, lambda: False).session.session


def _agreed(workspace: Workspace) -> frozenset[Grant]:
    """The fictional client agrees to every supervisor in the vault, so that they can look around."""
    supervisors = [who.name for who in workspace.profiles() if who.role is Perspective.SUPERVISOR]
    return frozenset(
        [*(Grant(scope) for scope in OWN_USE), *(Grant(Scope.SUPERVISOR, name) for name in supervisors)]
    )


def demo_truth(folder: Path) -> DemoTruth:
    """Read the bundled session's truth."""
    return read_truth((folder / "truth.json").read_text(encoding="utf-8"))


def add_sample_moments(workspace: Workspace, session: SessionId, truth: DemoTruth) -> int:
    """Mark the moments that come with the session, unless somebody has marked some; return how many."""
    if workspace.moments(session):
        return 0
    for moment in truth.moments:
        note = f"{SAMPLE}: {moment.note}" if moment.note else SAMPLE
        workspace.execute(MarkMoment(session, moment.start_ms, moment.codes, moment.end_ms, note), "demo")
    return len(truth.moments)


def score(workspace: Workspace, session: SessionId, truth: DemoTruth) -> Score:
    """Hold the session's transcript against the truth."""
    words = workspace.transcript(session).words
    return Score(
        words=word_errors(truth.text, " ".join(word.text for word in words)),
        speakers=speaker_errors(truth.spoken, words),
        invented_words=sum(_in_silence(word, truth) for word in words),
        true_pauses=len(truth.pauses),
    )


def _in_silence(word: Word, truth: DemoTruth) -> bool:
    return not any(span.start_ms < word.end_ms and word.start_ms < span.end_ms for span in truth.spoken)


def name_speakers(workspace: Workspace, session: SessionId, found: Score) -> None:
    """Give the voices the names that fit the truth best."""
    for label, name in found.speakers.names:
        if label:
            workspace.execute(NameSpeaker(session, label, name), "demo")


def take_all_out(workspace: Workspace, session: SessionId, folder: Path) -> Iterator[tuple[str, int]]:
    """Export every format into `folder`, yielding each file's name and rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for fmt in FORMATS:
        wish = ExportWish(session, fmt, folder / f"demo.{fmt}", force=True)
        rows = export_session(workspace, wish, lambda _done: None, lambda: False)
        yield wish.target.name, rows
