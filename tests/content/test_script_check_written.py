"""What the studio wrote itself is held to what was asked for, and to its sources; every script to its brand."""

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.brand import Brand, Claims, Line, Range
from studio.domain.findings import Severity, Verdict
from studio.domain.research import Excerpt, Source, SourceKind
from studio.domain.script import Topic
from studio.domain.script_report import Check, ScriptFinding, ScriptReport
from studio.domain.writing import Citation, Provenance
from studio.engine.authoring import ScriptJob
from tests.content.bad_scripts import CLOSING, OPENING
from tests.content.examined import examined, found, job, report

SOURCE = Source(SourceKind.FILE, "/sources/towers.md", "Towers of the North Sea", "0")
PASSAGES = (
    "The lighthouse at Eddystone was lit on November 14, 1698. It burned sixty candles, and 1,250 ships passed it.",
    "John Smeaton rebuilt it in stone. His tower stood for 123 years, and research has shown that the rock gave way.",
)
TEXT = OPENING + "{}" + CLOSING


def written(sentence: str, cites: int | None = None, **about: Any) -> ScriptJob:
    """A script of the studio's with this sentence, which cites one of the passages."""
    made = job(TEXT.format(sentence), **about)
    citations = () if cites is None else (Citation(len(OPENING), len(OPENING) + len(sentence), cites),)
    passages = tuple(Excerpt(SOURCE, text, 0, len(text)) for text in PASSAGES)
    topic = Topic("The lamp at Plymouth", "What Winstanley built")
    return replace(
        made,
        script=replace(made.script, topic=topic),
        provenance=Provenance("model at host", passages, citations),
    )


def claims(made: ScriptJob) -> list[tuple[str, Severity]]:
    return [(each.detail, each.severity) for each in found(examined(made).report, Check.CLAIM)]


@pytest.mark.parametrize(
    ("sentence", "cites"),
    [
        ("The lamp was lit on November 14, 1698, with 60 candles for 1250 ships.", 0),
        ("The tower of John Smeaton stood for 123 years.", 1),
        ("Here are 3 things that the sea does.", None),  # counted, not claimed
        ("At Plymouth they remember what Winstanley built.", None),  # named by the topic
        ("In 1698 the lamp was lit.", None),  # not cited, but there
        ("Research has shown that the rock gave way under the tower.", None),
        ("Here the plan is kept in LightTower and SeaMap alone.", None),  # no half of a name is one
    ],
)
def test_what_the_sources_say_may_be_said(sentence: str, cites: int | None) -> None:
    assert claims(written(sentence, cites)) == []


@pytest.mark.parametrize(
    ("sentence", "cites", "what", "severity"),
    [
        ("The lamp was lit in 1703 with sixty candles.", 0, "“1703”", Severity.REVIEW),
        ("Some 45% of all ships never saw it.", None, "“45”", Severity.REVIEW),
        ("The tower stood for 123 years.", 0, "another passage", Severity.NOTE),
        ("The tower was painted by Leonora Brandywine herself.", 1, "“Leonora Brandywine”", Severity.REVIEW),
        ("The tower was painted by Leonora Brandywine herself.", None, "“Leonora Brandywine”", Severity.NOTE),
        (
            "Studies show that the wine of Bordeaux improves the eyesight of sailors.",
            None,
            "Studies show",
            Severity.REVIEW,
        ),
    ],
)
def test_what_no_source_says_is_told(sentence: str, cites: int | None, what: str, severity: Severity) -> None:
    told = claims(written(sentence, cites))
    assert any(what in detail and how is severity for detail, how in told)


def test_a_script_that_was_handed_in_needs_no_sources() -> None:
    assert not found(report(TEXT.format("Studies show that 45% of all ships sank in 1703.")), Check.CLAIM)


