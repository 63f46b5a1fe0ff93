"""Encrypted addresses: certificates are those of the name that is asked for, whatever address it stands for."""

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from studio.content.fetching import Fetcher
from studio.domain.errors import InputError
from tests.content.certificates import certificate

pytest.importorskip("cryptography")

BODY = b"The lamp was lit."


async def test_a_certificate_must_be_that_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path, "good.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                asked.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY))
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()

    async def named(host: Any, _port: Any, **_more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(loop, "getaddrinfo", named)
    fetcher = Fetcher([f"good.example:{port}", f"bad.example:{port}"], pace_s=0.0)
    for _ in range(2):
        assert (await fetcher.get(f"https://good.example:{port}/", 100, ask_rules=False)).data == BODY
    with pytest.raises(InputError, match="cannot be reached"):
        await fetcher.get(f"https://bad.example:{port}/", 100, ask_rules=False)
    assert len(asked) == 2  # the open connection to the same address is not used for another name
    await fetcher.close()
    listening.close()
    await listening.wait_closed()
