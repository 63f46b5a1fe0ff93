"""`batch --voice elevenlabs:VOICE`, as a user starts it: from scripts to folders, and what becomes of it in trouble."""

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.account import PERMISSIONS
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.prose import write_scripts
from tests.whole.conftest import Program

VOICE = "elevenlabs:21m00Tcm4TlvDq8ikWAM"
USD_PER_CREDIT = 0.10 / 1000  # of every model here, in the price book
BUY = ("--voice", VOICE, "--until", "synthesize", "--json")


@contextmanager
def customer(monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[Server]:
    """A server, and programs that are its customers."""
    with elevenlabs_server(**options) as server:
        monkeypatch.setenv("ELEVENLABS_BASE_URL", server.base_url)
        monkeypatch.setenv("ELEVENLABS_API_KEY", server.key)
        yield server


def spent(program: Program) -> float:
    """What the library says that it has spent; nothing is held."""
    costs = program.run("costs", "--json").document
    assert all(project["held_usd"] == 0 for project in costs["projects"])
    return float(costs["spent_usd"])


def correct_folder(folder: Path) -> None:
    check = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True)
    assert check.stdout.count(": OK") == len(list(folder.iterdir())) - 1


@pytest.mark.model
@pytest.mark.slow
def test_scripts_become_folders_and_are_paid_for_once(
    program: Program, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with customer(monkeypatch, plan="creator", time_scale=0.01, speech=True) as server:
        ended = program.run("batch", scripts, "--out", out, "--voice", VOICE, "--approve", "passed", "--json")
        document = ended.document
        assert ended.status == 0, ended.err + ended.out
        assert [(e["state"], e["verdict"], e["calls"]) for e in document["episodes"]] == 3 * [("done", "pass", 1)]
        for episode in document["episodes"]:
            assert episode["word_accuracy"] >= 0.94
            assert abs(episode["loudness_lufs"] + 16) <= 0.3
            correct_folder(Path(episode["folder"]))
            metadata = json.loads((Path(episode["folder"]) / "metadata.json").read_text())
            assert VOICE in json.dumps(metadata)
        # The books agree, half a credit a character, rounded up in every call.
        charges = server.ledger.charges
        assert [charge.credits for charge in charges] == [-(-charge.characters // 2) for charge in charges]
        assert sum(e["characters"] for e in document["episodes"]) == sum(charge.characters for charge in charges)
        assert spent(program) == pytest.approx(server.ledger.credits * USD_PER_CREDIT)
        assert document["cost_analysis"]["spent_usd"] == pytest.approx(spent(program))

        # The same again, and the same scripts in another project, ask for nothing.
        again = program.run("batch", scripts, "--out", out, "--voice", VOICE, "--approve", "passed", "--json")
        assert (again.status, again.document["cost_analysis"]) == (0, document["cost_analysis"])
        other = program.run("batch", scripts, "--out", tmp_path / "other", *BUY)
        assert other.status == 0, other.err
        assert "3 calls come from what was bought before, which saves $" in other.err
        assert len(server.ledger.asked) == 3
    (first, second) = sorted(program.run("costs", "--json").document["projects"], key=lambda row: -row["spent_usd"])
    assert second["spent_usd"] == 0
    assert second["cached_calls"] == 3
    assert second["cached_characters"] == first["characters"]


@pytest.mark.model
@pytest.mark.slow
def test_a_sound_from_the_history_has_its_chapters_where_they_are_heard(
    program: Program, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is recovered comes without the voice's times. The built-in voice says where the chapters really begin."""
    script = scripts / "first-light.md"
    starts = {}
    for name, faults in (("straight", ()), ("recovered", ("cut_in_body",))):
        with customer(monkeypatch, plan="creator", time_scale=0.01, speech=True) as server:
            server.schedule_next(*faults)
            here = Program(program.home / name)
            ended = here.run(
                "batch", script, "--out", tmp_path / name, "--voice", VOICE, "--approve", "passed", "--json"
            )
            assert ended.status == 0, ended.err + ended.out
            assert len(server.ledger.charges) == 1
        (episode,) = ended.document["episodes"]
        assert episode["verdict"] == "pass"
        (listed,) = Path(episode["folder"]).glob("*chapters*.json")
        starts[name] = [chapter["startTime"] for chapter in json.loads(listed.read_text())["chapters"]]
    assert len(starts["straight"]) == 3
    assert starts["recovered"] == pytest.approx(starts["straight"], abs=0.3)


@pytest.mark.model
@pytest.mark.slow
def test_a_key_that_is_revoked_stops_the_purchases_and_nothing_else(
    program: Program, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One call at a time; the key is taken back during the second."""
    with customer(monkeypatch, plan="creator", time_scale=0.1, speech=True) as server:

        def take_back() -> None:
            while len(server.ledger.asked) < 2 or not server.in_flight:
                time.sleep(0.001)
            server.revoke()

        thread = threading.Thread(target=take_back)
        thread.start()
        command = ("batch", scripts, "--out", tmp_path / "out", "--voice", VOICE, "--approve", "passed", "--json")
        ended = program.run(*command, "--concurrency", "1")
        thread.join()
        assert server.outcomes() == ["ok", "ok", "invalid_api_key"]
        assert ended.status == 1, ended.err
        states = [(e["state"], e["stage"]) for e in ended.document["episodes"]]
        assert sorted(states) == [("done", "export"), ("done", "export"), ("queued", "synthesize")]
        (left,) = [e for e in ended.document["episodes"] if e["state"] == "queued"]
        assert "key" in left["reason"]
        assert "settings" in left["reason"]  # where a valid one is entered
        assert left["reason"].partition(".")[0] in ended.err
        assert spent(program) == pytest.approx(server.ledger.credits * USD_PER_CREDIT)

        monkeypatch.setenv("ELEVENLABS_API_KEY", server.add_key("sk_another_0123456789abcdef"))
        rest = program.run("resume", "--json")
        assert rest.status == 0, rest.err
        assert {e["state"] for e in rest.document["episodes"]} == {"done"}
        assert server.outcomes()[3:] == ["ok"]
        assert not server.ledger.paid_twice()


def test_credits_that_run_out_end_as_a_budget(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The account has two episodes' credits. A key that may not ask for them learns it from the refusal."""
    scripts = write_scripts(tmp_path / "scripts", 3, 300)
    with customer(monkeypatch, plan="creator", credit_limit=320, time_scale=0.0) as server:
        ended = program.run("batch", scripts, "--out", tmp_path / "out", *BUY)
        assert ended.status == 3, ended.err
        assert "the account's remaining 320 credits leaves 320: 2 of 3 episodes fit" in ended.err
        assert server.outcomes() == ["ok", "ok"]

        server.ledger.credit_limit = 390
        blind = server.add_key("sk_blind_0123456789abcdef", PERMISSIONS - {"user_read"})
        monkeypatch.setenv("ELEVENLABS_API_KEY", blind)
        refused = program.run("batch", scripts, "--out", tmp_path / "out", *BUY)
        assert server.outcomes()[2:] == ["quota_exceeded"]
        assert refused.status == 3, refused.err
        (left,) = [e for e in refused.document["episodes"] if e["stage"] == "synthesize"]
        assert "credits" in left["reason"]
        assert spent(program) == pytest.approx(300 * USD_PER_CREDIT)


def test_a_voice_that_is_not_there_costs_nothing(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = write_scripts(tmp_path / "scripts", 2, 300)
    with customer(monkeypatch, plan="creator", time_scale=0.0) as server:
        command = ("batch", scripts, "--out", tmp_path / "out", "--voice", "elevenlabs:NoSuchVoice0000000", "--json")
        ended = program.run(*command)
        assert ended.status == 1, ended.err
        assert {e["state"] for e in ended.document["episodes"]} == {"failed"}
        assert all("no such voice" in e["reason"] for e in ended.document["episodes"])
        assert set(server.outcomes()) == {"voice_not_found"}
        assert len(server.ledger.asked) == 2
        assert spent(program) == 0


def test_without_a_key_nothing_is_lost(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = write_scripts(tmp_path / "scripts", 2, 300)
    with customer(monkeypatch, plan="creator", time_scale=0.0) as server:
        monkeypatch.delenv("ELEVENLABS_API_KEY")
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        ended = program.run("batch", scripts, "--out", tmp_path / "out", *BUY)
        assert ended.status == 1, ended.err
        assert "There is no API key for ElevenLabs." in ended.err
        assert "ELEVENLABS_API_KEY" in ended.err
        assert server.ledger.asked == []
        assert {(e["state"], e["stage"]) for e in ended.document["episodes"]} == {("queued", "synthesize")}
        monkeypatch.setenv("ELEVENLABS_API_KEY", server.key)
        rest = program.run("batch", scripts, "--out", tmp_path / "out", *BUY)
        assert rest.status == 0, rest.err
        assert server.outcomes() == ["ok", "ok"]


@pytest.mark.slow
def test_a_service_that_cannot_be_reached_is_waited_for(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = write_scripts(tmp_path / "scripts", 5, 300)
    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
    monkeypatch.setenv("ELEVENLABS_BASE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("ELEVENLABS_API_KEY", "sk_local_0123456789abcdef")
    process = program.start("batch", scripts, "--out", tmp_path / "out", *BUY)
    assert process.stderr is not None
    said = next(line for line in process.stderr if "cannot be reached" in line)
    assert "nothing is bought until that is over" in said
    with elevenlabs_server(plan="creator", time_scale=0.0, port=port) as server:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert server.outcomes() == 5 * ["ok"]
    assert not any(episode["reason"] for episode in json.loads(out)["episodes"])


def test_a_users_own_prices_go_into_quotes_and_costs(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the shipped price, and a volume price from the 200th credit of the month on."""
    scripts = write_scripts(tmp_path / "scripts", 2, 300)
    program.home.mkdir()
    (program.home / "prices.toml").write_text(
        "[elevenlabs.models.eleven_flash_v2_5]\n"
        "usd_per_1000_credits = 0.20\n"
        "tiers = [{ from_credits = 200, usd = 0.10 }]\n"
    )
    expected = (200 * 0.20 + 100 * 0.10) / 1000
    with customer(monkeypatch, plan="creator", time_scale=0.0) as server:
        quote = program.run("forecast", scripts, "--voice", VOICE, "--json").document
        assert quote["cost_usd"] == pytest.approx(expected)
        ended = program.run("batch", scripts, "--out", tmp_path / "out", *BUY)
        assert ended.status == 0, ended.err
        assert server.ledger.credits == 300
    assert spent(program) == pytest.approx(expected)
