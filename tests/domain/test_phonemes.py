# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""Phonetic alphabets brought to IPA, into syllables, and into letters that an English voice reads right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.errors import SettingError
from studio.domain.phonemes import LONGEST, SYMBOLS, from_alphabet, phones, to_ipa
from studio.domain.pronunciations import Entry, Sound, checked, entry, parse, sound, under
from studio.domain.respelling import respelled


@pytest.mark.parametrize(
    ("ipa", "expected"),
    [
        ("təˈmeɪtoʊ", "tuh-may-toh"),
        ("/həˈloʊ/", "huh-loh"),
        ("ˈhaɪlæs", "high-lass"),
        ("ˈhɛlsɪŋki", "hel-sing-kee"),
        ("ˈrɛdɪŋ", "red-ing"),
        ("ˈnaɪki", "nigh-kee"),
        ("ˌwɪkɪˈpiːdiə", "wik-ih-pee-dee-uh"),
        ("ˈɡiːɡə", "ghee-guh"),
        ("ʃɑtoˈbʁijɑ̃", "shah-toh-bree-yahn"),
        ("t͡ʃeɪs", "chays"),
        ("ɑːrˈkænsɔː", "ar-kan-saw"),
        ("ˈaɪzlənd", "eyez-lund"),
        ("faɪn laɪt", "fyne light"),
        ("mjuːˈnɪk", "myoo-nik"),
        ("ˈbɝlɪn", "bur-lin"),
        ("skwɛr", "skwair"),
    ],
)
def test_respelled(ipa: str, expected: str) -> None:
    assert respelled(ipa) == expected


@pytest.mark.parametrize(
    ("alphabet", "text", "expected"),
    [
        ("", "tə'meɪtoʊ", "təˈmeɪtoʊ"),
        ("IPA", "[həlˈoʊ]", "həˈloʊ"),
        ("ipa", "ʤæz ʧɪn", "dʒæz tʃɪn"),
        ("ipa", "bʌtn̩", "bʌtən"),
        ("cmu-arpabet", "T AH0 M EY1 T OW2", "təˈmeɪˌtoʊ"),
        ("x-arpabet", "w er1 l d", "ˈwɝld"),
        ("x-sampa", 't@"meItoU', "təˈmeɪtoʊ"),
        ("X-SAMPA", '"r\\Ed.IN', "ˈɹɛdɪŋ"),
        ("x-sampa", "bVtn=", "bʌtən"),
        ("ipa", "", ""),
        ("ipa", "ˈ.", ""),
        ("ipa", "b t", ""),
        ("ipa", "word 5", ""),
        ("ipa", "<a>", ""),
        ("cmu-arpabet", "T AH0 Q9", ""),
        ("cmu-arpabet", "", ""),
        ("pinyin", "ni3 hao3", ""),
        ("ipa", "ə" * (LONGEST + 1), ""),
    ],
)
def test_alphabets(alphabet: str, text: str, expected: str) -> None:
    assert from_alphabet(alphabet, text) == expected


@given(st.text(max_size=60) | st.lists(st.sampled_from([*sorted(SYMBOLS), *"ˈˌː. "]), max_size=30).map("".join))
def test_anything_is_ipa_or_nothing(text: str) -> None:
    for alphabet in ("ipa", "cmu-arpabet", "x-sampa", text):
        ipa = from_alphabet(alphabet, text)
        assert to_ipa(phones(ipa)) == ipa
        letters = respelled(ipa)
        assert bool(letters) == bool(ipa)
        assert all(char.isalpha() or char in "- " for char in letters)
        if letters:
            assert checked("word", letters)[1] == letters


def test_a_list_has_letters_phonemes_or_both() -> None:
    listed = parse("Nguyen=/ŋwiən/; Goethe=Ger-tuh /ˈgɜːtə/; Hylas=High-las")
    assert listed == {"Nguyen": "/ŋwiən/", "Goethe": "Ger-tuh /ˈɡɜːtə/", "Hylas": "High-las"}
    assert [sound(each) for each in listed.values()] == [
        Sound("ngwee-un", "ŋwiən"),
        Sound("Ger-tuh", "ˈɡɜːtə"),
        Sound("High-las"),
    ]
    entries = [entry(*each) for each in listed.items()]
    assert entries == [Entry("Nguyen", "", "ŋwiən"), Entry("Goethe", "Ger-tuh", "ˈɡɜːtə"), Entry("Hylas", "High-las")]
    assert {each.written: each.listed for each in entries} == listed


@pytest.mark.parametrize("spoken", ["/5/", "//", "/wɪn", "Win /wɪn/ x", "5 /wɪn/", "/wɪn/ /wɪn/"])
def test_what_is_no_pronunciation_is_refused(spoken: str) -> None:
    with pytest.raises(SettingError, match="Nguyen"):
        checked("Nguyen", spoken)


def test_the_general_list_is_silent_where_the_other_speaks() -> None:
    assert under({"GIF": "a", "IV": "b", "Da": "c"}, {"gif": "jif", "DA": "d"}) == {
        "IV": "b",
        "Da": "c",
        "gif": "jif",
        "DA": "d",
    }
