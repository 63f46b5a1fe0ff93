"""The body of a call: sound from ElevenLabs into a file, block by block, and what came with it."""

import asyncio
import binascii
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from studio.domain.purchase import Delivery, Receipt
from studio.domain.speech_plan import Chunk
from studio.engine.ports import Report
from studio.voices.body_file import BodyFile, body_file
from studio.voices.elevenlabs_client import ElevenLabsClient
from studio.voices.elevenlabs_errors import message_of, spoilt, vendor_errors
from studio.voices.elevenlabs_headers import receipt_of
from studio.voices.elevenlabs_marks import Marks

if TYPE_CHECKING:
    from elevenlabs.core.http_response import AsyncHttpResponse

Answering: TypeAlias = "Callable[[], AbstractAsyncContextManager[AsyncHttpResponse[AsyncIterator[Any]]]]"

_ALMOST = 0.99  # all of the text is there, but not the end of the body
_FIRST_OF_TEXT = b"{[<"  # no sound in a container begins with these


async def receive(
    client: ElevenLabsClient, answering: Answering, out: Path, report: Report, *, chunk: Chunk | None, total_s: float
) -> Delivery:
    """Write the sound of an answer to `out`.

    Args:
        client: The connection.
        answering: Sends the request; gives the SDK's raw answer. Its parts are bytes, or, where `chunk` is given,
            blocks with timestamps.
        out: A new file. It is there before the request leaves.
        report: Told how far it is; only an answer with timestamps tells.
        chunk: What is spoken, where the answer has timestamps.
        total_s: When to give up.

    Raises `CallError`, with the receipt where the headers had arrived, and what `body_file` raises.
    """
    receipt: Receipt | None = None
    marks = Marks(chunk) if chunk else None
    async with body_file(out) as body:
        try:
            async with asyncio.timeout(total_s), answering() as answer:
                receipt = receipt_of(answer.headers)
                # Closed by us in any case: what is left early would hold its connection until it is collected.
                data = answer.data if marks is None else _blocks(answer)
                async with aclosing(cast("AsyncGenerator[Any]", data)) as parts:
                    await _copy(parts, body, marks, lambda share: report(min(share, _ALMOST)))
            if not body.size:
                raise spoilt("nothing", receipt)
            report(1.0)
            return Delivery(marks.marks() if marks else (), receipt)
        except _NoSoundError as nothing:
            said = client.clean(nothing.said)
            failure = spoilt(f"a message (“{said}”)" if said else "what is no sound", receipt)
        except vendor_errors() as error:
            failure = client.failure(error, receipt)
    raise failure


class _NoSoundError(Exception):
    """A part of the body is something else. `said` is a message for people, or empty."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said)
        self.said = said


async def _blocks(answer: "AsyncHttpResponse[Any]") -> AsyncGenerator[dict[str, Any]]:
    """The lines of an answer with timestamps, as JSON objects. Raises `_NoSoundError` for anything else.

    The SDK's own iterator makes a model of every block letter by letter, which holds up the event loop for 16 ms each
    time, and passes over lines that it cannot read: their sound would be missing without a word.
    """
    import json

    async with aclosing(cast("AsyncGenerator[str]", answer._response.aiter_lines())) as lines:
        async for line in lines:
            if not line:
                continue
            try:
                block = json.loads(line)
            except ValueError:
                raise _NoSoundError from None
            if not isinstance(block, dict):
                raise _NoSoundError
            yield block


async def _copy(parts: AsyncIterator[Any], body: BodyFile, marks: Marks | None, report: Report) -> None:
    async for part in parts:
        if marks is None:
            if not body.size and part[:1] in _FIRST_OF_TEXT:
                raise _NoSoundError(_said(part))
            await body.write(part)
            continue
        encoded = part.get("audio_base64")
        if encoded:
            await body.write(_decoded(encoded))
        elif said := message_of(part):
            raise _NoSoundError(said)
        marks.follow(part.get("alignment"))
        report(marks.share)


def _decoded(encoded: object) -> bytes:
    if not isinstance(encoded, str):
        raise _NoSoundError
    try:
        return binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:  # not ASCII, or not base64
        raise _NoSoundError from None


def _said(part: bytes) -> str:
    import json

    try:
        return message_of(json.loads(part))
    except ValueError:
        return ""
