"""The library as one thing: what `app.py` opens and hands to the engine."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from studio.domain.errors import LibraryInUseError
from studio.store import attempts, times
from studio.store.artifacts import ArtifactStore
from studio.store.books import BookStore
from studio.store.database import Database
from studio.store.drift import CheckStore
from studio.store.failures import database_failures, file_failures
from studio.store.health import DATABASE
from studio.store.lease import Lease
from studio.store.ledger import PurchaseLedger
from studio.store.lexicon import LexiconStore
from studio.store.migrate import is_outdated
from studio.store.projects import ProjectStore
from studio.store.prompts import PromptStore
from studio.store.research import ResearchStore
from studio.store.scripts import ScriptStore

_WAITS_S: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)  # for another copy that brings the tables up to date


class Library:
    """Projects, ledger and artifacts under one folder. Open it with `open`, and close it: it runs a thread."""

    def __init__(
        self, database: Database, artifacts: ArtifactStore, opened: AsyncExitStack, now: Callable[[], datetime]
    ) -> None:
        self.projects = ProjectStore(database)
        self.ledger = PurchaseLedger(database, artifacts.holds, now)
        self.prompts = PromptStore(database, now)
        self.research = ResearchStore(database)
        self.scripts = ScriptStore(database)
        self.lexicon = LexiconStore(database)
        self.books = BookStore(database)
        self.checks = CheckStore(database)
        self.artifacts = artifacts
        self._database = database
        self._opened = opened

    @classmethod
    async def open(cls, root: Path, *, at_work: bool = True, now: Callable[[], datetime] = times.utc_now) -> Self:
        """Open the library at `root`, made where there is none. `now` tells the ledger the time.

        With `at_work` it takes the library's lease, which one running copy of the program has at a time, and raises its
        fence, so that a copy which does not know that it has lost the lease writes nothing any more. Without, it is for
        looking only: it works beside that copy, on a disk for reading only, and leaves nothing behind; where there is
        no library, it shows an empty one. Raises `StoreError` (another copy is at work; a file that is damaged, locked,
        newer or not writable) or `DiskFullError`.
        """
        async with AsyncExitStack() as opened:
            lease = Lease(root, os.getpid())
            if at_work:
                artifacts = await asyncio.to_thread(_open_files, root, lease)
                opened.callback(lease.release)
            elif await asyncio.to_thread(is_there, root):
                artifacts = ArtifactStore(root, looking=True)
                await _bring_up_to_date(root / DATABASE, lease)
            else:
                with file_failures(root):
                    root = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="batchcast-")))
                artifacts = ArtifactStore(root, looking=True)
            opened.push_async_callback(asyncio.to_thread, artifacts.close)
            database = await Database.open(root / DATABASE, looking=not at_work)
            opened.push_async_callback(database.close)
            if at_work:
                await database.take_over()
                await _clear(database, artifacts)
            return cls(database, artifacts, opened.pop_all(), now)

    async def close(self) -> None:
        """Finish what was asked for, close the files, and let another copy work here."""
        await self._opened.aclose()


def is_there(root: Path) -> bool:
    """Whether anything was ever stored at `root`. Raises `StoreError` where the disk does not say."""
    path = root / DATABASE
    with file_failures(path):
        try:
            path.stat()
        except FileNotFoundError:
            return False
    return True


async def _bring_up_to_date(path: Path, lease: Lease) -> None:
    """Under the lease, for a moment: tables are not changed beneath an older copy of the program that is at work."""
    for wait_s in (*_WAITS_S, None):
        with database_failures(path):
            if not await asyncio.to_thread(is_outdated, path):
                return
        try:
            lease.acquire()
        except LibraryInUseError:
            # Another one that only looks may be at it.
            if wait_s is None:
                raise
            await asyncio.sleep(wait_s)
            continue
        try:
            await (await Database.open(path)).close()
        finally:
            lease.release()


async def _clear(database: Database, artifacts: ArtifactStore) -> None:
    """Remove the bodies of purchases that are over; those of open and unclear ones wait for the engine."""
    left: Mapping[int, Sequence[Path]] = await asyncio.to_thread(artifacts.left)
    for attempt_id in await database.read(lambda connection: attempts.over(connection, list(left))):
        for path in left[attempt_id]:
            await artifacts.drop(path)


def _open_files(root: Path, lease: Lease) -> ArtifactStore:
    with file_failures(root):
        root.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is not published yet is nobody else's
    lease.acquire()
    try:
        return ArtifactStore(root)
    except BaseException:
        lease.release()
        raise
