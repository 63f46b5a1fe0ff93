"""The settings: all of them somewhere, under headings, found by words."""

from collections.abc import Callable, Coroutine
from dataclasses import fields, replace
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from studio.domain.purchase import CallError, Trouble
from studio.domain.settings import Settings
from studio.ui import wording
from studio.ui.commands import Do
from studio.ui.key_row import KeyRow
from studio.ui.option_fields import Field
from studio.ui.parts import EDGE
from studio.ui.setting_groups import GROUPS, SPOKEN_BY, manner_names
from studio.ui.settings_dialog import SettingsDialog
from tests.ui.hands import named, nameless, press, said
from tests.ui.memory_studio import Opened

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]


def test_every_setting_stands_in_one_group() -> None:
    names = [name for group in GROUPS for name in group.names]
    assert sorted(names) == sorted(item.name for item in fields(Settings))
    assert set(names) >= SPOKEN_BY >= {"voice", "model", *manner_names("builtin"), *manner_names("elevenlabs")}


def test_a_search_goes_over_all_groups_and_hides_the_empty_ones(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        await at.settle()
        assert nameless(dialog) == []
        search = named(dialog, "Find a setting")
        QTest.keyClicks(search, "budget day")
        assert "Budget of a day" in said(dialog)
        assert "Budget of a month" not in said(dialog)
        assert "How loud the finished MP3 is, and how it is encoded." not in said(dialog)
        search.clear()
        QTest.keyClicks(search, "mastering")  # a heading finds what stands under it
        assert {"Loudness", "Channels"} <= set(said(dialog).splitlines())
        assert "Stability" not in said(dialog).splitlines()
        search.clear()
        QTest.keyClicks(search, "xyzzy")
        assert "No setting is called that." in said(dialog)
        press(dialog, "Money")
        assert search.text() == ""
        assert dialog.editor("budget_usd").hasFocus()
        dialog.reject()
        await at.close()

    run(story())


def test_every_value_goes_through_its_editor_unharmed() -> None:
    """For each setting another value than the default one, where there is a choice."""
    for item in fields(Settings):
        default = getattr(Settings(), item.name)
        choices = item.metadata["option"].choices
        other = choices[-1] if choices else (not default) if isinstance(default, bool) else default
        editor = Field(item.name, other)
        assert editor.read() == other, item.name
        editor.write(default)
        assert editor.read() == default, item.name


@pytest.mark.parametrize("name", [item.name for item in fields(Settings) if item.type is float])
def test_a_whole_number_is_edited_like_any_other(qapp: object, name: str) -> None:
    whole = round(getattr(Settings(), name)) or 1
    assert isinstance(Field(name, whole).widget, QDoubleSpinBox)


def test_a_name_of_any_length_leaves_the_dialog_as_it_is(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        long = replace(at.studio.project, name="A show & its seasons " * 20)
        at.window.desk.open_project(long)
        await at.settle()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        await at.settle()
        assert dialog.width() == min(820, dialog.screen().availableSize().width() - EDGE)
        dialog.reject()
        await at.close()

    run(story())


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (5, 50, "under a minute"),
        (30, 70, "about 1 min"),
        (1200, 1560, "20 to 26 min"),
        (3000, 4200, "50 min to 1 h 10 min"),
        (3600, 7200, "1 h to 2 h"),
        (7201, 7203, "about 2 h"),
    ],
)
def test_a_range_of_time_is_said_shortly(low: float, high: float, words: str) -> None:
    assert wording.duration_range(low, high) == words


def test_the_writer_has_a_key_of_its_own(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        dialog.show_group("API keys")
        await at.settle()
        assert "There is no key for the writer yet. A model of your own needs none." in said(dialog)
        row = next(each for each in dialog.findChildren(KeyRow) if "BATCHCAST_WRITER_KEY" in said(each))
        QTest.keyClicks(named(row, "API key of the writer"), "sk-0123456789")
        press(row, "Keep in the keyring")
        await at.settle()
        assert at.studio.market.keys.kept["writer"] == "sk-0123456789"
        assert "There is a key in this computer's keyring." in said(row)
        press(row, "Forget the key")
        await at.settle()
        assert "writer" not in at.studio.market.keys.kept
        dialog.reject()
        await at.close()

    run(story())


def test_the_writer_is_tested_as_it_stands_there(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        dialog.show_group("API keys")
        await at.settle()
        dialog.take({"writer": "http://localhost:11434/v1", "writer_model": "tale-1"})  # typed, and not saved
        row = next(each for each in dialog.findChildren(KeyRow) if "BATCHCAST_WRITER_KEY" in said(each))
        other = next(each for each in dialog.findChildren(KeyRow) if "ELEVENLABS_API_KEY" in said(each))
        assert "Have it say a word" not in said(other)
        press(row, "Test the writer")  # a model of one's own needs no key
        await at.settle()
        assert "It works: “tale-1” would write. 2 models there: tale-1, tale-2." in said(row)
        QTest.keyClicks(named(row, "API key of the writer"), "sk-0123456789")
        press(row, "Have it say a word")
        await at.settle()
        words = (
            "It works: “tale-1” has answered. That took 3 tokens. 2 models there: tale-1, tale-2. The key is not kept"
        )
        assert words in said(row)
        where = ("http://localhost:11434/v1", "tale-1")
        assert [asked[1] for asked in at.studio.asked if asked[0] == "test_writer"] == [
            (*where, "", False),
            (*where, "sk-0123456789", True),
        ]
        assert "writer" not in at.studio.market.keys.kept
        at.studio.market.trouble = CallError(
            Trouble.KEY, "The model does not accept the API key.", "Enter a valid key."
        )
        press(row, "Test the writer")
        await at.settle()
        assert "The model does not accept the API key. Enter a valid key." in said(row)
        dialog.take({"writer": "nonsense"})
        press(row, "Test the writer")
        await at.settle()
        assert "is neither “builtin” nor the address of a model" in said(row)
        dialog.reject()
        await at.close()

    run(story())
