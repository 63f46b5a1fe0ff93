#!/usr/bin/env bash
# Starts Batchcast: `bash packaging/run.sh [ARGS]` is `batchcast ARGS` after a set-up that happens once.
set -u
. "$(dirname -- "${BASH_SOURCE[0]}")/setup.sh"
set_up run
exec "$VENV/bin/batchcast" "$@"
