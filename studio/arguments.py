"""What the command line understands."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from studio.domain.episode import Stage
from studio.domain.presets import PRESETS, preset_values
from studio.domain.settings import Settings, Value, option

OPEN: Final = "open"


def parser(version: str) -> argparse.ArgumentParser:
    """The whole command line; the chosen command's name is left in `command`, None for the window."""
    whole = argparse.ArgumentParser(
        prog="batchcast",
        description="Makes podcasts by the hundred, and hears every word. Without a command it opens the window.",
        epilog="Exit status: 0 all done; 1 some episode failed or waits for a person; 2 wrong use; "
        "3 stopped by budget; 130 interrupted (all kept).",
    )
    whole.add_argument("--version", action="version", version=version)
    commands = whole.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("--json", action="store_true", help="print one JSON document on standard output")
        return sub

    demo = command("demo", "make the sample batch with the built-in voice, and open the window on it")
    demo.add_argument("--out", type=Path, default=Path("batchcast-demo"), metavar="DIR", help="where the folders go")

    _batch(command("batch", "turn scripts into checked distribution folders"))

    resume = command("resume", "go on with whatever was not finished")
    resume.add_argument("--project", metavar="NAME", help="only this project")
    resume.add_argument(
        "--buy-again",
        nargs="+",
        type=_call,
        metavar="ID",
        help="calls of `costs --unclear`, or “all”: count what they hold as spent, and make them once more",
    )

    _prepare(command("prepare", "turn topics into checked scripts, before anything is spoken"))

    _forecast(command("forecast", "characters, money and time, before anything is bought"))

    _check(command("check", "is this text worth paying for? everything that can be said before it is spoken"))

    verify = command("verify", "hear any recording against its script")
    verify.add_argument("audio", type=Path, metavar="AUDIO")
    verify.add_argument("--script", type=Path, required=True, metavar="FILE")
    verify.add_argument("--brand", type=_file, metavar="FILE", help="judge it by this brand file (TOML), too")
    _preset(verify, "what its level is judged by (default: that of a podcast, within 1 LU)")

    master = command("master", "bring a recording to the loudness of a podcast, as an MP3")
    master.add_argument("source", type=Path, metavar="IN")
    master.add_argument("out", type=Path, metavar="OUT")
    _preset(master, "what it is made for (default: podcast-stereo)")
    master.add_argument("--target", type=float, metavar="LUFS", help="another loudness than that of the preset")

    export = command("export", "write the folders of a project's finished episodes once more, anywhere")
    export.add_argument("--project", required=True, metavar="NAME")
    export.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where to, this time; the project keeps its own folder"
    )

    costs = command("costs", "what was spent, is held, and was spared")
    costs.add_argument("--project", metavar="NAME")
    costs.add_argument("--unclear", action="store_true", help="list the calls that nobody knows the outcome of")

    command("doctor", "is this machine able to work? each part, with the cure")

    text = "open the window on a project, or add scripts in it; one that is open already comes to the front"
    window = commands.add_parser(OPEN, help=text, description=text)
    window.add_argument("--project", metavar="NAME", help="the project to show (default: the one used last)")
    window.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="script files, or folders of them")
    return whole


def opening(arguments: Sequence[str]) -> Sequence[str]:
    """`batchcast FILE...`, as a desktop calls what was dropped on an icon, is `batchcast open FILE...`."""
    return [OPEN, *arguments] if arguments and _is_path(arguments[0]) else arguments


def settings_in(options: argparse.Namespace) -> dict[str, Value]:
    """The settings that the command line gave: those options keep their value under the setting's name."""
    names = {item.name for item in fields(Settings)}
    preset = getattr(options, "preset", None)
    values = dict(preset_values(preset)) if preset else {}
    return values | {name: value for name, value in vars(options).items() if name in names and value is not None}


def _preset(command: argparse.ArgumentParser, text: str) -> None:
    command.add_argument("--preset", choices=tuple(PRESETS), help=text)


