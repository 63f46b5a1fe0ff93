"""Whether a doubtful place was really said so: the better ears weigh both texts, and hear it again."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from studio.domain.hearing import Grounds, HeardWord
from studio.domain.spoken import SpokenForm
from studio.quality.align import Piece, compare
from studio.quality.certainty import Evidence, sure
from studio.quality.doubts import Doubt, Place
from studio.quality.figures import as_figures, is_other_amount, spelled_out
from studio.quality.likeness import likeness
from studio.quality.links import Kind
from studio.quality.witness import Score, Statement
from studio.quality.wordings import (
    INFLECTED,
    SHORTEST,
    alike,
    dressed,
    is_added,
    is_inaudible,
    is_rare,
    letters,
    without_accents,
)

_LONGEST_LOST: Final = 16  # words that are scored of a longer loss
_FOLLOWING: Final = 8  # words behind those that are weighed; what comes later no longer tells the two texts apart
# The script's words are let go at once where they fit so well that no second hearing would make a fault of it,
# and none of them is out of the question, or it may be a third text. Rare words, and endings, are guessed by the ears.
_PLAIN_CASE: Final = 0.02
_OUT_OF_QUESTION: Final = -6.0
_OUT_OF_QUESTION_RARE: Final = -9.0
_NEVER_SAID: Final = -4.0  # mean of words too many that the better ears do not hear
_FEW: Final = 2  # such words; more of them are heard again in any case
_HALF: Final = -0.6931  # what is likelier than one half at every step is what a free hearing writes down
_LETTERS_PER_S: Final = 20.0  # of fast speech
_DOUBLED: Final = 7.0  # words that were said once fit worse by more than that when they are written twice
_MORE: Final = 3  # words behind a doubt, or more, that were heard the first time only: the better ears broke off
_FAR: Final = -99.0  # a passage too long to be weighed, that was heard wrongly twice
_FORGIVEN: Final = 0.25  # less sure than that is no fault
_AGREED: Final = 0.5  # likeness of what was heard first and the second time
_OPEN: Final = 0.6  # where they do not agree
_BETTER: Final = 3.0  # times e: how much likelier the script's words are than those heard first


@dataclass(frozen=True, slots=True)
class Outcome:
    """The words to stand in the place of a doubt, and the grounds on which it was let go, or how sure it is."""

    doubt: Doubt
    words: tuple[HeardWord, ...]
    grounds: Grounds | None
    sure: float = 0.0


Outcomes = Generator[None, tuple[HeardWord, ...], list[Outcome]]


class SecondHearing:
    """Weighs the doubts of one episode: the script `spoken` against what was first `heard`, laid out in `pieces`."""

    def __init__(self, spoken: SpokenForm, heard: Sequence[HeardWord], pieces: Sequence[Piece]) -> None:
        self._spoken = spoken
        self._script = spoken.words
        self._heard = heard
        self._pieces = pieces

    def outcomes(self, place: Place, parts: Sequence[Statement]) -> Outcomes:
        """What becomes of each doubt in a place; `parts` are the statements about its stretches of sound.

        Asks by a `yield`, once at most, for what is heard in them.
        """
        found: list[Outcome] = []
        again: _Again | None = None
        for doubt in place.doubts:
            weighed: _Weighed | None = None
            if doubt.slow:
                if len(parts) > 1 or not self._said_twice(place, doubt, parts[0]):
                    continue
            elif len(parts) == 1:
                scored = self._weighed(place, doubt, parts[0])
                if isinstance(scored, Grounds):
                    found.append(Outcome(doubt, self._set_right(doubt), scored))
                    continue
                weighed = scored
            again = again or self._again(place, (yield))
            if not doubt.slow:
                found.append(self._heard_again(doubt, weighed, again, parts))
            elif outcome := self._passed_over(doubt, again, parts[0]):
                found.append(outcome)
        return found

    def _said_twice(self, place: Place, doubt: Doubt, statement: Statement) -> bool:
        """Whether words that take too long may have been said twice; what was said once is hardly thought doubled."""
        first, last = self._pieces[place.first].heard[0], self._pieces[place.last - 1].heard[1]
        if place.alone:
            return True
        start, end = self._bounds(doubt)[1]
        texts = [word.text for word in self._heard[first:last]]
        start, end = start - first, end - first
        del texts[end + _FOLLOWING :]
        once = statement.score(texts, [], []).total
        return any(
            once - statement.score(texts[:to], texts[at:to], texts[to:]).total < _DOUBLED
            for at, to in ((start - 1, start), (start, start + 1), (start - 1, start + 1), (start, end))
        )

    def _passed_over(self, doubt: Doubt, again: "_Again", statement: Statement) -> Outcome | None:
        """What the first ears passed over where words take too long: what the better ones hear there."""
        meant, old = self._bounds(doubt)
        extra = again.additions(meant)
        if not extra:
            return None
        span = again.pieces[extra[0]].heard[0], again.pieces[extra[-1]].heard[1]
        texts = [word.text for word in again.heard]
        with_it = statement.score(texts[: span[0]], texts[slice(*span)], texts[span[1] :])
        certain = sure(Evidence(0.0, with_it.mean, 0.0, span[1] - span[0]))
        if certain < _FORGIVEN:
            return None
        words = self._heard[slice(*old)]
        return Outcome(doubt, (*words[:-1], *again.heard[slice(*span)], words[-1]), None, certain)

    def _weighed(self, place: Place, doubt: Doubt, statement: Statement) -> "_Weighed | Grounds":
        """The script's words against those heard first, in the place of the doubt, or why it is let go.

        Where the script's words are what a free hearing would write down, there is nothing to weigh.
        """
        bounds = self._pieces[place.first].heard[0], self._pieces[place.last - 1].heard[1]
        meant, old = self._bounds(doubt)
        before, said, after = (
            [word.text for word in self._heard[first:last]]
            for first, last in ((bounds[0], old[0]), old, (old[1], min(bounds[1], old[1] + _FOLLOWING)))
        )
        script = [word.text for word in self._script[slice(*meant)]]
        right = _best(statement, before, dressed(script, said, before)[:_LONGEST_LOST], after)
        added = len(said) - len(script) if is_added(script, said) else 0
        if not added and len(script) <= _LONGEST_LOST and right.worst > _HALF:
            return Grounds.HEARD_AGAIN
        how = Evidence(0.0, 0.0, alike(script, said), rare=is_rare(script), figure=is_other_amount(script, said))
        # Nothing fits better than certainly: whatever was heard, the script's words are no worse than that.
        if not added and _is_plain(right, right.onwards, how):
            return Grounds.WITNESS
        other = spelled_out(said, script)
        wrong = _best(statement, before, other, after) if how.figure else statement.score(before, other, after)
        start = self._heard[old[0] - 1].end_s if old[0] else 0.0
        end = self._heard[old[1]].start_s if old[1] < len(self._heard) else self._pieces[doubt.last - 1].end_s
        weighed = _Weighed(right, wrong, added, statement.sounding_s(start, end), how)
        return Grounds.WITNESS if _cleared(weighed) else weighed

    def _again(self, place: Place, heard: tuple[HeardWord, ...]) -> "_Again":
        first, last = self._pieces[place.first].meant[0], self._pieces[place.last - 1].meant[1]
        passage = _passage(self._spoken, first, last)
        right = [piece for piece in self._pieces[place.first : place.last] if not piece.wrong]
        known = tuple(index for piece in right for index in range(*piece.meant))
        return _Again(first, heard, compare(passage, heard, (), place.span.end_s).pieces, known)

    def _heard_again(
        self, doubt: Doubt, weighed: "_Weighed | None", again: "_Again", parts: Sequence[Statement]
    ) -> Outcome:
        meant, old = self._bounds(doubt)
        said = self._heard[slice(*old)]
        if meant[0] == meant[1] and len(letters([word.text for word in said])) < SHORTEST:
            return Outcome(doubt, (), Grounds.WITNESS)  # a letter too many is no word
        more = max(0, len(said) - (meant[1] - meant[0]))
        room = 1.0
        if weighed and more:
            room = weighed.sounding_s * _LETTERS_PER_S / max(1, len(letters([word.text for word in said])))
        wrong = again.wrong(meant, more)
        if not wrong:
            certain = 0.0
            if weighed and weighed.added:
                certain = sure(Evidence(0.0, weighed.wrong.mean, 0.0, weighed.added, room, twice=False))
            if certain < _FORGIVEN:
                return Outcome(doubt, self._set_right(doubt), Grounds.HEARD_AGAIN)
            return Outcome(doubt, tuple(said), None, certain)
        if weighed and again.breaks_off(meant):
            # Nobody heard it a second time; a text that ends before it would fit better than any.
            alone = replace(weighed.how, fit=weighed.fit, said=weighed.wrong.mean, added=weighed.added, room=room)
            certain = min(sure(replace(alone, twice=False)), _OPEN)
            if certain < _FORGIVEN:
                return Outcome(doubt, self._set_right(doubt), Grounds.WITNESS)
            return Outcome(doubt, tuple(said), None, certain)
        first, last = again.with_likes(wrong)
        span = again.pieces[first].heard[0], again.pieces[last - 1].heard[1]
        texts = [word.text for word in again.heard]
        before, other, after = texts[: span[0]], texts[slice(*span)], texts[span[1] : span[1] + _FOLLOWING]
        script = self._corrected(again, first, last)
        fit, mean = _FAR, 0.0
        if weighed:
            right = _best(parts[0], before, script[: _LONGEST_LOST + len(other)], after)
            heard = _best(parts[0], before, spelled_out(other, script), after)
            fit = min(right.total - heard.total, weighed.fit)
            mean = heard.mean
        two = letters(other)
        added = max(1, len(other) - len(script)) if is_added(script, other) else 0
        figure = is_other_amount(script, other)
        certain = sure(Evidence(fit, mean, alike(script, other), added, room, rare=is_rare(script), figure=figure))
        behind = again.first + again.pieces[last - 1].meant[1]
        following = letters([word.text for word in self._script[behind : behind + 1]])
        if is_inaudible(script, other, following):
            certain = 0.0
        if said and other and likeness(letters([word.text for word in said]), two) < _AGREED:
            # Two hearings that do not agree call no fault; and none where the script fits better than the first, which
            # says nothing of words too many: a text fits about as well without them.
            better = weighed is not None and not weighed.added and weighed.fit > _BETTER
            certain = 0.0 if better else min(certain, _OPEN)
        if certain < _FORGIVEN:
            return Outcome(doubt, self._set_right(doubt), Grounds.WITNESS)
        instead = () if added else again.instead(meant, wrong)
        return Outcome(doubt, instead or tuple(said), None, certain)

    def _corrected(self, again: "_Again", first: int, last: int) -> list[str]:
        """The second hearing's pieces `first` to `last` (exclusive), with the script's words where they are wrong."""
        words: list[str] = []
        for piece in again.pieces[first:last]:
            own = [word.text for word in again.heard[slice(*piece.heard)]]
            if piece.wrong or piece.grounds is Grounds.SOUND:
                before = [word.text for word in again.heard[: piece.heard[0]]]
                meant = self._script[again.first + piece.meant[0] : again.first + piece.meant[1]]
                own = dressed([word.text for word in meant], own, before)
            words += own
        return words

    def _bounds(self, doubt: Doubt) -> tuple[tuple[int, int], tuple[int, int]]:
        """The bounds of a doubt, among the script's words and among those heard first."""
        one, two = self._pieces[doubt.first], self._pieces[doubt.last - 1]
        return (one.meant[0], two.meant[1]), (one.heard[0], two.heard[1])

    def _set_right(self, doubt: Doubt) -> tuple[HeardWord, ...]:
        """The script's words in the place of those heard first."""
        meant, old = self._bounds(doubt)
        words = [word.text for word in self._script[slice(*meant)]]
        start, end = self._pieces[doubt.first].start_s, self._pieces[doubt.last - 1].end_s
        probability = min((word.probability for word in self._heard[slice(*old)]), default=0.0)
        left = sum(map(len, words))
        new = []
        for text in words:
            until = start + (end - start) * len(text) / max(1, left)
            new.append(HeardWord(text, start, until, probability))
            start, left = until, left - len(text)
        return tuple(new)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """How well the script's words fit, how well those heard first, and how many of these are too many.

    `sounding_s` is how much sound there is between the words around them; `how` is what else is known of them.
    """

    right: Score
    wrong: Score
    added: int
    sounding_s: float
    how: Evidence

    @property
    def fit(self) -> float:
        """How much better the script's words fit; negative where they fit worse."""
        return self.right.total - self.wrong.total


