"""The loudness once more, by pyloudnorm: a meter that is not ours."""

import math
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.audio.channels import Each
from studio.audio.loudnorm import Weighting, hop_meter
from studio.audio.mono import Mono
from studio.audio.samples import Powers, Samples

if TYPE_CHECKING:
    from pyloudnorm import Meter

_HOP_S: Final = 0.1
_SECTION: Final = 20  # hops, measured together; so many are a whole number of samples at every rate
_HOPS: Final = 4  # in a gating block of 400 ms
_OFFSET: Final = -0.691  # of BS.1770
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_LEFT_OUT: Final = {"LFE", "LFE2"}
# Of the five channels that pyloudnorm knows.
_PLACES: Final = {"FL": 0, "FR": 1, "FC": 2, "SL": 3, "BL": 3, "SR": 4, "BR": 4}
_WEIGHTS: Final = (1.0, 1.0, 1.0, 1.41, 1.41)


class _Channel:
    """The mean squares of every 100 ms of one channel."""

    def __init__(self, rate_hz: int) -> None:
        self._weighting = Weighting(rate_hz)
        self._meter: Meter = hop_meter(rate_hz, _HOP_S)
        self._hop = _HOP_S * rate_hz  # samples; not a whole number at every rate
        self._section = round(_SECTION * self._hop)
        self._pieces: list[Mono] = []
        self._waiting = 0

    def feed(self, row: Samples) -> Powers:
        """Those that are complete with `row`, shape (1, n)."""
        self._pieces.append(self._weighting.feed(row[0]))
        self._waiting += row.shape[1]
        if self._waiting < self._section:
            return np.zeros(0)
        samples = np.concatenate(self._pieces)
        whole = len(samples) - len(samples) % self._section
        self._pieces, self._waiting = [samples[whole:].copy()], len(samples) - whole
        return self._measured(samples[:whole])

    def finish(self) -> Powers:
        """Those that are left; the last, if shorter, counts for nothing."""
        whole = math.ceil(self._waiting // self._hop * self._hop)
        return self._measured(np.concatenate(self._pieces)[:whole]) if whole else np.zeros(0)

    def _measured(self, samples: Mono) -> Powers:
        self._meter.integrated_loudness(samples)
        return np.asarray(10 ** ((np.array(self._meter.blockwise_loudness) - _OFFSET) / 10))


class Confirmation:
    """Feed blocks, then `finish`, then read `loudness`.

    pyloudnorm takes a whole sound at once. It is given the weighted sound in sections of some seconds, one channel at a
    time, and says how loud each 100 ms are. Four of those are a gating block of 400 ms, and the gates are put over all
    blocks at the end. Memory is 4 bytes for 0.1 s.
    """

    def __init__(self, rate_hz: int, channel_names: Sequence[str]) -> None:
        self._rows = [index for index, name in enumerate(channel_names) if name not in _LEFT_OUT]
        names = [channel_names[index] for index in self._rows]
        places = [0] if len(names) == 1 else [_PLACES.get(name, -1) for name in names]
        able = bool(places) and -1 not in places and len(set(places)) == len(places)
        self._each = Each(_Channel(rate_hz), len(names)) if able else None
        self._weights = np.array([_WEIGHTS[place] for place in places])
        self._powers = array("f")

    def feed(self, block: Samples) -> None:
        """Add a block, shape (channels, n)."""
        if self._each is not None:
            rows = block if len(self._rows) == len(block) else block[self._rows]
            self._keep(self._each, [channel.feed(row) for channel, row in self._each.apart(rows)])

    def finish(self) -> None:
        """Measure the rest."""
        if self._each is not None:
            self._keep(self._each, [channel.finish() for channel in self._each.detectors])

    @property
    def loudness(self) -> float | None:
        """Integrated loudness in LUFS; None for under 0.4 s, for silence and for channels that pyloudnorm knows not."""
        hops = np.array(self._powers, np.float64)
        if len(hops) < _HOPS:
            return None
        powers = np.lib.stride_tricks.sliding_window_view(hops, _HOPS).mean(axis=1)
        powers = powers[powers >= 10 ** ((_ABSOLUTE_GATE - _OFFSET) / 10)]
        if not len(powers):
            return None
        powers = powers[powers > powers.mean() * 10 ** (_RELATIVE_GATE / 10)]
        return _OFFSET + 10 * math.log10(float(powers.mean()))

    def _keep(self, each: Each[_Channel], powers: Sequence[Powers]) -> None:
        together = each.shares(self._weights) @ np.stack(powers)
        self._powers.frombytes(together.astype(np.float32).tobytes())
