"""Every fault of the fake, seen from the other end of the wire, and what each costs."""

import asyncio
import base64
import json
from collections import Counter

import httpx
import pytest
from elevenlabs.client import AsyncElevenLabs
from elevenlabs.core import ApiError

from tests.fakes.customer import (
    FLASH,
    ONCE,
    TEXT,
    VOICE,
    abandoned,
    converted,
    decoded,
    gathered,
    idle,
    post,
    sdk,
    seconds_of,
)
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.faults import BREAKDOWNS, KINDS, MIXED, READ_KINDS, REFUSALS, Fault, FaultPlan

LONG = TEXT * 20  # some 2 minutes, 2 MB


@pytest.mark.parametrize("kind", REFUSALS)
async def test_refusals_are_free_and_may_say_when(server: Server, kind: str) -> None:
    server.schedule_next(Fault(kind, retry_after_s=1.5), kind)
    first, second, third = [await post(server) for _ in range(3)]
    status, code = REFUSALS[kind]
    assert (first.status_code, first.json()["detail"]["code"]) == (status, code)
    assert first.headers["retry-after"] == "1.5"
    assert "retry-after" not in second.headers
    assert third.status_code == 200
    assert [charge.number for charge in server.ledger.charges] == [3]


@pytest.mark.parametrize("kind", BREAKDOWNS)
async def test_breakdowns_are_json_or_html_and_may_be_charged(server: Server, kind: str) -> None:
    faults = [Fault(kind, charged=True), Fault(kind, charged=False), Fault(kind, charged=True, in_history=False)]
    server.schedule_next(*faults)
    answers = [await post(server, text=f"Number {number}.") for number in range(3)]
    status, html = BREAKDOWNS[kind]
    assert {answer.status_code for answer in answers} == {status}
    assert answers[0].text.startswith("<html>") == html
    assert [charge.number for charge in server.ledger.charges] == [1, 3]
    assert [charge.number for charge in server.ledger.shown()] == [1]
    assert not any(charge.delivered for charge in server.ledger.charges)
    async with sdk(server) as client:  # the SDK gets an error without a JSON body through, too
        server.schedule_next(kind)
        with pytest.raises(ApiError) as caught:
            await converted(client)
    assert isinstance(caught.value.body, str) == html


async def test_a_reset_before_the_request_is_read_is_free(server: Server) -> None:
    server.schedule_next("reset_before_read")
    with pytest.raises(httpx.TransportError):
        await post(server)
    assert server.ledger.charges == []
    assert server.outcomes() == ["reset_before_read"]


@pytest.mark.parametrize("charged", [True, False])
async def test_a_reset_after_the_request_is_read_may_be_charged(server: Server, charged: bool) -> None:
    server.schedule_next(Fault("reset_after_read", charged=charged))
    with pytest.raises(httpx.ReadError):
        await post(server)
    assert len(server.ledger.shown()) == charged


@pytest.mark.parametrize(
    ("kind", "error"), [("reset_in_body", httpx.ReadError), ("cut_in_body", httpx.RemoteProtocolError)]
)
@pytest.mark.parametrize("path", ["", "/stream", "/with-timestamps"])
async def test_a_body_breaks_off_in_the_middle(server: Server, kind: str, error: type[Exception], path: str) -> None:
    server.schedule_next(kind)
    with pytest.raises(error):
        await post(server, path, LONG)
    (charge,) = server.ledger.charges
    assert not charge.delivered
    assert charge.usable
    (again,) = server.ledger.shown()
    async with sdk(server) as client:
        found = await gathered(client.history.get_audio(str(again.history_item_id), request_options=ONCE))
        assert found == await converted(client, LONG)
    assert [(first.number, second.number) for first, second in server.ledger.paid_twice()] == [(1, 2)]


async def test_part_of_a_broken_body_arrives(server: Server) -> None:
    whole = len((await post(server, text=LONG)).content)
    server.schedule_next("reset_in_body")
    got: list[int] = []
    async with sdk(server) as client:
        with pytest.raises(httpx.ReadError):
            await _counted(client, got)
    assert 0 < sum(got) <= whole // 2


async def _counted(client: AsyncElevenLabs, got: list[int]) -> None:
    stream = client.text_to_speech.convert(VOICE, text=LONG, model_id=FLASH, request_options=ONCE)
    async for part in stream:
        got += [len(part)]


async def test_silent_failures_raise_nothing(server: Server) -> None:
    kinds = ("truncated", "empty", "garbage", "json_as_audio", "null_audio")
    server.schedule_next(*kinds)
    async with sdk(server) as client:
        bodies = {kind: await converted(client) for kind in kinds}
        good = await converted(client)
    assert seconds_of(bodies["truncated"]) == pytest.approx(seconds_of(good) / 2, rel=0.1)
    assert bodies["empty"] == bodies["null_audio"] == b""
    assert b"\xff\xfb" not in bodies["garbage"][:2]
    assert "detail" in json.loads(bodies["json_as_audio"])
    assert [charge.delivered for charge in server.ledger.charges] == [False] * 5 + [True]
    assert len(server.ledger.shown()) == 6  # what was made was good


