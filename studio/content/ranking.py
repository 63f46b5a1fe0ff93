"""Which passages a topic gets: those that fit it, each thing said once, and not all from one source."""

import re
from collections.abc import Collection, Sequence
from typing import Final
from unicodedata import normalize

from studio.content.terms import STOP_WORDS, Weights, alike, terms
from studio.domain.research import Excerpt
from studio.domain.script import Topic
from studio.engine.ports import Report

_WORD: Final = re.compile(r"[^\W_]+")
_TITLE_WEIGHS: Final = 2
_OWN_WEIGHS: Final = 1.5  # what a source that the topic names itself has before those of every topic
_SHINGLE: Final = 4  # words
_TOLD: Final = 0.5  # share of a passage's shingles that were there already, from which it says nothing new
_BEST: Final = 5
_WEAK: Final = 0.15  # share of what the best ones score under which a passage fits by an odd word only
_FIT: Final = 0.75  # against 0.25 for being unlike what is chosen (maximal marginal relevance)
_CROWDED: Final = 0.93  # for each passage of a source, what its next one is worth


def query_of(topic: Topic) -> str:
    """What is looked up for a topic: the telling words of title and brief, the title's as often as they weigh."""
    title, brief = _telling(topic.title), _telling(topic.brief)
    return " ".join([*title * _TITLE_WEIGHS, *brief]) or f"{topic.title} {topic.brief}"


def choose(report: Report, found: Sequence[Excerpt], own: Collection[str], most: int) -> tuple[Excerpt, ...]:
    """At most `most` of the excerpts found, best first. Runs in a worker.

    Args:
        report: Told that it began.
        found: What fits, each with its score; 0 for what is there only because it is in a source of the topic.
        own: Addresses of the topic's own sources.
        most: Excerpts.
    """
    report(0.0)
    weighed = {
        place: each.score * (_OWN_WEIGHS if each.source.address in own else 1.0) for place, each in enumerate(found)
    }
    top = max(weighed.values(), default=0.0) or 1.0
    order = sorted(weighed, key=lambda place: (-weighed[place], place))
    # One that holds a topic word for word says nothing of how well the others fit.
    usual = weighed[order[min(len(order), _BEST) // 2]] if order else 0.0
    fitting = sum(score >= _WEAK * usual for score in weighed.values())
    own_first = [place for place in order[max(fitting, most // 2) :] if found[place].source.address in own]
    left = _told_once(found, [*order[: max(fitting, most // 2)], *own_first])
    counted = {place: terms(found[place].text) for place in left}
    weights = Weights(counted.values())
    vectors = {place: weights.vector(counted[place]) for place in left}
    nearest = dict.fromkeys(left, 0.0)
    taken: dict[str, int] = {}
    chosen: list[int] = []

    def worth(place: int) -> float:
        crowd = _CROWDED ** taken.get(found[place].source.address, 0)
        return (_FIT * weighed[place] / top + 0.01) * crowd - (1 - _FIT) * nearest[place]

    while left and len(chosen) < most:
        best = max(left, key=worth)  # of equals the first: the better one
        left.remove(best)
        chosen.append(best)
        address = found[best].source.address
        taken[address] = taken.get(address, 0) + 1
        for place in left:
            nearest[place] = max(nearest[place], alike(vectors[place], vectors[best]))
    return tuple(found[place] for place in chosen)


def _told_once(found: Sequence[Excerpt], order: Sequence[int]) -> list[int]:
    """Those that say something which none before them said: a text that lies in two places counts once."""
    told: set[int] = set()
    kept: list[int] = []
    for place in order:
        shingles = _shingles(found[place].text)
        if len(told & shingles) < _TOLD * len(shingles):
            kept.append(place)
            told |= shingles
    return kept


def _shingles(text: str) -> set[int]:
    words = _WORD.findall(normalize("NFKC", text).casefold())
    return {hash(tuple(words[at : at + _SHINGLE])) for at in range(max(1, len(words) - _SHINGLE + 1))}


def _telling(text: str) -> list[str]:
    words = _WORD.findall(normalize("NFKC", text))
    return [word for word in words if (word.casefold() not in STOP_WORDS and len(word) > 1) or not word.isascii()]
