"""Servers that break their word: research comes through with a text, or with one sentence and its cure, and in time."""

import asyncio
import gzip
import itertools
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from studio.content.connections import Guard
from studio.content.extraction import main_text
from studio.content.fetching import Fetched, Fetcher
from studio.domain.errors import InputError
from tests.content.web_server import Said, Server, moved, ok, server

TEXT = b"The lamp was lit, and it burned all night.\n"
MB = 1_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw(reply: Reply, host: str = "127.0.0.1") -> AsyncIterator[Server]:
    """Says what it likes, byte by byte if it likes."""
    made = Server()
    open_now: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_now.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            made.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            await reply(writer)
            await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, host, 0)
    port = listening.sockets[0].getsockname()[1]
    made.at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        yield made
    finally:
        for writer in open_now:
            writer.close()
        listening.close()
        await listening.wait_closed()


def says(data: bytes) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return reply


def trickles(head: bytes, pieces: Iterable[bytes]) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)

    return reply


async def got(web: Server, path: str = "/x", most: int = MB, total_s: float = 10.0, **more: Any) -> Fetched:
    fetcher = Fetcher([web.at], total_s, 0.0)
    try:
        return await fetcher.get(web.url(path), most, **{"ask_rules": False, **more})
    finally:
        await fetcher.close()


async def refused(web: Server, said: str, **more: Any) -> None:
    with pytest.raises(InputError, match=said) as failure:
        await got(web, **more)
    assert failure.value.remedy
    assert "\n" not in str(failure.value)


# The way there


@pytest.mark.parametrize(("hops", "arrives"), [(5, True), (6, False)])
async def test_a_chain_of_redirects_is_followed_for_a_while(hops: int, arrives: bool) -> None:
    answers: dict[str, Said] = {f"/{number}": moved(f"/{number + 1}") for number in range(hops)}
    async with server({**answers, f"/{hops}": ok(TEXT)}.__getitem__) as web:
        if arrives:
            assert (await got(web, "/0")).address == web.url(f"/{hops}")
        else:
            await refused(web, "without an end", path="/0")
    assert len(web.paths) == 6


async def test_every_link_of_a_chain_is_judged_and_asked_for_its_rules() -> None:
    async with server({"/robots.txt": ok("User-agent: *\nDisallow: /no\n"), "/no": ok(TEXT)}.__getitem__) as other:
        answers: dict[str, Said] = {"/a": moved("/b"), "/b": moved(other.url("/no")), "/c": moved("https://10.0.0.1/")}
        async with server(answers.__getitem__) as web:
            fetcher = Fetcher([web.at, other.at], 10.0, 0.0)
            with pytest.raises(InputError, match=r"robots\.txt"):
                await fetcher.get(web.url("/a"), MB)
            with pytest.raises(InputError, match="private network"):
                await fetcher.get(web.url("/c"), MB)
            await fetcher.close()
    assert other.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 301 M\r\nLocation: \r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: //\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: https://\xc3\xbc\xff/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: https://a b/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: data:text/plain,hello\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        b"HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\nThe",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
)
async def test_a_redirect_that_leads_nowhere_and_an_answer_that_is_none(answer: bytes) -> None:
    async with raw(says(answer)) as web:
        await refused(web, r"\S")


# What comes


@pytest.mark.parametrize("hints", [1, 40])
async def test_what_is_said_before_the_answer_is_no_answer(hints: int) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" * hints
    async with raw(says(b"HTTP/1.1 100 Continue\r\n\r\n" + early + ok(TEXT))) as web:
        assert (await got(web)).data == TEXT


