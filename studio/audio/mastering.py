"""From a take to the MP3 that is shipped, at the loudness that was asked for, as measured on that MP3."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from studio.audio import peaks
from studio.audio.analysis import Analysis, analyse
from studio.audio.chain import Chain, Plan
from studio.audio.encode import Mp3Writer
from studio.audio.leveller import Fader
from studio.audio.samples import Samples
from studio.audio.survey import Level, Survey
from studio.domain.errors import AudioError
from studio.engine.jobs import MasterJob, MasterResult
from studio.engine.ports import Report

_AIM_LU = 0.04  # closer than this to the target is there: other meters read up to 0.06 LU less
_HEADROOM_DB = 0.3  # kept below the highest true peak at first: what MP3 adds to peaks
_FURTHER_DB = 0.1  # kept beyond that when it was not enough
_APART_DB = 0.1  # other meters find the true peak of sharp sounds that much higher
_ROUNDS = 6  # encodings at most; one is the rule
_EXACT_ROUNDS = 2  # of them that may miss `_AIM_LU` and be tried again although they are within the tolerance
_EDGES = 0.95, 0.999999  # of the tolerance: how far off to aim, on the side away from a jump of the loudness
_STEP_LU = 1e-6  # aims closer together are one
_TRIALS = 16  # limited without encoding, to find a gain, at most; one or two are the rule
_TRIAL_AIM_LU = 0.02
_SECANT_REACH_LU = 0.3  # a step as short as this lands without another look
_FIRST_SLOPE = 0.85  # level gained per gain behind a limiter at work on speech; after that it is known
_HARMLESS_LIMITING_DB = 1.0  # so little, on rare peaks, takes nothing off the level that would show
_LEAST_SLOPE = 0.03  # level gained per gain, where the limiter takes most of it
_LONGEST_STEP_DB = 12.0  # from one trial to the next
_INSIDE = 0.1  # of the way between a gain that is too low and one that is too high, at least, from either
_SHORTEST_S = 0.4  # one gating block of BS.1770
# Shares of the time, for the progress: of a measuring pass, a trial and an encoding with its verification.
_MEASURE, _TRIAL, _ENCODE, _VERIFY = 1.0, 1.5, 9.0, 1.0


@dataclass(frozen=True, slots=True)
class _Take:
    """The job with what is known of its take: what the survey found, how long it lasts, and how its level is ridden."""

    job: MasterJob
    survey: Survey
    about_s: float
    fader: Fader


def master(report: Report, job: MasterJob) -> MasterResult:
    """Write the mastered MP3 and its peaks file, and say what was measured on the MP3 after decoding it.

    High-pass and levelling where they are asked for, the phase turned where that spares the limiter work, gain and a
    true-peak limiter, LAME at a constant bit rate, then a full decode of the result; where that is off or its true peak
    is too high, again with a corrected plan. Everything stays where it was, to the sample; a mono take gives channels
    that are the same. Memory does not grow with the length (but for a few numbers a second), and the same input gives
    the same bytes. Raises `AudioError`, leaving no MP3, for a source that cannot be decoded, is silent or too short to
    have a loudness, or that cannot be brought within the tolerance.
    """
    steps = _Steps(report)
    done = False
    try:
        result = _master(job, steps)
        done = True
    finally:
        if not done:
            job.mp3.unlink(missing_ok=True)
    report(1.0)
    return result


def _master(job: MasterJob, steps: "_Steps") -> MasterResult:
    target = job.target
    survey = Survey(job.source, target)
    before = analyse(job.source, steps.part(_MEASURE), job.shortest_silence_s, [survey]).sound
    level = _known_level(job, survey)
    fader = survey.leveller.fader(survey.level.lufs or level, target.rate_hz) if target.levelling else Fader.none()
    take = _Take(job, survey, before.duration_s, fader)
    aim = target.lufs  # before the encoder, which may shift it
    ceiling = target.max_true_peak_dbtp - _HEADROOM_DB
    plan = Plan(aim - level, survey.crests.best(ceiling - (aim - level)), ceiling)
    landings: list[tuple[float, float]] = []  # what was aimed at, and how far off that came out
    while True:
        plan = _settled(take, plan, aim, steps)
        chain = _encode(take, plan, steps.part(_ENCODE))
        found, off_lu, over_db = _verified(job, steps.part(_VERIFY))
        landings.append((aim, off_lu))
        exact_lu = _AIM_LU if len(landings) <= _EXACT_ROUNDS else target.tolerance_lu
        landed = abs(off_lu) <= min(exact_lu, target.tolerance_lu) and over_db <= -_APART_DB
        if landed or len(landings) == _ROUNDS:
            break
        last, aim = aim, _next_aim(landings, target.tolerance_lu)
        ceiling = plan.ceiling_dbtp - (over_db + _APART_DB + _FURTHER_DB if over_db > -_APART_DB else 0.0)
        plan = replace(plan, gain_db=plan.gain_db + aim - last, ceiling_dbtp=ceiling)
    if abs(off_lu) > target.tolerance_lu or over_db > 0:
        raise AudioError(
            f"“{job.source.name}” comes out at {target.lufs + off_lu:.1f} {_unit(job)} and "
            f"{target.max_true_peak_dbtp + over_db:.1f} dBTP, which is not what was asked for.",
            "Choose a lower loudness or a higher bit rate in the settings.",
        )
    peaks.write(job.peaks, found.peaks)
    sound = replace(found.sound, spots=before.spots)
    return MasterResult(sound, found.strip, plan.gain_db, chain.limiter.held_db, chain.limiter.deepest_db)


def _next_aim(landings: list[tuple[float, float]], tolerance_lu: float) -> float:
    """What to aim at next, after what was aimed at and how far off it came out.

    The gates of the meter make the loudness of a few sentences jump with the gain, by a quarter of a LU where a block
    comes in that was left out: by the last landing alone, one would go to and fro across such a place for ever. Of two
    landings with the jump between them, the soft one says what lands if the jump lies above it, the loud one what lands
    if it lies below. A small jump has room for both; of a large one, each side is tried as far from it as may be.
    """
    soft = max((each for each in landings if each[1] < 0), default=None)
    loud = min((each for each in landings if each[1] >= 0), default=None)
    last_aim, last_off_lu = landings[-1]
    if not (soft and loud and soft[0] < loud[0]):
        return last_aim - last_off_lu
    under, over = soft[0] - soft[1], loud[0] - loud[1]
    if under - over <= 2 * _EDGES[0] * tolerance_lu:
        return (under + over) / 2
    edges = [aim for edge in _EDGES for aim in (under - edge * tolerance_lu, over + edge * tolerance_lu)]
    untried = (aim for aim in edges if soft[0] + _STEP_LU < aim < loud[0] - _STEP_LU)
    return next(untried, (soft[0] + loud[0]) / 2)


def _verified(job: MasterJob, report: Report) -> tuple[Analysis, float, float]:
    """The decoded MP3: how far above the target it is, in LU, and above the highest true peak allowed, in dB."""
    rms = [Level(job.target, job.target.channels)] if job.target.by_rms else []
    found = analyse(job.mp3, report, job.shortest_silence_s, rms)
    level = rms[0].behind(0.0) if rms else found.sound.loudness_lufs
    peak = found.sound.true_peak_dbtp
    if level is None or peak is None:
        raise AudioError(f"Nothing of “{job.source.name}” is left after encoding.", "Use a louder recording.")
    return found, level - job.target.lufs, peak - job.target.max_true_peak_dbtp


def _known_level(job: MasterJob, survey: Survey) -> float:
    """The level of the take as its target counts it. Raises `AudioError` where it has none."""
    level = survey.level.behind(0.0)
    if survey.level.lufs is not None and level is not None:
        return level
    length_s = survey.samples / job.target.rate_hz
    if length_s < _SHORTEST_S:
        raise AudioError(
            f"“{job.source.name}” lasts {1000 * length_s:.0f} ms, too short to have a loudness.",
            f"Give audio of at least {_SHORTEST_S} seconds.",
        )
    raise AudioError(f"“{job.source.name}” is silent, or nearly so.", "Check how it was recorded or spoken.")


def _settled(take: _Take, plan: Plan, aim: float, steps: "_Steps") -> Plan:
    """The plan with a gain that leads to `aim` behind the limiter.

    A limiter that works takes loudness away, so that gain is searched for, with secant steps over passes that do not
    encode, at a small part of the cost of an encoding.
    """
    job, survey = take.job, take.survey
    seen: list[tuple[float, float]] = []
    for _ in range(_TRIALS):
        over_db = survey.crests.highest_db(plan.turn) + plan.gain_db - plan.ceiling_dbtp
        tried = job.target.levelling or over_db > _HARMLESS_LIMITING_DB
        level = _trial(take, plan, steps.part(_TRIAL)) if tried else survey.level.behind(plan.gain_db)
        if level is None:
            break
        short = aim - level
        if abs(short) <= _TRIAL_AIM_LU:
            return plan
        seen.append((plan.gain_db, level))
        slope = _slope(seen)
        plan = replace(plan, gain_db=_next_gain(seen, slope, aim))
        if tried and abs(short) <= _SECANT_REACH_LU and slope > 0.5:
            return plan
    gain, level = min(seen, key=lambda each: abs(aim - each[1]), default=(0.0, -math.inf))
    if abs(aim - level) <= _SECANT_REACH_LU:  # the gates make it jump across the aim
        return replace(plan, gain_db=gain)
    raise AudioError(
        f"“{job.source.name}” cannot be made as loud as {job.target.lufs:.1f} {_unit(job)} within its peaks.",
        "Choose a lower loudness in the settings.",
    )


def _slope(seen: list[tuple[float, float]]) -> float:
    """The level that the last step gained, per gain."""
    if len(seen) < 2:
        return _FIRST_SLOPE
    (gain, level), (new_gain, new_level) = seen[-2:]
    return (new_level - level) / (new_gain - gain)


def _next_gain(seen: list[tuple[float, float]], slope: float, aim: float) -> float:
    """The gain to try next, after what was `seen`: gains with their levels.

    Between one that is too low and one that is too high where there are both, for the level may bend sharply: peaks
    that the limiter swallows give way to speech, or to noise.
    """
    below = max((each for each in seen if each[1] < aim), default=None)
    above = min((each for each in seen if each[1] >= aim), default=None)
    if below and above:
        share = (aim - below[1]) / (above[1] - below[1])
        return below[0] + (above[0] - below[0]) * min(max(share, _INSIDE), 1 - _INSIDE)
    gain, level = seen[-1]
    step = (aim - level) / min(max(slope, _LEAST_SLOPE), 1.0)
    return gain + min(max(step, -_LONGEST_STEP_DB), _LONGEST_STEP_DB)


def _trial(take: _Take, plan: Plan, report: Report) -> float | None:
    """The level behind the limiter."""
    level = Level(take.job.target, take.survey.channels)
    for block in _blocks(take, Chain(take.survey, take.job.target, plan, take.fader), report):
        level.feed(block)
    level.finish()
    return level.behind(0.0)


def _encode(take: _Take, plan: Plan, report: Report) -> Chain:
    """Write the MP3; returns the chain that did, whose limiter knows what it took."""
    target = take.job.target
    chain = Chain(take.survey, target, plan, take.fader)
    with Mp3Writer(take.job.mp3, target.rate_hz, target.channels, target.bitrate_kbps) as mp3:
        for block in _blocks(take, chain, report):
            mp3.write(np.repeat(block, target.channels // len(block), axis=0))
    return chain


def _blocks(take: _Take, chain: Chain, report: Report) -> Iterator[Samples]:
    return chain.blocks(take.job.source, take.about_s, report)


def _unit(job: MasterJob) -> str:
    return "dBFS RMS" if job.target.by_rms else "LUFS"


class _Steps:
    """Makes one progress of passes whose number is not known: each further pass shares what the expected ones left."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._at = 0.0
        self._ahead = _MEASURE + _ENCODE + _VERIFY

    def part(self, weight: float) -> Report:
        """The report of the next pass, which takes `weight` of the time."""
        start = self._at
        self._ahead = max(self._ahead, weight + _VERIFY)
        self._at += (1.0 - start) * weight / self._ahead
        self._ahead -= weight
        end = self._at
        return lambda fraction: self._report(start + (end - start) * fraction)
