import errno
import json
import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace as changed
from pathlib import Path
from tempfile import TemporaryDirectory

import eyed3
import pytest

from studio.distribution.folder import write_folder
from studio.domain.errors import BatchcastError, DiskFullError, ExportError
from studio.domain.release import Release
from studio.engine.jobs import ExportJob

Make = Callable[..., Release]
NAME = "007-the-long-walk"
FILES = {
    f"{NAME}.mp3",
    "transcript.vtt",
    "transcript.srt",
    "transcript.txt",
    "transcript.json",
    "chapters.json",
    "metadata.json",
    "qa-report.json",
    "notes.txt",
    "SHA256SUMS",
}


def silent(_fraction: float) -> None:
    """A report that nobody reads."""


def export(release: Release, parent: Path, previous: Path | None = None) -> Path:
    return write_folder(silent, ExportJob(release, parent, previous))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_sums_hold(folder: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_folder_holds_everything(make_release: Make, tmp_path: Path) -> None:
    told: list[float] = []
    release = make_release()
    folder = write_folder(told.append, ExportJob(release, tmp_path / "new" / "out", None))
    assert folder == tmp_path / "new" / "out" / NAME
    assert {path.name for path in folder.iterdir()} == FILES
    assert names(folder.parent) == [NAME]
    assert_sums_hold(folder)
    assert len((folder / "SHA256SUMS").read_text().splitlines()) == len(FILES) - 1
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert eyed3.load(folder / f"{NAME}.mp3").tag.title == "The Long Walk"
    assert folder.stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_metadata_says_where_it_came_from_and_who_let_it_through(make_release: Make, tmp_path: Path) -> None:
    folder = export(make_release(), tmp_path)
    known = json.loads((folder / "metadata.json").read_text())
    assert {key: known[key] for key in ("number", "title", "show", "author", "source", "generator")} == {
        "number": 7,
        "title": "The Long Walk",
        "show": "Walks",
        "author": "A. Walker",
        "source": "walk.md",  # never the path: folders are given away
        "generator": "Batchcast 0.1.0",
    }
    assert (known["voice"], known["model"], known["seed"], known["take"]) == ("builtin:heart", "hibari-0.2.1", 7, 2)
    assert (known["clearance"], known["drawn_for_review"], known["verdict"]) == ("unattended", True, "pass")
    assert known["cost_usd"] == 0.012345
    assert known["ai_content"] is True
    assert "machine voice" in known["ai_disclosure"]
    assert known["duration_s"] == 8.0
    assert known["audio"]["loudness_lufs"] == -16.04
    assert known["audio"]["loudness_channels"] == "mono, one channel at weight 1.0"
    assert known["audio"]["true_peak_dbtp"] == -1.31
    assert (known["audio"]["bitrate_kbps"], known["audio"]["rate_hz"], known["audio"]["channels"]) == (128, 44100, 1)
    assert [item["title"] for item in known["chapters"]] == ["The Long Walk", "Setting out", "The end"]
    assert {item["name"]: item["bytes"] for item in known["files"]} == {
        name: (folder / name).stat().st_size for name in FILES - {"metadata.json", "SHA256SUMS"}
    }


def test_the_report_tells_every_finding(make_release: Make, tmp_path: Path) -> None:
    folder = export(make_release(), tmp_path)
    known = json.loads((folder / "qa-report.json").read_text())
    assert (known["verdict"], known["word_accuracy"], known["ears"]) == ("pass", 0.9877, "tiny.en int8")
    assert known["expected_duration_s"] == 8.2
    assert known["duration_learned"] is False
    assert known["words"]["script"] == known["words"]["same"] > 60
    assert known["words"]["inserted"] == 2
    assert known["silences"] == [[1.0, 1.8]]
    assert known["findings"] == [
        {
            "kind": "misread_words",
            "severity": "note",
            "detail": "Heard differently.",
            "start_s": 1.0,
            "end_s": 1.5,
            "said": "room",
            "script": "Rome",
            "source_start": None,
            "source_end": None,
            "sure": None,
        }
    ]


def test_the_same_release_gives_the_same_bytes(make_release: Make, tmp_path: Path) -> None:
    assert contents(export(make_release(), tmp_path / "a")) == contents(export(make_release(), tmp_path / "b"))


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("🚀", "007-episode"),
        ("שלום", "007-episode"),
        ("../../etc/passwd", "007-etc-passwd"),
        ("CON", "007-con"),
        ("\x00\ud800", "007-episode"),
        ("a: “b” <c>|*?", "007-a-b-c"),
        ("", "007-episode"),
        ("word " * 60, "007-" + "-".join(["word"] * 12)),
    ],
)
def test_any_title_gives_a_safe_name(make_release: Make, tmp_path: Path, title: str, name: str) -> None:
    folder = export(make_release(title=title), tmp_path / "out")
    assert folder == tmp_path / "out" / name
    assert names(tmp_path) == ["out"]
    assert_sums_hold(folder)


