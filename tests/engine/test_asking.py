"""Questions to a real model server through the real ledger: asked once, within the budget, whatever goes wrong."""

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from studio import app
from studio.content.chat_endpoint import Patience
from studio.content.writers import Writers
from studio.domain.errors import BatchcastError, BudgetError, SettingError
from studio.domain.money import usd
from studio.domain.project import Project
from studio.domain.purchase import CallError, PurchasesStoppedError, Trouble
from studio.domain.settings import Settings
from studio.domain.writing import Completion, Prompt, Role
from studio.engine import under_way
from studio.engine.asking import MOST_LOST, Asker
from studio.engine.events import Doing, Event, Events
from studio.engine.rooms import Rooms
from studio.engine.shops import Shops
from studio.voices.elevenlabs_client import Patience as SpeechPatience
from tests.fakes.chat_server import KEY, ChatServer, chat_server
from tests.money.parts import QuickClock, Threads, rooms
from tests.store.quick_library import open_quick
from tests.store.store_samples import queued

PRICES = "0.15 / 0.60"
FASTER = 1_000.0  # so that back-offs take milliseconds


def question(number: int = 0, most_tokens: int = 300) -> Prompt:
    said = ((Role.SYSTEM, "You write."), (Role.USER, f"Number {number}. It has about 30 words."))
    return Prompt("storyteller-8b", said, most_tokens, 0.7, 0)


@dataclass
class Desk:
    """An asker at work, and what a test sees of it."""

    root: Path
    parts: Rooms
    asker: Asker
    shops: Shops
    project: Project
    episodes: Sequence[int]
    said: list[Doing]

    async def ask(self, prompt: Prompt, episode: int = 0) -> Completion:
        ask = self.asker.for_episode(self.project, self.episodes[episode], self.project.settings)
        return await ask(prompt)

    def rows(self) -> list[Any]:
        with closing(sqlite3.connect(self.root / "library.db")) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute("SELECT * FROM attempts ORDER BY id").fetchall()

    def states(self) -> Counter[str]:
        return Counter(row["state"] for row in self.rows())

    @property
    def spent(self) -> int:
        return sum(row["settled_micro"] for row in self.rows())

    @property
    def most(self) -> int:
        """The highest sum of spent and held, at any committed moment."""
        with closing(sqlite3.connect(self.root / "library.db")) as connection:
            return int(connection.execute("SELECT coalesce(max(held), 0) FROM peak").fetchone()[0])


@asynccontextmanager
async def desk(root: Path, server: ChatServer, *, key: str = "", **values: Any) -> AsyncIterator[Desk]:
    library = await open_quick(root / "library")
    clock = QuickClock(FASTER, root / "jump")
    given = {"writer": server.url, "writer_prices": PRICES, "writer_model": "storyteller-8b"}
    settings = Settings().with_values({**given, "requests_per_minute": 10_000, **values})
    project = await library.projects.create("The log", root / "out", settings)
    episodes = [(await queued(library, project, number)).id for number in range(3)]
    note = "INSERT INTO peak SELECT sum(settled_micro + reserved_micro) FROM attempts"
    with closing(sqlite3.connect(root / "library" / "library.db")) as connection:
        connection.executescript(
            f"CREATE TABLE peak (held INTEGER); CREATE TRIGGER p1 AFTER INSERT ON attempts BEGIN {note}; END;"
            f"CREATE TRIGGER p2 AFTER UPDATE ON attempts BEGIN {note}; END;"
        )

    async def keys() -> str:
        return key

    writers = Writers(Threads(), app.resources(), keys, Patience(silence_s=5.0))
    parts = replace(rooms(library, clock, "http://127.0.0.1:9", "none", SpeechPatience()), writers=writers)
    events, said = Events(), list[Doing]()

    def listen(event: Event) -> None:
        if isinstance(event, Doing):
            said.append(event)

    events.subscribe(listen)
    shops = Shops(clock, events.say)
    shops.limit(settings.slots, settings.requests_per_minute)
    asker = Asker(parts, shops, events)
    try:
        yield Desk(root / "library", parts, asker, shops, project, episodes, said)
    finally:
        await asker.close()
        await shops.close()
        await writers.close()
        await parts.voices.close()
        await library.close()


