"""Every rule of a brand, on scripts that keep it and scripts that break it."""

import pytest

from studio.content.intake import ScriptIntake
from studio.domain.brand import WEIGHTS, Address, Brand, Claims, Deduction, Line, Range, Rule, Weight
from studio.domain.brand_rules import align
from studio.domain.prose import sentences_of
from studio.domain.readability import grade_of
from studio.domain.script import Block, BlockKind, Script

FILLER = "The harbour was quiet that morning, and the ships lay at their ropes. "


def script(text: str, title: str = "The Lamp") -> Script:
    """Paragraphs, with a heading where one begins with “# ”."""
    blocks, at = [], 0
    for part in text.split("\n\n"):
        marker = 2 if part.startswith("# ") else 0
        kind = BlockKind.HEADING if marker else BlockKind.PARAGRAPH
        blocks.append(Block(kind, at + marker, at + len(part)))
        at += len(part) + 2
    return Script(title, "a.md", text, tuple(blocks))


def found(brand: Brand, text: str, show: str = "", pace: float | None = None) -> list[Deduction]:
    return list(align(brand, script(text), show, pace).deductions)


def quoted(text: str, deductions: list[Deduction]) -> list[str]:
    return [text[each.source_start : each.source_end] for each in deductions]


WELCOME = Brand(name="The Slow Lane", openings=(Line(("Welcome to {show}.", "This is {show}, episode {number}"), 10),))


@pytest.mark.parametrize(
    "text",
    [
        "Welcome to the slow lane! " + FILLER,
        "# The Lamp\n\nWelcome to *The Slow Lane*. " + FILLER,
        "Good evening. Welcome, to “The Slow Lane”… " + FILLER,
        "This is The Slow Lane, episode 14. " + FILLER,
        "This is The Slow Lane, episode one hundred and four. " + FILLER,
    ],
)
def test_an_opening_that_is_there(text: str) -> None:
    assert found(WELCOME, text) == []


def test_an_opening_that_is_missing_late_or_of_another_show() -> None:
    missing = found(WELCOME, FILLER)
    assert [(each.rule, each.points) for each in missing] == [(Rule.OPENING, 10)]
    assert "Welcome to The Slow Lane." in missing[0].detail
    assert "The harbour was quiet" in missing[0].detail
    assert quoted(FILLER, missing) == [FILLER.strip()]
    late = FILLER + "Welcome to The Slow Lane. " + FILLER
    assert quoted(late, found(WELCOME, late)) == ["Welcome to The Slow Lane"]
    assert found(WELCOME, "Welcome to The Slow Lane. " + FILLER, show="The Fast Lane")
    assert found(WELCOME, "This is The Slow Lane, episode. " + FILLER)


def test_closings_stand_near_the_end_and_know_the_title() -> None:
    brand = Brand(closings=(Line(("That was {title}, with {any}.",), 5), Line(("Until next week",), 20)))
    text = FILLER * 3 + "That was The Lamp, with Ada King and Tom. Until next week"
    assert [each.detail[:40] for each in found(brand, text)] == []
    assert found(brand, text + ", at nine.") == []
    wrong = found(brand, f"{text}. {FILLER}")
    assert [each.rule for each in wrong] == [Rule.CLOSING]
    assert "not within the last 5 words" in wrong[0].detail


def test_forbidden_and_preferred_words_at_their_places() -> None:
    brand = Brand(
        forbidden={"guarantee*": "we do not promise", "game changer": ""},
        preferred={"in order to": "to", "a * of": "x"},
    )
    text = (
        "# A Game-Changer\n\nThis is guaranteed. **Guarantees** come in order to help. We do not guaran tee."
        " The games changer is here, a lot of it."
    )
    deductions = found(brand, text)
    assert sorted(quoted(text, deductions)) == ["Game-Changer", "Guarantees", "a lot of", "guaranteed", "in order to"]
    assert any("we do not promise" in each.detail for each in deductions)
    assert {each.rule for each in deductions} == {Rule.FORBIDDEN, Rule.PREFERRED}


def test_of_several_phrases_at_one_place_the_longest_is_meant() -> None:
    text = "It is very unique indeed."
    brand = Brand(preferred={"very": "x", "very unique": "unique", "unique indeed": "y"})
    assert quoted(text, found(brand, text)) == ["very unique"]


def test_words_in_code_links_and_comments_are_not_said() -> None:
    text = (
        "# Title\n\nSee [the page](https://x.org/guarantee) now, it is good.\n\n```\nguarantee\n```\n\n"
        "<!-- guarantee -->\n"
    )
    read = ScriptIntake().read_text(text, "a.md")
    assert align(Brand(forbidden={"guarantee": ""}), read).deductions == ()
    assert align(Brand(forbidden={"the page": ""}), read).deductions


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Studies show that tea helps the heart.", ["Studies show"]),
        ("In 2019 studies show that tea helps.", ["studies show"]),
        ("In May 2020 it was proven at last.", ["proven"]),
        ("Some 43.5% of people agree. So do 12 per cent of cats.", ["43.5%", "12 per cent"]),
        ("Forty percent of all cats are left-handed.", ["Forty percent"]),
        ("I am 100% sure, and the percentage is what counts.", []),
        ("Studies show that tea helps. The Miller group wrote so in 2019.", []),
        ("Studies show that tea helps (Miller and Sons, 2019).", []),
        ("The 2019 Framingham report is clear: experts agree.", []),
        ("Some 43% agree, according to the mayor.", []),
        ("It is proven ([here](https://x.org/a)) that cats sleep.", []),
        ("It is proven that cats sleep.[^1] They do.", []),
        ("According to the mayor it rains. It is proven.", []),
        ("It is proven. One. Two. According to the mayor it rains.", ["proven"]),
        ("The unproven thing and the improvement are no claims.", []),
    ],
)
def test_claims_need_a_source(text: str, claims: list[str]) -> None:
    assert quoted(text, found(Brand(claims=Claims()), text)) == claims


