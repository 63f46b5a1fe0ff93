"""Puts sentences that were spoken anew into a take, in the place of the old ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from studio.audio.decode import BLOCK, probe, stream
from studio.audio.encode import FlacWriter
from studio.audio.inset import Inset, Source, inset
from studio.audio.pauses import Gaps
from studio.audio.places import in_order
from studio.audio.room_tone import RoomTone, room_tone
from studio.audio.samples import Samples
from studio.audio.seam import Edge, fade_in
from studio.audio.sounding import listen
from studio.domain.sound import Mark
from studio.engine.jobs import Patch, Spliced
from studio.engine.ports import Report, unfollowed

_LEARN_SHARE: Final = 0.3  # of the time, for listening


@dataclass(frozen=True, slots=True)
class _Work:
    """A patch with its place, the room tone that goes under it, and the offsets of the take and of the patch.

    Offsets, where a waveform rests, have shape (channels, 1); tone and patch are used without theirs.
    """

    patch: Patch
    inset: Inset
    tone: RoomTone
    offset: Samples
    own_offset: Samples


def splice(report: Report, take: Path, marks: Sequence[Mark], patches: Sequence[Patch], out: Path) -> Spliced:
    """Write the take with its patches, which are in order and do not touch one another, to the FLAC `out`.

    The rate and the channels are the take's (at most two), and so is every sample outside the patches and the pauses
    beside them. Each patch is brought to the loudness of the utterances around it (at most 6 dB, and not beyond full
    scale). The take is cut in the pauses, which stay as long as they were unless they were at fault, as kept clear of
    anything but room tone; with the take's room tone under every seam, crossfaded over 15 ms. Where there is no pause,
    it is cut at the quietest place. A last utterance gets a tail if the old one had none. Memory does not grow with
    the length beyond one byte for each 10 ms. Raises `AudioError` and `DiskFullError`, and leaves no file then.
    """
    info = probe(take)
    rate_hz, channels = info.rate_hz, min(2, info.channels)
    sounding = listen(take, lambda done: report(_LEARN_SHARE * done), rate_hz, channels)
    old = Source(tuple(marks), sounding)
    patched = frozenset(number for patch in patches for number in range(patch.first, patch.last))
    gaps = Gaps(marks, sounding, patched)
    works = []
    for patch in patches:
        new = Source(patch.marks, listen(patch.source, unfollowed, rate_hz, channels))
        place = inset(old, gaps, patch, new, patched, rate_hz)
        tone = room_tone(take, sounding, rate_hz, channels, near_s=place.cut / rate_hz)
        own = room_tone(patch.source, new.sounding, rate_hz, channels)
        works.append(_Work(patch, place, tone.centred, tone.offset, own.offset))
    moved: list[Mark] = []
    bounds: list[tuple[float, float]] = []
    shift = 0
    with FlacWriter(out, rate_hz, channels) as flac:
        reader = _Reader(stream(take, rate_hz, channels), channels)
        about = max(1.0, sounding.duration_s * rate_hz)
        for work in works:
            moved += _shifted(marks, len(moved), work.patch.first, shift / rate_hz)
            for block in reader.until(work.inset.start):
                flac.write(block)
                report(_LEARN_SHARE + (1 - _LEARN_SHARE) * min(1.0, reader.position / about))
            fresh = _inserted(work, flac.samples, rate_hz)
            for block in _seamless(work, reader, rate_hz, channels):
                flac.write(block)
            moved += fresh
            bounds.append((fresh[0].start_s, fresh[-1].end_s))
            shift += work.inset.shift
        moved += _shifted(marks, len(moved), None, shift / rate_hz)
        for block in reader.rest():
            flac.write(block)
            report(_LEARN_SHARE + (1 - _LEARN_SHARE) * min(1.0, reader.position / about))
        duration_s = flac.seconds
    report(1.0)
    starts, ends = (np.array([getattr(mark, name) for mark in moved]) for name in ("start_s", "end_s"))
    return Spliced(in_order(moved, starts, ends, duration_s), tuple(bounds), duration_s)


class _Reader:
    """A stream of blocks that is read up to one sample after the other."""

    def __init__(self, blocks: Iterator[Samples], channels: int) -> None:
        self._blocks = blocks
        self._held: Samples = np.zeros((channels, 0), np.float32)
        self.position = 0

    def until(self, sample: int) -> Iterator[Samples]:
        """What comes before `sample`."""
        while self.position < sample:
            if not self._held.shape[1]:
                block = next(self._blocks, None)
                if block is None:
                    return
                self._held = block
                continue
            count = min(sample - self.position, self._held.shape[1])
            given, self._held = self._held[:, :count], self._held[:, count:]
            self.position += count
            yield given

    def next(self, count: int) -> Samples:
        """The next `count` samples in one piece, with zeros for what is not there."""
        parts = list(self.until(self.position + count))
        out = np.zeros((self._held.shape[0], count), np.float32)
        if parts:
            there = np.concatenate(parts, axis=1)
            out[:, : there.shape[1]] = there
        return out

    def rest(self) -> Iterator[Samples]:
        """All that is left."""
        if self._held.shape[1]:
            self.position += self._held.shape[1]
            yield self._held
        for block in self._blocks:
            self.position += block.shape[1]
            yield block


def _seamless(work: _Work, reader: _Reader, rate_hz: int, channels: int) -> Iterator[Samples]:
    """What stands between the kept parts, with their ends crossfaded into it. Leaves the reader behind the seam."""
    place = work.inset
    going = reader.next(place.fades[0])
    for _ in reader.until(place.resume):
        pass
    coming = reader.next(place.fades[1])
    head, tail = fade_in(place.fades[0]), fade_in(place.fades[1])
    first = Edge(head, (going - work.offset) * head[:, ::-1])
    last = Edge(tail, (coming - work.offset)[:, ::-1] * tail[:, ::-1])
    position = 0
    for block in _filling(work, rate_hz, channels):
        first.apply(block, position)
        last.apply(block[:, ::-1], place.length - position - block.shape[1])  # from the end, it is a beginning
        position += block.shape[1]
        yield block + work.offset


def _filling(work: _Work, rate_hz: int, channels: int) -> Iterator[Samples]:
    """Room tone, the patch in it, room tone; as loud as the room throughout, without offset."""
    place = work.inset
    until = place.at + place.last - place.first
    yield from _tone(work, 0, place.at)
    patch = _Reader(stream(work.patch.source, rate_hz, channels), channels)
    for _ in patch.until(place.first):
        pass
    position = place.at
    while position < until:
        raw = patch.next(min(BLOCK, until - position))
        weights = _weights(place, position - place.at, raw.shape[1])
        room = work.tone.fill(raw.shape[1], position) * np.sqrt(1 - place.noise * weights**2)
        yield room + (raw - work.own_offset) * (np.float32(place.gain) * weights)
        position += raw.shape[1]
    yield from _tone(work, until, place.length)


def _tone(work: _Work, start: int, end: int) -> Iterator[Samples]:
    for position in range(start, end, BLOCK):
        yield work.tone.fill(min(BLOCK, end - position), position)


def _weights(place: Inset, position: int, count: int) -> Samples:
    """How much of the patch is there, from its sample `position` on, shape (1, count)."""
    weights = np.ones((1, count), np.float32)
    nothing: Samples = np.zeros((1, 0), np.float32)
    Edge(fade_in(place.edges[0]), nothing).apply(weights, position)
    Edge(fade_in(place.edges[1]), nothing).apply(weights[:, ::-1], place.last - place.first - position - count)
    return weights


def _shifted(marks: Sequence[Mark], start: int, before: int | None, by_s: float) -> Iterator[Mark]:
    """The take's marks from number `start` on, of the utterances before `before`, moved."""
    for mark in marks[start:]:
        if mark.utterance == before:
            return
        yield Mark(mark.utterance, mark.source_start, mark.source_end, mark.start_s + by_s, mark.end_s + by_s)


def _inserted(work: _Work, start: int, rate_hz: int) -> list[Mark]:
    """The patch's marks, where what stands in the gap begins at sample `start` of the whole."""
    place, found = work.inset, []
    for mark in work.patch.marks:
        if work.patch.first <= mark.utterance < work.patch.last:
            times = (
                (start + place.at + min(max(second * rate_hz, place.first), place.last) - place.first) / rate_hz
                for second in (mark.start_s, mark.end_s)
            )
            found.append(Mark(mark.utterance, mark.source_start, mark.source_end, *times))
    return found
