"""A short script that stands in a long one is found, whichever comes first; what a show always says is not."""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from studio.content.fingerprint import fingerprint
from studio.content.intake import ScriptIntake
from studio.domain.brand import Brand, Line
from studio.domain.findings import Severity
from studio.domain.likeness import likeness_findings, parts
from studio.domain.prose import sentences_of
from studio.domain.script_report import Fingerprint, Neighbour
from tests.content.examined import examined, job

ROOT = Path(__file__).parents[2]
TEXTS = [
    *sorted((ROOT / "resources" / "samples").glob("*.md")),
    *sorted((ROOT.parent / "shared" / "corpus").glob("*.md")),
]
WORDS = [f"word{number}" for number in range(3_000)]


@cache
def words_of(path: Path) -> list[str]:
    return [word.key for sentence in sentences_of(ScriptIntake().read(path)) for word in sentence.words]


def made(seed: int, length: int) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def beside(new: Fingerprint, *others: Fingerprint) -> dict[int, tuple[float, float]]:
    """By its place among the others: how much of the new one stands in it, and of it in the new one."""
    holders: dict[int, list[int]] = {}
    for number, other in enumerate(others):
        for phrase in other.phrases:
            holders.setdefault(phrase, []).append(number)
    own = {phrase: holders[phrase] for phrase in new.phrases if phrase in holders}
    texts = {number: other.signature for number, other in enumerate(others)}
    return parts(new.phrases, own, texts, lambda number: others[number].phrases)


def changed(words: Sequence[str], share: float, dice: random.Random) -> list[str]:
    """With so many of the words left out, put in, or other ones."""
    text: list[str] = []
    for word in words:
        fate = dice.random() / share if share else 1.0
        text += [word] if fate >= 1 else [[], [dice.choice(words)], [word, dice.choice(words)]][int(3 * fate)]
    return text


# What was measured while the lines were drawn, and what was set aside until they stood: seeds, and lengths in words.
@pytest.mark.parametrize(("seeds", "lengths"), [(range(20), (60, 150, 400)), (range(500, 520), (70, 210, 330))])
def test_a_part_of_a_text_is_found_both_ways(seeds: range, lengths: Sequence[int]) -> None:
    longs = [(words, fingerprint(words)) for words in map(words_of, TEXTS[:6]) if len(words) > 600]
    for length in lengths:
        for share, least in ((0.0, 1.0), (0.02, 0.85), (0.04, 0.7)):
            found = 0
            for seed in seeds:
                dice = random.Random(1_000 * length + seed)
                whole, long = dice.choice(longs)
                at = dice.randrange(len(whole) - length)
                short = fingerprint(changed(whole[at : at + length], share, dice))
                forth, back = beside(short, long), beside(long, short)
                assert set(forth) == set(back)
                if forth:
                    found += 1
                    assert forth[0] == back[0][::-1]
                    assert forth[0][0] > forth[0][1]
            assert found >= least * len(seeds), (length, share)


def test_what_has_a_third_in_common_and_what_has_nothing_is_let_alone() -> None:
    for seed in range(20):
        long = made(seed, 2_000)
        own = made(seed + 900, 200)
        quoting = fingerprint([*own, *long[500:600]])
        assert not beside(quoting, fingerprint(long), fingerprint(made(seed + 1_900, 2_000)))


def test_no_text_of_ours_stands_in_another() -> None:
    known = [fingerprint(words_of(path)) for path in TEXTS]
    for place, each in enumerate(known):
        assert not beside(each, *known[:place], *known[place + 1 :]), TEXTS[place].name


def test_what_the_whole_show_says_does_not_count() -> None:
    opening, closing = made(1, 60), made(2, 60)
    episodes = [fingerprint([*opening, *made(10 + number, 40), *closing]) for number in range(12)]
    # Three quarters of each are the show's: of the first ones nobody can know it, but from the fourth on.
    for place in range(3, 12):
        assert not beside(episodes[place], *episodes[:place])
    # What of it is its own is found all the same, however often the show's words stand in the library.
    part = made(77, 300)
    long = fingerprint([*opening, *made(78, 600), *part, *made(79, 600), *closing])
    short = fingerprint([*opening, *part, *closing])
    assert beside(short, *episodes, long)[12][0] > 0.9
    assert beside(long, *episodes, short)[12][1] > 0.9


def test_copies_of_one_text_are_one_text() -> None:
    long, short = made(5, 1_500), fingerprint(made(5, 1_500)[200:400])
    copies = [fingerprint(long)] * 5
    assert all(inside > 0.9 for inside, _ in beside(short, *copies).values())
    assert len(beside(short, *copies)) == 5


LINES = Brand(
    openings=(Line(("Welcome to {show}, the show in which {any} tells how the lights of the coast were kept",)),),
    closings=(Line(("That was {title}, and if you liked it tell a friend of yours who likes the sea as well",)),),
)
BEGINS = "Welcome to The Lamp, the show in which Ann Marlow tells how the lights of the coast were kept."


def test_the_lines_of_a_brand_are_no_part_of_a_text() -> None:
    texts = []
    for number in range(2):
        ends = f"That was Light {number}, and if you liked it tell a friend of yours who likes the sea as well."
        own = " ".join(made(number, 8))
        text = f"# Light {number}\n\n{BEGINS}\n\nNow {own}.\n\n{ends}"
        texts.append(text)
    first, second = (examined(job(text, {"show": "The Lamp"}, brand=LINES)).fingerprint for text in texts)
    assert not set(first.phrases) & set(second.phrases)
    assert first.phrases
    assert second.phrases
    plain = [examined(job(text, {"show": "The Lamp"})).fingerprint for text in texts]
    assert len(set(plain[0].phrases) & set(plain[1].phrases)) >= 3  # without the brand nobody knows
    assert first.signature == plain[0].signature


def test_the_sample_of_phrases_never_changes() -> None:
    assert fingerprint(made(3, 60)).phrases == PHRASES
    assert fingerprint(["lamp"] * 100).phrases
    assert all(0 <= phrase < 2**32 for phrase in PHRASES)


PHRASES = (159258200, 258828087, 269015637, 714912080, 720519468, 789049247, 913778912)


def test_it_is_for_a_person_and_says_which_way_round() -> None:
    one = fingerprint(made(1, 100))
    signature = fingerprint(made(2, 100)).signature
    others = [
        Neighbour(1, "Nearly", "P", signature, inside=0.7),
        Neighbour(2, "Long", "", signature, inside=0.96, around=0.1),
        Neighbour(3, "Short", "", signature, inside=0.05, around=1.0),
        Neighbour(4, "Little", "", signature, inside=0.3, around=0.4),
    ]
    found = likeness_findings(one, others)
    assert [each.detail.split(":")[0] for each in found] == [
        "The whole of “Short” stands in it",
        "The whole of it stands in “Long”",
        "Most of it stands in “Nearly” of the project “P”",
    ]
    assert {each.severity for each in found} == {Severity.REVIEW}
    # Whoever is much like it is named once.
    (alike,) = likeness_findings(one, [Neighbour(1, "Again", "", one.signature, inside=1.0, around=1.0)])
    assert "once more" in alike.detail
