"""What is kept of mended takes, of the reports on them, and of the words that they could not read."""

from dataclasses import replace
from pathlib import Path

from studio.domain.episode import Episode, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity
from studio.domain.project import Project
from studio.domain.settings import Settings
from studio.domain.take import Mend
from studio.engine.ports import Checked, Misread
from studio.store.library import Library
from tests.store import store_samples
from tests.store.store_samples import working

MISREAD = FindingKind.MISREAD_WORDS


def report(*findings: Finding) -> QaReport:
    return replace(store_samples.report(findings=0), findings=findings)


def misread(said: str, script: str = "Hylas", severity: Severity = Severity.FAULT) -> Finding:
    return Finding(MISREAD, severity, "x", 1.0, 2.0, said, script, 3, 8, 0.9)


async def spoken_twice(library: Library, project: Project, number: int) -> Episode:
    """An episode with two takes and their masters, the second of them in use."""
    episode = await working(library, project, number)
    sound = await library.artifacts.keep_bytes(b"sound", ".flac")
    first = store_samples.take(sound)
    mends = (Mend(1, 2, 3.5, 4.25, 84), Mend(5, 7, 9.0, 12.5, 120))
    for take in (first, replace(first, number=2, seed=1, parent=1, mends=mends)):
        await library.projects.save(episode, product=take)
        master = store_samples.master(sound, sound, take.number)
        episode = replace(episode, take=take.number, takes=take.number)
        await library.projects.save(episode, product=master)
    return episode


async def test_what_was_mended_in_a_take_comes_back(library: Library, project: Project) -> None:
    episode = await spoken_twice(library, project, 1)
    first, second = [await library.projects.take(episode.id, number) for number in (1, 2)]
    assert first is not None
    assert second is not None
    assert (first.parent, first.mends) == (0, ())
    assert (second.parent, second.mends) == (1, (Mend(1, 2, 3.5, 4.25, 84), Mend(5, 7, 9.0, 12.5, 120)))


async def test_what_is_to_be_mended_outlives_the_program(library: Library, project: Project, tmp_path: Path) -> None:
    episode = replace(await working(library, project), mending="1-2 5-7")
    await library.projects.save(episode)
    (recovered,) = await library.projects.recover()
    assert (recovered.mending, recovered.state) == ("1-2 5-7", State.QUEUED)


async def test_the_report_on_the_take_that_is_kept_changes_with_that_on_another(
    library: Library, project: Project
) -> None:
    episode = await spoken_twice(library, project, 1)
    first, second = report(misread("hilas")), report(misread("high loss"))
    await library.projects.save(episode, product=Checked(1, first))
    more = report(misread("hilas"), misread("hilas", severity=Severity.REVIEW))
    await library.projects.save(replace(episode, take=1), product=Checked(2, second, kept=Checked(1, more)))
    assert await library.projects.report(episode.id, 1) == more
    assert await library.projects.report(episode.id, 2) == second


async def test_what_others_of_the_project_misread(library: Library, project: Project, tmp_path: Path) -> None:
    one, two, three = [await spoken_twice(library, project, number) for number in (1, 2, 3)]
    elsewhere = await spoken_twice(library, await library.projects.create("Other", tmp_path, Settings()), 1)
    sure = report(
        misread("hilas"),
        misread("hilas"),
        misread("when", "Nguyen", Severity.REVIEW),
        misread("a", "the", Severity.NOTE),
        misread("", "lost"),
        Finding(FindingKind.EXTRA_WORDS, Severity.FAULT, "x", 1.0, 2.0, "you know"),
        Finding(MISREAD, Severity.FAULT, "90% of the words were heard right"),
    )
    for episode in (one, elsewhere):
        await library.projects.save(episode, product=Checked(2, sure))
    # Of a take that is not used any more, nothing is said.
    await library.projects.save(two, product=Checked(1, sure))
    await library.projects.save(three, product=Checked(2, report(misread("high loss"))))
    known = [Misread(one.id, "Hylas", "hilas"), Misread(one.id, "Nguyen", "when")]
    assert sorted(await library.projects.misread(project.id, two.id), key=lambda each: each.said) == sorted(
        [Misread(three.id, "Hylas", "high loss"), *known], key=lambda each: each.said
    )
    assert list(await library.projects.misread(project.id, one.id)) == [Misread(three.id, "Hylas", "high loss")]
    await library.projects.remove(three.id)
    assert list(await library.projects.misread(project.id, one.id)) == []
