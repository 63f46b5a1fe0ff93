"""Write resources/models/cohort.npy: voices to compare a voice with of which nothing was accepted yet.

    python packaging/export_cohort.py

Each row is the mean embedding of some sentences by one voice: the built-in voice, what becomes of it with another pitch
and other resonances, and those of the other built-in voices that are on this machine. All are synthetic, so that nobody
is recognised by it. Needs nothing but Batchcast; the speaker model must have been exported before.
"""

import argparse
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from hibari import dsp
from hibari.voices import VOICES
from hibari.voices import cache_dir as voice_home
from numpy.typing import NDArray

from studio.audio.decode import Resampler
from studio.quality.speaker import SAMPLES, Speaker
from studio.voices.builtin_worker import RATE_HZ, load, trimmed

PITCHES = (0.5, 0.6, 0.72, 0.85, 1.0, 1.18, 1.4)
RESONANCES = (0.82, 0.88, 0.94, 1.0, 1.07, 1.15)
TEXTS = (
    "The lighthouse keeper counted seventeen ships before breakfast, and wrote every name into his book.",
    "Nobody expected the storm that came in the first week of October; by midnight three boats had lost their anchors.",
    "What would you have done, she asked, if the bridge had not been there at all?",
    "Good work is quiet: it shows in the joints of a table, and in the way a door closes.",
)


def spoken(voice: str, pitch: float, resonance: float) -> Iterator[NDArray[np.float32]]:
    """The sentences, 24 kHz mono, with the pitch and the resonances of the voice multiplied."""
    model = load(voice)
    for number, text in enumerate(TEXTS):
        feeds = {"ids": np.asarray([model.ids(model.g2p(text))], np.int64), "speed": np.asarray([1.0], np.float32)}
        *spectra, melody = (output[0] for output in model.sess.run(None, feeds))
        if resonance != 1:
            spectra = [warped(spectrum, resonance) for spectrum in spectra]
        yield trimmed(dsp.synth(*spectra, melody * np.float32(pitch), np.random.default_rng(number)))


def warped(spectrum: NDArray[np.float32], resonance: float) -> NDArray[np.float32]:
    """A spectral envelope, shape (bins, frames), moved up by a factor."""
    bins = np.arange(len(spectrum)) / resonance
    low = np.clip(bins.astype(int), 0, len(spectrum) - 2)
    share = np.clip(bins - low, 0, 1)[:, None].astype(np.float32)
    return np.asarray(spectrum[low] * (1 - share) + spectrum[low + 1] * share, np.float32)


def centre(speaker: Speaker, sounds: Iterator[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The mean embedding of what is spoken, of unit length."""
    pieces = []
    for sound in sounds:
        resampler = Resampler(RATE_HZ, 16_000, 1)
        mono = np.concatenate([resampler.feed(sound[None]), resampler.finish()], axis=1)[0]
        pieces += [mono[at : at + SAMPLES] for at in range(0, len(mono) - SAMPLES, SAMPLES // 2)]
    mean = speaker.embed(np.stack(pieces)).mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def main() -> None:
    """Speak, embed, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = Path(__file__).resolve().parent.parent
    parser.add_argument("--out", type=Path, default=here / "resources" / "models" / "cohort.npy")
    out: Path = parser.parse_args().out
    others = [name for name in VOICES if name != "heart" and Path(voice_home(), str(VOICES[name]["file"])).exists()]
    kinds = [("heart", pitch, resonance) for pitch in PITCHES for resonance in RESONANCES]
    kinds += [(name, 1.0, 1.0) for name in others]
    speaker = Speaker()
    rows = np.stack([centre(speaker, spoken(*kind)) for kind in kinds]).astype(np.float16)
    np.save(out, rows)
    print(f"{out}: {len(rows)} voices, sha256 {hashlib.sha256(out.read_bytes()).hexdigest()}")  # noqa: T201


if __name__ == "__main__":
    main()
