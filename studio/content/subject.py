"""A script under its checks: what of its text is spoken, in place, and its sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.domain.editing import Edit
from studio.domain.prose import Sentence, sentences_of
from studio.domain.script import Script
from studio.engine.authoring import ScriptJob

_NOT_LINE_END: Final = re.compile(r"[^\n]")
_QUOTED: Final = 60  # characters of a quotation


@dataclass(frozen=True, slots=True)
class Subject:
    """A job with what several checks look at.

    `text` is the script's with spaces for all that is not spoken, so that every offset holds in both.
    """

    job: ScriptJob
    text: str
    sentences: tuple[Sentence, ...]

    @property
    def script(self) -> Script:
        """The script as it was handed in."""
        return self.job.script

    @property
    def prose(self) -> list[Sentence]:
        """The sentences without the headings."""
        return [sentence for sentence in self.sentences if not sentence.heading]

    @property
    def written(self) -> bool:
        """Whether the studio wrote it: then more is asked of it than of what a person hands in."""
        return self.job.provenance is not None or self.script.topic is not None

    def quote(self, start: int, end: int) -> str:
        """A place in a few words, as a finding says it."""
        return shortened(self.script.text[start:end])


def subject_of(job: ScriptJob) -> Subject:
    """What the checks look at. Linear in the length of the text."""
    return Subject(job, _masked(job.script), sentences_of(job.script))


def shortened(text: str) -> str:
    """The beginning of a text on one line, whole words where there are any."""
    line = " ".join(text[: 8 * _QUOTED].split())
    if len(line) <= _QUOTED:
        return line
    return (line[:_QUOTED].rpartition(" ")[0] or line[:_QUOTED]) + "…"


def edit_all(text: str, changes: Sequence[tuple[int, int, str]]) -> Edit:
    """All changes (start, end, what shall stand there; in order, apart from each other) as one edit."""
    first, last = changes[0][0], changes[-1][1]
    parts: list[str] = []
    at = first
    for start, end, now in changes:
        parts += text[at:start], now
        at = end
    return Edit(first, text[first:last], "".join(parts))


def removal(text: str, start: int, end: int) -> tuple[int, int, str]:
    """The change that takes `text[start:end]` out without leaving two spaces, or one at the edge of a line."""
    before = text[start - 1 : start]
    if text[end : end + 1] in {" ", "\t"} and (not before or before.isspace()):
        end += 1
    elif before in {" ", "\t"} and (end == len(text) or text[end] in "\n.,;:!?"):
        start -= 1
    return start, end, ""


def _masked(script: Script) -> str:
    spans: list[tuple[int, int]] = []
    skipped, index = sorted(script.skipped, key=lambda part: part.start), 0
    for block in script.blocks:
        at = block.start
        while index < len(skipped) and skipped[index].end <= at:
            index += 1
        while index < len(skipped) and skipped[index].start < block.end:
            if skipped[index].start > at:
                spans.append((at, skipped[index].start))
            at = max(at, min(skipped[index].end, block.end))
            if skipped[index].end > block.end:
                break
            index += 1
        if at < block.end:
            spans.append((at, block.end))
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += _NOT_LINE_END.sub(" ", script.text[at:start]), script.text[start:end]
        at = end
    return "".join(parts) + _NOT_LINE_END.sub(" ", script.text[at:])
