"""Words that a voice reads wrongly however often it speaks them: they need a pronunciation, and no retakes."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from studio.domain.findings import Finding, FindingKind, Severity

SAME_WAY: Final = 2  # speakings in which a word was heard the same wrong way, until that is systematic
ANY_WAY: Final = 3  # the same where it was heard wrongly each time another way
_ALIKE: Final = 0.75  # how like each other two spellings of the ears must be to be the same sound
_LONGEST: Final = 3  # words; in a longer passage it is not known which word was heard as what
_SHORTEST: Final = 3  # letters; what is shorter is misheard by chance
_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Misreading:
    """A word as the script has it, and what was heard for it."""

    word: str
    said: str


@dataclass(frozen=True, slots=True)
class Stubborn:
    """A word that is misread systematically: what was heard for it, most often first, in so many speakings."""

    word: str
    said: tuple[str, ...]
    times: int

    @property
    def cure(self) -> str:
        """What a person may put into the pronunciations."""
        return f"{self.word}=SPOKEN"

    @property
    def detail(self) -> str:
        """What to do about it, as a finding says it."""
        heard = " or ".join(f"“{each}”" for each in self.said[:2])
        return (
            f"“{self.word}” was heard as {heard} in {self.times} speakings of it and never right, so it is not spoken"
            f" anew again. If it is said wrongly, say how it is spoken: add {self.cure} to “Pronunciations” in"
            " the settings, or to the pronunciations of the brand file, and have it spoken anew."
        )


def word_to_pronounce(finding: Finding) -> str:
    """The word of which a finding says that only a pronunciation can cure it; empty for any other finding."""
    return finding.script if finding.script and f"{finding.script}=SPOKEN" in finding.detail else ""


def misreadings(script: str, said: str) -> tuple[Misreading, ...]:
    """The words that differ in a misread passage. None where it is too long to say which word was heard as what."""
    meant, heard = _WORD.findall(script), _WORD.findall(said)
    while meant and heard and meant[0].casefold() == heard[0].casefold():
        del meant[0], heard[0]
    while meant and heard and meant[-1].casefold() == heard[-1].casefold():
        del meant[-1], heard[-1]
    if not meant or not heard or len(meant) > _LONGEST:
        return ()
    if len(meant) != len(heard):
        meant = [word for word in meant if word[0].isupper()] or meant  # it is the name that was too hard
    if len(meant) == len(heard):
        pairs = [(word, other) for word, other in zip(meant, heard, strict=True) if word.casefold() != other.casefold()]
    else:
        pairs = [(" ".join(meant), " ".join(heard))]
    return tuple(Misreading(word, other) for word, other in pairs if len(word) >= _SHORTEST)


def stubborn(speakings: Iterable[Misreading], right: Container[str]) -> dict[str, Stubborn]:
    """The systematic ones among misreadings of different speakings, by the word in lower case.

    A word is one when it was heard the same wrong way twice, or wrongly three times, and is not among those in `right`
    (in lower case): a voice that has said it well can do so again.
    """
    by_word: dict[str, list[Misreading]] = defaultdict(list)
    for each in speakings:
        if each.word.casefold() not in right:
            by_word[each.word.casefold()].append(each)
    found = {}
    for key, cases in by_word.items():
        ways: list[list[str]] = []
        for case in cases:
            for way in ways:
                if _alike(way[0], case.said):
                    way.append(case.said)
                    break
            else:
                ways.append([case.said])
        ways.sort(key=len, reverse=True)
        if len(ways[0]) >= SAME_WAY or len(cases) >= ANY_WAY:
            found[key] = Stubborn(cases[0].word, tuple(way[0] for way in ways), len(cases))
    return found


def plain(word: str) -> str:
    """A word as `stubborn` compares it: lower case, without the marks around it."""
    found = _WORD.findall(word)
    return " ".join(found).casefold()


def is_misread(finding: Finding) -> bool:
    """Whether a finding says, of a place, that words were read as others."""
    return (
        finding.kind is FindingKind.MISREAD_WORDS
        and finding.severity is not Severity.NOTE
        and finding.start_s is not None
        and bool(finding.script and finding.said)
    )


def needs_pronunciation(finding: Finding, known: Mapping[str, Stubborn]) -> bool:
    """Whether all that is wrong in a finding are words that are misread systematically."""
    words = misreadings(finding.script, finding.said) if is_misread(finding) else ()
    return bool(words) and all(each.word.casefold() in known for each in words)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= _ALIKE
