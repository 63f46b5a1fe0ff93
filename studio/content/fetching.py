"""Reads what lies at an address: https only, never into a private network, with caps on size, time and hops."""

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from studio import __version__
from studio.content.addresses import joined, no_address, port_of, shown, split
from studio.content.connections import Connections, Failure, Guard, is_private_peer
from studio.content.robots import LARGEST_RULES, NAME, Courtesy
from studio.domain.errors import InputError
from studio.engine.clock import MachineClock
from studio.engine.ports import Clock

TOTAL_S: Final = 45.0
PACE_S: Final = 0.5
SAVE: Final = "Save what is there as a file, and give that."

_AGENT: Final = f"{NAME}/{__version__} (a podcast studio; reads what its user names as a source)"
_HOPS: Final = 5
_RULES_S: Final = 20.0
_SECURE: Final = "Give its https address, or save what is there as a file and give that."
_LATER: Final = "Look at the address in a browser, then try again."
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({429, 503})
_TRIES: Final = 3
_AT_ONCE: Final = 12  # answers
_HOLD_OFF_S: Final = (5.0, 60.0)  # where a busy server does not say how long, and the longest that is waited
_PIECE: Final = 256 * 1024  # bytes that are unpacked at once, so that nothing else waits for it


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: its bytes unpacked, its content type as the server names it, and where it was in the end.

    `private` says that it came from this machine or a private network because that was allowed: what it links to may
    lie there as well.
    """

    data: bytes
    kind: str
    address: str
    private: bool

    @property
    def media(self) -> str:
        """The content type alone, in small letters."""
        return self.kind.partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class _Question:
    most: int
    accept: str
    ask_rules: bool


class Fetcher:
    """Reads addresses over connections that are kept and shared. Close it.

    Every address, and every one that it redirects to, is judged anew, and the connection goes to the very address that
    was judged: a name cannot lead elsewhere a moment later.

    Args:
        trusted: `HOST:PORT` that may be asked without TLS and on this machine. For tests.
        total_s: Seconds for everything, redirects included, but without what a host asks to wait.
        pace_s: Seconds from one request to the next at the same host.
        clock: Time, for pace and what is remembered of a host.
    """

    def __init__(
        self,
        trusted: Collection[str] = (),
        total_s: float = TOTAL_S,
        pace_s: float = PACE_S,
        clock: Clock | None = None,
    ) -> None:
        self._trusted = frozenset(trusted)
        self._total_s = total_s
        self._clock = clock or MachineClock()
        self._courtesy = Courtesy(self._rules, self._clock, pace_s)
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._opening = asyncio.Lock()
        self._connections: dict[bool, Connections] = {}

    async def get(
        self, link: str, most: int, *, private: bool = False, ask_rules: bool = True, accept: str = "*/*"
    ) -> Fetched:
        """What lies at an address, at most `most` bytes. Raises `InputError` with its name and a cure.

        Args:
            link: The address.
            most: Bytes, unpacked.
            private: Whether it may lie on this machine or in a private network, and may do without TLS. What a public
                address redirects to may not.
            ask_rules: Whether its site's robots.txt is heeded: not where a person asks for this one address.
            accept: What content types are wanted, as the header says it.
        """
        try:
            async with asyncio.timeout(self._total_s) as limit:
                return await self._followed(link, _Question(most, accept, ask_rules), limit, private=private)
        except TimeoutError:
            raise InputError(f"“{shown(link)}” did not come within {self._total_s:.0f} s.", _LATER) from None

    async def close(self) -> None:
        """Close every connection."""
        for each in self._connections.values():
            await each.aclose()
        self._connections.clear()

    def permitted(self, link: str, *, private: bool) -> None:
        """Raise `InputError` for what is never asked, by how it is written alone."""
        parts = split(link)
        host = f"{parts.hostname}:{port_of(parts)}"
        plain = parts.scheme == "http" and (private or host in self._trusted)
        if parts.scheme != "https" and not plain:
            raise InputError(f"“{shown(link)}” does not begin with https://.", _SECURE)
        if parts.username or parts.password:
            raise InputError(f"“{shown(link)}” holds a user name.", SAVE)

    async def _followed(self, link: str, question: _Question, limit: asyncio.Timeout, *, private: bool) -> Fetched:
        url, hops, tries = link, 0, 1
        while hops <= _HOPS:
            self.permitted(url, private=private)
            if question.ask_rules:
                await self._courtesy.allows(url, private=private)
            connections = await self._over(private=private)
            async with self._turn(url, limit, private=private):
                try:
                    answer = await connections.handle_async_request(_request(url, question.accept))
                    try:
                        if answer.status_code in _BUSY and tries < _TRIES:
                            self._courtesy.hold_off(url, _asked_to_wait_s(answer, url))
                            tries += 1
                            continue
                        private = private and is_private_peer(answer)
                        if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                            data = await _body(answer, link, question.most)
                            return Fetched(data, answer.headers.get("content-type", ""), url, private)
                        url, hops = joined(url, answer.headers["location"]), hops + 1
                    finally:
                        await answer.aclose()
                except Failure as error:
                    raise _unreachable(url, error) from error
        raise InputError(f"“{shown(link)}” leads from one address to the next without an end.", SAVE)

    @asynccontextmanager
    async def _turn(self, url: str, limit: asyncio.Timeout, *, private: bool) -> AsyncIterator[None]:
        """When a host may be asked and not too many are; until then no time counts."""
        loop, until = asyncio.get_running_loop(), limit.when()
        left_s = until - loop.time() if until is not None else None
        limit.reschedule(None)
        wait_s = self._courtesy.wait_s(url, private=private)
        if wait_s > 0:
            await self._clock.sleep(wait_s)
        async with self._places:
            if left_s is not None:
                limit.reschedule(loop.time() + left_s)
            yield

    async def _over(self, *, private: bool) -> Connections:
        async with self._opening:
            if private not in self._connections:
                # Reading every certificate there is takes longer than the window may wait.
                certificates = await asyncio.to_thread(httpx.create_ssl_context)
                self._connections[private] = Connections(Guard(self._trusted, private=private), certificates)
            return self._connections[private]

    async def _rules(self, url: str, private: bool) -> str | None:
        """The rules at an address, for `Courtesy`: no rules behind a 4xx, none to be had behind the rest (RFC 9309).

        Raises `InputError` where the host itself may not be asked, or is not there.
        """
        asked = url
        try:
            async with asyncio.timeout(_RULES_S):
                for _ in range(_HOPS + 1):
                    self.permitted(asked, private=private)
                    connections = await self._over(private=private)
                    answer = await connections.handle_async_request(_request(asked, "text/plain"))
                    try:
                        if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                            return await _rules_in(answer)
                        private = private and is_private_peer(answer)
                        asked = joined(asked, answer.headers["location"])
                    finally:
                        await answer.aclose()
        except (*Failure, TimeoutError) as error:
            if isinstance(error, httpcore.ConnectError) and asked == url:
                raise _unreachable(url.removesuffix("/robots.txt"), error) from error
            return None
        except InputError:
            if asked == url:
                raise
            return None
        return ""  # what leads nowhere counts as none


def _request(url: str, accept: str) -> httpx.Request:
    try:
        return httpx.Request("GET", url, headers={"User-Agent": _AGENT, "Accept": accept, "Accept-Encoding": "gzip"})
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise no_address(url) from error


async def _body(answer: httpx.Response, link: str, most: int) -> bytes:
    if answer.status_code != 200:
        meaning = answer.reason_phrase or "no reason given"
        raise InputError(f"“{shown(link)}” answers {answer.status_code} ({meaning}).", _LATER)
    too_long = InputError(f"“{shown(link)}” is over {most // 1_000_000} MB, too much to be read at once.", SAVE)
    if answer.headers.get("content-length", "0").isdecimal() and int(answer.headers.get("content-length", 0)) > most:
        raise too_long
    data = bytearray()
    try:
        async for part in _unpacked(answer):
            data += part
            if len(data) > most:
                raise too_long
    except zlib.error as error:
        raise InputError(f"“{shown(link)}” is sent packed in a way that cannot be unpacked.", SAVE) from error
    return bytes(data)


async def _rules_in(answer: httpx.Response) -> str | None:
    """The beginning of the rules; empty where there are none, None where a server cannot say."""
    if answer.status_code != 200:
        return "" if answer.status_code < 500 and answer.status_code != 429 else None
    data = bytearray()
    with suppress(zlib.error):  # what came before holds
        async for part in _unpacked(answer):
            data += part
            if len(data) > LARGEST_RULES:
                break
    return data[:LARGEST_RULES].decode("utf-8", "replace").removeprefix("\ufeff")


async def _unpacked(answer: httpx.Response) -> AsyncIterator[bytes]:
    """The body in pieces no larger than what a moment can take, however much a few bytes of it unpack to."""
    coding = answer.headers.get("content-encoding", "identity").strip().lower()
    if coding in {"identity", ""}:
        async for part in answer.aiter_raw():
            yield part
        return
    if coding not in {"gzip", "x-gzip"}:
        raise zlib.error(f"packed as {coding}")
    gunzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    async for packed in answer.aiter_raw():
        left = packed
        while left:
            yield gunzip.decompress(left, _PIECE)
            left = gunzip.unconsumed_tail
            if gunzip.eof and gunzip.unused_data:  # another member follows
                left, gunzip = gunzip.unused_data, zlib.decompressobj(zlib.MAX_WBITS | 16)
            await asyncio.sleep(0)
    if not gunzip.eof:
        raise zlib.error("cut off")


def _asked_to_wait_s(answer: httpx.Response, url: str) -> float:
    usual_s, longest_s = _HOLD_OFF_S
    said = answer.headers.get("retry-after", "")
    seconds = float(said) if said.isdecimal() and len(said) < 9 else usual_s
    if seconds > longest_s:
        meaning = answer.reason_phrase or "busy"
        raise InputError(
            f"“{shown(url)}” answers {answer.status_code} ({meaning}) and asks to wait {seconds:,.0f} s.",
            "Try again then.",
        )
    return seconds


def _unreachable(url: str, error: Exception) -> InputError:
    if isinstance(error, httpcore.TimeoutException):
        said = "does not answer"
    elif isinstance(error, httpcore.ConnectError):
        said = f"cannot be reached: {_why(error)}"
    else:
        said = "broke off before everything had come"
    return InputError(f"“{shown(url)}” {said}.", _LATER)


def _why(error: BaseException) -> str:
    """What kept a connection from being made, by the first of its causes that says so."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({cause.verify_message.rstrip('.')})"
        if isinstance(cause, ssl.SSLError):
            return "it does not encrypt as it should"
        if isinstance(cause, ConnectionRefusedError):
            return "no server runs there"
        cause = cause.__cause__ or cause.__context__
    return "no connection comes about"
