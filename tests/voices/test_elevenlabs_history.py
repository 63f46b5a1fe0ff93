"""Paid sound is found in the history and fetched, whatever the clocks say."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from studio.domain.purchase import CallError, Found, HistoryError, Receipt, Trouble
from studio.voices import elevenlabs_history
from studio.voices.elevenlabs_history import _unix
from tests.fakes.customer import VOICE, idle, seconds_of
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.faults import Fault
from tests.voices.customers import SENTENCES, Answer, Customer, Request, customer_at, customer_of, scripted


@pytest.fixture
def server() -> Iterator[Server]:
    with elevenlabs_server(plan="creator", time_scale=0.0) as running:
        yield running


@pytest.fixture
async def customer(server: Server, tmp_path: Path) -> AsyncIterator[Customer]:
    async with customer_of(server, tmp_path) as someone:
        yield someone


def at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


async def lose(customer: Customer, server: Server, *texts: str, take: int = 1) -> None:
    """A call that is charged, and of which nothing arrives."""
    server.schedule_next(Fault("reset_after_read", charged=True))
    with pytest.raises(CallError):
        await customer.say(*texts, take=take)
    await idle(server)


async def test_what_was_lost_is_found_and_fetched_for_nothing(customer: Customer, server: Server) -> None:
    await customer.say("Another text.")
    began = time.time()
    await lose(customer, server)
    found = await customer.look(since=at(began))
    charge = server.ledger.charges[-1]
    assert found == Found(Receipt(charge.request_id, charge.history_item_id or "", charge.credits), int(charge.time))
    await customer.voice.fetch(found, await customer.terms(), customer.out, customer.told.append)
    fetched = customer.out.read_bytes()
    assert customer.told[-1] == 1.0
    await customer.say()
    assert fetched == customer.out.read_bytes()
    assert seconds_of(fetched) > 5
    assert len(server.ledger.charges) == 3


async def test_what_was_not_charged_is_not_found(customer: Customer, server: Server) -> None:
    server.schedule_next(Fault("reset_after_read", charged=False))
    with pytest.raises(CallError):
        await customer.say()
    assert await customer.look() is None


@pytest.mark.parametrize(
    "changed",
    [
        {"stability": 0.6},
        {"similarity": 0.7},
        {"style": 0.1},
        {"speaker_boost": False},
        {"speed": 1.05},
        {"model": "eleven_turbo_v2_5"},
        {"speech_format": "mp3_44100_96"},
        {"voice": "elevenlabs:pNInz6obpgDQGcFmaJgB"},
    ],
    ids=str,
)
async def test_only_this_very_call_fits(server: Server, tmp_path: Path, changed: dict[str, Any]) -> None:
    async with customer_of(server, tmp_path) as customer, customer_of(server, tmp_path, **changed) as other:
        await lose(customer, server)
        assert await other.look() is None
        assert await customer.look(*SENTENCES[:2]) is None
        assert await customer.look()


async def test_what_others_account_for_is_passed_over(customer: Customer, server: Server) -> None:
    await lose(customer, server)
    await lose(customer, server)
    first, second = server.ledger.charges
    by_request = await customer.look(claimed=frozenset({first.request_id}))
    by_item = await customer.look(claimed=frozenset({second.history_item_id or ""}))
    assert by_request is not None
    assert by_item is not None
    assert by_request.receipt.request_id == second.request_id
    assert by_item.receipt.request_id == first.request_id
    assert await customer.look(claimed=frozenset({first.request_id, second.request_id})) is None


async def test_of_two_takes_each_finds_its_own_by_time(customer: Customer, server: Server) -> None:
    """The history does not show the seed."""
    for take, ago_s in ((1, 7_200), (2, 3_600), (3, 60)):
        await lose(customer, server, take=take)
        server.ledger.charges[-1].time = time.time() - ago_s
    for place, ago_s in enumerate((7_205, 3_605, 65)):
        found = await customer.look(since=at(time.time() - ago_s))
        assert found is not None
        assert found.receipt.request_id == server.ledger.charges[place].request_id


@pytest.mark.parametrize("days", [-400, -3, 3, 400])
async def test_a_clock_that_is_days_off_hides_nothing(customer: Customer, server: Server, days: int) -> None:
    await lose(customer, server)
    for number in range(40):  # more than a page has
        await customer.say(f"Number {number}.")
    assert await customer.look(since=at(time.time() + days * 86_400))


async def test_old_items_end_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elevenlabs_history, "_MOST", 400)
    now = int(time.time())

    def answer(request: Request) -> Answer:
        after = int(request.query.get("start_after_history_item_id", "0"))
        items = [item(number, now - 3_600 * number) for number in range(after + 1, after + 26)]
        return Answer(
            json.dumps({"history": items, "has_more": True, "last_history_item_id": str(after + 25)}).encode()
        )

    async with scripted(answer) as server, customer_at(server.base_url, tmp_path) as customer:
        assert await customer.look(since=at(now - 86_400)) is None
        asked = [request for request in server.asked if request.path == "/v1/history"]
        assert len(asked) == 5  # 100 at least, and one that is older than two days is among the next
        assert asked[0].query == {"page_size": "25", "voice_id": VOICE, "sort_direction": "desc"}
        with pytest.raises(HistoryError, match="more than 400") as caught:
            await customer.look(since=at(0))
    assert not caught.value.forbidden


def item(number: int, made: int, **more: object) -> dict[str, object]:
    return {
        "history_item_id": str(number),
        "request_id": f"r{number}",
        "voice_id": VOICE,
        "text": "Something else.",
        "date_unix": made,
        **more,
    }


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({}, True),
        ({"model_id": "eleven_flash_v2_5", "settings": {"stability": 0.5}, "state": "created"}, True),
        ({"settings": {"stability": 0.503, "style": None, "speed": "fast"}}, True),
        ({"settings": ["?"]}, True),
        ({"settings": {"stability": 0.52}}, False),
        ({"state": "deleted"}, False),
        ({"output_format": "mp3_22050_32"}, False),
        ({"model_id": "eleven_v3"}, False),
        ({"voice_id": None}, False),
        ({"history_item_id": "../x"}, False),
        ({"history_item_id": None}, False),
    ],
    ids=str,
)
async def test_what_the_history_leaves_out_does_not_count(tmp_path: Path, more: dict[str, object], fits: bool) -> None:
    def answer(request: Request) -> Answer:
        shown = item(1, 1_000, **{"text": "\n\n".join(SENTENCES), **more})
        return Answer(json.dumps({"history": [shown], "has_more": False}).encode())

    async with scripted(answer) as server, customer_at(server.base_url, tmp_path) as customer:
        assert (await customer.look() is not None) is fits


@pytest.mark.parametrize(
    "page",
    [
        {"history": [], "has_more": True, "last_history_item_id": "x"},
        {"history": [item(1, 1)], "has_more": True, "last_history_item_id": None},
        {"history": [item(1, 1)], "has_more": True, "last_history_item_id": "1"},
        {"history": [{"text": 3, "date_unix": "yesterday"}, item(2, 5)], "has_more": False},
    ],
    ids=str,
)
async def test_a_strange_page_ends_the_search(tmp_path: Path, page: dict[str, object]) -> None:
    async with (
        scripted(lambda _: Answer(json.dumps(page).encode())) as server,
        customer_at(server.base_url, tmp_path) as customer,
    ):
        assert await customer.look() is None


@pytest.mark.parametrize("answer", [b"{}", b"[]", b'{"history": 3}', b"<html><body>hotel</body></html>", b"3"])
async def test_an_answer_that_is_no_page_says_nothing_about_the_call(tmp_path: Path, answer: bytes) -> None:
    async with scripted(lambda _: Answer(answer)) as server, customer_at(server.base_url, tmp_path) as customer:
        with pytest.raises(HistoryError) as caught:
            await customer.look()
    assert not caught.value.forbidden


async def test_a_key_that_may_not_read_it_is_told_from_a_disturbance(server: Server, tmp_path: Path) -> None:
    narrow = server.add_key("sk_narrow", permissions=["text_to_speech"])
    async with customer_of(server, tmp_path, key=narrow) as customer:
        with pytest.raises(HistoryError, match="speech_history_read") as caught:
            await customer.look()
        assert caught.value.forbidden
    async with customer_of(server, tmp_path) as customer:
        server.ledger.history.available = False
        with pytest.raises(HistoryError, match="cannot be read") as caught:
            await customer.look()
        assert not caught.value.forbidden
        assert caught.value.__context__ is None
    async with customer_at("http://127.0.0.1:1", tmp_path) as customer:
        with pytest.raises(HistoryError) as caught:
            await customer.look()
        assert not caught.value.forbidden


async def test_fetching_what_is_gone_is_told(customer: Customer) -> None:
    terms = await customer.terms()
    for name, words in (("gone", "HTTP 404, history_item_not_found"), ("../../x", "does not name")):
        with pytest.raises(CallError, match=words) as caught:
            await customer.voice.fetch(Found(Receipt(history_id=name), 0), terms, customer.out, customer.told.append)
        assert caught.value.trouble is Trouble.REFUSED


async def test_an_empty_sound_in_the_history_is_told(tmp_path: Path) -> None:
    async with scripted(lambda _: Answer()) as server, customer_at(server.base_url, tmp_path) as customer:
        found = Found(Receipt(history_id="abc"), 0)
        with pytest.raises(CallError) as caught:
            await customer.voice.fetch(found, await customer.terms(), customer.out, customer.told.append)
    assert caught.value.trouble is Trouble.SPOILT


def test_the_time_of_a_call_may_be_written_in_any_way() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    times = ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00+00:00", "2026-11-22 12:00:00", "2026-11-22T14:00:00+02:00")
    assert {_unix(text) for text in times} == {noon.timestamp()}
    assert _unix("yesterday") == 0.0
    assert _unix((noon + timedelta(seconds=1)).isoformat()) == noon.timestamp() + 1
