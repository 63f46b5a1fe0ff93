"""Words and numbers as they are shown, and what may be done with an episode."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.episode import STAGES, Stage, State, may_move
from studio.domain.findings import Finding, FindingKind, Severity, Verdict, percent
from studio.domain.settings import Settings
from studio.ui import wording
from studio.ui.live import Live
from studio.ui.metrics import metrics
from studio.ui.permitted import Act, next_in_queue, permitted, review_queue
from studio.ui.places import minutes_to_hear, places
from studio.ui.strip import bar_extremes
from studio.ui.strokes import strokes
from studio.ui.theme import DARK, LIGHT, Tokens, Tone
from studio.ui.time_scale import TimeScale
from studio.ui.word_marks import compared
from tests.ui.memory_studio import a_report, an_episode, some_words


def test_numbers_read_as_a_person_would_write_them() -> None:
    assert wording.length(910) == "15:10"
    assert wording.length(8647) == "2:24:07"
    assert wording.moment(292.06) == "04:52.1"
    assert wording.moment(59.97) == "01:00.0"
    assert wording.money(0) == "$0.00"
    assert wording.money(4_000) == "<$0.01"
    assert wording.money(1_234_560_000) == "$1,234.56"
    assert wording.size(212_000_000_000) == "212 GB"


def test_a_percentage_below_its_line_never_looks_as_if_it_met_it() -> None:
    assert percent(0.93999) == "93.9%"
    assert percent(0.94) == "94.0%"
    assert percent(1.0) == "100.0%"


def test_the_end_of_the_batch_is_a_clock_time() -> None:
    now = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    assert wording.finish_time(now, 1920, 2160) == "finished ~14:32–14:36"
    assert wording.finish_time(now, 1920, 1930) == "finished ~14:32"
    assert wording.finish_time(now, 36_000, 40_000).endswith("tomorrow")
    assert wording.finish_time(now, None, None) == ""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("stage", STAGES)
def test_every_state_says_something_and_offers_only_legal_moves(state: State, stage: Stage) -> None:
    episode = an_episode(1, state, stage)
    assert wording.now_sentence(episode, Live(0.5))
    assert wording.state_word(episode)
    assert len(strokes(episode, 0.5)) == 4
    goals = {
        Act.APPROVE: State.QUEUED,
        Act.REJECT: State.REJECTED,
        Act.RETAKE: State.QUEUED,
        Act.RETRY: State.QUEUED,
        Act.CANCEL: State.CANCELLED,
    }
    for act in permitted(episode) & goals.keys():
        assert may_move(state, goals[act])


def test_a_reason_does_not_repeat_the_file_name_in_its_row() -> None:
    episode = an_episode(1, State.FAILED, reason="subject-1.md is empty.")
    assert wording.now_sentence(episode) == "Is empty."


def test_flagged_episodes_are_heard_before_drawn_ones() -> None:
    drawn = an_episode(1, State.NEEDS_YOU, Stage.REVIEW, verdict=Verdict.PASS, drawn=True)
    flagged = [an_episode(number, State.NEEDS_YOU, Stage.REVIEW) for number in (2, 3)]
    queue = review_queue([drawn, *flagged, an_episode(4)])
    assert queue == [2, 3, 1]
    assert next_in_queue(queue, 3) == 1
    assert next_in_queue(queue, 1) == 2
    assert next_in_queue(queue, None) == 2
    assert next_in_queue([1], 1) is None


def test_differing_words_are_marked_and_stand_in_their_sentence() -> None:
    words = some_words()
    missing = a_report(words).findings[1]
    lines = compared(missing, words)
    assert "<u>" in lines.said
    assert f"{words[6].text} {words[7].text}</span>" in lines.script
    assert words[5].text in lines.said
    assert lines.said.startswith("“…\N{NO-BREAK SPACE}")  # the mark of what is left out has no line of its own
    misread = Finding(FindingKind.MISREAD_WORDS, Severity.FAULT, "", 1, 2, "the kanteen view", "the Kantian view")
    lines = compared(misread, ())
    assert lines.said == "“the <s>kanteen</s> view”"
    # An extra word stands between its neighbours, and both are shown.
    extra = Finding(
        FindingKind.EXTRA_WORDS, Severity.NOTE, "", 1, 2, "a", "", words[1].source_start, words[2].source_end
    )
    lines = compared(extra, words)
    assert " ".join(word.text for word in words[:2]) + " <s>a</s> " + words[2].text in lines.said
    assert f"{words[1].text} {words[2].text}" in lines.script.replace("  ", " ")
    assert compared(Finding(FindingKind.NOISE, Severity.FAULT, "", 1, 2), words).said == ""
    other_voice = Finding(FindingKind.VOICE, Severity.REVIEW, "", 1, 2, "", "in another voice")
    assert compared(other_voice, words).said == ""  # its words were heard: none is missing


@given(st.text(), st.text())
def test_no_words_break_the_marking(said: str, script: str) -> None:
    lines = compared(Finding(FindingKind.MISREAD_WORDS, Severity.FAULT, "", 1, 2, said, script), ())
    assert "<script" not in lines.said


def test_metrics_stand_beside_their_line() -> None:
    shown = {metric.name: metric for metric in metrics(an_episode(1, State.DONE), a_report(some_words()), Settings())}
    assert (shown["Words"].value, shown["Words"].line, shown["Words"].tone) == ("96.0%", "of 94", Tone.TEXT)
    assert shown["Loudness on MP3"].value == "−16.0"
    assert shown["Length"].value == "+2.0%"


def test_places_are_heard_in_the_order_of_time() -> None:
    found = places(a_report(some_words()))
    assert [place.index for place in found] == [1, 0]
    assert found[0].from_s < found[0].start_s < found[0].until_s
    assert minutes_to_hear(found) == 1


@given(
    st.floats(0.5, 40_000),
    st.integers(50, 3000),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 100)), max_size=12),
)
def test_the_view_never_leaves_the_episode(duration: float, width: int, zooms: list[tuple[float, float]]) -> None:
    scale = TimeScale.whole(duration, width)
    for share, factor in zooms:
        before = scale.second(share * width)
        scale = scale.zoomed(share * width, factor).moved(share)
        assert scale.start >= -1e-6
        assert scale.end <= duration * 1.001 + 1e-6
        assert 0 <= before <= duration
    assert scale.resized(width * 2).width == width * 2
    shown = scale.showing(duration * 0.5, duration * 0.5)
    assert shown.start <= duration * 0.5 <= shown.end * 1.001


@given(st.binary(max_size=400), st.integers(0, 300))
def test_a_strip_of_any_length_has_bars(strip: bytes, count: int) -> None:
    assert len(bar_extremes(strip, count)) == min(count, len(strip) // 2)


def test_voices_and_writers_are_called_as_a_person_would() -> None:
    assert wording.voice_name("builtin:heart") == "Built-in voice: Heart"
    assert wording.voice_name("elevenlabs:x", {"elevenlabs:x": "Rachel"}) == "ElevenLabs: Rachel"
    assert wording.voice_name("writer:localhost:11434") == "Writer: localhost:11434"


@pytest.mark.parametrize("tokens", [DARK, LIGHT])
def test_text_is_legible_on_every_ground(tokens: Tokens) -> None:
    """WCAG AA, 4.5 to 1, for everything but `faint`, which is for what may be missed."""
    for ground in (tokens.background, tokens.panel, tokens.raised):
        for name in ("text", "muted", "accent", "good", "look", "bad", "info"):
            assert _contrast(getattr(tokens, name), ground) >= 4.5, (name, ground)
    assert _contrast(tokens.on_button, tokens.button) >= 4.5
    assert _contrast(tokens.text, tokens.selection) >= 4.5


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
