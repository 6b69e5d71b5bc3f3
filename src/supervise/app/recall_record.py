"""What is noted while a recall goes on: stops, prompts and the map, each on disk before it is told of."""

import math
import threading
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from supervise.app import recalled
from supervise.app.workspace import Workspace
from supervise.audio.inputs import steady_s
from supervise.audio.recorder import Recorder
from supervise.audio.tape import Instant
from supervise.domain.ids import RecallId
from supervise.domain.recall import PromptUse, Stop, StoppedBy
from supervise.domain.recall_map import ABOUT_MS, Stretch, heard_from
from supervise.domain.times import ms_to_samples, samples_to_ms

_NEAR_MS = 400
_SETTLED_STOPS = 3
_HEAR_OUT_S = 0.15  # more than a microphone hears late; it may be gone


class RecallRecord:
    """The notes of one recall; `recall_hz`, the rate of its recording, is set when it begins."""

    def __init__(self, workspace: Workspace, recall: RecallId, session_hz: int) -> None:
        self.stops: list[Stop] = []
        self.prompts: list[PromptUse] = []
        self.recall_hz = 1
        self._workspace, self._recall = workspace, recall
        self._session_hz = session_hz
        self._runs: list[int] = []  # for each stop, how many runs had been played before it
        self._written: tuple[Stretch, ...] = ()

    @property
    def open_stop(self) -> Stop | None:
        """The stop that lasts, if any."""
        return self.stops[-1] if self.stops and self.stops[-1].recall_end_ms is None else None

    def stopped(self, rest: Instant, by: StoppedBy, stretches: Sequence[Stretch], runs: int) -> None:
        """Note that the tape came to rest after so many runs."""
        before_ms = (self.stops[-1].recall_end_ms or 0) if self.stops else 0
        about = ms_to_samples(ABOUT_MS, self._session_hz)
        begin = heard_from(stretches, ms_to_samples(before_ms, self.recall_hz), about)
        about_ms = rest.session_ms if begin is None else samples_to_ms(begin, self._session_hz)
        self._runs.append(runs)
        stop = Stop(
            seq=len(self.stops),
            session_ms=rest.session_ms,
            recall_start_ms=rest.recall_ms,
            stopped_by=by,
            since_last_ms=max(0, rest.recall_ms - before_ms),
            about_from_ms=min(about_ms, rest.session_ms),
        )
        self.stops.append(stop)
        self.tell(recalled.STOP, stop=stop.plain())

    def gone_on(self, recall_ms: int, from_ms: int) -> None:
        """Note that the tape plays again, from a place of the session."""
        stop = self.open_stop
        if stop is not None:
            end_ms = max(recall_ms, stop.recall_start_ms)
            self._put(replace(stop, recall_end_ms=end_ms, replayed_from_ms=from_ms))

    def prompted(self, recall_ms: int, prompt: str, words: str) -> None:
        """Note that a prompt card was used, and how it was worded."""
        stop = self.open_stop
        used = PromptUse(len(self.prompts), recall_ms, prompt, None if stop is None else stop.seq, words)
        self.tell(recalled.PROMPT, used=asdict(used))
        self.prompts.append(used)

    def mapped(self, stretches: tuple[Stretch, ...], *, every_stop: bool = False) -> None:
        """Write what has changed of the map, and place the newest stops (or every stop) by it."""
        pairs = zip(self._written, stretches, strict=False)
        first = next((at for at, (old, new) in enumerate(pairs) if old != new), None)
        if first is None:
            first = min(len(self._written), len(stretches))
        if first < len(stretches) or len(stretches) < len(self._written):
            self.tell(recalled.MAP, first=first, stretches=[list(row) for row in stretches[first:]])
            self._written = stretches
        for stop in list(self.stops if every_stop else self.stops[-_SETTLED_STOPS:]):
            placed = self._placed(stop, stretches)
            if placed != stop:
                self._put(placed)

    def hear_out(self, recorder: Recorder) -> None:
        """Wait until the recording has come to where the tape was stopped just now, before it ends."""
        over_s, pause, stop = steady_s() + _HEAR_OUT_S, threading.Event(), self.open_stop
        while stop and recorder.heard().duration_ms < stop.recall_start_ms and steady_s() < over_s:
            pause.wait(0.005)

    def ended(self, duration_ms: int, stretches: tuple[Stretch, ...]) -> None:
        """Write the whole map once more, and let a stop that lasts end with the recall."""
        self.mapped(stretches, every_stop=True)
        stop = self.open_stop
        if stop is not None:
            self._put(replace(stop, recall_end_ms=max(duration_ms, stop.recall_start_ms)))

    def _placed(self, stop: Stop, stretches: Sequence[Stretch]) -> Stop:
        """Return a stop as long as the map says the tape stood still, where that is about what was noted."""
        runs, others = self._runs[stop.seq], [0, *self._runs, math.inf]
        least, most = others[stop.seq], others[stop.seq + 2]  # only what was played next to it
        before = next((row for row in reversed(stretches) if least <= row.run < runs), None)
        after = next((row for row in stretches if runs <= row.run < most), None)
        session_ms, start_ms, end_ms = stop.session_ms, stop.recall_start_ms, stop.recall_end_ms
        if before is not None:
            silent_ms = samples_to_ms(before.recall_end, self.recall_hz)
            last_ms = samples_to_ms(before.session_end, self._session_hz)
            if max(abs(silent_ms - start_ms), abs(last_ms - session_ms)) < _NEAR_MS:
                start_ms = silent_ms
                if stop.stopped_by is not StoppedBy.TAPE:  # the end of a passage is known without the map
                    session_ms = last_ms
        if after is not None and end_ms is not None:
            heard_ms = samples_to_ms(after.recall_start, self.recall_hz)
            end_ms = heard_ms if abs(heard_ms - end_ms) < _NEAR_MS else end_ms
        if end_ms is not None:
            end_ms = max(start_ms, end_ms)
        return replace(stop, session_ms=session_ms, recall_start_ms=start_ms, recall_end_ms=end_ms)

    def _put(self, stop: Stop) -> None:
        self.stops[stop.seq] = stop
        self.tell(recalled.STOP, stop=stop.plain())

    def tell(self, kind: str, **payload: Any) -> None:
        """Write news down, at once; into the inbox while the vault is locked."""
        news = {"recall": self._recall, **payload}
        if self._workspace.locked:
            self._workspace.vault.inbox.append(kind, news)
        else:
            recalled.take_in(self._workspace.store, kind, news)
