"""Whether a window can be shown here, and whether it could be heard."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from studio.domain.health import Health

PATIENCE_S = 30
LIBRARIES = "libegl1 libgl1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 libdbus-1-3"

# Run as a program of its own: where a system library is missing, Qt ends the process that asks.
_PROBE = """
import json
from PySide6.QtCore import QLoggingCategory, qVersion
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
QLoggingCategory.setFilterRules("qt.multimedia.*=false")
found = {"qt": qVersion(), "platform": app.platformName(), "sound": [], "trouble": ""}
try:
    from PySide6.QtMultimedia import QMediaDevices
    found["sound"] = [device.description() for device in QMediaDevices.audioOutputs()]
except ImportError as error:
    found["trouble"] = str(error)
print(json.dumps(found))
"""


def health() -> Sequence[Health]:
    """Qt, the display and the audio output. Starts a short-lived process; none of the three is needed for a batch."""
    shown = _ask(os.environ)
    bare = shown or _ask({**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    return [_qt(bare), _display(shown), _sound(bare)]


def _ask(environment: "os._Environ[str] | dict[str, str]") -> dict[str, object]:
    try:
        answer = subprocess.run(  # noqa: S603  (our own interpreter, our own text)
            [sys.executable, "-c", _PROBE], env=environment, capture_output=True, timeout=PATIENCE_S, check=True
        )
    except subprocess.SubprocessError:
        return {}
    found: dict[str, object] = json.loads(answer.stdout.splitlines()[-1])
    return found


def _qt(found: dict[str, object]) -> Health:
    if found:
        return Health("Qt", works=True, detail=f"Qt {found['qt']}", needed=False)
    remedy = f"On Debian and Ubuntu: apt-get install {LIBRARIES}."
    return Health("Qt", works=False, detail="Qt cannot be started.", remedy=remedy, needed=False)


def _display(found: dict[str, object]) -> Health:
    if found:
        return Health("Display", works=True, detail=f"A window can be shown ({found['platform']}).", needed=False)
    return Health(
        "Display",
        works=False,
        detail="No window can be shown here.",
        remedy=f"Start it on a desktop; if there is one, install {LIBRARIES}. Every command works without a window.",
        needed=False,
    )


def _sound(found: dict[str, object]) -> Health:
    outputs = found.get("sound")
    if isinstance(outputs, list) and outputs:
        return Health("Audio output", works=True, detail=str(outputs[0]), needed=False)
    detail = str(found.get("trouble") or "No audio output was found.")
    return Health(
        "Audio output",
        works=False,
        detail=detail,
        remedy="Connect one to listen in the window; everything else works without.",
        needed=False,
    )
