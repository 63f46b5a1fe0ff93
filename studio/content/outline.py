"""The plan of an episode as a model gives it: JSON, read with patience; and a plain one where it gives none."""

import json
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from studio.content.citing import numbers
from studio.domain.research import Excerpt

_FENCED: Final = re.compile(r"```(?:json|JSON)?\s*(.*?)(?:```|$)", re.DOTALL)
_TRAILING: Final = re.compile(r",(\s*[}\]])")
_LONGEST_HEADING: Final = 80
_MOST_POINTS: Final = 6
_LONGEST_POINT: Final = 240
_MARKUP: Final = re.compile(r"<[^<>]{0,200}>|[*_`#|~^\\<>{}\[\]]+")
_NUMBERED: Final = re.compile(r"^(?:(?:section|part|chapter|segment)\s+)?\d{1,3}\s*[.:)–-]\s*", re.IGNORECASE)
_TRIES: Final = 20  # braces at which an object may begin
_PER_SECTION: Final = 5  # excerpts


@dataclass(frozen=True, slots=True)
class Section:
    """What one section is to say, and on which excerpts (their numbers, from 1)."""

    heading: str
    points: tuple[str, ...]
    sources: tuple[int, ...]


def json_of(text: str, wanted: Collection[str]) -> dict[str, Any] | None:
    """The JSON object in an answer that has any of these names, whatever stands around it; None where there is none."""
    fenced = _FENCED.search(text)
    for candidate in ([fenced[1]] if fenced else []) + [text]:
        for brace in islice(re.finditer(r"\{", candidate), _TRIES):
            found = _object_at(candidate, brace.start())
            if found is not None and not found.keys().isdisjoint(wanted):
                return found
    return None


def _object_at(text: str, begin: int) -> dict[str, Any] | None:
    end = text.rfind("}") + 1
    for part in (text[begin:], _TRAILING.sub(r"\1", text[begin:end])):
        with suppress(ValueError, RecursionError):
            found, _ = json.JSONDecoder(strict=False).raw_decode(part)
            return found if isinstance(found, dict) else None
    return None


def sections_of(document: dict[str, Any] | None, count: int, excerpts: Sequence[Excerpt]) -> tuple[Section, ...]:
    """The sections of an outline, exactly `count` of them; empty where it has none that can be used."""
    listed = (document or {}).get("sections")
    found: list[Section] = []
    for each in listed if isinstance(listed, list) else ():
        heading = heading_of(each.get("heading", each.get("title"))) if isinstance(each, dict) else heading_of(each)
        if not heading or heading.casefold() in {other.heading.casefold() for other in found}:
            continue
        given = each if isinstance(each, dict) else {}
        found.append(Section(heading, _points(given.get("points")), _numbers(given.get("sources"), len(excerpts))))
    if not found:
        return ()
    # One that plans too many says the rest in the last; one that plans too few is given more room in each.
    rest = found[count:]
    found = found[:count]
    if rest:
        more = tuple(point for each in rest for point in (each.heading, *each.points))
        found[-1] = Section(found[-1].heading, (*found[-1].points, *more)[:_MOST_POINTS], found[-1].sources)
    return _supplied(found, len(excerpts))


def plain_outline(title: str, count: int, excerpts: Sequence[Excerpt]) -> tuple[Section, ...]:
    """By what there is to say: each section is called by the source of its excerpts."""
    found: list[Section] = []
    for number in range(count):
        best = excerpts[number] if number < len(excerpts) else None
        named = [heading_of(part) for part in (best.source.title, best.place)] if best is not None else []
        fresh = [name for name in named if name and name.casefold() not in {each.heading.casefold() for each in found}]
        # What is called by nothing better is called by its place.
        plain = title if count == 1 else f"{title}, part {number + 1}"
        found.append(Section(fresh[0] if fresh else heading_of(plain) or f"Part {number + 1}", (), ()))
    return _supplied(found, len(excerpts))


def heading_of(value: object) -> str:
    """A heading as one line of plain words; empty for what is none."""
    if not isinstance(value, str):
        return ""
    line = " ".join(_MARKUP.sub(" ", value).split())
    line = _NUMBERED.sub("", line).strip(' -–—:.,;"“”')
    return line if len(line) <= _LONGEST_HEADING else line[:_LONGEST_HEADING].rsplit(" ", 1)[0]


def _points(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    texts = [" ".join(each.split())[:_LONGEST_POINT] for each in listed if isinstance(each, str) and each.strip()]
    return tuple(texts[:_MOST_POINTS])


def _numbers(value: object, most: int) -> tuple[int, ...]:
    listed = value if isinstance(value, list) else [value]
    found = [number for each in listed if isinstance(each, str | int) for number in numbers(str(each))]
    return tuple(dict.fromkeys(number for number in found if 1 <= number <= most))[: 2 * _PER_SECTION]


def _supplied(sections: Sequence[Section], excerpts: int) -> tuple[Section, ...]:
    """Each with some excerpts: its own first, then the best of those that no section has."""
    used = {number for section in sections for number in section.sources}
    free = [number for number in range(1, excerpts + 1) if number not in used]
    made = []
    for place, section in enumerate(sections):
        left = len(sections) - place
        wanted = max(0, _PER_SECTION - len(section.sources))
        taken = free[: min(wanted, -(-len(free) // left))]
        free = free[len(taken) :]
        sources = (*section.sources, *taken)
        if not sources and excerpts:
            # Fewer excerpts than sections: they are shared.
            sources = tuple(sorted({1 + (place + step) % excerpts for step in range(_PER_SECTION)}))
        made.append(Section(section.heading, section.points, sources))
    return tuple(made)
