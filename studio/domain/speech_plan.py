"""What is asked of a voice: one call where its limit allows, else the fewest chunks."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from studio.domain.spoken import SpokenForm, Utterance
from studio.domain.voice import SpeechSettings

KEY_VERSION = 1  # part of every content key: raise it when the meaning of a key changes


@dataclass(frozen=True, slots=True)
class Chunk:
    """One call: utterances `first` to `last` (exclusive) of the spoken form."""

    first: int
    last: int
    utterances: tuple[Utterance, ...]
    key: str

    @property
    def characters(self) -> int:
        """Characters that this call is charged for."""
        return sum(len(utterance.text) for utterance in self.utterances)


def content_key(utterances: Sequence[Utterance], settings: SpeechSettings, audio_format: str) -> str:
    """sha256 (hex) over all that can change the sound: text, pauses, voice, model, settings, format, seed.

    Two requests with the same key would give the same sound, so the second is never made.
    """
    content = {
        "version": KEY_VERSION,
        "text": [[utterance.text, round(utterance.pause_after_s, 3)] for utterance in utterances],
        "voice": str(settings.voice),
        "model": settings.model,
        "seed": settings.seed,
        "speed": settings.speed,
        "format": audio_format,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def plan_speech(
    spoken: SpokenForm, settings: SpeechSettings, audio_format: str, limit: int | None
) -> tuple[Chunk, ...]:
    """Cut `spoken` into the fewest chunks of at most `limit` characters (None: no limit), of about the same length.

    Cuts fall between utterances only. An utterance longer than the limit becomes a chunk of its own: whoever made the
    spoken form keeps its utterances under the limit.
    """
    utterances = spoken.utterances
    if not utterances:
        return ()
    if limit is None or spoken.characters <= limit:
        bounds = [0, len(utterances)]
    else:
        bounds = _balanced_bounds([len(utterance.text) for utterance in utterances], limit)
    return tuple(
        Chunk(first, last, utterances[first:last], content_key(utterances[first:last], settings, audio_format))
        for first, last in pairwise(bounds)
    )


def _balanced_bounds(lengths: list[int], limit: int) -> list[int]:
    """Bounds of the fewest runs under `limit`, with the smallest longest run (search over the run length allowed)."""
    fewest = len(_greedy(lengths, limit)) - 1
    low, high = ceil(sum(lengths) / fewest), limit
    while low < high:
        middle = (low + high) // 2
        if len(_greedy(lengths, middle)) - 1 <= fewest:
            high = middle
        else:
            low = middle + 1
    return _greedy(lengths, high)


def _greedy(lengths: list[int], limit: int) -> list[int]:
    bounds, filled = [0], 0
    for index, length in enumerate(lengths):
        if filled and filled + length > limit:
            bounds.append(index)
            filled = 0
        filled += length
    return [*bounds, len(lengths)]
