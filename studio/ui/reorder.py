"""The order of the queue, as a person changes it: rows that are dragged, keys, the bar of the chosen ones."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from studio.domain.episode import Episode, State
from studio.engine.queue import Queue
from studio.ui.batch_page import BatchPage
from studio.ui.bridge import Bridge
from studio.ui.commands import CommandSet, Do
from studio.ui.desk import Desk
from studio.ui.sitting import Sitting
from studio.ui.wording import count_of

QUEUE_KEYS = (Do.QUEUE_FIRST, Do.QUEUE_EARLIER, Do.QUEUE_LATER, Do.QUEUE_LAST)
_Change = Callable[[Queue, int], Awaitable[Mapping[int, int]]]


class Reorder(QObject):
    """Asks the engine for another order, and says where the chosen episodes stand then."""

    def __init__(
        self, bridge: Bridge, desk: Desk, page: BatchPage, sitting: Sitting, undo_key: Callable[[], str]
    ) -> None:
        super().__init__(desk)
        self._bridge = bridge
        self._desk = desk
        self._page = page
        self._sitting = sitting
        self._undo_key = undo_key
        page.table.drag.moved.connect(self._take_dragged)
        page.bulk.asked.connect(lambda do: self.serves()[do]())

    def serves(self) -> dict[Do, Callable[[], object]]:
        """The commands that are carried out here."""
        return {
            Do.VIEWS: self._page.open_views,
            Do.COLUMNS: self._page.open_columns,
            Do.QUEUE_FIRST: lambda: self._move(lambda queue, project, ids: queue.to_the_top(project, ids)),
            Do.QUEUE_EARLIER: lambda: self._move(lambda queue, project, ids: queue.shift(project, ids, -1)),
            Do.QUEUE_LATER: lambda: self._move(lambda queue, project, ids: queue.shift(project, ids, 1)),
            Do.QUEUE_LAST: lambda: self._move(lambda queue, project, ids: queue.move(project, ids, None)),
        }

    def _move(self, change: Callable[[Queue, int, Sequence[int]], Awaitable[Mapping[int, int]]]) -> None:
        ids = [episode.id for episode in self._page.table.chosen() if episode.state is State.QUEUED]
        if ids:
            self._desk.spawn(self._change(ids, lambda queue, project: change(queue, project, ids)))
        else:
            self._desk.said.emit("Only what waits in the queue can be moved in it")

    def _take_dragged(self, ids: list[int], before: int | None) -> None:
        # Where the rows stand in another order, the dragged ones would not lie where they were let go.
        self._page.table.columns.sort("queue")
        self._desk.spawn(self._change(ids, lambda queue, project: queue.move(project, ids, before)))

    async def _change(self, ids: Sequence[int], change: _Change) -> None:
        project = self._desk.project
        if project is None:
            return
        queue = self._desk.door().queue
        before = await change(queue, project.id)
        self._bridge.flush()
        if not before:
            self._desk.said.emit("There it is already" if len(ids) == 1 else "There they are already")
            return

        async def back() -> None:
            await queue.put(project.id, before)

        line = self._desk.model.line
        place = min((line.place(each) for each in ids if line.place(each)), default=0)
        if not place:
            return  # they have begun meanwhile
        whose = "Number" if len(ids) == 1 else f"{count_of(len(ids), 'episode')} from number"
        words = f"{whose} {place:,} of {len(line):,} in the queue"
        self._sitting.note(words, tuple(ids[:1]), "arrow-up", back, self._undo_key())


def add_to_menu(menu: QMenu, commands: CommandSet, chosen: Sequence[Episode]) -> None:
    """The ways through the queue, where any of the chosen ones waits in it."""
    if not any(episode.state is State.QUEUED for episode in chosen):
        return
    ways = menu.addMenu(commands[Do.QUEUE_EARLIER].icon(), "Queue")
    for do in QUEUE_KEYS:
        entry = ways.addAction(commands[do].icon(), commands[do].text())
        entry.setShortcut(commands[do].shortcut())
        entry.triggered.connect(commands[do].trigger)