async def test_hints_without_an_answer_end_in_time() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    async with raw(trickles(b"", itertools.repeat(early))) as web:
        await refused(web, "did not come within", total_s=0.5)
    async with raw(says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")) as web:
        await refused(web, "answers 101|broke off")


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (CHUNKED, b"1\r\na\r\n"),
        (HEAD + b"Content-Length: 900000\r\n\r\n", b"a"),
        (HEAD + b"\r\n", b"a"),
        (CHUNKED, b"0"),  # a size that never ends
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),  # a head that never ends
        (b"", b"H"),
    ],
)
async def test_a_trickle_is_not_waited_for(head: bytes, piece: bytes) -> None:
    async with raw(trickles(head, itertools.repeat(piece))) as web:
        await refused(web, "did not come within|broke off", total_s=0.5)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (HEAD + b"Content-Length: 1000\r\n\r\n" + TEXT, "broke off"),  # less than it said
        (HEAD + b"Content-Length: -1\r\n\r\n" + TEXT, "broke off"),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n" + TEXT, "broke off"),
        (HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n" + TEXT, "over 1 MB|broke off"),
        (CHUNKED + b"2a\r\nThe lamp", "broke off"),
        (CHUNKED + b"xyz\r\n" + TEXT, "broke off"),
        (CHUNKED + b"ffffffffffffffff\r\n" + TEXT, "broke off"),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", "broke off"),
        (HEAD + b"Content-Encoding: gzip, gzip\r\nContent-Length: 1\r\n\r\nx", "cannot be unpacked"),
        (HEAD + b"Content-Encoding: zstd\r\nContent-Length: 1\r\n\r\nx", "cannot be unpacked"),
        (b"", "broke off"),
    ],
)
async def test_an_answer_that_is_not_what_it_says_is_not_taken(answer: bytes, said: str) -> None:
    async with raw(says(answer)) as web:
        await refused(web, said)


async def test_what_follows_the_length_that_was_said_is_nobodys() -> None:
    smuggled = HEAD + b"Content-Length: %d\r\n\r\n" % len(TEXT) + TEXT + ok(b"Something else that was not asked for")
    async with raw(says(smuggled)) as web:
        fetcher = Fetcher([web.at], 10.0, 0.0)
        for _ in range(3):
            assert (await fetcher.get(web.url("/x"), MB, ask_rules=False)).data == TEXT
        await fetcher.close()
    assert len(web.asked) == 3


