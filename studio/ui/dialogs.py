"""The few questions that the window asks."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import button, label

SCRIPTS = (
    "Scripts and topics (*.md *.markdown *.txt *.docx *.html *.htm *.xhtml *.epub *.pdf *.ssml *.xml *.csv *.tsv *.tab "
    "*.json *.jsonl *.ndjson);;All files (*)"
)

LEXICONS = "Pronunciation lexicons (*.pls *.xml);;All files (*)"


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


def choose_lexicon(parent: QWidget, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    """Ask for a file of pronunciations."""
    dialog = QFileDialog(parent, "Import pronunciations", "", LEXICONS)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _open(dialog, chosen)


def place_lexicon(parent: QWidget, name: str, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    """Ask where a file of pronunciations goes; `name` is proposed."""
    dialog = QFileDialog(parent, "Export pronunciations", "", LEXICONS)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pls")
    dialog.selectFile(name)
    return _open(dialog, chosen)


def _open(dialog: QFileDialog, chosen: Callable[[list[Path]], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.open()
    return dialog
