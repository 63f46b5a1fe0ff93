import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from studio.domain.budget import Limits
from studio.domain.episode import Episode
from studio.domain.errors import DiskFullError, StoreError
from studio.domain.money import Attempt, AttemptState, Costs
from studio.domain.project import Project
from studio.domain.purchase import Receipt
from studio.engine.trade import Ledger
from studio.store.database import Database
from studio.store.ledger import PurchaseLedger
from studio.store.library import Library
from tests.store.store_samples import HOW, TERMS, chunk, purchase, queued, speech

PAID = Receipt("request", "history", 900)
SAID = Receipt()


@pytest.fixture
async def episode(library: Library, project: Project) -> Episode:
    return await queued(library, project)


async def under_way(library: Library, episode: Episode, key: str = "key") -> int:
    attempt = await library.ledger.reserve(purchase(episode, key))
    await library.ledger.sent(attempt)
    return attempt


async def settled(library: Library, episode: Episode, key: str, cost: int = 1, receipt: Receipt = SAID) -> int:
    attempt = await under_way(library, episode, key)
    await library.ledger.received(attempt, receipt)
    await library.ledger.stored(attempt, await speech(library, key.encode()))
    await library.ledger.settle(attempt, receipt, cost)
    return attempt


async def held(library: Library, key: str = "key") -> Attempt:
    ask = await library.ledger.open_under(key)
    assert ask is not None
    return ask.attempt


def test_keeps_the_engines_protocol(library: Library) -> None:
    ledger: Ledger = library.ledger
    assert isinstance(ledger, PurchaseLedger)


async def test_a_purchase_step_by_step(library: Library, episode: Episode) -> None:
    ledger, wanted = library.ledger, purchase(episode, "key", credits_=1000)
    assert await ledger.bought("key") is None
    attempt = await ledger.reserve(wanted)
    ask = await ledger.open_under("key")
    assert ask is not None
    assert (ask.chunk, ask.settings, ask.terms) == (wanted.chunk, HOW, TERMS)
    first = ask.attempt
    assert first == Attempt(
        id=attempt,
        project_id=episode.project_id,
        episode_id=episode.id,
        key="key",
        voice="elevenlabs:x",
        model="flash",
        characters=1000,
        state=AttemptState.INTENT,
        upper_bound_micro=1_000_000,
        reserved_micro=1_000_000,
        settled_micro=0,
        credits=None,
        request_id="",
        history_id="",
        error="",
        created_at=first.created_at,
        sent_at="",
        ended_at="",
    )
    assert datetime.fromisoformat(first.created_at).tzinfo == UTC
    await ledger.sent(attempt)
    sent = await held(library)
    assert sent == replace(first, state=AttemptState.SENT, sent_at=sent.sent_at)
    assert sent.sent_at >= first.created_at
    await ledger.received(attempt, PAID)
    received = await held(library)
    named = replace(sent, request_id="request", history_id="history", credits=900)
    assert received == replace(named, state=AttemptState.RECEIVED)
    sound = await speech(library, request_id="request")
    await ledger.stored(attempt, sound)
    assert await held(library) == replace(received, state=AttemptState.STORED)
    assert await ledger.bought("key") == sound
    assert await ledger.costs() == Costs(0, 1_000_000, 0, 0, 0, 0)
    await ledger.settle(attempt, SAID, 800_000)  # a receipt that is silent takes nothing back
    assert await ledger.open_under("key") is None
    assert await ledger.claimed() == {"request", "history"}
    assert await ledger.used_credits("") == 900
    total = Costs(800_000, 0, 1000, 1, 0, 0)
    assert await ledger.costs() == total
    assert await ledger.costs(episode.project_id) == total
    assert await ledger.episode_costs(episode.id) == total
    assert await ledger.costs(99) == Costs(0, 0, 0, 0, 0, 0)
    assert await ledger.bought("key") == sound


