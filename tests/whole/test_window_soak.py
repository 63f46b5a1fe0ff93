"""Anything at any moment, in the real window on the real engine: no error, and afterwards everything agrees."""

import logging
import random
from pathlib import Path

import pytest

from studio.domain.settings import Settings
from studio.ui.theme import Theme
from tests.whole.anything import Anything
from tests.whole.windows import Run, window_on

pytestmark = [pytest.mark.model, pytest.mark.window, pytest.mark.usefixtures("qapp", "tidy_qt")]


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_done_window_and_library_agree_when_it_is_quiet(
    seed: int, theme: Theme, run: Run, scripts: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with window_on(theme, tmp_path, Settings(approve_scripts="all", review_share=0.0)) as (window, studio):
            first = window.desk.project
            assert first is not None
            await studio.create_project("Second show", tmp_path / "second", Settings(approve_scripts="all"))
            await studio.add(first, [scripts])
            hand = Anything(window, studio, random.Random(seed))
            await window.desk.list_projects()
            for _ in range(3):
                await hand.do(25)
                await hand.rest()

    run(story())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
