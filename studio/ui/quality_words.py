"""How quality over time is said: measures, series, signals with what to do, and what the random review proves."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from studio.domain.control import LEARNED, Rule, Signal
from studio.domain.findings import percent
from studio.domain.measures import SCALES, Check, Line, Measure, Series
from studio.domain.sampling import RandomReview
from studio.domain.settings import option
from studio.domain.trend import Trend, Way
from studio.domain.voice import provider_name
from studio.domain.voiceprint import ENOUGH
from studio.engine.drift import Course
from studio.ui.wording import MINUS, NOTHING, clock_time, count_of, isolated, signed, voice_called

CLAIM: Final = 0.05  # what a random review should be able to prove: at most so many are bad

NAMES: Final = {
    Measure.WORDS: "Words heard",
    Measure.VOICE: "Voice consistency",
    Measure.BRAND: "Brand alignment",
    Measure.FINDINGS: "Findings a minute",
    Measure.LENGTH: "Length against expected",
    Measure.LOUDNESS: "Loudness",
    Measure.TRUE_PEAK: "True peak",
    Measure.LIMITING: "Limiting",
}
MEANINGS: Final = {
    Measure.WORDS: "The share of the script's words that were heard right",
    Measure.VOICE: "How far an episode sounds like the voice's accepted ones",
    Measure.BRAND: "100% less what the brand file takes off",
    Measure.FINDINGS: "How many things the checks found in a minute of sound, notes left out",
    Measure.LENGTH: "How much longer or shorter an episode is than its text should take",
    Measure.LOUDNESS: "Integrated loudness of the MP3 in LUFS",
    Measure.TRUE_PEAK: "The highest peak between the samples of the MP3 in dBTP",
    Measure.LIMITING: "The most that the limiter took off, on average over 100 ms, in dB",
}
_SUBJECTS: Final = {
    Measure.WORDS: ("Words heard by {}", "have"),
    Measure.VOICE: ("The voice consistency of {}", "has"),
    Measure.BRAND: ("The brand alignment of episodes by {}", "has"),
    Measure.FINDINGS: ("Findings a minute in episodes by {}", "have"),
    Measure.LENGTH: ("The length of episodes by {} against what was expected", "has"),
    Measure.LOUDNESS: ("The loudness of episodes by {}", "has"),
    Measure.TRUE_PEAK: ("The true peak of episodes by {}", "has"),
    Measure.LIMITING: ("What the limiter takes off episodes by {}", "has"),
}
_CURES: Final = {
    Measure.WORDS: "Hear one of them beside an earlier one. If the speech is worse, have it spoken anew, or with "
    "another model. If it is as good, the texts are harder: give new names and terms a pronunciation.",
    Measure.VOICE: "Hear one of them beside an earlier one. If the voice is another, its vendor may have changed it: "
    "choose voice and model anew before more is bought.",
    Measure.BRAND: "Look at what was taken off in the latest ones: the scripts have changed, or the brand file has.",
    Measure.FINDINGS: "Look at what is found in the latest ones. Many of one kind have one cause.",
    Measure.LENGTH: "Hear one of them for its pace. Speed and pauses are in the settings; a vendor may also have "
    "changed its model.",
    Measure.LOUDNESS: "Every master is held to its target, so a small shift does no harm. If it is too much, look at "
    "the loudness in the settings.",
    Measure.TRUE_PEAK: "Nothing is over the line that the settings allow, unless it is flagged. If it comes close, "
    "lower the highest true peak.",
    Measure.LIMITING: "The takes are peakier than before. Hear one of them for distortion; levelling in the settings "
    "evens them out.",
}
_RULES: Final = {
    Rule.TWO_OF_THREE: "two of three far from usual",
    Rule.FOUR_OF_FIVE: "four of five on one side",
    Rule.EIGHT_IN_A_ROW: "eight in a row on one side",
}
WAYS: Final = {
    Way.UNKNOWN: "too few to tell",
    Way.STEADY: "steady",
    Way.RISING: "rising",
    Way.FALLING: "falling",
}


def reading(measure: Measure, value: float) -> str:
    """A value with its unit."""
    match measure:
        case Measure.WORDS | Measure.VOICE | Measure.BRAND:
            return percent(value)
        case Measure.FINDINGS:
            return f"{value:.2f} a minute"
        case Measure.LENGTH:
            return f"{'+' if value >= 0 else MINUS}{abs(value) * 100:.1f}%"
        case Measure.LOUDNESS:
            return f"{signed(value, 2)} LUFS"
        case Measure.TRUE_PEAK:
            return f"{signed(value)} dBTP"
        case Measure.LIMITING:
            return f"{signed(value)} dB"


def tick(measure: Measure, value: float, step: float) -> str:
    """A value at an axis whose ticks are `step` apart, with no more digits than that needs."""
    if measure in {Measure.WORDS, Measure.VOICE, Measure.BRAND, Measure.LENGTH}:
        value, step = value * 100, step * 100
        unit = "%"
    else:
        unit = ""
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
    return f"{signed(value, digits)}{unit}"


def series_name(series: Series, every: Sequence[Series], voices: Mapping[str, str]) -> str:
    """A series as a person would tell it from the others: the voice, then whatever of it differs among them."""
    alike = [each for each in every if each.voice == series.voice]
    provider = series.voice.partition(":")[0]
    parts = [f"{voice_called(series.voice, voices)} ({provider_name(provider)})"]
    if len({each.model for each in alike}) > 1:
        parts.append(series.model)
    for field in ("spoken_as", "mastered_as"):
        own, others = _values(series, field), [_values(each, field) for each in alike]
        parts += [
            f"{option(key).label.lower()} {_said(value)}"
            for key, value in own.items()
            if any(other.get(key) != value for other in others)
        ]
        if not own and any(others):
            parts.append("earlier settings")
    if len({each.ears for each in alike}) > 1 and series.ears:
        parts.append(f"heard by {series.ears}")
    if series.since:
        parts.append(f"from {clock_time(series.since)}")
    elif any(each.since for each in alike if replace(each, since="") == series):
        parts.append("before it was learned anew")
    return " · ".join(parts)


def voice_words(series: Series, voices: Mapping[str, str]) -> str:
    """The voice in quotation marks."""
    return f"“{voice_called(series.voice, voices)}”"


def state_words(course: Course) -> str:
    """How far the chart is: learning, quiet, or what it says now."""
    if course.chart.baseline is None:
        return f"Learning, {len(course.values)} of {LEARNED}"
    on = [signal for signal in course.chart.signals if signal.lasting]
    if any(signal.rule is Rule.DRIFT for signal in on):
        better = all(is_good(course, signal) for signal in on)
        said = "Better than usual" if better else "Drifting"
    else:
        said = "The last one stands out" if on else "As usual"
    return f"{said} · learning anew, {course.renewed} of {LEARNED}" if course.renewal is not None else said


BASELINE_MEANS: Final = (
    f"The first {LEARNED} episodes of a voice, spoken and heard in one way, say what is usual: their median, and how "
    "far they spread about it. That stays as it is until you have it learned anew; what comes later is held against it."
)


def renewal_offer(course: Course) -> tuple[str, str]:
    """What the button beside a chart says, and what it explains."""
    if course.renewal is None:
        return "Learn anew…", "Where a voice has changed for good: take later episodes for what is usual of it"
    missing = count_of(LEARNED - course.renewed, "more episode")
    return "Keep the old baseline", f"It holds until {missing} {'is' if missing == '1 more episode' else 'are'} checked"


def renewal_means(course: Course, voice: str) -> str:
    """What learning anew comes to, before it is asked for."""
    first = next((check for check in course.checks if course.turn and check.at >= course.turn), None)
    which = f"from {_number(first)} on, where the drift began," if first else "that are checked from now on"
    return (
        f"The episodes {which} become what is usual of {voice}, in every measure. Until {LEARNED} of them are checked, "
        f"and {ENOUGH} accepted, the old baseline holds, and nothing is deleted."
    )


def no_signals(course: Course) -> str:
    """What is said where the chart shows nothing."""
    if course.chart.baseline is None:
        missing = count_of(course.chart.missing, "more episode")
        return f"What is usual is still being learned. After {missing} this says what has changed, and what to do."
    return (
        "Nothing has changed: every episode is within what chance explains. (About once in a hundred episodes chance "
        "alone says otherwise.)"
    )


def missing_words(measure: Measure) -> str:
    """What is said where nothing has this measure."""
    if measure is Measure.BRAND:
        return "No episode was held against a brand file. Choose one in the settings, under Brand."
    return "No episode has this measure yet."


def sentence(course: Course, signal: Signal, voice: str, of_project: str = "", of_last: str = "") -> str:
    """A signal in words. `of_project` and `of_last` name the projects of its first and last episode, if others."""
    measure, first = course.measure, course.checks[signal.first]
    since = f"episode {_number(first)}{of_project}"
    if signal.rule is Rule.OUTLIER:
        low, high = course.usual[signal.first]
        value = reading(measure, course.values[signal.first])
        between = f"{reading(measure, low)} to {reading(measure, high)}"
        return f"{since[:1].upper()}{since[1:]} stands out: {_plain(measure)} {value}, where {between} is usual."
    subject, verb = _SUBJECTS[measure]
    way = f"drifted {'up' if signal.side > 0 else 'down'}"
    now = reading(measure, median(course.values[signal.first : signal.last + 1]))
    before = reading(measure, centre(course))
    if signal.lasting:
        return f"{subject.format(voice)} {verb} {way} since {since}: {now} against {before}."
    last = f"{_number(course.checks[signal.last])}{of_last}"
    return f"{subject.format(voice)} had {way} from {since} to {last}: {now} against {before}. That is over."


def cure(course: Course, signal: Signal) -> str:
    """What to do about a signal."""
    if is_good(course, signal):
        return "It is better than before, so nothing needs to be done."
    if signal.rule is Rule.OUTLIER:
        return "Hear this one. If it is fine, nothing else needs to be done."
    return (
        _CURES[course.measure] if signal.lasting else "Nothing needs to be done now; hear one if you want to know why."
    )


def is_good(course: Course, signal: Signal) -> bool:
    """Whether a signal says that something is better than usual."""
    return signal.side == SCALES[course.measure].better


def hint_words(hints: Sequence[Signal]) -> str:
    """What the rules of Western Electric point at; empty where they are silent."""
    if not hints:
        return ""
    kinds = ", ".join(_RULES[rule] for rule in _RULES if any(hint.rule is rule for hint in hints))
    return f"{count_of(len(hints), 'hint')} (hollow marks: {kinds}). Chance alone makes one in about 90 episodes."


def centre(course: Course) -> float:
    """What is usual."""
    assert course.chart.baseline is not None  # noqa: S101  (signals and limits come with a baseline only)
    return SCALES[course.measure].value(course.chart.baseline.centre)


def point_words(course: Course, place: int) -> str:
    """One point: the episode, the value, and how unusual it is."""
    check, value = course.checks[place], course.values[place]
    said = f"{_number(check)} {isolated(check.title)}\n{NAMES[course.measure]}: {reading(course.measure, value)}"
    if course.chart.baseline is None or place < LEARNED:
        return f"{said}\nOne of the {LEARNED} that the baseline is learned from"
    judged = course.chart.judged[place - LEARNED]
    return (
        f"{said}\n{abs(judged.deviation):.1f} standard deviations {'above' if judged.deviation > 0 else 'below'} usual"
    )


def line_words(measure: Measure, line: Line) -> str:
    """What the settings hold a measure against; empty where that is nothing."""
    ends = [reading(measure, end).replace(".0%", "%") for end in (line.least, line.most) if end is not None]
    return " to ".join(ends)


def under_words(values: Sequence[float], measure: Measure, line: Line) -> str:
    """How many miss the line."""
    if not values:
        return "Nothing in this project has this measure yet."
    asked = line_words(measure, line)
    if not asked:
        return f"{count_of(len(values), 'episode')}. The settings hold this against no line."
    missed = sum(not line.kept(value) for value in values)
    if line.least is not None and line.most is not None:
        bad = f"outside {asked}"
    else:
        side = "under" if line.most is None else "over"
        bad = f"{side} the line of {asked}"
    if not missed:
        return f"None of {count_of(len(values), 'episode')} is {bad}."
    return f"{missed:,} of {len(values):,} {'is' if missed == 1 else 'are'} {bad}."


def review_words(review: RandomReview | None) -> str:
    """What the random review proves, and what would prove more."""
    if review is None:
        return "Nothing has passed yet, so there is nothing to prove by random review."
    if not review.heard:
        more = count_of(review.needed(CLAIM), "episode")
        return (
            f"Of {count_of(review.passed, 'passed episode')} none was heard at random yet: the checks alone vouch for "
            f"them. {more[:1].upper()}{more[1:]} heard without a bad one would prove that at most {CLAIM:.0%} are bad."
        )
    found = "none was bad" if not review.bad else f"{count_of(review.bad, 'was', 'were')} bad"
    bound = review.most_bad
    were = "was" if review.heard == 1 else "were"
    said = (
        f"{review.heard:,} of {count_of(review.passed, 'passed episode')} {were} heard at random and {found}. "
        f"That proves, at 95%, that at most {bound:,} ({bound / review.passed:.1%}) are bad."
    )
    more_needed = review.needed(CLAIM)
    if bound <= CLAIM * review.passed or review.heard + more_needed >= review.passed:
        return said
    return f"{said} {count_of(more_needed, 'more', 'more')} without a bad one would prove at most {CLAIM:.0%}."


def trend_words(measure: Measure, found: Trend) -> str:
    """Where the values of a project go."""
    if found.way in {Way.UNKNOWN, Way.STEADY}:
        return WAYS[found.way]
    scale = SCALES[measure]
    first, last = (reading(measure, scale.value(score)) for score in (found.first, found.last))
    return f"{WAYS[found.way]}, {first} → {last}"


def _plain(measure: Measure) -> str:
    name = NAMES[measure]
    return name[:1].lower() + name[1:]


def _number(check: Check) -> str:
    return f"{check.number:03d}"


def _values(series: Series, field: str) -> dict[str, object]:
    kept = getattr(series, field)
    return dict(json.loads(kept)) if kept else {}


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) or NOTHING
