"""What the command line understands."""

import argparse
from pathlib import Path

from studio.domain.episode import Stage


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

    batch = command("batch", "turn scripts into checked distribution folders")
    batch.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="script files, or folders of them")
    batch.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the folders go")
    batch.add_argument("--project", metavar="NAME", help="the project to work in (default: named after --out)")
    batch.add_argument("--voice", metavar="PROVIDER:NAME", help="who speaks (default: builtin:heart)")
    batch.add_argument("--budget", type=float, metavar="USD", help="the most that the project may spend")
    batch.add_argument("--concurrency", type=_positive, metavar="N", help="episodes spoken at the same time")
    batch.add_argument("--repairs", type=int, metavar="N", help="automatic retakes of a failed episode")
    batch.add_argument(
        "--approve", choices=("none", "passed"), help="“passed”: nobody hears the random tenth of what passed"
    )
    batch.add_argument("--until", choices=[stage.value for stage in Stage], help="stop every episode after this stage")

    resume = command("resume", "go on with whatever was not finished")
    resume.add_argument("--project", metavar="NAME", help="only this project")

    verify = command("verify", "hear any recording against its script")
    verify.add_argument("audio", type=Path, metavar="AUDIO")
    verify.add_argument("--script", type=Path, required=True, metavar="FILE")

    master = command("master", "bring a recording to the loudness of a podcast, as an MP3")
    master.add_argument("source", type=Path, metavar="IN")
    master.add_argument("out", type=Path, metavar="OUT")
    master.add_argument("--target", type=float, metavar="LUFS", help="integrated loudness (default: -16)")

    export = command("export", "write the folders of a project's finished episodes anew")
    export.add_argument("--project", required=True, metavar="NAME")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")

    costs = command("costs", "what was spent, is held, and was spared")
    costs.add_argument("--project", metavar="NAME")

    command("doctor", "is this machine able to work? each part, with the cure")
    return whole


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
