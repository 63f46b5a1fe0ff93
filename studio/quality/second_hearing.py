"""Whether a doubtful place was really said so: the better ears weigh both texts, and hear it again."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from studio.domain.hearing import Grounds, HeardWord
from studio.domain.spoken import SpokenForm
from studio.quality.align import Piece, compare
from studio.quality.certainty import Evidence, sure
from studio.quality.doubts import Doubt, Place
from studio.quality.figures import is_other_amount, spelled_out
from studio.quality.heard_again import Again
from studio.quality.likeness import likeness
from studio.quality.weighing import FOLLOWING, Choice, FirstEars, best
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
    strange,
)

_LONGEST_LOST: Final = 16  # words that are scored of a longer loss
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
_FAR: Final = -99.0  # a passage too long to be weighed, that was heard wrongly twice
_FORGIVEN: Final = 0.25  # less sure than that is no fault
_AGREED: Final = 0.5  # likeness of what was heard first and the second time
_OPEN: Final = 0.6  # where they do not agree
_BETTER: Final = 3.0  # times e: how much likelier the script's words are than those heard first, if they can be spelled


@dataclass(frozen=True, slots=True)
class Outcome:
    """The words to stand in the place of a doubt, and the grounds on which it was let go, or how sure it is."""

    doubt: Doubt
    words: tuple[HeardWord, ...]
    grounds: Grounds | None
    sure: float = 0.0


Outcomes = Generator[None, tuple[HeardWord, ...], list[Outcome]]


class SecondHearing:
    """Weighs the doubts of one episode: the script `spoken` against what was first `heard`, laid out in `pieces`.

    `first` are the ears that heard it first, where they are others than those that hear it again. They are asked how
    well they think of both texts at the pace at which it was said.
    """

    def __init__(
        self, spoken: SpokenForm, heard: Sequence[HeardWord], pieces: Sequence[Piece], first: FirstEars | None = None
    ) -> None:
        self._spoken = spoken
        self._script = spoken.words
        self._heard = heard
        self._pieces = pieces
        self._first = first

    def outcomes(self, place: Place, parts: Sequence[Statement], around: Statement | None = None) -> Outcomes:
        """What becomes of each doubt in a place; `parts` are the statements about its stretches of sound.

        `around` is one about what is beside it as well, for words that are heard alone.

        Asks by a `yield`, once at most, for what is heard in them.
        """
        found: list[Outcome] = []
        again: Again | None = None
        for doubt in place.doubts:
            weighed: _Weighed | None = None
            if doubt.slow:
                if len(parts) > 1 or not self._said_twice(place, doubt, around or parts[0]):
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
        bounds = place.beside(self._pieces) if place.alone else (place.first, place.last)
        first, last = self._pieces[bounds[0]].heard[0], self._pieces[bounds[1] - 1].heard[1]
        start, end = self._bounds(doubt)[1]
        texts = [word.text for word in self._heard[first:last]]
        start, end = start - first, end - first
        del texts[end + FOLLOWING :]
        once = statement.score(texts, [], []).total
        return any(
            once - statement.score(texts[:to], texts[at:to], texts[to:]).total < _DOUBLED
            for at, to in ((start - 1, start), (start, start + 1), (start - 1, start + 1), (start, end))
        )

    def _passed_over(self, doubt: Doubt, again: Again, statement: Statement) -> Outcome | None:
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
            for first, last in ((bounds[0], old[0]), old, (old[1], min(bounds[1], old[1] + FOLLOWING)))
        )
        script = [word.text for word in self._script[slice(*meant)]]
        dress = dressed(script, said, before)[:_LONGEST_LOST]
        right = best(statement, before, dress, after)
        added = len(said) - len(script) if is_added(script, said) else 0
        if not added and len(script) <= _LONGEST_LOST and right.worst > _HALF:
            return Grounds.HEARD_AGAIN
        rare, figure = self._is_rare(script), is_other_amount(script, said)
        how = Evidence(0.0, 0.0, alike(script, said), rare=rare, figure=figure, strange=strange(script))
        # Nothing fits better than certainly: whatever was heard, the script's words are no worse than that.
        if not added and _is_plain(right, right.onwards, how):
            return Grounds.WITNESS
        other = spelled_out(said, script)
        wrong = best(statement, before, other, after) if how.figure else statement.score(before, other, after)
        start = self._heard[old[0] - 1].end_s if old[0] else 0.0
        end = self._heard[old[1]].start_s if old[1] < len(self._heard) else self._pieces[doubt.last - 1].end_s
        choice = Choice(tuple(before), tuple(dress), tuple(other), tuple(after))
        weighed = _Weighed(right, wrong, added, statement.sounding_s(start, end), how, choice)
        return Grounds.WITNESS if _cleared(weighed) else weighed

    def _again(self, place: Place, heard: tuple[HeardWord, ...]) -> Again:
        first, last = self._pieces[place.first].meant[0], self._pieces[place.last - 1].meant[1]
        passage = _passage(self._spoken, first, last)
        right = [piece for piece in self._pieces[place.first : place.last] if not piece.wrong]
        known = tuple(index for piece in right for index in range(*piece.meant))
        return Again(first, heard, compare(passage, heard, (), place.span.end_s).pieces, known)

    def _heard_again(
        self, doubt: Doubt, weighed: "_Weighed | None", again: Again, parts: Sequence[Statement]
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
            return self._ruled(doubt, certain, tuple(said), Grounds.HEARD_AGAIN)
        if weighed and (again.breaks_off(meant) or again.sets_in_behind(meant)):
            # Nobody heard it a second time; a text without it would fit better than any.
            alone = replace(weighed.how, fit=weighed.fit, said=weighed.wrong.mean, added=weighed.added, room=room)
            certain = min(self._sure(replace(alone, twice=False), parts[0], weighed.choice), _OPEN)
            return self._ruled(doubt, certain, tuple(said))
        first, last = again.with_likes(wrong)
        span = again.pieces[first].heard[0], again.pieces[last - 1].heard[1]
        texts = [word.text for word in again.heard]
        before, other, after = texts[: span[0]], texts[slice(*span)], texts[span[1] : span[1] + FOLLOWING]
        script = self._corrected(again, first, last)
        fit, mean = _FAR, 0.0
        if weighed:
            right = best(parts[0], before, script[: _LONGEST_LOST + len(other)], after)
            heard = best(parts[0], before, spelled_out(other, script), after)
            fit = min(right.total - heard.total, weighed.fit)
            mean = heard.mean
        two = letters(other)
        added = max(1, len(other) - len(script)) if is_added(script, other) else 0
        figure, rare = is_other_amount(script, other), self._is_rare(script)
        choices = [weighed.choice] if weighed else []
        if letters([word.text for word in said]) != two:
            choices.append(Choice(*map(tuple, (before, script, other, after))))
        how = Evidence(fit, mean, alike(script, other), added, room, True, rare, figure, strange(script))
        certain = self._sure(how, parts[0], *choices)
        behind = again.first + again.pieces[last - 1].meant[1]
        following = letters([word.text for word in self._script[behind : behind + 1]])
        if is_inaudible(script, other, following):
            certain = 0.0
        if said and other and likeness(letters([word.text for word in said]), two) < _AGREED:
            # Two hearings that do not agree call no fault; and none where the script fits better than the first, which
            # says nothing of words too many: a text fits about as well without them.
            least = 0.0 if how.rare else _BETTER
            better = weighed is not None and not weighed.added and weighed.fit > least
            certain = 0.0 if better else min(certain, _OPEN)
        instead = () if added else again.instead(meant, wrong)
        return self._ruled(doubt, certain, instead or tuple(said))

    def _ruled(
        self, doubt: Doubt, certain: float, words: tuple[HeardWord, ...], let_go: Grounds = Grounds.WITNESS
    ) -> Outcome:
        """The doubt let go, or `words` as what was said."""
        if certain < _FORGIVEN:
            return Outcome(doubt, self._set_right(doubt), let_go)
        return Outcome(doubt, words, None, certain)

    def _is_rare(self, script: Sequence[str]) -> bool:
        """Whether the ears cannot be asked about these words: they do not know them, or all of them guess them."""
        return strange(script) > 0 if self._first else is_rare(script)

    def _sure(self, evidence: Evidence, statement: Statement, *choices: Choice) -> float:
        """How sure it is; where the better ears alone would call a fault, the first ones are asked, too.

        Not about words in whose place nothing was heard, which they fill in as they expect, nor about strange ones,
        for which they would take any.
        """
        certain = sure(evidence)
        settled = certain < _PLAIN_CASE or evidence.added or evidence.figure or evidence.rare
        if self._first is None or not choices or settled:
            return certain
        if not any(each.wrong for each in choices) and not is_rare(choices[0].right):
            return certain
        return sure(replace(evidence, first=self._first.fit(statement, choices)))

    def _corrected(self, again: Again, first: int, last: int) -> list[str]:
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
    choice: Choice

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
