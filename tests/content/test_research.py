"""Files and folders as sources, read once and kept, and what a topic gets of them; with a real library."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from studio.compute.local_pool import LocalPool
from studio.content.in_worker import in_worker
from studio.content.shared_work import SharedWork
from studio.domain.errors import InputError
from studio.domain.research import SourceKind
from studio.domain.script import Topic
from studio.domain.settings import Settings
from tests.compute.pool_jobs import add, count, die
from tests.content.made_documents import epub, lines, pdf
from tests.content.research_desk import POND, Desk, Desks, addresses, refused

PAGES = Path(__file__).parent / "pages"
GERMAN = """# Der See

Der See im Winter ist still und tief, und das Eis wird am frühen Morgen von hundert Männern geschnitten. Sie kommen aus
der Stadt mit ihren Schlitten und Sägen, und sie stapeln das Eis gleichmäßig, eines neben dem anderen.
"""


async def test_what_fits_comes_first_with_its_source_date_and_place(desk: Desk, folder: Path) -> None:
    found = await desk.gather("How deep is the pond?", folder)
    first = found.excerpts[0]
    assert first.text.startswith("A surveyor measured the depth")
    assert (first.place, first.source.title, first.source.kind) == (
        "How deep it is",
        "The Pond in Winter",
        SourceKind.FILE,
    )
    assert (first.source.address, first.source.language) == (str(folder / "pond.md"), "en")
    assert POND[first.start : first.end].replace("\n", " ") == first.text
    assert not found.refusals
    (bread,) = (await desk.gather("Yeast in bread", sources=str(folder))).excerpts
    assert bread.source.published == "2021-03-04"


async def test_every_kind_of_file_is_a_source_and_its_parts_are_places(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_bytes((PAGES / "article.html").read_bytes())
    rows = "".join(
        f'{title},"{POND.partition(chr(10))[2].strip()} {title} is told of here."\n' for title in ("Ice", "Depth")
    )
    (tmp_path / "two.csv").write_text(f"title,script\n{rows}")
    page = await desk.gather("The greatest depth in feet", tmp_path / "saved.html")
    assert page.excerpts[0].place == "One hundred and seven feet"
    table = await desk.gather("Depth is told of here", tmp_path / "two.csv")
    assert {each.source.title for each in table.excerpts} == {"Two"}
    assert [each.place for each in table.excerpts if "Depth is told" in each.text] == ["row 3, Depth, How deep it is"]


async def test_pages_and_chapters_are_places(desk: Desk, tmp_path: Path) -> None:
    deep, bread = (
        ["The pond is deep and the ice on it is cut early in the day by many men."] * 20,
        ["Bread is baked of rye and meal before an open fire in the morning here."] * 20,
    )
    (tmp_path / "two.pdf").write_bytes(pdf([lines(deep), lines(bread)]))
    chapters = {
        f"{name}.xhtml": f"<h1>{name}</h1><p>{' '.join(texts)}</p>"
        for name, texts in (("Pond", deep), ("Bread", bread))
    }
    (tmp_path / "book.epub").write_bytes(epub(chapters, {name: name.removesuffix(".xhtml") for name in chapters}))
    found = await desk.gather("Bread baked of rye", tmp_path / "two.pdf")
    assert "page 2" in {each.place for each in found.excerpts if "pond" not in each.text}
    assert all(each.place != "page 1" for each in found.excerpts if "Bread" in each.text)
    (tmp_path / "short.pdf").write_bytes(pdf([lines(deep[:5]), lines(bread[:5])]))
    assert [each.place for each in (await desk.gather("Bread", tmp_path / "short.pdf")).excerpts] == ["pages 1 to 2"]
    book = await desk.gather("Bread baked of rye", tmp_path / "book.epub")
    assert (book.excerpts[0].place, book.excerpts[0].source.title) == ("part 2, Bread", "Book")


async def test_a_folder_is_read_once_however_many_topics_want_it(desk: Desk, folder: Path) -> None:
    topics = [Topic(f"The pond and its ice {number}", minutes=5) for number in range(20)]
    found = await asyncio.gather(*(desk.gather(topic, sources=str(folder)) for topic in topics))
    assert all(each.excerpts for each in found)
    assert desk.compute.done["read_file"] == 2
    await desk.gather("Yeast", folder)
    assert desk.compute.done["read_file"] == 2


async def test_a_file_that_was_changed_is_read_anew(desk: Desk, folder: Path) -> None:
    assert (await desk.gather("ice", folder / "pond.md")).excerpts[0].text.startswith("The pond in winter")
    (folder / "pond.md").write_text(POND.replace("The pond in winter", "The lake in summer"))
    (changed, *_) = (await desk.gather("ice", folder / "pond.md")).excerpts
    assert changed.text.startswith("The lake in summer")
    assert desk.compute.done["read_file"] == 2


async def test_what_was_read_is_known_after_a_restart(desks: Desks, folder: Path) -> None:
    before = await (await desks.open()).gather("ice", folder)
    after = await (await desks.open()).gather("ice", folder)
    assert [each.text for each in after.excerpts] == [each.text for each in before.excerpts]


async def test_what_a_topic_names_itself_is_there_whatever_words_it_uses(desk: Desk, folder: Path) -> None:
    found = await desk.gather("Zanzibar", folder / "pond.md", sources=str(folder))
    assert set(addresses(found)) == {str(folder / "pond.md")}
    nothing = await desk.gather("Zanzibar", sources=str(folder))
    assert not nothing.excerpts
    assert "Nothing in 2 sources fits “Zanzibar”" in refused(nothing)


async def test_without_sources_it_says_where_they_are_named(desk: Desk) -> None:
    found = await desk.gather("The pond")
    assert not found.excerpts
    assert "no sources" in refused(found)
    assert "Writing" in found.refusals[0].remedy


async def test_what_cannot_be_read_is_named_and_stops_nothing(desk: Desk, folder: Path) -> None:
    (folder / "empty.md").write_text("")
    (folder / "binary.txt").write_bytes(b"\0\1\2\3" * 100)
    (folder / "topics.csv").write_text("title,brief\nThe pond,How deep it is\n")
    gone, odd = folder / "gone.md", folder / "x.xyz"
    odd.write_text("x")
    found = await desk.gather(
        "The pond", folder, gone, odd, "~nobody-of-this-name/x.md", "", "\0", folder / "topics.csv"
    )
    said = refused(found)
    assert str(folder / "pond.md") in addresses(found)
    for name in ("empty.md", "binary.txt", "gone.md", "x.xyz", "nobody-of-this-name"):
        assert name in said
    assert "topics.csv” holds topics, and no text" in said
    assert len((await desk.gather("The pond", folder)).refusals) == 2
    assert desk.compute.done["read_file"] == 5  # nothing again, whether it could be read or not


async def test_another_language_is_left_out_and_named(desk: Desk, folder: Path) -> None:
    (folder / "see.md").write_text(GERMAN)
    found = await desk.gather("Eis im Winter, ice in winter", folder)
    assert str(folder / "see.md") not in addresses(found)
    assert "“Der See” is left out: it is in “de”, not in “en”" in refused(found)
    german = await desk.gather("Eis im Winter", sources=str(folder), language="de")
    assert set(addresses(german)) == {str(folder / "see.md")}
    mixed = folder / "mixed.md"
    mixed.write_text(POND * 2 + "\n\n" + GERMAN)
    assert not any("Schlitten" in each.text for each in (await desk.gather("Eis ice Winter", mixed)).excerpts)
    assert all("Schlitten" in each.text for each in (await desk.gather("Eis", mixed, language="de-AT")).excerpts)


async def test_a_text_that_lies_in_two_places_counts_once_and_no_source_takes_everything(
    desk: Desk, folder: Path
) -> None:
    release = POND.replace(
        "# The Pond in Winter", "# Press release\n\nFor immediate use by all newspapers of the county."
    )
    (folder / "release.md").write_text(release)
    found = await desk.gather("How deep is the pond in winter?", sources=str(folder))
    assert sum("surveyor measured" in each.text for each in found.excerpts) == 1
    assert sum("base of an obelisk" in each.text for each in found.excerpts) == 1
    chance, words = random.Random(7), [word for word in POND.split() if word.isalpha()]
    for number in range(8):
        parts = (
            f"## Part {part}\n\nThe ferry leaves the harbour. "
            + " ".join(chance.choice(words) for _ in range(70))
            + "."
            for part in range(40)
        )
        (folder / f"note{number}.md").write_text("\n\n".join(parts))
    many = await desk.gather(Topic("The ferry of the harbour", minutes=10), sources=str(folder))
    assert len(many.excerpts) == 40
    assert max(Counter(addresses(many)).values()) < 12


async def test_its_own_sources_go_before_those_of_every_topic(desk: Desk, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / f"{name}.md").write_text(
            f"# {name}\n\nThe ferry leaves the harbour of {name} at dawn. " + f"Much {name} is said of it. " * 20
        )
    for own in ("one", "two"):
        found = await desk.gather("The ferry of the harbour", folder / f"{own}.md", sources=str(folder))
        assert found.excerpts[0].source.title == own


async def test_a_topic_that_is_cancelled_takes_nothing_from_the_others(desk: Desk, folder: Path) -> None:
    desk.compute.gate = asyncio.Event()
    first = asyncio.create_task(desk.gather("ice", folder / "pond.md"))
    second = asyncio.create_task(desk.gather("ice", folder / "pond.md"))
    while not desk.compute.done["read_file"]:  # noqa: ASYNC110  (a count is no event)
        await asyncio.sleep(0.01)
    first.cancel()
    desk.compute.gate.set()
    assert (await second).excerpts
    with pytest.raises(asyncio.CancelledError):
        await first
    assert desk.compute.done["read_file"] == 1


async def test_work_that_nobody_waits_for_ends() -> None:
    shared: SharedWork[int] = SharedWork()
    ended = asyncio.Event()

    async def work() -> int:
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()
        return 1

    task = asyncio.create_task(shared.done("key", work))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()

    async def fails() -> int:
        raise InputError("It is so.", "Leave it.")

    results = await asyncio.gather(*(shared.done("key", fails) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in results] == [InputError] * 3


async def test_a_source_that_ends_its_worker_or_never_ends_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = LocalPool(1)
    with pytest.raises(InputError, match=r"“bad\.html” ended the process that read it"):
        await in_worker(pool, "bad.html", die, "exit")
    assert await in_worker(pool, "x", add, 1, 1) == 2
    monkeypatch.setattr("studio.content.in_worker.READING_S", 0.3)
    with pytest.raises(InputError, match=r"“slow\.html” was not read within"):
        await in_worker(pool, "slow.html", count, 10_000, 0.05)
    await pool.close()


async def test_progress_is_told(desk: Desk, folder: Path) -> None:
    told: list[float] = []
    topic = Topic("ice", sources=(str(folder / "pond.md"), str(folder / "bread.md")))
    await desk.researcher.gather(replace(topic, minutes=60), Settings(), told.append)
    assert told == [0.5, 1.0]
