"""Small widgets that several parts of the window are made of."""

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from studio.ui import theme as look
from studio.ui.theme import Theme, Tone

GAP = 4  # pixels between an icon and its words, beside the 4 that Qt leaves
EDGE = 48  # pixels of the screen that no dialog covers
_RESIZED = Qt.WidgetAttribute.WA_Resized  # by a layout, say: until then it has a width that nobody gave it


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the style sheet's roles. Its text is plain unless its format is changed."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def fit(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog this size, or as much of it as the screen has."""
    room = dialog.screen().availableSize()
    dialog.resize(min(width, room.width() - EDGE), min(height, room.height() - EDGE))


def reach_last(window: QWidget, *ways: QWidget) -> None:
    """Let Tab reach these, in this order, after everything else of a window, however late that was built."""
    last = window.previousInFocusChain()
    while last is not None and last is not window and (last in ways or last.focusPolicy() == Qt.FocusPolicy.NoFocus):
        last = last.previousInFocusChain()  # Qt takes no part that cannot have the focus
    for way in ways:
        if last is not None and last is not window:
            QWidget.setTabOrder(last, way)
        last = way


class Button(QPushButton):
    """A button whose icon keeps clear of its words: Qt leaves 4 pixels, whatever the style sheet says."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._widened: tuple[tuple[int, int, float], QIcon] | None = None  # what it was made of, and the icon

    def initStyleOption(self, option: QStyleOptionButton) -> None:  # noqa: N802  (Qt's own name)
        """Qt: with a margin at the right of the icon."""
        super().initStyleOption(option)
        shown: Any = option  # its fields are not in PySide's types
        if shown.text and not shown.icon.isNull():
            size = shown.iconSize
            of = (shown.icon.cacheKey(), size.width(), self.devicePixelRatioF())
            if self._widened is None or self._widened[0] != of:
                self._widened = of, _with_margin(shown.icon, size, of[2])
            shown.icon = self._widened[1]
            shown.iconSize = QSize(size.width() + GAP, size.height())


def _with_margin(icon: QIcon, size: QSize, scale: float) -> QIcon:
    wider = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
        made = QPixmap(round((size.width() + GAP) * scale), round(size.height() * scale))
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.drawPixmap(0, 0, icon.pixmap(size, scale, mode))
        painter.end()
        wider.addPixmap(made, mode)
    return wider


def button(text: str, kind: str = "") -> QPushButton:
    """A button that a click does not give the focus to, so that the keys keep going where they went."""
    made = Button(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(True)  # Return presses it where it has the focus
    if kind:
        made.setProperty("kind", kind)
    return made


class KeyButton(QPushButton):
    """A button that carries its key as a cap at the right."""

    def __init__(self, text: str, key: str, *, primary: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "primary" if primary else "key")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(True)
        self._tip = text
        self.setAccessibleName(text)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.M - 2, 0, look.S, 0)
        self._words = QLabel(text)
        self._words.setFont(look.font(look.TEXT, look.MEDIUM if primary else QFont.Weight.Normal))
        self._cap = label(key, "key")
        for part in (self._words, self._cap):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(self._words, 1)
        self._cap.setFixedHeight(18)
        row.addWidget(self._cap, 0, Qt.AlignmentFlag.AlignVCenter)
        self._primary = primary
        self._colour()
        self.set_key(key)

    def sizeHint(self) -> QSize:
        """Qt: what the words and the cap need."""
        inner = self._words.sizeHint().width() + self._cap.sizeHint().width() + look.L * 2
        return QSize(inner, 32)

    def minimumSizeHint(self) -> QSize:
        """Qt: the same; a cut-off key would be a riddle."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: where there is no room for both, the words stay; the tool tip has the key."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Qt: what cannot be pressed is faint."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange:
            self._colour()

    def set_words(self, text: str, tip: str = "") -> None:
        """Say something else; `tip` explains more than the words."""
        self._words.setText(text)
        self._tip = tip or text
        self.setAccessibleName(text)
        self.set_key(self._cap.text())

    def set_key(self, key: str) -> None:
        """Carry another key, or none."""
        self._cap.setText(key)
        self._fit()
        self.setToolTip(f"{self._tip} ({key})" if key else self._tip)
        self.updateGeometry()

    def _fit(self) -> None:
        there = self.width() >= self.sizeHint().width() - look.XS or not self.testAttribute(_RESIZED)
        self._cap.setVisible(bool(self._cap.text()) and there)

    def _colour(self) -> None:
        """The colour of the words: the style sheet does not reach them."""
        bright = self._primary and self.isEnabled()
        self._words.setStyleSheet("color: palette(bright-text);" if bright else "")


class Chooser(QComboBox):
    """One of a few words, cut with an ellipsis. Style sheets take the arrow away with the frame: it is drawn here."""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802  (Qt's own name)
        """Qt: with as much of the words as there is room for."""
        super().initStyleOption(option)
        shown: Any = option  # its fields are not in PySide's types
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        shown.currentText = self.fontMetrics().elidedText(shown.currentText, Qt.TextElideMode.ElideRight, room.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the words, then the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().placeholderText().color(), 1.5))
        middle = QPointF(self.width() - 16, self.height() / 2 + 2)
        painter.drawPolyline([middle + QPointF(-4, -4), middle, middle + QPointF(4, -4)])


class Tick(QCheckBox):
    """A box to tick. Its frame is drawn here: that of the style is lost on a dark ground."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt: the box and its words, then the frame."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().placeholderText().color(), 1))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room, and shows the whole as its tool tip."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_words(text)

    def set_words(self, text: str) -> None:
        """Say `text`."""
        self._whole = text
        self.setAccessibleName(text)
        self.setText(text)
        self.setToolTip(text)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Qt: an ellipsis."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt: as much of the text as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)


class Tile(QFrame):
    """A measured value with its name above and its line beside: `96.2% of 94`."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._theme = theme
        self._tone = Tone.TEXT
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 8, 7)
        column.setSpacing(1)
        self._name = label(name, "small")
        self._value = QLabel()
        self._value.setTextFormat(Qt.TextFormat.RichText)
        column.addWidget(self._name)
        column.addWidget(self._value)
        self._shown = ("", "")
        theme.changed.connect(self._render)

    def show_value(self, value: str, line: str, tone: Tone, tip: str) -> None:
        """`value` large and in `tone`, `line` small behind it."""
        self._shown, self._tone = (value, line), tone
        self.setToolTip(tip)
        self.setAccessibleName(f"{self._name.text()}: {value} {line}")
        self._render()

    def _render(self) -> None:
        value, line = self._shown
        strong, quiet = self._theme.colour(self._tone).name(), self._theme.colour("muted").name()
        self._value.setText(
            f'<span style="font-size:15px; font-weight:600; color:{strong}">{value}</span>'
            f'<span style="font-size:11px; color:{quiet}">&nbsp;{line}</span>'
        )


def clear_layout(layout: QVBoxLayout) -> None:
    """Take every widget out of `layout` and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget: QWidget | None = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
