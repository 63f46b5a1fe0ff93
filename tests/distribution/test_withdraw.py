"""A folder that is taken back: ours goes, everything else stays."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.distribution.folder import write_folder
from studio.distribution.replace import is_whole, read_sums, recover
from studio.distribution.withdraw import withdraw_folder
from studio.domain.errors import ExportError
from studio.domain.release import Release
from studio.engine.jobs import ExportJob
from studio.engine.ports import unfollowed

Make = Callable[..., Release]


@pytest.fixture
def folder(make_release: Make, tmp_path: Path) -> Path:
    return write_folder(unfollowed, ExportJob(make_release(), tmp_path / "out", None))


def test_an_untouched_folder_goes_whole(folder: Path) -> None:
    withdraw_folder(unfollowed, folder)
    assert not any(folder.parent.iterdir())
    withdraw_folder(unfollowed, folder)  # it is gone already


def test_what_is_not_ours_or_was_changed_stays(folder: Path) -> None:
    (folder / "cover.png").write_bytes(b"mine")
    (folder / "notes.txt").write_text("edited")
    (folder / "extras").mkdir()
    withdraw_folder(unfollowed, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["cover.png", "extras", "notes.txt"]
    assert not read_sums(folder)


def test_what_we_did_not_make_is_left_alone(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "out" / "013-a-folder-of-mine"
    other.mkdir()
    (other / "SHA256SUMS").write_text("not a list of ours")
    strange = tmp_path / "out" / "My Photos"
    shutil.copytree(folder, strange)
    link = tmp_path / "out" / "014-a-link"
    link.symlink_to(folder)
    for path in (other, strange, link):
        before = sorted(path.iterdir())
        withdraw_folder(unfollowed, path)
        assert sorted(path.iterdir()) == before
    assert is_whole(folder)


def test_what_a_crash_left_is_swept_and_never_comes_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(shutil, "rmtree", lambda _path: os._exit(0))  # between the new name and the end of it
        child = os.fork()
        if child == 0:
            withdraw_folder(unfollowed, folder)
        os.waitpid(child, 0)
    assert not folder.exists()
    (hidden,) = folder.parent.iterdir()
    assert hidden.name.startswith(f".{folder.name}.partial-")
    recover(folder.parent)
    assert not any(folder.parent.iterdir())


def test_a_folder_that_cannot_be_removed_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_self: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(ExportError, match="cannot be taken back") as caught:
        withdraw_folder(unfollowed, folder)
    assert caught.value.remedy
    assert is_whole(folder)
