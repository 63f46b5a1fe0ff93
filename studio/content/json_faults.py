"""What is wrong in a text that is not JSON, and its cure, in words for people who have never written a parser."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

_LONGEST: Final = 24  # characters of what is quoted
_OTHER_MARKS: Final = "“”„‟«»‘’'`´\N{SINGLE LOW-9 QUOTATION MARK}"
_WORD: Final = re.compile(r"""(?<=")[^"\n]+|[^\s,:\[\]{}"]+""")
_OF_PYTHON: Final[Mapping[str, str]] = {"“None”": "null", "“True”": "true", "“False”": "false"}
_IN_MARKS: Final = 'Put it between straight double quotation marks (").'
_CLOSE: Final = (
    'Close it in the same line; within a text a line break is written \\n, a tab \\t, and a quotation mark \\".'
)
_NOT_CLOSED: Final = "a quotation mark is not closed, or stands within a text"

_Table: TypeAlias = Mapping[str, tuple[str, str]]
# How the reader's messages begin, and what we say and advise; {} is what stands there.
_WITHIN_TEXTS: Final[_Table] = {
    "Unterminated string": (_NOT_CLOSED, _CLOSE),
    "Invalid control character": (_NOT_CLOSED, _CLOSE),
    "Invalid \\": ("a backslash stands for nothing", "Write it twice (\\\\), or take it out."),
}
_BETWEEN_TEXTS: Final[_Table] = {
    "Extra data": ("more stands ({}) behind its end", "Take that out, or put all of it into one list ([…])."),
    "Expecting ','": (
        "a comma is missing before {}, or a quotation mark stands within a text",
        'Put the comma there; within a text a quotation mark is written \\".',
    ),
    "Expecting ':'": ("a colon is missing before {}", "Put it between the name and what it stands for."),
    "Expecting property name": ("a name stands in no quotation marks ({})", _IN_MARKS),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong: its line, what it is (the end of a sentence, without its dot), and a cure."""

    line: int
    what: str
    cure: str


def fault(error: json.JSONDecodeError) -> Fault:
    """What the error of Python's reader is about, by what stands in the text at its place."""
    return Fault(error.lineno, *_what(error.doc, error.pos, error.msg))


def _what(text: str, at: int, message: str) -> tuple[str, str]:
    before, here = text[:at].rstrip()[-1:], text[at:].lstrip()
    found = _said(_WITHIN_TEXTS, message, here) or _by_sign(before, here) or _said(_BETWEEN_TEXTS, message, here)
    if found:
        return found
    quoted = _quoted(here)
    if here[0] in "]}:":
        return f"something is missing before {quoted}", "Put a text, a number, a list or an object there."
    cure = f"Write {_OF_PYTHON[quoted]}." if quoted in _OF_PYTHON else _IN_MARKS
    return f"{quoted} is no text, number, list or object", cure


def _said(table: _Table, message: str, here: str) -> tuple[str, str] | None:
    for beginning, (what, cure) in table.items():
        if message.startswith(beginning):
            return what.replace("{}", _quoted(here)) if here else what, cure
    return None


def _by_sign(before: str, here: str) -> tuple[str, str] | None:
    """What can be seen by the signs alone: the last one that was in order, and what stands behind it."""
    if not here:
        return "it breaks off in the middle", "Save it whole, or close what is open at its end."
    if here.startswith(("#", "//", "/*")):
        return f"a remark stands in it ({_quoted(here)})", "Take it out: JSON has none."
    if not before:
        return f"it begins with {_quoted(here)}", "Begin with [ or {, or save it with the ending of what it is."
    if here[0] == "," or (before == "," and here[0] in "]}"):
        return "a comma is there too many", "Take it out."
    if here[0] in _OTHER_MARKS:
        return f"a text stands in other quotation marks ({here[0]})", _IN_MARKS
    return None


def _quoted(text: str) -> str:
    """The beginning of a text: its first word, or its first sign."""
    word = _WORD.match(text) or (_WORD.match(text, 1) if text[0] == '"' else None)
    shown = "".join(char if char.isprintable() else "\ufffd" for char in (word[0] if word else text[0]))
    return f"“{shown if len(shown) <= _LONGEST else shown[:_LONGEST] + '…'}”"
