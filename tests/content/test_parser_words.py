"""What is wrong in a file is told in our words, with its line and a cure; a library's own never come through."""

import json
import re
from pathlib import Path

import pytest

from studio.content.fetching import Fetcher
from studio.content.intake import ScriptIntake
from studio.domain.errors import InputError
from studio.engine.drafts import Draft

GOOD = json.dumps({"title": "The lamp", "script": "The lamp was lit, and it burned all night."})
JARGON = re.compile(
    r"extra data|expecting|delimiter|escape|unterminated|property|mapping|token|scann|pars|block end|flow|stream"
    r"|character '|errno|codec|_ssl|\bchar \d|column \d|attempts",
    re.IGNORECASE,
)


def refused(path: Path, text: str) -> InputError:
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        ScriptIntake().drafts(path)
    error = caught.value
    assert path.name in error.message
    assert not JARGON.search(str(error))
    assert error.remedy.endswith(".")
    return error


@pytest.mark.parametrize(
    ("line", "what", "cure"),
    [
        ('{"title": "The pond",', "it breaks off in the middle", "Save it whole"),
        ('{"title": "The pond"} and more', "more stands (“and”) behind its end", "Take that out"),
        ('{"title": "The pond"},', "a comma is there too many", "Take it out"),
        ('{"title": "The pond",}', "a comma is there too many", "Take it out"),
        ('{"title" "The pond"}', "a colon is missing before “The pond”", "Put it between"),
        ('{"title": "The pond" "minutes": 5}', "a comma is missing before “minutes”", "Put the comma there"),
        ('{"title": "The "old" pond"}', "a quotation mark stands within a text", 'is written \\"'),
        ('{"title": "The pond}', "a quotation mark is not closed", "Close it"),
        ('{"title": “The pond”}', "other quotation marks (“)", "straight double"),
        ("{'title': 'The pond'}", "other quotation marks (')", "straight double"),
        ('{title: "The pond"}', "a name stands in no quotation marks (“title”)", "straight double"),
        ('{"title": "C:\\pond"}', "a backslash stands for nothing", "Write it twice"),
        ('{"title": "The pond", "minutes": None}', "“None” is no text", "Write null."),
        ('{"title": "The pond", "minutes": }', "something is missing before “}”", "Put a text"),
        ('# {"title": "The pond"}', "a remark stands in it (“#”)", "JSON has none"),
        ('["The pond"]', "it holds no object", "title"),
        ("The pond", "it begins with “The”", "Begin with [ or {"),
        ('{"a":' * 100_000, "nested too deeply", "title"),
    ],
)
def test_a_bad_line_of_json_lines_is_named_with_what_is_wrong_and_the_cure(
    tmp_path: Path, line: str, what: str, cure: str
) -> None:
    error = refused(tmp_path / "topics.jsonl", f"{GOOD}\n\n{line}\n{GOOD}\n")
    assert "in line 3:" in error.message
    assert what in error.message
    assert cure in error.remedy
    if not line.startswith(("[", "#", "The")):  # the first line says whether it is JSON Lines at all
        assert what in refused(tmp_path / "topics.json", line).message


def test_how_many_more_lines_are_wrong_is_told(tmp_path: Path) -> None:
    bad = '{"title" 1}'
    one = refused(tmp_path / "topics.jsonl", f"{GOOD}\n{bad}\n{GOOD}\n{bad}\n{GOOD}")
    assert "in line 2: a colon is missing before “1” (1 more line is wrong, too)." in one.message
    two = refused(tmp_path / "topics.jsonl", f"{bad}\r\n{GOOD}\r\n{GOOD}\r\n{bad}\r\n{GOOD}\r\n{bad}")
    assert "in line 1: a colon is missing before “1” (2 more lines are wrong, too)." in two.message


def test_a_list_with_an_object_in_each_line_is_no_json_lines(tmp_path: Path) -> None:
    error = refused(tmp_path / "topics.json", f"[\n{GOOD},\n{GOOD}\n{GOOD}\n]\n")
    assert "in line 4: a comma is missing before “{”" in error.message


def test_a_bad_line_is_told_where_nobody_has_named_the_file_too(tmp_path: Path) -> None:
    """In a folder, and in what was pasted: it would be passed over there, and spoken here."""
    text = f'{GOOD}\n{GOOD}\n{{"title": "The pond",\n'
    refused(tmp_path / "topics.jsonl", text)
    assert ScriptIntake().find([tmp_path]) == [tmp_path / "topics.jsonl"]
    with pytest.raises(InputError, match="is not JSON in line 3: it breaks off"):
        ScriptIntake().text_drafts(text, "Pasted text")
    (spoken,) = ScriptIntake().text_drafts(f"{GOOD}\n\nThat is how it is written.\nIt is a line.\n", "Pasted text")
    assert isinstance(spoken, Draft)  # a text about JSON is a text


def test_a_line_may_hold_what_other_programs_take_for_its_end(tmp_path: Path) -> None:
    odd = GOOD.replace("all night", "all\u2028night")
    (tmp_path / "topics.jsonl").write_text(f"{odd}\n{GOOD}\n", "utf-8")
    assert all(isinstance(each, Draft) for each in ScriptIntake().drafts(tmp_path / "topics.jsonl"))


@pytest.mark.parametrize(
    ("matter", "note"),
    [
        ("---\nvoice: a\ntitle: The lamp: a story\n---", "in line 3 a text with a colon in it stands in no quotation"),
        ("---\ntitle: 'The lamp\nminutes: 5\nlanguage: en\n---", "in line 2 a quotation mark is never closed."),
        ("---\nsources:\n\t- a.md\n---", "in line 3 a tab stands where only blanks may."),
        ("---\ntitle: @home\n---", "in line 2 a text that begins with a sign stands in no quotation marks."),
        ("---\nauthor:\n  first: a\n  last\n  of: b\n---", "in line 4 a name has no colon behind it."),
        ("---\ntitle: [a, b\nminutes: 5\n---", "in line 3 a bracket is never closed."),
        ('---\ntitle: "a" b\n---', "in line 2 what belongs together begins at different places"),
        ('---\ntitle: "a \\q"\n---', "in line 2 a backslash stands for nothing."),
        ("---\ntitle: ]\n---", "in line 2 something is not YAML."),
        ("+++\nminutes = 5\ntitle = The lamp\n+++", "line 3 of it is not TOML."),
        ("+++\ntitle = [\n+++", "it is not TOML."),
    ],
)
def test_a_front_matter_that_cannot_be_read_is_told_in_plain_words(tmp_path: Path, matter: str, note: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"{matter}\n\nThe lamp was lit, and it burned all night.\n", "utf-8")
    (draft,) = ScriptIntake().drafts(path)
    assert isinstance(draft, Draft)
    assert f"The front matter is not used: {note}" in draft.note
    assert not JARGON.search(draft.note)


async def test_why_a_server_cannot_be_reached_is_told_in_plain_words() -> None:
    fetcher = Fetcher(["127.0.0.1:1"])
    with pytest.raises(InputError, match="cannot be reached: no server runs there") as caught:
        await fetcher.get("http://127.0.0.1:1/", 100, ask_rules=False)
    assert not JARGON.search(str(caught.value))
    await fetcher.close()
