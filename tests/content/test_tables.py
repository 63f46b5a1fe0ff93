"""Tables of episodes: what their columns may be called, how they are written, and what is wrong with a row."""

import csv
import io
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.content.tables import is_table
from studio.domain.errors import InputError
from studio.engine.drafts import Draft, Refusal

SPOKEN = "The lamp was lit, and it burned all night."


def read(path: Path, text: str, encoding: str = "utf-8") -> tuple[list[Draft], list[Refusal]]:
    path.write_bytes(text.encode(encoding))
    held = ScriptIntake().drafts(path)
    return [each for each in held if isinstance(each, Draft)], [each for each in held if isinstance(each, Refusal)]


def the_draft(path: Path, text: str, encoding: str = "utf-8") -> Draft:
    (draft,), refused = read(path, text, encoding)
    assert not refused
    return draft


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings_are_told_from_the_text(tmp_path: Path, delimiter: str, encoding: str) -> None:
    script = f'Café “lights”{delimiter} she said ""so"".\n\nThen the second paragraph came.'
    text = f'TITLE{delimiter}Script Text\r\nThe café{delimiter}"{script}"\r\n'
    draft = the_draft(tmp_path / "t.csv", text, encoding)
    assert draft.script.title == "The café"
    assert draft.script.text == script.replace('""', '"')
    assert len(draft.script.blocks) == 2


def test_a_spreadsheet_that_names_its_separator_is_read_by_it(tmp_path: Path) -> None:
    draft = the_draft(tmp_path / "t.csv", f"sep=;\ntitle;script\nOne, two;{SPOKEN}\n")
    assert (draft.script.title, draft.script.text) == ("One, two", SPOKEN)


def test_every_row_has_settings_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "house.toml").write_text("")
    text = (
        "Priority;brand file;BODY;Voice_ID;model;Budget (USD);speed;guest;Minutes;title\n"
        f"high;house.toml;{SPOKEN};Builtin: heart;m1;$ 2,50;1.1×;Ann;10;One\n"
        f"-3;;{SPOKEN} Again.;;;;;;;\n"
    )
    (one, two), refused = read(tmp_path / "t.csv", text)
    assert not refused
    assert json.loads(one.values) == {
        "voice": "builtin:heart",
        "model": "m1",
        "brand": str(tmp_path / "house.toml"),
        "episode_budget_usd": 2.5,
        "speed": 1.1,
        "minutes": 10,
    }
    assert (one.priority, two.priority) == (10, -3)
    assert two.values == ""
    assert one.tabled
    assert one.note == "Not used of the table: “guest”"
    assert one.script.source == f"{tmp_path / 't.csv'}, row 2"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",,,low", "Row 2 of “t.csv” has neither a title nor a script."),
        (f"One,{SPOKEN},and more,still", "more cells"),  # the comma of a text that is not quoted
        (f'One,"{SPOKEN}",Rachel,', "“Rachel” is not of the form"),
        ("One,Hm,,", "too short"),
        ("One,```\ncode\n```,,", ""),
        (f'One,"{SPOKEN}",builtin:heart,soon', "The priority “soon” is no number"),
        (f'One,"{SPOKEN}",builtin:heart,1e400', "The priority “1e400” is no number"),
    ],
)
def test_a_bad_row_is_named_and_stops_no_other(tmp_path: Path, row: str, said: str) -> None:
    text = f'title,script,voice,priority\n{row}\nGood,"{SPOKEN}",,\n'
    drafts, refused = read(tmp_path / "t.csv", text)
    assert drafts[-1].script.title == "Good"
    assert said in refused[0].message
    assert "t.csv" in refused[0].message
    assert refused[0].remedy


def test_a_brand_file_that_is_not_there_is_said_before_anything_is_queued(tmp_path: Path) -> None:
    _, (refused,) = read(tmp_path / "t.csv", f'script,brand\n"{SPOKEN}",none.toml\n')
    assert "none.toml" in refused.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour,weight\nred,3\n", "no column called title or script"),
        ("title,script\n", "no rows"),
        ("title,script\n , \n", "no rows"),
        (f'title,script\nOne,"{SPOKEN}\nTwo,more\n', "never closed"),
        ("\ufeff", "white space"),
    ],
)
def test_what_is_no_table_of_episodes_is_refused_as_a_whole(tmp_path: Path, text: str, said: str) -> None:
    if said == "white space":
        said = "no column"
    with pytest.raises(InputError, match=said) as failure:
        read(tmp_path / "t.csv", text)
    assert failure.value.remedy


def test_cells_that_were_copied_from_a_spreadsheet_are_a_table_and_prose_is_none() -> None:
    intake = ScriptIntake()
    (draft,) = intake.text_drafts(f"Title\tScript\r\nOne\t{SPOKEN}\r\n", "Pasted text")
    assert isinstance(draft, Draft)
    assert (draft.script.title, draft.tabled) == ("One", True)
    for prose in (
        f"Title, Text, and other words of it\n\n{SPOKEN}",
        "Script\n\nThe script of it all.",
        "Topic, title",
        f"Text; {SPOKEN}\nmore of it",
    ):
        assert not is_table(prose), prose


def test_a_table_in_a_folder_is_taken_only_where_it_is_one_of_episodes(tmp_path: Path) -> None:
    (tmp_path / "expenses.csv").write_text("date,amount\n2026-01-01,3\n")
    (tmp_path / "topics.csv").write_text("title,script\nÉtude,x\n" * 3000, encoding="utf-8")
    (tmp_path / "a.md").write_text(SPOKEN)
    assert [path.name for path in ScriptIntake().find([tmp_path])] == ["a.md", "topics.csv"]


def test_a_cell_may_hold_a_script_of_an_hour(tmp_path: Path) -> None:
    text = " ".join([SPOKEN] * 5000)
    assert len(text) > 131_072  # the limit that the csv module begins with
    assert the_draft(tmp_path / "t.csv", f'script\n"{text}"\n').script.text == text


CELLS = st.text(st.characters(exclude_characters="\0\r\ufeff", exclude_categories=["Cs"]), max_size=60)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    order=st.permutations(["Title", "SCRIPT", "other"]),
)
def test_whatever_the_cells_hold_no_row_is_lost(
    rows: list[tuple[str, str, str]], delimiter: str, order: Sequence[str]
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(order)
    spoken = [f"Row {number} of the table is spoken. {script}" for number, (_, script, _) in enumerate(rows)]
    for text, (title, _, other) in zip(spoken, rows, strict=True):
        cells = {"Title": title, "SCRIPT": text, "other": other}
        writer.writerow([cells[name] for name in order])
    held = _by_file(out.getvalue())
    assert [each.script.text for each in held if isinstance(each, Draft)] == spoken


@given(st.text(max_size=300), st.sampled_from(["", "title,script\n", "script\n", "title\tscript\tvoice\n"]))
def test_no_text_whatever_breaks_the_reader(text: str, header: str) -> None:
    with suppress(InputError):
        assert all(isinstance(each, Draft) or each.remedy for each in _by_file(header + text))


def _by_file(text: str) -> Sequence[Draft | Refusal]:
    from studio.content.tables import Reader

    return Reader(ScriptIntake().read_text, "t.csv", "t.csv", None).read(text)
