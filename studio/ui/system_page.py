"""The System page."""

from PySide6.QtWidgets import QWidget

from studio.ui.commands import Do
from studio.ui.pages import PageContext


def build(context: PageContext) -> QWidget:
    """The page, built when it is first shown."""
    page = QWidget()
    page.setAccessibleName(context.commands[Do.SYSTEM_PAGE].text())
    return page