async def test_every_step_leaves_its_time(library: Library, root: Path, episode: Episode) -> None:
    attempt = await settled(library, episode, "key")
    with closing(sqlite3.connect(root / "library.db")) as connection:
        times = connection.execute(
            "SELECT created_at, sent_at, received_at, stored_at, ended_at FROM attempts WHERE id = ?", (attempt,)
        ).fetchone()
        assert connection.execute("SELECT count(*) FROM asks").fetchone() == (0,)
    assert None not in times
    assert list(times) == sorted(times)


async def test_a_cost_above_the_bound_is_stored_as_it_is(library: Library, episode: Episode) -> None:
    await settled(library, episode, "key", 1_700_000)
    assert (await library.ledger.costs()).settled_micro == 1_700_000


async def test_what_was_spared_is_told(library: Library, episode: Episode) -> None:
    await settled(library, episode, "key", 5)
    for _ in range(3):
        await library.ledger.reuse(purchase(episode, "key", bound=40, credits_=9))
    assert await library.ledger.costs() == Costs(5, 0, 1000, 1, 3, 3000, cached_micro=120)
    assert await library.ledger.used_credits("") == 0


async def test_a_failure_that_cost_nothing_releases_the_money_and_the_key(library: Library, episode: Episode) -> None:
    attempt = await under_way(library, episode)
    await library.ledger.fail(attempt, "429 busy")
    assert await library.ledger.costs() == Costs(0, 0, 0, 0, 0, 0)
    assert await library.ledger.used_credits("") == 0
    assert await under_way(library, episode) != attempt


async def test_an_unclear_outcome_holds_the_money_and_the_key(library: Library, episode: Episode) -> None:
    ledger = library.ledger
    attempt = await under_way(library, episode)
    await ledger.unclear(attempt, "connection cut", Receipt("request"))
    unclear = await held(library)
    assert (unclear.state, unclear.error) == (AttemptState.UNKNOWN, "connection cut")
    assert (unclear.request_id, unclear.reserved_micro) == ("request", 1_000_000)
    with pytest.raises(StoreError, match="whether it was charged is not known") as caught:
        await ledger.reserve(purchase(episode, "key"))
    assert "history" in caught.value.remedy
    # It is found in the provider's history.
    await ledger.received(attempt, Receipt("request", "history", 500))
    await ledger.stored(attempt, await speech(library))
    await ledger.settle(attempt, SAID, 900_000)
    assert await ledger.costs() == Costs(900_000, 0, 1000, 1, 0, 0)


async def test_an_unclear_outcome_may_turn_out_to_be_nothing(library: Library, episode: Episode) -> None:
    attempt = await under_way(library, episode)
    await library.ledger.unclear(attempt, "500", Receipt("request", "history"))
    await library.ledger.unclear(attempt, "still nothing to be seen", SAID)
    assert (await held(library)).error == "still nothing to be seen"
    assert await library.ledger.claimed() == {"request", "history"}
    await library.ledger.fail(attempt, "the history does not show it")
    assert await library.ledger.costs() == Costs(0, 0, 0, 0, 0, 0)
    assert await library.ledger.claimed() == frozenset()  # should it turn up late, the next one may have it


async def test_a_spoilt_body_is_a_cost_and_frees_the_key(library: Library, episode: Episode) -> None:
    attempt = await under_way(library, episode)
    await library.ledger.received(attempt, Receipt("request"))
    await library.ledger.spoil(attempt, Receipt("", "history", 400), 300, "silence")
    assert await library.ledger.costs() == Costs(300, 0, 0, 0, 0, 0, lost_micro=300)
    assert await library.ledger.used_credits("") == 400
    assert await library.ledger.claimed() == {"request", "history"}
    assert await library.ledger.bought("key") is None
    await under_way(library, episode)


async def test_writing_off_counts_what_is_held_as_spent(library: Library, episode: Episode) -> None:
    attempt = await library.ledger.reserve(purchase(episode, "key", bound=700, credits_=90))
    await library.ledger.sent(attempt)
    with pytest.raises(ValueError, match="is sent"):
        await library.ledger.write_off(attempt, "too early")
    await library.ledger.unclear(attempt, "cut", Receipt("request"))
    await library.ledger.write_off(attempt, "bought again")
    assert await library.ledger.costs() == Costs(700, 0, 0, 0, 0, 0, lost_micro=700)
    assert await library.ledger.used_credits("") == 90
    assert await library.ledger.claimed() == {"request"}
    await under_way(library, episode)


