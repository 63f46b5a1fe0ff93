"""An ElevenLabs voice that speaks: what is asked, what arrives, what is told, over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from studio.domain.dialect import Dialect
from studio.domain.errors import StoreError, VoiceError
from studio.domain.purchase import CallError, Receipt, Trouble
from studio.engine.ports import Lane
from tests.fakes.customer import VOICE, idle, seconds_of
from tests.fakes.elevenlabs_server import KEY, Server, elevenlabs_server
from tests.fakes.faults import Fault
from tests.voices.customers import (
    MULTILINGUAL,
    SENTENCES,
    Answer,
    Customer,
    Request,
    Scripted,
    customer_at,
    customer_of,
    scripted,
)


@pytest.fixture
def server() -> Iterator[Server]:
    with elevenlabs_server(plan="creator", time_scale=0.0) as running:
        yield running


@pytest.fixture
async def customer(server: Server, tmp_path: Path) -> AsyncIterator[Customer]:
    async with customer_of(server, tmp_path) as someone:
        yield someone


async def test_the_body_is_the_sound_and_the_receipt_says_what_it_cost(customer: Customer, server: Server) -> None:
    delivery = await customer.say()
    (charge,) = server.ledger.charges
    assert charge.delivered
    assert delivery.receipt == Receipt(charge.request_id, charge.history_item_id or "", charge.credits, 10)
    assert charge.order.text == "\n\n".join(SENTENCES)
    assert charge.order.output_format == "mp3_44100_192"  # the best of the plan
    last = delivery.marks[-1]
    assert seconds_of(customer.out.read_bytes()) == pytest.approx(last.end_s, abs=1.0)
    assert customer.told == sorted(customer.told)
    assert customer.told[-1] == 1.0


async def test_marks_are_one_an_utterance_in_order(customer: Customer, server: Server) -> None:
    server.options.alignment_scale = 0.88  # its own time base is kept: whoever decodes the sound rescales
    delivery = await customer.say()
    assert [(mark.utterance, mark.source_start, mark.source_end) for mark in delivery.marks] == [
        (0, 0, 30),
        (1, 40, 83),
        (2, 93, 114),
    ]
    for before, after in pairwise(delivery.marks):
        assert before.start_s < before.end_s <= after.start_s
    assert delivery.marks[-1].end_s < 0.92 * seconds_of(customer.out.read_bytes())


async def test_a_long_body_comes_in_many_parts(customer: Customer, server: Server) -> None:
    texts = [f"Sentence number {number} of many is here." for number in range(100)]
    delivery = await customer.say(*texts)
    assert len(delivery.marks) == 100
    assert customer.out.stat().st_size > 3_000_000
    assert seconds_of(customer.out.read_bytes()) == pytest.approx(delivery.marks[-1].end_s, abs=1.0)
    assert len(customer.told) > 30


def sound(request: Request) -> Answer:
    """Whatever is asked for: a timed body of one block."""
    text = json.loads(request.body)["text"] if request.body else ""
    alignment = {
        "characters": list(text),
        "character_start_times_seconds": [number / 15 for number in range(len(text))],
        "character_end_times_seconds": [(number + 1) / 15 for number in range(len(text))],
    }
    return Answer(json.dumps({"audio_base64": "AAAA", "alignment": alignment}).encode() + b"\n")


def speech_of(server: Scripted) -> list[Request]:
    return [request for request in server.asked if request.method == "POST"]


async def test_every_setting_goes_out(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "model": MULTILINGUAL,
        "speed": 1.1,
        "seed": 77,
        "stability": 0.3,
        "similarity": 0.6,
        "style": 0.2,
        "speaker_boost": False,
        "language": "en",
        "text_normalisation": "off",
        "speech_format": "mp3_44100_96",
        "dictionaries": "first:version1, second:version2",
    }
    async with scripted(sound) as server, customer_at(server.base_url, tmp_path, **settings) as customer:
        await customer.say(take=3)
        (request,) = speech_of(server)
    assert request.path == f"/v1/text-to-speech/{VOICE}/stream/with-timestamps"
    assert request.query == {"output_format": "mp3_44100_96"}  # and nothing that keeps it out of the history
    assert request.headers["xi-api-key"] == KEY
    assert json.loads(request.body) == {
        "text": "\n\n".join(SENTENCES),
        "model_id": MULTILINGUAL,
        "seed": 79,
        "language_code": "en",
        "apply_text_normalization": "off",
        "voice_settings": {
            "stability": 0.3,
            "similarity_boost": 0.6,
            "style": 0.2,
            "use_speaker_boost": False,
            "speed": 1.1,
        },
        "pronunciation_dictionary_locators": [
            {"pronunciation_dictionary_id": "first", "version_id": "version1"},
            {"pronunciation_dictionary_id": "second", "version_id": "version2"},
        ],
    }


async def test_neighbours_go_out_where_the_model_takes_them(tmp_path: Path) -> None:
    async with scripted(sound) as server, customer_at(server.base_url, tmp_path) as customer:
        chunk, terms = await customer.chunk(before="What was.", after="What will be."), await customer.terms()
        ids = ["a", "b", "c", "d"]
        for near in (terms, replace(terms, context=False)):
            await customer.voice.speak(chunk, customer.speech, near, customer.out, customer.told.append, after=ids)
        told, silent = [json.loads(request.body) for request in speech_of(server)]
    assert (told["previous_text"], told["next_text"]) == ("What was.", "What will be.")
    assert told["previous_request_ids"] == ["b", "c", "d"]
    assert not {"previous_text", "next_text", "previous_request_ids"} & set(silent)


async def test_requests_too_old_to_go_on_from_are_left_out(customer: Customer, server: Server) -> None:
    first = await customer.say()
    await customer.say("And on it goes.", after=[first.receipt.request_id])
    await customer.say("And once more.", after=[first.receipt.request_id, "long-forgotten"])
    assert server.outcomes() == ["ok", "ok", "invalid_request_ids", "ok"]


@pytest.mark.parametrize(
    ("dictionaries", "words"),
    [("a,b,c,d", "at most 3"), ("a/../b", "is not the ID"), ("a:b:c", "is not the ID"), ("a: x y", "is not the ID")],
)
async def test_dictionaries_that_cannot_be_asked_for_are_told_for_free(
    server: Server, tmp_path: Path, dictionaries: str, words: str
) -> None:
    async with customer_of(server, tmp_path, dictionaries=dictionaries) as customer:
        with pytest.raises(CallError, match=words) as caught:
            await customer.say()
    assert caught.value.trouble is Trouble.REFUSED
    assert server.outcomes() == []


async def test_a_dictionary_of_the_account_is_taken(server: Server, tmp_path: Path) -> None:
    keys = []
    for version in ("v1", "v2"):  # changed meanwhile: what the old one spoke is something else
        server.account.dictionaries["known"] = {"id": "known", "latest_version_id": version}
        async with customer_of(server, tmp_path, dictionaries="known") as customer:
            assert (await customer.terms()).dictionaries == (f"known:{version}",)
            keys.append((await customer.chunk()).key)
            await customer.say()
    assert [charge.order.dictionaries for charge in server.ledger.charges] == [("known:v1",), ("known:v2",)]
    assert len(set(keys)) == 2
    async with customer_of(server, tmp_path, dictionaries="unknown") as customer:
        with pytest.raises(CallError, match="no such pronunciation dictionary") as caught:
            await customer.say("Something else.")
    assert caught.value.trouble is Trouble.REFUSED


async def test_what_has_a_header_with_its_length_is_not_streamed(tmp_path: Path) -> None:
    with elevenlabs_server(plan="pro", time_scale=0.0) as server:
        async with customer_of(server, tmp_path, speech_format="wav_44100") as customer:
            delivery = await customer.say()
        assert delivery.marks == ()
        assert delivery.receipt.credits == server.ledger.charges[0].credits
        assert seconds_of(customer.out.read_bytes()) > 5


@pytest.mark.parametrize(
    "refusal",
    [
        Answer(b"<html><body>Not Found</body></html>", 404),
        Answer(b'{"detail":"Method Not Allowed"}', 405),
        Answer(b'{"detail":{"status":"unsupported_model","message":"No timestamps with this model."}}', 400),
    ],
    ids=lambda refusal: str(refusal.status),
)
async def test_a_model_without_timestamps_speaks_without(tmp_path: Path, refusal: Answer) -> None:
    def answer(request: Request) -> Answer:
        return refusal if request.path.endswith("with-timestamps") else Answer(b"ID3 sound")

    async with scripted(answer) as server, customer_at(server.base_url, tmp_path) as customer:
        assert (await customer.say()).marks == ()
        assert customer.out.read_bytes() == b"ID3 sound"
        await customer.say()  # and is not asked for them again
        ends = [request.path.rpartition("/")[2] for request in speech_of(server)]
    assert ends == ["with-timestamps", "stream", "stream"]


async def test_a_voice_that_is_not_there_is_no_lack_of_timestamps(server: Server, tmp_path: Path) -> None:
    async with customer_of(server, tmp_path, voice="elevenlabs:nobody") as customer:
        with pytest.raises(CallError, match="no such voice") as caught:
            await customer.say()
    assert caught.value.trouble is Trouble.REFUSED
    assert server.outcomes() == ["voice_not_found"]


async def test_terms_come_from_the_account(tmp_path: Path) -> None:
    with elevenlabs_server(plan="starter", time_scale=0.0) as server:
        async with customer_of(server, tmp_path) as customer:
            terms = await customer.terms()
            assert (terms.limit, terms.audio_format, terms.context) == (40_000, "mp3_44100_128", True)
            assert terms.dialect is Dialect.BREAKS
            assert terms.paragraph_from_s == pytest.approx(0.26)
            assert (customer.voice.lane, customer.voice.model, customer.voice.slots) == (
                Lane.NETWORK,
                "eleven_flash_v2_5",
                "fast",
            )
        async with customer_of(server, tmp_path, model="eleven_v3", speech_format="mp3_44100_64") as customer:
            terms = await customer.terms()
            assert (terms.limit, terms.audio_format, terms.context) == (5_000, "mp3_44100_64", False)


async def test_without_an_answer_the_price_book_is_gone_by(tmp_path: Path) -> None:
    async with customer_at("http://127.0.0.1:1", tmp_path, model=MULTILINGUAL) as customer:
        terms = await customer.terms()
        assert (terms.limit, terms.audio_format) == (10_000, "mp3_44100_128")
        assert customer.voice.price(1_000).credits == 1_000


async def test_a_limit_that_the_account_tells_goes_before_the_book(tmp_path: Path) -> None:
    listed = [{"model_id": MULTILINGUAL, "maximum_text_length_per_request": 12_345, "token_cost_factor": 1.5}]
    async with (
        scripted(lambda _: Answer(json.dumps(listed).encode())) as server,
        customer_at(server.base_url, tmp_path, model=MULTILINGUAL) as customer,
    ):
        assert customer.voice.price(1_000).credits == 1_000
        assert (await customer.terms()).limit == 12_345
        assert customer.voice.price(1_000).credits == 1_500  # the dearer of the two
        assert customer.voice.price(1_000).micro == 150_000
        assert customer.voice.cost_micro(1_500) == 150_000


@pytest.mark.parametrize("name", ["../voices", "a b", "é", "x" * 200])
async def test_what_cannot_be_a_voice_is_told_at_once(tmp_path: Path, name: str) -> None:
    async with customer_at("http://127.0.0.1:1", tmp_path, voice=f"elevenlabs:{name}") as customer:
        with pytest.raises(VoiceError, match="is not the ID"):
            customer.voice  # noqa: B018


async def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(
    customer: Customer, server: Server
) -> None:
    customer.folder = customer.folder / "missing"
    with pytest.raises(StoreError, match="cannot be written"):
        await customer.say()
    assert server.outcomes() == []


async def test_leaving_in_the_middle_closes_the_connection(customer: Customer, server: Server) -> None:
    server.schedule_next(Fault("trickle", seconds=0.001))
    saying = asyncio.create_task(customer.say(*SENTENCES * 50))
    while server.outcomes() != ["trickle"] or not customer.told:  # noqa: ASYNC110 - another thread's list
        await asyncio.sleep(0.005)
    saying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saying
    await idle(server)  # it has noticed: a customer who only reads no more would leave it waiting
    assert not server.ledger.charges[0].delivered
    await customer.say()  # and the pool is sound