@pytest.mark.parametrize("text", ["", "One.", "Half \ud800 a \x00 character.", "# \n\n## \n"])
def test_scripts_of_next_to_nothing_are_exported(make_release: Make, tmp_path: Path, text: str) -> None:
    assert_sums_hold(export(make_release(text), tmp_path))
    assert_sums_hold(export(make_release(text, words=(), marks=()), tmp_path / "unheard"))


def test_a_second_export_replaces_the_first_and_keeps_what_is_not_ours(make_release: Make, tmp_path: Path) -> None:
    first = export(make_release(), tmp_path)
    (first / "my notes.txt").write_text("mine")
    (first / "artwork").mkdir()
    (first / "artwork" / "cover.png").write_bytes(b"png")
    (first / "link").symlink_to("/etc/hostname")
    (first / "transcript.txt").write_text("edited by hand")
    retake = make_release(pitch_hz=330.0)
    second = export(retake, tmp_path, first)
    assert second == first
    assert_sums_hold(second)
    assert {path.name for path in second.iterdir()} == FILES | {
        "my notes.txt",
        "artwork",
        "link",
        "transcript.kept.txt",
    }
    assert (second / "my notes.txt").read_text() == "mine"
    assert (second / "artwork" / "cover.png").read_bytes() == b"png"
    assert (second / "link").is_symlink()
    assert (second / "transcript.kept.txt").read_text() == "edited by hand"
    assert (second / "transcript.txt").read_text().startswith("The Long Walk\n")
    (second / "transcript.txt").write_text("edited again")
    third = export(retake, tmp_path, second)
    assert (third / "transcript.kept.txt").read_text() == "edited by hand"
    assert (third / "transcript.kept-2.txt").read_text() == "edited again"
    assert names(tmp_path) == [NAME]


def test_a_folder_of_somebody_else_loses_nothing(make_release: Make, tmp_path: Path) -> None:
    theirs = tmp_path / NAME
    theirs.mkdir()
    (theirs / "transcript.txt").write_text("theirs")
    (theirs / "SHA256SUMS").write_text(
        "2ad1d1a7c3a1eeb2f4ea64e0d6a2fc4f6bb5ed9ab3a7ed0b8cb98d3ba5f7ee1c  transcript.txt\n"
    )
    folder = export(make_release(), tmp_path)
    assert_sums_hold(folder)
    assert (folder / "transcript.kept.txt").read_text() == "theirs"


def test_a_new_title_takes_the_old_folder_away(make_release: Make, tmp_path: Path) -> None:
    old = export(make_release(), tmp_path)
    (old / "mine.txt").write_text("mine")
    new = export(make_release(title="Another Name"), tmp_path, old)
    assert names(tmp_path) == ["007-another-name"]
    assert (new / "mine.txt").read_text() == "mine"
    assert_sums_hold(new)


def test_a_copy_exported_elsewhere_stays(make_release: Make, tmp_path: Path) -> None:
    old = export(make_release(), tmp_path / "a")
    export(make_release(title="Another Name"), tmp_path / "b", old)
    assert_sums_hold(old)


