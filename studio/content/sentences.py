"""Where sentences end."""

import re
from collections.abc import Iterator

from studio.content.abbreviations import (
    AFTER_NAMES,
    BEFORE_NUMBERS,
    BEFORE_NUMERALS,
    MONTHS,
    MONTHS_AND_DAYS,
    PHRASES,
    TITLES,
)
from studio.content.places import BOOKS
from studio.content.units import CURRENCIES, CURRENCY_CODES, SCALES

# A stop, whatever closes after it, and white space; the stops of Chinese and Japanese need none.
_STOP = re.compile(r"""(?:[.!?…]{1,20}[”’"'»)\]]{0,5}(?=\s|$)|[\u3002\uff01\uff1f]+[”’\u300d\u300f\uff09]{0,5})\s*""")
_OPENING = re.compile(r"""[\s“‘"'«(\[—–…-]*""")
_LAST_WORD = re.compile(r"(?:^|[\s“‘\"'«(\[—–/-])([^\s“‘\"'«(\[—–/-]*)$")
_NUMERAL = re.compile(r"[IVXLC]{1,7}\b")
_FEET = frozenset({"ft", "lb", "lbs", "hr", "hrs"})  # a smaller unit follows: “5 ft. 9 in.”
_STREET_BEFORE = re.compile(r"[A-Z0-9][\w’'.]*,?\s+Dr$")
_CAPITAL_INSIDE = re.compile(r"[a-z]{1,2}[A-Z]")  # “iPhones are …”, “pH is …”
_VERSE = re.compile(r"\d{1,3}:\d")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?$")

_NEVER = frozenset([*TITLES, *MONTHS_AND_DAYS]) - {
    *AFTER_NAMES,
    "Mar",
    "Jun",
    "Jul",
    "Mon",
    "Sat",
    "Sun",
    "Wed",
    "Fri",
    "Fr",
    "Rep",
}
_LISTS_END = frozenset({"etc", "ff", "et seq"})  # no name follows them
_MAYBE = (
    frozenset(
        [*AFTER_NAMES, *MONTHS_AND_DAYS, "Rep", "Fr", "A.M", "P.M", *(phrase.removesuffix(".") for phrase in PHRASES)]
    )
    - _LISTS_END
)

# After an abbreviation a capital may begin a name as well as a sentence. These words begin sentences.
_STARTER_WORDS = """
A After All Also Although An And Another Any As At Because Before Both But By Can Come Could Did Do Does During Each
Even Every Few First Finally For From Had Has Have He Her Here His How However I If In Instead Is It Its Just Last
Later Let Like Many May Maybe Meanwhile More Moreover Most My Never Nevertheless No Nobody None Nor Not Nothing Now
Of Often On Once One Only Or Our Perhaps Please Several She Should Since So Some Soon Still Such That The Their Then
There Therefore These They This Those Though Through Thus To Today Together Under Until Was We Well Were What
Whatever When Where Whether Which While Who Whose Why Will With Within Without Would Yes Yet You Your Next Yesterday
Tomorrow Tonight Around Among Between Despite Nearly Almost Inside Outside Across Against Beyond Unless
"""
_STARTERS = frozenset(_STARTER_WORDS.split())
_HALVES_OF_DAY = frozenset({"a.m", "p.m", "A.M", "P.M"})
_ZONES = """Eastern Central Mountain Pacific Atlantic Greenwich London Local Universal Standard Daylight ET CT MT PT EST
EDT CST CDT MST MDT PST PDT GMT UTC BST CET CEST IST JST AEST"""
_AFTER_HOURS = frozenset([*MONTHS, *MONTHS_AND_DAYS, *MONTHS_AND_DAYS.values(), *_ZONES.split()])
"""They go on after an hour of the day: time zones, days, months."""


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of one paragraph, in order; together they hold everything but white space between them.

    A stop after a title, an initial or an abbreviation ends no sentence, nor does one that goes on in small letters.
    """
    start = 0
    for stop in _STOP.finditer(text):
        if stop.end() < len(text) and not _ends_sentence(text, start, stop):
            continue
        end = stop.start() + len(stop[0].rstrip())
        yield start, end
        start = stop.end()
    if text[start:].strip():
        yield start, start + len(text[start:].rstrip())


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    following = _OPENING.match(text, stop.end())
    after = text[following.end() : following.end() + 30] if following else ""
    if after[:1].islower() and not _CAPITAL_INSIDE.match(after):
        return False
    if not stop[0].startswith(".") or stop[0].startswith(".."):
        return True
    word = _word_before(text, start, stop.start())
    next_word = re.match(r"[^\W\d_]*", after)
    starts = next_word is not None and next_word[0] in _STARTERS
    came = text[max(start, stop.start() - 32) : stop.start()]
    titled = word in _NEVER or (word == "Dr" and not _STREET_BEFORE.search(came))
    if _is_numbered(word, after, came.removesuffix(word)) or (titled and stop[0].strip() == "."):
        return False
    if word in _MAYBE:
        # “At 9 p.m. Minh left”, but “at 9 p.m. Eastern time” and “at 9 p.m. Monday”.
        late = word in _HALVES_OF_DAY and next_word is not None and next_word[0] not in _AFTER_HOURS
        return starts or late or len(stop[0].strip()) > 1
    # An initial, or a letter that is named.
    initial = len(word) == 1 and word.isalpha() and word.isupper() and word != "I"
    return starts or not (initial or _ACRONYM.match(word))


def _is_numbered(word: str, after: str, came: str) -> bool:
    """Whether a number that goes on belongs to the abbreviation: “No. 5”, “Vol. IV”, “Rs. 200”, “1 Cor. 13:4”."""
    if after[:1].isdigit() and (word in BEFORE_NUMBERS or word in _FEET or f"{word}." in CURRENCY_CODES):
        return True
    if word == "Pub" and after.startswith("L."):
        return True  # “Pub. L. 111-148”
    if word in SCALES and after[:1] in CURRENCIES:
        return True  # “1,5 Mrd. €”
    if word in BOOKS and (_VERSE.match(after) or (after[:1].isdigit() and re.search(r"\b[123]\s$", came))):
        return True
    return bool(word in BEFORE_NUMERALS and _NUMERAL.match(after))


def _word_before(text: str, start: int, stop: int) -> str:
    # Titles and abbreviations are short: no need to look further back.
    found = _LAST_WORD.search(text[max(start, stop - 20) : stop])
    return found[1] if found else ""
