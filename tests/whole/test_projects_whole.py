"""Projects in the real window on the real engine: new, opened, duplicated, renamed, archived; and after a crash."""

import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# isort: off
from PySide6.QtCore import Qt  # before qasync, which takes the first binding that is loaded

# isort: on
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from studio import app
from studio.domain.episode import Stage, State
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.engine.runner import RunOptions
from studio.ui.commands import Do
from studio.ui.main_window import MainWindow
from studio.ui.settings_dialog import SettingsDialog
from studio.ui.theme import Theme
from tests.fakes.elevenlabs_server import elevenlabs_server
from tests.fakes.program import server_program
from tests.ui.hands import choose, named, nameless, press, said, until
from tests.whole.conftest import Program
from tests.whole.windows import Run, shown

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

VOICE = "elevenlabs:21m00Tcm4TlvDq8ikWAM"
KEY = "sk_5f2a0123456789abcdef-made-up"


@asynccontextmanager
async def window_on(theme: Theme, library: Path) -> AsyncIterator[tuple[MainWindow, Studio]]:
    async with app.opened_studio(library) as studio, shown(theme, studio, None, library.parent) as window:
        window.projects.say_recovered()
        yield window, studio


async def dialog_of(window: MainWindow, do: Do) -> QDialog:
    """What a command opens, once it is there."""
    window.commands[do].trigger()
    await until(lambda: QApplication.activeModalWidget() is not None)
    await window.desk.settle()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    return dialog


def retype(dialog: QDialog, name: str, text: str) -> None:
    field = named(dialog, name)
    field.selectAll()
    QTest.keyClicks(field, text)


def test_new_duplicate_rename_archive_and_back(  # noqa: PLR0915  (one story, as a person goes through it)
    theme: Theme, run: Run, tmp_path: Path
) -> None:
    library = tmp_path / "library"

    async def first() -> None:
        async with window_on(theme, library) as (window, studio):
            desk = window.desk
            assert desk.project is not None
            desk.save_settings(desk.project.settings.with_values({"budget_usd": 12.5, "show": "The Show"}))
            await desk.settle()
            dialog = await dialog_of(window, Do.DUPLICATE_PROJECT)
            create = named(dialog, "Create project")
            retype(dialog, "Name", "My show")
            assert "There is a project “\u2068My show\u2069” already" in said(dialog)
            assert not create.isEnabled()
            retype(dialog, "Name", "Walden & Civil")
            assert "already" not in said(dialog)
            retype(dialog, "Output folder", "not/whole")
            assert "Give a whole path" in said(dialog)
            assert not create.isEnabled()
            retype(dialog, "Output folder", str(tmp_path / "walden"))
            assert nameless(dialog) == []
            press(dialog, "Create project")
            await desk.settle()
            assert desk.project.name == "Walden & Civil"
            assert (desk.project.settings.budget_usd, desk.project.settings.show) == (12.5, "The Show")
            assert desk.project.out_dir == str(tmp_path / "walden")
            # A new one begins with what was shipped, unless told otherwise.
            dialog = await dialog_of(window, Do.NEW_PROJECT)
            retype(dialog, "Name", "Third")
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            await desk.settle()
            assert desk.project.name == "Third"
            assert desk.project.settings == Settings()
            dialog = await dialog_of(window, Do.RENAME_PROJECT)
            retype(dialog, "Name", "My show")
            assert not named(dialog, "Rename").isEnabled()
            retype(dialog, "Name", "Third of three")
            press(dialog, "Rename")
            await desk.settle()
            assert (await studio.projects())[0].name == "Third of three"
            assert window.windowTitle().startswith("Third of three")
            # The menu has them by last use; a name is shown as it is.
            recent = [each.text() for each in window.menus._projects.actions()]
            assert recent == ["Third of three", "Walden && Civil", "My show"]
            window.menus._projects.actions()[1].trigger()
            await desk.settle()
            assert (await studio.projects())[0].name == "Walden & Civil"
            question = await dialog_of(window, Do.ARCHIVE_PROJECT)
            press(question, "Archive")
            await desk.settle()
            assert desk.project.name == "Third of three"  # the one used before
            assert [each.text() for each in window.menus._projects.actions()] == ["Third of three", "My show"]

    async def second() -> None:
        async with window_on(theme, library) as (window, studio):
            desk = window.desk
            assert desk.project is not None
            assert desk.project.name == "Third of three"
            dialog = await dialog_of(window, Do.PROJECTS)
            assert nameless(dialog) == []
            listed = named(dialog, "Projects")
            assert [listed.item(row).text().partition("\n")[0][1:] for row in range(listed.count())] == [
                "Third of three",
                "My show",
                "Walden & Civil",
            ]
            assert "3 projects, 1 of them archived" in said(dialog)
            QTest.keyClicks(named(dialog, "Find a project"), "walden archived")
            assert "1 of 3 projects" in said(dialog)
            press(dialog, "Take out of the archive")
            await desk.settle()
            assert "Walden & Civil" in [each.name for each in await studio.projects()]
            assert "archived" not in listed.item(0).text()
            named(dialog, "Find a project").clear()
            QTest.keyClicks(named(dialog, "Find a project"), "walden")
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            await desk.settle()
            assert desk.project.name == "Walden & Civil"
            assert desk.project.settings.budget_usd == 12.5

    run(first())
    run(second())


def test_with_every_project_archived_there_is_a_new_first_one(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, tmp_path / "library") as (window, studio):
            assert window.desk.project is not None
            press(await dialog_of(window, Do.ARCHIVE_PROJECT), "Archive")
            await window.desk.settle()
            assert window.desk.project.name == "My show (2)"
            assert [each.archived for each in await studio.shelf.all()] == [False, True]

    run(story())


