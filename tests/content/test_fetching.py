"""What is read from addresses, asked of a real server: what comes, what is refused, and where nothing may lead."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content import fetching
from studio.content.addresses import is_forbidden, is_public, kept, shown
from studio.content.fetching import Fetched, Fetcher
from studio.domain.errors import BatchcastError, InputError
from tests.content.web_server import Said, Server, failed, moved, ok, packed, server

TEXT = b"The lamp was lit, and it burned all night.\n"
MB = 1_000_000


class FastClock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self._now = 1000.0

    def monotonic(self) -> float:
        return self._now

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now, UTC)

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self._now += seconds

    def uniform(self, low: float, high: float) -> float:
        return low


@pytest.fixture
async def opened() -> AsyncIterator[Any]:
    """Makes fetchers, and closes them."""
    made: list[Fetcher] = []

    def make(at: Server | None = None, total_s: float = 20.0, pace_s: float = 0.0, clock: Any = None) -> Fetcher:
        made.append(Fetcher([at.at] if at else [], total_s, pace_s, clock))
        return made[-1]

    yield make
    for each in made:
        await each.close()


async def get(fetcher: Fetcher, link: str, most: int = MB, **more: Any) -> Fetched:
    return await fetcher.get(link, most, **{"ask_rules": False, **more})


async def test_what_lies_there_comes_with_its_kind_and_where_it_was(opened: Any) -> None:
    answers: dict[str, Said] = {"/a": moved("/b?x=1"), "/b?x=1": ok(TEXT, "text/plain; charset=utf-8")}
    async with server(answers.__getitem__) as web:
        fetched = await get(opened(web), web.url("/a"))
    assert fetched == Fetched(TEXT, "text/plain; charset=utf-8", web.url("/b?x=1"), private=False)
    assert fetched.media == "text/plain"
    assert all(f"host: {web.at}" in head.lower() for head in web.asked)
    assert all("user-agent: batchcast/" in head.lower() for head in web.asked)
    assert not any("cookie" in head.lower() for head in web.asked)


async def test_a_connection_is_used_again(opened: Any) -> None:
    async with server(lambda _path: ok(TEXT)) as web:
        fetcher = opened(web)
        for path in ("/a", "/b", "/c"):
            await get(fetcher, web.url(path))
    assert web.paths == ["/a", "/b", "/c"]
    assert web.connections == 1


async def test_what_is_sent_packed_is_unpacked(opened: Any) -> None:
    two = ok(gzip.compress(TEXT) + gzip.compress(TEXT), "text/plain", "Content-Encoding: x-gzip")
    answers: dict[str, Said] = {"/one": packed(TEXT), "/two": two}
    async with server(answers.__getitem__) as web:
        fetcher = opened(web)
        assert (await get(fetcher, web.url("/one"))).data == TEXT
        assert (await get(fetcher, web.url("/two"))).data == TEXT + TEXT


async def test_what_unpacks_to_much_comes_in_small_pieces() -> None:
    headers = {"content-encoding": "gzip"}
    answer = httpx.Response(200, headers=headers, stream=httpx.ByteStream(gzip.compress(b"\0" * 8 * MB)))
    sizes = [len(piece) async for piece in fetching._unpacked(answer)]
    assert sum(sizes) == 8 * MB
    assert max(sizes) < MB


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (packed(b"\0" * 50 * MB), "is over 1 MB"),  # 50 KB on the way
        (ok(b"x" * (MB + 1), "text/plain"), "is over 1 MB"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\nThe 100 MB are not waited for", "is over 1 MB"),
        ("without an end ", "is over 1 MB"),
        (ok(b"not packed", "text/plain", "Content-Encoding: gzip"), "cannot be unpacked"),
        (ok(gzip.compress(TEXT)[:-9], "text/plain", "Content-Encoding: gzip"), "cannot be unpacked"),
        (ok(b"?", "text/plain", "Content-Encoding: br"), "cannot be unpacked"),
        (failed("404 Not Found"), "answers 404"),
        (failed("500 X"), "answers 500"),
        (failed("503 Busy", "Retry-After: 9999"), "asks to wait 9,999 s"),
        (b"what is this\r\n\r\n", "broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\ncut", "broke off"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "broke off"),
        (moved("/again"), "without an end"),
        (moved("http://127.0.0.1:1/x.md"), "does not begin with https"),
        (moved("https://127.0.0.1:1/x.md"), "of this machine or of a private network"),
        (moved("https://[::ffff:10.0.0.1]/x.md"), "of this machine or of a private network"),
        (moved("https://169.254.169.254/latest/meta-data"), "no source can lie behind"),
        (moved("https://me:pass@127.0.0.1/"), "holds a user name"),
        (moved("file:///etc/passwd"), "is no address"),
        (moved("https://[broken"), "is no address"),
        (moved("https://host:99999/"), "is no address"),
    ],
)
async def test_what_cannot_be_had_is_one_sentence_with_a_cure(opened: Any, answer: Said, said: str) -> None:
    async with server(lambda _path: answer) as web:
        with pytest.raises(InputError, match=said) as failure:
            await get(opened(web), web.url("/x"))
    assert failure.value.remedy
    assert "\n" not in str(failure.value)


async def test_a_body_without_an_end_is_given_up(opened: Any) -> None:
    async with server(lambda _path: None) as web:
        with pytest.raises(InputError, match=r"did not come within"):
            await get(opened(web, total_s=0.3), web.url("/x"))


async def test_it_can_be_cancelled(opened: Any) -> None:
    async with server(lambda _path: None) as web:
        task = asyncio.create_task(get(opened(web), web.url("/x")))
        while not web.asked:  # noqa: ASYNC110  (what a server is asked is no event of ours)
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize(
    "link",
    [
        "https://",
        "https://[broken/x",
        "https://host:99999/",
        "ftp://example.org/x.md",
        "file:///etc/passwd",
        "https://" + "a" * 70 + ".example/x",
        "https://user:secret@127.0.0.1/",
        "https://no-such-host.invalid/x.md",
        "https://169.254.169.254/latest/meta-data/iam",
        "https://[::ffff:169.254.169.254]/",
        "https://[fd00:ec2::254]/latest",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "nonsense",
        "https://exa mple.org/\r\nX: y",
    ],
)
async def test_what_is_never_asked(opened: Any, link: str, private: bool) -> None:
    with pytest.raises(InputError) as failure:
        await get(opened(), link, private=private)
    assert failure.value.remedy
    assert "secret" not in failure.value.message


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
        "https://[::ffff:127.0.0.1]/",
        "https://192.168.0.1/",
    ],
)
async def test_no_way_leads_into_this_machine_or_a_private_network(opened: Any, link: str) -> None:
    with pytest.raises(InputError, match=r"private network|begin with https"):
        await get(opened(), link)


async def test_another_port_of_a_trusted_machine_is_not_trusted(opened: Any) -> None:
    async with server(lambda _path: ok(TEXT)) as web:
        fetcher = Fetcher(["127.0.0.1:1"])
        with pytest.raises(InputError):
            await get(fetcher, web.url("/x"))
        with pytest.raises(InputError, match="private network"):
            await get(fetcher, web.url("/x").replace("http:", "https:"))
        await fetcher.close()
    assert not web.asked


async def test_what_is_at_home_may_be_read_where_that_is_allowed_and_leads_on_at_home(opened: Any) -> None:
    answers: dict[str, Said] = {"/a": moved("/b"), "/b": ok(TEXT)}
    async with server(answers.__getitem__) as web:
        fetched = await get(opened(), web.url("/a"), private=True)
    assert fetched.data == TEXT
    assert fetched.private


async def test_what_is_public_leads_home_for_nobody(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "is_private_peer", lambda _answer: False)  # as if it came from the internet
    async with server(lambda _path: ok(TEXT)) as home:
        for target, said in ((home.url("/x"), "begin with https"), (f"https://{home.at}/x", "private network")):
            async with server(lambda _path, to=target: moved(to)) as web:  # type: ignore[misc]
                with pytest.raises(InputError, match=said):
                    await get(opened(), web.url("/a"), private=True)
        assert not home.asked


async def test_a_name_is_judged_by_all_that_it_stands_for_and_asked_for_once(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that says something else the second time leads nowhere: the judged address is connected to."""
    looked_up: list[str] = []
    loop = asyncio.get_running_loop()
    original = loop.getaddrinfo

    async def rebinding(host: Any, port: Any, **more: Any) -> Any:
        if host in {"rebinds.example", "both.example"}:
            looked_up.append(host)
            addresses = ["127.0.0.1"] if host == "rebinds.example" else ["93.184.216.34", "10.0.0.1"]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]
        return await original(host, port, **more)

    monkeypatch.setattr(loop, "getaddrinfo", rebinding)
    async with server(lambda _path: ok(TEXT)) as web:
        port = web.at.rpartition(":")[2]
        for name in ("rebinds.example", "both.example"):
            with pytest.raises(InputError, match="private network"):
                await get(opened(), f"https://{name}:{port}/")
        looked_up.clear()
        fetcher = Fetcher([f"rebinds.example:{port}"])
        for _ in range(2):
            assert (await get(fetcher, f"http://rebinds.example:{port}/")).data == TEXT
        await fetcher.close()
    assert looked_up == ["rebinds.example"]
    assert f"host: rebinds.example:{port}" in web.asked[0].lower()


