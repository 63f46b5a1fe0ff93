"""Faults of the sound itself: loudness, peaks, length, and silence that nobody asked for."""

from collections.abc import Iterator, Sequence
from typing import Final

from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.hearing import TimedWord
from studio.domain.sound import Mark, Span
from studio.domain.spoken import SpokenForm
from studio.engine.ports import CheckJob

_ROUNDING: Final = 0.005  # of a level: what the second digit hides is no fault
_LONG: Final = 2.0  # so many times the longest silence is no matter of taste
_NEAR_S: Final = 0.7  # how far from where it was a pause may be heard


def sound_findings(job: CheckJob, words: Sequence[TimedWord]) -> Iterator[Finding]:
    """What is wrong with the sound of `job`; `words` are the script's, with the times at which they were heard."""
    yield from _level_findings(job)
    yield from _length_findings(job)
    yield from _silence_findings(job, words)


def _level_findings(job: CheckJob) -> Iterator[Finding]:
    target = job.settings.loudness_target
    loudness, peak = job.sound.loudness_lufs, job.sound.true_peak_dbtp
    if loudness is None:
        yield Finding(
            FindingKind.LOUDNESS, Severity.FAULT, "There is nothing to hear: the loudness cannot be measured."
        )
    elif abs(loudness - target.lufs) > target.tolerance_lu + _ROUNDING:
        side = "louder" if loudness > target.lufs else "softer"
        yield Finding(
            FindingKind.LOUDNESS,
            Severity.FAULT,
            f"The loudness is {loudness:.1f} LUFS, {abs(loudness - target.lufs):.1f} LU {side} than the target of"
            f" {target.lufs:.1f} LUFS.",
        )
    if peak is not None and peak > target.max_true_peak_dbtp + _ROUNDING:
        yield Finding(
            FindingKind.TRUE_PEAK,
            Severity.FAULT,
            f"The true peak is {peak:.1f} dBTP; at most {target.max_true_peak_dbtp:.1f} dBTP is allowed.",
        )


def _length_findings(job: CheckJob) -> Iterator[Finding]:
    expected = expected_s(job)
    if expected is None:
        return
    change = job.sound.duration_s / expected - 1
    if abs(change) <= job.settings.duration_tolerance:
        return
    yield Finding(
        FindingKind.DURATION,
        Severity.REVIEW if job.rate.learned else Severity.NOTE,
        f"It lasts {_clock(job.sound.duration_s)}, {abs(change):.0%} {'longer' if change > 0 else 'shorter'} than the"
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
    return job.rate.expected_s(job.spoken.characters, job.spoken.pauses_s)


def _silence_findings(job: CheckJob, words: Sequence[TimedWord]) -> Iterator[Finding]:
    longest = job.settings.max_silence_s
    gaps = _gaps(job.spoken, job.marks, words, job.sound.duration_s)
    place = 0
    for silence in job.sound.silences:
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
    for number, following in zip(numbers, [*numbers[1:], None], strict=True):
        start = bounds[number][1]
        end = duration_s if following is None else bounds[following][0]
        gaps.append((Span(min(start, end), max(start, end)), spoken.utterances[number].pause_after_s))
    return gaps


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
