"""From written to spoken: a sentence as pieces, each with what is said and the characters that it comes from.

The text is walked once from left to right. Plain words, nearly all there is, go straight through; everything else is
tried against the rules in their order, and the first one that has a reading takes what it matched. No character is read
twice and none is left out, so no word can get lost.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from studio.content.codes import ADDRESSES, PATHS
from studio.content.figures import FIGURES
from studio.content.figures import SIGNED as FIGURES_BEGIN
from studio.content.identifiers import IDENTIFIERS, SIGNED_IDENTIFIERS
from studio.content.lexicon import Lexicon, Listed
from studio.content.money import MONEY
from studio.content.numbers import cardinal, fraction, roman
from studio.content.romans import reads_as_roman
from studio.content.rules import Rule
from studio.content.units import SIGNS
from studio.content.wordings import SIGNED as WORDINGS_BEGIN
from studio.content.wordings import TRIGGERS, WORDINGS

_LETTER_RULES = (*IDENTIFIERS, *WORDINGS, *MONEY)
_DIGIT_RULES = (*IDENTIFIERS, *ADDRESSES, *FIGURES)
_SIGN_RULES = (*SIGNED_IDENTIFIERS, *PATHS, *WORDINGS, *FIGURES)

# Not `\w`: that would take ², ½ and ① for letters. Vowel signs and accents of their own belong to their letter.
LETTER = (
    r"(?:[^\W\d_\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218f\u2460-\u24ff\u2776-\u2793]"
    r"|[\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0963\u0e31-\u0e4e])"
)
_LONGEST_WORD = 100  # a longer run of letters is read in parts: no utterance may grow without end
_WORD = rf"{LETTER}{{1,{_LONGEST_WORD}}}(?:['’]{LETTER}{{1,{_LONGEST_WORD}}}){{0,3}}"
_SPOKEN_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}|{_WORD}|\d+")
_PLAIN = re.compile(r"([A-Za-z][a-z]{0,40})(?:['’][a-z]{1,40})?(?=[\s,;:!?—…)”\"]|\.(?:[\s”\")]|$)|$)")
_LETTER_BEFORE = re.compile(r"[^\W\d_]-?$")
_OTHER = re.compile(rf"(?P<space>\s+)|(?P<word>{_WORD})|(?P<digits>\d{{1,18}})|(?P<sign>.)", re.DOTALL)

_OPENS = frozenset("(“\u2018[")  # no space after them

# What a voice understands as rhythm. Anything else that is no word is left out.
_RHYTHM = {
    "–": "—",
    "―": "—",
    "⸺": "—",
    "⸻": "—",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "«": "“",
    "»": "”",
    "„": "“",
    "\u201a": "\u2018",
    "\u3002": ".",
    "\uff0c": ",",
    "\u3001": ",",
    "\uff01": "!",
    "\uff1f": "?",
    "\uff1b": ";",
    "\uff1a": ":",
    "|": ",",
    "·": " ",
    "/": " ",
    "\\": " ",
    "_": " ",
    "•": " ",
} | {char: char for char in ".,;:!?…—-'’\u2018\"“”()"}


@dataclass(frozen=True, slots=True)
class Piece:
    """`said` stands for the characters from `start` to `end` of the clean text; `words` are the spoken words in it.

    `also` is how they are written, where the pronunciation list has them or figures are part of a name (“A380”).
    """

    said: str
    start: int
    end: int
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def spoken_words(said: str) -> tuple[str, ...]:
    """The words of something said: hyphens part them, apostrophes do not, the dots of initials are dropped."""
    return tuple(word.replace(".", "") for word in _SPOKEN_WORD.findall(said))


def read_pieces(text: str, start: int, end: int, lexicon: Lexicon, *, heading: bool = False) -> Iterator[Piece]:
    """The pieces of `text[start:end]`, in order and without gaps. What `lexicon` lists goes before every rule."""
    listed = lexicon.find(text, start, end)
    following = next(listed, None)
    if heading and (numeral := reads_as_roman(text, start, end)):
        yield numeral_piece(numeral, start)
        start += len(numeral)
    while start < end:
        while following and following.start < start:  # inside of what is read as a whole, such as an address
            following = next(listed, None)
        if following and start == following.start:
            piece = _address(text, start, end) or _pronounced(text, following)
        else:
            # A rule may read on beyond a listed word: an address is one thing.
            piece = _plain(text, start, end) or _ruled(text, start, end) or _any(text, start, end)
        yield piece
        start = piece.end


def _pronounced(text: str, listed: Listed) -> Piece:
    written = " ".join(text[listed.start : listed.end].split())
    return Piece(listed.said, listed.start, listed.end, spoken_words(listed.said), (written,))


def _address(text: str, start: int, end: int) -> Piece | None:
    return _first(ADDRESSES, text, start, end)


def numeral_piece(numeral: str, start: int) -> Piece:
    """A Roman numeral as a counting number."""
    said = cardinal(roman(numeral) or 0).capitalize()
    return Piece(said, start, start + len(numeral), spoken_words(said))


def _plain(text: str, start: int, end: int) -> Piece | None:
    plain = _PLAIN.match(text, start, end)
    if not plain or plain[1] in TRIGGERS:
        return None
    return Piece(plain[0], start, plain.end(), (plain[0],))


def _ruled(text: str, start: int, end: int) -> Piece | None:
    return _first(_rules(text[start]), text, start, end)


def _first(rules: tuple[Rule, ...], text: str, start: int, end: int) -> Piece | None:
    for pattern, reading in rules:
        match = pattern.match(text, start, end)
        said = match and reading(match)
        # A rule for letters may have met figures of another script: then it is none of its own.
        if match and said is not None and not any(map(str.isdigit, said)):
            # “A380” is written in one, whichever way it is read.
            name = match[0].isdecimal() and _LETTER_BEFORE.search(text[max(0, start - 2) : start])
            return Piece(said, start, match.end(), spoken_words(said), (match[0],) if name else ())
    return None


def _rules(first: str) -> tuple[Rule, ...]:
    """The rules that may have a reading for what begins with this character."""
    if first.isalpha():
        return _LETTER_RULES
    if first.isdecimal():
        return _DIGIT_RULES
    return _SIGN_RULES if first in WORDINGS_BEGIN or first in FIGURES_BEGIN else ()


def _any(text: str, start: int, end: int) -> Piece:
    match = _OTHER.match(text, start, end)
    if match is None:  # `.` matches anything
        raise AssertionError(start)
    found = match[0]
    if match["space"]:
        return Piece(" ", start, match.end())
    # Some figures count as letters of a word: Ethiopic, Brahmi, circled ones. They are signs here.
    figure = next((at for at, char in enumerate(found) if char.isdigit() and not char.isdecimal()), len(found))
    if match["word"] and figure:
        said = unicodedata.normalize("NFC", found[:figure])
        return Piece(said, start, start + figure, (said,))
    if match["word"]:
        said = _sign(found[0])
        return Piece(said, start, start + 1, spoken_words(said))
    said = cardinal(int(found)) if match["digits"] else _sign(found)
    if start and text[start - 1] in _OPENS:
        said = said.lstrip()
    return Piece(said, start, match.end(), spoken_words(said))


def _sign(char: str) -> str:
    if char in _RHYTHM:
        return _RHYTHM[char]
    if char in SIGNS:
        return f" {SIGNS[char]} "
    value = unicodedata.numeric(char, None)
    if value is None:
        return ""
    if value != int(value):
        above, below = value.as_integer_ratio() if value * 64 == int(value * 64) else _ratio(value)
        return f" {fraction(above, below)} "
    return f" {cardinal(int(value))} "


def _ratio(value: float) -> tuple[int, int]:
    return next(
        ((round(value * below), below) for below in range(3, 21) if abs(value * below - round(value * below)) < 1e-6),
        (1, 2),
    )
