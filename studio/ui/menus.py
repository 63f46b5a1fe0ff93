"""The window's menus, made of its commands."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio.domain.project import Project
from studio.ui.commands import CommandSet, Do

RECENT = 12
_WIDEST = 420  # pixels of a name
_ADDING = (Do.ADD_FILES, Do.ADD_FOLDER, Do.PASTE, Do.TOPICS)
_MAIN = (
    (Do.PROJECTS, Do.NEW_PROJECT, Do.DUPLICATE_PROJECT, Do.RENAME_PROJECT, Do.ARCHIVE_PROJECT),
    _ADDING,
    (Do.VOICE, Do.LEXICON, Do.MONEY, Do.UNCLEAR),
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
        # By itself it would take the direction of the button that opens it, whose arrow stands behind the name.
        self.main.setLayoutDirection(window.layoutDirection())
        self._projects = self.main.addMenu("Open recent")
        for group in _MAIN:
            self.main.addActions([commands[do] for do in group])
            if group is not _MAIN[-1]:
                self.main.addSeparator()

    def show_projects(self, known: Sequence[Project], current: Project) -> None:
        """The projects that were used last, with a mark at the open one; “All projects…” has the others."""
        self._projects.clear()
        room = self._projects.fontMetrics()
        for project in known[:RECENT]:
            name = room.elidedText(project.name, Qt.TextElideMode.ElideRight, _WIDEST)
            entry = self._projects.addAction(name.replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(project.id == current.id)
            entry.triggered.connect(lambda _checked=False, project=project: self.project_chosen.emit(project))
