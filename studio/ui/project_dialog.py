"""What a new project is called, where its folders go and whose settings it begins with; and another name for one."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.ui import theme as look
from studio.ui.parts import Chooser, button, label
from studio.ui.wording import isolated

SHIPPED = "As shipped"
_LONGEST = 200  # characters of a name; a folder is called after it


def wrong_name(name: str, taken: Collection[str]) -> str:
    """Why a project cannot be called that, in one sentence; empty where it can."""
    name = name.strip()
    if name in taken:
        return f"There is a project “{isolated(name)}” already; it may be in the archive."
    if len(name) > _LONGEST:
        return f"A name has at most {_LONGEST} characters."
    if any("\ud800" <= letter <= "\udfff" or not letter.isprintable() for letter in name):
        return "The name has a character that cannot be shown."
    return ""


class ProjectDialog(QDialog):
    """Name, output folder and settings of a new project; what cannot be is said as it is typed.

    `known` are all projects, the archived ones among them; `like` is the one whose settings are proposed, None for the
    shipped ones. `create` gets name, folder and settings.
    """

    def __init__(
        self,
        parent: QWidget,
        home: Path,
        known: Sequence[Project],
        like: Project | None,
        create: Callable[[str, Path, Settings], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._home = home
        self._known = known
        self._taken = frozenset(project.name for project in known)
        self._create_project = create
        self._followed = str(home)
        self._name, self._folder = QLineEdit(), QLineEdit(str(home))
        self._settings = Chooser()
        self._name_said, self._folder_said = label("", "wrong", wrap=True), label("", "wrong", wrap=True)
        self._create = button("Create project", "primary")
        self._build(like)
        self._name.textChanged.connect(self._take_name)
        self._folder.textChanged.connect(self._check)
        self._check()

    def accept(self) -> None:
        """Qt: the answer."""
        if self._create.isEnabled():
            whose = self._settings.currentData()
            settings = Settings() if whose is None else self._known[whose].settings
            self._create_project(self._name.text().strip(), Path(self._folder.text()).expanduser(), settings)
            super().accept()

    def _take_name(self, name: str) -> None:
        # The folder follows the name until it is edited by hand.
        if self._folder.text() == self._followed:
            self._followed = str(self._home / name.strip().replace("/", "-")) if name.strip() else str(self._home)
            self._folder.setText(self._followed)
        self._check()

    def _check(self) -> None:
        name, folder = self._name.text(), self._folder.text()
        absolute = Path(folder).expanduser().is_absolute() if folder else False
        wrong = wrong_name(name, self._taken)
        _say(self._name_said, wrong)
        _say(self._folder_said, "" if absolute else "Give a whole path, from the root of the disk or from ~ on.")
        self._create.setEnabled(bool(name.strip()) and not wrong and absolute)

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Output folder", self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    def _build(self, like: Project | None) -> None:
        column = _frame(self, "New project")
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.M)
        grid.setVerticalSpacing(look.S)
        grid.setColumnStretch(1, 1)
        choose = button("Choose…")
        choose.setAccessibleName("Choose the output folder")
        choose.clicked.connect(self._choose)
        self._name.setPlaceholderText("Name of the show, or of this batch")
        self._name.setAccessibleName("Name")
        self._folder.setAccessibleName("Output folder")
        self._folder.setMinimumWidth(360)
        self._settings.setAccessibleName("Settings")
        self._settings.setMaximumWidth(480)
        self._settings.addItem(SHIPPED, None)
        for place, project in enumerate(self._known):
            self._settings.addItem(f"Those of “{project.name}”", place)
            if like is not None and project.id == like.id:
                self._settings.setCurrentIndex(self._settings.count() - 1)
        rows = (("Name", self._name), ("Output folder", self._folder), ("Settings", self._settings))
        for row, (words, widget) in enumerate(rows):
            grid.addWidget(label(words), 2 * row, 0)
            grid.addWidget(widget, 2 * row, 1, 1, 1 if widget is self._folder else 2)
        grid.addWidget(self._name_said, 1, 1, 1, 2)
        grid.addWidget(choose, 2, 2)
        grid.addWidget(self._folder_said, 3, 1, 1, 2)
        column.addLayout(grid)
        about = (
            "Every finished episode becomes a folder of its own in the output folder. Settings are copied, budgets "
            "among them; episodes and what was spent are not. The API key is the same for every project."
        )
        column.addWidget(label(about, "muted", wrap=True))
        _end(self, column, self._create)


class RenameDialog(QDialog):
    """Another name for a project; `rename` gets it."""

    def __init__(
        self, parent: QWidget, project: Project, known: Sequence[Project], rename: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Rename project")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._old = project.name
        self._taken = frozenset(each.name for each in known if each.id != project.id)
        self._rename = rename
        self._name = QLineEdit(project.name)
        self._name.setAccessibleName("Name")
        self._name.setMinimumWidth(420)
        self._name.selectAll()
        self._said = label("", "wrong", wrap=True)
        self._keep = button("Rename", "primary")
        column = _frame(self, "Rename project")
        column.addWidget(self._name)
        column.addWidget(self._said)
        about = "Episodes, costs and settings stay. So does the output folder, and every folder that is written."
        column.addWidget(label(about, "muted", wrap=True))
        _end(self, column, self._keep)
        self._name.textChanged.connect(self._check)
        self._check()

    def accept(self) -> None:
        """Qt: the answer."""
        name = self._name.text().strip()
        if self._keep.isEnabled() or name == self._old:
            if name != self._old:
                self._rename(name)
            super().accept()

    def _check(self) -> None:
        name = self._name.text().strip()
        wrong = wrong_name(name, self._taken)
        _say(self._said, wrong)
        self._keep.setEnabled(bool(name) and not wrong and name != self._old)


def _frame(dialog: QDialog, heading: str) -> QVBoxLayout:
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 20, 24, 18)
    column.setSpacing(look.M)
    column.addWidget(label(heading, "heading"))
    return column


def _end(dialog: QDialog, column: QVBoxLayout, accept: QPushButton) -> None:
    row = QHBoxLayout()
    row.addStretch(1)
    cancel = button("Cancel")
    cancel.clicked.connect(dialog.reject)
    accept.clicked.connect(dialog.accept)
    accept.setDefault(True)
    row.addWidget(cancel)
    row.addWidget(accept)
    column.addLayout(row)


def _say(where: QLabel, sentence: str) -> None:
    where.setText(sentence)
    where.setVisible(bool(sentence))
