# Sourced by scripts/quickstart and scripts/test: brings a machine where nothing was installed to a built, installed project.
# shellcheck shell=bash
#
#   need_packages PACKAGE...   installs Debian packages (Debian, Ubuntu), or says which programs and headers are missing
#   need_environment FOLDER EXTRAS [REQUIREMENT...]
#                              makes a virtual environment and installs the project there, with extras of pyproject.toml
#
# Each does nothing where its work is done already. What they print in detail goes to .state/setup.log.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Clones share what ccache has compiled, wherever they are.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1
VENV=$ROOT/.venv
LOG=$ROOT/.state/setup.log
mkdir -p "$ROOT/.state"

BUILD_PACKAGES=(g++ cmake ninja-build libpq-dev libspdlog-dev libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev
  python3-dev python3-venv)

# Elsewhere than on Debian: "kind name what", where kind says how to look for it.
BUILD_NEEDS=(
  "program:cmake:CMake 3.22 or newer"
  "program:ninja:Ninja"
  "header:libpq-fe.h:libpq with its headers (PostgreSQL client library)"
  "header:spdlog/spdlog.h:spdlog with its headers"
  "header:fmt/format.h:fmt with its headers"
  "header:CLI/CLI.hpp:CLI11"
  "header:nlohmann/json.hpp:JSON for Modern C++ (nlohmann)"
  "header:toml++/toml.h:toml++"
)

say() { printf '== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Runs a command with its output in the log; shows the end of the log where it fails.
quietly() {
  if ! "$@" >>"$LOG" 2>&1 </dev/null; then
    tail -n 40 "$LOG" >&2
    die "this failed: $* (all of its output is in $LOG)"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

is_debian() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

need_packages() {
  : >"$LOG"
  choose_compiler
  is_debian || { need_by_hand; return; }
  local missing
  mapfile -t missing < <(missing_packages "$@" ${COMPILER_PACKAGE:+"$COMPILER_PACKAGE"})
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    die "these packages are missing and this is neither root nor is there sudo; as root: apt-get install ${missing[*]}"
  fi
  say "installing ${#missing[@]} packages: ${missing[*]}"
  quietly as_root apt-get update
  without_default_cluster
  # RUNLEVEL: no package starts a service of its own (invoke-rc.d).
  quietly as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends "${missing[@]}"
  with_default_cluster
}

# Installing Debian's postgresql makes and starts a server of its own, which nothing here needs: a drop-in file says no meanwhile.
NO_CLUSTER=/etc/postgresql-common/createcluster.d/memstack-migrate.conf
without_default_cluster() {
  case " ${missing[*]} " in *" postgresql "*) ;; *) return 0 ;; esac
  as_root mkdir -p "${NO_CLUSTER%/*}"
  echo "create_main_cluster = false" | as_root tee "$NO_CLUSTER" >/dev/null
}
with_default_cluster() {
  if [ -e "$NO_CLUSTER" ]; then as_root rm "$NO_CLUSTER"; fi
}

# Ubuntu 22.04's own compiler is GCC 11; the sources need 12, which is a package of its own there.
choose_compiler() {
  COMPILER_PACKAGE=
  [ -r /etc/os-release ] || return 0
  # shellcheck source=/dev/null
  if [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = jammy ]; then
    COMPILER_PACKAGE=g++-12
    export CXX=${CXX:-g++-12}
  fi
}

# Not Debian: says all that is missing at once.
need_by_hand() {
  local need kind name what missing=()
  command -v "${CXX:-c++}" >/dev/null || missing+=("a C++20 compiler (GCC 12 or newer), as c++ or \$CXX")
  for need in "${BUILD_NEEDS[@]}"; do
    IFS=: read -r kind name what <<<"$need"
    case $kind in
      program) command -v "$name" >/dev/null || missing+=("$what: no program '$name'") ;;
      header) has_header "$name" || missing+=("$what: no header <$name>") ;;
    esac
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  printf 'error: this is not Debian or Ubuntu, so nothing is installed here. Please install:\n' >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
}

has_header() {
  local include=()
  if [ "$1" = libpq-fe.h ] && command -v pg_config >/dev/null; then include=(-I "$(pg_config --includedir)"); fi
  printf '#include <%s>\n' "$1" | "${CXX:-c++}" -std=c++20 "${include[@]}" -E -x c++ - >/dev/null 2>&1
}

# The system's Python first, as the package python3-dev brings the headers of that one; $PYTHON overrules.
find_python() {
  local candidate tried=()
  for candidate in ${PYTHON:+"$PYTHON"} /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    command -v "$candidate" >/dev/null || continue
    if "$candidate" - <<'PYTHON_CHECK' >/dev/null 2>&1; then
import pathlib, sys, sysconfig, venv, ensurepip
assert sys.version_info >= (3, 10)
assert (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists()
PYTHON_CHECK
      echo "$candidate"
      return
    fi
    tried+=("$candidate")
  done
  die "no Python 3.10 or newer with its headers (Python.h) and the venv module; looked at: ${tried[*]:-none}. PYTHON=... names another"
}

# One line that changes when anything that goes into the wheel changes, or what it is built with.
fingerprint() {
  (
    cd "$ROOT" || exit 1
    find CMakeLists.txt pyproject.toml LICENSE README.md cpp python scripts/setup.sh -type f ! -name '*.pyc' -print0 | sort -z |
      xargs -0 sha256sum
    echo "$(readlink -f "$VENV/bin/python")" "${CXX:-}"
  ) | sha256sum | cut -d ' ' -f 1
}

make_environment() {
  local python
  "$1/bin/python" -c 'import pip' 2>/dev/null && return
  python=$(find_python) || exit 1
  say "making a virtual environment with $python in ${1#"$ROOT"/}"
  quietly "$python" -m venv --clear "$1"
}

# Leaves the wheel in build/wheel. Built in .venv and without isolation, so that the folder of the last build serves again.
need_wheel() {
  local now
  make_environment "$VENV"
  now=$(fingerprint)
  [ "$(cat "$ROOT/build/wheel/fingerprint" 2>/dev/null)" != "$now" ] || return 0
  say "building the project"
  rm -rf "$ROOT/build/wheel"
  quietly "$VENV/bin/pip" install scikit-build-core pybind11
  quietly "$VENV/bin/pip" wheel --no-build-isolation --no-deps --wheel-dir "$ROOT/build/wheel" "$ROOT"
  echo "$now" >"$ROOT/build/wheel/fingerprint"
}

need_environment() {
  local folder=$1 extras=$2 wheel now
  shift 2
  need_wheel
  make_environment "$folder"
  now="$(cat "$ROOT/build/wheel/fingerprint") $extras $*"
  [ "$(cat "$folder/installed" 2>/dev/null)" != "$now" ] || return 0
  say "installing the project in ${folder#"$ROOT"/} ($extras${*:+, $*})"
  wheel=$(echo "$ROOT"/build/wheel/*.whl)
  quietly "$folder/bin/pip" install "${wheel}[$extras]" "$@"
  # The version is the same as before, so pip alone would keep what is installed.
  quietly "$folder/bin/pip" install --force-reinstall --no-deps "$wheel"
  echo "$now" >"$folder/installed"
}