async def test_a_busy_server_is_asked_again_when_it_says(opened: Any) -> None:
    answers = iter([failed("429 Too Many", "Retry-After: 7"), failed("503 Busy"), ok(TEXT)])
    clock = FastClock()
    async with server(lambda _path: next(answers)) as web:
        assert (await get(opened(web, clock=clock), web.url("/x"))).data == TEXT
    assert clock.waited == [7.0, 5.0]


async def test_what_robots_txt_forbids_is_not_read_and_it_is_asked_for_once(opened: Any) -> None:
    rules = "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /private\nCrawl-delay: 3\n"
    answers: dict[str, Said] = {"/robots.txt": ok(rules, "text/plain"), "/a": ok(TEXT), "/b": ok(TEXT)}
    clock = FastClock()
    async with server(answers.__getitem__) as web:
        fetcher = opened(web, clock=clock)
        await get(fetcher, web.url("/a"), ask_rules=True)
        await get(fetcher, web.url("/b"), ask_rules=True)
        with pytest.raises(InputError, match=r"robots\.txt") as failure:
            await get(fetcher, web.url("/private/x"), ask_rules=True)
    assert failure.value.remedy
    assert web.paths == ["/robots.txt", "/a", "/b"]
    assert clock.waited == [3.0]


async def test_rules_for_this_reader_go_before_those_for_all(opened: Any) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: batchcast\nDisallow: /no\n"
    answers: dict[str, Said] = {"/robots.txt": moved("/rules"), "/rules": ok(rules, "text/plain"), "/a": ok(TEXT)}
    async with server(answers.__getitem__) as web:
        fetcher = opened(web)
        assert (await get(fetcher, web.url("/a"), ask_rules=True)).data == TEXT
        with pytest.raises(InputError, match=r"robots\.txt"):
            await get(fetcher, web.url("/no"), ask_rules=True)


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (failed("404 Not Found"), True),
        (failed("403 Forbidden"), True),
        (failed("500 X"), False),
        (failed("429 Busy"), False),
        (b"garbage\r\n\r\n", False),
        (ok(b"\xff\xfe\0 garbage", "text/plain"), True),
        (packed(b"# nothing is forbidden\n" * 1_000_000), True),  # read as far as RFC 9309 asks
    ],
)
async def test_what_rules_that_cannot_be_had_mean(opened: Any, rules: bytes, allowed: bool) -> None:
    async with server({"/robots.txt": rules, "/a": ok(TEXT)}.__getitem__) as web:
        fetcher = opened(web)
        if allowed:
            assert (await get(fetcher, web.url("/a"), ask_rules=True)).data == TEXT
        else:
            with pytest.raises(InputError, match="is not read now"):
                await get(fetcher, web.url("/a"), ask_rules=True)
            with pytest.raises(InputError, match="is not read now"):
                await get(fetcher, web.url("/b"), ask_rules=True)
    assert web.paths.count("/robots.txt") == 1


