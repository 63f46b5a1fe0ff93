"""A person's word that scripts may be spoken: what that costs is said before, and what has faults asks twice."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.domain.episode import Episode
from studio.domain.findings import Verdict
from studio.domain.project import Project
from studio.ui.acts import Acts
from studio.ui.choice import Choice
from studio.ui.desk import Desk
from studio.ui.dialogs import ask
from studio.ui.orders import Orders
from studio.ui.permitted import Act, ids_for
from studio.ui.wording import count_of, isolated, money


class ScriptApproval(QObject):
    """Asks where there is something to be known first: a price, or faults; then orders it."""

    priced = Signal(object, int)  # tuple[int, ...] of ids, and the most that speaking them costs, in micro-dollars

    def __init__(self, window: QWidget, desk: Desk, choice: Choice, orders: Orders, acts: Acts) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._orders = orders
        self._acts = acts
        self.chosen: Callable[[], list[Episode]] = list  # on a page that has its own choice, while it is in front
        self._shown: tuple[int, ...] = ()  # what the panel's button is about
        choice.details_changed.connect(lambda details: self._show(details.episode if details else None))
        self.priced.connect(self._take_price)

    def approve(self, episodes: Sequence[Episode]) -> None:
        """Let the scripts among these that wait be spoken, once what that costs is known and agreed to."""
        wanted = set(ids_for(Act.APPROVE_SCRIPT, episodes))
        waiting = [episode for episode in episodes if episode.id in wanted]
        if waiting and self._desk.project is not None:
            self._desk.spawn(self._ask(self._desk.project, waiting))

    def price(self, ids: Sequence[int]) -> None:
        """Have it reckoned what speaking these costs; `priced` has the answer."""
        if self._desk.project is not None and self._desk.studio is not None:
            self._desk.spawn(self._price(self._desk.project, tuple(ids)))

    async def _price(self, project: Project, ids: tuple[int, ...]) -> None:
        self.priced.emit(ids, await self._desk.door().scripts.price(project, ids))

    async def _ask(self, project: Project, waiting: list[Episode]) -> None:
        good = [episode for episode in waiting if episode.script_verdict is not Verdict.FAIL]
        faulty = len(waiting) - len(good)
        if len(waiting) > 1 and not good:
            self._desk.said.emit(f"All {len(waiting):,} have faults: read them one by one, on the page Scripts")
            return
        meant = good or waiting
        ids = [episode.id for episode in meant]
        micro = await self._desk.door().scripts.price(project, ids)
        if len(meant) == 1 and not micro and not faulty:
            self._orders.act(Act.APPROVE_SCRIPT, ids)
            return
        what = f"“{isolated(meant[0].title)}”" if len(meant) == 1 else count_of(len(meant), "script")
        lines = [costs(micro), when(running=self._desk.door().run.works_on(project.id))]
        if faulty and good:
            stay = count_of(faulty, "has faults and is not among them", "have faults and are not among them")
            lines.append(f"{stay}: read them on the page Scripts.")
        elif faulty:
            lines.insert(0, f"The checks found faults: {meant[0].reason}")
        yes = f"Approve {count_of(len(meant), 'script')}" if good else "Approve with its faults"
        doing: Callable[[], None] = lambda: self._orders.act(Act.APPROVE_SCRIPT, ids)  # noqa: E731
        ask(self._window, f"Approve {what}?", " ".join(lines), yes=(yes, doing), no="Not yet")

    def _show(self, episode: Episode | None) -> None:
        self._shown = (episode.id,) if episode is not None and episode.awaits_approval else ()
        if self._shown:
            self.price(self._shown)

    def _take_price(self, ids: tuple[int, ...], micro: int) -> None:
        if ids == self._shown:
            self._acts.show_script_price(up_to(micro))


def up_to(micro: int) -> str:
    """A price as it stands on a button: the most that it can be."""
    return f"up to {money(micro)}" if micro else "free"


def costs(micro: int) -> str:
    """The same in a sentence."""
    return f"Speaking costs {up_to(micro)}." if micro else "Speaking costs nothing: the voice is built in."


def when(*, running: bool) -> str:
    """What an approval sets going."""
    return "It begins at once, as the batch is under way." if running else "It begins when you press Start."
