"""A hand that does anything at any moment, and whether window and library agree afterwards."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from studio.domain.episode import Episode, State
from studio.domain.money import Costs
from studio.domain.project import Project
from studio.domain.stage_times import stage_times
from studio.engine.batch import Studio
from studio.ui.commands import Do
from studio.ui.intake import Handed
from studio.ui.main_window import MainWindow
from studio.ui.money_page import MoneyPage
from studio.ui.quality_page import QualityPage
from studio.ui.scripts_page import ScriptsPage
from studio.ui.system_page import SystemPage
from tests.ui.hands import said

_BEYOND: Final = {Do.OPEN_FOLDER}  # opens another program
_OFTEN: Final = (
    *(Do.UNDO, Do.PRIMARY, Do.PAUSE, Do.REMOVE, Do.RETRY, Do.APPROVE_SCRIPT, Do.SAVE_SCRIPT, Do.ACCEPT, Do.RETAKE),
    *(Do.BATCH_PAGE, Do.SCRIPTS_PAGE, Do.REVIEW_PAGE, Do.MONEY_PAGE, Do.QUALITY_PAGE, Do.SYSTEM_PAGE, Do.ESCAPE),
)
_UNDER_WAY: Final = ("Checking", "Reading", "Looking for", "Reckoning", "Drawing", "Asking", "Opening the library")
_WORDS: Final = ("buoy", "lamp", "tide", "harbour", "keeper", "storm", "rope", "anchor", "lantern", "gull")
_PAUSES_S: Final = (0.0, 0.0, 0.0, 0.003, 0.02, 0.1)
_PATIENCE_S: Final = 60.0  # until it is said what does not come to rest
_DELETE_SHARE: Final = 0.3


@dataclass
class Anything:
    """Acts by chance, by a seed; remembers what was done, for whoever has to find out why."""

    window: MainWindow
    studio: Studio
    chance: random.Random
    done: list[str] = field(default_factory=list)
    costs: Costs | None = None  # as they are shown
    known: list[Project] = field(default_factory=list)  # as the menu has them

    def __post_init__(self) -> None:
        """Hear what the window says."""
        self.window.desk.costs_changed.connect(self._hear_costs)
        self.window.desk.project_changed.connect(self._hear_project)

    async def do(self, steps: int) -> None:
        """So many things, one after the other, at any pace."""
        ways: tuple[tuple[Callable[[], str], int], ...] = (
            (self._command, 8),
            (self._often, 14),
            (self._row, 10),
            (self._type, 6),
            (self._drop, 3),
            (self._project, 2),
            (self._settings, 2),
            (self._filter, 2),
            (self._voice_of_one, 2),
        )
        for _ in range(steps):
            (way,) = self.chance.choices([each for each, _ in ways], [weight for _, weight in ways])
            self.done.append(self._answer() or way())
            await asyncio.sleep(self.chance.choice(_PAUSES_S))

    async def rest(self) -> None:
        """Close what is open, let everything come to its end, and see that all of it agrees then."""
        for dialog in self._dialogs():
            dialog.reject()
        self.window.receiving.leave()
        self.studio.run.unpause()
        differs = ["nothing was looked at"]
        until = asyncio.get_running_loop().time() + _PATIENCE_S
        while differs:
            assert asyncio.get_running_loop().time() < until, f"{differs}\n{self.done[-60:]}"
            await self.studio.run.finished()
            await self.window.desk.settle()
            await asyncio.sleep(0.05)
            differs = await self._differences()

    # What it does

    def _answer(self) -> str:
        """What stands in the way is answered one way or the other."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
            return "closed a menu"
        for dialog in self._dialogs():
            if isinstance(dialog, QFileDialog) or self.chance.random() < 0.6:
                dialog.reject()
                return f"rejected {type(dialog).__name__}"
            dialog.accept()
            return f"accepted {type(dialog).__name__}"
        sheet = self.window.receiving.sheet
        if sheet is not None and self.chance.random() < 0.5:
            key = self.chance.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape))
            QTest.keyClick(sheet, key)
            return f"{key.name} on the sheet"
        return ""

    def _dialogs(self) -> list[QDialog]:
        return [each for each in self.window.findChildren(QDialog) if each.isVisible()][::-1]

    def _command(self) -> str:
        return self._trigger(self.chance.choice([do for do in Do if do not in _BEYOND]))

    def _often(self) -> str:
        return self._trigger(self.chance.choice(_OFTEN))

    def _trigger(self, do: Do) -> str:
        self.window.commands[do].trigger()
        return do.name

    def _row(self) -> str:
        rows = list(self.window.desk.model)
        if not rows:
            return "no row"
        chosen = self.chance.choice(rows)
        page = self.window.pages.currentWidget()
        if isinstance(page, ScriptsPage):
            page.open(chosen.id)
        else:
            self.window.choice.asked.emit(chosen.id)
        return f"chose {chosen.number}"

    def _type(self) -> str:
        page = self.window.pages.currentWidget()
        if not isinstance(page, ScriptsPage) or page.pane.editor.isReadOnly():
            return "no text"
        cursor = page.pane.editor.textCursor()
        cursor.setPosition(self.chance.randint(0, len(page.pane.editor.toPlainText())))
        page.pane.editor.setTextCursor(cursor)
        if self.chance.random() < _DELETE_SHARE:
            QTest.keyClick(page.pane.editor, Qt.Key.Key_Backspace)
            return "deleted a letter"
        word = self.chance.choice(_WORDS)
        QTest.keyClicks(page.pane.editor, f" {word} ")
        return f"typed {word}"

    def _drop(self) -> str:
        words = " ".join(self.chance.choices(_WORDS, k=9))
        text = f"# About the {words}\n\nNobody knew what the {words} was for. It was said that it was there at night.\n"
        self.window.receiving.take(Handed(text=text))
        return "dropped a text"

    def _project(self) -> str:
        chosen = self.chance.choice(self.known)
        self.window.desk.open_project(chosen)
        return f"opened {chosen.name}"

    def _settings(self) -> str:
        desk = self.window.desk
        if desk.project is None:
            return "no project"
        name, value = self.chance.choice(
            (("speed", 0.9), ("speed", 1.0), ("show", "The Show"), ("budget_usd", 12.5), ("approve_scripts", "all"))
        )
        desk.save_settings(desk.project.settings.with_values({name: value}))
        return f"{name} = {value}"

    def _filter(self) -> str:
        text = self.chance.choice(("", "", "state:queued", "buoy", "lamp tide"))
        self.window.page._search.setText(text)
        return f"filter {text!r}"

    def _voice_of_one(self) -> str:
        rows = [each for each in self.window.desk.model if each.state is not State.WORKING]
        if rows:
            self.window.orders.override([self.chance.choice(rows)], {"speed": self.chance.choice((0.85, 1.1))})
        return "a voice of its own"

    # Whether it agrees

    def _hear_project(self, _open: Project, known: list[Project]) -> None:
        self.known = known

    def _hear_costs(self, costs: Costs, _budgets: object) -> None:
        self.costs = costs

    async def _differences(self) -> list[str]:
        """Everything in which the window is not as the library, or still at something."""
        window, project = self.window, self.window.desk.project
        if project is None:
            return ["no project"]
        stored = await self.studio.episodes(project.id)
        known = next((each for each in await self.studio.shelf.all() if each.id == project.id), None)
        chosen = await self._chosen(stored)
        words = said(window)
        right = {
            "rows": list(window.desk.model) == list(stored),
            "project": known is not None and (known.name, known.settings) == (project.name, project.settings),
            "title": window.windowTitle().startswith(project.name),
            "run": not self.studio.run.running and not window.desk.running,
            "startable": window.standing.startable() == [each for each in stored if each.state is State.QUEUED],
            "details": chosen,
            "costs": self.costs == await self.studio.costs(project.id),
            "sheet": window.receiving.sheet is None,
            "words": not [line for line in words.splitlines() if line.startswith(_UNDER_WAY) and "…" in line],
        }
        right |= self._pages(stored)
        return [f"{name}: {words}" if name == "words" else name for name, holds in right.items() if not holds]

    async def _chosen(self, stored: Sequence[Episode]) -> bool:
        details, chosen = self.window._details, self.window.choice.id
        if details is None or chosen is None:
            return details is None and chosen is None
        return details.episode.id == chosen and details.episode in stored

    def _pages(self, stored: Sequence[Episode]) -> dict[str, bool]:
        """What the pages say that are there; only the one in front is kept up to date."""
        page: QWidget | None = self.window.pages.currentWidget()
        match page:
            case ScriptsPage():
                return {"proof": self._proved(page)}
            case SystemPage():
                times = stage_times(stored)
                shown = page._table.as_shown()[1] if times else []
                return {"stages": len(shown) == len(times) and not page._counting}
            case QualityPage():
                return {"quality": not page._reading}
            case MoneyPage():
                return {"money": page._asked > 0}
            case _:
                return {}

    def _proved(self, page: ScriptsPage) -> bool:
        desk, project = page.desk, self.window.desk.project
        if desk.dossier is None or desk.dossier.script.unwritten:
            return True
        checked = desk._answered == desk._wanted and not desk._proving and project is not None
        return checked and desk._settings == (project.settings if project else None)
