"""The books: what was spent, when and on what, what it gave, and what the rest will cost. Sums, and nothing else.

Money is integer micro-dollars, lengths are seconds. What counts on a day was asked for on it, as budgets count it; the
minutes of an episode count on the day on which the take in use was spoken.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import Enum, StrEnum
from operator import add, attrgetter
from typing import Final

from studio.domain.budget import THRESHOLDS
from studio.domain.voice import BUILTIN

_BURN_S: Final = 60.0  # a rate is not told from less than a minute
_MOST_DAYS: Final = 3653
_CHARACTERS_A_SECOND: Final = 15.0  # of speech, until a library has shown its own


class Period(Enum):
    """How far back one looks; the value is in days, 0 is everything."""

    WEEK = 7
    MONTH = 30
    QUARTER = 90
    ALL = 0


class Split(StrEnum):
    """By what spending is told apart."""

    PROJECT = "project"
    VOICE = "voice"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Sums:
    """What some part of the ledger adds up to, and what it gave.

    `held_micro` is promised, not spent; `unclear_micro`, a part of it, is held for calls of which nobody knows whether
    they were charged. `lost_micro`, a part of what is settled, was paid for nothing. `saved_micro` is what would have
    been paid for sound that was there already. Seconds are of episodes that were checked (`finished`) and let through
    the review (`accepted`); those of a voice that costs nothing stand apart.
    """

    settled_micro: int = 0
    held_micro: int = 0
    unclear_micro: int = 0
    lost_micro: int = 0
    saved_micro: int = 0
    calls: int = 0
    unclear_calls: int = 0
    characters: int = 0
    episodes: int = 0  # finished
    finished_s: float = 0.0
    accepted_s: float = 0.0
    free_finished_s: float = 0.0
    free_accepted_s: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*map(add, _amounts(self), _amounts(other)))

    @property
    def all_finished_s(self) -> float:
        """Seconds that were checked, whatever they cost."""
        return self.finished_s + self.free_finished_s

    @property
    def all_accepted_s(self) -> float:
        """Seconds that were let through the review, whatever they cost."""
        return self.accepted_s + self.free_accepted_s

    @property
    def micro_per_finished_minute(self) -> int | None:
        """What a finished minute of a paid voice has cost, with all that was lost on the way; None without any."""
        return per_minute(self.settled_micro, self.finished_s)

    @property
    def micro_per_accepted_minute(self) -> int | None:
        """What an accepted minute of a paid voice has cost; None without any."""
        return per_minute(self.settled_micro, self.accepted_s)


_amounts: Final = attrgetter(*(item.name for item in fields(Sums)))
NOTHING: Final = Sums()


@dataclass(frozen=True, slots=True)
class Entry:
    """What one project, voice or model came to on one day (its place in the days that were asked for).

    A project's group is its id in figures, a voice's its address.
    """

    day: int
    group: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class Account:
    """Entries, added up: by day, by group, and each group by day. Groups are in order of what was spent on them."""

    days: tuple[date, ...]
    groups: tuple[str, ...]
    by_day: tuple[Sums, ...]
    by_group: tuple[Sums, ...]
    cells: Mapping[tuple[int, str], Sums]  # (place of the day, group); what is missing is nothing
    total: Sums

    def cell(self, day: int, group: str) -> Sums:
        """What a group came to on a day."""
        return self.cells.get((day, group), NOTHING)


def account(entries: Iterable[Entry], days: Sequence[date]) -> Account:
    """Add entries up."""
    cells: dict[tuple[int, str], Sums] = {}
    for entry in entries:
        place, known = (entry.day, entry.group), cells.get((entry.day, entry.group))
        cells[place] = entry.sums if known is None else known + entry.sums
    of_day: dict[int, list[Sums]] = {}
    of_group: dict[str, list[Sums]] = {}
    for (day, group), sums in cells.items():
        of_day.setdefault(day, []).append(sums)
        of_group.setdefault(group, []).append(sums)
    by_group = {group: total(items) for group, items in of_group.items()}
    order = sorted(by_group, key=lambda group: (*_weight(by_group[group]), group))
    return Account(
        days=tuple(days),
        groups=tuple(order),
        by_day=tuple(total(of_day.get(day, ())) for day in range(len(days))),
        by_group=tuple(by_group[group] for group in order),
        cells=cells,
        total=total(by_group.values()),
    )


def total(items: Iterable[Sums]) -> Sums:
    """Everything together."""
    return Sums(*map(sum, zip(*map(_amounts, items), strict=True)))


def days_of(period: Period, today: date, first: date) -> tuple[date, ...]:
    """The days of a period that ends today, oldest first; of everything, from the `first` one with an entry.

    No more than ten years of them: what a clock that was wrong has dated before counts on the first.
    """
    start = today - timedelta(days=period.value - 1) if period.value else min(first, today)
    start = max(start, today - timedelta(days=_MOST_DAYS - 1))
    return tuple(start + timedelta(days=place) for place in range((today - start).days + 1))


def spoken(episodes: int, finished_s: float, accepted_s: float, *, free: bool) -> Sums:
    """The minutes of a voice, among those that cost money or those that do not."""
    if free:
        return Sums(episodes=episodes, free_finished_s=finished_s, free_accepted_s=accepted_s)
    return Sums(episodes=episodes, finished_s=finished_s, accepted_s=accepted_s)


def is_free(voice: str) -> bool:
    """Whether a voice, by its address, costs nothing."""
    return voice.partition(":")[0] == BUILTIN


def per_minute(micro: int, seconds: float) -> int | None:
    """Micro-dollars a minute; None where there are no minutes."""
    return round(micro * 60 / seconds) if seconds > 0 else None


# How fast money goes


@dataclass(frozen=True, slots=True)
class Burn:
    """Micro-dollars an hour, from the last one, and a day, on average; None where nothing was bought in it."""

    hour_micro: int | None
    day_micro: int | None


def burn(recent_micro: int, recent_s: float, by_day: Sequence[Sums]) -> Burn:
    """From what was spent in the last hour, `recent_s` after its first call was asked for, and day by day until today.

    The days before the first on which anything was spent do not count.
    """
    spent = [sums.settled_micro for sums in by_day]
    first = next((place for place, micro in enumerate(spent) if micro), None)
    return Burn(
        round(recent_micro * 3600 / max(_BURN_S, recent_s)) if recent_micro else None,
        None if first is None else round(sum(spent) / (len(spent) - first)),
    )


def lasts_s(left_micro: int, hour_micro: int) -> float:
    """How many seconds what is left lasts at this rate."""
    return left_micro * 3600 / hour_micro if hour_micro else math.inf


# What the rest will cost


@dataclass(frozen=True, slots=True)
class Waiting:
    """Episodes of a project that a voice is still to speak.

    `characters` are of those whose length is not reckoned yet, `expected_s` of the others. `paid_micro` is what is
    spent on them already where they have no take yet: calls of an episode that is half bought.
    """

    project_id: int
    voice: str
    episodes: int
    expected_s: float
    characters: int
    paid_micro: int


@dataclass(frozen=True, slots=True)
class Taught:
    """What the finished episodes of a project cost, with all their takes, and how long they are; paid voices only."""

    project_id: int
    episodes: int
    cost_micro: int
    seconds: float
    characters: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a project will have cost when all that waits is spoken: likely, and as a range. An estimate.

    `left_s` is how long what waits will be, `evidence` from how many finished episodes that was told.
    """

    low_micro: int
    likely_micro: int
    high_micro: int
    left_episodes: int
    left_s: float
    evidence: int


