"""The tokens that a hearing model wrote down, put together to words with their times."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

import numpy as np
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from studio.domain.hearing import HeardWord

_OPENING: Final = "\"'“¿([{-"  # belong to the word that follows
_CLOSING: Final = "\"'.,!?:”)]}"  # belong to the word before
_STOPS: Final = ".!?"
_LONGEST_S: Final = 0.7  # what a word takes at most, as a rule; what is over twice the median is a pause
_PASSAGE: Final = 3  # words, or more
_MANY_TIMES: Final = 4  # one after the other
_CROWD: Final = 5  # words
_CROWDED_S: Final = 0.25  # is too short for so many


def rushed(words: Sequence[HeardWord]) -> int:
    """How many words at the end there is no sound left for: a model that lost its way writes a passage again."""
    count = sum(words[-1].start_s - word.start_s < _CROWDED_S for word in words)
    return count if count >= _CROWD else 0


def crowded(words: Sequence[HeardWord]) -> frozenset[int]:
    """The words of passages that there is no time for, among those that are written again and again.

    Of one passage after the other as many are said as there is time for at the length of most: who loses count of them
    writes more, and the times of some are next to nothing.
    """
    texts = [word.text.strip(" .,!?").lower() for word in words]
    found: set[int] = set()
    at = 0
    while at < len(words):
        width, times = _passages(texts, at)
        if times < _MANY_TIMES:
            at += 1
            continue
        starts = [words[at + width * time].start_s for time in range(times)]
        ends = [*starts[1:], words[at + width * times - 1].end_s]
        lengths = [end - start for start, end in zip(starts, ends, strict=True)]
        usual = median(length for length in lengths if length >= max(lengths) / 2)
        said = round((ends[-1] - starts[0]) / usual) if usual > 0 else times
        for time in sorted(range(times), key=lambda time: lengths[time])[: max(0, times - said)]:
            if lengths[time] < usual / 2:
                found.update(range(at + width * time, at + width * (time + 1)))
        at += width * times
    return frozenset(found)


def _passages(texts: Sequence[str], at: int) -> tuple[int, int]:
    """The shortest passage from `at` on that follows upon itself: how many words it has, and how often it is there."""
    for width in range(_PASSAGE, (len(texts) - at) // 2 + 1):
        times = 1
        while texts[at + width * times : at + width * (times + 1)] == texts[at : at + width]:
            times += 1
        if times > 1:
            return width, times
    return 0, 1


def timed_words(
    tokenizer: Tokenizer,
    tokens: Sequence[int],
    alignments: Sequence[tuple[int, int]],
    probabilities: Sequence[float],
    step_s: float,
) -> list[HeardWord]:
    """Words of `tokens`, which are text and nothing else; a word keeps the space before it.

    `alignments` are pairs of a token's number and a step of `step_s`, along the path through both (dynamic time warping
    of the attention, Radford et al. 2022); `probabilities` are those of the tokens. Times count from the first step.
    """
    if not tokens:
        return []
    texts, parts = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
    bounds = np.cumsum([0, *(len(part) for part in parts[:-1])])
    times = _starts(np.asarray(alignments, np.intp)) * step_s
    words = [
        HeardWord(text, float(times[first]), float(times[end]), float(np.mean(probabilities[first:end])))
        for text, first, end in zip(texts, bounds, bounds[1:], strict=False)  # the last text is that of the end
    ]
    return _joined(_without_pauses(words))


def _starts(path: NDArray[np.intp]) -> NDArray[np.intp]:
    """The step at which each token begins."""
    steps: NDArray[np.intp] = path[np.flatnonzero(np.diff(path[:, 0], prepend=-1)), 1]
    return steps


def _without_pauses(words: Sequence[HeardWord]) -> list[HeardWord]:
    """The silence around a stop, and before the first word, belongs to no word: the path passes it all the same."""
    lengths = [word.end_s - word.start_s for word in words if word.end_s > word.start_s]
    longest = 2 * min(_LONGEST_S, median(lengths)) if lengths else 0.0
    kept: list[HeardWord] = []
    for word in words:
        new = word
        if word.end_s - word.start_s > longest:
            if word.text.strip() in _STOPS:
                new = replace(word, end_s=word.start_s + longest)
            elif not kept or kept[-1].text.strip() in _STOPS:
                new = replace(word, start_s=word.end_s - longest)
        kept.append(new)
    return kept


def _joined(words: Iterable[HeardWord]) -> list[HeardWord]:
    """Opening and closing marks put to their words."""
    found: list[HeardWord] = []
    for word in words:
        before = found[-1] if found else None
        opens = before is not None and before.text.startswith(" ") and before.text.strip() in _OPENING
        if before is not None and (opens or word.text in _CLOSING):
            own = word if opens else before  # its probability: a mark has none that says anything
            found[-1] = replace(own, text=before.text + word.text)
        else:
            found.append(word)
    return found