async def test_a_key_is_held_for_one_at_a_time(library: Library, episode: Episode) -> None:
    attempt = await under_way(library, episode)
    with pytest.raises(StoreError, match="being bought for another"):
        await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.received(attempt, SAID)
    await library.ledger.stored(attempt, await speech(library))
    with pytest.raises(StoreError, match="bought a moment ago"):
        await library.ledger.reserve(purchase(episode, "key"))
    await library.ledger.settle(attempt, SAID, 1)
    with pytest.raises(StoreError, match="bought a moment ago"):
        await library.ledger.reserve(purchase(episode, "key"))


async def test_what_costs_credits_only_is_held_all_the_same(library: Library, episode: Episode) -> None:
    await library.ledger.reserve(purchase(episode, "key", bound=0, credits_=10))
    with pytest.raises(StoreError, match="being bought"):
        await library.ledger.reserve(purchase(episode, "key", bound=0, credits_=10))
    (use,) = await library.ledger.budgets(episode.project_id, None, Limits(credits_left=100))
    assert use.reserved == 10


async def test_what_costs_nothing_may_be_made_twice_at_once(library: Library, root: Path, episode: Episode) -> None:
    ledger = library.ledger
    first, second, third = [await ledger.reserve(purchase(episode, "key", bound=0)) for _ in range(3)]
    assert await ledger.asks() == []
    sound, other = await speech(library), await speech(library, b"the same, made twice")
    await ledger.stored(first, sound)
    await ledger.settle(first, SAID, 0)
    await ledger.stored(second, other)
    await ledger.settle(second, SAID, 0)
    assert await ledger.bought("key") == sound
    await ledger.unclear(third, "cut", SAID)
    with pytest.raises(ValueError, match="is failed"):
        await ledger.settle(third, SAID, 0)
    with pytest.raises(ValueError, match="is settled"):
        await ledger.settle(second, SAID, 1)
    await ledger.reserve(purchase(episode, "key", bound=0))
    assert await ledger.costs() == Costs(0, 0, 2000, 2, 0, 0)
    with closing(sqlite3.connect(root / "library.db")) as connection:
        assert connection.execute("SELECT count(*) FROM asks").fetchone() == (0,)


async def test_what_costs_nothing_waits_for_the_disk_twice_and_no_more(library: Library, episode: Episode) -> None:
    database, commits = library._database, 0
    write = database.write

    async def counted(work: Callable[[sqlite3.Connection], object]) -> object:
        nonlocal commits
        commits += 1
        return await write(work)

    ledger = PurchaseLedger(database, library.artifacts.holds)
    ledger._write = counted  # type: ignore[assignment]
    attempt = await ledger.reserve(purchase(episode, "key", bound=0))
    await ledger.stored(attempt, await speech(library))
    await ledger.settle(attempt, SAID, 0)
    assert commits == 2


Move = Callable[[Library, int], Awaitable[None]]


async def _stored(library: Library, attempt: int) -> None:
    await library.ledger.stored(attempt, await speech(library))


MOVES: dict[str, Move] = {
    "sent": lambda library, attempt: library.ledger.sent(attempt),
    "received": lambda library, attempt: library.ledger.received(attempt, SAID),
    "stored": _stored,
    "settle": lambda library, attempt: library.ledger.settle(attempt, SAID, 1),
    "spoil": lambda library, attempt: library.ledger.spoil(attempt, SAID, 1, "bad"),
    "fail": lambda library, attempt: library.ledger.fail(attempt, "refused"),
    "unclear": lambda library, attempt: library.ledger.unclear(attempt, "cut", SAID),
    "write_off": lambda library, attempt: library.ledger.write_off(attempt, "enough"),
}
WAYS: dict[AttemptState, list[str]] = {
    AttemptState.INTENT: [],
    AttemptState.SENT: ["sent"],
    AttemptState.RECEIVED: ["sent", "received"],
    AttemptState.STORED: ["sent", "received", "stored"],
    AttemptState.SETTLED: ["sent", "received", "stored", "settle"],
    AttemptState.UNKNOWN: ["sent", "unclear"],
    AttemptState.FAILED: ["fail"],
}
LEGAL: dict[AttemptState, set[str]] = {
    AttemptState.INTENT: {"sent", "fail"},
    AttemptState.SENT: {"received", "spoil", "fail", "unclear"},
    AttemptState.RECEIVED: {"stored", "spoil", "fail", "unclear"},
    AttemptState.STORED: {"settle", "unclear"},  # nothing is unclear once it is stored
    AttemptState.SETTLED: {"unclear"},
    AttemptState.UNKNOWN: {"received", "spoil", "fail", "unclear", "write_off"},
    AttemptState.FAILED: set(),
}


