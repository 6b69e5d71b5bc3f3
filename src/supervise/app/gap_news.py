"""What is said, while recording, about missing sound: the device gone and back, a computer that slept."""

from supervise.audio.recorder import DEVICE_GONE, Heard
from supervise.domain.recordings import Gap, GapReason
from supervise.domain.times import length_words

DEVICE_BACK = "The microphone is back. Recording goes on; the gap of {lost} is marked."
STOOD_STILL = (
    "The computer slept, or this program stood still, for {still}. {lost} of the meeting are missing; "
    "the gap is marked. Recording goes on."
)
MADE_UP = (
    "The computer slept, or this program stood still, for {still}. The sound device has filled that time "
    "with sound or silence of its own; the place is marked. Recording goes on."
)
HELD_UP = "No sound arrived for a while: {lost} of the meeting are missing, and the gap is marked."
_CALM_LOOKS = 30  # a second and a half: a gap shrinks while the device makes up for it
_STOOD = (GapReason.ASLEEP, GapReason.OVERRUN)


class GapNews:
    """Looked at some 20 times a second with how the recording stands; each sentence comes once."""

    def __init__(self) -> None:
        self._gaps: tuple[Gap, ...] = ()
        self._absent = False
        self._calm = self._seen = 0
        self._stills = 0  # told so far, as is:
        self._stood_ms = 0

    def look(self, heard: Heard) -> list[str]:
        """Return sentences to show."""
        said = []
        if heard.gaps != self._gaps:
            lost_ms = sum(gap.lost_ms for gap in heard.gaps[len(self._gaps) :])
            self._gaps, self._calm = heard.gaps, 0
            if self._absent:
                said.append(DEVICE_BACK.format(lost=length_words(lost_ms)))
                self._absent = False
        if len(heard.still_s) != self._seen:
            self._seen, self._calm = len(heard.still_s), 0
        self._calm += 1
        if self._calm > _CALM_LOOKS and (words := self._standstill(heard)):
            said.append(words)
        if heard.absent_s > 0 and not self._absent:
            self._absent = True
            said.append(DEVICE_GONE)
        return said

    def _standstill(self, heard: Heard) -> str:
        stood_ms = sum(gap.lost_ms for gap in heard.gaps if gap.reason in _STOOD)
        still_s = sum(heard.still_s[self._stills :])
        lost_ms, self._stood_ms = stood_ms - self._stood_ms, stood_ms
        self._stills = len(heard.still_s)
        words = {"still": length_words(round(still_s * 1000)), "lost": length_words(max(0, lost_ms))}
        if still_s and lost_ms > 0:
            return STOOD_STILL.format(**words)
        if still_s:
            return MADE_UP.format(**words)
        return HELD_UP.format(**words) if lost_ms > 0 else ""
