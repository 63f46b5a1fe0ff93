"""What the fake refuses, with the real service's status and code, and that refusing is free."""

import asyncio
from typing import Any

import pytest
from elevenlabs import VoiceSettings
from elevenlabs.core import ApiError

from tests.fakes.catalogue import MODELS, Model
from tests.fakes.customer import FLASH, ONCE, TEXT, code_of, converted, idle, post, sdk
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.faults import Fault
from tests.fakes.ledger import Occupancy


async def refusal(server: Server, key: str | None = None, **more: Any) -> tuple[int | None, str]:
    """Status and code with which a conversion is refused."""
    async with sdk(server, key) as client:
        with pytest.raises(ApiError) as caught:
            await converted(client, **more)
    return caught.value.status_code, code_of(caught.value)


async def test_a_wrong_key_and_a_revoked_one(server: Server) -> None:
    assert await refusal(server, "sk_wrong") == (401, "invalid_api_key")
    brief = server.add_key("sk_brief", revoke_after=1)
    async with sdk(server, brief) as client:
        await converted(client)
    assert await refusal(server, brief) == (401, "invalid_api_key")
    server.revoke()
    assert await refusal(server) == (401, "invalid_api_key")
    assert len(server.ledger.charges) == 1


async def test_a_scoped_key_does_what_it_may(server: Server) -> None:
    scoped = server.add_key("sk_scoped", ["text_to_speech", "models_read"])
    async with sdk(server, scoped) as client:
        await converted(client)
        await client.models.list(request_options=ONCE)
        for call in (client.user.get, client.user.subscription.get, client.history.list, client.voices.get_all):
            with pytest.raises(ApiError) as caught:
                await call(request_options=ONCE)
            assert (caught.value.status_code, code_of(caught.value)) == (401, "missing_permissions")
    assert "user_read" in str((await _raw(server, scoped))["message"])


async def _raw(server: Server, key: str) -> dict[str, object]:
    async with sdk(server, key) as client:
        with pytest.raises(ApiError) as caught:
            await client.user.get(request_options=ONCE)
    return dict(caught.value.body["detail"])


@pytest.mark.parametrize("style", ["both", "code", "status"])
async def test_code_or_status_may_be_missing(server: Server, style: str) -> None:
    server.options.error_style = style  # type: ignore[assignment]
    detail = await _raw(server, "sk_wrong")
    assert ("code" in detail, "status" in detail) == (style != "status", style != "code")


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
async def test_every_model_has_its_own_longest_text(server: Server, model: Model) -> None:
    limit, name = model.limit, model.model_id
    async with sdk(server) as client:
        await converted(client, "a word " * (limit // 7) + "x" * (limit % 7), name)
    assert await refusal(server, text="x" * (limit + 1), model=name) == (400, "max_character_limit_exceeded")
    assert [charge.characters for charge in server.ledger.charges] == [limit]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"voice_settings": VoiceSettings(speed=1.3)}, (400, "invalid_voice_settings")),
        ({"voice_settings": VoiceSettings(stability=-0.1)}, (400, "invalid_voice_settings")),
        ({"model": "eleven_v9"}, (400, "model_not_found")),
        ({"model": "eleven_v3", "previous_text": "Before."}, (400, "unsupported_model")),
        ({"model": "eleven_v4", "next_text": "After."}, (400, "unsupported_model")),
        ({"previous_request_ids": ["never made"]}, (400, "invalid_request_ids")),
        ({"text": "  "}, (400, "input_text_empty")),
        ({"seed": 2**32}, (422, "invalid_parameters")),
        ({"output_format": "mp3_1_1"}, (422, "invalid_parameters")),
    ],
    ids=str,
)
async def test_bad_orders(server: Server, more: dict[str, Any], expected: tuple[int, str]) -> None:
    assert await refusal(server, **more) == expected
    assert server.ledger.charges == []
    assert server.outcomes() == [expected[1]]


async def test_an_unknown_voice(server: Server) -> None:
    async with sdk(server) as client:
        with pytest.raises(ApiError) as caught:
            async for _ in client.text_to_speech.convert("nobody", text=TEXT, request_options=ONCE):
                pass
    assert (caught.value.status_code, code_of(caught.value)) == (404, "voice_not_found")


