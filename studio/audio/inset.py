"""Where exactly a patch goes into a take: what of either is used, how loud, and what lies between."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from studio.audio.pauses import SOFT_S, Gap, Gaps, kept_s
from studio.audio.room_tone import usual_floor
from studio.audio.seam import CEILING, FADE_S, KEPT_AFTER_S, KEPT_BEFORE_S, MOST_GAIN_DB
from studio.audio.sounding import Sounding
from studio.domain.sound import Mark
from studio.engine.jobs import Patch

_STEEP_S: Final = 0.003  # a fade where the sound begins at once
_AROUND: Final = 3  # utterances on either side that say how loud it should be
_TAIL_S: Final = 0.3  # at least, at the end of the whole: what was cut off had none


@dataclass(frozen=True, slots=True)
class Source:
    """A sound that is used: what it says where, and what was found in it."""

    marks: tuple[Mark, ...]
    sounding: Sounding


@dataclass(frozen=True, slots=True)
class Inset:
    """A patch in its place. Everything is in samples at the take's rate.

    The take is kept up to `cut` and from `resume` on. What stands between is `length` long and overlaps at its ends by
    `fades` with what is kept: room tone, and in it, from `at` on, samples `first` to `last` of the patch, times `gain`.
    `edges` are the fades of the patch itself, 0 where it comes and goes with the whole. `noise` is the share of the
    room tone's power that it brings along.
    """

    cut: int
    resume: int
    length: int
    at: int
    first: int
    last: int
    fades: tuple[int, int]
    edges: tuple[int, int]
    gain: float
    noise: float

    @property
    def start(self) -> int:
        """Where in the take the first overlap begins."""
        return self.cut - self.fades[0]

    @property
    def shift(self) -> int:
        """By how much everything behind it moves."""
        return self.start + self.length - self.fades[1] - self.resume


def inset(take: Source, gaps: Gaps, patch: Patch, new: Source, patched: frozenset[int], rate_hz: int) -> Inset:
    """Find the place of one patch. `gaps` are the take's, `patched` the numbers of all the utterances that go."""
    place = {mark.utterance: index for index, mark in enumerate(take.marks)}
    first, last = place[patch.first], place[patch.last - 1] + 1
    before, after = gaps.gap(first), gaps.gap(last)
    own = Gaps(new.marks, new.sounding)
    mine = [index for index, mark in enumerate(new.marks) if patch.first <= mark.utterance < patch.last]
    others_s = gaps.others_s(first, last)
    asked = patch.pauses_s or (None, None)
    lead_s = kept_s(before.length_s, asked[0], others_s) if first else max(before.length_s, KEPT_BEFORE_S)
    if last < len(take.marks):
        rest_s = kept_s(after.length_s, asked[1], others_s)
    else:
        rest_s = max(kept_s(after.length_s, asked[1], ()), _TAIL_S)
    noise = 10 ** ((usual_floor(new.sounding) - usual_floor(take.sounding)) / 10)
    gain = _gain(take, patch, new, patched)
    sizes = _Sizes(rate_hz, round(take.sounding.duration_s * rate_hz))
    head, tail = own.gap(mine[0]), own.gap(mine[-1] + 1)
    soft_s = head.start_s - new.marks[mine[0]].start_s, new.marks[mine[-1]].end_s - tail.end_s
    used = _Used(
        sizes(head.start_s),
        sizes(tail.end_s),
        sizes(min(head.length_s, max(KEPT_BEFORE_S, soft_s[0] if soft_s[0] <= SOFT_S else 0.0))),
        sizes(min(tail.length_s, max(KEPT_AFTER_S, soft_s[1] if soft_s[1] <= SOFT_S else 0.0))),
        gain,
        min(1.0, noise * gain**2),
    )
    return _placed(sizes, (before, after), used, (sizes(lead_s), sizes(rest_s)))


@dataclass(frozen=True, slots=True)
class _Sizes:
    """The take's rate and length."""

    rate_hz: int
    whole: int

    def __call__(self, seconds: float) -> int:
        """So many samples."""
        return round(seconds * self.rate_hz)


@dataclass(frozen=True, slots=True)
class _Used:
    """What is used of a patch: where it sounds, and how much of its own silence may come before and after that."""

    start: int
    end: int
    lead: int
    ring: int
    gain: float
    noise: float


def _placed(samples: _Sizes, gaps: tuple[Gap, Gap], patch: _Used, pauses: tuple[int, int]) -> Inset:
    """From left to right: kept, pause, patch, pause, kept. `gaps` are those of the take beside the patch."""
    fade, steep = samples(FADE_S), samples(_STEEP_S)
    before, after = gaps
    ends, clear_until = samples(before.end_s), samples(before.clear_until_s)
    starts, clear_from = samples(after.start_s), samples(after.clear_from_s)
    if before.length_s <= 0 and ends:  # the sounds share the crossfade, half of it on either side of the quietest place
        ends = clear_until = min(ends + fade // 2, samples.whole)
    if after.length_s <= 0 and starts < samples.whole:
        starts = clear_from = max(starts - fade // 2, 0)
    # The patch brings a little of its own silence, for what begins softly and rings out.
    lead, ring = min(patch.lead, max(pauses[0], fade)), min(patch.ring, max(pauses[1], fade))
    first, last = patch.start - lead, patch.end + ring
    # In the time of the take: its left part stays where it is, the next utterance comes to stand at `goes_on`.
    at = ends + pauses[0] - lead
    until = at + last - first
    goes_on = until - ring + pauses[1]
    cut = max(0, min(at + (fade if lead >= fade else 0), clear_until))
    resume = starts - (goes_on - until) - (fade if ring >= fade else 0)
    resume = min(max(resume, clear_from, cut), samples.whole)
    fades = min(fade, cut), min(fade, samples.whole - resume)
    start = cut - fades[0]
    end = resume + goes_on - starts + fades[1]
    edges = (
        0 if at == start and fades[0] else min(fade, max(lead, steep)),
        0 if until == end and fades[1] else min(fade, max(ring, steep)),
    )
    return Inset(cut, resume, end - start, at - start, first, last, fades, edges, patch.gain, patch.noise)


def _gain(take: Source, patch: Patch, new: Source, patched: frozenset[int]) -> float:
    """A factor that makes the patch as loud as the old utterances around it, and does not let it clip."""
    kept = [mark for mark in take.marks if mark.utterance not in patched]
    before = [mark for mark in kept if mark.utterance < patch.first][-_AROUND:]
    after = [mark for mark in kept if mark.utterance >= patch.last][:_AROUND]
    wanted = _level(Source((*before, *after), take.sounding))
    mine = _level(Source(tuple(mark for mark in new.marks if patch.first <= mark.utterance < patch.last), new.sounding))
    off_db = 0.0 if wanted is None or mine is None else min(max(wanted - mine, -MOST_GAIN_DB), MOST_GAIN_DB)
    return float(min(10 ** (off_db / 20), CEILING / max(new.sounding.peak, 1e-9)))


def _level(source: Source) -> float | None:
    """How loud utterances are: the middle one by length, so that a single one at fault does not count."""
    levels = sorted(
        (level, mark.end_s - mark.start_s)
        for mark in source.marks
        if (level := source.sounding.speech_level(mark.start_s, mark.end_s)) is not None
    )
    if not levels:
        return None
    weights = np.cumsum([seconds for _, seconds in levels])
    return levels[int(np.searchsorted(weights, weights[-1] / 2))][0]