def test_a_length_far_off_is_a_fault_of_the_writer() -> None:
    made = written("The lamp was lit.")
    minutes = examined(made).report.expected_s / 60
    faults = {
        share: [
            each.severity for each in found(examined(replace(made, asked_minutes=minutes * share)).report, Check.LENGTH)
        ]
        for share in (1.0, 1.04, 1.1, 1.5)
    }
    assert faults == {1.0: [], 1.04: [], 1.1: [Severity.REVIEW], 1.5: [Severity.FAULT]}


@pytest.mark.parametrize(
    ("left", "handed_in"),
    [
        ("Welcome to {{show}}.", Verdict.FAIL),
        ("As an AI language model, I cannot know.", Verdict.FAIL),
        ("Lorem ipsum dolor.", Verdict.FAIL),
        ("It said: “As an AI language model, I cannot know.”", Verdict.REVIEW),
        ("Welcome to [insert show].", Verdict.REVIEW),
    ],
)
def test_what_no_writer_may_leave_behind_is_a_fault(left: str, handed_in: Verdict) -> None:
    assert examined(written(left)).report.verdict is Verdict.FAIL
    assert report(TEXT.format(left)).verdict is handed_in


def test_a_text_that_breaks_off_is_seen() -> None:
    made = replace(written(""), script=job(OPENING + "The lamp was lit at dusk and burned all night long").script)
    cut = replace(made, spoken=job(OPENING + "The lamp was lit at dusk and burned all night long").spoken)
    assert [each.severity for each in found(examined(cut).report, Check.STRUCTURE)] == [Severity.REVIEW]


def test_it_says_when_it_begins_and_when_it_ends() -> None:
    story = " ".join(f"The lamp of tower {number} was lit by keeper {number}." for number in range(1, 19))
    text = f"# Nightfall\n\n{story}\n\n{story}"
    made = replace(written(""), script=replace(job(text).script, topic=Topic("x")), spoken=job(text).spoken)
    told = " ".join(each.detail for each in found(examined(made).report, Check.STRUCTURE))
    assert "without an opening" in told
    assert "without a closing" in told


BRAND = Brand(
    name="The Slow Lane",
    openings=(Line(("Every harbour has a light",)),),
    closings=(Line(("Drive slowly",)),),
    forbidden={"never again": "nobody can promise it"},
    preferred={"cheap": "good value"},
    claims=Claims(),
    longest=60,
    grade=Range(0, 2),
)


def branded(text: str) -> ScriptReport:
    return report(TEXT.format(text), brand=BRAND)


def only(made: ScriptReport, check: Check) -> ScriptFinding:
    (one,) = found(made, check)
    return one


def test_a_forbidden_word_is_not_bought() -> None:
    made = branded("He said “never again” and went.")
    one = only(made, Check.FORBIDDEN)
    assert made.verdict is Verdict.FAIL
    assert (one.severity, one.start is not None) == (Severity.FAULT, True)
    assert "nobody can promise it" in one.detail


def test_what_should_be_said_instead_is_one_click_away() -> None:
    made = job(TEXT.format("Cheap oil, and cheap wicks."), brand=BRAND)
    cures = [each.cure for each in examined(made).report.findings if each.check is Check.BRAND and each.cure]
    texts = [cure.edit.applied(made.script.text) for cure in cures if cure.edit]
    assert ["Good value oil, and cheap" in text for text in texts] == [True, False]
    assert "and good value wicks" in texts[1]


def test_lines_claims_and_length_are_the_brands() -> None:
    made = branded("Studies show that it burned " + "and burned " * 60 + "for ever.")
    assert made.brand_alignment is not None
    assert made.brand_alignment < 0.85
    assert only(made, Check.STRUCTURE).severity is Severity.REVIEW  # the closing
    assert "“Studies show” needs a source" in only(made, Check.CLAIM).detail
    assert "the longest may have 60" in only(made, Check.SENTENCE).detail
    assert found(made, Check.READING)
    under = found(made, Check.BRAND)[0]
    assert (under.severity, under.start) == (Severity.REVIEW, None)
    assert "The Slow Lane" in under.detail
