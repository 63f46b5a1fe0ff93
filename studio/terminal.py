"""What the command line shows while it works and when it is through. All of it goes to standard error or a table."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from studio.domain.episode import STAGES, Episode, State
from studio.domain.findings import QaReport, Verdict, percent
from studio.domain.health import Health
from studio.domain.money import usd
from studio.domain.project import Project
from studio.domain.voice import provider_name
from studio.domain.voiceprint import LINE_MEANS
from studio.engine.drafts import Refusal
from studio.engine.events import Doing, EpisodeAdded, EpisodeChanged, Eta, Event, Notice, Progress, PurchasesChanged

_WORDS: Final = {
    State.QUEUED: "queued",
    State.WORKING: "working",
    State.NEEDS_YOU: "needs you",
    State.DONE: "done",
    State.FAILED: "failed",
    State.REJECTED: "rejected",
    State.CANCELLED: "cancelled",
}
_SETTLED: Final = {State.DONE, State.NEEDS_YOU, State.FAILED, State.REJECTED, State.CANCELLED}
MOST_SHOWN = 12


class Display:
    """Follows a run: a live table where there is a terminal, one line an episode where there is none."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._episodes: dict[int, Episode] = {}
        self._fractions: dict[int, float] = {}
        self._doing: dict[int, str] = {}
        self._purchases: dict[str, PurchasesChanged] = {}
        self._eta = Eta(None, None)
        self._live = Live(get_renderable=self._picture, console=self._console, refresh_per_second=4, transient=True)

    def shown(self) -> AbstractContextManager[object]:
        """The live table, for as long as the context lasts."""
        return self._live if self._console.is_terminal else nullcontext()

    def know(self, episodes: Iterable[Episode]) -> None:
        """The episodes of the run as they stand at its start."""
        self._episodes.update({episode.id: episode for episode in episodes})

    def hear(self, event: Event) -> None:
        """A listener for the engine's events."""
        if isinstance(event, EpisodeAdded | EpisodeChanged):
            self._changed(event.episode)
        elif isinstance(event, Progress):
            self._fractions[event.episode_id] = event.fraction
        elif isinstance(event, Doing):
            self._doing[event.episode_id] = event.text
        elif isinstance(event, PurchasesChanged):
            self._bought(event)
        elif isinstance(event, Eta):
            self._eta = event
        elif isinstance(event, Notice):
            self._print(f"{event.message} {event.remedy}".strip())

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)

    def _changed(self, episode: Episode) -> None:
        before = self._episodes.get(episode.id)
        self._episodes[episode.id] = episode
        self._fractions.pop(episode.id, None)
        self._doing.pop(episode.id, None)
        if episode.state in _SETTLED and (before is None or before.state is not episode.state):
            self._print(_sentence(episode))

    def _bought(self, event: PurchasesChanged) -> None:
        """Say when buying pauses, goes on or stops; everything between belongs to the live picture only."""
        before = self._purchases.get(event.seller)
        self._purchases[event.seller] = event
        was_paused, was_stopped = (bool(before.paused), before.stopped) if before else (False, "")
        if event.stopped and event.stopped != was_stopped:
            self._print(event.stopped)
        elif event.paused and not was_paused:
            self._print(event.paused)
        elif was_paused and not event.paused and not event.stopped:
            self._print("Buying goes on.")

    def _picture(self) -> Group:
        lines = [
            Text(line, overflow="ellipsis", no_wrap=True)
            for event in self._purchases.values()
            for line in purchase_lines(event)
        ]
        return Group(self._table(), *lines)

    def _table(self) -> Table:
        rows = list(self._episodes.values())
        settled = sum(episode.state in _SETTLED for episode in rows)
        table = Table(box=None, pad_edge=False, show_header=False)
        done = sum(self._share(episode) for episode in rows)
        table.add_row(
            f"{settled} of {len(rows)}", ProgressBar(total=max(len(rows), 1), completed=done, width=40), self._left()
        )
        working = [episode for episode in rows if episode.state is State.WORKING]
        for episode in working[:MOST_SHOWN]:
            bar = ProgressBar(total=1.0, completed=self._fractions.get(episode.id, 0.0), width=40)
            doing = self._doing.get(episode.id)
            about = f"{episode.title}: {doing}" if doing else episode.title
            table.add_row(f"{episode.number:03d} {episode.stage}", bar, Text(about))
        return table

    def _share(self, episode: Episode) -> float:
        if episode.state in _SETTLED:
            return 1.0
        return (STAGES.index(episode.stage) + self._fractions.get(episode.id, 0.0)) / len(STAGES)

    def _left(self) -> str:
        if self._eta.low_s is None or self._eta.high_s is None:
            return "estimating …"
        return f"{_clock(self._eta.low_s)} to {_clock(self._eta.high_s)} left"


