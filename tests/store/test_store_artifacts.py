import asyncio
import errno
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.errors import DiskFullError, StoreError
from studio.domain.take import Artifact
from studio.engine.ports import Artifacts
from studio.store.artifacts import ArtifactStore

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArtifactStore]:
    opened = ArtifactStore(tmp_path)
    yield opened
    opened.close()


def kept_files(root: Path) -> list[Path]:
    return [path for path in (root / "artifacts").rglob("*") if path.is_file()]


def test_keeps_the_engines_protocol(store: ArtifactStore) -> None:
    artifacts: Artifacts = store
    assert isinstance(artifacts, ArtifactStore)


async def test_a_file_gets_to_its_place_whole(store: ArtifactStore, tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    scratch = store.scratch(".flac")
    scratch.write_bytes(content)
    artifact = await store.keep(scratch)
    assert artifact == Artifact(hashlib.sha256(content).hexdigest(), ".flac", len(content))
    assert store.path(artifact) == tmp_path / "artifacts" / artifact.sha256[:2] / f"{artifact.sha256[2:]}.flac"
    assert store.path(artifact).read_bytes() == content
    assert not scratch.exists()
    assert store.holds(artifact)


async def test_the_same_content_is_kept_once(store: ArtifactStore, tmp_path: Path) -> None:
    first = await store.keep_bytes(b"sound", ".mp3")
    before = store.path(first).stat()
    again = await asyncio.gather(*(store.keep_bytes(b"sound", ".mp3") for _ in range(20)))
    assert set(again) == {first}
    assert store.path(first).stat().st_ino == before.st_ino
    assert len(kept_files(tmp_path)) == 1
    assert await store.keep_bytes(b"sound", ".flac") != first


async def test_a_file_cut_short_is_put_right(store: ArtifactStore) -> None:
    artifact = await store.keep_bytes(b"a whole file", ".mp3")
    store.path(artifact).write_bytes(b"a who")
    assert not store.holds(artifact)
    assert await store.keep_bytes(b"a whole file", ".mp3") == artifact
    assert store.path(artifact).read_bytes() == b"a whole file"


@given(st.lists(st.tuples(st.binary(max_size=50), st.sampled_from(["", ".mp3", ".peaks"])), max_size=12))
@examples(max_examples=25, deadline=None)
def test_whatever_is_kept_is_found(tmp_path_factory: pytest.TempPathFactory, things: list[tuple[bytes, str]]) -> None:
    store = ArtifactStore(tmp_path_factory.mktemp("library"))

    async def keep_all() -> list[Artifact]:
        return [await store.keep_bytes(*thing) for thing in things]

    for artifact, (content, suffix) in zip(asyncio.run(keep_all()), things, strict=True):
        assert store.path(artifact).read_bytes() == content
        assert (artifact.suffix, artifact.size) == (suffix, len(content))
    store.close()


async def test_scratch_paths_differ_and_lie_on_the_same_disk(store: ArtifactStore, tmp_path: Path) -> None:
    paths = {store.scratch(".wav") for _ in range(100)}
    assert len(paths) == 100
    assert {path.parent.stat().st_dev for path in paths} == {(tmp_path / "artifacts").stat().st_dev}


async def test_room_is_made_sure_of(store: ArtifactStore, tmp_path: Path) -> None:
    await store.ensure_room(1)
    with pytest.raises(DiskFullError, match="MB left") as caught:
        await store.ensure_room(10**18)
    assert str(tmp_path) in caught.value.message
    greedy = ArtifactStore(tmp_path, margin=10**18)
    with pytest.raises(DiskFullError):
        greedy.scratch(".wav")
    greedy.close()


async def test_a_missing_scratch_file_gets_a_sentence(store: ArtifactStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"gone\.mp3"):
        await store.keep(tmp_path / "gone.mp3")


def test_a_root_that_cannot_be_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be used"):
        ArtifactStore(tmp_path / "file")


LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from studio.domain.errors import DiskFullError
from studio.store.artifacts import ArtifactStore

store = ArtifactStore(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    asyncio.run(store.keep_bytes(bytes(5_000_000), ".wav"))
except DiskFullError as error:
    print(error.message)
store.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is a POSIX one")
def test_a_disk_that_takes_no_more_gets_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    # To a writer a limit on the size of files is what a full disk is: a write that fails half-way.
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("There is no room left on the disk")
    assert not kept_files(tmp_path)
    assert os.strerror(errno.EFBIG) not in done.stderr


def scratch_folders(root: Path) -> list[Path]:
    return [path for path in (root / "scratch").iterdir() if path.is_dir()]


OWNER = """
import sys, time
from pathlib import Path
from studio.store.artifacts import ArtifactStore

store = ArtifactStore(Path(sys.argv[1]))
store.scratch(".wav").write_bytes(b"half a file")
print("ready", flush=True)
time.sleep(60)
"""


def test_only_the_scratch_of_the_dead_is_swept(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout
    owner.stdout.readline()
    (theirs,) = scratch_folders(tmp_path)
    first = ArtifactStore(tmp_path)
    assert theirs in scratch_folders(tmp_path)
    assert len(list(theirs.iterdir())) == 1
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    second = ArtifactStore(tmp_path)
    assert theirs not in scratch_folders(tmp_path)
    assert len(scratch_folders(tmp_path)) == 2
    first.close()
    second.close()
    assert [path.name for path in (tmp_path / "scratch").iterdir()] == [".sweep"]


async def test_a_bought_body_stays_until_it_is_dropped(store: ArtifactStore, tmp_path: Path) -> None:
    path = store.incoming(17, ".mp3")
    assert path == tmp_path / "incoming" / "17.mp3"
    path.write_bytes(b"paid sound")
    await store.received(path)
    artifact = await store.keep_bought(path)
    assert artifact == Artifact(hashlib.sha256(b"paid sound").hexdigest(), ".mp3", 10)
    assert store.path(artifact).read_bytes() == path.read_bytes() == b"paid sound"
    assert await store.keep_bought(path) == artifact  # a start after a crash does it again
    await store.drop(path)
    await store.drop(path)
    assert not path.exists()
    assert store.path(artifact).read_bytes() == b"paid sound"
    assert len(kept_files(tmp_path)) == 1
    (folder,) = scratch_folders(tmp_path)
    assert not list(folder.iterdir())


async def test_a_bought_body_takes_no_room_twice(store: ArtifactStore) -> None:
    path = store.incoming(1, ".mp3")
    path.write_bytes(b"paid sound")
    artifact = await store.keep_bought(path)
    assert store.path(artifact).stat().st_ino == path.stat().st_ino


async def test_a_bought_body_is_copied_where_there_are_no_links(
    store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object) -> None:
        raise OSError(errno.EPERM, "as FAT and some network disks say")

    monkeypatch.setattr(os, "link", no_link)
    path = store.incoming(1, ".mp3")
    path.write_bytes(b"paid sound")
    artifact = await store.keep_bought(path)
    assert store.path(artifact).read_bytes() == path.read_bytes() == b"paid sound"
    assert store.path(artifact).stat().st_ino != path.stat().st_ino


async def test_a_kept_file_cut_short_is_put_right_by_what_was_bought(store: ArtifactStore) -> None:
    path = store.incoming(1, ".mp3")
    path.write_bytes(b"paid sound")
    artifact = await store.keep_bytes(b"paid sound", ".mp3")
    store.path(artifact).write_bytes(b"paid")
    assert await store.keep_bought(path) == artifact
    assert store.path(artifact).read_bytes() == b"paid sound"


async def test_a_body_that_is_not_there_gets_a_sentence(store: ArtifactStore) -> None:
    path = store.incoming(1, ".mp3")
    for work in (store.received(path), store.keep_bought(path)):
        with pytest.raises(StoreError, match=r"1\.mp3"):
            await work


async def test_bodies_outlive_the_program_and_are_listed(store: ArtifactStore, tmp_path: Path) -> None:
    for name in ("3.mp3", "3.mp3.part", "12.wav", "notes.txt"):
        (tmp_path / "incoming" / name).touch()
    later = ArtifactStore(tmp_path)
    left = {number: sorted(path.name for path in paths) for number, paths in later.left().items()}
    assert left == {3: ["3.mp3", "3.mp3.part"], 12: ["12.wav"]}
    later.close()
