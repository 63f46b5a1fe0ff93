"""A chat model on a socket of this machine: streams as the OpenAI protocol does, with the troubles that servers have.

with chat_server(seed=3) as server:
    server.schedule({2: "cut", 5: "429"})
    ...                                         # talk to server.url
    assert server.micro == what_was_paid
"""

import asyncio
import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, cast

from tests.fakes.chat_author import Author, identity, kind_of
from tests.fakes.wire import GoneError, Host, Message, Receive, Send, Wire

KEY = "sk-local-0123456789abcdef"
# Kinds of faults. What was charged all the same: a cut stream as far as it came, a runaway up to the bound.
PASSING = ("429", "429_after", "slots", "500", "503", "reset", "cut", "hang_up", "error_in_stream", "malformed", "html")
ODD = ("bad_json", "empty", "length")
HOPELESS = ("refusal", "refusal_text", "filter", "runaway")
_ERRORS: Mapping[str, tuple[int, dict[str, Any], dict[str, str]]] = {
    "429": (429, {"message": "Rate limit reached for requests.", "code": "rate_limit_exceeded"}, {}),
    "429_after": (429, {"message": "Slow down.", "code": "rate_limit_exceeded"}, {"retry-after": "0"}),
    "slots": (429, {"message": "Too many concurrent requests.", "code": "rate_limit_exceeded"}, {}),
    "quota": (429, {"message": "You exceeded your current quota.", "code": "insufficient_quota"}, {}),
    "500": (500, {"message": "The server had an error.", "type": "server_error"}, {}),
    "503": (503, {"message": "Loading model", "type": "unavailable_error"}, {}),
    "401": (401, {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}, {}),
}
_REFUSAL = "I'm sorry, but I can't help with that."
_PIECE = 8  # words an event


@dataclass
class Asked:
    """One question as it came in, and what became of it."""

    number: int
    kind: str
    identity: str
    body: dict[str, Any]
    outcome: str = "ok"
    whole: bool = False  # the answer went out to its last byte
    prompt_tokens: int = 0
    completion_tokens: int = 0
    micro: int = 0


@dataclass
class Options:
    """How it behaves; may be changed while it runs.

    `unknown` are parts of a request that it refuses. `rate` is the share of questions that meet one of `kinds`.
    """

    seed: int = 0
    spread: float = 0.3
    prices: tuple[float, float] = (0.15, 0.6)
    key: str = ""
    models: tuple[str, ...] = ("storyteller-8b",)
    lists: bool = True  # its models; else it knows no such path
    stream: bool = True
    usage: bool = True
    done: bool = True
    crlf: bool = False
    comments: bool = False
    space: bool = True  # after “data:”
    thinks: str = ""  # "field", "tags" or nothing
    unknown: frozenset[str] = frozenset()
    delay_s: float = 0.0
    rate: float = 0.0
    kinds: tuple[str, ...] = PASSING
    faults: dict[int, str] = field(default_factory=dict)
    by_text: dict[str, str] = field(default_factory=dict)  # what a question holds -> what it meets


