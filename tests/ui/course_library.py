"""A real library whose episodes were checked long ago, written by the store's own methods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from studio.domain.episode import Clearance, Episode, Stage, State
from studio.domain.findings import Verdict
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.take import Artifact
from studio.engine.ports import Checked, Decision, NewEpisode
from studio.store.library import Library
from tests.store.store_samples import SOUND, master, report, script, take

FILE = Artifact("0" * 64, ".flac", 5)  # nobody plays it
TIMINGS = ((Stage.PREPARE, 0.4), (Stage.SYNTHESIZE, 14.0), (Stage.MASTER, 21.0), (Stage.CHECK, 33.0))


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be found of one episode."""

    accuracy: float
    voice: float = 0.95
    loudness: float = -16.0


def steady(rng: Random, accuracy: float = 0.993) -> Told:
    """One as usual."""
    return Told(
        min(1.0, accuracy + rng.gauss(0, 0.0018)), min(0.999, 0.96 + rng.gauss(0, 0.012)), -16 + rng.gauss(0, 0.02)
    )


async def fill(library: Library, project: Project, told: Sequence[Told], title: Callable[[int], str] = str) -> None:
    """Queue, speak, master, check, review and finish so many episodes, one after the other."""
    scripts = [NewEpisode(replace(script(number + 1, 4), title=title(number))) for number in range(len(told))]
    queued = [episode for episode, _ in await library.projects.add(project, scripts)]
    for episode, found in zip(queued, told, strict=True):
        await finish(library, episode, found)


async def finish(library: Library, episode: Episode, found: Told) -> None:
    """One episode from the queue to its end; every tenth was heard by a person."""
    store = library.projects
    drawn = episode.number % 10 == 3
    verdict = Verdict.PASS if found.accuracy >= 0.94 else Verdict.FAIL
    base = report(4, 1)
    heard = replace(
        base,
        verdict=verdict,
        alignment=replace(base.alignment, accuracy=found.accuracy),
        sound=replace(SOUND, loudness_lufs=found.loudness),
    )
    row = replace(episode, state=State.WORKING, stage=Stage.CHECK, drawn=drawn, characters=12_000)
    row = replace(row, take=1, takes=1, duration_s=600.0, expected_duration_s=594.0 + 1.5 * (episode.number % 9))
    await store.save(row, product=take(FILE, 1, 600.0))
    await store.save(row, product=master(FILE, FILE))
    row = replace(
        row,
        verdict=verdict,
        word_accuracy=found.accuracy,
        voice_consistency=found.voice,
        loudness_lufs=found.loudness,
        true_peak_dbtp=-1.4,
        findings=1,
        timings=TIMINGS,
    )
    await store.save(row, product=Checked(1, heard))
    clearance = Clearance.APPROVED if drawn else Clearance.NOT_NEEDED
    done = replace(row, state=State.DONE, stage=Stage.EXPORT, clearance=clearance)
    await store.save(done, product=Decision(clearance, ""))


async def create(library: Library, name: str = "Show") -> Project:
    """A project without episodes."""
    return await library.projects.create(name, Path("/nowhere"), Settings())
