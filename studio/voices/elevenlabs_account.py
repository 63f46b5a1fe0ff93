"""The customer's account at ElevenLabs: what it may use, what that costs, what is left. Reading it is free."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from studio.domain.money import Price
from studio.domain.prices import ModelTerms, ProviderPrices
from studio.domain.purchase import Account, KeyAnswer
from studio.domain.voice import ELEVENLABS
from studio.voices.elevenlabs_client import ElevenLabsClient
from studio.voices.elevenlabs_errors import AnswerError, no_dictionary, unreadable
from studio.voices.elevenlabs_headers import identifier
from studio.voices.shared_answer import SharedAnswer

_DEAREST: Final = 100.0  # credits a character; more than that is a mistake of the list


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as the account's list shows it. None is what the list does not tell."""

    id: str
    name: str
    limit: int | None
    credits_per_character: float | None
    speaks: bool


class ElevenLabsAccount:
    """Keeps the engine's `Seller` Protocol. One for all voices of a run.

    Args:
        client: The connection.
        prices: ElevenLabs' part of the price book.
    """

    name: str = ELEVENLABS

    def __init__(self, client: ElevenLabsClient, prices: ProviderPrices) -> None:
        self.client = client
        self.prices = prices
        self.untimed: set[str] = set()  # models that were found to know sound only without timestamps
        self._models = SharedAnswer(self._ask_models, client.keys.epoch)
        self._account = SharedAnswer(self._ask_account, client.keys.epoch)

    @property
    def plan(self) -> str:
        """As it was told last; empty while it is not known."""
        return self._account.last.plan if self._account.last else ""

    async def probe(self) -> None:
        """Ask for something free. Raises `CallError` while there is no answer; a key that may not ask got one."""
        await self.account()

    async def account(self) -> Account:
        """Plan and credits as they are now. Raises `CallError`; a key that may not ask gives an empty `Account`."""
        return await self._account.fresh()

    async def known_plan(self) -> str:
        """The plan, asked for once; empty where it cannot be known."""
        known = await self._account.known()
        return known.plan if known else ""

    async def models(self) -> Mapping[str, ListedModel]:
        """The account's models as they are now. Raises `CallError`."""
        return await self._models.fresh()

    async def known_model(self, model: str) -> ListedModel | None:
        """What the account's list says of a model, asked for once; None where it says nothing."""
        return (await self._models.known() or {}).get(model)

    def slots(self, plan: str) -> Mapping[str, int]:
        """Requests at the same time for each kind of model, by the price book; empty for a plan that it lacks."""
        known = self.prices.plans.get(plan)
        return known.slots if known else {}

    def terms(self, model: str) -> ModelTerms:
        """The model by the price book, at the rate of the account's list where that is higher."""
        book = self.prices.model(model)
        listed = (self._models.last or {}).get(model)
        rate = listed.credits_per_character if listed else None
        return replace(book, credits_per_character=max(book.credits_per_character, rate or 0.0))

    def price(self, model: str, characters: int, used_credits: int = 0, plan: str = "") -> Price:
        """Upper bound of one call, by the prices of the account's plan, or of the one that is given."""
        return self.prices.price(self.terms(model), plan or self.plan, characters, used_credits)

    def cost_micro(self, model: str, charged: int, used_credits: int = 0) -> int:
        """What `charged` credits cost, in micro-dollars."""
        return self.prices.micro(self.prices.model(model), self.plan, charged, used_credits)

    async def with_version(self, dictionary: str) -> str:
        """`ID:VERSION` of a pronunciation dictionary as it is now. Raises `CallError`, also where there is none."""
        if not identifier(dictionary):
            raise no_dictionary(dictionary)
        answer = await self.client.read(
            lambda sdk, options: sdk.pronunciation_dictionaries.get(dictionary, request_options=options)
        )
        version = getattr(answer, "latest_version_id", None)
        if not identifier(version):
            raise unreadable()
        return f"{dictionary}:{version}"

    async def answer(self) -> KeyAnswer:
        """What the vendor says of the key, asked now. Raises `CallError` where it is not known, or may do neither."""
        account = await self.account()
        tells = account != Account()
        try:
            models: int | None = sum(model.speaks for model in (await self.models()).values())
        except AnswerError as error:
            if not error.forbids or not tells:
                raise
            models = None
        return KeyAnswer(account, self.slots(account.plan), models, tells)

    async def close(self) -> None:
        """End the questions that are under way."""
        await self._models.close()
        await self._account.close()

    async def _ask_models(self) -> Mapping[str, ListedModel]:
        answer = await self.client.read(lambda sdk, options: sdk.models.list(request_options=options))
        if not isinstance(answer, list):  # the SDK hands over whatever came
            raise unreadable()
        listed = [_listed(model) for model in answer if getattr(model, "model_id", None)]
        return {model.id: model for model in listed}

    async def _ask_account(self) -> Account:
        try:
            answer = await self.client.read(lambda sdk, options: sdk.user.subscription.get(request_options=options))
        except AnswerError as error:
            if not error.forbids:
                raise
            return Account()
        plan = getattr(answer, "tier", None)
        return Account(plan if isinstance(plan, str) else "", _credits_left(answer))


def _credits_left(subscription: object) -> int | None:
    """None where the account may go on beyond its limit without another one, or where the answer has no numbers."""
    used, limit = (getattr(subscription, name, None) for name in ("character_count", "character_limit"))
    if not isinstance(used, int) or not isinstance(limit, int):
        return None
    beyond = getattr(subscription, "max_credit_limit_extension", 0)
    if beyond == "unlimited":
        return None
    with suppress(TypeError, ValueError):
        limit += max(0, int(beyond))
    return max(0, limit - used)


def _listed(model: object) -> ListedModel:
    identifier = str(getattr(model, "model_id", ""))
    limit = getattr(model, "maximum_text_length_per_request", None)
    rates = getattr(model, "model_rates", None)
    factors = (getattr(rates, "character_cost_multiplier", None), getattr(model, "token_cost_factor", None))
    known = [
        float(factor)
        for factor in factors
        if isinstance(factor, int | float) and not isinstance(factor, bool) and 0 < factor <= _DEAREST
    ]
    return ListedModel(
        id=identifier,
        name=str(getattr(model, "name", None) or identifier),
        limit=limit if isinstance(limit, int) and limit > 0 else None,
        credits_per_character=known[0] if known else None,
        speaks=getattr(model, "can_do_text_to_speech", None) is not False,
    )
