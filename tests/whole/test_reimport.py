"""A script that comes once more: what is paid for stays, only what differs is bought, and it can be taken back."""

from dataclasses import replace
from pathlib import Path

import pytest

from studio.domain.episode import State
from studio.domain.errors import InputError
from studio.domain.findings import FindingKind, Severity
from studio.domain.revision import ChangeKind
from tests.fakes.elevenlabs_server import elevenlabs_server
from tests.whole.flawed import opened
from tests.whole.test_mending_whole import MICRO_PER_CREDIT, SENTENCES, VOICE, begun, kept, through

pytestmark = pytest.mark.model

THIRD = "A good map tells you far more than where the roads are."
NEW = "The lamp on the far shore was lit before the boats came home."


async def test_only_what_differs_is_bought(tmp_path: Path) -> None:
    before = " ".join(SENTENCES[:8])
    wanted = [*SENTENCES[:2], THIRD, *SENTENCES[3:6], NEW, *SENTENCES[6:7]]
    after = " ".join(wanted)
    with elevenlabs_server(plan="creator", time_scale=0.0, speech=True) as server:
        async with opened(tmp_path / "library", server.base_url, server.key) as (studio, rooms):
            project = await begun(studio, tmp_path / "out", before, voice=VOICE)
            episode = await through(studio, project)
            comparison = await studio.scripts.compare(project, episode.id, after)
            with pytest.raises(InputError, match="Nothing that is spoken differs"):
                await studio.scripts.take_over(project, episode.id, before)
            await studio.scripts.take_over(project, episode.id, after)
            await studio.run.finished()
            (episode,) = await studio.episodes(project.id)
            take, report = await kept(rooms, episode)
            script = await rooms.projects.script(episode.id)
            costs = await studio.costs(project.id)
            await studio.review.reopen(replace(episode, state=State.NEEDS_YOU))
            await studio.review.use(project, episode.id, 1)
            back = await rooms.projects.script(episode.id)
    assert script.text == after
    assert back.text == before
    kinds = [row.kind for row in comparison.sentences if row.kind is not ChangeKind.SAME]
    assert kinds.count(ChangeKind.CHANGED) + kinds.count(ChangeKind.NEW) >= 2
    _, *mends = (
        charge.order.text for charge in sorted(server.ledger.charges, key=lambda charge: -len(charge.order.text))
    )
    assert sum(map(len, mends)) < 0.6 * len(after)
    assert 0 < comparison.cost_micro == MICRO_PER_CREDIT * sum(-(-len(text) // 2) for text in mends)
    assert comparison.kept_share == pytest.approx(1 - sum(map(len, mends)) / len(after), abs=0.05)
    assert costs.settled_micro == MICRO_PER_CREDIT * server.ledger.credits
    assert not server.ledger.paid_twice()
    assert (take.number, take.parent, len(take.marks)) == (2, 1, 8)
    assert len(take.mends) >= 2
    assert not [finding for finding in report.findings if finding.severity is not Severity.NOTE]
    mended = [finding for finding in report.findings if finding.kind is FindingKind.MENDED]
    assert len(mended) == len(take.mends)
    for finding in mended:
        assert script.text[finding.source_start : finding.source_end] in after
