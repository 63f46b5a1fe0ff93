"""A style is learned from a few scripts; those of the same hand fit it, others do not."""

from pathlib import Path

import pytest

from studio.content.intake import ScriptIntake
from studio.domain.prose import Sentence, sentences_of
from studio.domain.script import Script
from studio.domain.style import FEWEST, judge_style, learn

ROOT = Path(__file__).parents[2]
Sample = tuple[Script, tuple[Sentence, ...]]


def parts(name: str, count: int) -> list[Sample]:
    """A sample script cut into as many of about the same length."""
    whole = ScriptIntake().read(ROOT / "tests/audio/samples" / name)
    prose = [sentence for sentence in sentences_of(whole) if not sentence.heading]
    total = sum(len(sentence.words) for sentence in prose)
    texts, seen = [""] * count, 0
    for sentence in prose:
        texts[seen * count // total] += whole.text[sentence.start : sentence.end].strip() + " "
        seen += len(sentence.words)
    scripts = [ScriptIntake().read_text(text, name) for text in texts]
    return [(script, sentences_of(script)) for script in scripts]


@pytest.fixture(scope="module")
def russell() -> list[Sample]:
    return parts("the-problems-of-philosophy--chapter-3.md", 6)


@pytest.fixture(scope="module")
def others() -> list[Sample]:
    scripts = [ScriptIntake().read(path) for path in sorted((ROOT / "resources" / "samples").glob("*.md"))]
    return [(script, sentences_of(script)) for script in scripts]


def excess(samples: list[Sample], sample: Sample) -> float:
    profile = learn(samples)
    assert profile is not None
    judged = judge_style(profile, *sample)
    assert judged is not None
    return judged.excess


def test_what_was_kept_aside_fits_and_another_hand_does_not(russell: list[Sample], others: list[Sample]) -> None:
    own = [excess([*russell[:place], *russell[place + 1 :]], part) for place, part in enumerate(russell)]
    foreign = [excess(russell, part) for part in others]
    assert sum(each <= 0 for each in own) >= len(own) - 1, own
    assert len(foreign) == 3
    assert min(foreign) > 1, foreign


def test_it_says_what_is_different(russell: list[Sample]) -> None:
    profile = learn(russell)
    assert profile is not None
    questions = ScriptIntake().read_text("Do you see it? Why not! You can, if you want to. " * 40, "x")
    judged = judge_style(profile, questions, sentences_of(questions))
    assert judged is not None
    traits = {name: (usual, here) for name, usual, here in judged.traits}
    assert {"“you”", "question marks"} <= set(traits)
    usual, here = traits["“you”"]
    assert here > 100 > usual


def test_too_little_is_not_learned_from_nor_judged(russell: list[Sample]) -> None:
    short = ScriptIntake().read_text("It is far too short to be told.", "x")
    assert learn(russell[: FEWEST - 1]) is None
    assert learn([*russell[: FEWEST - 1], (short, sentences_of(short))]) is None
    profile = learn(russell[:FEWEST])
    assert profile is not None
    assert judge_style(profile, short, sentences_of(short)) is None


def test_samples_that_are_all_the_same_leave_room_for_others(russell: list[Sample]) -> None:
    profile = learn([russell[0]] * 3)
    assert profile is not None
    assert profile.spread > 0
    assert all(trait.spread > 0 for trait in profile.traits.values())
