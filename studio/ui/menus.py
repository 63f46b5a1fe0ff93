"""The window's menus, made of its commands."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio.domain.project import Project
from studio.ui.commands import CommandSet, Do

_ADDING = (Do.ADD_FILES, Do.ADD_FOLDER, Do.PASTE)
_MAIN = (
    (Do.NEW_PROJECT,),
    _ADDING,
    (Do.VOICE, Do.MONEY, Do.UNCLEAR),
    (Do.EXPORT, Do.OPEN_FOLDER, Do.SETTINGS, Do.KEYS),
)


class Menus(QObject):
    """`main` opens under the project's name, `adding` under Add."""

    project_chosen = Signal(object)  # Project

    def __init__(self, window: QWidget, commands: CommandSet) -> None:
        super().__init__(window)
        self.adding = QMenu(window)
        self.adding.addActions([commands[do] for do in _ADDING])
        self.main = QMenu(window)
        self._projects = self.main.addMenu("Open project")
        for group in _MAIN:
            self.main.addActions([commands[do] for do in group])
            if group is not _MAIN[-1]:
                self.main.addSeparator()

    def show_projects(self, known: Sequence[Project], current: Project) -> None:
        """The projects that can be opened, with a mark at the open one."""
        self._projects.clear()
        for project in known:
            entry = self._projects.addAction(project.name)
            entry.setCheckable(True)
            entry.setChecked(project.id == current.id)
            entry.triggered.connect(lambda _checked=False, project=project: self.project_chosen.emit(project))
