"""Which projects a library holds, and which of them are put away."""

from collections.abc import Sequence

from studio.domain.errors import InputError
from studio.domain.project import Project
from studio.engine.rooms import Rooms
from studio.engine.run import Run


class Shelf:
    """An archived project is not listed, and keeps its episodes, takes, costs and folders."""

    def __init__(self, rooms: Rooms, run: Run) -> None:
        self._projects = rooms.projects
        self._run = run

    async def all(self) -> Sequence[Project]:
        """Every project, the archived ones among them, the one last used first."""
        projects = await self._projects.all()
        self._run.know(projects)  # an archived one may still have calls to be cleared up
        return projects

    async def listed(self) -> Sequence[Project]:
        """The projects that are not archived, the one last used first."""
        return [project for project in await self.all() if not project.archived]

    async def use(self, project: Project) -> None:
        """Note that a person opened it: it is the first of the list from now on."""
        await self._projects.use(project.id)

    async def archive(self, project: Project) -> None:
        """Put it away. Raises `InputError` while a run works on its episodes."""
        if self._run.works_on(project.id):
            raise InputError(
                f"“{project.name}” is being worked on, and stays where it is.",
                "Archive it when its episodes are through, or cancel them first.",
            )
        await self._projects.archive(project.id, away=True)

    async def take_out(self, project: Project) -> None:
        """List an archived project again."""
        await self._projects.archive(project.id, away=False)