@pytest.mark.parametrize("members", [1, 200])
async def test_a_bomb_is_put_out_at_the_cap(members: int) -> None:
    bomb = gzip.compress(b"\0" * (200 * MB // members)) * members
    assert len(bomb) < 300_000
    async with raw(says(ok(bomb, "text/plain", "Content-Encoding: gzip"))) as web:
        await refused(web, "over 1 MB")


async def test_a_bomb_within_a_bomb_stays_packed() -> None:
    inner = gzip.compress(gzip.compress(b"\0" * 100 * MB))
    async with raw(says(ok(inner, "text/plain", "Content-Encoding: gzip"))) as web:
        data = (await got(web)).data
    assert data[:2] == b"\x1f\x8b"  # one layer, as it was said; what is left is no text
    assert len(data) < 200_000
    raw_deflate = zlib.compress(TEXT)
    async with raw(says(ok(raw_deflate, "text/plain", "Content-Encoding: deflate"))) as web:
        await refused(web, "cannot be unpacked")


# What robots may


@pytest.mark.parametrize("status", ["500 X", "502 Bad Gateway", "503 Busy", "504 Late", "599 ?"])
async def test_rules_that_a_server_cannot_tell_forbid_everything(status: str) -> None:
    async with server(lambda path: ok(b"", status=status) if path == "/robots.txt" else ok(TEXT)) as web:
        await refused(web, "is not read now", ask_rules=True)
    assert web.paths == ["/robots.txt"]


async def test_rules_that_never_come_or_lead_in_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.content.fetching._RULES_S", 0.3)
    async with raw(trickles(CHUNKED, itertools.repeat(b"1\r\n#\r\n"))) as web:
        await refused(web, "is not read now|did not come", ask_rules=True)
    circle: dict[str, Said] = {"/robots.txt": moved("/robots.txt?again"), "/robots.txt?again": moved("/robots.txt")}
    async with server({**circle, "/x": ok(TEXT)}.__getitem__) as web:
        assert (await got(web, ask_rules=True)).data == TEXT  # what leads nowhere counts as none (RFC 9309)
    # Rules that lie elsewhere are not looked for where nobody may look.
    async with server({"/robots.txt": moved("http://10.0.0.1/robots.txt"), "/x": ok(TEXT)}.__getitem__) as web:
        await refused(web, "is not read now", ask_rules=True)


# Who is asked


@pytest.mark.parametrize(
    "link",
    [
        "https://0177.0.0.1/",  # octal
        "https://017700000001/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://2130706433/",
        "https://localhost./",
        "https://LOCALHOST/",
        "https://127.0.0.1./",
        "https://[0:0:0:0:0:ffff:7f00:1]/",
        "https://[::ffff:c0a8:1]/",
        "https://[64:ff9b::7f00:1]/",  # through a gateway
        "https://[2002:7f00:1::]/",
        "https://[fe80::1%25lo]/",
        "https://[fd12:3456::1]/",
        "https://100.64.0.1/",  # carrier's own
        "https://198.18.0.1/",
    ],
)
async def test_no_way_of_writing_an_address_leads_home(link: str) -> None:
    fetcher = Fetcher()
    with pytest.raises(InputError, match=r"private network|no address|no server called"):
        await fetcher.get(link, MB, ask_rules=False)
    await fetcher.close()


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org@127.0.0.1/",
        "https://example.org:443@127.0.0.1/",
        "https://127.0.0.1\\@example.org/",
        "https://user@[::1]/",
        "https://%31%32%37.0.0.1@example.org/",
        "https://:@127.0.0.1/",
        "https://１２７.0.0.1/",  # noqa: RUF001  (figures of full width)
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://127.0.0.1%2f@example.org/",
        "https://127.0.0.1%00.example.org/",
        "https://\t127.0.0.1/",
    ],
)
async def test_no_trick_of_writing_hides_who_is_asked(link: str) -> None:
    fetcher = Fetcher()
    with pytest.raises(InputError) as failure:
        await fetcher.get(link, MB, ask_rules=False)
    assert failure.value.remedy
    await fetcher.close()


async def test_an_address_of_ipv6_is_read_where_it_may_be() -> None:
    try:
        with socket.socket(socket.AF_INET6) as there:
            there.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    async with raw(says(ok(TEXT)), "::1") as web:
        fetched = await got(web, private=True)
        assert (fetched.data, fetched.private) == (TEXT, True)
        assert f"host: {web.at}" in web.asked[0].lower()
        fetcher = Fetcher()
        with pytest.raises(InputError, match="private network"):
            await fetcher.get(f"https://{web.at}/x", MB, ask_rules=False)
        await fetcher.close()
    assert len(web.asked) == 1


