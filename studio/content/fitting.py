"""How long a text takes to speak, and how it is made as long as it was asked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from studio.content.citing import MARK, behind_marks, blanked
from studio.content.intake import ScriptIntake
from studio.content.sentences import sentence_spans
from studio.content.speech_text import spoken_form
from studio.content.terms import terms
from studio.domain.extent import extent_of
from studio.domain.script import BlockKind
from studio.domain.writing import Assignment

_NEAR: Final = 0.01  # of the length asked for: near enough
_ROUNDS: Final = 4
_FEW: Final = 60  # sentences of which pairs are tried in the last step
_LEANS: Final = re.compile(
    r"[“‘\"'(\[*_]*(?:this|that|these|those|it|its|he|she|they|his|her|their|him|them|such|but|yet|so|and|or|then|both"
    r"|however|therefore|thus|hence|instead|otherwise|similarly|likewise|meanwhile|for (?:example|instance))\b",
    re.IGNORECASE,
)
_BLANKS: Final = re.compile(r"[ \t]{2,}")
_LINE_EDGE: Final = re.compile(r"[ \t]+$|^ (?=\S)", re.MULTILINE)
_GAP: Final = re.compile(r"\n{3,}")


@dataclass(slots=True)
class _Sentence:
    """One that may go: `end` is behind its marks, `worth` says how much would be missed, `leans` on the one before."""

    start: int
    end: int
    section: int
    block: int
    seconds: float
    worth: float
    leans: bool
    gone: bool = False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A block that is not a heading: its place, and that of the line it begins in."""

    line: int
    start: int
    end: int
    section: int


def seconds_of(text: str, assignment: Assignment) -> float:
    """How long a script in Markdown takes to speak, by the voice's rate. Marks of citations take no time."""
    script = ScriptIntake().read_text(blanked(text), assignment.topic.title)
    return assignment.rate.expected_s(extent_of(spoken_form(script, assignment.settings).utterances))


def fitted(text: str, assignment: Assignment, kept: tuple[int, int] = (1, 1)) -> str:
    """The text without as many of its sentences as it is too long, the least important first.

    What is not too long is as before. `kept` are how many blocks at the beginning and at the end are the opening and
    the closing: nothing of them goes. Of every section a sentence stays, and none that another leans on goes alone.
    """
    asked_s = assignment.minutes * 60
    for _ in range(_ROUNDS):
        seconds, stretches, sentences = _measured(text, assignment, kept)
        excess_s = seconds - asked_s
        if not sentences or excess_s <= _NEAR * asked_s or not _choose(sentences, excess_s, _NEAR * asked_s):
            break
        text = _without(text, stretches, sentences)
    return text


def _measured(
    text: str, assignment: Assignment, kept: tuple[int, int]
) -> tuple[float, Sequence[_Stretch], list[_Sentence]]:
    """How long it takes; its blocks; and every sentence between the opening and the closing."""
    plain = blanked(text)
    script = ScriptIntake().read_text(plain, assignment.topic.title)
    utterances = spoken_form(script, assignment.settings).utterances
    stretches: list[_Stretch] = []
    section = 0
    for block in script.blocks:
        if block.kind is BlockKind.HEADING:
            section += 1
        else:
            stretches.append(_Stretch(plain.rfind("\n", 0, block.start) + 1, block.start, block.end, section))
    wanted = terms(f"{assignment.topic.title} {assignment.topic.brief}")
    first, last = kept[0], len(stretches) - kept[1]
    sentences = [
        sentence
        for number, stretch in enumerate(stretches)
        if first <= number < last
        for sentence in _sentences(text, plain, stretch, number, wanted)
    ]
    places = iter(sentences)
    here = next(places, None)
    for utterance in utterances:
        while here is not None and utterance.start >= here.end:
            here = next(places, None)
        if here is not None and utterance.start >= here.start:
            here.seconds += assignment.rate.expected_s(extent_of([utterance]))
    return assignment.rate.expected_s(extent_of(utterances)), stretches, sentences


def _sentences(text: str, plain: str, stretch: _Stretch, number: int, wanted: dict[str, int]) -> Iterator[_Sentence]:
    spans = [
        (stretch.start + start, stretch.start + end)
        for start, end in sentence_spans(plain[stretch.start : stretch.end])
    ]
    for place, (start, stop) in enumerate(spans):
        end = behind_marks(text, stop)
        said = plain[start:end]
        counted = terms(said)
        fit = sum(term in wanted for term in counted) / max(1, len(wanted))
        cited = MARK.search(text, start, end) is not None
        worth = fit + (0.7 if cited else 0.0) + (1.0 if not place else -0.5 * place / len(spans))
        yield _Sentence(start, end, stretch.section, number, 0.0, worth, bool(place and _LEANS.match(said)))


def _choose(sentences: list[_Sentence], excess_s: float, slack_s: float) -> bool:
    """Mark those that go; whether there are any."""
    left = excess_s
    order = sorted(sentences, key=lambda sentence: (sentence.worth, -sentence.start))
    stays = {sentence.section: 0 for sentence in sentences}
    after = dict(zip(map(id, sentences), [*sentences[1:], None], strict=True))
    for sentence in sentences:
        stays[sentence.section] += 1

    def free(sentence: _Sentence) -> bool:
        if sentence.gone or stays[sentence.section] < 2:
            return False
        following = after[id(sentence)]
        while following is not None and following.gone and following.block == sentence.block:
            following = after[id(following)]
        return following is None or following.block != sentence.block or not following.leans

    def drop(sentence: _Sentence) -> None:
        nonlocal left
        sentence.gone = True
        stays[sentence.section] -= 1
        left -= sentence.seconds

    dropped = True
    while dropped and left > slack_s:
        dropped = False
        for sentence in order:
            # The last few seconds are left to those that fit them best.
            if free(sentence) and sentence.seconds <= left / 2:
                drop(sentence)
                dropped = True
    rest = [sentence for sentence in order if free(sentence)][:_FEW]
    options = [(one,) for one in rest] + [
        pair for pair in combinations(rest, 2) if pair[0].block != pair[1].block and pair[0].section != pair[1].section
    ]
    best = min(options, key=lambda some: abs(left - sum(one.seconds for one in some)), default=())
    if left > slack_s and abs(left - sum(one.seconds for one in best)) < left:
        for sentence in best:
            drop(sentence)
    return any(sentence.gone for sentence in sentences)


def _without(text: str, stretches: Sequence[_Stretch], sentences: Sequence[_Sentence]) -> str:
    """The text without what goes; a block of which nothing stays goes with its marker."""
    of_block: dict[int, list[_Sentence]] = {}
    for sentence in sentences:
        of_block.setdefault(sentence.block, []).append(sentence)
    cuts: list[tuple[int, int]] = []
    for number, held in of_block.items():
        if all(sentence.gone for sentence in held):
            cuts.append((stretches[number].line, max(stretches[number].end, held[-1].end)))
        else:
            cuts += [(sentence.start, sentence.end) for sentence in held if sentence.gone]
    parts: list[str] = []
    begin = 0
    for start, end in sorted(cuts):
        parts.append(text[begin:start])
        begin = end
    whole = "".join([*parts, text[begin:]])
    return _GAP.sub("\n\n", _LINE_EDGE.sub("", _BLANKS.sub(" ", whole)))
