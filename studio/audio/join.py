"""Several pieces of sound as one, so that nobody hears where."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from studio.audio.decode import probe, stream
from studio.audio.encode import FlacWriter
from studio.audio.meter import lufs, power_of
from studio.audio.pauses import Gaps, pause_s
from studio.audio.room_tone import RoomTone, room_tone
from studio.audio.samples import Samples
from studio.audio.seam import CEILING, FADE_S, KEPT_AFTER_S, KEPT_BEFORE_S, MOST_GAIN_DB, Edge, fade_in
from studio.audio.sounding import Sounding, listen
from studio.domain.sound import Mark
from studio.engine.jobs import Joined, Piece
from studio.engine.ports import Report

_GLIDE_S: Final = 20.0  # over which the room tone goes from one piece's to the other's
_LEARN_SHARE: Final = 0.3  # of the time, for listening


@dataclass(frozen=True, slots=True)
class _Cut:
    """A piece as it is used: samples `first` to `last` of it, times `gain`. `sounds` bounds what sounds within."""

    piece: Piece
    first: int
    last: int
    sounds: tuple[int, int]
    gain: float
    tone: RoomTone


@dataclass(frozen=True, slots=True)
class _Seam:
    """The end of the left piece (seen from its end), the samples between the two, the beginning of the right one."""

    tail: Edge
    gap: Samples
    head: Edge


def join(report: Report, pieces: Sequence[Piece], out: Path) -> Joined:
    """Write `pieces` one after the other to the FLAC `out`.

    The rate is the highest of the sources; the result is mono where all of them are, otherwise stereo. Each piece gets
    one gain that brings it to the loudness of the whole (at most 6 dB; all of them less, where it would clip). At each
    join the silences of both sides are cut down and replaced: as long as the script asks for where that is more than a
    voice pauses by itself, otherwise as the pieces pause elsewhere; filled with their own room tone, crossfaded over
    15 ms. Where the tones differ, the louder one fades out under the softer piece over 20 s. Memory does not grow with
    the length beyond one byte for each 10 ms. Raises `AudioError`, and leaves no file then.
    """
    infos = [probe(piece.source) for piece in pieces]
    rate_hz = max(info.rate_hz for info in infos)
    channels = min(2, max(info.channels for info in infos))
    soundings = []
    for index, piece in enumerate(pieces):
        soundings.append(listen(piece.source, _part(report, 0.0, _LEARN_SHARE, index, len(pieces)), rate_hz, channels))
    pauses_s = [
        length_s
        for piece, sounding in zip(pieces, soundings, strict=True)
        for length_s in Gaps(piece.marks, sounding).lengths_s()
    ]
    cuts = [
        _cut(piece, sounding, gain, rate_hz, channels, (index == 0, index == len(pieces) - 1))
        for index, (piece, sounding, gain) in enumerate(zip(pieces, soundings, _gains(soundings), strict=True))
    ]
    marks: list[Mark] = []
    before: _Seam | None = None
    with FlacWriter(out, rate_hz, channels) as flac:
        for index, cut in enumerate(cuts):
            after = _seam(cut, cuts[index + 1], pauses_s, rate_hz) if index + 1 < len(cuts) else None
            marks += _moved(cut, flac.samples, rate_hz)
            told = _part(report, _LEARN_SHARE, 1.0, index, len(cuts))
            done = 0
            for block in _dressed(
                cut, before.head if before else None, after.tail if after else None, rate_hz, channels
            ):
                flac.write(block)
                done += block.shape[1]
                told(done / max(1, cut.last - cut.first))
            if after is not None:
                flac.write(after.gap)
            before = after
        duration_s = flac.seconds
    report(1.0)
    return Joined(tuple(marks), duration_s)


def _part(report: Report, start: float, end: float, index: int, count: int) -> Report:
    step = (end - start) / count
    return lambda fraction: report(start + step * (index + min(1.0, fraction)))


def _gains(soundings: Sequence[Sounding]) -> list[float]:
    """A factor for each piece, which brings it to the loudness of them all."""
    heard = [(sounding.loudness, sounding.last_s - sounding.first_s) for sounding in soundings]
    known = [(power_of(loudness), seconds) for loudness, seconds in heard if loudness is not None and seconds > 0]
    if not known:
        return [1.0] * len(soundings)
    whole = lufs(math.fsum(power * seconds for power, seconds in known) / math.fsum(seconds for _, seconds in known))
    gains = []
    for sounding in soundings:
        off_db = 0.0 if sounding.loudness is None else whole - sounding.loudness
        gains.append(10 ** (min(max(off_db, -MOST_GAIN_DB), MOST_GAIN_DB) / 20))
    peak = max(gain * sounding.peak for gain, sounding in zip(gains, soundings, strict=True))
    return [gain * min(1.0, CEILING / max(peak, 1e-9)) for gain in gains]


def _cut(piece: Piece, sounding: Sounding, gain: float, rate_hz: int, channels: int, ends: tuple[bool, bool]) -> _Cut:
    """The piece without the silence at its sides, but for a little; the ends of the whole stay as they are."""
    whole = round(sounding.duration_s * rate_hz)
    sounds = round(sounding.first_s * rate_hz), round(sounding.last_s * rate_hz) or whole
    first = 0 if ends[0] else max(0, sounds[0] - round(KEPT_BEFORE_S * rate_hz))
    last = whole if ends[1] else min(whole, sounds[1] + round(KEPT_AFTER_S * rate_hz))
    tone = room_tone(piece.source, sounding, rate_hz, channels).scaled(gain)
    return _Cut(piece, first, last, sounds, gain, tone)


def _seam(left: _Cut, right: _Cut, pauses_s: Sequence[float], rate_hz: int) -> _Seam:
    """The louder of the two tones, as long as the pause asks for, and crossfaded with what either side is itself."""
    wanted = round(pause_s(left.piece.pause_after_s, pauses_s) * rate_hz)
    kept = left.last - left.sounds[1] + right.sounds[0] - right.first
    tone = left.tone if left.tone.power >= right.tone.power else right.tone
    tail, head = (min(round(FADE_S * rate_hz), (cut.last - cut.first) // 2) for cut in (left, right))
    filled = tone.fill(tail + max(0, wanted - kept) + head)
    end = filled.shape[1] - head
    return _Seam(
        _edge(left, tone, filled[:, :tail][:, ::-1], rate_hz),
        filled[:, tail:end],
        _edge(right, tone, filled[:, end:], rate_hz),
    )


def _edge(cut: _Cut, tone: RoomTone, fading: Samples, rate_hz: int) -> Edge:
    """Where a cut meets `tone`: `fading` goes out as the cut comes in.

    Powers sum up to one, for noise on both sides has nothing to do with each other. What the cut's own tone lacks of
    `tone` is added to it, and goes out in its turn.
    """
    fade = fading.shape[1]
    glide = max(fade, min(round(_GLIDE_S * rate_hz), (cut.last - cut.first) // 2))
    coming = fade_in(fade)
    lack = tone.scaled(math.sqrt(max(0.0, 1 - cut.tone.power / tone.power)) if tone.power > 0 else 0.0)
    added = (
        lack.fill(glide) * np.float32(0.5) * (1 + np.cos(np.pi * np.arange(glide, dtype=np.float32) / max(1, glide)))
    )
    added[:, :fade] = added[:, :fade] * coming + fading * coming[:, ::-1]
    return Edge(coming, added)


def _dressed(cut: _Cut, head: Edge | None, tail: Edge | None, rate_hz: int, channels: int) -> Iterator[Samples]:
    """The samples of a cut, turned up or down, fading in from the seam before it and out to the one after it."""
    position = 0
    for raw in stream(cut.piece.source, rate_hz, channels):
        start, stop = max(0, cut.first - position), min(raw.shape[1], cut.last - position)
        at = position + start - cut.first
        position += raw.shape[1]
        if stop <= start:
            continue
        block = raw[:, start:stop] * np.float32(cut.gain)
        if head is not None:
            head.apply(block, at)
        if tail is not None:  # from the end, it is a beginning
            tail.apply(block[:, ::-1], cut.last - cut.first - at - block.shape[1])
        yield block


def _moved(cut: _Cut, start: int, rate_hz: int) -> Iterator[Mark]:
    """The piece's marks, where the piece now begins at sample `start`."""
    for mark in cut.piece.marks:
        times = (
            (min(max(second * rate_hz, cut.first), cut.last) - cut.first + start) / rate_hz
            for second in (mark.start_s, mark.end_s)
        )
        yield Mark(mark.utterance, mark.source_start, mark.source_end, *times)
