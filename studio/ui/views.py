"""Views of the batch table that were given a name: what is filtered, and how the columns stand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from PySide6.QtCore import QObject, Signal

from studio.ui.column_layout import Layout
from studio.ui.episode_filter import Group
from studio.ui.memory import Memory

_KEPT_AS = "table/views"


@dataclass(frozen=True, slots=True)
class View:
    """A group of states, a text of the filter, and a layout of the columns."""

    name: str
    group: Group
    text: str
    layout: Layout

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self | None:
        """Out of what `to_json` made; None where it is no view."""
        name, text, layout = value.get("name"), value.get("text"), value.get("layout")
        if not isinstance(name, str) or not name or not isinstance(text, str) or not isinstance(layout, dict):
            return None
        group = next((group for group in Group if group.name == value.get("group")), Group.ALL)
        return cls(name, group, text, Layout.from_json(layout))

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"name": self.name, "group": self.group.name, "text": self.text, "layout": self.layout.to_json()}


class Views(QObject):
    """The named views in the order in which they were made, kept between starts."""

    changed = Signal()

    def __init__(self, memory: Memory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        kept = [View.from_json(each) for each in memory.read(_KEPT_AS, []) if isinstance(each, dict)]
        self._views = {view.name: view for view in kept if view is not None}

    def save(self, view: View) -> None:
        """Keep a view; one of the same name is replaced."""
        self._views[view.name] = view
        self._keep()

    def rename(self, old: str, new: str) -> None:
        """Give a view another name, in its place; one that had that name is gone."""
        if old in self._views and new:
            renamed = [
                replace(view, name=new) if view.name == old else view
                for view in self._views.values()
                if view.name != new or view.name == old
            ]
            self._views = {view.name: view for view in renamed}
            self._keep()

    def delete(self, name: str) -> None:
        """Forget a view."""
        if self._views.pop(name, None) is not None:
            self._keep()

    def __getitem__(self, name: str) -> View:
        return self._views[name]

    def __contains__(self, name: str) -> bool:
        return name in self._views

    def __iter__(self) -> Iterator[View]:
        return iter(self._views.values())

    def __len__(self) -> int:
        return len(self._views)

    def _keep(self) -> None:
        self._memory.keep(_KEPT_AS, [view.to_json() for view in self._views.values()])
        self.changed.emit()
