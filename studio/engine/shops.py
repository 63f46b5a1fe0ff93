"""The sellers of a run: for each of them a governor, and what its account said last."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from studio.domain.errors import VoiceError
from studio.domain.project import Project
from studio.domain.voice import provider_name
from studio.engine.budget import Balance, stamp
from studio.engine.events import PurchasesChanged
from studio.engine.governor import Governor
from studio.engine.holding import Holding
from studio.engine.ports import Clock
from studio.engine.trade import Seller

logger = logging.getLogger(__name__)

ASK_AGAIN_S = 300.0  # how old the account's balance may get while things are bought


class Shop:
    """One seller. Use `enter` before anything is bought."""

    def __init__(self, seller: Seller, clock: Clock, say: Callable[[PurchasesChanged], None]) -> None:
        self.seller = seller
        self.governor = Governor(seller.name, clock, say, provider_name(seller.name))
        self.governor.probe_with(seller.probe)
        self.plan = ""
        self.balance = Balance()
        self._clock = clock
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()

    async def enter(self) -> None:
        """Know the account, as it was a few minutes ago at most. A vendor that does not answer is not waited for."""
        async with self._asking:
            now = self._clock.monotonic()
            if self._asked_at is not None and now - self._asked_at < ASK_AGAIN_S:
                return
            self._asked_at = now
            # Before the question is put: what ends meanwhile counts against the answer, once too often at worst. The
            # second is for what the store, with a clock of its own grain, writes at the same time.
            at = stamp(self._clock.now() - timedelta(seconds=1))
            try:
                account = await self.seller.account()
            except VoiceError as error:
                logger.info("the account at %s was not read: %s", self.seller.name, error)
                return
            self.balance = Balance(account.credits_left, at)
            self.plan = account.plan
            self.governor.know_plan(account.plan, self.seller.slots(account.plan))

    def ask_again(self) -> None:
        """What is known of the account is out of date."""
        self._asked_at = None


class Shops:
    """Finds the shop of a seller, and knows what the user allows to be spent there."""

    def __init__(self, clock: Clock, say: Callable[[PurchasesChanged], None]) -> None:
        self._clock = clock
        self._say = say
        self.holding = Holding()  # one for all: a budget knows no sellers
        self._shops: dict[str, Shop] = {}
        self._limits: tuple[int, int] | None = None
        self._projects: dict[int, Project] = {}

    def know(self, projects: Iterable[Project]) -> None:
        """Learn of new or changed projects: their budgets hold for whatever has not been sent yet."""
        self._projects.update({project.id: project for project in projects})
        self.holding.stir()

    def as_it_stands(self, project: Project) -> Project:
        """The project as it was last learned of, however long ago a purchase for it began."""
        return self._projects.get(project.id, project)

    def of(self, seller: Seller) -> Shop:
        """The shop of a seller, the same one every time."""
        shop = self._shops.get(seller.name)
        if shop is None:
            shop = self._shops[seller.name] = Shop(seller, self._clock, self._say)
            if self._limits:
                shop.governor.limit(slots=self._limits[0], per_minute=self._limits[1])
        return shop

    def limit(self, slots: int, per_minute: int) -> None:
        """The user's figures, from now on."""
        self._limits = (slots, per_minute)
        for shop in self._shops.values():
            shop.governor.limit(slots=slots, per_minute=per_minute)

    def reopen(self) -> None:
        """The user starts again: whatever stopped the purchases may have been put right."""
        for shop in self._shops.values():
            shop.governor.resume()
            shop.ask_again()

    async def close(self) -> None:
        """End everything that waits."""
        for shop in self._shops.values():
            await shop.governor.close()
