"""A researcher on a library of its own, and a folder with two sources."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.content.research_desk import Desk, Desks, pond_and_bread


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    """Opens it, each time anew."""
    async with AsyncExitStack() as stack:
        yield Desks(tmp_path / "library", stack)


@pytest.fixture
async def desk(desks: Desks) -> Desk:
    """One that is open."""
    return await desks.open()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pond and a bread."""
    return pond_and_bread(tmp_path / "sources")
