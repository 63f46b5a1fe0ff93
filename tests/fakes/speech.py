"""The work that is paid for: text becomes sound, is charged, and goes out in one of four forms, or goes wrong."""

import asyncio
import base64
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tests.fakes.account import Account, Slot
from tests.fakes.catalogue import FORMATS, Model
from tests.fakes.faults import BREAKDOWNS, FLAWS, REFUSALS, Fault
from tests.fakes.ledger import Asked, Body, Charge, Order
from tests.fakes.replies import RefusedError, breakdown, dump
from tests.fakes.sound import Sound, synthetic
from tests.fakes.spoken import spoken
from tests.fakes.wire import GoneError, Message, Send, Wire

Form: TypeAlias = Literal["", "/stream", "/with-timestamps", "/stream/with-timestamps"]  # what the path ends with
_FIRST_PART = 0.15  # of the latency, before a stream begins


@dataclass(slots=True)
class Job:
    """One accepted request in work."""

    asked: Asked
    order: Order
    model: Model
    form: Form
    fault: Fault | None
    request_id: str
    cost: int
    slot: Slot

    @property
    def kind(self) -> str | None:
        """Of the fault."""
        return self.fault.kind if self.fault else None


class Speaker:
    """Does accepted work. What is charged is in the account's ledger before the first byte of the answer leaves."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def refuse(self, fault: Fault | None, cost: int) -> None:
        """Raises `RefusedError` where the fault is a refusal."""
        if fault and fault.kind in REFUSALS:
            status, code = REFUSALS[fault.kind]
            ledger = self._account.ledger
            raise RefusedError(
                status,
                code,
                retry_after_s=fault.retry_after_s,
                limit=ledger.credit_limit,
                remaining=0,
                needed=cost,
                width=0,
            )

    async def work(self, job: Job, wire: Wire, send: Send) -> None:
        """From the accepted request to the last byte. Raises `GoneError` where the customer has left."""
        latency_s = self._account.latency_s(job.model, len(job.order.text))
        streams = job.form.startswith("/stream")
        broken = job.kind in BREAKDOWNS or job.kind == "reset_after_read"
        await self._pass(latency_s * (_FIRST_PART if streams else 1.0), wire)
        if job.fault and (broken or job.kind == "hang"):
            await self._break(job, job.fault, wire, send)
            return
        charge = self._charge(job, listed=True)
        sound = await self.sound(charge)
        if job.fault and job.kind == "late":
            await asyncio.sleep(job.fault.seconds)
        job.asked.status, job.asked.outcome = 200, job.kind or "ok"
        await send(self._head(job, charge))
        pause_s = latency_s * (1 - _FIRST_PART) / max(1, sound.size // 65_536) if streams else 0.0
        if await self._deliver(job, sound, wire, send, pause_s):
            await self._finish(job, charge, send)

    async def _finish(self, job: Job, charge: Charge, send: Send) -> None:
        """Say that the body is over. The books are closed before: the customer may ask for more, or read them, then."""
        job.slot.release()
        if job.kind not in {"empty", "garbage", "json_as_audio", "null_audio", "truncated"}:
            charge.delivered_at = self._account.ledger.clock()
        try:
            await send({"type": "http.response.body", "body": b""})
        except GoneError:
            charge.delivered_at = None
            raise

    async def sound(self, charge: Charge) -> Sound:
        """What was made for a charge, flaws included; the same every time."""
        order, text = charge.order, charge.order.text
        if charge.fault == "wrong_length":
            # Said only twice, it may pass for a slow voice that nobody knows yet: that is for the ears to find.
            text = f"{text} {text} {text}" if charge.number % 2 else text[: max(1, len(text) * 2 // 5)]
        form, speed, seed = FORMATS[order.output_format], order.settings["speed"], order.seed or 0
        if self._account.options.speech and charge.fault != "silent":
            return await asyncio.to_thread(spoken, text, form, seed, speed)
        return synthetic(text, order.voice_id, form, seed=seed, speed=speed, silent=charge.fault == "silent")

    async def _pass(self, seconds: float, wire: Wire) -> None:
        """Time goes by. A customer who leaves meanwhile stops the work only where the options say so."""
        if self._account.options.charge_abandoned:
            await asyncio.sleep(seconds)
            return
        try:
            await asyncio.wait_for(wire.gone.wait(), seconds)
        except TimeoutError:
            return
        raise GoneError

    def _charge(self, job: Job, *, listed: bool) -> Charge:
        job.slot.settle()
        return self._account.ledger.charge(
            job.asked, job.order, job.request_id, job.cost, fault=job.kind, usable=job.kind not in FLAWS, listed=listed
        )

    async def _break(self, job: Job, fault: Fault, wire: Wire, send: Send) -> None:
        if fault.charged:
            self._charge(job, listed=fault.in_history)
        job.asked.outcome = fault.kind
        if fault.kind == "hang":
            await wire.gone.wait()
        elif fault.kind == "reset_after_read":
            job.slot.release()
            wire.reset()
        else:
            job.slot.release()
            status, html = BREAKDOWNS[fault.kind]
            job.asked.status = status
            reply = breakdown(status, html=html, retry_after_s=fault.retry_after_s)
            headers = {"content-type": reply.content_type, "content-length": str(len(reply.body)), **reply.headers}
            await send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
            await send({"type": "http.response.body", "body": reply.body})

    def _head(self, job: Job, charge: Charge) -> Message:
        account = self._account
        json_form = job.form.endswith("timestamps") or job.kind == "json_as_audio"
        headers = {
            "content-type": "application/json" if json_form else FORMATS[job.order.output_format].content_type,
            "request-id": job.request_id,
            "x-trace-id": job.request_id[::-1],
            "character-cost": str(charge.credits),
            "current-concurrent-requests": str(account.in_work(job.model.group)),
            "maximum-concurrent-requests": str(account.width(job.model.group)),
        }
        if charge.history_item_id:
            headers["history-item-id"] = charge.history_item_id
        kept = {name: value for name, value in headers.items() if name not in account.options.leave_out}
        return {"type": "http.response.start", "status": 200, "headers": _encoded(kept)}

    async def _deliver(self, job: Job, sound: Sound, wire: Wire, send: Send, pause_s: float) -> bool:
        """Send the body but for its end. Whether the end is to follow."""
        parts, size = self._body(job, sound)
        breaks = job.kind in {"cut_in_body", "reset_in_body"}
        sent = 0
        for part in parts:
            if breaks and sent + len(part) > size // 2:
                await send({"type": "http.response.body", "body": part[: size // 2 - sent], "more_body": True})
                await asyncio.sleep(0.02)  # what was sent arrives before the end does
                (wire.reset if job.kind == "reset_in_body" else wire.hang_up)()
                return False
            if job.fault and job.kind == "trickle":
                for place in range(0, len(part), 256):
                    await self._drip(part[place : place + 256], job.fault.seconds, wire, send)
            else:
                await send({"type": "http.response.body", "body": part, "more_body": True})
                await asyncio.sleep(pause_s)
            sent += len(part)
        return True

    async def _drip(self, data: bytes, pause_s: float, wire: Wire, send: Send) -> None:
        await send({"type": "http.response.body", "body": data, "more_body": True})
        try:
            await asyncio.wait_for(wire.gone.wait(), pause_s)
        except TimeoutError:
            return
        raise GoneError

    def _body(self, job: Job, sound: Sound) -> tuple[Iterator[bytes], int]:
        """Parts of the body that the customer gets, and their size together."""
        if job.kind == "json_as_audio":
            answer = dump({"detail": {"status": "processing", "message": "Your audio is being generated."}})
            return iter([answer]), len(answer)
        heard = _spoilt(sound, job.kind, job.asked.number)
        if not job.form.endswith("timestamps"):
            return heard.blocks(), heard.size
        null = job.kind == "null_audio"
        if job.form == "/with-timestamps":
            lines = [dump(self._timed(heard.data(), heard, null=null))]
        else:
            lines = [dump(part) + b"\n" for part in self._timed_parts(heard, null=null)]
        return iter(lines), sum(map(len, lines))

    def _timed(self, data: bytes, sound: Sound, first: int = 0, last: int | None = None, *, null: bool) -> Body:
        scale = self._account.options.alignment_scale
        alignment = {
            "characters": list(sound.text[first:last]),
            "character_start_times_seconds": [round(at * scale, 3) for at in sound.starts[first:last]],
            "character_end_times_seconds": [round(at * scale, 3) for at in sound.ends[first:last]],
        }
        audio = None if null else base64.b64encode(data).decode()
        return {"audio_base64": audio, "alignment": alignment, "normalized_alignment": alignment}

    def _timed_parts(self, sound: Sound, *, null: bool) -> Iterator[Body]:
        """The sound in parts, each with the characters that begin in it; times count from the start of the whole."""
        size, passed, first = max(sound.size, 1), 0, 0
        for block in sound.blocks():
            passed += len(block)
            end_s = sound.seconds * passed / size
            last = len(sound.starts) if passed == size else bisect_left(sound.starts, end_s)
            yield self._timed(block, sound, first, last, null=null)
            first = last


def _spoilt(sound: Sound, kind: str | None, number: int) -> Sound:
    if kind == "garbage":
        return sound.with_data(random.Random(number).randbytes(min(sound.size, 200_000)))
    if kind == "truncated":
        return sound.with_data(sound.data()[: sound.size // 2 + 7])
    if kind in {"empty", "null_audio"}:
        return sound.with_data(b"")
    return sound


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
