"""`batchcast check`: are these texts worth paying for?"""

from pathlib import Path

from tests.whole.conftest import Program

BAD = "# Dusk\n\nThe keeperâ€™s lamp was lit at dusk.\nIt was <emphasis>never put out.\n"
BRAND = '[forbidden]\n"sixty candles" = "nobody counted them"\n\n[pronunciation]\n"Eddystone" = "eddy stun"\n'


def test_good_scripts_pass_and_nothing_is_left_behind(program: Program, scripts: Path) -> None:
    ended = program.run("check", scripts, "--json")
    assert ended.status == 0, ended.err
    assert ended.document["verdicts"] == {"pass": 3, "review": 0, "fail": 0, "inconclusive": 0}
    assert ended.document["refused"] == []
    titles = [each["title"] for each in ended.document["scripts"]]
    assert titles == ["First Light", "Second Wind", "Third Rail"]
    first = ended.document["scripts"][0]
    assert (first["verdict"], first["language"], first["asked_s"], first["brand_alignment"]) == (
        "pass",
        "en",
        None,
        None,
    )
    assert first["words"] > 50
    assert first["expected_s"] > 15
    assert not program.home.exists()


def test_a_fault_is_told_with_its_line_its_column_and_its_cure(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "dusk.md"
    path.write_text(BAD, encoding="utf-8")
    ended = program.run("check", path, "--json")
    assert ended.status == 1
    (script,) = ended.document["scripts"]
    assert script["verdict"] == "fail"
    found = {each["check"]: each for each in script["findings"]}
    mended = found["unspeakable"]
    assert (mended["severity"], mended["line"], mended["column"]) == ("review", 3, 11)
    assert mended["cure"] == {
        "label": "Mend the encoding",
        "edit": {"start": BAD.index("â"), "was": "â€™", "now": "’"},
        "pronunciation": None,
    }
    assert (found["ssml"]["severity"], found["ssml"]["line"], found["ssml"]["column"]) == ("fault", 4, 8)

    plain = program.run("check", path)
    assert plain.status == 1
    assert "FAIL  Dusk" in plain.out
    assert "3:11 unspeakable (review)" in plain.out
    assert "Cure: Mend the encoding." in plain.out
    assert str(path) in plain.out


def test_a_script_that_is_there_twice_is_found(program: Program, scripts: Path) -> None:
    text = (scripts / "first-light.md").read_text("utf-8")
    (scripts / "zenith.md").write_text(text.replace("# First Light", "# Zenith"), encoding="utf-8")
    ended = program.run("check", scripts, "--json")
    assert ended.status == 1
    verdicts = {each["title"]: each["verdict"] for each in ended.document["scripts"]}
    assert verdicts == {"First Light": "pass", "Second Wind": "pass", "Third Rail": "pass", "Zenith": "fail"}
    (double,) = [each for each in ended.document["scripts"][3]["findings"] if each["check"] == "duplicate"]
    assert "“First Light” once more" in double["detail"]
    assert double["line"] is None


def test_a_script_that_stands_in_another_is_found(program: Program, scripts: Path) -> None:
    texts = [path.read_text("utf-8") for path in sorted(scripts.glob("*.md"))]
    more = " ".join(f"In the year {year} the keeper of tower {year % 97} lit it anew." for year in range(1601, 1660))
    (scripts / "all-of-them.md").write_text("\n\n".join(["# All of Them", *texts, more]), encoding="utf-8")
    ended = program.run("check", scripts, "--json")
    assert ended.status == 0, ended.err
    found = {
        each["title"]: [finding for finding in each["findings"] if finding["check"] == "duplicate"]
        for each in ended.document["scripts"]
    }
    assert not found["All of Them"]  # the first to come
    assert not found["Third Rail"]  # too short to be like anything
    for title in ("First Light", "Second Wind"):
        (finding,) = found[title]
        assert "it stands in “All of Them”" in finding["detail"]
        assert (finding["severity"], finding["line"]) == ("review", None)


def test_the_brand_and_the_asked_length_count(program: Program, scripts: Path, tmp_path: Path) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_text(BRAND, encoding="utf-8")
    ended = program.run("check", scripts / "first-light.md", "--brand", brand, "--minutes", "5", "--json")
    assert ended.status == 1
    (script,) = ended.document["scripts"]
    assert script["asked_s"] == 300
    assert script["brand_alignment"] == 0.95
    severities = {each["check"]: each["severity"] for each in script["findings"]}
    assert severities == {"forbidden": "fault", "length": "review"} | dict.fromkeys(
        severities.keys() - {"forbidden", "length"}, "note"
    )
    assert not any("Eddystone" in each["detail"] for each in script["findings"])


def test_another_voice_may_speak_another_language(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "lampe.md"
    path.write_text(
        "Der Wärter stieg jeden Abend die schmale Treppe hinauf und zündete die Lampe an, bevor die Nacht über den "
        "Hafen kam. Niemand sah ihm zu, aber alle Seeleute wussten, dass sein Licht bis zum Morgen brennen würde.\n",
        encoding="utf-8",
    )
    assert program.run("check", path).status == 1
    ended = program.run("check", path, "--voice", "elevenlabs:anna", "--language", "de", "--json")
    assert ended.status == 0, ended.out
    assert ended.document["scripts"][0]["language"] == "de"


def test_what_is_no_script_is_named_and_stops_nothing_else(program: Program, scripts: Path) -> None:
    (scripts / "empty.md").write_bytes(b"")
    ended = program.run("check", scripts, "--json")
    assert ended.status == 1
    assert len(ended.document["scripts"]) == 3
    (refused,) = ended.document["refused"]
    assert refused["source"].endswith("empty.md")
    assert refused["remedy"]


def test_among_others_a_wrong_name_stops_nothing(program: Program, scripts: Path, tmp_path: Path) -> None:
    picture = tmp_path / "cover.jpg"
    picture.write_bytes(b"\xff\xd8\xff")
    ended = program.run("check", picture, scripts, tmp_path / "gone.md", "--json")
    assert ended.status == 1
    assert len(ended.document["scripts"]) == 3
    assert [Path(each["source"]).name for each in ended.document["refused"]] == ["cover.jpg", "gone.md"]


def test_wrong_use_is_said_before_anything_begins(program: Program, scripts: Path, tmp_path: Path) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_text("[forbiden]\n", encoding="utf-8")
    for arguments in (
        (tmp_path / "none.md",),
        (scripts, "--brand", tmp_path / "none.toml"),
        (scripts, "--brand", brand),
        (scripts, "--voice", "nobody"),
        (),
    ):
        ended = program.run("check", *arguments)
        assert (ended.status, ended.out) == (2, ""), arguments
        assert ended.err
        assert "Traceback" not in ended.err
