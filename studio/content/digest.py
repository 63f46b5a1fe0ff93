"""Which passages of the sources make a digest: what fits the topic, says it once, and can stand alone.

Sentences are taken as they are and in runs, so that what follows still has what it refers to. What is chosen is that
which fits the topic and is unlike what was chosen before (maximal marginal relevance: Carbonell and Goldstein, 1998).
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from studio.content.openers import hangs
from studio.content.sentences import sentence_spans
from studio.content.terms import STOP_WORDS, Vector, Weights, alike, middle, terms
from studio.domain.research import Excerpt
from studio.domain.script import Topic

MINUTES_A_SEGMENT: Final = 2.0
_MOST_SEGMENTS: Final = 8
_RUN: Final = (45, 110)  # words of a run of sentences
_LONGEST: Final = 60  # words of a sentence; a longer one is not understood by ear
_SHORTEST: Final = 5
_FIT: Final = 0.6  # against 0.4 for being unlike what is chosen
_TOO_ALIKE: Final = 0.75
_GOES_ON: Final = 0.15  # what a run gains that goes on from one that is chosen
_OF_A_SOURCE: Final = 3  # runs that say how much a source has
_HANGING: Final = 0.6  # what a run loses that begins in the middle of a thought
_WITHIN: Final = 0.1  # what it loses that begins in the middle of a paragraph
_ALONE: Final = 0.2  # what it loses that says too little to be followed
_A_THOUGHT: Final = 25  # words; with fewer a run is alone, and goes on into the next paragraph
_MARKUP: Final = re.compile(r"<[^<>]{0,300}>|[*_`#|~^\\<>{}]+|\[\^?[^\[\]]{0,40}\]|\]\([^()\s]{0,500}\)|[\[\]]")
_SHAPES_ONLY: Final = re.compile(
    r"[*_`#~^]+|</?(?:a|abbr|b|br|cite|em|i|mark|p|q|s|small|span|strong|sub|sup|u)\b[^<>]*>"
    r"|\[(?:\^[^\[\]]*|[\d,;–—\s-]+|[a-z]|note \d+|citation needed)\]|\]\([^()]*\)",
    re.IGNORECASE,
)
_HOLE: Final = "\ufffc"
_GAP: Final = re.compile(r"[^\W_] [.,](?:\s|$)")  # “you may refer .”: a link is gone
_ENTRY: Final = re.compile(r"\d[.,]\d+[¼½¾]? [“‘\"']?[A-Z]")  # “Molasses 1.73 Cheapest form”: a line of an account
# “As Figure 4-2 shows”, “in the previous chapter”: there is nothing that a listener could look at.
_SEEN: Final = re.compile(
    r"\b(?i:figures?|fig\.|listings?|tables?|diagrams?|exhibits?|plates?|chapters?|sections?|appendix|equations?)"
    r"\s(?:\d|[A-Z]\d|[IVX]{2,}\b|(?:above|below)\b(?! (?:the|an?|him|her|it|us|them)\b))"
    r"|\b(?i:the|this|our) (?:following|preceding|previous|above|next) (?:chapter|section|page|paragraph|figure|table"
    r"|listing|diagram|picture|chart|graph|photo|code|snippet|command|output|program|image|example)s?\b(?! of)"
    r"|\b(?:shown|seen|listed|pictured|depicted|described|given|mentioned|discussed|noted) (?:above|below|overleaf"
    r"|opposite|in the (?:figure|table|listing|diagram|picture|image|chart|box|margin))\b(?! (?:the|an?|him|her|it)\b)"
    r"|\b(?i:earlier|previously|above),? (?:we|I) (?:said|saw|mentioned|noted|showed|discussed|talked|described)\b"
    r"|\b(?i:see (?:also|above|below|page|p\.|note)|click (?:here|on)|read more|scroll down|sign up)\b"
)
_ENGLISH: Final = 0.25  # of the words of an English text at least are those that stand in every text
_FOREIGN: Final = 0.14  # of a sentence in another language at most
_LETTERS: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences that follow one another in an excerpt: `excerpt` is its place among all, `at` where it stands there."""

    excerpt: int
    at: int
    sentences: tuple[str, ...]
    vector: Vector
    score: float

    @property
    def text(self) -> str:
        """As it is said."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Segment:
    """Runs that belong together, in the order of their sources, under a heading."""

    heading: str
    runs: tuple[Run, ...]


def runs_of(topic: Topic, excerpts: Sequence[Excerpt]) -> list[Run]:
    """Everything that could be said, the best first."""
    held = [(place, *group) for place, each in enumerate(excerpts) for group in _groups(each.text)]
    counted = [terms(" ".join(group)) for _, _, _, group in held]
    weights = Weights(counted)
    vectors = [weights.vector(each) for each in counted]
    wanted = weights.vector(terms(f"{topic.title} {topic.title} {topic.brief}"))
    centre = middle(vectors)
    best = max((each.score for each in excerpts), default=0.0)
    seen: set[tuple[str, ...]] = set()
    runs = []
    for (place, at, opens, group), vector in zip(held, vectors, strict=True):
        if group in seen:
            continue
        seen.add(group)
        found = max(0.0, excerpts[place].score) / best if best > 0 else 0.0
        score = alike(vector, wanted) + 0.25 * found + 0.15 * alike(vector, centre)
        if hangs(group[0]):
            score *= 1 - _HANGING
        if not opens:
            score *= 1 - _WITHIN
        if sum(len(sentence.split()) for sentence in group) < _A_THOUGHT:
            score *= 1 - _ALONE
        runs.append(Run(place, at, group, vector, score))
    return sorted(runs, key=lambda run: (-run.score, run.excerpt, run.at))


def segment_count(minutes: float) -> int:
    """In how many segments so many minutes are told."""
    return min(_MOST_SEGMENTS, max(1, round(minutes / MINUTES_A_SEGMENT)))


def chosen(
    runs: Sequence[Run], excerpts: Sequence[Excerpt], minutes: float, enough: Callable[[Sequence[Run]], bool]
) -> list[Run]:
    """As many of the runs as are enough, the best first, none much like another; all of them where none is enough.

    They are of as few sources as there are segments, those that have most to say, and of more only where that is not
    enough: a listener cannot follow one who quotes somebody else with every breath.
    """
    by_source: dict[str, list[Run]] = {}
    for run in runs:
        by_source.setdefault(excerpts[run.excerpt].source.address, []).append(run)
    ranked = sorted(by_source.values(), key=lambda held: -sum(run.score for run in held[:_OF_A_SOURCE]))
    picked: list[Run] = []
    for count in range(min(segment_count(minutes), len(ranked)), len(ranked) + 1):
        picked = _picked([run for held in ranked[:count] for run in held], enough)
        if enough(picked):
            break
    return picked


def _picked(runs: Sequence[Run], enough: Callable[[Sequence[Run]], bool]) -> list[Run]:
    left, picked = list(runs), list[Run]()
    nearest = dict.fromkeys(range(len(left)), 0.0)
    top = max((run.score for run in runs), default=0.0) or 1.0
    places, follows = list(range(len(left))), set[int]()

    def worth(each: int) -> float:
        goes_on = _GOES_ON if each in follows else 0.0
        return _FIT * left[each].score / top + goes_on - (1 - _FIT) * nearest[each]

    while places and not enough(picked):
        place = max(places, key=lambda each: (worth(each), -each))
        places.remove(place)
        if nearest[place] > _TOO_ALIKE:
            continue
        run = left[place]
        picked.append(run)
        for each in places:
            other = left[each]
            nearest[each] = max(nearest[each], alike(other.vector, run.vector))
            if other.excerpt == run.excerpt and other.at == run.at + len(run.sentences):
                follows.add(each)
    return picked


def segments_of(runs: Sequence[Run], excerpts: Sequence[Excerpt], minutes: float) -> list[Segment]:
    """The runs in segments: what is of one source stays together, and what is alike."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(excerpts[run.excerpt].source.address, []).append(run)
    parts = list(groups.values())
    wanted = min(segment_count(minutes), len(runs))
    while len(parts) > wanted:
        small = min(parts, key=_words)
        parts.remove(small)
        nearest = max(parts, key=lambda part: alike(_centre(part), _centre(small)))
        nearest.extend(small)
    while len(parts) < wanted and any(len(part) > 1 for part in parts):
        large = max((part for part in parts if len(part) > 1), key=_words)
        parts.remove(large)
        large.sort(key=_order(excerpts))
        half = _middle_of(large)
        parts += large[:half], large[half:]
    parts.sort(key=lambda part: -max(run.score for run in part))
    named: set[str] = set()
    made = []
    for part in parts:
        said = Counter[str]()
        for run in part:
            said[excerpts[run.excerpt].source.address] += len(run.text.split())
        in_order = _order(excerpts)
        part.sort(key=lambda run: (-said[excerpts[run.excerpt].source.address], *in_order(run)))
        made.append(Segment(_heading(part, excerpts, named), tuple(part)))
    return made


