#!/usr/bin/env bash
# Build the wheel and prove it where no checkout is near: an environment of its own, another folder, a new HOME.
set -euo pipefail
cd "$(dirname "$0")/.."

place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
export HOME="$place/home" PIP_DISABLE_PIP_VERSION_CHECK=1
mkdir -p "$HOME"

.venv/bin/python -m hatchling build -t sdist -d "$place/sdist" >/dev/null
.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$place" "$place"/sdist/*.tar.gz
wheel="$(echo "$place"/supervise-*.whl)"
printf 'wheel: %s, %s bytes, from the source archive\n' "$(basename "$wheel")" "$(stat -c %s "$wheel")"

"$(readlink -f .venv/bin/python)" -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock
"$place/venv/bin/python" -m pip install --quiet --no-deps "$wheel"

model="$PWD/models/whisper"
cd "$place"
export QT_QPA_PLATFORM=offscreen
"$place/venv/bin/python" - <<'PYTHON'
"""Everything that ships is found, and none of it in a checkout."""

from supervise.resources import in_checkout, resource_path

assert not in_checkout()
shipped = ["resources/codebooks/default.yaml", "resources/prompts/default.yaml", "models/registry.toml", "models/speakers"]
for name in shipped:
    path = resource_path(*name.split("/"))
    assert path.exists(), path
    assert path.is_relative_to(resource_path("resources").parent)
assert list(resource_path("models", "speakers").glob("*.onnx"))
assert list(resource_path("resources", "demo").iterdir())
PYTHON
"$place/venv/bin/supervise" --version
"$place/venv/bin/supervise" models list --json
test -x "$place/venv/bin/supervise-window"
SUPERVISE_MODELS="$model" "$place/venv/bin/supervise" demo --json
printf 'wheel: installed and proved\n'
