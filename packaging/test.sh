#!/usr/bin/env bash
# Runs every check, cheapest first; arguments go to pytest: `bash packaging/test.sh -k mastering`.
set -u
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"
set_up test
cd -- "$ROOT" || exit 1
export QT_QPA_PLATFORM=offscreen PATH=$VENV/bin:$PATH

check() { say "$*"; "$@" || die "failed: $*"; }

check ruff check
check ruff format --check
check mypy
check lint-imports
say pytest
# worksteal: the long stories of whole programs lie at the end, and one worker would be left alone with them.
exec pytest -n "${BATCHCAST_TEST_JOBS:-2}" --dist worksteal "$@"
