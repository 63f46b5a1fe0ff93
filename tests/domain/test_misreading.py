"""Words that no retake cures: told from slips that happen once, and from ears that mishear."""

from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.misreading import Misreading, is_misread, misreadings, needs_pronunciation, stubborn

NOBODY: frozenset[str] = frozenset()


def said(word: str, *heard: str) -> list[Misreading]:
    return [Misreading(word, each) for each in heard]


def test_the_words_that_differ_are_found_in_a_passage() -> None:
    assert misreadings("the Hylas spoke.", "the high loss spoke") == (Misreading("Hylas", "high loss"),)
    assert misreadings("Zoltan Kerekes", "Sultan carriages") == (
        Misreading("Zoltan", "Sultan"),
        Misreading("Kerekes", "carriages"),
    )
    assert misreadings("ferry Zoltan Kerekes", "purple elephants") == (
        Misreading("Zoltan", "purple"),
        Misreading("Kerekes", "elephants"),
    )
    assert misreadings("“Nguyen,”", "Win") == (Misreading("Nguyen", "Win"),)
    assert misreadings("O’Brien-Smith", "a briar") == (Misreading("O’Brien-Smith", "a briar"),)


def test_what_is_no_single_word_is_left_out() -> None:
    assert misreadings("one two three four", "five six seven eight") == ()
    assert misreadings("the end", "the end") == ()
    assert misreadings("of", "off") == ()  # too short to mean anything
    assert misreadings("", "extra") == misreadings("missing", "") == ()


def test_the_same_wrong_way_twice_is_systematic() -> None:
    (found,) = stubborn(said("Hylas", "hilas", "Hilas."), NOBODY).values()
    assert (found.word, found.times) == ("Hylas", 2)
    assert "Hylas=SPOKEN" in found.detail
    assert "“hilas”" in found.detail
    assert "Pronunciations" in found.detail
    assert "brand file" in found.detail


def test_the_ears_may_spell_it_in_many_ways() -> None:
    assert "kerekes" in stubborn(said("Kerekes", "Keracus", "Keracas"), NOBODY)
    assert stubborn(said("Kerekes", "carriages", "elephant"), NOBODY) == {}
    found = stubborn(said("Kerekes", "carriages", "elephant", "carriage"), NOBODY)["kerekes"]
    assert found.said[0] == "carriages"
    assert "kerekes" in stubborn(said("Kerekes", "one", "elephant", "summer"), NOBODY)


def test_one_slip_is_no_system_nor_is_a_word_that_was_said_well() -> None:
    assert stubborn(said("Hylas", "hilas"), NOBODY) == {}
    assert stubborn(said("Hylas", "hilas", "hilas"), {"hylas"}) == {}
    assert stubborn([*said("Hylas", "hilas"), *said("Nguyen", "hilas")], NOBODY) == {}


def test_a_finding_needs_a_pronunciation_where_nothing_else_is_wrong_in_it() -> None:
    known = stubborn(said("Hylas", "hilas", "hilas"), NOBODY)

    def finding(script: str, heard: str, severity: Severity = Severity.FAULT) -> Finding:
        return Finding(FindingKind.MISREAD_WORDS, severity, "x", 1.0, 2.0, heard, script)

    assert needs_pronunciation(finding("Hylas", "hilas"), known)
    assert needs_pronunciation(finding("so Hylas", "so Highlas"), known)
    assert not needs_pronunciation(finding("Hylas spoke", "hilas broke"), known)
    assert not needs_pronunciation(finding("Nguyen", "when"), known)
    assert not is_misread(finding("Hylas", "hilas", Severity.NOTE))
    assert not is_misread(Finding(FindingKind.MISREAD_WORDS, Severity.FAULT, "90% of the words", None, None))
