"""A person's eyes and hands: finds what is on the screen by its name, reads it, presses it."""

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from studio.ui.slices import Slices


def whole(parent: QWidget) -> None:
    """Wait, as a person does, until what is built in slices is all there."""
    found = parent.findChildren(Slices)
    for slices in found:
        slices.finish()
    if found:
        QCoreApplication.sendPostedEvents()  # what is put into a layout is shown in a later turn


def named(parent: QWidget, name: str) -> Any:
    """The visible widget of that accessible name, or the button of that text."""
    whole(parent)
    for each in parent.findChildren(QWidget):
        if each.isVisibleTo(parent) and (
            each.accessibleName() == name or (isinstance(each, QAbstractButton) and each.text() == name)
        ):
            return each
    raise AssertionError(f"nothing visible is called “{name}”")


def press(parent: QWidget, name: str) -> None:
    """Click a button that can be clicked."""
    found = named(parent, name)
    assert isinstance(found, QAbstractButton)
    assert found.isEnabled(), name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def choose(parent: QWidget, name: str, words: str) -> None:
    """Choose one of a few words."""
    chooser = named(parent, name)
    place = chooser.findText(words)
    assert place >= 0, words
    chooser.setCurrentIndex(place)


def said(parent: QWidget) -> str:
    """Every visible word, a line for each widget, without the marks that only keep its direction."""
    whole(parent)
    return "\n".join(
        each.text().replace("\u200e", "")
        for each in parent.findChildren(QWidget)
        if isinstance(each, QLabel | QAbstractButton) and each.isVisibleTo(parent)
    )


def nameless(parent: QWidget) -> list[QWidget]:
    """What takes the focus and has no name that could be read aloud."""
    return [
        each
        for each in parent.findChildren(QWidget)
        if each.isVisibleTo(parent)
        and each.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not each.accessibleName()
        and not (isinstance(each, QAbstractButton) and each.text())
        and not each.objectName().startswith("qt_")
    ]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what comes by a timer; the test's own limit ends it where it never comes."""
    while not condition():  # noqa: ASYNC110  (Qt sets no event of ours)
        await asyncio.sleep(0.02)