@pytest.mark.parametrize("state", AttemptState)
async def test_only_legal_moves_are_made(library: Library, root: Path, episode: Episode, state: AttemptState) -> None:
    for number, move in enumerate(MOVES):
        attempt = await library.ledger.reserve(purchase(episode, f"key {number}"))
        for step in WAYS[state]:
            await MOVES[step](library, attempt)
        before = await row(root, attempt)
        assert before["state"] == state
        if move in LEGAL[state]:
            await MOVES[move](library, attempt)
        else:
            with pytest.raises(ValueError, match=f"is {state}"):
                await MOVES[move](library, attempt)
            assert await row(root, attempt) == before


async def row(root: Path, attempt: int) -> dict[str, object]:
    def read() -> dict[str, object]:
        with closing(sqlite3.connect(root / "library.db")) as connection:
            connection.row_factory = sqlite3.Row
            return dict(connection.execute("SELECT * FROM attempts WHERE id = ?", (attempt,)).fetchone())

    return await asyncio.to_thread(read)


async def test_a_stored_sound_stays_stored_whatever_is_said_afterwards(library: Library, episode: Episode) -> None:
    attempt = await under_way(library, episode)
    await library.ledger.received(attempt, SAID)
    await library.ledger.stored(attempt, await speech(library))
    await library.ledger.unclear(attempt, "cancelled", SAID)
    assert (await held(library)).state is AttemptState.STORED


async def test_an_attempt_that_is_not_there(library: Library) -> None:
    with pytest.raises(LookupError, match="12345"):
        await library.ledger.fail(12345, "")


async def test_nothing_of_the_history_is_accounted_for_twice(library: Library, episode: Episode) -> None:
    await settled(library, episode, "one", receipt=Receipt("request 1", "history 1"))
    await settled(library, episode, "two", receipt=Receipt("request 2"))
    lost = await under_way(library, episode, "three")
    await library.ledger.unclear(lost, "cut", SAID)
    for taken in (Receipt("", "history 1"), Receipt("request 2", "history 2"), Receipt("request 1")):
        with pytest.raises(StoreError, match="another purchase"):
            await library.ledger.received(lost, taken)
    assert (await held(library, "three")).state is AttemptState.UNKNOWN
    await library.ledger.received(lost, Receipt("request 3", "history 3"))
    assert await library.ledger.claimed() == {f"{name} {n}" for name in ("request", "history") for n in (1, 2, 3)} - {
        "history 2"
    }


async def test_a_body_in_hand_counts_even_if_another_took_its_name(
    library: Library, episode: Episode, caplog: pytest.LogCaptureFixture
) -> None:
    """Its own headers say what an unclear one was believed to be: the sound is here all the same."""
    await settled(library, episode, "thief", receipt=Receipt("", "history"))
    await settled(library, episode, "key", receipt=Receipt("request", "history", 5))
    assert "one and the same history item" in caplog.text
    caplog.clear()
    assert await library.ledger.claimed() == {"request", "history"}


async def test_money_is_whole_however_much_it_is(library: Library, episode: Episode) -> None:
    for number in range(3):
        await settled(library, episode, f"{number}", 10**15 + 1)
    assert (await library.ledger.costs()).settled_micro == 3 * 10**15 + 3


