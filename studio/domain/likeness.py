"""How much alike two texts are, by their MinHash signatures, and from where on that is a finding."""

from array import array
from collections.abc import Sequence
from typing import Final

from studio.domain.findings import Severity
from studio.domain.script_report import Check, Fingerprint, Neighbour, ScriptFinding

SAME: Final = 0.9
"""Share of common phrases from which a script is another one once more: its speech would be paid twice."""
ALIKE: Final = 0.5
"""Share from which a person should look."""


def likeness(one: bytes, other: bytes) -> float:
    """The share of phrases that two texts have in common (Jaccard), estimated from signatures of the same length."""
    first, second = _numbers(one), _numbers(other)
    if not first or len(first) != len(second):
        return 0.0
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def likeness_findings(fingerprint: Fingerprint, neighbours: Sequence[Neighbour]) -> tuple[ScriptFinding, ...]:
    """The other episodes that a script is much like, the most alike first. `project` of a neighbour may be empty."""
    scored = [(likeness(fingerprint.signature, each.signature), each) for each in neighbours]
    found = sorted(((share, each) for share, each in scored if share >= ALIKE), key=lambda pair: -pair[0])
    return tuple(_finding(share, each) for share, each in found[:_LISTED])


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


def _numbers(signature: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(signature)
    return numbers
