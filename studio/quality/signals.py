"""Faults of the sound itself: level, peaks, length, silence that nobody asked for, and what its samples give away."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from studio.domain.extent import extent_of
from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.hearing import TimedWord
from studio.domain.sound import LoudnessTarget, Mark, SoundReport, Span, Spot, SpotKind
from studio.domain.spoken import SpokenForm
from studio.engine.jobs import CheckJob

_ROUNDING: Final = 0.005  # of a level: what the second digit hides is no fault
_LONG: Final = 2.0  # so many times the longest silence is no matter of taste
_NEAR_S: Final = 0.7  # how far from where it was a pause may be heard
_METERS_APART_LU: Final = 0.2  # two meters that agree are closer
_LOUDEST_FLOOR_DB: Final = -60.0  # of the room, where the level is by RMS: what ACX asks for
_SURE: Final = 0.8  # of a spot that is a fault; a person hears the others
_SAME_S: Final = 0.1  # how far apart two passes may see one spot
_SAME_STEP_S: Final = 1.5
_TOGETHER_S: Final = 1.0  # spots of a kind that are closer are one finding
_MOST_FINDINGS: Final = 30  # of a kind; beyond that, what is further apart is put together
_KINDS: Final = {
    SpotKind.CLICK: FindingKind.CLICK,
    SpotKind.CLIPPING: FindingKind.CLIPPING,
    SpotKind.NOISE: FindingKind.NOISE,
    SpotKind.STEP: FindingKind.LOUDNESS,
    SpotKind.ABRUPT_START: FindingKind.CUT_OFF,
    SpotKind.ABRUPT_END: FindingKind.CUT_OFF,
    SpotKind.DC: FindingKind.NOISE,
}


def sound_findings(job: CheckJob, sound: SoundReport, words: Sequence[TimedWord]) -> Iterator[Finding]:
    """What is wrong with `sound`, that of `job`; `words` are the script's, with the times at which they were heard."""
    yield from _level_findings(job, sound)
    yield from _length_findings(job, sound)
    yield from _silence_findings(job, sound, words)
    yield from _spot_findings(sound.spots)


def merged_spots(first: Sequence[Spot], second: Sequence[Spot]) -> tuple[Spot, ...]:
    """Spots found in two passes over the same sound, in order; where both found the same, the surer one."""
    kept: list[Spot] = []
    for spot in sorted((*first, *second), key=lambda spot: -spot.sure):
        if not any(_is_same(spot, other) for other in kept):
            kept.append(spot)
    return tuple(sorted(kept, key=lambda spot: (spot.start_s, spot.end_s)))


def _is_same(one: Spot, other: Spot) -> bool:
    near_s = _SAME_STEP_S if one.kind is SpotKind.STEP else _SAME_S
    if one.kind is not other.kind or (one.kind is SpotKind.STEP and one.amount * other.amount < 0):
        return False
    return one.start_s <= other.end_s + near_s and other.start_s <= one.end_s + near_s


def _level_findings(job: CheckJob, sound: SoundReport) -> Iterator[Finding]:
    target = job.settings.loudness_target
    loudness, peak, confirmed = sound.loudness_lufs, sound.true_peak_dbtp, sound.confirmed_lufs
    if loudness is None:
        yield Finding(
            FindingKind.LOUDNESS, Severity.FAULT, "There is nothing to hear: the loudness cannot be measured."
        )
    elif target.by_rms:
        yield from _rms_findings(target, sound)
    else:
        yield from _off_target("loudness", loudness, target, "LUFS", "LU")
    if loudness is not None and confirmed is not None and abs(loudness - confirmed) > _METERS_APART_LU:
        yield Finding(
            FindingKind.LOUDNESS,
            Severity.REVIEW,
            f"Two meters disagree by {abs(loudness - confirmed):.1f} LU: {loudness:.1f} LUFS here, {confirmed:.1f} LUFS"
            " by pyloudnorm.",
        )
    if peak is not None and peak > target.max_true_peak_dbtp + _ROUNDING:
        yield Finding(
            FindingKind.TRUE_PEAK,
            Severity.FAULT,
            f"The true peak is {peak:.1f} dBTP; at most {target.max_true_peak_dbtp:.1f} dBTP is allowed.",
        )
    if job.limited_db > target.most_limiting_db + _ROUNDING:
        yield Finding(
            FindingKind.LOUDNESS,
            Severity.REVIEW,
            f"Reaching the loudness needed {job.limited_db:.1f} dB of limiting over 100 ms, more than"
            f" {target.most_limiting_db:.1f} dB: it may sound squeezed.",
        )


