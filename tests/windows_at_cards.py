"""The window in a process of its own, at a virtual card: a script works it by keys and says what it saw."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

from virtual_card import VirtualCard

_TESTS = Path(__file__).resolve().parent


def seen(
    card: VirtualCard, script: str, *words: object, models: Path | None = None, patience_s: float = 120
) -> dict[str, Any]:
    """Run a script with the card's folder and `words`; return the JSON of its last line.

    `models` is the folder of speech models.
    """
    places = [card.environment["PYTHONPATH"], str(_TESTS), str(_TESTS / "e2e")]
    environment = {
        **card.environment,
        "PYTHONPATH": os.pathsep.join(places),
        "QT_QPA_PLATFORM": "offscreen",
    }
    if models is not None:
        environment["SUPERVISE_MODELS"] = str(models)
    done = subprocess.run(
        [sys.executable, _TESTS / "e2e" / script, card.folder, *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=patience_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return cast("dict[str, Any]", json.loads(done.stdout.splitlines()[-1]))
