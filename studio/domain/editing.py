"""A sentence of the script that a person changed after it was spoken, and which utterances that is about."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile

from studio.domain.errors import InputError
from studio.domain.mending import Mending, Stretch, sentences, wider
from studio.domain.script import BlockKind, Script
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm, Utterance

_OPENERS = "*_~`“‘\"'([{«「『"  # what may stand between a sentence and the white space around it
_CLOSERS = "*_~`”’\"')]}»」』"


@dataclass(frozen=True, slots=True)
class Edit:
    """`was` stands in the script's text at `start`, and `now` shall stand there."""

    start: int
    was: str
    now: str

    def applied(self, text: str) -> str:
        """The changed text. Raises `InputError` where something else stands at the place by now."""
        end = self.start + len(self.was)
        if text[self.start : end] != self.was:
            raise InputError("The script is not what it was when this sentence was edited.", "Edit it once more.")
        return text[: self.start] + self.now + text[end:]

    @property
    def reverse(self) -> "Edit":
        """What takes it back."""
        return Edit(self.start, self.now, self.was)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of a script as they are written: where they are, and how the source has them."""

    start: int
    written: str
    text: str  # the same for a person to edit: lines that are only wrapped are one

    def edited(self, text: str) -> Edit:
        """The edit that a person's text for this passage is. Raises `InputError` where nothing is left."""
        if not any(map(str.isalnum, text)):
            raise InputError("There is nothing left to speak in this sentence.", "Write at least a word.")
        return Edit(self.start, self.written, self.written if text == self.text else text.strip())


@dataclass(frozen=True, slots=True)
class Change:
    """Utterances of the spoken form before, in whose place those of the one after are spoken."""

    before: Stretch
    after: Stretch

    @property
    def shift(self) -> int:
        """By how much the numbers of all that follows grow."""
        return (self.after[1] - self.after[0]) - (self.before[1] - self.before[0])


def edit_to_text(edit: Edit) -> str:
    """As `Episode.mending` keeps it: a JSON object."""
    return json.dumps(asdict(edit), ensure_ascii=False, sort_keys=True)


def edit_from_text(text: str) -> Edit | None:
    """Read what `edit_to_text` wrote; None for a mending of another kind. Of several edits the first."""
    return next(iter(edits_from_text(text)), None)


def edits_to_text(edits: Sequence[Edit]) -> str:
    """Several edits of one text as `Episode.mending` and `Mend.edited` keep them; one is kept as a single one."""
    if len(edits) == 1:
        return edit_to_text(edits[0])
    return json.dumps([asdict(edit) for edit in edits], ensure_ascii=False, sort_keys=True)


def edits_from_text(text: str) -> tuple[Edit, ...]:
    """Read what `edits_to_text`, or `edit_to_text`, wrote; empty for a mending of another kind."""
    if not text.startswith(("{", "[")):
        return ()
    held = json.loads(text)
    return tuple(Edit(**each) for each in (held if isinstance(held, list) else [held]))


def applied(edits: Sequence[Edit], text: str) -> str:
    """The text with several edits, each at its place in the text before. Raises `InputError` as `Edit.applied`."""
    for edit in reversed(edits):
        text = edit.applied(text)
    return text


def passage(script: Script, spoken: SpokenForm, mending: Mending) -> Passage:
    """The sentences of `mending`, from the first to the last, with the marks around them."""
    utterances = spoken.utterances[mending[0][0] : mending[-1][1]]
    start, end = min(each.start for each in utterances), max(each.end for each in utterances)
    inside = [block for block in script.blocks if block.start < end and start < block.end]
    while start > inside[0].start and script.text[start - 1] in _OPENERS:
        start -= 1
    while end < inside[-1].end and script.text[end] in _CLOSERS:
        end += 1
    written = script.text[start:end]
    wrapped = len(inside) == 1 and inside[0].kind is BlockKind.PARAGRAPH
    return Passage(start, written, " ".join(written.split()) if wrapped else written)


def change(before: SpokenForm, after: SpokenForm, edit: Edit) -> Change:
    """Which utterances an edit is about: those that differ, as whole sentences that can be spoken alone.

    Where it changes nothing that is spoken, or only takes away, those that stand at its place now.
    """
    old, new = before.utterances, after.utterances
    grown = len(new) - len(old)
    first = _alike(old, new)
    last = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - first)
    wanted = set(range(first, len(new) - last))
    if not wanted and not grown:
        end = edit.start + len(edit.now)
        wanted = {number for number, each in enumerate(new) if each.start < end and edit.start < each.end}
    found = sentences(after, wanted or {min(first, len(new) - 1)})
    stretch = found[0][0], found[-1][1]
    if stretch[1] - stretch[0] <= grown:
        stretch = wider(after, stretch)  # a sentence that is new needs a place: that of the one beside it
    return Change((stretch[0], stretch[1] - grown), stretch)


def renumbered(marks: Sequence[Mark], after: SpokenForm, made: Sequence[Change]) -> tuple[Mark, ...]:
    """The marks of all utterances before, as those of the form after; what is replaced shares its time evenly."""
    times: list[tuple[float, float]] = []
    at = 0
    for change_ in made:
        (first, last), (start, stop) = change_.before, change_.after
        from_s, until_s = marks[first].start_s, marks[last - 1].end_s
        each_s = (until_s - from_s) / (stop - start)
        times += [(mark.start_s, mark.end_s) for mark in marks[at:first]]
        times += [(from_s + each_s * number, from_s + each_s * (number + 1)) for number in range(stop - start)]
        at = last
    times += [(mark.start_s, mark.end_s) for mark in marks[at:]]
    return tuple(
        Mark(number, utterance.start, utterance.end, *time)
        for number, (utterance, time) in enumerate(zip(after.utterances, times, strict=True))
    )


def _alike(one: Sequence[Utterance], other: Sequence[Utterance]) -> int:
    """How many utterances both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: _said(pair[0]) == _said(pair[1]), pairs))


def _said(utterance: Utterance) -> tuple[str, bool]:
    return utterance.text, utterance.heading
