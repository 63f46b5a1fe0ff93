"""The command `prepare`: topics become checked scripts in a folder, each with its report."""

import argparse
import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from studio.arguments import is_there
from studio.domain.episode import Episode, Stage, State
from studio.domain.errors import BatchcastError, ExportError
from studio.domain.findings import Verdict
from studio.domain.money import usd
from studio.domain.project import Project
from studio.domain.release import folder_name
from studio.domain.script_report import ScriptReport
from studio.domain.settings import Value
from studio.engine.batch import Studio
from studio.engine.drafts import Draft, Refusal
from studio.engine.script_summary import script_report_json
from studio.engine.scripts import Dossier

REPORT: Final = ".report.json"
_TABLES: Final = frozenset({".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson"})
_SCRIPTS: Final = frozenset(
    {".md", ".markdown", ".txt", ".docx", ".html", ".htm", ".xhtml", ".epub", ".pdf", ".ssml", ".xml"}
)


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of one episode: its script's file, None where there is none (yet); `kept` is one that was changed."""

    episode: Episode
    report: ScriptReport | None = None
    text: str = ""
    writer: str = ""
    path: Path | None = None
    kept: bool = False


def settings_of(options: argparse.Namespace) -> dict[str, Value]:
    """The settings that the command's own options give."""
    values: dict[str, Value] = {}
    if options.sources:
        values["sources"] = "\n".join(_source(each) for each in options.sources)
    if options.template:
        values["template"] = options.template
    return values


def split(topics: Sequence[str]) -> tuple[list[Path], list[str]]:
    """What the command was given: files and folders, and topics in words."""
    paths = [Path(each) for each in topics if is_there(each) or _names_a_file(each)]
    return paths, [each for each in topics if Path(each) not in paths]


async def queue_words(studio: Studio, project: Project, topics: Sequence[str]) -> Sequence[Refusal]:
    """Queue topics that were given in words; those that the project has already are simply part of it.

    Raises `InputError` for a single one that says nothing; among others it is refused.
    """
    read: list[Draft] = []
    refused: list[Refusal] = []
    for each in topics:
        try:
            read.append(studio.reception.topic(each))
        except BatchcastError as error:
            if len(topics) == 1:
                raise
            refused.append(Refusal("Topic", error.message, error.remedy))
    _, twice = await studio.reception.queue(project, read)
    return [*refused, *(refusal for refusal in twice if not refusal.known)]


async def try_again(studio: Studio, project: Project) -> None:
    """Put the topics that could not be written back into the queue: now there may be sources, or a model, for them."""
    for episode in await studio.episodes(project.id):
        if episode.state is State.FAILED and episode.stage is Stage.WRITE:
            await studio.run.runner.retry(episode)


async def file_scripts(studio: Studio, project: Project, out: Path) -> list[Filed]:
    """Write every script of a project, with its report, into `out`; each file is whole or absent.

    One that somebody has changed since it was written is left as it is. Raises `ExportError`.
    """
    filed = []
    for episode in await studio.episodes(project.id):
        dossier = await studio.scripts.dossier(episode.id)
        if dossier.script.unwritten or dossier.report is None:
            filed.append(Filed(episode))
            continue
        filed.append(_file(dossier, dossier.report, out))
    return filed


def document(project: Project, filed: Sequence[Filed], refusals: Sequence[Mapping[str, Any]], seconds: float) -> Any:
    """What `prepare --json` prints."""
    return {
        "project": project.name,
        "scripts_written": sum(each.path is not None for each in filed),
        "production_time_s": round(seconds, 3),
        "cost_usd": usd(sum(each.episode.cost_micro for each in filed)),
        "scripts": [_row(each) for each in filed],
        "refused": list(refusals),
    }


def is_fine(filed: Sequence[Filed]) -> bool:
    """Whether every topic has a script that may be spoken."""
    return bool(filed) and all(each.report is not None and each.report.verdict is not Verdict.FAIL for each in filed)


