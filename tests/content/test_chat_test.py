"""A writer's address, model and key are tried there and then: for nothing, or for a word where that is asked for."""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from studio.app import resources
from studio.content.chat_endpoint import Patience
from studio.content.writers import Writers
from studio.domain.errors import SettingError
from studio.domain.purchase import CallError, Trouble
from studio.domain.settings import Settings
from studio.domain.writing import WriterAnswer
from tests.content.certificates import certificate
from tests.fakes.chat_server import KEY, chat_server
from tests.money.parts import Threads

TYPED = "sk-typed-0123456789abcdef"


async def answer(
    url: str, model: str = "", *, key: str = "", kept: str = "", word: bool = False, patience: Patience | None = None
) -> WriterAnswer:
    async def of_now() -> str:
        return kept

    writers = Writers(Threads(), resources(), of_now, patience)
    settings = Settings().with_values({"writer": url, "writer_model": model})
    return await writers.test(settings, key, say_a_word=word)


async def refused(url: str, model: str = "", **how: object) -> CallError:
    with pytest.raises(CallError) as caught:
        await answer(url, model, **how)  # type: ignore[arg-type]
    assert caught.value.__context__ is None or caught.value.__suppress_context__  # nothing hangs on it that has the key
    return caught.value


async def test_what_works_names_the_models_and_costs_nothing() -> None:
    with chat_server(models=("storyteller-8b", "embed-small", "storyteller-70b:latest")) as server:
        assert await answer(server.url) == WriterAnswer(
            "storyteller-8b", ["storyteller-8b", "embed-small", "storyteller-70b:latest"]
        )
        assert (await answer(server.url, "Storyteller-70B")).model == "Storyteller-70B"  # the server takes it
        assert (await answer(f"{server.url}/chat/completions", "storyteller-8b")).model == "storyteller-8b"
        assert not server.asked
        assert not server.micro


async def test_a_word_is_said_only_when_it_is_asked_for() -> None:
    with chat_server() as server:
        said = await answer(server.url, word=True)
        assert (said.model, said.spoke) == ("storyteller-8b", True)
        assert said.tokens > 0
        (asked,) = server.asked
        assert asked.body["max_tokens"] == 1
    # Also of a server that refuses parts of the question, or thinks.
    with chat_server(unknown=frozenset({"max_tokens", "seed"}), thinks="field") as server:
        assert (await answer(server.url, word=True)).spoke


async def test_a_server_that_keeps_no_list_may_say_a_word() -> None:
    with chat_server(lists=False) as server:
        error = await refused(server.url, "storyteller-8b")
        assert f"There is no list of models at {server.url}." in error.message
        assert "have it say a word" in error.remedy
        assert not server.asked
        said = await answer(server.url, "storyteller-8b", word=True)
        assert (said.models, said.spoke) == (None, True)
        error = await refused(server.url.replace("/v1", "/v2"), "storyteller-8b", word=True)
        assert "neither a list of models nor a chat" in error.message


async def test_a_model_that_is_not_there_is_answered_with_those_that_are() -> None:
    names = tuple(f"tale-{number}" for number in range(20))
    with chat_server(models=names) as server:
        error = await refused(server.url, "story")
        assert error.message == f"The server at {server.name} has no model “story”."
        assert "tale-0, tale-1" in error.remedy
        assert "and 12 more" in error.remedy
        assert "It has tale-19, tale-0," in (await refused(server.url, "e-19")).remedy  # what is called like it first
    with chat_server(models=()) as server:
        assert "none at all" in (await refused(server.url, "story")).remedy
        assert "names no chat model" in (await refused(server.url)).message


async def test_a_key_is_refused_or_taken_and_comes_out_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with chat_server(key=KEY) as server:
        for key in (TYPED, ""):
            error = await refused(server.url, key=key, kept="" if key else TYPED)
            assert error.trouble is Trouble.KEY
            assert "does not accept the API key" in error.message
            assert "Enter a valid key" in error.remedy
            for secret in (TYPED, KEY):
                assert secret not in str(error) + repr(error) + caplog.text
        assert (await answer(server.url, key=KEY, kept=TYPED)).models  # the typed one goes before the one that is kept
        assert (await answer(server.url, kept=KEY)).models


@pytest.mark.parametrize("word", [False, True])
async def test_where_nothing_listens_that_is_said(word: bool) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        error = await refused(f"http://127.0.0.1:{held.getsockname()[1]}/v1", "x", word=word)
    assert error.trouble is Trouble.OFFLINE
    assert "cannot be reached" in error.message
    error = await refused("https://nobody.invalid/v1", "x", word=word)
    assert "nobody.invalid cannot be reached" in error.message


async def test_an_address_that_is_none_and_the_built_in_writer() -> None:
    for url, words in (("builtin", "asks no model"), ("http://user:pass@127.0.0.1/v1", "is not the address")):
        settings = Settings().with_values({"writer": url}) if url == "builtin" else Settings(writer=url)
        with pytest.raises(SettingError, match=words):
            await Writers(Threads(), resources(), _none).test(settings)


@asynccontextmanager
async def listening(reply: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Answers everything with the same bytes, or with nothing at all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(1)
            if reply:
                writer.write(reply)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>hi</html>", "something that cannot be read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "something that cannot be read"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", "not followed"),
        (b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", "still loading"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "broke off its answer"),
        (b"", "broke off its answer"),
    ],
)
async def test_what_answers_and_is_no_model_is_one_sentence(reply: bytes, words: str) -> None:
    async with listening(reply) as port:
        error = await refused(f"http://127.0.0.1:{port}/v1", "x")
    assert words in error.message
    assert error.remedy.endswith(".")
    assert error.message.endswith(".")
    assert "by itself" not in error.remedy or error.trouble is Trouble.BUSY  # nobody tries again here


async def test_a_server_that_says_nothing_is_not_waited_for_long() -> None:
    silent = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await silent.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    error = await refused(f"http://127.0.0.1:{port}/v1", "x", patience=Patience(read_s=0.2))
    assert "took too long" in error.message
    silent.set()
    server.close()


async def test_tls_that_fails_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cryptography")
    path = certificate(tmp_path, "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    listed = b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{"data":[{"id":"x"}]}'
    async with listening(listed, context) as port:
        error = await refused(f"https://localhost:{port}/v1", "x")  # nobody has vouched for it
        assert error.trouble is Trouble.OFFLINE
        assert f"The certificate of localhost:{port} cannot be trusted" in error.message
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert (await answer(f"https://localhost:{port}/v1", "x")).models == ["x"]
        error = await refused(f"https://127.0.0.1:{port}/v1", "x")  # made for another name
        assert "cannot be trusted" in error.message
        error = await refused(f"http://localhost:{port}/v1", "x")
        assert "https://" in error.remedy
    async with listening(listed) as port:
        error = await refused(f"https://127.0.0.1:{port}/v1", "x")
        assert "does not speak TLS" in error.message
        assert "http://" in error.remedy


async def _none() -> str:
    return ""
