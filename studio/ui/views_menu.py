"""The menu of the named views: choose one, save what is shown, rename, delete."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from studio.ui import theme as look
from studio.ui.parts import button, label
from studio.ui.views import View, Views

LONGEST = 60  # letters of a name; it stands in a menu


def open_menu(views: Views, shown: View, parent: QWidget, at: QPoint, show: Callable[[View | None], None]) -> QMenu:
    """Open it at a place of the screen. `shown` is the view as it is, under the name of the one chosen last.

    `show` is called with the view that was chosen, or None for everything as it is by itself.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName("Views")
    everything = menu.addAction("All episodes, usual columns")
    everything.triggered.connect(lambda: show(None))
    if len(views):
        menu.addSeparator()
    for view in views:
        entry = menu.addAction(_in_menu(view.name))
        entry.setCheckable(True)
        entry.setChecked(view == shown)
        entry.triggered.connect(lambda _checked=False, view=view: show(view))
    menu.addSeparator()
    if shown.name in views and views[shown.name] != shown:
        menu.addAction(f"Keep the changes in “{_in_menu(shown.name)}”").triggered.connect(lambda: views.save(shown))

    def save(name: str) -> None:
        view = View(name, shown.group, shown.text, shown.layout)
        views.save(view)
        show(view)

    menu.addAction("Save what is shown…").triggered.connect(
        lambda: NameDialog(
            parent, "Save this view", "Filter, sorting and columns, under a name.", "", views, save
        ).open()
    )
    if len(views):
        renaming, deleting = menu.addMenu("Rename"), menu.addMenu("Delete")
        for view in views:
            renaming.addAction(f"{_in_menu(view.name)}…").triggered.connect(
                lambda _checked=False, name=view.name: NameDialog(
                    parent, "Rename this view", "", name, views, lambda new: views.rename(name, new)
                ).open()
            )
            deleting.addAction(_in_menu(view.name)).triggered.connect(
                lambda _checked=False, name=view.name: views.delete(name)
            )
    menu.popup(at)
    return menu


class NameDialog(QDialog):
    """Asks for the name of a view, and says what happens where there is one of that name."""

    def __init__(
        self, parent: QWidget, heading: str, text: str, name: str, views: Views, named: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._views, self._old, self._named = views, name, named
        self._name = QLineEdit(name)
        self._note = label("", "muted", wrap=True)
        self._save = button("Save" if not name else "Rename", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(look.M)
        column.addWidget(label(heading, "heading"))
        if text:
            column.addWidget(label(text, "muted"))
        self._name.setAccessibleName("Name of the view")
        self._name.setMaxLength(LONGEST)
        self._name.setMinimumWidth(340)
        self._name.selectAll()
        column.addWidget(self._name)
        column.addWidget(self._note)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self.accept)
        self._save.setDefault(True)
        row.addWidget(cancel)
        row.addWidget(self._save)
        column.addLayout(row)
        self._name.textChanged.connect(self._check)
        self._check()

    def accept(self) -> None:
        """Qt: the answer."""
        super().accept()
        self._named(self._name.text().strip())

    def _check(self) -> None:
        name = self._name.text().strip()
        self._save.setEnabled(bool(name))
        taken = name != self._old and name in self._views
        self._note.setText("There is a view of that name; this one takes its place." if taken else "")
        self._note.setVisible(taken)


def _in_menu(name: str) -> str:
    """As it is: Qt would take an ampersand for the mark of a key."""
    return name.replace("&", "&&")
