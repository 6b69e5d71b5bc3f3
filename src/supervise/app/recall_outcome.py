"""What came of a recall, and the sentences a person is told while it goes on."""

from dataclasses import dataclass

from supervise.domain.ids import RecallId
from supervise.domain.recordings import Gap

MIC_GONE = (
    "The microphone is gone, so the tape was stopped. Everything up to here is safe. "
    "Plug it in again, then go on."
)
MIC_BACK = "The microphone is back. You can go on."
LEFT_OPEN = (
    "The end of the recall could not be written, as the disk is full. Everything up to the last second is in "
    "the vault. Make room and open the vault again: `supervise recall list` offers it there."
)
NOT_COVERED = "Consent to this recall was withdrawn. It has ended, and what was said in it is locked."
NOT_ALLOWED = "It was agreed that only the recaller stops the tape."


@dataclass(frozen=True, slots=True)
class RecallOutcome:
    """What came of it; `waiting` says that the vault must be unlocked first, `left_open` opened again.

    `overflows` and `dropped_frames` are the microphone's, `underflows` the loudspeaker's: moments in which
    the machine was too busy to hand sound over.
    """

    recall: RecallId
    stops: int
    duration_ms: int
    samples: int
    gaps: tuple[Gap, ...]
    overflows: int
    dropped_frames: int
    underflows: int = 0
    waiting: bool = False
    left_open: bool = False