def _rms_findings(target: LoudnessTarget, sound: SoundReport) -> Iterator[Finding]:
    if sound.rms_db is not None:
        yield from _off_target("RMS level", sound.rms_db, target, "dBFS", "dB")
    floor = sound.noise_floor_db
    if floor is not None and floor > _LOUDEST_FLOOR_DB + _ROUNDING:
        yield Finding(
            FindingKind.NOISE,
            Severity.FAULT,
            f"The noise floor is {floor:.1f} dBFS; at most {_LOUDEST_FLOOR_DB:.0f} dBFS is allowed.",
        )


def _off_target(what: str, level: float, target: LoudnessTarget, unit: str, step: str) -> Iterator[Finding]:
    if abs(level - target.lufs) <= target.tolerance_lu + _ROUNDING:
        return
    side = "louder" if level > target.lufs else "softer"
    yield Finding(
        FindingKind.LOUDNESS,
        Severity.FAULT,
        f"The {what} is {level:.1f} {unit}, {abs(level - target.lufs):.1f} {step} {side} than the target of"
        f" {target.lufs:.1f} {unit}.",
    )


def _spot_findings(spots: Sequence[Spot]) -> Iterator[Finding]:
    by_kind = sorted(spots, key=lambda spot: (spot.kind, spot.start_s))
    for kind, found in groupby(by_kind, key=lambda spot: spot.kind):
        for group in _grouped(list(found), None if kind is SpotKind.STEP else _TOGETHER_S):
            yield _spot_finding(kind, group)


def _grouped(spots: Sequence[Spot], within_s: float | None) -> list[list[Spot]]:
    """What is closer together than `within_s`, or than it takes to have no more than so many groups."""
    if within_s is None:
        return [[spot] for spot in spots] if len(spots) <= _MOST_FINDINGS else _grouped(spots, _TOGETHER_S)
    groups = [[spots[0]]]
    for spot in spots[1:]:
        if spot.start_s - groups[-1][-1].end_s <= within_s:
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return groups if len(groups) <= _MOST_FINDINGS else _grouped(spots, 2 * within_s)


def _spot_finding(kind: SpotKind, group: Sequence[Spot]) -> Finding:
    strongest = max(group, key=lambda spot: (spot.sure, abs(spot.amount)))
    severity = Severity.FAULT if strongest.sure >= _SURE else Severity.REVIEW
    if kind is SpotKind.STEP:
        severity = Severity.REVIEW
    whole = kind is SpotKind.DC
    return Finding(
        kind=_KINDS[kind],
        severity=Severity.NOTE if whole else severity,
        detail=_spot_detail(kind, group, strongest),
        start_s=None if whole else group[0].start_s,
        end_s=None if whole else max(spot.end_s for spot in group),
        sure=strongest.sure,
    )


