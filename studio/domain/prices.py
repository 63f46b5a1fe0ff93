"""The price book: what calls cost, and what models and plans allow, where the provider itself does not tell."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any, Final, Self, TypeVar

from studio.domain.dialect import Dialect
from studio.domain.errors import SettingError
from studio.domain.money import MICRO_PER_USD, Price

T = TypeVar("T")

UNKNOWN: Final = "unknown"  # the entry for models that are not listed


@dataclass(frozen=True, slots=True)
class Tier:
    """From `from_credits` in a calendar month on, 1,000 credits cost `micro_per_1000` micro-dollars."""

    from_credits: int
    micro_per_1000: int


@dataclass(frozen=True, slots=True)
class ModelTerms:
    """What a model takes and costs. `slots` names the kind of model that its concurrency is counted with."""

    id: str
    limit: int
    slots: str
    credits_per_character: float
    tiers: tuple[Tier, ...]
    context: bool
    dialect: Dialect
    phonemes: bool = False

    def credits(self, characters: int) -> int:
        """Credits for one request, rounded up."""
        return ceil(round(characters * self.credits_per_character, 6))


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan allows. `tiers` are prices of its own; empty where it has the models'."""

    name: str
    slots: Mapping[str, int]
    best_format: str
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderPrices:
    """The part of the book about one provider."""

    default_model: str
    models: Mapping[str, ModelTerms]
    plans: Mapping[str, PlanTerms]

    def model(self, name: str) -> ModelTerms:
        """The model of that name, or what is assumed of one that is not listed."""
        return self.models.get(name) or replace(self.models[UNKNOWN], id=name)

    def price(self, model: ModelTerms, plan: str, characters: int, used_credits: int = 0) -> Price:
        """Upper bound of one call, when `used_credits` were bought this month already."""
        charged = model.credits(characters)
        return Price(charged, self.micro(model, plan, charged, used_credits))

    def micro(self, model: ModelTerms, plan: str, charged: int, used_credits: int = 0) -> int:
        """What `charged` credits cost in micro-dollars, rounded up; each credit at the price of its own tier."""
        known = self.plans.get(plan)
        tiers = (known.tiers if known else ()) or model.tiers
        last = used_credits + charged
        ends = [*(tier.from_credits for tier in tiers[1:]), last]
        thousandths = 0
        at = used_credits
        for tier, end in zip(tiers, ends, strict=True):
            inside = max(0, min(end, last) - at)
            thousandths += inside * tier.micro_per_1000
            at += inside
        return -(-thousandths // 1000)


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All of it. `day` is when the shipped prices were looked up; `changed` whether the user's file changes any."""

    day: date
    source: str
    providers: Mapping[str, ProviderPrices]
    changed: bool

    @classmethod
    def parse(cls, shipped: str, own: str = "") -> Self:
        """Read the shipped book (TOML) and the user's changes to it.

        Raises `SettingError` where the user's file is not TOML, has a value that cannot be or an unknown name.
        """
        book = tomllib.loads(shipped)
        try:
            changes = tomllib.loads(own)
            _merge(book, changes)
            return cls._of(book, changed=bool(changes))
        except ValueError as error:  # that of the TOML reader is one too
            raise SettingError(
                f"The price book prices.toml in the library cannot be used ({error}).",
                "Mend that line, or remove the file: Batchcast brings a price book of its own.",
            ) from error

    @classmethod
    def _of(cls, book: Mapping[str, Any], *, changed: bool) -> Self:
        providers = {name: entry for name, entry in book.items() if isinstance(entry, dict)}
        _known("the price book", {name: book[name] for name in set(book) - set(providers)}, {"date", "source"})
        return cls(
            day=_value("the price book", book, "date", date),
            source=_value("the price book", book, "source", str),
            providers={name: _provider(name, entry) for name, entry in providers.items()},
            changed=changed,
        )


# Whatever a user's file may hold comes out of these as a value or as one clear ValueError.

_MODEL = {"limit", "slots", "credits_per_character", "usd_per_1000_credits", "tiers", "context", "pauses", "phonemes"}
_PLAN = {"slots", "best_format", "usd_per_1000_credits", "tiers"}
_MOST = 1_000_000  # of any number here
_PAUSES = (Dialect.BREAKS, Dialect.PAUSES, Dialect.PLAIN)  # the ways of a vendor


def _merge(into: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if isinstance(into.get(name), dict):
            _merge(into[name], _table(name, value))
        else:
            into[name] = value


def _provider(name: str, entry: Mapping[str, Any]) -> ProviderPrices:
    _known(name, entry, {"default_model", "models", "plans"})
    plans = {plan: _plan(plan, _table(plan, value)) for plan, value in _value(name, entry, "plans", dict).items()}
    models = _value(name, entry, "models", dict)
    unknown = _table(UNKNOWN, models.get(UNKNOWN))
    # Volume prices belong to the price that they follow: they are not handed on.
    assumed = {what: value for what, value in unknown.items() if what != "tiers"}
    kinds = {kind for plan in plans.values() for kind in plan.slots}
    return ProviderPrices(
        default_model=_choice(name, entry, "default_model", models),
        models={model: _model(model, {**assumed, **_table(model, value)}, kinds) for model, value in models.items()},
        plans=plans,
    )


def _model(name: str, entry: Mapping[str, Any], kinds: Collection[str]) -> ModelTerms:
    _known(name, entry, _MODEL)
    return ModelTerms(
        id=name,
        limit=_count(name, entry, "limit"),
        slots=_choice(name, entry, "slots", kinds),
        credits_per_character=_number(name, entry, "credits_per_character", above=0),
        tiers=_tiers(name, entry),
        context=_value(name, entry, "context", bool),
        dialect=Dialect(_choice(name, entry, "pauses", _PAUSES)),
        phonemes=_value(name, entry, "phonemes", bool),
    )


def _plan(name: str, entry: Mapping[str, Any]) -> PlanTerms:
    _known(name, entry, _PLAN)
    slots = _value(name, entry, "slots", dict)
    return PlanTerms(
        name=name,
        slots={kind: _count(name, slots, kind) for kind in slots},
        best_format=_value(name, entry, "best_format", str),
        tiers=_tiers(name, entry) if {"usd_per_1000_credits", "tiers"} & set(entry) else (),
    )


def _tiers(name: str, entry: Mapping[str, Any]) -> tuple[Tier, ...]:
    tiers = [Tier(0, _micro(name, entry, "usd_per_1000_credits"))]
    for value in _value(name, {"tiers": [], **entry}, "tiers", list):
        tier = _table(f"a tier of {name}", value)
        _known(f"a tier of {name}", tier, {"from_credits", "usd"})
        tiers.append(Tier(_count(name, tier, "from_credits"), _micro(name, tier, "usd")))
    return tuple(sorted(tiers, key=lambda tier: tier.from_credits))


def _known(of: str, entry: Mapping[str, Any], names: Collection[str]) -> None:
    """A mistyped name would leave the shipped value in force without a word."""
    for name in sorted(set(entry) - set(names)):
        raise ValueError(f"{of} has no value called {name}; there are {', '.join(sorted(names))}")


def _table(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a table of values")  # noqa: TRY004  (a value of the file, not a mistake here)
    return value


def _value(of: str, entry: Mapping[str, Any], name: str, kind: type[T]) -> T:
    if name not in entry:
        raise ValueError(f"{of} lacks a value for {name}")
    value = entry[name]
    if type(value) is not kind:  # exactly: to Python a bool is an int, and a time is a date
        raise ValueError(f"{name} of {of} cannot be {value}")
    return value


def _choice(of: str, entry: Mapping[str, Any], name: str, choices: Collection[str]) -> str:
    value = _value(of, entry, name, str)
    if value not in choices:
        raise ValueError(f"{name} of {of} cannot be {value}; choose one of {', '.join(sorted(choices))}")
    return value


def _number(of: str, entry: Mapping[str, Any], name: str, above: float = -1) -> float:
    value = entry[name] if type(entry.get(name)) is int else _value(of, entry, name, float)
    if not (value >= 0 and above < value <= _MOST):  # neither holds for NaN
        raise ValueError(f"{name} of {of} cannot be {value}")
    return float(value)


def _count(of: str, entry: Mapping[str, Any], name: str) -> int:
    value = _value(of, entry, name, int)
    if value < 1:
        raise ValueError(f"{name} of {of} cannot be {value}")
    return value


def _micro(of: str, entry: Mapping[str, Any], name: str) -> int:
    """Dollars as micro-dollars, rounded up: it goes into upper bounds."""
    return ceil(round(_number(of, entry, name) * MICRO_PER_USD, 4))
