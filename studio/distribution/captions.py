"""Captions: where to cut the script's words so that each can be read at a glance, and how long each stays.

Cuts are chosen together for a whole paragraph, as a typesetter breaks lines: the cheapest way through it, where ending
with a sentence costs nothing, within a clause much, and after "the" most of all (W3C and BBC subtitle guidelines ask
for the same: cut at sentences and clauses, keep an article with its noun).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, TypeAlias

from studio.distribution.timeline import Piece, Sentence
from studio.domain.errors import ExportError

Escape: TypeAlias = Callable[[str], str]
"""Text as a format writes it (`&` as `&amp;`). Lines are measured as written, so that no reader finds one too long."""

LEAST_MS: Final = 300  # for a cue whose words were not heard apart
GLANCE_MS: Final = 1000  # a cue stays at least this long where the next one leaves it room
FLICKER_MS: Final = 400  # a gap shorter than this between two cues is closed
SHORT_S, LONG_S, PAUSE_S = 1.0, 6.5, 0.8

_CLINGING: Final = re.compile(
    r"an?|the|of|to|in|on|at|by|for|from|with|as|is|are|was|were|be|been|and|or|but|nor|if|that|than|his|her|its|their"
    r"|my|our|your|this|these|no|not|so|very|mrs?|ms|dr|st|prof",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"and|or|but|nor|because|which|who|whom|whose|that|when|where|while|although|though|if|unless|until|since|so|as|for"
    r"|with|without|from|into|than|then|after|before|in|on|at|by|to",
    re.IGNORECASE,
)
_STRONG: Final = frozenset(";:!?…—–")
_CLOSERS: Final = "\"'”’»)]}*"


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: one or two lines as the format writes them, the plain text, and whole milliseconds on the screen."""

    lines: tuple[str, ...]
    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class _Word:
    """A piece no longer than a line. `glued` ones follow the one before without a space."""

    text: str
    shown: str
    start_s: float
    end_s: float
    glued: bool
    ends: bool  # with the sentence
    cost: float  # of cutting after it


def captions(sentences: Sequence[Sentence], duration_s: float, width: int, escape: Escape = str) -> tuple[Cue, ...]:
    """Cues of at most two lines of `width` characters each: in order, apart from each other, within the episode.

    Raises `ExportError` where the episode has fewer milliseconds than captions.
    """
    cut = [
        (run, _lines(run, width))
        for paragraph in _paragraphs(sentences)
        for run in _cut(tuple(_words(paragraph, width, escape)), width)
    ]
    times = _settled([(run[0].start_s, run[-1].end_s) for run, _ in cut], int(duration_s * 1000))
    return tuple(
        Cue(lines, _joined(run, shown=False), start, end) for (run, lines), (start, end) in zip(cut, times, strict=True)
    )


