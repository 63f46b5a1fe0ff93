"""What the way to the first window costs, and what the machine can show."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from studio.ui.health import health
from studio.ui.theme import Theme

ROOT = Path(__file__).parents[2]
HEAVY = [
    "numpy",
    "scipy",
    "pyqtgraph",
    "onnxruntime",
    "av",
    "aiosqlite",
    "sqlite3",
    "psutil",
    "PySide6.QtMultimedia",
]


def test_nothing_heavy_is_loaded_on_the_way_to_the_first_window() -> None:
    code = f"import studio.ui.shell, studio.ui.application, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_the_machine_is_told_in_three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    parts = {part.part: part for part in health()}
    assert parts["Qt"].works
    assert parts["Display"].works
    assert parts["Audio output"].works or parts["Audio output"].remedy
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    parts = {part.part: part for part in health()}
    assert parts["Qt"].works
    assert not parts["Display"].works


def test_the_typeface_is_ours(qapp: QApplication, theme: Theme) -> None:
    assert qapp.font().family() == "Inter"
    assert theme.icon("play").availableSizes()
