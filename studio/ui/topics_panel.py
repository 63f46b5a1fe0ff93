"""Where topics are written down, a line each, with how long they are to be and what they are written from."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from studio.domain.option_checks import listed
from studio.domain.settings import Settings
from studio.engine.drafts import Draft, topic_drafts
from studio.ui import theme as look
from studio.ui.number_box import NumberBox
from studio.ui.parts import KeyButton, button, label
from studio.ui.wording import count_of

LINES: Final = 4
_LEAST, _MOST = 0.5, 240.0  # minutes, as the setting has them


class _Field(QPlainTextEdit):
    """Takes lines; what is pasted and looks like a table is for the intake."""

    table_pasted = Signal()
    sent = Signal()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Qt: something is pasted or dropped."""
        if source.hasText() and not source.hasUrls() and _is_table(source.text()):
            self.table_pasted.emit()
        else:
            super().insertFromMimeData(source)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Qt: files are the window's."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Ctrl+Return adds them."""
        with_ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if with_ctrl and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.sent.emit()
        else:
            super().keyPressEvent(event)


class TopicsPanel(QFrame):
    """Says what is to be added; whoever holds it adds it."""

    added = Signal(object)  # list[Draft]
    table_pasted = Signal()
    settings_asked = Signal()
    closed = Signal()

    def __init__(self, send_key: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._field = _Field()
        self._minutes = NumberBox(_LEAST, _MOST, "min", whole=False)
        self._count, self._sources = label("", "muted"), label("", "muted", wrap=True)
        self._settings = button("Sources and writer…", "quiet")
        self._add = KeyButton("Add topics", send_key(), primary=True)
        self._close = button("Close", "quiet")
        self._build()
        self._field.textChanged.connect(self._look)
        self._minutes.edited.connect(self._look)
        self._field.table_pasted.connect(self.table_pasted)
        self._field.sent.connect(self._send)
        self._add.clicked.connect(self._send)
        self._close.clicked.connect(self.closed)
        self._settings.clicked.connect(self.settings_asked)
        self._look()

    def show_settings(self, settings: Settings) -> None:
        """What the project's topics are written from, by whom, and how long."""
        if not self._field.toPlainText():
            self._minutes.setValue(settings.minutes)
        sources = len(listed(settings.sources)) + bool(settings.reference)
        who = "the built-in writer" if settings.writer == Settings().writer else f"the model at {settings.writer}"
        if sources:
            said = f"{who[:1].upper()}{who[1:]} reads {count_of(sources, 'source')} of this project for every topic."
        else:
            said = "No sources yet: name files, folders or addresses in the settings, or nothing can be written."
        self._sources.setText(said)

    def take_focus(self) -> None:
        """Bring the keyboard to the field."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear(self) -> None:
        """They were added."""
        self._field.clear()

    def offer_close(self, offered: bool) -> None:
        """Whether there is anything else to see in its place."""
        self._close.setVisible(offered)

    def _drafts(self) -> list[Draft]:
        return topic_drafts(self._field.toPlainText(), self._minutes.value())

    def _look(self) -> None:
        minutes, count = self._minutes.value(), len(self._drafts())
        fits = _LEAST <= minutes <= _MOST
        self._add.setEnabled(bool(count) and fits)
        self._add.set_words(f"Add {count_of(count, 'topic')}" if count else "Add topics")
        if not fits:
            self._count.setText(f"A script may be {_LEAST:g} to {_MOST:g} minutes long.")
        elif count:
            self._count.setText(f"{count_of(count, 'topic')}, about {minutes * count:,.0f} min in all")
        else:
            self._count.setText("A topic to a line, or “Title: what it is about”. A table can be pasted, too.")

    def _send(self) -> None:
        if self._add.isEnabled():
            self.added.emit(self._drafts())

    def _build(self) -> None:
        self._field.setTabChangesFocus(True)
        self._field.setAccessibleName("Topics, one to a line")
        self._field.setPlaceholderText("The problem of induction: why we expect the sun to rise\nWhat Russell meant")
        self._field.setFixedHeight(self._field.fontMetrics().lineSpacing() * LINES + look.L)
        self._minutes.setAccessibleName("Minutes for each")
        self._minutes.setFixedWidth(110)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.M, look.M, look.M, look.M)
        column.setSpacing(look.S)
        column.addWidget(self._field)
        row = QHBoxLayout()
        row.setSpacing(look.S)
        row.addWidget(label("Each"))
        row.addWidget(self._minutes)
        row.addWidget(self._count, 1)
        row.addWidget(self._close)
        row.addWidget(self._add)
        column.addLayout(row)
        below = QHBoxLayout()
        below.addWidget(self._sources, 1)
        below.addWidget(self._settings)
        column.addLayout(below)


def _is_table(text: str) -> bool:
    """Whether pasted text has columns: tabs in it, or a head with a column for titles."""
    lines = [line for line in text.splitlines() if line.strip()]
    head = [cell.strip(" \"'").casefold() for cell in lines[0].replace(";", ",").split(",")] if lines else []
    return any("\t" in line for line in lines[:5]) or (len(head) > 1 and not {"title", "topic"}.isdisjoint(head))