def forecast(spent: Sums, waiting: Iterable[Waiting], taught: Sequence[Taught]) -> Forecast | None:
    """What is spent, plus what a finished minute has cost so far for each one that waits; None without any evidence.

    A project goes by its own episodes, one that has none yet by those of the others. The range narrows with the square
    root of the evidence, and reaches up by the unclear calls: those may be charged, and bought again. Where an episode
    is to be spoken once more, all of it is reckoned; what mending may still buy is in the price of a minute.
    """
    known = {item.project_id: item for item in taught if item.seconds > 0}
    seconds, characters = sum(item.seconds for item in known.values()), sum(item.characters for item in known.values())
    episodes, cost = sum(item.episodes for item in known.values()), sum(item.cost_micro for item in known.values())
    pace = characters / seconds if seconds and characters else _CHARACTERS_A_SECOND
    rest = left_s = 0.0
    left = 0
    for each in waiting:
        if is_free(each.voice) or not each.episodes:
            continue
        by = known.get(each.project_id)
        if by is None and not seconds:
            return None
        rate = by.cost_micro / by.seconds if by is not None else cost / seconds
        length_s = each.expected_s + each.characters / pace
        rest += max(0.0, rate * length_s - each.paid_micro)
        left_s += length_s
        left += each.episodes
    spread = min(0.5, 0.1 + 0.4 / max(1, episodes) ** 0.5)
    likely = spent.settled_micro + round(rest)
    unclear = 0 if not left else spent.unclear_micro
    return Forecast(
        spent.settled_micro + round(rest * (1 - spread / 2)),
        likely,
        spent.settled_micro + round(rest * (1 + spread)) + unclear,
        left,
        left_s,
        episodes,
    )


# When a budget calls


def crossed(share: float, told: Collection[float]) -> tuple[float, ...]:
    """The marks of a budget that `share` has reached and that were not told yet, lowest first."""
    return tuple(mark for mark in THRESHOLDS if share >= mark and mark not in told)


def _weight(sums: Sums) -> tuple[int, int, float]:
    return -sums.settled_micro, -sums.held_micro, -sums.all_finished_s
