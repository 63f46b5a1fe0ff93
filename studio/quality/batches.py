"""What a hearing model writes down of many short windows at once, and how much that is worth.

A window is encoded alone, and no longer than it is: most of the work grows with the length. Its text is then written
side by side with that of other windows, from every two positions taken together, since what a token costs is reading
the whole of the encoded sound (both leave the words as they are; the fault bench judges).
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage
from numpy.typing import NDArray

from studio.audio.mono import RATE_HZ
from studio.domain.errors import EarsError
from studio.domain.hearing import HeardWord
from studio.quality.timed_words import crowded, rushed, timed_words
from studio.quality.windows import Window

WHOLE_S: Final = 30.0  # of sound, that Whisper has learned to hear
_QUIET_S: Final = 1.0  # at the end; with less of it the ears tell the end again and again
LEAST_S: Final = 12.0  # with the quiet; in less, and where much is filled up, the ears tell sentences again and again
_TOGETHER: Final = 2  # positions; with three, small words get lost
_POSITIONS_PER_S: Final = 50
_SMOOTHED: Final = 3  # steps; of the times
_BATCH: Final = 24  # windows at most; a step costs reading all of the model, however many share it
_TOKENS_PER_S: Final = 10  # at most; who hears more hears a loop
_SHORTEST: Final = RATE_HZ // 10  # samples; there is no word in less
# Whisper's own limits (Radford et al. 2022, section 4.5): text that compresses better than this is a loop, and a mean
# log probability under that is a guess.
_LOOP: Final = 2.4
_GUESS: Final = -1.0
_NO_SPEECH: Final = 0.6
# A loop inside of other words hardly shortens them: “and zzzzzzzz”, “Z-Z-Z-Z-Z-Z-Z-Z”.
_STUTTER: Final = re.compile(r"(.{1,12}?)\1{7,}")
_LEFT_S: Final = 2.0
_SLOWEST: Final = 8.0  # letters a second of sped-up sound, a third of what is usual
_FIGURE: Final = 5  # letters of a number word, or more


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in one window: words, and how sure; their times count from the window's start."""

    words: Sequence[HeardWord] = ()
    log_probability: float = 0.0  # mean of all tokens
    compression: float = 0.0  # how much shorter the text can be told
    left_s: float = 0.0  # seconds of a window with speech to its end in which nothing was heard
    endless: bool = False  # no end was written

    @property
    def loop(self) -> bool:
        """Whether the same is written again and again, or more than there is sound for."""
        return self.endless or self.compression > _LOOP or rushed(self.words) > 0 or self._stutters()

    @property
    def broken_off(self) -> bool:
        """Whether there is more to hear."""
        return self.left_s > _LEFT_S

    @property
    def lost(self) -> bool:
        """Whether the ears lost their way: it is a loop, or not all."""
        return self.loop or self.broken_off

    @property
    def doubtful(self) -> bool:
        """Whether the ears lost their way, or have guessed."""
        return self.lost or not self.sure

    @property
    def sure(self) -> bool:
        """Whether it is no guess."""
        return self.log_probability >= _GUESS

    @property
    def repeating(self) -> bool:
        """Whether whole passages of it are written again and again."""
        return self.compression > _LOOP

    @property
    def refrain(self) -> bool:
        """Whether it repeats itself, but within its time and to its end."""
        stuck = self.endless or self.broken_off or rushed(self.words) or self._stutters()
        return self.repeating and not stuck

    def told(self) -> list[HeardWord]:
        """The words, of what was written again and again once, and without those that there is no sound left for."""
        words = self.words[: len(self.words) - rushed(self.words)]
        many = crowded(words)
        words = [word for number, word in enumerate(words) if number not in many]
        ends = list(accumulate(len(word.text) for word in words))
        loops = list(_STUTTER.finditer("".join(word.text for word in words)))
        kept = []
        for word, end in zip(words, ends, strict=True):
            start, middle = end - len(word.text), end - len(word.text) / 2
            if not any(loop.start() < start and loop.end(1) < middle <= loop.end() for loop in loops):
                kept.append(replace(word, text=_STUTTER.sub(r"\1", word.text)))
        return kept

    def _stutters(self) -> bool:
        return _STUTTER.search("".join(word.text for word in self.words)) is not None


