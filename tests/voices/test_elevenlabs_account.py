"""The account is asked once, by all together; voices, models and samples to choose from."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from studio.compute.local_pool import LocalPool
from studio.domain.errors import VoiceError
from studio.domain.purchase import Account, CallError, Trouble
from studio.domain.settings import Settings
from studio.domain.voice import VoiceCard
from studio.engine.trade import Seller, Voices
from studio.voices.keys import KeyStore
from studio.voices.registry import Registry, registry_from
from studio.voices.shared_answer import SharedAnswer
from tests.fakes.customer import TEXT, VOICE, seconds_of
from tests.fakes.elevenlabs_server import KEY, Server, elevenlabs_server
from tests.voices.customers import BOOK, Answer, Customer, Request, customer_at, customer_of, scripted


@pytest.fixture
def server() -> Iterator[Server]:
    with elevenlabs_server(plan="creator", time_scale=0.0) as running:
        yield running


@pytest.fixture
async def customer(server: Server, tmp_path: Path) -> AsyncIterator[Customer]:
    async with customer_of(server, tmp_path) as someone:
        yield someone


def seller_of(customer: Customer) -> Seller:
    seller = customer.voice.seller
    assert seller is not None
    return seller


async def test_plan_and_credits_are_those_of_now(customer: Customer, server: Server) -> None:
    seller = seller_of(customer)
    assert seller.name == "elevenlabs"
    assert await seller.account() == Account("creator", 100_000)
    await customer.say(TEXT)
    assert await seller.account() == Account("creator", 100_000 - server.ledger.credits)
    assert server.ledger.credits
    assert seller.slots("creator") == {"standard": 5, "fast": 10}
    assert seller.slots("brand new") == {}


def subscription(**more: object) -> bytes:
    shown = {"tier": "pro", "character_count": 300, "character_limit": 1_000, "max_credit_limit_extension": 0}
    return json.dumps({**shown, **more}).encode()


@pytest.mark.parametrize(
    ("body", "account"),
    [
        (subscription(), Account("pro", 700)),
        (subscription(max_credit_limit_extension=500), Account("pro", 1_200)),
        (subscription(max_credit_limit_extension="unlimited"), Account("pro", None)),
        (subscription(max_credit_limit_extension=None), Account("pro", 700)),
        (subscription(character_count=1_500), Account("pro", 0)),
        (subscription(character_limit="?"), Account("pro", None)),
        (subscription(tier=3), Account("", 700)),
        (b"{}", Account()),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_credits_left(tmp_path: Path, body: bytes, account: Account) -> None:
    async with scripted(lambda _: Answer(body)) as server, customer_at(server.base_url, tmp_path) as customer:
        assert await seller_of(customer).account() == account


async def test_a_key_that_may_not_ask_gives_an_empty_account_and_a_probe_that_succeeds(
    server: Server, tmp_path: Path
) -> None:
    narrow = server.add_key("sk_narrow", permissions=["text_to_speech"])
    async with customer_of(server, tmp_path, key=narrow) as customer:
        assert await seller_of(customer).account() == Account()
        await seller_of(customer).probe()
        terms = await customer.terms()
        assert (terms.limit, terms.audio_format) == (40_000, "mp3_44100_128")
    async with customer_of(server, tmp_path, key="sk_wrong") as customer:
        with pytest.raises(CallError) as caught:
            await seller_of(customer).probe()
    assert caught.value.trouble is Trouble.KEY
    assert server.outcomes() == []


def listing(request: Request) -> Answer:
    return Answer(subscription() if "subscription" in request.path else b'[{"model_id": "eleven_flash_v2_5"}]')


async def test_the_account_is_asked_once_for_all_voices(tmp_path: Path) -> None:
    async with scripted(listing) as server, customer_at(server.base_url, tmp_path) as customer:
        everybody = [customer.registry.voice(customer.settings) for _ in range(20)]
        terms = await asyncio.gather(*(voice.terms(customer.settings) for voice in everybody))
        assert len({id(voice.seller) for voice in everybody}) == 1
        assert set(terms) == {await customer.terms()}
        assert terms[0].audio_format == "mp3_44100_192"
        assert sorted(request.path for request in server.asked) == ["/v1/models", "/v1/user/subscription"]


async def test_an_account_that_does_not_answer_is_not_asked_at_each_call(tmp_path: Path) -> None:
    async with scripted(lambda _: Answer(b"", 500)) as server, customer_at(server.base_url, tmp_path) as customer:
        for _ in range(5):
            await customer.terms()
        assert len(server.asked) == 2


async def test_an_answer_is_shared_kept_and_asked_for_again_later() -> None:
    asked, epoch, broken = 0, 0, True

    async def ask() -> int:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        if broken:
            raise CallError(Trouble.BROKEN, "It is broken.", "Wait.")
        return asked

    answer = SharedAnswer(ask, lambda: epoch, again_s=3_600)
    assert (await answer.known(), await answer.known(), asked) == (None, None, 1)
    epoch = 1  # a new key: what was true is not any more
    broken = False
    assert {*await asyncio.gather(answer.known(), answer.known(), answer.fresh())} == {2}
    assert (await answer.known(), answer.last, asked) == (2, 2, 2)
    assert await answer.fresh() == 3
    broken = True
    with pytest.raises(CallError):
        await answer.fresh()
    assert await answer.known() == 3  # an old answer is better than none
    epoch = 2
    assert answer.last is None
    soon = SharedAnswer(ask, lambda: 0, again_s=0.0)
    assert (await soon.known(), await soon.known()) == (None, None)
    assert asked == 6


async def test_who_leaves_takes_no_answer_from_the_others() -> None:
    gate = asyncio.Event()

    async def ask() -> str:
        await gate.wait()
        return "yes"

    answer = SharedAnswer(ask, lambda: 0)
    one, other = asyncio.create_task(answer.fresh()), asyncio.create_task(answer.fresh())
    await asyncio.sleep(0)
    one.cancel()
    gate.set()
    assert await other == "yes"
    with pytest.raises(asyncio.CancelledError):
        await one
    gate.clear()
    waiting = asyncio.create_task(answer.fresh())
    await asyncio.sleep(0)
    await answer.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_new_key_is_used_from_the_next_call_on(server: Server, tmp_path: Path) -> None:
    store = KeyStore({})
    store._read["elevenlabs"] = "sk_wrong"
    registry = Registry(LocalPool(1), BOOK, store, server.base_url)
    seller = registry.voice(Settings(voice=f"elevenlabs:{VOICE}")).seller
    assert seller is not None
    with pytest.raises(CallError):
        await seller.account()
    store._read["elevenlabs"] = server.key
    assert (await seller.account()).plan == "creator"
    await registry.close()


async def test_every_voice_and_its_sample(customer: Customer, server: Server, tmp_path: Path) -> None:
    voices: Voices = customer.registry
    cards = await voices.cards("elevenlabs")
    assert [card.name for card in cards] == ["Rachel", "Adam", "Sarah", "Producer"]
    assert cards[0].ref == f"elevenlabs:{VOICE}"
    assert cards[0].about == "female, american, narration"
    assert cards[3].about.endswith("(professional)")
    await voices.sample(cards[0], tmp_path / "sample.mp3")
    assert seconds_of((tmp_path / "sample.mp3").read_bytes()) > 0.5


async def test_all_pages_of_voices_are_read(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        page = int(request.query.get("next_page_token", "0"))
        voices: list[dict[str, Any]] = [{"voice_id": f"v{page}{number}", "labels": ["odd"]} for number in range(3)]
        more = {"has_more": page < 2, "next_page_token": str(page + 1)}
        return Answer(json.dumps({"voices": [*voices, {"voice_id": None}, {"voice_id": "a/b"}], **more}).encode())

    async with scripted(answer) as server, customer_at(server.base_url, tmp_path) as customer:
        cards = await customer.registry.cards("elevenlabs")
    assert [card.name for card in cards] == [f"v{page}{number}" for page in range(3) for number in range(3)]


async def test_models_with_limits_and_prices(customer: Customer) -> None:
    cards = await customer.registry.models("elevenlabs")
    assert cards[0].limit == 40_000
    by_name = {card.id: card for card in cards}
    assert by_name["eleven_multilingual_v2"].micro_per_1000 == 100_000
    assert by_name["eleven_flash_v2_5"].micro_per_1000 == 50_000
    assert by_name["eleven_v4_turbo"].micro_per_1000 == 20_000


async def test_what_does_not_speak_is_no_model(tmp_path: Path) -> None:
    models = [{"model_id": "ears", "can_do_text_to_speech": False}, {"model_id": "new"}, {"name": "nameless"}, {}]
    async with (
        scripted(lambda _: Answer(json.dumps(models).encode())) as server,
        customer_at(server.base_url, tmp_path) as customer,
    ):
        (card,) = await customer.registry.models("elevenlabs")
    assert (card.id, card.name, card.limit, card.micro_per_1000) == ("new", "new", 5_000, 100_000)


async def test_a_sample_follows_to_other_hosts_without_the_key(tmp_path: Path) -> None:
    async with scripted(lambda _: Answer(b"sound")) as other:

        def answer(request: Request) -> Answer:
            return Answer(b"", 302, {"location": f"{other.base_url}/there"})

        async with scripted(answer) as server, customer_at(server.base_url, tmp_path) as customer:
            await customer.registry.sample(VoiceCard("", "Rachel", "", f"{server.base_url}/preview"), customer.out)
            assert customer.out.read_bytes() == b"sound"
            assert not [request for request in (*server.asked, *other.asked) if KEY in str(request)]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "no sample of Rachel"),
        ("file:///etc/passwd", "no sample of Rachel"),
        ("http://127.0.0.1:1/a.mp3", "ConnectError"),
        ("http://[::1", "InvalidURL"),
        ("{}/missing", "HTTP 404"),
        ("{}/empty", "empty"),
        ("{}/away", "UnsupportedProtocol"),
    ],
)
async def test_a_sample_that_cannot_be_had_is_told(tmp_path: Path, url: str, words: str) -> None:
    answers = {
        "/missing": Answer(b"", 404),
        "/empty": Answer(),
        "/away": Answer(b"", 302, {"location": "file:///etc/passwd"}),
    }
    async with (
        scripted(lambda request: answers[request.path]) as server,
        customer_at(server.base_url, tmp_path) as customer,
    ):
        with pytest.raises(CallError, match=words):
            await customer.registry.sample(VoiceCard("", "Rachel", "", url.format(server.base_url)), customer.out)


async def test_a_sample_without_end_is_given_up(tmp_path: Path) -> None:
    body = bytes(21_000_000)
    async with scripted(lambda _: Answer(body)) as server, customer_at(server.base_url, tmp_path) as customer:
        with pytest.raises(CallError, match="too large"):
            await customer.registry.sample(VoiceCard("", "Rachel", "", server.base_url), customer.out)


async def test_the_built_in_voices_are_there_without_a_network(tmp_path: Path) -> None:
    async with customer_at("http://127.0.0.1:1", tmp_path) as customer:
        heart, *others = await customer.registry.cards("builtin")
        assert (heart.ref, heart.about) == ("builtin:heart", "female, American")
        assert all("fetched once" in card.about for card in others)
        assert await customer.registry.models("builtin") == ()
        for ask in (customer.registry.cards, customer.registry.models):
            with pytest.raises(VoiceError, match="no voice provider “acme”"):
                await ask("acme")


async def test_the_environment_gives_key_and_server(server: Server, tmp_path: Path) -> None:
    environment = {"ELEVENLABS_API_KEY": f" {server.key}\n", "ELEVENLABS_BASE_URL": f" {server.base_url} "}
    registry = registry_from(environment, LocalPool(1), BOOK)
    assert len(await registry.cards("elevenlabs")) == 4
    assert await registry.keys.has("elevenlabs")
    await registry.close()


async def test_a_proxy_sees_no_key_in_plain_text(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with scripted(lambda _: Answer(b"", 500)) as proxy:
        for name in ("http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.base_url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        async with httpx.AsyncClient() as plain:  # the variables are heeded by those who want to
            assert (await plain.get(server.base_url)).status_code == 500
        async with customer_of(server, tmp_path) as customer:
            assert (await seller_of(customer).account()).plan == "creator"
        # What else this process may ask of a proxy (libraries do) is not for here.
        assert [request.method for request in proxy.asked if server.base_url.endswith(request.headers["host"])] == [
            "GET"
        ]
        assert not [request for request in proxy.asked if server.key in str(request)]