async def test_a_name_in_letters_of_its_own_is_asked_by_its_true_name(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    original, looked_up = loop.getaddrinfo, []

    async def found(host: Any, port: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name.endswith(".example"):
            looked_up.append(name)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return await original(host, port, **more)

    monkeypatch.setattr(loop, "getaddrinfo", found)
    async with server({"/x": ok(TEXT)}.__getitem__) as web:
        port = web.at.rpartition(":")[2]
        fetcher = Fetcher([f"bücher.example:{port}", f"xn--bcher-kva.example:{port}"], 10.0, 0.0)
        fetched = await fetcher.get(f"http://bücher.example:{port}/x", MB, ask_rules=False)
        await fetcher.close()
        assert fetched.data == TEXT
        assert set(looked_up) == {"xn--bcher-kva.example"}
        assert f"host: xn--bcher-kva.example:{port}" in web.asked[0].lower()
        # What such a name stands for is judged as any other.
        stranger = Fetcher()
        with pytest.raises(InputError, match="private network"):
            await stranger.get(f"https://bücher.example:{port}/x", MB, ask_rules=False)
        await stranger.close()


async def test_between_the_judgement_and_the_connection_no_name_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers with the internet first, and with this machine ever after."""
    loop = asyncio.get_running_loop()
    answers = itertools.chain(["93.184.216.34"], itertools.repeat("127.0.0.1"))
    asked: list[str] = []

    async def rebinding(_host: Any, port: Any, **_more: Any) -> Any:
        asked.append(next(answers))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (asked[-1], port))]

    connected: list[str] = []

    class Recorded(Exception):  # noqa: N818  (ends the connection, and is no error)
        pass

    async def connect(host: str, *_more: Any) -> Any:
        connected.append(host)
        raise Recorded

    monkeypatch.setattr(loop, "getaddrinfo", rebinding)
    guard = Guard((), private=False)
    monkeypatch.setattr(guard._network, "connect_tcp", connect)
    with pytest.raises(Recorded):
        await guard.connect_tcp("rebinds.example", 443)
    assert (asked, connected) == (["93.184.216.34"], ["93.184.216.34"])  # the judged address, and not the name
    with pytest.raises(InputError, match="private network"):
        await guard.connect_tcp("rebinds.example", 443)
    assert len(connected) == 1


# What it is written in

LONG = "Die Lampe über dem Hafen brannte die ganze Nacht, und die Möwen saßen still auf dem Dach des Wärters daneben."


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (LONG.encode(), "text/html; charset=iso-8859-1"),  # UTF-8, whatever is said
        (LONG.encode(), "text/html; charset=us-ascii"),
        (LONG.encode(), "text/html; charset=utf-16"),
        (LONG.encode("cp1252"), "text/html; charset=utf-8"),
        (LONG.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (LONG.encode("utf-16"), "text/html; charset=utf-8"),
        (LONG.encode(), "text/html; charset=nonsense"),
        (LONG.encode(), "text/html; charset=punycode"),
        (LONG.encode(), 'text/html; charset="utf-8'),
        (f'<meta charset="koi8-r"><p>{LONG}'.encode(), "text/html"),
        (f'<meta charset="punycode"><p>{LONG}'.encode("cp1252"), "text/html"),
        (LONG.encode(), "text/html; charset=zip"),
    ],
)
def test_a_page_is_read_in_what_it_is_written_in(data: bytes, kind: str) -> None:
    body = data if data.startswith((b"<", b"\xff\xfe")) else b"<html><body><p>" + data + b"</p></body></html>"
    assert "Möwen saßen still auf dem Dach des Wärters" in main_text(body, kind, "page").text


@pytest.mark.parametrize("named", ["unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode"])
def test_what_no_document_is_written_in_is_not_believed(named: str) -> None:
    text = (
        "The keeper kept his notes at C:\\u0041\\notes, and a +AEE- or a - stood wherever the lamp had failed him. " * 3
    )
    page = f"<html><body><p>{text}</p></body></html>".encode()
    assert "C:\\u0041" in main_text(page, f"text/html; charset={named}", "page").text.replace("\\\\", "\\")
    assert "+AEE-" in main_text(page, f"text/html; charset={named}", "page").text


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="refresh" content="0; url=https://elsewhere.example/story">',
        "<META HTTP-EQUIV=refresh CONTENT='5;URL=https://elsewhere.example/story'>",
        '<meta content="0;url=&#104;ttps://elsewhere.example/story" http-equiv="refresh" />',
    ],
)
def test_a_page_that_only_leads_on_is_not_followed_and_says_where(head: str) -> None:
    with pytest.raises(InputError, match=r"only leads on to “elsewhere\.example/story”") as failure:
        main_text(f"<html><head>{head}</head><body>One moment.</body></html>".encode(), "text/html", "page")
    assert failure.value.remedy == "Give that address."
    # One with a text of its own is that text, however soon it would lead on.
    text = f"<html><head>{head}</head><body><p>{LONG} {LONG}</p></body></html>"
    assert "Möwen" in main_text(text.encode(), "text/html", "page").text
