"""Which English words the built-in voice knows how to say; of all others it guesses the sound."""

import gzip
import json
import re
from functools import cache
from typing import Final

from studio.voices.builtin import assets

_DICTIONARIES: Final = ("us_gold", "us_silver")
_DOUBLED: Final = re.compile(r"([bcdgklmnprstvxz])\1ing$|cking$")


def knows(word: str) -> bool:
    """Whether its dictionary has the word, or what the word is a plain form of, as the voice itself looks it up.

    Any case; apostrophes of either kind. Raises `VoiceError` where the voice is not installed.
    """
    key = word.replace("’", "'").lower()
    return key in _words() or any(base in _words() for base in _bases(key))


@cache
def _words() -> frozenset[str]:
    """All words in small letters. A third of a second, once a process."""
    found: set[str] = set()
    for name in _DICTIONARIES:
        packed = (assets() / f"lexicon_{name}.json.gz").read_bytes()
        found.update(word.lower() for word in json.loads(gzip.decompress(packed)))
    return frozenset(found)


def _bases(word: str) -> list[str]:
    """What the word would be a plural, a possessive, a past or a present participle of.

    The rules of misaki's English lexicon, which the voice follows.
    """
    found: list[str] = []
    if word.endswith("'"):
        found += word[:-1], f"{word[:-2]}'s"
    if word.endswith("s") and len(word) > 2:
        if not word.endswith("ss"):
            found.append(word[:-1])
        if word.endswith("'s") or (len(word) > 4 and word.endswith("es") and not word.endswith("ies")):
            found.append(word[:-2])
        if len(word) > 4 and word.endswith("ies"):
            found.append(f"{word[:-3]}y")
    elif word.endswith("d") and len(word) > 3:
        if not word.endswith("dd"):
            found.append(word[:-1])
        if len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
            found.append(word[:-2])
    elif word.endswith("ing") and len(word) > 4:
        found += word[:-3], f"{word[:-3]}e"
        if len(word) > 5 and _DOUBLED.search(word):
            found.append(word[:-4])
    return found
