"""The command that says whether texts are worth paying for, without a library: `check`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from studio import app
from studio.domain.duration import first_guess
from studio.domain.errors import BatchcastError
from studio.domain.findings import Severity, Verdict
from studio.domain.likeness import likeness_findings, parts
from studio.domain.script import Script
from studio.domain.script_report import Fingerprint, Neighbour, ScriptReport, judged
from studio.domain.settings import Settings, Value
from studio.domain.voice import VoiceRef
from studio.engine.authoring import ScriptJob
from studio.engine.drafts import Draft, Refusal
from studio.engine.ports import unfollowed
from studio.engine.script_summary import Places, script_report_json

_NOTES: Final = 10  # of one script, that a person is shown; all are in the document
_STYLES: Final = {
    Severity.FAULT: "bold red",
    Severity.UNSURE: "bold red",
    Severity.REVIEW: "yellow",
    Severity.NOTE: "dim",
}
_VERDICT_STYLES: Final = {Verdict.FAIL: "bold red", Verdict.REVIEW: "yellow", Verdict.PASS: "green"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was handed in, in its order: scripts with their reports, and what is none."""

    scripts: tuple[tuple[Script, ScriptReport], ...]
    refusals: tuple[Refusal, ...]

    @property
    def fine(self) -> bool:
        """Whether every one of them may be bought, be it after a person's look."""
        good = {Verdict.PASS, Verdict.REVIEW}
        return not self.refusals and all(report.verdict in good for _, report in self.scripts)


@dataclass(slots=True)
class _Seen:
    """The texts so far, by the bands of their likeness and by their phrases."""

    texts: list[tuple[str, Fingerprint]] = field(default_factory=list)
    bands: dict[int, list[int]] = field(default_factory=dict)
    phrases: dict[int, list[int]] = field(default_factory=dict)

    def like(self, fingerprint: Fingerprint) -> list[Neighbour]:
        near = dict.fromkeys(number for band in fingerprint.bands for number in self.bands.get(band, ()))
        holders = {phrase: self.phrases[phrase] for phrase in fingerprint.phrases if phrase in self.phrases}
        texts = {number: known.signature for number, (_, known) in enumerate(self.texts)}
        shares = parts(fingerprint.phrases, holders, texts, lambda number: self.texts[number][1].phrases)
        found = []
        for number in near | dict.fromkeys(shares):
            title, known = self.texts[number]
            inside, around = shares.get(number, (0.0, 0.0))
            found.append(Neighbour(number, title, "", known.signature, inside=inside, around=around))
        return found

    def add(self, script: Script, fingerprint: Fingerprint) -> None:
        for own, known in ((fingerprint.bands, self.bands), (fingerprint.phrases, self.phrases)):
            for part in own:
                known.setdefault(part, []).append(len(self.texts))
        self.texts.append((script.title, fingerprint))


def check(paths: Sequence[Path], values: Mapping[str, Value], minutes: float = 0.0) -> Checked:
    """Check every script in files, folders and tables, each beside those before it.

    `values` are settings; `minutes` is the length that is asked for, 0 for none. Raises `InputError` for a single path
    that is missing or holds no scripts, and for a bad brand file; `SettingError`, `VoiceError`.
    """
    settings = Settings().with_values(values)
    VoiceRef.parse(settings.voice)
    if settings.brand:
        app.read_brand(Path(settings.brand))  # a mistake in it is told before anything begins
    scripts: list[tuple[Script, ScriptReport]] = []
    refusals: list[Refusal] = []
    seen = _Seen()
    for each in app.drafts(paths):
        if isinstance(each, Refusal):
            refusals.append(each)
        elif each.script.unwritten:
            refusals.append(Refusal(each.script.source, f"“{each.script.title}” is a topic, not a script yet.", _WRITE))
        else:
            try:
                scripts.append((each.script, _report(each, settings, minutes, seen)))
            except BatchcastError as error:
                refusals.append(Refusal(each.script.source, error.message, error.remedy))
    return Checked(tuple(scripts), tuple(refusals))


_WRITE: Final = "`batchcast prepare` writes scripts from topics, and checks them."


def _report(draft: Draft, shared: Settings, minutes: float, seen: _Seen) -> ScriptReport:
    script, settings = draft.script, shared.merged(draft.values)
    brand = app.read_brand(Path(settings.brand)) if settings.brand else None
    spoken = app.spoken_form(script, settings, brand.pronunciations if brand else {})
    rate = first_guess(settings.voice, settings.speed)
    job = ScriptJob(script, spoken, settings, rate, asked_minutes=minutes, brand=brand)
    examined = app.examine(unfollowed, job)
    report = examined.report
    findings = (*report.findings, *likeness_findings(examined.fingerprint, seen.like(examined.fingerprint)))
    seen.add(script, examined.fingerprint)
    return replace(report, findings=findings, verdict=judged(findings))


def check_json(checked: Checked) -> dict[str, Any]:
    """The document of `check --json`."""
    return {
        "verdicts": {verdict: sum(report.verdict is verdict for _, report in checked.scripts) for verdict in Verdict},
        "scripts": [
            {"title": script.title, "source": script.source, **script_report_json(script.text, report)}
            for script, report in checked.scripts
        ],
        "refused": [asdict(refusal) for refusal in checked.refusals],
    }


def show(checked: Checked) -> None:
    """The same for a person: a table for each script on a terminal, and a line for each finding elsewhere."""
    console = Console(highlight=False)
    for script, report in checked.scripts:
        head = Text.assemble(
            (report.verdict.upper(), _VERDICT_STYLES.get(report.verdict, "bold red")),
            f"  {script.title}  ",
            _size(report),
        )
        console.print(head, soft_wrap=True)
        console.print(Text(f"  {script.source}", "dim"), soft_wrap=True)
        lines = list(_lines(script, report))
        if console.is_terminal and lines:
            console.print(Padding(_table(lines), (0, 0, 1, 2)))
        else:
            for place, severity, kind, words in lines:
                what = f"{place} {kind} ({severity}): " if kind else ""
                console.print(f"  {what}{words}", markup=False, soft_wrap=True)
    for refusal in checked.refusals:
        console.print(Text.assemble(("FAIL", "bold red"), f"  {refusal.message} {refusal.remedy}"), soft_wrap=True)
        console.print(Text(f"  {refusal.source}", "dim"), soft_wrap=True)


def _table(lines: Sequence[tuple[str, str, str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for place, severity, kind, words in lines:
        style = _STYLES[Severity(severity)] if severity else "dim"
        table.add_row(Text(place), Text(severity, style), Text(kind), Text(words))
    return table


def _lines(script: Script, report: ScriptReport) -> Iterator[tuple[str, str, str, str]]:
    """Place, severity, check and words of every finding; of many notes the first ones."""
    places = Places(script.text)
    notes = 0
    for each in report.findings:
        notes += each.severity is Severity.NOTE
        if each.severity is Severity.NOTE and notes > _NOTES:
            continue
        place = places.of(each)
        cure = f" Cure: {each.cure.label}." if each.cure else ""
        where = f"{place[0]}:{place[1]}" if place else "whole"
        yield where, str(each.severity), str(each.check), each.detail + cure
    if notes > _NOTES:
        yield "", "", "", f"and {notes - _NOTES} more notes; --json lists them all"


def _size(report: ScriptReport) -> str:
    minutes, seconds = divmod(round(report.expected_s), 60)
    return f"{report.words:,} words, {minutes}:{seconds:02d} min"
