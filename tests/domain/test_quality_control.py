"""Charts, trends, bars, and what a random review proves: the rules of quality over time."""

import math
from dataclasses import replace
from random import Random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.domain.control import (
    LEARNED,
    Baseline,
    Chart,
    Judged,
    Point,
    Rule,
    Signal,
    control,
    judge,
)
from studio.domain.findings import Verdict
from studio.domain.histogram import MOST, histogram
from studio.domain.measures import SCALES, Check, Measure, line_of, series_of
from studio.domain.sampling import RandomReview, most_bad
from studio.domain.settings import Settings
from studio.domain.trend import Way, trend

USUAL = Baseline(0.0, 1.0)
CHECK = Check(
    episode_id=1,
    project_id=1,
    number=1,
    title="One",
    shown=True,
    at="2026-11-22T10:00:00.000Z",
    voice="builtin:heart",
    model="hibari-1",
    spoken_as='{"speed":1.0}',
    mastered_as="{}",
    ears="tiny.en",
    verdict=Verdict.PASS,
    characters=12_000,
    duration_s=600.0,
    expected_duration_s=600.0,
    word_accuracy=0.994,
    voice_consistency=0.95,
    brand_alignment=1.0,
    loudness_lufs=-16.0,
    true_peak_dbtp=-1.5,
    limited_db=0.5,
    findings=2,
)


def points(*scores: float) -> list[Point]:
    return [Point(score, 0.0) for score in scores]


def chart_of(*later: float) -> Chart:
    """A chart whose baseline has the centre 0 and the spread 1, and what came after it."""
    tenths = [(place - 12) / 6 for place in range(LEARNED)]
    spread = Baseline.of(tenths).spread
    return control([*points(*(score / spread for score in tenths)), *points(*later)])


def run_length(rng: Random, shift: float, rule: Rule, longest: int) -> int:
    """After how many points of a shifted series a rule speaks."""
    judged = judge(points(*(rng.gauss(shift, 1.0) for _ in range(longest))), USUAL)
    return next((number for number, each in enumerate(judged, start=1) if rule in each.rules), longest)


@pytest.mark.parametrize(
    ("rule", "shift", "expected", "longest", "runs"),
    [
        (Rule.DRIFT, 0.0, 381, 2000, 90),
        (Rule.DRIFT, 0.5, 34, 300, 300),
        (Rule.DRIFT, 1.0, 8.8, 80, 400),
        (Rule.DRIFT, 2.0, 2.7, 30, 400),
        (Rule.OUTLIER, 1.0, 42, 400, 200),
        (Rule.OUTLIER, 2.0, 6.3, 60, 400),
    ],
)
def test_average_run_lengths_are_those_of_the_books(
    rule: Rule, shift: float, expected: float, longest: int, runs: int
) -> None:
    rng = Random(7)
    lengths = [run_length(rng, shift, rule, longest) for _ in range(runs)]
    # Run lengths spread about as far as they are long: four standard errors either way.
    assert fmean(lengths) == pytest.approx(expected, rel=4 / math.sqrt(runs))


def test_hints_alone_cry_wolf_every_ninety_points() -> None:
    rng = Random(3)
    lengths = []
    for _ in range(100):
        judged = judge(points(*(rng.gauss(0, 1) for _ in range(700))), USUAL)
        lengths.append(next((n for n, each in enumerate(judged, 1) if each.rules - {Rule.DRIFT}), 700))
    assert fmean(lengths) == pytest.approx(93, rel=0.3)


def test_until_the_baseline_is_there_it_learns() -> None:
    assert (control([]).missing, control(points(*range(12))).missing) == (25, 13)
    learned = chart_of()
    assert learned.missing == 0
    assert learned.baseline is not None
    assert (learned.baseline.centre, learned.baseline.spread) == pytest.approx((0.0, 1.0))
    assert learned.signals == ()


@given(some.lists(some.floats(-50, 50), min_size=LEARNED, max_size=60))
def test_a_baseline_is_frozen(scores: list[float]) -> None:
    later = control(points(*scores))
    assert later.baseline == control(points(*scores[:LEARNED])).baseline
    assert len(later.judged) == len(scores) - LEARNED


