"""What is asked of a voice: one call where its limit allows, else the fewest chunks."""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate, pairwise
from math import ceil, inf

from studio.domain.dialect import Dialect, Manner, compose, plainly, rendered, separator
from studio.domain.spoken import MarkKind, SpokenForm, Utterance
from studio.domain.voice import SpeechSettings

KEY_VERSION = 1  # part of every content key: raise it when the meaning of a key changes
CONTEXT_CHARACTERS = 400  # of the neighbours' text that a chunk is given to get its tone from
# What a cut there costs, against a chunk that is twice as long as the mean one (1.0).
_AFTER_SENTENCE, _AFTER_PARAGRAPH, _BEFORE_HEADING = 0.2, 0.04, 0.0
_REACH = 0.35  # of the mean length: how far from its even place a cut may be
_PLACES = 128  # that are tried for one cut: the work grows with their square


@dataclass(frozen=True, slots=True)
class Terms:
    """How a voice takes text: `limit` in characters a call (None: any number), the format that it gives.

    `context` says whether it takes the neighbours' text; `dictionaries` are the pronunciation dictionaries with the
    versions that they had. `phonemes` and `breaks` are as in `Manner`. Terms are stored with the first plan of a take:
    what a vendor changes afterwards must not change keys under which something was paid.
    """

    limit: int | None
    audio_format: str
    dialect: Dialect = Dialect.UTTERANCES
    context: bool = False
    paragraph_from_s: float = 0.0
    dictionaries: tuple[str, ...] = ()
    phonemes: bool = False
    breaks: int | None = None

    @property
    def manner(self) -> Manner:
        """How the voice is told what it is to do."""
        return Manner(self.dialect, self.paragraph_from_s, self.phonemes, self.breaks)


@dataclass(frozen=True, slots=True)
class Chunk:
    """One call: utterances `first` to `last` (exclusive) of the spoken form.

    `text` is what is sent, `offsets` and `ends` where in it each utterance begins and ends; they are empty for a voice
    that is handed utterances. `before` and `after` are the neighbours' text.
    """

    first: int
    last: int
    utterances: tuple[Utterance, ...]
    key: str
    text: str = ""
    offsets: tuple[int, ...] = ()
    before: str = ""
    after: str = ""
    ends: tuple[int, ...] = ()

    @property
    def characters(self) -> int:
        """Characters that this call is charged for."""
        return len(self.text) or sum(len(utterance.text) for utterance in self.utterances)

    @property
    def pauses_s(self) -> float:
        """Seconds of silence that it asks for, the last one excluded."""
        return sum(utterance.pause_after_s for utterance in self.utterances[:-1])


def content_key(chunk: Chunk, settings: SpeechSettings, terms: Terms) -> str:
    """sha256 (hex) over all that can change the sound: text, pauses, voice, model, manner, format, seed, neighbours.

    Two requests with the same key would give the same sound, so the second is never made.
    """
    content: dict[str, object] = {
        "version": KEY_VERSION,
        "voice": str(settings.voice),
        "model": settings.model,
        "seed": settings.seed,
        "speed": float(settings.speed),  # 1 and 1.0 are the same pace, so they are the same key
        "format": terms.audio_format,
    }
    if terms.dialect is Dialect.UTTERANCES:
        content["text"] = [_handed_over(utterance) for utterance in chunk.utterances]
    else:
        content |= {"text": chunk.text, "before": chunk.before, "after": chunk.after}
    if settings.manner is not None:
        content["manner"] = {
            name: float(value) if isinstance(value, int) and not isinstance(value, bool) else value
            for name, value in asdict(settings.manner).items()
        }
    if terms.dictionaries:
        content["dictionaries"] = terms.dictionaries
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _handed_over(utterance: Utterance) -> list[object]:
    """What of an utterance changes the sound of a voice that is handed utterances: emphasis does not."""
    sounds = [[mark.start, mark.end, mark.value] for mark in utterance.marked(MarkKind.PHONEMES)]
    return [utterance.text, round(utterance.pause_after_s, 3), *([sounds] if sounds else [])]


def plan_speech(spoken: SpokenForm, settings: SpeechSettings, terms: Terms) -> tuple[Chunk, ...]:
    """Cut `spoken` into the fewest chunks within the limit, of about the same length.

    Cuts fall between utterances only, before headings and behind paragraphs rather than between sentences, and never
    inside a tag. An utterance longer than the limit becomes a chunk of its own: whoever made the spoken form keeps its
    utterances under the limit.
    """
    return plan_stretch(spoken, 0, len(spoken.utterances), settings, terms)


def plan_stretch(
    spoken: SpokenForm, first: int, last: int, settings: SpeechSettings, terms: Terms
) -> tuple[Chunk, ...]:
    """The same for the utterances `first` to `last` (exclusive) alone; what lies around them is their context."""
    utterances = spoken.utterances
    if first == last:
        return ()
    bounds = [first + bound for bound in _bounds(utterances[first:last], terms)]
    return tuple(_chunk(utterances, start, end, settings, terms) for start, end in pairwise(bounds))


