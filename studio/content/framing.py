"""What holds an episode together: its opening, its closing, and the steps from one section to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from studio.content.citing import blanked
from studio.content.outline import Section, heading_of
from studio.content.returned import Cleaner
from studio.content.sentences import sentence_spans
from studio.content.template import filled, read_template
from studio.domain.brand import Line
from studio.domain.phrases import ANY, NUMBER, match_at, pattern_of
from studio.domain.phrases import filled as with_values
from studio.domain.prose import words_in
from studio.domain.writing import Assignment

_MOST_TRANSITION: Final = 30  # words
_MOST_SOURCES: Final = 5  # that are named


@dataclass(frozen=True, slots=True)
class Frame:
    """`before` and `after` the sections, in Markdown; and a sentence before each section but the first, or nothing."""

    before: str
    after: str
    transitions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a model gave for it, as prose; what is empty is made plainly."""

    opening: str = ""
    closing: str = ""
    recap: str = ""
    transitions: tuple[str, ...] = ()


def said_in(document: Mapping[str, Any] | None, cleaner: Cleaner, transitions: int) -> Said:
    """What an answer holds of it."""
    given = document or {}
    listed = given.get("transitions")
    steps = [_step(each, cleaner) for each in listed] if isinstance(listed, list) else []
    return Said(
        opening=_prose(given.get("opening"), cleaner),
        closing=_prose(given.get("closing"), cleaner),
        recap=" ".join(_prose(given.get("recap"), cleaner).split()),
        transitions=tuple(steps[:transitions]),
    )


def frame_of(assignment: Assignment, said: Said, sections: Sequence[Section], sources: Sequence[str]) -> Frame:
    """The frame by the show's own template, or by what the model said; a brand's lines are in it.

    Raises `InputError` for a template that cannot be filled.
    """
    topic, settings, brand = assignment.topic, assignment.settings, assignment.brand
    title = " ".join(topic.title.split())
    names = {"title": title, "show": settings.show.strip() or (brand.name if brand is not None else "")}
    recap = said.recap or f"You heard of {listed([section.heading for section in sections])}."
    if assignment.template:
        shape = read_template(assignment.template, settings.template or "template")
        values = {
            **names,
            "title": title.rstrip("."),
            "brief": _sentence(topic.brief),
            "recap": recap,
            "sources": listed([f"“{name}”" for name in dict.fromkeys(sources)][:_MOST_SOURCES]),
        }
        before, after = filled(shape.before, values).strip(), filled(shape.after, values).strip()
    else:
        opening, closing = plain_words(names["show"], title)
        before = said.opening or opening
        after = said.closing or f"{recap} {closing}"
    if brand is not None:
        before = _with_lines(before, brand.openings, names, closing=False)
        after = _with_lines(after, brand.closings, names, closing=True)
    if not before.lstrip().startswith("#"):
        before = f"# {heading_of(title) or title}\n\n{before}".rstrip()
    return Frame(before, after, said.transitions)


def plain_words(show: str, title: str) -> tuple[str, str]:
    """An opening and a closing for any episode."""
    welcome = f"Welcome to {show}." if show else "Welcome."
    subject = title.rstrip(".")
    return f"{welcome} Today's subject is this: {subject}.", f"That was {subject}. Thank you for listening."


def lines_asked(assignment: Assignment) -> str:
    """What a model is told of the lines that the brand asks for; empty without any."""
    brand = assignment.brand
    if brand is None:
        return ""
    names = {"title": assignment.topic.title, "show": assignment.settings.show.strip() or brand.name}
    asked = []
    for where, lines in (("opening", brand.openings), ("closing", brand.closings)):
        for line in lines:
            some = " or ".join(f"“{with_values(wording, names)}”" for wording in line.wordings[:3])
            asked.append(f"The {where} says, word for word, {some}.")
    return "\n".join(asked)


def listed(names: Sequence[str]) -> str:
    """“one, two and three”."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def edges_of(section: Section, body: str) -> str:
    """How a section begins and ends, as one line."""
    plain = " ".join(blanked(body).split())
    spans = list(sentence_spans(plain))
    first = plain[slice(*spans[0])] if spans else ""
    last = plain[slice(*spans[-1])] if len(spans) > 1 else ""
    return f"{section.heading}: {first} … {last}".strip()


def _with_lines(text: str, lines: Sequence[Line], names: Mapping[str, str], *, closing: bool) -> str:
    """The text with every line that the brand asks for in it: one that is missing is said first, or last."""
    for line in lines:
        wordings = [with_values(wording, names) for wording in line.wordings]
        plain = next((each for each in wordings if ANY not in each and NUMBER not in each and "*" not in each), "")
        if not plain or any(_says(text, wording) for wording in wordings):
            continue
        said = _sentence(plain)
        text = f"{text} {said}" if closing else _behind_headings(text, said)
    return text.strip()


def _behind_headings(text: str, said: str) -> str:
    lines = text.split("\n")
    place = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if place is None:
        return f"{text}\n\n{said}"
    return "\n".join([*lines[:place], f"{said} {lines[place]}", *lines[place + 1 :]])


def _says(text: str, wording: str) -> bool:
    words, pattern = words_in(text), pattern_of(wording)
    return bool(pattern) and any(match_at(pattern, words, place) is not None for place in range(len(words)))


def _prose(value: object, cleaner: Cleaner) -> str:
    return blanked(cleaner.paragraphs(value)).strip() if isinstance(value, str) else ""


def _step(value: object, cleaner: Cleaner) -> str:
    """A transition: one sentence, and not a long one."""
    text = " ".join(_prose(value, cleaner).split())
    span = next(iter(sentence_spans(text)), None)
    sentence = text[slice(*span)] if span else ""
    return _sentence(sentence) if len(sentence.split()) <= _MOST_TRANSITION else ""


def _sentence(text: str) -> str:
    plain = " ".join(text.split())
    return plain if not plain or plain.rstrip("”’\"')")[-1:] in tuple(".!?…") else f"{plain}."
