"""Has a script an opening, a closing, and segments that say something? What a brand asks for by word is the brand's."""

import re
from collections.abc import Iterator
from typing import Final

from studio.content.subject import Subject
from studio.domain.findings import Severity
from studio.domain.script import BlockKind
from studio.domain.script_report import Check, ScriptFinding

_LONG: Final = 2_500  # words from which one wants to find one's way by chapters
_SPOKEN_END: Final = re.compile(r"[.!?…。！？:;—–][*_~`”’\"')\]»」』\s]*$")  # noqa: RUF001  (stops of other scripts)
_GOES_ON: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "a an and as at because but by for from if in into nor of on or over so than that the their then this to under"
        " until when where which while who with without is are was were be been has have had will would"
    ).split()
)
_EDGE: Final = 90  # words in which an opening or a closing is looked for
_OPENING: Final = re.compile(
    r"\b(?:welcome|hello|hi|good (?:morning|evening|afternoon|day)|today|tonight|this is|this week|in this episode"
    r"|this episode|let us|let’s|let's|imagine|picture|listen|you)\b|\?",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"\b(?:thank you|thanks|goodbye|good night|good-bye|farewell|until next|next time|see you|join us|that is (?:all"
    r"|the story|it)|that’s (?:all|it)|that was|to sum up|in short|in summary|to recap|looking back|so remember|we have"
    r" (?:seen|heard)|the end|in the end|for now|take care|listening)\b",
    re.IGNORECASE,
)


def check_structure(subject: Subject) -> Iterator[ScriptFinding]:
    """Breaks in the structure with their places."""
    yield from _breaks_off(subject)
    yield from _empty_segments(subject)
    prose = subject.prose
    words = sum(len(sentence.words) for sentence in prose)
    headings = sum(block.kind is BlockKind.HEADING for block in subject.script.blocks)
    if words >= _LONG and headings <= 1:
        detail = "It is long and has no headings but its title: it will be one single chapter."
        yield ScriptFinding(Check.STRUCTURE, Severity.NOTE, detail)
    brand = subject.job.brand
    if not subject.written or words < 2 * _EDGE:
        return
    if not (brand and brand.openings):
        first = prose[0].start, _edge(subject, first=True)
        title = set(re.findall(r"\w{4,}", subject.script.title.lower()))
        begins = subject.text[first[0] : first[1]]
        if not _OPENING.search(begins) and not title & set(re.findall(r"\w{4,}", begins.lower())):
            detail = "It begins without an opening: nothing says what the episode is about."
            yield ScriptFinding(Check.STRUCTURE, Severity.NOTE, detail, prose[0].start, prose[0].end)
    if not (brand and brand.closings) and not _CLOSING.search(subject.text, _edge(subject, first=False)):
        detail = "It ends without a closing: nothing says that the episode is over."
        yield ScriptFinding(Check.STRUCTURE, Severity.NOTE, detail, prose[-1].start, prose[-1].end)


def _edge(subject: Subject, *, first: bool) -> int:
    """Where the first words end, or the last ones begin."""
    words = [word for sentence in subject.prose for word in sentence.words]
    return words[:_EDGE][-1].end if first else words[-_EDGE:][0].start


def _breaks_off(subject: Subject) -> Iterator[ScriptFinding]:
    """A last paragraph that ends in the middle of a sentence: what was cut, at a limit or while copying."""
    blocks = subject.script.blocks
    if not blocks or blocks[-1].kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} or not subject.prose:
        return
    last = subject.prose[-1]
    ending = subject.text[last.start : blocks[-1].end].rstrip()
    if len(last.words) < 3 or _SPOKEN_END.search(ending):
        return
    goes_on = last.words[-1].key in _GOES_ON or ending.endswith(",")
    if goes_on or subject.written:
        said = subject.script.text[last.words[-min(5, len(last.words))].start : last.words[-1].end]
        detail = f"It breaks off: “…{' '.join(said.split())}” is no end of a sentence."
        yield ScriptFinding(Check.STRUCTURE, Severity.REVIEW, detail, last.words[-1].start, last.words[-1].end)


def _empty_segments(subject: Subject) -> Iterator[ScriptFinding]:
    """Headings with nothing under them but another heading of their own rank or a higher one, or the end."""
    blocks = subject.script.blocks
    for number, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or len(blocks) == 1:
            continue
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        empty = following is None or (
            following.kind is BlockKind.HEADING and 1 < following.level <= block.level and number > 0
        )
        if empty and not _numeral(subject.script.text[block.start : block.end]):
            severity = Severity.REVIEW if subject.written else Severity.NOTE
            detail = f"Under the heading “{subject.quote(block.start, block.end)}” there is nothing."
            yield ScriptFinding(Check.STRUCTURE, severity, detail, block.start, block.end)


def _numeral(heading: str) -> bool:
    return bool(re.fullmatch(r"\W*(?:chapter\s+|part\s+)?(?:[ivxlc]+|\d+)\W*", heading, re.IGNORECASE))
