"""What is shown later is made ready while nobody waits: once it is quiet, modules are loaded and pages built."""

import logging
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from studio.ui.pages import PAGES, Pages
from studio.ui.slices import Slices

QUIET_MS: Final = 2000  # after the window is there
APART_MS: Final = 150  # one page after the other, so that a hand at work hardly meets one
_DIALOGS: Final = (
    "studio.ui.settings_dialog",
    "studio.ui.drop_sheet",
    "studio.ui.keys_sheet",
    "studio.ui.start_sheet",
    "studio.ui.voice_dialog",
    "studio.ui.lexicon_dialog",
    "studio.ui.projects_dialog",
    "studio.ui.project_dialog",
    "studio.ui.script_compare",
    "studio.ui.quality_plots",  # and with it numpy and pyqtgraph, the heaviest
)

logger = logging.getLogger(__name__)


class Readiness(QObject):
    """Loads on a thread of its own; builds a page in one turn of the loop, and has it styled in others."""

    def __init__(self, pages: Pages) -> None:
        super().__init__(pages)
        self._pages = pages
        self._steps: Iterator[None] = iter(())
        self._styling = Slices(self)
        self._loaded: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._timer.timeout.connect(self._go_on)

    def begin(self) -> None:
        """Begin once it is quiet."""
        self._steps = self._work()
        self._timer.start()

    def _go_on(self) -> None:
        for _ in self._steps:
            self._timer.start(APART_MS)
            return

    def _work(self) -> Iterator[None]:
        threading.Thread(target=self._load, name="readiness", daemon=True).start()
        for page in PAGES:
            while page.module and page.module not in self._loaded:
                yield
            built = self._pages.make(page.do)
            yield
            self._styling.begin(map(QWidget.ensurePolished, [built, *built.findChildren(QWidget)]))
            yield

    def _load(self) -> None:
        for module in (*(page.module for page in PAGES if page.module), *_DIALOGS):
            try:
                import_module(module)
            except Exception:  # it is told where the page or the dialog is asked for
                logger.exception("%s cannot be loaded", module)
            self._loaded.add(module)
