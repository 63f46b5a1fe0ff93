"""The built-in voice at work: a job for a worker process, which keeps the model for the next job."""

import hashlib
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.domain.errors import VoiceError
from studio.domain.sound import Mark
from studio.domain.spoken import MarkKind, Utterance
from studio.engine.ports import Report
from studio.engine.privacy import silence_telemetry
from studio.voices.builtin import assets
from studio.voices.builtin_phonemes import sentence_phonemes, text_phonemes
from studio.voices.speak_job import SpeakJob
from studio.voices.unknown_words import UnknownWords

if TYPE_CHECKING:
    from hibari import Hibari

Samples: TypeAlias = NDArray[np.float32]

RATE_HZ = 24_000  # what hibari gives

# The model begins and ends every run with 0.2 to 0.5 s of silence of its own. What is below -55 dBFS (45 dB under its
# speech) goes, so that the pauses are those of the settings; a little is kept on each side for what the measure misses.
_WINDOW = RATE_HZ // 200  # 5 ms
_SILENT_RMS = 10 ** (-55 / 20)
_KEPT_BEFORE = 1  # windows
_KEPT_AFTER = 3
_FADE = _WINDOW  # samples, against a click where the sound was cut

_LONGEST_RUN = 250  # phonemes; the model takes more, but its memory grows by half
_RUN_GAP_S = 0.12  # between two runs of one utterance
_WRITTEN_AT_ONCE_S = 1.0  # of silence


def speak_utterances(report: Report, job: SpeakJob) -> tuple[Mark, ...]:
    """Speak them one after the other, each followed by its pause; returns where each one sounds, exact to the sample.

    24 kHz mono, 16 bit, written as it is spoken, so that memory does not grow with length. Every utterance has a seed
    of its own, made of the job's and of its text: the same job gives the same bytes, and a changed sentence leaves the
    others as they were. An utterance in which the model finds nothing to say gets a mark without length. Raises
    `VoiceError`.
    """
    from studio.audio.encode import FlacWriter

    voice = load(job.voice)
    characters = sum(len(utterance.text) for utterance in job.utterances)
    marks: list[Mark] = []
    position = spoken = 0
    with FlacWriter(job.out, RATE_HZ) as flac:
        for number, utterance in enumerate(job.utterances, job.first):
            start = position
            for run in _runs(voice, utterance, job.speed, seed_of(job.seed, utterance.text)):
                flac.write(run)
                position += len(run)
            marks.append(Mark(number, utterance.start, utterance.end, start / RATE_HZ, position / RATE_HZ))
            pause = round(utterance.pause_after_s * RATE_HZ)
            for silence in _silence(pause):
                flac.write(silence)
            position += pause
            spoken += len(utterance.text)
            report(spoken / max(characters, 1))
        if not any(mark.end_s > mark.start_s for mark in marks):
            raise VoiceError("The built-in voice found nothing to say in this text.", "It speaks English only.")
    return tuple(marks)


def seed_of(seed: int, text: str) -> int:
    """An utterance's own seed."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{text}".encode("utf-8", "surrogatepass")).digest()[:8])


@cache
def load(name: str) -> "Hibari":
    """The model of a voice, loaded once per process. Raises `VoiceError` when it is not here; nothing is downloaded."""
    silence_telemetry()
    from hibari import Hibari
    from hibari.g2p import G2P
    from hibari.g2p.oov import OOV
    from hibari.voices import VOICES, voice_path

    if name not in VOICES:
        raise VoiceError(f"There is no built-in voice “{name}”.", f"Choose one of {', '.join(VOICES)}.")
    try:
        path = voice_path(name, download_missing=False)
    except FileNotFoundError as missing:
        fetch = f"python -c \"from hibari.voices import voice_path; voice_path('{name}')\""
        raise VoiceError(
            f"The voice “{name}” is not on this machine yet.", f"Use builtin:heart, or fetch it once with: {fetch}"
        ) from missing
    try:
        british = VOICES[name]["british"]
        net = OOV(str(assets() / ("oov_gb.onnx" if british else "oov.onnx")))
        return Hibari(name, model=path, g2p=G2P(oov=UnknownWords(net), british=british))
    except Exception as error:  # onnxruntime has no error class of its own for a damaged file
        raise VoiceError(
            f"The voice “{name}” cannot be loaded: {error}.", f"Delete {path} and fetch it anew."
        ) from error


def trimmed(sound: Samples) -> Samples:
    """`sound` (float32 mono at 24 kHz) without the silence around it, faded over 5 ms; empty where all is silent."""
    count = len(sound) // _WINDOW
    power = np.square(sound[: count * _WINDOW]).reshape(count, _WINDOW).mean(axis=1)
    loud = np.flatnonzero(power > _SILENT_RMS**2)
    if not len(loud):
        return sound[:0]
    first = max(int(loud[0]) - _KEPT_BEFORE, 0) * _WINDOW
    last = (int(loud[-1]) + 1 + _KEPT_AFTER) * _WINDOW
    kept = sound[first:last].copy()
    slope = np.linspace(0, 1, _FADE, endpoint=False, dtype=np.float32)
    kept[:_FADE] *= slope
    kept[-_FADE:] *= slope[::-1]
    return kept


def cut_phonemes(phonemes: str) -> Iterator[str]:
    """Phonemes in runs of at most 250: cut behind the last clause mark, else at the last space, else anywhere."""
    while len(phonemes) > _LONGEST_RUN:
        head = phonemes[:_LONGEST_RUN]
        mark = max(head.rfind(mark + " ") for mark in ",;:—.!?…")
        cut = mark + 1 if mark > _LONGEST_RUN // 4 else head.rfind(" ")
        cut = cut if cut > 0 else _LONGEST_RUN
        yield phonemes[:cut]
        phonemes = phonemes[cut:].lstrip()
    yield phonemes


def phonemes_of(voice: "Hibari", utterance: Utterance) -> str:
    """What the model is given for an utterance: words with phonemes of their own by these, all others by its rules."""
    if utterance.marked(MarkKind.PHONEMES):
        return sentence_phonemes(voice.g2p, utterance)
    return text_phonemes(voice.g2p, utterance.text)


def _runs(voice: "Hibari", utterance: Utterance, speed: float, seed: int) -> Iterator[Samples]:
    """The sound of one utterance, in runs that the model takes, with a short gap between them."""
    random = np.random.default_rng(seed)
    gap = np.zeros(round(_RUN_GAP_S * RATE_HZ), np.float32)
    sounded = False
    for phonemes in cut_phonemes(phonemes_of(voice, utterance)):
        if not any(map(str.isalpha, phonemes)):
            continue  # of mere punctuation the model makes a noise
        run = trimmed(voice.from_ids(voice.ids(phonemes), speed, random))
        if len(run):
            if sounded:
                yield gap
            yield run
            sounded = True


def _silence(samples: int) -> Iterator[Samples]:
    block = round(_WRITTEN_AT_ONCE_S * RATE_HZ)
    while samples > 0:
        yield np.zeros(min(samples, block), np.float32)
        samples -= block
