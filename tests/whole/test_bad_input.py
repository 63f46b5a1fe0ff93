"""Bad input gets one clear sentence with the file's name and a cure, and never stops the other episodes."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.whole.conftest import SCRIPTS, Program


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "empty.md").write_bytes(b"")
    (folder / "white.txt").write_text(" \n\t\n  \n")
    (folder / "picture.md").write_bytes(bytes(range(256)) * 40)
    (folder / "latin.md").write_bytes(
        "# Café\n\nThe café on the corner opened in 1921 and never closed.\n".encode("latin-1")
    )
    (folder / "word.md").write_text("Hello\n")
    (folder / "huge.md").write_text("word " * 1_000_000)
    (folder / "good.md").write_text(SCRIPTS["first-light.md"])
    return folder


@pytest.mark.model
def test_each_bad_script_is_named_with_its_cure_and_the_good_one_is_made(
    program: Program, bad: Path, tmp_path: Path
) -> None:
    names = ["missing.md", "empty.md", "white.txt", "picture.md", "word.md", "huge.md", "good.md"]
    ended = program.run(
        "batch", *[bad / name for name in names], "--out", tmp_path / "out", "--approve", "passed", "--json"
    )
    assert ended.status == 1
    document = ended.document
    assert "Traceback" not in ended.err
    assert [episode["title"] for episode in document["episodes"] if episode["state"] == "done"] == ["First Light"]
    complaints = {Path(refusal["source"]).name: refusal for refusal in document["refused"]}
    complaints |= {
        Path(e["source"]).name: {"message": e["reason"], "remedy": e["reason"]}
        for e in document["episodes"]
        if e["reason"]
    }
    for name in names[:-1]:
        assert name in complaints[name]["message"], name
        assert complaints[name]["remedy"].rstrip().endswith("."), name
        assert name in ended.err


def test_places_that_hold_no_scripts(program: Program, tmp_path: Path) -> None:
    empty = tmp_path / "nothing here"
    empty.mkdir()
    (empty / "notes.xyz").write_text("not a script")
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.md").write_text(SCRIPTS["first-light.md"])
    closed.chmod(0)
    try:
        places = [empty] if os.geteuid() == 0 else [empty, closed]  # nothing is closed to root
        for place in places:
            ended = program.run("batch", place, "--out", tmp_path / "out", "--json")
            assert ended.status == 1
            assert place.name in ended.document["refused"][0]["message"]
    finally:
        closed.chmod(0o700)


def test_an_output_folder_that_cannot_be_written(program: Program, scripts: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = program.run("batch", scripts, "--out", tmp_path / "file" / "out", "--json")
    assert ended.status == 2
    assert str(tmp_path / "file" / "out") in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_a_library_that_cannot_be_written(scripts: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ended = Program(tmp_path / "file" / "library").run("batch", scripts, "--out", tmp_path / "out", "--json")
    assert ended.status in {1, 2}
    assert len(ended.err.strip().splitlines()) == 1
    assert "BATCHCAST_HOME" in ended.err


def test_wrong_use(program: Program, scripts: Path, tmp_path: Path) -> None:
    assert program.run("batch", scripts).status == 2
    nobody = program.run("batch", scripts, "--out", tmp_path / "out", "--voice", "heart", "--json")
    assert nobody.status == 2
    assert "PROVIDER:NAME" in nobody.err
    unknown = program.run("resume", "--project", "nowhere")
    assert unknown.status == 2
    assert "nowhere" in unknown.err


@pytest.mark.model
def test_a_full_disk_stops_nothing_but_the_writing(program: Program, scripts: Path, tmp_path: Path) -> None:
    # No file may grow over 1.5 MB: the database and the short episodes fit, the sound of the long one does not.
    line = "This sentence is one of very many that are all the same, and it takes four seconds to say. "
    (scripts / "zz-long.md").write_text("# The Long One\n\n" + (line * 5 + "\n\n") * 8)
    command = [sys.executable, "-m", "studio.cli", "batch", str(scripts), "--out", str(tmp_path / "out"), "--json"]
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, "BATCHCAST_HOME": str(program.home)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000)),
        timeout=200,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    *short, long = json.loads(ended.stdout)["episodes"]
    assert {episode["state"] for episode in short} <= {"done", "needs_you"}
    # It keeps its place in the queue, and says why.
    assert long["state"] == "queued"
    assert "no room left" in long["reason"]
    rest = program.run("resume", "--json")
    assert {episode["state"] for episode in rest.document["episodes"]} <= {"done", "needs_you"}


def test_the_doctor_names_every_part(program: Program) -> None:
    ended = program.run("doctor", "--json")
    parts = {part["part"]: part for part in ended.document["parts"]}
    wanted = ("qt", "display", "audio", "voice", "hearing", "disk", "keyring", "database")
    for word in wanted:
        assert any(word in name.lower() for name in parts), (word, list(parts))
    for part in parts.values():
        assert part["works"] or part["remedy"]


def test_without_a_display_the_window_says_so(program: Program) -> None:
    ended = program.run()
    assert ended.status == 2
    assert "no display" in ended.err