def summary(filed: Sequence[Filed], seconds: float) -> list[str]:
    """The end of the command, in lines."""
    lines = []
    for each in filed:
        name = f"{each.episode.number:03d} {each.episode.title}"
        if each.report is None:
            why = f"{each.episode.reason} {each.episode.remedy}".strip() or "not written yet"
            lines.append(f"{name}: {why}")
            continue
        minutes = each.report.expected_s / 60
        asked = f" of {each.report.asked_s / 60:g}" if each.report.asked_s else ""
        left = " (left as you changed it)" if each.kept else ""
        lines.append(f"{name}: {each.report.verdict}, {minutes:.1f}{asked} min, {each.path}{left}")
    written = [each for each in filed if each.path is not None]
    spent = sum(each.episode.cost_micro for each in filed)
    cost = f", ${usd(spent):,.2f}" if spent else ""
    lines.append(f"{len(written)} of {len(filed)} scripts in {seconds:.0f} s{cost}.")
    waiting = sum(each.episode.state is State.NEEDS_YOU and each.episode.stage is Stage.PREPARE for each in filed)
    if waiting:
        lines.append(f"{waiting} wait for your approval before they are spoken: open the window with `batchcast`.")
    return lines


def _file(dossier: Dossier, report: ScriptReport, out: Path) -> Filed:
    episode, provenance = dossier.episode, dossier.provenance
    path = out / f"{folder_name(episode.number, episode.title)}.md"
    beside = path.with_name(path.stem + REPORT)
    text = _with_front_matter(dossier)
    writer = provenance.writer if provenance else ""
    if path.exists() and _hash(path) != _noted(beside) and path.read_text("utf-8", "replace") != text:
        return Filed(episode, report, dossier.script.text, writer, path, kept=True)
    about: dict[str, Any] = {
        "title": episode.title,
        "source": episode.source,
        "sha256": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        **script_report_json(dossier.script.text, report),
    }
    if provenance is not None:
        about |= {
            "writer": writer,
            "notes": provenance.notes,
            "written_with": dict(provenance.written_with),
            "sources": [
                {"title": each.source.title, "address": each.source.address, "place": each.place, "text": each.text}
                for each in provenance.excerpts
            ],
            "citations": [
                {"start": each.start, "end": each.end, "source": each.excerpt} for each in provenance.citations
            ],
        }
    _write(beside, json.dumps(about, ensure_ascii=False, indent=2) + "\n")
    _write(path, text)
    return Filed(episode, report, dossier.script.text, writer, path)


def _with_front_matter(dossier: Dossier) -> str:
    """The script as a file that can be handed in again: its title goes with it."""
    title = json.dumps(dossier.episode.title, ensure_ascii=False)  # a JSON string is a YAML one
    return f"---\ntitle: {title}\n---\n\n{dossier.script.text.strip()}\n"


def _write(path: Path, text: str) -> None:
    growing = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with growing.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        growing.replace(path)
    except OSError as error:
        growing.unlink(missing_ok=True)
        raise ExportError(
            f"“{path}” cannot be written ({error.strerror or error}).",
            "Make room, or choose another folder with --out.",
        ) from error


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _noted(report: Path) -> str:
    """The hash of the script that was written beside this report; empty where nobody knows."""
    try:
        noted = json.loads(report.read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    return str(noted.get("sha256", "")) if isinstance(noted, dict) else ""


def _row(filed: Filed) -> dict[str, Any]:
    episode = filed.episode
    row: dict[str, Any] = {
        "title": episode.title,
        "source": episode.source,
        "state": episode.state,
        "stage": episode.stage,
        "file": str(filed.path) if filed.path else None,
        "changed_by_hand": filed.kept,
        "writer": filed.writer,
        "cost_usd": usd(episode.cost_micro),
        "reason": episode.reason,
    }
    return {**row, **(script_report_json(filed.text, filed.report) if filed.report else {"verdict": None})}


def _source(given: str) -> str:
    return given if "://" in given else str(Path(given).expanduser().absolute())


def _names_a_file(given: str) -> bool:
    """A name with an ending that scripts and tables have is a file that is missing, and no topic."""
    suffix = Path(given).suffix.lower()
    return suffix in _TABLES or (suffix in _SCRIPTS and " " not in given)