async def test_a_cancelled_reservation_holds_nothing(library: Library, episode: Episode) -> None:
    for number in range(30):
        task = asyncio.create_task(library.ledger.reserve(purchase(episode, f"{number}")))
        for _ in range(number % 4):
            await asyncio.sleep(0)
        await asyncio.sleep(number % 5 / 1000)
        task.cancel()
        (done,) = await asyncio.gather(task, return_exceptions=True)
        if not isinstance(done, asyncio.CancelledError):  # it was through already
            await library.ledger.fail(task.result(), "not wanted any more")
    assert await library.ledger.costs() == Costs(0, 0, 0, 0, 0, 0)
    assert await library.ledger.asks() == []


async def test_recovery_takes_over_what_was_open(library: Library, root: Path, episode: Episode) -> None:
    ledger = library.ledger
    free = await ledger.reserve(purchase(episode, "free", bound=0))
    sent_free = await ledger.reserve(purchase(episode, "sent free", bound=0))
    await ledger.sent(sent_free)
    open_ = {}
    for state, way in WAYS.items():
        open_[state] = await ledger.reserve(purchase(episode, state, bound=7))
        for step in way:
            await MOVES[step](library, open_[state])
    for _ in range(2):  # the second time there is nothing left to do
        await ledger.recover()
        states = {state: (await row(root, attempt))["state"] for state, attempt in open_.items()}
        assert states == {state: state for state in AttemptState} | {
            AttemptState.INTENT: AttemptState.FAILED,
            AttemptState.SENT: AttemptState.UNKNOWN,
        }
        asks = [ask.attempt.id for ask in await ledger.asks()]
        assert asks == [
            open_[state]
            for state in (AttemptState.SENT, AttemptState.RECEIVED, AttemptState.STORED, AttemptState.UNKNOWN)
        ]
        assert (await row(root, free))["state"] == (await row(root, sent_free))["state"] == AttemptState.FAILED
        assert await ledger.costs() == Costs(1, 28, 1000, 1, 0, 0)
    assert "program ended" in str((await held(library, "sent")).error)


async def test_a_file_that_vanished_can_be_bought_again(
    library: Library, episode: Episode, caplog: pytest.LogCaptureFixture
) -> None:
    await settled(library, episode, "key", 1)
    sound = await library.ledger.bought("key")
    assert sound is not None
    library.artifacts.path(sound.audio).unlink()
    assert await library.ledger.bought("key") is None
    assert "file of a bought speech is gone" in caplog.text
    caplog.clear()
    await settled(library, episode, "key", 2)
    assert await library.ledger.bought("key") == sound
    assert (await library.ledger.costs()).settled_micro == 3


@pytest.mark.parametrize("what", ["the folder of all", "its own folder"])
async def test_a_file_that_cannot_be_seen_for_the_moment_is_not_bought_again(
    library: Library, episode: Episode, root: Path, what: str
) -> None:
    """A disk that was unplugged, a network folder that does not answer: what was bought is still there."""
    await settled(library, episode, "key", 1)
    sound = await library.ledger.bought("key")
    assert sound is not None
    folder = root / "artifacts"
    if what == "its own folder":
        folder = library.artifacts.path(sound.audio).parent
    away = root / "away"
    folder.rename(away)
    if what == "its own folder":
        folder.symlink_to(folder)  # whoever asks gets an error, and not that there is no such file
    with pytest.raises(StoreError, match="cannot be used") as caught:
        await library.ledger.bought("key")
    assert "disk is connected" in caught.value.remedy
    folder.unlink(missing_ok=True)
    away.rename(folder)
    assert await library.ledger.bought("key") == sound


async def test_a_removed_episode_keeps_its_attempts(library: Library, episode: Episode) -> None:
    await settled(library, episode, "key", 5)
    await under_way(library, episode, "open")
    await library.projects.remove(episode.id)
    assert await library.ledger.costs(episode.project_id) == Costs(5, 1_000_000, 1000, 1, 0, 0)
    assert [ask.attempt.episode_id for ask in await library.ledger.asks()] == [episode.id]


