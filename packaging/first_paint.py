"""Says how long the window takes from the start of its process to its first paint, five times, in a new process each.

.venv/bin/python packaging/first_paint.py            (with a display, or QT_QPA_PLATFORM=offscreen)
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil

ROUNDS = 5


def main() -> int:
    """Measure, and print the shortest, the median and the longest in seconds."""
    if sys.argv[1:] == ["once"]:
        return _once()
    command = [sys.executable, __file__, "once"]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(ROUNDS)]  # noqa: S603
    seconds = sorted(float(run.stdout) for run in runs)
    sys.stdout.write(f"first paint: {seconds[0]:.2f} to {seconds[-1]:.2f} s, median {median(seconds):.2f} s\n")
    return 0


def _once() -> int:
    from studio import app
    from studio.ui.application import create_application, run
    from studio.ui.shell import open_window

    application = create_application(sys.argv[:1])
    with tempfile.TemporaryDirectory() as library:
        window = open_window(application, app.resources(), library=Path(library), samples=())
        window.painted.connect(lambda: sys.stdout.write(f"{time.time() - psutil.Process().create_time()}\n"))
        window.painted.connect(window.close)
        run(window.until_closed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
