"""How budgets, prices and purchases are said: in the bar, the popup and the start sheet alike."""

import math
from typing import Final

from studio.domain.budget import BudgetUse, Scope, threshold
from studio.domain.money import Costs, bound_usd, usd
from studio.domain.voice import ModelCard, provider_name
from studio.engine.events import PurchasesChanged, SlotsNow
from studio.engine.quote import Quote
from studio.engine.topic_quote import Writing
from studio.ui.theme import Tone
from studio.ui.wording import count_of, money

BUDGET_NAMES: Final = {
    Scope.EPISODE: "This episode",
    Scope.BATCH: "This project",
    Scope.DAY: "Today",
    Scope.MONTH: "This month",
    Scope.CREDITS: "The account's credits",
}
_OF: Final = {
    Scope.EPISODE: "for the episode",
    Scope.BATCH: "for the project",
    Scope.DAY: "for today",
    Scope.MONTH: "for the month",
    Scope.CREDITS: "on the account",
}
_KINDS: Final = {"standard": "Standard models", "fast": "Fast models", "writer": "Models that write"}


def amount(use: BudgetUse, value: int) -> str:
    """A part of a budget in its own unit."""
    return count_of(value, "credit") if use.scope is Scope.CREDITS else money(value)


def left_words(use: BudgetUse) -> str:
    """`$10.78 left of $20.00 for the project`."""
    return f"{amount(use, use.left)} left of {amount(use, use.limit)} {_OF[use.scope]}"


def gone(use: BudgetUse) -> str:
    """How much of a budget is spent or promised, from half of it on; rounded down, so that 100% is really all."""
    if threshold(use.share) == 0:
        return ""
    return "used up" if use.share >= 1 else f"{math.floor(use.share * 100)}% gone"


def budget_tone(use: BudgetUse) -> Tone:
    """Amber from 80% on, red when it is used up."""
    reached = threshold(use.share)
    return Tone.BAD if reached >= 1 else Tone.LOOK if reached >= 0.8 else Tone.ACCENT


def budget_sentence(use: BudgetUse) -> str:
    """One budget in full."""
    parts = [f"{amount(use, use.settled)} spent"]
    if use.reserved:
        parts.append(f"{amount(use, use.reserved)} held")
    parts.append(left_words(use))
    said = ", ".join(parts)
    return f"{said}: {gone(use)}" if gone(use) else said


def saved_words(costs: Costs) -> str:
    """What was not bought a second time; empty where there was nothing."""
    if not costs.cached_calls:
        return ""
    calls = count_of(costs.cached_calls, "call")
    worth = f", which saved {money(costs.cached_micro)}" if costs.cached_micro else ""
    return f"{calls} ({count_of(costs.cached_characters, 'character')}) bought before and used again{worth}"


def lost_words(costs: Costs) -> str:
    """What was paid for nothing; empty where there was nothing."""
    return f"{money(costs.lost_micro)} paid for calls that brought no usable sound" if costs.lost_micro else ""


def price_per_1000(micro: int) -> str:
    """A price small enough to need more than cents: `$0.05`, `$0.0225`."""
    cents, _, rest = f"{usd(micro):,.4f}".partition(".")
    return f"${cents}.{rest.rstrip('0').ljust(2, '0')}"


def model_terms(model: ModelCard) -> str:
    """What a model takes and costs."""
    return f"{model.limit:,} characters a request · {price_per_1000(model.micro_per_1000)} for 1,000 characters"


def seller_words(now: PurchasesChanged) -> str:
    """`ElevenLabs, plan Creator`."""
    name = provider_name(now.seller)
    return f"{name}, plan {_plan(now)}" if now.plan else name


def _plan(now: PurchasesChanged) -> str:
    return now.plan[:1].upper() + now.plan[1:]


def slot_words(slots: SlotsNow) -> str:
    """`7 of 10 in flight, 3 wait`."""
    waiting = f", {count_of(slots.waiting, 'waits', 'wait')}" if slots.waiting else ""
    return f"{slots.in_flight:,} of {slots.width:,} in flight{waiting}"


