"""From a take to the MP3 that is shipped, at the loudness that was asked for, as measured on that MP3."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from studio.audio import peaks
from studio.audio.analysis import Analysis, analyse
from studio.audio.decode import probe, stream
from studio.audio.encode import Mp3Writer
from studio.audio.limiter import Limiter
from studio.audio.meter import Meter
from studio.audio.samples import Samples
from studio.audio.truepeak import TruePeak
from studio.domain.errors import AudioError
from studio.engine.ports import MasterJob, MasterResult, Report

_AIM_LU = 0.1  # closer than this to the target is there
_HEADROOM_DB = 0.5  # kept below the highest true peak at first: what MP3 adds to peaks
_FURTHER_DB = 0.1  # kept beyond that when it was not enough
_ROUNDS = 4  # encodings at most; one is the rule
_TRIALS = 8  # limited without encoding, to find a gain, at most
_TRIAL_AIM_LU = 0.05
_FIRST_SLOPE = 0.85  # loudness gained per gain behind a limiter at work on speech; after that it is known
_HARMLESS_LIMITING_DB = 1.5  # so little, on rare peaks, takes nothing off the loudness that would show
_LEAST_SLOPE = 0.1  # loudness gained per gain, where the limiter takes most of it
_SHORTEST_S = 0.4  # one gating block of BS.1770
# Shares of the time, for the progress: of a measuring pass, a trial and an encoding with its verification.
_MEASURE, _TRIAL, _ENCODE, _VERIFY = 1.0, 1.5, 9.0, 1.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is done to the samples: a gain, then a limiter with a ceiling."""

    gain_db: float
    ceiling_dbtp: float


@dataclass(frozen=True, slots=True)
class _Source:
    """A take in the rate and channels of the master: its meter, an upper bound of its true peak, and its DC offset.

    `offset` has shape (channels, 1) and is taken off: a limiter would have to make room for it.
    """

    meter: Meter
    peak_dbtp: float
    offset: Samples


