"""The bench itself: its labels are where the faults are, its scoring can say no, some of its episodes are checked."""

from dataclasses import replace

import numpy as np
import pytest

from studio.domain.findings import Finding, FindingKind, Severity
from studio.voices.builtin_worker import RATE_HZ
from tests.faults.bench import (
    ALARM_S,
    APART_S,
    FAULTS,
    Checked,
    Label,
    Order,
    checked,
    distance,
    keep_apart,
    made,
    orders,
    summary,
)
from tests.faults.readings import SAMPLES, excerpt, say, texts
from tests.faults.wrong import MAKERS, Draft, Item, Place, Wrong

SECONDS = 60.0
TEXT = SAMPLES / "walden--reading.md"


def _order(*kinds: str, seed: int = 7, seconds: float = SECONDS) -> Order:
    return Order(TEXT, seed, seconds, kinds)


def test_without_faults_it_is_what_the_voice_says() -> None:
    clean = made(_order())
    sentence = clean.spoken.utterances[2]
    mark = clean.marks[2]
    part = clean.sound[round(mark.start_s * RATE_HZ) : round(mark.end_s * RATE_HZ)]
    np.testing.assert_array_equal(part, say(sentence.text, 7))


@pytest.mark.parametrize("kind", ["silence", "noise", "click", "clipping"])
def test_a_fault_of_the_sound_is_where_its_label_says(kind: str) -> None:
    faulty = made(_order(kind))
    (label,) = faulty.labels
    (start, end) = label.spans[0]
    clean = made(replace(_order(kind), kinds=()))
    # The same sentences are read: up to the fault the two are the same, and from there on they are not.
    same = min(len(clean.sound), len(faulty.sound))
    texts_are_equal = [u.text for u in clean.spoken.utterances] == [u.text for u in faulty.spoken.utterances]
    if texts_are_equal:
        differ = np.flatnonzero(clean.sound[:same] != faulty.sound[:same])
        assert start - 0.6 <= differ[0] / RATE_HZ <= end + 0.1
    assert 0 <= start <= end <= len(faulty.sound) / RATE_HZ


def test_the_second_saying_of_a_sentence_is_the_fault() -> None:
    (wrong, draft) = _first("repeated", "the sentence twice")
    place = wrong.places[0]
    start, end = round(place.start_s * RATE_HZ), round(place.end_s * RATE_HZ)
    sound = draft.items[place.item].sound
    assert end == len(sound)
    np.testing.assert_array_equal(sound[start:end], sound[: end - start])


def test_a_cut_begins_with_the_word_that_is_not_whole() -> None:
    wrong, draft = _first("cut_off", "the last")
    whole = say(draft.items[-1].utterance.text, draft.seed)
    place, kept = wrong.places[0], len(draft.items[-1].sound) / RATE_HZ
    assert kept < len(whole) / RATE_HZ
    assert kept - 1.5 < place.start_s <= place.end_s == pytest.approx(kept)


def _first(kind: str, note: str) -> tuple[Wrong, Draft]:
    """The first fault of that kind that is made in that way."""
    form = excerpt(TEXT, 30.0, np.random.default_rng(1))
    for seed in range(40):
        items = [Item(each, say(each.text, seed), each.pause_after_s) for each in form.utterances[:5]]
        draft = Draft(items, ("purple",), np.random.default_rng(seed), seed)
        wrong = MAKERS[kind](draft, 2)
        if wrong and wrong.note.startswith(note):
            return wrong, draft
    pytest.fail(f"no {kind} of that kind")


@pytest.mark.parametrize("length_s", [3.0, 12.0])
def test_faults_are_kept_apart_by_sentences_of_any_length(length_s: float) -> None:
    utterance = excerpt(TEXT, 30.0, np.random.default_rng(1)).utterances[0]
    items = [Item(utterance, np.zeros(round(length_s * RATE_HZ), np.float32), 0.3) for _ in range(12)]
    free = list(range(12))
    place = Place(6, 0.0, 0.5)
    keep_apart(Draft(items, (), np.random.default_rng(1), 1), Wrong(FindingKind.CLICK, (place,), ""), free)
    assert free
    assert 6 not in free
    for index in free:
        between = range(min(index, 6) + 1, max(index, 6))
        assert sum(length_s for _ in between) >= APART_S


def test_every_kind_is_asked_for_as_often_as_the_others() -> None:
    asked = [kind for order in orders(len(MAKERS), 0, SECONDS, 1, aside=False) for kind in order.kinds]
    assert {asked.count(kind) for kind in MAKERS} == {FAULTS}


def test_tuned_and_held_aside_texts_are_not_the_same() -> None:
    assert not set(texts(aside=False)) & set(texts(aside=True))


def test_excerpts_have_about_the_wanted_length() -> None:
    random = np.random.default_rng(3)
    form = excerpt(TEXT, 120.0, random)
    assert 0.6 * 120 <= form.characters / 16 <= 1.6 * 120


def test_the_distance_of_a_finding() -> None:
    label = Label(FindingKind.CLICK, ((10.0, 10.2), (20.0, 20.2)), "")
    near = Finding(FindingKind.CLICK, Severity.FAULT, "", 10.7, 10.8)
    assert distance(near, label) == pytest.approx(0.5)
    assert distance(replace(near, start_s=19.0, end_s=21.0), label) == 0.0
    assert distance(replace(near, start_s=0.0, end_s=60.0), label) == float("inf"), "everywhere is no place"
    assert distance(replace(near, start_s=None, end_s=None), label) == float("inf")


@pytest.fixture(scope="module")
def results() -> list[Checked]:
    """A clean episode, and one with faults that nobody may miss."""
    return [checked(_order()), checked(_order("silence", "clipping", "repeated", "voice", seed=8, seconds=90.0))]


def test_a_clean_episode_passes_without_a_word(results: list[Checked]) -> None:
    figures = summary(results[:1])
    assert figures["clean_alarms"] == []
    assert figures["clean_passed"] == 1
    assert figures["clean_accuracy"]["min"] >= 0.985


def test_faults_are_found_at_their_place_and_by_their_name(results: list[Checked]) -> None:
    figures = summary(results[1:])
    assert figures["faults"] >= 3
    assert figures["missed_or_misnamed"] == []
    assert figures["start_off_s"]["most"] <= 1.0
    assert figures["false_alarms"] == []


def test_the_summary_can_say_no(results: list[Checked]) -> None:
    deaf = replace(results[1], report=replace(results[1].report, findings=()))
    assert summary([deaf])["recall"] == 0.0
    alarm = Finding(FindingKind.NOISE, Severity.REVIEW, "", 1.0, 1.2)
    nervous = replace(results[0], report=replace(results[0].report, findings=(alarm,)))
    assert summary([nervous])["clean_false_alarms"] == 1
    assert ALARM_S > 1.0
