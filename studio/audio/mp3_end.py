"""Whether an MP3 ends with a whole frame; one that does not was cut off. FFmpeg plays both without a word."""

from pathlib import Path
from typing import Final

_WINDOW: Final = 16_384  # more than two of the longest frames and any footer
_CHAIN: Final = 2  # frames in a row that chance does not make
# kbit/s by index, of layer III: MPEG-1, then MPEG-2 and 2.5 (ISO 11172-3 and 13818-3)
_KBPS: Final = (
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_RATES_HZ: Final = (44_100, 48_000, 32_000)


def ends_whole(path: Path) -> bool:
    """Whether frames follow each other up to the very end, tags apart."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _WINDOW))
        data = file.read()
    if data[-128:-125] == b"TAG":
        data = data[:-128]
    if data[-32:-24] == b"APETAGEX":
        header = 32 * (data[-9] >> 7)  # its size counts the footer, but not the header
        data = data[: -header - int.from_bytes(data[-20:-16], "little")]
    ends = {len(data): _CHAIN}  # place -> frames that must still end there
    for place in range(len(data) - 4, -1, -1):
        wanted = ends.get(place + frame_size(data[place : place + 4]))
        if wanted == 1:
            return True
        if wanted is not None:
            ends[place] = wanted - 1
    return False


def frame_size(header: bytes) -> int:
    """Bytes of the layer III frame with this header of four bytes; -1 where it is none."""
    sync, kind, layer = int.from_bytes(header[:2], "big") >> 5, header[1] >> 3 & 3, header[1] >> 1 & 3
    index, rate = header[2] >> 4, header[2] >> 2 & 3
    if sync != 0x7FF or kind == 1 or layer != 1 or index in {0, 15} or rate == 3:
        return -1
    rate_hz = _RATES_HZ[rate] >> {3: 0, 2: 1, 0: 2}[kind]
    kbps = _KBPS[0 if kind == 3 else 1][index]
    return (144 if kind == 3 else 72) * kbps * 1000 // rate_hz + (header[2] >> 1 & 1)
