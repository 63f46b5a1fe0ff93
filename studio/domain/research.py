"""What is known about a topic, and from where: sources, and excerpts of them that can be cited."""

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """Where a source is from."""

    FILE = "file"
    PAGE = "page"
    FEED = "feed"
    REFERENCE = "reference"  # the search or encyclopaedia endpoint that the user configured


@dataclass(frozen=True, slots=True)
class Source:
    """Something that was read. `address` is a path or an address without anything secret in it.

    `sha256` is that of its text, `language` its ISO 639-1 code or empty. `published` is a date (ISO 8601) or empty,
    `fetched_at` when it was read (UTC, ISO 8601).
    """

    kind: SourceKind
    address: str
    title: str
    sha256: str
    language: str = ""
    published: str = ""
    fetched_at: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of a source: whole sentences, and where in it they stand.

    `start` and `end` are character offsets into the source's text; `place` is that place in words (“chapter 3”,
    “page 12”), empty where there is nothing to say. `score` is how well it fits what it was looked up for: higher is
    better, comparable within one search only. `language` is its own (ISO 639-1), empty where it is the source's.
    """

    source: Source
    text: str
    start: int
    end: int
    place: str = ""
    score: float = 0.0
    language: str = ""
