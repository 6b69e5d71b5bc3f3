"""Build step: what ships beside the code goes into the wheel; an editable install reads the checkout."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("resources", "models/registry.toml", "models/speakers")
INSIDE = "supervise/_data"


class ShipData(BuildHookInterface[Any]):
    """Adds `SHIPPED` under `INSIDE`, where `supervise.resources` looks for it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before a build; `version` is `standard` or `editable`."""
        if version == "standard":
            root = Path(self.root)
            build_data["force_include"].update({str(root / part): f"{INSIDE}/{part}" for part in SHIPPED})
