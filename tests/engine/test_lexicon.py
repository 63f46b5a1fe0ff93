# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""A change of pronunciations: which episodes it touches, what re-speaking them costs, and that all else stays."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import SettingError
from studio.domain.project import Project
from studio.domain.pronunciations import Entry
from studio.domain.settings import Settings
from studio.domain.spoken import MarkKind
from studio.engine.batch import Studio
from studio.engine.lexicon import Changes
from studio.engine.rooms import Rooms
from studio.engine.runner import RunOptions
from tests.fakes.elevenlabs_server import elevenlabs_server
from tests.whole.flawed import opened

TEXT = """# The harbour

The harbour was quiet before the boats of Nguyen came home. She opened the letter slowly and read it by the window.

A good map tells you more than the names of the roads. Nguyen’s grandfather had built the house with his own hands.
"""
OTHER = "# A farm\n\nEvery spring the swallows came back to the same barn. The teacher left the room."
NGUYEN = Changes((Entry("Nguyen", "", "wɪn"),))
VENDOR = "elevenlabs:21m00Tcm4TlvDq8ikWAM"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[tuple[Studio, Rooms]]:
    async with opened(tmp_path / "library") as parts:
        yield parts


async def show(studio: Studio, out: Path, *texts: str, **values: object) -> Project:
    wanted = Settings().with_values({"review_share": 0.0, **values})  # type: ignore[dict-item]
    project = await studio.create_project(f"Show {out.name}", out, wanted)
    for number, text in enumerate(texts):
        assert not await studio.add_text(project, text, f"{number}.md")
    return project


async def until(studio: Studio, project: Project, stage: Stage) -> list[Episode]:
    await studio.start([project], RunOptions(until=stage))
    await studio.run.finished()
    return list(await studio.episodes(project.id))


async def heard(rooms: Rooms, episode: Episode) -> Episode:
    """As it stands when it was listened to, without the listening."""
    waits = replace(episode, state=State.NEEDS_YOU, stage=Stage.REVIEW)
    await rooms.projects.save(replace(waits, state=State.WORKING))
    await rooms.projects.save(waits)
    return waits


async def texts_of(rooms: Rooms, episode: Episode) -> list[str]:
    spoken = await rooms.projects.spoken(episode.id)
    assert spoken is not None
    return [utterance.text for utterance in spoken.utterances]


async def test_the_show_goes_before_the_brand_and_the_brand_before_the_library(
    at: tuple[Studio, Rooms], tmp_path: Path
) -> None:
    studio, rooms = at
    await studio.lexicon.apply(None, Changes((Entry("Aa", "one"), Entry("Bb", "one"), Entry("Cc", "one"))))
    await studio.lexicon.apply(None, Changes((Entry("Dd", "one"), Entry("Ee", "one"))))
    await studio.lexicon.apply(None, Changes(gone=("Ee",)))
    brand = tmp_path / "brand.toml"
    brand.write_text('[pronunciation]\n"Aa" = "two"\n"Bb" = "two"\n')
    project = await show(
        studio,
        tmp_path / "out",
        "Aa and Bb and Cc and Dd and Ee.",
        brand=str(brand),
        pronunciations="Aa=three; dd=three",
    )
    (episode,) = await until(studio, project, Stage.PREPARE)
    assert await texts_of(rooms, episode) == ["three and two and one and three and Ee."]


async def test_what_is_not_spoken_yet_is_prepared_anew_and_keeps_its_approval(
    at: tuple[Studio, Rooms], tmp_path: Path
) -> None:
    studio, rooms = at
    project = await show(studio, tmp_path / "out", TEXT, OTHER, TEXT.replace("harbour", "port"), approve_scripts="all")
    approved, other, waits = await until(studio, project, Stage.PREPARE)
    await studio.scripts.approve([approved.id])
    touched = await studio.lexicon.preview(None, NGUYEN)
    assert [(each.episode.id, each.places, each.sentences, each.cost_micro) for each in touched] == [
        (approved.id, 2, 0, 0),
        (waits.id, 2, 0, 0),
    ]
    assert await studio.lexicon.entries(None) == []  # nothing is stored yet
    await studio.lexicon.apply(None, NGUYEN)
    assert not await studio.lexicon.respeak([other.id])
    moved = await studio.lexicon.respeak([approved.id, waits.id])
    assert [(each.state, each.stage) for each in moved] == [(State.QUEUED, Stage.PREPARE)] * 2
    approved, other, waits = await until(studio, project, Stage.PREPARE)
    assert (approved.state, approved.stage, approved.script_approved) == (State.QUEUED, Stage.SYNTHESIZE, True)
    assert waits.awaits_approval
    for episode in (approved, waits):
        spoken = await rooms.projects.spoken(episode.id)
        assert spoken is not None
        assert sum(len(utterance.marked(MarkKind.PHONEMES)) for utterance in spoken.utterances) == 2
    assert await studio.lexicon.respeak([approved.id, waits.id, other.id]) == []


