"""The prompt cards of a vault: the standard ones or its own, changed, loaded, saved, and how often used.

Cards name no client, so no consent is asked. They are the vault's: whoever works in it reads them, and
therapists, supervisors and researchers, who all inquire, change them for everybody. A client's own
profile changes nothing.
"""

import functools
from pathlib import Path

from supervise.app import changes
from supervise.app.changes import Change
from supervise.app.recall_reading import recalls
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.moments import Perspective
from supervise.domain.prompt_cards import CardSet, checked
from supervise.exchange.cards_yaml import parse_cards, write_cards
from supervise.exchange.files import write_whole
from supervise.exchange.small_files import read_small_text
from supervise.resources import resource_path

NOT_A_CLIENTS = "Whoever inquires writes the prompt cards. Ask your therapist if you miss one."
_LIMIT_BYTES = 500_000


@functools.cache
def standard_cards() -> CardSet:
    """Return the cards that ship."""
    path = resource_path("resources", "prompts", "default.yaml")
    return parse_cards(path.read_text(encoding="utf-8"), "the standard cards")


def cards(workspace: Workspace) -> CardSet:
    """Return the cards in use: the vault's own, or the standard ones."""
    text = workspace.store.cards.text()
    return standard_cards() if text is None else parse_cards(text, "this vault")


def has_own_cards(workspace: Workspace) -> bool:
    """Whether the vault has cards of its own."""
    return workspace.store.cards.text() is not None


def may_change_cards(workspace: Workspace) -> bool:
    """Whether whoever works here may change the cards."""
    return workspace.profile.role is not Perspective.CLIENT


def use_cards(workspace: Workspace, wanted: CardSet) -> CardSet:
    """Use these cards from now on and return them; raises UsageError, and then nothing has changed.

    The standard ones, as they ship, are not kept. What was asked before stays as it was worded then.
    """
    _require(workspace)
    wanted = checked(wanted)
    if wanted == standard_cards():
        return standard_again(workspace)
    if wanted != cards(workspace):
        workspace.store.cards.put(write_cards(wanted))
        workspace.subscribers.tell(Change(changes.CARDS))
    return wanted


def standard_again(workspace: Workspace) -> CardSet:
    """Use the cards that ship again; raises UsageError."""
    _require(workspace)
    if has_own_cards(workspace):
        workspace.store.cards.forget()
        workspace.subscribers.tell(Change(changes.CARDS))
    return standard_cards()


def load_cards(workspace: Workspace, path: Path) -> CardSet:
    """Use the cards of a YAML file from now on; raises UsageError, NotReadableError with line numbers.

    After a failure the cards stay as they were.
    """
    _require(workspace)
    return use_cards(workspace, read_cards(path))


def read_cards(path: Path) -> CardSet:
    """Return the cards of a YAML file; raises NotReadableError with line numbers."""
    text = read_small_text(path, _LIMIT_BYTES, "The file of prompt cards", "Choose a YAML text file.")
    return parse_cards(text, path.name)


def save_cards(found: CardSet, path: Path, *, force: bool = False) -> None:
    """Write cards to a YAML file, whole or not at all; raises UsageError, NoSpaceError."""
    write_whole(path, [write_cards(found).encode()], force=force)


def card_uses(workspace: Workspace) -> dict[str, int]:
    """Return how often each card was used, in the recalls that may be read here."""
    return workspace.store.cards.uses([row.recall for row in recalls(workspace)])


def _require(workspace: Workspace) -> None:
    if not may_change_cards(workspace):
        raise UsageError(NOT_A_CLIENTS)
