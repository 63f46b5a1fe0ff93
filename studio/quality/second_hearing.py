"""Whether a doubtful place was really said so: the better ears weigh both texts, and hear it again."""

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from studio.domain.hearing import Grounds, HeardWord
from studio.domain.spoken import SpokenForm
from studio.quality.align import Piece, compare
from studio.quality.certainty import Evidence, sure
from studio.quality.doubts import Doubt, Place
from studio.quality.homophones import same_sound
from studio.quality.likeness import likeness
from studio.quality.links import Kind
from studio.quality.vocabulary import is_known
from studio.quality.witness import Score, Statement

_LONGEST_LOST: Final = 16  # words that are scored of a longer loss
_FOLLOWING: Final = 8  # words behind those that are weighed; what comes later no longer tells the two texts apart
# The script's words are let go at once where they fit so well that no second hearing would make a fault of it,
# and none of them is out of the question, or it may be a third text. Rare words are spelled in many ways.
_PLAIN_CASE: Final = 0.02
_OUT_OF_QUESTION: Final = -6.0
_OUT_OF_QUESTION_RARE: Final = -9.0
_NEVER_SAID: Final = -4.0  # mean of words too many that the better ears do not hear
_FEW: Final = 2  # such words; more of them are heard again in any case
_HALF: Final = -0.6931  # what is likelier than one half at every step is what a free hearing writes down
_LETTERS_PER_S: Final = 20.0  # of fast speech
_LONGER: Final = 2.0  # so many times the script's letters, and words were added and not misread
_SHORTEST: Final = 3  # letters; the ears guess shorter words from what is around them
_DOUBLED: Final = 7.0  # words that were said once fit worse by more than that when they are written twice
_FAR: Final = -99.0  # a passage too long to be weighed, that was heard wrongly twice
_INFLECTED: Final = 0.9  # likeness of two forms of one word
_FORGIVEN: Final = 0.25  # less sure than that is no fault
_HISSING: Final = ("s", "z", "ce", "ci", "cy")  # a last s is lost in it
_AGREED: Final = 0.5  # likeness of what was heard first and the second time
_OPEN: Final = 0.6  # where they do not agree
_BETTER: Final = 3.0  # times e: how much likelier the script's words are than those heard first
_END: Final = re.compile(r"[.,;:!?…]*$")
_ENDING: Final = re.compile(r"(?:ies|ys|ed|es|d|s|y|e)$")
_CONTRACTED: Final = re.compile(r"nt$")
_PLAIN: Final = re.compile(r"[^a-z0-9]")


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
            weighed = None
            if doubt.slow:
                if len(parts) > 1 or not self._said_twice(place, doubt, parts[0]):
                    continue
            elif len(parts) == 1:
                weighed = self._weighed(place, doubt, parts[0])
                if grounds := _cleared(weighed) if weighed else Grounds.HEARD_AGAIN:
                    found.append(Outcome(doubt, self._set_right(doubt), grounds))
                    continue
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

    def _weighed(self, place: Place, doubt: Doubt, statement: Statement) -> "_Weighed | None":
        """The script's words against those heard first, in the place of the doubt.

        None where there is nothing to weigh: the script's words are what a free hearing would write down.
        """
        bounds = self._pieces[place.first].heard[0], self._pieces[place.last - 1].heard[1]
        meant, old = self._bounds(doubt)
        before, said, after = (
            [word.text for word in self._heard[first:last]]
            for first, last in ((bounds[0], old[0]), old, (old[1], min(bounds[1], old[1] + _FOLLOWING)))
        )
        script = [word.text for word in self._script[slice(*meant)]]
        right = statement.score(before, _dressed(script, said, before)[:_LONGEST_LOST], after)
        added = len(said) - len(script) if _added(script, said) else 0
        if not added and len(script) <= _LONGEST_LOST and right.worst > _HALF:
            return None
        wrong = statement.score(before, said, after)
        start = self._heard[old[0] - 1].end_s if old[0] else 0.0
        end = self._heard[old[1]].start_s if old[1] < len(self._heard) else self._pieces[doubt.last - 1].end_s
        alike = _alike(script, said)
        return _Weighed(right, wrong, added, statement.sounding_s(start, end), alike, _rare(script))

    def _again(self, place: Place, heard: tuple[HeardWord, ...]) -> "_Again":
        first, last = self._pieces[place.first].meant[0], self._pieces[place.last - 1].meant[1]
        passage = _passage(self._spoken, first, last)
        return _Again(first, heard, compare(passage, heard, (), place.span.end_s).pieces)

    def _heard_again(
        self, doubt: Doubt, weighed: "_Weighed | None", again: "_Again", parts: Sequence[Statement]
    ) -> Outcome:
        meant, old = self._bounds(doubt)
        said = self._heard[slice(*old)]
        if meant[0] == meant[1] and len(_letters([word.text for word in said])) < _SHORTEST:
            return Outcome(doubt, (), Grounds.WITNESS)  # a letter too many is no word
        more = max(0, len(said) - (meant[1] - meant[0]))
        room = 1.0
        if weighed and more:
            room = weighed.sounding_s * _LETTERS_PER_S / max(1, len(_letters([word.text for word in said])))
        wrong = again.wrong(meant, more)
        if not wrong:
            certain = 0.0
            if weighed and weighed.added:
                certain = sure(Evidence(0.0, weighed.wrong.mean, 0.0, weighed.added, room, twice=False))
            if certain < _FORGIVEN:
                return Outcome(doubt, self._set_right(doubt), Grounds.HEARD_AGAIN)
            return Outcome(doubt, tuple(said), None, certain)
        first, last = again.with_likes(wrong)
        span = again.pieces[first].heard[0], again.pieces[last - 1].heard[1]
        texts = [word.text for word in again.heard]
        before, other, after = texts[: span[0]], texts[slice(*span)], texts[span[1] : span[1] + _FOLLOWING]
        script = self._corrected(again, first, last)
        fit, mean = _FAR, 0.0
        if weighed:
            right = parts[0].score(before, script[: _LONGEST_LOST + len(other)], after)
            heard = parts[0].score(before, other, after)
            fit = min(right.total - heard.total, weighed.fit)
            mean = heard.mean
        one, two = _letters(script), _letters(other)
        added = max(1, len(other) - len(script)) if _added(script, other) else 0
        certain = sure(Evidence(fit, mean, _alike(script, other), added, room, rare=_rare(script)))
        following = _letters([word.text for word in self._script[meant[1] : meant[1] + 1]])
        if one != two and following.startswith(_HISSING) and _same_stem(one.rstrip("s"), two.rstrip("s")):
            certain = 0.0  # nobody can hear it: “in Berkeley's sense”
        if said and other and likeness(_letters([word.text for word in said]), two) < _AGREED:
            # Two hearings that do not agree call no fault; and none where the script fits better than the first.
            certain = 0.0 if weighed and weighed.fit > _BETTER else min(certain, _OPEN)
        if certain < _FORGIVEN:
            return Outcome(doubt, self._set_right(doubt), Grounds.WITNESS)
        better = () if added else again.instead(meant, wrong)
        return Outcome(doubt, better or tuple(said), None, certain)

    def _corrected(self, again: "_Again", first: int, last: int) -> list[str]:
        """The second hearing's pieces `first` to `last` (exclusive), with the script's words where they are wrong."""
        words: list[str] = []
        for piece in again.pieces[first:last]:
            own = [word.text for word in again.heard[slice(*piece.heard)]]
            if piece.wrong or piece.grounds is Grounds.SOUND:
                before = [word.text for word in again.heard[: piece.heard[0]]]
                meant = self._script[again.first + piece.meant[0] : again.first + piece.meant[1]]
                own = _dressed([word.text for word in meant], own, before)
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
        letters = sum(map(len, words))
        new = []
        for text in words:
            until = start + (end - start) * len(text) / max(1, letters)
            new.append(HeardWord(text, start, until, probability))
            start, letters = until, letters - len(text)
        return tuple(new)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """How well the script's words fit, how well those heard first, and how many of these are too many.

    `sounding_s` is how much sound there is between the words around them; `alike` and `rare` are those of `Evidence`.
    """

    right: Score
    wrong: Score
    added: int
    sounding_s: float
    alike: float
    rare: bool

    @property
    def fit(self) -> float:
        """How much better the script's words fit; negative where they fit worse."""
        return self.right.total - self.wrong.total


