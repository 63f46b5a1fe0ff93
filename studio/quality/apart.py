"""What a script says again and again, heard sentence by sentence.

In one go the ears lose count of it: they pass over a “No!” among twenty, or write down the twenty that they expect. So
the stretches of sound between silences are counted, and each is asked by itself, behind a sentence that was heard
right, how well the script's words fit it; what fits badly is heard alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp
from statistics import median
from typing import Final

from studio.domain.hearing import Forgiven, Grounds, HeardWord
from studio.domain.sound import Span
from studio.domain.spoken import SpokenWord
from studio.quality.align import Piece, compare
from studio.quality.cascade import Cascade, Ruling
from studio.quality.certainty import Evidence, sure
from studio.quality.figures import is_other_amount
from studio.quality.islands import islands
from studio.quality.kept_sound import KeptSound
from studio.quality.links import Kind
from studio.quality.lone_stretches import Fit, LoneStretches
from studio.quality.refrain_places import HeardScript, RefrainPlace, usual_s
from studio.quality.refrains import Refrain, plain
from studio.quality.tally import Bounds, Pair, Usual, odd, tally
from studio.quality.witness import Witness
from studio.quality.wordings import alike, is_rare

_GUESSED: Final = 0.5  # of the logarithm of a length; how far a guess from its letters may be off
_PACED: Final = 0.4  # the same where the speed is known
_KNOWN: Final = 0.25  # the same of what was said often: nobody speaks like a clock
_OFTEN: Final = 3  # times
_LOST: Final = 9.0  # what a sentence without sound costs, in nats, and a sound without a sentence
_LOST_AT_MOST: Final = 13.0  # a count that is the same for both is certain
_A_WORD: Final = -0.5  # what a right word may lose, in nats, because the ears would write it otherwise
_FREE: Final = -4.0  # and what a sentence may, where it is only looked for its place
_FITS: Final = -3.0  # and what a right sentence may lose besides
_AS_OTHERS: Final = -4.0  # the same against what the others of the same words lose
_STRANGE: Final = -7.0  # who loses more, every time, is not understood
_FORGIVEN: Final = 0.25  # less sure than that is no fault
_OPEN: Final = 0.6  # what is left to a person
_COUNTED: Final = 0.95  # how sure a count is
_DROWNED: Final = 0.4  # of the sentences fit badly: there is something else in the sound
_QUESTIONS: Final = 5  # for each stretch of sound and each sentence, at most; some 40 ms each
_MOST_S: Final = 1800.0  # of sound; what goes on for longer is heard in the ordinary way
_NEAR: Final = 4  # sentences away, one may be said once more
_MARKS: Final = re.compile(r"[,;:.!?…—](?=\W)")  # where a voice may pause
_ENDS: Final = " .!?…\"'”’)"


@dataclass(frozen=True, slots=True)
class _Told:
    """Words in the place of the script's words `meant` (bounds).

    `certain` is how sure it is that they are not the script's, `more` how many are too many; `grounds` is why they are
    the script's all the same. Without either nothing is known, and it is asked in the ordinary way.
    """

    words: tuple[HeardWord, ...]
    meant: Bounds
    grounds: Grounds | None = None
    certain: float = 0.0
    more: int = 0


def hear_apart(
    witness: Witness,
    sound: KeptSound,
    heard: Sequence[HeardWord],
    script: HeardScript,
    passages: Sequence[Refrain],
) -> Cascade:
    """What was `heard`, with the refrains (`passages`) of the script set right in it, and rulings on what was not.

    A refrain that cannot be told apart stays as it was heard. Raises `EarsError`.
    """
    new: list[HeardWord] = []
    forgiven: list[Forgiven] = []
    rulings: list[Ruling] = []
    done = 0
    for passage in passages:
        place = script.place(passage)
        if place is None or place.heard[0] < done or place.span.length_s > _MOST_S:
            continue
        carrier = script.carrier(sound, place)
        first = heard[slice(*place.heard)]
        refrain = _Passage(LoneStretches(witness, sound, carrier), islands(sound, place.span), script, place, first)
        told = refrain.told(carrier.slower if carrier else 1.0)
        if told is None:
            continue
        new += [*heard[done : place.heard[0]], *(word for each in told for word in each.words)]
        done = place.heard[1]
        rulings += _rulings(script.spoken.words, told)
        forgiven += _forgiven(script.spoken.words, told, first)
    return Cascade((*new, *heard[done:]), tuple(forgiven), tuple(rulings))


class _Passage:
    """One refrain in the sound, which was `first` heard in one go."""

    def __init__(
        self,
        stretches: LoneStretches,
        apart: Sequence[Span],
        script: HeardScript,
        place: RefrainPlace,
        first: Sequence[HeardWord],
    ) -> None:
        self._stretches = stretches
        self._script = script
        self._place = place
        self._first = first
        self._islands = apart
        self._beside = {number - place.units[0]: span for number, span in place.beside.items()}
        self._texts = [plain(utterance) for utterance in script.utterances(place.units)]

    def told(self, slower: float) -> list[_Told] | None:
        """What was said, in order, by a voice that is so much slower than usual; None where it cannot be told apart."""
        usual = [
            Usual(usual_s(plain(each)) * slower, _GUESSED, 1 + len(_MARKS.findall(each.text.rstrip(_ENDS))))
            for each in self._script.utterances(self._place.units)
        ]
        if (once := tally(self._islands, usual, self._misfit, _LOST)) is None:
            return None
        usual = self._learned(usual, once)
        pairs = tally(self._islands, usual, self._misfit, _LOST)
        if pairs is None:
            return None
        counted = True
        if _uneven(pairs) != (0, 0):
            again = tally(self._islands, usual, self._misfit, _LOST_AT_MOST)
            counted = again is not None and _uneven(pairs) == _uneven(again)
        low, high = (side - self._place.units[0] for side in self._place.inner)
        found = {at for pair in pairs if pair.said[0] < pair.said[1] for at in range(*pair.meant)}
        if not found.issuperset({*range(low), *range(high, len(self._texts))}):
            return None  # what was heard right beside it is not where it should be
        inner = [
            pair
            for pair in pairs
            if (pair.meant[0] < high and low < pair.meant[1]) or (_is_extra(pair) and low <= pair.meant[0] <= high)
        ]
        losses = self._losses(inner)
        bad = [pair for pair in losses if losses[pair] < _STRANGE + _A_WORD * self._count(pair)]
        if len(bad) > _DROWNED * max(1, len(losses)):
            return None
        return [self._judged(pair, usual, losses, low, high, counted=counted) for pair in inner]

    def _learned(self, guessed: Sequence[Usual], pairs: Sequence[Pair]) -> list[Usual]:
        """How long each sentence takes: as at other times, or else at the speed of the others."""
        lengths: dict[tuple[str, ...], list[float]] = {}
        slower: list[float] = []
        for pair in pairs:
            if pair.said[0] < pair.said[1] and pair.meant[1] - pair.meant[0] == 1:
                length_s, at = self._span(pair.said).length_s, pair.meant[0]
                lengths.setdefault(self._texts[at], []).append(length_s)
                slower.append(length_s / guessed[at].length_s)
        speed = median(slower) if len(slower) >= _OFTEN else 1.0
        free = _PACED if len(slower) >= _OFTEN else _GUESSED
        return [
            replace(guess, length_s=median(lengths[text]), free=_KNOWN)
            if len(lengths.get(text, ())) >= _OFTEN
            else replace(guess, length_s=guess.length_s * speed, free=free)
            for text, guess in zip(self._texts, guessed, strict=True)
        ]

    def _losses(self, pairs: Sequence[Pair]) -> dict[Pair, float]:
        """The log probability of the script's words for each pair that has both."""
        return {
            pair: self._fit(pair.said, pair.meant).total
            for pair in pairs
            if pair.said[0] < pair.said[1] and pair.meant[0] < pair.meant[1]
        }

    def _judged(
        self, pair: Pair, usual: Sequence[Usual], losses: dict[Pair, float], low: int, high: int, *, counted: bool
    ) -> _Told:
        inside = max(low, pair.meant[0]), min(high, pair.meant[1])
        first = self._place.units[0]
        meant = self._script.words_of((first + inside[0], first + inside[1]))
        if pair.said[0] == pair.said[1]:
            return _Told((), meant, None, _COUNTED if counted else _OPEN)
        if _is_extra(pair):
            return self._too_many(pair, usual, meant, counted=counted)
        script = self._script.spoken.words[slice(*meant)]
        span = self._span(pair.said)
        texts = tuple(self._texts[slice(*pair.meant)])
        alikes = [loss for other, loss in losses.items() if tuple(self._texts[slice(*other.meant)]) == texts]
        loss, allowed = losses[pair], _A_WORD * self._count(pair)
        often = len(alikes) >= _OFTEN
        usually = median(alikes) if often else 0.0
        fits = loss >= _FITS + allowed or (often and usually >= _STRANGE + allowed and loss >= usually + _AS_OTHERS)
        lasts = not odd(span.length_s, usual[slice(*pair.meant)])
        right = _spread([word.text for word in script], span, exp(loss / max(1, len(script))))
        at_first = [word for word in self._first if span.start_s <= (word.start_s + word.end_s) / 2 <= span.end_s]
        agreed = self._same(pair.meant, at_first)
        if fits and ((often and lasts) or agreed):
            return _Told(right, meant, Grounds.WITNESS)
        alone = self._stretches.heard(span)
        once = _once(alone)
        if self._same(pair.meant, alone) or (lasts and self._same(pair.meant, once)):
            return _Told(right, meant, Grounds.HEARD_AGAIN)
        wanted, other = [word.text for word in script], [word.text for word in (once if lasts else alone)]
        if not (often and lasts) and self._goes_on(pair.meant, alone):
            return _Told(alone, meant)
        said = self._stretches.fit(span, other)
        certain = sure(
            Evidence(
                loss - said.total,
                said.mean,
                alike(wanted, other),
                rare=not often and is_rare(wanted),  # of others of the same words it is known how they are heard
                figure=is_other_amount(wanted, other),
            )
        )
        if certain < _FORGIVEN:
            return _Told(right, meant, Grounds.WITNESS)
        return _Told(once if lasts else alone, meant, None, min(certain, _OPEN) if agreed or fits else certain)

    def _too_many(self, pair: Pair, usual: Sequence[Usual], meant: Bounds, *, counted: bool) -> _Told:
        """A sound for which the script has no sentence: one of those near it once more, or something else."""
        span, at = self._span(pair.said), pair.meant[0]
        near = [
            index
            for index in range(max(0, at - _NEAR), min(len(self._texts), at + _NEAR))
            if index not in self._beside and not odd(span.length_s, usual[index : index + 1])
        ]
        if near:
            best = max(near, key=lambda index: self._fit(pair.said, (index, index + 1)).total)
            texts = [word.text for word in self._script.utterances(self._place.units)[best].words]
            loss = self._fit(pair.said, (best, best + 1)).total
            if loss >= _STRANGE + _A_WORD * len(texts):
                words = _spread(texts, span, exp(loss / max(1, len(texts))))
                return _Told(words, meant, None, _COUNTED if counted else _OPEN, len(words))
        words = _once(self._stretches.heard(span))
        said = self._stretches.fit(span, [word.text for word in words])
        certain = sure(Evidence(0.0, said.mean, 0.0, max(1, len(words)))) if words else 0.0
        if certain < _FORGIVEN:
            return _Told((), meant, Grounds.WITNESS)
        return _Told(words, meant, None, certain if counted else min(certain, _OPEN), len(words))

    def _same(self, meant: Bounds, heard: Sequence[HeardWord]) -> bool:
        """Whether what was heard are the script's words of some sentences."""
        return not any(piece.wrong for piece in self._compared(meant, heard))

    def _goes_on(self, meant: Bounds, heard: Sequence[HeardWord]) -> bool:
        """Whether more was heard than the script's words."""
        return all(piece.kind is Kind.EXTRA for piece in self._compared(meant, heard) if piece.wrong)

    def _compared(self, meant: Bounds, heard: Sequence[HeardWord]) -> Sequence[Piece]:
        first = self._place.units[0]
        utterances = tuple(self._script.utterances((first + meant[0], first + meant[1])))
        form = replace(self._script.spoken, utterances=utterances)
        return compare(form, heard, (), self._place.span.end_s).pieces

    def _misfit(self, said: Bounds, meant: Bounds) -> float | None:
        if self._stretches.asked > _QUESTIONS * (len(self._islands) + len(self._texts)):
            return None
        if meant[1] - meant[0] > 1 and not self._beside.keys().isdisjoint(range(*meant)):
            return _LOST
        if meant[1] - meant[0] == 1 and (known := self._beside.get(meant[0])):
            away = sum(_overlap_s(island, known) <= 0 for island in self._islands[slice(*said)])
            if away < said[1] - said[0]:
                return _LOST * away
        words = sum(len(text) for text in self._texts[slice(*meant)])
        return max(0.0, _FREE + _A_WORD * words - self._fit(said, meant).total)

    def _fit(self, said: Bounds, meant: Bounds) -> Fit:
        first = self._place.units[0]
        return self._stretches.fit_of(self._span(said), self._script.utterances((first + meant[0], first + meant[1])))

    def _span(self, said: Bounds) -> Span:
        return Span(self._islands[said[0]].start_s, self._islands[said[1] - 1].end_s)

    def _count(self, pair: Pair) -> int:
        return sum(len(text) for text in self._texts[slice(*pair.meant)])


