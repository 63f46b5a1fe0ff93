"""Takes the README's pictures: the real window, at work on real scripts and topics.

    QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/pictures.py SCRIPTS... --library DIR
        [--characters N] [--done N] [--topics TABLE --sources PATH...] [--every-page] [--out DIR]

Starts the scripts in a library at DIR, waits until N episodes are through and one of them needs ears, puts the cursor
on the place to hear in it, and writes the pictures that the README shows into resources/pictures; with --every-page,
one of every page, light and dark. With topics, the page Scripts shows what the built-in writer has made of them,
waiting for approval. With --characters, of each script only its first paragraphs are taken: an empty library is then
through within ten minutes. A library that an earlier call has filled goes on where that stopped.
"""

import argparse
import asyncio
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from studio import app
from studio.domain.episode import State
from studio.domain.findings import Severity
from studio.domain.settings import Settings
from studio.engine.batch import Studio
from studio.ui.application import create_application, run
from studio.ui.commands import Do
from studio.ui.main_window import MainWindow
from studio.ui.pages import PAGES
from studio.ui.places import places
from studio.ui.scripts_page import ScriptsPage
from studio.ui.shell import open_window

SIZE = (1440, 900)
SETTLED_S = 8  # until a forecast is there
PAGE_S = 2  # until a page has read what it shows
COLOURS = 256  # of a picture: flat surfaces and letters need no more, and take a third of the room
README = {"window-dark", "window-light", "scripts-light", "review-light"}
_WEIGHT = {Severity.FAULT: 0, Severity.REVIEW: 1, Severity.UNSURE: 2, Severity.NOTE: 3}
SCHEMES = (Qt.ColorScheme.Light, Qt.ColorScheme.Dark)


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scripts", nargs="+", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--title", default="The Problems of Philosophy")
    parser.add_argument("--characters", type=int, default=0)
    parser.add_argument("--done", type=int, default=4)
    parser.add_argument("--topics", type=Path)
    parser.add_argument("--topics-title", default="Walden, in short")
    parser.add_argument("--sources", nargs="*", type=Path, default=[])
    parser.add_argument("--every-page", action="store_true")
    parser.add_argument("--out", type=Path, default=app.resources() / "pictures")
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    if options.characters:
        options.scripts = [_beginning(path, options) for path in options.scripts]
    application = create_application(sys.argv[:1])
    window = open_window(application, app.resources(), library=options.library, samples=())
    window.resize(*SIZE)
    return run(lambda: _take(window, options))


async def _take(window: MainWindow, options: argparse.Namespace) -> int:
    async with app.opened_studio(options.library) as studio:
        if options.topics:
            await _of_scripts(window, studio, options)
        await _of_the_batch(window, studio, options)
        window.player.shut()
        window.machine.stop()
        window.standing.stop()
        await window.desk.leave()
    return 0


async def _of_the_batch(window: MainWindow, studio: Studio, options: argparse.Namespace) -> None:
    """Every page while the batch is made."""
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
        asking = [row for row in through if row.state is State.NEEDS_YOU]
        if rows and (len(through) == len(rows) or (asking and len(through) >= options.done)):
            break
        await asyncio.sleep(1)
    await _choose(window, studio, max(asking or through, key=lambda row: row.findings).id)
    for scheme in SCHEMES:
        window.theme.follow(scheme)
        for page in PAGES:
            name = f"{_name(page.do, page.word)}-{scheme.name.lower()}"
            if not _wanted(name, options) or (page.do is Do.SCRIPTS_PAGE and options.topics):
                continue
            window.commands[page.do].trigger()
            await _rest(window)
            _save(window, options.out / f"{name}.png")


