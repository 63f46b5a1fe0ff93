"""How a show sounds on paper, learned from sample scripts, and how far an episode is from that.

Function words and punctuation tell texts apart whatever they are about (Burrows, “Delta”, Literary and Linguistic
Computing 17, 2002). Here each is compared with the median of the samples in units of their spread, and the mean of
that with what the samples have among themselves, each against all the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from studio.domain.prose import Sentence
from studio.domain.readability import grade_of
from studio.domain.script import Script

FEWEST: Final = 3
"""Samples from which a style can be learned."""
SHORTEST: Final = 150
"""Words of a sample, and of a text that is judged."""
_PIECE: Final = 400  # words that are looked at together, so that long and short texts are measured alike
_MOST_PIECES: Final = 40  # of one text
_FAR: Final = 4.0  # no single trait counts for more
_NOTABLE: Final = 1.5
_LEAST_SPREAD: Final = 0.08  # of the distances among samples that happen to be alike

_FUNCTION_WORDS: Final = (  # noqa: SIM905  (read as prose)
    "the of and a to in that it is was for on with as at by but or not this be are have has had from which so if"
    " then there what when who all more very just now out up about can will would could should"
).split()
_PERSONS: Final = {
    "“you”": frozenset({"you", "your", "yours", "yourself", "you're", "you've", "you'll", "you'd"}),
    "“we”": frozenset({"we", "us", "our", "ours", "ourselves", "we're", "we've", "we'll", "we'd", "let's"}),
    "“I”": frozenset({"i", "me", "my", "mine", "myself", "i'm", "i've", "i'll", "i'd"}),
    "“he”, “she” and “they”": frozenset({"he", "him", "his", "she", "her", "hers", "they", "them", "their"}),
}
_MARKS: Final = {
    "commas": ",",
    "semicolons": ";",
    "colons": ":",
    "dashes": "—–",
    "question marks": "?",
    "exclamation marks": "!",
    "brackets": "(",
    "quotation marks": '“"',
}


@dataclass(frozen=True, slots=True)
class Trait:
    """What is usual for one trait, and by how much the samples differ in it."""

    usual: float
    spread: float


@dataclass(frozen=True, slots=True)
class StyleProfile:
    """The traits by name; `distance` is the median of the samples from one another, `spread` how much that varies."""

    traits: Mapping[str, Trait]
    distance: float
    spread: float
    samples: int


@dataclass(frozen=True, slots=True)
class StyleJudgement:
    """How far a text is from a style, in spreads beyond what the samples are from one another, and in which traits.

    0 or less is as close as the samples are. The traits come as (name, usual, here), those that are furthest off first.
    """

    excess: float
    traits: tuple[tuple[str, float, float], ...]


def learn(samples: Sequence[tuple[Script, Sequence[Sentence]]]) -> StyleProfile | None:
    """The style of sample scripts; None where fewer than `FEWEST` of them are long enough."""
    measured = [pieces for script, sentences in samples if (pieces := _pieces(script, sentences))]
    if len(measured) < FEWEST:
        return None
    apart = []
    for number, own in enumerate(measured):
        others = _profile([piece for at, pieces in enumerate(measured) if at != number for piece in pieces])
        apart.append(median(_distance(others, piece) for piece in own))
    middle = median(apart)
    # The furthest sample is still the show's own: the spread reaches that far, whatever the others are like.
    spread = max(1.4826 * median(abs(each - middle) for each in apart), (max(apart) - middle) / 2, _LEAST_SPREAD)
    return StyleProfile(_profile([piece for pieces in measured for piece in pieces]), middle, spread, len(measured))


def judge_style(profile: StyleProfile, script: Script, sentences: Sequence[Sentence]) -> StyleJudgement | None:
    """How far a script is from a style; None where it is too short to be told."""
    pieces = _pieces(script, sentences)
    if not pieces:
        return None
    distance = median(_distance(profile.traits, piece) for piece in pieces)
    here = {name: median(piece[name] for piece in pieces) for name in profile.traits}
    off = {name: abs(here[name] - trait.usual) / trait.spread for name, trait in profile.traits.items()}
    names = [name for name in sorted(off, key=lambda name: -off[name]) if off[name] >= _NOTABLE]
    traits = tuple((name, profile.traits[name].usual, here[name]) for name in names)
    return StyleJudgement((distance - profile.distance) / profile.spread - 2, traits)


def _distance(traits: Mapping[str, Trait], piece: Mapping[str, float]) -> float:
    return fmean(min(abs(piece[name] - trait.usual) / trait.spread, _FAR) for name, trait in traits.items())


def _profile(pieces: Sequence[Mapping[str, float]]) -> dict[str, Trait]:
    traits = {}
    for name in pieces[0]:
        values = [piece[name] for piece in pieces]
        usual = median(values)
        # A share p of n words varies by sqrt(p / n) by itself: less than that is chance, however alike samples are.
        floor = max((max(usual, 1.0) * 1000 / _PIECE) ** 0.5, 0.1 * usual) if name in _RATES else 0.1 * usual + 0.1
        traits[name] = Trait(usual, max(1.4826 * median(abs(value - usual) for value in values), floor))
    return traits


def _pieces(script: Script, sentences: Sequence[Sentence]) -> list[dict[str, float]]:
    """The traits of a text, piece by piece; headings are left out. None where it is too short."""
    prose = [sentence for sentence in sentences if not sentence.heading]
    total = sum(len(sentence.words) for sentence in prose)
    if total < SHORTEST:
        return []
    size = total / max(1, round(total / _PIECE))
    pieces: list[list[Sentence]] = [[]]
    count = 0
    for sentence in prose:
        if count >= size * len(pieces) and len(pieces) < total / size:
            pieces.append([])
        pieces[-1].append(sentence)
        count += len(sentence.words)
    return [_traits(script, piece) for piece in pieces if piece][:_MOST_PIECES]


_RATES: Final = frozenset({*(f"“{word}”" for word in _FUNCTION_WORDS), *_PERSONS, *_MARKS, "contractions"})


def _traits(script: Script, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Rates are a thousand words, lengths words or letters."""
    keys = [word.key for sentence in sentences for word in sentence.words]
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    text = "".join(script.text[sentence.start : sentence.end] for sentence in sentences)
    thousand = len(keys) / 1000
    lengths = sorted(len(sentence.words) for sentence in sentences)
    traits = {f"“{word}”": counts.get(word, 0) / thousand for word in _FUNCTION_WORDS}
    for name, words in _PERSONS.items():
        traits[name] = sum(counts.get(word, 0) for word in words) / thousand
    for name, marks in _MARKS.items():
        traits[name] = sum(map(text.count, marks)) / thousand
    traits["contractions"] = sum(number for key, number in counts.items() if "'" in key) / thousand
    for name, share in _LENGTHS.items():
        traits[name] = float(lengths[min(int(share * len(lengths)), len(lengths) - 1)])
    traits["words a sentence"] = fmean(lengths)
    traits["letters a word"] = fmean(map(len, keys))
    traits["school grade"] = grade_of(sentences)
    traits["different words in a hundred"] = 100 * len(counts) / len(keys)
    return traits


_LENGTHS: Final = {"words of its short sentences": 0.1, "words of its long sentences": 0.9}
