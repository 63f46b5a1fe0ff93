"""The library as one thing: what `app.py` opens and hands to the engine."""

import asyncio
import os
from pathlib import Path
from typing import Self

from studio.store.artifacts import ArtifactStore
from studio.store.database import Database
from studio.store.failures import file_failures
from studio.store.health import DATABASE
from studio.store.lease import Lease
from studio.store.ledger import PurchaseLedger
from studio.store.projects import ProjectStore


class Library:
    """Projects, ledger and artifacts under one folder. Open it with `open`, and close it: it runs a thread."""

    def __init__(self, database: Database, artifacts: ArtifactStore, lease: Lease) -> None:
        self.projects = ProjectStore(database)
        self.ledger = PurchaseLedger(database, artifacts.holds)
        self.artifacts = artifacts
        self._database = database
        self._lease = lease

    @classmethod
    async def open(cls, root: Path, *, at_work: bool = True) -> Self:
        """Open the library at `root`, made where there is none.

        With `at_work` it takes the library's lease, which one running copy of the program has at a time; without, it is
        for looking only, and works beside that copy. Raises `StoreError` (another copy is at work; a file that is
        damaged, locked, newer or not writable) or `DiskFullError`.
        """
        lease = Lease(root, os.getpid())
        artifacts = await asyncio.to_thread(_open_files, root, lease if at_work else None)
        try:
            database = await Database.open(root / DATABASE)
        except BaseException:
            artifacts.close()
            lease.release()
            raise
        return cls(database, artifacts, lease)

    async def close(self) -> None:
        """Finish what was asked for, close the files, and let another copy work here."""
        await self._database.close()
        await asyncio.to_thread(self.artifacts.close)
        self._lease.release()


def _open_files(root: Path, lease: Lease | None) -> ArtifactStore:
    with file_failures(root):
        root.mkdir(parents=True, exist_ok=True)
    if lease is not None:
        lease.acquire()
    try:
        return ArtifactStore(root)
    except BaseException:
        if lease is not None:
            lease.release()
        raise
