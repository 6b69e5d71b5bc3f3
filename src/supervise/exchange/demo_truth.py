"""The truth of the demo session: what was said by whom and when, and the moments it comes with."""

import json
from dataclasses import dataclass
from typing import Any

from supervise.domain.moments import MomentCode
from supervise.domain.transcript import Pause
from supervise.exchange.scoring import TrueSpan


@dataclass(frozen=True, slots=True)
class SampleMoment:
    """A moment to add to the demo session; `end_ms` is None for a point."""

    start_ms: int
    end_ms: int | None
    codes: tuple[MomentCode, ...]
    note: str


@dataclass(frozen=True, slots=True)
class DemoTruth:
    """`text` is all that is said; `spoken` has one span for each piece said in one breath."""

    text: str
    spoken: tuple[TrueSpan, ...]
    pauses: tuple[Pause, ...]
    moments: tuple[SampleMoment, ...]
    duration_ms: int
    samples: int


def read_truth(text: str) -> DemoTruth:
    """Return what resources/demo/truth.json says. The file is ours: a fault in it is a bug."""
    truth = json.loads(text)
    return DemoTruth(
        text=" ".join(turn["text"] for turn in truth["turns"]),
        spoken=tuple(
            TrueSpan(turn["speaker"], piece["start_ms"], piece["end_ms"])
            for turn in truth["turns"]
            for piece in turn["pieces"]
        ),
        pauses=tuple(Pause(pause["start_ms"], pause["end_ms"]) for pause in truth["pauses"]),
        moments=tuple(_moment(moment) for moment in truth["moments"]),
        duration_ms=truth["duration_ms"],
        samples=truth["samples"],
    )


def _moment(moment: dict[str, Any]) -> SampleMoment:
    codes = tuple(MomentCode(entry["code"], tuple(entry["ratings"].items())) for entry in moment["codes"])
    return SampleMoment(moment["start_ms"], moment["end_ms"], codes, moment["note"])
