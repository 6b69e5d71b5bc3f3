#!/usr/bin/env bash
# The slow proofs, one after the other: every benchmarks/soak/soak_*.py, one JSON line each, kept in bench-out/.
#
#   scripts/soak.sh [NAME...]     for example: kill disk_full damage wrong_key no_network plaintext
#
# SOAK_ROUNDS and SOAK_SEED change how often and with which chance; each file says what else it reads.
set -euo pipefail
cd "$(dirname "$0")/.."

names=("$@")
if [ "$#" -eq 0 ]; then
  for file in benchmarks/soak/soak_*.py; do
    name="$(basename "$file" .py)"
    names+=("${name#soak_}")
  done
fi

mkdir -p bench-out
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" PYTHONDONTWRITEBYTECODE=1
failed=0
for name in "${names[@]}"; do
  name="${name#soak_}"
  start=$SECONDS
  printf '== %s\n' "$name" >&2
  if .venv/bin/python "benchmarks/soak/soak_$name.py" | tee "bench-out/soak_$name.json"; then
    verdict=ok
  else
    verdict=FAILED failed=1
  fi
  printf '== %s: %s, %s s\n' "$name" "$verdict" "$((SECONDS - start))" >&2
done
exit "$failed"
