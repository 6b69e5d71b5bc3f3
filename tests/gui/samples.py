"""Made-up sessions for the window's tests, pictures and benchmarks; no real person's words."""

import random
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from supervise.domain.codebook import Codebook
from supervise.domain.ids import MomentId, ProfileId, SessionId
from supervise.domain.moments import Moment, MomentCode, Perspective
from supervise.domain.transcript import Pause, Turn, Word, pauses_of, turns_of
from supervise.exchange.codebook_yaml import parse_codebook
from supervise.resources import resource_path

ME = ProfileId("1" * 32)
OTHER = ProfileId("2" * 32)
SESSION = SessionId("5" * 32)
_TALK = (
    "I was thinking about what you said last week and it stayed with me for days because somehow "
    "nobody had ever put it like that before when my brother called on Sunday the whole thing came "
    "back well maybe not the whole of it but enough that sleep was difficult again honestly yes no "
    "perhaps could we look at that together how did it feel to hear him say so quietly in the kitchen"
)
VOCABULARY = tuple(_TALK.split())


class Peaks:
    """An outline of speech-like bursts, without any sound behind it."""

    def __init__(self, duration_ms: int, quiet: tuple[Pause, ...] = (), seed: int = 7) -> None:
        self.duration_ms = duration_ms
        maker = np.random.default_rng(seed)
        count = max(duration_ms // 20, 1)
        slow = np.repeat(maker.random(count // 20 + 1), 20)[:count]
        level = (0.15 + 0.5 * slow) * maker.beta(2, 3, count)
        for pause in quiet:
            level[pause.start_ms // 20 : pause.end_ms // 20] *= 0.03
        self.level = level.astype(np.float32)

    def columns(self, start_ms: float, end_ms: float, columns: int) -> npt.NDArray[np.float32]:
        edges = np.linspace(start_ms, end_ms, columns + 1) / self.duration_ms * len(self.level)
        first = np.clip(edges[:-1].astype(int), 0, len(self.level) - 1)
        top = np.maximum.reduceat(self.level, first) if columns < len(self.level) else self.level[first]
        return np.stack([-top * 0.9, top, top * 0.45], axis=1).astype(np.float32)


@lru_cache(maxsize=1)
def codebook() -> Codebook:
    path = resource_path("resources", "codebooks", "default.yaml")
    return parse_codebook(path.read_text("utf-8"), "default.yaml")


def words(count: int, duration_ms: int, seed: int = 3) -> tuple[Word, ...]:
    chance = random.Random(seed)
    step = duration_ms / count
    made, at, voice, left = [], 600.0, "A", 9
    for _ in range(count):
        length = min(step * chance.uniform(0.5, 1.0), 700)
        text = chance.choice(VOCABULARY)
        made.append(Word(text, round(at), round(at + length), min(chance.uniform(0.47, 1.6), 1.0), voice))
        at += step if chance.random() > 0.02 else step * 0.4
        left -= 1
        if left <= 0:
            voice = "B" if voice == "A" else "A"
            left = chance.randint(3, 40 if voice == "B" else 14)
            at += (
                min(chance.expovariate(1 / 900), 9000)
                if at + 9000 < duration_ms - (count - len(made)) * step
                else 0
            )
    return tuple(made)


def transcript(count: int, duration_ms: int, seed: int = 3) -> tuple[tuple[Turn, ...], tuple[Pause, ...]]:
    said = words(count, duration_ms, seed)
    return turns_of(said), pauses_of(said, duration_ms)


def moment(
    number: int,
    start_ms: int,
    end_ms: int | None,
    *codes: str,
    note: str = "",
    author: ProfileId = ME,
    perspective: Perspective = Perspective.THERAPIST,
    private: bool = False,
) -> Moment:
    entries = tuple(MomentCode(code) for code in codes or ("wf.flag",))
    stamp = "2026-11-01T10:00:00.000Z"
    return Moment(
        MomentId(f"{number:032x}"),
        SESSION,
        start_ms,
        end_ms,
        entries,
        note,
        author,
        perspective,
        "supervise-default@1.0.0",
        stamp,
        stamp,
        private,
    )


def moments(count: int, duration_ms: int, seed: int = 5) -> tuple[Moment, ...]:
    chance = random.Random(seed)
    codes = [code.code for code in codebook().codes]
    made = []
    for number in range(count):
        start = chance.randrange(0, duration_ms - 40_000)
        end = None if chance.random() < 0.3 else start + chance.randrange(1500, 30_000)
        made.append(moment(number + 1, start, end, chance.choice(codes)))
    return tuple(made)
