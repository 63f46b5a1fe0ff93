"""Short stretches of sound, each asked by itself how well some words fit it.

Whisper knows little of a lone “Tick.”; behind a sentence of the same voice it knows it well.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from studio.audio.mono import RATE_HZ
from studio.domain.hearing import HeardWord
from studio.domain.sound import Span
from studio.domain.spoken import Utterance
from studio.quality.figures import as_figures
from studio.quality.kept_sound import KeptSound
from studio.quality.refrain_places import Carrier
from studio.quality.witness import LONGEST_S, Statement, Witness

_MARGIN_S: Final = 0.06  # around a stretch: what is soft there belongs to it
_PAUSE_S: Final = 0.35  # behind the sentence before it
_HELD: Final = 24  # encoded stretches, 0.3 MB each
_WELL: Final = -0.5  # nats a token: no other writing of the same words needs to be tried
_NEVER: Final = -99.0


@dataclass(frozen=True, slots=True)
class Fit:
    """The log probability of all the words, and that of a token on average."""

    total: float
    mean: float


class LoneStretches:
    """Stretches of a `sound`, heard behind a `carrier` where there is one; `asked` counts the questions."""

    def __init__(self, witness: Witness, sound: KeptSound, carrier: Carrier | None) -> None:
        self.asked = 0
        self._witness = witness
        self._sound = sound
        self._carrier = carrier
        self._fits: dict[tuple[Span, str], Fit] = {}
        self._statements: OrderedDict[Span, tuple[Statement, tuple[str, ...]]] = OrderedDict()

    def fit_of(self, span: Span, utterances: Sequence[Utterance]) -> Fit:
        """How well sentences fit, as they are written or as the ears write them. Raises `EarsError`."""
        text = " ".join(utterance.text for utterance in utterances)
        if (found := self._fits.get((span, text))) is None:
            words = tuple(word.text for utterance in utterances for word in utterance.words)
            written = tuple(text.split())
            found = Fit(_NEVER, _NEVER)
            # Behind another sentence the ears often leave out its stop, and the capital.
            bare = (written[0].lower(), *words[1:])
            for way in dict.fromkeys((written, (written[0].lower(), *written[1:]), bare, *as_figures(words))):
                found = max(found, self.fit(span, way), key=lambda fit: fit.total)
                if found.mean >= _WELL:
                    break
            self._fits[span, text] = found
        return found

    def fit(self, span: Span, words: Sequence[str]) -> Fit:
        """How well words fit. Raises `EarsError`."""
        if not words or span.length_s > LONGEST_S - 2 * _MARGIN_S:
            return Fit(_NEVER, _NEVER)
        self.asked += 1
        statement, before = self._statement(span)
        score = statement.score(before, words, ())
        asked = score.tokens[slice(*score.asked)]
        return Fit(sum(asked), score.mean)

    def heard(self, span: Span) -> tuple[HeardWord, ...]:
        """What is heard in a stretch alone. Raises `EarsError`."""
        span = _wider(span)
        return self._witness.heard([self._witness.listen(self._sound.excerpt(span), span.start_s)])[0]

    def _statement(self, span: Span) -> tuple[Statement, tuple[str, ...]]:
        if span in self._statements:
            self._statements.move_to_end(span)
            return self._statements[span]
        samples = self._sound.excerpt(_wider(span))
        before: tuple[str, ...] = ()
        if self._carrier and (len(samples) + len(self._carrier.samples)) / RATE_HZ + _PAUSE_S < LONGEST_S:
            pause = np.zeros(round(_PAUSE_S * RATE_HZ), np.float32)
            samples, before = np.concatenate((self._carrier.samples, pause, samples)), self._carrier.words
        self._statements[span] = self._witness.listen(samples, span.start_s), before
        if len(self._statements) > _HELD:
            self._statements.popitem(last=False)
        return self._statements[span]


def _wider(span: Span) -> Span:
    return Span(max(0.0, span.start_s - _MARGIN_S), span.end_s + _MARGIN_S)
