"""Folders as they are: circles, thousands of files, deeper than Python calls itself, and what nobody may read."""

import os
from pathlib import Path

import pytest

from studio.content.intake import ScriptIntake
from studio.domain.errors import InputError


def test_a_folder_that_holds_itself_is_walked_once(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "one.md").write_text("Some words to be spoken.")
    (inner / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to("self")
    assert [path.name for path in ScriptIntake().find([tmp_path])] == ["one.md"]


def test_a_link_to_a_folder_is_followed_where_it_was_dropped_itself(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "one.md").write_text("Some words to be spoken.")
    (tmp_path / "link").symlink_to("real")
    assert len(ScriptIntake().find([tmp_path / "link"])) == 1


def test_depth_is_bounded_by_the_file_system_alone(tmp_path: Path) -> None:
    at, opened = os.open(tmp_path, os.O_RDONLY), 0
    for _ in range(1500):  # more than Python calls itself; by steps, for no path of that length can be made
        os.mkdir("d", dir_fd=at)
        deeper = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at, opened = deeper, opened + 1
    os.close(os.open("deep.md", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)
    assert [path.name for path in ScriptIntake().find([tmp_path])] == ["deep.md"]
    # Whoever removes the folders of old tests calls itself once a level.
    top, below = tmp_path / "d", tmp_path / "below"
    while (top / "d").exists():
        (top / "d").rename(below)
        top.rmdir()
        below.rename(top)


def test_thousands_are_found_in_the_order_people_count(tmp_path: Path) -> None:
    for number in range(3000):
        (tmp_path / f"part {number}.md").touch()
        (tmp_path / f".part {number}.md").touch()
    found = ScriptIntake().find([tmp_path, tmp_path / "part 7.md"])
    assert [path.stem for path in found] == [f"part {number}" for number in range(3000)]


def test_a_file_that_went_away_after_it_was_found_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("Some words to be spoken.")
    (found,) = ScriptIntake().find([tmp_path])
    found.unlink()
    with pytest.raises(InputError, match=r"no “.*gone\.md"):
        ScriptIntake().drafts(found)


def test_a_pipe_that_is_called_like_a_list_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("a.json", "b.csv", "c.xml"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "one.md").write_text("Some words to be spoken.")
    assert [path.name for path in ScriptIntake().find([tmp_path])] == ["one.md"]
