"""A chat model behind a server that means no good, or knows no better: every answer is whole, or a sentence and a cure.

The bytes are written by hand: what a server framework would put right before it leaves is what has to arrive here.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from studio.content.chat import ChatModel
from studio.content.chat_endpoint import Address, Endpoint, Patience
from studio.content.outline import json_of
from studio.domain.purchase import CallError, Trouble
from studio.domain.writing import Completion, Prompt, Role

PROMPT = Prompt("m", ((Role.USER, "Say it."),), most_tokens=50, temperature=0.0, seed=1)
SAID = "Naïve café — it rains on “Ōsaka” 🎧."
EVENTS, PACKED = "text/event-stream", "Content-Encoding: gzip"
DEEP = "[" * 200_000


def event(delta: dict[str, Any] | None = None, finish: str | None = None, **more: Any) -> bytes:
    choices = more.pop("choices", [{"index": 0, "delta": delta or {}, "finish_reason": finish}])
    return b"data: " + json.dumps({"choices": choices, **more}, ensure_ascii=False).encode() + b"\n\n"


STREAM = event({"role": "assistant", "content": SAID}) + event({}, "stop") + b"data: [DONE]\n\n"
DOCUMENT: dict[str, Any] = {"choices": [{"index": 0, "message": {"content": SAID}, "finish_reason": "stop"}]}


def head(kind: str = "text/event-stream", *more: str, status: str = "200 OK") -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *more)
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def chunked(body: bytes, size: int) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts) + b"0\r\n\r\n"


@asynccontextmanager
async def model_of(answers: Sequence[bytes], *, piece: int = 0, keep: bool = False) -> AsyncIterator[ChatModel]:
    """A model whose server gives these answers in turn, in pieces of so many bytes; with `keep` it says that it stays
    connected, and hangs up all the same.
    """
    turn = iter(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in asked.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            answer = next(turn)
            for at in range(0, len(answer), piece or len(answer) or 1):
                writer.write(answer[at : at + (piece or len(answer))])
                await writer.drain()
                if piece:
                    await asyncio.sleep(0)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def key() -> str:
        return ""

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    endpoint = Endpoint(Address.parse(f"http://127.0.0.1:{port}/v1"), key, Patience(silence_s=20.0))
    try:
        yield ChatModel(endpoint, (0.15, 0.6))
    finally:
        await endpoint.close()
        server.close()
        await server.wait_closed()
    assert keep or next(turn, None) is None


async def said(*answers: bytes, piece: int = 0) -> Completion:
    async with model_of(answers, piece=piece) as model:
        return await model.answer(PROMPT, lambda _: None)


@pytest.mark.parametrize(
    ("answer", "piece"),
    [
        (head() + STREAM, 1),  # every character of several bytes is cut
        (head("text/event-stream; charset=utf-8", "Transfer-Encoding: chunked") + chunked(STREAM, 3), 0),
        (head(EVENTS, PACKED) + gzip.compress(STREAM), 5),
        (head("application/json", PACKED) + gzip.compress(json.dumps(DOCUMENT).encode()), 0),
        (head("application/json") + STREAM, 0),  # streams, and calls it a document
        (head("text/plain") + json.dumps(DOCUMENT, indent=2).encode(), 0),  # a document that says nothing of itself
        (head("application/json") + b"\xef\xbb\xbf" + json.dumps(DOCUMENT).encode(), 0),
        (head("application/x-ndjson") + STREAM.replace(b"data: ", b""), 7),
        (head() + b"\xef\xbb\xbf" + STREAM, 0),
        (head() + STREAM + b"data: {what follows is nobody's\n\n" + b"\0" * 99, 0),
        (head() + event(choices=[]) + event(choices=None) + event(usage=None) + STREAM, 0),
        (head() + event({"content": None, "tool_calls": None}) + event({"content": ""}) + STREAM, 0),
        (head() + event({"content": [{"type": "text", "text": SAID}]}) + event({}, "stop"), 0),
        (head() + event({"content": SAID}) + event({}, "stop") + event(choices=[{"index": 1, "text": "no"}]), 0),
        (head() + event({"reasoning_content": "Let me see."}) + event({"reasoning": "So."}) + STREAM, 0),
        (head() + STREAM.replace(b"\n\n", b"\r\r"), 0),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + head() + STREAM, 0),
    ],
)
async def test_what_is_whole_is_understood(answer: bytes, piece: int) -> None:
    assert (await said(answer, piece=piece)).text == SAID


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (head() + event({"content": SAID}), Trouble.CUT),  # neither an end nor [DONE]
        (head() + event({"content": SAID}) + b"data: " + DEEP.encode() + b"\n\n", Trouble.BROKEN),
        (head() + b'data: {"choices": [{"delta": {"content": ' + b"9" * 9_000 + b"}}]}\n\n", Trouble.BROKEN),
        (head("application/json") + b'{"a": ' + DEEP.encode(), Trouble.BROKEN),
        (head("application/json") + b'{"detail": "Internal"}', Trouble.CUT),
        (head("text/html") + b"<!doctype html><title>Sign in</title>data: hello", Trouble.BROKEN),
        (head("text/html", status="200 OK") + b"<html>" + b"<p>data</p>\n" * 10_000, Trouble.BROKEN),
        (head(), Trouble.BROKEN),
        (head(EVENTS, PACKED) + b"no gzip at all", Trouble.BROKEN),
        (head(EVENTS, PACKED) + gzip.compress(STREAM)[:-20], Trouble.BROKEN),
        (
            head(EVENTS, PACKED) + gzip.compress(b"data: " + b" " * 9_000_000),
            Trouble.CUT,
        ),
        (head("text/event-stream", "Transfer-Encoding: chunked") + b"zz\r\n" + STREAM, Trouble.CUT),
        (head("text/event-stream", "Content-Length: 999999") + STREAM.partition(b"data: [DONE]")[0][:60], Trouble.CUT),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Trouble.CUT),
        (b"", Trouble.CUT),
        (head(status="302 Found"), Trouble.REFUSED),
        (head("application/json", status="404 Not Found") + b'{"error": ' + DEEP.encode(), Trouble.REFUSED),
    ],
)
async def test_what_is_not_is_a_sentence_and_a_cure(answer: bytes, trouble: Trouble) -> None:
    with pytest.raises(CallError) as caught:
        await said(answer)
    assert caught.value.trouble is trouble
    assert caught.value.message[-1] in ".!?…"
    assert caught.value.remedy


async def test_a_tool_that_nobody_offered_is_no_text() -> None:
    call = {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "search", "arguments": "{}"}}]}
    completion = await said(head() + event(call) + event({}, "tool_calls") + b"data: [DONE]\n\n")
    assert (completion.text, completion.refusal, completion.cut) == ("", "", False)


async def test_a_server_that_hangs_up_after_every_answer_is_asked_anew() -> None:
    stays = head("application/json").replace(b"Connection: close", b"Connection: keep-alive")
    body = json.dumps(DOCUMENT).encode()
    answer = stays[:-2] + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    async with model_of([answer] * 3) as model:
        for _ in range(3):
            assert (await model.answer(PROMPT, lambda _: None)).text == SAID
            await asyncio.sleep(0.02)  # the server's goodbye is on its way


def test_an_outline_of_brackets_is_none() -> None:
    assert json_of('{"sections": ' + DEEP, {"sections"}) is None
    assert json_of('{"sections": ' + "9" * 9_000 + "}", {"sections"}) is None
