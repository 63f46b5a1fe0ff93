"""Connections that lead only where they may: a name is looked up once, judged, and that very address is connected to.

The name stays the one that is asked for, so that certificates are checked against it and a connection that is kept
open is used again for the same name only.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Collection, Iterable
from typing import Any, Final

import httpcore
import httpx

from studio.content.addresses import Address, is_forbidden, is_public
from studio.domain.errors import InputError

Failure: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)
"""What a connection can fail with."""

_MOST: Final = 16
_IDLE: Final = 8
_IDLE_S: Final = 30.0
_TRIED: Final = 3  # addresses of one name
_TIMES: Final = {"connect": 10.0, "read": 20.0, "write": 10.0, "pool": 60.0}
_SAVE: Final = "Save what is there as a file, and give that."


class Guard(httpcore.AsyncNetworkBackend):
    """Looks names up, judges what they stand for, and connects.

    Args:
        trusted: `HOST:PORT` that may be anywhere.
        private: Whether this machine and private networks may be asked.
    """

    def __init__(self, trusted: Collection[str], *, private: bool) -> None:
        self._trusted = trusted
        self._private = private
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own signature)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to an address of `host` that may be asked. Raises `InputError`, or what `Failure` holds."""
        addresses = await _looked_up(host, port)
        self._judge(addresses, host, port)
        failed: Exception | None = None
        for address in addresses[:_TRIED]:
            try:
                return await self._network.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = failed or error
        raise failed or httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def _judge(self, addresses: Collection[Address], host: str, port: int) -> None:
        if f"{host}:{port}" in self._trusted:
            return
        if any(map(is_forbidden, addresses)):
            raise InputError(f"“{host}” is an address that no source can lie behind.", _SAVE)
        if not self._private and not all(map(is_public, addresses)):
            raise InputError(f"“{host}” is an address of this machine or of a private network.", _SAVE)


class Connections(httpx.AsyncBaseTransport):
    """Requests over connections that a guard makes, kept open for the next one to the same host."""

    def __init__(self, guard: Guard, certificates: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=certificates,
            max_connections=_MOST,
            max_keepalive_connections=_IDLE,
            keepalive_expiry=_IDLE_S,
            network_backend=guard,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body still to be read; close it. Raises `InputError`, or what `Failure` holds."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        asked = httpcore.Request(
            request.method, url, headers=request.headers.raw, content=request.stream, extensions={"timeout": _TIMES}
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def is_private_peer(answer: httpx.Response) -> bool:
    """Whether an answer came from this machine or a private network."""
    try:
        peer = answer.extensions["network_stream"].get_extra_info("server_addr")
    except OSError:  # gone already
        peer = None
    return peer is not None and not is_public(ipaddress.ip_address(peer[0].partition("%")[0]))


async def _looked_up(host: str, port: int) -> list[Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    except (OSError, UnicodeError, ValueError):
        addresses = []
    if not addresses:
        raise InputError(
            f"There is no server called “{host[:80]}”, or the network is away.", "Check the address and the network."
        )
    return list(dict.fromkeys(addresses))
