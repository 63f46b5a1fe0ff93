"""Every path of the fake, through the official SDK."""

import base64

import pytest
from elevenlabs import PronunciationDictionaryVersionLocator, VoiceSettings
from elevenlabs.core import ApiError
from elevenlabs.pronunciation_dictionaries import (
    BodyAddAPronunciationDictionaryV1PronunciationDictionariesAddFromRulesPostRulesItem_Alias as Alias,
)

from tests.fakes.catalogue import MODELS
from tests.fakes.customer import FLASH, ONCE, TEXT, VOICE, code_of, converted, gathered, post, sdk, seconds_of
from tests.fakes.elevenlabs_server import Server, elevenlabs_server


async def test_convert_gives_a_whole_file_with_headers_and_a_charge(server: Server) -> None:
    async with sdk(server) as client:
        request = client.text_to_speech.with_raw_response.convert(
            VOICE, text=TEXT, model_id=FLASH, output_format="mp3_44100_128", request_options=ONCE
        )
        async with request as response:
            data = b"".join([part async for part in response.data])
            headers = response.headers
    assert seconds_of(data) == pytest.approx(len(TEXT) / 15, rel=0.25)
    (charge,) = server.ledger.charges
    assert charge.credits == -(-len(TEXT) // 2) == int(headers["character-cost"])
    assert charge.delivered
    assert charge.request_id == headers["request-id"]
    assert charge.history_item_id == headers["history-item-id"]
    assert headers["current-concurrent-requests"] == "1"
    assert headers["maximum-concurrent-requests"] == "20"
    assert server.outcomes() == ["ok"]


async def test_stream_gives_the_same_bytes(server: Server) -> None:
    async with sdk(server) as client:
        stream = client.text_to_speech.stream(VOICE, text=TEXT, model_id=FLASH, request_options=ONCE)
        streamed = await gathered(stream)
        assert streamed == await converted(client)


async def test_timestamps_cover_the_text_and_the_sound(server: Server) -> None:
    server.options.alignment_scale = 0.88
    async with sdk(server) as client:
        answer = await client.text_to_speech.convert_with_timestamps(
            VOICE, text=TEXT, model_id=FLASH, request_options=ONCE
        )
        data = await converted(client)
    assert base64.b64decode(answer.audio_base_64) == data
    assert answer.alignment is not None
    assert "".join(answer.alignment.characters) == TEXT
    ends = answer.alignment.character_end_times_seconds
    assert ends == sorted(ends)
    assert 0.75 < ends[-1] / seconds_of(data) < 0.88


async def test_streamed_timestamps_join_to_the_same(server: Server) -> None:
    text, characters, audio = TEXT * 20, "", b""
    async with sdk(server) as client:
        stream = client.text_to_speech.stream_with_timestamps(VOICE, text=text, model_id=FLASH, request_options=ONCE)
        count = 0
        async for part in stream:
            count += 1
            audio += base64.b64decode(part.audio_base_64)
            assert part.alignment is not None
            characters += "".join(part.alignment.characters)
        assert count > 3
        assert characters == text
        assert audio == await converted(client, text)


async def test_models_tell_limit_price_and_group(server: Server) -> None:
    async with sdk(server) as client:
        models = {model.model_id: model for model in await client.models.list(request_options=ONCE)}
    assert set(models) == set(MODELS)
    assert models[FLASH].maximum_text_length_per_request == 40_000
    assert models[FLASH].model_rates is not None
    assert models[FLASH].model_rates.character_cost_multiplier == 0.5
    assert models[FLASH].concurrency_group != models["eleven_multilingual_v2"].concurrency_group


async def test_voices_are_listed_searched_and_shown(server: Server) -> None:
    async with sdk(server) as client:
        everyone = (await client.voices.get_all(request_options=ONCE)).voices
        page = await client.voices.search(page_size=3, request_options=ONCE)
        rest = await client.voices.search(page_size=3, next_page_token=page.next_page_token, request_options=ONCE)
        found = await client.voices.search(search="rach", request_options=ONCE)
        one = await client.voices.get(VOICE, request_options=ONCE)
        with pytest.raises(ApiError) as caught:
            await client.voices.get("nobody", request_options=ONCE)
    assert [voice.voice_id for voice in [*page.voices, *rest.voices]] == [voice.voice_id for voice in everyone]
    assert page.has_more
    assert not rest.has_more
    assert [voice.name for voice in found.voices] == [one.name] == ["Rachel"]
    assert (caught.value.status_code, code_of(caught.value)) == (404, "voice_not_found")
    assert one.preview_url is not None
    assert one.preview_url.startswith(server.base_url)


async def test_user_and_subscription_count_what_was_charged(server: Server) -> None:
    async with sdk(server) as client:
        await converted(client, model="eleven_multilingual_v2")
        user = await client.user.get(request_options=ONCE)
        subscription = await client.user.subscription.get(request_options=ONCE)
    assert user.subscription.character_count == subscription.character_count == len(TEXT) == server.ledger.credits
    assert subscription.tier == "pro"
    assert subscription.character_limit == 500_000


async def test_history_finds_shows_and_gives_back_what_was_made(server: Server) -> None:
    texts = [f"Episode {number}. {TEXT}" for number in range(5)]
    async with sdk(server) as client:
        made = [
            await converted(client, text, seed=7, voice_settings=VoiceSettings(stability=0.3, speed=1.1))
            for text in texts
        ]
        first = await client.history.list(page_size=2, source="TTS", voice_id=VOICE, request_options=ONCE)
        second = await client.history.list(
            page_size=10, start_after_history_item_id=first.last_history_item_id, request_options=ONCE
        )
        item = (await client.history.list(search="episode 2.", request_options=ONCE)).history[0]
        oldest = await client.history.list(sort_direction="asc", request_options=ONCE)
        none = await client.history.list(date_before_unix=item.date_unix - 60, request_options=ONCE)
        every = await client.history.list(date_after_unix=item.date_unix - 60, request_options=ONCE)
        assert (await client.history.get(item.history_item_id, request_options=ONCE)) == item
        stream = client.history.get_audio(item.history_item_id, request_options=ONCE)
        audio = await gathered(stream)
    assert [entry.text for entry in [*first.history, *second.history]] == texts[::-1]
    assert first.has_more
    assert not second.has_more
    assert [entry.text for entry in oldest.history] == texts
    assert (none.history, len(every.history)) == ([], 5)
    assert audio == made[2]
    assert item.settings is not None
    assert item.settings["stability"] == 0.3
    assert item.character_count_change_to - item.character_count_change_from == -(-len(texts[2]) // 2)
    assert len(server.ledger.charges) == 5  # looking costs nothing


async def test_history_may_be_off_late_or_down(server: Server) -> None:
    history = server.ledger.history
    async with sdk(server) as client:
        history.enabled = False
        await converted(client)
        history.enabled, history.delay_s = True, 0.2
        await converted(client)
        assert (await client.history.list(request_options=ONCE)).history == []
        history.delay_s = 0.0
        await converted(client)
        assert len((await client.history.list(request_options=ONCE)).history) == 1
        history.available = False
        with pytest.raises(ApiError) as caught:
            await client.history.list(request_options=ONCE)
    assert caught.value.status_code == 500


async def test_pronunciation_dictionaries_are_made_shown_and_used(server: Server) -> None:
    async with sdk(server) as client:
        made = await client.pronunciation_dictionaries.create_from_rules(
            name="Names", rules=[Alias(string_to_replace="Thames", alias="temz")], request_options=ONCE
        )
        shown = await client.pronunciation_dictionaries.get(made.id, request_options=ONCE)
        locator = PronunciationDictionaryVersionLocator(pronunciation_dictionary_id=made.id, version_id=made.version_id)
        await converted(client, pronunciation_dictionary_locators=[locator])
        with pytest.raises(ApiError) as caught:
            await converted(client, pronunciation_dictionary_locators=[locator] * 4)
    assert (shown.name, shown.latest_version_id, len(shown.rules)) == ("Names", made.version_id, 1)
    assert code_of(caught.value) == "too_many_pronunciation_dictionaries"
    assert server.ledger.charges[0].order.dictionaries == (f"{made.id}:{made.version_id}",)


async def test_headers_can_be_left_out() -> None:
    names = frozenset({"request-id", "character-cost", "history-item-id", "x-trace-id"})
    with elevenlabs_server(time_scale=0.0, leave_out=names) as server:
        response = await post(server)
    assert not names & set(response.headers)
    assert response.headers["maximum-concurrent-requests"] == "10"
