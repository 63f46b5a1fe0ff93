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
from tests.store import store_samples

ROOT = Path(__file__).parents[2]
ROUNDS = 12

# Prints each thing once it is stored for good; what stands there must be found after the kill.
WRITER = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from studio.domain.episode import Stage, State
from studio.domain.purchase import Receipt
from studio.domain.settings import Settings
from studio.domain.take import Speech
from studio.engine.ports import Checked, HistoryEntry, NewEpisode, Prepared
from studio.store.library import Library
from tests.store import store_samples as samples

def say(*what):
    print(*what, flush=True)

async def bought(library, episode, number):
    ledger, artifacts = library.ledger, library.artifacts
    attempt = await ledger.reserve(samples.purchase(episode, f"key {number}", 1000, credits_=20))
    say("reserved", number)
    if number % 5 == 1:
        await ledger.fail(attempt, "refused")
        say("failed", number)
        attempt = await ledger.reserve(samples.purchase(episode, f"key {number}", 1000, credits_=20))
    await ledger.sent(attempt)
    say("sent", number)
    if number % 5 == 2:
        await ledger.spoil(attempt, Receipt(f"spoilt {number}", "", 3), 300, "garbage")
        say("spoilt", number)
        attempt = await ledger.reserve(samples.purchase(episode, f"key {number}", 1000, credits_=20))
        await ledger.sent(attempt)
    if number % 5 == 3:
        await ledger.unclear(attempt, "cut", Receipt(f"request {number}"))
        say("unclear", number)
    receipt = Receipt(f"request {number}", f"history {number}", 14)
    body = artifacts.incoming(attempt, ".flac")
    body.write_bytes(f"sound {number}".encode() * 1000)
    await artifacts.received(body)
    await ledger.received(attempt, receipt)
    say("received", number)
    audio = await artifacts.keep_bought(body)
    await ledger.stored(attempt, Speech(audio, samples.MARKS, 2.0))
    say("stored", number)
    await ledger.settle(attempt, receipt, 700)
    say("settled", number)
    await artifacts.drop(body)
    return audio

async def episode(library, project, number):
    ((episode, _),) = await library.projects.add(project, [NewEpisode(samples.script(number))])
    say("added", episode.id)
    episode = replace(episode, state=State.WORKING)
    await library.projects.save(episode)
    await library.projects.save(episode, HistoryEntry(Stage.PREPARE, "done", 0.1), Prepared(samples.spoken()))
    audio = await bought(library, episode, number)
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
    projects = await library.projects.all()
    project = projects[0] if projects else await library.projects.create("Show", Path("/out"), Settings())
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
    attempts = await check_money(library, said)
    await library.close()
    database = await Database.open(root / "library.db")
    problem, orphans = await database.read(
        lambda connection: (
            connection.execute("PRAGMA integrity_check").fetchone()[0],
            connection.execute("PRAGMA foreign_key_check").fetchall(),
        )
    )
    await database.close()
    assert (problem, orphans) == ("ok", [])
    assert all(int(path.name.partition(".")[0]) in attempts for path in (root / "incoming").iterdir())


# What a number had come to when its writer said this, it has come to at least after a kill.
AT_LEAST = {
    "reserved": {"failed", "unknown", "received", "stored", "settled"},
    "failed": {"failed", "unknown", "received", "stored", "settled"},
    "sent": {"failed", "unknown", "received", "stored", "settled"},
    "spoilt": {"failed", "unknown", "received", "stored", "settled"},
    "unclear": {"unknown", "received", "stored", "settled"},
    "received": {"received", "stored", "settled"},
    "stored": {"stored", "settled"},
    "settled": {"settled"},
}


async def check_money(library: Library, said: set[tuple[str, int]]) -> set[int]:
    """Returns the attempts that are not over."""
    asks = {ask.attempt.key: ask for ask in await library.ledger.asks()}
    rows = await library._database.read(
        lambda connection: connection.execute("SELECT * FROM attempts ORDER BY id").fetchall()
    )
    last = {row["key"]: row for row in rows}
    for what, which in said & {(what, which) for what in AT_LEAST for _, which in said}:
        assert last[f"key {which}"]["state"] in AT_LEAST[what]
        if what == "sent":  # an intent that failed at a start had not left, and this one had
            assert any(row["sent_at"] for row in rows if row["key"] == f"key {which}")
    for key, row in last.items():
        number = int(key.removeprefix("key "))
        sound = f"sound {number}".encode() * 1000
        assert (row["ended_at"] is None) == (key in asks)
        if row["state"] in {"stored", "settled"}:
            speech = await library.ledger.bought(key)
            assert speech is not None
            assert library.artifacts.path(speech.audio).read_bytes() == sound
        else:
            assert await library.ledger.bought(key) is None
        if row["state"] == "received":
            assert library.artifacts.incoming(row["id"], ".flac").read_bytes() == sound
        if key in asks:
            assert asks[key].chunk == store_samples.chunk(key)
    costs = await library.ledger.costs()
    spoilt = {which for what, which in said if what == "spoilt"}
    assert costs.lost_micro >= 300 * len(spoilt)
    assert costs.settled_micro == 700 * costs.calls + costs.lost_micro
    assert costs.calls >= len({which for what, which in said if what == "settled"})
    assert costs.reserved_micro == 1000 * len(asks)
    charged = sum(row["state"] == "settled" for row in rows) * 14 + costs.lost_micro // 100
    assert await library.ledger.used_credits("") == charged
    return {ask.attempt.id for ask in asks.values()}


def test_a_killed_writer_leaves_a_whole_library(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    root = tmp_path / "library"
    said: set[tuple[str, int]] = set()
    for round_ in range(ROUNDS):
        said |= set(kill_at_random(root, round_ * 100_001, chance))  # each begins with another course of events
        asyncio.run(check(root, said))
    assert {what for what, _ in said} == {"added", *AT_LEAST, "done"}  # it came far enough to prove something
    assert len(list((root / "scratch").iterdir())) == 1  # the sweeper's lock; the dead left nothing
