"""When each word of a known sentence sounds: a forced alignment by the larger hearing model, for the labels only."""

from functools import cache

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from studio.audio.decode import Resampler
from studio.quality import models
from studio.voices.builtin_worker import RATE_HZ
from tests.faults.readings import Sound

EARS_HZ = 16_000


def word_times(sound: Sound, text: str) -> list[tuple[float, float]]:
    """Start and end in seconds of each of the words of `text` (cut at spaces) in 24 kHz mono of at most 30 s."""
    model, tokenizer = _aligner()
    resampler = Resampler(RATE_HZ, EARS_HZ, 1)
    heard = np.concatenate((resampler.feed(sound[None])[0], resampler.finish()[0]))[: 30 * EARS_HZ]
    features = model.feature_extractor(heard)
    frames = min(features.shape[1], 3000)
    padded = np.pad(features[:, :3000], ((0, 0), (0, max(0, 3000 - features.shape[1]))))
    tokens = tokenizer.encode(" " + text)
    found = model.find_alignment(tokenizer, [tokens], model.encode(padded), frames)[0]
    # The model's words need not be ours: letters are what both have in common.
    ends = np.cumsum([len(part["word"].strip()) for part in found])
    times: list[tuple[float, float]] = []
    position = 0
    for word in text.split():
        first = min(int(np.searchsorted(ends, position, side="right")), len(found) - 1)
        position += len(word)
        last = min(int(np.searchsorted(ends, position)), len(found) - 1)
        times.append((float(found[first]["start"]), float(found[last]["end"])))
    return times


@cache
def _aligner() -> tuple[WhisperModel, Tokenizer]:
    model = WhisperModel(str(models.folder("base", None)), device="cpu", compute_type="int8", cpu_threads=1)
    return model, Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language="en")
