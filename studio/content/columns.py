"""What the columns of a table of episodes may be called, or the keys of an object, and how their values are read."""

import re
from enum import Enum
from typing import Final

from studio.domain.errors import SettingError
from studio.domain.settings import Value

_OTHER: Final = re.compile(r"[\W_]+")
_MONEY: Final = re.compile(r"[\s$]|usd", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")
_UNIT: Final = re.compile(r"\s*(?:minutes?|mins?|min\.|m|')$", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]{1,8}){0,3}")
_RANKS: Final = {"high": 10, "urgent": 10, "first": 10, "normal": 0, "medium": 0, "default": 0, "low": -10, "last": -10}


class Meaning(Enum):
    """A column: what it is, the setting that it gives, and what it may be called."""

    TITLE = ("title", "", "title|episode title|name|episode name|episode|topic|subject|headline|heading")
    SCRIPT = ("script", "", "script|script text|episode script|text|body|content|markdown|transcript|narration")
    VOICE = ("voice", "voice", "voice|voice id|speaker|narrator")
    MODEL = ("model", "model", "model|voice model|model id")
    BRAND = ("brand", "brand", "brand|brand file|brand guide")
    PRIORITY = ("priority", "", "priority|prio|importance")
    BRIEF = ("brief", "", "brief|description|summary|angle|synopsis|requirements|research requirements|notes")
    SOURCES = ("sources", "sources", "sources|source|links|link|urls|url|references|reading|material")
    MINUTES = ("minutes", "minutes", "minutes|mins|min|target minutes|target length|target duration|length|duration")
    BUDGET = ("budget", "episode_budget_usd", "budget|budget usd|episode budget|max cost|cost limit")
    SPEED = ("speed", "speed", "speed|pace|rate")
    SEED = ("seed", "seed", "seed")
    LANGUAGE = ("language", "language", "language|lang|language code")

    def __init__(self, word: str, setting: str, names: str) -> None:
        self.word = word
        self.setting = setting
        self.names = frozenset(names.split("|"))


NAMES: Final = frozenset({Meaning.TITLE, Meaning.SCRIPT, Meaning.BRIEF})
"""Without one of these a table is not of episodes."""


def meant(name: str) -> Meaning | None:
    """The column that is called so, in any case and with any signs between the words; None for any other."""
    plain = _OTHER.sub(" ", name.casefold()).strip()
    return next((meaning for meaning in Meaning if plain in meaning.names), None)


def value_of(meaning: Meaning, cell: str) -> Value:
    """A cell as the value of its setting, or as a priority. Raises `SettingError` where it cannot be read."""
    text = cell.strip()
    match meaning:
        case Meaning.PRIORITY | Meaning.SEED:
            rank = _RANKS.get(text.casefold()) if meaning is Meaning.PRIORITY else None
            return _whole(meaning, text) if rank is None else rank
        case Meaning.BUDGET:
            return _number(meaning, _MONEY.sub("", text))
        case Meaning.MINUTES:
            return _minutes(text)
        case Meaning.LANGUAGE:
            code = _LANGUAGE.fullmatch(text)  # “en-GB” is spoken by the voice that it has
            return code[1].casefold() if code else text
        case Meaning.SPEED:
            return _number(meaning, text.rstrip("x×X ").strip())
        case Meaning.VOICE:
            provider, colon, name = text.partition(":")
            if not colon or not provider.strip() or not name.strip():
                raise SettingError(f"The voice “{text}” is not of the form PROVIDER:NAME.", "Try builtin:heart.")
            return f"{provider.strip().casefold()}:{name.strip()}"
        case _:
            return text


def _minutes(text: str) -> float:
    clock = _CLOCK.fullmatch(text)
    if clock:
        return int(clock[1] or 0) * 60 + int(clock[2]) + int(clock[3]) / 60
    return _number(Meaning.MINUTES, _UNIT.sub("", text))


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
