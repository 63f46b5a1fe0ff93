from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.store.library import Library


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
async def library(root: Path) -> AsyncIterator[Library]:
    opened = await Library.open(root)
    yield opened
    await opened.close()


@pytest.fixture
async def project(library: Library, tmp_path: Path) -> Project:
    return await library.projects.create("Walden", tmp_path / "out", Settings())
