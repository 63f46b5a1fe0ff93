"""Texts around what a model takes in one request: as few calls as can be, and joins that nobody finds."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from studio import app
from studio.domain.sound import Mark
from studio.domain.speech_plan import Chunk
from studio.engine.ports import Details
from tests.fakes.elevenlabs_server import Server, elevenlabs_server
from tests.fakes.prose import prose
from tests.whole.conftest import Program
from tests.whole.joins import found_at_joins, planned

BUY = ("--voice", "elevenlabs:21m00Tcm4TlvDq8ikWAM", "--until", "synthesize", "--json")


def bought(program: Program, server: Server, tmp_path: Path, characters: int, model: str) -> Details:
    """A plain text of so many characters, without a heading, is sent as it stands; what came of it."""
    script = tmp_path / "text.txt"
    script.write_text(prose(characters, characters), encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ELEVENLABS_BASE_URL", server.base_url)
        environment.setenv("ELEVENLABS_API_KEY", server.key)
        ended = program.run("batch", script, "--out", tmp_path / "out", *BUY, "--model", model)
    assert ended.status == 0, ended.err
    (episode,) = ended.document["episodes"]
    # What is sent is the text, but for the white space at the cuts.
    charges = server.ledger.charges
    sent = sum(charge.characters for charge in charges)
    assert characters - 2 * (len(charges) - 1) <= sent <= characters
    assert (episode["calls"], episode["characters"]) == (len(charges), sent)
    return asyncio.run(_details(program.home))


async def _details(library: Path) -> Details:
    async with app.opened_studio(library, at_work=False) as studio:
        (project,) = await studio.projects()
        (episode,) = await studio.episodes(project.id)
        return await studio.details(episode.id)


def check_take(details: Details, text: str, chunks: Sequence[Chunk], scratch: Path) -> None:
    """One sound; a mark for each sentence, in order, the text's words from end to end; no join to be found."""
    marks = details.marks
    assert [mark.utterance for mark in marks] == list(range(len(marks)))
    assert all(earlier.end_s <= later.start_s for earlier, later in pairwise(marks))
    assert all(earlier.source_end <= later.source_start for earlier, later in pairwise(marks))
    between = [text[earlier.source_end : later.source_start] for earlier, later in pairwise(marks)]
    assert not "".join(between).strip()
    assert max(later.start_s - earlier.end_s for earlier, later in pairwise(marks)) < 2.0
    assert marks[-1].end_s <= (details.episode.duration_s or 0)
    assert details.audio is not None
    assert found_at_joins(details.audio, marks, chunks, scratch) == []


@pytest.mark.slow
@pytest.mark.parametrize(("characters", "calls"), [(40_000, 1), (40_001, 2), (138_988, 4)])
def test_as_few_requests_as_can_be(characters: int, calls: int, program: Program, tmp_path: Path) -> None:
    with elevenlabs_server(plan="business", time_scale=0.0) as server:
        details = bought(program, server, tmp_path, characters, "eleven_flash_v2_5")
        sizes = [charge.characters for charge in server.ledger.charges]
    assert len(sizes) == calls
    assert max(sizes) <= 40_000
    if calls > 1:
        assert max(sizes) / min(sizes) < 1.2
    text = prose(characters, characters)
    chunks = planned(text, 40_000)
    assert sorted(chunk.characters for chunk in chunks) == sorted(sizes)
    check_take(details, text, chunks, tmp_path)
    for chunk in chunks:
        check_marks(details.marks, chunk)


def check_marks(marks: Sequence[Mark], chunk: Chunk) -> None:
    """The service speaks evenly: within a chunk, every sentence begins where its first character is."""
    inside = marks[chunk.first : chunk.last]
    length_s = inside[-1].start_s - inside[0].start_s
    for mark, offset in zip(inside, chunk.offsets, strict=True):
        assert mark.start_s - inside[0].start_s == pytest.approx(length_s * offset / chunk.offsets[-1], abs=0.3)


@pytest.mark.slow
@pytest.mark.model
def test_real_speech_is_joined_unheard(program: Program, tmp_path: Path) -> None:
    """A model with a smaller limit: two calls of 5,000 characters at most. What was asked for is where it is heard."""
    from studio.quality.ears import hear

    with elevenlabs_server(plan="business", time_scale=0.0, speech=True) as server:
        details = bought(program, server, tmp_path, 6_000, "eleven_v3")
        assert len(server.ledger.charges) == 2
    text = prose(6_000, 6_000)
    chunks = planned(text, 5_000)
    assert len(chunks) == 2
    check_take(details, text, chunks, tmp_path)
    assert details.audio is not None
    heard = hear(lambda _: None, details.audio, "tiny.en", details.episode.duration_s or 0.0)
    # The first word of a sentence is heard where its mark begins, on both sides of the join alike.
    late = []
    for mark in details.marks:
        first = text[mark.source_start : mark.source_end].split()[0].lower()
        near = [word.start_s - mark.start_s for word in heard if word.text.strip().lower() == first]
        late += [min(near, key=abs)] if near else []
    assert len(late) > 0.8 * len(details.marks)
    assert sorted(map(abs, late))[int(0.95 * len(late))] < 0.4