def _spot_detail(kind: SpotKind, group: Sequence[Spot], strongest: Spot) -> str:
    count, amount = len(group), strongest.amount
    many = f"{count} times within {_seconds(group)}" if count > 1 else ""
    if kind is SpotKind.CLICK:
        start = f"There are {count} clicks within {_seconds(group)}, the clearest" if many else "There is a click,"
        return f"{start} {amount:.0f} dB above what is around it."
    if kind is SpotKind.CLIPPING:
        flat = sum(spot.amount for spot in group)
        return f"The sound is clipped{f' {many}' if many else ''}: {flat:.0f} samples lie on flat tops."
    if kind is SpotKind.NOISE:
        start = f"There are {count} bursts of noise within {_seconds(group)}, up to" if many else "There is noise,"
        return f"{start} {amount:.0f} dB above the quiet parts."
    if kind is SpotKind.STEP:
        return f"The speech becomes {abs(amount):.1f} LU {'louder' if amount > 0 else 'softer'} here, and stays so."
    if kind is SpotKind.ABRUPT_START:
        return f"The sound begins in the middle of something, at {amount:.0f} dBFS from the first moment."
    if kind is SpotKind.ABRUPT_END:
        return f"The sound breaks off: it is still at {amount:.0f} dBFS when it ends."
    return f"The waveform rests {abs(amount):.1%} of full scale {'above' if amount > 0 else 'below'} zero."


def _seconds(group: Sequence[Spot]) -> str:
    return f"{max(spot.end_s for spot in group) - group[0].start_s:.1f} s"


def _length_findings(job: CheckJob, sound: SoundReport) -> Iterator[Finding]:
    expected = expected_s(job)
    if expected is None:
        return
    change = sound.duration_s / expected - 1
    if abs(change) <= job.settings.duration_tolerance:
        return
    yield Finding(
        FindingKind.DURATION,
        Severity.REVIEW if job.rate.learned else Severity.NOTE,
        f"It lasts {_clock(sound.duration_s)}, {abs(change):.0%} {'longer' if change > 0 else 'shorter'} than the"
        f" {_clock(expected)} that were expected"
        + (
            f" from {job.rate.episodes} accepted episodes."
            if job.rate.learned
            else "; the pace of this voice is still being learned."
        ),
    )


def expected_s(job: CheckJob) -> float | None:
    """How long the episode should be; None where there is nothing to say."""
    if not job.spoken.characters:
        return None
    return job.rate.expected_s(extent_of(job.spoken.utterances))


def _silence_findings(job: CheckJob, sound: SoundReport, words: Sequence[TimedWord]) -> Iterator[Finding]:
    longest = job.settings.max_silence_s
    gaps = _gaps(job.spoken, job.marks, words, sound.duration_s)
    place = 0
    for silence in sound.silences:
        while place < len(gaps) and gaps[place][0].end_s + _NEAR_S < silence.start_s:
            place += 1
        asked = 0.0
        for gap, pause in gaps[place:]:
            if gap.start_s - _NEAR_S > silence.end_s:
                break
            asked += pause
        unasked = silence.length_s - asked
        if unasked <= longest:
            continue
        yield Finding(
            FindingKind.SILENCE,
            Severity.FAULT if unasked > _LONG * longest else Severity.REVIEW,
            f"There are {silence.length_s:.1f} s of silence"
            + (f", where the script asks for {asked:.1f} s." if asked else ", which the script does not ask for."),
            silence.start_s,
            silence.end_s,
        )


def _gaps(
    spoken: SpokenForm, marks: Sequence[Mark], words: Sequence[TimedWord], duration_s: float
) -> list[tuple[Span, float]]:
    """Where the script asks for silence, and how many seconds: after each utterance, as it was marked or else heard."""
    bounds: dict[int, tuple[float, float]] = {mark.utterance: (mark.start_s, mark.end_s) for mark in marks}
    if not marks:
        index = 0
        for number, utterance in enumerate(spoken.utterances):
            own = words[index : index + len(utterance.words)]
            index += len(own)
            if own:
                bounds[number] = (own[0].start_s, own[-1].end_s)
    numbers = sorted(bounds)
    gaps: list[tuple[Span, float]] = []
    for number, following in zip(numbers, [*numbers, None][1:], strict=True):
        start = bounds[number][1]
        end = duration_s if following is None else bounds[following][0]
        gaps.append((Span(min(start, end), max(start, end)), spoken.utterances[number].pause_after_s))
    return gaps


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
