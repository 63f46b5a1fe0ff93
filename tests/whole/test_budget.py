"""No budget is exceeded, nothing is paid twice: the built-in voice, behind a till."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio import app
from studio.compute.local_pool import LocalPool
from studio.domain.episode import State
from studio.domain.errors import VoiceError
from studio.domain.money import micro
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.speech_plan import Chunk
from studio.domain.voice import SpeechSettings
from studio.engine.batch import Studio
from studio.engine.ports import Lane, Report, Voice
from studio.store.library import Library

pytestmark = pytest.mark.model


class Till:
    """A voice that charges a dollar a call, at the moment it is asked, and speaks as the built-in one."""

    lane = Lane.NETWORK
    limit = None

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.model, self.audio_format = voice.model, voice.audio_format
        self.charged_micro = 0
        self.fails = False

    def voice(self, _settings: Settings) -> Voice:
        return self

    def price_micro(self, _characters: int) -> int:
        return micro(1.0)

    async def speak(self, chunk: Chunk, settings: SpeechSettings, out: Path, report: Report) -> tuple[Mark, ...]:
        self.charged_micro += micro(1.0)
        if self.fails:
            raise VoiceError("The connection was cut.", "Try again later.")
        return await self._voice.speak(chunk, settings, out, report)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[tuple[Studio, Till]]:
    library = await Library.open(tmp_path / "library")
    pool = LocalPool()
    rooms = app.rooms(library, pool)
    till = Till(rooms.voices.voice(Settings()))
    studio = Studio(replace(rooms, voices=till))
    await studio.open()
    yield studio, till
    await studio.close()
    await pool.close()
    await library.close()


async def test_a_budget_stops_the_buying_and_a_higher_one_goes_on(
    shop: tuple[Studio, Till], scripts: Path, tmp_path: Path
) -> None:
    studio, till = shop
    project = await studio.create_project("Tight", tmp_path / "out", Settings(budget_usd=1.5, review_share=0.0))
    await studio.add(project, [scripts])
    await studio.start([project])
    await studio.run.finished()
    rows = await studio.episodes(project.id)
    assert sorted(row.state for row in rows) == [State.DONE, State.QUEUED, State.QUEUED]
    assert studio.run.stopped_by_budget
    assert all("budget" in row.reason.lower() and row.remedy for row in rows if row.state is State.QUEUED)
    assert till.charged_micro == micro(1.0)
    assert (await studio.costs(project.id)).settled_micro == micro(1.0)

    richer = replace(project, settings=project.settings.with_values({"budget_usd": 3.0}))
    await studio.update_project(richer)
    await studio.start([richer])
    await studio.run.finished()
    assert not studio.run.stopped_by_budget
    assert {row.state for row in await studio.episodes(project.id)} == {State.DONE}
    assert till.charged_micro == (await studio.costs(project.id)).settled_micro == micro(3.0)

    # The same scripts in another project cost nothing: the library has their sound.
    other = await studio.create_project("Again", tmp_path / "again", Settings(review_share=0.0))
    await studio.add(other, [scripts])
    await studio.start([other])
    await studio.run.finished()
    assert {row.state for row in await studio.episodes(other.id)} == {State.DONE}
    assert till.charged_micro == micro(3.0)
    costs = await studio.costs(other.id)
    assert (costs.settled_micro, costs.cached_calls) == (0, 3)


async def test_what_may_have_been_charged_is_held(shop: tuple[Studio, Till], scripts: Path, tmp_path: Path) -> None:
    studio, till = shop
    till.fails = True
    project = await studio.create_project("Cut", tmp_path / "out", Settings())
    await studio.add(project, [scripts / "first-light.md"])
    await studio.start([project])
    await studio.run.finished()
    (row,) = await studio.episodes(project.id)
    assert (row.state, row.reason) == (State.FAILED, "The connection was cut.")
    costs = await studio.costs(project.id)
    assert (costs.settled_micro, costs.reserved_micro) == (0, micro(1.0))
    # Asking again is not done blindly while the first outcome is not known.
    till.fails = False
    await studio.retry([row.id])
    await studio.run.finished()
    assert till.charged_micro == micro(1.0)
