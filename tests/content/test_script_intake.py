"""Scripts from files and folders: what is found, what is read, and what each bad input is told."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.intake import LONGEST, ScriptIntake
from studio.content.titles import file_title
from studio.domain.errors import InputError
from studio.domain.script import Script

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TEXT = "This is a whole sentence.\n"
NOBODY = 65534


def read(path: Path) -> Script:
    return ScriptIntake().read(path)


def told(path: Path) -> str:
    """The sentence and the cure that a bad file gets."""
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy.endswith(".")
    assert path.name in caught.value.message
    return str(caught.value)


def write(path: Path, content: str | bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@contextmanager
def without_privileges() -> Iterator[Path]:
    """A folder, and nobody's rights while in it: the superuser may read everything, whatever its permissions."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        user = os.geteuid()
        if user == 0:
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            if user == 0:
                os.seteuid(user)


def test_scripts_come_in_natural_order_and_once(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"chapter-{number}.md") for number in (10, 2, 1)]
    found = ScriptIntake().find([*paths, tmp_path, paths[0]])
    assert [path.name for path in found] == ["chapter-1.md", "chapter-2.md", "chapter-10.md"]


def test_a_folder_is_searched_to_the_bottom_and_only_for_scripts(tmp_path: Path) -> None:
    for name in ("b.TXT", "a/one.markdown", "a/deep/two.md", "README.md", "LICENSE.txt", "notes.odt", ".hidden.md"):
        write(tmp_path / name)
    write(tmp_path / ".git" / "x.md")
    write(tmp_path / "__MACOSX" / "x.md")
    for name in ("transcript.txt", "SHA256SUMS", "metadata.json"):
        write(tmp_path / "001-finished" / name)
    found = ScriptIntake().find([tmp_path])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["a/deep/two.md", "a/one.markdown", "b.TXT"]


def test_a_readme_dropped_by_itself_is_a_script(tmp_path: Path) -> None:
    assert ScriptIntake().find([write(tmp_path / "README.md")]) == [tmp_path / "README.md"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    write(tmp_path / "one.md")
    (tmp_path / "again").symlink_to(tmp_path)
    assert ScriptIntake().find([tmp_path]) == [tmp_path / "one.md"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.md", "There is no"),
        ("notes.odt", ".odt file"),
        ("script", "without an ending"),
        ("empty", "holds no scripts"),
    ],
)
def test_hopeless_paths_are_refused_at_once(tmp_path: Path, name: str, words: str) -> None:
    for made in ("notes.odt", "script"):
        write(tmp_path / made)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=words) as caught:
        ScriptIntake().find([tmp_path / name])
    assert name in caught.value.message


def test_an_impossible_name_is_refused() -> None:
    with pytest.raises(InputError):
        ScriptIntake().find([Path("a\0b.md")])


def test_an_unreadable_folder_is_refused_and_inside_of_another_it_becomes_a_row() -> None:
    with without_privileges() as folder:
        write(folder / "good.md")
        closed = folder / "closed"
        closed.mkdir()
        closed.chmod(0)
        with pytest.raises(InputError, match="cannot be opened"):
            ScriptIntake().find([closed])
        assert ScriptIntake().find([folder]) == [closed, folder / "good.md"]
        assert "cannot be opened" in told(closed)
        closed.chmod(0o700)


