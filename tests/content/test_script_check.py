"""Bad texts are found, with a cure that cures; good ones are let alone; no text makes a check raise."""

import pickle
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from studio.domain.errors import BatchcastError
from studio.domain.findings import Severity, Verdict
from studio.domain.script_report import Check, judged
from studio.domain.spoken import SpokenForm
from tests.content.bad_scripts import ASIDE, CLOSING, OPENING, TUNED, Bad
from tests.content.examined import examined, found, job, report
from tests.content.good_scripts import FINE

ROOT = Path(__file__).parents[2]
GOOD = [
    *sorted((ROOT / "resources" / "samples").glob("*.md")),
    *sorted((ROOT.parent / "shared" / "corpus").glob("*.md")),
]


def name_of(bad: Bad) -> str:
    return f"{bad.check}: {bad.text[:40]}"


@pytest.mark.parametrize("bad", [*TUNED, *ASIDE], ids=name_of)
def test_what_is_wrong_is_found_and_cured(bad: Bad) -> None:
    made = job(bad.script, bad.settings, **bad.about)
    own = found(examined(made).report, bad.check)
    assert own
    if bad.cured is not None:
        cures = [each.cure.edit.applied(made.script.text) for each in own if each.cure and each.cure.edit]
        assert any(bad.cured in cured for cured in cures)


@pytest.mark.parametrize("bad", [bad for bad in (*TUNED, *ASIDE) if bad.cured is not None], ids=name_of)
def test_what_was_cured_is_not_found_again(bad: Bad) -> None:
    text = bad.script
    for _ in range(8):
        own = found(report(text, bad.settings, **bad.about), bad.check)
        edits = [each.cure.edit for each in own if each.cure and each.cure.edit]
        if not edits:
            break
        text = edits[0].applied(text)
    left = found(report(text, bad.settings, **bad.about), bad.check)
    assert not [each for each in left if each.severity is not Severity.NOTE]


def test_a_good_text_gives_nothing_for_a_person() -> None:
    made = report(OPENING + CLOSING)
    assert made.findings == ()
    assert (made.verdict, made.language) == (Verdict.PASS, "en")
    assert made.words > 60
    assert made.expected_s > 15
    assert made.grade is None  # too short to tell


