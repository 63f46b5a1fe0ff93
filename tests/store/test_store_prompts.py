"""Questions to a writer's model in the ledger: held before they leave, paid once, spent where nobody knows."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.books import Split
from studio.domain.budget import Limits
from studio.domain.episode import Episode
from studio.domain.errors import BudgetError, StoreError
from studio.domain.money import FREE, AttemptState, Price
from studio.domain.project import Project
from studio.domain.writing import Completion
from studio.engine.authoring import PromptLedger, PromptOrder
from studio.store.database import Database
from studio.store.library import Library
from tests.store.store_samples import purchase, queued

ANSWER = Completion("So it was — naïvely.", "m", 120, 30, cut=True, refusal="")
WRITER = "writer:127.0.0.1:8080"


@pytest.fixture
async def episode(library: Library, project: Project) -> Episode:
    return await queued(library, project)


def order(episode: Episode, key: str = "q", bound: int = 1_000, limits: Limits | None = None) -> PromptOrder:
    price = Price(0, bound) if bound else FREE
    return PromptOrder(episode.project_id, episode.id, key, WRITER, "m", 4_000, price, limits or Limits())


async def rows(root: Path, sql: str = "SELECT * FROM attempts ORDER BY id") -> list[dict[str, object]]:
    database = await Database.open(root / "library.db", looking=True)
    try:
        return await database.read(lambda connection: [dict(row) for row in connection.execute(sql)])
    finally:
        await database.close()


async def sent(library: Library, wanted: PromptOrder) -> int:
    attempt = await library.prompts.reserve(wanted)
    await library.prompts.sent(attempt)
    return attempt


async def test_a_question_step_by_step(library: Library, root: Path, episode: Episode) -> None:
    prompts: PromptLedger = library.prompts
    assert await prompts.answer("q") is None
    attempt = await prompts.reserve(order(episode))
    assert (await library.ledger.episode_costs(episode.id)).reserved_micro == 1_000
    await prompts.sent(attempt)
    await prompts.answered(attempt, ANSWER, 37)
    assert await prompts.answer("q") == ANSWER
    costs = await library.ledger.episode_costs(episode.id)
    assert (costs.settled_micro, costs.reserved_micro, costs.calls, costs.lost_micro) == (37, 0, 1, 0)
    assert costs.characters == 0  # what is asked is not spoken
    (row,) = await rows(root)
    assert (row["voice"], row["model"], row["state"], row["credits"]) == (WRITER, "m", AttemptState.SETTLED, 0)
    with pytest.raises(StoreError, match="answered a moment ago"):
        await prompts.reserve(order(episode))


async def test_what_was_sent_and_lost_is_spent_and_may_be_asked_again(library: Library, episode: Episode) -> None:
    prompts = library.prompts
    await prompts.lost(await sent(library, order(episode)), "cut")
    costs = await library.ledger.episode_costs(episode.id)
    assert (costs.settled_micro, costs.lost_micro, costs.reserved_micro) == (1_000, 1_000, 0)
    await prompts.answered(await sent(library, order(episode)), ANSWER, 5)
    assert (await library.ledger.episode_costs(episode.id)).settled_micro == 1_005


async def test_what_was_never_charged_is_released(library: Library, episode: Episode) -> None:
    await library.prompts.fail(await library.prompts.reserve(order(episode)), "never left")
    await library.prompts.fail(await sent(library, order(episode)), "refused")
    costs = await library.ledger.episode_costs(episode.id)
    assert (costs.settled_micro, costs.reserved_micro) == (0, 0)


async def test_an_answer_that_is_kept_is_not_lost_any_more(library: Library, episode: Episode) -> None:
    attempt = await sent(library, order(episode))
    await library.prompts.answered(attempt, ANSWER, 5)
    await library.prompts.lost(attempt, "cancelled meanwhile")
    assert (await library.ledger.episode_costs(episode.id)).settled_micro == 5


@pytest.mark.parametrize("step", ["answered", "lost", "sent twice"])
async def test_no_step_is_taken_out_of_turn(library: Library, episode: Episode, step: str) -> None:
    attempt = await library.prompts.reserve(order(episode))
    steps = {
        "answered": lambda: library.prompts.answered(attempt, ANSWER, 1),
        "lost": lambda: library.prompts.lost(attempt, "x"),
        "sent twice": lambda: library.prompts.sent(attempt),
    }
    if step == "sent twice":
        await library.prompts.sent(attempt)
    with pytest.raises(ValueError, match="cannot become"):
        await steps[step]()
    assert await library.prompts.answer("q") is None


async def test_the_same_question_is_held_once(library: Library, episode: Episode) -> None:
    await library.prompts.reserve(order(episode))
    with pytest.raises(StoreError, match="being asked"):
        await library.prompts.reserve(order(episode))
    await library.prompts.reserve(order(episode, "another"))


async def test_budgets_count_questions_and_speech_together(library: Library, episode: Episode) -> None:
    limits = Limits(batch_micro=2_500)
    await library.ledger.reserve(purchase(episode, "speech", 1_000, limits))
    await library.prompts.reserve(order(episode, "a", limits=limits))
    with pytest.raises(BudgetError, match=r"the project “Walden” is \$0\.0025") as caught:
        await library.prompts.reserve(order(episode, "b", limits=limits))
    assert "Raise “Budget”" in caught.value.remedy
    with pytest.raises(BudgetError):
        await library.ledger.reserve(purchase(episode, "more speech", 1_000, limits))
    for tight in (Limits(episode_micro=2_500), Limits(day_micro=2_500), Limits(month_micro=2_500)):
        with pytest.raises(BudgetError):
            await library.prompts.reserve(order(episode, "c", limits=tight))


async def test_a_model_that_costs_nothing_is_kept_by_no_budget(library: Library, root: Path, episode: Episode) -> None:
    limits = Limits(batch_micro=1)
    await library.prompts.reserve(order(episode, "dear", 1, limits))
    free = [await sent(library, order(episode, "free", 0, limits)) for _ in range(2)]
    for attempt in free:
        await library.prompts.answered(attempt, replace(ANSWER, text=str(attempt)), 0)
    assert await library.prompts.answer("free") == replace(ANSWER, text=str(free[0]))
    assert [row["settled_micro"] for row in await rows(root)] == [0, 0, 0]


async def test_a_cancelled_reservation_leaves_nothing(library: Library, root: Path, episode: Episode) -> None:
    task = asyncio.ensure_future(library.prompts.reserve(order(episode)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(row["state"] == AttemptState.FAILED for row in await rows(root))
    await library.prompts.reserve(order(episode))


async def test_after_a_kill_what_was_sent_is_spent_and_speech_is_unclear(
    library: Library, root: Path, episode: Episode
) -> None:
    limits = Limits(batch_micro=100_000)
    await library.prompts.reserve(order(episode, "intent", limits=limits))
    await sent(library, order(episode, "sent", limits=limits))
    await sent(library, order(episode, "free", 0))
    await library.prompts.answered(await sent(library, order(episode, "kept", limits=limits)), ANSWER, 7)
    await library.ledger.sent(await library.ledger.reserve(purchase(episode, "speech", 50)))
    assert [ask.attempt.key for ask in await library.ledger.asks()] == ["speech"]
    await library.close()

    again = await Library.open(root)
    try:
        await again.ledger.recover()
        states = {row["key"]: (row["state"], row["settled_micro"]) for row in await rows(root)}
        assert states == {
            "intent": (AttemptState.FAILED, 0),
            "sent": (AttemptState.FAILED, 1_000),
            "free": (AttemptState.FAILED, 0),
            "kept": (AttemptState.SETTLED, 7),
            "speech": (AttemptState.UNKNOWN, 0),
        }
        assert [ask.attempt.key for ask in await again.ledger.asks()] == ["speech"]
        assert await again.ledger.open_under("sent") is None
        assert await again.prompts.answer("kept") == ANSWER
        for key in ("intent", "sent", "free"):
            await again.prompts.reserve(order(episode, key))
    finally:
        await again.close()


async def test_a_copy_that_lost_the_library_writes_nothing(library: Library, root: Path, episode: Episode) -> None:
    attempt = await library.prompts.reserve(order(episode))
    other = await Database.open(root / "library.db")
    try:
        await other.take_over()
        for step in (
            library.prompts.sent(attempt),
            library.prompts.fail(attempt, "x"),
            library.prompts.reserve(order(episode, "b")),
        ):
            with pytest.raises(StoreError):
                await step
    finally:
        await other.close()
    assert [row["state"] for row in await rows(root)] == [AttemptState.INTENT]


async def test_the_books_show_the_writer_beside_the_voices(library: Library, episode: Episode) -> None:
    await library.prompts.answered(await sent(library, order(episode, "a")), ANSWER, 37)
    await library.prompts.lost(await sent(library, order(episode, "b")), "cut")
    extract = await library.books.extract(None, Split.VOICE, [""], "")
    (entry,) = extract.entries
    assert entry.group == WRITER
    assert (entry.sums.settled_micro, entry.sums.lost_micro, entry.sums.calls) == (1_037, 1_000, 1)
    assert entry.sums.characters == 0
    assert extract.whole.settled_micro == 1_037
