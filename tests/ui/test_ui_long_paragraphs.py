"""A paragraph of any length can be written in: no key lays out more than some thousand characters, and none is lost."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from studio.domain.editing import Edit
from studio.ui.script_editor import ScriptEditor
from studio.ui.soft_breaks import MOST
from studio.ui.theme import Theme

pytestmark = pytest.mark.window

WORDS = (
    "lamp",
    "harbour",
    "it’s",
    "naïve",
    "𝄞𝄞",
    "الضوء",
    "e\N{COMBINING ACUTE ACCENT}t",
    "no-break\N{NO-BREAK SPACE}space",
    "“Why?”",
)


def paragraph(dice: random.Random, characters: int, between: str = " ") -> str:
    made: list[str] = []
    while sum(map(len, made)) < characters:
        made.append(dice.choice(WORDS) + dice.choice((between, between, between + between, f".{between}")))
    return "".join(made)


@pytest.fixture
def editor(theme: Theme, qtbot: QtBot) -> ScriptEditor:
    made = ScriptEditor(theme)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def longest_block(editor: QPlainTextEdit) -> int:
    block, longest = editor.document().begin(), 0
    while block.isValid():
        longest = max(longest, block.length())
        block = block.next()
    return longest


@pytest.mark.parametrize(
    "text",
    [
        paragraph(random.Random(1), 30_000),
        paragraph(random.Random(2), 30_000, between=""),  # nothing in it to break at
        paragraph(random.Random(3), 9000, between="\N{NO-BREAK SPACE}"),
        "字" * 20_000,
        "a" * MOST + " " + "b" * MOST,
        "a" * (MOST + 1),
        "e\N{COMBINING ACUTE ACCENT}" * MOST,
        "\n".join([paragraph(random.Random(4), 9000), "", "short", paragraph(random.Random(5), 9000), ""]),
        "",
        "\n\n",
        "short",
    ],
    ids=range(11),
)
def test_a_text_is_what_it_was_and_every_place_in_it(editor: ScriptEditor, text: str) -> None:
    editor.show_text(text)
    assert editor.text() == text
    assert longest_block(editor) <= 2 * MOST + 2  # as Qt counts
    for offset in {0, 1, len(text) // 3, len(text) // 2, len(text) - 1, len(text)} - {-1}:
        editor.go_to(offset)
        assert editor.place() == min(offset, len(text))
    editor.selectAll()
    assert editor.marked() == (0, len(text))
    if text:
        editor.copy()
        assert QApplication.clipboard().text() == text
        editor.paste()
    assert editor.text() == text
    assert longest_block(editor) <= 2 * MOST + 2


def test_it_is_written_in_as_in_one_that_is_not_broken(editor: ScriptEditor, qtbot: QtBot) -> None:
    """The same keys and pastes, undone and redone, beside Qt's own editor, which has every paragraph in one piece."""
    dice = random.Random(11)
    plain = QPlainTextEdit()
    qtbot.addWidget(plain)
    text = "\n\n".join(paragraph(dice, 9000).replace("𝄞", "x") for _ in range(3))
    editor.show_text(text)
    plain.setPlainText(text)
    assert longest_block(editor) <= MOST + 1 < longest_block(plain)
    soft = [
        at
        for at in range(len(text))
        if editor.document().characterAt(at) == "\N{PARAGRAPH SEPARATOR}" and text[at] == " "
    ]
    assert soft

    def put(start: int, end: int) -> None:
        for each in (editor, plain):
            cursor = each.textCursor()
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            each.setTextCursor(cursor)

    keys = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    for _ in range(150):
        at = (
            dice.choice(soft) + dice.randrange(-2, 3)
            if dice.random() < 0.7
            else dice.randrange(len(plain.toPlainText()))
        )
        at = max(0, min(at, len(plain.toPlainText())))
        put(at, min(len(plain.toPlainText()), at + dice.choice((0, 0, 0, 1, 2, 7000))))
        act, key = dice.randrange(6), dice.choice(keys)
        held = QMimeData()
        held.setText(dice.choice(("a\nb", paragraph(random.Random(6), 6000).replace("𝄞", "y"), "c", "\n")))
        for each in (editor, plain):
            match act:
                case 0:
                    QTest.keyClicks(each, "and")
                case 1 | 2:
                    QTest.keyClick(each, key)
                case 3:
                    each.undo()
                case 4:
                    each.redo()
                case _:
                    each.insertFromMimeData(held)
        assert editor.text() == plain.document().toRawText().replace("\N{PARAGRAPH SEPARATOR}", "\n")
    while editor.document().isUndoAvailable():
        editor.undo()
    assert editor.text() == text


def test_a_change_of_a_long_stretch_is_one_step(editor: ScriptEditor) -> None:
    text = paragraph(random.Random(8), 12_000)
    editor.show_text(f"It began. {text}It ended.")
    assert editor.apply(Edit(10, text, text.upper()))
    assert editor.text() == f"It began. {text.upper()}It ended."
    assert longest_block(editor) <= 2 * MOST
    editor.undo()
    assert editor.text() == f"It began. {text}It ended."
    assert not editor.document().isUndoAvailable()


_COPIES = """
import sys
from pathlib import Path
from studio.ui.application import create_application
from studio.ui.script_editor import ScriptEditor
from studio.ui.theme import Theme

application = create_application(sys.argv[:1])
editor = ScriptEditor(Theme(application, Path(sys.argv[1])))
editor.show_text("word " * 3000)
editor.selectAll()
editor.copy()
assert application.clipboard().mimeData().formats() == ["text/plain"]
"""


def test_what_was_copied_last_does_not_take_the_program_down_at_its_end() -> None:
    """Qt frees it when Python is gone already."""
    resources = Path(__file__).parents[2] / "resources"
    subprocess.run([sys.executable, "-c", _COPIES, str(resources)], check=True, timeout=60)
