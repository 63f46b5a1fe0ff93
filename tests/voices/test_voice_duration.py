"""The built-in voice keeps to the length that is expected of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.duration import ENOUGH, Sample, first_guess, learned_rate
from studio.domain.extent import extent_of
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.engine.ports import unfollowed
from studio.voices.builtin_worker import speak_utterances
from studio.voices.speak_job import SpeakJob

ROOT = Path(__file__).parents[2]
PART = 22  # utterances, a minute and a half
NUMBERS = (
    "# The year in figures\n\n"
    "In 1987 the port handled 43,218 containers, 12.5% more than in 1986, and $3.4 million went to its 217 dockers."
    " On March 3rd the 1,000th ship came in at 6:45 p.m. with 2/3 of its cargo wet.\n\n"
    "By 2021 it was 986,400 containers. The NATO pier took 14 weeks, 3 days and £17.99 of paint; the EU paid 40%."
    " Call 555-0199 before 5 p.m. or write to Dr. Miller, 12 Quay Road.\n\n"
    "Of 31 cranes, 29 work. The 2 that do not date from 1912 and 1913. They weigh 88.5 t each.\n"
)


@pytest.fixture(scope="module")
def spoken_samples(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """Real prose of several kinds: parts of chapters, samples of today, figures."""
    forms = []
    for folder in ("tests/audio/samples", "resources/samples"):
        for path in sorted((ROOT / folder).glob("*.md")):
            whole = spoken_form(ScriptIntake().read(path), Settings())
            forms.append(replace(whole, utterances=whole.utterances[2 : PART + 2]))
    forms.append(spoken_form(ScriptIntake().read_text(NUMBERS, "numbers.md"), Settings()))
    out = tmp_path_factory.mktemp("durations") / "take.flac"
    return [(extent_of(form.utterances), _seconds(form, out)) for form in forms]


def _seconds(form: SpokenForm, out: Path) -> float:
    marks = speak_utterances(unfollowed, SpeakJob(out, "heart", 3, 1.0, 0, form.utterances))
    return marks[-1].end_s + form.utterances[-1].pause_after_s


@pytest.mark.model
@pytest.mark.slow
def test_once_warm_every_length_is_within_five_per_cent(spoken_samples: list[Sample]) -> None:
    assert len(spoken_samples) > ENOUGH
    off = []
    for left_out, (extent, seconds) in enumerate(spoken_samples):
        others = [sample for number, sample in enumerate(spoken_samples) if number != left_out]
        rate = learned_rate("builtin:heart", 1.0, others)
        assert rate.learned
        off.append(abs(rate.expected_s(extent) / seconds - 1))
    assert max(off) < 0.05, off


@pytest.mark.model
@pytest.mark.slow
def test_the_first_guess_is_not_far_off(spoken_samples: list[Sample]) -> None:
    rate = first_guess("builtin:heart", 1.0)
    assert max(abs(rate.expected_s(extent) / seconds - 1) for extent, seconds in spoken_samples) < 0.1
