"""Scripts go in, finished and checked folders come out; through the command line, as a user would."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.whole.conftest import Program

KEYS = {
    "title", "source", "state", "stage", "verdict", "folder", "characters", "calls", "cost_usd", "word_accuracy",
    "loudness_lufs", "true_peak_dbtp", "duration_s", "expected_duration_s", "voice_consistency", "brand_alignment",
    "repairs", "findings", "timings",
}  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.model
def test_scripts_become_whole_checked_folders(program: Program, scripts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = program.run("batch", scripts, "--out", out, "--approve", "passed", "--json")
    document = ended.document
    assert ended.status == 0, ended.err
    assert document["project"] == "out"
    assert document["episodes_produced"] == 3
    assert document["success_rate"] == 1.0
    assert [episode["title"] for episode in document["episodes"]] == ["First Light", "Second Wind", "Third Rail"]
    for episode in document["episodes"]:
        assert set(episode) >= KEYS
        assert (episode["state"], episode["verdict"]) == ("done", "pass")
        assert episode["word_accuracy"] >= 0.94
        assert abs(episode["loudness_lufs"] + 16) <= 0.3
        assert episode["true_peak_dbtp"] <= -1
        assert episode["cost_usd"] == 0
        folder = Path(episode["folder"])
        assert folder.parent == out
        check = subprocess.run(
            ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True
        )
        assert check.stdout.count(": OK") == len(list(folder.iterdir())) - 1
    metadata = json.loads((out / "001-first-light" / "metadata.json").read_text())
    assert metadata["clearance"] in {"not_needed", "unattended"}
    # Nothing hidden is left beside the folders.
    assert sorted(path.name for path in out.iterdir()) == ["001-first-light", "002-second-wind", "003-third-rail"]

    # The same again does nothing twice, and says the same.
    again = program.run("batch", scripts, "--out", out, "--approve", "passed", "--json").document
    assert [e["timings"] for e in again["episodes"]] == [e["timings"] for e in document["episodes"]]
    assert again["cost_analysis"] == document["cost_analysis"]

    # A folder that is gone is written again.
    written = tree(out)
    shutil.rmtree(out / "002-second-wind")
    program.run("batch", scripts, "--out", out, "--approve", "passed", "--json")
    assert tree(out) == written

    # And an export anywhere else gives the same folders.
    exported = program.run("export", "--project", "out", "--out", tmp_path / "elsewhere", "--json")
    assert exported.status == 0, exported.err
    assert tree(tmp_path / "elsewhere") == tree(out)

    costs = program.run("costs", "--json").document
    assert costs["spent_usd"] == 0
    assert costs["projects"][0]["calls"] == 3


@pytest.mark.model
@pytest.mark.slow
def test_killed_anywhere_and_resumed_equals_an_uninterrupted_run(
    program: Program, another_program: Callable[[str], Program], scripts: Path, tmp_path: Path
) -> None:
    batch = ("batch", scripts, "--approve", "passed", "--json")
    whole = another_program("whole").run(*batch, "--out", tmp_path / "whole" / "out")
    assert whole.status == 0, whole.err

    chance = random.Random(20261122)
    out = tmp_path / "killed" / "out"
    killed = program.run_killed(chance.uniform(1.5, 3.0), *batch, "--out", out)
    kills = int(killed)
    for _ in range(6):
        kills += program.run_killed(chance.uniform(1.0, 6.0), "resume", "--json")
    last = program.run("resume", "--project", "out", "--json")
    assert last.status == 0, last.err
    assert kills > 0
    assert tree(out) == tree(tmp_path / "whole" / "out")
    assert not [path for path in out.iterdir() if path.name.startswith(".")]
    # Every sound was bought once, however often the program died.
    costs = program.run("costs", "--json").document["projects"][0]
    assert costs["held_usd"] == 0
    facts = [(e["title"], e["verdict"], e["word_accuracy"], e["folder"][-12:]) for e in last.document["episodes"]]
    assert facts == [
        (e["title"], e["verdict"], e["word_accuracy"], e["folder"][-12:]) for e in whole.document["episodes"]
    ]


@pytest.mark.model
def test_stages_can_be_done_apart(program: Program, scripts: Path, tmp_path: Path) -> None:
    first = program.run("batch", scripts, "--out", tmp_path / "out", "--until", "synthesize", "--json")
    assert first.status == 0, first.err
    assert {(e["state"], e["stage"]) for e in first.document["episodes"]} == {("queued", "master")}
    rest = program.run("resume", "--json")
    assert {e["state"] for e in rest.document["episodes"]} <= {"done", "needs_you"}
    spoken = {e["title"]: e["timings"]["synthesize"] for e in first.document["episodes"]}
    assert {e["title"]: e["timings"]["synthesize"] for e in rest.document["episodes"]} == spoken


@pytest.mark.model
def test_an_interruption_keeps_everything(program: Program, scripts: Path, tmp_path: Path) -> None:
    process = program.start("batch", scripts, "--out", tmp_path / "out", "--json")
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.terminate()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "kept" in err
    assert "Traceback" not in err
    rest = program.run("resume", "--project", "out", "--json")
    assert {e["state"] for e in rest.document["episodes"]} <= {"done", "needs_you"}


@pytest.mark.model
def test_any_recording_is_verified_and_mastered(program: Program, scripts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    program.run("batch", scripts / "first-light.md", "--out", out, "--approve", "passed", "--json")
    mp3 = next(out.glob("*/*.mp3"))
    right = program.run("verify", mp3, "--script", scripts / "first-light.md", "--json")
    assert right.status == 0, right.out
    assert right.document["verdict"] == "pass"
    wrong = program.run("verify", mp3, "--script", scripts / "third-rail.txt", "--json")
    assert wrong.status == 1
    assert wrong.document["verdict"] == "fail"
    assert {"missing_words", "misread_words"} & {finding["kind"] for finding in wrong.document["findings"]}
    louder = program.run("master", mp3, tmp_path / "loud.mp3", "--target", "-14", "--json")
    assert louder.status == 0, louder.err
    assert abs(louder.document["loudness_lufs"] + 14) <= 0.3


@pytest.mark.model
def test_the_demo_makes_three_folders_and_opens_the_window_on_them(program: Program, tmp_path: Path) -> None:
    told = program.run("demo", "--out", tmp_path / "demo")
    assert told.status == 0, told.err
    assert "3 of 3 finished" in told.out
    assert len([path for path in (tmp_path / "demo").iterdir() if (path / "SHA256SUMS").is_file()]) == 3
    # With a display: the same, and then the window, which stays until it is closed.
    window = program.start("demo", "--out", tmp_path / "demo", display=True)
    with pytest.raises(subprocess.TimeoutExpired):
        window.wait(8)
    window.terminate()
    out, err = window.communicate(timeout=20)
    assert "3 of 3 finished" in out
    assert "Traceback" not in err, err