async def _of_scripts(window: MainWindow, studio: Studio, options: argparse.Namespace) -> None:
    """The page Scripts, with what was written from topics."""
    project = next((each for each in await studio.projects() if each.name == options.topics_title), None)
    if project is None:
        sources = "; ".join(str(path) for path in options.sources)
        settings = Settings(sources=sources, show=options.topics_title)
        project = await studio.create_project(options.topics_title, options.library / "topics", settings)
        await studio.add(project, [options.topics])
    await window.attach(studio, project, options.library)
    waiting = [row.id for row in await studio.episodes(project.id) if row.state is State.QUEUED]
    await studio.scripts.write(project, waiting)
    await studio.run.finished()
    window.commands[Do.SCRIPTS_PAGE].trigger()
    await window.desk.settle()
    page = window.pages.currentWidget()
    assert isinstance(page, ScriptsPage)  # noqa: S101  (the line above brought it to the front)
    page.open(next(row.id for row in await studio.episodes(project.id) if row.awaits_approval))
    await asyncio.sleep(PAGE_S)  # until its text is checked
    for scheme in SCHEMES:
        name = f"scripts-{scheme.name.lower()}"
        if _wanted(name, options):
            window.theme.follow(scheme)
            await _rest(window)
            _save(window, options.out / f"{name}.png")


async def _choose(window: MainWindow, studio: Studio, episode_id: int) -> None:
    """Put the cursor on an episode, and the view on the first place in it that asks for ears."""
    window.page.table.choose(episode_id)
    await window.desk.settle()
    details = await studio.details(episode_id)
    found = places(details.report)
    if found:
        window.wishes.review.shown.emit(min(found, key=lambda place: _WEIGHT[place.finding.severity]))
        for _ in range(2):
            window.dock.wave.zoom_in()
    await asyncio.sleep(0.5)


async def _rest(window: MainWindow) -> None:
    """Until the page has read what it shows, and all that came of it has found its place."""
    for _ in range(2):
        await window.desk.settle()
        await asyncio.sleep(PAGE_S / 2)


def _beginning(path: Path, options: argparse.Namespace) -> Path:
    """The first paragraphs of a script, as a script of the same name."""
    folder: Path = options.library / "scripts"
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[str] = []
    for paragraph in path.read_text("utf-8").split("\n\n"):
        if sum(map(len, taken)) >= options.characters:
            break
        taken.append(paragraph)
    made = folder / path.name
    made.write_text("\n\n".join(taken).rstrip() + "\n", "utf-8")
    return made


def _wanted(name: str, options: argparse.Namespace) -> bool:
    return options.every_page or name in README


def _name(do: Do, word: str) -> str:
    return "window" if do is Do.BATCH_PAGE else word.lower()


def _save(window: MainWindow, path: Path) -> None:
    picture = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    _with_a_palette(picture).save(str(path), quality=0)  # pressed as hard as it goes
    sys.stdout.write(f"{path}\n")


def _with_a_palette(picture: QImage) -> QImage:
    """The same in `COLOURS` colours: boxes of colours are cut in half (Heckbert 1982), the most spread one first."""
    pixels = np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), -1)[:, : picture.width()]
    found, places, counts = np.unique(pixels & 0xFFFFFF, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 0xFF, found & 0xFF], axis=1).astype(np.int64)
    boxes = [np.arange(len(found))]
    while len(boxes) < COLOURS:
        spreads = [np.ptp(colours[box], axis=0).max() * np.sqrt(counts[box].sum()) for box in boxes]
        widest = boxes.pop(int(np.argmax(spreads)))
        if len(widest) == 1:
            boxes.append(widest)
            break
        boxes += _halves(widest, colours[widest], counts[widest])
    table = np.zeros(len(found), np.uint8)
    palette = []
    for number, box in enumerate(boxes):
        table[box] = number
        red, green, blue = np.round(np.average(colours[box], axis=0, weights=counts[box])).astype(int)
        palette.append(0xFF000000 | int(red) << 16 | int(green) << 8 | int(blue))
    made = np.ascontiguousarray(table[places.reshape(pixels.shape)])
    image = QImage(made.tobytes(), picture.width(), picture.height(), picture.width(), QImage.Format.Format_Indexed8)
    image.setColorTable(palette)
    return image.copy()  # the bytes are the image's own from here


def _halves(
    box: NDArray[np.intp], colours: NDArray[np.int64], counts: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """A box of colours, cut where its widest channel has half of the pixels on either side."""
    channel = int(np.argmax(np.ptp(colours, axis=0)))
    order = np.argsort(colours[:, channel], kind="stable")
    half = int(np.searchsorted(np.cumsum(counts[order]), counts.sum() / 2))
    cut = min(max(1, half), len(box) - 1)
    return box[order[:cut]], box[order[cut:]]


if __name__ == "__main__":
    sys.exit(main())
