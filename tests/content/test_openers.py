"""What can be said first: a listener has nothing to ask back about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.openers import hangs

STANDS = [
    "The philosopher thinks that he knows.",
    "No man is an island.",
    "Every man has his price.",
    "Few phenomena gave me more delight than the forms of thawing sand.",
    "While I was surveying, the ice, which was sixteen inches thick, undulated.",
    "As for the inlet or outlet of the pond, I have not discovered any.",
    "When the pond freezes, it closes its eyelids.",
    "Idealists hold that whatever exists must be mental, and they say so.",
    "Snow met John; they spoke for an hour.",
    "Descartes thought that he could doubt.",
    "When he was ill, Thoreau wrote nothing.",
    "That which we call matter is real.",
    "It is well known that a level cannot be used on ice.",
    "It is not enough to be busy.",
    "It takes time to learn.",
    "It was raining.",
    "It was a cold day when I went to live there.",
    "The company said that it would close its plant.",
    "Voters gave their answer on Sunday.",
]
HANGS = [
    "But I know.",
    "No, that is wrong.",
    "Her mother came.",
    "In the same way we see.",
    "For example, a table.",
    "The latter is false.",
    "One of them came.",
    "It is the law of average.",
    "It was probably greater in the middle.",
    "It was a pleasant village.",
    "Perhaps they knew it.",
    "Perhaps we need only to know how his shores trend.",
    "If he is surrounded by mountainous circumstances, they suggest a depth.",
    "Even when cleft or bored through it is not comprehended.",
    "In winter they sleep.",
    "Like the marmots in the surrounding hills, it closes its eyelids.",
    "After a long debate, she resigned.",
    "Yet the plan failed.",
]


@pytest.mark.parametrize("sentence", STANDS)
def test_what_stands_alone(sentence: str) -> None:
    assert not hangs(sentence)


@pytest.mark.parametrize("sentence", HANGS)
def test_what_hangs_on_something_said_before(sentence: str) -> None:
    assert hangs(sentence)
    assert hangs(f"“{sentence}”")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_no_text_makes_it_raise(text: str) -> None:
    assert hangs(text) in {True, False}
