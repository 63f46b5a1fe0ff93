"""Where in the sound a refrain of the script is: from the last sentence before it that was heard right to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from studio.audio.mono import Mono
from studio.domain.sound import Span
from studio.domain.spoken import SpokenForm, Utterance
from studio.quality.align import Comparison
from studio.quality.kept_sound import KeptSound
from studio.quality.refrains import Refrain, plain
from studio.quality.tally import Bounds

_BESIDE: Final = 3  # sentences on either side, among which one has to be right
_CARRIER_S: Final = (1.0, 4.0)  # how long it may be
_CARRIER_WORDS: Final = 4  # at least
_CARRIER_NEAR: Final = 12  # sentences away, at most
_LETTERS_PER_S: Final = 15.0
_ONSET_S: Final = 0.2  # what even the shortest word takes besides
_BEFORE_S: Final = 0.1  # what is soft at its ends belongs to it


@dataclass(frozen=True, slots=True)
class Carrier:
    """A sentence that was heard right; behind it Whisper knows the voice, and writes a lone word as it should."""

    words: tuple[str, ...]
    samples: Mono
    slower: float  # than usual, so many times


def usual_s(text: Sequence[str]) -> float:
    """How long a sentence takes as a rule, in seconds."""
    return _ONSET_S + len("".join(text)) / _LETTERS_PER_S


@dataclass(frozen=True, slots=True)
class RefrainPlace:
    """Sentences `inner` (bounds) to be heard apart, `units` with those beside them that were heard right, if any.

    `heard` are the bounds of what was heard of the inner ones, `span` is where all of the units sound, and `beside`
    where those sound that were heard right, by the number of the sentence.
    """

    inner: Bounds
    units: Bounds
    heard: Bounds
    span: Span
    beside: Mapping[int, Span]


class HeardScript:
    """The sentences of a script and where they were first heard: `first` is the script laid against it."""

    def __init__(self, spoken: SpokenForm, first: Comparison, duration_s: float) -> None:
        self._spoken = spoken
        ends = [*accumulate((len(utterance.words) for utterance in spoken.utterances), initial=0)]
        self._bounds: list[Bounds] = list(pairwise(ends))
        self._timed = first.alignment.words
        self._pieces = first.pieces
        self._piece_of = {word: at for at, piece in enumerate(first.pieces) for word in range(*piece.meant)}
        self._duration_s = duration_s

    @property
    def spoken(self) -> SpokenForm:
        """The script."""
        return self._spoken

    def utterances(self, bounds: Bounds) -> Sequence[Utterance]:
        """The sentences between the `bounds`."""
        return self._spoken.utterances[slice(*bounds)]

    def words_of(self, bounds: Bounds) -> Bounds:
        """The bounds of the script's words in sentences; where there are none, their place."""
        first, last = bounds
        if first < last:
            return self._bounds[first][0], self._bounds[last - 1][1]
        at = self._bounds[first][0] if first < len(self._bounds) else self._bounds[-1][1]
        return at, at

    def place(self, passage: Refrain) -> RefrainPlace | None:
        """Where to hear a refrain; None where nothing near it was heard right, so that it is not known."""
        first, last = passage.first, passage.last
        while first > 0 and not self._right(first - 1):
            first -= 1
        while last < len(self._bounds) and not self._right(last):
            last += 1
        if passage.first - first > _BESIDE or last - passage.last > _BESIDE:
            return None
        pieces, units = self._pieces, (first, last)
        beside: dict[int, Span] = {}
        begin, start_s, end, end_s = 0, 0.0, pieces[-1].heard[1], self._duration_s
        if first > 0 and (bounds := self._pieces_of(first - 1)):
            one, two = bounds
            begin, units = pieces[two].heard[1], (first - 1, last)
            beside[first - 1] = Span(pieces[one].start_s, pieces[two].end_s)
            start_s = (pieces[one].start_s + pieces[one - 1].end_s) / 2 if one else 0.0
        if last < len(self._bounds) and (bounds := self._pieces_of(last)):
            one, two = bounds
            end, units = pieces[one].heard[0], (units[0], last + 1)
            beside[last] = Span(pieces[one].start_s, pieces[two].end_s)
            end_s = (pieces[two].end_s + pieces[two + 1].start_s) / 2 if two + 1 < len(pieces) else self._duration_s
        if end < begin or end_s <= start_s:
            return None
        return RefrainPlace((first, last), units, (begin, end), Span(start_s, end_s), beside)

    def carrier(self, sound: KeptSound, place: RefrainPlace) -> Carrier | None:
        """A sentence near a refrain that was heard right, neither short nor long; None where there is none."""
        first, last = place.inner
        before = range(first - 1, max(-1, first - 1 - _CARRIER_NEAR), -1)
        behind = range(last, min(len(self._bounds), last + _CARRIER_NEAR))
        for at in (*before, *behind):
            one, two = self._bounds[at]
            if two - one < _CARRIER_WORDS or not self._right(at):
                continue
            span = Span(max(0.0, self._timed[one].start_s - _BEFORE_S), self._timed[two - 1].end_s + _BEFORE_S)
            if _CARRIER_S[0] <= span.length_s <= _CARRIER_S[1]:
                sentence = self._spoken.utterances[at]
                slower = (span.length_s - 2 * _BEFORE_S) / usual_s(plain(sentence))
                return Carrier(tuple(sentence.text.split()), sound.excerpt(span), slower)
        return None

    def _right(self, at: int) -> bool:
        """Whether all of a sentence was heard right, and nothing else in it."""
        if (bounds := self._pieces_of(at)) is None:
            return False
        return not any(piece.wrong for piece in self._pieces[bounds[0] : bounds[1] + 1])

    def _pieces_of(self, at: int) -> Bounds | None:
        """The first and the last piece of a sentence; None where no word of it is speech."""
        pieces = [self._piece_of[word] for word in range(*self._bounds[at]) if word in self._piece_of]
        return (pieces[0], pieces[-1]) if pieces else None
