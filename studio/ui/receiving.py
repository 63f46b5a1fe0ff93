"""Takes what is dropped, pasted or chosen: queues it at once where nothing needs a decision, else shows the sheet."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from studio.domain.errors import BatchcastError
from studio.domain.project import Project
from studio.domain.voice import BUILTIN, VoiceRef
from studio.engine.drafts import Draft, Refusal
from studio.engine.reception import Candidate, Looked
from studio.ui.commands import Do
from studio.ui.desk import Desk
from studio.ui.dialogs import choose_files, choose_folder
from studio.ui.intake import Handed, handed
from studio.ui.notice_list import Said
from studio.ui.orders import Orders
from studio.ui.sitting import Sitting
from studio.ui.theme import Theme
from studio.ui.wording import count_of

if TYPE_CHECKING:
    from studio.ui.drop_sheet import DropSheet

MANY: Final = 50  # things that are looked at before they are queued
SOON_MS: Final = 400  # what is not read by then shows how far it is
_WAIT_S: Final = 0.15  # between two estimates while reading goes on


class _Visit:
    """One drop, with whatever is dropped onto it before it is decided."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.looked: list[Looked] = []
        self.titles: dict[str, str] = {}
        self.readings: set[asyncio.Task[None] | None] = set()
        self.sheet: DropSheet | None = None
        self.decides = False  # the sheet waits for a word, and does not only show how far reading is
        self.asked = 0