async def test_an_entry_that_moves_from_a_show_to_every_show_touches_the_other_shows_alone(
    at: tuple[Studio, Rooms], tmp_path: Path
) -> None:
    studio, _ = at
    own = await show(studio, tmp_path / "one", TEXT, pronunciations="Nguyen=Win; boats=boatz")
    other = await show(studio, tmp_path / "two", TEXT, OTHER)
    (its,) = await studio.episodes(own.id)
    there = (await studio.episodes(other.id))[0]
    win = Changes((Entry("Nguyen", "Win"),))
    moved = await studio.lexicon.preview(own, Changes(gone=("Nguyen",)), win)
    assert [each.episode.id for each in moved] == [there.id]
    both = await studio.lexicon.preview(own, Changes(gone=("boats",)), win)
    assert {each.episode.id for each in both} == {its.id, there.id}
    only = await studio.lexicon.preview(own, Changes(gone=("boats",)))
    assert [each.episode.id for each in only] == [its.id]


@pytest.mark.model
async def test_what_is_spoken_anew_starts_nothing_that_waits_for_its_start(
    at: tuple[Studio, Rooms], tmp_path: Path
) -> None:
    studio, rooms = at
    project = await show(studio, tmp_path / "out", TEXT)
    (spoken,) = await until(studio, project, Stage.SYNTHESIZE)
    await heard(rooms, spoken)
    assert not await studio.add_text(project, TEXT.replace("harbour", "port"), "port.md")
    await studio.start([project], RunOptions(until=Stage.PREPARE))
    await studio.run.finished()
    (prepared,) = [each for each in await studio.episodes(project.id) if each.id != spoken.id]
    studio.run.begin(RunOptions(until=Stage.SYNTHESIZE), [project])
    await studio.lexicon.apply(None, NGUYEN)
    assert len(await studio.lexicon.respeak([spoken.id, prepared.id])) == 2
    await studio.run.finished()
    takes = {each.id: each.takes for each in await studio.episodes(project.id)}
    assert takes == {spoken.id: 2, prepared.id: 0}


@pytest.mark.model
async def test_only_the_sentences_with_the_word_are_spoken_anew(at: tuple[Studio, Rooms], tmp_path: Path) -> None:
    studio, rooms = at
    project = await show(studio, tmp_path / "out", TEXT, OTHER)
    spoken, other = [await heard(rooms, each) for each in await until(studio, project, Stage.SYNTHESIZE)]
    before = await rooms.projects.take(spoken.id, 1)
    (touched,) = await studio.lexicon.preview(project, NGUYEN)
    assert (touched.episode.id, touched.places, touched.mending, touched.whole) == (
        spoken.id,
        2,
        ((1, 2), (4, 5)),
        False,
    )
    assert (touched.sentences, touched.cost_micro, touched.why) == (2, 0, "")
    assert touched.characters == sum(
        len(text.replace("Nguyen", "win")) for text in (await texts_of(rooms, spoken))[1::3]
    )
    changed = await studio.lexicon.apply(project, NGUYEN)
    assert changed is not None
    assert await studio.lexicon.entries(changed) == [Entry("Nguyen", "", "wɪn")]
    studio.run.begin(RunOptions(until=Stage.SYNTHESIZE), [changed])
    assert [each.id for each in await studio.lexicon.respeak([spoken.id, other.id])] == [spoken.id]
    await studio.run.finished()
    take = await rooms.projects.take(spoken.id, 2)
    assert take is not None
    assert [(mend.first, mend.last) for mend in take.mends] == [(1, 2), (4, 5)]
    assert before is not None
    assert take.audio != before.audio
    # And there is nothing left to do.
    await heard(rooms, await rooms.projects.episode(spoken.id))
    assert await studio.lexicon.respeak([spoken.id]) == []


