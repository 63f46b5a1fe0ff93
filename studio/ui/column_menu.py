"""The menu of the table's columns: which are shown, where they stand, and by which one the rows are sorted."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from studio.ui.column_layout import ALWAYS
from studio.ui.columns import COLUMNS, NUMBERS
from studio.ui.table_columns import TableColumns


class StayingMenu(QMenu):
    """A menu that stays open while things are ticked, as one seldom ticks only one."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Qt: tick, and stay."""
        if not self._ticked(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt: the space bar ticks; Return ticks and closes."""
        if event.key() != Qt.Key.Key_Space or not self._ticked(self.activeAction()):
            super().keyPressEvent(event)

    @staticmethod
    def _ticked(action: QAction | None) -> bool:
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.trigger()
        return True


def open_menu(columns: TableColumns, parent: QWidget, at: QPoint, number: int = -1) -> QMenu:
    """Open it at a place of the screen; with the `number` of a column, what can be done with that one comes first."""
    menu = StayingMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName("Columns")
    menu.setToolTipsVisible(True)
    if 0 <= number < len(COLUMNS):
        _add_one(menu, columns, COLUMNS[number].key)
        menu.addSeparator()
    _add_sorting(menu.addMenu("Sort by"), columns)
    _add_moving(menu.addMenu("Move"), columns)
    menu.addSeparator()
    for key in columns.layout.keys:
        column = COLUMNS[NUMBERS[key]]
        entry = menu.addAction(_name(key))
        entry.setToolTip(column.help)
        entry.setCheckable(True)
        entry.setChecked(key in columns.visible)
        entry.setEnabled(key != ALWAYS)
        entry.toggled.connect(lambda shown, key=key: columns.show_column(key, shown=shown))
    menu.addSeparator()
    menu.addAction("Reset columns").triggered.connect(columns.reset)
    menu.popup(at)
    return menu


def _add_one(menu: QMenu, columns: TableColumns, key: str) -> None:
    name, shown = _name(key), columns.visible
    entries: list[tuple[str, Callable[[], None], bool]] = [
        (f"Sort by {name}, upwards", lambda: columns.sort(key), True),
        (f"Sort by {name}, downwards", lambda: columns.sort(key, descending=True), True),
        ("Do not sort", lambda: columns.sort(""), bool(columns.layout.sort)),
        (f"Move {name} to the left", lambda: columns.move(key, -1), shown[0] != key),
        (f"Move {name} to the right", lambda: columns.move(key, 1), shown[-1] != key),
        (f"Hide {name}", lambda: columns.show_column(key, shown=False), key != ALWAYS),
    ]
    for words, doing, possible in entries:
        entry = menu.addAction(words)
        entry.setEnabled(possible)
        entry.triggered.connect(lambda _checked=False, doing=doing: doing())


def _add_sorting(menu: QMenu, columns: TableColumns) -> None:
    one_of = QActionGroup(menu)
    layout = columns.layout
    for key in ("", *columns.visible):
        entry = one_of.addAction(menu.addAction(_name(key) if key else "Nothing: by number"))
        entry.setCheckable(True)
        entry.setChecked(key == layout.sort)
        entry.triggered.connect(lambda _checked=False, key=key: columns.sort(key, descending=layout.descending))
    menu.addSeparator()
    downwards = menu.addAction("Downwards")
    downwards.setCheckable(True)
    downwards.setChecked(layout.descending)
    downwards.setEnabled(bool(layout.sort))
    downwards.triggered.connect(lambda checked: columns.sort(layout.sort, descending=checked))


def _add_moving(menu: QMenu, columns: TableColumns) -> None:
    shown = columns.visible
    for key in shown:
        ways = menu.addMenu(_name(key))
        for words, by in (
            ("To the left", -1),
            ("To the right", 1),
            ("To the front", -len(shown)),
            ("To the end", len(shown)),
        ):
            entry = ways.addAction(words)
            entry.setEnabled(key != (shown[0] if by < 0 else shown[-1]))
            entry.triggered.connect(lambda _checked=False, key=key, by=by: columns.move(key, by))


def _name(key: str) -> str:
    title = COLUMNS[NUMBERS[key]].title
    return "Number" if title == "#" else title
