"""The command line: the same engine without the window.

Exit status: 0 all done; 1 some episode failed or waits for a person; 2 wrong use; 3 stopped by budget; 130 interrupted.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from studio import app
from studio.arguments import parser
from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import BatchcastError, ExportError, InputError, SettingError, VoiceError
from studio.domain.project import Project
from studio.domain.settings import Settings, Value
from studio.engine.batch import Refusal, Studio
from studio.engine.runner import RunOptions

_WRONG = (ExportError, InputError, SettingError, VoiceError)  # seen before any work is begun
OK, UNFINISHED, WRONG_USE, BUDGET, INTERRUPTED = 0, 1, 2, 3, 130
DEMO: Final = "Sample batch"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = parser(app.GENERATOR).parse_args(arguments)
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
        return WRONG_USE if isinstance(error, _WRONG) else UNFINISHED


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

    out = _writable(options.out)
    root = app.library_root()
    app.start_log(root)
    async with app.opened_studio(root) as studio:
        # Samples are made to be looked at: nothing of them waits for a person unless it is flagged.
        project = await _project(studio, DEMO, out, {"review_share": 0.0, "show": "Batchcast samples"})
        terminal.print_refusals(await _new(studio, project, [app.resources() / "samples"]))
        return await _work(studio, [project], options, [])


async def _batch(options: argparse.Namespace) -> int:
    out = _writable(options.out)
    changes: dict[str, Value] = {
        name: value
        for name, value in (
            ("voice", options.voice),
            ("budget_usd", options.budget),
            ("repairs", options.repairs),
            ("approve", options.approve),
        )
        if value is not None
    }
    root = app.library_root()
    app.start_log(root)
    async with app.opened_studio(root, options.concurrency) as studio:
        project = await _project(studio, options.project, out, changes)
        refusals = await _new(studio, project, options.paths)
        return await _work(studio, [project], options, refusals)


async def _resume(options: argparse.Namespace) -> int:
    root = app.library_root()
    app.start_log(root)
    async with app.opened_studio(root) as studio:
        if options.project:
            projects = [await _named(studio, options.project)]
        else:
            projects = [
                project
                for project in await studio.projects()
                if any(episode.state is State.QUEUED for episode in await studio.episodes(project.id))
            ]
        return await _work(studio, projects, options, [])


async def _work(
    studio: Studio, projects: Sequence[Project], options: argparse.Namespace, refusals: Sequence[Refusal]
) -> int:
    """Run what is queued in these projects, show it, and say how it ended."""
    from studio import terminal
    from studio.engine.summary import batch_json

    terminal.print_refusals(refusals)
    display = terminal.Display()
    for project in projects:
        display.know(await studio.episodes(project.id))
    studio.events.subscribe(display.hear)
    started = time.monotonic()
    with display.shown():
        await studio.start(projects, RunOptions(Stage(options.until) if getattr(options, "until", None) else None))
        await studio.run.finished()
    seconds = time.monotonic() - started
    rows = [(episode, project) for project in projects for episode in await studio.episodes(project.id)]
    if options.json:
        document = batch_json(
            [project.name for project in projects],
            [(episode, project.name, await studio.report(episode)) for episode, project in rows],
            [asdict(refusal) for refusal in refusals],
            [await studio.costs(project.id) for project in projects],
            seconds,
        )
        _print_json(document)
    else:
        terminal.print_summary(projects, [episode for episode, _ in rows], seconds)
    return _status(studio, [episode for episode, _ in rows], options, refusals)


def _status(
    studio: Studio, episodes: Sequence[Episode], options: argparse.Namespace, refusals: Sequence[Refusal]
) -> int:
    if studio.run.stopped_by_budget:
        return BUDGET
    stopped_as_asked = State.QUEUED if getattr(options, "until", None) else State.DONE
    fine = all(episode.state in {State.DONE, stopped_as_asked} and not episode.reason for episode in episodes)
    return OK if fine and not refusals and episodes else UNFINISHED


def _verify(options: argparse.Namespace) -> int:
    from studio import terminal
    from studio.audio.analysis import analyse
    from studio.content.intake import ScriptIntake
    from studio.domain.duration import first_guess
    from studio.engine.ports import CheckJob
    from studio.engine.summary import report_json

    settings = Settings()
    spoken = app.spoken_form(ScriptIntake().read(options.script), settings)
    sound = analyse(options.audio, _quiet, shortest_silence_s=settings.max_silence_s).sound
    rate = first_guess(settings.voice, settings.speed)
    report = app.check(_quiet, CheckJob(options.audio, spoken, (), sound, rate, settings))
    if options.json:
        _print_json(report_json(report))
    else:
        terminal.print_report(report)
    return OK if report.verdict == "pass" else UNFINISHED


def _master(options: argparse.Namespace) -> int:
    from studio.engine.ports import MasterJob

    settings = Settings()
    if options.target is not None:
        settings = settings.with_values({"loudness_lufs": options.target})
    destination: Path = options.out
    _writable(destination.absolute().parent)
    with tempfile.TemporaryDirectory(dir=destination.absolute().parent, prefix=".batchcast-") as scratch:
        mp3, peaks = Path(scratch) / "master.mp3", Path(scratch) / "master.peaks"
        job = MasterJob(options.source, mp3, peaks, settings.loudness_target, settings.max_silence_s)
        result = app.master(_quiet, job)
        mp3.replace(destination)
    sound = result.sound
    document = {
        "out": str(destination),
        "loudness_lufs": sound.loudness_lufs,
        "loudness_channels": sound.channel_convention,
        "loudness_range_lu": sound.loudness_range_lu,
        "true_peak_dbtp": sound.true_peak_dbtp,
        "duration_s": sound.duration_s,
        "gain_db": result.gain_db,
        "limited_db": result.limited_db,
    }
    if options.json:
        _print_json({name: round(value, 3) if isinstance(value, float) else value for name, value in document.items()})
    else:
        sys.stdout.write(
            f"{destination}: {sound.loudness_lufs:.2f} LUFS ({sound.channel_convention}), "
            f"{sound.true_peak_dbtp:.2f} dBTP, gain {result.gain_db:+.1f} dB, "
            f"limited by at most {result.limited_db:.1f} dB\n"
        )
    return OK


async def _export(options: argparse.Namespace) -> int:
    from studio import terminal

    out = _writable(options.out)
    root = app.library_root()
    app.start_log(root)
    async with app.opened_studio(root) as studio:
        project = replace(await _named(studio, options.project), out_dir=str(out))
        await studio.update_project(project)
        episodes = await studio.episodes(project.id)
        cleared = [
            e.id for e in episodes if e.state is State.DONE or (e.state is State.QUEUED and e.stage is Stage.EXPORT)
        ]
        await studio.export(cleared)
        await studio.run.finished()
        rows = [episode for episode in await studio.episodes(project.id) if episode.id in cleared]
        if options.json:
            folders = [{"number": e.number, "title": e.title, "folder": e.folder, "state": e.state} for e in rows]
            _print_json({"project": project.name, "out": str(out), "episodes": folders})
        else:
            terminal.print_summary([project], rows, 0.0)
    return OK if rows and all(episode.state is State.DONE for episode in rows) else UNFINISHED


async def _costs(options: argparse.Namespace) -> int:
    from studio import terminal
    from studio.domain.money import usd

    async with app.opened_studio(app.library_root(), at_work=False) as studio:
        projects = [await _named(studio, options.project)] if options.project else await studio.projects()
        costs = {project.name: await studio.costs(project.id) for project in projects}
    if options.json:
        rows = [
            {
                "project": name,
                "spent_usd": usd(each.settled_micro),
                "held_usd": usd(each.reserved_micro),
                "characters": each.characters,
                "calls": each.calls,
                "cached_calls": each.cached_calls,
                "cached_characters": each.cached_characters,
            }
            for name, each in costs.items()
        ]
        _print_json({"projects": rows, "spent_usd": usd(sum(each.settled_micro for each in costs.values()))})
    else:
        for name, each in costs.items():
            terminal.print_costs(name, each)
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


_IN_LIBRARY: Final[dict[str, Callable[[argparse.Namespace], Coroutine[Any, Any, int]]]] = {
    "demo": _demo,
    "batch": _batch,
    "resume": _resume,
    "export": _export,
    "costs": _costs,
}
_WITHOUT_LIBRARY: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "verify": _verify,
    "master": _master,
    "doctor": _doctor,
}


# What the commands share.


async def _project(studio: Studio, name: str | None, out: Path, changes: dict[str, Value]) -> Project:
    """The project to work in: the named one, or one called after the output folder; made where there is none."""
    known = {project.name: project for project in await studio.projects()}
    if name is None:
        name = out.name or "Batch"
        count = 2
        while name in known and Path(known[name].out_dir) != out:
            name, count = f"{out.name or 'Batch'} ({count})", count + 1
    if name not in known:
        return await studio.create_project(name, out, Settings().with_values(changes))
    project = replace(known[name], out_dir=str(out), settings=known[name].settings.with_values(changes))
    await studio.update_project(project)
    return project


async def _new(studio: Studio, project: Project, paths: Sequence[Path]) -> Sequence[Refusal]:
    """Queue scripts; those that the project has already are simply part of it."""
    return [refusal for refusal in await studio.add(project, paths) if not refusal.known]


async def _named(studio: Studio, name: str) -> Project:
    projects = {project.name: project for project in await studio.projects()}
    if name not in projects:
        there = ", ".join(projects) or "none yet"
        raise InputError(f"There is no project “{name}”.", f"Projects in this library: {there}.")
    return projects[name]


def _writable(folder: Path) -> Path:
    """The folder as an absolute path, made if need be. Raises `ExportError` before any work is done for nothing."""
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ExportError(
            f"The folder {folder} cannot be written ({reason}).", "Choose another one with --out."
        ) from error
    return folder


def _window(project: str | None) -> int:
    if not app.has_display():
        _problem("there is no display here. The commands work without one: `batchcast --help` lists them.")
        return WRONG_USE
    return app.run_window(project)


def _quiet(_fraction: float) -> None:
    """For commands that are through in a moment."""


def _print_json(document: object) -> None:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _problem(message: str) -> None:
    sys.stderr.write(f"batchcast: {message}\n")


if __name__ == "__main__":
    sys.exit(main())