@pytest.mark.parametrize("text", FINE, ids=lambda text: text[:40])
def test_what_only_looks_bad_asks_nobody(text: str) -> None:
    made = report(OPENING + text + CLOSING)
    assert [each for each in made.findings if each.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_books_are_never_stopped(path: Path) -> None:
    made = report(path.read_text("utf-8"))
    assert made.verdict in {Verdict.PASS, Verdict.REVIEW}
    asked = [each for each in made.findings if each.severity is not Severity.NOTE]
    assert len(asked) <= 3
    assert {each.check for each in asked} <= {Check.SENTENCE, Check.LANGUAGE}


def test_the_samples_pass() -> None:
    for path in GOOD[:3]:
        assert report(path.read_text("utf-8")).verdict is Verdict.PASS


PIECES = st.sampled_from(
    [
        *("<emphasis>", "</emphasis>", '<break time="9s"/>', "<sub alias='a'>", "</sub>", "<speak", "<!DOCTYPE"),
        *("&amp;amp;", "{{", "}}", "[insert", "]", "(laughs)", "*sighs*", "HOST: ", "â€™", "Ã", "\\frac{", "$x_1$"),
        *("```", "# ", "\n\n", "> ", "- ", "; and he was", "the the ", "TODO", "XXXX", "C:\\a\\b", "https://a.b/c"),
        *("Привет", "灯台", "\u202e", "\ud800", "\x07", "\x9d", "“", "”", '"', "NASA", "PyTorch", "Ångström", "5%"),
        *("in 1698", ". ", ", ", "a", "lamp ", "The lamp was lit at dusk and burned all night. ", "\u0301", "\ufffd"),
        *("________", "=====", "<x>", "<", ">", "&"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), min_size=1, max_size=60).map("".join))
@example("a. " * 3)
@example("<break time='" * 3 + " the lamp is lit")
def test_no_text_makes_a_check_raise_and_every_cure_can_be_used(text: str) -> None:
    try:
        made = job(text)
    except BatchcastError:
        return  # no script at all: the intake says so
    result = examined(made)
    assert result.report.verdict is judged(result.report.findings)
    for each in result.report.findings:
        assert each.detail.endswith((".", "”"))
        if each.start is not None:
            assert each.end is not None
            assert 0 <= each.start <= each.end <= len(made.script.text)
        if each.cure and each.cure.edit:
            assert each.cure.edit.applied(made.script.text) != made.script.text
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301


def test_findings_stand_in_the_order_of_their_places() -> None:
    made = report(f"{OPENING}{{{{a}}}} is one. The the lamp. [MUSIC] And TODO is two.{CLOSING}")
    places = [each.start for each in made.findings]
    assert places == sorted(places, key=lambda place: place if place is not None else -1)
    assert len(places) >= 4


def test_a_long_list_of_one_kind_is_cut_and_counted() -> None:
    made = report(OPENING + " ".join(f"The {{{{place{number}}}}} is one." for number in range(40)))
    places = found(made, Check.UNSPEAKABLE)
    assert len(places) == 8
    assert places[-1].detail.endswith("And 32 more like it.")


def test_where_nothing_is_spoken_it_is_a_fault() -> None:
    made = job(OPENING)
    silent = replace(made, spoken=SpokenForm("Nothing", (), ()))
    assert found(examined(silent).report, Check.UNSPEAKABLE)[0].severity is Severity.FAULT


def test_where_most_of_it_is_no_speech_a_person_looks() -> None:
    code = "```\n" + "lamp = keeper.light(oil, wick) or dark\n" * 40 + "```\n"
    detail = found(report(f"{OPENING}{code}"), Check.UNSPEAKABLE)[0].detail
    assert re.fullmatch(r"Only \d+ of its \d+ words will be spoken; the rest is no speech \(code\)\.", detail)


# How words are said.


def test_a_word_that_the_voice_does_not_know_is_named_once_with_its_number() -> None:
    text = f"{OPENING}Aoibheann went up. Aoibheann’s lamp was lit, and AOIBHEANN came down.{CLOSING}"
    (word,) = found(report(text), Check.MISREADING)
    assert "“Aoibheann” (" in word.detail
    assert word.severity is Severity.NOTE
    assert word.start == text.index("Aoibheann")


def test_a_word_of_the_pronunciations_is_known() -> None:
    text = f"{OPENING}Aoibheann went up.{CLOSING}"
    assert found(report(text), Check.MISREADING)
    assert not found(report(text, {"pronunciations": "Aoibheann=Ee-van"}), Check.MISREADING)


@pytest.mark.parametrize(("word", "said"), [("SCADA", "S C A D A"), ("PyTorch", "Py Torch"), ("Aoibheann", None)])
def test_a_pronunciation_is_proposed_only_where_the_spelling_tells(word: str, said: str | None) -> None:
    (one,) = found(report(f"{OPENING}They call it {word} there.{CLOSING}"), Check.MISREADING)
    assert (one.cure.pronounce if one.cure else None) == (None if said is None else (word, said))


def test_plain_english_forms_are_no_unknown_words() -> None:
    text = (
        "Huckleberries, grapevines and skyrockets were unheard-of; he relit, outlasted and befriended the lamplighters."
    )
    assert not found(report(f"{OPENING}{text}{CLOSING}"), Check.MISREADING)


def test_many_unknown_words_are_for_a_person() -> None:
    names = " ".join(f"Xo{chr(97 + number)}rblyq went up." for number in range(26)) + " Zhqalbev and Qwortlebin went."
    made = found(report(OPENING + names), Check.MISREADING)
    assert made[0].severity is Severity.REVIEW
    assert made[0].start is None


# The language.


def test_a_short_quotation_in_another_language_is_told_only() -> None:
    text = "> Der Wärter stieg jeden Abend die schmale Treppe hinauf und zündete die Lampe an, bevor die Nacht kam."
    (one,) = found(report(f"{OPENING}{text}{CLOSING}"), Check.LANGUAGE)
    assert one.severity is Severity.NOTE


def test_another_language_stops_the_voice_that_speaks_english_only() -> None:
    german = next(bad for bad in TUNED + ASIDE if bad.text.startswith("# Die Lampe"))
    assert report(german.text).verdict is Verdict.FAIL
    vendor = report(german.text, {"voice": "elevenlabs:x"})
    assert (vendor.language, found(vendor, Check.LANGUAGE)) == ("de", [])
    told = report(german.text, {"voice": "elevenlabs:x", "language": "en"})
    assert [each.severity for each in found(told, Check.LANGUAGE)] == [Severity.REVIEW]
    assert not found(report(german.text, {"voice": "elevenlabs:x", "language": "de"}), Check.LANGUAGE)


def test_a_word_in_other_letters_is_read_in_latin_ones_and_told() -> None:
    text = f"{OPENING}The poet called it λόγος, and her aunt in Москва agreed.{CLOSING}"
    (one,) = found(report(text), Check.LANGUAGE)
    assert one.severity is Severity.REVIEW
    assert "“λόγος”, and 1 more: the built-in voice reads it in Latin letters" in one.detail
    assert not found(report(text, {"voice": "elevenlabs:x"}), Check.LANGUAGE)


def test_words_of_another_language_are_not_told_one_by_one() -> None:
    german = next(bad for bad in TUNED + ASIDE if bad.text.startswith("# Die Lampe"))
    assert not found(report(german.text, {"voice": "elevenlabs:x"}), Check.MISREADING)


# SSML and pauses.


def test_tags_that_are_open_or_cross_never_reach_the_purchase() -> None:
    for bad in TUNED + ASIDE:
        if bad.check is Check.SSML and ("<prosody" in bad.text or "DOCTYPE" in bad.text or "W3C" in bad.text):
            assert report(bad.script).verdict is Verdict.FAIL


def test_html_needs_no_ends() -> None:
    text = "The lamp<br>was lit.<p>It <i>burned, and H<sub>2</sub>O was near.<hr>"
    assert not found(report(f"{OPENING}{text}{CLOSING}"), Check.SSML)


def test_many_pauses_trouble_a_vendors_voice_only() -> None:
    text = "".join(f'The lamp burned in the {number}th year. <break time="0.3s"/> ' for number in range(20))
    assert not found(report(text), Check.BREAKS)
    assert found(report(text, {"voice": "elevenlabs:x"}), Check.BREAKS)


def test_a_model_that_acts_on_directions_gets_them() -> None:
    text = f"{OPENING}[laughs] The lamp was lit at dusk.{CLOSING}"
    assert found(report(text), Check.UNSPEAKABLE)
    assert not found(report(text, {"voice": "elevenlabs:x", "model": "eleven_v3"}), Check.UNSPEAKABLE)


# Length.


def test_a_length_near_what_was_asked_passes() -> None:
    minutes = report(OPENING + CLOSING).expected_s / 60
    verdicts = [report(OPENING + CLOSING, asked_minutes=minutes * share).verdict for share in (1.04, 0.97, 1.1, 2)]
    # Of what a person handed in, no length is a fault.
    assert verdicts == [Verdict.PASS, Verdict.PASS, Verdict.REVIEW, Verdict.REVIEW]


def test_what_is_more_than_one_call_is_told_with_the_number_of_parts() -> None:
    text = OPENING + CLOSING
    characters = report(text).characters
    (one,) = found(report(text, limit=characters // 3), Check.LIMIT)
    assert one.severity is Severity.NOTE
    assert "in 4 parts" in one.detail
    assert not found(report(text, limit=characters), Check.LIMIT)
    assert not found(report(text, limit=None), Check.LIMIT)


# Sentences and structure.


def test_a_sentence_is_cut_where_both_halves_stand_alone() -> None:
    half = "the keeper went up the narrow stair and the lamp was lit and the sea was rough and the night was long"
    text = f"{OPENING}In the evening {half * 2}; in the morning {half * 2} (of oil; and of glass).{CLOSING}"
    made = job(text)
    (one,) = found(examined(made).report, Check.SENTENCE)
    assert one.cure
    assert one.cure.edit
    assert ". In the morning" in one.cure.edit.applied(text)
    quoted = f"{OPENING}He said “in the evening {half * 2}; in the morning {half * 2}” and went.{CLOSING}"
    (other,) = found(report(quoted), Check.SENTENCE)
    assert other.cure is None


def test_verse_may_repeat_itself() -> None:
    refrain = "And the lamp it burned by the side of the sea,\nBy the side of the dark, dark sea so wide.\n\n"
    assert not [
        each
        for each in found(report(OPENING + refrain * 2 + CLOSING), Check.REPETITION)
        if each.severity is Severity.REVIEW
    ]


def test_a_refrain_may_come_in_every_stanza() -> None:
    refrain = "And the lamp it burned by the side of the sea,\nBy the side of the dark, dark sea so wide."
    stanzas = "".join(f"{line}, it is told,\nWent up to the light in the cold.\n{refrain}\n\n" for line in STANZAS)
    assert not found(report(OPENING + stanzas + CLOSING), Check.REPETITION)


STANZAS = ("A keeper who came from the north", "A girl with a boat and a bell", "A man who had nothing to sell")


def test_a_long_text_without_headings_is_told_gently() -> None:
    story = " ".join(f"On day {number} the lamp of tower {number} was lit by keeper {number}." for number in range(250))
    (one,) = found(report(f"# The lamp\n\n{story}"), Check.STRUCTURE)
    assert one.severity is Severity.NOTE
