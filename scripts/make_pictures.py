"""Draw every screen from the running program into docs/guide/pictures, in light and dark; some at 2x too.

The demo session is imported and transcribed for real, in a vault in a temporary folder. Into another folder
everything is drawn, what the guide leaves out as well, and as asked for: a small window, large letters, long
names. That is how the screens are looked at.

    scripts/make_pictures.py [FOLDER] [--only PART] [--scale 2] [--size 1024x700] [--font 1.5] [--long]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pictures_cards
import pictures_consent
import pictures_crowded
import pictures_rating
import pictures_recall
import pictures_recall_out
import pictures_recall_reading
import pictures_recall_ways
import pictures_recording
import pictures_study
import pictures_window
from easel import GUIDE, SCALE, Easel, Look

BOTH, ONE = ("1", "2"), ("1",)
# Qt's own screen without a display is 800 pixels high, and dialogs mind their screen.
SCREEN = {"name": "drawn", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}
HOME = "/home/anna"  # of nobody: pictures show no folder of this machine
# A part of the program: what draws it, and the scales at which the guide has it.
PARTS: dict[str, tuple[Callable[[Easel, Path], None], tuple[str, ...]]] = {
    "window": (pictures_window.paint, BOTH),
    "consent": (pictures_consent.paint, BOTH),
    "recording": (pictures_recording.paint, ONE),
    "recall": (pictures_recall.paint, ONE),
    "ways": (pictures_recall_ways.paint, ONE),
    "cards": (pictures_cards.paint, ONE),
    "study": (pictures_study.paint, ONE),
    "reading": (pictures_recall_reading.paint, BOTH),
    "out": (pictures_recall_out.paint, ONE),
    "rating": (pictures_rating.paint, ONE),
    "crowded": (pictures_crowded.paint, ()),
}
ON_THE_DEMO = {"window", "consent"}


def asked() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description="Draw the guide's pictures, or all screens to look at them.")
    parser.add_argument("folder", nargs="?", type=Path, default=GUIDE)
    parser.add_argument("--only", action="append", choices=PARTS, help="a part; all, unless given")
    parser.add_argument(
        "--scale", action="append", choices=BOTH, help="1 or 2; what the guide has, unless given"
    )
    parser.add_argument("--size", default="", help="of the window, as 1024x700")
    parser.add_argument("--font", type=float, default=1.0, help="how much larger letters are than usual")
    parser.add_argument("--long", action="store_true", help="with names as long as somebody may make them")
    parser.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def look_of(wish: argparse.Namespace) -> Look:
    """Return the look asked for."""
    size = tuple(int(part) for part in wish.size.split("x")) if wish.size else Look.size
    return Look((size[0], size[1]), wish.font, wish.long)


def main() -> None:
    """Draw each part at each scale in a process of its own."""
    wish = asked()
    parts = wish.only or list(PARTS)
    if wish.place is not None:
        PARTS[parts[0]][0](Easel(wish.folder.resolve(), look_of(wish)), wish.place)
        return
    with tempfile.TemporaryDirectory() as place:
        if ON_THE_DEMO & set(parts):
            pictures_window.build(Path(place) / pictures_window.DEMO)
        for part in parts:
            for scale in wish.scale or PARTS[part][1]:
                draw(part, scale, Path(place))
    print(f"{len(list(wish.folder.glob('*.png')))} pictures in {wish.folder}")


def draw(part: str, scale: str, place: Path) -> None:
    """Draw one part; what it keeps lies in a folder of its own, beside the demo vault if it needs that."""
    own = place if part in ON_THE_DEMO else Path(tempfile.mkdtemp(dir=place))
    rest = [word for word in sys.argv[1:] if word != "--only" and word not in PARTS]
    command = [sys.executable, __file__, *rest, "--only", part, "--place", str(own)]
    screen = place / "screen.json"
    screen.write_text(json.dumps({"screens": [{**SCREEN, "logicalBaseDpi": SCREEN["logicalDpi"]}]}))
    platform = f"offscreen:configfile={screen}"
    environment = {**os.environ, SCALE: scale, "QT_QPA_PLATFORM": platform, "HOME": HOME}
    subprocess.run(command, check=True, env=environment)


if __name__ == "__main__":
    main()