def plain(text: str) -> str:
    """Text of a source without mark-up: it is data, and shapes nothing."""
    return " ".join(_MARKUP.sub(" ", text).split())


def _groups(text: str) -> list[tuple[int, bool, tuple[str, ...]]]:
    """The sentences of an excerpt in runs; what cannot be listened to parts them.

    With each the place of its first sentence, and whether that one opens a paragraph.
    """
    sentences = _sentences(text)
    english = _common(text) >= _ENGLISH
    groups: list[tuple[int, bool, tuple[str, ...]]] = []
    held: list[str] = []
    first, words, opened = 0, 0, False

    def end() -> None:
        nonlocal words
        if held:
            groups.append((first, opened, tuple(held)))
        held.clear()
        words = 0

    for number, (opens, sentence) in enumerate(sentences):
        length = len(sentence.split())
        if not _audible(sentence, length) or (english and _common(sentence) < _FOREIGN):
            end()
            continue
        # What hangs is not what a sentence that stands alone should be heard behind.
        enough = words >= (_A_THOUGHT if opens else _RUN[0]) or (held and hangs(held[0]))
        if words + length > _RUN[1] or (enough and not hangs(sentence)):
            end()
        if not held:
            first, opened = number, opens
        held.append(sentence)
        words += length
    end()
    return groups


