"""Commands that only look, and those that go on with what there is: where there is no library, they leave none."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from studio import cli

NO_PROJECT = "There is no project “Walden”. Projects in this library: none yet."
LOOKS: dict[str, tuple[Sequence[str], int, str]] = {
    "costs": (("costs",), 0, "There is no project yet, and nothing was spent."),
    "costs of a project": (("costs", "--project", "Walden"), 2, NO_PROJECT),
    "costs that are unclear": (("costs", "--unclear"), 0, "No call is unclear."),
    "forecast": (("forecast", "SCRIPTS"), 0, "3 episodes"),
    "check": (("check", "SCRIPTS"), 0, "First Light"),
    "resume": (("resume",), 0, "0 of 0 finished"),
    "resume of a project": (("resume", "--project", "Walden"), 2, NO_PROJECT),
    "export": (("export", "--project", "Walden", "--out", "OUT"), 2, NO_PROJECT),
    "prepare of what is not there": (("prepare", "topics.csv", "--minutes", "-1", "--out", "OUT"), 2, "cannot be -1"),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the library would be; there is no vendor and no key."""
    for name, value in {
        "BATCHCAST_HOME": str(tmp_path / "library"),
        "ELEVENLABS_BASE_URL": "http://127.0.0.1:1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ELEVENLABS_API_KEY", raising=False)
    return tmp_path / "library"


@pytest.mark.parametrize(("arguments", "status", "said"), LOOKS.values(), ids=LOOKS)
def test_no_library_is_left_behind(
    home: Path,
    scripts: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: Sequence[str],
    status: int,
    said: str,
) -> None:
    places = {"SCRIPTS": str(scripts), "OUT": str(home.parent / "out")}
    before = set(home.parent.rglob("*"))
    assert cli.main([places.get(each, each) for each in arguments]) == status
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert set(home.parent.rglob("*")) == before


def test_prices_beside_no_library_are_used_and_no_library_is_left(
    home: Path, scripts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    prices = home / "prices.toml"
    prices.write_text("[elevenlabs.plans.creator]\nusd_per_1000_credits = 1\n", "utf-8")
    voice = ("--voice", "elevenlabs:21m00Tcm4TlvDq8ikWAM", "--plan", "creator")
    assert cli.main(["forecast", str(scripts), *voice, "--json"]) == cli.OK
    document = json.loads(capsys.readouterr().out)
    assert document["cost_usd"] == pytest.approx(document["credits"] / 1000)
    assert list(home.iterdir()) == [prices]