class ChatServer:
    """The ASGI callable, and what a test sees of it."""

    def __init__(self, options: Options) -> None:
        self.holds = False  # keeps every answer back for as long as it is set
        self.options = options
        self.host = Host(self)
        self.asked: list[Asked] = []
        self.peak = self._now = 0
        self.connections: set[int] = set()  # by the customer's port
        self._author = Author(options.seed, options.spread)
        self._chance = random.Random(options.seed)

    @property
    def url(self) -> str:
        """The address up to the version."""
        return f"http://{self.host.host}:{self.host.port}/v1"

    @property
    def name(self) -> str:
        """Host and port."""
        return f"{self.host.host}:{self.host.port}"

    @property
    def micro(self) -> int:
        """Charged in all, in micro-dollars."""
        return sum(each.micro for each in self.asked)

    def schedule(self, faults: Mapping[int, str]) -> None:
        """Faults for the nth questions, counted from 1."""
        self.options.faults.update(faults)

    def paid_twice(self) -> list[str]:
        """Questions that were answered in full, and so charged, more than once."""
        whole = [each.identity for each in self.asked if each.whole]
        return [each for each in set(whole) if whole.count(each) > 1]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        wire = cast(Wire, scope["extensions"]["wire"])
        self.connections.add(wire.peer)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        body = await _body(receive)
        if self.options.key and headers.get("authorization") != f"Bearer {self.options.key}":
            await _reply(send, *_error("401"))
        elif scope["path"] == "/v1/models" and self.options.lists:
            await _reply(send, 200, {"object": "list", "data": [{"id": name} for name in self.options.models]})
        elif scope["path"] == "/v1/chat/completions" and scope["method"] == "POST":
            await self._chat(json.loads(body), wire, send)
        else:
            await _reply(send, 404, {"error": {"message": "Not found"}})

    async def _chat(self, body: dict[str, Any], wire: Wire, send: Send) -> None:
        for name in self.options.unknown:
            if name in body:
                hint = ". Use 'max_completion_tokens' instead." if name == "max_tokens" else ""
                await _reply(send, 400, {"error": {"message": f"Unsupported parameter: '{name}'{hint}", "param": name}})
                return
        asked = Asked(len(self.asked) + 1, kind_of(body), identity(body), body)
        self.asked.append(asked)
        fault = self._fault(asked)
        self._now += 1
        self.peak = max(self.peak, self._now)
        try:
            if self.options.delay_s:
                await asyncio.sleep(self.options.delay_s)
            while self.holds:  # noqa: ASYNC110  (it is set in another thread)
                await asyncio.sleep(0.005)
            await self._answer(asked, fault, wire, send)
        except GoneError:
            asked.outcome = f"{asked.outcome}, customer left"
            raise
        finally:
            self._now -= 1

    def _fault(self, asked: Asked) -> str:
        texts = " ".join(str(each["content"]) for each in asked.body["messages"])
        told = next((fault for text, fault in self.options.by_text.items() if text in texts), "")
        fault = told or self.options.faults.get(asked.number, "")
        if not fault and self._chance.random() < self.options.rate:
            fault = self._chance.choice(self.options.kinds)
        asked.outcome = fault or "ok"
        return fault

    async def _answer(self, asked: Asked, fault: str, wire: Wire, send: Send) -> None:
        if fault in _ERRORS:
            status, document, headers = _error(fault)
            await _reply(send, status, document, headers)
            return
        if fault == "reset":
            wire.reset()
            raise GoneError
        if fault == "html":
            await _reply(send, 200, b"<html><body>Welcome to the gateway</body></html>")
            return
        text = self._text(asked, fault)
        asked.prompt_tokens = sum(len(str(each["content"])) for each in asked.body["messages"]) // 4 + 7
        if self.options.stream and asked.body.get("stream"):
            await self._stream(asked, fault, text, wire, send)
        else:
            self._charge(asked, text)
            message = {"role": "assistant", "content": text}
            document = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], **self._usage(asked)}
            await _reply(send, 200, {"model": asked.body["model"], **document})
            asked.whole = True

    def _text(self, asked: Asked, fault: str) -> str:
        if fault in {"refusal", "empty", "filter"}:
            return ""
        if fault == "refusal_text":
            return _REFUSAL
        text = self._author.answer(asked.body)
        if fault == "bad_json" and text.startswith("{"):
            return f"Here you are:\n```json\n{text[: len(text) * 2 // 3]}"
        return f"<think>Let me see, {asked.kind}.</think>\n{text}" if self.options.thinks == "tags" else text

    async def _stream(self, asked: Asked, fault: str, text: str, wire: Wire, send: Send) -> None:
        await _start(send, 200, {"content-type": "text/event-stream"})
        if self.options.comments:
            await _more(send, b": keep-alive\n\nevent: message\nid: 7\n")
        if self.options.thinks == "field":
            await self._event(asked, send, {"reasoning_content": "Let me see."})
        pieces = _pieces(text)
        most = int(asked.body.get("max_tokens") or asked.body.get("max_completion_tokens") or 0)
        said = ""
        for number, piece in enumerate(pieces):
            if fault in {"cut", "hang_up", "error_in_stream", "malformed", "length"} and number >= len(pieces) / 2:
                break
            await self._event(asked, send, {"content": piece})
            said += piece
            self._charge(asked, said)
        while fault == "runaway":
            self._charge(asked, said, most)
            await self._event(asked, send, {"content": "and so on and on, without an end, "})
            said += " word" * _PIECE
        if fault in {"cut", "hang_up"}:
            (wire.reset if fault == "cut" else wire.hang_up)()
            raise GoneError
        if fault == "error_in_stream":
            await _more(send, b'data: {"error": {"message": "worker died", "type": "server_error"}}\n\n')
        elif fault == "malformed":
            await _more(send, b'data: {"choices": [{"delta": {"con\n\n')
        else:
            if fault == "refusal":
                await self._event(asked, send, {"refusal": _REFUSAL})
            finish = {"length": "length", "filter": "content_filter"}.get(fault, "stop")
            await self._event(asked, send, {}, finish)
            if self.options.usage and asked.body.get("stream_options", {}).get("include_usage"):
                await _more(send, self._framed({"choices": [], **self._usage(asked)}))
            if self.options.done:
                await _more(send, b"data: [DONE]\n\n")
            asked.whole = True
        await send({"type": "http.response.body", "body": b""})

    async def _event(self, asked: Asked, send: Send, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        document = {"model": asked.body["model"], "object": "chat.completion.chunk", "choices": [choice]}
        await _more(send, self._framed(document))

    def _framed(self, document: dict[str, Any]) -> bytes:
        end = "\r\n" if self.options.crlf else "\n"
        return f"data:{' ' if self.options.space else ''}{json.dumps(document)}{end}{end}".encode()

    def _charge(self, asked: Asked, said: str, most: int = 0) -> None:
        tokens = ceil(len(said.split()) * 1.3)
        asked.completion_tokens = min(tokens, most) if most else tokens
        asked_price, answered_price = (Fraction(str(price)) for price in self.options.prices)
        asked.micro = ceil(asked.prompt_tokens * asked_price + asked.completion_tokens * answered_price)

    def _usage(self, asked: Asked) -> dict[str, Any]:
        if not asked.micro:
            self._charge(asked, "")
        if not self.options.usage:
            return {}
        return {"usage": {"prompt_tokens": asked.prompt_tokens, "completion_tokens": asked.completion_tokens}}


def _pieces(text: str) -> list[str]:
    words = text.split(" ")
    parts = [" ".join(words[place : place + _PIECE]) for place in range(0, len(words), _PIECE)]
    return [*(f"{part} " for part in parts[:-1]), *parts[-1:]] if text else []


def _error(kind: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    status, error, headers = _ERRORS[kind]
    return status, {"error": error}, headers


async def _body(receive: Receive) -> bytes:
    data = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        data += message["body"]
        if not message["more_body"]:
            return bytes(data)


async def _start(send: Send, status: int, headers: Mapping[str, str]) -> None:
    kept = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": kept})


async def _more(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _reply(
    send: Send, status: int, document: dict[str, Any] | bytes, headers: Mapping[str, str] | None = None
) -> None:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    kind = "text/html" if isinstance(document, bytes) else "application/json"
    await _start(send, status, {"content-type": kind, "content-length": str(len(body)), **(headers or {})})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def chat_server(**options: Any) -> Iterator[ChatServer]:
    """A server in a thread of its own, as long as the `with` lasts; the arguments are fields of `Options`.

    Raises AssertionError at the end where the server itself has failed.
    """
    server = ChatServer(Options(**options))
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        await server.host.start()
        ready.set()
        await asyncio.to_thread(over.wait)
        await server.host.stop()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="chat-server")
    thread.start()
    try:
        assert ready.wait(10)
        yield server
        began = time.monotonic()
        while server._now and time.monotonic() - began < 5:
            time.sleep(0.005)
    finally:
        over.set()
        thread.join()
    assert not server.host.problems, "\n".join(server.host.problems)
