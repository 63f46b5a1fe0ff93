"""What a batch will cost and when it will be through, before anything is bought."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from studio.domain.budget import BudgetUse, Scope
from studio.domain.duration import SpeakingRate, first_guess
from studio.domain.episode import Episode
from studio.domain.errors import InputError
from studio.domain.money import bound_usd, micro, usd
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.engine.budget import Balance, fitting, limits, sentence
from studio.engine.drafts import Size
from studio.engine.rooms import Rooms
from studio.engine.speaking import plan
from studio.engine.topic_quote import NO_WRITING, Writing, minutes_of, most_characters, writing
from studio.engine.trade import Voice

# Seconds a character, until this batch has shown its own: what a vendor takes for one call, and what mastering and
# checking take on one core (39 and 24 times real time at 15 characters a second).
_CALL_S = 0.004
_CORE_S = 0.0045
_CALL_BASE_S = 2.0
_SPEAK_CORE_S = 0.0008  # the built-in voice, on a core
_SPREAD = 0.35


@dataclass(frozen=True, slots=True)
class Quote:
    """Money in micro-dollars, an upper bound; `fits` are the episodes that the budgets leave room for, in order.

    What topics will cost is part of it: `writing` says how much of `cost_micro` that is. Their speech is reckoned at
    the most that their minutes can come to.
    """

    voice: str
    model: str
    plan: str
    episodes: int
    characters: int
    calls: int
    cached_calls: int
    cached_characters: int
    credits: int
    cost_micro: int
    saved_micro: int
    low_s: float
    high_s: float
    tightest: BudgetUse | None
    fits: tuple[int, ...]
    fits_micro: int
    writing: Writing = NO_WRITING

    @property
    def fits_all(self) -> bool:
        """Whether the budgets bear the whole batch."""
        return len(self.fits) == self.episodes

    @property
    def sentence(self) -> str:
        """What it needs, and where it does not fit, what does."""
        need = f"The batch needs up to ${bound_usd(self.cost_micro):,.2f}"
        if self.fits_all or self.tightest is None:
            if not self.fits_all:
                return f"{need}; {len(self.fits)} of {self.episodes} episodes fit the budget of an episode."
            return f"{need}."
        use = self.tightest
        if use.scope is Scope.CREDITS:
            need = f"The batch needs up to {self.credits:,} credits"
            left = f"{use.left:,}"
        else:
            left = f"${usd(use.left):,.2f}"
        return f"{need}; {sentence(use)} leaves {left}: {len(self.fits)} of {self.episodes} episodes fit."


@dataclass(frozen=True, slots=True)
class Unspoken:
    """An episode that is to be spoken, under these settings; `spoken` gets its spoken form when it is needed.

    `topic` is set where it is still to be written: then there is no spoken form.
    """

    episode: Episode
    settings: Settings
    spoken: Callable[[], Awaitable[SpokenForm]]
    topic: Topic | None = None


@dataclass(frozen=True, slots=True)
class _Calls:
    """What an episode asks of a voice: the characters of each call, and of those that were bought before."""

    id: int
    voice: Voice
    new: tuple[int, ...]
    cached: tuple[int, ...]
    writing: Writing = NO_WRITING


@dataclass(frozen=True, slots=True)
class _Line:
    """One episode's part of a quote."""

    id: int
    credits: int
    micro: int
    saved_micro: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """About what drafts will take, before anything of them is prepared.

    `lengths_s` and `costs_micro` are of each draft, in order; `credits` and `cost_micro` of all of them, `fits` how
    many the budgets leave room for. What topics cost, `writing` among it, is an upper bound; `characters` are those of
    each draft.
    """

    lengths_s: tuple[float, ...]
    costs_micro: tuple[int, ...]
    cost_micro: int
    credits: int
    low_s: float
    high_s: float
    tightest: BudgetUse | None
    fits: int
    characters: tuple[int, ...]
    writing: Writing = NO_WRITING


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A voice under these settings, what it takes in one call, and its pace."""

    settings: Settings
    voice: Voice
    limit: int | None
    rate: SpeakingRate

    def length_s(self, size: Size) -> float:
        if size.topic is not None:
            return 60 * minutes_of(size.topic, self.settings)
        return self.rate.expected_s(size.extent(self.settings))

    def characters(self, size: Size) -> int:
        if size.topic is not None:
            return most_characters(minutes_of(size.topic, self.settings), self.rate)
        return size.characters


class Quoter:
    """Makes quotes."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def quote(
        self,
        unspoken: Sequence[Unspoken],
        project_id: int | None,
        balance: Balance,
        plan_name: str,
        slots: int,
        per_minute: int,
    ) -> Quote:
        """For episodes that are to be spoken, in the order in which they would be. Raises `VoiceError`, `CallError`."""
        rooms = self._rooms
        if not unspoken:
            return _nothing()
        first = unspoken[0].settings
        kept = limits(first, rooms.clock.now(), balance)
        # A spoken form is large: no more of them at a time than the cores make.
        room = asyncio.Semaphore(rooms.compute.slots + 1)
        calls = await asyncio.gather(*(self._calls(each, room) for each in unspoken))
        lines = _priced(calls, await rooms.ledger.used_credits(kept.month_from), plan_name)
        uses = await rooms.ledger.budgets(project_id or 0, None, replace(kept, episode_micro=0))
        if project_id is None:
            uses = [use for use in uses if use.scope is not Scope.BATCH]
            if kept.batch_micro:
                uses.append(BudgetUse(Scope.BATCH, kept.batch_micro, 0, 0))
        fits = fitting([(line.id, line.micro, line.credits) for line in lines], uses, micro(first.episode_budget_usd))
        low_s, high_s = self._time(calls, slots, per_minute)
        cost_micro, charged = sum(line.micro for line in lines), sum(line.credits for line in lines)
        bought = [each for each in calls if each.voice.seller is not None]
        return Quote(
            voice=first.voice,
            model=calls[0].voice.model,
            plan=plan_name,
            episodes=len(calls),
            characters=sum(sum(each.new) for each in calls),
            calls=sum(len(each.new) for each in bought),
            cached_calls=sum(len(each.cached) for each in bought),
            cached_characters=sum(sum(each.cached) for each in bought),
            credits=charged,
            cost_micro=cost_micro,
            saved_micro=sum(line.saved_micro for line in lines),
            low_s=low_s,
            high_s=high_s,
            tightest=_tightest(uses, cost_micro, charged),
            fits=fits,
            fits_micro=sum(line.micro for line in lines if line.id in set(fits)),
            writing=sum((each.writing for each in calls), NO_WRITING),
        )

    async def estimate(
        self,
        sizes: Sequence[tuple[Size, str]],
        kinds: Mapping[str, Settings],
        project_id: int,
        shared: Settings,
        balance: Balance,
        plan_name: str,
        slots: int,
        per_minute: int,
    ) -> Estimate:
        """For drafts, by their size alone; each names one of the `kinds` of settings. Raises as `quote`."""
        speakers: dict[str, _Speaker] = {}
        for kind, settings in kinds.items():
            voice = self._rooms.voices.voice(settings)
            limit = (await voice.terms(settings)).limit if voice.seller else None
            speakers[kind] = _Speaker(settings, voice, limit, first_guess(settings.voice, settings.speed))
        kept = limits(shared, self._rooms.clock.now(), balance)
        used = await self._rooms.ledger.used_credits(kept.month_from)
        uses = await self._rooms.ledger.budgets(project_id, None, replace(kept, episode_micro=0))

        def reckon() -> Estimate:
            calls = [self._guessed(place, size, speakers[kind]) for place, (size, kind) in enumerate(sizes)]
            lines = _priced(calls, used, plan_name)
            cost_micro, charged = sum(line.micro for line in lines), sum(line.credits for line in lines)
            figures = [(line.id, line.micro, line.credits) for line in lines]
            low_s, high_s = self._time(calls, slots, per_minute) if calls else (0.0, 0.0)
            return Estimate(
                lengths_s=tuple(speakers[kind].length_s(size) for size, kind in sizes),
                costs_micro=tuple(line.micro for line in lines),
                cost_micro=cost_micro,
                credits=charged,
                low_s=low_s,
                high_s=high_s,
                tightest=_tightest(uses, cost_micro, charged),
                fits=len(fitting(figures, uses, micro(shared.episode_budget_usd))),
                writing=sum((each.writing for each in calls), NO_WRITING),
                characters=tuple(speakers[kind].characters(size) for size, kind in sizes),
            )

        return await asyncio.to_thread(reckon)  # thousands take longer than a window may stand still

    async def _calls(self, each: Unspoken, room: asyncio.Semaphore) -> _Calls:
        if each.topic is not None:
            return await self._unwritten(each, each.topic)
        async with room:
            try:
                spoken = await each.spoken()
            except InputError:  # it will say so itself, before anything is bought for it
                return _Calls(each.episode.id, self._rooms.voices.voice(each.settings), (), ())
            planned = await plan(self._rooms, each.episode, spoken, each.settings, keep=False)
        new: list[int] = []
        cached: list[int] = []
        for chunk in planned.chunks:
            bought = planned.voice.seller is not None and await self._rooms.ledger.bought(chunk.key)
            (cached if bought else new).append(chunk.characters)
        return _Calls(each.episode.id, planned.voice, tuple(new), tuple(cached))

    async def _unwritten(self, each: Unspoken, topic: Topic) -> _Calls:
        settings, projects = each.settings, self._rooms.projects
        voice = self._rooms.voices.voice(settings)
        limit = (await voice.terms(settings)).limit if voice.seller else None
        rate = await projects.speaking_rate(each.episode.id, settings.voice, voice.model, settings.speed)
        return self._of_topic(each.episode.id, topic, _Speaker(settings, voice, limit, rate))

    def _guessed(self, place: int, size: Size, speaker: _Speaker) -> _Calls:
        if size.topic is not None:
            return self._of_topic(place, size.topic, speaker)
        return _Calls(place, speaker.voice, _cut(size.characters, speaker.limit), ())

    def _of_topic(self, number: int, topic: Topic, speaker: _Speaker) -> _Calls:
        settings, rate = speaker.settings, speaker.rate
        cost = writing(self._rooms.writers, topic, settings, rate)
        new = _cut(most_characters(minutes_of(topic, settings), rate), speaker.limit)
        return _Calls(number, speaker.voice, new, (), cost)

    def _time(self, calls: Sequence[_Calls], slots: int, per_minute: int) -> tuple[float, float]:
        cores = self._rooms.compute.slots
        working_s = [(sum(each.new) + sum(each.cached)) * _CORE_S for each in calls]
        likely = sum(working_s) / cores
        bought = [size for each in calls if each.voice.seller is not None for size in each.new]
        free = sum(sum(each.new) for each in calls if each.voice.seller is None)
        likely += free * _SPEAK_CORE_S / cores
        if bought:
            asking_s = [_CALL_BASE_S + _CALL_S * size for size in bought]
            likely = max(likely, sum(asking_s) / slots, len(bought) * 60 / per_minute, *asking_s)
            likely += max(working_s)  # the last one is checked after it is bought
        return likely * (1 - _SPREAD), likely * (1 + _SPREAD)


