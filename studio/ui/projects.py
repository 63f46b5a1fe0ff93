"""What a person does with whole projects: new, open, duplicate, rename, archive; and what another start hands over."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.ui.commands import Do
from studio.ui.desk import Desk, last_used
from studio.ui.dialogs import ask
from studio.ui.drops import Drops
from studio.ui.intake import Handed
from studio.ui.notice_list import Said
from studio.ui.recovered import passing, recovery_words
from studio.ui.second_start import Request, bring_to_front
from studio.ui.theme import Theme
from studio.ui.wording import isolated


class Projects(QObject):
    """Opens the dialogs, and carries out what they ask for."""

    def __init__(self, window: QWidget, theme: Theme, desk: Desk, drops: Drops) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._desk = desk
        self._drops = drops
        self._home = Path.home()

    def set_home(self, home: Path) -> None:
        """Where the folders of new projects are proposed."""
        self._home = home

    def serves(self) -> dict[Do, Callable[[], object]]:
        """The commands that are carried out here."""
        return {
            Do.NEW_PROJECT: lambda: self._spawn_new(None),
            Do.DUPLICATE_PROJECT: lambda: self._spawn_new(self._desk.project),
            Do.RENAME_PROJECT: lambda: self._desk.spawn(self._ask_name()),
            Do.ARCHIVE_PROJECT: self._ask_archive,
            Do.PROJECTS: lambda: self._desk.spawn(self._show_all()),
        }

    def say_recovered(self) -> None:
        """Say what an earlier run left half done: episodes at once, purchases when every search for them is over."""
        salvage = self._desk.door().salvage
        if salvage.episodes:
            self._desk.said.emit(passing(len(salvage.episodes)))
        self._desk.spawn(self._say_purchases())

    def take(self, request: Request) -> None:
        """Show the project, and add the scripts, that the program was started with."""
        self._desk.spawn(self._take(request))

    def take_from_another_start(self, request: Request) -> None:
        """The same for a start while the window is open, which comes to the front."""
        bring_to_front(self._window)
        self.take(request)

    async def _say_purchases(self) -> None:
        said = recovery_words(await self._desk.door().salvage.outcome())
        if said is not None:
            self._desk.told.emit([said])

    async def _take(self, request: Request) -> None:
        current = self._desk.project
        if request.project and (current is None or current.name != request.project):
            found = next((each for each in await self._all() if each.name == request.project), None)
            if found is None:
                added = ", so nothing was added" if request.paths else ""
                cure = "All projects are under the name of the open one, at the top left."
                self._desk.told.emit([Said(f"There is no project “{isolated(request.project)}”{added}.", cure)])
                return
            await self._open(found)
        if request.paths:
            self._drops.given.emit(Handed(paths=request.paths))

    async def _all(self) -> Sequence[Project]:
        return await self._desk.door().shelf.all()

    def _spawn_new(self, like: Project | None) -> None:
        self._desk.spawn(self._ask_new(like))

    async def _ask_new(self, like: Project | None) -> None:
        from studio.ui.project_dialog import ProjectDialog

        def create(name: str, out_dir: Path, settings: Settings) -> None:
            self._desk.spawn(self._create(name, out_dir, settings))

        ProjectDialog(self._window, self._home, await self._all(), like, create).open()

    async def _create(self, name: str, out_dir: Path, settings: Settings) -> None:
        await self._desk.show_project(await self._desk.door().create_project(name, out_dir, settings))

    async def _ask_name(self) -> None:
        from studio.ui.project_dialog import RenameDialog

        project = self._desk.project
        if project is not None:
            known = await self._all()
            RenameDialog(self._window, project, known, lambda name: self._desk.spawn(self._rename(name))).open()

    async def _rename(self, name: str) -> None:
        project = self._desk.project
        if project is not None:
            words = f"The project is called “{isolated(name)}” now"
            await self._desk.change(project.id, lambda now: replace(now, name=name), words)

    def _ask_archive(self) -> None:
        project = self._desk.project
        if project is not None:
            ask(
                self._window,
                f"Archive “{isolated(project.name)}”?",
                "It is not listed any more, and keeps its episodes, takes, costs and folders. “All projects…” brings "
                "it back.",
                yes=("Archive", lambda: self._desk.spawn(self._archive(project))),
                no="Leave it here",
            )

    async def _archive(self, project: Project) -> None:
        studio = self._desk.door()
        await studio.shelf.archive(project)
        if self._desk.project is not None and self._desk.project.id == project.id:
            await self._desk.show_project(await last_used(studio, self._home))
        else:
            await self._desk.list_projects()
        self._desk.said.emit(f"“{isolated(project.name)}” is in the archive")

    async def _take_out(self, project: Project) -> None:
        await self._desk.door().shelf.take_out(project)
        await self._desk.list_projects()
        self._desk.said.emit(f"“{isolated(project.name)}” is out of the archive")

    async def _open(self, project: Project) -> None:
        if project.archived:
            await self._desk.door().shelf.take_out(project)
        await self._desk.show_project(replace(project, archived=False))

    async def _show_all(self) -> None:
        from studio.ui.projects_dialog import ProjectsDialog

        dialog = ProjectsDialog(self._window, self._theme)
        closed: list[int] = []
        dialog.finished.connect(closed.append)

        async def refresh() -> None:
            projects, current = await self._all(), self._desk.project
            if not closed:
                dialog.show_projects(projects, current.id if current is not None else 0)

        async def archive(project: Project) -> None:
            await self._archive(project)
            await refresh()

        async def take_out(project: Project) -> None:
            await self._take_out(project)
            await refresh()

        dialog.open_asked.connect(lambda project: self._desk.spawn(self._open(project)))
        dialog.archive_asked.connect(lambda project: self._desk.spawn(archive(project)))
        dialog.take_out_asked.connect(lambda project: self._desk.spawn(take_out(project)))
        dialog.open()
        await refresh()
