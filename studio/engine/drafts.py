"""What was handed in, before it is queued: drafts of episodes, how large they are, and what makes none."""

import json
import re
from dataclasses import dataclass
from typing import Final

from studio.domain.extent import Extent
from studio.domain.script import BlockKind, Script, Topic
from studio.domain.settings import Settings

_ENDS: Final = re.compile(r"[.!?…\u3002\uff01\uff1f]+[\"'”’)]*(?=\s|$)")
_MARKS: Final = re.compile(r"[,;:—–]")
# Usual narration, for a text that is not written yet.
_CHARACTERS_A_SECOND: Final = 14.0
_CHARACTERS_A_SENTENCE: Final = 110
_BULLET: Final = re.compile(r"^\s*(?:[-*•–+]|\d{1,4}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Draft:
    """A script that may become an episode.

    `values` are settings of its own (JSON, or empty, as `Episode.overrides`); `note` says what of it was not used.
    `tabled` marks one row of a table, a chapter of a book, a script with settings of its own: what was dropped does
    not look like what it becomes.
    """

    script: Script
    values: str = ""
    priority: int = 0
    note: str = ""
    tabled: bool = False


_TITLE_AND_BRIEF: Final = re.compile(r"(?P<title>[^:]{3,120}?):\s+(?P<brief>\S.*)")


def topic_drafts(text: str, minutes: float) -> list[Draft]:
    """What a person wrote down, a topic to a line, `Title` or `Title: what it is to be about`, each of `minutes`.

    Marks of a list before a line are no part of it; the same topic twice is one.
    """
    topics: dict[str, Topic] = {}
    for line in text.splitlines():
        said = " ".join(_BULLET.sub("", line).split())
        if not any(map(str.isalnum, said)):
            continue
        parts = _TITLE_AND_BRIEF.fullmatch(said)
        topic = Topic(parts["title"], parts["brief"], minutes) if parts else Topic(said, "", minutes)
        topics.setdefault(said.casefold(), topic)
    return [topic_draft(topic) for topic in topics.values()]


def topic_draft(topic: Topic, source: str = "Topics") -> Draft:
    """A topic that may become an episode; the project knows it by its words. Half characters cannot be stored."""
    whole = Topic(_whole(topic.title), _whole(topic.brief), topic.minutes, tuple(map(_whole, topic.sources)))
    return Draft(Script(whole.title, source, topic_text(whole), (), topic=whole))


def _whole(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def topic_text(topic: Topic) -> str:
    """A topic in words. Two topics that differ never have the same: what follows the brief can be read from the end."""
    length = f"{topic.minutes:.15g} minutes" if topic.minutes else "as the project says"
    sources = [" ".join(each.split()) for each in topic.sources]
    about = f"{topic.title}\n\n{topic.brief}" if topic.brief else topic.title
    listed = "".join(f"\n- {each}" for each in sources) or " as the project says"
    return f"{about}\n\nLength: {length}\nSources:{listed}\n"


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
    """How much a script gives a voice to do, by its source text: near enough to say `~` before it is prepared.

    Of a `topic`, which has no text yet, what its minutes usually come to.
    """

    characters: int
    sentences: int
    marks: int
    paragraphs: int
    headings: int
    topic: Topic | None = None

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
    """The size of what will be spoken of a script; of a topic, what the minutes that it asks for come to."""
    if script.topic is not None and script.unwritten:
        return _written_size(script.topic)
    characters = sentences = marks = headings = 0
    for block in script.blocks:
        text = " ".join(script.text[block.start : block.end].split())
        characters += len(text)
        sentences += max(1, len(_ENDS.findall(text)))
        marks += len(_MARKS.findall(text))
        headings += block.kind is BlockKind.HEADING
    return Size(characters, sentences, marks, len(script.blocks) - headings, headings)


def _written_size(topic: Topic) -> Size:
    characters = round((topic.minutes or Settings().minutes) * 60 * _CHARACTERS_A_SECOND)
    sentences = max(1, characters // _CHARACTERS_A_SENTENCE)
    return Size(characters, sentences, 2 * sentences, max(1, sentences // 4), max(1, sentences // 20), topic)


def with_shared(values: str, shared: str) -> str:
    """A draft's own settings, and behind them those that hold for all that is queued with it. JSON, or empty."""
    both = {**(json.loads(shared) if shared else {}), **(json.loads(values) if values else {})}
    return json.dumps(both, sort_keys=True) if both else ""
