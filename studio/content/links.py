"""Scripts from addresses on the network: https only, never into a private network, with caps on size and time."""

import asyncio
import codecs
import ipaddress
import re
import socket
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from studio.content import tables
from studio.content.decoding import decode
from studio.content.intake import LONGEST, ScriptIntake
from studio.domain.errors import InputError
from studio.engine.drafts import Draft, Refusal

if TYPE_CHECKING:
    import httpx

_HOPS: Final = 5
_CONNECT_S: Final = 10.0
_TOTAL_S: Final = 45.0
_LARGEST: Final = 4 * LONGEST + 4  # bytes
_SAVE: Final = "Save what is there as a file, and drop that."
_LATER: Final = "Look at the address in a browser, then try again."
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TEXTS: Final = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/csv", "text/tab-separated-values"})
_UNTOLD: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_SUFFIXES: Final = (".md", ".markdown", ".txt", *tables.SUFFIXES)
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class LinkReader:
    """Reads Markdown, plain text and tables from addresses. A web page is refused: its text is not told apart here.

    Every address, and every one that it redirects to, is looked up once, and the connection goes to the very address
    that was judged: a name cannot lead elsewhere a moment later.

    Args:
        intake: Makes scripts of what comes.
        trusted: `HOST:PORT` that may be asked without TLS and on this machine. For tests.
        total_s: Seconds for everything, redirects included.
    """

    def __init__(self, intake: ScriptIntake, trusted: Collection[str] = (), total_s: float = _TOTAL_S) -> None:
        self._intake = intake
        self._trusted = frozenset(trusted)
        self._total_s = total_s

    async def read(self, link: str) -> Sequence[Draft | Refusal]:
        """What the address holds. Raises `InputError` with its name and a cure."""
        try:
            async with asyncio.timeout(self._total_s):
                data, kind, last = await self._fetch(link)
        except TimeoutError:
            raise InputError(f"“{shown(link)}” did not come within {self._total_s:.0f} s.", _LATER) from None
        return await asyncio.to_thread(self._drafts, link, last, kind, data)

    async def _fetch(self, link: str) -> tuple[bytes, str, str]:
        """The body, its content type, and the address that it came from in the end."""
        import httpx

        url = link
        # A proxy would look the names up itself, and might reach what must not be reached.
        async with httpx.AsyncClient(timeout=httpx.Timeout(_CONNECT_S), trust_env=False) as client:
            for _ in range(_HOPS + 1):
                request = await self._request(client, url)
                try:
                    answer = await client.send(request, stream=True)
                    try:
                        if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                            return await _body(answer, link), answer.headers.get("content-type", ""), url
                        url = urljoin(url, answer.headers["location"])
                    finally:
                        await answer.aclose()
                except httpx.HTTPError as error:
                    raise _unreachable(url, error) from error
        raise InputError(f"“{shown(link)}” leads from one address to the next without an end.", _SAVE)

    async def _request(self, client: "httpx.AsyncClient", url: str) -> "httpx.Request":
        import httpx

        parts = _split(url)
        host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
        trusted = f"{host}:{port}" in self._trusted
        if not trusted and parts.scheme != "https":
            raise InputError(
                f"“{shown(url)}” does not begin with https://.", "Give its https address, or " + _SAVE.lower()
            )
        if parts.username or parts.password:
            raise InputError(f"“{shown(url)}” holds a user name.", _SAVE)
        address = await _resolved(host, port, url, anywhere=trusted)
        literal = f"[{address}]" if address.version == 6 else str(address)
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        try:
            name = httpx.URL(urlunsplit((parts.scheme, parts.netloc, "/", "", "")))
            made = client.build_request(
                "GET",
                f"{parts.scheme}://{literal}:{port}{path}",
                headers={
                    "Host": name.netloc.decode("ascii"),
                    "Accept": "text/markdown, text/plain, text/csv, */*;q=0.1",
                    "Accept-Encoding": "identity",  # nothing that unpacks to more than was sent
                },
                extensions={"sni_hostname": name.raw_host.decode("ascii")},
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise _no_address(url) from error
        return made

    def _drafts(self, link: str, last: str, kind: str, data: bytes) -> Sequence[Draft | Refusal]:
        parts = _split(last)
        name = unquote(PurePosixPath(parts.path).name) or parts.hostname or "link"
        source = shown(link)
        media = kind.partition(";")[0].strip().lower()
        if media in {"text/html", "application/xhtml+xml"}:
            raise InputError(
                f"“{source}” is a web page; links are read as Markdown or plain text only.",
                "Copy the text of the page and paste it.",
            )
        if media not in _TEXTS and not (media in _UNTOLD and name.lower().endswith(_SUFFIXES)):
            what = f"is {media}" if media else "does not say what it is"
            raise InputError(f"“{source}” {what}; links are read as Markdown or plain text only.", _SAVE)
        if not data.strip():
            raise InputError(f"“{source}” is empty.", _SAVE)
        text = _text(data, kind, source)
        if media in {"text/csv", "text/tab-separated-values"} or name.lower().endswith(tables.SUFFIXES):
            return tables.Reader(self._intake.read_text, name, source, None).read(text)
        # By its name, where the text has no title; but from then on by its address.
        found = self._intake.text_drafts(text, name)
        return [
            replace(each, script=replace(each.script, source=source)) if isinstance(each, Draft) else each
            for each in found
        ]


def shown(url: str) -> str:
    """An address without what may be secret in it: user, password, query."""
    parts = urlsplit(url) if _is_split(url) else None
    if parts is None or not parts.hostname:
        return url[:120]
    return f"{parts.hostname}{parts.path}".rstrip("/")[:120]


async def _body(answer: "httpx.Response", link: str) -> bytes:
    if answer.status_code != 200:
        meaning = answer.reason_phrase or "no reason given"
        raise InputError(f"“{shown(link)}” answers {answer.status_code} ({meaning}).", _LATER)
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise InputError(f"“{shown(link)}” is sent packed, and only unpacked text is taken.", _SAVE)
    data = bytearray()
    async for part in answer.aiter_raw():
        data += part
        if len(data) > _LARGEST:
            raise InputError(f"“{shown(link)}” is over {_LARGEST // 1_000_000} MB, too long for one episode.", _SAVE)
    return bytes(data)


async def _resolved(host: str, port: int, url: str, *, anywhere: bool) -> Address:
    """An address that may be asked. Raises `InputError` where one of the name's addresses may not."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(item[4][0]) for item in found]
    except (OSError, UnicodeError, ValueError) as error:
        raise InputError(
            f"There is no server called “{host[:80]}”, or the network is away.", "Check the address and the network."
        ) from error
    if not anywhere and not all(map(_is_public, addresses)):
        raise InputError(f"“{shown(url)}” is an address of this machine or of a private network.", _SAVE)
    if not addresses:
        raise _no_address(url)
    return addresses[0]


def _is_public(address: Address) -> bool:
    """Whether it is somewhere in the internet; what an address of IPv6 wraps counts."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if wrapped is not None:
            return _is_public(wrapped)
        if address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _split(url: str) -> SplitResult:
    if not _is_split(url):
        raise _no_address(url)
    parts = urlsplit(url)
    if not parts.hostname:
        raise _no_address(url)
    return parts


def _is_split(url: str) -> bool:
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def _no_address(url: str) -> InputError:
    return InputError(f"“{url[:120]}” is no address that can be read.", "Check it, or save the text as a file.")


def _unreachable(url: str, error: "httpx.HTTPError") -> InputError:
    import httpx

    if isinstance(error, httpx.TimeoutException):
        said = "does not answer"
    elif isinstance(error, httpx.ConnectError):
        said = f"cannot be reached ({str(error) or 'no connection'})"
    else:
        said = "broke off before everything had come"
    return InputError(f"“{shown(url)}” {said}.", _LATER)


def _text(data: bytes, kind: str, name: str) -> str:
    """By the encoding that the server names, where it is a known one; else as a file of that content."""
    named = _CHARSET.search(kind)
    if named and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            data = data.decode(named[1]).encode("utf-8", "replace")
        except (LookupError, UnicodeError, ValueError):
            return decode(data, name)
    return decode(data, name)
