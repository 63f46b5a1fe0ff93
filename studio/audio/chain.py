"""What mastering does to the samples, in the order in which it does it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.audio import phase
from studio.audio.convolve import Convolver, Kernel
from studio.audio.decode import stream
from studio.audio.leveller import Fader
from studio.audio.limiter import Limiter
from studio.audio.phase import Turn
from studio.audio.samples import Samples
from studio.audio.survey import Survey
from studio.domain.sound import LoudnessTarget
from studio.engine.ports import Report


@dataclass(frozen=True, slots=True)
class Plan:
    """A gain, what is done to the phase, and the ceiling of the limiter."""

    gain_db: float
    turn: Turn
    ceiling_dbtp: float


class Chain:
    """Offset off, high-pass, phase, fader, gain, limiter: as `plan` says. Every pass over the take has one of its own.

    The sound keeps its length, and everything in it its place.
    """

    def __init__(self, survey: Survey, target: LoudnessTarget, plan: Plan, fader: Fader) -> None:
        self.limiter = Limiter(target.rate_hz, survey.channels, plan.ceiling_dbtp)
        self._offset = survey.offset
        self._gain = np.float32(10 ** (plan.gain_db / 20))
        self._fader = fader
        self._target = target
        self._channels = survey.channels
        kernel, centre = _kernel(survey.high_pass, target.rate_hz, plan.turn)
        self._convolver = None if kernel is None else Convolver(kernel[None], centre, survey.channels)

    def blocks(self, source: Path, about_s: float, report: Report) -> Iterator[Samples]:
        """The samples of `source`, shape (channels, n), done; `about_s` is how long it lasts."""
        at = heard = 0
        for block in stream(source, self._target.rate_hz, self._channels):
            for part in self._filtered(block - self._offset):
                yield self._limited(part, at)
                at += part.shape[1]
            heard += block.shape[1]
            report(min(1.0, heard / self._target.rate_hz / about_s))
        if self._convolver is not None:
            yield self._limited(self._convolver.finish()[0], at)
        yield self.limiter.finish()

    def _filtered(self, block: Samples) -> Samples:
        return block[None] if self._convolver is None else self._convolver.feed(block)

    def _limited(self, block: Samples, start: int) -> Samples:
        return self.limiter.feed(self._fader.applied(block, start) * self._gain)


def _kernel(high_pass: Kernel | None, rate_hz: int, turn: Turn) -> tuple[Kernel | None, int]:
    """All that is a filter, as one."""
    if turn.none:
        return high_pass, 0
    turning, centre = phase.kernel(rate_hz, turn)
    return (turning if high_pass is None else np.convolve(high_pass, turning)), centre
