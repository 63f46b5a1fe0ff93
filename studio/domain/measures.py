"""What is measured of every episode that is checked, on which scale chance is even, and what belongs to one series."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final

from studio.domain.control import LEARNED, Baseline, Point
from studio.domain.findings import Verdict
from studio.domain.settings import Settings

CHARACTERS_A_WORD: Final = 6.0  # of English prose, with the space


class Measure(StrEnum):
    """What a chart is about."""

    WORDS = "words"
    VOICE = "voice"
    BRAND = "brand"
    FINDINGS = "findings"
    LENGTH = "length"
    LOUDNESS = "loudness"
    TRUE_PEAK = "true_peak"
    LIMITING = "limiting"


@dataclass(frozen=True, slots=True)
class Check:
    """What the checks measured on one take, as it was first spoken: before anything in it was mended.

    Mended takes would hide what happens to the voice. `spoken_as` and `mastered_as` tell settings apart; they are empty
    where the voice knows none, or nothing is known. `word_accuracy`, `voice_consistency` and `brand_alignment` are
    shares, `findings` counts all but notes, `limited_db` is what the limiter took off. `shown` is false for an episode
    that was taken out of its project.
    """

    episode_id: int
    project_id: int
    number: int
    title: str
    shown: bool
    at: str  # when it was checked: UTC, ISO 8601
    voice: str
    model: str
    spoken_as: str
    mastered_as: str
    ears: str
    verdict: Verdict
    characters: int
    duration_s: float
    expected_duration_s: float | None
    word_accuracy: float | None
    voice_consistency: float | None
    brand_alignment: float | None
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    limited_db: float
    findings: int


@dataclass(frozen=True, slots=True)
class Series:
    """Checks that may be compared: one voice and model, spoken, mastered and heard in one way.

    `since` is when what is usual was to be learned anew; empty from the beginning.
    """

    voice: str
    model: str
    spoken_as: str
    mastered_as: str
    ears: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A person's word that what is usual of a voice and model is to be learned anew, from what was checked `since`."""

    id: int
    voice: str
    model: str
    since: str  # UTC, ISO 8601


def series_of(check: Check, measure: Measure) -> Series:
    """The series of a check. What cannot change a measure does not part its series.

    How it was mastered says nothing about the words, and who heard it nothing about the loudness.
    """
    of_sound = measure in _OF_SOUND
    return Series(
        check.voice,
        check.model,
        check.spoken_as,
        check.mastered_as if of_sound else "",
        "" if of_sound or measure in {Measure.LENGTH, Measure.BRAND} else check.ears,
    )


_OF_SOUND: Final = frozenset({Measure.LOUDNESS, Measure.TRUE_PEAK, Measure.LIMITING})


@dataclass(frozen=True, slots=True)
class Scale:
    """How a measure is read, and turned into scores and back.

    `better` is 1 where more is better, -1 where less is, 0 where both ways are worse. `noise` is the standard deviation
    of a score that measuring alone gives, for a check and the usual score.
    """

    better: int
    read: Callable[[Check], float | None]
    score: Callable[[float], float]
    value: Callable[[float], float]
    noise: Callable[[Check, float], float]

    def points(self, checks: Sequence[Check]) -> list[Point]:
        """The scores of checks that have this measure, all of them."""
        scores = [self.score(value) for check in checks if (value := self.read(check)) is not None]
        usual = median(scores[:LEARNED]) if scores else 0.0  # of which the noise may depend
        return [Point(score, self.noise(check, usual)) for check, score in zip(checks, scores, strict=True)]

    def at(self, baseline: Baseline, point: Point, deviations: float) -> float:
        """What the measure reads at so many standard deviations from the centre, at the place of a point."""
        return self.value(baseline.centre + deviations * baseline.spread_at(point))


def _logit(least: float) -> Callable[[float], float]:
    """The log odds. Closer to 0 or 1 than `least` nothing is told apart: all that is perfect is equally so."""

    def score(share: float) -> float:
        kept = min(1 - least, max(least, share))
        return math.log(kept / (1 - kept))

    return score


def _share(score: float) -> float:
    return 1 / (1 + math.exp(-score)) if score > -700 else 0.0


def _of_words(check: Check, usual: float) -> float:
    """Of so many words, each wrong by chance: the binomial standard deviation of the log odds."""
    right = _share(usual)
    return 1 / math.sqrt(max(1.0, check.characters / CHARACTERS_A_WORD) * right * (1 - right) + 0.5)


def _off(check: Check) -> float | None:
    expected = check.expected_duration_s
    return check.duration_s / expected - 1 if expected and check.duration_s > 0 else None


def _always(noise: float) -> Callable[[Check, float], float]:
    """The same for every check: what nobody could hear, or the meters cannot tell apart."""
    return lambda _check, _usual: noise


def _same(value: float) -> float:
    return value


SCALES: Final[dict[Measure, Scale]] = {
    Measure.WORDS: Scale(1, lambda check: check.word_accuracy, _logit(0.001), _share, _of_words),
    Measure.VOICE: Scale(1, lambda check: check.voice_consistency, _logit(0.005), _share, _always(0.3)),
    Measure.BRAND: Scale(1, lambda check: check.brand_alignment, _logit(0.005), _share, _always(0.3)),
    # Counts over a time: the root makes their chance even, with half of one over the root of the minutes.
    Measure.FINDINGS: Scale(
        -1,
        lambda check: check.findings / (check.duration_s / 60) if check.duration_s > 0 else None,
        math.sqrt,
        lambda score: max(0.0, score) ** 2,
        lambda check, _usual: 0.5 / math.sqrt(check.duration_s / 60),
    ),
    Measure.LENGTH: Scale(0, _off, math.log1p, math.expm1, _always(0.005)),
    Measure.LOUDNESS: Scale(0, lambda check: check.loudness_lufs, _same, _same, _always(0.03)),
    Measure.TRUE_PEAK: Scale(-1, lambda check: check.true_peak_dbtp, _same, _same, _always(0.05)),
    Measure.LIMITING: Scale(-1, lambda check: check.limited_db, _same, _same, _always(0.2)),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What a project's settings hold a measure against: the least, the most, or both that are still good."""

    least: float | None = None
    most: float | None = None

    def kept(self, value: float) -> bool:
        """Whether a value is on the good side. What is shown as equal is equal."""
        above = self.least is None or value >= self.least - 1e-9
        return above and (self.most is None or value <= self.most + 1e-9)


def line_of(measure: Measure, settings: Settings) -> Line:
    """The line of a measure; without ends where there is none."""
    target, tolerance = settings.loudness_lufs, settings.loudness_tolerance_lu
    lines = {
        Measure.WORDS: Line(least=settings.word_accuracy),
        Measure.VOICE: Line(least=settings.voice_consistency),
        Measure.BRAND: Line(least=settings.brand_alignment),
        Measure.LENGTH: Line(-settings.duration_tolerance, settings.duration_tolerance),
        Measure.LOUDNESS: Line(target - tolerance, target + tolerance),
        Measure.TRUE_PEAK: Line(most=settings.max_true_peak_dbtp),
        Measure.LIMITING: Line(most=settings.loudness_target.most_limiting_db),
    }
    return lines.get(measure, Line())
