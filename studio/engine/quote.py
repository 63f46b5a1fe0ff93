"""What a batch will cost and when it will be through, before anything is bought."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.domain.budget import BudgetUse, Scope
from studio.domain.episode import Episode
from studio.domain.money import bound_usd, micro, usd
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.engine.budget import Balance, fitting, limits, sentence
from studio.engine.rooms import Rooms
from studio.engine.speaking import SpeechPlan, plan
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
    """Money in micro-dollars, an upper bound; `fits` are the episodes that the budgets leave room for, in order."""

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
class _Line:
    """One episode's part of a quote."""

    id: int
    characters: int
    calls: int
    cached_calls: int
    cached_characters: int
    credits: int
    micro: int
    saved_micro: int
    longest_call: int  # characters


class Quoter:
    """Makes quotes."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def quote(
        self,
        episodes: Sequence[tuple[Episode, SpokenForm, Settings]],
        project_id: int | None,
        balance: Balance,
        plan_name: str,
        slots: int,
        per_minute: int,
    ) -> Quote:
        """For episodes that are to be spoken, in the order in which they would be. Raises `VoiceError`, `CallError`."""
        rooms = self._rooms
        if not episodes:
            return _nothing()
        kept = limits(episodes[0][2], rooms.clock.now(), balance)
        used = await rooms.ledger.used_credits(kept.month_from)
        lines: list[_Line] = []
        voice: Voice | None = None
        for episode, spoken, settings in episodes:
            planned = await plan(rooms, episode, spoken, settings, keep=False)
            voice = voice or planned.voice
            line = await self._line(episode.id, planned, used, plan_name)
            used += line.credits
            lines.append(line)
        uses = await rooms.ledger.budgets(project_id or 0, None, replace(kept, episode_micro=0))
        if project_id is None:
            uses = [use for use in uses if use.scope is not Scope.BATCH]
            if kept.batch_micro:
                uses.append(BudgetUse(Scope.BATCH, kept.batch_micro, 0, 0))
        episode_limit = micro(episodes[0][2].episode_budget_usd)
        fits = fitting([(line.id, line.micro, line.credits) for line in lines], uses, episode_limit)
        low_s, high_s = self._time(lines, voice, slots, per_minute)
        first = episodes[0][2]
        return Quote(
            voice=first.voice,
            model=voice.model if voice else "",
            plan=plan_name,
            episodes=len(lines),
            characters=sum(line.characters for line in lines),
            calls=sum(line.calls for line in lines),
            cached_calls=sum(line.cached_calls for line in lines),
            cached_characters=sum(line.cached_characters for line in lines),
            credits=sum(line.credits for line in lines),
            cost_micro=sum(line.micro for line in lines),
            saved_micro=sum(line.saved_micro for line in lines),
            low_s=low_s,
            high_s=high_s,
            tightest=_tightest(uses, sum(line.micro for line in lines), sum(line.credits for line in lines)),
            fits=fits,
            fits_micro=sum(line.micro for line in lines if line.id in set(fits)),
        )

    async def _line(self, number: int, planned: SpeechPlan, used_credits: int, plan_name: str) -> _Line:
        characters = calls = cached_calls = cached_characters = charged = cost = saved = longest = 0
        for chunk in planned.chunks:
            price = planned.voice.price(chunk.characters, used_credits + charged, plan_name)
            if planned.voice.seller is not None and await self._rooms.ledger.bought(chunk.key):
                cached_calls += 1
                cached_characters += chunk.characters
                saved += price.micro
            else:
                characters += chunk.characters
                calls += planned.voice.seller is not None
                charged += price.credits
                cost += price.micro
                longest = max(longest, chunk.characters)
        return _Line(number, characters, calls, cached_calls, cached_characters, charged, cost, saved, longest)

    def _time(self, lines: Sequence[_Line], voice: Voice | None, slots: int, per_minute: int) -> tuple[float, float]:
        cores = self._rooms.compute.slots
        checked = sum(line.characters + line.cached_characters for line in lines)
        working_s = checked * _CORE_S / cores
        if voice is None or voice.seller is None:
            likely = working_s + checked * _SPEAK_CORE_S / cores
        else:
            calls = sum(line.calls for line in lines)
            calls_s = calls * _CALL_BASE_S + sum(line.characters for line in lines) * _CALL_S
            longest_s = _CALL_BASE_S + _CALL_S * max((line.longest_call for line in lines), default=0)
            likely = max(calls_s / slots, calls * 60 / per_minute, longest_s, working_s)
            likely += max(line.characters for line in lines) * _CORE_S  # the last one is checked after it is bought
        return likely * (1 - _SPREAD), likely * (1 + _SPREAD)


def _tightest(uses: Sequence[BudgetUse], cost_micro: int, charged: int) -> BudgetUse | None:
    """The budget of which the batch would take the largest part of what is left."""

    def part(use: BudgetUse) -> float:
        need = charged if use.scope is Scope.CREDITS else cost_micro
        return need / use.left if use.left else float("inf") if need else 0.0

    return max(uses, key=part, default=None)


def _nothing() -> Quote:
    return Quote("", "", "", 0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, None, (), 0)
