"""The better ears on a short stretch of sound: what they hear in it, and how well a text fits it.

The sound is encoded once. A free hearing asks for words; a score asks how likely a text is, token by token, each given
the ones before it (teacher forcing), so that two texts for the same sound can be weighed against one another. Nothing
but Whisper's standard tokens comes before them: neither sees the script as a prompt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from ctranslate2 import StorageView
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage
from numpy.typing import NDArray

from studio.audio.mono import RATE_HZ, Mono
from studio.domain.errors import EarsError
from studio.domain.hearing import HeardWord
from studio.quality.timed_words import rushed
from studio.quality.windows import Window

LONGEST_S: Final = 26.0  # Whisper sees 30 s at once, the quiet at the end among them
# At the end; without it the ears hear the end again and again. With one second, and its last position repeated in place
# of the other, they lose whole sentences, and which ones depends on how the processor rounds.
_QUIET_S: Final = 2.0
_FRAMES_PER_S: Final = 100
_BEAM: Final = 5
_TOKENS_PER_S: Final = 8  # at most; who hears more hears a loop
_SPARE: Final = 8  # tokens; of little sound
_TOGETHER: Final = 8  # stretches that are heard side by side
_FILLED_S: Final = 2.0  # by which they may differ; the end of each is quiet, and goes on: of much more, words get lost
_LEAST: Final = 1e-12
_FRAME: Final = RATE_HZ // 50
_SILENT: Final = 1e-3  # of the loudest frame's power
# Whisper takes the pause behind a heading, or between two phrases, for the end now and then, and writes no more.
_LEFT_S: Final = 1.0  # of sound behind the last word, and there is more to hear
_LAST_S: Final = 1.2  # that the last word takes at most, with the pause behind it
_BEFORE_S: Final = 0.1  # and after its end, how far the quietest moment may be at which to go on
_AFTER_S: Final = 0.3
_STEP_S: Final = 0.3  # that has to be heard of it, or it goes on and on


@dataclass(frozen=True, slots=True)
class Score:
    """How well a text fits: the natural logarithm of each token's probability, and how many tokens are asked about.

    `asked` are the bounds of the tokens that the question is about.
    """

    tokens: tuple[float, ...]
    asked: tuple[int, int]

    @property
    def total(self) -> float:
        """Of the whole text."""
        return sum(self.tokens)

    @property
    def onwards(self) -> float:
        """Of the tokens asked about and those behind them."""
        return sum(self.tokens[self.asked[0] :])

    @property
    def worst(self) -> float:
        """Of the tokens asked about; 0 where there are none."""
        return min(self.tokens[slice(*self.asked)], default=0.0)

    @property
    def mean(self) -> float:
        """Of the tokens asked about; 0 where there are none."""
        asked = self.tokens[slice(*self.asked)]
        return sum(asked) / len(asked) if asked else 0.0


class Witness:
    """A hearing model, asked about one stretch of sound at a time."""

    def __init__(self, ears: WhisperModel) -> None:
        self._ears = ears
        self._tokenizer = Tokenizer(ears.hf_tokenizer, ears.model.is_multilingual, task="transcribe", language="en")

    def listen(self, samples: Mono, start_s: float) -> "Statement":
        """Encode 16 kHz mono sound of at most `LONGEST_S`, shape (n,), that begins at `start_s`. Raises `EarsError`."""
        quiet = np.zeros(round(_QUIET_S * RATE_HZ), np.float32)
        frames = 2 * round((len(samples) / RATE_HZ + _QUIET_S) * _FRAMES_PER_S / 2)
        features: NDArray[np.float32] = self._ears.feature_extractor(np.concatenate((samples, quiet)))[:, :frames]
        try:
            encoded = self._ears.model.encode(get_ctranslate2_storage(features[np.newaxis]), to_cpu=True)
        except RuntimeError as error:
            raise _failed(error) from error
        return Statement(self._ears, self._tokenizer, encoded, features.shape[1], Window(start_s, samples))

    def heard(self, statements: Sequence["Statement"]) -> list[tuple[HeardWord, ...]]:
        """What is heard in each stretch: no context, beam search. Those of about one length are written side by side.

        Where the ears break off, they go on from there. Raises `EarsError`.
        """
        found = self._side_by_side(statements)
        ends = [statement.broken_off(words) for statement, words in zip(statements, found, strict=True)]
        rest = {index: self.listen(*statements[index].behind(end)) for index, end in enumerate(ends) if end is not None}
        for index, more in zip(rest, self.heard([*rest.values()]) if rest else (), strict=True):
            found[index] += more
        return found

    def _side_by_side(self, statements: Sequence["Statement"]) -> list[tuple[HeardWord, ...]]:
        found: list[tuple[HeardWord, ...]] = [()] * len(statements)
        waiting = sorted(range(len(statements)), key=lambda index: statements[index].length_s)
        while waiting:
            longest = statements[waiting[-1]].length_s
            part = [index for index in waiting[-_TOGETHER:] if longest - statements[index].length_s <= _FILLED_S]
            del waiting[-len(part) :]
            for index, tokens in zip(part, self._written([statements[index] for index in part]), strict=True):
                found[index] = statements[index].words(tokens)
        return found

    def _written(self, statements: Sequence["Statement"]) -> list[list[int]]:
        prompt = self._ears.get_prompt(self._tokenizer, [], without_timestamps=True)
        sounds = [np.asarray(statement.encoded)[0] for statement in statements]
        longest = max(map(len, sounds))
        together = np.stack([np.pad(sound, ((0, longest - len(sound)), (0, 0)), mode="edge") for sound in sounds])
        try:
            results = self._ears.model.generate(
                StorageView.from_array(together),
                [prompt] * len(statements),
                beam_size=_BEAM,
                max_length=2 * max(statement.most for statement in statements),  # CTranslate2 writes half of that
            )
        except RuntimeError as error:
            raise _failed(error) from error
        return [[token for token in result.sequences_ids[0] if token < self._tokenizer.eot] for result in results]


class Statement:
    """What the witness says about one stretch of sound."""

    def __init__(self, ears: WhisperModel, tokenizer: Tokenizer, encoded: Any, frames: int, sound: Window) -> None:
        self._ears = ears
        self._tokenizer = tokenizer
        self.encoded = encoded  # of CTranslate2's own kind
        self._frames = frames
        self._sound = sound

    @property
    def most(self) -> int:
        """How many tokens may be written down of it."""
        return min(int(self._ears.max_length) // 2, _SPARE + round(self.length_s * _TOKENS_PER_S))

    @property
    def start_s(self) -> float:
        """When the stretch begins."""
        return self._sound.start_s

    @property
    def length_s(self) -> float:
        """How long the stretch is."""
        return self._frames / _FRAMES_PER_S - _QUIET_S

    def words(self, tokens: Sequence[int]) -> tuple[HeardWord, ...]:
        """The words that were written down of it as `tokens`, which are text and nothing else, with their times."""
        try:
            (words,) = self._ears.find_alignment(self._tokenizer, [list(tokens)], self.encoded, self._frames) or [[]]
        except RuntimeError as error:
            raise _failed(error) from error
        heard: list[HeardWord] = []
        for word in words:
            start, end = (self._sound.start_s + min(self.length_s, float(word[side])) for side in ("start", "end"))
            new = HeardWord(word["word"].strip(), start, end, float(word["probability"]))
            if heard and not word["word"].startswith(" "):  # a stop, or what follows a hyphen
                before = heard.pop()
                new = HeardWord(before.text + new.text, before.start_s, end, min(before.probability, new.probability))
            if new.text:
                heard.append(new)
        return tuple(heard[: len(heard) - rushed(heard)])

    def broken_off(self, words: Sequence[HeardWord]) -> float | None:
        """When there is more to hear than these words: the quietest moment behind the last; None where it is all."""
        if not words:
            return None
        end = min(words[-1].end_s, words[-1].start_s + _LAST_S)
        if self.sounding_s(end, self._sound.end_s) < _LEFT_S:
            return None
        first = self._frame(max(end - _BEFORE_S, self._sound.start_s + _STEP_S))
        quietest = first + int(np.argmin(self._power()[first : self._frame(end + _AFTER_S) + 1]))
        return self._sound.start_s + quietest * _FRAME / RATE_HZ

    def behind(self, time_s: float) -> tuple[Mono, float]:
        """The samples from a point in time on, and that point."""
        return self._sound.samples[round((time_s - self._sound.start_s) * RATE_HZ) :], time_s

    def sounding_s(self, start_s: float, end_s: float) -> float:
        """How many seconds of it are not silent between two points in time."""
        loud = self._power()
        part = loud[self._frame(start_s) : self._frame(end_s)]
        return float((part > _SILENT * loud.max(initial=0.0)).sum()) * _FRAME / RATE_HZ

    def _frame(self, time_s: float) -> int:
        return max(0, round((time_s - self._sound.start_s) * RATE_HZ)) // _FRAME

    def _power(self) -> Mono:
        """Of each frame."""
        frames = self._sound.samples[: len(self._sound.samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
        return np.asarray(np.square(frames).mean(axis=1), np.float32)

    def score(self, before: Sequence[str], asked: Sequence[str], after: Sequence[str]) -> Score:
        """How well the words fit, one after the other, and where among their tokens those `asked` are."""
        texts = ["".join(f" {word}" for word in words) for words in (before, asked, after)]
        tokens = [self._tokenizer.encode(text) if text else [] for text in texts]
        try:
            (result,) = self._ears.model.align(
                self.encoded,
                self._tokenizer.sot_sequence,
                [[*tokens[0], *tokens[1], *tokens[2]]],
                num_frames=2,  # the times, which nobody wants, are looked for in no more
                median_filter_width=1,
            )
        except RuntimeError as error:
            raise _failed(error) from error
        logs = tuple(float(value) for value in np.log(np.maximum(result.text_token_probs, _LEAST)))
        return Score(logs, (len(tokens[0]), len(tokens[0]) + len(tokens[1])))


def _failed(error: RuntimeError) -> EarsError:
    return EarsError(f"The hearing model failed ({error}).", "Try again; if it happens again, choose another.")
