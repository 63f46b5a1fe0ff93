"""Claims that a script makes without saying where they come from."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from studio.domain.brand import Claims
from studio.domain.phrases import Phrases
from studio.domain.prose import Sentence, Word

_LINK: Final = re.compile(r"\]\(|https?://|www\.|\[\^")
_SIGN: Final = re.compile(r"[ \u00a0\u202f]?%")
_PERCENT: Final = frozenset({"percent", "percentage"})
_NO_NUMBERS: Final = frozenset({"0", "100", "hundred", "zero", "the", "what", "a", "of", "in", "same", "this", "that"})
_NEAR: Final = 6  # words between a name and the year of what it wrote
_MONTHS: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "january february march april may june july august september october november december monday tuesday wednesday"
        " thursday friday saturday sunday spring summer autumn winter christmas easter"
    ).split()
)
_NO_NAMES: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "a an and as at back before but by during early even for from he her his how i if in it its late later my"
        " nearly no not of on or our over she since so some studies that the their then there these they this those"
        " through to today until we what when where while who with you your"
    ).split()
)


def unsourced(claims: Claims, sentences: Sequence[Sentence], text: str) -> Iterator[tuple[int, int]]:
    """Where claims stand whose sentence names no source, nor those around it; as offsets into the text."""
    wanted, sources = Phrases(claims.claims), Phrases(claims.sources)
    named: dict[int, bool] = {}

    def has_source(number: int) -> bool:
        if number not in named:
            named[number] = _names_source(sources, sentences, number, text)
        return named[number]

    for number, sentence in enumerate(sentences):
        words = sentence.words
        places = [(words[each.first].start, words[each.last - 1].end) for each in wanted.find(words)]
        if claims.percentages:
            places += _percentages(words, text)
        if not places:
            continue
        first, last = max(0, number - claims.neighbours), min(len(sentences), number + claims.neighbours + 1)
        if any(map(has_source, range(first, last))):
            continue
        yield from sorted(places)


def _names_source(sources: Phrases, sentences: Sequence[Sentence], number: int, text: str) -> bool:
    sentence = sentences[number]
    # A link may follow the full stop.
    following = sentences[number + 1].start if number + 1 < len(sentences) else min(sentence.end + 300, len(text))
    if _LINK.search(text, sentence.start, max(following, sentence.end)):
        return True
    return bool(sources.find(sentence.words)) or _name_and_year(sentence.words, text)


def _name_and_year(words: Sequence[Word], text: str) -> bool:
    """“Miller, 2019”, “Miller and others (2019)”, “the 2019 Framingham report”: a year with a name beside it."""
    for place, word in enumerate(words):
        if len(word.key) != 4 or not word.key.isdecimal() or not 1500 <= int(word.key) < 2100:
            continue
        around = (*words[max(0, place - _NEAR) : place], *words[place + 1 : place + 3])
        if any(_is_name(other, text) for other in around):
            return True
    return False


def _is_name(word: Word, text: str) -> bool:
    return text[word.start].isupper() and word.key not in _MONTHS and word.key not in _NO_NAMES


def _percentages(words: Sequence[Word], text: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand with “%” or “percent”. None and all of something are figures of speech."""
    for place, word in enumerate(words):
        sign = _SIGN.match(text, word.end)
        if word.key[0].isdecimal() and sign:
            number, end = word, sign.end()
        elif word.key in _PERCENT and place:
            number, end = words[place - 1], word.end
        elif word.key == "cent" and place > 1 and words[place - 1].key == "per":
            number, end = words[place - 2], word.end
        else:
            continue
        if number.key not in _NO_NUMBERS:
            yield number.start, end
