"""Gives life to copies of the program in milliseconds: everything is imported once, each copy is a fork.

As a program it takes commands as JSON lines: {"start": LIFE} answers the number of the process;
{"wait": NUMBER, "kill_s": S} waits for its end, or kills it (`SIGKILL`) after so many seconds, and answers what came
of it.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.money.life import Life, Story, as_document, leave, live

_HEAVY = (
    "anyio._backends._asyncio", "av.subtitles.stream", "certifi", "httpcore", "httpx", "numpy", "scipy.signal",
    "elevenlabs.client", "elevenlabs.history.client", "elevenlabs.models.client", "elevenlabs.text_to_speech.client",
    "elevenlabs.types.voice_settings", "elevenlabs.user.subscription.client", "aiosqlite", "studio.audio.join",
    "studio.audio.proof", "studio.content.intake", "studio.content.speech_text", "studio.voices.registry",
)  # fmt: skip


@dataclass(frozen=True)
class End:
    """How a life ended: killed, or with its story."""

    killed: bool
    story: Story
    stderr: str


class Nursery:
    """The program, as a test uses it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, life: Life) -> int:
        """Begin a life; returns its process's number."""
        return int(self._ask({"start": asdict(life)}))

    def wait(self, pid: int, kill_s: float | None = None) -> End:
        """Wait for its end; with `kill_s`, kill it then."""
        answer = self._ask({"wait": pid, "kill_s": kill_s})
        return End(answer["killed"], Story(**answer["story"]), answer["stderr"])

    def live(self, life: Life, kill_s: float | None = None) -> End:
        """One life from its start to its end."""
        return self.wait(self.start(life), kill_s)

    def _ask(self, command: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the nursery has ended"
        return json.loads(line)


def ended_well(end: End) -> Story:
    """By itself, and without a word of trouble; returns its story."""
    story = end.story
    assert not end.killed
    assert not story.bug, story.bug
    assert not story.refused, story.refused
    assert not story.records, story.records
    assert not end.stderr, end.stderr
    assert not [notice for notice in story.notices if notice.startswith("BUG")], story.notices
    return story


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery, as long as the `with` lasts."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.money.nursery"],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()


def main() -> None:
    """Until nobody commands any more."""
    for name in _HEAVY:
        __import__(name)
    gc.freeze()  # the children share these pages
    with tempfile.TemporaryDirectory(prefix="lives-") as folder:
        for line in sys.stdin:
            command = json.loads(line)
            if "start" in command:
                answer: Any = _start(Life(**command["start"]), Path(folder))
            else:
                answer = _wait(command["wait"], command["kill_s"], Path(folder))
            print(json.dumps(answer), flush=True)  # noqa: T201 - how the test hears of it


def _start(life: Life, folder: Path) -> int:
    descriptor, errors = tempfile.mkstemp(dir=folder)
    pid = os.fork()
    if pid:
        os.close(descriptor)
        Path(errors).rename(folder / f"{pid}.err")
        return pid
    try:
        os.dup2(descriptor, 2)
        story = live(life)
        sys.stderr.flush()
        (folder / f"{os.getpid()}.json").write_text(json.dumps(as_document(story)), encoding="utf-8")
    finally:
        leave(0)
    return 0


def _wait(pid: int, kill_s: float | None, folder: Path) -> dict[str, Any]:
    over = None if kill_s is None else time.monotonic() + kill_s
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG if over else 0)
        if ended:
            break
        if over and time.monotonic() >= over:
            os.kill(pid, signal.SIGKILL)
            over = None
        else:
            time.sleep(0.002)
    own = folder / str(pid)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    story = as_document(Story()) if killed else json.loads(own.with_suffix(".json").read_text("utf-8"))
    return {"killed": killed, "story": story, "stderr": own.with_suffix(".err").read_text("utf-8")}


if __name__ == "__main__":
    main()