def purchase_lines(event: PurchasesChanged) -> list[str]:
    """How buying at one vendor goes, in a line, and what is in its way in another."""
    in_flight = sum(slots.in_flight for slots in event.slots)
    width = sum(slots.width for slots in event.slots)
    waiting = sum(slots.waiting for slots in event.slots)
    facts = [
        f"{in_flight} of {width} calls at once",
        f"{event.asked_last_minute} of {event.per_minute} in the last minute",
    ]
    if waiting:
        facts.append(f"{waiting} wait")
    if event.retrying:
        facts.append(f"{event.retrying} to be tried again")
    seller = provider_name(event.seller)
    name = f"{seller} ({event.plan})" if event.plan else seller
    trouble = event.stopped or event.paused
    if event.probe_in_s and not event.stopped:
        trouble = f"{trouble} Next try in {event.probe_in_s:.0f} s."
    return [f"{name}: {', '.join(facts)}", *([trouble] if trouble else [])]


def _sentence(episode: Episode) -> str:
    about = f"{episode.number:03d} {episode.title}: {_WORDS[episode.state]}"
    if episode.state is State.DONE:
        return f"{about}, {_measures(episode)}, {episode.folder}"
    if episode.awaits_approval:
        return f"{episode.number:03d} {episode.title}: {episode.reason}"
    if episode.state is State.NEEDS_YOU:
        why = f"verdict {episode.verdict}" if episode.verdict != "pass" else "drawn for review"
        return f"{about} ({why}), {_measures(episode)}"
    return f"{about}. {episode.reason} {episode.remedy}".strip()


def _measures(episode: Episode) -> str:
    words = "-" if episode.word_accuracy is None else f"{percent(episode.word_accuracy)} of the words"
    loudness = "-" if episode.loudness_lufs is None else f"{episode.loudness_lufs:.1f} LUFS"
    return f"{_clock(episode.duration_s or 0)}, {words}, {loudness}"


def print_refusals(refusals: Iterable[Refusal]) -> None:
    """One line a script that cannot be used, on standard error."""
    console = Console(stderr=True, highlight=False)
    for refusal in refusals:
        console.print(f"{refusal.message} {refusal.remedy}", markup=False, soft_wrap=True)


def print_filled(count: int, out: Path) -> None:
    """That folders of finished episodes were not where they belong, and are made again; on standard error."""
    if count:
        line = "1 folder of a finished episode is" if count == 1 else f"{count} folders of finished episodes are"
        Console(stderr=True, highlight=False).print(
            f"{line} not in {out}: written there again, at no cost.", markup=False, soft_wrap=True
        )


def print_copies(folders: Sequence[str], wanted: int, out: Path) -> None:
    """The folders that were written elsewhere, in a line each, and how many of those that were wanted."""
    console = Console(highlight=False)
    for folder in folders:
        console.print(folder, markup=False, soft_wrap=True)
    console.print(f"{len(folders)} of {wanted} folders written to {out}.", markup=False, soft_wrap=True)


