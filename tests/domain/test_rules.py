"""The small pure rules: verdicts, moves, sampling, settings, rates, names, money."""

import pickle
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.episode import State, may_move
from studio.domain.errors import BatchcastError, InputError, SettingError
from studio.domain.findings import Finding, FindingKind, Severity, Verdict, judge
from studio.domain.money import micro, usd
from studio.domain.release import folder_name, slug
from studio.domain.sampling import BLOCK, drawn_for_review, review_seed
from studio.domain.settings import Settings, check, option
from studio.domain.voice import VoiceRef


def finding(severity: Severity) -> Finding:
    return Finding(FindingKind.SILENCE, severity, "x")


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ([], Verdict.PASS),
        ([Severity.NOTE], Verdict.PASS),
        ([Severity.NOTE, Severity.REVIEW], Verdict.REVIEW),
        ([Severity.REVIEW, Severity.UNSURE], Verdict.INCONCLUSIVE),
        ([Severity.UNSURE, Severity.FAULT], Verdict.FAIL),
    ],
)
def test_the_worst_finding_decides(severities: list[Severity], verdict: Verdict) -> None:
    assert judge(finding(severity) for severity in severities) is verdict


def test_moves() -> None:
    assert may_move(State.QUEUED, State.WORKING)
    assert may_move(State.NEEDS_YOU, State.NEEDS_YOU)
    assert not may_move(State.QUEUED, State.DONE)
    assert not may_move(State.DONE, State.FAILED)
    # From everywhere there is a way back into the queue, or it is there already.
    assert all(may_move(state, State.QUEUED) for state in State)


@given(st.integers(0, 2**31 - 1), st.integers(0, 40))
def test_exactly_a_tenth_of_every_ten_is_drawn(seed: int, block: int) -> None:
    numbers = range(block * BLOCK + 1, block * BLOCK + BLOCK + 1)
    assert sum(drawn_for_review(number, 0.10, seed) for number in numbers) == 1
    assert sum(drawn_for_review(number, 0.30, seed) for number in numbers) == 3
    assert sum(drawn_for_review(number, 1.0, seed) for number in numbers) == BLOCK
    assert not any(drawn_for_review(number, 0.0, seed) for number in numbers)


def test_every_place_is_drawn_alike_and_fractions_come_out_on_average() -> None:
    blocks = 2_000
    drawn = [number for number in range(1, blocks * BLOCK + 1) if drawn_for_review(number, 0.05, 7)]
    assert 0.04 < len(drawn) / (blocks * BLOCK) < 0.06
    places = [sum((number - 1) % BLOCK == place for number in drawn) for place in range(BLOCK)]
    assert min(places) > 0.6 * len(drawn) / BLOCK


def test_the_draw_of_a_project_is_the_same_everywhere() -> None:
    assert review_seed("My show") == review_seed("My show") != review_seed("My other show")
    assert 0 <= review_seed("\ud800") < 2**31
    # Over many projects every place of ten comes up alike.
    firsts = [next(n for n in range(1, 11) if drawn_for_review(n, 0.1, review_seed(f"show {k}"))) for k in range(2_000)]
    assert all(140 < firsts.count(number) < 260 for number in range(1, 11))


def test_settings_are_validated_by_their_declarations() -> None:
    settings = Settings().with_values({"word_accuracy": 0.9, "seed": 3, "speed": 1})
    assert settings.word_accuracy == 0.9
    assert Settings.from_json(settings.to_json()) == settings
    assert Settings.from_json('{"no_longer_there": 1}') == Settings()
    for bad in (
        {"word_accuracy": 1.5},
        {"word_accuracy": nan},
        {"seed": 1.5},
        {"seed": True},
        {"ears": "x"},
        {"no": 1},
    ):
        with pytest.raises(SettingError):
            Settings().with_values(bad)
    assert option("word_accuracy").label == "Word accuracy"


@pytest.mark.parametrize("address", ["https://me:secret@host.example/v1", "http://me@localhost", "https://:@h/v1"])
def test_no_setting_keeps_a_password(address: str) -> None:
    with pytest.raises(SettingError, match="user name or a password") as caught:
        check("writer", address)
    assert "secret" not in str(caught.value)
    check("writer", "https://host.example/@team/v1")


def test_every_setting_says_what_it_is_for() -> None:
    for name in Settings.__dataclass_fields__:
        declared = option(name)
        assert declared.label
        assert declared.help.endswith(".")


def test_a_take_has_its_own_seed() -> None:
    settings = Settings(seed=5)
    assert settings.speech("m", take=1).seed == 5
    assert settings.speech("m", take=3).seed == 7


def test_voices_are_written_provider_and_name() -> None:
    assert str(VoiceRef.parse("elevenlabs:a:b")) == "elevenlabs:a:b"
    for bad in ("heart", ":heart", "builtin:", ""):
        with pytest.raises(SettingError):
            VoiceRef.parse(bad)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Existence of Matter", "the-existence-of-matter"),
        ("Kant’s “A Priori”: why?", "kants-a-priori-why"),
        ("Éclair & œuvre", "eclair-uvre"),
        ("日本語", "episode"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 200, "x" * 60),
    ],
)
def test_slugs(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(st.text(max_size=300))
def test_a_slug_is_always_a_safe_name(title: str) -> None:
    name = folder_name(7, title)
    assert name.startswith("007-")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(name) <= 64


@given(st.integers(0, 10**13))
def test_money_comes_back_as_it_went_in(amount: int) -> None:
    assert micro(usd(amount)) == amount


def test_errors_cross_a_process_boundary() -> None:
    error = pickle.loads(pickle.dumps(InputError("It is empty.", "Fill it.")))  # noqa: S301  (our own bytes)
    assert isinstance(error, BatchcastError)
    assert (error.message, error.remedy, str(error)) == ("It is empty.", "Fill it.", "It is empty. Fill it.")
