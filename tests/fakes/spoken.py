"""Real speech for a text, by the built-in voice, for tests that listen. Every voice of the fake speaks like it."""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.voices.builtin_worker import RATE_HZ, cut_phonemes, load, seed_of, trimmed
from tests.fakes.catalogue import Format
from tests.fakes.sound import Sound, encoded

_TAGS = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
_ENDS = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n+")  # between sentences
_LEAD_S, _PAUSE_S = 0.05, 0.35


@lru_cache(maxsize=4)  # an episode's sound takes megabytes
def spoken(text: str, form: Format, seed: int, speed: float) -> Sound:
    """A text spoken: 130 times as fast as it sounds, after a second for the model; not for an event loop.

    Sentences are timed to the sample, characters evenly within them.
    """
    parts: list[NDArray[np.float32]] = [_silence(_LEAD_S)]
    places, times = [0], [_LEAD_S]  # of characters
    done = len(parts[0])
    for end, sentence in _sentences(text):
        runs = [*_runs(sentence, seed, speed), _silence(_PAUSE_S)]
        parts += runs
        done += sum(map(len, runs))
        places.append(end)
        times.append(done / RATE_HZ)
    samples = np.concatenate(parts)
    edges = np.interp(np.arange(len(text) + 1), places, times).tolist()
    return Sound(text, [encoded(samples, RATE_HZ, form)], len(samples) / RATE_HZ, edges[:-1], edges[1:])


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Sentences without tags, each with the place in the text where the next one begins."""
    plain = _TAGS.sub(lambda tag: " " * len(tag[0]), text)  # what is not spoken keeps its place
    start = 0
    for gap in [*(match.end() for match in _ENDS.finditer(plain)), len(plain)]:
        if plain[start:gap].strip():
            yield gap, plain[start:gap].strip()
        start = gap


def _runs(sentence: str, seed: int, speed: float) -> Iterator[NDArray[np.float32]]:
    voice = load("heart")  # the one that is in its package
    rng = np.random.default_rng(seed_of(seed, sentence))
    for phonemes in voice.phonemize(sentence):
        for run in cut_phonemes(phonemes):
            yield trimmed(voice.from_ids(voice.ids(run), speed, rng))


def _silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * RATE_HZ), np.float32)
