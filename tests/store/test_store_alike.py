"""Scripts that are much like another one are found, of any project, however many there are."""

import asyncio
import random
from dataclasses import replace
from pathlib import Path

import pytest

from studio.content.fingerprint import fingerprint
from studio.domain.episode import State
from studio.domain.findings import Severity
from studio.domain.likeness import likeness_findings
from studio.domain.project import Project
from studio.domain.script_report import Fingerprint
from studio.domain.settings import Settings
from studio.store import scripts
from studio.store.library import Library
from tests.store.store_samples import queued

WORDS = [f"word{number}" for number in range(4_000)]


def likeness(seed: int, begins: int = 0) -> Fingerprint:
    """Of a text of its own, behind so many words that all of them begin with."""
    return fingerprint([*WORDS[:begins], *random.Random(seed).choices(WORDS, k=300)])


async def test_one_that_is_kept_is_found_by_those_after_it(library: Library, project: Project) -> None:
    first, second, third = [(await queued(library, project, number)).id for number in (1, 2, 3)]
    assert await library.scripts.alike(likeness(1), first, keep=True) == []
    assert await library.scripts.alike(likeness(2), second, keep=True) == []
    (found,) = await library.scripts.alike(likeness(1), third)
    assert (found.episode_id, found.title, found.project) == (first, "Chapter 1", "Walden")
    assert found.signature == likeness(1).signature
    assert await library.scripts.alike(likeness(1), first) == []  # itself
    await library.scripts.alike(likeness(3), first, keep=True)  # it has another text now
    assert await library.scripts.alike(likeness(1), third) == []


async def test_of_two_at_the_same_time_one_finds_the_other(library: Library, project: Project) -> None:
    ids = [(await queued(library, project, number)).id for number in range(1, 7)]
    found = await asyncio.gather(*(library.scripts.alike(likeness(1), each, keep=True) for each in ids))
    assert sorted(map(len, found)) == [0, 1, 2, 3, 4, 5]


async def test_what_was_rejected_or_cancelled_is_nobodys_double(library: Library, tmp_path: Path) -> None:
    other = await library.projects.create("Other", tmp_path / "out", Settings())
    episodes = [await queued(library, other, number) for number in (1, 2)]
    for each in episodes:
        await library.scripts.alike(likeness(1), each.id, keep=True)
    assert len(await library.scripts.alike(likeness(1), -1)) == 2
    await library.projects.save(replace(episodes[0], state=State.NEEDS_YOU))
    await library.projects.save(replace(episodes[0], state=State.REJECTED))
    assert [each.project for each in await library.scripts.alike(likeness(1), -1)] == ["Other"]
    await library.projects.save(replace(episodes[1], state=State.CANCELLED))
    assert await library.scripts.alike(likeness(1), -1) == []


async def test_the_likest_is_found_among_many_that_begin_alike(
    library: Library, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts, "_MOST", 5)
    for number in range(1, 41):
        episode = await queued(library, project, number)
        await library.scripts.alike(likeness(number, begins=280), episode.id, keep=True)
    found = await library.scripts.alike(likeness(38, begins=280), -1)
    assert len(found) == 5
    assert found[0].title == "Chapter 38"


async def test_the_same_text_in_another_project_is_told_from_one_that_is_much_like_it(
    library: Library, project: Project, tmp_path: Path
) -> None:
    other = await library.projects.create("Other", tmp_path / "out", Settings())
    here, there, like = [await queued(library, *each) for each in ((project, 1), (other, 1), (project, 2))]
    for each in (there, like):
        await library.scripts.alike(likeness(1), each.id, keep=True)
    found = await library.scripts.alike(likeness(1), here.id, keep=True)
    assert {each.project: each.same_text for each in found} == {"Other": True, "Walden": False}
    severities = {each.severity for each in likeness_findings(likeness(1), found)}
    assert severities == {Severity.NOTE, Severity.FAULT}


def part(seed: int, first: int, last: int) -> Fingerprint:
    """Of some words of a text of 1,500."""
    return fingerprint(random.Random(seed).choices(WORDS, k=1_500)[first:last])


async def test_a_short_one_is_found_in_a_long_one_and_the_long_one_by_the_short(
    library: Library, project: Project, tmp_path: Path
) -> None:
    other = await library.projects.create("Other", tmp_path / "out", Settings())
    long, short, third = [(await queued(library, *each)).id for each in ((project, 1), (other, 2), (project, 3))]
    assert await library.scripts.alike(part(1, 0, 1_500), long, keep=True) == []
    (found,) = await library.scripts.alike(part(1, 600, 800), short, keep=True)
    assert (found.episode_id, found.title, found.project) == (long, "Chapter 1", "Walden")
    assert found.inside > 0.9
    assert found.around < 0.2
    assert likeness_findings(part(1, 600, 800), [found])[0].severity is Severity.REVIEW
    back = {each.episode_id: each for each in await library.scripts.alike(part(1, 0, 1_500), long)}
    assert back[short].around > 0.9
    assert back[short].project == "Other"
    assert await library.scripts.alike(part(2, 0, 300), third, keep=True) == []

    await library.scripts.alike(part(2, 300, 600), short, keep=True)  # it has another text now
    assert await library.scripts.alike(part(1, 0, 1_500), long) == []
    assert {each.episode_id for each in await library.scripts.alike(part(2, 250, 650), -1)} == {short}


async def test_what_a_show_says_in_every_episode_is_nobodys_and_does_not_slow_the_search(
    library: Library, project: Project
) -> None:
    opening = WORDS[:120]
    for number in range(1, 13):
        episode = await queued(library, project, number)
        own = random.Random(number).choices(WORDS[200:], k=40)
        found = await library.scripts.alike(fingerprint([*opening, *own]), episode.id, keep=True)
        inside = [each for each in found if each.inside or each.around]
        assert bool(inside) == (number in {2, 3}), number  # of two or three nobody can know what is the show's


async def test_what_was_cancelled_is_in_nobodys_way(library: Library, project: Project) -> None:
    episode = await queued(library, project, 1)
    await library.scripts.alike(part(1, 0, 1_500), episode.id, keep=True)
    assert await library.scripts.alike(part(1, 600, 800), -1)
    await library.projects.save(replace(episode, state=State.CANCELLED))
    assert await library.scripts.alike(part(1, 600, 800), -1) == []


async def test_a_text_without_likeness_is_like_none(library: Library, project: Project) -> None:
    episode = await queued(library, project, 1)
    assert await library.scripts.alike(Fingerprint(b"", ()), episode.id, keep=True) == []
    assert await library.scripts.alike(Fingerprint(b"", ()), -1) == []