@pytest.mark.model
async def test_where_the_sentences_are_cut_in_another_way_all_of_it_is_spoken_anew(
    at: tuple[Studio, Rooms], tmp_path: Path
) -> None:
    studio, rooms = at
    clauses = "Nguyen went on, " + "and so it went on for a while, " * 11
    project = await show(studio, tmp_path / "out", f"{clauses}until it was over. Then it was quiet.")
    (episode,) = await until(studio, project, Stage.SYNTHESIZE)
    await heard(rooms, episode)
    longer = Changes((Entry("Nguyen", "the captain of the old sailing ship"),))
    assert len(await texts_of(rooms, episode)) == 2
    (touched,) = await studio.lexicon.preview(None, longer)
    assert (touched.whole, touched.mending, touched.places) == (True, ((0, 3),), 1)
    await studio.lexicon.apply(None, longer)
    studio.run.begin(RunOptions(until=Stage.SYNTHESIZE), [project])
    await studio.lexicon.respeak([episode.id])
    await studio.run.finished()
    take = await rooms.projects.take(episode.id, 2)
    assert take is not None
    assert not take.mends
    assert len(await texts_of(rooms, episode)) == 3


@pytest.mark.model
async def test_what_it_costs_at_a_vendor_is_its_characters(tmp_path: Path) -> None:
    with elevenlabs_server(plan="creator", time_scale=0.0, speech=True) as server:
        async with opened(tmp_path / "library", server.base_url, server.key) as (studio, rooms):
            project = await show(
                studio, tmp_path / "out", TEXT, voice=VENDOR, model="eleven_flash_v2", sentence_pause_s=0.3
            )
            (episode,) = await until(studio, project, Stage.SYNTHESIZE)
            await heard(rooms, episode)
            (touched,) = await studio.lexicon.preview(None, NGUYEN)
            await studio.lexicon.apply(None, NGUYEN)
            studio.run.begin(RunOptions(until=Stage.SYNTHESIZE), [project])
            await studio.lexicon.respeak([episode.id])
            await studio.run.finished()
            whole, *anew = server.ledger.charges
            assert len(anew) == touched.sentences == 2
            nguyen = '<phoneme alphabet="ipa" ph="wɪn">Nguyen</phoneme>'
            assert [nguyen in call.order.text for call in anew] == [True, True]
            assert touched.cost_micro == sum(call.credits for call in anew) * 100
            assert touched.cost_micro < whole.credits * 100


async def test_a_lexicon_file_goes_in_and_out(at: tuple[Studio, Rooms], tmp_path: Path) -> None:
    studio, _ = at
    project = await show(studio, tmp_path / "out", OTHER, pronunciations="Hylas=High-las; Goethe=Ger-tuh /ˈɡɜːtə/")
    file = tmp_path / "words.pls"
    await studio.lexicon.export_pls(file, project)
    found = await studio.lexicon.import_pls(file)
    assert not found.unused
    assert await studio.lexicon.entries(None) == []
    await studio.lexicon.apply(None, Changes(found.entries))
    assert set(await studio.lexicon.entries(None)) == set(await studio.lexicon.entries(project))
    await studio.lexicon.export_pls(file)
    assert (await studio.lexicon.import_pls(file)).entries == tuple(await studio.lexicon.entries(None))


async def test_what_cannot_be_spoken_or_listed_is_refused(at: tuple[Studio, Rooms], tmp_path: Path) -> None:
    studio, _ = at
    project = await show(studio, tmp_path / "out", OTHER)
    for changes in (Changes((Entry("a", "5"),)), Changes((Entry("a", "", "5"),)), Changes((Entry("--", "a"),))):
        for where in (None, project):
            with pytest.raises(SettingError):
                await studio.lexicon.apply(where, changes)
            with pytest.raises(SettingError):
                await studio.lexicon.preview(where, changes)
    with pytest.raises(SettingError, match="a=b"):
        await studio.lexicon.apply(project, Changes((Entry("a=b", "a"),)))
    await studio.lexicon.apply(None, Changes((Entry("a=b", "a"),)))
    assert await studio.lexicon.entries(None) == [Entry("a=b", "a")]
