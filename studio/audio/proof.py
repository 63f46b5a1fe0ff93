"""Whether a body that came from a voice is the sound of its text, whole; and where in it each utterance sounds."""

import math
from pathlib import Path
from typing import Final

from studio.audio.decode import probe
from studio.audio.mp3_end import ends_whole
from studio.audio.places import estimated, fitted
from studio.audio.sounding import Sounding, listen
from studio.domain.errors import AudioError
from studio.domain.sound import Mark
from studio.engine.jobs import Proof, ProofJob
from studio.engine.ports import Report

_CURE: Final = "It is not used: fetch the sound from the service's history, or have the text spoken again."
_SILENT_LUFS: Final = -55.0  # of the loudest 400 ms; the softest voices speak 20 LU above it
_LONG_S: Final = 1.0  # a silence that no voice makes by itself between two sentences
_MOST_SILENT: Final = 0.3  # of the length, in long silences that the text does not ask for
_LEAST_SILENT_S: Final = 2.0
# Silence at the end: voices leave up to 0.83 s. What is longer by far is where the rest should have been.
_END_S, _END_SHARE, _LONGEST_END_S = 3.0, 0.1, 10.0
# Natural ends fall 25 LU and more below the speech within their last 10 ms; even abrupt ones soften before they stop.
_CUT_BINS, _CUT_LU = 2, 3.0
# A vendor's last mark may count the silence at the end, and be rounded; what lies beyond is missing from the sound.
_BEYOND_S, _BEYOND_SHARE = 0.3, 0.02
_SILENT_TEXT_S: Final = 1.5  # of text, by the marks, where the sound is over


def prove(report: Report, job: ProofJob) -> Proof:
    """Decode the body completely and say how long it is and where its utterances sound.

    Memory does not grow with the length beyond one byte for each 10 ms. Marks: one for each utterance, in order, never
    overlapping, within the sound, their bounds at its silences. Vendor's marks are brought to the time of the sound;
    marks that fit it are left as they are. Raises `AudioError` for a body that is not sound, is damaged, cut off,
    silent for a large part, or of a length that the text cannot have.
    """
    _refuse_text(job.source)
    try:
        whole = probe(job.source).container != "mp3" or ends_whole(job.source)
        sounding = listen(job.source, report)
    except AudioError as error:
        raise AudioError(error.message, _CURE) from error
    if not whole:
        raise AudioError(f"“{job.source.name}” was cut off: its last frame is not whole.", _CURE)
    vendor = _usable(job)
    _check_length(job, sounding)
    _check_silence(job, sounding)
    _check_end(job, sounding, vendor)
    marks = fitted(vendor, sounding) if vendor else estimated(job.utterances, job.first, sounding)
    report(1.0)
    return Proof(sounding.duration_s, marks, exact=bool(vendor))


def _refuse_text(path: Path) -> None:
    """An answer in words is told as what it is: FFmpeg would only say that it is no audio."""
    try:
        with path.open("rb") as file:
            head = file.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise AudioError(f"“{path.name}” cannot be opened: {error.strerror}.", _CURE) from error
    if head[:1] in {b"{", b"["}:
        raise AudioError(f"“{path.name}” is a message of the service (JSON), not sound.", _CURE)
    if head[:1] == b"<":
        raise AudioError(f"“{path.name}” is a web page, not sound.", _CURE)


def _usable(job: ProofJob) -> tuple[Mark, ...]:
    """The vendor's marks, where there is one with a time for each utterance; otherwise none."""
    marks = job.marks
    numbers = [mark.utterance for mark in marks]
    if numbers != list(range(job.first, job.first + len(job.utterances))):
        return ()
    times = [time for mark in marks for time in (mark.start_s, mark.end_s)]
    return marks if all(map(math.isfinite, times)) and marks[-1].end_s > 0 else ()


def _check_length(job: ProofJob, sounding: Sounding) -> None:
    if job.shortest_s <= sounding.duration_s <= job.longest_s:
        return
    fault, bound = ("short", job.shortest_s) if sounding.duration_s < job.shortest_s else ("long", job.longest_s)
    raise AudioError(
        f"“{job.source.name}” lasts {sounding.duration_s:.1f} s, too {fault} for its text"
        f" ({'at least' if fault == 'short' else 'at most'} {bound:.1f} s).",
        _CURE,
    )


def _check_silence(job: ProofJob, sounding: Sounding) -> None:
    name, duration_s = job.source.name, sounding.duration_s
    if sounding.momentary is None or sounding.momentary < _SILENT_LUFS or not sounding.last_s:
        raise AudioError(f"“{name}” is silent.", _CURE)
    asked_s = [utterance.pause_after_s for utterance in job.utterances]
    long_s = [pause.length_s for pause in sounding.pauses if pause.length_s >= _LONG_S]
    long_s += [edge_s for edge_s in (sounding.first_s, duration_s - sounding.last_s) if edge_s >= _LONG_S]
    unasked_s = sum(long_s) - sum(pause_s for pause_s in asked_s if pause_s >= _LONG_S)
    if unasked_s > max(_LEAST_SILENT_S, _MOST_SILENT * duration_s) or duration_s - sum(long_s) < job.shortest_s / 2:
        raise AudioError(f"“{name}” is silent for {sum(long_s):.1f} s of its {duration_s:.1f} s.", _CURE)
    end_s = duration_s - sounding.last_s - (asked_s[-1] if asked_s else 0.0)
    if end_s > min(max(_END_S, _END_SHARE * duration_s), _LONGEST_END_S):
        raise AudioError(f"“{name}” is silent from {sounding.last_s:.1f} s on, to its end.", _CURE)


def _check_end(job: ProofJob, sounding: Sounding, vendor: tuple[Mark, ...]) -> None:
    name, duration_s = job.source.name, sounding.duration_s
    text_s = vendor[-1].end_s if vendor else 0.0
    if text_s > duration_s * (1 + _BEYOND_SHARE) + _BEYOND_S or (
        vendor and vendor[-1].start_s > sounding.last_s and text_s > sounding.last_s + _SILENT_TEXT_S
    ):
        raise AudioError(
            f"“{name}” was cut off: it sounds for {sounding.last_s:.1f} s, its text ends at {text_s:.1f} s.", _CURE
        )
    end = sounding.tail[-_CUT_BINS:]
    if sounding.loudness is not None and len(end) and end.min() > sounding.loudness - _CUT_LU:
        raise AudioError(f"“{name}” ends in the middle of speech, after {duration_s:.1f} s.", _CURE)
