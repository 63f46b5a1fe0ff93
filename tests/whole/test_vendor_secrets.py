"""The API key is nowhere but in the requests: no file, log, process list, exception, report or screen has it."""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.faults import REFUSALS, Fault
from tests.fakes.prose import write_scripts

KEY = "sk_7f3e9a1c5b2d8e6f4a0c9b7d5e3f1a2b8c6d4e0f"
VOICE = "elevenlabs:21m00Tcm4TlvDq8ikWAM"

# The program as it is started by its command, with every logger at its most talkative.
LOUD = """
import asyncio, logging, sys
logging.basicConfig(level=logging.DEBUG, filename=sys.argv[1])
for name in ("httpx", "httpcore", "elevenlabs", "asyncio", "aiosqlite", "keyring", "urllib3"):
    logging.getLogger(name).setLevel(logging.DEBUG)
if sys.argv[2]:
    # A mistake of ours, in the middle of a call that holds the key.
    from studio.voices import elevenlabs_sound
    def copy(*arguments): raise RuntimeError("a mistake")
    elevenlabs_sound._copy = copy
from studio.cli import main
sys.exit(main(sys.argv[3:]))
"""


def forms(key: str) -> set[bytes]:
    """The key, its halves, and each of them in base64 at every alignment."""
    body = key.removeprefix("sk_")
    parts = {key.encode(), body[: len(body) // 2].encode(), body[len(body) // 2 :].encode()}
    encoded = set()
    for part in parts:
        for shift in range(3):
            # Whole groups of three bytes only: what stands around them changes the rest.
            inner = part[shift : shift + (len(part) - shift) // 3 * 3]
            encoded.add(base64.b64encode(inner))
    return parts | encoded | {key.encode().hex().encode(), key.encode("utf-16-le")}


def test_the_search_finds_what_it_is_for() -> None:
    for hidden in (KEY, f"…{KEY[3:30]}…", base64.b64encode(f"user:{KEY}".encode()).decode()):
        assert any(form in hidden.encode() for form in forms(KEY)), hidden


class Witness:
    """Runs the program and remembers everything that it showed, and the command lines of all its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = b""
        self.processes: set[int] = set()
        self._lines = b""

    def run(self, *arguments: str | Path, mistake: bool = False) -> int:
        log = self.folder / "everything.log"
        command = [sys.executable, "-c", LOUD, str(log), "x" if mistake else "", *map(str, arguments)]
        environment = {**os.environ, "BATCHCAST_HOME": str(self.folder / "library"), "PYTHONASYNCIODEBUG": "1"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
            over = threading.Event()
            watch = threading.Thread(target=self._watch, args=(process.pid, over))
            watch.start()
            out, err = process.communicate(timeout=120)
            over.set()
            watch.join()
        self.shown += out + err
        return process.returncode

    def _watch(self, pid: int, over: threading.Event) -> None:
        while not over.wait(0.02):
            for process in self._family(pid):
                try:
                    self._lines += "\0".join(process.cmdline()).encode() + b"\n"
                    self.processes.add(process.pid)
                except psutil.Error:
                    continue

    def _family(self, pid: int) -> list[psutil.Process]:
        try:
            main = psutil.Process(pid)
            return [main, *main.children(recursive=True)]
        except psutil.Error:
            return []

    def has(self, form: bytes) -> list[str]:
        """Where a form of the key is."""
        places = [str(path) for path in self.folder.rglob("*") if path.is_file() and form in path.read_bytes()]
        if form in self.shown:
            places.append("the screen")
        if form in self._lines:
            places.append("the process list")
        return places


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with elevenlabs_server(plan="creator", time_scale=0.0) as running:
        running.add_key(KEY)
        monkeypatch.setenv("ELEVENLABS_BASE_URL", running.base_url)
        monkeypatch.setenv("ELEVENLABS_API_KEY", KEY)
        yield running


# One of each way in which a call can fail. What may have been charged was, so that the history shows it at once.
FAULTS = ("too_many_concurrent", "busy", "html_502", "error_500", "reset_after_read", "reset_in_body", "json_as_audio")
STOPPING = ("quota", "unusual_activity", "payment_required")


@pytest.mark.slow
def test_the_key_is_nowhere(server: Server, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    witness = Witness(here)
    scripts = write_scripts(tmp_path / "scripts", 14, 120)
    buy = ("--voice", VOICE, "--until", "synthesize", "--requests-per-minute", "10000", "--json")
    assert witness.run("batch", scripts / "001.txt", "--out", here / "good", *buy) == 0
    assert witness.run("batch", scripts / "002.txt", "--out", here / "mistake", *buy, mistake=True) == 1
    after = len(server.ledger.asked)
    server.schedule({after + 2 * place: Fault(kind, charged=True) for place, kind in enumerate(FAULTS, 1)})
    witness.run("batch", scripts, "--out", here / "faults", "--model", "eleven_turbo_v2_5", *buy, "--concurrency", "2")
    for kind in STOPPING:
        server.schedule_next(kind)
        assert witness.run("batch", scripts / "003.txt", "--out", here / kind, "--model", "eleven_v3", *buy) in {1, 3}
    server.revoke(KEY)
    assert witness.run("batch", scripts / "004.txt", "--out", here / "revoked", "--model", "eleven_v3", *buy) == 1
    met = server.outcomes()
    assert {*FAULTS} - {*REFUSALS} <= {*met}
    assert "invalid_api_key" in met
    witness.run("costs", "--json")
    witness.run("costs", "--unclear")
    witness.run("doctor")
    witness.run("forecast", scripts, "--voice", VOICE)

    log = (here / "everything.log").read_text("utf-8", "replace")
    assert "httpcore" in log
    assert "a mistake" in log  # the report of the bug, with its traceback
    assert "a mistake" in (here / "library" / "logs" / "batchcast.log").read_text("utf-8")
    assert len(witness.processes) > 10
    assert any(request.key == KEY for request in server.ledger.asked)
    for form in forms(KEY):
        assert not witness.has(form), (form, witness.has(form))
