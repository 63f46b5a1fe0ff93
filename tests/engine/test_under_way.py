"""What two want under one key is done once, and what has left is brought to its end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from studio.domain.errors import BudgetError
from studio.engine import under_way
from studio.engine.holding import Holding
from studio.engine.under_way import UnderWay


class Shelf:
    """Keeps what was made, and makes it, each step when it is told."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.said: list[str] = []
        self.go = asyncio.Event()
        self.holding = Holding()
        self.under_way: UnderWay[str | None] = UnderWay(self.holding, "a thing")

    async def before(self, key: str) -> str | None:
        await asyncio.sleep(0)  # another process is asked: whoever wants the same comes meanwhile
        return self.kept.get(key)

    async def work(self, key: str) -> str | None:
        self.begun.append(key)
        try:
            await self.go.wait()
        finally:
            self.ended.append(key)
        self.kept[key] = f"the {key}"
        return self.kept[key]

    async def want(self, key: str, work: Callable[[], Coroutine[Any, Any, str | None]] | None = None) -> str | None:
        return await self.under_way.outcome(
            key, lambda: self.before(key), work or (lambda: self.work(key)), self.said.append
        )


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_two_who_come_at_the_same_moment_begin_it_once() -> None:
    shelf = Shelf()
    wanted = [asyncio.ensure_future(shelf.want("lamp")) for _ in range(5)]
    await turns()
    shelf.go.set()
    assert await asyncio.gather(*wanted) == ["the lamp"] * 5
    assert shelf.begun == ["lamp"]
    assert shelf.said == ["waits for another episode that wants the same"] * 4 + [""] * 4
    assert "lamp" not in shelf.under_way
    assert await shelf.want("lamp") == "the lamp"
    assert shelf.begun == ["lamp"]


async def test_who_waited_for_one_that_failed_tries_it_himself() -> None:
    shelf = Shelf()

    async def fails() -> str | None:
        await shelf.go.wait()
        raise ValueError("no")

    first = asyncio.ensure_future(shelf.want("lamp", fails))
    await turns()
    second = asyncio.ensure_future(shelf.want("lamp"))
    await turns()
    shelf.go.set()
    with pytest.raises(ValueError, match="no"):
        await first
    assert await second == "the lamp"


async def test_who_is_cancelled_ends_only_what_has_not_left() -> None:
    shelf = Shelf()
    unsent, sent = (asyncio.ensure_future(shelf.want(key)) for key in ("unsent", "sent"))
    await turns()
    shelf.under_way.leaves("sent")
    for each in (unsent, sent):
        each.cancel()
        with pytest.raises(asyncio.CancelledError):
            await each
    assert shelf.ended == ["unsent"]
    assert "sent" in shelf.under_way
    shelf.go.set()
    await shelf.under_way.idle()
    assert shelf.kept == {"sent": "the sent"}


async def test_what_failed_has_not_left_any_more_and_lets_its_money_go() -> None:
    shelf = Shelf()
    wanted = asyncio.ensure_future(shelf.want("lamp"))
    await turns()
    shelf.holding.hold("lamp")
    shelf.under_way.leaves("lamp")
    assert shelf.under_way.has_left("lamp")
    shelf.under_way.fell_through("lamp")
    assert not shelf.under_way.has_left("lamp")
    wanted.cancel()
    with pytest.raises(asyncio.CancelledError):
        await wanted
    assert shelf.ended == ["lamp"]


async def test_at_the_end_what_has_left_gets_a_moment_and_the_rest_none(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    wanted = [asyncio.ensure_future(shelf.want(key)) for key in ("unsent", "sent")]
    await turns()
    shelf.under_way.leaves("sent")
    closing = asyncio.ensure_future(shelf.under_way.close())
    await turns()
    shelf.go.set()
    await closing
    assert shelf.kept == {"sent": "the sent"}
    answers = await asyncio.gather(*wanted, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1] == "the sent"

    monkeypatch.setattr(under_way, "GRACE_S", 0.01)
    other = Shelf()
    endless = asyncio.ensure_future(other.want("endless"))
    await turns()
    other.under_way.leaves("endless")
    await other.under_way.close()
    assert other.ended == ["endless"]
    with pytest.raises(asyncio.CancelledError):
        await endless


async def test_short_of_money_waits_for_what_others_hold_and_for_nobody_else() -> None:
    holding, said = Holding(), list[str]()
    room = False

    async def reserve() -> int:
        if not room:
            raise BudgetError("It is spent.", "Raise it.")
        return 7

    with pytest.raises(BudgetError):
        await holding.reserve("mine", reserve, said.append)
    holding.hold("mine")
    with pytest.raises(BudgetError):  # what it holds itself is no hope
        await holding.reserve("mine", reserve, said.append)
    assert not said
    holding.hold("theirs")
    waiting = asyncio.ensure_future(holding.reserve("mine", reserve, said.append))
    await turns()
    assert said == ["waits for the budget: other calls hold what is left of it"]
    room = True
    await turns()
    assert not waiting.done()
    holding.let_go("theirs")
    assert await waiting == 7
