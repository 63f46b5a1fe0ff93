"""Can its characters be spoken: broken encodings, codes, formulas, addresses, keys, runs of signs."""

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from studio.content.subject import Subject, edit_all, removal, shortened
from studio.domain.findings import Severity
from studio.domain.script_report import Check, Cure, ScriptFinding
from studio.engine.authoring import KnownWords

_LISTED: Final = 5

# What UTF-8 looks like once it was read as Windows-1252. That page has no sign for five bytes, which stay as they are.
_PAGE: Final = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore") + "\x81\x8d\x8f\x90\x9d"
_TAIL: Final = re.escape(_PAGE)
_BROKEN: Final = re.compile(rf"[Â-ß][{_TAIL}]|[à-ï][{_TAIL}]{{2}}|ð[{_TAIL}]{{3}}")
_LOST: Final = re.compile("\ufffd+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]+")

_NAMED: Final = (
    "nbsp|amp|quot|apos|lt|gt|mdash|ndash|hellip|lsquo|rsquo|ldquo|rdquo|laquo|raquo|copy|reg|trade|deg|eacute|egrave"
    "|agrave|uuml|ouml|auml|szlig|ccedil|ntilde|pound|euro|cent|shy|bull|middot|times"
)
# `&amp;` alone is what it should be; twice over, or without its end, it is not.
_ENTITY: Final = re.compile(rf"&amp;(?:{_NAMED}|\#\d{{2,6}}|\#x[0-9a-f]{{2,6}});|&(?:{_NAMED})\b(?!;)", re.IGNORECASE)

_COMMANDS: Final = (
    "frac|sqrt|cdot|sum|int|alpha|beta|gamma|delta|theta|lambda|sigma|omega|pi|text|textbf|textit|emph|begin|end|left"
    "|right|mathrm|mathbf|times|leq|geq|neq|infty|partial|approx|rightarrow|to|cite|ref|label|section|item"
)
_FORMULA: Final = re.compile(
    rf"\\(?:{_COMMANDS})\b(?:\{{[^{{}}\n]{{0,80}}\}}){{0,2}}|\$\$?[^$\n]{{0,120}}[\\^_][^$\n]{{0,120}}\$\$?"
    r"|\\\([^\n]{1,200}?\\\)|\\\[[^\n]{1,200}?\\\]"
)
_KEY: Final = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[a-f]{0,30}\d)(?=\d{0,30}[a-f])[0-9a-f]{16,}\b"
    r"|(?<![\w+/])(?=[a-z0-9+/]{0,40}[A-Z])(?=[A-Z0-9+/]{0,40}[a-z])(?=[A-Za-z+/]{0,40}\d)[A-Za-z0-9+/_-]{24,}={0,2}"
)
_PATH: Final = re.compile(r"\b[A-Z]:\\[^\s\"”]{2,}|(?<![\w.])~?(?:/[\w.-]+){3,}/?|\\\\[\w.-]+\\\S+")
_ADDRESS: Final = re.compile(
    r"\b(?:https?|ftp)://\S+|\b(?:[\w-]{1,63}\.){1,4}[a-z]{2,12}/[^\s)\]]{0,200}[?=&%#][^\s)\]]*"
)
_SIGNS: Final = re.compile(r"[^\w\s]{4,40}")
_NO_RHYTHM: Final = frozenset("#@$%^&=+<>|~\\{}§¤/*")
_NAMED_RUNS: Final = (
    ("an address", _ADDRESS),
    ("a path", _PATH),
    ("a formula", _FORMULA),
    ("a key or a number for machines", _KEY),
    ("a run of signs", _SIGNS),
)
_CODE_SIGNS: Final = re.compile(r"[{}\[\]();=<>:\"_]")
_PLACE: Final = re.compile(r"\{\{[^{}\n]{0,80}\}\}")  # of a template: told elsewhere
_STATEMENT: Final = re.compile(r"[{}]|;\s|\(\)|\":")
_WORD: Final = re.compile(r"(?<![^\W_])[A-Za-z]+(?:['’][A-Za-z]+)?(?![^\W_])")
_VOWEL: Final = re.compile("[aeiouyAEIOUY]")
_CONSONANTS: Final = 5  # letters without a vowel that no word has, and no acronym in small letters


def check_characters(subject: Subject, knows: KnownWords) -> Iterator[ScriptFinding]:
    """What cannot be spoken as it is written; what is broken in a way that tells what it was can be mended."""
    text = subject.text
    yield from _broken(subject)
    yield from _entities(subject)
    control = list(_CONTROL.finditer(text)) if not _BROKEN.search(text) else []
    if control:
        edit = edit_all(subject.script.text, [(each.start(), each.end(), "") for each in control])
        yield _finding(
            Severity.NOTE,
            f"It holds {_times(len(control), 'control character')}.",
            control,
            Cure("Take them out", edit),
        )
    lost = list(_LOST.finditer(text))
    if lost:
        detail = (
            f"{_times(len(lost), 'character')} got lost when the text was converted: “{_around(subject, lost[0])}”."
        )
        yield _finding(Severity.REVIEW, detail, lost)
    for name, pattern in _NAMED_RUNS:
        found = [each for each in pattern.finditer(text) if pattern is not _SIGNS or _mere_signs(each[0])]
        for number, each in enumerate(found[:_LISTED], 1):
            more = f" And {len(found) - _LISTED} more like it." if number == _LISTED < len(found) else ""
            detail = f"“{shortened(each[0])}” is {name}; nobody can listen to it. Say it in words.{more}"
            yield _finding(Severity.REVIEW, detail, [each])
        text = pattern.sub(lambda each: " " * len(each[0]), text)  # so that nothing is told twice
    yield from _gibberish(text, knows)
    yield from _code(subject)
    yield from _links(subject)


