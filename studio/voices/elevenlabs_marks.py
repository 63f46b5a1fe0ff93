"""Where each utterance sounds, from the times of characters that ElevenLabs sends along with the sound."""

import re
from math import isfinite
from typing import Final, TypeGuard

from studio.domain.sound import Mark
from studio.domain.speech_plan import Chunk

_TAG: Final = re.compile(r"</?phoneme[^<>]*>")
_STEP_BACK_S: Final = 0.25  # that a time may lie before the one before it: rounding, and letters spoken as one


class Marks:
    """Follows the characters as they come, so that memory does not grow with the text.

    The characters must be those of the text; of what stands between utterances (white space, tags for pauses) any part
    may be missing, and so may the tags around a word. Where anything else differs, or a time is none, there are no
    marks at all: a wrong one would be worse.
    """

    def __init__(self, chunk: Chunk) -> None:
        self._chunk = chunk
        self._tags = {tag.start(): tag.end() for tag in _TAG.finditer(chunk.text)}
        self._spans: list[tuple[float, float]] = []  # of the utterances that have begun
        self._place = 0  # in the text: of the next character
        self._at_s = 0.0
        self._sound = bool(chunk.offsets)

    @property
    def share(self) -> float:
        """How much of the text has been timed, 0 to 1."""
        return self._place / max(1, len(self._chunk.text))

    def follow(self, alignment: object) -> None:
        """The next characters, with the seconds at which each begins and ends, counted from the start of the sound.

        As they came: anything that JSON can hold, None where there are none.
        """
        if not self._sound or alignment is None:
            return
        names = ("characters", "character_start_times_seconds", "character_end_times_seconds")
        characters, starts, ends = map(alignment.get, names) if isinstance(alignment, dict) else (None, None, None)
        self._sound = (
            isinstance(characters, list)
            and isinstance(starts, list)
            and isinstance(ends, list)
            and len(characters) == len(starts) == len(ends)
            and all(map(self._take, characters, starts, ends))
        )

    def marks(self) -> tuple[Mark, ...]:
        """A mark for each utterance, or none where the times are incomplete or cannot be."""
        chunk = self._chunk
        if not self._sound or len(self._spans) < len(chunk.utterances) or self._past_tags(self._place) < chunk.ends[-1]:
            return ()
        return tuple(
            Mark(number, utterance.start, utterance.end, start_s, end_s)
            for number, (utterance, (start_s, end_s)) in enumerate(
                zip(chunk.utterances, self._spans, strict=True), chunk.first
            )
        )

    def _take(self, characters: object, start: object, end: object) -> bool:
        if not isinstance(characters, str) or not _is_time(start) or not _is_time(end):
            return False
        if end < start or start < self._at_s - _STEP_BACK_S:
            return False
        self._at_s = max(self._at_s, start)
        return all(self._place_one(character, start, end) for character in characters)

    def _place_one(self, character: str, start_s: float, end_s: float) -> bool:
        text, offsets, spans = self._chunk.text, self._chunk.offsets, self._spans
        waiting = len(spans) < len(offsets)
        begins = waiting and self._place == offsets[len(spans)]
        if character != "<":
            self._place = self._past_tags(self._place)
        inside = bool(spans) and self._place < self._chunk.ends[len(spans) - 1]
        if self._place < len(text) and text[self._place] == character:
            if begins and not inside:
                spans.append((start_s, end_s))
            elif inside:
                spans[-1] = (spans[-1][0], max(spans[-1][1], end_s))
            self._place += 1
            return True
        if not inside and waiting and not begins and text[self._past_tags(offsets[len(spans)])] == character:
            self._place = offsets[len(spans)]  # what stood between was left out
            return self._place_one(character, start_s, end_s)
        return character.isspace()

    def _past_tags(self, place: int) -> int:
        while place in self._tags:
            place = self._tags[place]
        return place


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and isfinite(value) and value >= 0
