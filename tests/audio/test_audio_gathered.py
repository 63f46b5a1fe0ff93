"""Bytes that become more and more, and the stretches in what was kept of them."""

import os
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from studio.audio.gathered import Gathered
from studio.audio.stretches import stretches
from studio.domain.errors import AudioError

MOST_IN_MEMORY = 17 * 65_536  # and one piece that was added last


def filled(megabytes: int, seed: int = 4) -> tuple[Gathered, bytes]:
    """One with so much in it, in pieces of 1 KB, and all of that."""
    rng = random.Random(seed)
    gathered, everything = Gathered(), bytearray()
    for _ in range(megabytes * 1024):
        piece = rng.randbytes(1024)
        gathered.add(piece)
        everything += piece
    return gathered, bytes(everything)


def test_what_was_added_is_all_there_in_order() -> None:
    rng = random.Random(4)
    pieces = [rng.randbytes(rng.randrange(40_000)) for _ in range(30)]
    gathered = Gathered()
    assert (len(gathered), gathered.all()) == (0, b"")
    for count, piece in enumerate(pieces, 1):
        gathered.add(piece)
        assert len(gathered) == sum(map(len, pieces[:count]))
    assert gathered.all() == b"".join(pieces) == gathered.all()


def test_a_copy_does_not_grow_with_it() -> None:
    gathered = Gathered()
    gathered.add(b"before")
    copy = gathered.all()
    gathered.add(b" and after")
    assert copy == b"before"


def descriptors() -> int:
    return len([*Path("/dev/fd").iterdir()])


def test_much_is_on_disk_under_no_name_and_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = descriptors()
    gathered, everything = filled(5)
    assert sum(map(len, gathered._whole)) + len(gathered._open) <= MOST_IN_MEMORY
    assert not [*tmp_path.iterdir()]
    assert descriptors() == before + 1
    assert gathered.all() == everything
    gathered.add(b"more")
    assert gathered.all() == everything + b"more"
    del gathered
    assert descriptors() == before


def test_little_never_touches_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    gathered = Gathered()
    gathered.add(bytes(900_000))
    assert gathered._file is None


def test_parts_hold_whole_items_however_they_came() -> None:
    gathered = Gathered()
    rows = np.arange(400_000, dtype=np.float64)
    for part in np.array_split(rows, 900):
        gathered.add(part.tobytes())
    parts = [np.frombuffer(part, np.float64) for part in gathered.parts()]
    assert max(map(len, parts)) * 8 <= 16 * 65_536 + 4_000
    assert np.array_equal(np.concatenate(parts), rows)


@pytest.mark.parametrize("room_for", [0, 3_000_100])
def test_a_full_disk_keeps_it_in_memory(room_for: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[[int, bytes, int], int] = os.pwrite

    def full(descriptor: int, data: bytes, at: int) -> int:
        if at >= room_for:
            raise OSError(28, "No space left on device")
        return real(descriptor, data[: room_for - at], at)

    monkeypatch.setattr(os, "pwrite", full)
    gathered, everything = filled(5)
    assert gathered.all() == everything


def test_no_folder_for_temporary_files_keeps_it_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    gathered, everything = filled(2)
    assert gathered.all() == everything


def test_what_cannot_be_read_again_is_a_sentence() -> None:
    gathered, _ = filled(3)
    assert gathered._file is not None
    os.ftruncate(gathered._file, 1_000_000)
    with pytest.raises(AudioError, match=r"cannot be read again from .*shorter than it was") as caught:
        gathered.all()
    assert caught.value.remedy


def by_hand(flags: list[bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for index, flag in enumerate(flags):
        if flag and found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        elif flag:
            found.append((index, index + 1))
    return found


@settings(max_examples=200, deadline=None)
@given(parts=some.lists(some.lists(some.booleans(), min_size=1, max_size=7), max_size=8))
def test_stretches_do_not_depend_on_the_cuts(parts: list[list[bool]]) -> None:
    rows: list[npt.NDArray[np.bool_]] = [np.array(part, np.bool_) for part in parts]
    starts, ends = stretches(rows)
    flags = [flag for part in parts for flag in part]
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == by_hand(flags)
    one_starts, one_ends = stretches([np.array(flags, np.bool_)] if flags else [])
    assert one_starts.tolist() == starts.tolist()
    assert one_ends.tolist() == ends.tolist()
