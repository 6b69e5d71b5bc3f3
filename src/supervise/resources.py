"""Where the files that ship with the program are, in a checkout and in an installed wheel alike."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent
MODELS_VARIABLE = "SUPERVISE_MODELS"


def in_checkout() -> bool:
    """Return whether the program runs from a checkout (`resources/` beside `src/`)."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "resources").is_dir()


def resource_path(*parts: str) -> Path:
    """Return the path of something that ships, e.g. `resource_path("models", "registry.toml")`.

    Parts start with `resources` or `models`. The path is returned whether or not it exists.
    """
    root = _CHECKOUT if in_checkout() else _PACKAGE / "_data"
    return root.joinpath(*parts)


def model_places(user_data: Path) -> list[Path]:
    """Return the folders speech models are looked up in, first match first.

    `SUPERVISE_MODELS` if set, then the checkout's `models/whisper`, then `user_data/models`.
    """
    places: list[Path] = []
    named = os.environ.get(MODELS_VARIABLE, "")
    if named:
        places.append(Path(named))
    if in_checkout():
        places.append(_CHECKOUT / "models" / "whisper")
    places.append(user_data / "models")
    return places
