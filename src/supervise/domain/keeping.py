"""What may be kept: kinds of things, which scopes each rests on, and which notes quote."""

import re
from collections.abc import Iterable

from supervise.domain.consent import Scope

SOUND, TRANSCRIPT, MOMENTS, RECALL = "sound", "transcript", "moments", "recall"
OF_SESSION = (SOUND, TRANSCRIPT, MOMENTS)  # without these, and without recalls, nothing of a session is left
KINDS = (*OF_SESSION, RECALL)
GRACE_DAYS = 7
QUOTED_WORDS = 4
_LOOKING = frozenset(
    {
        Scope.OWN_REVIEW,
        Scope.SUPERVISOR,
        Scope.GROUP,
        Scope.TRAINING,
        Scope.RESEARCH,
        Scope.CLIENT_RECALL,
    }
)
# A thing is kept as long as one of these is granted: a withdrawn scope takes nothing that another allows.
ALLOWED_BY = {
    SOUND: _LOOKING | {Scope.RECORD, Scope.TRANSCRIBE},
    TRANSCRIPT: frozenset({Scope.TRANSCRIBE}),
    MOMENTS: _LOOKING,
}


def without_basis(standing: Iterable[Scope]) -> tuple[str, ...]:
    """Return the kinds of a session that no granted scope allows to be kept; each recall is judged apart."""
    granted = frozenset(standing)
    return tuple(kind for kind in OF_SESSION if not ALLOWED_BY[kind] & granted)


def recall_basis(*, by_client: bool) -> frozenset[Scope]:
    """Return the scopes any of which allows a recall (an interview, a rating) to be kept.

    What the client recalled rests on their consent to that alone; what the therapist recalled, on any look
    at the session (ADR 0015).
    """
    return frozenset({Scope.CLIENT_RECALL}) if by_client else _LOOKING


def word_runs(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Return every run of `QUOTED_WORDS` words in the texts, in lower case and without punctuation."""
    runs: set[tuple[str, ...]] = set()
    for text in texts:
        words = _words(text)
        runs.update(tuple(words[at : at + QUOTED_WORDS]) for at in range(len(words) - QUOTED_WORDS + 1))
    return frozenset(runs)


def quotes(note: str, runs: frozenset[tuple[str, ...]]) -> bool:
    """Whether a note holds one of the runs."""
    return not runs.isdisjoint(word_runs([note]))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())
