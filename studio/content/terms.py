"""What texts are about: their terms, weighted, and how much alike two of them are."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt
from typing import Final, TypeAlias
from unicodedata import normalize

Vector: TypeAlias = Mapping[str, float]
"""Terms with their weights; of length 1, or empty."""

_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
_ENDINGS: Final = (("sses", "ss"), ("ies", "y"), ("ing", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("s", ""))
_SHORTEST: Final = 4  # letters that an ending must leave
STOP_WORDS: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "a about above after again against all almost along already also although always am among an and another any"
        " are as at away back be became because become been before being below between both but by came can cannot come"
        " could did do does doing done down during each either else even ever every few first for from further gave get"
        " give go goes gone had has have having he her here hers him himself his how however i if in indeed into is it"
        " its itself just last least less let like long made make makes many may me might mine more most much must my"
        " myself neither never no nor not nothing now of off often on once one only or other others our ours out over"
        " own perhaps put quite rather said same say says see seem seems seen shall she should since so some something"
        " still such take taken than that the their theirs them themselves then there therefore these they thing things"
        " this those though through thus to together too took toward two under until up upon us use used very was we"
        " well went were what when where whether which while who whole whom whose why will with within without would"
        " yet you your yours"
    ).split()
)


def terms(text: str) -> Counter[str]:
    """The words of a text that say what it is about, without their endings, and how often each is there."""
    found = (normalize("NFC", word.casefold().replace("’", "'")) for word in _WORD.findall(text))
    return Counter(_stem(word) for word in found if word not in STOP_WORDS)


class Weights:
    """How much a term says, by in how many of these texts it stands (inverse document frequency)."""

    def __init__(self, texts: Iterable[Counter[str]]) -> None:
        self._in = Counter[str]()
        self._count = 0
        for each in texts:
            self._in.update(each.keys())
            self._count += 1

    def vector(self, counted: Mapping[str, int]) -> Vector:
        """The terms of a text by what they say of it."""
        raw = {term: (1 + log(count)) * self.of(term) for term, count in counted.items()}
        length = sqrt(sum(weight * weight for weight in raw.values()))
        return {term: weight / length for term, weight in raw.items()} if length else {}

    def of(self, term: str) -> float:
        """What one term says; more the rarer it is."""
        return log(1 + (self._count + 1) / (self._in.get(term, 0) + 0.5))


def alike(one: Vector, other: Vector) -> float:
    """The cosine of two vectors, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def middle(vectors: Sequence[Vector]) -> Vector:
    """The direction that several vectors have in common."""
    summed: dict[str, float] = {}
    for vector in vectors:
        for term, weight in vector.items():
            summed[term] = summed.get(term, 0.0) + weight
    length = sqrt(sum(weight * weight for weight in summed.values()))
    return {term: weight / length for term, weight in summed.items()} if length else {}


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + instead
    return word
