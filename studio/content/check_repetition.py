"""Does it say the same thing again: a word, a sentence, a paragraph, a turn of phrase?"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from studio.content.subject import Subject, edit_all, removal
from studio.domain.editing import Edit
from studio.domain.findings import Severity
from studio.domain.prose import Sentence, Word
from studio.domain.script import BlockKind
from studio.domain.script_report import Check, Cure, ScriptFinding

_SENTENCE: Final = 6  # words of a sentence that should not come again; shorter ones are refrains
_TURN: Final = 8  # words of a turn of phrase
_TIMES: Final = 3  # that it may not come
_REFRAIN: Final = 5  # times that even a short sentence should not come
_PARAGRAPH: Final = 20  # words of one that was pasted twice
_LISTED: Final = 6
_MARGIN: Final = 66  # characters of a line of verse
_DOUBLED: Final = re.compile(
    r"(?<![\w’'-])(the|a|an|of|to|in|and|is|for|with|at|on|by|from|or|as|was|are|were|be|this|these|it|he|we|they|his|my)"
    r"([ \t]+)(?i:\1)(?![\w’'-])",
    re.IGNORECASE,
)


def check_repetition(subject: Subject) -> Iterator[ScriptFinding]:
    """What comes again, each once; verse and short refrains may."""
    yield from _doubled_words(subject)
    prose = [each for each in subject.prose if not _verse(subject.text[each.start : each.end])]
    ends = dict(_paragraphs(subject))
    starts = list(ends)
    yield from (_pasted(subject, start, ends[start]) for start in starts[:_LISTED])
    prose = [each for each in prose if not _inside(each, starts, ends)]
    said: dict[tuple[str, ...], list[Sentence]] = defaultdict(list)
    for sentence in prose:
        said[tuple(word.key for word in sentence.words)].append(sentence)
    repeated = [
        each for each in said.values() if len(each) > 1 and (len(each[0].words) >= _SENTENCE or len(each) >= _REFRAIN)
    ]
    for each in repeated[:_LISTED]:
        severity = Severity.REVIEW if subject.written or len(each) >= _TIMES else Severity.NOTE
        first, second = each[0], each[1]
        detail = f"“{subject.quote(first.start, first.end)}” is said {_times(len(each))}, word for word."
        cure = Cure("Say it only once", _once(subject, each)) if len(first.words) >= _SENTENCE else None
        yield ScriptFinding(Check.REPETITION, severity, detail, second.start, second.end, cure)
    whole = {id(sentence) for each in repeated for sentence in each}
    yield from _turns(subject, [each for each in prose if id(each) not in whole])


def _doubled_words(subject: Subject) -> Iterator[ScriptFinding]:
    found = [each for each in _DOUBLED.finditer(subject.text) if not _meant(each)]
    if found:
        changes = [(each.end(1), each.end(), "") for each in found]
        more = f", and {len(found) - 1} more words are" if len(found) > 1 else " is"
        detail = f"“{found[0][0]}”: the word{more} there twice."
        cure = Cure("Say it once", edit_all(subject.script.text, changes))
        severity = Severity.NOTE if not subject.written else Severity.REVIEW
        yield ScriptFinding(Check.REPETITION, severity, detail, found[0].start(), found[0].end(), cure)


def _meant(found: re.Match[str]) -> bool:
    """“What it is is a lamp”, “the one he gave in in the end”: these may stand twice."""
    return found[1].lower() in {"is", "in", "on", "it", "was", "are", "were"} or found[1].isupper()


def _paragraphs(subject: Subject) -> Iterator[tuple[int, int]]:
    """Where a whole paragraph stands again, in order."""
    before: set[str] = set()
    for block in subject.script.blocks:
        written = subject.text[block.start : block.end]
        said = " ".join(written.lower().split())
        if said.count(" ") + 1 >= _PARAGRAPH and block.kind is not BlockKind.HEADING and not _verse(written):
            if said in before:
                yield block.start, block.end
            before.add(said)


def _pasted(subject: Subject, start: int, end: int) -> ScriptFinding:
    text = subject.script.text
    until = end
    while until < len(text) and text[until] == "\n":
        until += 1
    detail = f"The paragraph “{subject.quote(start, end)}” stands there twice."
    cure = Cure("Take the second one out", edit_all(text, [(start, until, "")]))
    return ScriptFinding(Check.REPETITION, Severity.REVIEW, detail, start, end, cure)


def _inside(sentence: Sentence, starts: Sequence[int], ends: Mapping[int, int]) -> bool:
    number = bisect_right(starts, sentence.start) - 1
    return number >= 0 and sentence.start < ends[starts[number]]


def _once(subject: Subject, said: Sequence[Sentence]) -> Edit:
    changes = [removal(subject.script.text, each.start, each.end) for each in said[1:]]
    return edit_all(subject.script.text, changes)


def _turns(subject: Subject, prose: Sequence[Sentence]) -> Iterator[ScriptFinding]:
    """Runs of eight words and more that come three times; each run once, as long as it is said every time."""
    places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, sentence in enumerate(prose):
        keys = [word.key for word in sentence.words]
        for at in range(len(keys) - _TURN + 1):
            places[tuple(keys[at : at + _TURN])].append((number, at))
    often = [found for found in places.values() if len(found) >= _TIMES]
    taken: set[tuple[int, int]] = set()
    listed = 0
    for found in often:
        if found[0] in taken or listed == _LISTED:
            continue
        listed += 1
        length = _longest(prose, found)
        for number, at in found:
            taken |= {(number, at + step) for step in range(length - _TURN + 1)}
        number, at = found[0]
        words: Sequence[Word] = prose[number].words
        start, end = words[at].start, words[at + length - 1].end
        again, place = found[1]
        second = prose[again].words[place].start, prose[again].words[place + length - 1].end
        severity = Severity.REVIEW if subject.written else Severity.NOTE
        detail = f"“{subject.quote(start, end)}” is said {_times(len(found))}."
        yield ScriptFinding(Check.REPETITION, severity, detail, *second)


def _longest(prose: Sequence[Sentence], found: Sequence[tuple[int, int]]) -> int:
    """How many words are the same at all these places."""
    length = _TURN
    while True:
        following = {
            prose[number].words[at + length].key if at + length < len(prose[number].words) else ""
            for number, at in found
        }
        if len(following) != 1 or "" in following:
            return length
        length += 1


def _verse(text: str) -> bool:
    """Whether it stands in lines that begin with a capital and end before the margin: there refrains belong."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    short = all(len(line) <= _MARGIN for line in lines)
    return len(lines) > 1 and short and all(line[0].isupper() or not line[0].isalpha() for line in lines)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
