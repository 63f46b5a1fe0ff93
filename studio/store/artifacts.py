"""Files kept by the hash of their content: keeps the engine's `Artifacts` protocol.

    artifacts/ab/cdef….mp3     what is kept; never changed, never overwritten
    incoming/17.mp3            the body of purchase 17, until that is over; it outlives the program
    scratch/TOKEN/             what one running copy of the program is writing
    scratch/TOKEN.lock         held by that copy as long as it runs

All of it lies on the same disk, so that a file gets to its place by a rename, whole or not at all.
"""

import asyncio
import errno
import hashlib
import os
import secrets
import shutil
import stat
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from studio.domain.errors import DiskFullError
from studio.domain.take import Artifact
from studio.store.failures import file_failures, only_looks
from studio.store.lease import FileLock

MARGIN = 256 * 2**20  # bytes that are never counted on: the database, logs and other programs need some too


class ArtifactStore:
    """The kept files under `root`, and a scratch folder of this process's own. Close it at the end.

    With `looking` it makes nothing: it tells what is kept, and takes nothing in.
    """

    def __init__(self, root: Path, margin: int = MARGIN, *, looking: bool = False) -> None:
        self._kept = root / "artifacts"
        self._incoming = root / "incoming"
        self._margin = margin
        shared = root / "scratch"
        self._scratch = shared / secrets.token_hex(8)
        self._lock = FileLock(self._scratch.with_suffix(".lock"))
        self._looking = looking
        if looking:
            return
        with file_failures(root):
            self._kept.mkdir(parents=True, exist_ok=True)
            self._incoming.mkdir(exist_ok=True)
            shared.mkdir(exist_ok=True)
            # While this is held, no other copy sweeps: a lock file is made and locked in two steps.
            with FileLock(shared / ".sweep"):
                _sweep(shared)
                self._lock.acquire(wait=True)
                self._scratch.mkdir()

    def scratch(self, suffix: str) -> Path:
        """A path for a file to be written, on the same disk as its final place.

        Raises `DiskFullError`, and `StoreError` where this copy of the program is only looking.
        """
        if self._looking:
            raise only_looks(self._kept.parent)
        self._check_room(0)
        return self._scratch / f"{secrets.token_hex(8)}{suffix}"

    async def keep(self, path: Path) -> Artifact:
        """Hash, fsync and move a scratch file to its place; the same content is kept once."""
        return await asyncio.to_thread(self._keep, path)

    async def keep_bytes(self, content: bytes, suffix: str) -> Artifact:
        """The same for bytes in hand."""
        return await asyncio.to_thread(self._keep_bytes, content, suffix)

    def incoming(self, attempt_id: int, suffix: str) -> Path:
        """Where the body of a purchase is written: on the same disk, and not swept when the program dies."""
        return self._incoming / f"{attempt_id}{suffix}"

    async def received(self, path: Path) -> None:
        """Bring a whole body to the disk (fsync), before the ledger says that it is there."""
        await asyncio.to_thread(_sync, path)

    async def keep_bought(self, path: Path) -> Artifact:
        """As `keep`, but the incoming file stays beside it until `drop` is called; it must not be written any more."""
        return await asyncio.to_thread(self._keep_bought, path)

    async def drop(self, path: Path) -> None:
        """Remove an incoming file, if it is there."""
        with file_failures(path):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def left(self) -> Mapping[int, Sequence[Path]]:
        """Incoming files by the attempts that they belong to."""
        found = defaultdict(list)
        with file_failures(self._incoming):
            for path in self._incoming.iterdir():
                number = path.name.partition(".")[0]
                if number.isdecimal():
                    found[int(number)].append(path)
        return found

    def path(self, artifact: Artifact) -> Path:
        """Where it lies."""
        return self._kept / artifact.sha256[:2] / f"{artifact.sha256[2:]}{artifact.suffix}"

    def holds(self, artifact: Artifact) -> bool:
        """Whether its file is there, in its full length.

        Raises `StoreError` where the disk does not say: what it only does not show for the moment is not bought again.
        """
        path = self.path(artifact)
        with file_failures(path):
            try:
                found = path.stat()
            except FileNotFoundError:
                self._kept.stat()  # a folder that is gone as a whole is on a disk that is gone
                return False
        return stat.S_ISREG(found.st_mode) and found.st_size == artifact.size

    async def ensure_room(self, size: int) -> None:
        """Raise `DiskFullError` unless `size` more bytes fit, with a margin."""
        await asyncio.to_thread(self._check_room, size)

    def close(self) -> None:
        """Remove this process's scratch folder."""
        if self._looking:
            return
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._lock.release()
        self._lock.path.unlink(missing_ok=True)

    def _check_room(self, size: int) -> None:
        with file_failures(self._kept):
            free = shutil.disk_usage(self._kept).free
        if free < size + self._margin:
            raise DiskFullError(
                f"The disk that holds “{self._kept.parent}” has {_megabytes(free)} left; "
                f"{_megabytes(size + self._margin)} are needed to go on safely.",
                "Free some space there, or set BATCHCAST_HOME to a larger disk; everything finished is kept.",
            )

    def _keep(self, path: Path) -> Artifact:
        artifact = _hashed(path)
        if self.holds(artifact):
            path.unlink()
        else:
            self._place(path, artifact)
        return artifact

    def _keep_bought(self, path: Path) -> Artifact:
        artifact = _hashed(path)
        if not self.holds(artifact):
            twin = self._scratch / f"{secrets.token_hex(8)}{path.suffix}"
            with file_failures(twin):
                _link(path, twin)
            self._place(twin, artifact)
        return artifact

    def _place(self, path: Path, artifact: Artifact) -> None:
        """Move a file whose content is on the disk to where the artifact belongs."""
        place = self.path(artifact)
        with file_failures(place):
            if not place.parent.is_dir():
                place.parent.mkdir(exist_ok=True)
                _sync_folder(self._kept)
            path.replace(place)
            _sync_folder(place.parent)

    def _keep_bytes(self, content: bytes, suffix: str) -> Artifact:
        path = self._scratch / f"{secrets.token_hex(8)}{suffix}"
        with file_failures(path):
            try:
                path.write_bytes(content)
            except OSError:
                path.unlink(missing_ok=True)
                raise
        return self._keep(path)


def _sweep(shared: Path) -> None:
    """Remove the scratch folders of copies that ended without closing: those whose lock can be had."""
    for token in {path.stem for path in shared.iterdir() if not path.name.startswith(".")}:
        lock = FileLock(shared / f"{token}.lock")
        if lock.acquire(wait=False):
            shutil.rmtree(shared / token, ignore_errors=True)
            lock.release()
            lock.path.unlink(missing_ok=True)


def _hashed(path: Path) -> Artifact:
    """Of the file at `path`, whose content is on the disk afterwards."""
    with file_failures(path), path.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256")
        os.fsync(file.fileno())
        return Artifact(digest.hexdigest(), path.suffix, file.tell())


def _link(path: Path, twin: Path) -> None:
    """Give a file a second name, which takes no room; a copy where the file system has no links."""
    try:
        os.link(path, twin)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(path, twin)
        with twin.open("rb+") as file:
            os.fsync(file.fileno())


_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EINVAL}


def _sync(path: Path) -> None:
    with file_failures(path):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut; Windows does that by itself and cannot open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"