def _paragraphs(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    """Runs of sentences that a cue may reach across."""
    run: list[Sentence] = []
    for sentence in sentences:
        if sentence.opens and run:
            yield run
            run = []
        run.append(sentence)
    if run:
        yield run


def _words(paragraph: Iterable[Sentence], width: int, escape: Escape) -> Iterator[_Word]:
    for sentence in paragraph:
        for index, piece in enumerate(sentence.pieces):
            after = sentence.pieces[index + 1] if index + 1 < len(sentence.pieces) else None
            parts = _fitting(piece.text, width, escape)
            step = (piece.end_s - piece.start_s) / len(parts)
            for number, part in enumerate(parts):
                last = number == len(parts) - 1
                yield _Word(
                    text=part,
                    shown=escape(part),
                    start_s=piece.start_s + step * number,
                    end_s=piece.end_s if last else piece.start_s + step * (number + 1),
                    glued=number > 0,
                    ends=last and after is None,
                    cost=_cost_after(piece, after) if last else 8.0,
                )


def _fitting(text: str, width: int, escape: Escape) -> list[str]:
    """`text` cut where it is longer than a line (a web address, a script without spaces), never inside a character."""
    if len(escape(text)) <= width:
        return [text]
    parts, part = [], ""
    for letter in text:
        clings = unicodedata.combining(letter) or letter in "\u200d\ufe0e\ufe0f" or part.endswith("\u200d")
        # Accents and joiners may use the last eighth of the line; only a part of nothing else is cut among them.
        if part and len(escape(part + letter)) > width - (0 if clings else width // 8):
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]


def _cost_after(piece: Piece, after: Piece | None) -> float:
    """How much a reader minds a cut between two pieces: 0 at the end of a sentence."""
    if after is None:
        return 0.0
    if not any(letter.isalnum() for letter in after.text):
        return 20.0  # a lone dash belongs to what it follows
    bare = piece.text.rstrip(_CLOSERS)
    if bare[-1:] in _STRONG:
        cost = 1.5
    elif bare.endswith(","):
        cost = 5.0 if _CLINGING.fullmatch(bare.rstrip(",")) else 2.5  # "but," leads on
    elif _CLINGING.fullmatch(bare.rstrip(".")):
        cost = 9.0
    else:
        cost = 4.0 if _OPENING.fullmatch(after.text.rstrip(_CLOSERS + ",")) else 6.0
    # A pause that can be heard is the best place of all.
    return cost * (0.5 if after.start_s - piece.end_s > PAUSE_S / 2 else 1.0)


def _cut(words: Sequence[_Word], width: int) -> Iterator[Sequence[_Word]]:
    """The cheapest way through one paragraph (shortest path over all cues that fit on two lines)."""
    ends = _ends(words)
    sentences = [0, *accumulate(int(word.ends) for word in words)]
    best = [0.0] * (len(words) + 1)
    came_from = [0] * (len(words) + 1)
    for stop in range(1, len(words) + 1):
        best[stop] = float("inf")
        for start in range(stop - 1, -1, -1):
            if start < stop - 1 and not _fits(ends, words, start, stop, width):
                break
            last = words[stop - 1]
            # Sentence ends inside, apart from the one it ends with.
            inside = sentences[stop - 1] - sentences[start]
            cost = best[start] + 3.0 + last.cost + 4.0 * inside + _unease(last.end_s - words[start].start_s)
            if cost < best[stop]:
                best[stop], came_from[stop] = cost, start
    bounds = [len(words)]
    while bounds[-1] > 0:
        bounds.append(came_from[bounds[-1]])
    bounds.reverse()
    for start, stop in pairwise(bounds):
        yield words[start:stop]


def _unease(seconds: float) -> float:
    """What a cue costs that is gone too soon or stays too long."""
    return 6.0 * max(SHORT_S - seconds, 0.0) + 4.0 * max(seconds - LONG_S, 0.0)


def _ends(words: Sequence[_Word]) -> list[int]:
    """Where each word ends if all stood on one line, from 0; entry 0 is the start."""
    ends = [0]
    for word in words:
        ends.append(ends[-1] + len(word.shown) + (0 if word.glued else 1))
    return ends


def _length(ends: Sequence[int], words: Sequence[_Word], start: int, stop: int) -> int:
    return ends[stop] - ends[start] - (0 if words[start].glued else 1)


def _fits(ends: Sequence[int], words: Sequence[_Word], start: int, stop: int, width: int) -> bool:
    """Whether words `start` to `stop` go on two lines: as many as fit on the first, the rest on the second."""
    if _length(ends, words, start, stop) <= width:
        return True
    if ends[stop] - ends[start] > 2 * width + 2:
        return False
    split = start + 1
    while _length(ends, words, start, split + 1) <= width:
        split += 1
    return _length(ends, words, split, stop) <= width


def _lines(run: Sequence[_Word], width: int) -> tuple[str, ...]:
    """One line where it fits, else the best break: at a clause, then as even as it can be."""
    ends = _ends(run)
    if _length(ends, run, 0, len(run)) <= width:
        return (_joined(run, shown=True),)

    def ugliness(split: int) -> float:
        first, second = _length(ends, run, 0, split), _length(ends, run, split, len(run))
        if max(first, second) > width:
            return float("inf")
        return run[split - 1].cost + 10.0 * abs(first - second) / width

    split = min(range(1, len(run)), key=ugliness)
    return _joined(run[:split], shown=True), _joined(run[split:], shown=True)


def _joined(run: Sequence[_Word], *, shown: bool) -> str:
    text = "".join(("" if word.glued else " ") + (word.shown if shown else word.text) for word in run)
    return text.strip(" ")


def _settled(spans: Sequence[tuple[float, float]], duration_ms: int) -> list[tuple[int, int]]:
    """Times in whole milliseconds: every cue has its own, none reaches into the next or out of the episode."""
    if not spans:
        return []
    least = min(LEAST_MS, duration_ms // len(spans))
    if least < 1:
        raise ExportError(
            f"{duration_ms / 1000:g} seconds of sound are too short for {len(spans)} captions.",
            "Have the episode spoken again.",
        )
    starts: list[int] = []
    for start_s, _ in spans:
        starts.append(max(round(start_s * 1000), starts[-1] + least if starts else 0))
    until = duration_ms
    for index in range(len(starts) - 1, -1, -1):
        until = starts[index] = min(starts[index], until - least)
    settled = []
    for index, (_, end_s) in enumerate(spans):
        start = starts[index]
        following = starts[index + 1] if index + 1 < len(starts) else duration_ms
        end = max(round(end_s * 1000), start + GLANCE_MS)
        settled.append((start, following if following - end < FLICKER_MS else end))
    return settled
