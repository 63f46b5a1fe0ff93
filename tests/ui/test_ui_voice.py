"""Choosing a voice as a person does: for the project, from the settings, for some episodes; with and without a key."""

import asyncio
import logging
import wave
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from studio.domain.episode import Stage, State
from studio.domain.errors import VoiceError
from studio.domain.purchase import CallError, Trouble
from studio.domain.settings import Settings
from studio.ui.commands import Do
from studio.ui.player import NO_DEVICE
from studio.ui.settings_dialog import SettingsDialog
from studio.ui.theme import Theme
from studio.ui.voice_dialog import VoiceDialog
from tests.ui.hands import choose, named, nameless, press, said
from tests.ui.memory_studio import CARDS, Opened, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]

KEY = "sk_5f2a-made-up-and-long-enough"
OFFLINE = CallError(Trouble.OFFLINE, "ElevenLabs cannot be reached.", "Look at the network connection, then try again.")
REFUSED = CallError(Trouble.KEY, "ElevenLabs refuses the API key.", "Give another key.")


def the_dialog() -> VoiceDialog:
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, VoiceDialog)
    return dialog


def test_a_voice_its_model_and_manner_become_the_projects(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.studio.market.gate.clear()
        at.window.commands[Do.VOICE].trigger()
        dialog = the_dialog()
        await asyncio.sleep(0.02)
        choose(dialog, "Provider", "ElevenLabs")
        await asyncio.sleep(0.02)
        assert "Asking ElevenLabs…" in said(dialog)  # it opened at once, and the window goes on
        at.studio.market.gate.set()
        await at.settle()
        QTest.keyClicks(named(dialog, "Find a voice"), "scottish")
        voices = named(dialog, "Voices")
        assert [voices.item(row).isHidden() for row in range(3)] == [True, False, True]
        assert "1 of 3 voices" in said(dialog)
        voices.setFocus()
        QTest.keyClick(voices, Qt.Key.Key_Down)
        assert voices.currentItem() is voices.item(1)
        choose(dialog, "Model", "Multilingual v2")
        assert "10,000 characters a request · $0.10 for 1,000 characters" in said(dialog)
        choose(dialog, "Model", "Flash v2.5")
        stability = named(dialog, "Stability")
        stability.setValue(0.3)
        press(dialog, "Use this voice")
        await at.settle()
        kept = at.studio.known[0].settings
        assert (kept.voice, kept.model, kept.stability) == ("elevenlabs:v2", "eleven_flash_v2_5", 0.3)
        assert at.window.status._voice.accessibleName() == "ElevenLabs: Callum"
        await at.close()

    run(story())


def test_without_a_key_it_is_asked_for_and_goes_to_the_keyring_only(
    opened: Open, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        caplog.set_level(logging.DEBUG)
        at = await opened()
        keys = at.studio.market.keys
        keys.kept.clear()
        at.window.commands[Do.VOICE].trigger()
        dialog = the_dialog()
        choose(dialog, "Provider", "ElevenLabs")
        await at.settle()
        assert "ElevenLabs needs your API key" in said(dialog)
        assert "set ELEVENLABS_API_KEY before Batchcast starts" in said(dialog)
        assert not named(dialog, "Use this voice").isEnabled()
        field = named(dialog, "API key")
        assert isinstance(field, QLineEdit)
        assert field.echoMode() is QLineEdit.EchoMode.Password
        keys.refusal = VoiceError("This computer has no safe keyring.", "Set ELEVENLABS_API_KEY.")
        QTest.keyClicks(field, KEY)
        press(dialog, "Keep in the keyring")
        await at.settle()
        assert "This computer has no safe keyring. Set ELEVENLABS_API_KEY." in said(dialog)
        assert field.text() == ""
        keys.refusal = None
        QTest.keyClicks(field, KEY)
        QTest.keyClick(field, Qt.Key.Key_Return)
        await at.settle()
        assert keys.kept == {"elevenlabs": KEY}
        assert not field.isVisibleTo(dialog)
        assert "3 voices" in said(dialog)
        press(dialog, "API key…")
        assert field.text() == ""
        press(dialog, "Forget the key")
        await at.settle()
        assert keys.kept == {}
        assert "ElevenLabs needs your API key" in said(dialog)
        assert KEY not in caplog.text + said(dialog) + said(at.window)
        dialog.reject()
        await at.close()

    run(story())


def test_a_vendor_that_does_not_answer_is_asked_again_and_a_bad_key_replaced(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        market = at.studio.market
        market.trouble = OFFLINE
        at.window.commands[Do.VOICE].trigger()
        dialog = the_dialog()
        choose(dialog, "Provider", "ElevenLabs")
        await at.settle()
        assert "ElevenLabs cannot be reached." in said(dialog)
        assert len(at.window.notices) == 0  # it is said where it was asked
        market.trouble = REFUSED
        press(dialog, "Try again")
        await at.settle()
        assert "Another API key for ElevenLabs" in said(dialog)
        market.trouble = None
        QTest.keyClicks(named(dialog, "API key"), KEY)
        press(dialog, "Keep in the keyring")
        await at.settle()
        assert "3 voices" in said(dialog)
        dialog.reject()
        await at.close()

    run(story())


def test_an_answer_after_the_dialog_has_closed_is_passed_over(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        market = at.studio.market
        for trouble in (None, OFFLINE):
            market.gate.clear()
            market.trouble = trouble
            at.window.commands[Do.VOICE].trigger()
            dialog = the_dialog()
            choose(dialog, "Provider", "ElevenLabs")
            await asyncio.sleep(0.02)
            dialog.reject()
            await asyncio.sleep(0.02)
            market.gate.set()
            await at.settle()
        assert len(at.window.notices) == 0
        await at.close()

    run(story())


def test_a_sample_is_fetched_once_and_heard_or_the_reason_is_said(opened: Open, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        at = await opened()
        sound = tmp_path / "sample.wav"
        with wave.open(str(sound), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(8000)
            out.writeframes(bytes(16000))
        at.studio.market.sound = sound
        at.window.commands[Do.VOICE].trigger()
        dialog = the_dialog()
        choose(dialog, "Provider", "ElevenLabs")
        await at.settle()
        voices = named(dialog, "Voices")
        voices.setCurrentRow(0)
        player = dialog._shelf._player
        for _ in range(2):
            press(dialog, "Hear it")
            await at.settle()
            if player.playing:
                press(dialog, "Stop")
            else:  # this machine has nothing to play it on
                assert NO_DEVICE in said(dialog)
        assert at.studio.asked.count(("sample", "Rachel")) == 1
        at.studio.market.trouble = OFFLINE
        voices.setCurrentRow(1)
        QTest.keyClick(voices, Qt.Key.Key_Space)
        await at.settle()
        assert str(OFFLINE) in said(dialog)
        voices.setCurrentRow(2)
        assert not named(dialog, "Hear it").isEnabled()
        dialog.reject()
        await at.close()

    run(story())


def test_the_settings_lead_to_the_voices_and_take_what_was_chosen(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        settings = at.window.findChildren(SettingsDialog)[-1]
        voice: Any = settings.editor("voice")
        voice.setText("no voice at all")
        press(settings, "Choose and hear voices…")
        assert "is not of the form PROVIDER:NAME" in said(settings)
        voice.setText("elevenlabs:typed-by-hand")
        press(settings, "Choose and hear voices…")
        dialog = the_dialog()
        await at.settle()
        assert "not among your account's voices" in dialog._shelf._list.item(0).toolTip()
        voices = named(dialog, "Voices")
        voices.setCurrentRow(1)
        press(dialog, "Use this voice")
        await at.settle()
        assert voice.text() == CARDS[0].ref
        assert at.studio.known[0].settings.voice == "builtin:heart"  # not before they are saved
        press(settings, "Save")
        await at.settle()
        assert at.studio.known[0].settings.voice == CARDS[0].ref
        await at.close()

    run(story())


def test_episodes_get_a_voice_of_their_own_and_go_back(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(
            an_episode(1, overrides='{"loudness_lufs": -19.0}'),
            an_episode(2),
            an_episode(3, State.WORKING, Stage.SYNTHESIZE),
        )
        window = at.window
        window.page.table.selectAll()
        window.wishes.menu(window.commands, QPoint(300, 300))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entry = next(action for action in menu.actions() if action.text() == "Voice of 2 episodes…")  # 3 is under way
        entry.trigger()
        menu.close()
        dialog = the_dialog()
        assert named(dialog, "Use the project's voice")  # as the first has settings of its own
        choose(dialog, "Provider", "ElevenLabs")
        await at.settle()
        voices = named(dialog, "Voices")
        voices.setCurrentRow(1)
        style = named(dialog, "Style")
        style.setValue(0.25)
        press(dialog, "Use this voice")
        await at.settle()
        own = [Settings().merged(at.studio.rows[each].overrides) for each in (1, 2, 3)]
        assert [each.voice for each in own] == ["elevenlabs:v2", "elevenlabs:v2", "builtin:heart"]
        assert [each.style for each in own] == [0.25, 0.25, 0.0]
        assert [each.loudness_lufs for each in own] == [-19.0, -16.0, -16.0]
        assert "stability" not in at.studio.rows[2].overrides  # what was not changed follows the project
        await at.choose(2)
        assert "Spoken by ElevenLabs: v2, unlike the project." in window.panel._text.text()
        window.commands[Do.EPISODE_VOICE].trigger()
        dialog = the_dialog()
        await at.settle()
        assert dialog._shelf.card == CARDS[1]
        press(dialog, "Use the project's voice")
        await at.settle()
        assert at.studio.rows[2].overrides == ""
        await at.close()

    run(story())


@pytest.mark.parametrize("provider", ["Built-in voice", "ElevenLabs"])
def test_everything_in_the_dialog_has_a_name(opened: Open, run: Run, theme: Theme, provider: str) -> None:
    async def story() -> None:
        at = await opened()
        at.studio.market.keys.kept.clear()
        at.window.commands[Do.VOICE].trigger()
        dialog = the_dialog()
        choose(dialog, "Provider", provider)
        await at.settle()
        for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
            theme.follow(scheme)
            assert not dialog.grab().isNull()
        assert nameless(dialog) == []
        dialog.reject()
        await at.close()

    run(story())
