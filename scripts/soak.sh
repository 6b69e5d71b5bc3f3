#!/usr/bin/env bash
# The slow proofs, one after the other, with counts: every tests/fault/soak_*.py that can be run by itself.
#
#   scripts/soak.sh [NAME...]
set -euo pipefail
cd "$(dirname "$0")/.."

names=("$@")
if [ "$#" -eq 0 ]; then
  for file in tests/fault/soak_*.py; do [ -e "$file" ] && names+=("$(basename "$file" .py)"); done
fi
if [ "${#names[@]}" -eq 0 ]; then
  printf 'soak: there is nothing to run in tests/fault\n' >&2
  exit 1
fi

export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" PYTHONPATH="tests:tests/fault${PYTHONPATH:+:$PYTHONPATH}"
failed=0
for name in "${names[@]}"; do
  start=$SECONDS
  printf '== %s\n' "$name"
  if .venv/bin/python "tests/fault/$name.py"; then verdict=ok; else verdict=FAILED failed=1; fi
  printf '== %s: %s, %s s\n' "$name" "$verdict" "$((SECONDS - start))"
done
exit "$failed"