def test_a_baseline_is_right_about_the_spread_on_average() -> None:
    rng = Random(11)
    spreads = [Baseline.of([rng.gauss(5, 2) for _ in range(LEARNED)]).spread for _ in range(500)]
    assert fmean(spreads) == pytest.approx(2.0, rel=0.05)


@given(some.lists(some.floats(-1e3, 1e3), min_size=LEARNED, max_size=LEARNED), some.floats(-1e6, 1e6))
def test_bad_points_do_not_spoil_a_baseline(scores: list[float], bad: float) -> None:
    spoilt = Baseline.of([*scores[:20], *([bad] * 5)])
    assert min(scores[:20]) <= spoilt.centre <= max(scores[:20])
    assert spoilt.spread <= 1.4826 * (max(scores[:20]) - min(scores[:20])) * 25 / 24.2 + 1e-6


@given(some.lists(some.floats(-8, 8), max_size=40), some.floats(0.1, 50), some.floats(-100, 100))
def test_unit_and_origin_of_a_scale_do_not_matter(later: list[float], unit: float, origin: float) -> None:
    scores = [point.score for point in chart_of(*later).points]
    moved = control(points(*(score * unit + origin for score in scores)))
    plain = control(points(*scores))
    assert [each.deviation for each in moved.judged] == pytest.approx(
        [each.deviation for each in plain.judged], abs=1e-6
    )


@given(some.lists(some.floats(-8, 8), max_size=40))
def test_up_and_down_are_alike(later: list[float]) -> None:
    up, down = chart_of(*later), chart_of(*(-each for each in later))
    mirrored = tuple(replace(signal, side=-signal.side) for signal in down.signals)
    assert [(s.rule, s.first, s.last) for s in up.signals if s.rule is Rule.OUTLIER] == [
        (s.rule, s.first, s.last) for s in mirrored if s.rule is Rule.OUTLIER
    ]


def test_a_small_shift_that_stays_is_a_drift_from_where_it_began() -> None:
    chart = chart_of(0.3, -0.2, 0.4, *([-1.5] * 10))
    (drift,) = chart.signals
    assert (drift.rule, drift.side, drift.lasting) == (Rule.DRIFT, -1, True)
    assert drift.first == LEARNED + 3
    assert drift.last == LEARNED + 12
    assert chart.hints == ()  # the drift says it all


def test_a_drift_that_is_over_has_an_end() -> None:
    first, second = chart_of(*([2.0] * 6), *([0.0] * 20), *([-2.0] * 6)).signals
    assert (first.side, first.lasting, second.side, second.lasting) == (1, False, -1, True)
    assert first.last < second.first


@given(some.floats(3.01, 1e9), some.sampled_from([1, -1]), some.integers(1, 10))
def test_one_ruined_episode_stands_out_and_is_no_drift(size: float, side: int, calm: int) -> None:
    chart = chart_of(*([0.0] * calm), side * size, *([0.0] * 20))
    place = LEARNED + calm
    assert chart.signals == (Signal(Rule.OUTLIER, place, place, side, lasting=False),)


def test_a_ruined_episode_after_two_poor_ones_is_still_no_drift() -> None:
    chart = chart_of(*([0.0] * 5), -1.2, -1.2, -30.0, *([0.0] * 10))
    assert [(signal.rule, signal.first) for signal in chart.signals] == [(Rule.OUTLIER, LEARNED + 7)]


def test_a_great_shift_is_a_drift_by_its_third_point() -> None:
    (signal,) = chart_of(*([0.0] * 10), *([-9.0] * 3)).signals
    assert (signal.rule, signal.first, signal.lasting) == (Rule.DRIFT, LEARNED + 10, True)


def test_eight_on_one_side_are_a_hint_only() -> None:
    chart = chart_of(*([0.4] * 8), 0.0)
    assert chart.signals == ()
    (hint,) = chart.hints
    assert (hint.rule, hint.first, hint.last) == (Rule.EIGHT_IN_A_ROW, LEARNED + 7, LEARNED + 7)


