"""Scripts from addresses, asked of a real server: what is taken, and what is refused."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from studio.compute.local_pool import LocalPool
from studio.content.fetching import Fetcher
from studio.content.intake import ScriptIntake
from studio.content.links import LinkReader
from studio.domain.errors import InputError
from studio.engine.drafts import Draft
from tests.content.web_server import Said, Server, moved, ok, server

SPOKEN = "# The Lamp\n\nThe lamp was lit, and it burned all night.\n"
PAGES = Path(__file__).parent / "pages"

Fetch = Callable[[Server, str], Awaitable[list[Draft]]]


@pytest.fixture
async def fetched() -> AsyncIterator[Fetch]:
    pool = LocalPool(1)  # its process starts with the first page
    opened: list[Fetcher] = []

    async def fetch(web: Server, path: str) -> list[Draft]:
        opened.append(Fetcher([web.at], pace_s=0.0))
        held = await LinkReader(ScriptIntake(), opened[-1], pool).read(web.url(path))
        return [each for each in held if isinstance(each, Draft)]

    yield fetch
    for each in opened:
        await each.close()
    await pool.close()


async def test_markdown_text_and_tables_are_taken(fetched: Fetch) -> None:
    bodies: dict[str, Said] = {
        "/the-lamp.md": ok(SPOKEN),
        "/plain?key=secret": ok(SPOKEN[12:].encode("cp1251", "replace"), "text/plain; charset=cp1251"),
        "/raw/lamp.txt": ok(SPOKEN, "application/octet-stream"),
        "/topics.csv": ok("title,script\nOne,The lamp was lit and burned.\nTwo,Another lamp was lit.\n", "text/csv"),
    }
    async with server(bodies.__getitem__) as web:
        (lamp,) = await fetched(web, "/the-lamp.md")
        assert (lamp.script.title, lamp.script.source) == ("The Lamp", "127.0.0.1/the-lamp.md")
        (plain,) = await fetched(web, "/plain?key=secret")
        assert "secret" not in plain.script.source  # what may be a password is not kept
        assert plain.script.title == "Plain"
        (raw,) = await fetched(web, "/raw/lamp.txt")
        assert raw.script.text == SPOKEN
        assert [each.script.title for each in await fetched(web, "/topics.csv")] == ["One", "Two"]
    assert "/robots.txt" not in web.paths  # a person asked, not a program


async def test_a_page_becomes_a_script_of_its_main_text(fetched: Fetch) -> None:
    page = (PAGES / "article.html").read_bytes()
    untitled = (
        b"<html><body><p>"
        + b"The pond in winter is still and deep, and the ice on it is cut. " * 8
        + b"</p></body></html>"
    )
    bodies: dict[str, Said] = {
        "/pond": moved("/depth.html"),
        "/depth.html": ok(page, "text/html"),
        "/x/the-ice": ok(untitled, "text/html"),
    }
    async with server(bodies.__getitem__) as web:
        (draft,) = await fetched(web, "/pond")
        (other,) = await fetched(web, "/x/the-ice")
    script = draft.script
    assert (script.title, script.source) == ("How deep is the pond?", "127.0.0.1/pond")
    assert script.text.startswith("# How deep is the pond?")
    assert "Privacy" not in script.text
    assert len(script.blocks) > 6
    assert other.script.title == "The ice"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ok("<html><body>Hello</body></html>", "text/html; charset=utf-8"), "has no text of its own"),
        (ok((PAGES / "feed.xml").read_bytes(), "application/rss+xml"), "is a feed"),
        (ok(b"%PDF-1.7", "application/pdf"), "is application/pdf"),
        (ok(b"", "text/plain"), "is empty"),
        (ok(b"\0\1\2", "text/plain"), "does not hold text"),
        (ok(b"x" * 10_000_001, "text/plain"), "is over 10 MB"),
        (ok("word " * 300_000, "text/plain"), "too long for one episode"),
        (moved("https://127.0.0.1:1/x.md"), "of this machine or of a private network"),
        (moved("https://169.254.169.254/latest/meta-data"), "no source can lie behind"),
    ],
)
async def test_what_cannot_be_taken_is_one_sentence_with_a_cure(fetched: Fetch, answer: Said, said: str) -> None:
    async with server(lambda _path: answer) as web:
        with pytest.raises(InputError, match=said) as failure:
            await fetched(web, "/x")
    assert failure.value.remedy
