import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.episode import Episode, State
from studio.domain.errors import StoreError
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.domain.settings import Settings
from studio.store.library import Library
from tests.store.store_samples import TERMS, purchase, queued, speech


@pytest.fixture
async def episode(library: Library, project: Project) -> Episode:
    return await queued(library, project)


@pytest.fixture
async def successor(root: Path, library: Library, episode: Episode) -> AsyncIterator[Library]:
    """A second copy, on a disk that keeps no locks: the first one's is as good as gone."""
    (root / "lease").unlink()
    opened = await Library.open(root)
    yield opened
    await opened.close()


WRITES: dict[str, Callable[[Library, Episode], Awaitable[object]]] = {
    "reserve": lambda library, episode: library.ledger.reserve(purchase(episode, "another")),
    "sent": lambda library, _: library.ledger.sent(1),
    "received": lambda library, _: library.ledger.received(1, Receipt()),
    "settle": lambda library, _: library.ledger.settle(1, Receipt(), 5),
    "spoil": lambda library, _: library.ledger.spoil(1, Receipt(), 5, ""),
    "fail": lambda library, _: library.ledger.fail(1, ""),
    "unclear": lambda library, _: library.ledger.unclear(1, "", Receipt()),
    "write_off": lambda library, _: library.ledger.write_off(1, ""),
    "recover": lambda library, _: library.ledger.recover(),
    "reuse": lambda library, episode: library.ledger.reuse(purchase(episode, "key")),
    "save": lambda library, episode: library.projects.save(replace(episode, state=State.WORKING)),
    "add": lambda library, _: queued(library, Project(1, "Walden", "/", Settings(), 1), 2),
    "remove": lambda library, episode: library.projects.remove(episode.id),
    "keep_terms": lambda library, episode: library.projects.keep_terms(episode.id, 1, "inputs", TERMS),
    "create": lambda library, _: library.projects.create("New", Path("/"), Settings()),
    "recover episodes": lambda library, _: library.projects.recover(),
}


def everything(root: Path) -> list[str]:
    with closing(sqlite3.connect(root / "library.db")) as connection:
        return list(connection.iterdump())


async def test_who_lost_the_library_writes_nothing_any_more(
    root: Path, library: Library, episode: Episode, successor: Library
) -> None:
    assert await successor.ledger.reserve(purchase(episode, "key")) == 1
    before = everything(root)
    for write in WRITES.values():
        with pytest.raises(StoreError, match="Another Batchcast has taken over the library") as caught:
            await write(library, episode)
        assert "go on with the other" in caught.value.remedy
    with pytest.raises(StoreError, match="taken over"):
        await library.ledger.stored(1, await speech(library))
    assert everything(root) == before
    # It may still look, and the other one goes on.
    assert len(await library.ledger.asks()) == 1
    await successor.ledger.sent(1)


async def test_who_came_last_is_the_one(root: Path, library: Library, episode: Episode, successor: Library) -> None:
    (root / "lease").unlink()
    third = await Library.open(root)
    with pytest.raises(StoreError, match="taken over"):
        await successor.ledger.recover()
    await third.ledger.recover()
    await third.close()


async def test_a_purchase_that_was_under_way_is_the_successors(root: Path, library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.sent(attempt)
    (root / "lease").unlink()
    successor = await Library.open(root)
    await successor.ledger.recover()
    # The answer comes after all, to the copy that lost the library.
    for write in ("received", "fail", "unclear"):
        with pytest.raises(StoreError, match="taken over"):
            await WRITES[write](library, episode)
    (ask,) = await successor.ledger.asks()
    assert (ask.attempt.id, ask.attempt.state) == (attempt, "unknown")
    await successor.close()


async def test_who_looks_stores_nothing(root: Path, library: Library, episode: Episode) -> None:
    await library.ledger.reserve(purchase(episode, "key"))
    before = everything(root)
    looking = await Library.open(root, at_work=False)
    for write in WRITES.values():
        with pytest.raises(StoreError, match="only looks into the library"):
            await write(looking, episode)
    assert await looking.projects.episodes() == [episode]
    await looking.close()
    assert everything(root) == before
    await library.ledger.sent(1)  # it has not been taken over


async def test_a_vanished_file_is_noticed_by_who_looks_too(
    root: Path, library: Library, episode: Episode, caplog: pytest.LogCaptureFixture
) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key", bound=0))
    sound = await speech(library)
    await library.ledger.stored(attempt, sound)
    library.artifacts.path(sound.audio).unlink()
    looking = await Library.open(root, at_work=False)
    assert await looking.ledger.bought("key") is None
    assert "is gone" in caplog.text
    caplog.clear()
    await looking.close()


async def test_who_cannot_take_over_gives_everything_back(root: Path, library: Library) -> None:
    await library.close()
    with closing(sqlite3.connect(root / "library.db", isolation_level=None)) as other:
        other.execute("CREATE TRIGGER stuck BEFORE UPDATE ON fence BEGIN SELECT RAISE(ABORT, 'stuck'); END")
    with pytest.raises(sqlite3.IntegrityError, match="stuck"):
        await Library.open(root)
    with closing(sqlite3.connect(root / "library.db", isolation_level=None)) as other:
        other.execute("DROP TRIGGER stuck")
    assert [path.name for path in (root / "scratch").iterdir()] == [".sweep"]
    again = await Library.open(root)
    await again.close()
