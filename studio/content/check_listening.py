"""Can it be followed by ear? A listener cannot go back: what is far beyond what is broadcast gets a note, no more.

The measure is the Easy Listening Formula: the syllables of a sentence beyond one for each of its words (I. E. Fang, The
“Easy Listening Formula”, Journal of Broadcasting 11, 1966). News that listeners rated highly had fewer than 12 on
average. The line stands a quarter above that: prose for readers of philosophy has 12 to 19 here, Kant about 20. A long
passage of twice as much is named also where the rest is easy.
"""

from collections.abc import Iterator, Sequence
from statistics import fmean, median
from typing import Final

from studio.content.subject import Subject
from studio.domain.findings import Severity
from studio.domain.prose import Sentence
from studio.domain.readability import listening_of
from studio.domain.script_report import Check, ScriptFinding

FOLLOWED: Final = 12.0
"""What news that is easily followed stays below."""
WHOLE: Final = 1.25 * FOLLOWED
PASSAGE: Final = 2 * FOLLOWED
_USUAL: Final = 20.0  # of a passage, what half of its sentences have: one list, or a poem without a stop, is not enough
_RUN: Final = 8  # sentences of a passage
_FEWEST: Final = (5, 100)  # sentences and words, of which an average says something


def check_listening(subject: Subject) -> Iterator[ScriptFinding]:
    """At most one note, at the hardest passage; what a brand says of its reading level goes before it. English only."""
    brand = subject.job.brand
    prose = subject.prose
    if (brand and (brand.grade or brand.mean)) or len(prose) < _FEWEST[0]:
        return
    if sum(len(sentence.words) for sentence in prose) < _FEWEST[1]:
        return
    loads = [listening_of(sentence) for sentence in prose]
    whole = fmean(loads)
    first, last = _hardest(loads)
    part = loads[first:last]
    if whole > WHOLE:
        said = f"It is hard to follow by ear, most of all here: its sentences have {whole:.0f}"
    elif fmean(part) > PASSAGE and median(part) > _USUAL:
        said = f"This passage is hard to follow by ear: its sentences have {fmean(part):.0f}"
    else:
        return
    detail = (
        f"{said} syllables beyond one a word, and news that is easily followed stays below {FOLLOWED:.0f}. "
        "Shorter sentences of shorter words help."
    )
    yield _at(prose[first:last], detail)


def _hardest(loads: Sequence[int]) -> tuple[int, int]:
    """The run of sentences that has most, first to last (exclusive). Linear in their number."""
    length = min(_RUN, len(loads))
    held = best = sum(loads[:length])
    first = 0
    for place in range(length, len(loads)):
        held += loads[place] - loads[place - length]
        if held > best:
            first, best = place - length + 1, held
    return first, first + length


def _at(sentences: Sequence[Sentence], detail: str) -> ScriptFinding:
    return ScriptFinding(Check.READING, Severity.NOTE, detail, sentences[0].start, sentences[-1].end)
