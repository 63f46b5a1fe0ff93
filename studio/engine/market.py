"""Everything about voices and money that the window and the command line ask for, beside the episodes themselves."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from studio.domain.budget import BudgetUse
from studio.domain.episode import STAGES, Episode, Stage, State
from studio.domain.errors import InputError
from studio.domain.mending import Mending, Stretch, stretches
from studio.domain.money import Attempt, AttemptState, Costs
from studio.domain.project import Project
from studio.domain.purchase import KeyAnswer
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import Span
from studio.domain.spoken import SpokenForm
from studio.domain.voice import ModelCard, VoiceCard
from studio.domain.writing import WriterAnswer
from studio.engine.budget import Balance, limits
from studio.engine.drafts import Draft, Refusal, Size
from studio.engine.mending import MendQuote, marks_of, quote
from studio.engine.ports import unfollowed
from studio.engine.quote import Estimate, Quote, Quoter, Unspoken
from studio.engine.reading import drafts
from studio.engine.rooms import Rooms
from studio.engine.run import Run
from studio.engine.shops import Shop
from studio.engine.speaking import spoken_form
from studio.engine.work import Work

Place: TypeAlias = Stretch | Span
"""Where a person wants a take mended: utterances, first to last (exclusive), or seconds."""

HEARD = frozenset({State.NEEDS_YOU, State.DONE, State.REJECTED})
"""States of an episode with a take that was listened to and is not being worked on."""


class Market:
    """Voices to choose from, what they would cost, what was spent, and calls that need a decision."""

    def __init__(self, rooms: Rooms, run: Run) -> None:
        self._rooms = rooms
        self._run = run
        self._quoter = Quoter(rooms)
        self.keys = rooms.keys

    async def voices(self, provider: str) -> Sequence[VoiceCard]:
        """The voices of a provider. Raises `CallError`."""
        return await self._rooms.voices.cards(provider)

    async def models(self, provider: str) -> Sequence[ModelCard]:
        """The models of a provider; empty where there is no choice. Raises `CallError`."""
        return await self._rooms.voices.models(provider)

    async def test_key(self, provider: str, key: str = "") -> KeyAnswer:
        """What a vendor says of `key`, which is kept nowhere, or of the one in use. Raises `CallError`."""
        return await self._rooms.voices.test_key(provider, key)

    async def test_writer(self, settings: Settings, key: str = "", *, say_a_word: bool = False) -> WriterAnswer:
        """What the model that writes by these settings says, for nothing; with `say_a_word` for a token or two.

        `key` as in `test_key`. Raises `SettingError`, `CallError`.
        """
        return await self._rooms.writers.test(settings, key, say_a_word=say_a_word)

    async def sample(self, card: VoiceCard) -> Path:
        """A file with the sample of a voice, to be played. Raises `CallError`."""
        path = self._rooms.artifacts.scratch(".mp3")
        await self._rooms.voices.sample(card, path)
        return path

    async def quote(self, project: Project, ids: Sequence[int] | None = None) -> Quote:
        """What speaking the queued episodes of a project, or these ones, will cost, and before that writing them.

        Raises `VoiceError`, and `SettingError` where a writer cannot be had.
        """
        episodes = await self._rooms.projects.episodes(project.id)
        wanted = [
            episode
            for episode in episodes
            if episode.state is State.QUEUED
            and STAGES.index(episode.stage) <= STAGES.index(Stage.SYNTHESIZE)
            and (ids is None or episode.id in ids)
        ]
        unspoken = [await self._unspoken(project, episode) for episode in wanted]
        return await self._quoted(unspoken, project.settings, project.id)

    async def topics_quote(self, project: Project, ids: Sequence[int]) -> Quote:
        """What having these episodes written, or written anew, will cost, and their speech after that, at most.

        Those that are not of a topic are left out. Raises `VoiceError`, `SettingError`.
        """
        episodes = [await self._rooms.projects.episode(each) for each in ids]
        unspoken = [await self._unspoken(project, replace(each, stage=Stage.WRITE)) for each in episodes]
        return await self._quoted([each for each in unspoken if each.topic], project.settings, project.id)

    async def forecast(
        self, paths: Sequence[Path], settings: Settings, plan: str = ""
    ) -> tuple[Quote, Sequence[Refusal]]:
        """The same for scripts and topics that are not queued; `fits` are their places, from 0.

        `plan` is a vendor's plan to reckon with in place of the account's. Raises `VoiceError`, `SettingError`.
        """
        rooms = self._rooms
        held = [each async for each in drafts(rooms.intake, rooms.attendant, paths)]
        read = [(each.script, settings.merged(each.values)) for each in held if isinstance(each, Draft)]
        unqueued = [
            Unspoken(
                _unqueued(place, script),
                own,
                partial(spoken_form, rooms, script, own, unfollowed),
                script.topic if script.unwritten else None,
            )
            for place, (script, own) in enumerate(read)
        ]
        quote = await self._quoted(unqueued, settings, None, plan)
        refusals = [each for each in held if isinstance(each, Refusal)]
        return replace(quote, fits=tuple(-place - 1 for place in quote.fits)), refusals

    async def estimate(
        self, project: Project, sizes: Sequence[tuple[Size, str]], kinds: Mapping[str, Settings], shared: Settings
    ) -> Estimate:
        """About what scripts of these sizes will cost, and when they will be through; each names its kind of settings.

        `shared` are the project's settings as they would be. A vendor is asked for its account and its limits at most.
        Raises `VoiceError`.
        """
        shop = self._shop(shared)
        if shop is not None:
            await shop.enter()
        balance, plan = (shop.balance, shop.plan) if shop else (Balance(), "")
        pace = self._pace(shared, shop, plan)
        return await self._quoter.estimate(sizes, kinds, project.id, shared, balance, plan, *pace)

    async def mending(self, episode: Episode, places: Sequence[Place]) -> Mending:
        """The sentences of the take in use at these places. Raises `InputError` where there is nothing to mend."""
        rooms = self._rooms
        spoken = await rooms.projects.spoken(episode.id)
        take = await rooms.projects.take(episode.id, episode.take)
        if spoken is None or take is None or episode.state not in HEARD:
            raise InputError(f"“{episode.title}” has no take that could be mended now.", "Wait until it is through.")
        report = await rooms.projects.report(episode.id, episode.take)
        marks = await marks_of(rooms, spoken, take, report)
        found = await asyncio.to_thread(stretches, spoken, marks, places)
        if not found:
            raise InputError("There is no sentence at this place.", "Choose a place within the episode.")
        return found

    async def mend_quote(self, project: Project, episode: Episode, places: Sequence[Place]) -> MendQuote:
        """What mending these places would cost, beside what a whole take would. Raises `InputError`, `VoiceError`."""
        work = Work(self._rooms, self._run.buyer, self._run.asker, project, episode, unfollowed)
        return await quote(work, await self.mending(episode, places))

    async def costs(self, project_id: int | None = None) -> Costs:
        """Totals of a project, or of the whole library."""
        return await self._rooms.ledger.costs(project_id)

    async def budgets(self, project: Project) -> Sequence[BudgetUse]:
        """The budgets of a project, and what counts against them now."""
        shop = self._shop(project.settings)
        kept = limits(project.settings, self._rooms.clock.now(), shop.balance if shop else Balance())
        return await self._rooms.ledger.budgets(project.id, None, kept)

    async def unclear(self) -> Sequence[Attempt]:
        """Calls of which nobody knows whether they were charged, oldest first; some may be being looked up."""
        attempts = [ask.attempt for ask in await self._rooms.ledger.asks()]
        return [attempt for attempt in attempts if attempt.state is AttemptState.UNKNOWN]

    async def look_again(self, attempt_ids: Sequence[int]) -> None:
        """Search the vendor's history for these calls, now; returns when that is done."""
        for ask in await self._rooms.ledger.asks():
            if ask.attempt.id in attempt_ids:
                self._run.buyer.look_again(ask)
        await self._run.buyer.idle()

    async def buy_again(self, attempt_ids: Sequence[int]) -> None:
        """A person's decision: count what these calls hold as spent, and let their episodes buy them again.

        Not of those that are being looked up at the moment. An episode may have been taken out of its project since.
        """
        there = {episode.id: episode for episode in await self._rooms.projects.episodes()}
        for attempt in await self.unclear():
            if attempt.id in attempt_ids and not self._run.buyer.busy_with(attempt.key):
                await self._rooms.ledger.write_off(attempt.id, "given up by a person")
                episode = there.get(attempt.episode_id)
                if episode is not None and episode.state is State.QUEUED:
                    self._run.go(episode)

    async def _quoted(
        self,
        unspoken: Sequence[Unspoken],
        settings: Settings,
        project_id: int | None,
        plan: str = "",
    ) -> Quote:
        shop = self._shop(settings)
        if shop is not None and not plan:
            await shop.enter()
        balance = shop.balance if shop else Balance()
        plan = plan or (shop.plan if shop else "")
        order = sorted(unspoken, key=lambda each: (-each.episode.priority, each.episode.number))
        return await self._quoter.quote(order, project_id, balance, plan, *self._pace(settings, shop, plan))

    def _pace(self, settings: Settings, shop: Shop | None, plan: str) -> tuple[int, int]:
        """How many requests at once, and how many a minute."""
        slots = settings.slots
        if shop is not None:
            slots = min(slots, shop.seller.slots(plan).get(self._rooms.voices.voice(settings).slots, slots))
        return slots, settings.requests_per_minute

    def _shop(self, settings: Settings) -> Shop | None:
        seller = self._rooms.voices.voice(settings).seller
        return self._run.shops.of(seller) if seller is not None else None

    async def _unspoken(self, project: Project, episode: Episode) -> Unspoken:
        settings, topic = project.settings.merged(episode.overrides), None
        if episode.stage is Stage.WRITE:
            topic = (await self._rooms.projects.script(episode.id)).topic
        return Unspoken(episode, settings, partial(self._spoken, episode, settings), topic)

    async def _spoken(self, episode: Episode, settings: Settings) -> SpokenForm:
        rooms = self._rooms
        if episode.stage not in {Stage.WRITE, Stage.PREPARE}:
            known = await rooms.projects.spoken(episode.id)
            if known is not None:
                return known
        return await spoken_form(rooms, await rooms.projects.script(episode.id), settings, unfollowed)


def _unqueued(place: int, script: Script) -> Episode:
    """A stand-in for an episode that does not exist yet; its id is below 0."""
    return Episode(-place - 1, 0, place + 1, script.title, script.source, State.QUEUED, Stage.PREPARE)
