"""A show's template: the shape of an episode, with places that are filled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from studio.content.sentences import sentence_spans
from studio.domain.errors import InputError

_COMMENT: Final = re.compile(r"<!--(.*?)-->", re.DOTALL)
_LINE: Final = re.compile(r"^[ \t]*(lead first|lead next|lead last|turn):[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_PLACE: Final = re.compile(r"\{([a-z]+)\}")
_KNOWN: Final = frozenset({"title", "show", "brief", "segments", "recap", "sources"})
_SEGMENTS: Final = "{segments}"
_PLAIN: Final = {
    "lead first": ("We begin with {source}.",),
    "lead next": ("Now we turn to {source}.",),
    "lead last": ("The last part comes from {source}.",),
    "turn": ("{source} has this to say.",),
}


@dataclass(frozen=True, slots=True)
class Template:
    """What stands before and behind the segments, and how a segment, or another source within it, is led into."""

    before: str
    after: str
    leads: Mapping[str, tuple[str, ...]]

    def lead(self, kind: str, number: int, values: Mapping[str, str]) -> str:
        """The lead of this kind (`lead first`, `lead next`, `lead last`, `turn`) whose turn it is."""
        said = self.leads[kind]
        return filled(said[number % len(said)], values)


def read_template(text: str, name: str) -> Template:
    """A template from its Markdown. Raises `InputError` where a place is unknown or the segments have none."""
    leads: dict[str, tuple[str, ...]] = {}
    for comment in _COMMENT.findall(text):
        for kind, said in _LINE.findall(comment):
            leads[kind] = (*leads.get(kind, ()), said)
    body = _COMMENT.sub("", text).strip()
    unknown = {place for place in _PLACE.findall(body) if place not in _KNOWN}
    if unknown:
        known = ", ".join(f"{{{place}}}" for place in sorted(_KNOWN))
        raise InputError(f"The template “{name}” has an unknown place {{{min(unknown)}}}.", f"There are {known}.")
    if body.count(_SEGMENTS) != 1:
        raise InputError(
            f"The template “{name}” has no place for the segments, or two.", "Write {segments} once, on a line alone."
        )
    before, _, after = body.partition(_SEGMENTS)
    return Template(before.strip(), after.strip(), {**_PLAIN, **leads})


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; a sentence in which one stays empty is left out, and a line without any left."""
    return "\n".join(line for line in (_filled_line(line, values) for line in text.split("\n")) if line is not None)


def _filled_line(line: str, values: Mapping[str, str]) -> str | None:
    if not _PLACE.search(line):
        return line
    kept = []
    for start, end in sentence_spans(line):
        sentence = line[start:end]
        if all(values.get(place, "").strip() for place in _PLACE.findall(sentence)):
            kept.append(_tidy(_PLACE.sub(lambda place: values[place[1]].strip(), sentence)))
    return " ".join(kept) or None


def _tidy(sentence: str) -> str:
    """What is filled in may end with a stop of its own: one is enough."""
    return re.sub(r"([.!?…])\.(?=\s|$)", r"\1", sentence)
