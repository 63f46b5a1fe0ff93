"""What is said of an API key, which itself is never said."""

from studio.domain.purchase import KeyAnswer
from studio.domain.voice import WRITER, provider_name
from studio.domain.writing import WriterAnswer
from studio.engine.trade import KeyPlace
from studio.ui.wording import count_of

_LISTED = 6  # models


def whose(provider: str) -> str:
    """Whose key it is, within a sentence."""
    return "the writer" if provider == WRITER else provider_name(provider)


def place_words(provider: str, place: KeyPlace) -> str:
    """Where the key of a provider is; or that there is none, and why none can be kept."""
    if place.variable:
        return f"{place.variable} is set, and is used. To use the keyring, unset it and start Batchcast again."
    if place.in_keyring:
        return "There is a key in this computer's keyring."
    none = f"There is no key for {whose(provider)} yet."
    if provider == WRITER:
        none += " A model of your own needs none."
    return f"{none} {place.refusal}" if place.refusal else none


def answer_words(answer: KeyAnswer, *, typed: bool) -> str:
    """What a vendor said of a key that works: plan, requests at once, what is left, models."""
    said = ["The key works."]
    if answer.tells:
        parts = [f"Plan “{answer.account.plan}”" if answer.account.plan else "", _slots(answer), _left(answer)]
        said.append(f"{', '.join(part for part in parts if part)}.")
    else:
        said.append("It may not read the account (permission “user_read”), so plan and credits stay unknown.")
    if answer.models is None:
        said.append("It may not list the models (permission “models_read”).")
    else:
        said.append(f"{count_of(answer.models, 'model speaks', 'models speak')}.")
    if typed:
        said.append("It is not kept yet.")
    return " ".join(said)


def writer_words(answer: WriterAnswer, *, typed: bool) -> str:
    """What a writer's server said that works: whether its model answers, and which there are."""
    said = [f"It works: “{answer.model}” has answered." if answer.spoke else f"It works: “{answer.model}” would write."]
    if answer.tokens:
        said.append(f"That took {count_of(answer.tokens, 'token')}.")
    if answer.models is not None and len(answer.models) > 1:
        listed = ", ".join(answer.models[:_LISTED]) + ("…" if len(answer.models) > _LISTED else "")
        said.append(f"{count_of(len(answer.models), 'model')} there: {listed}.")
    if answer.models is None:
        said.append("It keeps no list of its models.")
    if typed:
        said.append("The key is not kept yet.")
    return " ".join(said)


def _slots(answer: KeyAnswer) -> str:
    if not answer.slots:
        return ""
    least, most = min(answer.slots.values()), max(answer.slots.values())
    return f"{least} requests at once" if least == most else f"{least} to {most} requests at once, by model"


def _left(answer: KeyAnswer) -> str:
    left = answer.account.credits_left
    return "no limit of credits" if left is None else f"{left:,} credits left (characters, at one credit each)"
