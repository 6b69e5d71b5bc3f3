"""A recall in which loudspeaker and microphone carry noise of their own, compared frame by frame."""

import json
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

RATE_HZ = 48000
PIECE = RATE_HZ
Sound = npt.NDArray[np.int16]
Trial = dict[str, Any]


def noise(seconds: float, seed: int) -> Sound:
    """Return mono noise in which no two places are alike."""
    return np.random.default_rng(seed).integers(-6000, 6000, round(seconds * RATE_HZ)).astype(np.int16)


def write_wav(path: Path, sound: Sound) -> None:
    """Write mono sound at 48 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(sound.tobytes())


def place_of(piece: Sound, around: Sound) -> int:
    """Return where in `around` a piece of noise begins."""
    length = 1 << (len(around) + len(piece)).bit_length()
    product = np.fft.rfft(around, length) * np.conj(np.fft.rfft(piece, length))
    return int(np.argmax(np.fft.irfft(product, length)[: len(around) - len(piece) + 1]))


def compared(heard: Sound, told: Sound, begin_s: float, seconds: float) -> Trial:
    """Count the frames of `heard` that are not, each in its place, those of `told`.

    The place is found once, a second after `begin_s`; after a break it is looked for again, and the break is
    told with its frame, how far the sound was pushed back (frames lost are negative), and how much silence
    stands there. One step of 16 bits is allowed for the way over float32.
    """
    first = round((begin_s + 1) * RATE_HZ)
    shift = place_of(heard[first : first + PIECE], told[: round(30 * RATE_HZ)]) - first
    begin, end = first, min(first + round(seconds * RATE_HZ), len(heard) - PIECE, len(told) - shift - PIECE)
    breaks: list[list[int]] = []
    at = first
    while at < end and len(breaks) < 50:
        here = heard[at:end].astype(np.int32)
        off = np.abs(here - told[at + shift : at + shift + len(here)]) > 1
        if not off.any():
            break
        at += int(np.argmax(off))
        after = at + 2 * PIECE
        low = max(0, after + shift - 2 * PIECE)
        moved = low + place_of(heard[after : after + PIECE // 4], told[low : low + 4 * PIECE]) - after
        silent = int((heard[at:after] == 0).sum())
        breaks.append([at - begin, shift - moved, silent])
        at, shift = after, moved
    return {"frames": end - begin, "breaks": breaks}


def hold(card: Any, command: list[str], passphrase: str, spoken: Path, minutes: float) -> tuple[Trial, Sound]:
    """Hold a recall without a stop while a file is spoken; return what it answered and what was played."""
    env = {**card.environment, "SUPERVISE_PASSPHRASE": passphrase}
    card.speak_on(spoken)
    loudspeaker = card.record()
    done = subprocess.run(command, env=env, capture_output=True, check=False, timeout=minutes * 60 + 300)
    played = np.frombuffer(loudspeaker.stop(), dtype="<i2").reshape(-1, 2)[:, 0]
    if done.returncode:
        return {"said": done.stderr.decode()[-500:]}, played
    return json.loads(done.stdout), played


def judged(made: Trial, played: Sound, recorded: Callable[[], Sound], minutes: float) -> Trial:
    """Compare both directions over so many minutes."""
    if "recall" not in made:
        return {"ok": False, **made}
    loud = np.flatnonzero(np.abs(played) > 1000)
    seconds = minutes * 60 - 5
    out = compared(played, noise(minutes * 60 + 40, 1), loud[0] / RATE_HZ, seconds)
    into = compared(recorded(), noise(minutes * 60 + 60, 2), 1.0, seconds)
    clean = made["gaps"] == [] and not made["overflows"] and not made["dropped_frames"]
    enough = min(out["frames"], into["frames"]) >= (seconds - 5) * RATE_HZ
    return {
        "ok": clean and enough and not out["breaks"] and not into["breaks"],
        "minutes": minutes,
        "played": out,
        "recorded": into,
        "overflows": made["overflows"],
        "dropped_frames": made["dropped_frames"],
        "underflows": made["underflows"],
        "gaps": len(made["gaps"]),
    }
