"""What was handed in, before it is queued: drafts of episodes, how large they are, and what makes none."""

import json
import re
from dataclasses import dataclass
from typing import Final

from studio.domain.extent import Extent
from studio.domain.script import BlockKind, Script
from studio.domain.settings import Settings

_ENDS: Final = re.compile(r"[.!?…\u3002\uff01\uff1f]+[\"'”’)]*(?=\s|$)")
_MARKS: Final = re.compile(r"[,;:—–]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A script that may become an episode.

    `values` are settings of its own (JSON, or empty, as `Episode.overrides`); `note` says what of it was not used.
    `tabled` marks one row of a table: what was dropped does not look like what it becomes.
    """

    script: Script
    values: str = ""
    priority: int = 0
    note: str = ""
    tabled: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was handed in and made no new episode: its name, what is wrong with it, and the cure.

    `known` marks a script that the project has already, which is no fault.
    """

    source: str
    message: str
    remedy: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """How much a script gives a voice to do, by its source text: near enough to say `~` before it is prepared."""

    characters: int
    sentences: int
    marks: int
    paragraphs: int
    headings: int

    def extent(self, settings: Settings) -> Extent:
        """What the length of an episode is reckoned from."""
        # The pause after the last sentence of a paragraph is the paragraph's.
        pauses_s = (
            max(0, self.sentences - self.paragraphs - self.headings) * settings.sentence_pause_s
            + self.paragraphs * settings.paragraph_pause_s
            + self.headings * settings.heading_pause_s
        )
        return Extent(self.characters, self.sentences, self.marks, pauses_s)


def size_of(script: Script) -> Size:
    """The size of what will be spoken of a script."""
    characters = sentences = marks = headings = 0
    for block in script.blocks:
        text = " ".join(script.text[block.start : block.end].split())
        characters += len(text)
        sentences += max(1, len(_ENDS.findall(text)))
        marks += len(_MARKS.findall(text))
        headings += block.kind is BlockKind.HEADING
    return Size(characters, sentences, marks, len(script.blocks) - headings, headings)


def with_shared(values: str, shared: str) -> str:
    """A draft's own settings, and behind them those that hold for all that is queued with it. JSON, or empty."""
    both = {**(json.loads(shared) if shared else {}), **(json.loads(values) if values else {})}
    return json.dumps(both, sort_keys=True) if both else ""
