"""The likeness of a text: its MinHash over runs of words, by which near-duplicates are found among thousands.

A. Broder, On the resemblance and containment of documents (1997). All constants here are part of every library: what
is changed finds nothing of what was stored before.
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
_AT_ONCE: Final = 4_096  # shingles, so that memory does not grow with length


def fingerprint(words: Sequence[str]) -> Fingerprint:
    """The likeness of a text that consists of these words; without any where they are too few.

    The same on every machine, whatever the versions of libraries.
    """
    if len(words) < SHORTEST:
        return NOTHING
    import numpy as np

    shingles = {"\0".join(words[place : place + _SHINGLE]) for place in range(len(words) - _SHINGLE + 1)}
    hashes = np.fromiter((_hash32(shingle) for shingle in shingles), np.uint32, len(shingles))
    mixed = _mixed(hashes)
    factors, summands = _permutations()
    least = np.full(_PERMUTATIONS, 2**32 - 1, np.uint32)
    for start in range(0, len(mixed), _AT_ONCE):
        permuted = mixed[start : start + _AT_ONCE, None] * factors + summands  # modulo 2^32
        np.minimum(least, permuted.min(axis=0), out=least)
    signature = least.astype(">u4").tobytes()
    return Fingerprint(signature, tuple(_band(signature, number) for number in range(_BANDS)))


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
