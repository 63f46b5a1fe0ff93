"""The built-in ears: Whisper, hearing a whole episode in batches, with the time of every word.

The script is never shown to the model: what it reads in a prompt it also hears.
"""

import functools
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.transcribe import Segment
from tqdm import tqdm

from studio.audio.decode import stream
from studio.audio.mono import RATE_HZ, Mono
from studio.audio.tempo import Tempo
from studio.domain.errors import EarsError
from studio.domain.hearing import HeardWord
from studio.engine.ports import Report
from studio.engine.privacy import silence_telemetry
from studio.quality import models
from studio.quality.windows import Window, Windows, halves

_FASTER = 1.5  # the first hearing; a third of the work is saved, and hardly a word lost
_BATCH = 4  # windows at once: 16 need 1.5 GB a process and are no faster
_FRAMES_PER_S = 100  # of Whisper's spectrogram
# Whisper's own limits (Radford et al. 2022, section 4.5): text that compresses better than this is a loop, and a mean
# log probability under that is a guess.
_LOOP = 2.4
_GUESS = -1.0
_NO_SPEECH = 0.6
# Whisper breaks inside of figures (“$8” “.71”): what follows a figure without a space belongs to it.
_GOES_ON = re.compile(r"[.,:/]?\d|%")
_SHORTEST = RATE_HZ // 10  # samples; there is no word in less


class FirstHearing:
    """A listener that hears every word of what it is fed, sped up, in windows side by side.

    `words` is complete after `finish`, in order of time. Memory does not grow with the length of the sound. Raises
    `EarsError` for a model that is missing or fails, and `DiskFullError` where there is no room to join it.
    """

    def __init__(self, model: str, cache: Path | None = None) -> None:
        self.words: list[HeardWord] = []
        self._ears = BatchedInferencePipeline(load(model, cache))
        self._tempo = Tempo(RATE_HZ, _FASTER)
        self._windows = Windows()
        self._waiting: list[Window] = []

    def feed(self, samples: Mono) -> None:
        """The next samples, 16 kHz mono."""
        self._hear(self._windows.feed(self._tempo.feed(samples)), least=_BATCH)

    def finish(self) -> None:
        """There are no more."""
        self._hear(self._windows.feed(self._tempo.finish()), least=_BATCH)
        self._hear(self._windows.finish(), least=1)

    def _hear(self, windows: Sequence[Window], least: int) -> None:
        self._waiting += windows
        while len(self._waiting) >= least:
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            for word in _guarded(self._ears, batch):
                start, end = word.start_s * _FASTER, word.end_s * _FASTER
                self.words.append(HeardWord(word.text, start, end, word.probability))