async def test_context_is_free_where_a_model_takes_it(server: Server) -> None:
    async with sdk(server) as client:
        await converted(client, previous_text="Before. " * 50, next_text="After.")
        known = server.ledger.charges[0].request_id
        await converted(client, previous_request_ids=[known])
    assert [charge.credits for charge in server.ledger.charges] == [-(-len(TEXT) // 2)] * 2


@pytest.mark.parametrize(
    ("plan", "allowed", "refused"),
    [
        ("starter", "mp3_44100_128", "mp3_44100_192"),
        ("creator", "mp3_44100_192", "pcm_44100"),
        ("creator", "pcm_24000", "wav_44100"),
    ],
)
async def test_formats_by_plan(plan: str, allowed: str, refused: str) -> None:
    with elevenlabs_server(plan=plan, time_scale=0.0) as server:
        async with sdk(server) as client:
            assert await converted(client, output_format=allowed)
        assert await refusal(server, output_format=refused) == (402, "paid_plan_required")


async def test_credits_run_out_exactly() -> None:
    with elevenlabs_server(credit_limit=150, time_scale=0.0) as server:
        async with sdk(server) as client:
            await converted(client, "x" * 100, "eleven_multilingual_v2")
        assert await refusal(server, text="x" * 51, model="eleven_multilingual_v2") == (401, "quota_exceeded")
        async with sdk(server) as client:
            await converted(client, "x" * 99, FLASH)  # 49.5 credits, rounded up
    assert [charge.credits for charge in server.ledger.charges] == [100, 50]


async def test_credits_of_requests_in_work_are_put_aside() -> None:
    with elevenlabs_server(credit_limit=120, time_scale=0.0) as server:
        server.schedule_next(*[Fault("hang", charged=False)] * 2)
        waiting = [asyncio.create_task(post(server, text="x" * 100)) for _ in range(2)]
        await idle(server, 2)
        assert server.ledger.remaining == 20
        assert await refusal(server, text="x" * 41) == (401, "quota_exceeded")
        await leave(server, waiting)
        assert server.ledger.remaining == 120
        async with sdk(server) as client:
            await converted(client, "x" * 240)


async def leave(server: Server, waiting: list[asyncio.Task[Any]]) -> None:
    """Hang up and wait until the server has noticed."""
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await idle(server)


@pytest.mark.parametrize("code", ["too_many_concurrent_requests", "concurrent_limit_exceeded"])
async def test_too_many_at_once_by_model_class(code: str) -> None:
    with elevenlabs_server(concurrency_code=code, plan="starter", retry_after_s=2, time_scale=0.0) as server:
        server.schedule_next(*["hang"] * 9)
        waiting = [asyncio.create_task(post(server)) for _ in range(6)]
        await idle(server, 6)
        refused = await post(server)
        assert refused.status_code == 429
        assert refused.json()["detail"]["code"] == code
        assert refused.headers["retry-after"] == "2"
        server.schedule_next(*["hang"] * 3)
        waiting += [asyncio.create_task(post(server, model="eleven_multilingual_v2")) for _ in range(3)]
        await idle(server, 9)
        assert (await post(server, model="eleven_multilingual_v2")).status_code == 429
        server.options.width = {"turbo": 7, "standard": 3}  # the account changes while it works
        assert (await post(server)).status_code == 200
        assert (await post(server, model="eleven_multilingual_v2")).status_code == 429
        await leave(server, waiting)
        assert server.in_flight_peak == 10


async def test_a_slot_is_free_as_soon_as_the_answer_is_over() -> None:
    """Who keeps to the width is never refused, however fast the next request follows."""
    with elevenlabs_server(width=3, base_s=0.002, time_scale=1.0, per_character_s=0.0) as server:
        async with sdk(server) as client:

            async def customer() -> None:
                for _ in range(40):
                    await converted(client)

            await asyncio.gather(*(customer() for _ in range(3)))
        assert server.outcomes() == ["ok"] * 120
        assert server.in_flight_peak <= 3
        assert 0 < server.mean_in_flight <= 3.0


async def test_requests_per_minute() -> None:
    with elevenlabs_server(per_minute=2, time_scale=0.0) as server:
        statuses = [(await post(server)).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        server.options.rate_window_s = 0.0  # as if a minute had gone by
        assert (await post(server)).status_code == 200
        assert server.outcomes() == ["ok", "ok", "rate_limit_exceeded", "ok"]


def test_latencies_have_a_heavy_tail_and_scale() -> None:
    with elevenlabs_server(time_scale=2.0, base_s=0.0) as server:
        model = MODELS["eleven_multilingual_v2"]
        drawn = sorted(server.account.latency_s(model, 10_000) for _ in range(4_000))
    mean = sum(drawn) / len(drawn)
    assert mean == pytest.approx(2 * 40, rel=0.05)
    assert drawn[-40] > 3 * mean
    assert drawn[2_000] < 0.9 * mean


def test_the_mean_counts_by_time_until_the_last_begins() -> None:
    times = iter((0.0, 1.0, 4.0, 9.0, 9.5, 99.0))
    occupancy = Occupancy(lambda: next(times))
    for change in (
        occupancy.enter,
        occupancy.enter,
        occupancy.leave,
        occupancy.enter,
        occupancy.leave,
        occupancy.leave,
    ):
        change()
    assert occupancy.peak == 2
    assert occupancy.mean() == pytest.approx((1 * 1 + 3 * 2 + 5 * 1) / 9)


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(TypeError), elevenlabs_server(no_such_option=1):
        pass
