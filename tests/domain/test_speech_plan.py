"""The fewest calls, balanced, nothing lost, and keys that change with everything that changes the sound."""

from dataclasses import replace
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from studio.domain.speech_plan import content_key, plan_speech
from studio.domain.spoken import SpokenForm, Utterance
from studio.domain.voice import SpeechSettings, VoiceRef

SETTINGS = SpeechSettings(VoiceRef("builtin", "heart"), "model-1")


def form(lengths: list[int]) -> SpokenForm:
    utterances = tuple(Utterance("x" * length, 0, length, (), 0.2) for length in lengths)
    return SpokenForm("T", utterances, ())


def test_one_call_up_to_the_limit_and_two_beyond() -> None:
    at_limit = form([400] * 100)
    assert len(plan_speech(at_limit, SETTINGS, "flac", 40_000)) == 1
    beyond = form([400] * 100 + [1])
    assert len(plan_speech(beyond, SETTINGS, "flac", 40_000)) == 2
    assert len(plan_speech(beyond, SETTINGS, "flac", None)) == 1
    assert plan_speech(form([]), SETTINGS, "flac", 10) == ()


@given(st.lists(st.integers(1, 300), min_size=1, max_size=120), st.integers(300, 3_000))
def test_chunks_cover_everything_in_order_under_the_limit(lengths: list[int], limit: int) -> None:
    spoken = form(lengths)
    chunks = plan_speech(spoken, SETTINGS, "flac", limit)
    assert [u for chunk in chunks for u in chunk.utterances] == list(spoken.utterances)
    assert all(chunk.characters <= limit for chunk in chunks)
    assert len(chunks) >= ceil(sum(lengths) / limit)
    # Fewest: two neighbours never fit into one call together unless even that could not save a call.
    filled, greedy = 0, 1
    for length in lengths:
        if filled + length > limit:
            greedy, filled = greedy + 1, 0
        filled += length
    assert len(chunks) == greedy


def test_chunks_are_of_about_the_same_length() -> None:
    chunks = plan_speech(form([100] * 101), SETTINGS, "flac", 5_000)
    lengths = [chunk.characters for chunk in chunks]
    assert len(lengths) == 3
    assert max(lengths) - min(lengths) <= 200


def test_the_key_changes_with_everything_that_changes_the_sound() -> None:
    one = (Utterance("Hello.", 0, 6, (), 0.2),)
    key = content_key(one, SETTINGS, "flac")
    assert key == content_key(one, SETTINGS, "flac")
    others = {
        content_key((replace(one[0], text="Hello!"),), SETTINGS, "flac"),
        content_key((replace(one[0], pause_after_s=0.3),), SETTINGS, "flac"),
        content_key(one, replace(SETTINGS, seed=1), "flac"),
        content_key(one, replace(SETTINGS, model="model-2"), "flac"),
        content_key(one, replace(SETTINGS, speed=1.1), "flac"),
        content_key(one, replace(SETTINGS, voice=VoiceRef("builtin", "emma")), "flac"),
        content_key(one, SETTINGS, "mp3"),
    }
    assert len(others) == 7
    assert key not in others
    # Where the text stands in its source does not change the sound.
    assert key == content_key((replace(one[0], start=40, end=46),), SETTINGS, "flac")
