"""A body on its way to the disk: whole, in order, and with words where the disk fails."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from studio.domain.errors import DiskFullError, StoreError
from studio.voices.body_file import body_file


async def test_blocks_of_any_size_arrive_in_order(tmp_path: Path) -> None:
    blocks = [os.urandom(size) for size in (1, 70_000, 262_144, 0, 300_000, 3)]
    async with body_file(tmp_path / "a") as body:
        for block in blocks:
            await body.write(block)
        assert body.size == sum(map(len, blocks))
    assert (tmp_path / "a").read_bytes() == b"".join(blocks)


async def test_what_was_written_before_an_error_stays(tmp_path: Path) -> None:
    with suppress(LookupError):
        async with body_file(tmp_path / "a") as body:
            await body.write(bytes(300_000))
            raise LookupError
    assert (tmp_path / "a").stat().st_size == 300_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
async def test_a_full_disk_is_told() -> None:
    with pytest.raises(DiskFullError, match="disk is full"):
        async with body_file(Path("/dev/full")) as body:
            await body.write(bytes(300_000))


async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        async with body_file(tmp_path / "no" / "a"):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe with a name")
async def test_leaving_waits_for_the_disk(tmp_path: Path) -> None:
    """A file that is closed under the thread that writes would hand its number to another file."""
    os.mkfifo(tmp_path / "slow")
    reader = os.open(tmp_path / "slow", os.O_RDONLY | os.O_NONBLOCK)
    entered = asyncio.Event()

    async def write() -> None:
        async with body_file(tmp_path / "slow") as body:
            entered.set()
            await body.write(bytes(1_000_000))  # more than a pipe holds

    writing = asyncio.create_task(write())
    await entered.wait()
    await asyncio.sleep(0.05)
    writing.cancel()
    await asyncio.sleep(0.05)
    assert not writing.done()
    taken = 0
    while not writing.done():
        with suppress(BlockingIOError):
            taken += len(os.read(reader, 65_536))
        await asyncio.sleep(0)
    os.close(reader)
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert taken >= 900_000


async def test_a_body_in_hand_is_never_more_than_a_block(tmp_path: Path) -> None:
    async with body_file(tmp_path / "a") as body:
        for _ in range(40):
            await body.write(bytes(65_536))
            assert body.size - (tmp_path / "a").stat().st_size < 262_144
