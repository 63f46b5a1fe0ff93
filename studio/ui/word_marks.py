"""What was said against what was meant, with the differing words marked, as rich text for a label."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from studio.domain.findings import Finding, FindingKind
from studio.domain.hearing import TimedWord

AROUND = 2  # words of the script shown on either side
MOST = 14  # words of a long passage that are shown
_NO_BREAK = "\N{NO-BREAK SPACE}"
_ABOUT_WORDS = frozenset(
    {
        FindingKind.MISSING_WORDS,
        FindingKind.EXTRA_WORDS,
        FindingKind.REPEATED_WORDS,
        FindingKind.MISREAD_WORDS,
        FindingKind.CUT_OFF,
    }
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two lines of rich text; both empty where a finding is not about words."""

    said: str
    script: str


def compared(finding: Finding, words: Sequence[TimedWord]) -> Compared:
    """The two lines for `finding`, with a little of the script (`words`) around them where its place in it is known."""
    if finding.kind not in _ABOUT_WORDS or not (finding.said or finding.script):
        return Compared("", "")
    before, after = _context(finding, words)
    said, script = _marked(finding.said.split(), finding.script.split())
    return Compared(_line(before, said, after), _line(before, script, after))


def _context(finding: Finding, words: Sequence[TimedWord]) -> tuple[list[str], list[str]]:
    start, end = finding.source_start, finding.source_end
    if start is None or end is None:
        return [], []
    if not finding.script:
        # What was said too much has no place of its own in the script: it is given by the words on either side.
        start = end = next((word.source_end for word in words if word.source_start >= start), end)
    before = [word.text for word in words if word.source_end <= start]
    after = [word.text for word in words if word.source_start >= end]
    lead = ["…"] if len(before) > AROUND else []
    tail = ["…"] if len(after) > AROUND else []
    return [*lead, *before[-AROUND:]], [*after[:AROUND], *tail]


def _line(before: Sequence[str], marked: str, after: Sequence[str]) -> str:
    parts = [escape(" ".join(before)), marked, escape(" ".join(after))]
    line = " ".join(part for part in parts if part)
    return "“" + line.replace("… ", f"…{_NO_BREAK}").replace(" …", f"{_NO_BREAK}…") + "”"  # it never has a line alone


def _marked(said: Sequence[str], script: Sequence[str]) -> tuple[str, str]:
    """Words only heard are struck through, words only meant are bold; where nothing was heard there is a gap."""
    matcher = SequenceMatcher(a=[_bare(word) for word in said], b=[_bare(word) for word in script], autojunk=False)
    left: list[str] = []
    right: list[str] = []
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        heard, meant = escape(" ".join(_cut(said[a0:a1]))), escape(" ".join(_cut(script[b0:b1])))
        if kind == "equal":
            left.append(heard)
            right.append(meant)
            continue
        left.append(f"<s>{heard}</s>" if heard else "<u>" + "&nbsp;" * 9 + "</u>")
        if meant:
            right.append(f'<span style="font-weight:600">{meant}</span>')
    return " ".join(left), " ".join(right)


def _cut(words: Sequence[str]) -> list[str]:
    return [*words] if len(words) <= MOST else [*words[: MOST // 2], "…", *words[-MOST // 2 :]]


def _bare(word: str) -> str:
    return word.casefold().strip(".,;:!?“”\"'()")
