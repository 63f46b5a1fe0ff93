"""What a careful look at the screen would object to: cut words, what lies over something else, words too pale."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from studio.ui.parts import ElidedLabel

AA = 4.5
SHARPNESS = 3  # pixels to a point: there the middle of a stroke has the full colour
SLACK = 1  # pixels that rounding may take from a word


def shown(top: QWidget) -> list[QWidget]:
    """Everything of a window that is on the screen, the windows over it and the parts of Qt's own widgets left out."""
    parts = (each for each in top.findChildren(QWidget) if each.isVisible() and each.window() is top)
    return [each for each in parts if not each.objectName().startswith("qt_")]


def words_of(widget: QWidget) -> str:
    """What it says."""
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def place_of(widget: QWidget) -> str:
    """Where it is, in words for a failed test."""
    names: list[str] = []
    each: QWidget | None = widget
    while each is not None and len(names) < 4:
        names.append(type(each).__name__ + (f"#{each.objectName()}" if each.objectName() else ""))
        each = each.parentWidget()
    return f"{widget.width()}x{widget.height()} " + " in ".join(names)


def cut_words(top: QWidget) -> Iterator[str]:
    """Words that have less room than they need and do not end in an ellipsis."""
    for each in shown(top):
        text, need, room = "", QSize(), QSize()
        if isinstance(each, ElidedLabel) or scrolled_by_itself(each):
            continue
        if isinstance(each, QLabel) and each.text():
            text, room = each.text(), each.contentsRect().size()
            need = label_needs(each)
        elif isinstance(each, QComboBox):
            text, room, need = combo_needs(each)
        elif isinstance(each, QLineEdit) and each.placeholderText() and not each.text():
            text = each.placeholderText()
            room = each.contentsRect().size() - QSize(20, 0)  # the padding of the style sheet
            need = words(each.fontMetrics(), text)
        elif isinstance(each, QAbstractButton) and each.text():
            text, room, need = button_needs(each)
        if need.width() > room.width() + SLACK or need.height() > room.height() + SLACK:
            yield f"cut: “{text[:60]}” needs {need.width()}x{need.height()} in {place_of(each)}"


def scrolled_by_itself(widget: QWidget) -> bool:
    """Whether it is a child of a text or table, which scrolls what does not fit."""
    return isinstance(widget, QAbstractScrollArea)


def words(metrics: QFontMetrics, text: str) -> QSize:
    """How much room a line of plain words takes."""
    return QSize(metrics.horizontalAdvance(text), metrics.tightBoundingRect(text).height())


def label_needs(label: QLabel) -> QSize:
    """How much room a label's words take at its width."""
    if label.textFormat() is Qt.TextFormat.PlainText or "<" not in label.text():
        metrics = label.fontMetrics()
        if not label.wordWrap():
            lines = [words(metrics, line) for line in label.text().split("\n")]
            return QSize(max(line.width() for line in lines), len(lines) * metrics.height() - metrics.descent())
        room = QRect(0, 0, label.contentsRect().width(), 1 << 16)
        taken = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), label.text())
        return QSize(taken.width(), taken.height() - metrics.descent())
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultFont(label.font())
    document.setHtml(label.text())
    if label.wordWrap():
        document.setTextWidth(label.contentsRect().width())
    return QSize(int(document.idealWidth()), int(document.size().height()) - label.fontMetrics().descent())


def combo_needs(combo: QComboBox) -> tuple[str, QSize, QSize]:
    """The words that a combo box shows, the room they have, and the room they need."""
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    room = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    text = option.currentText
    return text, room.size(), words(combo.fontMetrics(), text)


def button_needs(button: QAbstractButton) -> tuple[str, QSize, QSize]:
    """The words of a button, the room between its edges, and the room that icon and words need."""
    text = button.text().replace("&&", "&")
    need = words(button.fontMetrics(), text)
    room = button.rect()
    option = QStyleOptionButton()
    if isinstance(button, QCheckBox):
        button.initStyleOption(option)
        room = button.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, button)
    elif isinstance(button, QPushButton):
        button.initStyleOption(option)
        room = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button)
        if not button.icon().isNull():
            need.setWidth(need.width() + button.iconSize().width() + 4)
    elif isinstance(button, QToolButton):
        style = button.toolButtonStyle()
        if style is Qt.ToolButtonStyle.ToolButtonIconOnly:
            return "", room.size(), QSize()
        if style is Qt.ToolButtonStyle.ToolButtonTextUnderIcon:
            need.setHeight(need.height() + button.iconSize().height())
        elif style is Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            need.setWidth(need.width() + button.iconSize().width() + 4)
        room = room.adjusted(2, 2, -2, -2)
    return text, room.size(), need