def _cleared(weighed: _Weighed) -> bool:
    """Whether the script's words fit so well that there is nothing to ask."""
    if not weighed.added:
        return _is_plain(weighed.right, weighed.fit, weighed.how)
    few = weighed.added <= _FEW and _is_possible(weighed.right, weighed.how)
    return few and weighed.fit >= 0 and weighed.wrong.mean < _NEVER_SAID


def _is_plain(right: Score, fit: float, how: Evidence) -> bool:
    """Whether no second hearing would make a fault of it, where the script's words fit by `fit` better."""
    return _is_possible(right, how) and sure(replace(how, fit=fit)) <= _PLAIN_CASE


def _is_possible(right: Score, how: Evidence) -> bool:
    """Whether none of the script's words is out of the question."""
    spelled = how.rare or how.alike >= INFLECTED
    return right.worst >= (_OUT_OF_QUESTION_RARE if spelled else _OUT_OF_QUESTION)


@dataclass(frozen=True, slots=True)
class _Again:
    """What was heard the second time, laid against the script's words from number `first` on.

    `known` are the numbers of those that were heard right the first time.
    """

    first: int
    heard: tuple[HeardWord, ...]
    pieces: tuple[Piece, ...]
    known: tuple[int, ...] = ()

    def wrong(self, meant: tuple[int, int], added: int) -> list[int]:
        """The pieces that differ where the doubt is.

        A word too many may stand on either side of its like, so the place of an addition is only known to its length.
        """
        low, high = meant[0] - self.first, meant[1] - self.first
        found = []
        for index, piece in enumerate(self.pieces):
            first, last = piece.meant
            if not piece.wrong:
                continue
            if (first < high and low < last) or (added and first == last and low - added <= first <= high + added):
                found.append(index)
        return found

    def breaks_off(self, meant: tuple[int, int]) -> bool:
        """Whether nothing was heard from there to the end, although more follows that was heard right at first."""
        heard = [piece.meant[1] for piece in self.pieces if piece.kind is not Kind.MISSING]
        behind = [index for index in self.known if index >= meant[1]]
        return len(behind) >= _MORE and self.first + max(heard, default=0) <= meant[0]

    def additions(self, meant: tuple[int, int]) -> list[int]:
        """The pieces that were added where the doubt is, or no further from it than they are long.

        Not what was heard in the place of something else: that is another doubt.
        """
        low, high = meant[0] - self.first, meant[1] - self.first
        found: list[int] = []
        for different, group in groupby(range(len(self.pieces)), key=lambda at: self.pieces[at].wrong):
            run = list(group)
            if not different or any(self.pieces[index].kind is not Kind.EXTRA for index in run):
                continue
            at, length = self.pieces[run[0]].meant[0], sum(self.pieces[index].words for index in run)
            if low - length <= at <= high + length:
                found += run
        return found

    def with_likes(self, wrong: Sequence[int]) -> tuple[int, int]:
        """The bounds of pieces that differ, with those beside them that only sound like the script.

        Where one side has nothing, what differs beside it belongs to it: “Gran demanded” against “Grand-demanded”.
        """
        first, last = wrong[0], wrong[-1] + 1
        alone = all(self.pieces[index].kind in {Kind.MISSING, Kind.EXTRA} for index in wrong)

        def belongs(index: int) -> bool:
            return self.pieces[index].grounds is Grounds.SOUND or (alone and self.pieces[index].kind is Kind.MISREAD)

        while first > 0 and belongs(first - 1):
            first -= 1
        while last < len(self.pieces) and belongs(last):
            last += 1
        return first, last

    def instead(self, meant: tuple[int, int], wrong: Sequence[int]) -> tuple[HeardWord, ...]:
        """The words that were heard for the script's words `meant`; none where they cannot be told from others."""
        low, high = meant[0] - self.first, meant[1] - self.first
        own = [index for index, piece in enumerate(self.pieces) if piece.meant[0] < high and low < piece.meant[1]]
        first, last = self.pieces[min(*own, *wrong)], self.pieces[max(*own, *wrong)]
        if first.meant[0] < low or last.meant[1] > high:
            return ()
        return self.heard[first.heard[0] : last.heard[1]]


def _passage(spoken: SpokenForm, first: int, last: int) -> SpokenForm:
    """The script's words from number `first` to `last` (exclusive)."""
    utterances = []
    index = 0
    for utterance in spoken.utterances:
        kept = utterance.words[max(0, first - index) : max(0, last - index)]
        index += len(utterance.words)
        if kept:
            utterances.append(replace(utterance, words=kept))
    return replace(spoken, utterances=tuple(utterances))


def _best(statement: Statement, before: Sequence[str], script: Sequence[str], after: Sequence[str]) -> Score:
    """How well words fit, as they are or as the ears write them: numbers in figures, and no accents."""
    plain = tuple(map(without_accents, script))
    ways = (plain, *as_figures(plain)) if plain == tuple(script) else (script, plain, *as_figures(plain))
    return max((statement.score(before, way, after) for way in ways), key=lambda score: score.total)
