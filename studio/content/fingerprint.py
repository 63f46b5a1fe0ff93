"""The likeness of a text: its MinHash over runs of words, by which near-duplicates are found among thousands.

A. Broder, On the resemblance and containment of documents (1997). A short text in a long one has little in common with
it by that measure; it is found by a sample of the runs themselves, drawn so that what is the same in two texts is drawn
in both: S. Schleimer, D. Wilkerson and A. Aiken, Winnowing: local algorithms for document fingerprinting (2003). All
constants here are part of every library: what is changed finds nothing of what was stored before.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from studio.domain.script_report import Fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOTHING: Final = Fingerprint(b"", ())
SHORTEST: Final = 40
"""Words below which a text has no likeness: a greeting is like every other."""

_SHINGLE: Final = 5  # words
_PERMUTATIONS: Final = 128
# Texts that share the part s of their shingles share a band with the probability 1 - (1 - s^3)^42: at least 0.996 where
# s is 0.5; 0.04 at 0.1, as two episodes of a show with the same opening and closing have it.
_ROWS: Final = 3
_BANDS: Final = _PERMUTATIONS // _ROWS
# Of as many neighbouring shingles the one with the least hash is drawn: about two of thirteen, and at least one of any
# that many words and four more that two texts share.
_WINDOW: Final = 12
_AT_ONCE: Final = 4_096  # shingles, so that memory does not grow with length


def fingerprint(words: Sequence[str], told: Sequence[tuple[int, int]] = ()) -> Fingerprint:
    """The likeness of a text that consists of these words; without any where they are too few.

    `told` are places among them (first, last exclusive) that every text of its show has: its opening, its closing. They
    are no sample of this text. The same on every machine, whatever the versions of libraries.
    """
    if len(words) < SHORTEST:
        return NOTHING
    import numpy as np

    count = len(words) - _SHINGLE + 1
    shingles = ("\0".join(words[place : place + _SHINGLE]) for place in range(count))
    mixed = _mixed(np.fromiter(map(_hash32, shingles), np.uint32, count))
    factors, summands = _permutations()
    least = np.full(_PERMUTATIONS, 2**32 - 1, np.uint32)
    for start in range(0, len(mixed), _AT_ONCE):
        permuted = mixed[start : start + _AT_ONCE, None] * factors + summands  # modulo 2^32
        np.minimum(least, permuted.min(axis=0), out=least)
    signature = least.astype(">u4").tobytes()
    bands = tuple(_band(signature, number) for number in range(_BANDS))
    own = np.ones(count, np.bool_)
    for first, last in told:
        own[max(0, first - _SHINGLE + 1) : last] = False
    return Fingerprint(signature, bands, _drawn(mixed, own))


def _drawn(hashes: "NDArray[np.uint32]", own: "NDArray[np.bool_]") -> tuple[int, ...]:
    """The least of every so many that stand side by side, of those that are the text's own."""
    import numpy as np
    from numpy.lib.stride_tricks import sliding_window_view

    wide = np.where(own, hashes, np.uint64(2**32))  # beyond every hash: such a one is never the least of a window
    least = sliding_window_view(wide, min(_WINDOW, len(wide))).min(axis=1)
    return tuple(int(each) for each in np.unique(least) if each < 2**32)


def _band(signature: bytes, number: int) -> int:
    """A part of the signature as one number of 63 bits, another one for the same part elsewhere."""
    part = signature[4 * _ROWS * number : 4 * _ROWS * (number + 1)]
    return int.from_bytes(blake2b(bytes([number]) + part, digest_size=8).digest()) >> 1


def _hash32(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest())


def _mixed(hashes: "NDArray[np.uint32]") -> "NDArray[np.uint32]":
    """The finalizer of MurmurHash3, a bijection: what follows is only as good as its input is even."""
    import numpy as np

    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


@cache
def _permutations() -> "tuple[NDArray[np.uint32], NDArray[np.uint32]]":
    """Odd factors and summands modulo 2^32, from a hash, so that no generator's version matters."""
    import numpy as np

    drawn = [_hash32(f"batchcast {number}") for number in range(2 * _PERMUTATIONS)]
    return np.array(drawn[::2], np.uint32) | np.uint32(1), np.array(drawn[1::2], np.uint32)
