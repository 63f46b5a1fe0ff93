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
class Topic:
    """What an episode is to be about, before there is a script.

    `minutes` is the length that is asked for, 0 where the project's settings say. `sources` are files, folders and
    addresses to be read for it, beside the project's own.
    """

    title: str
    brief: str = ""
    minutes: float = 0.0
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """One episode's text. `source` is the path or other name it came from; all offsets point into `text`.

    `topic` is what the studio wrote it from, or is still to write it from: then there are no blocks, and `text` is the
    topic in words.
    """

    title: str
    source: str
    text: str
    blocks: tuple[Block, ...]
    skipped: tuple[Skipped, ...] = ()
    topic: Topic | None = None

    @property
    def unwritten(self) -> bool:
        """Whether this is a topic without a script."""
        return self.topic is not None and not self.blocks

    @property
    def characters(self) -> int:
        """Characters of the source text, markers and white space included."""
        return len(self.text)