def _cut(characters: int, limit: int | None) -> tuple[int, ...]:
    """The calls for so many characters: as few as the limit allows, of about the same length."""
    parts = 1 if limit is None else max(1, math.ceil(characters / limit))
    return (math.ceil(characters / parts),) * parts


def _priced(calls: Sequence[_Calls], used_credits: int, plan_name: str) -> list[_Line]:
    """What each episode adds, one after the other: volume prices go by what was bought before."""
    lines = []
    for each in calls:
        charged, cost = 0, each.writing.most_micro
        saved = sum(each.voice.price(size, used_credits, plan_name).micro for size in each.cached)
        for size in each.new:
            price = each.voice.price(size, used_credits + charged, plan_name)
            charged += price.credits
            cost += price.micro
        used_credits += charged
        lines.append(_Line(each.id, charged, cost, saved))
    return lines


def _tightest(uses: Sequence[BudgetUse], cost_micro: int, charged: int) -> BudgetUse | None:
    """The budget of which the batch would take the largest part of what is left."""

    def part(use: BudgetUse) -> float:
        need = charged if use.scope is Scope.CREDITS else cost_micro
        return need / use.left if use.left else float("inf") if need else 0.0

    return max(uses, key=part, default=None)


def _nothing() -> Quote:
    return Quote("", "", "", 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, None, (), 0)
