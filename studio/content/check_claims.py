"""Does what the studio wrote rest on what was found? Every figure, name and claim against the passages it cites."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from studio.content.numbers import cardinal, ordinal
from studio.content.subject import Subject
from studio.domain.brand import CLAIMS
from studio.domain.findings import Severity
from studio.domain.phrases import Phrases
from studio.domain.prose import Sentence, words_in
from studio.domain.script_report import Check, ScriptFinding
from studio.domain.writing import Provenance

_LISTED: Final = 12
_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SHARE: Final = re.compile(r"[ \u00a0\u202f]?%|\s+per\s?cent\b", re.IGNORECASE)
_SMALL: Final = 20  # “3 reasons” are counted, not claimed
_LONGEST_SPELLED: Final = 9  # digits of a number that a source may have in words
_CONTENT: Final = 5  # letters of a word that carries meaning
_SHARED: Final = 0.5  # of these words, that a passage and what rests on it have in common
_NAME: Final = re.compile(r"(?<=[a-z,;:–—] )[A-Z][a-zß-ÿ'’-]+(?: [A-Z][a-zß-ÿ'’-]+){0,3}(?![^\W\d_])")
_NO_NAMES: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "january february march april may june july august september october november december monday tuesday wednesday"
        " thursday friday saturday sunday christmas easter god english french german british american european greek"
        " latin roman america europe england earth i i'm i'd i'll i've mr mrs ms dr sir lady north south east west"
    ).split()
)


@dataclass(frozen=True, slots=True)
class _Passage:
    """An excerpt, made ready to look things up in."""

    figures: frozenset[str]
    words: frozenset[str]
    spelled: str  # its words in small letters, with a space on either side

    def has(self, figure: str) -> bool:
        """Whether it holds the figure, in digits or in words."""
        return figure in self.figures or any(f" {each} " in self.spelled for each in _spellings(figure))


def check_claims(subject: Subject) -> Iterator[ScriptFinding]:
    """Nothing for a script that was handed in: what that must name its sources for is the brand's to say."""
    provenance = subject.job.provenance
    if provenance is None:
        return
    yield from _gathered(list(_sentences(subject, provenance)))


def _gathered(found: list[ScriptFinding]) -> Iterator[ScriptFinding]:
    yield from found[:_LISTED]
    if len(found) > _LISTED:
        severity = max((each.severity for each in found[_LISTED:]), key=lambda each: each is Severity.REVIEW)
        yield ScriptFinding(Check.CLAIM, severity, f"And {len(found) - _LISTED} more claims without their passage.")


def _sentences(subject: Subject, provenance: Provenance) -> Iterator[ScriptFinding]:
    passages = [_passage(each.text) for each in provenance.excerpts]
    everything = _Passage(
        frozenset().union(*(each.figures for each in passages)),
        frozenset().union(*(each.words for each in passages)),
        " ".join(each.spelled for each in passages),
    )
    cited = _Cited(provenance)
    known = _known_names(subject, provenance) | everything.words
    claims = Phrases(CLAIMS)
    told: set[str] = set()
    for sentence in subject.prose:
        own = [passages[number] for number in cited.at(sentence) if number < len(passages)]
        text = subject.text[sentence.start : sentence.end]
        figures = _figures(text, counted=bool(own))
        missing = [each for each in figures if not any(passage.has(each) for passage in own)]
        invented = [each for each in missing if not everything.has(each)]
        says = claims.find(sentence.words)
        if invented:
            detail = f"“{invented[0]}” in “{subject.quote(sentence.start, sentence.end)}” stands in no source."
            yield ScriptFinding(Check.CLAIM, Severity.REVIEW, detail, sentence.start, sentence.end)
        elif missing and own:
            detail = f"“{missing[0]}” stands in another passage than the one that this sentence cites."
            yield ScriptFinding(Check.CLAIM, Severity.NOTE, detail, sentence.start, sentence.end)
        elif says and not own and not _rests_on_any(sentence, passages):
            first, last = sentence.words[says[0].first], sentence.words[says[0].last - 1]
            detail = f"“{subject.quote(first.start, last.end)}” rests on no passage of a source."
            yield ScriptFinding(Check.CLAIM, Severity.REVIEW, detail, sentence.start, sentence.end)
        for name in _NAME.findall(text):
            parts = {word.key.removesuffix("'s") for word in words_in(name)} - _NO_NAMES
            if parts and name not in told and not parts & known:
                told.add(name)
                severity = Severity.REVIEW if own else Severity.NOTE
                detail = f"The name “{name}” stands in no source."
                yield ScriptFinding(Check.CLAIM, severity, detail, sentence.start, sentence.end)


class _Cited:
    """Which passages a place of the text cites; linear in citations and sentences together."""

    def __init__(self, provenance: Provenance) -> None:
        self._citations = sorted(provenance.citations, key=lambda each: each.start)
        self._starts = [each.start for each in self._citations]
        self._longest = max((each.end - each.start for each in self._citations), default=0)

    def at(self, sentence: Sentence) -> set[int]:
        last = bisect_right(self._starts, sentence.end - 1)
        first = bisect_right(self._starts, sentence.start - self._longest - 1)
        return {each.excerpt for each in self._citations[first:last] if each.end > sentence.start}


def _figures(text: str, *, counted: bool) -> list[str]:
    """The figures of a sentence; small ones only where it cites something, or they are shares."""
    found = []
    for each in _FIGURE.finditer(text):
        figure = _plain(each[0])
        if counted or _SHARE.match(text, each.end()) or not figure.isdecimal() or int(figure[:9]) >= _SMALL:
            found.append(figure)
    return found


def _plain(figure: str) -> str:
    """Without what groups its digits, so that 1,234 is 1234."""
    return re.sub(r",(?=\d{3}(?!\d))", "", figure).lstrip("0") or "0"


@lru_cache(maxsize=4_096)
def _spellings(figure: str) -> tuple[str, ...]:
    if not figure.isdecimal() or len(figure) > _LONGEST_SPELLED:
        return ()
    number = int(figure)
    return tuple(" ".join(word.key for word in words_in(said)) for said in (cardinal(number), ordinal(number)))


def _passage(text: str) -> _Passage:
    words = [word.key for word in words_in(text)]
    figures = frozenset(_plain(each) for each in _FIGURE.findall(text))
    return _Passage(figures, frozenset(word.removesuffix("'s") for word in words), f" {' '.join(words)} ")


def _rests_on_any(sentence: Sentence, passages: Sequence[_Passage]) -> bool:
    content = {word.key for word in sentence.words if len(word.key) >= _CONTENT}
    return any(len(content & each.words) >= _SHARED * max(len(content), 1) for each in passages)


def _known_names(subject: Subject, provenance: Provenance) -> set[str]:
    """What a script may name without a passage: itself, its show, its topic, its sources."""
    settings, topic, brand = subject.job.settings, subject.script.topic, subject.job.brand
    texts = [subject.script.title, settings.show, settings.author, brand.name if brand else ""]
    texts += [each.source.title for each in provenance.excerpts] + [each.source.address for each in provenance.excerpts]
    texts += [line for each in (*brand.openings, *brand.closings) for line in each.wordings] if brand else []
    texts += [topic.title, topic.brief] if topic else []
    return {word.key.removesuffix("'s") for text in texts for word in words_in(text)}
