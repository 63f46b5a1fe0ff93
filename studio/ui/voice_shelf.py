"""The voices to choose from: a search, a list of names, and one of them heard."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.domain.voice import VoiceCard
from studio.ui import theme as look
from studio.ui.episode_model import Index
from studio.ui.parts import button, label
from studio.ui.player import Player
from studio.ui.theme import Theme
from studio.ui.wording import count_of

CARD = Qt.ItemDataRole.UserRole
LINES = 46  # height of a name with what is said about it


class _TwoLines(QStyledItemDelegate):
    """A name, and under it what the provider says of the voice."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Qt: all of one height."""
        return QSize(100, LINES)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: draw one voice."""
        card: VoiceCard = index.data(CARD)
        shown: Any = option  # its fields are not in PySide's types
        state, rect = shown.state, shown.rect
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, self._theme.colour("selection" if chosen else "hover"))
        if chosen:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), self._theme.colour("accent"))
        room = rect.adjusted(look.M, 6, -look.M, -6)
        for font, colour, text, flag in (
            (look.font(look.TEXT, look.MEDIUM), "text", card.name, Qt.AlignmentFlag.AlignTop),
            (look.font(look.SECONDARY), "muted", card.about, Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(font)
            painter.setPen(self._theme.colour(colour))
            line = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, flag | Qt.AlignmentFlag.AlignLeft, line)


class _List(QListWidget):
    heard = Signal()  # Space: hear it, or stop

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: Space is for the ears; the rest moves the choice."""
        if event.key() == Qt.Key.Key_Space:
            self.heard.emit()
        else:
            super().keyPressEvent(event)


class VoiceShelf(QWidget):
    """Shows cards, or a sentence in their place with a way to try again."""

    chosen = Signal(object)  # VoiceCard | None
    sample_asked = Signal(object)  # VoiceCard
    retry_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cards: Sequence[VoiceCard] = ()
        self._player = Player(self)
        self._search = QLineEdit()
        self._list = _List()
        self._count = label("", "muted")
        self._hear = button("Hear it")
        self._trouble = label("", "muted", wrap=True)
        self._words = label("", "muted", wrap=True)
        self._retry = button("Try again")
        self._stack = QStackedLayout()
        self._build()
        self._connect()
        self._draw_icons()

    @property
    def card(self) -> VoiceCard | None:
        """The chosen voice."""
        item: QListWidgetItem | None = self._list.currentItem()
        card: VoiceCard | None = None if item is None or item.isHidden() else item.data(CARD)
        return card

    def show_words(self, words: str, *, retry: bool = False) -> None:
        """Say why there are no cards."""
        self._player.pause()
        self._list.clear()
        self._words.setText(words)
        self._words.setAccessibleName(words)
        self._retry.setVisible(retry)
        self._stack.setCurrentIndex(1)
        self._take_current()

    def show_cards(self, cards: Sequence[VoiceCard], ref: str) -> None:
        """Show `cards`, the one of `ref` chosen."""
        self._cards = cards
        self._list.clear()
        for card in cards:
            item = QListWidgetItem()
            item.setData(CARD, card)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{card.name}. {card.about}")
            item.setToolTip(f"{card.name}\n{card.about}".strip())
            self._list.addItem(item)
            if card.ref == ref or len(cards) == 1:
                self._list.setCurrentItem(item)
        self._stack.setCurrentIndex(0)
        self._narrow(self._search.text())
        if self._list.currentItem() is not None:
            self._list.scrollToItem(self._list.currentItem(), QListWidget.ScrollHint.PositionAtCenter)
        self._take_current()

    def play(self, card: VoiceCard, sample: Path) -> None:
        """Let the sample of `card` be heard, if it still is the chosen one."""
        if card == self.card:
            self._trouble.hide()
            self._player.load(sample)
            self._player.play(0.0)

    def say(self, trouble: str) -> None:
        """Say why nothing is heard, or that it will be in a moment."""
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))

    def shut(self) -> None:
        """The dialog closes."""
        self._player.shut()

    def _toggle(self) -> None:
        card = self.card
        if self._player.playing:
            self._player.pause()
        elif card is not None and card.sample_url:
            self.say("Fetching the sample…")
            self.sample_asked.emit(card)

    def _take_current(self) -> None:
        card = self.card
        self._player.pause()
        self.say("")
        self._hear.setEnabled(card is not None and bool(card.sample_url))
        self._hear.setToolTip(
            "" if card is None else "Hear its sample (Space)" if card.sample_url else "This voice has no sample to hear"
        )
        self.chosen.emit(card)

    def _narrow(self, text: str) -> None:
        wanted = text.casefold().split()
        shown = 0
        for row, card in enumerate(self._cards):
            words = f"{card.name} {card.about} {card.ref}".casefold()
            fits = all(word in words for word in wanted)
            self._list.item(row).setHidden(not fits)
            shown += fits
        all_of_them = count_of(len(self._cards), "voice")
        self._count.setText(all_of_them if shown == len(self._cards) else f"{shown:,} of {all_of_them}")
        self._take_current()

    def _show_playing(self, playing: bool) -> None:
        self._hear.setText("Stop" if playing else "Hear it")
        self._draw_icons()

    def _connect(self) -> None:
        self._search.textChanged.connect(self._narrow)
        self._list.currentItemChanged.connect(lambda _now, _before: self._take_current())
        self._list.heard.connect(self._toggle)
        self._hear.clicked.connect(self._toggle)
        self._retry.clicked.connect(self.retry_asked)
        self._player.playing_changed.connect(self._show_playing)
        self._player.troubled.connect(self.say)
        self._theme.changed.connect(self._draw_icons)

    def _draw_icons(self) -> None:
        self._hear.setIcon(self._theme.icon("pause" if self._player.playing else "play"))
        self._list.viewport().update()

    def _build(self) -> None:
        self._search.setPlaceholderText("Find a voice by name, accent, use…")
        self._search.setAccessibleName("Find a voice")
        self._list.setAccessibleName("Voices")
        self._list.setItemDelegate(_TwoLines(self._theme, self._list))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page, told = QWidget(), QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.S)
        column.addWidget(self._search)
        column.addWidget(self._list, 1)
        row = QHBoxLayout()
        row.addWidget(self._hear)
        row.addStretch(1)
        row.addWidget(self._count)
        column.addLayout(row)
        self._trouble.hide()
        column.addWidget(self._trouble)
        words = QVBoxLayout(told)
        words.addStretch(1)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.addWidget(self._words)
        words.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignHCenter)
        words.addStretch(1)
        self._stack.addWidget(page)
        self._stack.addWidget(told)
        self.setLayout(self._stack)