def hear(
    report: Report, audio: Path, model: str, duration_s: float, *, cache: Path | None = None
) -> tuple[HeardWord, ...]:
    """Every word of the file `audio`, in order of time, as the hearing model `model` hears it.

    `duration_s` is for the progress only; `cache` is where a model is joined (see `models.folder`). Raises `AudioError`
    for a file that cannot be decoded, otherwise like `FirstHearing`.
    """
    hearing = FirstHearing(model, cache)
    heard = 0
    for block in stream(audio, RATE_HZ, 1):
        hearing.feed(block[0])
        heard += block.shape[1]
        report(min(1.0, heard / RATE_HZ / duration_s) if duration_s > 0 else 1.0)
    hearing.finish()
    return tuple(hearing.words)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was heard in one window, and how much it is worth."""

    words: Sequence[HeardWord]
    log_probability: float
    compression: float

    @property
    def doubtful(self) -> bool:
        return self.compression > _LOOP or self.log_probability < _GUESS


def _guarded(ears: BatchedInferencePipeline, batch: Sequence[Window]) -> Iterator[HeardWord]:
    """The words of a batch.

    A window that came out as a loop or a guess is heard again, cut in two, and the surer hearing counts.
    """
    for window, heard in zip(batch, _hear(ears, batch), strict=True):
        if not heard.doubtful:
            yield from heard.words
            continue
        again = _hear(ears, halves(window))
        if all(half.compression <= _LOOP for half in again) and (
            heard.compression > _LOOP or min(half.log_probability for half in again) > heard.log_probability
        ):
            for half in again:
                yield from half.words
        else:
            yield from heard.words


def _hear(ears: BatchedInferencePipeline, batch: Sequence[Window]) -> list[_Heard]:
    """Hear windows side by side. What the model itself takes for no speech is left out."""
    sound = np.concatenate([window.samples for window in batch])
    ends = np.cumsum([len(window.samples) for window in batch])
    starts = ends - [len(window.samples) for window in batch]
    clips = [
        {"start": start / RATE_HZ, "end": end / RATE_HZ}
        for start, end in zip(starts, ends, strict=True)
        if end - start >= _SHORTEST
    ]
    segments: list[list[Segment]] = [[] for _ in batch]
    if clips:
        try:
            found, _ = ears.transcribe(
                sound,
                language="en",
                beam_size=1,
                temperature=0.0,
                condition_on_previous_text=False,
                word_timestamps=True,
                clip_timestamps=clips,
                batch_size=_BATCH,
            )
            for segment in found:
                position = segment.seek / _FRAMES_PER_S * RATE_HZ + RATE_HZ / _FRAMES_PER_S
                segments[bisect_right(starts, position) - 1].append(segment)
        except RuntimeError as error:  # CTranslate2 has no other
            raise EarsError(
                f"The hearing model failed ({error}).", "Try again; if it happens again, choose another."
            ) from error
    return [
        _heard(window, float(start) / RATE_HZ, found)
        for window, start, found in zip(batch, starts, segments, strict=True)
    ]


def _heard(window: Window, clip_s: float, segments: Sequence[Segment]) -> _Heard:
    words: list[HeardWord] = []
    for segment in segments:
        if segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _GUESS:
            continue
        for word in segment.words or ():
            start = min(max(window.start_s, word.start - clip_s + window.start_s), window.end_s)
            end = min(max(start, word.end - clip_s + window.start_s), window.end_s)
            new = HeardWord(word.word.strip(), float(start), float(end), float(word.probability))
            if words and _GOES_ON.match(word.word) and words[-1].text[-1:].isdecimal():
                before = words.pop()
                sure = min(before.probability, new.probability)
                new = HeardWord(before.text + new.text, before.start_s, new.end_s, sure)
            words.append(new)
    return _Heard(
        words,
        min((segment.avg_logprob for segment in segments), default=0.0),
        max((segment.compression_ratio for segment in segments), default=0.0),
    )


@functools.cache
def load(name: str, cache: Path | None) -> WhisperModel:
    """The model, loaded once a process: on the graphics card where one works, else on one core."""
    silence_telemetry()  # faster-whisper finds speech with ONNX Runtime
    # The progress bars that faster-whisper never shows would each leave a semaphore behind when the process is ended.
    tqdm.set_lock(threading.RLock())
    path = str(models.folder(name, cache))
    if ctranslate2.get_cuda_device_count() and (ears := _on_cuda(path)) is not None:
        return ears
    try:
        # One thread: two processes with one thread each hear more than one process with two.
        model = WhisperModel(path, device="cpu", compute_type="int8", cpu_threads=1, num_workers=1)
    except (RuntimeError, ValueError) as error:
        raise EarsError(
            f"The hearing model “{name}” could not be loaded ({error}).", "Run batchcast doctor."
        ) from error
    return model


def _on_cuda(path: str) -> WhisperModel | None:
    """The model on the graphics card, or None where its libraries are not all there, which only shows in use."""
    try:
        model = WhisperModel(path, device="cuda", compute_type="auto")
        model.encode(np.zeros((model.feature_extractor.mel_filters.shape[0], 3000), np.float32))
    except (RuntimeError, ValueError):
        return None
    return model
