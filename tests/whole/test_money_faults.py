"""A batch through a service that fails in every way it can: every episode gets its sound, and nothing is paid twice."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.fakes.account import PERMISSIONS
from tests.fakes.faults import BREAKDOWNS, MIXED, REFUSALS, FaultPlan
from tests.fakes.ledger import Asked
from tests.money.books import audit, paid_once, tidy
from tests.money.case import case, prepared, script, settings
from tests.money.nursery import Nursery, ended_well, nursery

EPISODES = 125
UNCLEAR = (*BREAKDOWNS, "reset_after_read", "reset_in_body", "cut_in_body", "empty", "garbage", "truncated")
RATE = 0.3


@pytest.fixture(scope="module")
def lives() -> Iterator[Nursery]:
    with nursery() as born:
        yield born


def enumerate_every(nth: int, kinds: Iterable[str]) -> list[tuple[int, str]]:
    """One of the kinds for every nth request."""
    return [(nth * place, kind) for place, kind in enumerate(kinds, 1)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [script(number, 5 + number % 5) for number in range(EPISODES)]
    return prepared(tmp_path_factory.mktemp("batch") / "library", texts, settings(slots=10, unclear_after_min=1.0))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "read_rate", "history_delay_s"),
    [(1, 0.0, 0.0), (2, 0.3, 0.0), (3, 0.1, 0.2)],
    ids=["calls fail", "reading fails too", "the history is late"],
)
def test_a_batch_with_every_fault(
    seed: int, read_rate: float, history_delay_s: float, library: Path, tmp_path: Path, lives: Nursery
) -> None:
    faults = FaultPlan(rate=RATE, read_rate=read_rate, seconds=0.5, seed=seed)
    # Chance alone may leave a kind out.
    faults.schedule(enumerate_every(5, random.Random(seed).sample(MIXED, len(MIXED))))
    with case(library, tmp_path, faults=faults, seed=seed) as here:
        here.server.ledger.history.delay_s = history_delay_s
        story = ended_well(lives.live(here.life(speech_s=3.0, clock_factor=30.0)))
        starts = 1
        while not story.done and starts < 5:  # what stays unclear waits for the next start
            here.calm()
            audit(here)
            story = ended_well(lives.live(here.life(speech_s=3.0, clock_factor=30.0)))
            starts += 1
        assert story.done, [episode for episode in story.episodes if episode["reason"]]
        here.calm()
        figures = audit(here, finished=True)
        met = Counter(_met(asked) for asked in here.server.ledger.asked)
        print(  # noqa: T201 - for the record, with -rP
            f"{starts} starts, the last took {story.seconds:.1f} s; {figures}; {dict(met)}"
        )
        assert set(met) == {*MIXED, "ok"}


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["broken", "forbidden"])
def test_a_history_that_cannot_be_read(trouble: str, tmp_path: Path, lives: Nursery) -> None:
    """What may have been charged is held for as long as that lasts; then it is found. Answers have no headers here."""
    texts = [script(number, 5 + number % 5) for number in range(24)]
    library = prepared(tmp_path / "prepared", texts, settings(unclear_after_min=0.1))
    faults = FaultPlan(rate=0.4, kinds=UNCLEAR, seed=5)
    silence = frozenset({"request-id", "history-item-id", "character-cost", "x-trace-id"})
    with case(library, tmp_path, faults=faults, leave_out=silence) as here:
        life = here.life(clock_factor=100.0)
        if trouble == "broken":
            here.server.ledger.history.available = False
        else:
            blind = here.server.add_key("sk_without_history_0", PERMISSIONS - {"speech_history_read"})
            life = here.life(clock_factor=100.0, key=blind)
        ended_well(lives.live(life))
        story = ended_well(lives.live(life))  # to start again changes nothing
        here.calm()
        figures = audit(here)
        tidy(here)
        unclear = [episode for episode in story.episodes if episode["stage"] != "master"]
        assert figures.held > 0
        assert len(unclear) == len(here.rows("SELECT id FROM attempts WHERE state = 'unknown'")) > 3
        assert all("may have been charged" in episode["reason"] and episode["remedy"] for episode in unclear)
        asked = len(here.server.ledger.asked)

        here.server.ledger.history.available = True
        faults.rate = 0.0
        assert ended_well(lives.live(here.life(clock_factor=100.0))).done
        here.calm()
        audit(here, finished=True)
        paid_once(here)
        print(f"{len(unclear)} held, {len(here.server.ledger.asked) - asked} of them bought anew")  # noqa: T201


def _met(asked: Asked) -> str:
    """The fault that a request met, by its outcome."""
    codes = {code: kind for kind, (_, code) in REFUSALS.items()}
    return codes.get(asked.outcome, asked.outcome)