async def test_an_answer_is_paid_once_whoever_asks(tmp_path: Path) -> None:
    with chat_server(delay_s=0.02) as server:
        async with desk(tmp_path, server) as here:
            answers = await asyncio.gather(*(here.ask(question(), episode) for episode in (0, 1, 2, 0)))
            assert len({answer.text for answer in answers}) == 1
            assert await here.ask(question(), 2) == answers[0]
            assert len(server.asked) == 1
            assert here.spent == server.micro
            (row,) = here.rows()
            assert (row["voice"], row["episode_id"]) == (f"writer:{server.name}", here.episodes[0])
            assert any("waits for another episode" in each.text for each in here.said)
            assert any(each.text == "the model reads" for each in here.said)
            assert [each.text for each in here.said if each.episode_id == here.episodes[0]][-1] == ""


PASSES = ("429", "429_after", "slots", "503", "500", "reset", "cut", "hang_up", "error_in_stream", "malformed", "html")


@pytest.mark.parametrize("fault", PASSES)
async def test_what_passes_is_asked_again(tmp_path: Path, fault: str) -> None:
    with chat_server(faults={1: fault, 2: fault}) as server:
        async with desk(tmp_path, server) as here:
            completion = await here.ask(question())
            assert completion.text
            assert len(server.asked) == 3
            states = here.states()
            assert states == {"settled": 1, "failed": 2}
            lost = [row["settled_micro"] for row in here.rows() if row["state"] == "failed"]
            charged_for_certain = fault in {"429", "429_after", "slots", "503"}
            bound = here.rows()[0]["upper_bound_micro"]
            assert lost == ([0, 0] if charged_for_certain else [bound, bound])
            assert here.spent - sum(lost) == server.asked[-1].micro
            assert here.spent >= server.micro
            assert not [row for row in here.rows() if row["ended_at"] is None]


async def test_what_never_comes_to_its_end_is_given_up(tmp_path: Path) -> None:
    with chat_server(rate=1.0, kinds=("runaway",)) as server:
        async with desk(tmp_path, server) as here:
            with pytest.raises(CallError) as caught:
                await here.ask(question())
            assert caught.value.trouble is Trouble.CUT
            assert len(server.asked) == MOST_LOST
            assert here.states() == {"failed": MOST_LOST}
            assert here.spent == MOST_LOST * here.rows()[0]["upper_bound_micro"] >= server.micro


async def test_a_key_that_is_wrong_stops_everything_and_costs_nothing(tmp_path: Path) -> None:
    with chat_server(key=KEY) as server:
        async with desk(tmp_path, server, key="sk-wrong") as here:
            with pytest.raises(PurchasesStoppedError, match="does not accept the API key"):
                await here.ask(question())
            with pytest.raises(PurchasesStoppedError):
                await here.ask(question(1))
            here.shops.reopen()
            assert (here.spent, here.states()) == (0, {"failed": 2})
        assert not server.asked


async def test_what_is_refused_is_not_asked_again(tmp_path: Path) -> None:
    with chat_server(unknown=frozenset({"messages"})) as server:
        async with desk(tmp_path, server) as here:
            with pytest.raises(CallError) as caught:
                await here.ask(question())
            assert caught.value.trouble is Trouble.REFUSED
            assert (here.spent, here.states()) == (0, {"failed": 1})


async def test_the_built_in_writer_asks_nobody(tmp_path: Path) -> None:
    with chat_server() as server:
        async with desk(tmp_path, server, writer="builtin") as here:
            with pytest.raises(SettingError):
                await here.ask(question())


async def test_where_others_hold_what_is_left_one_waits_for_it(tmp_path: Path) -> None:
    with chat_server(delay_s=0.01) as server:
        async with desk(tmp_path, server) as sizing:
            model = sizing.parts.writers.model(sizing.project.settings)
            assert model is not None
            bound = model.price(question()).micro
        budget = bound + bound // 2
        async with desk(tmp_path / "tight", server, budget_usd=usd(budget)) as here:
            answers = await asyncio.gather(*(here.ask(question(number), number % 3) for number in range(4)))
            assert all(answer.text for answer in answers)
            assert here.most <= budget
            assert here.spent == server.micro
            assert any("waits for the budget" in each.text for each in here.said)


