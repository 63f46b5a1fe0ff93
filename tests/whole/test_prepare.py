"""`batchcast prepare`: topics become checked scripts in a folder; killed, it goes on; nothing is spoken or spent."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fakes.chat_server import chat_server
from tests.whole.conftest import Program

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "resources" / "samples"
CORPUS = ROOT.parent / "shared" / "corpus"
TOPICS = Path(__file__).parent / "samples" / "topics.csv"
SMALL = (
    ("The lamp", "Light that is seen for twenty miles", 1),
    ("The pump", "How a handle was taken off in London", 1),
    ("The clock", "Who decided what time it is", 1),
)


def table(path: Path, rows: Sequence[tuple[str, str, float]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("title", "brief", "minutes"), *rows])
    return path


def test_topics_become_scripts_with_reports(program: Program, tmp_path: Path) -> None:
    topics, out = table(tmp_path / "topics.csv", SMALL), tmp_path / "out"
    command = ("prepare", topics, "--sources", SAMPLES, "--show", "The Signal", "--out", out, "--json")
    ended = program.run(*command)
    document = ended.document
    assert document["scripts_written"] == 3
    assert document["cost_usd"] == 0
    assert ended.status == 0, [row["findings"] for row in document["scripts"]]
    for number, (row, (title, _, minutes)) in enumerate(zip(document["scripts"], SMALL, strict=True), 1):
        path = Path(row["file"])
        assert path.parent == out
        assert path.name.startswith(f"{number:03d}-")
        assert row["title"] == title
        assert row["state"] == "needs_you"  # it waits for approval; nothing was spoken
        assert row["verdict"] in {"pass", "review"}
        assert row["expected_s"] == pytest.approx(minutes * 60, rel=0.05)
        text = path.read_text("utf-8")
        assert text.startswith(f'---\ntitle: "{title}"\n---\n\n# {title}\n')
        report = json.loads(path.with_name(f"{path.stem}.report.json").read_text("utf-8"))
        assert report["writer"] == "built-in digest"
        assert report["citations"]
        assert {Path(each["address"]).name for each in report["sources"]} <= {each.name for each in SAMPLES.glob("*")}
    # A script that somebody changed stays as it is; the others are as they were.
    first = Path(document["scripts"][0]["file"])
    first.write_text("# Mine\n\nI have written this myself, thank you.\n", "utf-8")
    before = {path: path.read_bytes() for path in out.iterdir()}
    again = program.run(*command)
    assert [row["changed_by_hand"] for row in again.document["scripts"]] == [True, False, False]
    assert {path: path.read_bytes() for path in out.iterdir()} == before


def test_what_it_will_cost_is_one_line_before_anything_begins(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = program.run("prepare", "A lamp by the sea", "--sources", SAMPLES, "--minutes", "1", "--out", out)
    assert ended.status == 0, ended.err
    first = ended.err.splitlines()[0]
    assert first.startswith("1 topic, 1 min: written free of charge; then spoken, at most 1,")
    assert " characters, free of charge, in " in first
    # With a model that is paid, and a budget that its bound does not fit: that is said, and the budget holds.
    with chat_server(seed=1) as server:
        model = ("--writer", server.url, "--writer-prices", "0.15/0.60", "--minutes", "2")
        asked = ("--sources", SAMPLES, *model, "--budget", "0.02", "--out", tmp_path / "b", "--json")
        ended = program.run("prepare", "A lamp", *asked)
        (row,) = ended.document["scripts"]
        assert row["file"]
        lines = [line for line in ended.err.splitlines() if line.startswith("1 topic, 2 min: written for up to $0.")]
        assert len(lines) == 1
        assert "usually about $0.0" in lines[0]
        assert "characters, free of charge, in " in lines[0]
        assert "What does not fit waits." in lines[0]
        assert 0 < server.micro <= 1e6 * float(lines[0].split("up to $")[1].split(",")[0])


def test_a_topic_in_words_and_what_cannot_be_written(program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = program.run("prepare", "A lamp by the sea", "--sources", SAMPLES, "--minutes", "1", "--out", out, "--json")
    (row,) = ended.document["scripts"]
    assert row["title"] == "A lamp by the sea"
    assert Path(row["file"]).is_file()
    nothing = tmp_path / "empty"
    nothing.mkdir()
    ended = program.run("prepare", "Anything at all", "--sources", nothing, "--out", tmp_path / "none", "--json")
    assert ended.status == 1
    (row,) = ended.document["scripts"]
    assert row["file"] is None
    assert row["reason"]
    refused = ("--sources", "http://127.0.0.1/x", "https://169.254.169.254/y")
    ended = program.run("prepare", "A private thing", *refused, "--out", tmp_path / "none3", "--json")
    (row,) = ended.document["scripts"]
    assert "127.0.0.1" in row["reason"]  # why nothing could be read, and not only that nothing was
    assert "1 more" in row["reason"]
    ended = program.run("prepare", "A lamp", "--writer", "ftp://x", "--out", tmp_path / "none4")
    assert ended.status == 2
    assert "ftp://x" in ended.err
    ended = program.run("prepare", "missing.csv", "--out", tmp_path / "none2", "--json")
    assert ended.status == 1
    assert "missing.csv" in ended.document["refused"][0]["message"]


def test_the_same_command_with_sources_writes_what_failed_without(program: Program, tmp_path: Path) -> None:
    command = ("prepare", "A lamp by the sea", "", "--minutes", "1", "--out", tmp_path / "out", "--json")
    ended = program.run(*command)
    assert ended.status == 1
    (row,) = ended.document["scripts"]
    assert (row["state"], row["file"]) == ("failed", None)
    assert "--sources" in ended.err
    assert len(ended.document["refused"]) == 1  # the empty one, which stops nothing else
    ended = program.run(*command, "--sources", SAMPLES)
    (row,) = ended.document["scripts"]
    assert Path(row["file"]).is_file()
    assert row["state"] == "needs_you"
    # As long as no name may be is a topic, too.
    assert program.run("prepare", "lamp " * 100, "--out", tmp_path / "long", "--json").status == 1


def test_killed_at_any_time_it_goes_on(program: Program, tmp_path: Path) -> None:
    topics, out = table(tmp_path / "topics.csv", SMALL), tmp_path / "out"
    command = ("prepare", topics, "--sources", SAMPLES, "--out", out, "--json")
    killed = [program.run_killed(after_s, *command) for after_s in (1.0, 2.0, 3.0)]
    assert killed[0]
    ended = program.run(*command)
    assert ended.status == 0
    assert ended.document["scripts_written"] == 3
    assert len({row["title"] for row in ended.document["scripts"]}) == 3
    assert not [path for path in out.iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_a_hundred_and_twenty_five_topics(program: Program, tmp_path: Path) -> None:
    ended = program.run("prepare", TOPICS, "--sources", CORPUS, "--show", "Pond", "--out", tmp_path / "out", "--json")
    rows = ended.document["scripts"]
    assert len(rows) == 125
    failed = [(row["title"], row["reason"], row.get("findings")) for row in rows if row["verdict"] in {None, "fail"}]
    assert not failed
    assert ended.status == 0
    asked = [int(row["minutes"]) for row in csv.DictReader(TOPICS.read_text("utf-8").splitlines())]
    near = [abs(row["expected_s"] / 60 / minutes - 1) <= 0.05 for row, minutes in zip(rows, asked, strict=True)]
    assert sum(near) >= 0.95 * 125
