"""The built-in ears: Whisper, hearing a whole episode in batches, with the time of every word.

The script is never shown to the model: what it reads in a prompt it also hears.
"""

import functools
import os
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
from studio.quality.rehearing import Rehearing
from studio.quality.windows import Window, Windows

_FASTER = 1.5  # the first hearing; a third of the work is saved, and hardly a word lost
# Whisper breaks inside of figures (“$8” “.71”) and at stops (“p” “.m.”, “paper” “.com”): what follows without a space
# belongs to what is before.
_GOES_ON = re.compile(r"[.,:/]?\d|%")
_STOPS_AT = re.compile(r"\.[A-Za-z]\b|\.[a-z]")
_CURRENCY = "$£€"  # Whisper puts a space behind it at times


class FirstHearing:
    """A listener that hears every word of what it is fed, sped up, in short windows side by side.

    `words` is complete after `finish`, in order of time. Memory does not grow with the length of the sound. Raises
    `EarsError` for a model that is missing or fails, and `DiskFullError` where there is no room to join it.
    """

    def __init__(self, model: str, cache: Path | None = None) -> None:
        self.words: list[HeardWord] = []
        self._ears = Rehearing(Batches(load(model, cache)))
        self._tempo = Tempo(RATE_HZ, _FASTER)
        self._windows = Windows()

    def feed(self, samples: Mono) -> None:
        """The next samples, 16 kHz mono."""
        self._hear(self._windows.feed(self._tempo.feed(samples)))

    def finish(self) -> None:
        """There are no more."""
        self._hear([*self._windows.feed(self._tempo.finish()), *self._windows.finish()])

    def _hear(self, windows: Sequence[Window]) -> None:
        for parts in self._ears.hear(windows):
            for word in joined(word for window, heard in parts for word in _placed(window, heard)):
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
    _widen_vectors()
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


def _widen_vectors() -> None:
    """Let CTranslate2 use AVX-512, which by itself it never does: a tenth less to encode.

    Only where the processor has VNNI too; those do not slow their clock for it. To be called before the first model.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split()
    except OSError:  # not Linux
        return
    if {"avx512f", "avx512cd", "avx512vl", "avx512bw", "avx512dq", "avx512_vnni"} <= set(flags):
        os.environ.setdefault("CT2_FORCE_CPU_ISA", "AVX512")


def _on_cuda(path: str) -> WhisperModel | None:
    """The model on the graphics card, or None where its libraries are not all there, which only shows in use."""
    try:
        model = WhisperModel(path, device="cuda", compute_type="auto")
        model.encode(np.zeros((model.feature_extractor.mel_filters.shape[0], 3000), np.float32))
    except (RuntimeError, ValueError):
        return None
    return model
