"""Folders that are wanted elsewhere, and folders that are gone: the project keeps its place, and pays nothing."""

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.whole.conftest import Program

ONE = "The lighthouse was lit in November, and the harbour could be seen from far away at sea.\n"
DONE = "001-lamp"


def tree(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.model
def test_an_export_is_made_once_and_the_project_keeps_its_folder(program: Program, tmp_path: Path) -> None:
    script, out, elsewhere = tmp_path / "lamp.md", tmp_path / "out", tmp_path / "elsewhere"
    script.write_text(ONE, "utf-8")
    batch = ("batch", script, "--out", out, "--approve", "passed", "--repairs", "0", "--json")
    made = program.run(*batch)
    (episode,) = made.document["episodes"]
    assert (episode["state"], episode["folder"]) == ("done", str(out / DONE)), made.err

    export = ("export", "--project", "out", "--out")
    copied = program.run(*export, elsewhere, "--json")
    assert copied.status == 0, copied.err
    assert copied.document["out"] == str(elsewhere)
    assert [(each["state"], each["folder"]) for each in copied.document["episodes"]] == [
        ("done", str(elsewhere / DONE))
    ]
    assert tree(elsewhere) == tree(out)

    # The same batch again is the same project, which has its folders where it had them.
    again = program.run(*batch)
    assert again.document["project"] == "out"
    (same,) = again.document["episodes"]
    assert (same["folder"], same["timings"]) == (episode["folder"], episode["timings"])
    assert "written there again" not in again.err

    # What was moved away comes back, and that is told.
    shutil.move(out / DONE, tmp_path / "kept")
    filled = program.run(*batch)
    assert f"1 folder of a finished episode is not in {out}: written there again, at no cost." in filled.err
    assert filled.document["cost_analysis"] == again.document["cost_analysis"]
    assert tree(out) == tree(elsewhere)

    # An export to where they are anyway writes them anew; one that cannot be written is told, and is not finished.
    (out / DONE / "transcript.txt").unlink()
    home = program.run(*export, out)
    assert home.out.splitlines() == [str(out / DONE), f"1 of 1 folders written to {out}."]
    assert tree(out) == tree(elsewhere)
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / DONE).write_text("in the way")
    refused = program.run(*export, blocked, "--json")
    assert refused.status == 1
    assert [each["folder"] for each in refused.document["episodes"]] == [None]
    assert "is in the way" in refused.err
