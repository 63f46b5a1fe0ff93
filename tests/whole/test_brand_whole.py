"""A batch with a brand file: read before anything begins, and laid against every episode."""

from pathlib import Path

import pytest

from tests.whole.conftest import Program

BRAND = """name = "The Slow Lane"

[[opening]]
say = ["Welcome to {show}."]

[preferred]
"sixty candles" = "three score candles"

[pronunciation]
"Eddystone" = "eddy stun"
"""


def test_a_brand_file_that_is_missing_or_wrong_is_wrong_use_at_once(
    program: Program, scripts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    missing = program.run("batch", scripts, "--out", out, "--brand", tmp_path / "none.toml")
    assert (missing.status, missing.out) == (2, "")
    assert "none.toml" in missing.err
    wrong = tmp_path / "brand.toml"
    wrong.write_text('[forbiden]\n"very" = ""\n', encoding="utf-8")
    ended = program.run("batch", scripts, "--out", out, "--brand", wrong)
    assert ended.status == 2
    assert "brand.toml" in ended.err
    assert "Did you mean “forbidden”?" in ended.err
    assert "Traceback" not in missing.err + ended.err
    assert not out.exists()


def test_what_must_not_be_said_is_never_spoken(program: Program, scripts: Path, tmp_path: Path) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_text('[forbidden]\n"sixty candles" = "nobody counted them"\n', encoding="utf-8")
    script, out = scripts / "first-light.md", tmp_path / "out"
    ended = program.run("batch", script, "--out", out, "--brand", brand, "--json")
    assert ended.status == 1, ended.err
    (episode,) = ended.document["episodes"]
    assert (episode["state"], episode["stage"], episode["verdict"]) == ("needs_you", "prepare", None)
    assert "nobody counted them" in ended.err
    assert not list(out.iterdir())


@pytest.mark.model
@pytest.mark.slow
def test_an_episode_is_laid_against_its_brand(
    program: Program, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brand.toml").write_text(BRAND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    ended = program.run(
        "batch", scripts / "first-light.md", "--out", tmp_path / "out", "--brand", "brand.toml", "--json"
    )
    assert ended.status == 1, ended.err
    (episode,) = ended.document["episodes"]
    assert (episode["state"], episode["verdict"]) == ("needs_you", "review")
    assert episode["brand_alignment"] == 0.88  # 10 for the opening, 2 for the words
    found = {finding["script"]: finding for finding in episode["findings"] if finding["kind"] == "brand"}
    assert len(found) == 2
    candles = found["sixty candles"]
    assert "three score candles" in candles["detail"]
    assert 0 < candles["start_s"] < candles["end_s"] < episode["duration_s"]
    assert episode["repairs"] == 0  # another take would say the same
