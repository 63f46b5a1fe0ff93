"""The price book: what ships, what a user may change, and that no quote is below the cost."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.dialect import Dialect
from studio.domain.errors import SettingError
from studio.domain.prices import ModelTerms, PlanTerms, PriceBook, ProviderPrices, Tier

SHIPPED = (Path(__file__).parents[2] / "resources" / "prices.toml").read_text("utf-8")


def shop(own: str = "") -> ProviderPrices:
    return PriceBook.parse(SHIPPED, own).providers["elevenlabs"]


@pytest.mark.parametrize(
    ("model", "limit", "slots", "per_character", "usd", "context", "dialect"),
    [
        ("eleven_multilingual_v2", 10_000, "standard", 1.0, 0.10, True, Dialect.BREAKS),
        ("eleven_flash_v2_5", 40_000, "fast", 0.5, 0.05, True, Dialect.BREAKS),
        ("eleven_turbo_v2_5", 40_000, "fast", 0.5, 0.05, True, Dialect.BREAKS),
        ("eleven_flash_v2", 30_000, "fast", 0.5, 0.05, True, Dialect.BREAKS),
        ("eleven_turbo_v2", 30_000, "fast", 0.5, 0.05, True, Dialect.BREAKS),
        ("eleven_monolingual_v1", 5_000, "standard", 1.0, 0.10, True, Dialect.BREAKS),
        ("eleven_v3", 5_000, "standard", 1.0, 0.10, False, Dialect.PAUSES),
        ("eleven_v4", 10_000, "standard", 1.0, 0.08, False, Dialect.PAUSES),
        ("eleven_v4_turbo", 10_000, "fast", 0.5, 0.02, False, Dialect.PAUSES),
        ("a_model_of_next_year", 5_000, "standard", 1.0, 0.10, False, Dialect.PLAIN),
    ],
)
def test_every_model(
    model: str, limit: int, slots: str, per_character: float, usd: float, context: bool, dialect: Dialect
) -> None:
    """`usd` for 1,000 characters."""
    terms = shop().model(model)
    assert (terms.id, terms.limit, terms.slots) == (model, limit, slots)
    assert (terms.credits_per_character, terms.context, terms.dialect) == (per_character, context, dialect)
    assert shop().price(terms, "creator", 1_000).micro == round(usd * 1_000_000)


@pytest.mark.parametrize(
    ("plan", "standard", "fast", "best"),
    [
        ("free", 2, 4, "mp3_44100_128"),
        ("starter", 3, 6, "mp3_44100_128"),
        ("creator", 5, 10, "mp3_44100_192"),
        ("pro", 10, 20, "mp3_44100_192"),
        ("scale", 15, 30, "mp3_44100_192"),
        ("business", 15, 30, "mp3_44100_192"),
    ],
)
def test_every_plan(plan: str, standard: int, fast: int, best: str) -> None:
    terms = shop().plans[plan]
    assert (terms.name, terms.slots, terms.best_format) == (plan, {"standard": standard, "fast": fast}, best)
    assert terms.tiers == ()


def test_phonemes_are_for_few_models_and_a_user_may_say_otherwise() -> None:
    speak = {name for name, terms in shop().models.items() if terms.phonemes}
    assert speak == {"eleven_flash_v2", "eleven_turbo_v2", "eleven_monolingual_v1"}
    own = "[elevenlabs.models.eleven_v4]\nphonemes = true\n[elevenlabs.models.mine]\nlimit = 7_000\n"
    assert shop(own).model("eleven_v4").phonemes
    assert (shop(own).model("mine").limit, shop(own).model("mine").phonemes) == (
        7_000,
        False,
    )  # as before there were any
    with pytest.raises(SettingError, match="phonemes"):
        shop('[elevenlabs.models.eleven_v4]\nphonemes = "yes"')


def test_nothing_is_listed_that_is_not_tested_here() -> None:
    book = PriceBook.parse(SHIPPED)
    assert (len(book.providers["elevenlabs"].models), len(book.providers["elevenlabs"].plans)) == (10, 6)
    assert book.providers["elevenlabs"].default_model == "eleven_flash_v2_5"
    assert book.day.isoformat() == "2026-11-22"
    assert "elevenlabs.io" in book.source
    assert not book.changed


def test_credits_are_rounded_up_for_each_request() -> None:
    flash = shop().model("eleven_flash_v2_5")
    assert [flash.credits(characters) for characters in (0, 1, 2, 3, 40_000)] == [0, 1, 1, 2, 20_000]
    # A factor that has no exact binary form adds no credit of its own: to Python, 10 times 1.1 is 11.000000000000002.
    own = shop("[elevenlabs.models.own]\ncredits_per_character = 1.1").model("own")
    assert [own.credits(characters) for characters in (10, 11, 1_000_000)] == [11, 13, 1_100_000]


def test_a_user_changes_what_differs_and_nothing_else() -> None:
    own = """
        [elevenlabs]
        default_model = "own_model"
        [elevenlabs.models.eleven_v3]
        usd_per_1000_credits = 0.2
        [elevenlabs.models.own_model]
        limit = 70_000
        credits_per_character = 1
        [elevenlabs.plans.pro]
        usd_per_1000_credits = 0.09
        [elevenlabs.plans.enterprise]
        slots = { standard = 40, fast = 80 }
        best_format = "mp3_44100_192"
    """
    book = PriceBook.parse(SHIPPED, own)
    assert book.changed
    mine, theirs = book.providers["elevenlabs"], shop()
    assert mine.price(mine.model("eleven_v3"), "", 1_000).micro == 200_000
    assert mine.model("eleven_v3").limit == 5_000
    assert mine.model("own_model").limit == 70_000
    assert mine.model("own_model").slots == "standard"  # as of a model that is not listed
    assert mine.default_model == "own_model"
    assert mine.plans["enterprise"].slots == {"standard": 40, "fast": 80}
    # A plan's own price goes before the model's.
    assert mine.price(mine.model("eleven_v3"), "pro", 1_000).micro == 90_000
    same = set(theirs.models) - {"eleven_v3"}
    assert all(mine.models[name] == theirs.models[name] for name in same)
    assert {name: mine.plans[name] for name in theirs.plans if name != "pro"} == {
        name: plan for name, plan in theirs.plans.items() if name != "pro"
    }


def test_volume_prices_of_the_unknown_model_are_its_own() -> None:
    own = "[elevenlabs.models.unknown]\ntiers = [{ from_credits = 10, usd = 0.01 }]"
    assert len(shop(own).model("next_year").tiers) == 2
    assert len(shop(own).model("eleven_v4").tiers) == 1


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ("elevenlabs\n", "line 1"),
        ("elevenlabs = 3", "elevenlabs must be a table"),
        ("[elevenlab.models.x]\nlimit = 3", "elevenlab lacks a value for plans"),
        ("[elevenlabs.model.eleven_v3]\nlimit = 3", "elevenlabs has no value called model;"),
        ("[elevenlabs.models]\neleven_v3 = 3", "eleven_v3 must be a table"),
        ("[elevenlabs.models]\nmine = 3", "mine must be a table"),
        (
            "[elevenlabs.models.eleven_v3]\nusd_per_1000_credit = 0.2",
            "eleven_v3 has no value called usd_per_1000_credit;",
        ),
        ("[elevenlabs.models.eleven_v3]\nlimit = 0", "limit of eleven_v3 cannot be 0"),
        ("[elevenlabs.models.eleven_v3]\nlimit = 10.5", "limit of eleven_v3 cannot be 10.5"),
        ("[elevenlabs.models.eleven_v3]\nlimit = true", "limit of eleven_v3 cannot be True"),
        ("[elevenlabs.models.eleven_v3]\nlimit = 'much'", "limit of eleven_v3 cannot be much"),
        ("[elevenlabs.models.eleven_v3]\nslots = 'quick'", "slots of eleven_v3 cannot be quick; choose one of fast,"),
        ("[elevenlabs.models.eleven_v3]\ncontext = 'no'", "context of eleven_v3 cannot be no"),
        ("[elevenlabs.models.eleven_v3]\npauses = 'utterances'", "pauses of eleven_v3 cannot be utterances"),
        ("[elevenlabs.models.eleven_v3]\nusd_per_1000_credits = -0.1", "usd_per_1000_credits of eleven_v3 cannot be"),
        ("[elevenlabs.models.eleven_v3]\nusd_per_1000_credits = nan", "usd_per_1000_credits of eleven_v3 cannot be"),
        ("[elevenlabs.models.eleven_v3]\nusd_per_1000_credits = inf", "usd_per_1000_credits of eleven_v3 cannot be"),
        ("[elevenlabs.models.eleven_v3]\nusd_per_1000_credits = false", "usd_per_1000_credits of eleven_v3 cannot be"),
        ("[elevenlabs.models.eleven_v3]\ncredits_per_character = 0", "credits_per_character of eleven_v3 cannot be 0"),
        ("[elevenlabs.models.eleven_v3]\ncredits_per_character = 1e400", "credits_per_character of eleven_v3 cannot"),
        (f"[elevenlabs.models.eleven_v3]\ncredits_per_character = 1{'0' * 400}", "credits_per_character of eleven_v3"),
        ("[elevenlabs.models.eleven_v3]\ntiers = 3", "tiers of eleven_v3 cannot be 3"),
        ("[elevenlabs.models.eleven_v3]\ntiers = [3]", "a tier of eleven_v3 must be a table"),
        ("[elevenlabs.models.eleven_v3]\ntiers = [{ from_credits = 5 }]", "eleven_v3 lacks a value for usd"),
        (
            "[elevenlabs.models.eleven_v3]\ntiers = [{ from = 5, usd = 1 }]",
            "a tier of eleven_v3 has no value called from",
        ),
        (
            "[elevenlabs.models.eleven_v3]\ntiers = [{ from_credits = 0, usd = 1 }]",
            "from_credits of eleven_v3 cannot be",
        ),
        ("[elevenlabs]\ndefault_model = 'none'", "default_model of elevenlabs cannot be none; choose one of eleven_"),
        ("[elevenlabs.plans.pro]\nslots = 3", "slots must be a table"),
        ("[elevenlabs.plans.pro.slots]\nfast = -1", "fast of pro cannot be -1"),
        ("[elevenlabs.plans.mine]\nbest_format = 'x'", "mine lacks a value for slots"),
        ("[elevenlabs.plans.pro]\ntiers = [{ from_credits = 5, usd = 1 }]", "pro lacks a value for usd_per_1000"),
        ("date = 'today'", "date of the price book cannot be today"),
        ("date = 2027-01-01T00:00:00", "date of the price book cannot be 2027-01-01 00:00:00"),
        ("currency = 'EUR'", "the price book has no value called currency"),
    ],
)
def test_a_bad_file_of_the_users_is_one_sentence_that_names_the_place(own: str, named: str) -> None:
    with pytest.raises(SettingError) as raised:
        PriceBook.parse(SHIPPED, own)
    assert named in raised.value.message
    assert raised.value.message.startswith("The price book prices.toml in the library cannot be used (")
    assert raised.value.message.count("\n") == 0
    assert "remove the file" in raised.value.remedy


# Money


def provider(per_character: float, *tiers: Tier, plan: tuple[Tier, ...] = ()) -> tuple[ProviderPrices, ModelTerms]:
    model = ModelTerms("m", 10_000, "standard", per_character, tiers, context=False, dialect=Dialect.PLAIN)
    plans = {"pro": PlanTerms("pro", {"standard": 1}, "mp3_44100_128", plan)}
    return ProviderPrices("m", {"m": model}, plans), model


def test_each_credit_has_the_price_of_its_own_tier() -> None:
    prices, model = provider(1.0, Tier(0, 100_000), Tier(1_000, 80_000), Tier(3_000, 50_000))
    assert prices.micro(model, "", 1_000) == 100_000
    assert prices.micro(model, "", 2_000) == 100_000 + 80_000
    assert prices.micro(model, "", 5_000) == 100_000 + 2 * 80_000 + 2 * 50_000
    assert prices.micro(model, "", 1_000, used_credits=500) == 50_000 + 40_000
    assert prices.micro(model, "", 1_000, used_credits=1_000) == 80_000
    assert prices.micro(model, "", 1_000, used_credits=2_999) == 80 + 999 * 50
    assert prices.micro(model, "", 1_000, used_credits=9_000) == 50_000
    assert prices.micro(model, "", 0, used_credits=1_000) == 0
    assert prices.price(model, "", 7).credits == 7


def test_a_plans_own_tiers_replace_the_models() -> None:
    prices, model = provider(1.0, Tier(0, 100_000), plan=(Tier(0, 90_000), Tier(10, 10_000)))
    assert prices.micro(model, "pro", 20) == 900 + 100
    assert prices.micro(model, "free", 20) == prices.micro(model, "", 20) == 2_000


def test_a_fraction_of_a_micro_dollar_is_rounded_up() -> None:
    prices, model = provider(1.0, Tier(0, 1))
    assert [prices.micro(model, "", charged) for charged in (0, 1, 1_000, 1_001)] == [0, 1, 1, 2]
    own = "[elevenlabs.models.eleven_v3]\nusd_per_1000_credits = 0.0000001"
    assert shop(own).model("eleven_v3").tiers == (Tier(0, 1),)


TIERS = st.lists(st.tuples(st.integers(1, 50_000), st.integers(0, 200_000)), max_size=4).map(
    lambda rows: tuple(Tier(start, price) for start, price in sorted(dict(rows).items()))
)
FACTORS = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(3, 10), Fraction(7, 3), Fraction(11, 10)])


@given(FACTORS, st.integers(0, 200_000), TIERS, st.integers(0, 40_000), st.integers(0, 60_000))
def test_no_bound_is_below_the_exact_amount(
    factor: Fraction, first: int, more: tuple[Tier, ...], characters: int, used: int
) -> None:
    prices, model = provider(float(factor), Tier(0, first), *more)
    price = prices.price(model, "", characters, used)
    exact_credits = -(-characters * factor.numerator // factor.denominator)
    assert price.credits == exact_credits
    tiers = [Tier(0, first), *more]
    # In closed form, not credit by credit: the part of [used, used + credits) that lies in each tier.
    ends = [*(tier.from_credits for tier in more), 10**12]
    exact = sum(
        Fraction(max(0, min(end, used + exact_credits) - max(tier.from_credits, used)) * tier.micro_per_1000, 1_000)
        for tier, end in zip(tiers, ends, strict=True)
    )
    assert exact <= price.micro < exact + 1


@given(FACTORS, TIERS, st.integers(0, 40_000), st.integers(0, 500), st.integers(0, 60_000))
def test_more_characters_never_cost_less(
    factor: Fraction, more: tuple[Tier, ...], characters: int, further: int, used: int
) -> None:
    prices, model = provider(float(factor), Tier(0, 100_000), *more)
    assert prices.price(model, "", characters, used).micro <= prices.price(model, "", characters + further, used).micro


@given(st.integers(0, 40_000), st.integers(0, 40_000), TIERS)
def test_two_calls_in_turn_are_bounded_as_one(one: int, other: int, more: tuple[Tier, ...]) -> None:
    """The second goes on where the first has left the tiers; each may be rounded up by less than a micro-dollar."""
    prices, model = provider(1.0, Tier(0, 100_000), *more)
    together = prices.micro(model, "", one + other)
    apart = prices.micro(model, "", one) + prices.micro(model, "", other, used_credits=one)
    assert together <= apart <= together + 1