def test_an_unreadable_file_is_told() -> None:
    with without_privileges() as folder:
        path = write(folder / "secret.md")
        path.chmod(0)
        assert "cannot be read (permission denied)" in told(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\t\r\n \xc2\xa0", "white space"),
        (b"\xef\xbb\xbf", "white space"),
        (b"abc\0def" * 20, "does not hold text"),
        (bytes(range(256)) * 20, "does not hold text"),
        (b"%PDF-1.7\n" + bytes(range(128, 256)), "a PDF"),
        (b"PK\x03\x04" + bytes(100), "ZIP or Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "an old Office"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"\xff\xfea", "damaged"),
        (b"\xef\xbb\xbfa\xff", "damaged"),
        ("Привет, как дела? Это длинное предложение.".encode("cp1251"), "cannot be told"),
        ("Zażółć gęślą jaźń, proszę bardzo, to jest całe zdanie.".encode("cp1250"), "cannot be told"),
        ("She said “yes” and didn’t mean it.".encode("mac_roman"), "cannot be told"),
        (b"Hello", "too short"),
        (b"# Hello\n", "too short"),
        (b"A b c", "too short"),
        (b"Supercalifragilistic", "too short"),
        (b"```\nprint('only code here')\n```\n", "nothing in it to speak"),
        (b"| a | b |\n|---|---|\n| c | d |\n", "nothing in it to speak"),
        (b"***\n\n!!! ... ???\n", "nothing in it to speak"),
        (b"word " * (LONGEST // 5 + 1), "too long"),
        (b"x" * (5 * LONGEST), "too long"),
    ],
)
def test_each_bad_file_gets_its_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in told(write(tmp_path / "script.md", content))


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "device or a pipe" in told(tmp_path / "pipe.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    assert "device or a pipe" in told(tmp_path / "zero.md")
    (tmp_path / "dangling.md").symlink_to(tmp_path / "gone")
    assert "link to a file that is gone" in told(tmp_path / "dangling.md")
    assert "There is no" in told(tmp_path / "missing.md")
    (tmp_path / "folder.md").mkdir()
    assert "is a folder" in told(tmp_path / "folder.md")
    assert "cannot be read" in told(tmp_path / ("x" * 300 + ".md"))


def test_a_broken_file_in_a_folder_is_found_so_that_it_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "dangling.md").symlink_to(tmp_path / "gone")
    write(tmp_path / "good.md")
    assert len(ScriptIntake().find([tmp_path])) == 2


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp1252"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "“It’s a café,” she said – 20 € …\r\nNext line.\rAnd one more."
    script = read(write(tmp_path / "script.txt", text.encode(encoding)))
    assert script.text == text.replace("\r\n", "\n").replace("\r", "\n")


def test_names_of_any_bytes_can_be_printed_and_stored(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff-name.md"))
    script = read(write(path))
    assert script.source.encode().endswith("bad\ufffd-name.md".encode())
    assert script.title == "Bad\ufffd name"


def test_half_characters_are_replaced_one_for_one() -> None:
    assert ScriptIntake().read_text("A lone \ud800 surrogate here.", "pasted").text == "A lone \ufffd surrogate here."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('---\ntitle: "The Given: One"\nauthor: Me\n---\n\n# Other\n\nText of it.', "The Given: One"),
        ("---\ntitle: Plain # comment\n---\nThe text of it.", "Plain"),
        ("Some text first.\n\n## A *Fine* [Heading](http://x.y)\n\nText.", "A Fine Heading"),
        ("### Only a small heading\n\nText of it.", "My script"),
        ("Title\n=====\n\nText of it.", "Title"),
        ("## II\n\nThe Existence of Matter\n\nIn this chapter we ask.", "The Existence of Matter"),
        ("# Chapter 3\n\nOn Walking\n\nIt was late.", "On Walking"),
        ("## II\n\nThis line ends with a stop.\n\nIn this chapter.", "My script"),
        ("## 4\n\nlong " * 1 + "text follows here and there, " * 10, "My script"),
        ("Just some text.", "My script"),
        ("Third Rail\n\nElectric trains need a way to take up current.", "Third Rail"),
        ("It was late.\n\nElectric trains need a way to take up current.", "My script"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert ScriptIntake().read_text(text, "scripts/01-my_script.md").title == title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("the-problems-of-philosophy--chapter-1.md", "The problems of philosophy: chapter 1"),
        ("2024.md", "2024"),
        ("007 - bond.txt", "Bond"),
        ("---.md", "Untitled"),
        ("pasted text", "Pasted text"),
        ("Mr. Smith", "Mr. Smith"),
    ],
)
def test_file_titles(name: str, title: str) -> None:
    assert file_title(name) == title


def test_a_very_long_heading_makes_a_bearable_title() -> None:
    assert len(ScriptIntake().read_text("# " + "word " * 1000 + "\n\nText.", "x").title) <= 201


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text_gives_a_script_or_a_sentence(text: str, source: str) -> None:
    try:
        script = ScriptIntake().read_text(text, source)
    except InputError:
        return
    assert script.title
    for before, after in zip(script.blocks, script.blocks[1:], strict=False):
        assert before.end <= after.start
    for block in script.blocks:
        assert block.start < block.end <= len(script.text)
        assert script.text[block.start : block.end].strip() == script.text[block.start : block.end]
    nowhere = [hole for hole in script.skipped if hole.start == hole.end == 0]  # what has no place in the text
    assert all(0 <= hole.start < hole.end <= len(script.text) for hole in script.skipped[len(nowhere) :])


@given(st.binary(max_size=200))
def test_any_bytes_give_a_script_or_a_sentence(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "any.txt", data)
        with suppress(InputError):
            assert read(path).blocks


def test_the_corpus_reads_with_its_titles() -> None:
    if not CORPUS.is_dir():
        found = [ScriptIntake().read_text("## II\n\nThe Existence of Matter\n\nIn this chapter we ask.", "x.md")]
        assert found[0].title == "The Existence of Matter"
        return
    scripts = [read(path) for path in ScriptIntake().find([CORPUS])]
    assert len(scripts) == 33
    assert [script.title for script in scripts][1:3] == ["The Existence of Matter", "The Nature of Matter"]
    assert sum(len(script.skipped) for script in scripts) == 0
