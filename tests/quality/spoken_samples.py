"""How much of texts full of numbers, dates and names is heard right when the built-in voice speaks them.

`python -m tests.quality.spoken_samples [SCRIPT...]` prints it for every sample here, or for the given scripts: heard
once, word for word; the same after the second look; and what the whole check comes to, which hears doubts again. Half
of the samples, whose names begin with “kept”, nobody has tuned anything on.
"""

import sys
import tempfile
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.duration import first_guess
from studio.domain.hearing import Alignment, HeardWord
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm
from studio.engine.jobs import CheckJob
from studio.quality.align import compare
from studio.quality.check import check
from studio.quality.ears import hear
from studio.quality.normalise import normaliser
from studio.voices.builtin_worker import speak_utterances
from studio.voices.speak_job import SpeakJob

SAMPLES = Path(__file__).parent / "samples"


def nothing(_: float) -> None:
    """Nobody watches the progress."""


def speak(script: Path, out: Path) -> tuple[SpokenForm, tuple[Mark, ...]]:
    """Speak a script with the built-in voice into the FLAC file `out`."""
    form = spoken_form(ScriptIntake().read(script), Settings())
    return form, speak_utterances(nothing, SpeakJob(out, "heart", 0, 1.0, 0, form.utterances))


def listen(
    form: SpokenForm, marks: tuple[Mark, ...], sound: Path, model: str, cache: Path | None = None
) -> tuple[Alignment, tuple[HeardWord, ...]]:
    """Hear it and lay it against the script."""
    heard = hear(nothing, sound, model, marks[-1].end_s, cache=cache)
    return compare(form, heard, marks, marks[-1].end_s).alignment, heard


def word_for_word(form: SpokenForm, heard: tuple[HeardWord, ...]) -> float:
    """Word accuracy without a second look: small letters without marks, and nothing else."""
    folded = normaliser().folded
    meant = [part for word in form.words for part in folded(word.text)]
    said = [part for word in heard for part in folded(word.text)]
    return 1 - Levenshtein.distance(meant, said) / len(meant)


def checked(form: SpokenForm, marks: tuple[Mark, ...], sound: Path, cache: Path | None = None) -> Alignment:
    """What the whole check makes of its words."""
    return check(nothing, CheckJob(sound, form, marks, first_guess("builtin:heart", 1.0), Settings()), cache).alignment


def main(scripts: list[Path]) -> None:
    """Write a line for each script."""
    sys.stdout.write(f"{'script':<52} {'words':>6} {'once':>7} {'second':>7} {'check':>7}\n")
    for script in scripts:
        with tempfile.TemporaryDirectory() as folder:
            sound = Path(folder) / "spoken.flac"
            form, marks = speak(script, sound)
            alignment, heard = listen(form, marks, sound, "tiny.en")
            figures = (word_for_word(form, heard), alignment.accuracy, checked(form, marks, sound).accuracy)
            shown = " ".join(f"{figure or 0.0:>7.4f}" for figure in figures)
            sys.stdout.write(f"{script.stem:<52} {len(form.words):>6} {shown}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or sorted(SAMPLES.glob("*.md")))