async def test_a_purchase_of_nobody_is_refused(library: Library, episode: Episode) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        await library.ledger.reserve(replace(purchase(episode, "key"), episode_id=4711))
    assert await library.ledger.asks() == []


async def test_the_database_itself_keeps_the_invariants(root: Path, library: Library, episode: Episode) -> None:
    await under_way(library, episode)
    await settled(library, episode, "other", receipt=Receipt("", "history"))
    database = await Database.open(root / "library.db")
    columns = "kind, project_id, episode_id, key, voice, model, characters, state, upper_bound_micro, credits_bound"
    again = f"INSERT INTO attempts ({columns}, created_at, ended_at, history_id) SELECT {columns}, created_at, ended_at"
    for statement, refusal in (
        (f"{again}, history_id FROM attempts WHERE key = 'key'", "UNIQUE.*key"),
        (f"{again}, history_id FROM attempts WHERE key = 'other'", "UNIQUE.*history_id"),
        ("UPDATE attempts SET state = 'failed' WHERE key = 'key'", "CHECK"),
        ("UPDATE attempts SET ended_at = NULL WHERE key = 'other'", "CHECK"),
        ("UPDATE attempts SET settled_micro = 5 WHERE key = 'key'", "CHECK"),
        ("UPDATE attempts SET settled_micro = -5 WHERE key = 'other'", "CHECK"),
        ("UPDATE attempts SET state = 'lost' WHERE key = 'key'", "CHECK"),
        ("INSERT INTO fence (id, token) VALUES (2, 7)", "CHECK"),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=refusal):
            await database.write(lambda connection, sql=statement: connection.execute(sql))  # type: ignore[misc]
    await database.close()


@pytest.mark.parametrize("move", [*MOVES, "reserve", "recover"])
async def test_a_locked_database_stops_every_step_whole(
    library: Library, root: Path, episode: Episode, move: str
) -> None:
    state = next((state for state, legal in LEGAL.items() if move in legal), AttemptState.SENT)
    attempt = await library.ledger.reserve(purchase(episode, "key"))
    for step in WAYS[state]:
        await MOVES[step](library, attempt)
    before = await row(root, attempt)
    await library._database.read(lambda connection: connection.execute("PRAGMA busy_timeout = 20"))
    with closing(sqlite3.connect(root / "library.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            await do(library, episode, attempt, move)
        other.execute("ROLLBACK")
    assert await row(root, attempt) == before
    assert len(await library.ledger.asks()) == 1
    await do(library, episode, attempt, move)  # it goes on as if nothing had been


async def do(library: Library, episode: Episode, attempt: int, move: str) -> None:
    if move == "reserve":
        await library.ledger.reserve(purchase(episode, "another"))
    elif move == "recover":
        await library.ledger.recover()
    else:
        await MOVES[move](library, attempt)


async def test_a_full_disk_stops_a_reservation_whole(library: Library, episode: Episode) -> None:
    # SQLite's own limit gives the very error that a full disk gives.
    await library._database.read(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
    large = replace(purchase(episode, "key"), chunk=replace(chunk("key"), text="".join(map(chr, range(33, 50_000)))))
    with pytest.raises(DiskFullError, match="no room"):
        await library.ledger.reserve(large)
    assert await library.ledger.asks() == []
    assert await library.ledger.costs() == Costs(0, 0, 0, 0, 0, 0)


async def test_a_database_damaged_meanwhile_gets_a_sentence(library: Library, root: Path, episode: Episode) -> None:
    for number in range(200):
        await library.ledger.reserve(purchase(episode, f"{number}"))
    await library._database.read(lambda connection: connection.execute("PRAGMA cache_size = 0"))
    checkpoint = sqlite3.connect(root / "library.db")
    checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    checkpoint.close()
    path = root / "library.db"
    whole = path.read_bytes()
    with path.open("rb+") as file:
        file.seek(4096)
        file.write(b"\xa5" * (len(whole) - 4096))
    with pytest.raises(StoreError, match="damaged"):
        await library.ledger.reserve(purchase(episode, "next"))
    with pytest.raises(StoreError, match="damaged"):
        await library.ledger.asks()
    path.write_bytes(whole)