def laid_out(layout: QLayout) -> list[QWidget]:
    """The visible widgets that a layout places beside each other."""
    if isinstance(layout, QStackedLayout):
        return []
    found: list[QWidget] = []
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            found += laid_out(inner)
        elif widget is not None and widget.isVisible():
            found.append(widget)
    return found


def over_each_other(top: QWidget) -> Iterator[str]:
    """What a layout places over something else, or out of the window that holds it."""
    for each in (top, *shown(top)):
        layout = each.layout()
        if layout is None:
            continue
        placed = laid_out(layout)
        for number, one in enumerate(placed):
            if not each.rect().contains(one.geometry()) and not one.geometry().isEmpty():
                yield f"outside: {one.geometry().getRect()} {place_of(one)}"
            for other in placed[number + 1 :]:
                if one.geometry().intersects(other.geometry()):
                    yield f"over: {place_of(one)} and {place_of(other)}"


def tabbed(top: QWidget) -> list[QWidget]:
    """What Tab reaches, in its order."""
    found: list[QWidget] = []
    each = top.nextInFocusChain()
    while each is not None and each is not top:
        there = each.isVisible() and each.isEnabled() and each.window() is top
        if there and each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.focusProxy() is None:
            found.append(each)
        each = each.nextInFocusChain()
    return found


def too_early(dialog: QDialog) -> Iterator[str]:
    """What Tab reaches after a dialog's last row, which ends it and stands under everything else."""
    order = tabbed(dialog)
    rows = {each: each.mapTo(dialog, each.rect().bottomLeft()).y() for each in order if not is_scrolled(each)}
    last = {each for each, bottom in rows.items() if bottom == max(rows.values()) and isinstance(each, QPushButton)}
    late = order[min((order.index(each) for each in last), default=0) :]
    yield from (
        f"late: {place_of(each)} comes after the buttons under it"
        for each in late
        if last - {each} and each not in last
    )


def is_scrolled(widget: QWidget) -> bool:
    """Whether it stands in something that scrolls."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QAbstractScrollArea):
        above = above.parentWidget()
    return above is not None


def pale_words(top: QWidget, known: set[tuple[str, ...]]) -> Iterator[str]:
    """Words that stand out too little from their ground; `known` are those that were looked at before."""
    fresh = []
    for each in shown(top):
        text = words_of(each)
        if not text or not each.isEnabled() or each.visibleRegion().boundingRect() != each.rect():
            continue
        looks = (str(each.property(name)) for name in ("role", "kind", "checked"))
        kind = (text, *looks, place_of(each).split(" ", 1)[1])
        if kind not in known:
            known.add(kind)
            fresh.append((text, each))
    if not fresh:
        return
    picture = QImage(top.size() * SHARPNESS, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(SHARPNESS)
    top.render(picture, QPoint())
    pixels: NDArray[np.uint32] = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), -1)
    for text, each in fresh:
        corner = each.mapTo(top, QPoint()) * SHARPNESS
        inside = pixels[
            corner.y() + 6 : corner.y() + each.height() * SHARPNESS - 6,
            corner.x() + 6 : corner.x() + each.width() * SHARPNESS - 6,
        ]
        if inside.size and (ratio := contrast(inside)) < AA:
            yield f"pale: “{text[:40]}” {ratio:.1f} to 1, {place_of(each)}"


def contrast(pixels: NDArray[np.uint32]) -> float:
    """Of the ground, which is most of it, and of what stands out most from it (WCAG 2.2)."""
    colours, counts = np.unique(pixels & 0xFFFFFF, return_counts=True)
    channels = np.stack([colours >> 16, colours >> 8 & 0xFF, colours & 0xFF], axis=1) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    bright = linear @ np.array([0.2126, 0.7152, 0.0722])
    ground = bright[int(np.argmax(counts))]
    ratios = (np.maximum(bright, ground) + 0.05) / (np.minimum(bright, ground) + 0.05)
    return float(ratios.max())
