"""Are its sentences short enough to be spoken, and to be followed?"""

import re
from collections.abc import Iterator
from typing import Final

from studio.content.subject import Subject
from studio.domain.editing import Edit
from studio.domain.findings import Severity
from studio.domain.prose import Sentence
from studio.domain.script_report import Check, Cure, ScriptFinding

LONGEST: Final = 80
"""Words that nobody follows. A brand asks for fewer."""
_BREATHLESS: Final = 100
"""Words without a mark at which a voice pauses, that no voice says well, whoever wrote them."""
_LISTED: Final = 12
_PART: Final = 8  # words that either side must have to stand alone

_BREATH: Final = re.compile(r"[;:—–…!?.](?=\s|[”’\"')\]]|\w)|\n\s*\n")
# What begins a sentence as well as it goes on with one: a semicolon always, “, and” where a subject with its verb
# follows that needs none of what stood before.
_SEMICOLON: Final = re.compile(r";[ \t]*\n?[ \t]*(?=[^\W\d_])")
_AND: Final = re.compile(
    r",?[ \t\n]+(?:and|but|so)[ \t\n]+(?=(?:then[ \t\n]+)?(?:he|she|it|they|we|i|you|there|this|these|nobody|everyone"
    r"|the[ \t\n]+\w+)[ \t\n]+\w)",
    re.IGNORECASE,
)


def check_sentences(subject: Subject) -> Iterator[ScriptFinding]:
    """Sentences that are beyond any voice and any listener; those that a brand thinks too long are the brand's."""
    brand = subject.job.brand
    if brand and brand.longest:
        return
    long = [sentence for sentence in subject.prose if len(sentence.words) > LONGEST]
    for number, sentence in enumerate(long[:_LISTED], 1):
        words = len(sentence.words)
        breath = _longest_breath(subject.text, sentence)
        severity = Severity.REVIEW if subject.written or breath > _BREATHLESS else Severity.NOTE
        where = f", {breath} of them without a pause" if LONGEST < breath < words else ""
        more = f" {len(long) - _LISTED} more are as long." if number == _LISTED < len(long) else ""
        edit = split(subject.script.text, sentence)
        yield ScriptFinding(
            Check.SENTENCE,
            severity,
            f"The sentence has {words} words{where}; nobody follows more than {LONGEST}.{more}",
            sentence.start,
            sentence.end,
            Cure("Make two sentences of it", edit) if edit else None,
        )


def split(text: str, sentence: Sentence) -> Edit | None:
    """The edit that makes two sentences of one, at the semicolon or the “and” nearest to its middle, where it is safe.

    None inside of brackets or quotation marks, and where no place leaves a whole sentence on either side.
    """
    if len(sentence.words) < 2 * _PART:
        return None
    first, last = sentence.words[_PART - 1].end, sentence.words[-_PART].start
    middle = (sentence.start + sentence.end) / 2
    enclosed = _enclosed(text, sentence)
    for pattern in (_SEMICOLON, _AND):
        places = [
            found
            for found in pattern.finditer(text, sentence.start, sentence.end)
            if first <= found.start() and found.end() <= last and not enclosed[found.start() - sentence.start]
        ]
        if places:
            best = min(places, key=lambda found: abs(found.start() - middle))
            start, end = best.span()
            return Edit(start, text[start : end + 1], f".{_gap(best[0])}{text[end].upper()}")
    return None


def _enclosed(text: str, sentence: Sentence) -> list[bool]:
    """Of each character of a sentence, whether it stands in brackets or quotation marks."""
    inside: list[bool] = []
    depth, quoted = 0, False
    for sign in text[sentence.start : sentence.end]:
        inside.append(quoted or depth > 0)
        depth = max(0, depth + (sign in "(“«[") - (sign in ")”»]"))  # what was opened before it may be closed in it
        quoted ^= sign == '"'
    return inside


def _gap(found: str) -> str:
    return "\n" if "\n" in found else " "


def _longest_breath(text: str, sentence: Sentence) -> int:
    """The most words between two marks at which a voice pauses."""
    longest, at = 0, sentence.start
    ends = [found.start() for found in _BREATH.finditer(text, sentence.start, sentence.end)]
    count = 0
    marks = iter([*ends, sentence.end])
    at = next(marks)
    for word in sentence.words:
        while word.start > at:
            longest, count = max(longest, count), 0
            at = next(marks, sentence.end)
            if at == sentence.end:
                break
        count += 1
    return max(longest, count)
