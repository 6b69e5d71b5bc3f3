"""Whisper on one window: features once, encoded once, decoded, and its words placed in time."""

import string
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from supervise.speech.frames import Samples
from supervise.speech.mel import FRAMES, HOP, RATE_HZ, LogMel
from supervise.speech.tokens import LEADING, TRAILING, Tokens

STEP_S = 0.02
LONGEST = 448
WEAK = -1.0
LOOPING = 2.4
# Whisper was trained on 30 s. Hearing the window and 1.5 to 3.5 s of blank costs half as much and,
# from 8 s up, no accuracy; with less it begins to loop (benchmarks/transcription.py).
BLANK_FRAMES = 150
FEWEST_FRAMES = 800
# Native code keeps something for each length it meets: a few whole lengths keep two hours in bounds.
WHOLE_FRAMES = 200


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word with its place in the window in seconds; `confidence` is the mean chance of its tokens."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """What Whisper made of a window; `looping` is how well its text compresses, 2.4 and more is a loop."""

    words: tuple[HeardWord, ...]
    log_prob: float
    no_speech: float
    looping: float

    @property
    def weak(self) -> bool:
        """Whether the text is not to be trusted by Whisper's own measures."""
        return self.log_prob < WEAK or self.looping > LOOPING


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window as the encoder left it; `length_s` counts the sound without the blank after it."""

    state: Any
    length_s: float
    features: Any


@dataclass(frozen=True, slots=True)
class _Decoded:
    tokens: list[int]
    log_prob: float
    no_speech: float
    looping: float

    @property
    def weak(self) -> bool:
        return self.log_prob < WEAK or self.looping > LOOPING


class Whisper:
    """A loaded model. Reads its folder and nothing else."""

    def __init__(self, folder: Path, *, beam: int, whole_context: bool = False, threads: int = 1) -> None:
        """Load `folder` as 8-bit integers; `beam` is the number of readings followed at a time.

        `whole_context` always hears 30 s, as the model was trained. Raises RuntimeError for a folder
        that is not a model.
        """
        import ctranslate2  # native; only the child needs it

        self._storage = ctranslate2.StorageView.from_array
        self._model: Any = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
        )
        self.multilingual = bool(self._model.is_multilingual)
        self.tokens = Tokens(folder / "tokenizer.json", multilingual=self.multilingual)
        self._mel = LogMel(int(self._model.n_mels))
        self._beam = beam
        self._fewest = FRAMES if whole_context else FEWEST_FRAMES

    def encode(self, samples: Samples) -> Encoded:
        """Return the encoded window; samples after 30 s are not heard."""
        features = self._mel(samples)
        frames = max(len(samples) // HOP + BLANK_FRAMES, self._fewest)
        frames = min(FRAMES, -(-frames // WHOLE_FRAMES) * WHOLE_FRAMES)
        return Encoded(self._state(features, frames), len(samples) / RATE_HZ, features)

    def _state(self, features: Any, frames: int) -> Any:
        return self._model.encode(self._storage(np.ascontiguousarray(features[None, :, :frames])))

    def language(self, encoded: Encoded) -> tuple[str, float]:
        """Return the likeliest language (ISO 639-1) and its probability."""
        token, probability = self._model.detect_language(encoded.state)[0][0]
        return token[2:-2], float(probability)

    def hear(self, encoded: Encoded, language: str, expected: str = "") -> Hearing:
        """Decode and align one encoded window in `language`, with `expected` as context before it."""
        prompt = self.tokens.prompt(language, expected)
        state = encoded.state
        decoded = self._decode(state, prompt, self._beam)
        if decoded.weak:
            state = self._state(encoded.features, FRAMES)
            decoded = self._better(decoded, state, prompt)
        text = [token for token in decoded.tokens if token < self.tokens.end]
        words = self._align(state, text, encoded.length_s, language)
        return Hearing(words, decoded.log_prob, decoded.no_speech, decoded.looping)

    def _decode(self, state: Any, prompt: list[int], beam: int, **more: Any) -> _Decoded:
        result = self._model.generate(
            state,
            [prompt],
            beam_size=beam,
            max_length=LONGEST,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self.tokens.never,
            **more,
        )[0]
        tokens = list(result.sequences_ids[0])
        text = self.tokens.decode(tokens).strip().encode()
        looping = len(text) / len(zlib.compress(text)) if text else 0.0
        log_prob = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return _Decoded(tokens, float(log_prob), float(result.no_speech_prob), looping)

    def _better(self, first: _Decoded, state: Any, prompt: list[int]) -> _Decoded:
        """Try harder when the first reading is weak or loops; the same sound gives the same text."""
        tries = [first, self._decode(state, prompt, 5)]
        if tries[-1].weak:
            tries.append(self._decode(state, prompt, 5, no_repeat_ngram_size=4))
        straight = [attempt for attempt in tries if attempt.looping <= LOOPING]
        return max(straight or tries[-1:], key=lambda attempt: attempt.log_prob)

    def _align(self, state: Any, text: list[int], length_s: float, language: str) -> tuple[HeardWord, ...]:
        """Place words by the decoder's attention to the sound (Radford et al. 2022, dynamic time warping)."""
        if not text:
            return ()
        frames = min(FRAMES, int(length_s * RATE_HZ / HOP))
        result = self._model.align(state, self.tokens.start(language), [text], frames)[0]
        pairs = np.asarray(result.alignments)
        jumps = np.concatenate([[True], np.diff(pairs[:, 0]) > 0])
        times_s = np.append(pairs[jumps, 1] * STEP_S, length_s)
        words: list[HeardWord] = []
        first = 0
        for word, count in self.tokens.words(text, language):
            last = first + count
            chance = float(np.mean(result.text_token_probs[first:last]))
            words.append(HeardWord(word, float(times_s[first]), float(times_s[last]), chance))
            first = last
        return merge_signs(words)


def merge_signs(words: list[HeardWord]) -> tuple[HeardWord, ...]:
    """Join punctuation to its word, so that it has no time of its own, and trim the spaces."""
    merged: list[HeardWord] = []
    lead = ""
    for word in words:
        sign = word.text.strip()
        if merged and not lead and not word.text.startswith(" ") and _follows(sign):
            last = merged[-1]
            merged[-1] = HeardWord(last.text + sign, last.start_s, last.end_s, last.confidence)
        elif sign and sign in LEADING:
            lead += sign
        elif sign:
            merged.append(HeardWord(lead + sign, word.start_s, word.end_s, word.confidence))
            lead = ""
    return tuple(merged)


def _follows(sign: str) -> bool:
    """Return whether `sign` belongs to the word before it."""
    return bool(sign) and all(letter in TRAILING or letter in string.punctuation for letter in sign)
