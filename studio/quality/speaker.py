"""Who speaks, as 256 numbers: the speaker encoder that comes with the studio, and the mel spectrogram that it reads."""

import hashlib
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.audio.spectra import powers
from studio.domain.errors import EarsError
from studio.domain.health import Health
from studio.engine.privacy import silence_telemetry

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Embeddings: TypeAlias = NDArray[np.float32]
"""One row of unit length for each stretch of speech, shape (n, 256); no number is negative."""

SIZE: Final = 256
HOP: Final = 160  # samples at 16 kHz
LENGTH: Final = 400
FRAMES: Final = 160  # that the encoder was trained on
SAMPLES: Final = (FRAMES - 1) * HOP + LENGTH
"""Samples of 16 kHz mono from which one embedding is made (1.615 s)."""

_MODEL: Final = "speaker.onnx"
_COHORT: Final = "cohort.npy"
_SHA256: Final[Mapping[str, str]] = MappingProxyType(
    {
        _MODEL: "171bbe820635a61b14f598f8b7af12f7963f405899275e21495725365aa97fca",
        _COHORT: "0af7e8effb291b0dcc7d892784604168b6348ee85acf2a0ca0148d0de165c7bb",
    }
)
_LEVEL: Final = 10 ** (-30 / 20)  # RMS, as the encoder was trained (Resemblyzer's audio_norm_target_dBFS)
_CURE: Final = "Install Batchcast again; the model comes with it."


def models_folder() -> Path:
    """Where the models lie that come with the studio: inside the installed package, or beside it in a clone."""
    package = Path(__file__).parent.parent
    inside = package / "_resources"
    return (inside if inside.is_dir() else package.parent / "resources") / "models"


class Speaker:
    """The encoder of Resemblyzer 0.1.4 (GE2E, Wan et al. 2018, arXiv 1710.10467) on one thread of ONNX Runtime.

    `models` is the folder of the models that come with the studio, unless given. Raises `EarsError` where the model is
    missing or damaged.
    """

    def __init__(self, models: Path | None = None) -> None:
        self._session = _session(_read(models or models_folder(), _MODEL))

    def embed(self, sounds: NDArray[np.float32]) -> Embeddings:
        """The embedding of each row of 16 kHz mono, shape (n, SAMPLES). How loud a row is makes no difference."""
        if not len(sounds):
            return np.zeros((0, SIZE), np.float32)
        rms = np.sqrt(np.mean(np.square(sounds), axis=1, keepdims=True))
        result: Embeddings = self._session.run(None, {"mels": mel(sounds * (_LEVEL / np.maximum(rms, 1e-9)))})[0]
        return result


def mel(sounds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power mel spectrograms, shape (n, frames, 40), of rows of 16 kHz mono; each frame is 25 ms long, one every 10 ms.

    As `librosa.feature.melspectrogram(sr=16000, n_fft=400, hop_length=160, n_mels=40, center=False)`.
    """
    frames = np.lib.stride_tricks.sliding_window_view(sounds, LENGTH, axis=1)[:, ::HOP]
    window, bank = _tables()
    mels = np.empty((*frames.shape[:2], bank.shape[1]), np.float32)
    for row, out in zip(frames, mels, strict=True):
        np.matmul(powers(row, window), bank, out=out)
    return mels


def cohort(models: Path | None = None) -> Embeddings:
    """Voices to compare with, one row each; all are synthetic. Raises `EarsError` as `Speaker` does."""
    rows: Embeddings = np.load(io.BytesIO(_read(models or models_folder(), _COHORT))).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def health(models: Path | None = None) -> Health:
    """Whether the speaker model and the voices that it compares with are whole."""
    part = "Speaker model"
    try:
        size = sum(len(_read(models or models_folder(), name)) for name in _SHA256)
    except EarsError as error:
        return Health(part, works=False, detail=error.message, remedy=error.remedy)
    detail = f"{size / 1e6:.1f} MB, every sha256 is right (model {_SHA256[_MODEL][:12]}…)."
    return Health(part, works=True, detail=detail)


def _session(model: bytes) -> "InferenceSession":
    silence_telemetry()
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # they would keep memory, and save no time
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _read(folder: Path, name: str) -> bytes:
    """A file of the models folder, checked against its sha256."""
    path = folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EarsError(f"The speaker model cannot be read: {path} ({error.strerror}).", _CURE) from error
    if hashlib.sha256(content).hexdigest() != _SHA256[name]:
        raise EarsError(f"The speaker model is damaged: {path} is not what it should be.", _CURE)
    return content


@cache
def _tables() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The Hann window, shape (LENGTH,), and the filters, shape (LENGTH // 2 + 1, 40): Slaney's mel scale, areas 1."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / LENGTH)
    edges = _hertz(np.linspace(0, _mels(8000.0), 42))
    bins = np.arange(LENGTH // 2 + 1) * (16_000 / LENGTH)
    rising = (bins[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))
    return window.astype(np.float32), bank.astype(np.float32)


# Slaney's scale (Auditory Toolbox): linear to 1 kHz, 15 mels there, then 27 mels for each factor of 6.4.
_LINEAR: Final = 200 / 3
_BREAK: Final = 1000.0
_LOG: Final = np.log(6.4) / 27


def _mels(hertz: float) -> float:
    return float(_BREAK / _LINEAR + np.log(hertz / _BREAK) / _LOG)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mels < 15, mels * _LINEAR, _BREAK * np.exp(_LOG * (mels - 15)))
