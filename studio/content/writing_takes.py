"""How much a model is asked, and answers, for an episode of so many minutes: what every question of it may hold."""

from typing import Final

from studio.domain.duration import SpeakingRate
from studio.domain.script import Topic
from studio.domain.settings import Settings
from studio.domain.writing import Takes, Tokens

MINUTES_A_SECTION: Final = 2.5
MOST_SECTIONS: Final = 60
MOST_MORE: Final = 5  # times that more is asked for
TRUST: Final = (0.6, 1.6)  # how far a model may be from the words it is asked for, before it is not believed
EDGE_WORDS: Final = {"opening": (0.07, 16, 60), "closing": (0.05, 12, 45)}  # share of all words, least, most
WORDS_OUTLINE: Final = (80, 60)  # of an outline, and of each section in it
IN_OUTLINE: Final = (24, 280)  # excerpts that an outline is shown, and characters of each
# Characters of each excerpt that a section is shown, and of all: the context of a small model has 4,096 tokens, and
# what is beyond it is cut off without a word.
IN_SECTION: Final = (1_400, 6_000)
TOKENS_A_WORD: Final = 3  # at most, of prose in languages that are written in letters
TOKENS_MORE: Final = 600  # for marks, and for a model that thinks a little
TOKENS_THOUGHT: Final = 8_000  # for one that thinks long
LONGEST_BRIEF: Final = 2_000  # characters of it that a model is shown

_CHARACTERS_A_WORD: Final = 5.6  # with the space behind it, of English prose
_CHARACTERS_A_TOKEN: Final = 4.0  # usually; a bound is one, which no tokenizer of today exceeds for prose
_TOKENS_USUAL: Final = 1.35  # a word
_SHORT_WORDS: Final = 1.4  # times as many words, of a text of short ones
_TEXTS: Final = 2_400  # characters of the question and of what the model is told of its part, without what is filled in
_BRAND: Final = 2_000
_HEAD: Final = 200  # of an excerpt: its number, its source, its place
_SOURCES: Final = 10  # of a section, at most
_PLAN: Final = 80  # of a heading
_POINTS: Final = 6 * 240
_TAIL: Final = 600  # the sentences before a section
_EDGES: Final = 700  # how a section begins and ends


def sections(minutes: float) -> int:
    """How many sections an episode has."""
    return max(1, min(MOST_SECTIONS, round(minutes / MINUTES_A_SECTION)))


def edge(name: str, total: int) -> int:
    """Words of the opening or the closing of an episode of so many."""
    share, least, most = EDGE_WORDS[name]
    return min(most, max(least, round(share * total)))


def takes(topic: Topic, minutes: float, settings: Settings, rate: SpeakingRate) -> Takes:
    """The tokens that writing it takes: usually, and at most.

    At most, a model is asked for more as often as may be, makes a token of every character that it is shown, and thinks
    before each answer for as long as it may. A few answers that are lost, or asked for once more, are covered by that:
    one that needs every question twice and thinks to its bound before each is not, and is held by the budget alone.
    """
    count = sections(minutes)
    total = max(1, round(minutes * 60 * rate.characters_per_s / _CHARACTERS_A_WORD))
    about = len(topic.title) + min(len(topic.brief), LONGEST_BRIEF) + len(settings.show)
    told = _TEXTS + (_BRAND if settings.brand else 0) + about
    edges = sum(edge(name, total) for name in EDGE_WORDS)
    material = IN_SECTION[1] + _SOURCES * _HEAD
    section = told + count * _PLAN + _POINTS + _TAIL + material
    body = 2 * total * _CHARACTERS_A_WORD / count
    questions = [  # characters that are shown, and words that are asked for
        (told + IN_OUTLINE[0] * (IN_OUTLINE[1] + _HEAD), WORDS_OUTLINE[0] + WORDS_OUTLINE[1] * count),
        (told + count * _EDGES, 120 + edges + 25 * count),
        *[(section, total / count)] * count,
    ]
    more = (section + body, total / MOST_MORE)
    usual = Tokens(
        round(sum(shown for shown, _ in [*questions, more]) / _CHARACTERS_A_TOKEN / 1.3),  # few are as full as may be
        round(sum(words for _, words in questions) * _TOKENS_USUAL),
    )
    every = [*questions, *[more] * MOST_MORE]
    most = Tokens(
        round(sum(shown for shown, _ in every)),
        round(
            sum(_SHORT_WORDS * TOKENS_A_WORD * words / TRUST[0] + TOKENS_MORE + TOKENS_THOUGHT for _, words in every)
        ),
    )
    return Takes(usual, most)
