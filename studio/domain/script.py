"""A script as it was handed in: its text and what each part of it is."""

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of the source is, as far as speech is concerned."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of speakable text. `start` and `end` are character offsets into `Script.text`, markers excluded."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0  # of a heading: 1 to 6; of a list item: its depth


@dataclass(frozen=True, slots=True)
class Skipped:
    """A stretch of the source that is not spoken, and why ("code", "table", "bare link", "emoji")."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Script:
    """One episode's text. `source` is the path or other name it came from; all offsets point into `text`."""

    title: str
    source: str
    text: str
    blocks: tuple[Block, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def characters(self) -> int:
        """Characters of the source text, markers and white space included."""
        return len(self.text)
