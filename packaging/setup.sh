# Sourced by run.sh and test.sh: `set_up run|test` leaves a complete .venv beside pyproject.toml.
# Works with the bash 3.2 of macOS. Everything is said on stderr: stdout belongs to the program (--json).

ROOT=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV=$ROOT/.venv
# Somebody else's modules must not shadow the locked ones.
unset PYTHONHOME PYTHONPATH

say() { printf 'batchcast: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

set_up() {
    # The stamp is a copy of all that an installation depends on: comparing it starts no interpreter.
    # The path is in it because the scripts in a .venv stop working when the folder moves.
    case $1 in
        run) LOCK=$ROOT/packaging/constraints.txt ;;
        test) LOCK=$ROOT/packaging/constraints-test.txt ;;
    esac
    STAMP=$VENV/.ready-$1
    ready && return

    [ -w "$ROOT" ] || die "cannot write to $ROOT: copy it to a folder of your own."
    find_python
    take_lock
    if ready; then exec 9>&-; return; fi
    system_libraries
    install_packages "$1"
    exec 9>&-
}

wanted() { printf '%s\n' "$ROOT"; cat "$LOCK" "$ROOT/pyproject.toml"; }

ready() {
    [ -x "$VENV/bin/python" ] && [ -f "$STAMP" ] && wanted | cmp -s - "$STAMP" || return 1
    [ -z "${BATCHCAST_PYTHON:-}" ] || [ "$BATCHCAST_PYTHON" = "$(cat "$VENV/.made-by")" ]
}

# --- Python ---------------------------------------------------------------------------------------------------------

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; }
makes_venvs() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

look_for_python() { # sets PYTHON to one that can make a .venv, or BARE to one that only lacks that
    PYTHON='' BARE=''
    local name
    for name in python3.13 python3.12 python3.11 python3.14 python3 python; do
        command -v "$name" >/dev/null 2>&1 && fits "$name" || continue
        if makes_venvs "$name"; then PYTHON=$name; return; fi
        [ -n "$BARE" ] || BARE=$name
    done
    return 1
}

find_python() {
    if [ -n "${BATCHCAST_PYTHON:-}" ]; then
        fits "$BATCHCAST_PYTHON" || die "BATCHCAST_PYTHON=$BATCHCAST_PYTHON is not a Python 3.11 to 3.14."
        makes_venvs "$BATCHCAST_PYTHON" || die "BATCHCAST_PYTHON=$BATCHCAST_PYTHON has no venv module."
        PYTHON=$BATCHCAST_PYTHON
        return
    fi
    look_for_python && return
    local packages='python3 python3-venv'
    [ -z "$BARE" ] || packages=python$("$BARE" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv
    if command -v apt-get >/dev/null 2>&1; then
        if is_root; then
            # shellcheck disable=SC2086  # a list
            apt_install $packages && look_for_python && return
            # Ubuntu 22.04: its python3 is 3.10, with 3.11 beside it.
            apt_install python3.11 python3.11-venv && look_for_python && return
        fi
        die "Batchcast needs Python 3.11 to 3.14 with venv. Run: sudo apt-get install $packages"
    elif [ "$(uname)" = Darwin ]; then
        die "Batchcast needs Python 3.11 to 3.14. Run: brew install python@3.13 (or take it from python.org)"
    fi
    die "Batchcast needs Python 3.11 to 3.14: install one, or name it in BATCHCAST_PYTHON."
}

# --- one start at a time --------------------------------------------------------------------------------------------

take_lock() {
    # Python's flock, since macOS has no flock program. The lock belongs to file 9, which this shell keeps open and
    # which pip inherits: however a set-up ends, the lock ends with it.
    exec 9>"$ROOT/.venv.lock" || die "cannot write to $ROOT: copy it to a folder of your own."
    "$PYTHON" - <<'PY' || die "another start could not be waited for."
import fcntl, sys
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("batchcast: another start is setting up; waiting for it.", file=sys.stderr)
    fcntl.flock(9, fcntl.LOCK_EX)
except OSError:
    pass  # a network folder without locks: two starts at once are the smaller evil
PY
}

# --- the system's libraries -----------------------------------------------------------------------------------------

# What Qt's window (X11 and Wayland), sound and network plugins load and a bare Debian 12 lacks: library, package.
QT_LIBRARIES='
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11-xcb.so.1 libx11-xcb1
libXrandr.so.2 libxrandr2
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libglib-2.0.so.0 libglib2.0-0
libgssapi_krb5.so.2 libgssapi-krb5-2
libpulse.so.0 libpulse0
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libwayland-egl.so.1 libwayland-egl1
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxkbcommon.so.0 libxkbcommon0
'

system_libraries() {
    [ "$(uname)" = Linux ] || return 0
    local have missing='' packages='' library package
    have=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0
    while read -r library package; do
        [ -n "$library" ] || continue
        case $have in
            *"$library "*) ;;
            *) missing="$missing $library" packages="$packages $package" ;;
        esac
    done <<< "$QT_LIBRARIES"
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "the window needs these system libraries:$missing"
    elif is_root; then
        say "installing the system libraries of the window:$packages"
        # shellcheck disable=SC2086  # a list
        apt_install $packages || say "that failed, so the window may not open. Run: apt-get install$packages"
    else
        say "the window needs some system libraries. Run: sudo apt-get install$packages"
    fi
}