def _chunk(utterances: tuple[Utterance, ...], first: int, last: int, settings: SpeechSettings, terms: Terms) -> Chunk:
    inside = utterances[first:last]
    composed = compose(inside, terms.manner)
    before = after = ""
    if terms.context and terms.dialect is not Dialect.UTTERANCES:
        before = _near([plainly(utterance) for utterance in reversed(utterances[:first])], from_end=True)
        after = _near([plainly(utterance) for utterance in utterances[last:]], from_end=False)
    chunk = Chunk(first, last, inside, "", composed.text, composed.offsets, before, after, composed.ends)
    return replace(chunk, key=content_key(chunk, settings, terms))


def _near(texts: Sequence[str], *, from_end: bool) -> str:
    """Whole utterances next to a cut, up to `CONTEXT_CHARACTERS`; one that is longer is cut at a space."""
    near: list[str] = []
    length = 0
    for text in texts:
        if length + len(text) > CONTEXT_CHARACTERS:
            break
        near.append(text)
        length += len(text) + 1
    if not near and texts:
        words = texts[0][-CONTEXT_CHARACTERS:] if from_end else texts[0][:CONTEXT_CHARACTERS]
        _, space, rest = words.partition(" ") if from_end else words.rpartition(" ")[::-1]
        return rest if space else words
    return " ".join(reversed(near) if from_end else near)


def _bounds(utterances: tuple[Utterance, ...], terms: Terms) -> list[int]:
    lengths = [len(rendered(utterance, terms.manner)) for utterance in utterances]
    gaps = [len(separator(utterance, terms.dialect, terms.paragraph_from_s)) for utterance in utterances]
    if terms.limit is None or sum(lengths) + sum(gaps[:-1]) <= terms.limit:
        return [0, len(utterances)]
    fewest = len(_greedy(lengths, gaps, terms.limit)) - 1
    penalties = [_penalty(utterances, index, terms.paragraph_from_s) for index in range(len(utterances))]
    return _best_cuts(lengths, gaps, penalties, fewest, terms.limit) or _even(lengths, gaps, fewest, terms.limit)


def _penalty(utterances: tuple[Utterance, ...], index: int, paragraph_from_s: float) -> float:
    """Of a cut before utterance `index`."""
    before = utterances[index - 1]
    if before.heading:
        return 1.0  # a heading belongs to what follows it, be that another heading
    if utterances[index].heading:
        return _BEFORE_HEADING
    return _AFTER_PARAGRAPH if before.pause_after_s >= paragraph_from_s else _AFTER_SENTENCE


def _best_cuts(
    lengths: list[int], gaps: list[int], penalties: list[float], chunks: int, limit: int
) -> list[int] | None:
    """The bounds with the least sum of squared relative deviations and penalties; None if no places tried will do."""
    ends = list(accumulate(length + gap for length, gap in zip(lengths, gaps, strict=True)))
    starts = [0, *ends[:-1]]
    total = ends[-1]
    mean = total / chunks
    # Cost of the best way to a cut, and where the cut before it is: one dictionary a cut.
    best: dict[int, float] = {0: 0.0}
    ways: list[dict[int, int]] = []
    for number in range(1, chunks + 1):
        if number == chunks:
            places = [len(lengths)]
        else:
            places = _places(starts, penalties, (number - _REACH) * mean, (number + _REACH) * mean)
        following: dict[int, float] = {}
        way: dict[int, int] = {}
        for place in places:
            end = ends[place - 1] - gaps[place - 1]
            penalty = penalties[place] if place < len(lengths) else 0.0
            least, least_from = inf, -1
            for before, cost in best.items():
                length = end - starts[before]
                if before < place and length <= limit:
                    here = cost + (length / mean - 1) ** 2 + penalty
                    if here < least:
                        least, least_from = here, before
            if least_from >= 0:
                following[place], way[place] = least, least_from
        best = following
        ways.append(way)
    if len(lengths) not in best:
        return None
    bounds = [len(lengths)]
    for way in reversed(ways):
        bounds.append(way[bounds[-1]])
    return bounds[::-1]


def _places(starts: list[int], penalties: list[float], low: float, high: float) -> list[int]:
    """Where a cut between the characters `low` and `high` may be: of places close together, only the best one."""
    best: dict[int, int] = {}
    for index in range(max(1, bisect_left(starts, low)), bisect_right(starts, high)):
        part = int((starts[index] - low) / (high - low) * _PLACES)
        if part not in best or penalties[index] < penalties[best[part]]:
            best[part] = index
    return list(best.values())


def _even(lengths: list[int], gaps: list[int], chunks: int, limit: int) -> list[int]:
    """Bounds of the fewest runs under `limit`, with the smallest longest run (search over the run length allowed)."""
    low, high = ceil(sum(lengths) / chunks), limit
    while low < high:
        middle = (low + high) // 2
        if len(_greedy(lengths, gaps, middle)) - 1 <= chunks:
            high = middle
        else:
            low = middle + 1
    return _greedy(lengths, gaps, high)


def _greedy(lengths: list[int], gaps: list[int], limit: int) -> list[int]:
    bounds, filled = [0], 0
    for index, length in enumerate(lengths):
        if filled and filled + length > limit:
            bounds.append(index)
            filled = 0
        filled += length + gaps[index]
    return [*bounds, len(lengths)]
