"""Bytes that become more and more."""

import random

from studio.audio.gathered import Gathered


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
