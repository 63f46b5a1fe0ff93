"""Scripts from addresses, asked of a real server: what is taken, what is refused, and where it may not go."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address

import pytest

from studio.content.intake import ScriptIntake
from studio.content.links import LinkReader, _is_public
from studio.domain.errors import InputError
from studio.engine.drafts import Draft

SPOKEN = "# The Lamp\n\nThe lamp was lit, and it burned all night.\n"

Answer = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


def ok(body: bytes, kind: str = "text/markdown", *more: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()


@asynccontextmanager
async def server(answer: Callable[[str], bytes | None]) -> AsyncIterator[tuple[str, list[str]]]:
    """Answers by the path; None sends a head and never ends. Gives its `HOST:PORT`, and what it was asked for."""
    asked: list[str] = []
    alive: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head)
        alive.add(writer)
        said = answer(head.split()[1])
        if said is None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nIt begins, and")
            await writer.drain()
            return
        writer.write(said)
        with suppress(ConnectionError):  # of what is too long the rest is not read
            await writer.drain()
        writer.close()

    made = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = made.sockets[0].getsockname()[:2]
    try:
        yield f"{host}:{port}", asked
    finally:
        for writer in alive:
            writer.close()
        made.close()
        await made.wait_closed()


async def fetched(at: str, path: str, total_s: float = 20.0) -> list[Draft]:
    held = await LinkReader(ScriptIntake(), trusted=[at], total_s=total_s).read(f"http://{at}{path}")
    return [each for each in held if isinstance(each, Draft)]


async def test_markdown_text_and_tables_are_taken() -> None:
    bodies = {
        "/the-lamp.md": ok(SPOKEN.encode()),
        "/plain?key=secret": ok(SPOKEN[12:].encode("cp1251", "replace"), "text/plain; charset=cp1251"),
        "/raw/lamp.txt": ok(SPOKEN.encode(), "application/octet-stream"),
        "/topics.csv": ok(b"title,script\nOne,The lamp was lit and burned.\nTwo,Another lamp was lit.\n", "text/csv"),
    }
    async with server(lambda path: bodies[path]) as (at, asked):
        (lamp,) = await fetched(at, "/the-lamp.md")
        assert (lamp.script.title, lamp.script.source) == ("The Lamp", "127.0.0.1/the-lamp.md")
        (plain,) = await fetched(at, "/plain?key=secret")
        assert "secret" not in plain.script.source  # what may be a password is not kept
        assert plain.script.title == "Plain"
        (raw,) = await fetched(at, "/raw/lamp.txt")
        assert raw.script.text == SPOKEN
        assert [each.script.title for each in await fetched(at, "/topics.csv")] == ["One", "Two"]
    assert all(f"Host: {at}".lower() in head.lower() for head in asked)
    assert all("accept-encoding: identity" in head.lower() for head in asked)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (ok(b"<html><body>Hello</body></html>", "text/html; charset=utf-8"), "is a web page"),
        (ok(b"%PDF-1.7", "application/pdf"), "is application/pdf"),
        (ok(b"", "text/plain"), "is empty"),
        (ok(b"\0\1\2", "text/plain"), "does not hold text"),
        (ok(b"x" * 4_100_000, "text/plain"), "is over 4 MB"),
        (ok(b"packed", "text/plain", "Content-Encoding: gzip"), "is sent packed"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "answers 404"),
        (b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", "answers 500"),
        (b"what is this\r\n\r\n", "broke off"),
        (ok(b"cut").replace(b"Content-Length: 3", b"Content-Length: 300"), "broke off"),
        (moved("/again"), "without an end"),
        (moved("http://127.0.0.1:1/x.md"), "does not begin with https"),
        (moved("https://127.0.0.1:1/x.md"), "of this machine or of a private network"),
        (moved("https://169.254.169.254/latest/meta-data"), "of this machine or of a private network"),
        (moved("https://[::ffff:10.0.0.1]/x.md"), "of this machine or of a private network"),
        (moved("file:///etc/passwd"), "is no address"),
        (moved("https://me:pass@127.0.0.1/"), "holds a user name"),
    ],
)
async def test_what_cannot_be_taken_is_one_sentence_with_a_cure(answer: bytes, said: str) -> None:
    async with server(lambda _path: answer) as (at, _):
        with pytest.raises(InputError, match=said) as failure:
            await fetched(at, "/x.md")
    assert failure.value.remedy


async def test_a_body_without_an_end_is_given_up() -> None:
    async with server(lambda _path: None) as (at, _):
        with pytest.raises(InputError, match="did not come within"):
            await fetched(at, "/x.md", total_s=0.3)


async def test_it_can_be_cancelled_and_leaves_no_connection() -> None:
    async with server(lambda _path: None) as (at, asked):
        task = asyncio.create_task(fetched(at, "/x.md"))
        while not asked:  # noqa: ASYNC110  (what a server is asked is no event of ours)
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/x.md",
        "https://127.0.0.1/x.md",
        "https://localhost/x.md",
        "https://2130706433/x.md",
        "https://0x7f.1/x.md",
        "https://[::1]/x.md",
        "https://[fe80::1]/x.md",
        "https://0.0.0.0/",
        "https://[::ffff:127.0.0.1]/",
        "https://user:secret@127.0.0.1/",
        "https://no-such-host.invalid/x.md",
        "https://",
        "https://[broken/x",
        "https://host:99999/",
        "ftp://example.org/x.md",
        "https://" + "a" * 70 + ".example/x",
        "nonsense",
    ],
)
async def test_no_way_leads_into_this_machine_or_a_private_network(link: str) -> None:
    with pytest.raises(InputError) as failure:
        await LinkReader(ScriptIntake()).read(link)
    assert failure.value.remedy
    assert "secret" not in failure.value.message


async def test_another_port_of_a_trusted_machine_is_not_trusted() -> None:
    async with server(lambda _path: ok(SPOKEN.encode())) as (at, asked):
        with pytest.raises(InputError):
            await LinkReader(ScriptIntake(), trusted=["127.0.0.1:1"]).read(f"http://{at}/x.md")
    assert not asked


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("::ffff:192.168.0.1", False),
    ],
)
def test_which_addresses_are_somewhere_in_the_internet(address: str, public: bool) -> None:
    assert _is_public(ip_address(address)) is public
