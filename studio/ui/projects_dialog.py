"""All projects of the library, the archived ones among them: find one, open it, put it away, take it out again."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio.domain.project import Project
from studio.ui import theme as look
from studio.ui.parts import button, fit, label
from studio.ui.theme import Theme, Tone
from studio.ui.wording import LEFT_TO_RIGHT, clock_time, count_of

_PROJECT = Qt.ItemDataRole.UserRole


class ProjectsDialog(QDialog):
    """Says what is wished; whoever opened it does that, and shows the projects anew."""

    open_asked = Signal(object)  # Project
    archive_asked = Signal(object)  # Project: the one to put away
    take_out_asked = Signal(object)  # Project: to be listed again

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setWindowTitle("Projects")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 620, 480)
        self._theme = theme
        self._current = 0
        self._search = QLineEdit()
        self._list = QListWidget()
        self._counted = label("", "muted")
        self._open = button("Open", "primary")
        self._away = button("Archive")
        self._build()
        self._search.textChanged.connect(self._narrow)
        self._list.currentItemChanged.connect(self._follow)
        self._list.itemActivated.connect(self._press_open)
        self._open.clicked.connect(self._press_open)
        self._away.clicked.connect(self._press_away)
        self._search.setFocus()

    @property
    def project(self) -> Project | None:
        """The one that the cursor is on."""
        chosen: Sequence[Project] = [item.data(_PROJECT) for item in self._list.selectedItems() if not item.isHidden()]
        return chosen[0] if chosen else None

    def show_projects(self, projects: Sequence[Project], current: int) -> None:
        """List them: the archived ones last, each part with the one last used first; `current` is open."""
        before = self.project
        self._current = current
        self._list.clear()
        for project in sorted(projects, key=lambda each: each.archived):
            item = QListWidgetItem(f"{LEFT_TO_RIGHT}{project.name}\n{LEFT_TO_RIGHT}{_about(project, current)}")
            item.setIcon(self._theme.icon("archive" if project.archived else "folder-open", Tone.NEUTRAL))
            item.setData(_PROJECT, project)
            item.setToolTip(f"{project.name}\nFolders go to {project.out_dir}")
            self._list.addItem(item)
            if before is not None and before.id == project.id:
                self._list.setCurrentItem(item)
        self._narrow(self._search.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: the arrows walk the list from the search, too."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self._search.hasFocus():
            self._list.setFocus()
            self._list.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        items = self._items()
        for item in items:
            item.setHidden(not all(word in item.text().casefold() for word in wanted))
        shown = [item for item in items if not item.isHidden()]
        if self.project is None:
            self._list.setCurrentRow(self._list.row(shown[0]) if shown else -1)
        archived = sum(item.data(_PROJECT).archived for item in items)
        there = f"{count_of(len(items), 'project')}, {archived:,} of them archived" if archived else ""
        there = there or count_of(len(items), "project")
        self._counted.setText(there if len(shown) == len(items) else f"{len(shown):,} of {there}")
        self._follow()

    def _follow(self) -> None:
        project = self.project
        archived = project is not None and project.archived
        self._open.setEnabled(project is not None and project.id != self._current)
        self._open.setText("Take out and open" if archived else "Open")
        self._away.setEnabled(project is not None)
        self._away.setText("Take out of the archive" if archived else "Archive")
        self._away.setToolTip(
            "It is listed again, with everything that it had"
            if archived
            else "It is not listed any more, and keeps its episodes, takes, costs and folders"
        )

    def _press_open(self) -> None:
        project = self.project
        if project is not None and project.id != self._current:
            self.open_asked.emit(project)
            self.accept()

    def _press_away(self) -> None:
        project = self.project
        if project is not None:
            (self.take_out_asked if project.archived else self.archive_asked).emit(project)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        head = QHBoxLayout()
        head.addWidget(label("Projects", "heading"), 1)
        self._search.setPlaceholderText("Find a project")
        self._search.setAccessibleName("Find a project")
        self._search.setFixedWidth(240)
        head.addWidget(self._search)
        column.addLayout(head)
        self._list.setAccessibleName("Projects")
        self._list.setUniformItemSizes(True)
        self._list.setSpacing(2)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._list, 1)
        row = QHBoxLayout()
        row.addWidget(self._counted, 1)
        close = button("Close")
        close.clicked.connect(self.reject)
        for each in (self._away, close, self._open):
            row.addWidget(each)
        self._open.setDefault(True)
        column.addLayout(row)


def _about(project: Project, current: int) -> str:
    used = clock_time(project.used_at) if project.used_at else ""
    words = [
        "open now" if project.id == current else "",
        "archived" if project.archived else "",
        f"last used {used}" if used and project.id != current else "",
    ]
    return " · ".join(word for word in words if word)
