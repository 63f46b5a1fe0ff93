"""A web server over real sockets that says what a test tells it to, and remembers what it was asked."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Said = bytes | None | str
"""Bytes are sent as they are; None is a head and a body that never ends; a string is sent for ever."""


@dataclass
class Server:
    """Where it listens (`HOST:PORT`), the heads of what it was asked, and how many connections were made."""

    at: str = ""
    asked: list[str] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str) -> str:
        return f"http://{self.at}{path}"

    @property
    def paths(self) -> list[str]:
        return [head.split()[1] for head in self.asked]


def ok(body: bytes | str, kind: str = "text/markdown", *more: str, status: str = "200 OK") -> bytes:
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(data)}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def packed(body: bytes, kind: str = "text/plain") -> bytes:
    return ok(gzip.compress(body), kind, "Content-Encoding: gzip")


def failed(status: str, *more: str) -> bytes:
    return ok(b"", "text/plain", *more, status=status)


def moved(to: str) -> bytes:
    return failed("302 Found", f"Location: {to}")


@asynccontextmanager
async def server(answer: Callable[[str], Said]) -> AsyncIterator[Server]:
    """Answers by the path. What is not there (KeyError) is a 404."""
    made = Server()
    alive: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.connections += 1
        alive.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                made.asked.append(head)
                try:
                    said = answer(head.split()[1])
                except KeyError:
                    said = failed("404 Not Found")
                if said is None:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nIt begins, and")
                    await writer.drain()
                    return
                if isinstance(said, str):
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
                    while True:
                        writer.write(said.encode() * 1000)
                        await writer.drain()
                writer.write(said)
                await writer.drain()
                if b"Content-Length" not in said or b"cut" in said[-3:]:
                    writer.close()
                    return

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()[:2]
    made.at = f"{host}:{port}"
    try:
        yield made
    finally:
        for writer in alive:
            writer.close()
        listening.close()
        await listening.wait_closed()
