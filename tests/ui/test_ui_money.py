"""Money in the window: the quote before the start, how buying goes, budgets, and calls that nobody knows the end of."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.domain.budget import BudgetUse, Scope
from studio.domain.episode import Stage, State
from studio.domain.money import Costs
from studio.domain.purchase import CallError, Trouble
from studio.domain.settings import Settings
from studio.engine.events import Doing, Progress, PurchasesChanged, RunChanged, SlotsNow
from studio.engine.topic_quote import Writing
from studio.ui import money_words
from studio.ui.commands import Do
from studio.ui.dialogs import Question
from studio.ui.settings_dialog import SettingsDialog
from studio.ui.start_sheet import StartSheet
from studio.ui.theme import Theme, Tone
from studio.ui.unclear_dialog import UnclearDialog
from tests.ui.hands import named, nameless, press, said, until
from tests.ui.memory_studio import MemoryStudio, Opened, a_quote, an_attempt, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]

OFFLINE = CallError(Trouble.OFFLINE, "ElevenLabs cannot be reached.", "Look at the network connection, then try again.")
FLOWING = PurchasesChanged("elevenlabs", "creator", (SlotsNow("standard", 7, 10, 3),), 42, 100, 2)
QUEUED = (an_episode(1), an_episode(2), an_episode(3))


async def buying(opened: Open, *episodes: Any, **settings: Any) -> Opened:
    """A window on a project whose voice is paid."""
    at = await opened(*episodes)
    paid = replace(at.studio.project, settings=Settings(voice="elevenlabs:v1").with_values(settings))
    at.studio.project, at.studio.known = paid, [paid]
    at.window.desk.open_project(paid)
    await at.settle()
    return at


def sheet() -> StartSheet:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, StartSheet)
    return dialog


def test_the_built_in_voice_starts_with_one_press(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(*QUEUED)
        press(at.window.top_bar, "Start 3")
        await at.settle()
        assert QApplication.activeModalWidget() is None
        assert at.studio.asked == [("start", [1])]
        await at.close()

    run(story())


def test_a_paid_voice_says_what_it_costs_and_when_it_is_done_before_it_starts(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED, an_episode(4, State.QUEUED, Stage.EXPORT))
        at.studio.market.gate.clear()
        press(at.window.top_bar, "Start 4")
        await asyncio.sleep(0.02)
        dialog = sheet()
        assert "Reckoning what it will cost" in said(dialog)
        assert not named(dialog, "Start").isEnabled()
        at.studio.market.gate.set()
        await at.settle()
        shown = said(dialog)
        for words in (
            "Start 3 episodes?",
            "ElevenLabs: Rachel, model eleven_multilingual_v2\nPlan Creator",
            "3 episodes, 124,000 characters in 13 calls",
            "1 call (9,000 characters) bought before, which saves $0.90",
            "Up to $12.40 (124,000 credits)",
            "$20.00 left of $20.00 for the project",
            "20 to 26 min, finished ~",
        ):
            assert words in shown
        assert nameless(dialog) == []
        assert ("start", [1]) not in at.studio.asked
        press(dialog, "Start 3 for up to $12.40")
        await at.settle()
        assert at.studio.asked[-3:] == [("quote", [1, 2, 3]), ("start", [1]), ("only", [1, 2, 3])]
        assert at.window.standing.tally().startable == 0  # what is to be exported goes along
        await at.close()

    run(story())


def test_topics_are_in_the_quote_before_they_are_written(opened: Open, run: Run) -> None:
    async def story() -> None:
        topics = [an_episode(number, State.QUEUED, Stage.WRITE) for number in (4, 5)]
        at = await buying(opened, *QUEUED, *topics, voice="builtin:heart", writer_prices="0.15 / 0.60")
        press(at.window.top_bar, "Start 5")
        await at.settle()
        assert ("start", [1]) in at.studio.asked  # the built-in writer costs nothing, whatever prices stand there
        await at.close()

        model = {"writer": "http://127.0.0.1:9/v1", "writer_prices": "0.15 / 0.60"}
        at = await buying(opened, *QUEUED, *topics, voice="builtin:heart", **model)
        at.studio.market.quoted = a_quote(
            episodes=5, fits=(1, 2, 3, 4, 5), calls=0, writing=Writing(2, 24.0, 340_000, 2_000_000)
        )
        press(at.window.top_bar, "Start 5")
        await at.settle()
        dialog = sheet()
        assert "2 topics, 24 min: up to $2.00, usually about $0.34" in said(dialog)
        assert "5 episodes, at most 124,000 characters" in said(dialog)
        assert "Writing" in said(dialog)
        assert nameless(dialog) == []
        press(dialog, "Start 5 for up to $12.40")
        await at.settle()
        assert at.studio.asked[-3:] == [("quote", [1, 2, 3, 4, 5]), ("start", [1]), ("only", [1, 2, 3, 4, 5])]
        await at.close()

    run(story())


def test_what_fits_the_budget_is_started_and_the_rest_waits(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        use = BudgetUse(Scope.DAY, 20_000_000, 12_000_000, 0)
        at.studio.market.quoted = a_quote(tightest=use, fits=(1, 3), fits_micro=7_940_000)
        at.window.wishes.primary()
        await at.settle()
        dialog = sheet()
        assert at.studio.market.quoted.sentence in said(dialog)
        assert "$8.00 left of $20.00 for today" in said(dialog)
        press(dialog, "Start the 2 that fit for up to $7.94")
        await at.settle()
        assert at.studio.asked[-1] == ("only", [1, 3])
        assert [episode.id for episode in at.window.standing.startable()] == [2]
        await at.close()

    run(story())


def test_a_changed_budget_is_reckoned_with_at_once(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        market = at.studio.market
        market.quoted = a_quote(fits=(), tightest=BudgetUse(Scope.BATCH, 1_000_000, 900_000, 0))
        at.window.wishes.primary()
        await at.settle()
        dialog = sheet()
        assert not named(dialog, "None fits").isEnabled()
        press(dialog, "Change the budget…")
        await at.settle()
        settings = QApplication.activeModalWidget()
        assert isinstance(settings, SettingsDialog)
        budget: Any = settings.editor("budget_usd")
        assert budget.hasFocus()
        budget.setValue(50)
        market.quoted = a_quote(tightest=None)
        press(settings, "Save")
        await at.settle()
        assert "None is set" in said(dialog)
        assert named(dialog, "Set a budget…")
        press(dialog, "Cancel")
        await at.settle()
        assert not any(kind == "start" for kind, _ in at.studio.asked)
        await at.close()

    run(story())


def test_a_quote_that_fails_says_so_and_is_asked_for_again(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        at.studio.market.trouble = OFFLINE
        at.window.wishes.primary()
        await at.settle()
        dialog = sheet()
        assert "ElevenLabs cannot be reached.\n\nLook at the network connection" in said(dialog)
        at.studio.market.trouble = None
        press(dialog, "Try again")
        await at.settle()
        assert named(dialog, "Start 3 for up to $12.40").isEnabled()
        dialog.reject()
        await at.close()

    run(story())


def test_credits_are_not_ours_to_raise() -> None:
    quote = a_quote(tightest=BudgetUse(Scope.CREDITS, 100_000, 98_000, 1_000), fits=())
    assert money_words.quoted_budget(quote) == "1,000 credits left of 100,000 credits on the account"


def test_an_episode_with_a_paid_voice_of_its_own_is_quoted_too(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1), an_episode(2, overrides='{"voice": "elevenlabs:v2"}'))
        at.window.wishes.primary()
        await at.settle()
        sheet().reject()
        assert ("quote", [1, 2]) in at.studio.asked
        await at.close()

    run(story())


def test_how_buying_goes_is_said_in_one_line_and_in_full(opened: Open, run: Run, theme: Theme) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        window = at.window
        line = window.status.buying
        assert not line.isVisible()
        at.studio.say(FLOWING)
        assert line.isVisible()
        assert line.text() == "Plan Creator · 7 of 10 in flight, 3 wait · 42 of 100 a minute · 2 retries"
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
        popup = window.buying.popup
        await at.settle()
        assert popup.isVisible()
        assert window.geometry().contains(popup.geometry())
        shown = said(popup)
        for words in (
            "ElevenLabs, plan Creator",
            "Standard models: 7 of 10 in flight, 3 wait",
            "42 of 100 requests in the last minute",
            "2 calls wait to be tried again",
            "1 call (200 characters) bought before and used again, which saved $0.08",
            "$0.01 paid for calls that brought no usable sound",
            "None is set: nothing but the account limits what is spent.",
        ):
            assert words in shown
        at.studio.say(replace(FLOWING, slots=(SlotsNow("standard", 8, 10, 0), SlotsNow("fast", 1, 20, 0)), retrying=0))
        assert "8 of 10 in flight" in said(popup)  # it stays up to date while it is open
        assert line.text() == (
            "Plan Creator · Standard models 8 of 10 in flight · Fast models 1 of 20 in flight · 42 of 100 a minute"
        )
        for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
            theme.follow(scheme)
            assert not window.grab().isNull()
            assert not popup.grab().isNull()
        assert nameless(popup) == []
        press(popup, "Change the budgets…")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SettingsDialog)
        dialog.reject()
        await at.close()

    run(story())


def test_a_pause_counts_down_and_a_stop_stands_with_its_remedy(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        window, notices = at.window, at.window.notices
        at.studio.say(replace(FLOWING, paused="ElevenLabs fails: nothing is bought.", probe_in_s=90.0))
        assert window.status.buying.text() == "Next try in 90 s: ElevenLabs fails: nothing is bought."
        await until(lambda: "in 89 s" in window.status.buying.text())
        stopped = replace(FLOWING, stopped="The credits of the account are used up. Buy credits, or wait.")
        for _ in range(3):  # the engine says it with everything else, four times a second
            at.studio.say(stopped)
        assert "Nothing is bought" in window.status.buying.text()
        assert "Nothing is bought from ElevenLabs: The credits of the account are used up." in said(notices)
        assert len(notices) == 1
        window.commands[Do.ESCAPE].trigger()
        at.studio.say(replace(stopped, asked_last_minute=1))
        assert len(notices) == 0  # what was closed comes back only when it says something else
        at.studio.say(replace(stopped, stopped="The API key was refused. Give another."))
        assert len(notices) == 1
        press(notices, "Voice and key…")
        dialog: Any = QApplication.activeModalWidget()
        await at.settle()
        dialog.reject()
        at.studio.say(FLOWING)
        assert len(notices) == 0
        await at.close()

    run(story())


def test_what_a_row_waits_for_is_said_in_the_row_and_in_the_panel(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(
            opened,
            an_episode(1, State.WORKING, Stage.SYNTHESIZE),
            an_episode(2, reason="The budget of the day leaves $0.40.", remedy="Raise the budget."),
        )
        window, model = at.window, at.window.desk.model
        now, state = (
            next(n for n in range(model.columnCount()) if model.headerData(n, Qt.Orientation.Horizontal) == word)
            for word in ("Now", "State")
        )
        await at.choose(1)
        at.studio.say(Progress(1, Stage.SYNTHESIZE, 0.25))
        at.studio.say(Doing(1, "waits for a slot, 3rd in line"))
        await until(lambda: model.index(0, now).data() == "Waits for a slot, 3rd in line")
        assert "Waits for a slot, 3rd in line. Nothing is needed" in window.panel._text.text()
        at.studio.say(Doing(1, ""))
        await until(lambda: model.index(0, now).data() == "Speaking 25%")
        at.studio.say(Doing(1, "retry in 8 s"))
        at.studio.change([1], state=State.QUEUED)
        await asyncio.sleep(0.15)
        assert model.index(0, now).data() == "Waits for the voice"
        assert model.index(1, now).data() == "The budget of the day leaves $0.40."
        assert model.index(1, state).data() == "Held up"
        await at.choose(2)
        assert "Held up" in window.panel._heading.text()
        assert "Raise the budget." in window.panel._text.text()
        await at.close()

    run(story())


def test_the_budget_warns_in_words_as_well_as_in_colour(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED, budget_usd=20.0)
        bar = at.window.top_bar.budget
        assert "Spent $7.04 · held $2.18, $10.78 left" in bar.accessibleName()
        assert "gone" not in said(bar)
        for settled, words in ((9_000_000, "55% gone"), (14_000_000, "80% gone"), (17_820_000, "used up")):
            at.studio.spent = replace(at.studio.spent, settled_micro=settled)
            at.studio.say(FLOWING)  # costs follow whatever is bought
            await until(lambda words=words: words in said(bar))  # type: ignore[misc]
        assert "saved $0.08" in bar.toolTip()
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
        assert "$17.82 spent, $2.18 held, $0.00 left of $20.00 for the project: used up" in said(at.window.buying.popup)
        at.window.buying.popup.hide()
        await at.close()

    run(story())


@pytest.mark.parametrize(
    ("settled", "words", "tone"),
    [
        (4_999, "", Tone.ACCENT),
        (5_000, "50% gone", Tone.ACCENT),
        (7_999, "79% gone", Tone.ACCENT),
        (8_000, "80% gone", Tone.LOOK),
        (9_999, "99% gone", Tone.LOOK),
        (10_000, "used up", Tone.BAD),
        (12_000, "used up", Tone.BAD),
    ],
)
def test_a_threshold_is_reached_exactly(settled: int, words: str, tone: Tone) -> None:
    use = BudgetUse(Scope.MONTH, 10_000, settled - 100, 100)
    assert (money_words.gone(use), money_words.budget_tone(use)) == (words, tone)


def test_unclear_calls_are_shown_with_the_facts_and_looked_for_again(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        window, market = at.window, at.studio.market
        elsewhere = an_attempt(99, project_id=2)
        market.attempts = [an_attempt(1), an_attempt(3, characters=38_113, reserved_micro=3_811_300), elsewhere]
        await window.desk.refresh_costs()
        assert "3 calls are unclear: nobody knows yet whether they were charged." in said(window.notices)
        await at.choose(2)
        assert "Look at the unclear call" not in said(window.panel)
        await at.choose(3)
        press(window.panel, "Look at the unclear call")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, UnclearDialog)
        await at.settle()
        shown = said(dialog)
        for words in (
            "003 \N{FIRST STRONG ISOLATE}On subject 3",
            "An episode of another project",
            "38,113 characters · $3.81 held",
            "Sent to ElevenLabs 2026-11-22 ",
            "The connection was cut after the request had left.",
        ):
            assert words in shown
        assert nameless(dialog) == []
        QTest.mouseClick(named(dialog, "An episode of another project"), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
        press(dialog, "Look again for 2")
        await at.settle()
        assert ("look_again", [1, 3]) in at.studio.asked
        assert "On subject 3" not in said(dialog)
        assert not named(dialog, "Look again").isEnabled()  # what was not marked stays so
        market.attempts = []
        await window.desk.refresh_costs()
        assert "No call is unclear any more." in said(dialog)
        assert len(window.notices) == 0
        dialog.reject()
        await at.close()

    run(story())


def test_a_call_for_an_episode_that_was_taken_out_is_of_no_other_project(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        at.studio.market.attempts = [an_attempt(98), an_attempt(99, project_id=2)]
        await at.window.desk.refresh_costs()
        press(at.window.notices, "Look at them…")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, UnclearDialog)
        await at.settle()
        named(dialog, "An episode that was taken out")
        named(dialog, "An episode of another project")
        at.studio.market.attempts = [an_attempt(98)]  # it can be decided about like any other
        await at.window.desk.refresh_costs()
        assert "An episode of another project" not in said(dialog)
        press(dialog, "Look again")
        await at.settle()
        assert ("look_again", [98]) in at.studio.asked
        dialog.reject()
        await at.close()

    run(story())


def test_nobody_is_asked_about_a_call_that_is_still_being_looked_for(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, an_episode(1, State.WORKING, Stage.SYNTHESIZE))
        at.studio.market.attempts = [an_attempt(1)]
        await at.window.desk.refresh_costs()
        assert len(at.window.notices) == 0
        at.studio.change([1], state=State.QUEUED, reason="Nobody knows whether a call was charged.")
        await until(lambda: len(at.window.notices) == 1)
        await at.close()

    run(story())


def test_buying_again_says_first_that_the_held_amount_counts_as_spent(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)
        at.studio.market.attempts = [an_attempt(1), an_attempt(2)]
        await at.window.desk.refresh_costs()
        press(at.window.notices, "Look at them…")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, UnclearDialog)
        await at.settle()
        assert named(dialog, "Look again for 2").hasFocus()  # Return spends nothing
        for answer in ("Keep waiting", "Buy again for up to $0.32"):
            press(dialog, "Buy 2 again…")
            question = QApplication.activeModalWidget()
            assert isinstance(question, Question)
            assert "The $0.32 held so far counts as spent" in said(question)
            press(question, answer)
            await at.settle()
            bought = ("buy_again", [1, 2]) in at.studio.asked
            assert bought is (answer != "Keep waiting")
        dialog.reject()
        await at.close()

    run(story())


def test_costs_that_cannot_be_read_are_told_once_and_nothing_stops(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        at = await buying(opened, *QUEUED)

        asked = []

        async def fails(self: MemoryStudio, project_id: int | None = None) -> Costs:
            asked.append(project_id)
            raise OFFLINE

        monkeypatch.setattr(MemoryStudio, "costs", fails)
        for times in (1, 2):
            at.studio.say(FLOWING)
            await until(lambda times=times: len(asked) == times)  # type: ignore[misc]
            await at.settle()
        at.studio.say(RunChanged(running=True, paused=False))
        assert len(at.window.notices) == 1
        await at.close()

    run(story())


def test_a_pause_says_what_is_known_of_its_end() -> None:
    trying = replace(FLOWING, paused="ElevenLabs fails.")
    assert money_words.paused_words(trying) == "Being tried: ElevenLabs fails."
    assert money_words.paused_words(replace(trying, probe_in_s=0.0)) == "Next try now: ElevenLabs fails."


def test_prices_and_spans_read_as_a_person_would_write_them() -> None:
    assert money_words.price_per_1000(100_000) == "$0.10"
    assert money_words.price_per_1000(22_500) == "$0.0225"
    assert money_words.price_per_1000(1_234_000_000) == "$1,234.00"
    assert money_words.up_to(0) == "nothing"
