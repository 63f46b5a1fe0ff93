"""What the built-in voice is asked to do, apart from how: whoever asks loads no numerical library."""

from dataclasses import dataclass
from pathlib import Path

from studio.domain.sound import Mark
from studio.domain.spoken import Utterance
from studio.engine.ports import Report


@dataclass(frozen=True, slots=True)
class SpeakJob:
    """Utterances to be spoken into the FLAC file `out`. `first` is the number of the first one within its episode."""

    out: Path
    voice: str
    seed: int
    speed: float
    first: int
    utterances: tuple[Utterance, ...]


def run(report: Report, job: SpeakJob) -> tuple[Mark, ...]:
    """`builtin_worker.speak_utterances`, imported where it runs."""
    from studio.voices.builtin_worker import speak_utterances

    return speak_utterances(report, job)