class Receiving(QObject):
    """Hears nothing but `take`; everything slow is awaited in tasks."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        desk: Desk,
        orders: Orders,
        sitting: Sitting,
        undo_key: Callable[[], str],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._desk = desk
        self._orders = orders
        self._sitting = sitting
        self._undo_key = undo_key
        self._visit: _Visit | None = None
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._show_progress)
        desk.opening.connect(self.leave)

    @property
    def sheet(self) -> "DropSheet | None":
        """The sheet that is shown."""
        return self._visit.sheet if self._visit else None

    def serves(self) -> dict[Do, Callable[[], object]]:
        """The commands that are carried out here."""
        return {
            Do.ADD_FILES: lambda: choose_files(self._window, self._take_paths),
            Do.ADD_FOLDER: lambda: choose_folder(self._window, self._take_paths),
            Do.PASTE: self.paste,
        }

    def take(self, given: Handed) -> None:
        """Look at what was dropped, and queue it, or show what it would become."""
        project = self._desk.project
        if project is None or self._desk.studio is None or not given:
            return
        if self._visit is None:
            self._visit = _Visit(project)
            self._soon.start()
        visit = self._visit
        paid = VoiceRef.parse(project.settings.voice).provider != BUILTIN
        if paid or given.links or len(given.paths) > MANY:
            self._open(visit)
        if visit.sheet is not None:
            visit.sheet.show_reading(reading=True)
        visit.readings.add(None)  # until the task is there itself
        self._desk.spawn(self._read(visit, given))

    def paste(self) -> None:
        """Take what the clipboard holds."""
        given = handed(QGuiApplication.clipboard().mimeData())
        if given:
            self.take(given)
        else:
            self._desk.said.emit("The clipboard holds neither text nor files")

    def leave(self) -> bool:
        """Queue nothing of what was dropped, and stop reading; False where nothing is there to leave."""
        visit = self._visit
        if visit is None:
            return False
        self._close(visit)
        for task in visit.readings:
            if task is not None:
                task.cancel()
        return True

    def _take_paths(self, paths: list[Path]) -> None:
        self.take(Handed(paths=tuple(paths)))

    async def _read(self, visit: _Visit, given: Handed) -> None:
        task = asyncio.current_task()
        visit.readings.discard(None)
        visit.readings.add(task)
        try:
            reading = self._desk.door().reception.look(
                visit.project,
                given.paths,
                given.text,
                given.links,
                titles=visit.titles,
                found=partial(self._count, visit),
            )
            async for looked in reading:
                if visit is not self._visit:
                    return
                self._add(visit, looked)
        except BatchcastError as error:
            # The library cannot be asked, say: what was read by then is put to the user all the same.
            self._desk.told.emit([Said(error.message, error.remedy)])
        finally:
            visit.readings.discard(task)
        if visit is self._visit and not visit.readings:
            await self._settle(visit)

    def _count(self, visit: _Visit, files: int) -> None:
        if visit is self._visit:
            if files > MANY:
                self._open(visit)
            if visit.sheet is not None:
                visit.sheet.count_files(files)

    def _add(self, visit: _Visit, looked: Sequence[Looked]) -> None:
        visit.looked += looked
        if len(visit.looked) > MANY:
            self._open(visit)
        if visit.sheet is not None:
            visit.sheet.take(looked)
            self._estimate(visit)

    async def _settle(self, visit: _Visit) -> None:
        """Everything is read: queue it where nothing is to be decided."""
        new = [each for each in visit.looked if isinstance(each, Candidate) and each.is_new]
        plain = len(new) == len(visit.looked) and not any(each.draft.tabled for each in new)
        touched = visit.sheet is not None and not visit.sheet.terms.untouched
        if not new and not touched:
            # There is nothing to decide: only what to mend.
            self._close(visit)
            self._tell(visit.looked)
        elif plain and not visit.decides and not touched:
            self._close(visit)
            await self._queue(visit.project, [each.draft for each in new], "", visit.project.settings.budget_usd)
        else:
            self._open(visit)
            if visit.sheet is not None:
                visit.sheet.show_reading(reading=False)
                self._estimate(visit)

    def _show_progress(self) -> None:
        visit = self._visit
        if visit is not None and visit.sheet is None:
            self._open(visit, decides=False)

    def _open(self, visit: _Visit, *, decides: bool = True) -> None:
        visit.decides = visit.decides or decides
        if visit.sheet is None:
            from studio.ui.drop_sheet import DropSheet

            sheet = visit.sheet = DropSheet(self._window, self._theme, self._desk, visit.project)
            sheet.left.connect(self.leave)
            sheet.agreed.connect(lambda: self._agree(visit))
            sheet.changed.connect(lambda: self._estimate(visit))
            if visit.looked:
                sheet.take(visit.looked)
            sheet.appear()
            self._estimate(visit)

    def _close(self, visit: _Visit) -> None:
        self._visit = None
        self._soon.stop()
        if visit.sheet is not None:
            visit.sheet.shut()

    def _agree(self, visit: _Visit) -> None:
        sheet = visit.sheet
        if sheet is None:
            return
        chosen = [each.draft for each in sheet.model.new]
        refused, shared, budget_usd = sheet.model.refused, sheet.terms.shared, sheet.terms.budget_usd
        self._close(visit)
        self._tell(refused)
        self._desk.spawn(self._queue(visit.project, chosen, shared, budget_usd))

    def _tell(self, looked: Sequence[Looked]) -> None:
        """What could not be used stays above the table until it is mended; what is here already is said, too."""
        said = []
        for each in looked:
            if isinstance(each, Refusal):
                said.append(Said(each.message, each.remedy, each.source, known=each.known))
            elif not each.is_new:
                script = each.draft.script
                where = f"as number {each.number}" if each.number is not None else "in this drop"
                message = f"“{script.title}” is here already, {where}."
                said.append(Said(message, "Retake it there if you want another take.", script.source, known=True))
        if said:
            self._desk.told.emit(said)

    def _estimate(self, visit: _Visit) -> None:
        visit.asked += 1
        if visit.sheet is not None:
            self._desk.spawn(self._load_estimate(visit, visit.sheet, visit.asked))

    async def _load_estimate(self, visit: _Visit, sheet: "DropSheet", asked: int) -> None:
        await asyncio.sleep(_WAIT_S if visit.readings else 0)
        if asked != visit.asked or visit is not self._visit:
            return
        terms = sheet.terms
        sizes = [(each.size, each.draft.values) for each in sheet.model.new]
        try:
            estimate = await self._desk.door().reception.estimate(visit.project, sizes, terms.shared, terms.budget_usd)
        except BatchcastError as error:
            if asked == visit.asked and visit is self._visit:
                sheet.show_trouble(f"{error.message} {error.remedy}")
            return
        if asked == visit.asked and visit is self._visit:
            sheet.show_estimate(estimate)

    async def _queue(self, project: Project, chosen: Sequence[Draft], shared: str, budget_usd: float) -> None:
        before = project.settings.budget_usd
        if budget_usd != before:
            await self._set_budget(project, before, budget_usd)
        reception = self._desk.door().reception
        made, twice = await reception.queue(project, chosen, shared)
        self._tell(twice)
        if not made:
            return
        self._orders.show_queued(made[0].id)
        ids = {episode.id for episode in made}

        async def back() -> None:
            gone, stayed = await reception.take_back(project, ids)
            if budget_usd != before:
                await self._set_budget(project, budget_usd, before)
            if stayed:
                begun = count_of(stayed, "episode had begun and stays", "episodes had begun and stay")
                self._desk.told.emit([Said(f"{begun} in the queue.", f"{gone:,} went.")])

        self._sitting.note(f"Queued {count_of(len(ids), 'episode')}", (), "file-plus", back, self._undo_key())

    async def _set_budget(self, project: Project, before: float, after: float) -> None:
        """The project's budget, unless somebody set another one meanwhile."""
        known = next((each for each in await self._desk.door().projects() if each.id == project.id), project)
        if known.settings.budget_usd == before:
            self._desk.save_settings(known.settings.with_values({"budget_usd": after}), known)