def print_summary(projects: Sequence[Project], episodes: Sequence[Episode], seconds: float, forgiven: int = 0) -> None:
    """The end of a run: every episode in a line, then the totals; `forgiven` differences were none on a second look."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    judged = [
        ("Voice", any(episode.voice_consistency is not None for episode in episodes)),
        ("Brand", any(episode.brand_alignment is not None for episode in episodes)),
    ]
    extra = [heading for heading, there in judged if there]
    for heading in ("#", "Episode", "State", "Verdict", "Length", "Words", *extra, "LUFS", "dBTP", "Cost"):
        table.add_column(heading, justify="left" if heading in {"Episode", "State", "Verdict"} else "right")
    for episode in episodes:
        table.add_row(
            f"{episode.number:03d}",
            Text(episode.title),
            "script" if episode.awaits_approval else _WORDS[episode.state],
            (episode.script_verdict if episode.awaits_approval else episode.verdict) or "-",
            _clock(episode.duration_s) if episode.duration_s else "-",
            _percent(episode.word_accuracy),
            *(_percent({"Voice": episode.voice_consistency, "Brand": episode.brand_alignment}[each]) for each in extra),
            "-" if episode.loudness_lufs is None else f"{episode.loudness_lufs:.1f}",
            "-" if episode.true_peak_dbtp is None else f"{episode.true_peak_dbtp:.1f}",
            f"${usd(episode.cost_micro):.2f}",
        )
    console.print(table)
    done = [episode for episode in episodes if episode.state is State.DONE]
    audio_s = sum(episode.duration_s or 0 for episode in done)
    console.print(f"{len(done)} of {len(episodes)} finished, {_clock(audio_s)} of audio, in {_clock(seconds)}.")
    repairs = sum(episode.repairs for episode in episodes)
    if repairs:
        console.print(f"{repairs} automatic repair{'' if repairs == 1 else 's'}.")
    if forgiven:
        console.print(f"{forgiven} difference{'' if forgiven == 1 else 's'} let go on a second look.")
    scripts = [episode for episode in episodes if episode.awaits_approval]
    if scripts:
        wait = "1 script waits" if len(scripts) == 1 else f"{len(scripts)} scripts wait"
        mend = any(episode.script_verdict is Verdict.FAIL for episode in scripts)
        other = ", or mend what `batchcast check` finds in them and add them again" if mend else ""
        console.print(f"{wait} for approval: open the window with `batchcast`{other}.", soft_wrap=True)
    waiting = sum(episode.state is State.NEEDS_YOU for episode in episodes) - len(scripts)
    if waiting:
        console.print(f"{waiting} wait for a person: open the window with `batchcast`.")
    held_back = Counter(f"{e.reason} {e.remedy}".strip() for e in episodes if e.state is State.QUEUED and e.reason)
    for reason, count in held_back.items():
        console.print(f"{count} in the queue: {reason}", markup=False, soft_wrap=True)
    for project in projects:
        console.print(f"{project.name}: {project.out_dir}", markup=False, soft_wrap=True)


def print_report(report: QaReport) -> None:
    """What `verify` found."""
    console = Console(highlight=False)
    sound = report.sound
    accuracy = report.alignment.accuracy
    console.print(f"Verdict: {report.verdict}")
    console.print(f"Words heard right: {'-' if accuracy is None else percent(accuracy)} (ears: {report.ears})")
    loudness = "-" if sound.loudness_lufs is None else f"{sound.loudness_lufs:.1f} LUFS"
    peak = "-" if sound.true_peak_dbtp is None else f"{sound.true_peak_dbtp:.1f} dBTP"
    console.print(f"Loudness: {loudness} ({sound.channel_convention}), true peak: {peak}")
    expected = report.expected_duration_s
    console.print(f"Length: {_clock(sound.duration_s)}, expected {'-' if expected is None else _clock(expected)}")
    if report.voice:
        own = report.voice.learned_from
        with_what = f"{own} accepted episode{'' if own == 1 else 's'}" if own else "known voices"
        console.print(f"Voice consistency: {_percent(report.voice.consistency)}, compared with {with_what}")
        console.print(f"  {LINE_MEANS}", soft_wrap=True)
    if report.brand:
        console.print(f"Brand alignment: {_percent(report.brand.alignment)}")
        for each in report.brand.deductions:
            console.print(f"  {_place(each.start_s)} -{each.points:g}: {each.detail}", markup=False, soft_wrap=True)
    if report.alignment.forgiven:
        console.print(f"Differences let go on a second look: {len(report.alignment.forgiven)}")
    for finding in report.findings:
        sure = "" if finding.sure is None else f", {finding.sure:.0%} sure"
        console.print(
            f"{_place(finding.start_s)} {finding.kind} ({finding.severity}{sure}): {finding.detail}",
            markup=False,
            soft_wrap=True,
        )


def print_health(parts: Iterable[Health]) -> None:
    """The doctor's findings, a line a part."""
    console = Console(highlight=False)
    for part in parts:
        sign = "ok  " if part.works else "BAD " if part.needed else "--  "
        console.print(f"{sign} {part.part}: {part.detail} {part.remedy}".rstrip(), markup=False, soft_wrap=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _percent(share: float | None) -> str:
    """Rounded down: what misses its line never looks as if it met it."""
    return "-" if share is None else f"{math.floor(share * 1000 + 1e-6) / 10:.1f}%"


def _place(start_s: float | None) -> str:
    if start_s is None:
        return "whole episode"
    minutes, seconds = divmod(start_s, 60)
    return f"{int(minutes)}:{seconds:04.1f}"
