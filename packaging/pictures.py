"""Takes the README's pictures: the real window, at work on real scripts, light and dark.

    QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/pictures.py SCRIPTS... --library DIR --done N [--out DIR]

Starts the scripts in a library at DIR, waits until N episodes are through, chooses one with something to hear in it,
and writes window-dark.png and window-light.png into resources/pictures, and beside them a picture of every other page
(review-dark.png, money-dark.png, ...). A library that an earlier call has filled goes on where that stopped.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from PySide6.QtCore import Qt

from studio import app
from studio.domain.episode import State
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.ui.application import create_application, run
from studio.ui.commands import Do
from studio.ui.main_window import MainWindow
from studio.ui.pages import PAGES
from studio.ui.shell import open_window

SIZE = (1440, 900)
SETTLED_S = 8  # until a forecast is there
PAGE_S = 2  # until a page has read what it shows


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scripts", nargs="+", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--title", default="The Problems of Philosophy")
    parser.add_argument("--done", type=int, default=5)
    parser.add_argument("--out", type=Path, default=app.resources() / "pictures")
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    application = create_application(sys.argv[:1])
    window = open_window(application, app.resources(), library=options.library, samples=())
    window.resize(*SIZE)
    return run(lambda: _take(window, options))


async def _take(window: MainWindow, options: argparse.Namespace) -> int:
    async with app.opened_studio(options.library) as studio:
        project = next((each for each in await studio.projects() if each.name == options.title), None)
        if project is None:
            project = await studio.create_project(options.title, options.library / "folders", Settings(budget_usd=20.0))
        await window.attach(studio, project, options.library)
        if await studio.episodes(project.id):
            window.orders.start()  # going on where an earlier call stopped
        else:
            window.orders.add(options.scripts, then_start=True)
        await window.desk.settle()
        await asyncio.sleep(SETTLED_S)
        while True:
            rows = await studio.episodes(project.id)
            through = [row for row in rows if row.state in {State.DONE, State.NEEDS_YOU}]
            if len(through) >= min(options.done, len(rows)) and rows:
                break
            await asyncio.sleep(1)
        asking = [row for row in through if row.state is State.NEEDS_YOU]
        await _choose(window, studio, (asking or sorted(through, key=lambda row: -row.findings))[0].id)
        for scheme in (Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
            window.theme.follow(scheme)
            for page in PAGES:
                window.commands[page.do].trigger()
                await window.desk.settle()
                await asyncio.sleep(PAGE_S)
                name = "window" if page.do is Do.BATCH_PAGE else page.word.lower()
                picture = options.out / f"{name}-{scheme.name.lower()}.png"
                window.grab().save(str(picture))
                sys.stdout.write(f"{picture}\n")
        window.player.shut()
        window.machine.stop()
        await window.desk.leave()
    return 0


async def _choose(window: MainWindow, studio: Studio, episode_id: int) -> None:
    """Put the cursor on an episode, and the view on the first place in it that asks for ears."""
    window.page.table.choose(episode_id)
    await window.desk.settle()
    details = await studio.details(episode_id)
    if details.report and details.report.findings:
        window.wishes.review.next()
        for _ in range(3):
            window.dock.wave.zoom_in()
    await asyncio.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
