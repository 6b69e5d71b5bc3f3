"""Whisper's tokens: prompts, time stamps, and putting tokens together to words."""

import string
from pathlib import Path

SPACELESS = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
LEADING = "\"'“¿([{-"
TRAILING = "\"'.。,，!！?？:：”)]}、"
_BROKEN = "\ufffd"
TERM_TOKENS = 100


class Tokens:
    """A model's tokenizer with the special tokens by name."""

    def __init__(self, path: Path, *, multilingual: bool) -> None:
        """Read `tokenizer.json`."""
        import tokenizers  # native; only the child needs it

        self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        self._multilingual = multilingual
        self.end = self._id("<|endoftext|>")
        self.never = self._suppressed()

    def _id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        return -1 if found is None else int(found)

    def encode(self, text: str) -> list[int]:
        """Return the tokens of `text`."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, tokens: list[int]) -> str:
        """Return the text of `tokens`, special ones left out."""
        return str(self._tokenizer.decode([token for token in tokens if token < self.end]))

    def start(self, language: str) -> list[int]:
        """Return what a text in `language` starts with."""
        begin = [self._id("<|startoftranscript|>")]
        if self._multilingual:
            begin += [self._id(f"<|{language}|>"), self._id("<|transcribe|>")]
        return begin

    def knows(self, language: str) -> bool:
        """Return whether the model has a token for `language`."""
        return self._id(f"<|{language}|>") >= 0

    def prompt(self, language: str, expected: str) -> list[int]:
        """Return the whole prompt; at most 100 tokens of `expected` are put before it as context.

        No time stamps are asked for: with them small models skip sentences inside a window.
        """
        begin = [*self.start(language), self._id("<|notimestamps|>")]
        if not expected.strip():
            return begin
        context = self.encode(" " + expected.strip())[:TERM_TOKENS]
        return [self._id("<|startofprev|>"), *context, *begin]

    def _suppressed(self) -> list[int]:
        """List tokens never to be said: signs for music, speakers and the like, and special ones."""
        signs = [*'"#()*+/:;<=>@[\\]^_`{|}~「」『』', *"♩♪♫♬♭♮♯"]
        signs += ["<<", ">>", "<<<", ">>>", "--", "---", "-(", "-[", "('", '("', "((", "))"]
        signs += ["(((", ")))", "[[", "]]", "{{", "}}", "♪♪", "♪♪♪"]
        found = {self.encode(" -")[0], self.encode(" '")[0]}
        for sign in signs:
            for tokens in (self.encode(sign), self.encode(" " + sign)):
                if len(tokens) == 1 or sign in "♩♪♫♬♭♮♯":
                    found.add(tokens[0])
        special = ("transcribe", "translate", "startoftranscript", "startofprev", "startoflm", "nospeech")
        found.update(self._id(f"<|{name}|>") for name in (*special, "nocaptions"))
        return sorted(token for token in found if token >= 0)

    def words(self, tokens: list[int], language: str) -> list[tuple[str, int]]:
        """Split text tokens to (word, number of tokens); a word keeps its leading space."""
        parts = self._characters(tokens)
        if language in SPACELESS:
            return parts
        words: list[tuple[str, int]] = []
        for text, count in parts:
            if words and not text.startswith(" ") and text.strip() not in string.punctuation:
                words[-1] = (words[-1][0] + text, words[-1][1] + count)
            else:
                words.append((text, count))
        return words

    def _characters(self, tokens: list[int]) -> list[tuple[str, int]]:
        """Split tokens where they decode to whole characters."""
        parts: list[tuple[str, int]] = []
        held: list[int] = []
        for token in tokens:
            held.append(token)
            text = str(self._tokenizer.decode(held))
            if _BROKEN not in text or len(held) > 4:
                parts.append((text, len(held)))
                held = []
        if held:
            parts.append((str(self._tokenizer.decode(held)), len(held)))
        return parts
