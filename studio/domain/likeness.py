"""How much alike two texts are, and how much of one stands in the other; and from where on that is a finding."""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from studio.domain.findings import Severity
from studio.domain.script_report import Check, Fingerprint, Neighbour, ScriptFinding

SAME: Final = 0.9
"""Share of common phrases from which a script is another one once more: its speech would be paid twice."""
ALIKE: Final = 0.5
"""Share from which a person should look."""
WITHIN: Final = 0.6
"""Share of a script's phrases from which it stands in another one: of what was taken over, some is always reworded."""
WHOLE: Final = 0.9
"""Share from which it stands there as a whole: the first and the last words of it are drawn by chance."""
FEWEST: Final = 3
"""Phrases that two texts must share at least: a saying, or a quotation of one sentence, is no part of a script."""
COMMON: Final = 3
"""Other texts that say a phrase, from which on it is everybody's: the opening of a show, its closing, its credits."""
MOST_HOLDERS: Final = 8
"""Episodes that hold a phrase, beyond which nobody need look whether their texts differ."""

_LOOKED_AT: Final = 200  # of those that share some phrases; the others share fewer


def likeness(one: bytes, other: bytes) -> float:
    """The share of phrases that two texts have in common (Jaccard), estimated from signatures of the same length."""
    first, second = _numbers(one), _numbers(other)
    if not first or len(first) != len(second):
        return 0.0
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def parts(
    phrases: Collection[int],
    holders: Mapping[int, Collection[int]],
    texts: Mapping[int, object],
    phrases_of: Callable[[int], Collection[int]],
) -> dict[int, tuple[float, float]]:
    """The other texts in which a script stands (the share of its phrases there), or that stand in it (of theirs here).

    Args:
        phrases: Those of the script.
        holders: Who has a phrase, by the phrase; more than `MOST_HOLDERS` need not be given.
        texts: What tells the texts of these apart: copies of one text are one. Who is not among them does not count.
        phrases_of: All phrases of one of them.
    """
    common = {
        phrase
        for phrase, ids in holders.items()
        if len(ids) > MOST_HOLDERS or len({texts[each] for each in ids if each in texts}) >= COMMON
    }
    own = set(phrases) - common
    shared = Counter(each for phrase in own for each in holders.get(phrase, ()) if each in texts)
    found = {}
    for each, count in shared.most_common(_LOOKED_AT):
        if count < FEWEST:
            break
        inside, around = count / len(own), count / len(set(phrases_of(each)) - common)
        if max(inside, around) >= WITHIN:
            found[each] = inside, around
    return found


def likeness_findings(fingerprint: Fingerprint, neighbours: Sequence[Neighbour]) -> tuple[ScriptFinding, ...]:
    """The other episodes that a script is much like, or stands in, or holds: those with most in common first.

    `project` of a neighbour may be empty.
    """
    scored = [(likeness(fingerprint.signature, each.signature), each) for each in neighbours]
    alike = sorted(((share, each) for share, each in scored if share >= ALIKE), key=lambda pair: -pair[0])
    parts = [(max(each.inside, each.around), each) for share, each in scored if share < ALIKE]
    within = sorted(((share, each) for share, each in parts if share >= WITHIN), key=lambda pair: -pair[0])
    found = [_finding(*each) for each in alike] + [_part(each) for _, each in within]
    return tuple(found[:_LISTED])


_LISTED: Final = 5


def _finding(share: float, neighbour: Neighbour) -> ScriptFinding:
    if neighbour.same_text:
        detail = f"The project “{neighbour.project}” has the same text already; what was bought there is used again."
        return ScriptFinding(Check.DUPLICATE, Severity.NOTE, detail)
    other = f"“{neighbour.title}”" + (f" of the project “{neighbour.project}”" if neighbour.project else "")
    if share >= SAME:
        detail = f"It is {other} once more: {share:.0%} of their phrases are the same."
        return ScriptFinding(Check.DUPLICATE, Severity.FAULT, detail)
    detail = f"It has much in common with {other}: {share:.0%} of their phrases are the same."
    return ScriptFinding(Check.DUPLICATE, Severity.REVIEW, detail)


def _part(neighbour: Neighbour) -> ScriptFinding:
    """One stands in the other: for a person, who may want it so, as a trailer or a part that is published alone."""
    other = f"“{neighbour.title}”" + (f" of the project “{neighbour.project}”" if neighbour.project else "")
    share = max(neighbour.inside, neighbour.around)
    whole = share >= WHOLE
    if neighbour.inside >= neighbour.around:
        said = f"The whole of it stands in {other}" if whole else f"Most of it stands in {other}"
        detail = f"{said}: {share:.0%} of its phrases are there, and would be paid twice."
    else:
        said = f"The whole of {other} stands in it" if whole else f"Most of {other} stands in it"
        detail = f"{said}: {share:.0%} of that one's phrases are here, and would be paid twice."
    return ScriptFinding(Check.DUPLICATE, Severity.REVIEW, detail)


def _numbers(signature: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(signature)
    return numbers
