"""The gate before the purchase: what fails is not bought, what waits is approved, changed, or taken back."""

from pathlib import Path

import pytest

from studio.domain.episode import Stage, State
from studio.domain.errors import InputError
from studio.domain.findings import Severity, Verdict
from studio.domain.script import Topic
from studio.domain.script_report import Check
from studio.engine.drafts import topic_draft
from studio.engine.runner import RunOptions
from tests.fakes.elevenlabs_server import elevenlabs_server
from tests.whole.flawed import opened
from tests.whole.test_mending_whole import SENTENCES, VOICE, begun

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"
TEXT = " ".join(SENTENCES[:4])
BRAND = """
[forbidden]
wardrobe = "the show has no music"
"""


async def test_a_script_that_fails_does_not_reach_the_purchase(tmp_path: Path) -> None:
    bad = f"{TEXT} Then they pushed the wardrobe to the wall."
    brand = tmp_path / "brand.toml"
    brand.write_text(BRAND, "utf-8")
    with elevenlabs_server(plan="creator", time_scale=0.0) as server:
        async with opened(tmp_path / "library", server.base_url, server.key) as (studio, rooms):
            project = await begun(studio, tmp_path / "out", bad, voice=VOICE, brand=str(brand))
            await studio.start([project])
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
            assert (episode.state, episode.stage) == (State.NEEDS_YOU, Stage.PREPARE)
            assert episode.script_verdict is Verdict.FAIL
            assert episode.awaits_approval
            assert not server.ledger.charges
            report = await rooms.scripts.report(episode.id)
            assert report is not None
            (fault,) = [each for each in report.findings if each.severity is Severity.FAULT]
            assert (fault.check, bad[fault.start : fault.end]) == (Check.FORBIDDEN, "wardrobe")
            cured = bad.replace("wardrobe", "cupboard")
            moved = await studio.scripts.save(project, episode.id, cured)
            assert moved.state is State.QUEUED
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
            # It was prepared again, and not bought: nobody has pressed Start since.
            assert (episode.state, episode.stage) == (State.QUEUED, Stage.SYNTHESIZE)
            assert episode.script_verdict is not Verdict.FAIL
            assert not server.ledger.charges
            await studio.start([project], RunOptions(Stage.SYNTHESIZE))
            await studio.run.finished()
    (charge,) = server.ledger.charges
    assert charge.order.text.strip() == cured


async def test_a_person_may_let_it_through_and_take_that_back(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as (studio, _rooms):
        project = await begun(studio, tmp_path / "out", TEXT, approve_scripts="all")
        await studio.start([project])
        await studio.run.finished()
        (episode,) = await studio.episodes(project.id)
        assert episode.awaits_approval
        await studio.scripts.approve([episode.id])
        (episode,) = await studio.episodes(project.id)
        assert (episode.state, episode.stage, episode.script_approved) == (State.QUEUED, Stage.SYNTHESIZE, True)
        (back,) = await studio.scripts.hold_back([episode.id])
        assert back.awaits_approval
        await studio.scripts.approve([episode.id])
        await studio.start([project])
        await studio.run.finished()
        (episode,) = await studio.episodes(project.id)
        assert episode.take == 1
        with pytest.raises(InputError, match="has been spoken"):
            await studio.scripts.save(project, episode.id, TEXT)
        # A retake asks nobody again.
        await studio.retake([episode.id])
        await studio.run.finished()
        (episode,) = await studio.episodes(project.id)
        assert episode.take == 2


async def test_a_topic_is_written_waits_and_is_written_again(tmp_path: Path) -> None:
    async with opened(tmp_path / "library") as (studio, rooms):
        project = await begun(studio, tmp_path / "out", TEXT, sources=str(SAMPLES), minutes=1.0)
        draft = topic_draft(Topic("The lamp by the sea", "Light that is seen for twenty miles"))
        (queued,), _ = await studio.reception.queue(project, [draft])
        _, twice = await studio.reception.queue(project, [draft])
        assert twice
        assert queued.stage is Stage.WRITE
        before = await studio.scripts.dossier(queued.id)
        assert before.script.unwritten
        await studio.start([project], only=())
        await studio.run.finished()
        dossier = await studio.scripts.dossier(queued.id)
        assert dossier.episode.awaits_approval or dossier.episode.stage is Stage.WRITE
        if dossier.episode.stage is Stage.WRITE:
            await studio.start([project])
            await studio.run.finished()
            dossier = await studio.scripts.dossier(queued.id)
        assert dossier.episode.awaits_approval
        assert dossier.provenance is not None
        assert dossier.provenance.citations
        assert dossier.report is not None
        assert dossier.report.asked_s == 60
        proof = await studio.scripts.proof(project, queued.id, dossier.script.text)
        assert (proof.cost_micro, proof.report.verdict) == (0, dossier.report.verdict)
        heard = await studio.scripts.hear(project, "The lamp was lit.")
        assert heard.stat().st_size > 1000
        again = await studio.scripts.write_again(project, queued.id)
        assert again.stage is Stage.WRITE
        await studio.run.finished()
        dossier = await studio.scripts.dossier(queued.id)
        assert dossier.episode.awaits_approval
        assert not dossier.script.unwritten
        assert dossier.episode.state is State.NEEDS_YOU
        assert await rooms.projects.take(queued.id, 1) is None
