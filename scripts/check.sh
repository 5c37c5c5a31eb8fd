#!/usr/bin/env bash
# Every check that runs no test: tree, layers, format, lint, types, clang-tidy. scripts/test calls it after the set-up.
# Usage: scripts/check.sh [--no-tidy]     (needs what scripts/test installs, and for clang-tidy a configured build/dev)
set -u
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.venv/bin:$PATH"
failed=()

run() {
  local name=$1
  shift
  if "$@"; then
    echo "ok    $name"
  else
    echo "FAIL  $name: $*"
    failed+=("$name")
  fi
}

# Files, not the exit code of find, decide: an empty list would pass every check.
mapfile -t cxx < <(find cpp tests/cpp -name '*.cc' -o -name '*.h' | sort)
mapfile -t sources < <(find cpp -name '*.cc' | sort)
[ "${#sources[@]}" -gt 0 ] || { echo "no C++ sources under $PWD/cpp" >&2; exit 1; }

tidy() {
  [ -f build/dev/compile_commands.json ] || { echo "build/dev is not configured: cmake --preset dev" >&2; return 1; }
  # "N warnings generated" counts those of system headers, which are not shown.
  printf '%s\0' "${sources[@]}" |
    xargs -0 -P "$(nproc)" -n 1 clang-tidy -p build/dev --quiet 2> >(grep -v 'warnings\? generated' >&2)
}

run tree scripts/check_tree.py
run layers scripts/check_layers.py
run clang-format clang-format --dry-run --Werror "${cxx[@]}"
run ruff-format ruff format --check --quiet .
run ruff ruff check --quiet .
run mypy mypy --no-error-summary
[ "${1:-}" = --no-tidy ] || run clang-tidy tidy

if [ "${#failed[@]}" -gt 0 ]; then
  echo "checks that failed: ${failed[*]}" >&2
  exit 1
fi