def master(report: Report, job: MasterJob) -> MasterResult:
    """Write the mastered MP3 and its peaks file, and say what was measured on the MP3 after decoding it.

    Gain and a true-peak limiter, LAME at a constant bit rate, then a full decode of the result; when that is off by
    more than 0.1 LU or its true peak is too high, again with a corrected plan. Memory does not grow with the length,
    and the same input gives the same bytes. Raises `AudioError`, leaving no MP3, for a source that cannot be decoded,
    is silent or too short to have a loudness, or that cannot be brought within the tolerance.
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
    source, loudness = _measure(job, steps.part(_MEASURE))
    aim = target.lufs  # before the encoder, which may shift it
    plan = _Plan(aim - loudness, target.max_true_peak_dbtp - _HEADROOM_DB)
    rounds = 0
    while True:
        rounds += 1
        plan = _settled(job, source, plan, aim, steps)
        limited_db = _encode(job, source, plan, steps.part(_ENCODE))
        found = analyse(job.mp3, steps.part(_VERIFY), job.shortest_silence_s)
        off_lu, over_db = _miss(job, found)
        landed = abs(off_lu) <= min(_AIM_LU, target.tolerance_lu) and over_db <= 0
        if landed or rounds == _ROUNDS:
            break
        aim -= off_lu
        plan = _Plan(plan.gain_db - off_lu, plan.ceiling_dbtp - (over_db + _FURTHER_DB if over_db > 0 else 0.0))
    if abs(off_lu) > target.tolerance_lu or over_db > 0:
        raise AudioError(
            f"“{job.source.name}” comes out at {target.lufs + off_lu:.1f} LUFS and "
            f"{target.max_true_peak_dbtp + over_db:.1f} dBTP, which is not what was asked for.",
            "Choose a lower loudness or a higher bit rate in the settings.",
        )
    peaks.write(job.peaks, found.peaks)
    return MasterResult(found.sound, found.strip, plan.gain_db, limited_db)


def _miss(job: MasterJob, found: Analysis) -> tuple[float, float]:
    """How far the decoded MP3 is above the target, in LU, and above the highest true peak allowed, in dB."""
    sound = found.sound
    if sound.loudness_lufs is None or sound.true_peak_dbtp is None:
        raise AudioError(f"Nothing of “{job.source.name}” is left after encoding.", "Use a louder recording.")
    return sound.loudness_lufs - job.target.lufs, sound.true_peak_dbtp - job.target.max_true_peak_dbtp


def _measure(job: MasterJob, report: Report) -> tuple[_Source, float]:
    """The source and its loudness in LUFS. Raises `AudioError` where it has none."""
    target = job.target
    meter, true_peak = Meter(target.rate_hz, (1.0,) * target.channels), TruePeak(target.rate_hz, target.channels)
    total, samples = np.zeros((target.channels, 1)), 0
    for block in _reported(job, report, stream(job.source, target.rate_hz, target.channels)):
        samples += block.shape[1]
        total += block.sum(axis=1, keepdims=True, dtype=np.float64)
        meter.feed(block)
        true_peak.feed(block)
    meter.finish()
    true_peak.finish()
    if meter.integrated is not None:
        offset = total / samples
        highest = true_peak.highest + float(np.abs(offset).max())
        return _Source(meter, 20 * math.log10(highest), offset.astype(np.float32)), meter.integrated
    if samples < _SHORTEST_S * target.rate_hz:
        raise AudioError(
            f"“{job.source.name}” lasts {1000 * samples / target.rate_hz:.0f} ms, too short to have a loudness.",
            f"Give audio of at least {_SHORTEST_S} seconds.",
        )
    raise AudioError(f"“{job.source.name}” is silent, or nearly so.", "Check how it was recorded or spoken.")


def _settled(job: MasterJob, source: _Source, plan: _Plan, aim: float, steps: "_Steps") -> _Plan:
    """The plan with a gain that leads to `aim` LUFS behind the limiter.

    A limiter that works takes loudness away, so that gain is searched for, with secant steps over passes that do not
    encode, at a small part of the cost of an encoding.
    """
    before: tuple[float, float] | None = None
    for _ in range(_TRIALS):
        if source.peak_dbtp + plan.gain_db - plan.ceiling_dbtp <= _HARMLESS_LIMITING_DB:
            loudness = source.meter.integrated_at(plan.gain_db)
        else:
            loudness = _trial(job, source, plan, steps.part(_TRIAL))
        if loudness is None:
            break
        short = aim - loudness
        if abs(short) <= _TRIAL_AIM_LU:
            return plan
        slope = _FIRST_SLOPE if before is None else (loudness - before[1]) / (plan.gain_db - before[0])
        before = (plan.gain_db, loudness)
        plan = replace(plan, gain_db=plan.gain_db + short / min(max(slope, _LEAST_SLOPE), 1.0))
    raise AudioError(
        f"“{job.source.name}” cannot be made as loud as {job.target.lufs:.1f} LUFS within its peaks.",
        "Choose a lower loudness in the settings.",
    )


def _trial(job: MasterJob, source: _Source, plan: _Plan, report: Report) -> float | None:
    """The loudness behind the limiter."""
    meter = Meter(job.target.rate_hz, (1.0,) * job.target.channels)
    limiter = Limiter(job.target.rate_hz, job.target.channels, plan.ceiling_dbtp)
    for block in _processed(job, source, plan, limiter, report):
        meter.feed(block)
    meter.finish()
    return meter.integrated


def _encode(job: MasterJob, source: _Source, plan: _Plan, report: Report) -> float:
    """Write the MP3; returns the deepest gain reduction in dB."""
    target = job.target
    limiter = Limiter(target.rate_hz, target.channels, plan.ceiling_dbtp)
    with Mp3Writer(job.mp3, target.rate_hz, target.channels, target.bitrate_kbps) as mp3:
        for block in _processed(job, source, plan, limiter, report):
            mp3.write(block)
    return limiter.deepest_db


def _processed(job: MasterJob, source: _Source, plan: _Plan, limiter: Limiter, report: Report) -> Iterator[Samples]:
    gain = np.float32(10 ** (plan.gain_db / 20))
    for block in _reported(job, report, stream(job.source, job.target.rate_hz, job.target.channels)):
        yield limiter.feed((block - source.offset) * gain)
    yield limiter.finish()


def _reported(job: MasterJob, report: Report, blocks: Iterator[Samples]) -> Iterator[Samples]:
    about_s = probe(job.source).about_s
    done_s = 0.0
    for block in blocks:
        yield block
        done_s += block.shape[1] / job.target.rate_hz
        if about_s:
            report(min(1.0, done_s / about_s))


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
