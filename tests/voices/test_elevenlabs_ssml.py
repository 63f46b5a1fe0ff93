# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""What a script with SSML becomes for each model: exactly what arrives at the service, and where its words sound."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.settings import Settings
from studio.domain.speech_plan import plan_speech
from studio.voices.elevenlabs_marks import Marks
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.voices.customers import customer_of
from tests.voices.test_elevenlabs_marks import chunk_of, times

SCRIPT = (
    "<speak>Mind <emphasis level='strong'>these</emphasis> <phoneme ph='təˈmeɪtoʊ'>tomatoes</phoneme>, "
    "says the <sub alias='World Health Organization'>WHO</sub>. <break time='4s'/> "
    "Nguyen’s list &lt;break time='3s'/&gt; &amp;amp; [pause] <say-as interpret-as='digits'>12</say-as>.</speak>"
)
LISTED = "Nguyen=Win /ŋwiən/"
BREAKS = '\n<break time="3.0s" /><break time="1.0s" />\n'
TAGGED = (
    'Mind these <phoneme alphabet="ipa" ph="təˈmeɪtoʊ">tomatoes</phoneme>, says the World Health Organization.'
    f'{BREAKS}<phoneme alphabet="ipa" ph="ŋwiən">Nguyen</phoneme>’s '
)
PLAIN = f"Mind these tuh-may-toh, says the World Health Organization.{BREAKS}Win’s "
STRESSED = "Mind THESE tuh-may-toh, says the World Health Organization.\n[pause]\nWin’s "


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with elevenlabs_server(plan="creator", time_scale=0.0) as running:
        yield running


@pytest.mark.parametrize(
    ("model", "begins"),
    [
        ("eleven_flash_v2", TAGGED),
        ("eleven_turbo_v2", TAGGED),
        ("eleven_flash_v2_5", PLAIN),
        ("eleven_multilingual_v2", PLAIN),
        ("eleven_v3", STRESSED),
    ],
)
async def test_each_model_is_told_what_it_understands(server: Server, tmp_path: Path, model: str, begins: str) -> None:
    wanted = Settings(pronunciations=LISTED)
    spoken = spoken_form(ScriptIntake().read_text(SCRIPT, "script.md"), wanted)
    async with customer_of(server, tmp_path, model=model) as customer:
        terms = await customer.terms()
        (chunk,) = plan_speech(spoken, customer.speech, terms)
        delivery = await customer.voice.speak(chunk, customer.speech, terms, customer.out, lambda _: None, after=())
    sent = server.ledger.charges[-1].order.text
    assert sent.startswith(begins)
    rest = sent.removeprefix(begins)
    assert rest.startswith("list ")
    assert rest.endswith("one two.")
    assert not set(rest) & set("<>&[]")
    assert [mark.utterance for mark in delivery.marks] == [0, 1]


def test_tags_may_be_missing_from_the_times_that_come_back() -> None:
    chunk = chunk_of("Mind the ways.", "Then go on.")
    tagged = (
        '<phoneme alphabet="ipa" ph="x">Mind</phoneme> the <phoneme alphabet="ipa" ph="y">ways</phoneme>.',
        '<phoneme alphabet="ipa" ph="z">Then</phoneme> go <phoneme alphabet="ipa" ph="z">on</phoneme>',
    )
    text = " ".join(tagged)
    ends = (len(tagged[0]), len(text))
    chunk = type(chunk)(0, 2, chunk.utterances, "key", text, (0, len(tagged[0]) + 1), ends=ends)
    for heard in (text, "Mind the ways. Then go on"):
        marks = Marks(chunk)
        marks.follow(times(heard))
        found = marks.marks()
        first = heard.index("Then") if "<" not in heard else len(tagged[0]) + 1
        assert [mark.utterance for mark in found] == [0, 1]
        assert found[0].start_s == 0
        assert found[0].end_s == pytest.approx((first - 1) * 0.1)
        assert found[1].start_s == pytest.approx(first * 0.1)
        assert found[1].end_s == pytest.approx(len(heard) * 0.1)
    marks = Marks(chunk)
    marks.follow(times("Mind the wags. Then go on"))
    assert marks.marks() == ()
