"""Real voices that make mistakes: they read some sentences wrongly in some takes, as a person would."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from studio.domain.purchase import Delivery
from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk, Terms
from studio.domain.voice import SpeechSettings
from studio.engine.batch import Studio
from studio.engine.ports import Report
from studio.engine.rooms import Rooms
from studio.engine.trade import Voice
from studio.store.library import Library
from studio.voices.elevenlabs_client import Patience
from tests.fakes.catalogue import Format
from tests.fakes.sound import Sound
from tests.fakes.spoken import spoken
from tests.money.parts import QuickClock, rooms


@dataclass(frozen=True)
class Slip:
    """What is said in the place of some words, in the takes with these seeds (None: in every take)."""

    words: str
    said: str
    seeds: frozenset[int] | None = frozenset({0})

    def heard(self, text: str, seed: int) -> str:
        """A text as it is said."""
        wrong = self.seeds is None or seed in self.seeds
        return text.replace(self.words, self.said) if wrong else text


class _FlawedVoice:
    """The built-in voice, with slips."""

    def __init__(self, voice: Voice, slips: Sequence[Slip], asked: list[Chunk]) -> None:
        self._voice, self._slips, self._asked = voice, slips, asked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._voice, name)

    async def speak(
        self, chunk: Chunk, settings: SpeechSettings, terms: Terms, out: Path, report: Report, *, after: Sequence[str]
    ) -> Delivery:
        self._asked.append(chunk)
        utterances = []
        for utterance in chunk.utterances:
            text = utterance.text
            for slip in self._slips:
                text = slip.heard(text, settings.seed)
            utterances.append(replace(utterance, text=text))
        said = replace(chunk, utterances=tuple(utterances))
        return await self._voice.speak(said, settings, terms, out, report, after=after)


class FlawedVoices:
    """A `Voices` port whose voices have slips; `asked` are the chunks that they were asked for."""

    def __init__(self, voices: Any, slips: Sequence[Slip]) -> None:
        self._voices, self._slips = voices, slips
        self.asked: list[Chunk] = []

    def voice(self, settings: Settings) -> Voice:
        return cast("Voice", _FlawedVoice(self._voices.voice(settings), self._slips, self.asked))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._voices, name)


def flawed_service(slips: Sequence[Slip]) -> Callable[[str, Format, int, float], Sound]:
    """For `tests.fakes.speech.spoken`: what the service says, with slips; its times are those of the text asked for."""

    def speak(text: str, form: Format, seed: int, speed: float) -> Sound:
        said, places = text, list(range(len(text) + 1))  # where each character of the text is in what is said
        for slip in slips:
            at = said.find(slip.words)
            if at < 0 or slip.heard(slip.words, seed) == slip.words:
                continue
            said = said[:at] + slip.said + said[at + len(slip.words) :]
            moved, ratio = len(slip.said) - len(slip.words), len(slip.said) / len(slip.words)
            end = at + len(slip.words)
            places = [
                place if place <= at else place + moved if place >= end else at + int((place - at) * ratio)
                for place in places
            ]
        sound = spoken(said, form, seed, speed)
        starts, ends = [*sound.starts, sound.ends[-1]], [sound.starts[0], *sound.ends]
        return Sound(
            text,
            sound.blobs,
            sound.seconds,
            [starts[place] for place in places[:-1]],
            [ends[place] for place in places[1:]],
        )

    return speak


@asynccontextmanager
async def opened(
    root: Path, base_url: str = "http://127.0.0.1:9", key: str = "none", slips: Sequence[Slip] = ()
) -> AsyncIterator[tuple[Studio, Rooms]]:
    """The studio on a library, its worker processes being threads; voices with slips where there are any."""
    library = await Library.open(root)
    try:
        parts = rooms(library, QuickClock(50, root.with_suffix(".jump")), base_url, key, Patience())
        if slips:
            parts = replace(parts, voices=cast("Any", FlawedVoices(parts.voices, slips)))
        studio = Studio(parts)
        try:
            await studio.open()
            yield studio, parts
        finally:
            await studio.close()
            await parts.voices.close()
    finally:
        await library.close()
