"""What a row of a table, an object or a front matter says of one episode, as a draft of it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from studio.content.columns import Meaning, value_of
from studio.content.titles import short_title
from studio.content.topics import existing, found_source, topic_script
from studio.domain.errors import InputError
from studio.domain.option_checks import listed
from studio.domain.script import Script, Topic
from studio.domain.settings import Value, check
from studio.engine.drafts import Draft

ReadText: TypeAlias = Callable[[str, str], Script]
"""`ScriptIntake.read_text`."""

Held: TypeAlias = Mapping[Meaning, str]
"""What is said, by what it means; sources are separated by semicolons or line ends."""

UNUSED_BRIEF: Final = "A brief is used only where there is no script yet"


@dataclass(frozen=True, slots=True)
class Own:
    """The settings that an episode has for itself (JSON, or empty), and its place in the order."""

    values: str = ""
    priority: int = 0


def own_settings(held: Held, folder: Path | None, *, topic: bool = False) -> Own:
    """What is said beside title and text.

    Args:
        held: What is said.
        folder: What the paths of brand files and sources are relative to; None where there is no such place.
        topic: Whether the length and the sources belong to a topic, and are no settings.

    Raises `InputError` and `SettingError` where one of it cannot be used.
    """
    values: dict[str, Value] = {}
    priority = 0
    for meaning, text in held.items():
        if meaning is Meaning.PRIORITY:
            priority = int(value_of(meaning, text))
        elif meaning is Meaning.BRAND:
            values["brand"] = str(_brand(text.strip(), folder))
        elif meaning is Meaning.SOURCES:
            values["sources"] = "\n".join(_sources(text, folder))
        elif meaning.setting:
            values[meaning.setting] = value_of(meaning, text)
    for name, value in values.items():
        check(name, value)
    if topic:
        values = {name: value for name, value in values.items() if name not in {"minutes", "sources"}}
    return Own(json.dumps(values, sort_keys=True) if values else "", priority)


def draft_of(held: Held, read_text: ReadText, name: str, source: str, folder: Path | None) -> Draft:
    """An episode by its script, or by its topic where there is none.

    Args:
        held: What is said.
        read_text: Makes the script. Raises `InputError`.
        name: What it is called in sentences (“Row 3 of topics.csv”).
        source: Where it is from.
        folder: As for `own_settings`.

    Raises `InputError` and `SettingError`.
    """
    title, text = held.get(Meaning.TITLE, "").strip(), held.get(Meaning.SCRIPT, "")
    own = own_settings(held, folder, topic=not text)
    if not text:
        minutes = float(value_of(Meaning.MINUTES, held[Meaning.MINUTES])) if Meaning.MINUTES in held else 0.0
        sources = tuple(_sources(held.get(Meaning.SOURCES, ""), folder))
        topic = Topic(title, held.get(Meaning.BRIEF, ""), minutes, sources)
        return Draft(topic_script(topic, source, name), own.values, own.priority, tabled=True)
    script = read_text(text, name)
    script = replace(script, title=short_title(title) if title else script.title, source=source)
    note = UNUSED_BRIEF if Meaning.BRIEF in held else ""
    return Draft(script, own.values, own.priority, note, tabled=True)


def noted(draft: Draft, note: str) -> Draft:
    """A draft with one more thing to know about it."""
    return replace(draft, note=" · ".join(each for each in (draft.note, note) if each))


def _sources(text: str, folder: Path | None) -> Sequence[str]:
    return [found_source(each, folder) for each in listed(text)]


def _brand(written: str, folder: Path | None) -> Path:
    path = existing(written, folder)
    if path is None or not path.is_file():
        raise InputError(f"There is no brand file “{written}”.", "Give its path, as seen from the folder of the list.")
    return path
