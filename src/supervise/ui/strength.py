"""What can be said about a passphrase before it is used: in words, and without sending it anywhere."""

import math

LEAST = 8
GOOD_BITS = 60.0
FAIR_BITS = 42.0
COMMON = ("password", "passwort", "therapy", "supervise", "qwerty", "letmein", "welcome", "12345678")


def guessing_bits(passphrase: str) -> float:
    """Estimate, roughly and from below, the bits to guess: by words or by letters, whichever is less."""
    if not passphrase:
        return 0.0
    kinds = [
        (26, any(c.islower() for c in passphrase)),
        (26, any(c.isupper() for c in passphrase)),
        (10, any(c.isdigit() for c in passphrase)),
        (33, any(not c.isalnum() for c in passphrase)),
    ]
    alphabet = sum(size for size, used in kinds if used)
    distinct = len(set(passphrase))
    letters = min(len(passphrase), distinct * 2) * math.log2(max(alphabet, 2))
    words = [word for word in passphrase.split() if len(word) > 1]
    by_words = len(set(map(str.casefold, words))) * 12.5 if len(words) > 1 else letters
    held = min(letters, by_words + 4)
    return held - 20 if any(word in passphrase.casefold() for word in COMMON) else held


def strength_words(passphrase: str) -> tuple[str, str]:
    """Return a sentence about a passphrase, and the role it is shown in (`error`, `muted`, `good`)."""
    if not passphrase:
        return (
            "Four or five words that do not belong together are easy to remember and hard to guess.",
            "muted",
        )
    if len(passphrase) < LEAST:
        return f"Too short: use at least {LEAST} letters.", "error"
    bits = guessing_bits(passphrase)
    if bits < FAIR_BITS:
        return "Weak: somebody with a computer could guess it. Add another word or two.", "error"
    if bits < GOOD_BITS:
        return "Fair. One more word would make it strong.", "muted"
    return "Strong.", "good"