async def test_no_budget_is_exceeded_and_the_rest_is_told_so(tmp_path: Path) -> None:
    with chat_server(rate=0.3, seed=4) as server:
        async with desk(tmp_path, server, budget_usd=0.003) as here:
            ends = await asyncio.gather(
                *(here.ask(question(number), number % 3) for number in range(30)), return_exceptions=True
            )
            answered = [end for end in ends if isinstance(end, Completion)]
            refused = [end for end in ends if isinstance(end, BudgetError)]
            assert len(answered) + len(refused) == len(ends), ends
            assert answered
            assert refused
            assert here.most <= 3_000
            assert server.micro <= here.spent <= 3_000
            assert not [row for row in here.rows() if row["ended_at"] is None]


async def test_a_lowered_budget_holds_for_what_has_not_left(tmp_path: Path) -> None:
    with chat_server() as server:
        server.holds = True
        async with desk(tmp_path, server, slots=1) as here:
            asking = [asyncio.ensure_future(here.ask(question(number))) for number in range(4)]
            async with asyncio.timeout(30):
                while not server.asked:  # noqa: ASYNC110  (it happens in another thread)
                    await asyncio.sleep(0.005)
            budget = max(row["upper_bound_micro"] for row in here.rows())
            tight = here.project.settings.with_values({"budget_usd": usd(budget)})
            here.shops.know([replace(here.project, settings=tight)])
            server.holds = False
            ends = await asyncio.gather(*asking, return_exceptions=True)
            answered = [end for end in ends if isinstance(end, Completion)]  # whichever of them was the first to leave
            refused = [end for end in ends if isinstance(end, BudgetError)]
            assert (len(answered), len(refused)) == (1, 3), ends
            assert len(server.asked) == 1
            assert here.spent == server.micro <= budget
            assert not [row for row in here.rows() if row["ended_at"] is None]


@pytest.mark.parametrize("seed", range(3))
async def test_cancelled_anywhere_no_row_stays_open(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with chat_server(delay_s=0.01, rate=0.3, seed=seed) as server:
        async with desk(tmp_path, server) as here:
            for number in range(25):
                task = asyncio.ensure_future(here.ask(question(number)))
                await asyncio.sleep(chance.uniform(0.0, 0.05))
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            await here.asker.idle()
            assert not [row for row in here.rows() if row["ended_at"] is None]
            # What had left was brought to its end, and is there for whoever asks next.
            before = len(server.asked)
            whole = [each for each in server.asked if each.whole]
            assert whole
            server.options.rate = 0.0
            for number in range(25):
                await here.ask(question(number))
            assert len(server.asked) - before == 25 - len(whole)
            assert not server.paid_twice()
            assert here.spent >= server.micro


async def arrived(server: ChatServer, questions: int) -> None:
    for _ in range(5_000):
        if len(server.asked) >= questions:
            return
        await asyncio.sleep(0.001)
    raise AssertionError("nothing came")


async def test_at_the_end_what_is_in_flight_gets_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with chat_server(delay_s=0.05) as server:
        async with desk(tmp_path, server) as here:
            task = asyncio.ensure_future(here.ask(question()))
            await arrived(server, 1)
            await here.asker.close()
            assert (await task).text
            monkeypatch.setattr(under_way, "GRACE_S", 0.01)
            late = asyncio.ensure_future(here.ask(question(1)))
            await arrived(server, 2)
            await here.asker.close()
            with pytest.raises(asyncio.CancelledError):
                await late
            settled, lost = here.rows()
            assert settled["state"] == "settled"
            assert (lost["state"], lost["settled_micro"]) == ("failed", lost["upper_bound_micro"])


async def test_requests_at_once_are_bounded(tmp_path: Path) -> None:
    with chat_server(delay_s=0.01) as server:
        async with desk(tmp_path, server, slots=2) as here:
            await asyncio.gather(*(here.ask(question(number)) for number in range(8)))
            assert server.peak <= 2
            assert any("in line" in each.text for each in here.said)


async def test_errors_are_sentences_with_a_cure(tmp_path: Path) -> None:
    with chat_server() as server:
        async with desk(tmp_path, server, episode_budget_usd=0.00001) as here:
            with pytest.raises(BatchcastError) as caught:
                await here.ask(question())
            assert isinstance(caught.value, BudgetError)
            assert caught.value.remedy
            assert not server.asked