def _batch(batch: argparse.ArgumentParser) -> None:
    batch.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="script files, or folders of them")
    batch.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the folders go")
    batch.add_argument("--project", metavar="NAME", help="the project to work in (default: named after --out)")
    _voice(batch)
    batch.add_argument(
        "--format", dest="speech_format", choices=option("speech_format").choices, help="what a vendor's voice gives"
    )
    for name, text in (
        ("", "the project"),
        ("episode-", "one episode"),
        ("day-", "the whole library since midnight"),
        ("month-", "the whole library in a calendar month"),
    ):
        dest = f"{name}budget_usd".replace("-", "_")
        batch.add_argument(f"--{name}budget", dest=dest, type=float, metavar="USD", help=f"the most for {text}")
    batch.add_argument(
        "--concurrency", dest="slots", type=_positive, metavar="N", help="the most calls to a vendor at the same time"
    )
    batch.add_argument("--requests-per-minute", type=_positive, metavar="N", help="the most calls in any minute")
    batch.add_argument(
        "--brand", type=_file, metavar="FILE", help="what the show's scripts must and must not say (TOML)"
    )
    _preset(batch, "what the episodes are made for: loudness, channels and bit rate")
    batch.add_argument("--repairs", type=int, metavar="N", help="automatic retakes of a failed episode")
    batch.add_argument(
        "--approve", choices=("none", "passed"), help="“passed”: nobody hears the random tenth of what passed"
    )
    batch.add_argument(
        "--approve-scripts",
        choices=option("approve_scripts").choices,
        help="which scripts wait for a person before they are spoken (default: “written”, those made from topics)",
    )
    batch.add_argument("--until", choices=[stage.value for stage in Stage], help="stop every episode after this stage")


def _prepare(prepare: argparse.ArgumentParser) -> None:
    prepare.add_argument(
        "topics", nargs="+", metavar="TOPIC", help="tables of topics (CSV, TSV, JSON), scripts, or a topic in words"
    )
    prepare.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the scripts go")
    prepare.add_argument("--project", metavar="NAME", help="the project to work in (default: named after --out)")
    prepare.add_argument(
        "--sources", nargs="+", action="extend", metavar="PATH|URL", help="what is read for every topic"
    )
    _writer(prepare)
    prepare.add_argument("--template", type=_file, metavar="FILE", help="the shape of the show's episodes (Markdown)")
    prepare.add_argument("--brand", type=_file, metavar="FILE", help="what the scripts must and must not say (TOML)")
    prepare.add_argument("--budget", dest="budget_usd", type=float, metavar="USD", help="the most for the project")
    prepare.add_argument("--show", metavar="NAME", help="what the podcast is called")
    prepare.add_argument(
        "--concurrency", dest="slots", type=_positive, metavar="N", help="the most questions to a model at once"
    )
    prepare.add_argument("--requests-per-minute", type=_positive, metavar="N", help="the most questions in any minute")


def _check(check: argparse.ArgumentParser) -> None:
    check.add_argument("paths", nargs="+", type=Path, metavar="SCRIPT", help="script files, or folders of them")
    check.add_argument("--brand", type=_file, metavar="FILE", help="judge them by this brand file (TOML), too")
    check.add_argument("--minutes", type=float, metavar="N", help="the length that is asked for")
    check.add_argument("--voice", metavar="PROVIDER:NAME", help="who will speak (default: builtin:heart)")
    check.add_argument("--language", metavar="CODE", help="what a vendor’s voice is to speak, such as de")


def _forecast(forecast: argparse.ArgumentParser) -> None:
    forecast.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="script files, tables of topics, or folders of them"
    )
    _voice(forecast)
    _writer(forecast)
    forecast.add_argument("--plan", metavar="NAME", help="the vendor's plan to reckon with (default: the account's)")
    forecast.add_argument("--budget", dest="budget_usd", type=float, metavar="USD", help="does it fit?")


def _writer(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--writer", metavar="builtin|URL", help="who writes: the built-in digest (default), or a chat model's address"
    )
    command.add_argument("--writer-model", metavar="ID", help="of that address (default: the first one there)")
    command.add_argument("--writer-prices", metavar="IN/OUT", help="dollars for a million tokens: 0.15/0.60")
    command.add_argument("--minutes", type=float, metavar="N", help="how long an episode is to be (default: 10)")


def _voice(command: argparse.ArgumentParser) -> None:
    command.add_argument("--voice", metavar="PROVIDER:NAME", help="who speaks (default: builtin:heart)")
    command.add_argument(
        "--model", metavar="ID", help="of a vendor's voice (default: the one that takes the longest texts)"
    )


def _call(text: str) -> int | str:
    """The number of a call; “all” is every one."""
    if text == "all":
        return text
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"“{text}” is neither a call's number nor “all”")
    return int(text)


def _file(text: str) -> str:
    """The absolute path of a file that is there: work may go on elsewhere, and later."""
    path = Path(text)
    if not os.path.isfile(text):  # noqa: PTH113  (a name that is too long is none that is there)
        raise argparse.ArgumentTypeError(f"there is no file “{text}”")
    return str(path.absolute())


def _is_path(text: str) -> bool:
    """Whether this can be nothing but a path: the commands are bare words, the options begin with a dash."""
    return not text.startswith("-") and (Path(text).suffix != "" or Path(text).name != text) and is_there(text)


def is_there(text: str) -> bool:
    """Whether this names a file or a folder, which a text of any length may or may not do."""
    return os.path.exists(text)  # noqa: PTH110  (`Path.exists` raises for what is too long for a name)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
