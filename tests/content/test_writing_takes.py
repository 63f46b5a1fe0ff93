"""What writing takes of a model is said before: never less than what it comes to, and usually about that."""

import pytest

from studio.domain.duration import first_guess
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.domain.writing import Takes
from studio.engine.topic_quote import Writing, most_characters, writing
from tests.content.written import TOPIC, assignment, pen
from tests.fakes.chat_server import ChatServer, chat_server

LONG = Topic("How the lights of a whole coast were built, and by whom", "Every year of it. " * 200)


async def quoted_and_paid(server: ChatServer, minutes: float, topic: Topic) -> tuple[Writing, Takes, list[int], int]:
    async with pen() as writer:
        wanted = assignment(server, minutes, topic, values={"minutes": minutes})
        said = writing(writer.writers, topic, wanted.settings, wanted.rate)
        takes = writer.writers.writer(wanted.settings).takes(topic, minutes, wanted.settings, wanted.rate)
        await writer.write(wanted)
        model = writer.writers.model(wanted.settings)
        assert model is not None
        held = [sum(prompt.characters for prompt in writer.prompts), sum(each.most_tokens for each in writer.prompts)]
        return said, takes, held, len(writer.prompts)


@pytest.mark.parametrize("minutes", [0.5, 3.0, 12.0])
@pytest.mark.parametrize("topic", [TOPIC, LONG], ids=["short", "long"])
async def test_no_episode_is_asked_for_more_than_was_said(minutes: float, topic: Topic) -> None:
    for seed, spread in enumerate((0.0, 0.3, 0.45)):
        with chat_server(seed=seed, spread=spread) as server:
            said, takes, (shown, bound), _ = await quoted_and_paid(server, minutes, topic)
            # The bounds that are held for the questions one by one are within the one for all of them.
            assert shown <= takes.most.asked
            assert bound <= takes.most.answered
            assert 0 < server.micro <= said.most_micro
            assert said.usual_micro <= said.most_micro
            # What it usually is, is what it was, near enough to decide by.
            assert said.usual_micro / 4 <= server.micro <= 2 * said.usual_micro


async def test_answers_that_have_to_be_asked_for_again_are_within_it() -> None:
    faults = {1: "bad_json", 3: "empty", 5: "length", 7: "bad_json", 8: "empty"}
    with chat_server(seed=3, thinks="tags") as server:
        server.schedule(faults)
        said, _, _, count = await quoted_and_paid(server, 6.0, TOPIC)
        assert count > 6
        assert 0 < server.micro <= said.most_micro


async def test_what_costs_nothing_is_said_to_cost_nothing() -> None:
    with chat_server() as server:
        async with pen() as writer:
            rate = first_guess("builtin:heart", 1.0)
            free = Settings().with_values({"writer": server.url})  # of this machine, without prices
            assert writing(writer.writers, TOPIC, free, rate) == Writing(1, Settings().minutes)
            own = Topic("A lamp", minutes=3.0)
            assert writing(writer.writers, own, Settings(), rate) == Writing(1, 3.0)
            assert Writing(1, 3.0, 5, 9) + Writing(2, 4.0, 1, 1) == Writing(3, 7.0, 6, 10)


def test_the_speech_of_a_topic_is_bounded_from_above() -> None:
    for voice in ("builtin:heart", "elevenlabs:anna"):
        rate = first_guess(voice, 1.0)
        assert most_characters(10, rate) >= 10 * 60 * rate.characters_per_s
        assert most_characters(10, first_guess(voice, 1.2)) > most_characters(10, rate)
