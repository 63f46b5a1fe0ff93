"""What the window remembers is there at the next start, and nobody waits for the disk that it is written to."""

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.ui import memory as module
from studio.ui.memory import Memory

pytestmark = pytest.mark.window


def test_it_is_there_again(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    memory = Memory(path)
    for name, value in {"a/list": [1, 2], "text": "über \ud800 “x”", "map": {"x": None}, "gone": 1}.items():
        memory.keep(name, value)
    memory.forget("gone")
    assert memory.read("gone", 0) == 0
    memory.write()
    again = Memory(path)
    assert again.read("a/list", []) == [1, 2]
    assert again.read("text", "") == "über \ud800 “x”"
    assert again.read("map", {}) == {"x": None}
    assert again.read("gone", 7) == 7
    assert again.read("a/list", "") == ""  # of another kind than is wanted


def test_a_value_that_changes_later_is_kept_as_it_was(qapp: QApplication, tmp_path: Path) -> None:
    memory, columns = Memory(tmp_path / "window.json"), [1]
    memory.keep("columns", columns)
    columns.append(2)
    assert memory.read("columns", []) == [1]


def test_it_is_written_soon_and_by_another_thread(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SOON_MS", 20)
    path, writers = tmp_path / "window.json", list[int]()
    replace = Path.replace

    def noted(self: Path, target: Path) -> Path:
        if target == path:  # and not the memory of an earlier test, which may still wait for its moment
            writers.append(threading.get_ident())
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", noted)
    memory = Memory(path)
    for number in range(50):
        memory.keep("number", number)
    qtbot.waitUntil(path.is_file)
    assert json.loads(path.read_text()) == {"number": 49}
    assert len(writers) == 1
    assert writers[0] != threading.get_ident()
    assert QThread.currentThread() is qapp.thread()


@pytest.mark.parametrize("written", ["", "{", "[1]", "null", "\x00"])
def test_what_cannot_be_read_is_not_there(qapp: QApplication, tmp_path: Path, written: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(written)
    assert Memory(path).read("a", 3) == 3


def test_what_an_earlier_version_wrote_is_taken_over(qapp: QApplication, tmp_path: Path) -> None:
    old = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    old.setValue("table/columns", json.dumps([3, 1]))
    old.setValue("junk", "{")
    old.sync()
    assert Memory(tmp_path / "window.json").read("table/columns", []) == [3, 1]


def test_a_disk_that_takes_nothing_is_no_trouble(qapp: QApplication, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "gone" / "window.json")
    memory.keep("a", 1)
    memory.write()
    assert memory.read("a", 0) == 1
