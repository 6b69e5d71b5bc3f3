#!/usr/bin/env bash
# Run every benchmark, one after the other: one JSON line each on stdout, also kept in bench-out/.
#
#   scripts/bench.sh [NAME...]     (default: every benchmarks/*.py that can be run by itself)
set -euo pipefail
cd "$(dirname "$0")/.."

if ! .venv/bin/python -m pip show --quiet whisper-ctranslate2 2>/dev/null; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
    --only-binary :all: -r requirements-bench.lock
fi

names=("$@")
if [ "$#" -eq 0 ]; then
  for file in $(grep -lE '^if __name__ == "__main__"' benchmarks/*.py); do names+=("$(basename "$file" .py)"); done
fi

mkdir -p bench-out
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" PYTHONPATH="benchmarks${PYTHONPATH:+:$PYTHONPATH}"
failed=0
for name in "${names[@]}"; do
  printf 'bench: %s\n' "$name" >&2
  if ! .venv/bin/python "benchmarks/$name.py" | tee "bench-out/$name.json"; then
    printf 'bench: %s failed\n' "$name" >&2
    failed=1
  fi
done
exit "$failed"