def test_a_project_under_way_is_not_archived(theme: Theme, run: Run, scripts: Path, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, tmp_path / "library") as (window, studio):
            project = window.desk.project
            assert project is not None
            await studio.add(project, [scripts])
            await studio.start([project], RunOptions(Stage.PREPARE))
            assert studio.run.running
            press(await dialog_of(window, Do.ARCHIVE_PROJECT), "Archive")
            await window.desk.settle()
            assert window.desk.project is project
            assert "is being worked on, and stays where it is" in said(window)
            await studio.run.finished()
            press(await dialog_of(window, Do.ARCHIVE_PROJECT), "Archive")
            await window.desk.settle()
            assert window.desk.project.id != project.id
            assert len(await studio.episodes(project.id)) == 3

    run(story())


def test_a_crash_in_the_middle_of_purchases_is_told_with_what_was_found(
    program: Program, theme: Theme, run: Run, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server_program("--time-scale", "0.25", "--plan", "pro") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        batch = program.start("batch", scripts, "--out", tmp_path / "out", "--voice", VOICE)
        begun = time.monotonic()
        while not server.books().document["in_flight_peak"]:
            assert batch.poll() is None, batch.communicate()
            assert time.monotonic() - begun < 60
            time.sleep(0.02)
        os.kill(batch.pid, signal.SIGKILL)
        batch.communicate()

        async def story() -> None:
            async with window_on(theme, program.home) as (window, studio):
                assert "under way" in window.status._said.text()
                assert "back in the queue" in window.status._said.text()
                await window.desk.settle()
                assert window.desk.project is not None
                rows = await studio.episodes(window.desk.project.id)
                assert {row.state for row in rows} == {State.QUEUED}
                words = said(window.notices)
                assert "Batchcast had ended in the middle of its work" in words
                assert "found again" in words or "never made" in words
                outcome = await studio.salvage.outcome()
                assert outcome.found + outcome.not_made + outcome.unclear >= 1
                assert len(outcome.episodes) >= 1

        run(story())
        assert not server.books().paid_twice


class Vault(KeyringBackend):
    """Stands for a keyring of the system."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class PlaintextVault(Vault):
    """One that everybody can read."""


@pytest.fixture
def vault() -> Iterator[Vault]:
    before = keyring.get_keyring()
    backend = Vault()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_a_key_is_tested_kept_and_forgotten_in_the_settings(  # noqa: PLR0915  (one story)
    theme: Theme,
    run: Run,
    tmp_path: Path,
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    logging.getLogger("aiosqlite").setLevel("INFO")  # whole migrations, at every start
    monkeypatch.delenv("ELEVENLABS_API_KEY", raising=False)

    async def story() -> None:
        async with window_on(theme, tmp_path / "library") as (window, _studio):
            window.commands[Do.SETTINGS].trigger()
            dialog = window.findChildren(SettingsDialog)[-1]
            dialog.show_group("API keys")
            await window.desk.settle()
            field = named(dialog, "API key")
            shown: list[str] = []

            async def test(key: str) -> str:
                field.clear()
                QTest.keyClicks(field, key)
                press(dialog, "Test the key")
                assert "Asking ElevenLabs…" in said(dialog)
                await window.desk.settle()
                shown.append(said(dialog))
                return shown[-1]

            assert "There is no key for ElevenLabs yet." in said(dialog)
            assert not named(dialog, "Test the key").isEnabled()
            assert "ElevenLabs does not know the API key." in await test("sk_wrong0123456789abcdef")
            assert "has characters that no key has" in await test("sk two words")
            assert "It may not read the account (permission “user_read”)" in await test(narrow)
            works = await test(KEY)
            assert "The key works. Plan “pro”, 10 to 20 requests at once, by model, " in works
            assert "It is not kept yet." in works
            assert vault.kept == {}
            press(dialog, "Keep in the keyring")
            await window.desk.settle()
            assert vault.kept == {("batchcast", "elevenlabs"): KEY}
            assert "There is a key in this computer's keyring." in said(dialog)
            assert field.text() == ""
            press(dialog, "Test the key")  # the one that is kept
            await window.desk.settle()
            shown.append(said(dialog))
            assert "The key works." in shown[-1]
            assert "not kept" not in shown[-1]
            press(dialog, "Forget the key")
            await window.desk.settle()
            assert vault.kept == {}
            # A keyring that everybody can read is refused, with the reason.
            keyring.set_keyring(PlaintextVault())
            QTest.keyClicks(field, KEY)
            press(dialog, "Keep in the keyring")
            await window.desk.settle()
            assert "stores keys as plain text; it is not used" in said(dialog)
            shown.append(said(dialog))
            assert KEY not in "".join(shown) + caplog.text
            dialog.reject()

    with elevenlabs_server(plan="pro", time_scale=0.0) as server:
        monkeypatch.setenv("ELEVENLABS_BASE_URL", server.base_url)
        server.add_key(KEY)
        narrow = server.add_key("sk_narrow0123456789", {"models_read", "text_to_speech"})
        run(story())
    everything = b"".join(path.read_bytes() for path in (tmp_path / "library").rglob("*") if path.is_file())
    assert KEY.encode() not in everything


def test_a_new_project_takes_the_settings_of_any_other(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with window_on(theme, tmp_path / "library") as (window, studio):
            await studio.create_project("Other", tmp_path, Settings(loudness_lufs=-19.0))
            dialog = await dialog_of(window, Do.NEW_PROJECT)
            retype(dialog, "Name", "Like the other")
            choose(dialog, "Settings", "Those of “Other”")
            press(dialog, "Create project")
            await window.desk.settle()
            assert window.desk.project is not None
            assert window.desk.project.settings.loudness_lufs == -19.0

    run(story())
