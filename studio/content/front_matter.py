"""The YAML or TOML at the beginning of a script: what it says of the episode, and what of it is not used."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from studio.content.columns import Meaning, value_of
from studio.content.markdown import front_matter_end
from studio.domain.errors import BatchcastError
from studio.domain.settings import check

if TYPE_CHECKING:
    from yaml import MarkedYAMLError

_LARGEST: Final = 50_000  # characters
_TOML_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")
# How the YAML reader's messages begin, and what we say.
_YAML: Final = {
    "mapping values are not allowed": "a text with a colon in it stands in no quotation marks",
    "found unexpected end of stream": "a quotation mark is never closed",
    "found character '\\t'": "a tab stands where only blanks may",
    "found character": "a text that begins with a sign stands in no quotation marks",
    "could not find expected ':'": "a name has no colon behind it",
    "expected ',' or": "a bracket is never closed",
    "expected <block end>": "what belongs together begins at different places, or goes on behind a quotation mark",
    "found unknown escape": "a backslash stands for nothing",
}
_DEEPEST: Final = 10
# By their plain names only: a front matter may be meant for another program, with other words of its own.
_NAMES: Final = {meaning.word: meaning for meaning in Meaning if meaning is not Meaning.SCRIPT} | {
    "lang": Meaning.LANGUAGE,
    "source": Meaning.SOURCES,
}
# What other programs write there in ways of their own. Anything else that cannot be used is a mistake, and money.
_LENIENT: Final = frozenset({Meaning.LANGUAGE, Meaning.MINUTES, Meaning.PRIORITY})


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a front matter says, by what it means; `note` names what of it is not used."""

    held: Mapping[Meaning, str] = field(default_factory=dict)
    note: str = ""


def front_matter(text: str) -> FrontMatter:
    """The front matter of a script. One that cannot be read is told by its note."""
    text = text.lstrip("\ufeff")
    end = front_matter_end(text)
    if not end:
        return FrontMatter()
    lines = text[:end].rstrip().split("\n")[1:-1]
    try:
        parsed = (_parsed_toml if text.startswith("+++") else _parsed)("\n".join(lines))
    except ValueError as error:
        return FrontMatter(note=f"The front matter is not used: {error}")
    held: dict[Meaning, str] = {}
    unused: list[str] = []
    for key, value in parsed.items():
        meaning = _NAMES.get(key.casefold().strip())
        parts = value if isinstance(value, list) else [value]
        if meaning is None or not all(isinstance(part, str) for part in parts):
            unused.append(f"“{key}”")
            continue
        said = "\n".join(part for part in parts if part.strip())
        if said.strip():
            if meaning in _LENIENT and not _is_usable(meaning, said):
                unused.append(f"“{key}: {said[:40]}”")
            else:
                held.setdefault(meaning, said)
    return FrontMatter(held, f"Not used of the front matter: {', '.join(unused)}" if unused else "")


def _is_usable(meaning: Meaning, text: str) -> bool:
    try:
        value = value_of(meaning, text)
        if meaning.setting:
            check(meaning.setting, value)
    except BatchcastError:
        return False
    return True


def _parsed_toml(text: str) -> Mapping[str, Any]:
    """The same of TOML. Raises `ValueError` with what is wrong."""
    if len(text) > _LARGEST:
        raise ValueError("it is too long.")
    try:
        parsed = tomllib.loads(f"{text}\n")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _TOML_LINE.search(str(error))
        raise ValueError(f"{f'line {int(line[1]) + 1} of ' if line else ''}it is not TOML.") from error
    return {key: _as_text(value) for key, value in parsed.items()}


def _as_text(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return value if isinstance(value, str | dict) else str(value)


def _parsed(text: str) -> Mapping[str, Any]:
    """The keys with what they hold, all of it as it is written. Raises `ValueError` with what is wrong."""
    import yaml

    if len(text) > _LARGEST:
        raise ValueError("it is too long.")
    try:
        depth = 0
        for event in yaml.parse(text, yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
                raise ValueError("it refers to itself or is nested too deeply.")
        # Text as text: “yes” is no truth, and “10:30” no number of seconds.
        parsed = yaml.load(text, yaml.BaseLoader)  # noqa: S506  (it makes texts, lists and mappings only)
    except yaml.MarkedYAMLError as error:
        raise ValueError(_words_of(error)) from error
    except yaml.YAMLError as error:
        raise ValueError("it is not YAML.") from error
    return {key: value for key, value in parsed.items() if isinstance(key, str)} if isinstance(parsed, dict) else {}


def _words_of(error: "MarkedYAMLError") -> str:
    """What the YAML reader says, as people would."""
    problem = error.problem or ""
    what = next((words for begin, words in _YAML.items() if problem.startswith(begin)), "something is not YAML")
    # The reader notices later that something is not closed, or no name: it helps to know where that begins.
    begun = problem.startswith(("found unexpected end of stream", "could not find expected ':'"))
    mark = error.context_mark if begun else error.problem_mark
    return f"{f'in line {mark.line + 2} ' if mark else ''}{what}."
