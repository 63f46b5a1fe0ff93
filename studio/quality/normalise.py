"""Written words brought to the form in which they are compared, with every other way in which they are read aloud.

Both sides go the same way: the script's spoken form and what was heard. Each unit keeps the words that it comes from,
so that times and source offsets are never lost.
"""

import functools
import re
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.quality.numbers import Reading, number_readings

_FILLERS: Final = frozenset({"hmm", "mm", "mhm", "mmm", "uh", "um", "er", "erm", "ah"})
_SIGNS: Final = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "@": "at",
    "%": "percent",
    "°": "degrees",
    "#": "number",
    "§": "section",
}
_QUOTES: Final = str.maketrans("’\u2018\u02bc`\u00b4", "'" * 5)  # every kind of apostrophe
# What whisper-normalizer leaves different, and what sounds the same; every form of a group stands for all the others.
_SAME: Final = """
    ok, okay; per cent, percent; mister, mr; missus, mrs; doctor, dr; saint, street, st; versus, vs;
    et cetera, etcetera, etc; number, no; oclock, o clock; all right, alright; for ever, forever;
    any more, anymore; oh, o, zero; going to, gonna; want to, wanna; got to, gotta; because, cause, cos; mom, mum;
    grey, gray; television, tv; til, till; though, tho; through, thru; and, n; shall not, shant; can not, cannot;
    tonight, to night; today, to day; tomorrow, to morrow; junior, jr; senior, sr; eg, for example; ie, that is;
    judgement, judgment; acknowledgement, acknowledgment; learnt, learned;
    burnt, burned; dreamt, dreamed; spelt, spelled;
    km, kilometers; kg, kilograms; cm, centimeters; mm, millimeters; mi, miles; ft, feet; lb, lbs, pounds; oz, ounces;
    mph, miles per hour; kmh, kilometers per hour; khz, kilohertz; hz, hertz;
    gb, gigabytes; mb, megabytes; kb, kilobytes;
"""
_SAME_SOUND: Final = """
    there, their, theyre; to, too, two; for, four, fore; here, hear; its, it s; your, youre; whose, whos; one, won;
    know, no; knows, nose; by, buy, bye; right, write, rite, wright; our, hour, are; ours, hours; i, eye, aye;
    see, sea, c; be, bee, b; are, r, our; you, u; why, y; would, wood; or, ore, oar; in, inn; sum, some; son, sun;
    sight, site, cite; peace, piece; whole, hole; through, threw; week, weak; where, wear, ware; weather, whether;
    which, witch; red, read; new, knew; night, knight; past, passed; principle, principal; role, roll; sole, soul;
    steal, steel; tail, tale; than, then; waste, waist; wait, weight; way, weigh; ate, eight; aloud, allowed;
    bare, bear; brake, break; cell, sell; dear, deer; fair, fare; flour, flower; great, grate; heal, heel;
    mail, male; main, mane; meat, meet; none, nun; pair, pear, pare; plain, plane; poor, pour, pore;
    rain, reign, rein; real, reel; sail, sale; scene, seen; so, sew, sow; stair, stare; their, there;
    vain, vein, vane
"""
# Contractions and what they may stand for, by ending.
_ENDINGS: Final = (
    ("n't", (" not",)), ("'re", (" are",)), ("'ll", (" will", " shall")), ("'ve", (" have",)), ("'m", (" am",)),
    ("'d", (" would", " had")), ("'s", (" is", " has", " us")),
)  # fmt: skip
_IRREGULAR: Final = {
    "won't": "will not", "can't": "can not", "shan't": "shall not", "let's": "let us", "'tis": "it is",
    "'twas": "it was", "'twere": "it were", "y'all": "you all", "ma'am": "madam",
}  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[$£€#]?\d.*|[½¼¾⅓⅔⅛]%?")
_ROMAN = re.compile(r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_NUMERALS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_MIXED = re.compile(r"\d+|[^\W\d_]+")
_SCALES: Final = frozenset({"hundred", "thousand", "million", "billion", "trillion"})
_EDGES: Final = "\"'“”‘’«»()[]{}<>.,;:!?…—–-*_~|/\\"


@dataclass(frozen=True, slots=True)
class Unit:
    """Words `first` to `last` (exclusive) that are read as one; `readings`, never empty, has the plainest first."""

    first: int
    last: int
    readings: tuple[Reading, ...]

    @property
    def plain(self) -> Reading:
        """The reading that the first comparison goes by."""
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Brings words to the form in which they are compared. Build it with `normaliser`."""

    spellings: dict[str, str]  # British to American
    aliases: dict[str, tuple[str, ...]]
    titles: dict[str, str]

    def units(self, words: Sequence[str]) -> tuple[Unit, ...]:
        """`words`, each as written with its punctuation, as units in order. Words that are no speech give none."""
        units = []
        index = 0
        while index < len(words):
            last = index + 1
            money = re.fullmatch(r"([$£€])([\d.,]*\d)", words[index].strip(_EDGES))
            if money and last < len(words) and (scale := words[last].strip(_EDGES).lower()) in _SCALES:
                # "$5 million" is read with the currency last.
                unit = number_readings(f"{money[1]}2")[0][-1]
                readings = tuple((*head, scale, unit) for head in number_readings(money[2]))
                last += 1
            else:
                readings = self.readings(words[index])
            if readings:
                units.append(Unit(index, last, readings))
            index = last
        return tuple(units)

    def readings(self, written: str) -> tuple[Reading, ...]:
        """Every way in which one written word is read, the plainest first; empty where nothing is said."""
        word = unicodedata.normalize("NFKC", written.translate(_QUOTES)).lower() if not _vulgar(written) else written
        core = word.strip(_EDGES.replace("'", ""))
        if _NUMBER.fullmatch(core) and (numbers := self._numbers(core)):
            if re.match(r"[-−]\d", word):
                return (*((sign, *number) for number in numbers for sign in ("minus", "negative")), *numbers)
            return numbers
        spaced = core
        for sign, name in _SIGNS.items():
            spaced = spaced.replace(sign, f" {name} ")
        plain = self._plain(spaced)
        if not plain or (len(plain) == 1 and plain[0] in _FILLERS):
            return ()
        found = {plain: None}
        for other in (*self._others(core, plain), *_roman(written.strip(_EDGES))):
            found.setdefault(other, None)
        return tuple(found)

    def _numbers(self, core: str) -> tuple[Reading, ...]:
        core = core.removeprefix("#")
        if numbers := number_readings(core):
            return numbers
        if not core.isascii():
            return ()
        # "5km", "3:30pm", "2nd-hand": the figure, then the rest.
        figure = re.match(r"[$£€]?\d[\d.,:/]*(?:st|nd|rd|th|s)?(?![a-z])|[$£€]?\d[\d.,:/]*", core)
        if figure and (numbers := number_readings(figure[0].rstrip(".,:/"))):
            rest = self.readings(core[figure.end() :]) or ((),)
            return tuple((*number, *tail) for number in numbers for tail in rest)
        return ()

    def _plain(self, word: str) -> Reading:
        """Lower-case words without accents and marks; letters with full stops between them are one word ("a.i.")."""
        word = _unaccented(word)
        if re.fullmatch(r"(?:[a-z]\.)+[a-z]?\.?(?:'?s)?", word):
            word = word.replace(".", "")
        word = word.replace("'", "")
        found: list[str] = []
        for part in _WORDS.findall(word):
            for piece in _MIXED.findall(part):
                numbers = number_readings(piece) if piece[0].isdecimal() and piece.isascii() else ()
                if numbers:
                    found += numbers[0]
                else:
                    found.append(self.spellings.get(self.titles.get(piece, piece), self.titles.get(piece, piece)))
        return tuple(found)

    def _others(self, core: str, plain: Reading) -> list[Reading]:
        others: list[Reading] = []
        if core in _IRREGULAR:
            others.append(tuple(_IRREGULAR[core].split()))
        for ending, meanings in _ENDINGS:
            if core.endswith(ending) and len(core) > len(ending):
                head = self._plain(core.removesuffix(ending))
                others += [(*head, *meaning.split()) for meaning in meanings]
                if ending == "'s":
                    others.append(head)
                break
        if len(plain) == 1:
            others += [tuple(alias.split()) for alias in self.aliases.get(plain[0], ())]
        if "." in core:
            others.append(tuple(word for word in self._plain(core.replace(".", " dot "))))
        return [other for other in others if other]


@functools.cache
def normaliser() -> Normaliser:
    """The one set of rules, put together once a process: whisper-normalizer's tables and ours."""
    with warnings.catch_warnings():
        # Compiling it warns of an escape sequence in a docstring, which no user should read.
        warnings.simplefilter("ignore")
        from whisper_normalizer.english import EnglishSpellingNormalizer, EnglishTextNormalizer
    aliases: dict[str, tuple[str, ...]] = {}
    for line in f"{_SAME}{_SAME_SOUND}".split(";"):
        group = [form.strip() for form in line.split(",")]
        for form in group:
            aliases[form] = (*aliases.get(form, ()), *(other for other in group if other != form))
    titles = {}
    for pattern, full in EnglishTextNormalizer().replacers.items():
        if full.endswith(" ") and (match := re.fullmatch(r"\\b([a-z]+)\\b", pattern)):
            titles[match[1]] = full.strip()
    del titles["gen"], titles["rep"], titles["pres"], titles["col"], titles["ald"], titles["hon"], titles["st"]
    return Normaliser(EnglishSpellingNormalizer().mapping, aliases, titles)


def _roman(written: str) -> tuple[Reading, ...]:
    """How a number in Roman capitals is read: "VIII" is eight, or the eighth."""
    if not _ROMAN.fullmatch(written):
        return ()
    values = [_NUMERALS[sign] for sign in written]
    following = [*values[1:], 0]
    total = sum(-value if value < after else value for value, after in zip(values, following, strict=True))
    return number_readings(str(total))


def _vulgar(written: str) -> bool:
    return any(sign in written for sign in "½¼¾⅓⅔⅛")


def _unaccented(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
