"""From a stream of sound to windows of words: cut, heard, mended, checked against silence, put in time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from supervise.domain.transcript import TranscribeSettings, Word
from supervise.speech.events import WindowResult
from supervise.speech.fillers import hesitant, without_fillers
from supervise.speech.frames import Samples
from supervise.speech.invented import spoken_words, trusted, worth_hearing
from supervise.speech.mending import SpeechClock, Stretch, mended, untorn
from supervise.speech.onsets import refined
from supervise.speech.vad import RATE_HZ, VoiceActivity
from supervise.speech.whisper import Encoded, HeardWord, Hearing, Whisper
from supervise.speech.windows import Window, WindowCutter, ms_of

BEAMS = {"faster": 3, "accurate": 5}
SURE = 0.5
DOUBTFUL = -0.8
ANOTHER = 0.7
LEAD_S = 0.3
CLEAR_LANGUAGE_S = 3.0


class Transcriber:
    """One run: keeps the language once it is clear, and counts windows and words taken out."""

    def __init__(self, model_dir: Path, settings: TranscribeSettings, start_ms: int, first_seq: int) -> None:
        """Load the model in `model_dir`; the sound to come starts at `start_ms`."""
        accurate = settings.accuracy == "accurate"
        beam = BEAMS["accurate" if accurate else "faster"]
        self._whisper = Whisper(model_dir, beam=beam, whole_context=accurate)
        self._settings = settings
        self._start_ms = start_ms
        self._seq = first_seq
        given = settings.language if self._whisper.tokens.knows(settings.language) else ""
        self.language = given if self._whisper.multilingual else "en"
        self._settled = bool(self.language)
        self.windows = 0
        self.dropped_words = 0

    def results(self, sound: Iterator[Samples]) -> Iterator[WindowResult]:
        """Yield one result for each window of `sound` (16 kHz mono), without gaps."""
        cutter = WindowCutter(VoiceActivity())
        for block in sound:
            for window in cutter.add(block):
                yield self._result(window)
        for window in cutter.finish():
            yield self._result(window)

    def _result(self, window: Window) -> WindowResult:
        words = self._words(window) if worth_hearing(window) else ()
        start_ms, end_ms = self._start_ms + ms_of(window.start), self._start_ms + ms_of(window.end)
        result = WindowResult(self._seq, start_ms, end_ms, words)
        self._seq += 1
        self.windows += 1
        return result

    def _words(self, window: Window) -> tuple[Word, ...]:
        encoded = self._whisper.encode(window.samples)
        hearing, language = self._hear(encoded)
        clock = SpeechClock(window.probabilities)
        heard = mended(hearing.words, clock, lambda stretch: self._heard_again(window, stretch, language))
        kept = spoken_words(heard, window.probabilities) if trusted(hearing, window) else []
        self.dropped_words += len(heard) - len(kept)
        if not self._settings.keep_fillers:
            kept = without_fillers(kept)
        edged = refined(untorn(kept, clock, window.cuts_s), window.samples)
        return tuple(self._placed(word, window) for word in untorn(edged, clock, window.cuts_s))

    def _hear(self, encoded: Encoded) -> tuple[Hearing, str]:
        """Hear in the session's language; look for another only where that one hardly fits."""
        if not self._settled:
            found, chance = self._whisper.language(encoded)
            self.language = found
            self._settled = chance >= SURE and encoded.length_s >= CLEAR_LANGUAGE_S
        hearing = self._whisper.hear(encoded, self.language, self._expected(self.language))
        detect = not self._settings.language and self._whisper.multilingual
        if detect and hearing.log_prob < DOUBTFUL and encoded.length_s >= CLEAR_LANGUAGE_S:
            other, chance = self._whisper.language(encoded)
            if other != self.language and chance >= ANOTHER:
                again = self._whisper.hear(encoded, other, self._expected(other))
                if again.log_prob > hearing.log_prob:
                    return again, other
        return hearing, self.language

    def _expected(self, language: str) -> str:
        """Return what to put before the text: how people talk, if ums are to be kept, and the terms."""
        manner = hesitant(language) if self._settings.keep_fillers else ""
        return f"{manner} {self._settings.terms}".strip()

    def _heard_again(self, window: Window, stretch: Stretch, language: str) -> list[HeardWord]:
        """Hear a stretch on its own; words in the window's seconds, none when the text is weak.

        Expected terms are not given again: context before the text makes a model pass over speech.
        """
        start_s = max(0.0, stretch[0] - LEAD_S)
        part = window.samples[int(start_s * RATE_HZ) : int(stretch[1] * RATE_HZ)]
        hearing = self._whisper.hear(self._whisper.encode(part), language)
        if hearing.weak:
            return []
        return [
            replace(word, start_s=word.start_s + start_s, end_s=word.end_s + start_s)
            for word in hearing.words
        ]

    def _placed(self, word: HeardWord, window: Window) -> Word:
        start_ms = ms_of(window.stream_sample(int(word.start_s * RATE_HZ)))
        end_ms = ms_of(window.stream_sample(max(0, int(word.end_s * RATE_HZ) - 1)) + 1)
        confidence = round(min(1.0, max(0.0, word.confidence)), 3)
        return Word(word.text, self._start_ms + start_ms, self._start_ms + max(start_ms, end_ms), confidence)