def test_a_series_without_any_spread_says_nothing_and_does_not_fail() -> None:
    chart = control(points(*([5.0] * 60), 6.0))
    assert chart.signals == ()
    assert all(each.deviation == 0 for each in chart.judged)


@given(some.lists(some.floats(-8, 8), max_size=60))
def test_every_signal_points_at_points(later: list[float]) -> None:
    chart = chart_of(*later)
    for signal in (*chart.signals, *chart.hints):
        assert LEARNED <= signal.first <= signal.last < len(chart.points)
        assert signal.lasting == (signal.last == len(chart.points) - 1)
    assert {signal.rule for signal in chart.signals} <= {Rule.DRIFT, Rule.OUTLIER}
    assert not {signal.rule for signal in chart.hints} & {Rule.DRIFT, Rule.OUTLIER}


def accuracies(*values: float, characters: int = 12_000) -> Chart:
    checks = [replace(CHECK, word_accuracy=value, characters=characters) for value in values]
    return control(SCALES[Measure.WORDS].points(checks))


def test_what_is_nearly_always_perfect_does_not_cry_at_one_wrong_word() -> None:
    perfect = [1.0] * LEARNED
    assert accuracies(*perfect, 1 - 1 / 2000).signals == ()
    assert accuracies(*perfect, 0.98).signals[0].rule is Rule.OUTLIER
    assert accuracies(*perfect, 1 - 1 / 100, characters=600).signals == ()  # of a short one it is one word


@given(some.lists(some.integers(100, 40_000), min_size=40, max_size=80))
def test_perfect_episodes_of_any_length_are_alike(lengths: list[int]) -> None:
    checks = [replace(CHECK, word_accuracy=1.0, characters=length) for length in lengths]
    assert control(SCALES[Measure.WORDS].points(checks)).signals == ()


@pytest.mark.parametrize("measure", Measure)
def test_scores_lead_back_to_what_was_measured(measure: Measure) -> None:
    scale = SCALES[measure]
    value = scale.read(replace(CHECK, expected_duration_s=590.0))
    assert value is not None
    assert scale.value(scale.score(value)) == pytest.approx(min(value, 0.995) if value == 1.0 else value)
    assert scale.noise(CHECK, scale.score(value)) > 0


@pytest.mark.parametrize("measure", Measure)
@given(share=some.floats(0, 1), duration=some.floats(0.1, 20_000), count=some.integers(0, 500))
@settings(max_examples=30)
def test_any_measurement_has_a_score(measure: Measure, share: float, duration: float, count: int) -> None:
    odd = replace(
        CHECK,
        word_accuracy=share,
        voice_consistency=share,
        brand_alignment=share,
        duration_s=duration,
        findings=count,
        characters=count,
    )
    (point,) = SCALES[measure].points([odd])
    assert math.isfinite(point.score)
    assert math.isfinite(point.noise)


def test_what_cannot_be_measured_is_no_point() -> None:
    nothing = replace(CHECK, expected_duration_s=None, word_accuracy=None, duration_s=0.0)
    for measure in (Measure.WORDS, Measure.LENGTH, Measure.FINDINGS):
        assert SCALES[measure].read(nothing) is None


def test_only_what_changes_a_measure_parts_its_series() -> None:
    louder = replace(CHECK, mastered_as='{"loudness_lufs":-14}')
    better_ears = replace(CHECK, ears="base")
    faster = replace(CHECK, spoken_as='{"speed":1.1}')
    for measure in Measure:
        of_sound = measure in {Measure.LOUDNESS, Measure.TRUE_PEAK, Measure.LIMITING}
        of_ears = measure in {Measure.WORDS, Measure.VOICE, Measure.FINDINGS}
        assert (series_of(CHECK, measure) != series_of(louder, measure)) is of_sound
        assert (series_of(CHECK, measure) != series_of(better_ears, measure)) is of_ears
        assert series_of(CHECK, measure) != series_of(faster, measure)


