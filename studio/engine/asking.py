"""One question to a writer's model, from the intent to the answer that is kept: nothing is paid twice.

What two episodes ask alike is asked once. A question that has left is brought to its end even when nobody waits for it
any more: it is paid for, and whoever asks it next finds the answer. One that was sent and brought no whole answer is
spent, since no server keeps a list of answers to look in; it is put again within the budget.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from studio.domain.budget import Limits
from studio.domain.errors import BudgetError, DiskFullError, SettingError, StoreError, what_happened
from studio.domain.project import Project
from studio.domain.purchase import STOPPING, CallError, PurchasesStoppedError, Trouble
from studio.domain.settings import Settings
from studio.domain.voice import WRITER
from studio.domain.writing import Completion, Prompt, prompt_key
from studio.engine.authoring import Ask, ChatModel, PromptOrder
from studio.engine.budget import Balance, BudgetWatch, limits
from studio.engine.events import Doing, Events
from studio.engine.line import KeptPlace
from studio.engine.rooms import Rooms
from studio.engine.shops import Shop, Shops
from studio.engine.under_way import UnderWay

MOST_TRIES: Final = 10  # of one question in one run, those that were refused for want of a slot not counted
MOST_LOST: Final = 5  # of these, answers that were paid and did not come to their end
ANSWER_BYTES: Final = 1_000_000  # upper bound, for the check of free space before anything is asked
SAY_EVERY_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Wish:
    """A question that an episode wants answered."""

    project: Project
    episode_id: int
    model: ChatModel
    prompt: Prompt
    key: str
    overrides: str  # the episode's own settings

    def order(self, limits: Limits) -> PromptOrder:
        """What the ledger is told of it."""
        return PromptOrder(
            project_id=self.project.id,
            episode_id=self.episode_id,
            key=self.key,
            writer=f"{WRITER}:{self.model.seller.name.removeprefix(f'{WRITER}@')}",
            model=self.prompt.model,
            characters=self.prompt.characters,
            price=self.model.price(self.prompt),
            limits=limits,
        )


class Asker:
    """Puts questions to the model that writes, within every budget and limit."""

    def __init__(self, rooms: Rooms, shops: Shops, events: Events) -> None:
        self._rooms = rooms
        self._shops = shops
        self._events = events
        self._holding = shops.holding
        self._watch = BudgetWatch(rooms.ledger, rooms.books, rooms.clock, events)
        self._under_way: UnderWay[Completion] = UnderWay(shops.holding, "a question")

    def for_episode(self, project: Project, episode_id: int, settings: Settings, overrides: str = "") -> Ask:
        """What an episode's writer asks with; `overrides` are its own settings, as they stand in its row.

        Raises `BudgetError`, `PurchasesStoppedError` or `DiskFullError` where the episode has to wait, `CallError` or
        another `BatchcastError` where the model failed.
        """
        model = self._rooms.writers.model(settings)

        async def ask(prompt: Prompt) -> Completion:
            if model is None:
                raise SettingError("The built-in writer asks no model.", "Choose another writer in the settings.")
            key = prompt_key(model.address, prompt)
            wish = _Wish(project, episode_id, model, prompt, key, overrides)
            return await self._under_way.outcome(
                key,
                lambda: self._rooms.prompts.answer(key),
                lambda: self._ask(wish),
                lambda text: self._say(wish, text),
            )

        return ask

    async def idle(self) -> None:
        """Wait until nothing is being asked."""
        await self._under_way.idle()

    async def close(self) -> None:
        """End what has not left; give what is in flight a moment, since it is paid for."""
        await self._under_way.close()

    # Asking

    async def _ask(self, wish: _Wish) -> Completion:
        shop, line = self._shops.of(wish.model.seller), KeptPlace()
        tries = lost = 0
        while True:
            await shop.enter()
            attempt = await self._reserve(wish)
            try:
                return await self._call(wish, shop, attempt, line)
            except CallError as error:
                failure = error
            self._under_way.fell_through(wish.key)
            if failure.trouble in STOPPING:
                raise PurchasesStoppedError(failure.message, failure.remedy) from failure
            if failure.trouble is Trouble.SLOTS:
                continue
            tries += 1
            lost += failure.maybe_charged
            if failure.trouble is Trouble.REFUSED or tries >= MOST_TRIES or lost >= MOST_LOST:
                raise failure
            self._say(wish, f"try {tries + 1} follows: {failure.message}")
            await shop.governor.back_off(tries, failure)

    async def _reserve(self, wish: _Wish) -> int:
        """Hold the money. Where others hold what is missing, wait: what they do not use comes free."""
        rooms = self._rooms
        await rooms.artifacts.ensure_room(ANSWER_BYTES)
        return await self._holding.reserve(
            wish.key,
            lambda: rooms.prompts.reserve(wish.order(self._limits(wish))),
            lambda text: self._say(wish, text),
        )

    def _limits(self, wish: _Wish) -> Limits:
        """By the budgets of now: a person may have changed them since the episode's stage began."""
        settings = self._shops.as_it_stands(wish.project).settings.merged(wish.overrides)
        return limits(settings, self._rooms.clock.now(), Balance())

    async def _call(self, wish: _Wish, shop: Shop, attempt: int, line: KeptPlace) -> Completion:
        """Put the question and keep its answer. Whatever ends it, the attempt does not stay open."""
        prompts = self._rooms.prompts
        try:
            await self._watch.look(self._shops.as_it_stands(wish.project), Balance())
            waiting = shop.governor.turn(WRITER, lambda text: self._say(wish, text), place=line.place)
            async with waiting as turn:
                line.place = turn.place
                try:
                    await prompts.sent(attempt, self._limits(wish))
                except BudgetError:  # lowered since
                    turn.unused()
                    raise
                self._under_way.leaves(wish.key)
                self._say(wish, "the model reads")
                completion = await wish.model.answer(wish.prompt, self._listener(wish))
                await prompts.answered(attempt, completion, wish.model.cost_micro(wish.prompt, completion))
                turn.answered()
        except BaseException as error:
            # Also when cancelled: what is held must never be left behind.
            await asyncio.shield(self._close_attempt(wish, attempt, error))
            raise
        self._say(wish, "")
        await self._watch.look(self._shops.as_it_stands(wish.project), Balance())
        return completion

    async def _close_attempt(self, wish: _Wish, attempt: int, error: BaseException) -> None:
        why = what_happened(error)
        left = error.maybe_charged if isinstance(error, CallError) else self._under_way.has_left(wish.key)
        # Where the ledger itself cannot be written, the next start finds the attempt as it is.
        with suppress(StoreError, DiskFullError):
            if left:
                await self._rooms.prompts.lost(attempt, why)
            else:
                await self._rooms.prompts.fail(attempt, why)

    def _listener(self, wish: _Wish) -> Callable[[int], None]:
        clock, said_at = self._rooms.clock, self._rooms.clock.monotonic()

        def heard(characters: int) -> None:
            nonlocal said_at
            if clock.monotonic() - said_at >= SAY_EVERY_S:
                said_at = clock.monotonic()
                self._say(wish, f"the model writes ({characters:,} characters)")

        return heard

    def _say(self, wish: _Wish, text: str) -> None:
        self._events.say(Doing(wish.episode_id, text))