def _sentences(text: str) -> list[tuple[bool, str]]:
    """With each whether it opens a paragraph."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        said = " ".join(_MARKUP.sub(_hole, paragraph).split())
        found += [(not start, said[start:end]) for start, end in sentence_spans(said)]
    return found


def _hole(markup: re.Match[str]) -> str:
    """Marks where something stood that a sentence is not whole without: “an array of [i32]”, “a < b”."""
    return " " if _SHAPES_ONLY.fullmatch(markup[0]) else f" {_HOLE} "


def _common(text: str) -> float:
    """The share of the words that stand in every English text."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return sum(word in STOP_WORDS for word in words) / max(1, len(words))


def _audible(sentence: str, words: int) -> bool:
    """Whether it is a whole sentence that can be understood by ear."""
    letters = len(_LETTERS.findall(sentence))
    ends = sentence.rstrip("”’\"')» ")[-1:]
    quotes = sentence.count("“") == sentence.count("”") and sentence.count('"') % 2 == 0
    return (
        _SHORTEST <= words <= _LONGEST
        and ends in {".", "!", "?", "…"}
        and letters >= 0.6 * len(sentence)
        and quotes
        and sentence.count("(") == sentence.count(")")
        and not sentence[:1].islower()
        and not _ENTRY.search(sentence)
        and _HOLE not in sentence
        and not _GAP.search(sentence)
        and not _SEEN.search(sentence)
    )


def _heading(part: Sequence[Run], excerpts: Sequence[Excerpt], named: set[str]) -> str:
    """What a segment is called: by the source that says most of it, else by what is said most; never twice."""
    titles = [title for title in dict.fromkeys(plain(excerpts[run.excerpt].source.title) for run in part) if title]
    options = titles[:1]
    if len(titles) > 1:
        options.append(f"{titles[0]} and {titles[1]}")
    places = {plain(excerpts[run.excerpt].place) for run in part}
    if len(titles) == 1 and len(places) == 1 and "" not in places:
        options.append(f"{titles[0]}, {min(places)}")
    shown = _shown(part)
    options += [f"{one} and {other}".capitalize() for one, other in pairwise(shown)]
    options += [word.capitalize() for word in shown]
    free = next((option for option in options if option.casefold() not in named), f"Part {len(named) + 1}")
    named.add(free.casefold())
    return free


def _shown(part: Sequence[Run]) -> list[str]:
    """The words that a segment is most about, as they are written there."""
    weight = _centre(part)
    written: dict[str, str] = {}
    for word in re.findall(r"[^\W\d_]{3,}", " ".join(run.text for run in part)):
        for term in terms(word):
            if word.casefold() not in STOP_WORDS:
                written.setdefault(term, word.lower())
    best = sorted(written, key=lambda term: (-weight.get(term, 0.0), term))
    return [written[term] for term in best[:6]]


def _centre(part: Sequence[Run]) -> Vector:
    return middle([run.vector for run in part])


def _words(part: Sequence[Run]) -> int:
    return sum(len(run.text.split()) for run in part)


def _middle_of(part: Sequence[Run]) -> int:
    """Where the first half of its words ends: at least one run stands on either side."""
    half, words = _words(part) / 2, 0
    for number, run in enumerate(part[:-1], 1):
        words += len(run.text.split())
        if words >= half:
            return number
    return len(part) - 1


def _order(excerpts: Sequence[Excerpt]) -> Callable[[Run], tuple[str, int, int]]:
    def key(run: Run) -> tuple[str, int, int]:
        excerpt = excerpts[run.excerpt]
        return excerpt.source.address, excerpt.start, run.at

    return key
