"""How much a text gives a voice to do, in characters of ordinary prose.

The same number of characters takes 10% longer in medical terms than in plain words, and twice as long in initialisms.
What sounds counts here: letters, syllables, words that carry stress. The weights were fitted to 734 sentences as the
built-in voice speaks them, so that ordinary prose counts as many as it has; other voices differ in pace more than in
these.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import hypot
from typing import Final

from studio.domain.spoken import Utterance

# Characters of ordinary prose that each is worth.
_LETTER: Final = 0.57
_SYLLABLE: Final = 1.65
_STRESSED: Final = 1.35  # a word that is more than grammar
_INITIAL: Final = 2.1  # of an initialism, beyond the letter: “see”, “pee”, “you”
# Writing without spaces: 4 to 8 syllables are said a second, and 15 English letters (Pellegrino, Coupé, Marsico 2011).
_SIGN: Final = 3.0
_DIGIT: Final = 5.0

# The words of short sentences come faster than those of long ones, but a sentence of a word or two is drawn out: each
# takes the hypotenuse of the second and its characters, less the first.
_SAVED: Final = 3.7
_DRAWN_OUT: Final = 11.3
_KEPT: Final = 20_000  # words: more than a show uses

_SIGNS: Final = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD: Final = re.compile(r"\d|[^\W\d_]+(?:['’][^\W\d_]+)*")
_MARKS: Final = re.compile(r"[,;:—–…](?=.*\w)")  # within a sentence, where a voice takes breath
_VOWELS: Final = re.compile(r"[aeiouyàáâäæèéêëìíîïòóôöøœùúûü]+")
_MUTE: Final = re.compile(r"[^aeiouy]e[sd]?$")
_NOT_MUTE: Final = re.compile(r"(?:[^aeiouy]le|[td]ed|(?:[sxz]|ch|sh|g|c)es)$")
_GRAMMAR: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "a all an and are as at be been but by could do for from had has have he her him his i if in is it its me my no"
        " not of on or our out she so than that the their them then there they this to up was we were when which who"
        " will with would you your"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Extent:
    """`characters` are those of ordinary prose; `marks` stand within sentences; `pauses_s` of silence are asked for."""

    characters: float
    sentences: int
    marks: int
    pauses_s: float


def extent_of(utterances: Iterable[Utterance]) -> Extent:
    """What these utterances give a voice to do."""
    characters = pauses_s = 0.0
    sentences = marks = 0
    for utterance in utterances:
        characters += hypot(sum(map(_weight, _WORD.findall(utterance.text))), _DRAWN_OUT) - _SAVED
        sentences += 1
        marks += len(_MARKS.findall(utterance.text))
        pauses_s += utterance.pause_after_s
    return Extent(round(characters, 1), sentences, marks, pauses_s)


@lru_cache(maxsize=_KEPT)
def syllables(word: str) -> int:
    """Syllables of an English word by its spelling, at least one; right for nine words of ten."""
    word = word.lower()
    count = len(_VOWELS.findall(word))
    if count > 1 and _MUTE.search(word) and not _NOT_MUTE.search(word):
        count -= 1
    return max(count, 1)


@lru_cache(maxsize=_KEPT)
def _weight(word: str) -> float:
    if word.isdigit():
        return _DIGIT
    signs = len(_SIGNS.findall(word))
    if signs:
        return _SIGN * signs + _LETTER * (len(word) - signs)
    letters = sum(map(str.isalpha, word))
    weight = _LETTER * letters + _SYLLABLE * syllables(word)
    if word.lower() not in _GRAMMAR:
        weight += _STRESSED
    if len(word) > 1 and word.isupper():
        weight += _INITIAL * letters
    return weight
