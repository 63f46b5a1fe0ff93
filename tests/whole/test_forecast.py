"""What it will cost, what it has cost, and what does not fit: through the command line, against a local service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.account import PERMISSIONS
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.faults import Fault
from tests.whole.conftest import SCRIPTS, Program

VOICE = "elevenlabs:21m00Tcm4TlvDq8ikWAM"
FLASH_MICRO_PER_CREDIT = 100
FORECAST_KEYS = {
    "voice", "model", "plan", "episodes", "characters", "calls", "cached_calls", "cached_characters", "credits",
    "cost_usd", "saved_usd", "time_s", "fits", "prices_date", "prices_source", "refused",
}  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A service to buy from, with a key in the environment as a user would put it there."""
    with elevenlabs_server(plan="creator", time_scale=0.0) as running:
        monkeypatch.setenv("ELEVENLABS_BASE_URL", running.base_url)
        monkeypatch.setenv("ELEVENLABS_API_KEY", running.key)
        yield running


@pytest.fixture
def keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no service: nothing listens at that address."""
    monkeypatch.delenv("ELEVENLABS_API_KEY", raising=False)
    monkeypatch.setenv("ELEVENLABS_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


# Before anything is bought


@pytest.mark.usefixtures("keyless")
def test_a_forecast_needs_neither_key_nor_library(program: Program, scripts: Path) -> None:
    ended = program.run("forecast", scripts, "--voice", VOICE, "--json")
    document = ended.document
    assert ended.status == 0, ended.err
    assert set(document) == FORECAST_KEYS
    assert (document["voice"], document["model"], document["plan"]) == (VOICE, "eleven_flash_v2_5", None)
    assert (document["episodes"], document["calls"], document["fits"], document["refused"]) == (3, 3, 3, [])
    # Numbers are spoken as words and a break as a tag: about as many characters as were written, at half a credit each.
    written = sum(map(len, SCRIPTS.values()))
    assert 0.9 * written < document["characters"] < 1.4 * written
    assert document["characters"] / 2 <= document["credits"] <= document["characters"] / 2 + 3
    assert document["cost_usd"] == pytest.approx(document["credits"] * FLASH_MICRO_PER_CREDIT / 1e6)
    assert (document["cached_calls"], document["cached_characters"], document["saved_usd"]) == (0, 0, 0)
    low, high = document["time_s"]
    assert 0 < low < high < 600
    assert document["prices_date"] == "2026-11-22"
    assert not program.home.exists()

    dearer = program.run("forecast", scripts, "--voice", VOICE, "--model", "eleven_multilingual_v2", "--json").document
    assert dearer["credits"] == dearer["characters"]
    free = program.run("forecast", scripts)
    assert free.status == 0, free.err
    assert "3 episodes" in free.out
    assert "free of charge" in free.out


@pytest.mark.usefixtures("keyless")
def test_topics_are_forecast_before_they_are_written(program: Program, scripts: Path, tmp_path: Path) -> None:
    topics = tmp_path / "topics.csv"
    topics.write_text("title,brief,minutes\nBread,How it rises,5\nThe sky,Why it is blue,\n", "utf-8")
    free = program.run("forecast", topics, "--minutes", "7")
    assert (free.status, free.err) == (0, "")
    assert free.out.startswith("2 topics, 12 min: written free of charge; then spoken, at most 1")
    model = ("--writer", "http://127.0.0.1:1/v1", "--writer-prices", "1/2")
    document = program.run("forecast", topics, scripts, "--voice", VOICE, *model, "--minutes", "7", "--json").document
    assert set(document) == FORECAST_KEYS | {"topics", "topic_minutes", "writing_cost_usd", "writing_usual_usd"}
    assert (document["episodes"], document["topics"], document["topic_minutes"]) == (5, 2, 12.0)
    assert document["refused"] == []
    assert 0 < document["writing_usual_usd"] < document["writing_cost_usd"] < document["cost_usd"]
    spoken = document["cost_usd"] - document["writing_cost_usd"]
    assert spoken == pytest.approx(document["credits"] * FLASH_MICRO_PER_CREDIT / 1e6)
    assert document["characters"] > 12 * 60 * 14  # of the speech of the topics alone
    tight = program.run("forecast", topics, *model, "--budget", "0.000001")
    assert tight.status == 3
    assert "0 of 2 episodes fit" in tight.out
    unknown = program.run("forecast", topics, "--writer", "https://models.invalid/v1")
    assert unknown.status == 2
    assert "budget" in unknown.err
    assert not program.home.exists()


@pytest.mark.usefixtures("keyless")
def test_a_forecast_says_what_does_not_fit_and_what_cannot_be_used(program: Program, scripts: Path) -> None:
    tight = program.run("forecast", scripts, "--voice", VOICE, "--budget", "0.03")
    assert tight.status == 3
    assert "leaves $0.03: 2 of 3 episodes fit." in tight.out
    (scripts / "empty.md").write_bytes(b"")
    refused = program.run("forecast", scripts, "--voice", VOICE, "--budget", "0.03", "--json")
    assert refused.document["fits"] == 2
    (refusal,) = refused.document["refused"]
    assert refusal["source"].endswith("empty.md")
    assert program.run("forecast", scripts, "--voice", VOICE, "--json").status == 1


@pytest.mark.usefixtures("keyless")
def test_a_forecast_goes_by_the_plan_and_the_users_own_prices(program: Program, scripts: Path) -> None:
    unknown = program.run("forecast", scripts, "--voice", VOICE, "--plan", "gold")
    assert unknown.status == 2
    assert "There is no plan “gold”" in unknown.err
    assert "creator" in unknown.err

    shipped = program.run("forecast", scripts, "--voice", VOICE, "--plan", "creator", "--json").document
    assert shipped["plan"] == "creator"
    program.home.mkdir()
    prices = program.home / "prices.toml"
    prices.write_text("[elevenlabs.plans.creator]\nusd_per_1000_credits = 1\n")
    own = program.run("forecast", scripts, "--voice", VOICE, "--plan", "creator", "--json").document
    assert own["cost_usd"] == pytest.approx(10 * shipped["cost_usd"])

    prices.write_text("[elevenlabs.plans.creator]\nusd_per_1000_credits = -1\n")
    bad = program.run("forecast", scripts, "--voice", VOICE)
    assert bad.status == 2
    assert "prices.toml" in bad.err
    assert "usd_per_1000_credits of creator cannot be -1" in bad.err
    assert "Traceback" not in bad.err


def test_wrong_options_are_wrong_use(program: Program, scripts: Path, tmp_path: Path) -> None:
    for options, named in (
        (("batch", scripts, "--out", tmp_path / "out", "--budget", "-1"), "Budget cannot be -1 USD"),
        (("batch", scripts, "--out", tmp_path / "out", "--concurrency", "101"), "Requests at once cannot be 101"),
        (("batch", scripts, "--out", tmp_path / "out", "--format", "mp3"), "--format"),
        (("resume", "--buy-again", "none"), "neither a call's number nor “all”"),
        (("resume", "--buy-again", "7"), "There is no unclear call 7."),
        (("forecast", scripts, "--voice", "nobody:x"), "nobody"),
    ):
        ended = program.run(*options)
        assert ended.status == 2, ended.err
        assert named in ended.err


# Buying


def batch(program: Program, scripts: Path, *more: str | Path) -> tuple[str | Path, ...]:
    out = program.home.parent / "out"
    return ("batch", scripts, "--out", out, "--voice", VOICE, "--until", "synthesize", "--json", *more)


def test_what_fits_the_budget_is_bought_and_the_rest_waits_with_the_reason(
    program: Program, server: Server, scripts: Path
) -> None:
    tight = program.run(*batch(program, scripts, "--budget", "0.03", "--requests-per-minute", "50"))
    assert tight.status == 3, tight.err
    assert "3 episodes, " in tight.err
    assert "up to $0.04" in tight.err
    assert "2 of 3 episodes fit." in tight.err
    rows = tight.document["episodes"]
    assert [(row["state"], row["stage"]) for row in rows] == [
        ("queued", "master"),
        ("queued", "master"),
        ("queued", "prepare"),
    ]
    assert [row["calls"] for row in rows] == [1, 1, 0]
    assert "2 of 3 episodes fit" in rows[2]["reason"]
    charged = [charge.credits * FLASH_MICRO_PER_CREDIT / 1e6 for charge in server.ledger.charges]
    assert sorted(row["cost_usd"] for row in rows[:2]) == pytest.approx(sorted(charged))
    costs = tight.document["cost_analysis"]
    assert costs["spent_usd"] == pytest.approx(sum(charged))
    assert (costs["held_usd"], costs["lost_usd"], costs["saved_usd"], costs["unclear"]) == (0, 0, 0, 0)

    # A forecast knows what was bought.
    document = program.run("forecast", scripts, "--voice", VOICE, "--json").document
    assert (document["plan"], document["calls"], document["cached_calls"]) == ("creator", 1, 2)
    assert document["saved_usd"] == pytest.approx(sum(charged))

    richer = program.run(*batch(program, scripts, "--budget", "1", "--day-budget", "2", "--month-budget", "3"))
    assert richer.status == 0, richer.err
    assert [row["reason"] for row in richer.document["episodes"]] == [None] * 3
    assert len(server.ledger.charges) == 3

    # The same in another project costs nothing, and the saving is told.
    again = program.run(*batch(program, scripts, "--project", "Again"))
    assert again.status == 0, again.err
    assert "3 calls come from what was bought before, which saves $0.04" in again.err
    assert again.document["cost_analysis"]["spent_usd"] == 0
    assert program.run("costs", "--unclear").out == "No call is unclear.\n"
    assert again.document["cost_analysis"]["saved_usd"] == pytest.approx(server.ledger.credits * 100 / 1e6)
    assert len(server.ledger.charges) == 3

    told = program.run("costs", "--project", "out").out
    assert "spent $0.04" in told
    assert "budget of the month: $3.00" in told
    listed = program.run("costs", "--json").document
    assert [use["scope"] for row in listed["projects"] if row["project"] == "out" for use in row["budgets"]] == [
        "batch",
        "day",
        "month",
    ]
    for path in [*program.home.rglob("*"), *(program.home.parent / "out").rglob("*")]:
        assert not path.is_file() or server.key.encode() not in path.read_bytes(), path
    assert server.key not in tight.out + tight.err + told


def test_nothing_is_begun_that_does_not_fit(program: Program, server: Server, scripts: Path) -> None:
    for command in (batch(program, scripts, "--episode-budget", "0.001"), ("resume", "--json")):
        ended = program.run(*command)
        assert ended.status == 3, ended.err
        assert "0 of 3 episodes fit" in ended.err
        assert {(row["state"], row["stage"]) for row in ended.document["episodes"]} == {("queued", "prepare")}
    assert not server.ledger.asked


def test_an_exhausted_account_ends_as_a_spent_budget_and_a_bad_key_as_a_failure(
    program: Program, server: Server, scripts: Path
) -> None:
    server.ledger.credit_limit = 10
    beyond = program.run(*batch(program, scripts))
    assert beyond.status == 3, beyond.err
    assert "credits" in beyond.err
    assert not server.ledger.charges
    server.ledger.credit_limit = 100_000
    server.revoke()
    refused = program.run("resume", "--json")
    assert refused.status == 1, refused.err
    assert "key" in refused.err
    assert "key" in refused.document["episodes"][0]["reason"]
    assert not server.ledger.charges


@pytest.mark.model
@pytest.mark.slow
def test_a_person_decides_about_a_call_that_nobody_knows_of(
    program: Program, server: Server, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = server.add_key("sk_local_without_history_1", PERMISSIONS - {"speech_history_read"})
    monkeypatch.setenv("ELEVENLABS_API_KEY", blind)
    server.schedule({1: Fault("reset_after_read", charged=True)})
    cut = program.run(*batch(program, scripts / "third-rail.txt", "--repairs", "0"))
    assert cut.status == 1, cut.err
    assert cut.document["cost_analysis"]["unclear"] == 1
    held = cut.document["cost_analysis"]["held_usd"]
    assert held > 0
    assert "may have been charged" in cut.document["episodes"][0]["reason"]

    assert "`batchcast costs --unclear`" in program.run("costs").out
    (call,) = program.run("costs", "--unclear", "--json").document["unclear"]
    assert (call["project"], call["episode"], call["voice"]) == ("out", "001 Third Rail", VOICE)
    assert call["held_usd"] == held
    told = program.run("costs", "--unclear").out
    assert told.startswith(f"{call['id']}  out, 001 Third Rail: ")
    assert "--buy-again" in told

    # Looking again, which every start does, buys nothing.
    program.run("resume", "--json")
    assert len(server.ledger.charges) == 1
    again = program.run("resume", "--buy-again", str(call["id"]), "--json")
    assert "1 call to be made again" in again.err
    assert len(server.ledger.charges) == 2
    costs = again.document["cost_analysis"]
    assert (costs["held_usd"], costs["unclear"]) == (0, 0)
    assert costs["lost_usd"] == held
    assert costs["spent_usd"] == pytest.approx(2 * held)
