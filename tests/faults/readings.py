"""Episodes read by the built-in voice, sentence by sentence, so that single sentences can be said otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm, Utterance
from studio.voices.builtin_phonemes import text_phonemes
from studio.voices.builtin_worker import RATE_HZ, cut_phonemes, load, seed_of, trimmed

Sound = NDArray[np.float32]
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
SAMPLES = Path(__file__).parents[1] / "audio" / "samples"
CHARACTERS_PER_S = 16.0  # with pauses; to choose an excerpt of about the wanted length
GAP_S = 0.12  # between two breaths of one sentence


@dataclass(frozen=True, slots=True)
class Speaker:
    """The built-in voice, or somebody else made of it: the pitch times `pitch`, the resonances times `resonance`."""

    pitch: float = 1.0
    resonance: float = 1.0


HEART = Speaker()


def texts(*, aside: bool) -> list[Path]:
    """The texts that episodes are made of; those `aside` are never looked at while anything is tuned."""
    found = sorted(CORPUS.glob("*--*.md")) if CORPUS.is_dir() else sorted(SAMPLES.glob("*.md"))
    return [path for number, path in enumerate(found) if number % 2 == int(aside)]


@cache
def whole(path: Path) -> SpokenForm:
    """A text as it is to be spoken."""
    return spoken_form(ScriptIntake().read(path), Settings())


@cache
def vocabulary(path: Path) -> tuple[str, ...]:
    """Words of a text with meaning in them: of five letters or more, and no names."""
    words = {word.text for utterance in whole(path).utterances for word in utterance.words}
    return tuple(sorted(word for word in words if re.fullmatch(r"[a-z]{5,}", word)))


def excerpt(path: Path, seconds: float, random: np.random.Generator) -> SpokenForm:
    """Consecutive utterances of a text, of about that length, beginning anywhere."""
    utterances = whole(path).utterances
    wanted = round(seconds * CHARACTERS_PER_S)
    lengths = np.cumsum([len(utterance.text) for utterance in utterances])
    latest = int(np.searchsorted(lengths, max(0, lengths[-1] - wanted)))
    first = int(random.integers(0, latest + 1))
    before = int(lengths[first - 1]) if first else 0
    last = min(len(utterances), int(np.searchsorted(lengths, before + wanted)) + 1)
    return SpokenForm(path.stem, utterances[first:last], ())


def say(text: str, seed: int, speaker: Speaker = HEART) -> Sound:
    """One sentence, 24 kHz mono; with `HEART` sample for sample what the product's voice says."""
    from hibari import dsp

    voice = load("heart")
    random = np.random.default_rng(seed_of(seed, text))
    parts: list[Sound] = []
    for phonemes in cut_phonemes(text_phonemes(voice.g2p, text)):
        if not any(map(str.isalpha, phonemes)):
            continue
        feeds = {"ids": np.asarray([voice.ids(phonemes)], np.int64), "speed": np.asarray([1.0], np.float32)}
        *spectra, pitch = (output[0] for output in voice.sess.run(None, feeds))
        if speaker != HEART:
            spectra = [_warped(spectrum, speaker.resonance) for spectrum in spectra]
        run = trimmed(dsp.synth(*spectra, pitch * np.float32(speaker.pitch), random))
        if len(run):
            parts += [np.zeros(round(GAP_S * RATE_HZ), np.float32), run] if parts else [run]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _warped(spectrum: Sound, resonance: float) -> Sound:
    bins = np.arange(len(spectrum)) / resonance
    low = np.clip(bins.astype(int), 0, len(spectrum) - 2)
    share = np.clip(bins - low, 0, 1)[:, None].astype(np.float32)
    return np.asarray(spectrum[low] * (1 - share) + spectrum[low + 1] * share, np.float32)


def words_of(text: str) -> list[str]:
    """A sentence cut at its spaces."""
    return text.split()


def altered(utterance: Utterance, words: Sequence[str]) -> str:
    """The sentence made of other words, with the end mark of the first."""
    text = " ".join(words).rstrip(",;:—- ")
    end = utterance.text.rstrip("”’\"') ")[-1:]
    return text if text.endswith((".", "!", "?")) else text + (end if end in ".!?" else ".")
