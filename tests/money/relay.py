"""A line between the program and the server that can be cut: the network of a laptop that goes to sleep."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Passes bytes both ways. `cut` breaks every connection on the program's side; the server notices only then."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._over = asyncio.Event()
        self.ready = threading.Event()
        self.base_url = ""

    def run(self) -> None:
        """Until `end`."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    def cut(self) -> None:
        """Break every connection, as far as it can be told."""
        done = threading.Event()

        def reset() -> None:
            for writer in self._writers:
                wire: socket.socket = writer.get_extra_info("socket")
                with suppress(OSError):
                    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(reset)
        done.wait()

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._greet, "127.0.0.1", 0)
        self.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.ready.set()
        await self._over.wait()
        server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.add(writer)
        try:
            with suppress(asyncio.CancelledError):
                await asyncio.gather(_pass(reader, back), _pass(there, writer))
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            for end in (writer, back):
                end.transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextmanager
def relay(port: int) -> Iterator[Relay]:
    """A relay to this port, as long as the `with` lasts."""
    line = Relay(port)
    thread = threading.Thread(target=line.run, name="relay")
    thread.start()
    line.ready.wait()
    try:
        yield line
    finally:
        line.end()
        thread.join()
