"""A chat model over a real socket: whatever its server makes of the protocol, an answer is whole or it is none."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.app import resources
from studio.content.chat import ChatModel
from studio.content.chat_endpoint import Address, Endpoint, Patience
from studio.content.chat_stream import Answer, Events
from studio.content.writers import Writers
from studio.domain.errors import SettingError
from studio.domain.money import FREE
from studio.domain.purchase import CallError, Trouble
from studio.domain.settings import Settings
from studio.domain.writing import Completion, Prompt, Role
from studio.engine.authoring import ChatModel as Protocol
from tests.fakes.chat_server import KEY, ChatServer, chat_server
from tests.money.parts import Threads

PROMPT = Prompt(
    "storyteller-8b",
    ((Role.SYSTEM, "You write. Naïvely — “so”."), (Role.USER, "It has about 60 words.")),
    most_tokens=400,
    temperature=0.7,
    seed=3,
)
PRICES = (0.15, 0.6)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server(spread=0.0) as running:
        yield running


@asynccontextmanager
async def model_at(
    server: ChatServer, *, key: str = "", prices: tuple[float, float] | None = PRICES, patience: Patience | None = None
) -> AsyncIterator[ChatModel]:
    async def keys() -> str:
        return key

    endpoint = Endpoint(Address.parse(server.url), keys, patience)
    try:
        yield ChatModel(endpoint, prices)
    finally:
        await endpoint.close()


async def asked(server: ChatServer, prompt: Prompt = PROMPT, key: str = "") -> Completion:
    async with model_at(server, key=key) as model:
        return await model.answer(prompt, lambda _: None)


async def test_an_answer_comes_in_pieces_and_costs_what_the_server_says(server: ChatServer) -> None:
    heard: list[int] = []
    async with model_at(server) as model:
        wanted: Protocol = model
        completion = await wanted.answer(PROMPT, heard.append)
        assert len(completion.text.split()) >= 60
        assert completion.model == "storyteller-8b"
        assert heard == sorted(heard)
        assert heard[-1] >= len(completion.text)
        assert not completion.cut
        assert model.cost_micro(PROMPT, completion) == server.micro
        assert 0 < server.micro <= model.price(PROMPT).micro
        assert model.price(PROMPT).credits == 0
    body = server.asked[0].body
    assert (body["temperature"], body["seed"], body["max_tokens"], body["stream"]) == (0.7, 3, 400, True)


@pytest.mark.parametrize(
    "odd",
    [
        {"crlf": True},
        {"comments": True},
        {"space": False},
        {"done": False},
        {"stream": False},
        {"usage": False},
        {"thinks": "field"},
        {"thinks": "tags"},
        {"crlf": True, "comments": True, "space": False, "done": False, "thinks": "tags", "usage": False},
        {"unknown": frozenset({"stream_options"})},
        {"unknown": frozenset({"max_tokens", "temperature", "seed", "response_format"})},
    ],
)
async def test_servers_that_differ_give_the_same_answer(odd: dict[str, Any]) -> None:
    with chat_server(spread=0.0) as plain, chat_server(spread=0.0, **odd) as server:
        prompt = replace(PROMPT, as_json=True)
        expected = await asked(plain, prompt)
        async with model_at(server) as model:
            completion = await model.answer(prompt, lambda _: None)
            again = await model.answer(replace(prompt, seed=4), lambda _: None)
            told = completion.completion_tokens is not None
            cost = model.cost_micro(prompt, completion)
            assert cost == server.asked[0].micro if told else cost == model.price(prompt).micro
        if not odd.get("unknown"):
            assert completion.text == expected.text
        assert "think" not in completion.text
        assert again.text
        # What was refused once is left out from then on.
        assert len(server.asked) == 2
        assert not odd.get("unknown", frozenset()) & set(server.asked[-1].body)
        assert {"max_tokens", "max_completion_tokens"} & set(server.asked[-1].body)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("429", Trouble.RATE),
        ("429_after", Trouble.RATE),
        ("slots", Trouble.SLOTS),
        ("quota", Trouble.QUOTA),
        ("500", Trouble.BROKEN),
        ("503", Trouble.BUSY),
        ("reset", Trouble.CUT),
        ("cut", Trouble.CUT),
        ("hang_up", Trouble.CUT),
        ("error_in_stream", Trouble.BROKEN),
        ("malformed", Trouble.BROKEN),
        ("html", Trouble.BROKEN),
        ("runaway", Trouble.CUT),
        ("401", Trouble.KEY),
    ],
)
async def test_what_goes_wrong_says_what_it_means(server: ChatServer, fault: str, trouble: Trouble) -> None:
    server.schedule({1: fault})
    with pytest.raises(CallError) as caught:
        await asked(server, key=KEY)
    error = caught.value
    assert error.trouble is trouble
    assert server.name in error.message
    assert error.message[-1] in ".!?…"
    assert error.remedy
    assert KEY not in str(error)
    assert error.__cause__ is None
    assert error.retry_after_s == (0.0 if fault == "429_after" else None)
    if server.micro:
        assert error.maybe_charged


async def test_answers_share_a_connection(server: ChatServer) -> None:
    async with model_at(server) as model:
        for seed in range(4):
            await model.answer(replace(PROMPT, seed=seed), lambda _: None)
    assert len(server.connections) == 1


async def test_refusals_and_cut_answers_are_answers(server: ChatServer) -> None:
    server.schedule({1: "refusal", 2: "filter", 3: "length", 4: "empty"})
    async with model_at(server) as model:
        completions = [await model.answer(replace(PROMPT, seed=seed), lambda _: None) for seed in range(4)]
    refused, filtered, cut, empty = completions
    assert "can't help" in refused.refusal
    assert filtered.refusal
    assert cut.cut
    assert cut.text
    assert (empty.text, empty.refusal) == ("", "")


async def test_a_silent_server_is_given_up(server: ChatServer) -> None:
    server.options.delay_s = 5.0
    with pytest.raises(CallError) as caught:
        async with model_at(server, patience=Patience(silence_s=0.05)) as model:
            await model.answer(PROMPT, lambda _: None)
    assert caught.value.trouble is Trouble.CUT
    server.options.delay_s = 0.0
    with pytest.raises(CallError) as caught:
        async with model_at(server, patience=Patience(total_s=0.0)) as model:
            await model.answer(PROMPT, lambda _: None)
    assert caught.value.trouble is Trouble.CUT


async def test_nobody_there_is_not_charged() -> None:
    with chat_server() as gone:
        address = gone
    with pytest.raises(CallError) as caught:
        await asked(address)
    assert caught.value.trouble is Trouble.OFFLINE
    assert not caught.value.maybe_charged


async def test_without_a_name_the_first_chat_model_is_asked() -> None:
    with chat_server(models=("text-embedding-3", "writer-7b"), key=KEY) as server:
        assert (await asked(server, replace(PROMPT, model=""), KEY)).model == "writer-7b"
        async with model_at(server, key=KEY) as model:
            await model.seller.probe()
            assert model.seller.name == f"writer@{server.name}"
            assert not model.seller.slots("")
            await model.seller.account()
        server.options.models = ()
        with pytest.raises(CallError) as caught:
            await asked(server, replace(PROMPT, model=""), KEY)
        assert caught.value.trouble is Trouble.REFUSED
        # A server that answers is a server that works, whatever it says.
        async with model_at(server, key="wrong") as model:
            await model.seller.probe()
            with pytest.raises(CallError) as caught:
                await model.answer(PROMPT, lambda _: None)
            assert caught.value.trouble is Trouble.KEY


async def test_a_key_is_not_sent_in_the_open() -> None:
    async def key() -> str:
        return KEY

    endpoint = Endpoint(Address.parse("http://models.example.com/v1"), key)
    with pytest.raises(CallError, match="without encryption") as caught:
        await ChatModel(endpoint, PRICES).answer(PROMPT, lambda _: None)
    assert not caught.value.maybe_charged
    with pytest.raises(CallError, match="without encryption"):
        await endpoint.probe()


async def test_a_locked_keyring_is_not_in_the_way_of_a_model_of_ones_own(server: ChatServer) -> None:
    async def locked() -> str:
        raise CallError(Trouble.KEY, "The keyring is locked.", "Unlock it.")

    endpoint = Endpoint(Address.parse(server.url), locked)
    assert (await ChatModel(endpoint, None).answer(PROMPT, lambda _: None)).text
    await endpoint.close()
    hosted = Endpoint(Address.parse("https://models.example.com"), locked)
    with pytest.raises(CallError, match="locked"):
        await hosted.probe()


@pytest.mark.parametrize(
    ("text", "url", "near"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1", True),
        ("http://localhost:11434", "http://localhost:11434/v1", True),
        ("http://127.0.0.1:8080/v1/chat/completions", "http://127.0.0.1:8080/v1", True),
        ("http://[::1]:8080/v1/", "http://[::1]:8080/v1", True),
        ("http://192.168.1.5:1234/v1", "http://192.168.1.5:1234/v1", True),
        ("http://100.101.102.103:11434/v1", "http://100.101.102.103:11434/v1", True),
        ("http://gpu-box:8000/v1", "http://gpu-box:8000/v1", True),
        ("http://gpu.local/v1", "http://gpu.local/v1", True),
        ("https://api.openai.com/v1", "https://api.openai.com/v1", False),
        ("https://8.8.8.8/v1", "https://8.8.8.8/v1", False),
        ("https://localhost.example.com/v1", "https://localhost.example.com/v1", False),
        ("https://[::ffff:8.8.8.8]/v1", "https://[::ffff:8.8.8.8]/v1", False),
    ],
)
def test_addresses(text: str, url: str, near: bool) -> None:
    address = Address.parse(text)
    assert (address.url, address.near) == (url, near)


@pytest.mark.parametrize(
    "text", ["ftp://x/v1", "http://", "http://a:b@host/v1", "http://host:99999/v1", "http://h?k=1"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(SettingError) as caught:
        Address.parse(text)
    assert caught.value.remedy


def test_what_may_cost_has_its_prices() -> None:
    async def key() -> str:
        return ""

    writers = Writers(Threads(), resources(), key)
    hosted = Settings().with_values({"writer": "https://api.example.com/v1", "writer_model": "big"})
    with pytest.raises(SettingError, match="costs is not known"):
        writers.writer(hosted)
    with pytest.raises(SettingError, match="costs is not known"):
        writers.model(hosted)
    with pytest.raises(SettingError, match="Which model"):
        writers.model(hosted.with_values({"writer_model": "", "writer_prices": "1 / 2"}))
    priced = writers.model(hosted.with_values({"writer_prices": "1 / 2"}))
    local = writers.model(Settings().with_values({"writer": "http://localhost:1/v1"}))
    assert priced is not None
    assert local is not None
    assert local.price(PROMPT) == FREE
    assert local.cost_micro(PROMPT, Completion("x", "m")) == 0
    bytes_asked = sum(len(text.encode()) for _, text in PROMPT.messages)
    assert priced.price(PROMPT).micro >= bytes_asked + 2 * PROMPT.most_tokens
    assert priced.cost_micro(PROMPT, Completion("x", "m", 100, 10)) == 120
    assert priced.cost_micro(PROMPT, Completion("x", "m")) == priced.price(PROMPT).micro
    assert writers.model(Settings()) is None
    assert priced.seller is not local.seller
    again = writers.model(hosted.with_values({"writer_prices": "3 / 4"}))
    assert again is not None
    assert again.seller is priced.seller


@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])), min_size=1, max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 7),
    st.booleans(),
)
def test_events_are_read_however_they_are_cut(datas: list[str], end: str, size: int, space: bool) -> None:
    """Data that is no JSON, so that only blank lines part them."""
    wanted = [f"x{data}" for data in datas]
    raw = "".join(f":c{end}data:{' ' if space else ''}{data}{end}id: 1{end}{end}" for data in wanted).encode()
    events = Events()
    found = [data for at in range(0, len(raw), size) for data in events.feed(raw[at : at + size])]
    assert [*found, *events.end()] == wanted


def test_events_of_several_lines_and_without_blank_ones() -> None:
    events = Events()
    raw = b'data: {"a":\ndata: 1}\n\ndata: {"b": 2}\ndata: {"c": 3}\n{"d": 4}\ndata: [DONE]'
    assert [*events.feed(raw), *events.end()] == ['{"a":\n1}', '{"b": 2}', '{"c": 3}', '{"d": 4}', "[DONE]"]


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    events, answer = Events(), Answer()
    for data in [*events.feed(raw), *events.end()]:
        try:
            answer.take(data)
        except ValueError:
            break


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>no</think>yes", "yes"),
        ("no</think>\n\nyes", "yes"),
        ("<thinking>a\nb</thinking> yes <think>no", "yes"),
        ("plain", "plain"),
    ],
)
def test_thoughts_are_left_out(text: str, said: str) -> None:
    answer = Answer()
    answer.take(json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": "stop"}]}))
    assert answer.text == said
    assert answer.whole
