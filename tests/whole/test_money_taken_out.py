"""A call of which nobody knows whether it was charged outlives its episode: what it holds can still be decided on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio import spending
from studio.domain.episode import Stage
from studio.engine.runner import RunOptions
from studio.store.library import Library
from tests.money.at_work import at_work
from tests.money.case import Case, case, prepared, script, settings
from tests.store.store_samples import purchase

BOUND = 250_000


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Case]:
    library = prepared(tmp_path / "prepared", [script(number, 3) for number in range(2)], settings())
    (tmp_path / "at").mkdir()
    with case(library, tmp_path / "at") as made:
        yield made


async def test_what_is_held_for_an_episode_that_was_taken_out_can_be_counted_as_spent(here: Case) -> None:
    library = await Library.open(here.root)
    gone, stays = await library.projects.episodes()
    for episode in (gone, stays):
        await library.ledger.sent(await library.ledger.reserve(purchase(episode, f"key {episode.id}", BOUND)))
    await library.projects.remove(gone.id)
    await library.close()

    async with at_work(here) as (studio, _said):
        await studio.salvage.outcome()
        projects = await studio.projects()
        calls = await spending.unclear_calls(studio, projects)
        assert len(calls) == 2
        names = await spending.named(studio, calls)
        assert max(name for _, name in names.values()) == "an episode that was taken out"
        studio.run.begin(RunOptions(Stage.PREPARE), projects)  # nothing more is bought here
        await spending.buy_again(studio, projects, ["all"])
        assert not await studio.market.unclear()
        costs = await studio.costs()
        assert (costs.settled_micro, costs.reserved_micro) == (2 * BOUND, 0)
