"""Topics instead of scripts: in tables, in JSON, in lists of lines, typed; what is used, and what is refused."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.domain.errors import BatchcastError, InputError, SettingError
from studio.domain.script import Topic
from studio.engine.drafts import Draft, Refusal, size_of, topic_text

SPOKEN = "The lamp was lit, and it burned all night."


def drafts(path: Path, content: str) -> Sequence[Draft | Refusal]:
    path.write_text(content, encoding="utf-8")
    return ScriptIntake().drafts(path)


def topics(held: Sequence[Draft | Refusal]) -> list[Topic]:
    assert all(isinstance(each, Draft) for each in held), held
    return [each.script.topic for each in held if isinstance(each, Draft) and each.script.topic is not None]


def test_a_table_of_topics(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "house.toml").write_text("")
    held = drafts(
        tmp_path / "topics.csv",
        "Title,Brief,Target minutes,Sources,Voice,Brand,Script,Guest\n"
        "The lamp,Who lit it,10,notes; https://example.org/lamp,builtin:heart,house.toml,,Ann\n"
        'The pond,"Two paragraphs.\n\nThe second.",7:30,,,,,\n'
        f'Written,,5,notes,,,"{SPOKEN}",\n'
        ",What a bell is for. And who rang it.,,,,,,\n"
        "The lamp,Who lit it,12,notes; https://example.org/lamp,,,,\n",
    )
    lamp, pond, bell, longer = topics(held)
    assert lamp == Topic("The lamp", "Who lit it", 10, (str(tmp_path / "notes"), "https://example.org/lamp"))
    assert pond == Topic("The pond", "Two paragraphs.\n\nThe second.", 7.5)
    assert bell.title == "What a bell is for"
    assert longer.minutes == 12
    first, _, written, *_ = [each for each in held if isinstance(each, Draft)]
    assert first.script.unwritten
    assert first.script.title == "The lamp"
    assert first.script.source == f"{tmp_path / 'topics.csv'}, row 2"
    assert first.tabled
    assert json.loads(first.values) == {"voice": "builtin:heart", "brand": str(tmp_path / "house.toml")}
    assert first.note == "Not used of the table: “Guest”"
    assert not written.script.unwritten
    assert json.loads(written.values) == {"minutes": 5, "sources": str(tmp_path / "notes")}
    texts = [each.script.text for each in held if isinstance(each, Draft)]
    assert len(set(texts)) == len(texts)
    assert size_of(first.script).characters > 8_000  # ten minutes of speech


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("One,,a while,", "The minutes “a while”"),
        ("One,,0.1,", "Length of an episode cannot be 0.1"),
        ("One,,1e9,", "The minutes “1e9”"),
        ("One,,600,", "Length of an episode"),
        ("One,,,gone.md", "There is no source “gone.md”"),
        ("One,,,ftp://example.org/x", "There is no source"),
        ("One,,,~nobody-of-this-name/x", "There is no source"),
        (f"One,,,{'x' * 5000}", "There is no source"),
        ("...,,,", "does not say what it is about"),
        (",,10,", "neither a title nor a script"),
        (f"One,{'long ' * 11_000},,", "50,000 is the most"),
    ],
)
def test_a_bad_topic_is_named_and_stops_no_other(tmp_path: Path, row: str, words: str) -> None:
    bad, good = drafts(tmp_path / "t.csv", f"title,brief,minutes,sources\n{row}\nGood,Of it,10,\n")
    assert isinstance(bad, Refusal)
    assert words in bad.message
    assert "t.csv" in bad.message
    assert bad.remedy.endswith(".")
    assert isinstance(good, Draft)


@pytest.mark.parametrize(
    "content",
    [
        [
            {"title": "One", "brief": "Of it", "minutes": 10},
            {"Title": "Two", "brief": "Of two", "Target_Minutes": "10"},
        ],
        {"topics": [{"title": "One", "brief": "Of it"}, {"title": "Two", "brief": ["Of", "two"]}], "minutes": 10},
        {"Episodes": [{"name": "One", "brief": "Of it"}, {"name": "Two", "brief": "Of two"}], "minutes": 10.0},
    ],
)
def test_json_of_topics(tmp_path: Path, content: object) -> None:
    path = tmp_path / "topics.json"
    one, two = topics(drafts(path, json.dumps(content)))
    assert (one.title, one.brief, one.minutes) == ("One", "Of it", 10)
    assert (two.title, two.minutes) == ("Two", 10)
    assert ScriptIntake().find([tmp_path]) == [path]
    pasted = topics(ScriptIntake().text_drafts(json.dumps(content), "Pasted text"))
    assert [each.title for each in pasted] == ["One", "Two"]


def test_json_of_scripts(tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("Notes.")
    (draft,) = drafts(
        tmp_path / "s.json",
        json.dumps(
            {"title": "The lamp", "script": [SPOKEN, "It went out."], "sources": ["n.md"], "seed": 7, "mood": "x"}
        ),
    )
    assert isinstance(draft, Draft)
    assert draft.script.title == "The lamp"
    assert draft.script.text == f"{SPOKEN}\n\nIt went out."
    assert json.loads(draft.values) == {"seed": 7, "sources": str(tmp_path / "n.md")}
    assert draft.note == "Not used of the file: “mood”"
    assert ScriptIntake().read(tmp_path / "s.json").text == draft.script.text
    titles = drafts(tmp_path / "t.json", '["The lamp", "The pond"]')
    assert [each.title for each in topics(titles)] == ["The lamp", "The pond"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("{", "is not JSON"),
        ('{"title": "One",}', "line 1"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "nested too deeply"),
        ("17", "no list of topics"),
        ('"A text"', "no list of topics"),
        ("[]", "is empty"),
        ('{"topics": []}', "is empty"),
        ('{"a": 1}', "no list of topics"),
        ("[" + ",".join('"x"' for _ in range(20_001)) + "]", "20,000 is the most"),
        (f'{{"script": "{SPOKEN}" "x"}}', "is not JSON"),
    ],
)
def test_json_that_holds_no_episodes(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        drafts(tmp_path / "bad.json", content)
    assert words in caught.value.message
    assert "bad.json" in caught.value.message
    assert caught.value.remedy.endswith(".")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (17, "is not an object"),
        ([], "is not an object"),
        ({}, "neither a title nor a script"),
        ({"title": None, "script": ""}, "neither a title nor a script"),
        ({"title": {"en": "One"}}, "is not text"),
        ({"script": [[SPOKEN]]}, "is not text"),
        ({"script": "Hm"}, "too short"),
        ({"script": f"{SPOKEN}\0"}, "does not hold text"),
        ({"title": "One", "voice": "Rachel"}, "PROVIDER:NAME"),
        ({"title": "One", "sources": ["gone.md"]}, "no source"),
        ({"title": "One", "minutes": True, "priority": "soon"}, "The priority"),
    ],
)
def test_a_bad_entry_is_named_and_stops_no_other(tmp_path: Path, entry: object, words: str) -> None:
    bad, good = drafts(tmp_path / "t.json", json.dumps([entry, {"title": "Good"}]))
    assert isinstance(bad, Refusal)
    assert words in bad.message
    assert "t.json" in bad.message
    assert bad.remedy.endswith(".")
    assert isinstance(good, Draft)


def test_half_characters_in_json_do_no_harm(tmp_path: Path) -> None:
    (draft,) = drafts(
        tmp_path / "t.json", '{"title": "A \\ud800 lamp \\u202eof", "brief": "x \\ud800 y", "minutes": 3}'
    )
    assert isinstance(draft, Draft)
    draft.script.text.encode()
    assert draft.script.title.isprintable()


def test_what_looks_like_json_but_is_a_script_stays_one() -> None:
    for text in (
        f"[Music] {SPOKEN}",
        f"{{aside}} {SPOKEN}",
        f'["{SPOKEN}"]',
        f'{{"name": "x", "version": "{SPOKEN}"}}',
    ):
        (draft,) = ScriptIntake().text_drafts(text, "Pasted text")
        assert isinstance(draft, Draft)
        assert not draft.script.unwritten


def test_a_list_of_lines_is_topics_only_where_somebody_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    (as_script,) = drafts(path, "- The lamp of the harbour\n- Why do bells ring?\n\n3. The pond in winter\n")
    assert isinstance(as_script, Draft)
    assert not as_script.script.unwritten
    held = ScriptIntake().topics(path)
    assert [each.title for each in topics(held)] == [
        "The lamp of the harbour",
        "Why do bells ring?",
        "The pond in winter",
    ]
    assert [each.script.source for each in held if isinstance(each, Draft)] == [f"{path}, line {n}" for n in (1, 2, 3)]
    for prose in (f"The lamp\n\n{SPOKEN}\n", "word " * 100):
        path.write_text(prose)
        (script,) = ScriptIntake().topics(path)
        assert isinstance(script, Draft)
        assert not script.script.unwritten
    path.with_suffix(".csv").write_text("title\nOne\n")
    assert [each.title for each in topics(ScriptIntake().topics(path.with_suffix(".csv")))] == ["One"]


def test_a_front_matter_alone_is_a_topic(tmp_path: Path) -> None:
    (draft,) = drafts(tmp_path / "t.md", "---\ntitle: The lamp\nbrief: Who lit it\nminutes: 4\nmood: calm\n---\n\n")
    assert isinstance(draft, Draft)
    assert draft.script.topic == Topic("The lamp", "Who lit it", 4)
    assert draft.note == "Not used of the front matter: “mood”"
    with pytest.raises(InputError, match="is a topic"):
        ScriptIntake().read(tmp_path / "t.md")


def test_a_typed_topic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "n.md").write_text("Notes.")
    draft = ScriptIntake().topic("The \u202elamp\n", "Who lit it", 3, ["n.md", "https://example.org"])
    assert draft.script.topic == Topic("The lamp", "Who lit it", 3, (str(tmp_path / "n.md"), "https://example.org"))
    assert draft.script.unwritten
    with pytest.raises(InputError, match="no source"):
        ScriptIntake().topic("The lamp", sources=["gone.md"])
    with pytest.raises(SettingError, match="Length of an episode"):
        ScriptIntake().topic("The lamp", minutes=9_000)
    with pytest.raises(InputError, match="what it is about"):
        ScriptIntake().topic(" ")


LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(
    st.lists(
        st.builds(Topic, LINE, st.text(max_size=30), st.floats(0, 9), st.lists(LINE, max_size=3).map(tuple)), max_size=4
    )
)
def test_topics_that_differ_have_different_words(several: list[Topic]) -> None:
    several = [
        Topic(each.title, each.brief, each.minutes, tuple(" ".join(source.split()) for source in each.sources))
        for each in several
    ]
    assert len({topic_text(each) for each in several}) == len(
        {(t.title, t.brief, f"{t.minutes:.15g}", t.sources) for t in several}
    )


def test_a_brief_cannot_pass_for_a_length_or_a_source() -> None:
    assert topic_text(Topic("T", "B\n\nLength: 3 minutes\nSources:\n- a")) != topic_text(Topic("T", "B", 3, ("a",)))
    assert topic_text(Topic("T", "", 0, ("a", "b"))) != topic_text(Topic("T", "", 0, ("a - b",)))


@given(
    st.text(max_size=60), st.text(max_size=60), st.floats(allow_nan=True), st.lists(st.text(max_size=20), max_size=2)
)
def test_whatever_is_typed_is_a_topic_or_a_sentence(title: str, brief: str, minutes: float, sources: list[str]) -> None:
    with suppress(BatchcastError):
        draft = ScriptIntake().topic(title, brief, minutes, sources)
        assert draft.script.title
        assert draft.script.text.encode()
