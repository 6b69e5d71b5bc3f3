"""Saying who the voices of a recall are: the recaller, the inquirer; undone like anything else."""

from dataclasses import dataclass

from supervise.app.commands import Desk
from supervise.app.recall_steps import PutRecallNames
from supervise.app.steps import Step
from supervise.domain.ids import RecallId
from supervise.domain.recall import Setup
from supervise.domain.recall_marks import About
from supervise.domain.speakers import SpeakerNames


@dataclass(frozen=True, slots=True)
class NameRecallVoice:
    """Say who a voice of a recall is."""

    recall: RecallId
    label: str
    name: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that sets the names."""
        session = desk.store.recalls.get(self.recall).session
        names = desk.store.recall_transcripts.names(self.recall).with_name(self.label, self.name)
        return PutRecallNames(session, self.recall, names.names), self.recall


@dataclass(frozen=True, slots=True)
class SwapRecallVoices:
    """Exchange the names of two voices of a recall."""

    recall: RecallId
    first: str
    second: str

    def plan(self, desk: Desk) -> tuple[Step, str]:
        """Return the step that sets the names."""
        session = desk.store.recalls.get(self.recall).session
        names = desk.store.recall_transcripts.names(self.recall).swapped(self.first, self.second)
        return PutRecallNames(session, self.recall, names.names), self.recall


def spoken_by(voice: str, names: SpeakerNames, setup: Setup) -> About:
    """Return whose words a voice's are, as far as its name says so; else the recaller's."""
    name = names.name(voice).strip().casefold() if voice else ""
    known = {"inquirer", setup.inquirer.strip().casefold()} - {""}
    return About.INQUIRER if name in known else About.RECALLER
