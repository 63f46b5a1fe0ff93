"""Measures the way from topics to checked scripts.

    .venv/bin/python packaging/measure_scripts.py prepare TOPICS --sources DIR [--writer URL]
    .venv/bin/python packaging/measure_scripts.py check SCRIPTS...

`prepare` runs `batchcast prepare` on a table of topics in a new library, and says how long it took, how the lengths lie
against what was asked, and what the checks said. `check` gives the processor's seconds of the spoken form and of the
checks for each script, and what they found.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any


def main() -> int:
    """Print one JSON object with the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    prepare = kinds.add_parser("prepare")
    prepare.add_argument("topics")
    prepare.add_argument("--sources", required=True)
    prepare.add_argument("--writer", default="builtin")
    check = kinds.add_parser("check")
    check.add_argument("scripts", nargs="+", type=Path)
    options = parser.parse_args()
    figures = _prepared(options) if options.kind == "prepare" else _checked(options.scripts)
    json.dump({"cores": os.cpu_count(), **figures}, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


def _prepared(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "studio.cli", "prepare", options.topics, "--sources", options.sources]
        command += ["--writer", options.writer, "--out", f"{folder}/scripts", "--json"]
        started = time.monotonic()
        ended = subprocess.run(  # noqa: S603  (our own program)
            command, env={**os.environ, "BATCHCAST_HOME": f"{folder}/library"}, stdout=subprocess.PIPE, check=False
        )
        seconds = time.monotonic() - started
    rows = json.loads(ended.stdout)["scripts"]
    off = sorted(abs(row["expected_s"] / row["asked_s"] - 1) for row in rows if row.get("asked_s"))
    found = Counter(f"{each['check']} ({each['severity']})" for row in rows for each in row.get("findings", ()))
    return {
        "scripts": len(rows),
        "seconds": round(seconds, 1),
        "seconds_a_script": round(seconds / max(1, len(rows)), 2),
        "minutes_of_speech": round(sum(row.get("expected_s", 0) for row in rows) / 60),
        "verdicts": Counter(row["verdict"] for row in rows),
        "within_5_percent": round(sum(each <= 0.05 for each in off) / max(1, len(off)), 3),
        "largest_deviation": round(off[-1], 3) if off else None,
        "findings": dict(found),
        "exit_status": ended.returncode,
    }


def _checked(scripts: list[Path]) -> dict[str, Any]:
    from studio import app
    from studio.content.intake import ScriptIntake
    from studio.domain.duration import first_guess
    from studio.domain.settings import Settings
    from studio.engine.authoring import ScriptJob
    from studio.engine.ports import unfollowed

    settings, intake = Settings(), ScriptIntake()
    rate = first_guess(settings.voice, settings.speed)
    characters = 0
    form_s = check_s = 0.0
    found: Counter[str] = Counter()
    warm = False
    for path in intake.find(scripts):
        script = intake.read(path)
        while True:  # the first time loads the words; it is not counted
            before = time.process_time()
            spoken = app.spoken_form(script, settings, {})
            between = time.process_time()
            examined = app.examine(unfollowed, ScriptJob(script, spoken, settings, rate))
            after = time.process_time()
            if warm:
                break
            warm = True
        form_s += between - before
        check_s += after - between
        characters += script.characters
        found.update(f"{each.check} ({each.severity})" for each in examined.report.findings)
    thousands = characters / 1000
    return {
        "scripts": len(intake.find(scripts)),
        "characters": characters,
        "spoken_form_ms_per_1000_characters": round(1000 * form_s / thousands, 2),
        "checks_ms_per_1000_characters": round(1000 * check_s / thousands, 2),
        "findings": dict(found),
    }


if __name__ == "__main__":
    sys.exit(main())
