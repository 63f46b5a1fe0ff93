"""Rules for what is a name though it is written in digits and signs: telephones, versions, books, places in the web."""

import re
from typing import Final

from studio.content.amounts import is_year
from studio.content.numbers import cardinal, digits, integer, ordinal, year
from studio.content.places import BOOKS, NUMBERED_BOOKS, STATES
from studio.content.rules import END, FRESH, Match, Rule, before, compiled, one_of

_DOMAINS = "com|org|net|edu|gov|mil|int|io|co|uk|de|fr|es|it|info|biz|us|ca|au|nz|jp|tv|me|ai|app|dev|fm|eu|ch|nl|ly"
_FILES = """md txt pdf docx? xlsx? pptx? csv tsv json xml html? css js ts py rb rs cpp exe dll zip tar gz mp3 mp4 wav
flac png jpe?g gif svg psd ya?ml toml ini cfg conf log sql sh bat iso dmg apk epub srt vtt"""
_FILE = "|".join(_FILES.split())
_EXTENSION = r"(?:,?\s?(?:ext\.?|extension|x)\s?(\d{1,6})(?!\d))?"
_DOMESTIC = r"0\d{2,4}\s\d{3,4}\s\d{3,4}|0\d{3,4}\s\d{6}|0\d(?:\s\d\d){4}|0\d{2,4}[/-]\d{6,8}"
_LETTER_BESIDE_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_MARKS: Final = {
    "@": " at ", ".": " dot ", "_": " underscore ", "-": " dash ", "/": " slash ", "+": " plus ", "%": " percent ",
    "~": " tilde ", ":": " colon ",
}  # fmt: skip
_PLACED: Final = re.compile(rf"(?:(?:{one_of(STATES)}|DC|D\.C\.)|\b[A-Z][a-z]{{2,20}})\s$")
_SENTENCE_WORDS = re.compile(r"\b(?:In|The|About|Some|Over|Nearly|Almost|And|But|Of|By|From|With|For|Then|After)\s$")


def address(match: Match) -> str:
    """A web or mail address or a file, its signs as words."""
    said = "".join(_MARKS.get(char, char) for char in match[0].rstrip("/"))
    said = _LETTER_BESIDE_DIGIT.sub(" ", said)
    return re.sub(r"\d{1,18}", lambda found: year(int(found[0])) if is_year(found[0]) else integer(found[0]), said)


def _phone(match: Match) -> str:
    end = match.start(1) if match[1] else match.end()
    groups = re.findall(r"\d+", match.string[match.start() : end])
    said = ", ".join(_called(group, place) for place, group in enumerate(groups))
    plus = "plus " if match[0][0] == "+" else ""
    return f"{plus}{said}, extension {integer(match[1])}" if match[1] else f"{plus}{said}"


def _called(group: str, place: int) -> str:
    """“One eight hundred”: a code of the area in whole hundreds is read as it is spoken."""
    return cardinal(int(group)) if place < 2 and re.fullmatch(r"[89]00", group) else digits(group)


def _international(match: Match) -> str | None:
    return _phone(match) if sum(map(str.isdecimal, match[0])) >= 7 else None


def _vanity(match: Match) -> str:
    return f"one {_called(match[1], 0)} {match[2].replace('-', ' ')}"


def _grouped(match: Match) -> str:
    groups = match[0].split("-")
    small = all(len(group) <= 2 and (group[0] != "0" or group == "0") for group in groups)
    return ", ".join(map(integer if small else digits, groups))  # “4-4-2”, but “12-345-67”


def _book_number(match: Match) -> str:
    groups = re.split(r"[-\s]", match[2])
    said = ", ".join(digits(group) + (" X" if group[-1] in "xX" else "") for group in groups if group)
    return f"{match[1]} {said}"


def _version(match: Match) -> str:
    joint = " dot " if match[2].count(".") > 2 else " point "
    said = joint.join(integer(part) for part in match[2].split("."))
    return f"version {said}" if match[1] else said


def _release(match: Match) -> str:
    """“2.11.0-rc.1”."""
    said = _version(match)
    stage = {"rc": "release candidate"}.get(match[3], match[3])
    return f"{said} {stage} {integer(match[4])}" if match[4] else f"{said} {stage}"


def _standard(match: Match) -> str:
    """“ISO 9001:2015”: a standard and its year."""
    return f"{integer(match[1])}, {year(int(match[2]))}"


def _wireless(match: Match) -> str:
    return f"eight oh two dot {integer(match[1])} {' '.join(match[2].upper())}".rstrip()


def _verse(match: Match) -> str | None:
    number, book, chapter, first, last, further = match.groups()
    name, number = BOOKS[book], (number or "").strip()
    if number and name not in NUMBERED_BOOKS:
        return None
    said = f"{ordinal(len(number) if number[0] == 'I' else int(number)).capitalize()} {name}" if number else name
    said += f" {integer(chapter)} {integer(first)}"
    said = f"{said} to {integer(last)}" if last else said
    for found in re.finditer(r"(\d+):(\d+)(?:\s?[–-]\s?(\d+))?", further):
        until = f" to {integer(found[3])}" if found[3] else ""
        said += f", {integer(found[1])} {integer(found[2])}{until}"
    return said


def _numbered_book(match: Match) -> str | None:
    name = BOOKS[match[2]]
    return f"{ordinal(int(match[1])).capitalize()} {name}" if name in NUMBERED_BOOKS else None


