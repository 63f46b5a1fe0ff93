"""What the window does not wait for, and its end."""

import asyncio

import pytest

from studio.engine.events import Notice
from studio.ui import tasks
from studio.ui.tasks import Tasks


async def test_what_is_under_way_comes_to_its_end_before_the_library_closes() -> None:
    told: list[Notice] = []
    held, ended = Tasks(told.append), asyncio.Event()
    reads: list[str] = []

    async def read() -> None:
        await asyncio.sleep(0.02)
        reads.append("read")

    async def leave() -> None:
        held.spawn(read())
        await held.end()
        reads.append("closed")
        ended.set()

    held.spawn(leave())
    await asyncio.wait_for(ended.wait(), 10)
    assert reads == ["read", "closed"]
    assert told == []


async def test_what_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Tasks(lambda _notice: None)
    given_up = asyncio.Event()

    async def wait_for_a_vendor() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    monkeypatch.setattr(tasks, "PATIENCE_S", 0.01)
    held.spawn(wait_for_a_vendor())
    await asyncio.wait_for(held.end(), 10)
    assert given_up.is_set()
