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
_CUT_S = 3.0  # of sound sped up; a window that is shorter is not cut any further
# Whisper breaks inside of figures (“$8” “.71”) and at stops (“p” “.m.”, “paper” “.com”): what follows without a space
# belongs to what is before.
_GOES_ON = re.compile(r"[.,:/]?\d|%")
_STOPS_AT = re.compile(r"\.[A-Za-z]\b|\.[a-z]")
_CURRENCY = "$£€"  # Whisper puts a space behind it at times

_Part = tuple[Window, Heard]


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
    """The words of windows, in order."""
    for window, first in zip(windows, batches.hear(windows), strict=True):
        words = [word for part, heard in _surest(batches, window, first) for word in _placed(part, heard)]
        yield from joined(words)


def _surest(batches: Batches, window: Window, first: Heard) -> list[_Part]:
    """What is heard in a window: `first`, or where that is a loop or a guess, or breaks off, the surest other hearing.

    It is heard again as Whisper has learned to hear, filled up to 30 s. Where the ears lose their way even so, it is
    cut in two at a pause, and so on down to a few seconds: one word that nobody can hear does not cost them the rest.
    """
    found = [(window, first)]
    if first.doubtful:
        close = batches.hear([window], closely=True)[0]
        found = min(found, [(window, close)], key=_doubt)
        if close.refrain and close.sure:
            return found  # it is said so often: cutting it in ever smaller parts would tell no more
    if not found[0][1].lost or window.length_s < _CUT_S:
        return found
    parts = [each for half in halves(window) for each in _surest(batches, half, batches.hear([half])[0])]
    return min(found, parts, key=_doubt)


def _doubt(parts: Sequence[_Part]) -> tuple[float, float, float]:
    """How much of a hearing is lost, in seconds, how much of a loop that is, and how unsure the least sure part is."""
    lost = [(window, heard) for window, heard in parts if heard.lost]
    return (
        sum(window.length_s for window, _ in lost),
        max((heard.compression for _, heard in lost), default=0.0),
        -min(heard.log_probability for _, heard in parts),
    )


def _placed(window: Window, heard: Heard) -> Iterator[HeardWord]:
    """The words of a window, at their time."""
    for word in heard.told():
        start_s, end_s = (min(window.start_s + time_s, window.end_s) for time_s in (word.start_s, word.end_s))
        yield replace(word, start_s=start_s, end_s=end_s)


def joined(words: Iterable[HeardWord]) -> list[HeardWord]:
    """What Whisper breaks put together again; words without the space that it puts before them."""
    whole: list[HeardWord] = []
    for word in words:
        new = replace(word, text=word.text.strip())
        end = whole[-1].text[-1:] if whole else ""
        if (
            (end.isdecimal() and _GOES_ON.match(word.text))
            or (end.isalpha() and _STOPS_AT.match(word.text))
            or (whole and whole[-1].text in _CURRENCY and new.text[:1].isdecimal())
        ):
            before = whole.pop()
            sure = min(before.probability, new.probability)
            new = HeardWord(before.text + new.text, before.start_s, new.end_s, sure)
        if new.text:
            whole.append(new)
    return whole


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
