"""How consistent an episode's voice is: with what was accepted of it, or, before that is known, with itself."""

import math
import re
import unicodedata
from collections.abc import Sequence
from statistics import median
from typing import Final

import numpy as np

from studio.domain.voiceprint import VoiceBaseline, VoicePrint
from studio.quality.speaker import Embeddings
from studio.quality.voice_windows import Heard, MainVoice, different, unit

# What chance alone does to the print of an episode of n windows: a part that is there in every episode, and a part that
# shrinks with n. Measured on 57 readings of two voices; a baseline scales each to its own voice.
_PITCH_ST: Final = (0.12, 1.5)  # semitones
_RATE: Final = (0.009, 0.065)  # natural logarithm
_LIKENESS: Final = (0.003, 0.03)  # cosine
_SAME: Final = 100.0  # windows after which an embedding's distance does not shrink any more
_DISTANCE: Final = 1.7  # squared distances are so many times what independent windows would give
_JITTER: Final = 0.11  # standard deviation of the root of that, as a share
_TRUST: Final = 5.0  # episodes that this knowledge is worth beside a baseline

_SYLLABLE: Final = re.compile(r"(?!e\b)[aeiouy]+|\d")  # a silent e at the end of a word makes none

# 99 of 100 readings of one voice deviate by less than _LINE; there the percentage is 85.
_LINE: Final = 3.9
_SLOPE: Final = 0.7
_AT_LINE: Final = math.log(0.85 / 0.15)

_SOMEBODY_ELSE: Final = 0.8  # cosine with a voice of the cohort, under which it is not the same voice
_BLUR: Final = 0.025  # cosine


def print_of(heard: Heard, text: str, speech_s: float) -> VoicePrint:
    """The print of an episode in which `text` was spoken in `speech_s` seconds of speech."""
    kept = different(heard.embeddings)
    embeddings, pitch = heard.embeddings[kept], heard.pitch_hz[kept]
    centre = unit(embeddings.mean(axis=0))
    pitch = pitch[~np.isnan(pitch)]
    length = _length(text)
    return VoicePrint(
        embedding=tuple(round(float(number), 5) for number in centre),
        likeness=float(np.median(embeddings @ centre)),
        pitch_hz=float(np.median(pitch)) if len(pitch) else None,
        rate=length / speech_s if length and speech_s > 0 else None,
        windows=len(kept),
    )


def _length(text: str) -> float:
    """How long a text is when spoken: letters and digits, evened out by its syllables (about three letters each).

    The pace of readings of one voice differs by 1.4% when it is measured so, by 1.7% in letters, by 2.0% in characters.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return 0.6 * sum(map(str.isalnum, plain)) + 1.2 * len(_SYLLABLE.findall(plain))


def deviation(voice: VoicePrint, baseline: VoiceBaseline) -> float:
    """How far a print lies from those of a baseline (at least two), about 2 where nothing but chance is at work.

    The root of the sum of squares of four: the embedding's distance from the centre of the baseline, pitch, speaking
    rate, and how much less alike the windows are; each divided by what it usually is in this baseline.
    """
    prints = baseline.prints
    amount = math.sqrt(1 + 1 / len(prints))
    others = [VoiceBaseline(prints[:number] + prints[number + 1 :]) for number in range(len(prints))]
    lone = math.sqrt(1 + 1 / (len(prints) - 1))
    squares = 0.0
    for measure in (_pitch, _rate, _likeness):
        usual = [measure(each, rest) for each, rest in zip(prints, others, strict=True)]
        scale = _scale([value / lone for value in usual if value is not None])
        value = measure(voice, baseline)
        squares += (value / amount / scale) ** 2 if value is not None else 0.0
    scale = _scale([_distance(each, rest) for each, rest in zip(prints, others, strict=True)])
    squares += max(0.0, (_distance(voice, baseline) / scale - 1) / _JITTER) ** 2
    return math.sqrt(squares)


def _scale(usual: Sequence[float]) -> float:
    """How many times as far as expected this voice's own episodes lie from each other."""
    return math.sqrt((_TRUST + sum(min(value, 4.0) ** 2 for value in usual)) / (_TRUST + len(usual)))


def _chance(parts: tuple[float, float], windows: int) -> float:
    return math.sqrt(parts[0] ** 2 + parts[1] ** 2 / max(windows, 1))


def _pitch(voice: VoicePrint, baseline: VoiceBaseline) -> float | None:
    usual = [each.pitch_hz for each in baseline.prints if each.pitch_hz]
    if not usual or not voice.pitch_hz:
        return None
    return 12 * math.log2(voice.pitch_hz / median(usual)) / _chance(_PITCH_ST, voice.windows)


def _rate(voice: VoicePrint, baseline: VoiceBaseline) -> float | None:
    usual = [each.rate for each in baseline.prints if each.rate]
    if not usual or not voice.rate:
        return None
    return math.log(voice.rate / median(usual)) / _chance(_RATE, voice.windows)


def _likeness(voice: VoicePrint, baseline: VoiceBaseline) -> float:
    """Only less than usual counts."""
    usual = median(each.likeness for each in baseline.prints)
    return max(0.0, usual - voice.likeness) / _chance(_LIKENESS, voice.windows)


def _distance(voice: VoicePrint, baseline: VoiceBaseline) -> float:
    """Between the embedding and the baseline's centre, divided by what chance makes of it."""
    usual = median(each.likeness for each in baseline.prints)
    windows = sum(each.windows for each in baseline.prints)
    matrix = np.array([each.embedding for each in baseline.prints], np.float32)
    centre = unit(matrix.mean(axis=0))
    squared = 2 * (1 - float(unit(np.array(voice.embedding, np.float32)) @ centre))
    expected = 2 * (1 - usual) * (1 / max(voice.windows, 1) + 1 / max(windows, 1) + 1 / _SAME)
    return math.sqrt(max(0.0, squared) / (_DISTANCE * expected))


def consistency(voice: VoicePrint, baseline: VoiceBaseline) -> float:
    """How consistent a print is with a baseline, 0 to 1; 0.85 is what chance alone falls short of once in a hundred."""
    return _logistic(_AT_LINE + (_LINE - deviation(voice, baseline)) / _SLOPE)


def consistency_within(heard: Heard, main: MainVoice, cohort: Embeddings) -> float:
    """The share of the speech, 0 to 1, that is more like the main voice than like any other voice of `cohort`."""
    others = cohort[cohort @ main.centre < _SOMEBODY_ELSE]
    if not len(others):
        return 1.0
    margins = heard.embeddings @ main.centre - (heard.embeddings @ others.T).max(axis=1)
    alike = 1 / (1 + np.exp(-margins / _BLUR))
    return float(np.average(alike, weights=heard.speech_s))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, value))))
