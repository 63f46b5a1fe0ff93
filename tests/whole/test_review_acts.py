"""What a person does in review, on the real engine: a sentence edited and spoken alone, decisions taken back."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.editing import Edit
from studio.domain.episode import Clearance, Episode, Stage, State
from studio.domain.errors import InputError, StoreError
from studio.domain.findings import FindingKind, Severity
from studio.domain.money import usd
from studio.domain.project import Project
from studio.engine.batch import Studio
from tests.fakes.elevenlabs_server import elevenlabs_server
from tests.whole.flawed import opened
from tests.whole.test_mending_whole import MICRO_PER_CREDIT, SENTENCES, VOICE, begun, kept, notes, through

pytestmark = pytest.mark.model

MAP = SENTENCES[2]
BETTER = "A good map tells you far more than where the roads are."


async def the_edit(studio: Studio, project: Project, episode: Episode, sentence: int, text: str) -> Edit:
    """As the window makes it: the sentence as it is written, and what a person wrote in its place."""
    offered = await studio.review.offered(project, episode.id, [(sentence, sentence + 1)])
    return offered.passage.edited(text)


def inside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_an_edited_sentence_alone_is_bought_and_the_script_changes_with_the_take(tmp_path: Path) -> None:
    text = " ".join(SENTENCES[:6])
    with elevenlabs_server(plan="creator", time_scale=0.0, speech=True) as server:
        async with opened(tmp_path / "library", server.base_url, server.key) as (studio, rooms):
            project = await begun(studio, tmp_path / "out", text, voice=VOICE)
            episode = await through(studio, project)
            first = await rooms.projects.script(episode.id)
            offered = await studio.review.offered(project, episode.id, [(2, 3)])
            assert offered.passage.text == MAP
            assert offered.quote.price.micro == MICRO_PER_CREDIT * -(-len(MAP) // 2)
            edit = offered.passage.edited(BETTER)
            quote = await studio.review.quote(project, episode.id, edit)
            assert (quote.characters, quote.price.micro) == (len(BETTER), MICRO_PER_CREDIT * -(-len(BETTER) // 2))
            await studio.review.edit(project, episode.id, edit)
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
            take, report = await kept(rooms, episode)
            script = await rooms.projects.script(episode.id)
            said = await notes(studio, episode)
            costs = await studio.costs(project.id)
            # The same text dropped again is known, whatever was edited since.
            (again,) = await studio.add_text(project, text, "show.txt")
            assert again.known
            # Back to what it was: take and script together.
            await studio.review.reopen(replace(episode, state=State.NEEDS_YOU))
            episode = await studio.review.use(project, episode.id, 1)
            back = await rooms.projects.script(episode.id)
            spoken = await rooms.projects.spoken(episode.id)
            with pytest.raises(InputError, match="another script"):
                await studio.review.use(project, episode.id, 2)
    assert script.text == text.replace(MAP, BETTER)
    whole, mend = server.ledger.charges
    assert (mend.order.text, whole.order.text) == (BETTER, text)
    assert costs.settled_micro == MICRO_PER_CREDIT * server.ledger.credits
    assert not server.ledger.paid_twice()
    assert f"“{MAP}” is to be “{BETTER}”" in said
    assert (take.number, take.parent, len(take.marks)) == (2, 1, 6)
    (note,) = [finding for finding in report.findings if finding.kind is FindingKind.MENDED]
    assert note.severity is Severity.NOTE
    how_much = f"({len(BETTER)} of {len(script.text) - 5} characters)"
    assert note.detail == f"Sentence 3 edited and spoken anew {how_much}. Before: “{MAP}”"
    assert script.text[note.source_start : note.source_end] == BETTER
    assert not [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    assert (episode.state, episode.take, episode.takes, episode.clearance) == (State.NEEDS_YOU, 1, 2, Clearance.NONE)
    assert back == first
    assert spoken is not None
    assert spoken.utterances[2].text == MAP


async def test_a_sentence_becomes_two_or_goes_and_is_edited_again(tmp_path: Path) -> None:
    """The numbers of all that follows change, and what is spoken, marked and exported stays in step."""
    async with opened(tmp_path / "library") as (studio, rooms):
        project = await begun(studio, tmp_path / "out", " ".join(SENTENCES[:5]))
        episode = await through(studio, project)
        two = "A good map tells you the names of the roads. It tells you a great deal more besides."
        for sentence, text in ((2, two), (4, "They sold the piano to the man on the corner."), (5, SENTENCES[9])):
            await studio.review.edit(project, episode.id, await the_edit(studio, project, episode, sentence, text))
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
        offered = await studio.review.offered(project, episode.id, [(2, 4)])
        assert offered.passage.text == two
        await studio.review.edit(project, episode.id, offered.passage.edited(MAP))
        await studio.run.finished()
        (episode,) = await studio.episodes(project.id)
        take, report = await kept(rooms, episode)
        script = await rooms.projects.script(episode.id)
    wanted = [SENTENCES[0], SENTENCES[1], MAP, "They sold the piano to the man on the corner.", SENTENCES[9]]
    assert script.text == " ".join(wanted)
    assert (episode.state, episode.take, take.parent) == (State.DONE, 5, 4)
    assert [mark.utterance for mark in take.marks] == [0, 1, 2, 3, 4]
    assert all(one.end_s <= other.start_s for one, other in zip(take.marks, take.marks[1:], strict=False))
    mended = [finding for finding in report.findings if finding.kind is FindingKind.MENDED]
    assert sorted(finding.detail.partition(" edited")[0] for finding in mended) == [
        "Sentence 3",
        "Sentence 4",
        "Sentence 5",
    ]
    assert not [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    transcript = (Path(episode.folder) / "transcript.txt").read_text()
    assert all(sentence in transcript for sentence in wanted)
    assert "besides" not in transcript


async def test_what_cannot_be_paid_leaves_the_script_as_it_is(tmp_path: Path) -> None:
    text = " ".join(SENTENCES[:4])
    enough = usd(MICRO_PER_CREDIT * -(-len(text) // 2))  # half a credit a character
    with elevenlabs_server(plan="creator", time_scale=0.0, speech=True) as server:
        async with opened(tmp_path / "library", server.base_url, server.key) as (studio, rooms):
            project = await begun(studio, tmp_path / "out", text, voice=VOICE, budget_usd=enough)
            episode = await through(studio, project)
            edit = await the_edit(studio, project, episode, 2, BETTER)
            await studio.review.edit(project, episode.id, edit)
            with pytest.raises(InputError, match="cannot be edited now"):
                await studio.review.edit(project, episode.id, edit)
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
            assert (episode.state, episode.take, episode.mending) == (State.NEEDS_YOU, 1, "")
            assert "It was not mended, and stays as it is. The budget of the project" in episode.reason
            assert (await rooms.projects.script(episode.id)).text == text
            with pytest.raises(InputError, match="nothing left to speak"):
                await the_edit(studio, project, episode, 2, " — ")
    assert len(server.ledger.charges) == 1


async def test_a_decision_is_taken_back_and_with_it_the_folder(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as (studio, rooms):
        project = await begun(studio, tmp_path / "out", " ".join(SENTENCES[:3]), review_share=1.0)
        before = await through(studio, project)
        assert before.state is State.NEEDS_YOU
        await studio.reject([before.id], "too dry")
        assert (await studio.review.reopen(before)).reason == ""

        await studio.approve([before.id])
        await studio.run.finished()
        done = await rooms.projects.episode(before.id)
        folder = Path(done.folder)
        assert (folder / "SHA256SUMS").is_file()
        (folder / "cover.png").write_bytes(b"of my own")
        (folder / "notes.txt").write_text("changed by hand")
        back = await studio.review.reopen(before)
        assert back == replace(before, timings=back.timings)
        assert inside(folder) == ["cover.png", "notes.txt"]
        assert "the decision was taken back, and the folder" in await notes(studio, back)

        # Accepted again, the folder is whole again, with what is not ours still in it; untouched, it goes as a whole.
        shutil.rmtree(folder)
        await studio.approve([before.id])
        await studio.review.reopen(before)  # while it is being exported, or just before
        assert inside(folder.parent) == []
        await studio.approve([before.id])
        await studio.run.finished()
        metadata = json.loads((folder / "metadata.json").read_text())
        assert metadata["clearance"] == "approved"
        await studio.retake([before.id])
        await studio.run.finished()
        with pytest.raises(InputError, match="has gone on since"):
            await studio.review.reopen(before)


async def test_what_was_taken_back_teaches_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as (studio, rooms):
        project = await begun(studio, tmp_path / "out", " ".join(SENTENCES[:3]), review_share=1.0)
        before = await through(studio, project)
        take, _ = await kept(rooms, before)
        await studio.approve([before.id])
        await studio.run.finished()
        await studio.review.reopen(before)
        assert not await studio.add_text(project, " ".join(SENTENCES[3:6]), "two.txt")
        two = (await studio.episodes(project.id))[-1]
        assert not (await rooms.projects.voice_baseline(two.id, take.voice, take.model)).prints
        await studio.approve([before.id])
        await studio.run.finished()
        assert not await studio.add_text(project, " ".join(SENTENCES[6:9]), "three.txt")
        three = (await studio.episodes(project.id))[-1]
        assert (await rooms.projects.voice_baseline(three.id, take.voice, take.model)).prints


async def test_a_removed_episode_comes_back_unless_its_text_did(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as (studio, _):
        project = await begun(studio, tmp_path / "out", SENTENCES[0])
        (episode,) = await studio.episodes(project.id)
        await studio.remove([episode.id])
        assert await studio.review.restore(episode.id) == episode
        await studio.remove([episode.id])
        assert not await studio.add_text(project, SENTENCES[0], "again.txt")
        with pytest.raises(StoreError, match="again, as number 2"):
            await studio.review.restore(episode.id)
        assert [row.number for row in await studio.episodes(project.id)] == [2]


async def test_a_pronunciation_is_kept_and_its_sentence_spoken_with_it(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as (studio, rooms):
        project = await begun(studio, tmp_path / "out", f"{SENTENCES[0]} {MAP}", pronunciations="harbour=harber")
        episode = await through(studio, project)
        project = await studio.review.pronounce(project, episode.id, [(1, 2)], "map", "mapp")
        await studio.run.finished()
        (episode,) = await studio.episodes(project.id)
        spoken = await rooms.projects.spoken(episode.id)
    assert project.settings.pronunciations == "harbour=harber; map=mapp"
    assert spoken is not None
    assert spoken.utterances[1].text.startswith("A good mapp tells")
    assert (episode.takes, episode.stage) == (2, Stage.EXPORT if episode.state is State.DONE else Stage.REVIEW)
