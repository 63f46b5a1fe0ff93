"""Which utterances of a take are to be spoken anew and put in the place of the old ones."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from studio.domain.hearing import Match, TimedWord
from studio.domain.sound import Mark, Span
from studio.domain.spoken import SpokenForm, Utterance

Stretch: TypeAlias = tuple[int, int]
"""Utterances, first to last (exclusive)."""

Mending: TypeAlias = tuple[Stretch, ...]
"""Stretches of utterances in order, not touching one another."""

BREATH_S: Final = 0.15  # a shorter pause parts the breaths of one sentence, and no sentences
PARTED_S: Final = 0.1  # silence between two breaths of a sentence where one of them can be spoken anew for itself
SHORTEST: Final = 24  # characters; what is shorter sounds odd when it is spoken alone, and cannot be heard for certain
_WRONG_S: Final = 0.7  # how far from its mark an utterance may be heard before the mark is not believed
_GRAZE_S: Final = 0.15
_ENDS: Final = (".", "!", "?", "…")


def to_text(mending: Mending) -> str:
    """As `Episode.mending` keeps it: "3-5 9-10"."""
    return " ".join(f"{first}-{last}" for first, last in mending)


def from_text(text: str) -> Mending:
    """Read what `to_text` wrote."""
    return tuple((int(first), int(last)) for first, last in (part.split("-") for part in text.split()))


def merged(stretches: Iterable[Stretch]) -> Mending:
    """Put stretches in order, and those together that overlap or touch."""
    done: list[Stretch] = []
    for first, last in sorted(stretches):
        if done and first <= done[-1][1]:
            done[-1] = (done[-1][0], max(done[-1][1], last))
        else:
            done.append((first, last))
    return tuple(done)


def everything(spoken: SpokenForm) -> Mending:
    """The whole episode as one stretch."""
    return ((0, len(spoken.utterances)),)


def is_everything(mending: Mending, spoken: SpokenForm) -> bool:
    """Whether nothing of the old take would be left."""
    return mending == everything(spoken)


def characters(mending: Mending, spoken: SpokenForm) -> int:
    """How many characters are spoken anew."""
    return sum(len(each.text) for first, last in mending for each in spoken.utterances[first:last])


def in_words(mending: Mending) -> str:
    """Its sentences as a person counts them: "sentence 12", "sentences 3, 12 and 20 to 21"."""
    parts = [f"{first + 1}" if last == first + 1 else f"{first + 1} to {last}" for first, last in mending]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"sentence{'s' if mending and (len(parts) > 1 or ' ' in listed) else ''} {listed}"


def sentences(spoken: SpokenForm, utterances: Iterable[int], marks: Sequence[Mark] = ()) -> Mending:
    """The whole sentences around these utterances.

    A sentence that is too short to be spoken alone takes the one beside it along, that of its own paragraph first.
    Given the `marks` of a take, of all utterances, a sentence ends where there is silence between two of its breaths:
    one that takes several is long, and most of it need not be spoken anew for the rest.
    """
    form = spoken.utterances
    return merged(_long_enough(form, _sentence(form, number, marks), marks) for number in utterances)


def wider(spoken: SpokenForm, stretch: Stretch) -> Stretch:
    """With one sentence more, on the side where the pause is the shorter; the same where there is none."""
    utterances = spoken.utterances
    first, last = stretch
    sides = []
    if first > 0:
        sides.append((utterances[first - 1].pause_after_s, _sentence(utterances, first - 1)))
    if last < len(utterances):
        sides.append((utterances[last - 1].pause_after_s, _sentence(utterances, last)))
    if not sides:
        return stretch
    _, (start, end) = min(sides)
    return min(first, start), max(last, end)


def sounding(marks: Sequence[Mark], start_s: float, end_s: float) -> set[int]:
    """The utterances that are to be spoken anew where these seconds are bad; `marks` are those of all utterances.

    What lies in the silence between two of them goes with either: it is the shorter one.
    """
    touched = [mark for mark in marks if mark.start_s < end_s and mark.end_s > start_s]
    if touched:
        # Sounds begin and end softly: what only grazes an utterance is not about it.
        shares = {mark.utterance: min(mark.end_s, end_s) - max(mark.start_s, start_s) for mark in touched}
        graze_s = min(_GRAZE_S, max(shares.values()) / 2)
        return {number for number, share_s in shares.items() if share_s >= graze_s}
    if not marks:
        return set()
    before = [mark for mark in marks if mark.start_s < end_s][-1:]
    after = [mark for mark in marks if mark.end_s > start_s][:1]
    beside = [*before, *after] or [min(marks, key=lambda mark: abs(mark.start_s - start_s))]
    return {min(beside, key=lambda mark: mark.end_s - mark.start_s).utterance}


def stretches(spoken: SpokenForm, marks: Sequence[Mark], places: Iterable[Stretch | Span]) -> Mending:
    """What a person points to, utterances or seconds, as whole sentences."""
    wanted: set[int] = set()
    for place in places:
        if isinstance(place, Span):
            wanted |= sounding(marks, place.start_s, place.end_s)
        else:
            wanted.update(range(max(0, place[0]), min(len(spoken.utterances), place[1])))
    return sentences(spoken, wanted)


def believable(
    spoken: SpokenForm, marks: Sequence[Mark], words: Sequence[TimedWord], duration_s: float
) -> tuple[Mark, ...]:
    """A mark for every utterance of a take that lasts `duration_s`: those given where they fit what was heard.

    The others go by `words`, all reference words with their times. An utterance of which nothing was heard fills what
    its neighbours leave. Where every mark is there and fits, they come back as they are.
    """
    given = {mark.utterance: mark for mark in marks}
    bounds: list[tuple[float, float] | None] = []
    word = 0
    for number, utterance in enumerate(spoken.utterances):
        own = words[word : word + len(utterance.words)]
        word += len(utterance.words)
        sounded = [each for each in own if each.match is not Match.MISSING]
        right = [each for each in sounded if each.match is not Match.MISREAD]
        mark = given.get(number)
        if mark and all(
            mark.start_s - _WRONG_S <= each.start_s and each.end_s <= mark.end_s + _WRONG_S for each in right
        ):
            bounds.append((mark.start_s, mark.end_s))
        else:
            bounds.append((sounded[0].start_s, sounded[-1].end_s) if sounded else None)
    weights = [len(utterance.text) for utterance in spoken.utterances]
    return tuple(
        Mark(number, utterance.start, utterance.end, *bound)
        for number, (utterance, bound) in enumerate(
            zip(spoken.utterances, _filled(bounds, weights, duration_s), strict=True)
        )
    )


def _filled(
    bounds: Sequence[tuple[float, float] | None], weights: Sequence[int], duration_s: float
) -> list[tuple[float, float]]:
    """Bounds that never go back; those that are not known share the room between their neighbours by weight."""
    done: list[tuple[float, float]] = []
    number = 0
    while number < len(bounds):
        at_s = done[-1][1] if done else 0.0
        bound = bounds[number]
        if bound is not None:
            start_s = max(at_s, bound[0])
            done.append((start_s, max(start_s, bound[1])))
            number += 1
            continue
        last = next((index for index in range(number, len(bounds)) if bounds[index]), len(bounds))
        until = bounds[last] if last < len(bounds) else None
        room_s = max(0.0, (until[0] if until else duration_s) - at_s) / max(1, sum(weights[number:last]))
        for weight in weights[number:last]:
            done.append((at_s, at_s + weight * room_s))
            at_s += weight * room_s
        number = last
    return done


def _sentence(utterances: Sequence[Utterance], number: int, marks: Sequence[Mark] = ()) -> Stretch:
    first, last = number, number + 1
    while first > 0 and _goes_on(utterances[first - 1]) and not _parted(marks, first):
        first -= 1
    while last < len(utterances) and _goes_on(utterances[last - 1]) and not _parted(marks, last):
        last += 1
    return first, last


def _parted(marks: Sequence[Mark], number: int) -> bool:
    """Whether a take has silence before an utterance."""
    return bool(marks) and marks[number].start_s - marks[number - 1].end_s >= PARTED_S


def _goes_on(utterance: Utterance) -> bool:
    """Whether what follows belongs to the same sentence: it was only cut into breaths."""
    ended = utterance.text.rstrip(" ”’\"')]").endswith(_ENDS)
    return utterance.pause_after_s < BREATH_S and not ended and not utterance.heading


def _long_enough(utterances: Sequence[Utterance], stretch: Stretch, marks: Sequence[Mark] = ()) -> Stretch:
    first, last = stretch
    while sum(len(each.text) for each in utterances[first:last]) < SHORTEST and last - first < len(utterances):
        before = utterances[first - 1].pause_after_s if first > 0 else float("inf")
        after = utterances[last - 1].pause_after_s if last < len(utterances) else float("inf")
        if after <= before:
            last = _sentence(utterances, last, marks)[1]
        else:
            first = _sentence(utterances, first - 1, marks)[0]
    return first, last
