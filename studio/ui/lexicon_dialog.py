"""How words are spoken, in this show and in every show: edited, heard, and kept once it is known what that touches."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.domain.errors import SettingError
from studio.domain.project import Project
from studio.domain.pronunciations import Entry
from studio.engine.pronouncing import ReadLexicon
from studio.ui import theme as look
from studio.ui.desk import Desk
from studio.ui.dialogs import ask, choose_lexicon, place_lexicon
from studio.ui.lexicon_desk import LexiconDesk
from studio.ui.lexicon_model import PLACES, LexiconRows
from studio.ui.lexicon_table import LexiconTable
from studio.ui.lexicon_touch import TouchCard
from studio.ui.parts import button, fit, label
from studio.ui.player import Player
from studio.ui.theme import Theme
from studio.ui.wording import count_of, isolated

_ABOUT: Final = (
    "What this show says of a word goes before its brand file, and that before every show. Of words that overlap, the"
    " longest counts."
)
_IDLE: Final = "Change how a word is spoken: which episodes that touches is said here before anything is kept."
_EMPTY: Final = "No word is listed yet. Add one, or import a pronunciation lexicon (PLS)."


class LexiconDialog(QDialog):
    """Everything is a draft until it is kept; `kept` is told the show's list once it is stored."""

    def __init__(
        self, parent: QWidget, theme: Theme, desk: Desk, project: Project, kept: Callable[[str], None] = lambda _: None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Pronunciations of {project.name}")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 860, 660)
        self._theme = theme
        self._kept = kept
        self._player = Player(self)
        self._rows = LexiconRows(theme, self)
        self._asks = LexiconDesk(desk, project, self._rows, self)
        self._table = LexiconTable(self._rows)
        self._filter = QLineEdit()
        self._counted = label("", "muted")
        self._said = label("", "muted", wrap=True)
        self._unused_head = label("", "strong", wrap=True)
        self._unused = QPlainTextEdit(readOnly=True)
        self._card = TouchCard(theme)
        self._add, self._remove, self._hear = button("Add"), button("Remove"), button("Hear it")
        self._import, self._export = button("Import…"), button("Export…")
        self._close = button("Close")
        self._anew = button("Keep and speak anew")
        self._keep = button("Keep", "primary")
        self._build()
        self._connect()
        self._draw_icons()
        self._follow()
        self._asks.load()

    def reject(self) -> None:
        """Qt: go without keeping, after a question where something was changed."""
        if self._asks.busy:
            return
        if not self._rows.is_changed:
            super().reject()
            return
        ask(
            self,
            "Leave without keeping?",
            "What was changed in this list is not stored yet.",
            yes=("Leave", lambda: self.done(QDialog.DialogCode.Rejected)),
            no="Go on editing",
        )

    def done(self, result: int) -> None:
        """Qt: whichever way it closes, nothing that arrives later is shown."""
        self._asks.shut()
        self._player.shut()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Return ends a field and presses nothing; with Ctrl it keeps. Ctrl+F finds."""
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focused = self.focusWidget()
            if held and self._keep.isEnabled():
                self._keep.click()
            elif isinstance(focused, QAbstractButton):
                focused.click()
        elif held and event.key() == Qt.Key.Key_F:
            self._filter.setFocus()
            self._filter.selectAll()
        elif event.key() == Qt.Key.Key_Down and self._filter.hasFocus():
            self._table.setFocus()
        else:
            super().keyPressEvent(event)

    def _tell(self, words: str, role: str = "muted") -> None:
        self._said.setText(words)
        self._said.setProperty("role", role)
        self._said.style().polish(self._said)  # its role is another one

    def _tell_wrong(self, words: str) -> None:
        self._tell(words, "wrong")

    def _follow(self) -> None:
        """The draft is another one now."""
        self._asks.follow()
        wrong = self._rows.wrong
        if not self._rows.is_changed:
            self._card.say(_IDLE if len(self._rows) else _EMPTY)
        elif wrong:
            cannot = count_of(len(wrong), "entry cannot be kept as it is", "entries cannot be kept as they are")
            self._card.say(f"{cannot}.", self._rows.problem(wrong[0]), wrong=True)
        else:
            self._card.say("Looking which episodes this touches…")
        self._show_acts()

    def _show_answer(self) -> None:
        error = self._asks.error
        if error is None:
            self._card.show_touched(self._asks.touched)
        else:
            self._card.say(error.message, error.remedy, wrong=True)
        self._show_acts()

    def _take_kept(self, listed: str) -> None:
        self._kept(listed)
        self.accept()

    # Rows

    def _new(self) -> None:
        self._filter.clear()
        self._table.edit_row(self._rows.add())

    def _drop(self) -> None:
        rows = self._table.chosen
        if rows:
            self._rows.remove(rows)
            if self._rows.rowCount():
                self._table.selectRow(min(rows[0], self._rows.rowCount() - 1))
            self._table.setFocus()

    def _narrow(self, text: str) -> None:
        self._rows.narrow(text)
        if self._rows.rowCount():
            self._table.selectRow(0)
        self._show_acts()

    def _current(self) -> Entry | None:
        """The entry that the cursor is on, where it can be spoken."""
        at = self._table.currentIndex()
        if not at.isValid():
            return None
        try:
            return self._rows.line(at.row()).read()
        except SettingError:
            return None

    def _show_acts(self) -> None:
        ready, busy = self._asks.ready, self._asks.busy
        spoken = any(each.mending for each in self._asks.touched)
        self._keep.setEnabled(ready)
        self._anew.setEnabled(ready and spoken)
        self._anew.setVisible(spoken)
        self._close.setText("Cancel" if self._rows.is_changed else "Close")
        self._remove.setEnabled(bool(self._table.chosen) and not busy)
        self._hear.setEnabled(self._player.playing or self._current() is not None)
        for each in (self._close, self._add, self._import, self._table):
            each.setEnabled(not busy)
        shown, all_of_them = self._rows.rowCount(), count_of(len(self._rows), "entry", "entries")
        self._counted.setText(all_of_them if shown == len(self._rows) else f"{shown:,} of {all_of_them}")

    def _hear_or_stop(self) -> None:
        said = self._current()
        if self._player.playing:
            self._player.pause()
        elif said is not None:
            self._tell("The built-in voice speaks it in a moment…")
            self._asks.hear(said)

    def _play(self, sound: Path) -> None:
        self._tell("")
        self._player.load(sound)
        self._player.play(0.0)

    # Files

    def _choose_import(self, everywhere: bool) -> None:
        choose_lexicon(self, lambda paths: self._asks.take(paths[0], everywhere=everywhere))

    def _take_file(self, found: ReadLexicon, name: str, everywhere: bool) -> None:
        self._filter.clear()
        new, other = self._rows.take(found.entries, everywhere=everywhere)
        self._tell(_taken(found, name, new, other))
        count = count_of(len(found.unused), "entry", "entries")
        self._unused_head.setText(f"{count} of {isolated(name)} cannot be used:")
        self._unused.setPlainText("\n".join(found.unused))
        for part in (self._unused_head, self._unused):
            part.setVisible(bool(found.unused))

    def _choose_export(self, everywhere: bool) -> None:
        name = "every show" if everywhere else self._asks.project.name.replace("/", "-")
        place_lexicon(self, f"{name}.pls", lambda paths: self._asks.write(paths[0], everywhere=everywhere))

    # Placing

    def _connect(self) -> None:
        asks = self._asks
        asks.answered.connect(self._show_answer)
        asks.busy_changed.connect(self._show_acts)
        asks.told.connect(self._tell)
        asks.troubled.connect(self._tell_wrong)
        asks.heard.connect(self._play)
        asks.read.connect(self._take_file)
        asks.kept.connect(self._take_kept)
        self._rows.changed.connect(self._follow)
        self._filter.textChanged.connect(self._narrow)
        self._table.current_changed.connect(self._show_acts)
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._show_acts())
        self._table.hear_asked.connect(self._hear_or_stop)
        self._table.remove_asked.connect(self._drop)
        self._table.add_asked.connect(self._new)
        self._add.clicked.connect(self._new)
        self._remove.clicked.connect(self._drop)
        self._hear.clicked.connect(self._hear_or_stop)
        self._close.clicked.connect(self.reject)
        self._keep.clicked.connect(lambda: asks.store(anew=False))
        self._anew.clicked.connect(lambda: asks.store(anew=True))
        self._player.troubled.connect(self._tell_wrong)
        self._player.playing_changed.connect(self._show_playing)
        self._theme.changed.connect(self._draw_icons)

    def _show_playing(self, playing: bool) -> None:
        self._hear.setText("Stop" if playing else "Hear it")
        self._draw_icons()
        self._show_acts()

    def _draw_icons(self) -> None:
        icons = {self._add: "plus", self._remove: "trash-2", self._import: "file-plus", self._export: "download"}
        icons[self._hear] = "pause" if self._player.playing else "volume-2"
        for each, name in icons.items():
            each.setIcon(self._theme.icon(name))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        head = QHBoxLayout()
        head.setSpacing(look.L)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Pronunciations", "heading"))
        words.addWidget(label(_ABOUT, "muted", wrap=True))
        head.addLayout(words, 1)
        self._filter.setPlaceholderText("Find a word")
        self._filter.setAccessibleName("Find a word")
        self._filter.setFixedWidth(220)
        head.addWidget(self._filter, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self._table, 1)
        column.addLayout(self._acts())
        column.addWidget(self._said)
        self._unused.setAccessibleName("What cannot be used of the file")
        self._unused.setTabChangesFocus(True)
        self._unused.setFixedHeight(84)
        for part in (self._unused_head, self._unused):
            part.hide()
            column.addWidget(part)
        column.addWidget(self._card)
        row = QHBoxLayout()
        row.addWidget(self._counted, 1)
        for each in (self._close, self._anew, self._keep):
            row.addWidget(each)
        column.addLayout(row)
        self._filter.setFocus()

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._add.setToolTip("One more word (Insert)")
        self._remove.setToolTip("Take the chosen words out of the list (Del)")
        self._hear.setToolTip("Hear the word in a short sentence, by the built-in voice; it costs nothing (Space)")
        self._keep.setToolTip("What is spoken from now on goes by it; what is spoken already stays (Ctrl+Return)")
        self._anew.setToolTip("Keep it, and have the sentences of finished episodes that it touches spoken anew")
        _add_menu(self._import, "Into", "Read a pronunciation lexicon (PLS) into the list", self._choose_import)
        _add_menu(self._export, "Those of", "Write a pronunciation lexicon (PLS)", self._choose_export)
        for each in (self._add, self._remove, self._hear):
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self._import)
        row.addWidget(self._export)
        return row


def _add_menu(made: QPushButton, word: str, tip: str, chosen: Callable[[bool], None]) -> None:
    made.setToolTip(tip)
    menu = QMenu(made)
    for everywhere, place in enumerate(PLACES):
        entry = menu.addAction(f"{word} {place.lower()}…")
        entry.triggered.connect(lambda _checked=False, everywhere=bool(everywhere): chosen(everywhere))
    made.setMenu(menu)


def _taken(found: ReadLexicon, name: str, new: int, other: int) -> str:
    if not found.entries:
        return f"Nothing in {isolated(name)} can be used."
    counts = [f"{new:,} new"] if new else []
    counts += [f"{other:,} in place of others"] if other else []
    language = f", for {found.language}" if found.language else ""
    listed = ", ".join(counts) or "all of them listed here already"
    return f"{count_of(len(found.entries), 'entry', 'entries')} of {isolated(name)}{language}: {listed}."
