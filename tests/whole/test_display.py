"""What a run says without a terminal: only what matters, a line each; and the live picture's lines."""

from dataclasses import replace

import pytest

from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Verdict
from studio.domain.money import micro
from studio.engine.events import Doing, EpisodeChanged, Notice, PurchasesChanged, SlotsNow
from studio.engine.quote import Quote
from studio.spending import quote_line
from studio.terminal import Display, print_summary, purchase_lines

WELL = PurchasesChanged("elevenlabs", "creator", (SlotsNow("fast", 8, 10, 12),), 84, 100, 2)
PAUSED = replace(WELL, paused="ElevenLabs does not answer.", probe_in_s=9.0)
STOPPED = replace(WELL, stopped="ElevenLabs does not know the API key. Enter another one.")
EPISODE = Episode(1, 1, 1, "First [bold] Light", "a.md", State.WORKING, Stage.SYNTHESIZE)


@pytest.fixture
def display() -> Display:
    display = Display()
    display.know([EPISODE])
    return display


def test_only_what_matters_is_said(display: Display, capsys: pytest.CaptureFixture[str]) -> None:
    later = replace(PAUSED, probe_in_s=8.0)
    for event in (
        WELL,
        replace(WELL, asked_last_minute=85),
        Doing(1, "waits for a slot, 3rd in line"),
        PAUSED,
        later,
        replace(later, retrying=5),
        WELL,
        Notice("80% of the budget is spent."),
        STOPPED,
        replace(STOPPED, retrying=0),
        EpisodeChanged(replace(EPISODE, state=State.QUEUED, reason="ElevenLabs does not know the API key.")),
        WELL,
        EpisodeChanged(replace(EPISODE, state=State.FAILED, reason="No.", remedy="Yes.")),
    ):
        display.hear(event)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "ElevenLabs does not answer.",
        "Buying goes on.",
        "80% of the budget is spent.",
        "ElevenLabs does not know the API key. Enter another one.",
        "001 First [bold] Light: failed. No. Yes.",
    ]


def test_a_circuit_that_ends_in_a_stop_does_not_go_on(display: Display, capsys: pytest.CaptureFixture[str]) -> None:
    for event in (PAUSED, STOPPED):
        display.hear(event)
    assert capsys.readouterr().err.splitlines() == [PAUSED.paused, STOPPED.stopped]


def test_the_picture_shows_slots_pace_and_what_is_in_the_way() -> None:
    at_work = "ElevenLabs (creator): 8 of 10 calls at once, 84 of 100 in the last minute, 12 wait, 2 to be tried again"
    assert purchase_lines(WELL) == [at_work]
    assert purchase_lines(PAUSED) == [at_work, f"{PAUSED.paused} Next try in 9 s."]
    assert purchase_lines(STOPPED) == [at_work, STOPPED.stopped]
    two_kinds = replace(WELL, plan="", slots=(SlotsNow("fast", 1, 10, 0), SlotsNow("standard", 2, 5, 0)), retrying=0)
    assert purchase_lines(two_kinds) == ["ElevenLabs: 3 of 15 calls at once, 84 of 100 in the last minute"]


@pytest.mark.parametrize("terminal", [True, False])
def test_the_picture_is_live_on_a_terminal_only(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    if terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
    else:
        monkeypatch.delenv("FORCE_COLOR", raising=False)
    display = Display()
    display.know([EPISODE])
    with display.shown():
        display.hear(STOPPED)
        display.hear(Doing(1, "waits for a slot, 3rd in line"))
    said = capsys.readouterr().err
    assert ("8 of 10 calls at once" in said) is terminal
    assert ("First [bold] Light: waits for a slot, 3rd in line" in said) is terminal
    assert STOPPED.stopped in said


def quote(**more: object) -> Quote:
    values: dict[str, object] = {
        "voice": "elevenlabs:V", "model": "m", "plan": "", "episodes": 125, "characters": 1_234_567, "calls": 125,
        "cached_calls": 0, "cached_characters": 0, "credits": 617_284, "cost_micro": micro(61.7284), "saved_micro": 0,
        "low_s": 2_400.0, "high_s": 3_300.0, "tightest": None, "fits": tuple(range(125)), "fits_micro": micro(61.7284),
    }  # fmt: skip
    return Quote(**{**values, **more})  # type: ignore[arg-type]


def test_a_quote_in_a_line() -> None:
    assert quote_line(quote()) == "125 episodes, 1,234,567 characters, up to $61.73, 40 to 55 min"
    assert quote_line(quote(cached_calls=12, saved_micro=micro(5))).endswith(
        "; 12 calls come from what was bought before, which saves $5.00"
    )
    assert "; 1 call comes from" in quote_line(quote(cached_calls=1))
    # An upper bound is never shown below itself.
    assert "up to $0.01" in quote_line(quote(cost_micro=1))
    assert quote_line(quote(calls=0, cost_micro=0, episodes=1)).startswith("1 episode, 1,234,567 characters, free of")
    assert quote_line(quote(low_s=4.0, high_s=4.3)).endswith(", 4 s")
    assert quote_line(quote(low_s=5_000.0, high_s=9_000.0)).endswith(", 1.4 to 2.5 h")


def test_a_script_that_waits_is_no_episode_that_needs_ears(
    display: Display, capsys: pytest.CaptureFixture[str]
) -> None:
    script = replace(EPISODE, state=State.NEEDS_YOU, stage=Stage.PREPARE, reason="“bad” is forbidden.")
    script = replace(script, script_verdict=Verdict.FAIL)
    display.hear(EpisodeChanged(script))
    line = capsys.readouterr().err
    assert "“bad” is forbidden." in line
    assert "of the words" not in line  # there is no sound yet
    sound = replace(EPISODE, id=2, number=2, state=State.NEEDS_YOU, stage=Stage.REVIEW, verdict=Verdict.REVIEW)
    print_summary([], [script, replace(script, id=3, script_verdict=Verdict.PASS), sound], 10.0)
    said = " ".join(capsys.readouterr().out.split())
    assert "2 scripts wait for approval: open the window with `batchcast`, or mend what `batchcast check` finds" in said
    assert "1 wait for a person" in said
