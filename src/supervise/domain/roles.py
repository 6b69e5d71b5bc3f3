"""Parts in a case, and what a client must have agreed to for each of them."""

from supervise.domain.consent import Grant, Scope
from supervise.domain.errors import UsageError
from supervise.domain.moments import Perspective, Profile

OWNER, CLIENT = "owner", "client"
# A part -> the scope the client must have granted for it.
PARTS = {
    OWNER: Scope.OWN_REVIEW,
    "supervisor": Scope.SUPERVISOR,
    "group": Scope.GROUP,
    "trainee": Scope.TRAINING,
    "researcher": Scope.RESEARCH,
    "inquirer": Scope.CLIENT_RECALL,
    CLIENT: Scope.CLIENT_RECALL,
}
_NAMED_PARTS = ("group", "researcher")


def parse_part(text: str) -> str:
    """Read `supervisor`, `group=NAME` or `researcher=STUDY/ETHICS-REF`; raises UsageError."""
    word, _, name = text.partition("=")
    word, name = word.strip(), " ".join(name.split())
    if word not in PARTS:
        raise UsageError(f"“{word}” is not a part in a case. The parts are: {', '.join(PARTS)}.")
    if (word in _NAMED_PARTS) != bool(name):
        example = f"{word}=NAME" if word in _NAMED_PARTS else word
        raise UsageError(f"Write the part as {example}.")
    return f"{word}={name}" if name else word


def seat(part: str, profile: Profile) -> Grant:
    """Return what the client must have granted for `profile` to look at the case in this part."""
    word, _, name = part.partition("=")
    scope = PARTS[word]
    return Grant(scope, profile.name if scope is Scope.SUPERVISOR else name)


def seat_without_part(profile: Profile) -> Grant | None:
    """Return the seat of somebody who neither owns the case nor was given a part in it, if there is one."""
    if profile.role is Perspective.SUPERVISOR:
        return Grant(Scope.SUPERVISOR, profile.name)
    return None
