"""Which words is the voice likely to misread: names, acronyms and foreign words that its dictionary does not have."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from studio.content.check_characters import is_broken
from studio.content.subject import Subject
from studio.domain.findings import Severity
from studio.domain.script_report import Check, Cure, ScriptFinding
from studio.domain.spoken import SpokenWord
from studio.engine.authoring import KnownWords

_LISTED: Final = 30  # words that are listed one by one, most frequent first
_SHORTEST: Final = 4  # letters: shorter ones are guessed right
_MANY: Final = 25  # different words from which a person should listen before all of it is bought
_MANY_SHARE: Final = 0.02  # and so many of all words

_POSSESSIVE: Final = re.compile(r"['’]s?$")
_CAMEL: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PREFIXES: Final = (  # noqa: SIM905  (read as prose)
    "counter under inter super trans ultra extra multi micro after where there over fore self semi anti auto back"
    " down half mis non out pre sub dis bio geo un re in co de be up"
).split()
_SUFFIXES: Final = (  # noqa: SIM905  (read as prose)
    "iness ingly ied ier iest ily ality fully ness less like ship hood wise ward fold able ible ment some tion ally"
    " dom ful ish ism ist ers est ize ise ity age ly er or en al ic y st th"
).split()


@dataclass(slots=True)
class _Word:
    """A word that the voice does not know, and where it stands."""

    written: str
    places: list[tuple[int, int]] = field(default_factory=list)


def check_misreading(subject: Subject, knows: KnownWords) -> Iterator[ScriptFinding]:
    """Each such word once, at its first place. What the pronunciations list is known. Of English only."""
    unknown: dict[str, _Word] = {}
    seen: dict[str, bool] = {}
    words = 0
    for word in _words(subject):
        words += 1
        key = word.text
        if key not in seen:
            seen[key] = _sure(key, knows)
        if not seen[key] and not word.also and not is_broken(subject.text, word.start, word.end):
            base = _POSSESSIVE.sub("", key)
            unknown.setdefault(base.casefold(), _Word(base)).places.append((word.start, word.end))
    order = sorted(unknown.values(), key=lambda each: (-len(each.places), each.places[0]))
    for each in order[:_LISTED]:
        times = f" ({len(each.places)} times)" if len(each.places) > 1 else ""
        guess = _proposal(each.written)
        detail = f"“{each.written}”{times} is not in the dictionary; the voice will guess how it is said."
        cure = Cure(f"Say “{guess}”", pronounce=(each.written, guess)) if guess else None
        yield ScriptFinding(Check.MISREADING, Severity.NOTE, detail, *each.places[0], cure)
    times_all = sum(len(each.places) for each in order)
    if len(order) > _LISTED or (len(order) > _MANY and times_all > _MANY_SHARE * words):
        severity = Severity.REVIEW if len(order) > _MANY and times_all > _MANY_SHARE * words else Severity.NOTE
        detail = (
            f"{len(order)} words are not in the dictionary, {times_all} of the {words:,} that are said. Listen to the"
            " names that matter before it is bought."
        )
        yield ScriptFinding(Check.MISREADING, severity, detail)


def _words(subject: Subject) -> Iterator[SpokenWord]:
    for utterance in subject.job.spoken.utterances:
        yield from utterance.words


def _sure(word: str, knows: KnownWords) -> bool:
    """Whether it is known, too short to go wrong, or made of known words in a way that English makes them."""
    word = _POSSESSIVE.sub("", word)
    if len(word) < _SHORTEST or not word.isalpha() or knows(word):
        return True
    if word.isupper():
        return not _could_be_a_word(word)
    plain = _without_accents(word)
    if plain != word:
        return knows(plain)
    if word[1:].lower() != word[1:]:  # PyTorch, MacLeod
        parts = _CAMEL.findall(word)
        return len(parts) > 1 and all(knows(part) for part in parts)
    return _made_of_known(word.lower(), knows)


def _could_be_a_word(acronym: str) -> bool:
    """Whether one would try to say it as a word: “SCADA”, and not “HTTPS”."""
    vowels = sum(letter in "AEIOU" for letter in acronym)
    return len(acronym) >= _SHORTEST and vowels >= 2 and not re.search("[^AEIOUY]{3}|[AEIOUY]{3}", acronym)


def _made_of_known(word: str, knows: KnownWords) -> bool:
    stems = {word}
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            stem = word[: -len(suffix)]
            stems |= {stem, f"{stem}e", f"{stem}y"}
            if stem[-1] == stem[-2]:
                stems.add(stem[:-1])
    for prefix in _PREFIXES:
        stems |= {
            stem[len(prefix) :] for stem in tuple(stems) if stem.startswith(prefix) and len(stem) - len(prefix) > 2
        }
    if any(knows(stem) for stem in stems - {word}):
        return True
    return any(knows(word[:cut]) and knows(word[cut:]) for cut in range(3, len(word) - 2))


def _proposal(written: str) -> str:
    """How it is probably said, where its spelling tells: by its letters, or by its parts."""
    if written.isupper():
        return " ".join(written)
    parts = _CAMEL.findall(written)
    if len(parts) > 1 and "".join(parts) == written:
        return " ".join(parts)
    return ""


def _without_accents(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
