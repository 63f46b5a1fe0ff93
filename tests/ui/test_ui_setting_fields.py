"""What a person types into a setting: taken, or said beside the field why not; never swallowed, never changed."""

from collections.abc import Callable, Coroutine
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from studio.domain.episode import Stage, State
from studio.domain.errors import SettingError
from studio.domain.settings import Settings, check, option
from studio.ui.commands import Do
from studio.ui.number_box import NumberBox
from studio.ui.option_fields import Field
from studio.ui.setting_effects import effect
from studio.ui.setting_groups import GROUPS
from studio.ui.settings_dialog import SettingsDialog
from tests.ui.hands import named, nameless, press, said
from tests.ui.memory_studio import Opened, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]
NAMES = [item.name for item in fields(Settings)]
NUMBERS = [item.name for item in fields(Settings) if item.type in {int, float}]
TEXTS = [item.name for item in fields(Settings) if item.type is str and not option(item.name).choices]

typed_text = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)


def type_into(field: Field, text: str) -> None:
    """As by the keyboard: over what stood there."""
    line = field.widget.lineEdit() if isinstance(field.widget, NumberBox) else field.widget
    assert isinstance(line, QLineEdit)
    line.setText(text)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NUMBERS), number=st.floats(-3e9, 3e9, allow_nan=False).map(lambda each: round(each, 3)))
def test_a_typed_number_is_taken_as_it_is_or_refused_with_its_range(
    qapp: QApplication, name: str, number: float
) -> None:
    field, declared = Field(name, getattr(Settings(), name)), option(name)
    assert declared.low is not None
    assert declared.high is not None
    type_into(field, f"{number:.3f}")
    assert field.read() == number
    whole = isinstance(field.default, float) or number == int(number)
    assert bool(field.problem) is not (whole and declared.low <= number <= declared.high)
    if whole and field.problem:
        assert "Give a value from" in field.problem
    if not field.problem:
        Settings().with_values({name: field.read()})


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from([*NUMBERS, *TEXTS]), text=typed_text)
def test_no_typed_text_breaks_a_field_and_what_it_lets_through_can_be_kept(
    qapp: QApplication, name: str, text: str
) -> None:
    field = Field(name, getattr(Settings(), name))
    type_into(field, text)
    if field.problem:
        with pytest.raises(SettingError) as caught:
            check(name, field.read())
        assert str(caught.value) == field.problem
        assert caught.value.message.endswith((".", "…"))
    else:
        Settings().with_values({name: field.read()})
    field.reset()
    assert field.read() == field.default
    assert not field.problem


@pytest.mark.parametrize("name", NUMBERS)
def test_what_was_stored_more_finely_than_it_is_shown_stays_as_it_was(qapp: QApplication, name: str) -> None:
    declared = option(name)
    assert declared.low is not None
    value = declared.low + 1 if isinstance(getattr(Settings(), name), int) else declared.low + 0.0125
    assert Field(name, value).read() == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("locale", "text", "number"),
    [
        ("C", "0.25", 0.25),
        ("C", "0,25", 0.25),
        ("en_US", "1,250.5", 1250.5),
        ("de_DE", "0,25", 0.25),
        ("de_DE", "0.25", 0.25),
        ("de_DE", "1.250,5", 1250.5),
    ],
)
def test_a_number_is_read_as_it_is_written_here(qapp: QApplication, locale: str, text: str, number: float) -> None:
    box = NumberBox(0, 1_000_000, "USD", whole=False)
    box.setLocale(QLocale(locale))
    box.lineEdit().setText(f"{text} USD")
    assert box.typed() == number


def test_the_arrows_stop_at_the_ends(qapp: QApplication) -> None:
    box = NumberBox(0, 3, "s", whole=False)
    box.setValue(2.95)
    box.stepBy(40)
    assert box.typed() == 3
    box.stepBy(-400)
    assert box.typed() == 0


def test_every_field_shows_help_default_and_a_way_back(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        await at.settle()
        dialog.editor(NAMES[-1])  # whoever asks for one has all of them made
        words = said(dialog)
        for name in NAMES:
            assert f"{option(name).help} Default: {dialog._fields[name].default_words}." in words, name
        assert "Reset" not in words
        speed: Any = dialog.editor("speed")
        QTest.keyClick(speed, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(speed, "7")
        assert "Speed cannot be 7 ×. Give a value from 0.7 to 1.2." in said(dialog)
        press(dialog, "Save")
        assert dialog.isVisible()
        assert "1 setting cannot be kept as it is: Speed." in said(dialog)
        assert speed.hasFocus() or speed.lineEdit().hasFocus()
        press(dialog, "Reset “Speed” to 1 ×")
        assert "Reset" not in said(dialog)
        assert "cannot" not in said(dialog)
        assert nameless(dialog) == []
        press(dialog, "Save")
        await at.settle()
        assert at.studio.known[0].settings == Settings()
        await at.close()

    run(story())


def test_a_search_finds_by_help_and_leaves_only_its_groups(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        await at.settle()
        search = named(dialog, "Find a setting")
        QTest.keyClicks(search, "rumble")  # said only in the help of “High-pass”
        lines = said(dialog).splitlines()
        assert "High-pass" in lines
        assert {"Mastering"} == {group.title for group in GROUPS} & set(lines)
        search.clear()
        QTest.keyClicks(search, "KEYRING")
        assert "API keys" in said(dialog).splitlines()
        assert not {group.title for group in GROUPS} & set(said(dialog).splitlines())
        dialog.reject()
        await at.close()

    run(story())


def test_what_a_change_means_for_what_is_under_way_is_said(opened: Open, run: Run) -> None:
    rows = [
        an_episode(1, State.DONE, Stage.EXPORT),
        an_episode(2, State.WORKING, Stage.MASTER),
        an_episode(3, State.WORKING, Stage.SYNTHESIZE),
        an_episode(4),
        an_episode(5, State.QUEUED, Stage.MASTER),
    ]

    async def story() -> None:
        at = await opened(*rows)
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        await at.settle()
        loudness: Any = dialog.editor("loudness_lufs")
        loudness.setValue(-19)
        QTest.qWait(200)
        assert (
            "Holds for 3 episodes that are still to be mastered. 1 is being mastered now, and ends by the old values. "
            "1 episode stays as it is until a retake."
        ) in said(dialog)
        loudness.setValue(-16)
        QTest.qWait(200)
        assert "Holds for" not in said(dialog)
        dialog.reject()
        await at.close()

    run(story())


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_says_what_its_change_means(name: str) -> None:
    assert effect([name], []).startswith("Holds ")
    assert effect([name], [an_episode(1)]).startswith("Holds ")
    assert effect([], [an_episode(1)]) == ""


def test_an_episode_counts_once() -> None:
    rows = [
        an_episode(number, state, stage)
        for number, (state, stage) in enumerate(((s, g) for s in State for g in Stage), 1)
    ]
    words = effect(["loudness_lufs"], rows)
    assert sum(int(word) for word in words.split() if word.isdigit()) == len(rows)
