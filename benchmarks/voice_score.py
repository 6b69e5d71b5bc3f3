"""Diarisation error: who is said to speak when, against the truth, in frames of 10 ms.

Speech missed, invented and under the wrong label, each over the true speech (NIST RT-09). The one-to-one
naming of labels is the best there is. With a collar, frames that close to a true edge are left out.
"""

import itertools
from dataclasses import dataclass

import numpy as np

FRAME_MS = 10


@dataclass(frozen=True, slots=True)
class VoiceErrors:
    """Shares of true speech, in percent."""

    missed: float
    invented: float
    confused: float

    @property
    def rate(self):
        """The diarisation error rate."""
        return self.missed + self.invented + self.confused


def voice_errors(truth, found, collar_ms=0):
    """Compare spans of (start_ms, end_ms, label); `truth` must hold speech outside the collars."""
    end_ms = max(span[1] for span in [*truth, *found])
    true, said = _frames(truth, end_ms), _frames(found, end_ms)
    kept = np.ones(len(true), bool)
    for start_ms, stop_ms, _ in truth if collar_ms else ():
        for edge_ms in (start_ms, stop_ms):
            kept[max(0, edge_ms - collar_ms) // FRAME_MS : (edge_ms + collar_ms) // FRAME_MS] = False
    true, said = true[kept], said[kept]
    speaking, heard = true.sum(axis=1), said.sum(axis=1)
    right = _best(true.T.astype(int) @ said.astype(int))
    share = 100 / speaking.sum()
    return VoiceErrors(
        float(np.maximum(0, speaking - heard).sum() * share),
        float(np.maximum(0, heard - speaking).sum() * share),
        float((np.minimum(speaking, heard).sum() - right) * share),
    )


def _frames(spans, end_ms):
    labels = sorted({label for _, _, label in spans})
    frames = np.zeros((-(-end_ms // FRAME_MS), max(1, len(labels))), bool)
    for start_ms, stop_ms, label in spans:
        frames[round(start_ms / FRAME_MS) : round(stop_ms / FRAME_MS), labels.index(label)] = True
    return frames


def _best(together):
    """Return the most frames any one-to-one naming puts right."""
    if together.shape[0] > together.shape[1]:
        together = together.T
    rows = range(len(together))
    names = itertools.permutations(range(together.shape[1]), len(together))
    return max(sum(together[row, name[row]] for row in rows) for name in names)
