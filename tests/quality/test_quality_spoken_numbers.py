"""Numbers as the built-in voice says them: one that is said is heard, another one in its place is found."""

from pathlib import Path

import numpy as np
import pytest

from studio.audio.decode import stream
from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.findings import Finding
from studio.domain.settings import Settings
from studio.quality.check import check
from studio.quality.ears import FirstHearing
from studio.voices.builtin_worker import RATE_HZ, speak_utterances
from studio.voices.speak_job import SpeakJob
from tests.faults.readings import say
from tests.quality.quality_speech import job

pytestmark = pytest.mark.model

NUMBERS = (
    ("eighteen", "eighty"),
    ("six hundred seventeen", "six hundred seventy"),
    ("three hundred million", "three hundred billion"),
    ("five milligrams", "five micrograms"),
    ("two", "three"),
)
FRAME = "They told the council that it was {} on that particular day."
BETWEEN = ("The river ran quietly under the old stone bridge.", "A small dog slept beside the warm iron stove.")
PAUSE_S = 0.4
# Of the page that begins so, the fast ears write down nothing but its heading.
PAGE = """# In the Garden

Sow sweet peas 1 inch deep and 3 in. apart. Dahlias want 18" of space. Water twice a week; a 2-gallon can will do 6 sq
ft. Feed with a 5-10-10 fertilizer, 1 oz per plant.

The clematis 'Nelly Moser' grows to 8–10 ft. Hardy to −20 °F, it likes pH 6.5 to 7. Prune in late Feb. or early March,
after the last frost.
"""


def found(cache: Path, folder: Path, said: int) -> list[list[Finding]]:
    """The findings at each of the numbers, of which the second is said where `said` is 1."""
    lines, spoken, parts, spans, at = [], [], [], [], 0
    for place, pair in enumerate(NUMBERS):
        for text, sound in ((BETWEEN[place % 2],) * 2, (FRAME.format(pair[0]), FRAME.format(pair[said]))):
            lines.append(text)
            spoken.append(say(sound, place))
            clip = np.concatenate((spoken[-1], np.zeros(round(PAUSE_S * RATE_HZ), np.float32)))
            spans.append((at / RATE_HZ, (at + len(clip)) / RATE_HZ))
            parts.append(clip)
            at += len(clip)
    form = spoken_form(ScriptIntake().read_text("\n\n".join(lines), "numbers.md"), Settings())
    samples = (np.concatenate(parts) * 32_000).astype(np.int16)
    report = check(lambda _: None, job(folder / "numbers.wav", samples, form), cache)
    words = [finding for finding in report.findings if finding.start_s is not None and "words" in finding.kind]
    return [
        [each for each in words if start <= (each.start_s or 0.0) + 0.3 and (each.start_s or 0.0) <= end]
        for start, end in spans[1::2]
    ]


def test_a_number_that_is_said_is_no_finding(cache: Path, tmp_path: Path) -> None:
    assert not any(found(cache, tmp_path, 0))


def test_another_number_is_found_however_much_it_sounds_like_it(cache: Path, tmp_path: Path) -> None:
    missed = [pair for pair, findings in zip(NUMBERS, found(cache, tmp_path, 1), strict=True) if not findings]
    assert not missed


def test_a_page_is_heard_behind_its_heading(cache: Path, tmp_path: Path) -> None:
    form = spoken_form(ScriptIntake().read_text(PAGE, "garden.md"), Settings())
    sound = tmp_path / "page.flac"
    speak_utterances(lambda _: None, SpeakJob(sound, "heart", 41, 1.0, 0, form.utterances))
    hearing = FirstHearing("tiny.en", cache)
    for block in stream(sound, 16_000, 1):
        hearing.feed(block[0])
    hearing.finish()
    assert len(hearing.words) >= 0.7 * len({word.start for word in form.words})
