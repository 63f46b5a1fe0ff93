"""Episodes in JSON: a list of objects, what holds such a list, objects under their names, one object, or one a line."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from studio.content.columns import NAMES, Meaning, meant
from studio.content.entries import ReadText, draft_of, noted
from studio.content.json_faults import Fault, fault
from studio.domain.errors import BatchcastError, InputError
from studio.engine.drafts import Draft, Refusal

LARGEST: Final = 50_000_000
"""Characters of one file: thousands of hours. More is something else."""

_MOST: Final = 20_000  # entries
_DEEPEST: Final = 4
_LISTS: Final = ("topics", "episodes", "scripts")
_KEYS: Final = "Give each object a title and a script, or a title, brief, minutes and sources."


class _Figure(str):
    """A number as it is written: what it means says how it is read."""

    __slots__ = ()


class Reader:
    """Reads the entries of one text; the arguments are those of `tables.Reader`."""

    def __init__(self, read_text: ReadText, name: str, source: str, folder: Path | None) -> None:
        self._read_text = read_text
        self._name = name
        self._source = source
        self._folder = folder

    def read(self, text: str) -> Sequence[Draft | Refusal]:
        """The entries in their order. Raises `InputError` where the whole holds none."""
        parsed = _parsed(text, self._name)
        entries, shared = _entries(parsed)
        if entries is None:
            raise InputError(f"“{self._name}” holds no list of topics or episodes.", _KEYS)
        if not entries:
            raise InputError(f"The list in “{self._name}” is empty.", _KEYS)
        if len(entries) > _MOST:
            raise InputError(f"“{self._name}” has {len(entries):,} entries; {_MOST:,} is the most.", "Split it.")
        one = entries[0] is parsed
        return [self._entry(each, shared, 0 if one else number) for number, each in enumerate(entries, 1)]

    def _entry(self, entry: Any, shared: Mapping[str, Any], number: int) -> Draft | Refusal:
        source = f"{self._source}, entry {number}" if number else self._source
        name = f"Entry {number} of “{self._name}”" if number else f"“{self._name}”"
        if isinstance(entry, str) and not isinstance(entry, _Figure):
            entry = {"title": entry}
        try:
            if not isinstance(entry, dict):
                raise InputError(f"{name} is not an object.", _KEYS)
            held, unknown = _held({**entry, **{key: each for key, each in shared.items() if key not in entry}}, name)
            if not held.keys() & NAMES:
                raise InputError(f"{name} has neither a title nor a script.", _KEYS)
            draft = draft_of(held, self._read_text, name, source, self._folder)
        except BatchcastError as error:
            message = error.message if self._name in error.message else f"{name}: {error.message}"
            return Refusal(source, message, error.remedy)
        return noted(draft, f"Not used of the file: {', '.join(unknown)}") if unknown else draft


def holds_entries(text: str) -> bool:
    """Whether text that nobody has called so is JSON with episodes in it, beyond doubt."""
    if text.lstrip("\ufeff \t\n")[:1] not in {"[", "{"}:
        return False
    try:
        entries, _ = _entries(_parsed(text, ""))
    except InputError:
        entries, faults = _by_lines(text)  # what is wrong in a few of the lines is told when they are read
        if len(faults) > len(entries):
            return False
    return bool(entries) and all(isinstance(each, dict) and _is_sure(each) for each in entries or ())


def _is_sure(entry: Mapping[str, Any]) -> bool:
    """Whether an object is of an episode: a name and a description may be of anything."""
    meanings, keys = {*map(meant, entry)}, {key.casefold() for key in entry}
    wanted = {Meaning.SCRIPT, Meaning.MINUTES} & meanings or {"script", "brief", "topic"} & keys
    return bool(wanted) and (Meaning.TITLE in meanings or "script" in keys)


def _parsed(text: str, name: str) -> Any:
    text = text.lstrip("\ufeff")
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        read, faults = _by_lines(text)
        if read and not faults:
            return read
        if not faults or len(read) < len(faults):  # a few lines may be objects by themselves in any text
            faults = [fault(error)]
        first, also = faults[0], len(faults) - 1
        more = f" ({also:,} more line{' is' if also == 1 else 's are'} wrong, too)" if also else ""
        raise InputError(f"“{name}” is not JSON in line {first.line}: {first.what}{more}.", first.cure) from error
    except RecursionError as error:
        raise InputError(f"“{name}” is nested too deeply to be a list of episodes.", _KEYS) from error


def _loaded(text: str) -> Any:
    return json.loads(text, parse_int=_Figure, parse_float=_Figure, parse_constant=_Figure)


def _by_lines(text: str) -> tuple[Sequence[Any], Sequence[Fault]]:
    """JSON Lines: the objects, one in a line, and what is wrong in the lines that hold none; nothing of other texts."""
    read: list[Any] = []
    faults: list[Fault] = []
    # Only these end a line: within a text there may be others, which `splitlines` takes for ends.
    lines = re.split(r"\r\n?|\n", text)
    if not next((line for line in lines if line.strip()), "").rstrip().endswith(("}", "},")):
        return read, faults
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = _loaded(line)
        except json.JSONDecodeError as error:
            faults.append(replace(fault(error), line=number))
            continue
        except RecursionError:
            faults.append(Fault(number, "it is nested too deeply to be an episode", _KEYS))
            continue
        if isinstance(value, dict):
            read.append(value)
        else:
            faults.append(Fault(number, "it holds no object ({…})", _KEYS))
    return read, faults


def _entries(parsed: Any) -> tuple[Sequence[Any] | None, Mapping[str, Any]]:
    """The entries, and what the object around them says for all of them; None where there are none."""
    if isinstance(parsed, list):
        return parsed, {}
    if not isinstance(parsed, dict):
        return None, {}
    for key, value in parsed.items():
        if key.casefold() in _LISTS and isinstance(value, list):
            around = {other: each for other, each in parsed.items() if other != key}
            # A title of the list is none of its episodes.
            return value, {
                f"{other} of the list" if meant(other) in NAMES else other: around[other] for other in around
            }
    if {*map(meant, parsed)} & NAMES:
        return [parsed], {}
    return _further_in(parsed, 0), {}


def _has_name(each: Any) -> bool:
    return isinstance(each, dict) and bool({*map(meant, each)} & NAMES)


def _further_in(parsed: Any, depth: int) -> Sequence[Any] | None:
    """Episodes that programs have wrapped: the one list of objects somewhere inside, or objects under their names."""
    if not isinstance(parsed, dict) or depth > _DEEPEST:
        return None
    objects = [each for each in parsed.values() if isinstance(each, dict)]
    if objects and len(objects) == len(parsed) and all(map(_has_name, objects)):
        return [{"title": key, **each} for key, each in parsed.items()]
    for each in parsed.values():
        if (
            isinstance(each, list)
            and each
            and all(isinstance(one, dict) and {*map(meant, one)} & NAMES for one in each)
        ):
            return each
        found = _further_in(each, depth + 1)
        if found is not None:
            return found
    return None


def _held(entry: Mapping[str, Any], name: str) -> tuple[Mapping[Meaning, str], Sequence[str]]:
    """What an object says, by what it means, and the keys of which nobody knows what they mean."""
    held: dict[Meaning, str] = {}
    unknown: list[str] = []
    for key, value in entry.items():
        meaning = meant(key)
        if meaning is None:
            unknown.append(f"“{key}”")
            continue
        parts = value if isinstance(value, list) else [value]
        if any(isinstance(part, dict | list) for part in parts):
            raise InputError(f"The {meaning.word} of {name} is not text.", "Write it as text, or as a list of texts.")
        between = "\n" if meaning is Meaning.SOURCES else "\n\n"
        text = between.join(str(part) for part in parts if part is not None and not isinstance(part, bool))
        if text.strip():
            held.setdefault(meaning, text)
    return held, unknown