def test_lines_are_those_of_the_settings() -> None:
    usual = Settings()
    assert line_of(Measure.WORDS, usual).kept(0.94)
    assert not line_of(Measure.WORDS, usual).kept(0.9399)
    assert line_of(Measure.LOUDNESS, usual).kept(-16.1)
    assert not line_of(Measure.LOUDNESS, usual).kept(-16.11)
    assert not line_of(Measure.TRUE_PEAK, usual).kept(-0.9)
    assert line_of(Measure.FINDINGS, usual).kept(1e9)


@given(some.lists(some.floats(-1e4, 1e4), min_size=1, max_size=300), some.floats(-100, 100))
def test_every_value_is_in_one_bar_and_no_bar_lies_across_the_line(values: list[float], edge: float) -> None:
    bars = histogram(values, edge)
    assert sum(bars.counts) == len(values)
    assert bars.counts[0] > 0
    assert bars.counts[-1] > 0
    assert len(bars.counts) <= MOST + 2
    steps = (edge - bars.start) / bars.width
    assert steps == pytest.approx(round(steps), abs=1e-6, rel=1e-9)


def test_equal_values_make_one_bar() -> None:
    assert histogram([0.97] * 50, 0.94, 0.005).counts == (50,)
    assert histogram([]).counts == ()


def test_the_line_itself_is_on_its_good_side() -> None:
    bars = histogram([0.94, 0.939], 0.94, 0.01)
    assert bars.start + bars.width == pytest.approx(0.94)
    assert bars.counts == (1, 1)


@given(some.lists(some.floats(-100, 100), min_size=8, max_size=40, unique=True))
def test_a_sorted_series_rises_and_backwards_it_falls(values: list[float]) -> None:
    assert trend(sorted(values)).way is Way.RISING
    assert trend(sorted(values, reverse=True)).way is Way.FALLING


def test_chance_is_steady_and_few_values_say_nothing() -> None:
    rng = Random(5)
    ways = [trend([rng.gauss(0, 1) for _ in range(60)]).way for _ in range(200)]
    assert sum(way is not Way.STEADY for way in ways) <= 8  # one in a hundred is expected
    assert trend([1.0] * 50).way is Way.STEADY
    assert trend([1, 2, 3, 4]).way is Way.UNKNOWN
    assert trend([]).way is Way.UNKNOWN
    assert trend([place / 7 for place in range(5000)]).way is Way.RISING


@pytest.mark.parametrize(("passed", "share", "heard"), [(100, 0.24, 10), (500, 0.054, 50), (1000, 0.028, 100)])
def test_a_tenth_without_a_bad_one_proves_what_the_books_say(passed: int, share: float, heard: int) -> None:
    assert RandomReview(passed, heard, 0).most_bad / passed == pytest.approx(share)


@pytest.mark.parametrize(("passed", "samples"), [(100, 39), (500, 54), (1000, 56)])
def test_so_many_must_be_heard_to_claim_one_in_twenty(passed: int, samples: int) -> None:
    assert RandomReview(passed, 0, 0).needed(0.05) == samples
    assert RandomReview(passed, 10, 0).needed(0.05) == samples - 10


@given(some.integers(0, 60), some.data())
def test_the_bound_never_says_less_than_was_found_nor_more_than_there_is(passed: int, data: some.DataObject) -> None:
    heard = data.draw(some.integers(0, passed))
    bad = data.draw(some.integers(0, heard))
    bound = most_bad(passed, heard, bad)
    assert bad <= bound <= passed - (heard - bad)
    assert most_bad(passed, passed, bad) == bad  # all of them heard: nothing is left to chance
    if heard < passed:
        assert most_bad(passed, heard + 1, bad) <= bound


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="heard"):
        most_bad(10, 11, 0)


def test_judged_sides() -> None:
    assert Judged(0.0, 0.1, 1.0, frozenset()).side == 1
    assert Judged(0.0, -0.1, 1.0, frozenset()).side == -1
