"""Pages, feeds and references as sources, asked of a real server: what is read, how often, and what is refused."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from studio.domain.research import SourceKind
from tests.content.research_desk import POND, Desk, Desks, addresses, refused
from tests.content.web_server import Said, Server, failed, moved, ok, server

PAGES = Path(__file__).parent / "pages"
ARTICLE = (PAGES / "article.html").read_bytes()
SITE: dict[str, Said] = {
    "/robots.txt": ok("User-agent: *\nDisallow: /forbidden\n", "text/plain"),
    "/article": ok(ARTICLE, "text/html"),
    "/moved": moved("/article"),
    "/pond.md": ok(POND),
    "/forbidden": ok(ARTICLE, "text/html"),
    "/picture": ok(b"\x89PNG", "image/png"),
    "/ice": failed("404 Not Found"),
}


@asynccontextmanager
async def site(**more: Said) -> AsyncIterator[Server]:
    answers = {**SITE, **{f"/{name}": said for name, said in more.items()}}
    async with server(lambda path: answers[path]) as web:
        for name in ("/feed", "/feed2"):
            feed = (PAGES / "feed.xml").read_bytes().replace(b"BASE", f"http://{web.at}".encode())
            answers.setdefault(name, ok(feed, "application/rss+xml"))
        yield web


async def test_a_page_is_read_once_a_day(desks: Desks) -> None:
    desk = await desks.open()
    async with site() as web:
        await desk.gather("pond", web.url("/article"), private_addresses=True)
        found = await desk.gather("The greatest depth in feet", web.url("/article"), private_addresses=True)
        first = found.excerpts[0]
        assert (first.source.title, first.source.published) == ("How deep is the pond?", "2024-02-09")
        assert (first.source.kind, first.source.address) == (SourceKind.PAGE, web.url("/article"))
        assert first.place == "One hundred and seven feet"
        desk = await desks.open()
        await desk.gather("pond", web.url("/article"), private_addresses=True)
        assert web.paths == ["/robots.txt", "/article"]
        desk.clock.time += timedelta(days=1, seconds=1)
        await desk.gather("pond", web.url("/article"), private_addresses=True)
    assert web.paths.count("/article") == 2


async def test_a_page_that_is_gone_is_used_as_it_was(desk: Desk) -> None:
    async with site() as web:
        await desk.gather("pond", web.url("/article"), private_addresses=True)
    desk.clock.time += timedelta(days=2)
    found = await desk.gather("pond", web.url("/article"), private_addresses=True)
    assert found.excerpts
    assert "What was read there on 2026-11-22 is used." in refused(found)


async def test_a_feed_gives_its_texts_and_reads_what_it_links_to(desk: Desk) -> None:
    async with site() as web:
        found = await desk.gather("The pond, its ice and its depth", web.url("/feed"), private_addresses=True)
        assert set(addresses(found)) == {web.url("/ice"), web.url("/article")}
        kinds = {each.source.address: each.source.kind for each in found.excerpts}
        assert kinds == {web.url("/ice"): SourceKind.FEED, web.url("/article"): SourceKind.PAGE}
        await desk.gather("The thaw", web.url("/feed"), web.url("/article"), private_addresses=True)
    assert Counter(web.paths) == {"/robots.txt": 1, "/feed": 1, "/article": 1}


async def test_feeds_that_name_each_other_end(desk: Desk) -> None:
    item = "<rss><channel><item><title>Other</title><link>{}</link></item></channel></rss>"
    answers: dict[str, Said] = {}
    async with server(answers.__getitem__) as web:
        for name, other in (("/a", "/b"), ("/b", "/a"), ("/self", "/self")):
            answers[name] = ok(item.format(web.url(other)), "application/rss+xml")
        async with asyncio.timeout(20):
            found = await desk.gather("x", *map(web.url, ("/a", "/b", "/self")), private_addresses=True)
    assert not found.excerpts
    assert refused(found).count("stands in another") == 3


async def test_a_reference_is_asked_for_every_topic(desk: Desk) -> None:
    asked: list[str] = []

    def answer(path: str) -> Said:
        asked.append(path)
        if path == "/robots.txt":
            return ok("User-agent: *\nDisallow: /search\n", "text/plain")  # made for programs: not heeded there
        if path == "/wiki/Pond":
            return ok(ARTICLE, "text/html")
        if path.startswith("/search?q=How%20deep"):
            return ok("[]", "application/json")  # it wants every word
        pond = '{"title": "Pond", "url": "/wiki/Pond", "snippet": "A pond…"}'
        ice = '{"title": "Ice", "url": "/wiki/Ice", "text": "%s"}' % (
            "The ice on the deep pond is cut early in the day. " * 8
        )
        return ok(f'{{"results": [{pond}, {ice}]}}' if "deep" in path else "{}", "application/json")

    async with server(answer) as web:
        reference = {"reference": web.url("/search?q={query}"), "private_addresses": True}
        found = await desk.gather("How deep is the pond & its ice?", **reference)
        kinds = {each.source.address: each.source.kind for each in found.excerpts}
        assert kinds == {web.url("/wiki/Pond"): SourceKind.PAGE, web.url("/wiki/Ice"): SourceKind.REFERENCE}
        await desk.gather("How deep is the pond & its ice?", **reference)
        assert asked == [
            "/search?q=How%20deep%20is%20the%20pond%20%26%20its%20ice%3F",
            "/search?q=deep%20pond%20ice",
            "/robots.txt",
            "/wiki/Pond",
        ]
        assert "is not known here" in refused(await desk.gather("Zanzibar", **reference))
    wrong = await desk.gather("x", reference="https://example.org/search")
    assert "does not say where the words go" in refused(wrong)


async def test_nothing_is_read_from_home_unless_that_is_allowed(desk: Desk) -> None:
    async with site() as web:
        found = await desk.gather("pond", web.url("/pond.md"), web.url("/pond.md").replace("http:", "https:"))
        said = refused(found)
    assert not web.asked
    assert "does not begin with https" in said
    assert "of this machine or of a private network" in said


BIG = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 104857600\r\n\r\n<html>"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (moved("https://169.254.169.254/latest/meta-data/"), "no source can lie behind"),
        (moved("file:///etc/passwd"), "is no address"),
        ("<p>without an end</p>", "is over 10 MB"),
        (BIG, "is over 10 MB"),
        (ok(b"\x89PNG", "image/png"), "is image/png, which is no text"),
        (ok(b"%PDF-1.7 broken", "application/pdf"), "x"),
        (ok(b"PK\x03\x04 broken", "application/epub+zip"), "x"),
        (ok("<html><script>start()</script></html>", "text/html"), "has no text of its own"),
        (ok("<div>" * 100_000, "text/html"), "nested too deeply"),
        (ok(b"", "text/html"), "is empty"),
        (ok(b"\0" * 100, "text/plain"), "is empty|does not hold text"),
        (ok("word " * 300_000, "text/plain"), "too long"),
        (failed("410 Gone"), "answers 410"),
        (b"garbage\r\n\r\n", "broke off"),
    ],
)
async def test_what_a_server_may_do_is_one_sentence_with_a_cure(
    desk: Desk, folder: Path, answer: Said, said: str
) -> None:
    async with site(x=answer) as web:
        found = await desk.gather("The pond", web.url("/x"), folder, private_addresses=True)
        again = await desk.gather("The pond", web.url("/x"), folder, private_addresses=True)
        assert web.paths.count("/x") == 1  # for a while nobody asks there again
        assert again == found
    assert found.excerpts
    (refusal,) = found.refusals
    assert re.search(said, refusal.message)
    assert refusal.remedy


async def test_what_the_site_forbids_is_left_alone(desk: Desk) -> None:
    async with site() as web:
        found = await desk.gather("pond", web.url("/forbidden"), web.url("/moved"), private_addresses=True)
    assert "robots.txt" in refused(found)
    assert "/forbidden" not in web.paths
    assert set(addresses(found)) == {web.url("/moved")}
