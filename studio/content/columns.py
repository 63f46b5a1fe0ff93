"""What the columns of a table of episodes may be called, and how their cells are read."""

import re
from enum import Enum
from typing import Final

from studio.domain.errors import SettingError
from studio.domain.settings import Value

_OTHER: Final = re.compile(r"[\W_]+")
_MONEY: Final = re.compile(r"[\s$]|usd", re.IGNORECASE)
_RANKS: Final = {"high": 10, "urgent": 10, "first": 10, "normal": 0, "medium": 0, "default": 0, "low": -10, "last": -10}


class Meaning(Enum):
    """A column: what it is, the setting that it gives, and what it may be called."""

    TITLE = ("title", "", "title|episode title|name|episode name|episode|topic|subject|headline|heading")
    SCRIPT = ("script", "", "script|script text|episode script|text|body|content|markdown|transcript|narration")
    VOICE = ("voice", "voice", "voice|voice id|speaker|narrator")
    MODEL = ("model", "model", "model|voice model|model id")
    BRAND = ("brand", "brand", "brand|brand file|brand guide")
    PRIORITY = ("priority", "", "priority|prio|importance")
    MINUTES = ("minutes", "", "minutes|mins|min|target minutes|target length|target duration|length|duration")
    BUDGET = ("budget", "episode_budget_usd", "budget|budget usd|episode budget|max cost|cost limit")
    SPEED = ("speed", "speed", "speed|pace|rate")
    SEED = ("seed", "seed", "seed")
    LANGUAGE = ("language", "language", "language|lang|language code")

    def __init__(self, word: str, setting: str, names: str) -> None:
        self.word = word
        self.setting = setting
        self.names = frozenset(names.split("|"))


NAMES: Final = frozenset({Meaning.TITLE, Meaning.SCRIPT})
"""Without one of these a table is not of episodes."""


def meant(name: str) -> Meaning | None:
    """The column that is called so, in any case and with any signs between the words; None for any other."""
    plain = _OTHER.sub(" ", name.casefold()).strip()
    return next((meaning for meaning in Meaning if plain in meaning.names), None)


def value_of(meaning: Meaning, cell: str) -> Value:
    """A cell as the value of its setting, or as a priority. Raises `SettingError` where it cannot be read."""
    text = cell.strip()
    match meaning:
        case Meaning.PRIORITY:
            rank = _RANKS.get(text.casefold())
            return _whole(meaning, text) if rank is None else rank
        case Meaning.SEED:
            return _whole(meaning, text)
        case Meaning.BUDGET:
            return _number(meaning, _MONEY.sub("", text))
        case Meaning.SPEED:
            return _number(meaning, text.rstrip("x×X ").strip())
        case Meaning.VOICE:
            provider, colon, name = text.partition(":")
            if not colon or not provider.strip() or not name.strip():
                raise SettingError(f"The voice “{text}” is not of the form PROVIDER:NAME.", "Try builtin:heart.")
            return f"{provider.strip().casefold()}:{name.strip()}"
        case _:
            return text


def _whole(meaning: Meaning, text: str) -> int:
    number = _number(meaning, text)
    if number != int(number) or abs(number) >= 2**31:
        raise _no_number(meaning, text)
    return int(number)


def _number(meaning: Meaning, text: str) -> float:
    # A decimal comma; with a point there as well it divides thousands.
    plain = text.replace(",", "") if "." in text else text.replace(",", ".")
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,9})?", plain):
        raise _no_number(meaning, text)
    return float(plain)


def _no_number(meaning: Meaning, text: str) -> SettingError:
    return SettingError(
        f"The {meaning.word} “{text}” is no number that can be used.", "Write a plain number, or nothing."
    )
