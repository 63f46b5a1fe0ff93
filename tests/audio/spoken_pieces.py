"""Real speech in pieces, as a vendor's voice would give them: leads, tails, levels and room tones of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.audio.decode import stream
from studio.domain.sound import Mark
from studio.domain.spoken import Utterance
from studio.voices.builtin_worker import speak_utterances
from studio.voices.speak_job import SpeakJob
from tests.audio.audio_samples import Wave
from tests.fakes.catalogue import FORMATS
from tests.fakes.sound import encoded

RATE_HZ = 24_000  # of the built-in voice
_SAMPLES = Path(__file__).parent / "samples"  # the beginnings of chapters by Thoreau and Russell, public domain
_LENGTHS = range(25, 120)  # characters


@dataclass(frozen=True)
class Line:
    """One sentence, its sound (n,) at 24 kHz without silence around it, and the pause that is asked for behind it."""

    text: str
    wave: Wave
    pause_s: float


def lines(name: str, first: int, count: int, seed: int, scratch: Path) -> list[Line]:
    """Some sentences of a text, spoken by the built-in voice."""
    text = (_SAMPLES / f"{name}.md").read_text("utf-8")
    paragraphs = [part for part in text.split("\n\n") if part.strip() and part[0] not in "#>-"]
    sentences = [re.split(r"(?<=[.!?;])\s+", part.strip().replace("\n", " ")) for part in paragraphs]
    texts = [(one, 0.6 if one is part[-1] else 0.3) for part in sentences for one in part if len(one) in _LENGTHS]
    texts = texts[first : first + count]
    utterances = tuple(Utterance(text, 0, len(text), ()) for text, _ in texts)
    marks = speak_utterances(lambda _: None, SpeakJob(scratch / "lines.flac", "heart", seed, 1.0, 0, utterances))
    wave = np.concatenate([block[0] for block in stream(scratch / "lines.flac")])
    return [
        Line(text, wave[round(mark.start_s * RATE_HZ) : round(mark.end_s * RATE_HZ)], pause_s)
        for (text, pause_s), mark in zip(texts, marks, strict=True)
    ]


@dataclass(frozen=True)
class Spoken:
    """A body: its sound (1, n) at 24 kHz, what it says, and where each utterance really is."""

    wave: Wave
    utterances: tuple[Utterance, ...]
    marks: tuple[Mark, ...]

    @property
    def seconds(self) -> float:
        return float(self.wave.shape[1] / RATE_HZ)

    def scaled(self, factor: float, *, to_the_end: bool = False) -> tuple[Mark, ...]:
        """The marks as a vendor gives them: all too short by a factor, the last one with the silence behind it."""
        marks = [(mark.utterance, mark.start_s * factor, mark.end_s * factor) for mark in self.marks]
        if to_the_end:
            marks[-1] = (marks[-1][0], marks[-1][1], self.seconds * factor)
        return tuple(Mark(number, 0, 1, start, end) for number, start, end in marks)


def body(
    spoken: Sequence[Line],
    rng: np.random.Generator,
    *,
    first: int = 0,
    gain_db: float = 0.0,
    noise_db: float | None = None,
    tail_s: float | None = None,
    strict: bool = False,
) -> Spoken:
    """Lines one after the other. Pauses vary as those of a voice do (not where `strict`), the ends as a vendor's do."""
    wave = [np.zeros(round(rng.uniform(0, 0.05) * RATE_HZ), np.float32)]
    position, marks = len(wave[0]), []
    for index, line in enumerate(spoken):
        start, position = position, position + len(line.wave)
        marks.append(Mark(first + index, 0, 1, start / RATE_HZ, position / RATE_HZ))
        pause_s = line.pause_s * (1.0 if strict else rng.uniform(0.8, 1.5))
        if index == len(spoken) - 1:
            pause_s = rng.uniform(0, 0.83) if tail_s is None else tail_s
        wave += [line.wave, np.zeros(round(pause_s * RATE_HZ), np.float32)]
        position += len(wave[-1])
    sound = np.concatenate(wave) * np.float32(0.5 * 10 ** (gain_db / 20))
    if noise_db is not None:
        sound = sound + 10 ** (noise_db / 20) * rng.standard_normal(len(sound))
    utterances = tuple(Utterance(line.text, 0, 1, (), line.pause_s) for line in spoken)
    return Spoken(sound.astype(np.float32)[None], utterances, tuple(marks))


def mp3(path: Path, wave: Wave) -> Path:
    """As a vendor streams it: 44.1 kHz, 128 kbit/s, no header that states a length."""
    path.write_bytes(encoded(wave[0], RATE_HZ, FORMATS["mp3_44100_128"]))
    return path