def kind_words(kind: str) -> str:
    """A kind of model, as the slots are counted."""
    return _KINDS.get(kind, f"Models of the kind “{kind}”")


def pace_words(now: PurchasesChanged) -> str:
    """How many requests left in the last minute, and of how many."""
    return f"{now.asked_last_minute:,} of {now.per_minute:,} requests in the last minute"


def retry_words(now: PurchasesChanged) -> str:
    """How many calls wait for another try; empty for none."""
    return (
        count_of(now.retrying, "call waits to be tried again", "calls wait to be tried again") if now.retrying else ""
    )


def paused_words(now: PurchasesChanged) -> str:
    """Why nothing is bought for the moment, the countdown first: it is what must not be cut off."""
    if now.probe_in_s is None:
        return f"Being tried: {now.paused}"
    seconds = math.ceil(now.probe_in_s)
    return f"Next try in {seconds} s: {now.paused}" if seconds else f"Next try now: {now.paused}"


def buying_line(now: PurchasesChanged) -> tuple[str, Tone, str]:
    """How buying goes in one line: the words, their tone, and the icon that says the same as the tone."""
    if now.stopped:
        return f"Nothing is bought: {now.stopped}", Tone.BAD, "ban"
    if now.paused:
        return paused_words(now), Tone.LOOK, "pause"
    busy = [slots for slots in now.slots if slots.in_flight or slots.waiting] or list(now.slots[:1])
    parts = [f"Plan {_plan(now)}" if now.plan else provider_name(now.seller)]
    parts += [f"{kind_words(slots.kind)} {slot_words(slots)}" if len(busy) > 1 else slot_words(slots) for slots in busy]
    parts.append(f"{now.asked_last_minute:,} of {now.per_minute:,} a minute")
    if now.retrying:
        parts.append(count_of(now.retrying, "retry", "retries"))
    return " · ".join(parts), Tone.LOOK if now.retrying else Tone.NEUTRAL, "audio-lines"


def up_to(micro: int) -> str:
    """An upper bound."""
    return f"up to ${bound_usd(micro):,.2f}" if micro else "nothing"


def writing_words(writing: Writing) -> str:
    """What writing topics costs: at most, and usually."""
    what = f"{count_of(writing.topics, 'topic')}, {writing.minutes:,.0f} min"
    if not writing.most_micro:
        return f"{what}: nothing, it is free"
    return f"{what}: {up_to(writing.most_micro)}, usually about {money(writing.usual_micro)}"


def topics_words(quote: Quote) -> str:
    """What topics come to before they are written, in full: the writing, and the speech that they become."""
    spoken = quote.cost_micro - quote.writing.most_micro
    cost = f"{up_to(spoken)}" if spoken else "nothing: the voice is built in"
    return (
        f"Writing {writing_words(quote.writing)}. Spoken after that: at most "
        f"{count_of(quote.characters, 'character')}, for {cost}; you see the exact price before anything is bought."
    )


def quoted_speech(quote: Quote) -> str:
    """How much is to be spoken."""
    calls = count_of(quote.calls, "call")
    most = "at most " if quote.writing.topics else ""
    in_calls = f" in {calls}" if quote.calls or not most else ""
    return f"{count_of(quote.episodes, 'episode')}, {most}{count_of(quote.characters, 'character')}{in_calls}"


def quoted_saving(quote: Quote) -> str:
    """What of it is in the library already."""
    if not quote.cached_calls:
        return "Nothing of it was bought before"
    calls = count_of(quote.cached_calls, "call")
    characters = count_of(quote.cached_characters, "character")
    worth = f", which saves {money(quote.saved_micro)}" if quote.saved_micro else ""
    return f"{calls} ({characters}) bought before{worth}"


def quoted_budget(quote: Quote) -> str:
    """What the tightest budget leaves."""
    return left_words(quote.tightest) if quote.tightest else "None is set: nothing but the account limits what is spent"
