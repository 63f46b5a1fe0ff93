"""Where a script says the same again and again: refrains, litanies, countdowns, drills, chants.

Ears that hear such a passage in one go guess how often it was said, and what comes next, from what they heard before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from studio.domain.spoken import SpokenForm, Utterance

_NEAR: Final = 4  # sentences further on, at most: a verse
_ALIKE: Final = 0.6  # of the words
_SHORT: Final = 3  # words; of such sentences in a row the ears hear what they expect
_ALONE: Final = 1  # other between two that are alike: a petition before its response
_LEAST: Final = 4  # sentences; of fewer they do not lose count


@dataclass(frozen=True, slots=True)
class Refrain:
    """Sentences number `first` to `last` (exclusive)."""

    first: int
    last: int


def refrains(spoken: SpokenForm) -> list[Refrain]:
    """The passages of a script in which most sentences are like one nearby, in order."""
    texts = [plain(utterance) for utterance in spoken.utterances]
    runs: list[list[int]] = []
    for index in range(len(texts)):
        if not _has_like(texts, index):
            continue
        if runs and index - runs[-1][-1] <= 1 + _ALONE:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [Refrain(run[0], run[-1] + 1) for run in runs if len(run) >= _LEAST]


def plain(utterance: Utterance) -> tuple[str, ...]:
    """The words of a sentence without marks and capitals."""
    return tuple("".join(filter(str.isalnum, word.text)).lower() for word in utterance.words)


def _has_like(texts: Sequence[tuple[str, ...]], index: int) -> bool:
    own = texts[index]
    if not own:
        return False
    for other in range(max(0, index - _NEAR), min(len(texts), index + _NEAR + 1)):
        if other == index or not texts[other]:
            continue
        both_short = abs(other - index) == 1 and max(len(own), len(texts[other])) <= _SHORT
        if both_short or Levenshtein.normalized_similarity(own, texts[other]) >= _ALIKE:
            return True
    return False