def _overlap_s(one: Span, two: Span) -> float:
    return min(one.end_s, two.end_s) - max(one.start_s, two.start_s)


def _is_extra(pair: Pair) -> bool:
    return pair.meant[0] == pair.meant[1]


def _uneven(pairs: Sequence[Pair]) -> tuple[int, int]:
    """How many sentences have no sound, and how many sounds no sentence."""
    return sum(pair.said[0] == pair.said[1] for pair in pairs), sum(map(_is_extra, pairs))


def _once(words: Sequence[HeardWord]) -> tuple[HeardWord, ...]:
    """What a lone word made the ears write again and again, once."""
    texts = [_bare(word) for word in words]
    for width in range(1, len(texts) // 2 + 1):
        if all(texts[at] == texts[at % width] for at in range(len(texts))):
            return tuple(words[:width])
    return tuple(words)


def _spread(texts: Sequence[str], span: Span, probability: float) -> tuple[HeardWord, ...]:
    """Words over a stretch of time, each by its letters."""
    left = sum(map(len, texts))
    start_s = span.start_s
    words = []
    for text in texts:
        end_s = start_s + (span.end_s - start_s) * len(text) / max(1, left)
        words.append(HeardWord(text, start_s, end_s, min(1.0, probability)))
        start_s, left = end_s, left - len(text)
    return tuple(words)


def _rulings(script: Sequence[SpokenWord], told: Sequence[_Told]) -> list[Ruling]:
    """What is known of each difference; in what else was told no difference is certain, nor asked again."""
    found: list[Ruling] = []
    known: list[Bounds] = []
    for each in told:
        if each.certain:
            found.append(Ruling(_movable(script, each), each.certain, each.more))
        if each.certain or each.grounds:
            if known and known[-1][1] == each.meant[0]:
                known[-1] = known[-1][0], each.meant[1]
            else:
                known.append(each.meant)
    # A ruling touches what is beside it, and this one is to say nothing about that.
    return found + [Ruling((first + 1, last - 1), 2 * _FORGIVEN) for first, last in known if first < last]


def _movable(script: Sequence[SpokenWord], told: _Told) -> Bounds:
    """The words among which a difference may be: of twenty that are the same nobody can say which it was."""
    texts = [_bare(word) for word in script]
    first, last = told.meant
    # What is lost, or said once more, and so its like on either side.
    block = [_bare(word) for word in told.words] if first == last else texts[first:last]
    if not block or (told.words and first < last):
        return first, last
    low, high = first, last
    while low > 0 and texts[low - 1] == block[(low - 1 - first) % len(block)]:
        low -= 1
    while high < len(texts) and texts[high] == block[(high - first) % len(block)]:
        high += 1
    return low, high


def _bare(word: SpokenWord | HeardWord) -> str:
    return "".join(filter(str.isalnum, word.text)).lower()


def _forgiven(script: Sequence[SpokenWord], told: Sequence[_Told], first: Sequence[HeardWord]) -> list[Forgiven]:
    """What was set right."""
    found = []
    for each in told:
        if each.grounds is None or not each.words:
            continue
        start_s, end_s = each.words[0].start_s, each.words[-1].end_s
        meant = " ".join(word.text for word in script[slice(*each.meant)])
        said = " ".join(word.text for word in first if start_s <= (word.start_s + word.end_s) / 2 <= end_s)
        if [*filter(str.isalnum, meant.lower())] != [*filter(str.isalnum, said.lower())]:
            found.append(Forgiven(meant, said, each.grounds, start_s, end_s))
    return found
