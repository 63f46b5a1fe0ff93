"""Kill it anywhere: a process that writes is killed at random times, again and again, on one and the same library."""

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from studio.domain.episode import State
from studio.store.database import Database
from studio.store.library import Library

ROOT = Path(__file__).parents[2]
ROUNDS = 12

# Prints each thing once it is stored for good; what stands there must be found after the kill.
WRITER = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from studio.domain.episode import Stage, State
from studio.domain.settings import Settings
from studio.domain.take import Speech
from studio.engine.ports import Checked, HistoryEntry, NewEpisode, Prepared
from studio.store.library import Library
from tests.store import store_samples as samples

def say(*what):
    print(*what, flush=True)

async def episode(library, project, number):
    ((episode, _),) = await library.projects.add(project, [NewEpisode(samples.script(number))])
    say("added", episode.id)
    episode = replace(episode, state=State.WORKING)
    await library.projects.save(episode)
    await library.projects.save(episode, HistoryEntry(Stage.PREPARE, "done", 0.1), Prepared(samples.spoken()))
    attempt = await library.ledger.reserve(samples.purchase(episode, f"key {number}", 1000))
    scratch = library.artifacts.scratch(".flac")
    scratch.write_bytes(f"sound {number}".encode() * 1000)
    audio = await library.artifacts.keep(scratch)
    await library.ledger.settle(attempt, Speech(audio, samples.MARKS, 2.0), 700)
    say("settled", number)
    episode = replace(episode, take=1, takes=1, cost_micro=700)
    await library.projects.save(episode, HistoryEntry(Stage.SYNTHESIZE, "done", 0.1), samples.take(audio))
    peaks = await library.artifacts.keep_bytes(b"peaks", ".peaks")
    await library.projects.save(episode, product=samples.master(audio, peaks))
    report = samples.report(words=400)
    done = replace(episode, state=State.DONE, stage=Stage.EXPORT)
    await library.projects.save(done, HistoryEntry(Stage.CHECK, "done", 0.1), Checked(1, report))
    say("done", episode.id)

async def main():
    library = await Library.open(Path(sys.argv[1]))
    project = await library.projects.by_name("Show") or await library.projects.create("Show", Path("/out"), Settings())
    first = int(sys.argv[2])
    say("ready")
    for start in range(first, first + 10_000, 3):
        await asyncio.gather(*(episode(library, project, number) for number in range(start, start + 3)))
asyncio.run(main())
"""


def kill_at_random(root: Path, first: int, chance: random.Random) -> list[tuple[str, int]]:
    """Let a writer run for a while; returns what it had said."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root), str(first)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout
    if chance.random() < 0.85:  # else while it opens
        writer.stdout.readline()
    time.sleep(chance.uniform(0, 0.3))
    writer.kill()
    said, _ = writer.communicate()
    lines = [line.split() for line in said.splitlines() if line.count(" ") == 1]
    return [(what, int(which)) for what, which in lines]


async def check(root: Path, said: set[tuple[str, int]]) -> None:
    library = await Library.open(root)
    await library.ledger.recover()
    await library.projects.recover()
    episodes = {episode.id: episode for episode in await library.projects.episodes()}
    assert {which for what, which in said if what == "added"} <= set(episodes)
    for episode in episodes.values():
        assert episode.state in {State.QUEUED, State.DONE}
        await library.projects.script(episode.id)
        take = await library.projects.take(episode.id, 1)
        assert (take is not None) == (episode.takes == 1)
        assert take is None or library.artifacts.holds(take.audio)
        assert (await library.projects.report(episode.id, 1) is not None) == (episode.state is State.DONE)
    assert {which for what, which in said if what == "done"} <= {
        episode.id for episode in episodes.values() if episode.state is State.DONE
    }
    settled = [which for what, which in said if what == "settled"]
    for number in settled:
        speech = await library.ledger.bought(f"key {number}")
        assert speech is not None
        assert library.artifacts.path(speech.audio).read_bytes() == f"sound {number}".encode() * 1000
    costs = await library.ledger.costs()
    assert costs.settled_micro == 700 * costs.calls
    assert costs.calls >= len(settled)
    await library.close()
    database = await Database.open(root / "library.db")
    states, problem, orphans = await database.read(
        lambda connection: (
            dict(connection.execute("SELECT state, count(*) FROM attempts GROUP BY state").fetchall()),
            connection.execute("PRAGMA integrity_check").fetchone()[0],
            connection.execute("PRAGMA foreign_key_check").fetchall(),
        )
    )
    await database.close()
    assert set(states) <= {"settled", "unknown"}
    assert costs.reserved_micro == 1000 * states.get("unknown", 0)
    assert (problem, orphans) == ("ok", [])


def test_a_killed_writer_leaves_a_whole_library(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    root = tmp_path / "library"
    said: set[tuple[str, int]] = set()
    for round_ in range(ROUNDS):
        said |= set(kill_at_random(root, round_ * 100_000, chance))
        asyncio.run(check(root, said))
    assert {what for what, _ in said} == {"added", "settled", "done"}  # it came far enough to prove something
    assert len(list((root / "scratch").iterdir())) == 1  # the sweeper's lock; the dead left nothing