class Batches:
    """A hearing model that hears windows side by side."""

    def __init__(self, ears: WhisperModel) -> None:
        self._ears = ears
        self._tokenizer = Tokenizer(ears.hf_tokenizer, ears.model.is_multilingual, task="transcribe", language="en")

    def hear(self, windows: Sequence[Window], filled_s: float | None = None) -> list[Heard]:
        """What is heard in each of `windows`. Raises `EarsError`.

        What the model itself takes for no speech is left out. With `filled_s`, it is heard closely: position by
        position, and filled up to so many seconds; Whisper has learned to hear `WHOLE_S`.
        """
        found = [Heard()] * len(windows)
        wanted = [index for index, window in enumerate(windows) if len(window.samples) >= _SHORTEST]
        wanted.sort(key=lambda index: len(windows[index].samples))
        try:
            for part in _even(wanted):
                heard = self._heard([windows[index] for index in part], filled_s)
                for index, each in zip(part, heard, strict=True):
                    found[index] = each
        except RuntimeError as error:  # CTranslate2 has no other
            raise EarsError(
                f"The hearing model failed ({error}).", "Try again; if it happens again, choose another."
            ) from error
        return found

    def _heard(self, windows: Sequence[Window], filled_s: float | None) -> list[Heard]:
        joined = _TOGETHER if filled_s is None else 1
        step_s = joined / _POSITIONS_PER_S
        sounds = [self._encoded(window, filled_s or LEAST_S, joined) for window in windows]
        longest = max(map(len, sounds))
        # The end of each is quiet; it goes on.
        together = np.stack([np.pad(sound, ((0, longest - len(sound)), (0, 0)), mode="edge") for sound in sounds])
        prompt = self._ears.get_prompt(self._tokenizer, [], without_timestamps=True)
        most = min(self._ears.max_length // 2, round(longest * step_s * _TOKENS_PER_S))
        results = self._ears.model.generate(
            ctranslate2.StorageView.from_array(together),
            [prompt] * len(windows),
            beam_size=1,
            max_length=2 * most,  # CTranslate2 writes half of that
            return_scores=True,
            return_no_speech_prob=True,
        )
        texts = [[token for token in result.sequences_ids[0] if token < self._tokenizer.eot] for result in results]
        timings = self._timed(together, [len(window.samples) / RATE_HZ for window in windows], texts, step_s)
        return [
            self._judged(window, result, text, timing, most)
            for window, result, text, timing in zip(windows, results, texts, timings, strict=True)
        ]

    def _encoded(self, window: Window, least_s: float, joined: int) -> NDArray[np.floating[Any]]:
        """The encoded sound with the quiet at its end, shape (steps, n); a step is so many positions `joined`."""
        length_s = encoded_s(window, least_s)
        frames = 2 * joined * int(np.ceil(length_s * _POSITIONS_PER_S / joined))
        features = self._ears.feature_extractor(window.samples)[:, :frames]
        # Nothing, and not silence: where silence follows, tiny models tell the last sentence again.
        features = np.pad(features, ((0, 0), (0, frames - features.shape[1])))[np.newaxis]
        positions = np.asarray(self._ears.model.encode(get_ctranslate2_storage(features), to_cpu=True))[0]
        steps = positions.reshape(-1, joined, positions.shape[1]).mean(axis=1, dtype=np.float32)
        return np.asarray(steps, positions.dtype)

    def _timed(
        self,
        together: NDArray[np.floating[Any]],
        lengths_s: Sequence[float],
        texts: Sequence[Sequence[int]],
        step_s: float,
    ) -> Iterator[list[HeardWord]]:
        # One after the other: what is looked at for two does not fit into a core's cache.
        for sound, length_s, text in zip(together, lengths_s, texts, strict=True):
            (result,) = self._ears.model.align(
                ctranslate2.StorageView.from_array(np.ascontiguousarray(sound[np.newaxis])),
                self._tokenizer.sot_sequence,
                [text],
                [2 * max(1, int(np.ceil(length_s / step_s)))],
                median_filter_width=_SMOOTHED,
            )
            yield timed_words(self._tokenizer, text, result.alignments, result.text_token_probs, step_s)

    def _judged(
        self, window: Window, result: Any, tokens: Sequence[int], words: Sequence[HeardWord], most: int
    ) -> Heard:
        count = len(result.sequences_ids[0])
        sure = result.scores[0] * count / (count + 1)  # the end counts as well
        if result.no_speech_prob > _NO_SPEECH and sure < _GUESS:
            return Heard((), sure)
        text = self._tokenizer.decode(tokens).strip().encode()
        length_s = len(window.samples) / RATE_HZ
        # The times of a heading that is all that was heard of a page are spread over the page.
        written_s = sum(_FIGURE if chr(sign).isdecimal() else 1 for sign in text) / _SLOWEST
        left_s = length_s - min(written_s, words[-1].end_s if words else 0.0)
        return Heard(words, sure, len(text) / len(zlib.compress(text)), left_s, endless=count >= most)


def encoded_s(window: Window, least_s: float = LEAST_S) -> float:
    """How many seconds are encoded of a window."""
    return min(WHOLE_S, max(window.length_s + _QUIET_S, least_s))


def _even(indices: Sequence[int]) -> Iterator[Sequence[int]]:
    """In as few parts as there may be, about as large as each other."""
    count = -(-len(indices) // _BATCH)
    for part in range(count):
        yield indices[part * len(indices) // count : (part + 1) * len(indices) // count]
