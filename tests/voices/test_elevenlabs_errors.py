"""What goes wrong at ElevenLabs, as one of our errors: what it means for money, and what a person is told."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from studio.domain.purchase import CallError, Receipt, Trouble
from studio.voices.elevenlabs_client import Patience
from tests.fakes.customer import idle
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.faults import KINDS, READ_KINDS, Fault, FaultPlan, Paid
from tests.fakes.replies import ErrorStyle
from tests.voices.customers import SENTENCES, Answer, Customer, customer_at, customer_of, scripted

TROUBLES = {
    "too_many_concurrent": Trouble.SLOTS,
    "concurrent_limit": Trouble.SLOTS,
    "rate_limit": Trouble.RATE,
    "busy": Trouble.BUSY,
    "quota": Trouble.QUOTA,
    "unusual_activity": Trouble.KEY,
    "payment_required": Trouble.PLAN,
    **{f"{kind}_{status}": Trouble.BROKEN for kind in ("error", "html") for status in (500, 502, 503)},
    "empty": Trouble.SPOILT,
    "json_as_audio": Trouble.SPOILT,
    "null_audio": Trouble.SPOILT,
    "cut_in_body": Trouble.CUT,
    "reset_in_body": Trouble.CUT,
    "trickle": Trouble.CUT,
    "reset_before_read": Trouble.CUT,
    "reset_after_read": Trouble.CUT,
    "hang": Trouble.CUT,
}
UNNOTICED = {
    "silent",
    "wrong_length",
    "truncated",
    "garbage",
    "late",
}  # a whole body: whether it is the sound, decoding shows
HASTY = Patience(connect_s=2, silence_s=0.3, read_s=0.6, speech_s=0.6, speech_s_per_character=0)


@pytest.fixture
def server() -> Iterator[Server]:
    with elevenlabs_server(plan="creator", time_scale=0.0) as running:
        yield running


@pytest.fixture
async def customer(server: Server, tmp_path: Path) -> AsyncIterator[Customer]:
    async with customer_of(server, tmp_path) as someone:
        yield someone


def test_every_fault_has_its_trouble() -> None:
    assert {*TROUBLES, *UNNOTICED} == set(KINDS)


async def failed(customer: Customer, *texts: str) -> CallError:
    with pytest.raises(CallError) as caught:
        await customer.say(*texts)
    assert caught.value.message.endswith((".", "!", ")"))
    assert caught.value.remedy.endswith(".")
    assert "<" not in caught.value.message
    return caught.value


@pytest.mark.parametrize("kind", TROUBLES)
async def test_every_fault_becomes_its_trouble(server: Server, tmp_path: Path, kind: str) -> None:
    patience = HASTY if kind in {"hang", "trickle"} else None
    async with customer_of(server, tmp_path, patience=patience) as customer:
        await customer.terms()
        server.schedule_next(Fault(kind, seconds=0.05))
        error = await failed(customer, *SENTENCES * 40)
        assert error.trouble is TROUBLES[kind]
        if KINDS[kind] is not Paid.NEVER:
            assert error.maybe_charged
        await idle(server)
        if server.ledger.charges and kind in {*READ_BODY, "trickle"}:
            (charge,) = server.ledger.charges
            assert error.receipt == Receipt(charge.request_id, charge.history_item_id or "", charge.credits, 10)
        await customer.say()  # the connection is none the worse


READ_BODY = {"empty", "json_as_audio", "null_audio", "cut_in_body", "reset_in_body"}


@pytest.mark.parametrize("kind", sorted(UNNOTICED))
async def test_a_whole_body_is_left_to_the_proof(server: Server, customer: Customer, kind: str) -> None:
    server.schedule_next(Fault(kind, seconds=0.01))
    delivery = await customer.say()
    assert delivery.receipt.credits == server.ledger.charges[0].credits


@pytest.mark.parametrize("kind", ["empty", "garbage", "json_as_audio", "cut_in_body", "reset_in_body"])
async def test_the_same_without_timestamps(server: Server, tmp_path: Path, kind: str) -> None:
    server.options.plan = "pro"
    async with customer_of(server, tmp_path, speech_format="wav_44100") as customer:
        server.schedule_next(kind)
        if kind == "garbage":
            assert (await customer.say()).marks == ()  # bytes are bytes until they are decoded
            return
        error = await failed(customer)
        assert error.trouble is TROUBLES[kind]
        assert error.receipt.request_id == server.ledger.charges[0].request_id


async def test_a_message_instead_of_sound_is_passed_on(server: Server, customer: Customer) -> None:
    server.schedule_next("json_as_audio")
    assert "Your audio is being generated" in (await failed(customer)).message


@pytest.mark.parametrize("style", ["both", "status", "code"])
async def test_codes_are_read_in_every_shape(server: Server, customer: Customer, style: ErrorStyle) -> None:
    server.options.error_style = style
    for kind in ("quota", "busy", "concurrent_limit", "payment_required"):
        server.schedule_next(kind)
        assert (await failed(customer)).trouble is TROUBLES[kind]


async def test_a_wait_is_passed_on(server: Server, customer: Customer) -> None:
    server.schedule_next(Fault("busy", retry_after_s=2.5), Fault("error_503", retry_after_s=7.0), "busy")
    assert [(await failed(customer)).retry_after_s for _ in range(3)] == [2.5, 7.0, None]


async def test_a_wrong_key_a_revoked_one_and_one_that_may_not(server: Server, tmp_path: Path) -> None:
    narrow = server.add_key("sk_narrow", permissions=["models_read"])
    for key, words in (("sk_wrong", "does not know the API key"), (narrow, "permission text_to_speech")):
        async with customer_of(server, tmp_path, key=key) as customer:
            error = await failed(customer)
            assert error.trouble is Trouble.KEY
            assert words in error.message
    async with customer_of(server, tmp_path) as customer:
        await customer.say()
        server.revoke()
        assert (await failed(customer)).trouble is Trouble.KEY


async def test_a_format_above_the_plan_names_both(server: Server, tmp_path: Path) -> None:
    server.options.plan = "free"
    async with customer_of(server, tmp_path, speech_format="mp3_44100_192") as customer:
        error = await failed(customer)
    assert error.trouble is Trouble.PLAN
    assert "mp3_44100_192" in error.message
    assert "creator" in error.message


async def test_no_connection_is_free(tmp_path: Path) -> None:
    async with customer_at("http://127.0.0.1:1", tmp_path) as customer:
        error = await failed(customer)
        assert (error.trouble, error.maybe_charged) == (Trouble.OFFLINE, False)
        assert "cannot be reached (" in error.message
    async with customer_at("http://nowhere.invalid", tmp_path) as customer:
        assert (await failed(customer)).trouble is Trouble.OFFLINE


@pytest.mark.parametrize("address", ["elevenlabs", "ftp://127.0.0.1", "https://", "http://[::1"])
async def test_an_address_that_is_none_is_told(tmp_path: Path, address: str) -> None:
    async with customer_at(address, tmp_path) as customer:
        error = await failed(customer)
    assert error.trouble is Trouble.REFUSED
    assert "ELEVENLABS_BASE_URL" in str(error)


async def test_text_that_cannot_be_encoded_is_told(customer: Customer, server: Server) -> None:
    error = await failed(customer, "Half a \ud83d pair.")
    assert error.trouble is Trouble.REFUSED
    assert server.outcomes() == []


NOW = datetime.now(UTC).replace(microsecond=0)
HTML = b"<!DOCTYPE html><html><body><h1>Attention required</h1></body></html>"


@pytest.mark.parametrize(
    ("answer", "trouble", "words"),
    [
        (Answer(b"", 401), Trouble.KEY, "does not accept the API key"),
        (Answer(HTML, 403), Trouble.KEY, "let this key, or this network, in"),
        (Answer(b"", 402), Trouble.PLAN, "plan"),
        (Answer(b'{"detail":{"status":"output_format_not_allowed"}}', 403), Trouble.PLAN, "format"),
        (Answer(b'{"detail":"Not enough","code":3}', 418), Trouble.REFUSED, "(HTTP 418). It says: Not enough."),
        (Answer(b'{"detail":{"code":"brand_new","message":"Sorry"}}', 400), Trouble.REFUSED, "HTTP 400, brand_new"),
        (
            Answer(b'{"detail":[{"loc":["body","voice_settings"],"msg":"is wrong","type":"x"}]}', 422),
            Trouble.REFUSED,
            "is wrong (parameter voice_settings).",
        ),
        (Answer(b'{"detail":{"message":"At most 3 concurrent requests"}}', 429), Trouble.SLOTS, "at once"),
        (Answer(b"", 429), Trouble.RATE, "in a short time"),
        (Answer(b"", 408), Trouble.CUT, "in time"),
        (Answer(b"[1, 2", 500), Trouble.BROKEN, "HTTP 500"),
        (Answer(b"[1, 2]", 500), Trouble.BROKEN, "HTTP 500"),
        (Answer(b'{"detail":{"code":"system_busy"}}', 503), Trouble.BUSY, "overloaded"),
        (Answer(HTML, 599), Trouble.BROKEN, "(HTTP 599)."),
        (Answer(b"\xff\xfe\x00", 500), Trouble.BROKEN, ""),
        (Answer(b"", 302, {"location": "https://example.org/"}), Trouble.REFUSED, "points to another address"),
        (Answer(b"<html><body>Welcome to the hotel</body></html>"), Trouble.SPOILT, "instead of sound"),
        (Answer(b'{"audio_base64": 3}\n'), Trouble.SPOILT, "instead of sound"),
        (Answer(b'{"audio_base64": "no base64!"}\n'), Trouble.SPOILT, "instead of sound"),
        (Answer(b"3\n[]\nnull\n"), Trouble.SPOILT, "what is no sound"),
        (
            Answer(b'{"audio_base64": "AAAA"}\n{"audio_base\n{"audio_base64": "AAAA"}\n'),
            Trouble.SPOILT,
            "what is no sound",
        ),
        (Answer(b"not gzip", 200, {"content-encoding": "gzip"}), Trouble.SPOILT, "cannot be read"),
    ],
    ids=lambda value: f"{value.status}-{value.body[:24]!r}" if isinstance(value, Answer) else None,
)
async def test_answers_of_every_kind(tmp_path: Path, answer: Answer, trouble: Trouble, words: str) -> None:
    async with scripted(lambda _: answer) as server, customer_at(server.base_url, tmp_path) as customer:
        error = await failed(customer)
    assert error.trouble is trouble
    assert words in error.message
    assert "Attention" not in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "12"}, 12),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "1e99"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "999999999"}, 86_400),
        (
            {"retry-after": format_datetime(NOW + timedelta(days=9, seconds=40), usegmt=True)}
            | {"date": format_datetime(NOW + timedelta(days=9), usegmt=True)},  # by a clock nine days ahead of ours
            40,
        ),
        ({"retry-after": format_datetime(NOW - timedelta(hours=1), usegmt=True)}, 0),
    ],
)
async def test_when_to_come_again(tmp_path: Path, headers: dict[str, str], seconds: float | None) -> None:
    async with (
        scripted(lambda _: Answer(b"", 429, headers)) as server,
        customer_at(server.base_url, tmp_path) as customer,
    ):
        assert (await failed(customer)).retry_after_s == seconds


async def test_headers_from_nowhere_are_no_receipt(tmp_path: Path) -> None:
    headers = {
        "request-id": "../../etc",
        "history-item-id": "x" * 500,
        "character-cost": "many",
        "maximum-concurrent-requests": "0",
    }
    async with (
        scripted(lambda _: Answer(b"", 500, headers)) as server,
        customer_at(server.base_url, tmp_path) as customer,
    ):
        assert (await failed(customer)).receipt == Receipt()


async def test_headers_that_are_left_out_are_none(server: Server, customer: Customer) -> None:
    server.options.leave_out = frozenset(
        {"request-id", "character-cost", "maximum-concurrent-requests", "history-item-id"}
    )
    assert (await customer.say()).receipt == Receipt()


@pytest.mark.parametrize("kind", READ_KINDS)
async def test_reading_that_fails_is_told(tmp_path: Path, kind: str) -> None:
    class Always(FaultPlan):
        def for_read(self) -> Fault:
            return Fault(kind)

    with elevenlabs_server(time_scale=0.0, faults=Always()) as server:
        async with customer_of(server, tmp_path) as customer:
            with pytest.raises(CallError) as caught:
                await customer.registry.models("elevenlabs")
    assert caught.value.trouble is TROUBLES[kind]


async def test_reading_that_never_ends_is_given_up(tmp_path: Path) -> None:
    left = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)  # until the customer leaves
        writer.close()
        await writer.wait_closed()
        left.set()

    listener = await asyncio.start_server(deaf, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    async with customer_at(f"http://127.0.0.1:{port}", tmp_path, patience=HASTY) as customer:
        with pytest.raises(CallError, match="too long") as caught:
            await customer.registry.cards("elevenlabs")
    await left.wait()
    listener.close()
    assert caught.value.trouble is Trouble.CUT


SECRET = "sk_0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def everything_about(error: BaseException | None) -> Iterator[str]:
    """All that a log, a report or a debugger that follows causes would show."""
    while error is not None:
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
        for hidden in ("request", "_request", "headers", "body", "object"):
            yield repr(getattr(error, hidden, ""))
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("kind", [*TROUBLES, "unknown key", "echo", "echo in sound", "offline"])
async def test_the_key_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    caplog.set_level(logging.DEBUG)
    echo = json.dumps({"detail": {"message": f"The key {SECRET} is not one, {SECRET}!"}}).encode()
    with elevenlabs_server(plan="creator", time_scale=0.0, faults=FaultPlan()) as server:
        if kind != "unknown key":
            server.add_key(SECRET)
        if kind in TROUBLES:
            server.schedule_next(Fault(kind, seconds=0.05))
        async with scripted(lambda _: Answer(echo, 200 if kind == "echo in sound" else 400)) as repeating:
            address = {"offline": "http://127.0.0.1:1"}.get(
                kind, repeating.base_url if kind.startswith("echo") else server.base_url
            )
            async with customer_at(address, tmp_path, key=SECRET, patience=HASTY) as customer:
                error = await failed(customer, *SENTENCES * 40)
                with pytest.raises(CallError) as other:
                    await customer_reading(customer, kind)
        await idle(server)
    shown = [*everything_about(error), *everything_about(other.value), caplog.text, *map(repr, caplog.records)]
    assert caplog.records  # httpx and httpcore do log
    assert not [text for text in shown if SECRET in text or SECRET[3:] in text]
    assert error.__cause__ is None
    assert error.__context__ is None


async def customer_reading(customer: Customer, kind: str) -> None:
    """A read that fails in any case."""
    await customer.registry.cards("elevenlabs")
    raise CallError(Trouble.REFUSED, "It did not fail.", "Nothing.")


@pytest.mark.parametrize("key", ["sk_with\nnewline", "sk_with space", "sk_ключ", "sk_\x00"])
async def test_what_cannot_be_a_key_is_not_repeated(tmp_path: Path, key: str) -> None:
    async with customer_at("http://127.0.0.1:1", tmp_path, key=key) as customer:
        error = await failed(customer)
    assert error.trouble is Trouble.KEY
    assert not [text for text in everything_about(error) if key in text or repr(key)[1:-1] in text]