async def test_a_host_is_asked_at_a_polite_pace_however_many_ask(opened: Any) -> None:
    clock = FastClock()
    async with server(lambda _path: ok(TEXT)) as web:
        fetcher = opened(web, pace_s=0.5, clock=clock)
        for number in range(3):
            await get(fetcher, web.url(f"/{number}"))
        assert clock.waited == [0.5, 0.5]
    slow = {"/robots.txt": ok("User-agent: *\nCrawl-delay: 3600\n", "text/plain"), "/a": ok(TEXT)}
    async with server(slow.__getitem__) as web:
        with pytest.raises(InputError, match="asks for 3,600 s"):
            await get(opened(web, clock=clock), web.url("/a"), ask_rules=True)


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
    assert is_public(ip_address(address)) is public
    assert not (public and is_forbidden(ip_address(address)))


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("HTTPS://Example.org:443", "https://example.org/"),
        ("https://example.org/a?id=7#part", "https://example.org/a?id=7"),
        ("https://me:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a?id=7&utm_source=x&fbclid=y", "https://example.org/a?id=7"),
        ("http://[::1]:8080/a b", "http://[::1]:8080/a%20b"),
    ],
)
def test_how_an_address_is_kept(url: str, stored: str) -> None:
    assert kept(url) == stored


def test_secrets_of_an_address_are_not_kept_but_tell_two_apart() -> None:
    one, other = kept("https://e.org/a?token=secret1&id=2"), kept("https://e.org/a?token=secret2&id=2")
    assert "secret" not in one + other
    assert one != other
    assert one.endswith("&id=2")


@given(st.text(max_size=80))
def test_no_text_breaks_what_is_made_of_addresses(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        assert isinstance(shown(url), str)
        with suppress(BatchcastError):
            assert kept(kept(url)) == kept(url)
            Fetcher().permitted(url, private=True)
