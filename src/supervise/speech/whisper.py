"""Whisper on one window: features once, encoded once, decoded, and its words placed in time."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from supervise.speech.frames import Samples
from supervise.speech.mel import FRAMES, HOP, LogMel
from supervise.speech.tokens import LEADING, TRAILING, Tokens

TIME_STEP_S = 0.02
LONGEST = 448
LOW_LOG_PROB = -1.0
LOOPING = 2.4


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word with its place in the window in seconds."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """What Whisper made of a window.

    `reached_s` is where its text ends when it broke off before the sound did, else the whole length.
    """

    words: tuple[HeardWord, ...]
    log_prob: float
    no_speech: float
    looping: float
    reached_s: float


@dataclass(frozen=True, slots=True)
class _Decoded:
    tokens: list[int]
    log_prob: float
    no_speech: float
    looping: float

    @property
    def weak(self) -> bool:
        return self.log_prob < LOW_LOG_PROB or self.looping > LOOPING


class Whisper:
    """A loaded model. Reads its folder and nothing else."""

    def __init__(self, folder: Path, *, beam: int, threads: int = 1) -> None:
        """Load `folder` as 8-bit integers; `beam` is the number of readings followed at a time."""
        import ctranslate2  # noqa: PLC0415 - native; only the child needs it

        self._storage = ctranslate2.StorageView.from_array
        self._model: Any = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=1
        )
        self.multilingual = bool(self._model.is_multilingual)
        self.tokens = Tokens(folder / "tokenizer.json", multilingual=self.multilingual)
        self._mel = LogMel(int(self._model.n_mels))
        self._beam = beam
        self.pad_s = 30.0

    def encode(self, samples: Samples) -> Any:
        """Return the encoded window, to be given to the other methods."""
        features = self._mel(samples)
        frames = min(FRAMES, int(len(samples) / HOP + self.pad_s * 100) // 2 * 2)
        return self._model.encode(self._storage(np.ascontiguousarray(features[None, :, :frames])))

    def language(self, encoded: Any) -> tuple[str, float]:
        """Return the likeliest language (ISO 639-1) and its probability."""
        token, probability = self._model.detect_language(encoded)[0][0]
        return token[2:-2], float(probability)

    def hear(self, encoded: Any, length_s: float, language: str, expected: str) -> Hearing:
        """Decode and align one encoded window of `length_s` seconds."""
        prompt = self.tokens.prompt(language, expected)
        decoded = self._decode(encoded, prompt, self._beam)
        if decoded.weak:
            decoded = self._better(decoded, encoded, prompt)
        segments = self._segments(decoded.tokens, length_s)
        reached_s = self._reached(decoded.tokens, length_s)
        text = [token for tokens, _, _ in segments for token in tokens]
        words = self._align(encoded, text, length_s, language)
        return Hearing(words, decoded.log_prob, decoded.no_speech, decoded.looping, reached_s)

    def _decode(self, encoded: Any, prompt: list[int], beam: int, **more: Any) -> _Decoded:
        result = self._model.generate(
            encoded,
            [prompt],
            beam_size=beam,
            max_length=LONGEST,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self.tokens.never,
            max_initial_timestamp_index=50,
            **more,
        )[0]
        tokens = list(result.sequences_ids[0])
        text = self.tokens.decode(tokens).strip().encode()
        looping = len(text) / len(zlib.compress(text)) if text else 0.0
        log_prob = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return _Decoded(tokens, float(log_prob), float(result.no_speech_prob), looping)

    def _better(self, first: _Decoded, encoded: Any, prompt: list[int]) -> _Decoded:
        """Try harder when the first reading is weak or loops; the same sound gives the same text."""
        tries = [first, self._decode(encoded, prompt, 5)]
        if tries[-1].weak:
            tries.append(self._decode(encoded, prompt, 5, no_repeat_ngram_size=4))
        sound = [attempt for attempt in tries if attempt.looping <= LOOPING]
        return max(sound or tries[-1:], key=lambda attempt: attempt.log_prob)

    def _segments(self, tokens: list[int], length_s: float) -> list[tuple[list[int], float, float]]:
        """Split tokens at their time stamps to (text tokens, start, end), seconds."""
        segments: list[tuple[list[int], float, float]] = []
        text: list[int] = []
        start_s = 0.0
        for token in tokens:
            if token < self.tokens.end:
                text.append(token)
            elif token >= self.tokens.first_time:
                time_s = (token - self.tokens.first_time) * TIME_STEP_S
                if text:
                    segments.append((text, start_s, time_s))
                    text = []
                start_s = time_s
        if text:
            segments.append((text, start_s, length_s))
        return segments

    def _reached(self, tokens: list[int], length_s: float) -> float:
        """Where the text ends: the last time stamp; the whole length when none closes it."""
        if tokens and tokens[-1] >= self.tokens.first_time:
            return min(length_s, (tokens[-1] - self.tokens.first_time) * TIME_STEP_S)
        return length_s

    def _align(self, encoded: Any, text: list[int], length_s: float, language: str) -> tuple[HeardWord, ...]:
        """Place words by the decoder's attention to the sound (Radford et al. 2022, dynamic time warping)."""
        if not text:
            return ()
        frames = min(FRAMES, int(length_s * 100))
        result = self._model.align(encoded, self.tokens.start(language), [text], frames)[0]
        pairs = np.asarray(result.alignments)
        jumps = np.concatenate([[True], np.diff(pairs[:, 0]) > 0])
        times_s = pairs[jumps, 1] * TIME_STEP_S
        times_s = np.append(times_s, length_s) if len(times_s) <= len(text) else times_s
        words: list[HeardWord] = []
        first = 0
        for word, count in self.tokens.words(text, language):
            chance = float(np.mean(result.text_token_probs[first : first + count]))
            words.append(HeardWord(word, float(times_s[first]), float(times_s[first + count]), chance))
            first += count
        return merge_signs(words)


def merge_signs(words: list[HeardWord]) -> tuple[HeardWord, ...]:
    """Join punctuation to its word, so that it has no time of its own, and trim the spaces."""
    merged: list[HeardWord] = []
    lead: HeardWord | None = None
    for word in words:
        sign = word.text.strip()
        if sign and sign in TRAILING and merged and lead is None:
            last = merged[-1]
            merged[-1] = HeardWord(last.text + sign, last.start_s, last.end_s, last.confidence)
        elif word.text.startswith(" ") and sign and sign in LEADING:
            lead = word
        elif sign:
            text = (lead.text.strip() if lead else "") + sign
            merged.append(HeardWord(text, word.start_s, word.end_s, word.confidence))
            lead = None
    return tuple(merged)
