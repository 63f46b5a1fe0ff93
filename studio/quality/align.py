"""Every word of the script with its time, and how it was heard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from studio.domain.hearing import Alignment, Forgiven, Grounds, HeardWord, Match, TimedWord
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm, SpokenWord
from studio.quality.links import Kind, Link, link
from studio.quality.names import names_in
from studio.quality.normalise import Unit, normaliser

_MATCHES = {
    Kind.SAME: Match.SAME,
    Kind.FORGIVEN: Match.FORGIVEN,
    Kind.MISREAD: Match.MISREAD,
    Kind.MISSING: Match.MISSING,
}


_MARKS = ' "“”.,;:!?…—'  # that the ears put around what was said


@dataclass(frozen=True, slots=True)
class Piece:
    """A link in words: `meant` and `heard` are bounds of word indices, `start_s` to `end_s` is where it sounds.

    Words that were not heard have the time from the word before to the word after them.
    """

    kind: Kind
    meant: tuple[int, int]
    heard: tuple[int, int]
    start_s: float
    end_s: float
    grounds: Grounds | None = None  # on which a difference was let go
    mistakes: int = 0  # words that differ, where that is not all of them: in a figure that was misread

    @property
    def wrong(self) -> bool:
        """Whether it is a difference."""
        return self.kind not in {Kind.SAME, Kind.FORGIVEN}

    @property
    def words(self) -> int:
        """How many words it stands for: of the script, or of what was heard where the script has none."""
        return (self.meant[1] - self.meant[0]) or (self.heard[1] - self.heard[0])


@dataclass(frozen=True, slots=True)
class Comparison:
    """The alignment as it is shown, and the pieces that it is made of, in order."""

    alignment: Alignment
    pieces: tuple[Piece, ...]


def compare(spoken: SpokenForm, heard: Sequence[HeardWord], marks: Sequence[Mark], duration_s: float) -> Comparison:
    """Lay what was heard against the spoken form; both may be empty.

    A word that was heard has the time at which it was heard; one that was not lies between its neighbours, and inside
    its utterance's mark where there are `marks`. `duration_s` is the length of the sound.
    """
    words = spoken.words
    rules = normaliser()
    meant_units = rules.spoken_units(words)
    heard_units = rules.units([word.text for word in heard])
    links = link(meant_units, heard_units, names_in(spoken, meant_units))
    pieces = _pieces(links, meant_units, heard_units, heard, duration_s)
    times = _times(spoken, pieces, marks)
    matches = [Match.SAME] * len(words)
    counts = dict.fromkeys(Kind, 0)
    for item, piece in zip(links, pieces, strict=True):
        counts[piece.kind] += piece.mistakes or piece.words
        for index in range(*piece.meant):
            matches[index] = _MATCHES[piece.kind] if not piece.mistakes else Match.FORGIVEN
        for unit in item.misread:
            for index in range(meant_units[unit].first, meant_units[unit].last):
                matches[index] = Match.MISREAD
    wrong = counts[Kind.MISREAD] + counts[Kind.MISSING] + counts[Kind.EXTRA]
    alignment = Alignment(
        words=tuple(
            TimedWord(word.text, word.start, word.end, start, end, match)
            for word, (start, end), match in zip(words, times, matches, strict=True)
        ),
        accuracy=max(0.0, 1 - wrong / len(words)) if words else None,
        substituted=counts[Kind.MISREAD],
        deleted=counts[Kind.MISSING],
        inserted=counts[Kind.EXTRA],
        forgiven=tuple(_forgiven(spoken, heard, pieces)),
    )
    return Comparison(alignment, pieces)


def _forgiven(spoken: SpokenForm, heard: Sequence[HeardWord], pieces: Sequence[Piece]) -> Iterator[Forgiven]:
    words = spoken.words
    for piece in pieces:
        if piece.grounds:
            script = " ".join(word.text for word in words[slice(*piece.meant)])
            said = " ".join(word.text for word in heard[slice(*piece.heard)])
            yield Forgiven(script, said.strip(_MARKS), piece.grounds, piece.start_s, piece.end_s)


def _pieces(
    links: Sequence[Link],
    meant_units: Sequence[Unit],
    heard_units: Sequence[Unit],
    heard: Sequence[HeardWord],
    duration_s: float,
) -> tuple[Piece, ...]:
    # Backwards, so that what was not heard knows what comes after it.
    pieces: list[Piece] = []
    following = duration_s
    for item in reversed(links):
        meant, span = _bounds(meant_units, item.meant), _bounds(heard_units, item.heard)
        start, end = following, following
        if span[0] < span[1]:
            start, end = heard[span[0]].start_s, heard[span[1] - 1].end_s
            following = start
        pieces.append(Piece(item.kind, meant, span, start, end, item.grounds, item.mistakes))
    before = 0.0
    for index, piece in reversed(list(enumerate(pieces))):
        if piece.heard[0] < piece.heard[1]:
            before = piece.end_s
        else:
            pieces[index] = replace(piece, start_s=min(before, piece.end_s))
    return tuple(reversed(pieces))


def _bounds(units: Sequence[Unit], span: tuple[int, int]) -> tuple[int, int]:
    if span[0] == span[1]:
        place = units[span[0]].first if span[0] < len(units) else (units[-1].last if units else 0)
        return place, place
    return units[span[0]].first, units[span[1] - 1].last


def _times(spoken: SpokenForm, pieces: Sequence[Piece], marks: Sequence[Mark]) -> list[tuple[float, float]]:
    words = spoken.words
    times: list[tuple[float, float] | None] = [None] * len(words)
    said_in = {mark.utterance: mark for mark in marks}
    owners = [index for index, utterance in enumerate(spoken.utterances) for _ in utterance.words]
    # A run of missing words shares one gap, so it is shared out utterance by utterance.
    for kind, run in groupby(pieces, key=lambda piece: piece.kind):
        group = list(run)
        if kind is not Kind.MISSING:
            for piece in group:
                _share(words, range(*piece.meant), piece.start_s, piece.end_s, times)
            continue
        indices = [index for piece in group for index in range(*piece.meant)]
        _share(words, indices, group[0].start_s, group[-1].end_s, times)
        for owner, part in groupby(indices, key=lambda index: owners[index]):
            mark = said_in.get(owner)
            start, end = (group[0].start_s, group[-1].end_s)
            if mark and (low := max(start, mark.start_s)) < (high := min(end, mark.end_s)):
                _share(words, list(part), low, high, times)
    # What is no speech ("uh") has a place, but no length. And time never runs backwards.
    placed: list[tuple[float, float]] = []
    latest = 0.0
    for time in times:
        start, end = time or (latest, latest)
        start = max(latest, start)
        latest = start
        placed.append((start, max(start, end)))
    return placed


def _share(
    words: Sequence[SpokenWord],
    indices: Sequence[int],
    start_s: float,
    end_s: float,
    times: list[tuple[float, float] | None],
) -> None:
    """Give words the stretch from `start_s` to `end_s`, each by its letters."""
    letters = sum(len(words[index].text) for index in indices)
    for index in indices:
        length = (end_s - start_s) * len(words[index].text) / letters if letters > 0 else 0.0
        times[index] = (start_s, start_s + length)
        start_s, letters = start_s + length, letters - len(words[index].text)