def _postal(match: Match) -> str | None:
    """“MA 02134”, “Beverly Hills 90210”: a number of five digits that a comma would divide if it were an amount."""
    came = before(match, 24)
    if not _PLACED.search(came) or _SENTENCE_WORDS.search(came) or re.match(r"\s[a-z]{2,20}s\b", _rest(match)):
        return None
    return f"{digits(match[1])}, {digits(match[2])}" if match[2] else digits(match[1])


def _rest(match: Match) -> str:
    return match.string[match.end() : match.end() + 24]


_STAGES = "rc|alpha|beta|preview|dev"
_BOOK = one_of(BOOKS)
_VERSES = (
    rf"({_BOOK})\.?\s(\d{{1,3}}):(\d{{1,3}})(?:\s?[–-]\s?(\d{{1,3}}))?(?![\d:])"
    r"((?:[;,]\s\d{1,3}:\d{1,3}(?:\s?[–-]\s?\d{1,3})?(?![\d:])){0,8})"
)

ADDRESSES: Final[tuple[Rule, ...]] = compiled(
    (r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,20}\b", address),
    (rf"[A-Za-z0-9][\w-]{{0,60}}(?:\.[\w-]{{1,30}}){{0,2}}\.(?:{_FILE}|{_FILE.upper()})\b(?![\w@])", address),
    (
        rf"(?:[A-Za-z0-9-]{{1,63}}\.){{1,4}}(?:{_DOMAINS})\b(?!\.?[A-Za-z0-9])(?:/[A-Za-z0-9_-]{{1,40}}(?!\.\w)){{0,4}}/?",
        address,
    ),
)
"""Those that may begin with a letter or a digit."""

PATHS: Final[tuple[Rule, ...]] = compiled(
    (r"(?<![\w/.])(?:~|\.{1,2})?(?:/\.?[A-Za-z][A-Za-z0-9_.-]{0,60}(?<![.-])){2,10}/?", address),
    (r"(?<![\w/])~/\.?[A-Za-z][A-Za-z0-9_-]{0,60}", address),
    (r"(?<![\w.…])\.(?=[A-Z]{2,}|[a-z]{2,})", lambda _match: " dot "),
    (r"(?<=[^\W_])\.(?=[A-Za-z_]{1,30}\()", lambda _match: " dot "),
)
"""Those that begin with a sign."""

LETTERED_CODES: Final[tuple[Rule, ...]] = compiled(
    (rf"{FRESH}(I{{1,3}}\s)?{_VERSES}", _verse),
    (rf"{FRESH}(IS[BS]N)(?:-1[03])?:?\s((?=[\dXx -]{{8,17}}{END})\d[\d -]{{5,15}}[\dXx])", _book_number),
    (rf"{FRESH}([ru])/(?=[A-Za-z]\w)", lambda match: f"{match[1]} slash "),
    (rf"{FRESH}(v)(\d{{1,4}}(?:\.\d{{1,6}}){{0,4}})-?({_STAGES})[.-]?(\d{{1,4}})?{END}", _release),
    (rf"{FRESH}(v)(\d{{1,4}}(?:\.\d{{1,6}}){{0,4}}){END}", _version),
)
"""Those that begin with a letter."""

CODES: Final[tuple[Rule, ...]] = compiled(
    (rf"{FRESH}(?:([123])\s){_VERSES}", _verse),
    (
        rf"{FRESH}([123])\s({one_of(name for name in BOOKS if BOOKS[name] in NUMBERED_BOOKS)})\.?(?=\s\d)",
        _numbered_book,
    ),
    (rf"\+\d{{1,15}}(?:(?:[ .-]\(?|\()\d{{1,8}}\)?){{0,6}}(?![\d-]){_EXTENSION}", _international),
    (rf"{FRESH}1-(8\d\d|900)-([A-Z]{{2,10}}(?:-[A-Z]{{2,10}})?){END}", _vanity),
    (rf"{FRESH}(?:1[-. ])?(?:\(\d{{3}}\)\s?|\d{{3}}[-. ])?\d{{3}}[-.]\d{{4}}(?![\d-]|\.\d){_EXTENSION}", _phone),
    (
        rf"{FRESH}(?:{_DOMESTIC})(?!\d){_EXTENSION}",
        _phone,
    ),
    (rf"{FRESH}\d{{1,9}}(?:-\d{{1,9}}){{2,6}}(?![\d-])", _grouped),
    (rf"{FRESH}(\d{{5}})(?:-(\d{{4}}))?(?![\d,.]\d|\d|-)", _postal),
    (rf"{FRESH}(v\.?\s?)?(\d{{1,4}}(?:\.\d{{1,6}}){{1,4}})-?({_STAGES})[.-]?(\d{{1,4}})?{END}", _release),
    (rf"{FRESH}(v\.?\s?)?(\d{{1,4}}(?:\.\d{{1,6}}){{2,4}})(?![\d.]*\d)", _version),
    (rf"(?<=[A-Z]\s)(\d{{3,5}}):((?:19|20)\d\d){END}", _standard),
    (rf"{FRESH}802\.(\d{{1,2}})([a-z]{{0,2}}){END}", _wireless),
    (r"401\(k\)", lambda _match: "four oh one K"),
    (r"501\(c\)", lambda _match: "five oh one C "),
)
"""Those that begin with a digit or a sign, in the order in which they are tried."""
