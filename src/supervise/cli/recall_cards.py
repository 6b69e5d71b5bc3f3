"""`recall cards`: the prompt cards of a vault, listed, saved, loaded, or the standard ones again."""

from pathlib import Path
from typing import Any

import click

from supervise.app.cards import card_uses, cards, has_own_cards, load_cards, save_cards, standard_again
from supervise.app.workspace import Workspace
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer
from supervise.domain.errors import UsageError
from supervise.domain.prompt_cards import CardSet

_FILE = click.Path(path_type=Path)


@click.command(name="cards")
@VAULT
@click.option("--save", type=_FILE, metavar="FILE", help="Write the cards in use to a YAML file.")
@click.option("--load", type=_FILE, metavar="FILE", help="Use the cards of a YAML file from now on.")
@click.option("--standard", is_flag=True, help="Use the cards the program ships with again.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@common
def prompt_cards(
    shared: Common, vault: Path, save: Path | None, load: Path | None, *, standard: bool, force: bool
) -> None:
    """Show the prompt cards an inquirer may ask, or change them for everybody in the vault."""
    if sum((save is not None, load is not None, standard)) > 1:
        raise UsageError("Give one of --save, --load and --standard at a time.")
    with shared.workspace(vault) as workspace:
        if load is not None:
            load_cards(workspace, load)
        if standard:
            standard_again(workspace)
        if save is not None:
            save_cards(cards(workspace), save, force=force)
        values, words = _told(workspace)
    answer(values, words, as_json=shared.as_json)


def _told(workspace: Workspace) -> tuple[dict[str, Any], str]:
    found, uses = cards(workspace), card_uses(workspace)
    values = {
        "cards_id": found.cards_id,
        "version": found.version,
        "standard": not has_own_cards(workspace),
        "groups": [{"group": group.group, "label": group.label} for group in found.groups],
        "cards": [
            {
                "card": card.card,
                "group": card.group,
                "key": card.key or None,
                "text": card.text,
                "used": uses.get(card.card, 0),
            }
            for card in found.cards
        ],
    }
    return values, "\n".join([found.name, *_lines(found, uses)])


def _lines(found: CardSet, uses: dict[str, int]) -> list[str]:
    lines = []
    for digit, group in enumerate(found.groups, 1):
        lines.append(f"{digit} {group.label}")
        keys = {card: key for key, card in found.shown_keys(group.group).items()}
        for card in found.of_group(group.group):
            times = f"  ({uses[card.card]}×)" if card.card in uses else ""
            lines.append(f"  {keys.get(card.card, ' ')}  {card.card:<22} {card.text}{times}")
    return lines
