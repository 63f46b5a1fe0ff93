"""The command line: the same engine without the window.

Exit status: 0 all done; 1 some episode failed or waits for a person; 2 wrong use; 3 stopped by budget; 130 interrupted.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from studio import app, workplace
from studio.arguments import opening, parser, settings_in
from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import BatchcastError, ExportError, InputError, SettingError, VoiceError
from studio.domain.project import Project
from studio.domain.purchase import CallError, Trouble
from studio.domain.settings import Settings
from studio.domain.settings import check as check_setting
from studio.engine.batch import Studio
from studio.engine.drafts import Refusal
from studio.engine.runner import RunOptions

_WRONG = (ExportError, InputError, SettingError, VoiceError)  # seen before any work is begun
OK, UNFINISHED, WRONG_USE, BUDGET, INTERRUPTED = 0, 1, 2, 3, 130
DEMO: Final = "Sample batch"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = parser(app.GENERATOR).parse_args(opening(sys.argv[1:] if arguments is None else arguments))
    if options.command is None:
        return _window(None)
    try:
        if options.command in _WITHOUT_LIBRARY:
            return _WITHOUT_LIBRARY[options.command](options)
        status = _finish(_IN_LIBRARY[options.command](options))
        if options.command == "demo" and status in {OK, UNFINISHED} and app.has_display() and not options.json:
            return _window(DEMO)
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output wants no more of it; without this, Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNFINISHED
    except BatchcastError as error:
        _problem(str(error))
        return WRONG_USE if _is_wrong_use(error) else UNFINISHED


def _is_wrong_use(error: BatchcastError) -> bool:
    # A key, a plan or a service that is down is no mistake of the command.
    at_vendor = isinstance(error, CallError) and error.trouble is not Trouble.REFUSED
    return isinstance(error, _WRONG) and not at_vendor


def _finish(work: Coroutine[Any, Any, int]) -> int:
    """Run a command to its end; an interruption lets it put everything in its place first."""

    async def guarded() -> int:
        task = asyncio.current_task()
        if task and sys.platform != "win32":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(guarded())
    except (KeyboardInterrupt, asyncio.CancelledError):
        _problem("interrupted; everything is kept. `batchcast resume` goes on.")
        return INTERRUPTED


# The commands, in the order of the help text.


async def _demo(options: argparse.Namespace) -> int:
    from studio import terminal

    out = workplace.writable(options.out)
    root = app.library_root()
    app.start_log(root)
    async with app.opened_studio(root) as studio:
        # Samples are made to be looked at: nothing of them waits for a person unless it is flagged.
        project = await workplace.project(studio, DEMO, out, {"review_share": 0.0, "show": "Batchcast samples"})
        terminal.print_refusals(await workplace.new(studio, project, [app.resources() / "samples"]))
        terminal.print_filled(await workplace.fill(studio, project), out)
        return await _work(studio, [project], options, [])


async def _batch(options: argparse.Namespace) -> int:
    from studio import terminal

    if options.brand:
        app.read_brand(Path(options.brand))  # a mistake in it is told before anything begins
    out = workplace.writable(options.out)
    root = app.library_root()
    app.start_log(root)
    async with app.opened_studio(root, options.slots, per_minute=options.requests_per_minute) as studio:
        project = await workplace.project(studio, options.project, out, settings_in(options))
        refusals = await workplace.new(studio, project, options.paths)
        terminal.print_filled(await workplace.fill(studio, project), out)
        return await _work(studio, [project], options, refusals)


async def _prepare(options: argparse.Namespace) -> int:
    from studio import preparing, spending, terminal

    if options.brand:
        app.read_brand(Path(options.brand))
    paths, topics = preparing.split(options.topics)
    values = {**settings_in(options), **preparing.settings_of(options)}
    for name, value in values.items():
        check_setting(name, value)  # a mistake in it is told before anything begins
    out = workplace.writable(options.out)
    root = app.library_root()
    app.start_log(root)
    async with app.opened_studio(root, options.slots, per_minute=options.requests_per_minute) as studio:
        project = await workplace.project(studio, options.project, out, values)
        refusals = [
            *await workplace.new(studio, project, paths, topics=True),
            *await preparing.queue_words(studio, project, topics),
        ]
        terminal.print_refusals(refusals)
        await preparing.try_again(studio, project)
        await spending.say_topics(studio, project)
        display = terminal.Display()
        display.know(await studio.episodes(project.id))
        studio.events.subscribe(display.hear)
        started = time.monotonic()
        with display.shown():
            await studio.start([project], RunOptions(Stage.PREPARE))
            await studio.run.finished()
        seconds = time.monotonic() - started
        filed = await preparing.file_scripts(studio, project, out)
        if options.json:
            refused = [asdict(refusal) for refusal in refusals]
            _print_json(preparing.document(project, filed, refused, seconds))
        else:
            sys.stdout.write("\n".join(preparing.summary(filed, seconds)) + "\n")
        if studio.run.stopped_by_budget:
            return BUDGET
    return OK if preparing.is_fine(filed) and not refusals else UNFINISHED


async def _resume(options: argparse.Namespace) -> int:
    from studio import spending

    async with _begun() as studio:
        wanted = [await workplace.at_hand(studio, options.project)] if options.project else await studio.projects()
        rows = {project.id: await studio.episodes(project.id) for project in wanted}
        begun = [p for p in wanted if options.project or any(e.state is State.QUEUED for e in rows[p.id])]
        if options.buy_again:
            await spending.buy_again(studio, wanted, options.buy_again)
        status = await _work(studio, begun, options, [])
    everything = [episode for episodes in rows.values() for episode in episodes]
    nothing_left = not begun and all(episode.state is State.DONE for episode in everything)
    return OK if nothing_left else status


async def _work(
    studio: Studio, projects: Sequence[Project], options: argparse.Namespace, refusals: Sequence[Refusal]
) -> int:
    """Run what is queued in these projects, show it, and say how it ended."""
    from studio import spending, terminal
    from studio.engine.summary import batch_json

    terminal.print_refusals(refusals)
    until = Stage(options.until) if getattr(options, "until", None) else None
    offer = await spending.offer(studio, projects, until)
    display = terminal.Display()
    for project in projects:
        display.know(await studio.episodes(project.id))
    studio.events.subscribe(display.hear)
    started = time.monotonic()
    with display.shown():
        await studio.start(projects, RunOptions(until), offer.only)
        await studio.run.finished()
    seconds = time.monotonic() - started
    rows = [(episode, project) for project in projects for episode in await studio.episodes(project.id)]
    if options.json:
        document = batch_json(
            [project.name for project in projects],
            [(episode, project.name, await studio.report(episode)) for episode, project in rows],
            [asdict(refusal) for refusal in refusals],
            [await studio.costs(project.id) for project in projects],
            len(await spending.unclear_calls(studio, projects)),
            seconds,
        )
        _print_json(document)
    else:
        reports = [await studio.report(episode) for episode, _ in rows]
        forgiven = sum(len(report.alignment.forgiven) for report in reports if report)
        terminal.print_summary(projects, [episode for episode, _ in rows], seconds, forgiven)
    if studio.run.stopped_by_budget or not offer.fits_all:
        return BUDGET
    return _status([episode for episode, _ in rows], until, refusals)


def _status(episodes: Sequence[Episode], until: Stage | None, refusals: Sequence[Refusal]) -> int:
    stopped_as_asked = State.QUEUED if until else State.DONE
    fine = all(episode.state in {State.DONE, stopped_as_asked} and not episode.reason for episode in episodes)
    return OK if fine and not refusals and episodes else UNFINISHED


def _verify(options: argparse.Namespace) -> int:
    from studio import single, terminal
    from studio.engine.summary import report_json

    brand = Path(options.brand) if options.brand else None
    report = single.verify(options.audio, options.script, brand, options.preset)
    if options.json:
        _print_json(report_json(report))
    else:
        terminal.print_report(report)
    return OK if report.verdict == "pass" else UNFINISHED


def _check(options: argparse.Namespace) -> int:
    from studio import check

    checked = check.check(options.paths, settings_in(options), options.minutes or 0.0)
    if options.json:
        _print_json(check.check_json(checked))
    else:
        check.show(checked)
    return OK if checked.fine else UNFINISHED


def _master(options: argparse.Namespace) -> int:
    from studio import single

    workplace.writable(options.out.absolute().parent, "Choose another place for the MP3.")
    result = single.master(options.source, options.out, options.preset, options.target)
    if options.json:
        _print_json(single.master_json(options.out, result, options.preset))
    else:
        sys.stdout.write(single.master_text(options.out, result, options.preset) + "\n")
    return OK


async def _export(options: argparse.Namespace) -> int:
    from studio import terminal

    async with _begun() as studio:
        project = await workplace.named(studio, options.project)
        out = workplace.writable(options.out)
        if out == Path(project.out_dir):
            await studio.export([e.id for e in await studio.episodes(project.id) if e.state is State.QUEUED])
            await studio.run.finished()
        copies = await studio.copies.write(project, out)
    failed = [Refusal(str(c.episode.number), c.trouble.message, c.trouble.remedy) for c in copies if c.trouble]
    if options.json:
        folders = [
            {"number": c.episode.number, "title": c.episode.title, "folder": c.folder or None, "state": c.episode.state}
            for c in copies
        ]
        _print_json({"project": project.name, "out": str(out), "episodes": folders})
    terminal.print_refusals(failed)
    if not options.json:
        terminal.print_copies([each.folder for each in copies if each.folder], len(copies), out)
    return OK if copies and not failed else UNFINISHED


async def _forecast(options: argparse.Namespace) -> int:
    from studio import spending, terminal
    from studio.engine.summary import quote_json

    settings = Settings().with_values(settings_in(options))
    book = app.price_book(app.library_root())
    plan = options.plan or ""
    spending.check_plan(book, settings.voice, plan)
    async with app.opened_studio(app.library_root(), at_work=False) as studio:
        quote, refusals = await studio.market.forecast(options.paths, settings, plan)
    terminal.print_refusals(refusals)
    if options.json:
        prices = {"prices_date": book.day.isoformat(), "prices_source": book.source}
        _print_json({**quote_json(quote), **prices, "refused": [asdict(refusal) for refusal in refusals]})
    else:
        spending.print_forecast(quote, book)
    if not quote.fits_all:
        return BUDGET
    return OK if quote.episodes and not refusals else UNFINISHED


async def _costs(options: argparse.Namespace) -> int:
    from studio import spending
    from studio.domain.money import usd
    from studio.engine.summary import costs_json, unclear_json

    async with app.opened_studio(app.library_root(), at_work=False) as studio:
        projects = [await workplace.named(studio, options.project)] if options.project else await studio.shelf.all()
        unclear = await spending.unclear_calls(studio, projects)
        names = await spending.named(studio, unclear)
        costs = [(p.name, await studio.costs(p.id), await studio.market.budgets(p)) for p in projects]
    listed = [unclear_json(attempt, *names[attempt.id]) for attempt in unclear]
    if options.json and options.unclear:
        _print_json({"unclear": listed})
    elif options.json:
        spent = usd(sum(each.settled_micro for _, each, _ in costs))
        _print_json({"projects": [costs_json(*each) for each in costs], "spent_usd": spent, "unclear": listed})
    elif options.unclear:
        spending.print_unclear(unclear, names)
    else:
        spending.print_all_costs(costs)
        spending.print_unclear_hint(unclear)
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from studio import terminal

    parts = app.health(app.library_root())
    able = all(part.works for part in parts if part.needed)
    if options.json:
        _print_json({"able": able, "parts": [asdict(part) for part in parts]})
    else:
        terminal.print_health(parts)
    return OK if able else UNFINISHED


def _open(options: argparse.Namespace) -> int:
    missing = [str(path) for path in options.paths if not path.exists()]
    if missing:
        raise InputError(f"There is no file or folder “{missing[0]}”.", "Look at its name, and at where it lies.")
    return _window(options.project, [path.absolute() for path in options.paths])


_IN_LIBRARY: Final[dict[str, Callable[[argparse.Namespace], Coroutine[Any, Any, int]]]] = {
    "demo": _demo,
    "batch": _batch,
    "prepare": _prepare,
    "resume": _resume,
    "export": _export,
    "forecast": _forecast,
    "costs": _costs,
}
_WITHOUT_LIBRARY: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "check": _check,
    "verify": _verify,
    "master": _master,
    "doctor": _doctor,
    "open": _open,
}


# What the commands share.


@asynccontextmanager
async def _begun() -> AsyncIterator[Studio]:
    """The studio, for commands that go on with what was begun: where nothing was, they leave no library behind."""
    from studio.store.library import is_there

    root = app.library_root()
    there = is_there(root)
    if there:
        app.start_log(root)
    async with app.opened_studio(root, at_work=there) as studio:
        yield studio


def _window(project: str | None, paths: Sequence[Path] = ()) -> int:
    if not app.has_display():
        _problem("there is no display here. The commands work without one: `batchcast --help` lists them.")
        return WRONG_USE
    return app.run_window(project, paths)


def _print_json(document: object) -> None:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _problem(message: str) -> None:
    sys.stderr.write(f"batchcast: {message}\n")


if __name__ == "__main__":
    sys.exit(main())
