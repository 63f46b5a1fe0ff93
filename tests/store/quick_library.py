"""Libraries for thousands of small stories: real SQLite that does not wait for the disk."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from studio.domain.settings import Settings
from studio.domain.take import Artifact, Speech
from studio.store import times
from studio.store.library import Library
from tests.store.store_samples import MARKS, queued

SOUND = Speech(Artifact("0" * 64, ".mp3", 5), MARKS, 2.75)  # the ledger alone never looks at the file


@cache
def template() -> Path:
    """A library with two projects of two episodes each (ids 1 and 2, 1 to 4), made once for all stories."""
    folder = tempfile.TemporaryDirectory()
    _KEPT.append(folder)

    async def make() -> None:
        library = await Library.open(Path(folder.name))
        for name in ("One", "Two"):
            project = await library.projects.create(name, Path("/out"), Settings())
            for number in (1, 2):
                await queued(library, project, number)
        await library.close()

    asyncio.run(make())
    return Path(folder.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []  # removed with the process


async def open_quick(root: Path, now: Callable[[], datetime] = times.utc_now) -> Library:
    """Open what is at `root` without waiting for the disk afterwards."""
    library = await Library.open(root, now=now)
    await library._database._connection.run(lambda connection: connection.execute("PRAGMA synchronous = OFF"))
    return library


def run_story(story: Callable[[Path], Awaitable[None]]) -> None:
    """Run `story` on a copy of the template."""
    whole = template()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "library"
        shutil.copytree(whole, root)

        async def run() -> None:
            await story(root)

        asyncio.run(run())