def is_broken(text: str, start: int, end: int) -> bool:
    """Whether a wrong encoding went through this place: what stands there is no word."""
    return _BROKEN.search(text, max(start - 2, 0), end + 2) is not None


def _broken(subject: Subject) -> Iterator[ScriptFinding]:
    found = [(each, mended) for each in _BROKEN.finditer(subject.text) if (mended := _mended(each[0]))]
    if found:
        text = subject.script.text
        edit = edit_all(text, [(each.start(), each.end(), mended) for each, mended in found])
        first = found[0][0]
        detail = (
            f"{_times(len(found), 'character')} came through a wrong encoding: “{_around(subject, first)}”. Read"
            f" “{first[0]}” as “{found[0][1]}”."
        )
        yield ScriptFinding(
            Check.UNSPEAKABLE, Severity.REVIEW, detail, first.start(), first.end(), Cure("Mend the encoding", edit)
        )


def _mended(broken: str) -> str:
    """What UTF-8 meant; empty where it is none after all."""
    data = bytearray()
    for char in broken:
        data += char.encode("cp1252") if char not in "\x81\x8d\x8f\x90\x9d" else bytes([ord(char)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _entities(subject: Subject) -> Iterator[ScriptFinding]:
    found = list(_ENTITY.finditer(subject.text))
    if found:
        text = subject.script.text
        changes = [(each.start(), each.end(), _plain(each[0])) for each in found]
        detail = f"“{found[0][0]}” is a sign written as code{_and_more(found)}."
        yield _finding(Severity.REVIEW, detail, found, Cure("Write the sign", edit_all(text, changes)))


def _plain(entity: str) -> str:
    """What it stands for, as a script writes it: an ampersand stays an entity, so that nothing is read twice."""
    sign = html.unescape(html.unescape(entity if entity.endswith(";") else f"{entity};"))
    return "&amp;" if sign == "&" else {"\u00a0": " ", "<": "&lt;", ">": "&gt;"}.get(sign, sign)


def _gibberish(text: str, knows: KnownWords) -> Iterator[ScriptFinding]:
    found = [
        each
        for each in _WORD.finditer(text)
        if len(each[0]) >= _CONSONANTS and not each[0].isupper() and _hopeless(each[0]) and not knows(each[0])
    ]
    for each in found[:_LISTED]:
        yield _finding(Severity.REVIEW, f"“{each[0]}” is no word that a voice could say.", [each])


def _mere_signs(run: str) -> bool:
    """Whether they are more than the marks of a sentence with those of Markdown around them."""
    return sum(sign in _NO_RHYTHM for sign in run) >= 3 and len(set(run) - {"*"}) > 0


def _hopeless(word: str) -> bool:
    """Whether it has too many consonants in a row for a word of any language in Latin letters."""
    runs = _VOWEL.split(word)
    return len(max(runs, key=len)) >= (_CONSONANTS if len(runs) == 1 else 7)


def _code(subject: Subject) -> Iterator[ScriptFinding]:
    blocks = [block for block in subject.script.blocks if _is_code(subject.text[block.start : block.end])]
    for block in blocks[:_LISTED]:
        written = shortened(subject.text[block.start : block.end])
        detail = f"“{written}” looks like code or data; it would be read out sign by sign."
        yield ScriptFinding(Check.UNSPEAKABLE, Severity.REVIEW, detail, block.start, block.end)


def _is_code(written: str) -> bool:
    written = _PLACE.sub("", written)
    signs = len(_CODE_SIGNS.findall(written))
    return signs >= 10 and signs > 0.1 * len(written) and _STATEMENT.search(written) is not None


def _links(subject: Subject) -> Iterator[ScriptFinding]:
    """Links inside of sentences are left out when it is spoken; the sentence may need them."""
    links = [part for part in subject.script.skipped if part.why == "bare link"]
    inside = [part for part in links if any(each.start < part.start and part.end <= each.end for each in subject.prose)]
    if inside:
        first = inside[0]
        detail = (
            f"{_times(len(inside), 'link')} in the middle of a sentence will not be spoken:"
            f" “{shortened(subject.script.text[first.start : first.end])}”. Say in words where to look."
        )
        text = subject.script.text
        edit = edit_all(text, [removal(text, part.start, part.end) for part in inside])
        yield ScriptFinding(Check.UNSPEAKABLE, Severity.NOTE, detail, first.start, first.end, Cure("Take it out", edit))


def _finding(
    severity: Severity, detail: str, found: Sequence[re.Match[str]], cure: Cure | None = None
) -> ScriptFinding:
    return ScriptFinding(Check.UNSPEAKABLE, severity, detail, found[0].start(), found[0].end(), cure)


def _around(subject: Subject, found: re.Match[str]) -> str:
    text = subject.script.text
    line = text.rfind("\n", 0, found.start()) + 1
    start = max(text.rfind(" ", 0, max(found.start() - 10, 0)) + 1, line)
    around = text[start : found.end() + 20].partition("\n")[0]
    return shortened(around[: max(around.rfind(" "), found.end() - start)])


def _times(count: int, name: str) -> str:
    return f"{count:,} {name}s" if count > 1 else f"One {name}"


def _and_more(found: Sequence[object]) -> str:
    return f", and so are {len(found) - 1} more" if len(found) > 1 else ""
