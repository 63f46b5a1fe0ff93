#!/usr/bin/env bash
# Renews the two locks from pyproject.toml: what it newly asks for is added and the rest stays as it is;
# `packaging/lock.sh --upgrade` takes the newest of everything.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

workshop=$(mktemp -d)
trap 'rm -rf "$workshop"' EXIT
"${BATCHCAST_PYTHON:-python3}" -m venv "$workshop/venv"
"$workshop/venv/bin/pip" install --quiet uv

# compile OUTPUT COMMENT ARGUMENTS...
# --fork-strategy fewest: the same version on every Python, so what was tested on one is what runs on the others.
# --only-binary: no stranger's setup.py ever runs. hatchling: the build backend, so that -e . needs no network.
compile() {
    local output=$1 comment=$2
    shift 2
    echo hatchling | "$workshop/venv/bin/uv" pip compile pyproject.toml - --quiet --universal --python-version 3.11 \
        --fork-strategy fewest --only-binary :all: --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --output-file "$output" "$@" >/dev/null
    { printf '# %s\n# Written by packaging/lock.sh.\n' "$comment"; cat "$output"; } > "$workshop/lock"
    cat "$workshop/lock" > "$output"
}

compile packaging/constraints.txt "What Batchcast runs on: exact versions with hashes, for Python 3.11 and newer." "$@"
compile packaging/constraints-test.txt "The same and what the tests add." --extra test --constraint packaging/constraints.txt "$@"
