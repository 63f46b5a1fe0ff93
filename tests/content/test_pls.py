# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""Lexicon files: what they hold is read, what cannot be used is named, and what is written can be read again."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content.pls import NAMESPACE, read, write
from studio.domain.errors import ExportError, InputError
from studio.domain.pronunciations import Entry

HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="{NAMESPACE}" alphabet="ipa" xml:lang="en-US">"""


def lexicon(folder: Path, body: str, head: str = HEAD) -> Path:
    path = folder / "words.pls"
    path.write_text(f"{head}{body}</lexicon>", "utf-8")
    return path


def test_every_kind_of_entry(tmp_path: Path) -> None:
    found = read(
        lexicon(
            tmp_path,
            """
  <meta name="x" content="y"/>
  <!-- a comment -->
  <lexeme><grapheme>Nguyen</grapheme><grapheme>Nguyễn</grapheme><phoneme>ŋwiən</phoneme></lexeme>
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
  <lexeme xml:id="t"><grapheme orthography="latin">tomato</grapheme>
    <phoneme>təˈmeɪtoʊ</phoneme><phoneme prefer="true" alphabet="x-sampa">t@"mA:t@U</phoneme></lexeme>
  <lexeme><grapheme>Goethe  Haus</grapheme><alias>Ger-tuh house</alias><phoneme>ˈɡɜːtə haʊs</phoneme></lexeme>
  <lexeme><grapheme>B2B</grapheme><alias>B 2 B</alias></lexeme>
""",
        )
    )
    assert found.entries == (
        Entry("Nguyen", "", "ŋwiən"),
        Entry("Nguyễn", "", "ŋwiən"),
        Entry("W3C", "World Wide Web Consortium"),
        Entry("tomato", "", "təˈmɑːtəʊ"),
        Entry("Goethe Haus", "Ger-tuh house", "ˈɡɜːtə haʊs"),
        Entry("B2B", "B two B"),
    )
    assert (found.language, found.unused) == ("en-US", ())


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    found = read(
        lexicon(
            tmp_path,
            """<lexeme><phoneme>x</phoneme></lexeme>
<lexeme><grapheme>bass</grapheme><phoneme alphabet="x-klingon">beIs</phoneme></lexeme>
<lexeme><grapheme>wind</grapheme></lexeme>
<lexeme><grapheme>tear</grapheme><phoneme>5%</phoneme><alias>tare</alias></lexeme>
<lexeme role="a"><grapheme>lead</grapheme><alias>leed</alias></lexeme>
<lexeme role="b"><grapheme>lead</grapheme><alias>led</alias></lexeme>
<lexeme><grapheme>++</grapheme><alias>plus</alias></lexeme>
<lexeme><grapheme>ok</grapheme><alias>!</alias></lexeme>""",
        )
    )
    assert found.entries == (Entry("tear", "tare"), Entry("lead", "leed"))
    assert [line.split("(")[0].split("”")[0] for line in found.unused] == [
        "An entry has no spelling ",
        "“bass",
        "“wind",
        "“tear",
        "“lead",
        "“++",
        "“ok",
    ]
    assert "x-klingon" in found.unused[1]
    assert "line 4" in found.unused[2]
    assert all(line.endswith(".") for line in found.unused)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "words.pls"),
        ("<html></html>", "no pronunciation lexicon"),
        ("<lexicon><lexeme>", "damaged"),
        ('<!DOCTYPE l [<!ENTITY a "b">]><lexicon>&a;</lexicon>', "entities"),
        ('<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><lexicon>&a;</lexicon>', "entities"),
        ("<lexicon>" + "<a>" * 5_000 + "</a>" * 5_000 + "</lexicon>", "words.pls"),
    ],
)
def test_bad_files(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "words.pls"
    path.write_text(text)
    with pytest.raises(InputError, match=says) as caught:
        read(path)
    assert caught.value.remedy


def test_files_that_are_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing"):
        read(tmp_path / "missing.pls")
    with pytest.raises(ExportError, match="nowhere"):
        write([Entry("a", "b")], tmp_path / "nowhere" / "words.pls")
    with pytest.raises(ExportError):
        write([Entry("a", "b")], Path("/"))
    with pytest.raises(InputError):
        read(tmp_path)
    kept = tmp_path / "kept.pls"
    kept.mkdir()
    with pytest.raises(ExportError):
        write([Entry("a", "b")], kept)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.pls"]


def test_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.content.pls.MOST", 3)
    body = "<lexeme><grapheme>a</grapheme><alias>b</alias></lexeme>"
    assert read(lexicon(tmp_path, body * 3)).entries == (Entry("a", "b"),)
    with pytest.raises(InputError, match="more than 3 entries"):
        read(lexicon(tmp_path, body * 4))
    monkeypatch.setattr("studio.content.pls.LARGEST", 100)
    with pytest.raises(InputError, match="too large"):
        read(lexicon(tmp_path, body))


_WORDS = st.text("abcXÉ<&>\"' 9-", min_size=1, max_size=12).map(str.strip).filter(lambda word: word[:1].isalpha())
_SPOKEN = st.sampled_from(["High-las", "win", "see plus plus", "A. B.", ""])
_SOUNDS = st.sampled_from(["", "ŋwiən", "təˈmeɪtoʊ", "wʌn tuː"])


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        _WORDS.map(lambda word: " ".join(word.split())), st.tuples(_SPOKEN, _SOUNDS).filter(any), min_size=1, max_size=5
    )
)
def test_what_is_written_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, held: dict[str, tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("pls") / "words.pls"
    entries = tuple(Entry(written, spoken, ipa) for written, (spoken, ipa) in held.items())
    write(entries, path)
    found = read(path)
    assert (found.language, found.unused) == ("en", ())
    assert found.entries == entries
