"""Reads a brand file (TOML) and learns the style of the scripts that it names as samples."""

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path
from string import Formatter
from threading import Lock
from typing import Any, Final, TypeAlias

from studio.domain.brand import CLAIMS, HELD, SOURCES, WEIGHTS, Address, Brand, Claims, Line, Range, Rule, Weight
from studio.domain.errors import InputError
from studio.domain.prose import sentences_of
from studio.domain.script import Script
from studio.domain.style import FEWEST, SHORTEST, StyleProfile, learn
from studio.engine.ports import Intake
from studio.quality.brand_table import Table

_LARGEST: Final = 1_000_000  # bytes; a brand file is a page
_MOST_SAMPLES: Final = 30  # more teach nothing new
_Stamps: TypeAlias = tuple[tuple[str, int, int], ...]
_PLACEHOLDERS: Final = ("title", "show", "number", "any")
_TABLES: Final = (
    *("name", "address", "review", "opening", "closing", "forbidden", "preferred", "claims", "reading", "sentences"),
    *("pace", "pronunciation", "points", "style"),
)


class BrandReader:
    """Reads brand files, for every episode anew, so that a change counts from the next one on.

    Only what takes seconds is kept: the style of samples, until one of them changes. For any thread.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._styles: dict[_Stamps, StyleProfile] = {}
        self._learning = Lock()

    def read(self, path: Path) -> Brand:
        """The brand of the file `path`; samples are found beside it. Raises `InputError` with the place and a cure."""
        name = os.fsencode(path.name).decode("utf-8", "replace")
        top = Table(name, "", _parsed(path, name), _TABLES)
        sentences = top.table("sentences", ("longest", "mean"))
        return Brand(
            name=top.text("name"),
            pronunciations=top.pairs("pronunciation", '"Nguyen" = "win"'),
            openings=_lines(top, "opening"),
            closings=_lines(top, "closing"),
            forbidden=top.pairs("forbidden", '"phrase" = "the reason, or nothing"', empty=True),
            preferred=top.pairs("preferred", '"utilize" = "use"'),
            claims=_claims(top),
            grade=top.table("reading", ("grade",)).range("grade", 0, 20),
            longest=sentences.whole("longest", 0, 5, 200) if sentences.has("longest") else None,
            mean=sentences.range("mean", 1, 100),
            address=_address(top),
            pace=_pace(top),
            style=self._style(top, path),
            weights=_weights(top),
            held=_held(top),
        )

    def _style(self, top: Table, path: Path) -> StyleProfile | None:
        if not top.has("style"):
            return None
        table = top.table("style", ("samples",))
        named = table.texts("samples")
        if not named:
            raise table.wrong("names no samples", 'Write it as samples = ["scripts", "a favourite.md"].')
        with self._learning:
            try:
                files = self._intake.find([path.parent / each for each in named])[:_MOST_SAMPLES]
                stamps = tuple(map(_stamp, files))
                scripts = [] if stamps in self._styles else [self._intake.read(file) for file in files]
            except InputError as error:
                what = f"names a sample that cannot be used: {error.message.rstrip('.')}"
                raise table.wrong(what, error.remedy) from error
            if scripts:
                self._styles = {stamps: _learned(table, scripts)}
            return self._styles[stamps]


def _parsed(path: Path, name: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError as error:
        raise InputError(f"There is no brand file “{name}”.", f"Look whether it is still at {_shown(path)}.") from error
    except (OSError, ValueError) as error:  # a name with a zero in it is no name
        why = ((isinstance(error, OSError) and error.strerror) or str(error)).lower()
        raise InputError(f"The brand file “{name}” cannot be read ({why}).", "Check what it is.") from error
    if len(data) > _LARGEST:
        raise InputError(
            f"The brand file “{name}” is over 1 MB.", "Is it the right one? A brand file is a page of text."
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise InputError(f"The brand file “{name}” is not UTF-8 text.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"The brand file “{name}” is not valid TOML: {error}.",
            "Texts stand in quotation marks, lists in [brackets], and every key once; resources/brand.toml shows all.",
        ) from error
    except RecursionError as error:
        raise InputError(f"The brand file “{name}” is nested too deeply.", "A brand file needs two levels.") from error


def _shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _lines(top: Table, key: str) -> tuple[Line, ...]:
    lines = []
    for table in top.tables(key, ("say", "within_words")):
        wordings = table.texts("say")
        if not wordings:
            raise table.wrong("does not tell what to say", 'Write it as say = ["Welcome to {show}."].')
        for wording in wordings:
            _check_placeholders(table, wording)
        lines.append(Line(wordings, table.whole("within_words", Line(()).within_words, 1, 1_000)))
    return tuple(lines)


def _check_placeholders(table: Table, wording: str) -> None:
    shown = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
    try:
        used = [field for _, field, _, _ in Formatter().parse(wording) if field is not None]
    except ValueError as error:
        raise table.wrong(f"has a single brace in “{wording}”", f"Placeholders are {shown}.") from error
    for field in used:
        if field not in _PLACEHOLDERS:
            raise table.wrong(f"has the placeholder {{{field}}} in “{wording}”", f"Placeholders are {shown}.")


def _claims(top: Table) -> Claims | None:
    if not top.has("claims"):
        return None
    table = top.table("claims", ("words", "sources", "percentages", "neighbours"))
    return Claims(
        claims=table.texts("words", CLAIMS),
        sources=table.texts("sources", SOURCES),
        percentages=table.flag("percentages", default=True),
        neighbours=table.whole("neighbours", 1, 0, 5),
    )


def _address(top: Table) -> Address:
    value = top.text("address", Address.ANY)
    if value not in set(Address):
        raise top.wrong(f"has “{value}” as “address”", f"Choose one of {', '.join(Address)}.")
    return Address(value)


def _pace(top: Table) -> Range | None:
    return top.table("pace", ("words_per_minute",)).range("words_per_minute", 40, 400)


def _weights(top: Table) -> dict[Rule, Weight]:
    table = top.table("points", tuple(Rule))
    return {rule: Weight(*table.points(rule, weight.each, weight.most)) for rule, weight in WEIGHTS.items()}


def _held(top: Table) -> frozenset[Rule]:
    names = top.texts("review", tuple(HELD))
    for name in names:
        if name not in set(Rule):
            raise top.wrong(f"has “{name}” in “review”", f"Choose from {', '.join(Rule)}.")
    return frozenset(map(Rule, names))


def _learned(table: Table, scripts: Sequence[Script]) -> StyleProfile:
    profile = learn([(script, sentences_of(script)) for script in scripts])
    if profile is None:
        raise table.wrong(
            f"names {len(scripts)} sample scripts, of which fewer than {FEWEST} have {SHORTEST} words",
            f"Name at least {FEWEST} scripts of the show that are that long; ten tell more.",
        )
    return profile


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        known = file.stat()
    except OSError:
        return str(file), 0, 0  # reading it will tell
    return str(file), known.st_size, known.st_mtime_ns
