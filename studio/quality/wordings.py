"""Two wordings of one place, the script's and what was heard: how alike they sound, and what nobody hears of it."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from studio.domain.letters import FOREIGN
from studio.quality.homophones import same_sound
from studio.quality.latin import latin
from studio.quality.likeness import likeness
from studio.quality.vocabulary import is_known

_LONGER: Final = 2.0  # so many times the script's letters, and words were added and not misread
SHORTEST: Final = 3  # letters; the ears guess shorter words from what is around them
INFLECTED: Final = 0.9  # likeness of two forms of one word
_HISSING: Final = ("s", "z", "ce", "ci", "cy")  # a last s is lost in it
_CONTRACTED_D: Final = re.compile(r"[^aeiouwy'’]['’]d$")
_CONSONANTS: Final = frozenset("bcdfgjklmnpqrstvxz")
_TWICE: Final = re.compile(r"([^aeiouy])\1+")
_END: Final = re.compile(r"[.,;:!?…]*$")
_ENDING: Final = re.compile(r"(?:ies|ys|ed|es|d|s|y|e)$")
_CONTRACTED: Final = re.compile(r"nt$")
_PLAIN: Final = re.compile(r"[^a-z0-9]")


def dressed(script: Sequence[str], said: Sequence[str], before: Sequence[str]) -> list[str]:
    """The script's words with the stops and the capital that the ears would give them there."""
    words = list(script)
    if words and said:
        if said[0][:1].isupper() and (not before or before[-1][-1:] in ".?!"):
            words[0] = words[0][:1].upper() + words[0][1:]
        words[-1] = _END.sub("", words[-1]) + (_END.search(said[-1]) or [""])[0]
    return words


def alike(script: Sequence[str], heard: Sequence[str]) -> float:
    """How alike they sound; an ending is lost in the next word (“chanced to”) and guessed by the ears."""
    meant, said = letters(script), letters(heard)
    if len(script) > len(heard) == 1:
        said = _CONTRACTED.sub("n", said)  # “does in”, “doesn't”
    same = len(_stem(meant)) >= SHORTEST and _stem(meant) == _stem(said)
    return max(INFLECTED if same else 0.0, likeness(meant, said))


def is_inaudible(script: Sequence[str], heard: Sequence[str], following: str) -> bool:
    """Whether nobody can hear the difference before the word `following`, which is in small letters."""
    one, two = letters(script), letters(heard)
    if one != two and following.startswith(_HISSING) and _same_stem(one.rstrip("s"), two.rstrip("s")):
        return True  # “in Berkeley's sense”
    if script and _CONTRACTED_D.search(script[-1]) and one == f"{two}d" and following[:1] in _CONSONANTS:
        return True  # “my boss'd know”
    return _runs_on([*script, following], [*heard, following])  # “Gran demanded”, “grand demanded”


def _same_stem(one: str, two: str) -> bool:
    return one == two or same_sound(one, two)


def _runs_on(script: Sequence[str], heard: Sequence[str]) -> bool:
    """Whether as many words differ only in how often the consonant between two of them is written."""
    one, two = ([letters([part]) for word in words for part in word.split("-")] for words in (script, heard))
    if len(one) != len(two) or any(a != b and min(len(a), len(b)) <= SHORTEST for a, b in zip(one, two, strict=True)):
        return False
    return _TWICE.sub(r"\1", "".join(one)) == _TWICE.sub(r"\1", "".join(two))


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def is_rare(script: Sequence[str]) -> bool:
    """Whether there is a word that the ears do not know, and spell by its sound; or none that they do not guess."""
    return strange(script) > 0 or all(len(letters([word])) < SHORTEST for word in script)


def strange(script: Sequence[str]) -> int:
    """How many words the ears do not know, and spell by their sound."""
    plain = [letters([word]) for word in script]
    return sum(len(word) >= SHORTEST and not is_known(word) for word in plain)


def is_added(script: Sequence[str], said: Sequence[str]) -> bool:
    """Whether words were added, and not said in another way; “are” for “a” is no addition."""
    if len(said) <= len(script):
        return False
    least = max(SHORTEST, _LONGER * len(letters(script))) if script else 1.0
    return len(letters(said)) >= least


def without_accents(word: str) -> str:
    """A word as the ears write it: “Ngũgĩ” is “Ngugi”, and “Москва” is “Moskva”."""
    if word.isascii():
        return word
    if FOREIGN.search(word):
        word = latin(word.lower()).capitalize() if word[:1].isupper() else latin(word)
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))


def letters(words: Sequence[str]) -> str:
    """All of their letters and digits, in small letters."""
    return _PLAIN.sub("", without_accents("".join(words)).lower().replace("æ", "ae").replace("œ", "oe"))
