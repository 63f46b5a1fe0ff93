"""What nobody would drop on purpose, dropped on the real window: each thing is one sentence with a way on."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from studio.domain.settings import Settings
from studio.ui.drop_model import Column
from studio.ui.theme import Theme
from tests.ui.hands import said
from tests.whole.test_drop_sheet import a_script, cells, drop, opened, rows, the_sheet
from tests.whole.windows import Run

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]

ODD = "line one\nline two \u202egnp.exe\u202c 🎙️.md"
ENDLESS = 300_000_000


def hostile(folder: Path) -> dict[str, Path]:
    """Everything that is dropped at once, by what is wrong with it."""
    folder.mkdir()
    made = {
        name: folder / name
        for name in ("torn.docx", "endless.txt", "loop", "gone.md", "pipe.md", "bytes.md", "torn.epub", "torn.pdf")
    }
    made["torn.docx"].write_bytes(b"PK\x03\x04" + bytes(range(256)) * 8)
    made["torn.epub"].write_bytes(b"PK\x03\x04" + b"\0" * 4000)
    made["torn.pdf"].write_bytes(b"%PDF-1.7\n%\xff\xff\n1 0 obj << /Length 99999999 >> stream\n" + b"x" * 4000)
    with made["endless.txt"].open("wb") as file:
        file.truncate(ENDLESS)  # takes no room on the disk
    made["loop"].symlink_to(made["loop"])
    os.mkfifo(made["pipe.md"])  # reading it would wait for ever
    made["bytes.md"].write_bytes(b"\xff\xfe\x00\xd8" * 40)
    return made


def test_each_is_one_sentence_and_what_is_good_is_queued(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            made = hostile(tmp_path / "in")
            good = a_script(tmp_path / "good", 1)
            odd = tmp_path / "good" / ODD
            odd.write_text("Nobody would call a file that. Somebody did.\n", encoding="utf-8")
            drop(window, *made.values(), good, odd)
            await window.desk.settle()
            sheet = the_sheet(window)
            reasons = cells(sheet.model, Column.BECOMES)
            assert len(sheet.model.refused) == len(made), reasons
            assert len(sheet.model.new) == 2, reasons
            for refused in sheet.model.refused:
                assert refused.message.endswith("."), refused
                assert refused.remedy.endswith("."), refused
                assert refused.message.count("“") == 1, refused  # it names the thing
                assert "\n" not in refused.message + refused.remedy
                assert "Error" not in refused.message, refused
            cures = {Path(each.source).name: each.remedy for each in sheet.model.refused}
            assert cures["loop"] == "Mend the link, or drop what it should lead to."
            sheet.agreed.emit()
            await window.desk.settle()
            titles = list(await rows(window, studio))
            assert len(titles) == 2
            assert not any({"\n", "\u202e", "\u202c"} & set(title) for title in titles), titles
            told = said(window.notices)
            for name in made:
                assert name in told
            assert "8 scripts were not taken" in told

    run(story())


def test_a_folder_of_loops_comes_to_an_end(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, studio):
            folder = tmp_path / "in"
            good = a_script(folder, 1)
            (folder / "again").symlink_to(folder, target_is_directory=True)
            (folder / "self").symlink_to(folder / "self")
            deep = folder
            for _ in range(60):
                deep /= "deep"
            deep.mkdir(parents=True)
            (deep / "up").symlink_to(folder, target_is_directory=True)
            drop(window, folder)
            await window.desk.settle()
            if window.receiving.sheet is not None:
                window.receiving.sheet.agreed.emit()
                await window.desk.settle()
            assert list(await rows(window, studio)) == [good.stem.replace("-", " ").capitalize()]

    run(story())


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to the superuser")
def test_a_folder_that_may_not_be_read_is_named(theme: Theme, run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(theme, tmp_path, Settings()) as (window, _studio):
            folder = tmp_path / "in"
            a_script(folder, 1)
            folder.chmod(0)
            try:
                drop(window, folder)
                await window.desk.settle()
                assert "“in”" in said(window.notices) + said(window.receiving.sheet or window)
            finally:
                folder.chmod(0o700)

    run(story())