def test_how_far_a_source_may_be_is_a_matter_of_the_brand() -> None:
    text = "It is proven. According to the mayor it rains."
    assert not found(Brand(claims=Claims(neighbours=1)), text)
    assert found(Brand(claims=Claims(neighbours=0)), text)


def test_the_reading_level_is_that_of_the_formula() -> None:
    # Two sentences, 12 words, 19 syllables.
    text = "The yellow cat sat on a table. Nobody wanted to understand it."
    assert grade_of(sentences_of(script(text))) == pytest.approx(0.39 * 6 + 11.8 * 19 / 12 - 15.59)
    hard = "Epistemological considerations notwithstanding, philosophical deliberation necessitates clarity. " * 15
    easy = "The cat sat on the mat. The dog ran up the hill. " * 15
    brand = Brand(grade=Range(3, 9))
    assert "harder" in found(brand, hard)[0].detail
    assert "simpler" in found(brand, easy)[0].detail
    assert found(brand, easy)[0].points > 0
    assert found(brand, FILLER * 10) == []


def test_sentence_lengths() -> None:
    brand = Brand(longest=20, mean=Range(8, 18))
    assert found(brand, FILLER * 10) == []
    long = "And so it went on " + "and on " * 15 + "to the end."
    text = FILLER * 10 + long
    assert quoted(text, found(brand, text)) == [long]
    assert "words on average" in found(brand, "Yes. No. Well. So. " * 40)[0].detail


def test_the_address() -> None:
    you = "You know your harbour, and you lay your ropes in it as you please. " * 8
    we = you.replace("You", "We").replace("you ", "we ").replace("your", "our")
    for address, good, bad in ((Address.YOU, you, we), (Address.WE, we, you)):
        assert found(Brand(address=address), good) == []
        assert [each.rule for each in found(Brand(address=address), bad)] == [Rule.ADDRESS]
        assert found(Brand(address=address), FILLER * 10)
    text = "It rained. Our ship sank. He said: “You know why we left.” That was all."
    assert quoted(text, found(Brand(address=Address.NEITHER), text)) == ["Our"]


def test_the_pace_is_judged_where_it_is_known() -> None:
    brand = Brand(pace=Range(140, 170))
    assert found(brand, FILLER, pace=None) == found(brand, FILLER, pace=150) == found(brand, FILLER, pace=170.4) == []
    fast, slow = found(brand, FILLER, pace=190)[0], found(brand, FILLER, pace=100)[0]
    assert ("faster" in fast.detail, "slower" in slow.detail) == (True, True)
    assert 0 < fast.points < slow.points <= WEIGHTS[Rule.PACE].most


def test_a_rule_costs_no_more_than_it_may_and_the_score_adds_up() -> None:
    text = "# Ha\n\n" + "We win. It is a win, and to win is to win. " * 30
    brand = Brand(forbidden={"win": ""}, preferred={"it": "that"}, weights={**WEIGHTS, Rule.FORBIDDEN: Weight(7, 20)})
    report = align(brand, script(text))
    forbidden = [each.points for each in report.deductions if each.rule is Rule.FORBIDDEN]
    assert forbidden[:4] == [7, 7, 6, 0]
    assert sum(forbidden) == 20
    assert len(forbidden) < 30
    assert "more like it" in [each for each in report.deductions if each.rule is Rule.FORBIDDEN][-1].detail
    assert report.alignment == pytest.approx(1 - sum(each.points for each in report.deductions) / 100)
    places = [each.source_start for each in report.deductions if each.source_start is not None]
    assert places == sorted(places)
    nothing = align(Brand(forbidden={"win": ""}, weights={**WEIGHTS, Rule.FORBIDDEN: Weight(90, 100)}), script(text))
    assert nothing.alignment == 0


def test_without_rules_everything_is_in_line() -> None:
    assert align(Brand(), script(FILLER)).alignment == 1
    assert align(WELCOME, Script("T", "a", "# T", (Block(BlockKind.HEADING, 2, 3),))).alignment == 0.9


@pytest.mark.parametrize("unit", ["*a ", ". ", "<a", "](", "“", "https://", "43% ", "Dr. A. ", "..."])
def test_what_is_written_to_hang_it_does_not(unit: str) -> None:
    # What grows with the square of the length would take minutes.
    brand = Brand(
        openings=(Line(("{any} {any} {any} x",)),),
        forbidden={"*a*b*c*": ""},
        claims=Claims(),
        grade=Range(1, 2),
        address=Address.NEITHER,
    )
    text = unit * (60_000 // len(unit)) + "."
    assert 0 <= align(brand, script(text)).alignment <= 1


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Miller met J. S. Bach at 3.15 p.m. on St. Mary's day. They sang.", 2),
        ("Who? “Me!” she said. Yes… Well.", 4),
        ("In 1999. Then 2000 came.", 2),
        ("One\ntwo three. four", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, sentences: int) -> None:
    assert len(sentences_of(script(text))) == sentences


def test_words_are_compared_composed_and_in_small_letters() -> None:
    text = "The Cafe\u0301 is O’Brien’s."
    assert quoted(text, found(Brand(forbidden={"café": "", "o'brien's": ""}), text)) == ["Cafe\u0301", "O’Brien’s"]