def _cleared(weighed: _Weighed) -> Grounds | None:
    """Whether the script's words fit so well that there is nothing to ask."""
    if weighed.right.worst < (_OUT_OF_QUESTION_RARE if weighed.rare else _OUT_OF_QUESTION):
        return None
    if weighed.added:
        clear = weighed.added <= _FEW and weighed.fit >= 0 and weighed.wrong.mean < _NEVER_SAID
        return Grounds.WITNESS if clear else None
    if sure(Evidence(weighed.fit, weighed.wrong.mean, weighed.alike, rare=weighed.rare)) > _PLAIN_CASE:
        return None
    return Grounds.WITNESS


@dataclass(frozen=True, slots=True)
class _Again:
    """What was heard the second time, laid against the script's words from number `first` on."""

    first: int
    heard: tuple[HeardWord, ...]
    pieces: tuple[Piece, ...]

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
        """The bounds of pieces that differ, with those beside them that only sound like the script."""
        first, last = wrong[0], wrong[-1] + 1
        while first > 0 and self.pieces[first - 1].grounds is Grounds.SOUND:
            first -= 1
        while last < len(self.pieces) and self.pieces[last].grounds is Grounds.SOUND:
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


def _dressed(script: Sequence[str], said: Sequence[str], before: Sequence[str]) -> list[str]:
    """The script's words with the stops and the capital that the ears would give them there."""
    words = list(script)
    if words and said:
        if said[0][:1].isupper() and (not before or before[-1][-1:] in ".?!"):
            words[0] = words[0][:1].upper() + words[0][1:]
        words[-1] = _END.sub("", words[-1]) + (_END.search(said[-1]) or [""])[0]
    return words


def _alike(script: Sequence[str], heard: Sequence[str]) -> float:
    """How alike they sound; an ending is lost in the next word (“chanced to”) and guessed by the ears."""
    meant, said = _letters(script), _letters(heard)
    if len(script) > len(heard) == 1:
        said = _CONTRACTED.sub("n", said)  # “does in”, “doesn't”
    same = len(_stem(meant)) >= _SHORTEST and _stem(meant) == _stem(said)
    return max(_INFLECTED if same else 0.0, likeness(meant, said))


def _same_stem(one: str, two: str) -> bool:
    return one == two or same_sound(one, two)


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def _rare(script: Sequence[str]) -> bool:
    """Whether there is a word that the ears do not know, and spell by its sound; or none that they do not guess."""
    plain = [_letters([word]) for word in script]
    unknown = any(len(word) > _SHORTEST and not is_known(word) for word in plain)
    return unknown or all(len(word) < _SHORTEST for word in plain)


def _added(script: Sequence[str], said: Sequence[str]) -> bool:
    """Whether words were added, and not said in another way; “it” for a letter “A” is no addition."""
    least = max(_SHORTEST, _LONGER * len(_letters(script))) if script else 1.0
    return len(_letters(said)) >= least


def _letters(words: Sequence[str]) -> str:
    return _PLAIN.sub("", "".join(words).lower().replace("æ", "ae").replace("œ", "oe"))
