"""What the desktop is told while the window is not in front, heard on a bus of our own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from studio.domain.budget import BudgetUse, Scope
from studio.domain.episode import Stage, State
from studio.engine.events import BudgetReached, PurchasesChanged, RunChanged
from studio.ui import desktop
from tests.ui.memory_studio import Opened, an_episode

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]
ROOT = Path(__file__).parents[2]

# A desktop's notification service, as the specification declares it, and one that sends to it.
SERVICE = """
import subprocess, sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection

@ClassInfo({"D-Bus Interface": "org.freedesktop.Notifications"})
class Service(QObject):
    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(self, who, replaces, icon, title, body, actions, hints, lasting):
        print(repr([who, replaces, title, body, lasting]), flush=True)
        QTimer.singleShot(0, app.quit)
        return 7

app = QCoreApplication([])
service = Service()
bus = QDBusConnection.sessionBus()
assert bus.registerObject("/org/freedesktop/Notifications", service, QDBusConnection.RegisterOption.ExportAllSlots)
assert bus.registerService("org.freedesktop.Notifications")
sender = subprocess.Popen([sys.executable, "-c", sys.argv[1]])
QTimer.singleShot(20_000, app.quit)
app.exec()
print(sender.wait(10))
"""
SENDER = """
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
from studio.ui.desktop import send_by_bus
raise SystemExit(0 if send_by_bus("Show: the batch has ended", "2 < 3 done & more") else 1)
"""


def told_by(at: Opened) -> list[tuple[str, str]]:
    """What the window sends from now on."""
    heard: list[tuple[str, str]] = []
    at.window.notifier.told.connect(lambda title, sentence: heard.append((title, sentence)))
    return heard


def look_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program is in front."""
    monkeypatch.setattr(QApplication, "activeWindow", staticmethod(lambda: None))


def test_the_end_of_a_batch_is_told_once(opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        rows = (
            an_episode(1, State.DONE, Stage.EXPORT),
            an_episode(2, State.NEEDS_YOU, Stage.REVIEW),
            an_episode(3, State.FAILED, Stage.PREPARE, reason="It is empty."),
        )
        at = await opened(*rows)
        heard = told_by(at)
        look_away(monkeypatch)
        for running in (True, True, False, False):
            at.studio.events.say(RunChanged(running=running, paused=False))
        assert len(heard) == 1
        assert "the batch has ended" in heard[0][0]
        assert heard[0][1] == "1 of 3 done · 1 to hear · 1 failed"
        await at.close()

    run(story())


def test_what_holds_a_batch_up_is_told_with_its_cure(opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, reason="The budget is used up.", remedy="Raise it."))
        heard = told_by(at)
        look_away(monkeypatch)
        at.studio.events.say(RunChanged(running=True, paused=False))
        at.studio.events.say(RunChanged(running=False, paused=False))
        use = BudgetUse(Scope.BATCH, 5_000_000, 5_000_000, 0)
        for mark in (0.8, 1.0):
            at.studio.events.say(BudgetReached("The budget is spent.", "Raise it.", use=use, mark=mark))
        stopped = PurchasesChanged("vendor", "", (), 0, 0, 0, stopped="The key is not accepted any more.")
        for _ in range(2):
            at.studio.events.say(stopped)
        assert [sentence for _, sentence in heard] == [
            "The budget is used up. Raise it.",
            "The budget is spent. Raise it.",
            "The key is not accepted any more.",
        ]
        await at.close()

    run(story())


def test_nobody_who_looks_at_the_window_is_told(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened(an_episode(1, State.DONE, Stage.EXPORT))
        at.window.activateWindow()
        await at.settle()
        assert QApplication.activeWindow() is not None
        heard = told_by(at)
        at.studio.events.say(RunChanged(running=True, paused=False))
        at.studio.events.say(RunChanged(running=False, paused=False))
        assert heard == []
        await at.close()

    run(story())


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs a bus of its own")
def test_the_service_of_the_desktop_hears_it() -> None:
    command = ["dbus-run-session", "--", sys.executable, "-c", SERVICE, SENDER]
    here = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    heard = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=here).stdout.split("\n")
    assert heard[0] == repr(["Batchcast", 0, "Show: the batch has ended", "2 &lt; 3 done &amp; more", -1])
    assert heard[1] == "0"


def test_where_there_is_no_bus_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    assert not desktop.send_by_bus("Title", "Sentence")
    desktop.send("Title", "Sentence")  # offscreen
