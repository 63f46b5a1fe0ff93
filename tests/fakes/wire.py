"""An ASGI server on real sockets, small enough that a connection can be broken at any byte.

It speaks HTTP/1.1 by h11. Beyond ASGI, `scope["extensions"]["wire"]` is the request's `Wire`.
"""

import asyncio
import socket
import struct
import traceback
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, TypeAlias

import h11

Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]


class GoneError(ConnectionError):
    """The customer has left, or we have cut the line."""


class Wire:
    """The connection under a request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.gone = asyncio.Event()
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.SERVER)
        self._arrived = asyncio.Event()
        writer.transport.set_write_buffer_limits(high=0)  # what `drain` has let through is in the socket

    @property
    def peer(self) -> int:
        """The customer's port: another connection has another one."""
        port: int = self._writer.get_extra_info("peername")[1]
        return port

    async def pump(self) -> None:
        """Feed the parser until the customer leaves, so that leaving is noticed in the middle of work too."""
        with suppress(ConnectionError):
            while data := await self._reader.read(65_536):
                self._http.receive_data(data)
                self._arrived.set()
        self.gone.set()
        self._arrived.set()

    def reset(self) -> None:
        """Break the connection at once: the other side gets a TCP reset, and what was not sent is lost."""
        wire: socket.socket = self._writer.get_extra_info("socket")
        with suppress(OSError):  # the other side was faster
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
        self.gone.set()

    def hang_up(self) -> None:
        """End the connection politely (FIN), whatever was promised."""
        self._writer.close()
        self.gone.set()

    async def serve(self, app: App, host: str, port: int) -> None:
        """Answer one request after the other."""
        while not self.gone.is_set():
            request = await self._next_event()
            if not isinstance(request, h11.Request):
                return
            target, _, query = request.target.partition(b"?")
            scope: Message = {
                "type": "http",
                "asgi": {"version": "3.0", "spec_version": "2.3"},
                "http_version": "1.1",
                "method": request.method.decode(),
                "scheme": "http",
                "path": target.decode(),
                "raw_path": target,
                "query_string": query,
                "headers": [(bytes(name), bytes(value)) for name, value in request.headers],
                "server": (host, port),
                "extensions": {"wire": self},
            }
            with suppress(GoneError):
                await app(scope, self._receive, self._send)
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _next_event(self) -> h11.Event | None:
        while True:
            self._arrived.clear()
            event = self._http.next_event()
            if event is not h11.NEED_DATA and event is not h11.PAUSED:
                return event if isinstance(event, h11.Event) else None
            if self.gone.is_set():
                return None
            await self._arrived.wait()

    async def _receive(self) -> Message:
        if self._http.their_state is h11.SEND_BODY:
            event = await self._next_event()
            if isinstance(event, h11.Data):
                return {"type": "http.request", "body": bytes(event.data), "more_body": True}
            if isinstance(event, h11.EndOfMessage):
                return {"type": "http.request", "body": b"", "more_body": False}
        else:
            await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._write(h11.Response(status_code=message["status"], headers=message["headers"]))
            return
        if message["body"]:
            await self._write(h11.Data(data=message["body"]))
        if not message.get("more_body"):
            await self._write(h11.EndOfMessage())

    async def _write(self, event: h11.Event) -> None:
        if self.gone.is_set():
            raise GoneError
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            try:
                await self._writer.drain()
            except ConnectionError as error:
                self.gone.set()
                raise GoneError from error


class Host:
    """Listens on a free or given port of this machine and hands requests to an ASGI app."""

    def __init__(self, app: App, host: str = "127.0.0.1", port: int = 0) -> None:
        self.problems: list[str] = []  # tracebacks: a test that caused one has found a fault of the fake
        self.host, self.port = host, port
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; `port` is the real one from then on."""
        self._server = await asyncio.start_server(self._greet, self.host, self.port, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and break what is open."""
        if self._server is not None:
            self._server.close()
        await asyncio.sleep(0)  # who has just been let in is greeted before the lights go out
        await settle(self._tasks)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in self._writers), return_exceptions=True)

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        wire = Wire(reader, writer)
        pump = asyncio.create_task(wire.pump())
        try:
            await wire.serve(self._app, self.host, self.port)
        except h11.RemoteProtocolError:
            pass  # the customer has left in the middle of a sentence
        except asyncio.CancelledError:
            wire.reset()  # and end here: the stop of the server is no failure of a connection
        except Exception:  # noqa: BLE001 - whatever the app did, the test must see it and the others go on
            self.problems.append(traceback.format_exc())
            wire.reset()
        finally:
            writer.close()
            with suppress(asyncio.CancelledError):  # by `stop`, which waits for the writers itself
                await settle([pump])
                with suppress(ConnectionError):
                    await writer.wait_closed()
                self._writers.discard(writer)
            self._tasks.discard(task)


async def settle(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they are over."""
    waiting = list(tasks)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
