"""The built-in ears: Whisper, hearing a whole episode in batches, with the time of every word.

The script is never shown to the model: what it reads in a prompt it also hears.
"""

import functools
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from tqdm import tqdm

from studio.audio.decode import stream
from studio.audio.mono import RATE_HZ, Mono
from studio.audio.tempo import Tempo
from studio.domain.errors import EarsError
from studio.domain.hearing import HeardWord
from studio.engine.ports import Report
from studio.engine.privacy import silence_telemetry
from studio.quality import models
from studio.quality.batches import Batches, Heard
from studio.quality.windows import Window, Windows, halves

_FASTER = 1.5  # the first hearing; a third of the work is saved, and hardly a word lost
# Whisper breaks inside of figures (“$8” “.71”): what follows a figure without a space belongs to it.
_GOES_ON = re.compile(r"[.,:/]?\d|%")


class FirstHearing:
    """A listener that hears every word of what it is fed, sped up, in short windows side by side.

    `words` is complete after `finish`, in order of time. Memory does not grow with the length of the sound. Raises
    `EarsError` for a model that is missing or fails, and `DiskFullError` where there is no room to join it.
    """

    def __init__(self, model: str, cache: Path | None = None) -> None:
        self.words: list[HeardWord] = []
        self._batches = Batches(load(model, cache))
        self._tempo = Tempo(RATE_HZ, _FASTER)
        self._windows = Windows()

    def feed(self, samples: Mono) -> None:
        """The next samples, 16 kHz mono."""
        self._hear(self._windows.feed(self._tempo.feed(samples)))

    def finish(self) -> None:
        """There are no more."""
        self._hear([*self._windows.feed(self._tempo.finish()), *self._windows.finish()])

    def _hear(self, windows: Sequence[Window]) -> None:
        for word in _guarded(self._batches, windows):
            self.words.append(replace(word, start_s=word.start_s * _FASTER, end_s=word.end_s * _FASTER))


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


def _guarded(batches: Batches, windows: Sequence[Window]) -> Iterator[HeardWord]:
    """The words of windows, in order.

    A window that came out as a loop or a guess, or breaks off, is heard again as Whisper has learned to hear: filled
    up to 30 s; then so cut in two. The surest hearing counts.
    """
    for window, first in zip(windows, batches.hear(windows), strict=True):
        heard = _placed([window], [first])
        for parts in ([window], halves(window)):
            if not heard.doubtful:
                break
            again = _placed(parts, [batches.hear([part], closely=True)[0] for part in parts])
            heard = max(heard, again, key=lambda each: (not each.loop, not each.broken_off, each.log_probability))
        yield from _figures_joined(heard.words)


def _placed(windows: Sequence[Window], parts: Sequence[Heard]) -> Heard:
    """What was heard in windows that follow one another, as one, at its time; the least sure of them counts."""
    words = [
        replace(
            word,
            start_s=min(window.start_s + word.start_s, window.end_s),
            end_s=min(window.start_s + word.end_s, window.end_s),
        )
        for window, part in zip(windows, parts, strict=True)
        for word in part.words
    ]
    return Heard(
        words,
        min(part.log_probability for part in parts),
        max(part.compression for part in parts),
        max(part.left_s for part in parts),
    )


def _figures_joined(words: Iterable[HeardWord]) -> list[HeardWord]:
    joined: list[HeardWord] = []
    for word in words:
        new = replace(word, text=word.text.strip())
        if joined and _GOES_ON.match(word.text) and joined[-1].text[-1:].isdecimal():
            before = joined.pop()
            sure = min(before.probability, new.probability)
            new = HeardWord(before.text + new.text, before.start_s, new.end_s, sure)
        if new.text:
            joined.append(new)
    return joined


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
