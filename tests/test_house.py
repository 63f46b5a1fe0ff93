"""The house keeps its shape: what may be loaded where, and how large a room's things may grow."""

import ast
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

STUDIO = Path(__file__).parent.parent / "studio"
MODULES = sorted(path for path in STUDIO.rglob("*.py") if path.name != "__init__.py")
ROOMS = sorted(path.parent.name for path in STUDIO.glob("*/__init__.py"))
HEAVY = {"av", "ctranslate2", "distributed", "faster_whisper", "hibari", "numpy", "onnxruntime", "pyqtgraph", "scipy"}


def loaded_by(*modules: str) -> set[str]:
    """Top-level names in `sys.modules` after a new interpreter has imported `modules`."""
    code = f"import sys, {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def dotted(path: Path) -> str:
    return ".".join(("studio", *path.relative_to(STUDIO).with_suffix("").parts))


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "ui"])
def test_only_the_window_loads_qt(room: str) -> None:
    modules = [dotted(path) for path in MODULES if path.parent.name == room]
    assert "PySide6" not in loaded_by(*modules)


def test_the_commands_and_the_window_start_without_models_and_numbers() -> None:
    """What is heavy is loaded by the worker processes; `cli` and `app` are what every one of them imports first."""
    assert not loaded_by("studio.cli", "studio.app", "studio.engine.batch") & {*HEAVY, "PySide6", "rich", "aiosqlite"}


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_answers_one_question(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 400
    tree = ast.parse(source)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            # What Qt calls by its own names is no choice of ours.
            ours = [method for method in methods if method.name == method.name.lower()]
            assert len(ours) < 25, node.name


def test_half_of_the_modules_are_short() -> None:
    lengths = sorted(path.read_text(encoding="utf-8").count("\n") for path in MODULES)
    assert lengths[len(lengths) // 2] < 150


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in sorted((STUDIO / "store" / "migrations").glob("*.sql"))]
    assert numbers[0] == 1
    assert all(later == earlier + 1 for earlier, later in pairwise(numbers))
