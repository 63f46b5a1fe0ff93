"""A cascade of ears: every place that does not match is heard again, by better ears, and weighed by a witness."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from studio.domain.hearing import Forgiven, HeardWord
from studio.domain.spoken import SpokenForm
from studio.quality.align import Piece
from studio.quality.doubts import Place
from studio.quality.ears import load
from studio.quality.kept_sound import KeptSound
from studio.quality.second_hearing import Outcome, Outcomes, SecondHearing
from studio.quality.weighing import FirstEars
from studio.quality.witness import Statement, Witness

_TOGETHER: Final = 24  # places whose encoded sound is held at once, 1.5 MB each; a third of them is heard again


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a doubt: script words `meant` (bounds), and how sure it is that they were not said so.

    `more` words were heard than the script has there; they may stand on either side of their like.
    """

    meant: tuple[int, int]
    sure: float
    more: int = 0

    def touches(self, first: int, last: int) -> bool:
        """Whether it is about the script's words from number `first` to `last` (exclusive), or what lies at them."""
        return self.meant[0] - self.more <= last and first <= self.meant[1] + self.more


@dataclass(frozen=True, slots=True)
class Cascade:
    """What was heard, with what had to be set right in it; what was let go; what was not."""

    heard: tuple[HeardWord, ...]
    forgiven: tuple[Forgiven, ...]
    rulings: tuple[Ruling, ...]


def hear_again(
    sound: KeptSound,
    model: str,
    spoken: SpokenForm,
    heard: Sequence[HeardWord],
    pieces: Sequence[Piece],
    places: Sequence[Place],
    at_first: str,
    cache: Path | None = None,
) -> Cascade:
    """Each doubt of `places` is let go, or confirmed, by the hearing model `model`; `at_first` heard it first.

    Raises `EarsError` and `DiskFullError`.
    """
    witness = Witness(load(model, cache))
    others = None if at_first == model else FirstEars(Witness(load(at_first, cache)))
    second = SecondHearing(spoken, heard, pieces, others)
    new: list[HeardWord] = []
    forgiven: list[Forgiven] = []
    rulings: list[Ruling] = []
    done = 0
    for first in range(0, len(places), _TOGETHER):
        for outcome in _outcomes(witness, second, sound, pieces, places[first : first + _TOGETHER]):
            part = pieces[outcome.doubt.first : outcome.doubt.last]
            meant, old = (part[0].meant[0], part[-1].meant[1]), (part[0].heard[0], part[-1].heard[1])
            new += [*heard[done : old[0]], *outcome.words]
            done = old[1]
            if outcome.grounds is None:
                more = len(outcome.words) - (meant[1] - meant[0])
                rulings.append(Ruling(meant, outcome.sure, max(0, more)))
            else:
                script = " ".join(word.text for word in spoken.words[slice(*meant)])
                said = " ".join(word.text for word in heard[slice(*old)])
                forgiven.append(Forgiven(script, said, outcome.grounds, part[0].start_s, part[-1].end_s))
    return Cascade((*new, *heard[done:]), tuple(forgiven), tuple(rulings))


def _outcomes(
    witness: Witness, second: SecondHearing, sound: KeptSound, pieces: Sequence[Piece], places: Sequence[Place]
) -> list[Outcome]:
    """What becomes of the doubts of some places, in order; what has to be heard again of them is heard together."""
    found: list[list[Outcome]] = []
    asked: list[tuple[int, Outcomes, list[Statement]]] = []
    for place in places:
        parts = [witness.listen(sound.excerpt(span), span.start_s) for span in place.parts(pieces)]
        found.append([])
        around = None
        if place.alone and place.doubts[0].slow:
            span = place.wider(pieces)
            around = witness.listen(sound.excerpt(span), span.start_s)
        talk = second.outcomes(place, parts, around)
        try:
            next(talk)
            asked.append((len(found) - 1, talk, parts))
        except StopIteration as end:
            found[-1] = end.value
    words = iter(witness.heard([part for _, _, parts in asked for part in parts]))
    for number, talk, parts in asked:
        try:
            talk.send(tuple(word for _ in parts for word in next(words)))
        except StopIteration as end:
            found[number] = end.value
    return [outcome for outcomes in found for outcome in outcomes]
