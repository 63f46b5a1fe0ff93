"""The few questions that the window asks."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import button, label

SCRIPTS = "Scripts (*.md *.markdown *.txt *.text);;All files (*)"


class Question(QDialog):
    """A heading, a sentence, and two ways on. Not waited for: the answer calls `yes`."""

    def __init__(self, parent: QWidget, heading: str, text: str, yes_words: str, no_words: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Batchcast")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 18)
        column.setSpacing(look.S)
        column.addWidget(label(heading, "heading"))
        sentence = label(text, "muted", wrap=True)
        sentence.setMinimumWidth(400)
        column.addWidget(sentence)
        column.addSpacing(look.S)
        row = QHBoxLayout()
        row.addStretch(1)
        no, yes = button(no_words), button(yes_words, "primary")
        no.clicked.connect(self.reject)
        yes.clicked.connect(self.accept)
        row.addWidget(no)
        row.addWidget(yes)
        column.addLayout(row)
        yes.setFocus()


def ask(parent: QWidget, heading: str, text: str, *, yes: tuple[str, Callable[[], None]], no: str) -> Question:
    """Put a question; `yes` is the words of the button and what it does."""
    question = Question(parent, heading, text, yes[0], no)
    question.accepted.connect(yes[1])
    question.open()
    return question


class ProjectDialog(QDialog):
    """Name and output folder of a new project."""

    def __init__(self, parent: QWidget, home: Path, create: Callable[[str, Path], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._home = home
        self._create_project = create
        self._followed = str(home)
        self._name, self._folder = QLineEdit(), QLineEdit(str(home))
        self._create = button("Create project", "primary")
        self._build()
        self._name.textChanged.connect(self._take_name)
        self._folder.textChanged.connect(self._check)
        self._check()

    def accept(self) -> None:
        """Qt: the answer."""
        self._create_project(self._name.text().strip(), Path(self._folder.text()).expanduser())
        super().accept()

    def _take_name(self, name: str) -> None:
        # The folder follows the name until it is edited by hand.
        if self._folder.text() == self._followed:
            self._followed = str(self._home / name.strip().replace("/", "-")) if name.strip() else str(self._home)
            self._folder.setText(self._followed)
        self._check()

    def _check(self) -> None:
        absolute = Path(self._folder.text()).expanduser().is_absolute()
        self._create.setEnabled(bool(self._name.text().strip()) and absolute)

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Output folder", self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.open()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        column.addWidget(label("New project", "heading"))
        grid = QGridLayout()
        grid.setSpacing(look.S)
        choose = button("Choose…")
        choose.clicked.connect(self._choose)
        self._name.setPlaceholderText("Name of the show, or of this batch")
        self._name.setAccessibleName("Name")
        self._folder.setAccessibleName("Output folder")
        self._folder.setMinimumWidth(360)
        grid.addWidget(label("Name"), 0, 0)
        grid.addWidget(self._name, 0, 1, 1, 2)
        grid.addWidget(label("Output folder"), 1, 0)
        grid.addWidget(self._folder, 1, 1)
        grid.addWidget(choose, 1, 2)
        column.addLayout(grid)
        column.addWidget(label("Every finished episode becomes a folder of its own in it.", "muted"))
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._create.clicked.connect(self.accept)
        self._create.setDefault(True)
        row.addWidget(cancel)
        row.addWidget(self._create)
        column.addLayout(row)


def choose_files(parent: QWidget, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    """Ask for script files."""
    dialog = QFileDialog(parent, "Add scripts", "", SCRIPTS)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _open(dialog, chosen)


def choose_folder(parent: QWidget, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    """Ask for a folder of scripts."""
    dialog = QFileDialog(parent, "Add a folder of scripts")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return _open(dialog, chosen)


def _open(dialog: QFileDialog, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.open()
    return dialog
