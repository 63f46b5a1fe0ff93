"""`kill -9` anywhere on the money path, and a new start: nothing paid twice, nothing paid lost, no budget exceeded."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from studio.domain.money import usd
from tests.fakes.faults import MIXED, Fault, FaultPlan
from tests.money.books import Figures, audit, paid_once, tidy
from tests.money.case import MICRO_PER_CREDIT, Case, case, prepared, script, settings
from tests.money.nursery import Nursery, ended_well, nursery

CHUNK = 220  # characters a call: most scripts have several
SENTENCES = (9, 3, 6, 4, 12, 7, 5, 8)
# At random times, in all.
KILLS = int(os.environ.get("BATCHCAST_KILLS", "200"))
RUNS = 4
# Not those that go on until somebody loses patience; and the length of a text this short says too little of its sound.
QUICK = tuple(kind for kind in MIXED if kind not in {"hang", "trickle", "wrong_length"})


@pytest.fixture(scope="module")
def lives() -> Iterator[Nursery]:
    with nursery() as born:
        yield born


@dataclass(frozen=True)
class Ready:
    """Libraries to be copied: `tight` has a budget that its scripts fit into once, and not a letter more."""

    tight: Path
    budget_micro: int
    free: Path  # the same without a budget
    life_s: float  # undisturbed


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, lives: Nursery) -> Ready:
    folder = tmp_path_factory.mktemp("prepared")
    texts = [script(number, sentences) for number, sentences in enumerate(SENTENCES)]
    free = prepared(folder / "free", texts, settings())
    with case(free, folder, chunk_limit=CHUNK) as here:
        story = ended_well(lives.live(here.life()))
        needed_micro = MICRO_PER_CREDIT * audit(here, finished=True).charged
    tight = prepared(folder / "tight", texts, settings(budget_usd=usd(needed_micro)))
    return Ready(tight, needed_micro, free, story.seconds)


def finished(case: Case, lives: Nursery, budget_micro: int = 0, *, paid_twice: bool = False) -> Figures:
    """Let it live undisturbed, then look at everything. `paid_twice`: what was paid first was of no use."""
    story = ended_well(lives.live(case.life()))
    assert story.done, story.episodes
    case.calm()
    figures = audit(case, finished=True, budget_micro=budget_micro)
    if not paid_twice:
        paid_once(case)
    return figures


@pytest.mark.slow
@pytest.mark.parametrize("run", range(RUNS))
def test_killed_at_random_times(run: int, ready: Ready, tmp_path: Path, lives: Nursery) -> None:
    """Every other run meets faults too; what they spoil is paid once more, so that its budget is none."""
    chance = random.Random(run)
    rate = 0.25 if run % 2 else 0.0
    library, budget_micro = (ready.free, 0) if rate else (ready.tight, ready.budget_micro)
    left, under_way, totals = KILLS // RUNS, Counter[str](), Counter[str]()
    longest_s = 0.4 * ready.life_s
    while left:
        seed = 1_000 * run + left
        faults = FaultPlan(rate=rate, kinds=QUICK, seconds=0.05, seed=seed)
        with case(library, tmp_path, faults=faults, chunk_limit=CHUNK, seed=seed) as here:
            seen, stuck, done = 0, 0, False
            while left and not done:
                end = lives.live(here.life(), kill_s=chance.uniform(0.0, longest_s))
                here.calm()
                if not end.killed:
                    done = ended_well(end).done
                    tidy(here)
                    longest_s *= 0.7
                    continue
                left -= 1
                audit(here, budget_micro=budget_micro)
                states = here.rows("SELECT state FROM attempts WHERE ended_at IS NULL")
                under_way.update({row["state"] for row in states} or {"nothing"})
                # However busy the machine is: lives that get nowhere are followed by longer ones.
                (now,) = here.rows("SELECT count(*) FROM watch")[0]
                stuck = 0 if now > seen else stuck + 1
                seen = now
                longest_s *= 1.0 if stuck < 3 else 1.3
            faults.rate = 0.0
            totals.update(asdict(finished(here, lives, budget_micro, paid_twice=bool(rate))))
    print(f"kills with calls under way: {dict(under_way)}; in all {dict(totals)}")  # noqa: T201 - for the record, with -rP
    assert set(under_way) - {"nothing"}


@pytest.mark.slow
def test_killed_with_a_budget_for_half_of_it(ready: Ready, tmp_path: Path, lives: Nursery) -> None:
    chance, budget_micro = random.Random(9), ready.budget_micro // 2
    with case(ready.tight, tmp_path, chunk_limit=CHUNK) as here:
        here.change_settings(budget_usd=usd(budget_micro))
        for _ in range(12):
            lives.live(here.life(), kill_s=chance.uniform(0.3, 1.0) * ready.life_s)
            here.calm()
            audit(here, budget_micro=budget_micro)
        story = ended_well(lives.live(here.life()))
        figures = audit(here, budget_micro=budget_micro)
        assert not story.done
        assert any("budget" in episode["reason"] for episode in story.episodes), story.episodes
        assert budget_micro // 2 < MICRO_PER_CREDIT * figures.charged <= budget_micro
        here.change_settings(budget_usd=usd(ready.budget_micro))
        finished(here, lives, ready.budget_micro)


# Every step from the first question to the last file removed, where all goes well; and where it does not: a call that
# the vendor charged and did not deliver, a body that is not the sound, a sound that is none.
SMOOTH = (
    "projects.keep_terms", "artifacts.ensure_room", "ledger.reserve", "ledger.sent", "voice.speak",
    "artifacts.received", "ledger.received", "job.prove", "artifacts.keep_bought", "ledger.stored", "ledger.settle",
    "artifacts.drop", "projects.save",
)  # fmt: skip
LOST = (
    "ledger.unclear", "ledger.claimed", "voice.find", "voice.fetch", "artifacts.received", "ledger.received",
    "job.prove", "artifacts.keep_bought", "ledger.stored", "ledger.settle", "artifacts.drop",
)  # fmt: skip
SPOILT = ("ledger.unclear", "voice.find", "voice.fetch", "ledger.received", "job.prove", "ledger.spoil")
FREE = ("ledger.unclear", "voice.find", "ledger.fail", "artifacts.drop")
STORIES = {
    "smooth": ((), SMOOTH),
    "cut off": (("reset_in_body", "error_502"), LOST),
    "garbled": (("garbage", "empty"), LOST),
    "silent": (("silent", "wrong_length"), SPOILT),
    "not charged": (("hang-up",), FREE),
}
PLACES = [
    (story, f"{step} {when}") for story, (_, steps) in STORIES.items() for step in steps for when in ("before", "after")
] + [("smooth", "voice.speak inside")]


@pytest.mark.slow
@pytest.mark.parametrize(("story", "place"), PLACES)
def test_killed_at_a_step(story: str, place: str, steps_ready: Path, tmp_path: Path, lives: Nursery) -> None:
    kinds = STORIES[story][0]
    with case(steps_ready, tmp_path) as here:
        here.server.schedule(enumerate((FAULTS[kind] for kind in kinds), 1))
        killed = 0
        for nth in (1, 2, 1):
            end = lives.live(here.life(die_at=f"{place} {nth}"))
            killed += end.killed
            here.calm()
            audit(here)
            if not end.killed:
                ended_well(end)
                tidy(here)
        assert killed, f"{place} is no place of this story"
        finished(here, lives, paid_twice=story == "silent")


FAULTS = {
    **{kind: Fault(kind) for kind in ("reset_in_body", "garbage", "empty", "silent", "wrong_length")},
    "error_502": Fault("error_502", charged=True),
    "hang-up": Fault("reset_after_read", charged=False),
}


@pytest.fixture(scope="module")
def steps_ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [script(number, sentences) for number, sentences in enumerate((3, 4))]
    return prepared(tmp_path_factory.mktemp("steps") / "library", texts, settings(slots=2))
