"""Where a command works: its project and its folder."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from studio.domain.episode import Episode, State
from studio.domain.errors import ExportError, InputError
from studio.domain.project import Project
from studio.domain.settings import Settings, Value
from studio.engine.batch import Studio
from studio.engine.drafts import Refusal


async def project(studio: Studio, name: str | None, out: Path, changes: dict[str, Value]) -> Project:
    """The project to work in: the named one, or one called after the output folder; made where there is none."""
    known = {project.name: project for project in await studio.shelf.all()}
    if name is None:
        name = out.name or "Batch"
        count = 2
        while name in known and Path(known[name].out_dir) != out:
            name, count = f"{out.name or 'Batch'} ({count})", count + 1
    if name not in known:
        return await studio.create_project(name, out, Settings().with_values(changes))
    known_one = await at_hand(studio, name)
    project = replace(known_one, out_dir=str(out), settings=known_one.settings.with_values(changes))
    await studio.update_project(project)
    return project


async def new(studio: Studio, project: Project, paths: Sequence[Path], *, topics: bool = False) -> Sequence[Refusal]:
    """Queue scripts, or topics; those that the project has already are simply part of it."""
    return [refusal for refusal in await studio.add(project, paths, topics=topics) if not refusal.known]


async def fill(studio: Studio, project: Project) -> int:
    """Write the folders of finished episodes that are not where the project has its folders (any more), at no cost.

    Returns how many. Who names a folder for a batch is told that its episodes are finished and lie there, so they do.
    """
    missing = _without_folder(Path(project.out_dir), await studio.episodes(project.id))
    await studio.export(missing)
    return len(missing)


def _without_folder(out: Path, episodes: Sequence[Episode]) -> list[int]:
    return [each.id for each in episodes if each.state is State.DONE and not (out / Path(each.folder).name).is_dir()]


async def named(studio: Studio, name: str) -> Project:
    """The project of that name. Raises `InputError` where there is none, with those that there are."""
    projects = {project.name: project for project in await studio.shelf.all()}
    if name not in projects:
        there = ", ".join(projects) or "none yet"
        raise InputError(f"There is no project “{name}”.", f"Projects in this library: {there}.")
    return projects[name]


async def at_hand(studio: Studio, name: str) -> Project:
    """The project of that name, to be worked in: one that was archived is taken out of the archive."""
    project = await named(studio, name)
    if project.archived:
        await studio.shelf.take_out(project)
    return replace(project, archived=False)


def writable(folder: Path, cure: str = "Choose another one with --out.") -> Path:
    """The folder as an absolute path, made if need be. Raises `ExportError` before any work is done for nothing."""
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ExportError(f"The folder {folder} cannot be written ({reason}).", cure) from error
    return folder