async def test_silent_failures_with_timestamps(server: Server) -> None:
    server.schedule_next("null_audio", "json_as_audio", "truncated", "garbage")
    async with sdk(server) as client:
        speak = client.text_to_speech.convert_with_timestamps
        null, odd, short, noise, good = [await speak(VOICE, text=TEXT, request_options=ONCE) for _ in range(5)]
    assert null.audio_base_64 is None
    assert null.alignment is not None
    assert getattr(odd, "audio_base_64", None) is None
    assert 0 < len(short.audio_base_64) < 0.6 * len(good.audio_base_64)
    assert not base64.b64decode(noise.audio_base_64).startswith(base64.b64decode(good.audio_base_64)[:2])


async def test_bad_sound_is_bad_in_the_history_too(server: Server) -> None:
    server.schedule_next("silent", "wrong_length", "wrong_length")
    silent, longer, shorter = [(await post(server)).content for _ in range(3)]
    good = (await post(server)).content
    assert abs(decoded(silent)[0]).max() < 1e-4
    lengths = sorted(seconds_of(data) / seconds_of(good) for data in (longer, shorter))
    assert lengths[0] < 0.6
    assert lengths[1] > 2.5
    assert [charge.usable for charge in server.ledger.charges] == [False, False, False, True]
    assert server.ledger.paid_twice() == []  # nobody has to live with those
    item = str(server.ledger.charges[0].history_item_id)
    async with sdk(server) as client:
        assert await gathered(client.history.get_audio(item, request_options=ONCE)) == silent


async def test_a_trickle_never_ends_in_time(server: Server) -> None:
    server.schedule_next(Fault("trickle", seconds=0.02))
    async with sdk(server) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await converted(client, LONG)  # every read succeeds: no read timeout ends this
    (charge,) = server.ledger.charges
    assert not charge.delivered


async def test_a_hang_is_left_by_the_customer(server: Server) -> None:
    server.schedule_next(Fault("hang", charged=True), Fault("hang", charged=False))
    await abandoned(server, "hang")
    await abandoned(server, "hang")
    assert [charge.number for charge in server.ledger.charges] == [1]


async def test_a_late_answer_is_charged_and_found(server: Server) -> None:
    server.schedule_next(Fault("late", seconds=1.0), Fault("late", seconds=0.01))
    await abandoned(server)
    assert (await post(server, text="Patience.")).status_code == 200
    assert [charge.delivered for charge in server.ledger.charges] == [False, True]
    assert len(server.ledger.shown()) == 2


@pytest.mark.parametrize("charged", [True, False])
async def test_work_goes_on_when_the_customer_leaves(charged: bool) -> None:
    with elevenlabs_server(charge_abandoned=charged, base_s=0.8, time_scale=1.0) as server:
        await abandoned(server)
        assert server.outcomes() == ["customer left"]
        assert len(server.ledger.shown()) == charged


async def test_chance_is_seeded_and_as_frequent_as_asked() -> None:
    def drawn(seed: int) -> list[str]:
        plan = FaultPlan(rate=0.3, seed=seed)
        plan.schedule({7: "hang"})
        return [fault.kind if fault else "ok" for _, fault in (plan.for_speech() for _ in range(3_000))]

    assert drawn(1) == drawn(1) != drawn(2)
    assert drawn(1)[6] == "hang"
    counts = Counter(drawn(3))
    assert counts["ok"] == pytest.approx(2_100, abs=120)
    assert set(counts) == {"ok", *MIXED}


async def test_reading_may_fail_as_well() -> None:
    with elevenlabs_server(time_scale=0.0, faults=FaultPlan(read_rate=0.5, seed=4)) as server:
        seen: Counter[str] = Counter()
        async with httpx.AsyncClient() as http:
            for _ in range(120):
                try:
                    answer = await http.get(f"{server.base_url}/v1/models", headers={"xi-api-key": server.key})
                    seen[str(answer.status_code)] += 1
                except httpx.TransportError:
                    seen["reset"] += 1
    assert set(seen) == {"200", "429", "500", "502", "503", "reset"}
    assert 40 <= seen["200"] <= 80
    assert set(READ_KINDS) < set(KINDS)


def test_an_unknown_fault_is_named() -> None:
    with pytest.raises(ValueError, match="no fault called 'rain'"):
        Fault("rain")


async def test_a_storm_leaves_consistent_books() -> None:
    """Every kind that ends, thirty at a time: the server stays up, and its books agree with what customers saw."""
    kinds = tuple(kind for kind in MIXED if kind not in {"hang", "trickle"})
    plan = FaultPlan(rate=0.6, kinds=kinds, seed=11, seconds=0.001)
    good = 0
    with elevenlabs_server(plan="scale", width=60, faults=plan, time_scale=0.0) as server:

        async def customer(number: int) -> int:
            try:
                answer = await post(server, text=f"{number}. {TEXT}")
            except httpx.TransportError:
                return 0
            return answer.status_code == 200

        for start in range(0, 180, 30):
            good += sum(await asyncio.gather(*(customer(number) for number in range(start, start + 30))))
        await idle(server)
        delivered = sum(charge.delivered for charge in server.ledger.charges)
        assert delivered <= good
        assert delivered >= 50
        assert server.ledger.credits == sum(charge.credits for charge in server.ledger.charges)
        assert server.ledger.remaining == server.ledger.credit_limit - server.ledger.credits
        assert len(server.ledger.asked) == 180