@pytest.mark.parametrize("name", ["Holiday photos", "001-mine", NAME])
def test_only_folders_of_ours_are_taken_away(make_release: Make, tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.mkdir()
    (theirs / "a.jpg").write_bytes(b"jpg")
    export(make_release(title="Another Name"), tmp_path, theirs)
    assert (theirs / "a.jpg").read_bytes() == b"jpg"


def test_another_episode_of_the_same_name_is_never_written_over(make_release: Make, tmp_path: Path) -> None:
    folder = export(make_release(), tmp_path)
    before = contents(folder)
    other = make_release("A script of its own.")
    with pytest.raises(ExportError, match="holds another episode"):
        export(other, tmp_path)
    assert contents(folder) == before
    export(make_release(), tmp_path)  # a resumed run knows nothing of its folder, but the script is the same
    export(other, tmp_path, folder)  # and this episode is known to be the maker
    assert_sums_hold(folder)


def test_links_and_files_in_the_way_are_left_alone(make_release: Make, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out").mkdir()
    in_the_way = tmp_path / "out" / NAME
    in_the_way.symlink_to(elsewhere)
    with pytest.raises(ExportError, match="not a folder"):
        export(make_release(), tmp_path / "out")
    assert names(elsewhere) == []
    in_the_way.unlink()
    in_the_way.write_text("a file")
    with pytest.raises(ExportError, match="not a folder"):
        export(make_release(), tmp_path / "out")
    assert names(tmp_path / "out") == [NAME]


def test_an_output_folder_that_is_a_link_works(make_release: Make, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert export(make_release(), tmp_path / "out") == tmp_path / "real" / NAME


@pytest.mark.parametrize("below", ["", "deeper"])
def test_an_output_folder_that_is_a_file(make_release: Make, tmp_path: Path, below: str) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ExportError, match="is not a folder") as caught:
        export(make_release(), tmp_path / "out" / below)
    assert caught.value.remedy
    assert (tmp_path / "out").read_text() == "a file"


@contextmanager
def a_plain_user() -> Iterator[None]:
    """For root the rights of nobody: root may write anywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_an_output_folder_that_cannot_be_written(make_release: Make) -> None:
    with TemporaryDirectory() as name:
        base = Path(name)
        base.chmod(0o755)
        release = make_release()
        shutil.copyfile(release.audio_path, base / "master.mp3")
        (base / "master.mp3").chmod(0o644)
        (base / "out").mkdir(mode=0o555)
        with a_plain_user(), pytest.raises(ExportError, match="cannot be written") as caught:
            export(changed(release, audio_path=str(base / "master.mp3")), base / "out")
        assert "permissions" in caught.value.remedy
        assert names(base / "out") == []


def test_an_output_folder_that_vanishes(make_release: Make, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def vanish(fraction: float) -> None:
        if fraction > 0.1:
            shutil.rmtree(out, ignore_errors=True)

    with pytest.raises(ExportError, match="disappeared"):
        write_folder(vanish, ExportJob(make_release(), out, None))
    assert not out.exists()


def test_no_more_room_in_the_middle_of_the_mp3(make_release: Make, tmp_path: Path) -> None:
    """The system refuses to let the file grow, as a full disk does; the old folder stays as it was."""
    folder = export(make_release(), tmp_path)
    before = contents(folder)
    other = make_release(pitch_hz=330.0)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        with pytest.raises(DiskFullError, match="no room"):
            export(other, tmp_path, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names(tmp_path) == [NAME]
    assert contents(folder) == before


def test_a_disk_without_room_is_seen_before_writing(make_release: Make, tmp_path: Path) -> None:
    """A sparse master that claims to be larger than the disk."""
    huge = tmp_path / "huge.mp3"
    with huge.open("wb") as file:
        try:
            file.truncate(shutil.disk_usage(tmp_path).free + (1 << 30))
        except OSError as error:  # a file system that holds no file of that size has said the same
            assert error.errno in {errno.EFBIG, errno.ENOSPC}  # noqa: PT017
            return
    with pytest.raises(DiskFullError, match="no room"):
        export(make_release(audio_path=str(huge)), tmp_path / "out")
    assert names(tmp_path / "out") == []


def test_a_master_that_is_gone_or_changed(make_release: Make, masters: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be read"):
        export(make_release(audio_path=str(tmp_path / "gone.mp3")), tmp_path / "out")
    with pytest.raises(ExportError, match="not the file that was checked"):
        export(make_release(audio_path=str(masters(8.0, 550.0))), tmp_path / "out")
    assert names(tmp_path) in ([], ["out"])


def test_a_master_of_another_length_is_found_out(make_release: Make, tmp_path: Path) -> None:
    release = make_release()
    longer = changed(release.master.sound, duration_s=8.2)
    with pytest.raises(ExportError, match=r"lasts 8\.000 s and its master 8\.200 s"):
        export(changed(release, master=changed(release.master, sound=longer)), tmp_path)
    assert names(tmp_path) == []


def test_a_cancelled_export_leaves_nothing(make_release: Make, tmp_path: Path) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0.1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_folder(stop, ExportJob(make_release(), tmp_path, None))
    assert names(tmp_path) == []


def test_every_error_is_two_sentences(make_release: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BatchcastError) as caught:
        export(make_release(), tmp_path / "file")
    assert caught.value.message.endswith(".")
    assert caught.value.remedy.endswith(".")
