"""How long an episode should be: the pace of a voice and model, learned from accepted episodes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from studio.domain.extent import Extent, extent_of
from studio.domain.spoken import Utterance

ENOUGH: Final = 5  # accepted episodes before a wrong length counts as more than a note
LEARNED_FROM: Final = 200  # the newest of them; more teach nothing new

# Characters a second without pauses, and seconds that a mark within a sentence takes. Of builtin:heart both are
# measured, on 734 sentences. Any other voice starts from the usual narration pace of 150 to 160 words a minute, and
# takes a breath after each sentence.
FIRST_GUESS: Final = {"builtin:heart": 18.8}
NARRATION: Final = 16.1
_BREATH_S: Final = 0.2
_MARK_S: Final = 0.2
_BUILT_IN: Final = "builtin:"

# How far from the first guess a voice may be, as standard deviations: the share of its pace, then seconds a sentence,
# seconds a mark, and the share of the asked-for pauses that is kept. The built-in voice is given its pauses by us.
_SPREAD: Final = (0.3, 0.2, 0.05, 0.3)
_SPREAD_BUILT_IN: Final = (0.1, 0.02, 0.05, 0.02)
_NOISE: Final = 0.03  # of its length, that an episode differs from the best fit

# A complete body is between these shares of its expected length: wide before the voice is known (10 to 25 characters a
# second), closer afterwards. What lies outside is not the whole text, or more than it.
_WIDE: Final = (0.6, 1.6)
_KNOWN: Final = (0.8, 1.25)
_SLACK_S: Final = 1.5  # for what begins and ends every body: that makes it longer
_HASTE_S: Final = 0.5  # a few words are soon said


@dataclass(frozen=True, slots=True)
class SpeakingRate:
    """The pace of a voice, and from how many accepted episodes it is known.

    `characters_per_s` are those of `Extent`; every sentence takes `sentence_s` more, every mark within one `mark_s`; of
    the pauses that the script asks for the share `pause_share` is kept.
    """

    characters_per_s: float
    episodes: int
    sentence_s: float = 0.0
    mark_s: float = 0.0
    pause_share: float = 1.0

    @property
    def learned(self) -> bool:
        """Whether a length outside of the tolerance is to be believed."""
        return self.episodes >= ENOUGH

    def expected_s(self, extent: Extent) -> float:
        """The expected length in seconds."""
        return self.spoken_s(extent) + self.pause_share * extent.pauses_s

    def spoken_s(self, extent: Extent) -> float:
        """The same without the pauses that the script asks for."""
        spoken = extent.characters / self.characters_per_s
        return spoken + self.sentence_s * extent.sentences + self.mark_s * extent.marks


Sample: TypeAlias = tuple[Extent, float]
"""What an accepted episode gave the voice to do, and how many seconds that took."""


def first_guess(voice: str, speed: float) -> SpeakingRate:
    """The pace to go by while nothing was accepted of this voice."""
    breath_s = 0.0 if voice.startswith(_BUILT_IN) else _BREATH_S
    pace = FIRST_GUESS.get(voice, NARRATION) * speed
    return SpeakingRate(pace, 0, sentence_s=breath_s / speed, mark_s=_MARK_S / speed)


def learned_rate(voice: str, speed: float, samples: Sequence[Sample]) -> SpeakingRate:
    """The pace that explains the accepted episodes best, without leaving the first guess for a few of them.

    Weighted least squares on relative errors, drawn to the first guess (ridge regression with a prior: Bishop, Pattern
    Recognition and Machine Learning, 2006, section 3.3).
    """
    guess = first_guess(voice, speed)
    if not samples:
        return guess
    prior = (1 / guess.characters_per_s, guess.sentence_s, guess.mark_s, guess.pause_share)
    pace, *rest = _SPREAD_BUILT_IN if voice.startswith(_BUILT_IN) else _SPREAD
    trust = [1 / spread**2 for spread in (pace * prior[0], *rest)]
    left = [[trust[row] if row == column else 0.0 for column in range(4)] for row in range(4)]
    right = [weight * value for weight, value in zip(trust, prior, strict=True)]
    for extent, seconds in samples:
        weight = 1 / (_NOISE * seconds) ** 2
        row = (extent.characters, extent.sentences, extent.marks, extent.pauses_s)
        for one, first in enumerate(row):
            right[one] += weight * first * seconds
            for other, second in enumerate(row):
                left[one][other] += weight * first * second
    character_s, sentence_s, mark_s, share = _solved(left, right)
    # Nothing takes less than no time, whatever odd lengths were accepted.
    character_s = max(character_s, prior[0] / 4)
    return SpeakingRate(1 / character_s, len(samples), max(sentence_s, 0.0), max(mark_s, 0.0), max(share, 0.0))


def plausible(rate: SpeakingRate, utterances: Iterable[Utterance]) -> tuple[float, float]:
    """The shortest and the longest that a body with these utterances may be, in seconds."""
    extent = extent_of(utterances)
    low, high = _KNOWN if rate.learned else _WIDE
    spoken_s = rate.spoken_s(extent)
    return max(0.0, low * spoken_s - _HASTE_S), high * (spoken_s + extent.pauses_s) + _SLACK_S


def _solved(left: list[list[float]], right: list[float]) -> list[float]:
    """Solve `left` x = `right` by elimination; `left` is symmetric and positive definite, so that no pivot is zero."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(left, right, strict=True)]
    for pivot in range(size):
        for below in range(pivot + 1, size):
            factor = rows[below][pivot] / rows[pivot][pivot]
            rows[below] = [mine - factor * its for mine, its in zip(rows[below], rows[pivot], strict=True)]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (rows[row][size] - known) / rows[row][row]
    return found
