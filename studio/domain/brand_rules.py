"""How well a script keeps to its show's brand: every rule, each deduction with its place. No sound is needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from studio.domain.brand import Address, Brand, BrandReport, Deduction, Line, Rule
from studio.domain.brand_claims import unsourced
from studio.domain.phrases import Phrases, filled, match_at, pattern_of
from studio.domain.prose import Sentence, Word, sentences_of
from studio.domain.readability import grade_of
from studio.domain.script import Script
from studio.domain.style import judge_style

_LISTED: Final = 25  # deductions of one rule that are listed one by one
_JUDGED: Final = 100  # words from which a reading level, a mean or an address says something
_QUOTED: Final = 12  # words of a quotation
_PACE_UNIT: Final = 0.02
_STYLE_UNIT: Final = 0.5
_YOU: Final = frozenset({"you", "your", "yours", "yourself", "yourselves", "you're", "you've", "you'll", "you'd"})
_WE: Final = frozenset({"we", "us", "our", "ours", "ourselves", "we're", "we've", "we'll", "we'd", "let's"})
_ADDRESSED: Final = 2.0  # of a thousand words, that speak to the listener where a show does so
_OPEN_QUOTES: Final = "“«„"
_CLOSE_QUOTES: Final = "”»"


@dataclass(frozen=True, slots=True)
class _Miss:
    """A rule broken: how many times its points that is, why, and which words."""

    rule: Rule
    times: float
    detail: str
    start: int | None = None
    end: int | None = None


def align(brand: Brand, script: Script, show: str = "", words_per_minute: float | None = None) -> BrandReport:
    """Lay a script against its brand.

    `show` fills the placeholder of that name (the brand's own name unless given). Without `words_per_minute`, which
    only the finished sound has, the pace is not judged. Linear in the length of the text.
    """
    sentences = sentences_of(script)
    prose = [sentence for sentence in sentences if not sentence.heading]
    values = {"title": script.title, "show": show or brand.name}
    misses = [
        *_lines(brand.openings, prose, values, script, closing=False),
        *_lines(brand.closings, prose, values, script, closing=True),
        *_said(brand, sentences, script),
        *(_claims(brand, sentences, script)),
        *_reading(brand, prose),
        *_lengths(brand, prose),
        *_address(brand, prose, script),
        *_pace(brand, words_per_minute),
        *_style(brand, sentences, script),
    ]
    return _report(brand, misses)


def _report(brand: Brand, misses: Sequence[_Miss]) -> BrandReport:
    deductions: list[Deduction] = []
    for rule in Rule:
        own = sorted((miss for miss in misses if miss.rule is rule), key=lambda miss: miss.start or -1)
        weight = brand.weights[rule]
        left = weight.most
        for number, miss in enumerate(own, 1):
            points = min(left, weight.each * miss.times)
            left -= points
            if number > _LISTED:
                # The rest costs what it costs, in one line.
                deductions[-1] = replace(deductions[-1], points=round(deductions[-1].points + points, 2))
            else:
                deductions.append(Deduction(rule, round(points, 2), miss.detail, miss.start, miss.end))
        if len(own) > _LISTED:
            more = f" And {len(own) - _LISTED} more like it."
            deductions[-1] = replace(deductions[-1], detail=deductions[-1].detail + more)
    lost = sum(each.points for each in deductions)
    order = sorted(deductions, key=lambda each: (each.source_start is not None, each.source_start or 0))
    return BrandReport(round(max(0.0, 1 - lost / 100), 4), tuple(order))


def _lines(
    lines: Sequence[Line], prose: Sequence[Sentence], values: dict[str, str], script: Script, *, closing: bool
) -> Iterator[_Miss]:
    words = [word for sentence in prose for word in sentence.words]
    rule, where = (Rule.CLOSING, "closing") if closing else (Rule.OPENING, "opening")
    for line in lines:
        wordings = [filled(wording, values) for wording in line.wordings]
        patterns = [pattern_of(wording) for wording in wordings]
        if any(_stands(pattern, words, line.within_words, closing=closing) for pattern in patterns if pattern):
            continue
        some = " or ".join(f"“{wording}”" for wording in wordings[:3])
        elsewhere = Phrases(wordings).find(words)
        if elsewhere:
            found = elsewhere[-1 if closing else 0]
            start, end = words[found.first].start, words[found.last - 1].end
            side = "last" if closing else "first"
            detail = f"The {where} {some} is there, but not within the {side} {line.within_words} words."
            yield _Miss(rule, 1, detail, start, end)
            continue
        place = (prose[-1] if closing else prose[0]) if prose else None
        there = f": it {'ends' if closing else 'begins'} “{_quote(script, place)}”" if place else ""
        yield _Miss(rule, 1, f"The {where} {some} is missing{there}.", *((place.start, place.end) if place else ()))


def _stands(pattern: Sequence[str], words: Sequence[Word], within: int, *, closing: bool) -> bool:
    """Whether it begins within the first words, or ends within the last."""
    if not closing:
        return any(match_at(pattern, words, place) is not None for place in range(min(within, len(words))))
    return any(
        (end := match_at(pattern, words, place, longest=True)) is not None and len(words) - end <= within
        for place in range(max(0, len(words) - within - 8 * len(pattern)), len(words))
    )


def _said(brand: Brand, sentences: Sequence[Sentence], script: Script) -> Iterator[_Miss]:
    forbidden, preferred = Phrases(brand.forbidden), Phrases(brand.preferred)
    for sentence in sentences:
        for found in forbidden.find(sentence.words):
            start, end = sentence.words[found.first].start, sentence.words[found.last - 1].end
            why = brand.forbidden[found.phrase].strip()
            because = f": {why.rstrip('.')}." if why else "."
            yield _Miss(Rule.FORBIDDEN, 1, f"“{script.text[start:end]}” must not be said{because}", start, end)
        for found in preferred.find(sentence.words):
            start, end = sentence.words[found.first].start, sentence.words[found.last - 1].end
            instead = brand.preferred[found.phrase]
            yield _Miss(Rule.PREFERRED, 1, f"Say “{instead}” instead of “{script.text[start:end]}”.", start, end)


def _claims(brand: Brand, sentences: Sequence[Sentence], script: Script) -> Iterator[_Miss]:
    if brand.claims is None:
        return
    for start, end in unsourced(brand.claims, sentences, script.text):
        detail = f"“{script.text[start:end]}” needs a source: who says so, and where or when."
        yield _Miss(Rule.CLAIM, 1, detail, start, end)


def _reading(brand: Brand, prose: Sequence[Sentence]) -> Iterator[_Miss]:
    if brand.grade is None or _count(prose) < _JUDGED:
        return
    grade = grade_of(prose)
    miss = brand.grade.miss(grade)
    if miss > 0:
        side = "harder" if grade > brand.grade.high else "simpler"
        detail = (
            f"It reads at grade {grade:.1f} (Flesch-Kincaid), {side} than the {brand.grade.low:g} to"
            f" {brand.grade.high:g} that are asked for."
        )
        yield _Miss(Rule.READING, miss, detail)


def _lengths(brand: Brand, prose: Sequence[Sentence]) -> Iterator[_Miss]:
    if brand.longest is not None:
        for sentence in prose:
            length = len(sentence.words)
            if length > brand.longest:
                detail = f"The sentence has {length} words; the longest may have {brand.longest}."
                yield _Miss(Rule.SENTENCE, ceil(length / brand.longest - 1), detail, sentence.start, sentence.end)
    if brand.mean is not None and _count(prose) >= _JUDGED:
        mean = _count(prose) / len(prose)
        miss = brand.mean.miss(mean)
        if miss > 0:
            detail = (
                f"Its sentences have {mean:.1f} words on average; {brand.mean.low:g} to {brand.mean.high:g} are asked"
                " for."
            )
            yield _Miss(Rule.SENTENCE, miss, detail)


def _address(brand: Brand, prose: Sequence[Sentence], script: Script) -> Iterator[_Miss]:
    if brand.address is Address.ANY:
        return
    own = _unquoted(prose, script)
    you = [word for word in own if word.key in _YOU]
    we = [word for word in own if word.key in _WE]
    if brand.address is Address.NEITHER:
        for word in sorted((*you, *we), key=lambda word: word.start):
            said = script.text[word.start : word.end]
            yield _Miss(
                Rule.ADDRESS, 1, f"“{said}” speaks to the listener, which the show does not.", word.start, word.end
            )
        return
    if len(own) < _JUDGED:
        return
    meant, other = (you, we) if brand.address is Address.YOU else (we, you)
    rate = 1000 * len(meant) / len(own)
    if rate < _ADDRESSED:
        detail = (
            f"The listener should be spoken to as “{brand.address}”; that is said {len(meant)} times in"
            f" {len(own):,} words."
        )
        yield _Miss(Rule.ADDRESS, 2, detail)
    elif len(other) > len(meant):
        name = "we" if brand.address is Address.YOU else "you"
        detail = (
            f"The listener should be spoken to as “{brand.address}”; “{name}” is said more often,"
            f" {len(other)} times against {len(meant)}."
        )
        yield _Miss(Rule.ADDRESS, 1, detail)


def _unquoted(prose: Sequence[Sentence], script: Script) -> list[Word]:
    """The words that the show says itself; a quotation that is not closed ends with its sentence."""
    own: list[Word] = []
    for sentence in prose:
        depth, at = 0, sentence.start
        straight = False
        for word in sentence.words:
            for sign in script.text[at : word.start]:
                depth += (sign in _OPEN_QUOTES) - (sign in _CLOSE_QUOTES)
                straight ^= sign == '"'
            at = word.start
            if depth <= 0 and not straight:
                own.append(word)
    return own


def _pace(brand: Brand, words_per_minute: float | None) -> Iterator[_Miss]:
    if brand.pace is None or words_per_minute is None:
        return
    miss = brand.pace.miss(words_per_minute)
    # What rounds to the limit keeps it.
    if round(miss) > 0:
        side = "faster" if words_per_minute > brand.pace.high else "slower"
        detail = (
            f"It is spoken at {words_per_minute:.0f} words a minute, {side} than the {brand.pace.low:g} to"
            f" {brand.pace.high:g} that are asked for."
        )
        yield _Miss(Rule.PACE, miss / (_PACE_UNIT * words_per_minute), detail)


def _style(brand: Brand, sentences: Sequence[Sentence], script: Script) -> Iterator[_Miss]:
    judged = judge_style(brand.style, script, sentences) if brand.style else None
    if brand.style is None or judged is None or judged.excess <= 0:
        return
    traits = ", ".join(f"{name} {here:.0f} where {usual:.0f} is usual" for name, usual, here in judged.traits[:4])
    detail = f"It is not in the style of the {brand.style.samples} sample scripts" + (f": {traits}." if traits else ".")
    yield _Miss(Rule.STYLE, judged.excess / _STYLE_UNIT, detail)


def _count(prose: Sequence[Sentence]) -> int:
    return sum(len(sentence.words) for sentence in prose)


def _quote(script: Script, sentence: Sentence) -> str:
    words = sentence.words
    end = words[min(_QUOTED, len(words)) - 1].end
    return " ".join(script.text[words[0].start : end].split()) + ("…" if len(words) > _QUOTED else "")
