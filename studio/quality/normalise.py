"""Written words brought to the form in which they are compared, with every other way in which they are read aloud.

Both sides go the same way: the script's spoken form and what was heard. Each unit keeps the words that it comes from,
so that times and source offsets are never lost.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from studio.domain.spoken import SpokenWord
from studio.quality.latin import latin
from studio.quality.measures import unit_readings
from studio.quality.numbers import VULGAR, Reading, number_readings, ordinal_readings, roman_readings
from studio.quality.spellings import ENDINGS, IRREGULAR, Spellings, spellings

_FILLERS: Final = frozenset({"hmm", "mm", "mhm", "mmm", "uh", "um", "er", "erm", "ah"})
_SIGNS: Final = {
    "&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent", "°": "degrees", "#": "number", "§": "section",
    "×": "times", "/": "slash", "_": "underscore",
}  # fmt: skip
_QUOTES: Final = str.maketrans("’\u2018\u02bc`\u00b4", "'" * 5)  # every kind of apostrophe
_DEGREES: Final = str.maketrans("º˚", "°°")
_MONTH_NAMES: Final = """january february march april may june july august september october november december jan feb
mar apr jun jul aug sep sept oct nov dec"""
_MONTHS: Final = frozenset(_MONTH_NAMES.split())
_WORDS = re.compile(r"[^\W_]+")
_LETTERED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?(?:'?s)?")
_FIGURE = re.compile(r"[$£€#]?\.?\d.*|[½¼¾⅓⅔⅛].*")
_AMOUNT = re.compile(r"([$£€])([\d.,]*\d)")
_DAY = re.compile(r"([1-9]|[12]\d|3[01])(?:st|nd|rd|th)?")
_VULGAR: Final = frozenset("½¼¾⅓⅔⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚")
_ALLOWED: Final = str.maketrans("£€°²³µμΩω", "$$       ")  # beside ASCII
_PLAIN_FIGURE = re.compile(r"[$£€]?\d[\d.,/–-]*[½¼¾⅓⅔⅛]?°?|[½¼¾⅓⅔⅛]|°")
_INCHES = re.compile(r"\d[\"″”][.,;:!?)]*$")
_SIDES = re.compile(r"[x×](?=\d)")
_LEADING = re.compile(r"[$£€]?\d[\d.,:/]*(?:st|nd|rd|th|s)?(?![a-z\d]|[.,:/]\d)|[$£€]?\d[\d.,:/]*")
_UNTIL = re.compile(r"[-–]\d")
_MIXED = re.compile(r"\d+|[^\W\d_]+")
_SCALES: Final = {
    "hundred": "hundred", "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
    "k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion", "tn": "trillion",
}  # fmt: skip
_BEFORE_UNITS: Final = frozenset({*_SCALES, "sq", "cu", "fl", "square", "cubic", "fluid"})  # beside figures
_MOST_KNOWN: Final = 20_000  # words whose readings are remembered
_EDGES: Final = "\"'“”‘’«»()[]{}<>.,;:!?…—–-*_~|/\\"


@dataclass(frozen=True, slots=True)
class Unit:
    """Words `first` to `last` (exclusive) that are read as one; `readings`, never empty, has the plainest first.

    `folded` is what is written there, in small letters and without marks; `figure` says that it holds a figure;
    `pronounced` that the script asks for a pronunciation there.
    """

    first: int
    last: int
    readings: tuple[Reading, ...]
    folded: Reading = ()
    figure: bool = False
    pronounced: bool = False

    @property
    def plain(self) -> Reading:
        """The reading that the first comparison goes by."""
        return self.readings[0]


@dataclass(frozen=True, slots=True)
class Normaliser:
    """Brings words to the form in which they are compared. Build it with `normaliser`."""

    spellings: Spellings
    known: dict[str, tuple[Reading, ...]] = field(default_factory=dict, repr=False, compare=False)
    """Readings found before: most words come again and again."""

    def units(self, words: Sequence[str], *, romans: bool = True) -> tuple[Unit, ...]:
        """`words`, each as written with its punctuation, as units in order. Words that are no speech give none.

        `romans` says whether capitals may be Roman numerals; in a script's spoken form they are letters.
        """
        words = [word.translate(_DEGREES) for word in words]
        units = []
        index = 0
        while index < len(words):
            unit = self._amount(words, index) or self._day(words, index) or self._unit(words, index, romans=romans)
            if unit.readings:
                units.append(unit)
            index = unit.last
        return tuple(units)

    def spoken_units(self, words: Sequence[SpokenWord]) -> tuple[Unit, ...]:
        """The script's words as units. What a pronunciation stands for may be heard as it is written, too."""
        units: list[Unit] = []
        for unit in self.units([word.text for word in words], romans=False):
            word = words[unit.first]
            if not word.also:
                units.append(unit)
                continue
            before = units[-1] if units else None
            if before and before.pronounced and _one_place(words[before.first], word):
                joined = ((*head, *tail) for head in before.readings[:1] for tail in unit.readings)
                written = before.readings[1:]
                units[-1] = Unit(before.first, unit.last, (*joined, *written), before.folded + unit.folded, False, True)
            else:
                written = tuple(reading for form in word.also for reading in self._phrase(form))
                units.append(replace(unit, readings=(*unit.readings[:1], *written), pronounced=True))
        return tuple(units)

    def readings(self, written: str) -> tuple[Reading, ...]:
        """Every way in which one written word is read, the plainest first; empty where nothing is said."""
        if (found := self.known.get(written)) is None:
            if len(self.known) == _MOST_KNOWN:
                self.known.clear()
            found = self.known[written] = self._readings(written)
        return found

    def _readings(self, written: str) -> tuple[Reading, ...]:
        word = written.translate(_QUOTES)
        # ½ would become 1/2, and a full-width letter is a letter.
        word = (
            word if any(unicodedata.category(sign) == "No" for sign in word) else unicodedata.normalize("NFKC", word)
        ).lower()
        core = word.strip(_EDGES.replace("'", ""))
        if re.match(r"\.\d", word):
            core = f".{core}"
        if re.match(r"'\d", core):
            core = core[1:]  # ’90s
        if _FIGURE.fullmatch(core) and (numbers := self._figures(core)):
            if _INCHES.search(word):
                numbers = (*((*number, inches) for inches in ("inches", "inch") for number in numbers), *numbers)
            if re.match(r"[-−]\.?[\d$£€]", word):
                return (*((sign, *number) for number in numbers for sign in ("minus", "negative")), *numbers)
            return numbers
        if re.match(r"\.[a-z]", word):
            core = f"dot {core}"  # “.com” on its own
        spaced = core
        for sign, name in _SIGNS.items():
            spaced = spaced.replace(sign, f" {name} " if sign not in "/_" or "." in core else " ")
        plain = self._plain(spaced)
        if not plain or (len(plain) == 1 and plain[0] in _FILLERS):
            return ()
        return _unique((plain, *self._others(core, spaced, plain)))

    def _unit(self, words: Sequence[str], index: int, *, romans: bool = False) -> Unit:
        """The unit that the word at `index` is, read as its neighbours ask for."""
        written = words[index]
        readings = self.readings(written)
        core = written.strip(_EDGES)
        figure = any(sign.isdecimal() or sign in _VULGAR for sign in core)
        before = words[index - 1].strip(_EDGES) if index else ""
        after = words[index + 1].strip(_EDGES) if index + 1 < len(words) else ""
        if not core[:1].isdecimal() and (_PLAIN_FIGURE.fullmatch(before) or before.lower() in _BEFORE_UNITS):
            readings = _unique((*readings, *unit_readings(core)))  # “mm” and “ah” are sounds, but not behind a figure
        if readings and figure:
            if before[-1:].isdecimal() and _UNTIL.match(written):  # “7 -8.30pm”
                readings = _unique((*(("to", *reading) for reading in self.readings(core)), *readings))
            if {before.lower(), after.lower()} & _MONTHS:
                readings = _unique((*_of_month(core), *readings))
        elif readings:
            if core.lower() == "no" and _PLAIN_FIGURE.fullmatch(after):
                readings = (*readings, ("number",))
            # A capital I is a number behind a name or a title, and else a person.
            if romans and (core != "I" or (before[:1].isupper() and len(before) > 1)):
                numeral, possessive, _ = core.translate(_QUOTES).partition("'s")
                numbers = roman_readings(numeral)
                readings = _unique((*readings, *((*n[:-1], f"{n[-1]}s") if possessive else n for n in numbers)))
        return Unit(index, index + 1, readings, self.folded(written), figure)

    def _amount(self, words: Sequence[str], index: int) -> Unit | None:
        """“$5 million”, which is read with the currency last."""
        if index + 1 == len(words):
            return None
        money = _AMOUNT.fullmatch(words[index].strip(_EDGES))
        scale = words[index + 1].strip(_EDGES).lower()
        if not money or scale not in _SCALES:
            return None
        currency = number_readings(f"{money[1]}2")[0][-1]
        name = _SCALES[scale]
        # “A twenty million dollar deal” is written $20 million, too.
        names = (currency, currency.removesuffix("s"))
        readings = tuple((*head, name, each) for each in names for head in number_readings(money[2]))
        if not readings:
            return None
        return Unit(index, index + 2, readings, self.folded(f"{words[index]} {scale}"), True)

    def _day(self, words: Sequence[str], index: int) -> Unit | None:
        """The day in “June the third”, with or without its “the”."""
        if not 0 < index < len(words) - 1 or words[index].lower() != "the":
            return None
        day = self._unit(words, index + 1)
        if words[index - 1].strip(_EDGES).lower() not in _MONTHS or day.readings[:1] not in _days():
            return None
        return replace(
            day, first=index, readings=_unique((*day.readings, *(("the", *day) for day in day.readings[:1])))
        )

    def _figures(self, core: str) -> tuple[Reading, ...]:
        if core[0] == "#":
            return tuple(
                reading for number in self._figures(core[1:] or "#") for reading in (("number", *number), number)
            )
        numbers = number_readings(core)
        if re.fullmatch(r"\d[\d.,]*s", core):  # a plural or seconds
            numbers += tuple((*number, *name) for number in number_readings(core[:-1]) for name in unit_readings("s"))
        if numbers:
            return numbers
        core = "".join(VULGAR.get(sign, sign) for sign in core)
        if not core.translate(_ALLOWED).isascii():
            return ()
        if (money := re.fullmatch(r"([$£€][\d.,]*\d)([a-z]{1,2})", core)) and (
            amount := self._amount([*money.groups()], 0)
        ):
            return amount.readings  # "$5bn"
        # "5km", "3:30pm", "2nd-hand": the figure, then the rest.
        figure = _LEADING.match(core)
        if not figure or not (numbers := number_readings(figure[0].rstrip(".,:/"))):
            return ()
        tail = core[figure.end() :].lstrip(".,:/")
        if side := _SIDES.match(tail):  # “9x13-inch”
            others = self._figures(tail[side.end() :])
            return tuple(
                (*number, by, *other) for by in ("by", "times", "x") for number in numbers[:4] for other in others
            )
        rest = [*unit_readings(tail.lstrip("-"))]
        if _UNTIL.match(tail):  # “7-8:30pm”
            rest = [("to", *reading) for reading in self.readings(tail.lstrip("-–"))]
        rest += [reading for reading in self.readings(tail) if reading not in rest]
        return tuple((*number, *reading) for number in numbers for reading in rest or [()])

    def _phrase(self, written: str) -> Iterator[Reading]:
        parts = [self.readings(word) for word in written.split()]
        yield tuple(word for readings in parts if readings for word in readings[0])

    def _plain(self, word: str) -> Reading:
        """Folded words in American spelling, figures in them read out."""
        found: list[str] = []
        for part in self.folded(word):
            for piece in _MIXED.findall(part):
                numbers = number_readings(piece) if piece[0].isdecimal() and piece.isascii() else ()
                if numbers:
                    found += numbers[0]
                else:
                    titled = self.spellings.titles.get(piece, piece)
                    found.append(self.spellings.american.get(titled, titled))
        return tuple(found)

    def folded(self, written: str) -> Reading:
        """Words in small Latin letters without accents and marks; letters with stops between them are one ("a.i.")."""
        word = "".join(
            sign
            for sign in unicodedata.normalize("NFKD", latin(written.translate(_QUOTES).lower()))
            if not unicodedata.combining(sign)
        )
        if _LETTERED.fullmatch(word.strip(_EDGES.replace(".", ""))):
            word = word.replace(".", "")
        return tuple(_WORDS.findall(word.replace("'", "")))

    def _others(self, core: str, spaced: str, plain: Reading) -> Iterator[Reading]:
        if core in IRREGULAR:
            yield tuple(IRREGULAR[core].split())
        for ending, meanings in ENDINGS:
            if core.endswith(ending) and len(core) > len(ending):
                head = self._plain(core.removesuffix(ending))
                yield from ((*head, *meaning.split()) for meaning in meanings)
                break
        folded = self.folded(core)
        if len(folded) == 1:
            for word in dict.fromkeys((*folded, *plain) if len(plain) == 1 else folded):
                yield from (tuple(other.split()) for other in self.spellings.others.get(word, ()))
        elif len(plain) == 2:
            yield from (tuple(other.split()) for other in self.spellings.others.get(" ".join(plain), ()))
        if "." in core and not _LETTERED.fullmatch(core):
            yield self._plain(spaced.replace(".", " dot "))
            yield self._plain(spaced.replace(".", " dot ").replace("-", " dash "))


@functools.cache
def normaliser() -> Normaliser:
    """The one set of rules, put together once a process: whisper-normalizer's tables and ours."""
    return Normaliser(spellings())


@functools.cache
def _days() -> frozenset[tuple[Reading, ...]]:
    return frozenset((next(ordinal_readings(day)),) for day in range(1, 32))


def _unique(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    return tuple(dict.fromkeys(reading for reading in readings if reading))


def _one_place(first: SpokenWord, second: SpokenWord) -> bool:
    """Whether both belong to the same pronunciation."""
    return (first.start, first.end, first.also) == (second.start, second.end, second.also)


def _of_month(core: str) -> Iterator[Reading]:
    """How a day beside its month is read: “June 3” is June third, “3 June” the third of June, “1-3” first to third."""
    days = re.split(r"[-–]", core)
    found = [_DAY.fullmatch(day) for day in days]
    if len(days) > 2 or not all(found):
        return
    first, *more = [next(ordinal_readings(int(day[1]))) for day in found if day]
    said = (*first, "to", *more[0]) if more else first
    yield from (said, ("the", *said), (*said, "of"), ("the", *said, "of"))