is_root() { [ "$(id -u)" = 0 ]; }

apt_install() {
    local install='apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300'
    export DEBIAN_FRONTEND=noninteractive
    # A fresh machine has no package lists, an old one has stale ones: both show as a failure.
    # Without file 9: a daemon that a package starts must not keep our lock.
    $install "$@" >/dev/null 2>&1 9>&- || { apt-get update -qq && $install "$@"; } >&2 9>&-
}

# --- the packages ---------------------------------------------------------------------------------------------------

install_packages() {
    local fresh=''
    [ -x "$VENV/bin/python" ] && [ "$(head -n 1 "$VENV/.ready-run" 2>/dev/null)" = "$ROOT" ] || fresh=1
    [ -z "${BATCHCAST_PYTHON:-}" ] || [ "$BATCHCAST_PYTHON" = "$(cat "$VENV/.made-by" 2>/dev/null)" ] || fresh=1
    # First of all: whatever is interrupted from here on must not look complete.
    rm -f "$VENV"/.ready-*
    if [ "$fresh" ]; then # none yet, or interrupted, or moved, or another Python is wanted
        rm -rf "$VENV"
        local free
        free=$(df -Pk "$ROOT" | awk 'NR == 2 { print int($4 / 1024) }')
        [ "$free" -ge 3000 ] || die "$free MB are free in $ROOT and 3,000 are needed: free some and start again."
        say "making $VENV with $("$PYTHON" --version) (1.7 GB, some minutes, once)"
        "$PYTHON" -m venv "$VENV" >&2 || die "$PYTHON cannot make $VENV: see above."
        printf '%s\n' "${BATCHCAST_PYTHON:-$PYTHON}" > "$VENV/.made-by"
    else
        say "bringing $VENV up to date"
    fi
    pip install --require-hashes --only-binary :all: -r "$LOCK"
    pip install --no-deps --no-build-isolation -e "$ROOT"
    rm -rf "$VENV/tmp"
    { wanted > "$STAMP.new" && mv "$STAMP.new" "$STAMP"; } || die "cannot write $STAMP: is the disk full?"
    # The test lock holds all of the other one.
    [ "$1" = run ] || { LOCK=$ROOT/packaging/constraints.txt; wanted > "$VENV/.ready-run"; }
    say "ready"
}

pip() {
    local log=$VENV/pip.log line
    mkdir -p "$VENV/tmp" # not in /tmp, which is often small
    PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 TMPDIR=$VENV/tmp \
        "$VENV/bin/python" -m pip "$@" --progress-bar off 2>&1 | while IFS= read -r line; do
        printf '%s\n' "$line" >> "$log"
        case $line in
            *Downloading*' MB)'*) line=${line##*/} && say "  ${line#*Downloading }" ;;
            *'Installing collected'*,*) say "unpacking" ;;
        esac
    done
    [ "${PIPESTATUS[0]}" = 0 ] && return
    case $(cat "$log") in
        *'No space left'*) die "the disk is full: free 3 GB for $ROOT and start again." ;;
        *'DO NOT MATCH THE HASHES'*) die "a package is not the one that was locked, so nothing was installed: see $log." ;;
        *NewConnectionError* | *'name resolution'* | *Timeout* | *timed\ out* | *ProxyError* | *SSLError* | *'Connection'*)
            die "the package index cannot be reached: check the network (or the proxy) and start again; see $log." ;;
        *'No matching distribution'*)
            die "a package has no build for $("$VENV/bin/python" --version) on $(uname -sm); see $log." ;;
    esac
    die "the packages could not be installed: $(tail -n 1 "$log")"
}
