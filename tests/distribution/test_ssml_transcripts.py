# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""A script with SSML is shown as it is written, without a tag in it, and without what was bleeped out."""

import pytest

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.distribution.markup import readable
from studio.domain.settings import Settings


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("The <sub alias='World Wide Web Consortium'>W3C</sub>’s list is long.", "The W3C’s list is long."),
        ('It <sub alias="a > b">x</sub> was here.', "It x was here."),
        ("I <emphasis level='strong'>really</emphasis> un<b>believ</b>ably do.", "I really unbelievably do."),
        (
            "My <phoneme ph='təˈmeɪtoʊ'>tomato</phoneme>, <say-as interpret-as='digits'>12</say-as> red.",
            "My tomato, 12 red.",
        ),
        ("A <audio src='a'><desc>a bell</desc>ding</audio> <sub\nalias='Doctor'>Dr</sub> Who.", "A ding Dr Who."),
        ("He said <say-as interpret-as='expletive'>damn 5</say-as> to it.", "He said **** * to it."),
        ("Is 5 < 6 and 7 > 3?", "Is 5 < 6 and 7 > 3?"),
    ],
)
def test_what_a_reader_sees(written: str, shown: str) -> None:
    (utterance,) = spoken_form(ScriptIntake().read_text(written, "script.md"), Settings()).utterances
    found = readable(written, utterance.start, utterance.end, [(word.start, word.end) for word in utterance.words])
    assert " ".join(found.text.split()) == shown
