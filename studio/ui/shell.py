"""Opens the window. The program's start calls `open_window`, builds the engine, then `attach`es it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from studio.ui.main_window import MainWindow
from studio.ui.theme import Theme


def open_window(app: QApplication, resources: Path, *, library: Path, samples: Sequence[Path] = ()) -> MainWindow:
    """Show the window at once, still without an engine.

    `resources` holds `icons/` and `fonts/`; `library` is where the free disk is watched; `samples` are the scripts
    behind “Make the sample batch”, which is left out without any.
    Then `await window.attach(studio, project, default_dir)`, or `window.show_dead_end(message, remedy)` where there is
    none to be had; and `await window.until_closed()`.
    """
    window = MainWindow(Theme(app, resources), library=library, samples=samples)
    window.show()
    return window
