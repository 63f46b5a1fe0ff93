"""What a distribution folder is made of."""

import re
import unicodedata
from dataclasses import dataclass

from studio.domain.episode import Clearance
from studio.domain.findings import QaReport
from studio.domain.hearing import TimedWord
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Take


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that one folder is written from; `audio_path` is the mastered MP3, `script_text` the source."""

    number: int
    title: str
    show: str
    author: str
    source: str
    script_text: str
    spoken: SpokenForm
    take: Take
    master: Master
    audio_path: str
    marks: tuple[Mark, ...]
    words: tuple[TimedWord, ...]
    report: QaReport
    clearance: Clearance
    drawn: bool
    cost_micro: int
    generator: str  # "Batchcast 0.1.0"


def slug(title: str, limit: int = 60) -> str:
    """A title as a file name: lower-case ASCII words joined by hyphens, cut at a word, never empty."""
    plain = unicodedata.normalize("NFKD", title.replace("’", "").replace("'", "")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    kept = ""
    for word in words:
        if len(kept) + len(word) + 1 > limit:
            break
        kept = f"{kept}-{word}" if kept else word
    return kept or (words[0][:limit] if words else "episode")


def folder_name(number: int, title: str) -> str:
    """`NNN-slug`, three digits or more."""
    return f"{number:03d}-{slug(title)}"
