"""What a client must have agreed to for a recall, read off its set-up."""

from supervise.domain.consent import Scope
from supervise.domain.recall import Party, RecallKind, Setup


def scopes_for(setup: Setup) -> tuple[Scope, ...]:
    """Return what the client must have granted for such a recall."""
    client_takes_part = setup.recaller is not Party.THERAPIST
    needed = [Scope.CLIENT_RECALL] if client_takes_part else [Scope.OWN_REVIEW]
    if setup.kind is RecallKind.RESEARCH:
        needed.append(Scope.RESEARCH)
    return tuple(needed)
