"""A project that is put away keeps everything; the one last used comes first."""

import asyncio
from pathlib import Path

import pytest

from studio.domain.errors import LibraryInUseError, StoreError
from studio.domain.settings import Settings
from studio.engine.ports import NewEpisode
from studio.store.library import Library
from tests.store.store_samples import script


async def test_an_archived_project_keeps_everything_and_its_name(tmp_path: Path) -> None:
    library = await Library.open(tmp_path / "library")
    projects = library.projects
    kept = await projects.create("Walden", tmp_path / "out", Settings(budget_usd=7.0))
    await projects.add(kept, [NewEpisode(script())])
    rows = await projects.episodes(kept.id)
    await projects.archive(kept.id, away=True)
    (away,) = await projects.all()
    assert (away.archived, away.settings, away.review_seed) == (True, kept.settings, kept.review_seed)
    assert await projects.episodes(kept.id) == rows
    with pytest.raises(StoreError, match="in the archive"):
        await projects.create("Walden", tmp_path, Settings())
    await library.close()
    library = await Library.open(tmp_path / "library")
    await library.projects.archive(kept.id, away=False)
    assert await library.projects.all() == [kept]
    await library.close()


async def test_the_one_last_used_comes_first(tmp_path: Path) -> None:
    library = await Library.open(tmp_path / "library")
    projects = library.projects
    made = [await projects.create(name, tmp_path, Settings()) for name in ("one", "two", "three")]
    for project in (made[1], made[0]):
        await asyncio.sleep(0.002)  # the store's clock tells milliseconds
        await projects.use(project.id)
    known = await projects.all()
    assert [project.name for project in known] == ["one", "two", "three"]
    assert known[0].used_at >= known[1].used_at >= known[2].used_at > ""
    await asyncio.sleep(0.002)
    await projects.archive(made[2].id, away=True)
    assert [project.name for project in await projects.all()] == ["one", "two", "three"]
    await projects.archive(made[2].id, away=False)
    assert [project.name for project in await projects.all()] == ["three", "one", "two"]
    await library.close()


async def test_a_second_copy_is_told_apart_from_other_failures(tmp_path: Path) -> None:
    library = await Library.open(tmp_path / "library")
    with pytest.raises(LibraryInUseError, match="at work in the library"):
        await Library.open(tmp_path / "library")
    await library.close()
