"""The service as an ASGI app: who may ask, which path leads where, how an answer goes out."""

import re
import uuid
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl

from tests.fakes.account import Account
from tests.fakes.catalogue import FORMATS, VOICES
from tests.fakes.faults import BREAKDOWNS, REFUSALS, Fault
from tests.fakes.ledger import Asked
from tests.fakes.orders import read_order
from tests.fakes.reading import Desk
from tests.fakes.replies import RefusedError, Reply, breakdown, ok
from tests.fakes.sound import synthetic
from tests.fakes.speech import Form, Job, Speaker
from tests.fakes.wire import GoneError, Message, Receive, Send, Wire

_SPEECH = re.compile(r"/v1/text-to-speech/([^/]+)(|/stream|/with-timestamps|/stream/with-timestamps)")
_AUDIO = re.compile(r"/v1/history/([^/]+)/audio")
_PREVIEW = re.compile(r"/preview/([^/]+)\.mp3")


@dataclass(slots=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    wire: Wire
    receive: Receive
    send: Send
    request_id: str

    @property
    def key(self) -> str:
        """The API key that it carries."""
        return self.headers.get("xi-api-key", "")

    async def body(self) -> bytes:
        """All of it. Raises `GoneError` where the customer leaves before the end."""
        data = bytearray()
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise GoneError
            data += message["body"]
            if not message["more_body"]:
                return bytes(data)


class ElevenLabsApp:
    """The ASGI callable. All that it knows is in `account`."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._speaker = Speaker(account)
        self._desk = Desk(account)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        call = Call(
            method=scope["method"],
            path=scope["path"],
            query=dict(parse_qsl(scope["query_string"].decode())),
            headers={name.decode().lower(): value.decode() for name, value in scope["headers"]},
            wire=cast(Wire, scope["extensions"]["wire"]),
            receive=receive,
            send=send,
            request_id=uuid.uuid4().hex[:20],
        )
        speech = _SPEECH.fullmatch(call.path)
        try:
            if speech and call.method == "POST":
                await self._speech(call, speech[1], cast(Form, speech[2]))
            else:
                await self._other(call)
        except RefusedError as refusal:
            await self._answer(call, refusal.reply(call.request_id, self.account.options.error_style))

    async def _speech(self, call: Call, voice_id: str, form: Form) -> None:
        number, fault = self.account.faults.for_speech()
        asked = self.account.ledger.note(number, call.key)
        if fault and fault.kind == "reset_before_read":
            asked.outcome = fault.kind
            call.wire.reset()
            return
        try:
            await self._do(call, voice_id, form, fault, asked)
        except RefusedError as refusal:
            asked.outcome, asked.status = refusal.code, refusal.status
            raise
        except GoneError:
            asked.outcome = fault.kind if fault else "customer left"
            raise

    async def _do(self, call: Call, voice_id: str, form: Form, fault: Fault | None, asked: Asked) -> None:
        raw = await call.body()
        self.account.admit(call.key, "text_to_speech")
        self.account.check_pace()
        order, model = read_order(self.account, voice_id, call.query, raw)
        asked.identity = order.identity
        cost = model.cost(len(order.text))
        self._speaker.refuse(fault, cost)
        slot = self.account.begin(model, cost)
        try:
            job = Job(asked, order, model, form, fault, call.request_id, cost, slot)
            await self._speaker.work(job, call.wire, call.send)
        finally:
            slot.release()

    async def _other(self, call: Call) -> None:
        raw = await call.body()
        if call.path == "/-/ledger":  # for tests that run the server as a program
            await self._answer(call, ok(self._books()))
            return
        if preview := _PREVIEW.fullmatch(call.path):
            card = VOICES[preview[1]]  # only addresses that we gave out
            sample = synthetic(f"I am {card.name}.", card.voice_id, FORMATS["mp3_44100_128"], seed=0, speed=1)
            await self._answer(call, Reply(200, sample.data(), "audio/mpeg"))
            return
        fault = self.account.faults.for_read()
        if fault and fault.kind.startswith("reset"):
            call.wire.reset()
            return
        if fault and fault.kind in BREAKDOWNS:
            status, html = BREAKDOWNS[fault.kind]
            await self._answer(call, breakdown(status, html=html))
            return
        if fault:
            raise RefusedError(*REFUSALS[fault.kind])
        if (audio := _AUDIO.fullmatch(call.path)) and call.method == "GET":
            await self._history_audio(call, audio[1])
            return
        base_url = f"http://{call.headers.get('host', '')}"
        await self._answer(call, self._desk.reply(call.method, call.path, call.query, call.key, raw, base_url))

    async def _history_audio(self, call: Call, item_id: str) -> None:
        self.account.admit(call.key, "speech_history_read")
        charge = self._desk.item(item_id)
        sound = await self._speaker.sound(charge)
        kind = FORMATS[charge.order.output_format].content_type
        await self._start(call, 200, {"content-type": kind})
        for part in sound.blocks():
            await call.send({"type": "http.response.body", "body": part, "more_body": True})
        await call.send({"type": "http.response.body", "body": b""})

    def _books(self) -> dict[str, object]:
        ledger, occupancy = self.account.ledger, self.account.occupancy
        return {
            "charges": [charge.row() for charge in ledger.charges],
            "asked": [
                {"number": asked.number, "outcome": asked.outcome, "status": asked.status, "charged": asked.charged}
                for asked in ledger.asked
            ],
            "credits": ledger.credits,
            "in_flight_peak": occupancy.peak,
            "mean_in_flight": occupancy.mean(),
            "paid_twice": len(ledger.paid_twice()),
        }

    async def _answer(self, call: Call, reply: Reply) -> None:
        headers = {"content-type": reply.content_type, "content-length": str(len(reply.body)), **reply.headers}
        await self._start(call, reply.status, headers)
        await call.send({"type": "http.response.body", "body": reply.body})

    async def _start(self, call: Call, status: int, headers: dict[str, str]) -> None:
        headers = {"request-id": call.request_id, "x-trace-id": call.request_id[::-1], **headers}
        kept = [
            (name.encode(), value.encode())
            for name, value in headers.items()
            if name not in self.account.options.leave_out
        ]
        await call.send({"type": "http.response.start", "status": status, "headers": kept})
