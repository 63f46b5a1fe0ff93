"""A script that came once more with changes: which sentences differ, and which utterances are to be spoken for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeVar

from studio.domain.editing import Change, Edit
from studio.domain.mending import Mending, merged, sentences, wider
from studio.domain.prose import sentences_of
from studio.domain.script import Script
from studio.domain.spoken import SpokenForm, Utterance

T = TypeVar("T", str, tuple[str, bool])


class ChangeKind(StrEnum):
    """What became of a sentence."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """One sentence before and after; empty on the side where it is not."""

    kind: ChangeKind
    before: str
    after: str


_EQUAL: Final = "equal"


def edits_between(before: Script, after: Script) -> tuple[Edit, ...]:
    """The edits that make the text of one the text of the other, sentence by sentence.

    They are in order, at their places in the text before: applied from the last to the first they give the text after.
    """
    old, new = _pieces(before), _pieces(after)
    edits = []
    start = at = 0
    for kind, i1, i2, j1, j2 in _matched(old, new):
        start += sum(map(len, old[at:i1]))
        at = i1
        if kind != _EQUAL:
            edits.append(Edit(start, "".join(old[i1:i2]), "".join(new[j1:j2])))
    return tuple(edits)


def compared(before: Script, after: Script) -> tuple[SentenceChange, ...]:
    """Every sentence of both, side by side, in order."""
    old, new = _said_sentences(before), _said_sentences(after)
    rows: list[SentenceChange] = []
    for kind, i1, i2, j1, j2 in _matched(old, new):
        both = min(i2 - i1, j2 - j1)
        told = ChangeKind.SAME if kind == _EQUAL else ChangeKind.CHANGED
        rows += [SentenceChange(told, old[i1 + n], new[j1 + n]) for n in range(both)]
        rows += [SentenceChange(ChangeKind.GONE, text, "") for text in old[i1 + both : i2]]
        rows += [SentenceChange(ChangeKind.NEW, "", text) for text in new[j1 + both : j2]]
    return tuple(rows)


def changes(before: SpokenForm, after: SpokenForm) -> tuple[Change, ...]:
    """Which utterances are spoken in whose place, as whole sentences, in order; empty where all sounds the same.

    Where something only went, the sentence beside it is spoken anew, so that the seam is one.
    """
    matched = _matched(list(map(_said, before.utterances)), list(map(_said, after.utterances)))
    equal = [(i1, i2, j1) for kind, i1, i2, j1, _ in matched if kind == _EQUAL]
    last = len(after.utterances) - 1
    wanted: set[int] = set()
    for kind, _, _, j1, j2 in matched:
        if kind != _EQUAL:
            wanted.update(range(j1, j2) if j2 > j1 else [min(j1, last)])
    stretches = sentences(after, sorted(wanted))
    begins, ends = _bounds(equal, len(before.utterances), len(after.utterances))
    while (larger := _with_room(after, stretches, begins, ends)) != stretches:
        stretches = larger
    return tuple(Change((begins(first), ends(end)), (first, end)) for first, end in stretches)


_Bound = Callable[[int], int]


def _bounds(equal: Sequence[tuple[int, int, int]], olds: int, news: int) -> tuple[_Bound, _Bound]:
    """Where a stretch of utterances after begins, and where it ends, before. Its bounds lie in or beside what is equal.

    What went at a bound belongs to the stretch.
    """
    runs = [(0, 0, 0), *equal, (olds, olds, news)]

    def begins(place: int) -> int:
        return min(i1 + place - j1 for i1, i2, j1 in runs if j1 <= place <= j1 + i2 - i1)

    def ends(place: int) -> int:
        return max(i1 + place - j1 for i1, i2, j1 in runs if j1 <= place <= j1 + i2 - i1)

    return begins, ends


def _with_room(after: SpokenForm, stretches: Mending, begins: _Bound, ends: _Bound) -> Mending:
    """A sentence that is new needs a place: that of the one beside it."""
    return merged(stretch if begins(stretch[0]) < ends(stretch[1]) else wider(after, stretch) for stretch in stretches)


def _pieces(script: Script) -> list[str]:
    """The whole text in pieces: its sentences, and what stands between them."""
    bounds = [0]
    for sentence in sentences_of(script):
        for place in (sentence.start, sentence.end):
            if place > bounds[-1]:
                bounds.append(place)
    bounds.append(len(script.text))
    return [script.text[start:end] for start, end in pairwise(bounds) if start < end]


def _said_sentences(script: Script) -> list[str]:
    return [" ".join(script.text[each.start : each.end].split()) for each in sentences_of(script)]


def _matched(old: Sequence[T], new: Sequence[T]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _said(utterance: Utterance) -> tuple[str, bool]:
    return utterance.text, utterance.heading
