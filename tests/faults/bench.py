"""The fault bench: episodes with labelled faults of every kind, and clean ones, checked as the product checks them.

    python -m tests.faults.bench [--episodes 24] [--clean 12] [--seconds 200] [--seed 1] [--aside] [--workers 2]

Prints one JSON object: recall for each kind, how far off the places are, false alarms per hour, how many clean episodes
pass. `--aside` takes the texts, and with them the places, that nothing was tuned on; `--episodes 0 --clean 54` is three
hours of clean speech. What is heard of each episode is told on stderr as soon as it is known.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from studio.audio.encode import FlacWriter
from studio.audio.mastering import master
from studio.domain.duration import first_guess
from studio.domain.findings import Finding, FindingKind, QaReport, Severity, Verdict
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm
from studio.engine.jobs import CheckJob, MasterJob
from studio.engine.ports import unfollowed
from studio.quality.check import check
from studio.voices.builtin_worker import RATE_HZ
from tests.faults.readings import Sound, excerpt, say, texts, vocabulary
from tests.faults.wrong import MAKERS, Draft, Item, Place, Wrong

NEAR_S = 1.0  # a finding no further from its fault is at its place
APART_S = 9.0  # between two faults of an episode
ALARM_S = 2.5  # a finding further than that from every fault is a false alarm
BROAD_S = 8.0  # a finding longer than its fault by more than this is at no place
ENDS_S = 0.4  # silence before and after
FAULTS = 5  # in an episode


@dataclass(frozen=True, slots=True)
class Order:
    """What an episode is to be made of."""

    text: Path
    seed: int
    seconds: float
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A fault and its right places, in seconds of the episode."""

    kind: FindingKind
    spans: tuple[tuple[float, float], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode to be checked: its sound (24 kHz mono), what should be said, where the voice says that it is."""

    sound: Sound
    spoken: SpokenForm
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """An episode with the report on it; `seconds` is what mastering and checking took."""

    order: Order
    labels: tuple[Label, ...]
    report: QaReport
    seconds: float
    limited_db: float


def made(order: Order) -> Episode:
    """Read the text aloud, with the faults that are asked for at random places."""
    random = np.random.default_rng(zlib.crc32(f"{order.text.name}:{order.seed}:{order.kinds}".encode()))
    spoken = excerpt(order.text, order.seconds, random)
    items = [Item(each, say(each.text, order.seed), each.pause_after_s) for each in spoken.utterances]
    draft = Draft(items, vocabulary(order.text), random, order.seed)
    free = list(range(1, len(items) - 3))
    for kind in sorted(order.kinds, key=lambda kind: kind == "cut_off"):
        wrong = None
        for _ in range(30):
            if not free:
                break
            index = int(random.choice(free))
            wrong = MAKERS[kind](draft, index)
            if wrong is not None:
                break
        if wrong is not None:
            draft.wrongs.append(wrong)
            keep_apart(draft, wrong, free)
    return _assembled(draft, spoken)


def keep_apart(draft: Draft, wrong: Wrong, free: list[int]) -> None:
    """Take from the `free` sentences those that are too near to a fault to get one themselves."""
    low = min(place.item for place in wrong.places)
    high = max(place.item for place in wrong.places)
    if wrong.kind is FindingKind.VOICE:
        high += 2
    taken = set(range(low, high + 1))
    for beside in (range(low - 1, -1, -1), range(high + 1, len(draft.items))):
        distance_s = 0.0
        for index in beside:
            if distance_s >= APART_S:
                break
            taken.add(index)
            distance_s += draft.length_s(index)
    free[:] = [index for index in free if index not in taken]


def _assembled(draft: Draft, spoken: SpokenForm) -> Episode:
    parts: list[Sound] = [np.zeros(round(ENDS_S * RATE_HZ), np.float32)]
    starts: list[float] = []
    marks: list[Mark] = []
    position = len(parts[0])
    for number, item in enumerate(draft.items):
        starts.append(position / RATE_HZ)
        pause = np.zeros(round(item.pause_s * RATE_HZ), np.float32)
        parts += [item.sound, pause]
        end = position + len(item.sound)
        marks.append(Mark(number, item.utterance.start, item.utterance.end, position / RATE_HZ, end / RATE_HZ))
        position = end + len(pause)
    if not any(wrong.kind is FindingKind.CUT_OFF for wrong in draft.wrongs):
        parts.append(np.zeros(round(ENDS_S * RATE_HZ), np.float32))
    starts.append(position / RATE_HZ)

    def span(place: Place) -> tuple[float, float]:
        begin = starts[place.item]
        return begin + place.start_s, begin + max(place.start_s, place.end_s)

    labels = tuple(Label(wrong.kind, tuple(map(span, wrong.places)), wrong.note) for wrong in draft.wrongs)
    return Episode(np.concatenate(parts), spoken, tuple(marks), labels)


def checked(order: Order) -> Checked:
    """Make an episode, master it, check it."""
    episode = made(order)
    with tempfile.TemporaryDirectory(prefix="batchcast-bench-") as folder:
        take = Path(folder) / "take.flac"
        with FlacWriter(take, RATE_HZ) as flac:
            flac.write(episode.sound)
        # A vendor's voice may not say where it is.
        marks = episode.marks if order.seed % 2 else ()
        started = time.perf_counter()
        report, limited_db = heard(take, episode.spoken, marks)
        seconds = time.perf_counter() - started
    return Checked(order, episode.labels, report, seconds, limited_db)


def heard(take: Path, spoken: SpokenForm, marks: tuple[Mark, ...]) -> tuple[QaReport, float]:
    """A take mastered and checked: the report, and how much was limited."""
    settings = Settings()
    mp3, peaks = take.with_suffix(".mp3"), take.with_suffix(".peaks")
    mastered = master(unfollowed, MasterJob(take, mp3, peaks, settings.loudness_target, settings.max_silence_s))
    job = CheckJob(
        audio=mp3,
        spoken=spoken,
        marks=marks,
        rate=first_guess(settings.voice, settings.speed),
        settings=settings,
        spots=mastered.sound.spots,
        limited_db=mastered.limited_db,
    )
    return check(unfollowed, job), mastered.limited_db


def raised(report: QaReport) -> list[Finding]:
    """The findings that somebody is told of."""
    return [finding for finding in report.findings if finding.severity is not Severity.NOTE]


def distance(finding: Finding, label: Label) -> float:
    """Seconds between a finding and the nearest right place of a fault; infinite where the finding has no place."""
    if finding.start_s is None or finding.end_s is None:
        return float("inf")
    low, high = finding.start_s, finding.end_s
    gaps = [max(0.0, low - end, start - high) for start, end in label.spans if high - low <= end - start + BROAD_S]
    return min(gaps, default=float("inf"))


def orders(episodes: int, clean: int, seconds: float, seed: int, *, aside: bool) -> Iterator[Order]:
    """Episodes with faults, every kind as often as the others, and clean ones."""
    paths = texts(aside=aside)
    random = np.random.default_rng(seed + 1_000 * aside)
    kinds: list[str] = []
    for number in range(episodes):
        chosen: list[str] = []
        while len(chosen) < FAULTS:
            if not kinds:
                kinds = list(random.permutation(list(MAKERS)))
            chosen.append(str(kinds.pop()))
        yield Order(paths[number % len(paths)], seed * 100 + number, seconds, tuple(chosen))
    for number in range(clean):
        yield Order(paths[(number * 3 + 1) % len(paths)], seed * 100 + 50 + number, seconds, ())


def summary(results: Sequence[Checked]) -> dict[str, Any]:
    """The figures."""
    faulty = [result for result in results if result.order.kinds]
    clean = [result for result in results if not result.order.kinds]
    put_in: Counter[str] = Counter()
    found: Counter[str] = Counter()
    named: Counter[str] = Counter()
    off: dict[str, list[float]] = {}
    ends_off: list[float] = []
    missed: list[str] = []
    alarms: list[str] = []
    for result in faulty:
        findings = raised(result.report)
        for label in result.labels:
            put_in[label.kind] += 1
            near = [finding for finding in findings if distance(finding, label) <= NEAR_S]
            found[label.kind] += bool(near)
            right = [finding for finding in near if finding.kind is label.kind]
            named[label.kind] += bool(right)
            if near:
                best = min(right or near, key=lambda finding: _off(finding, label)[0])
                off.setdefault(label.kind, []).append(_off(best, label)[0])
                ends_off.append(_off(best, label)[1])
            if not right:
                there = "; ".join(f"{finding.kind}: {finding.detail}" for finding in near) or "nothing"
                missed.append(f"{_where(result)} {label.kind} at {label.spans[0][0]:.1f} s ({label.note}): {there}")
        alarms += _alarms(result, findings)
    clean_alarms = [line for result in clean for line in _alarms(result, raised(result.report))]
    accuracies = [each.report.alignment.accuracy or 0.0 for each in clean]
    clean_h = sum(each.report.sound.duration_s for each in clean) / 3600
    faulty_h = sum(each.report.sound.duration_s for each in faulty) / 3600
    total = sum(put_in.values())
    return {
        "faults": total,
        "recall": _share(sum(found.values()), total),
        "recall_by_name": _share(sum(named.values()), total),
        "by_kind": {
            kind: {
                "n": n,
                "recall": _share(found[kind], n),
                "by_name": _share(named[kind], n),
                "start_off_s": _spread(off.get(kind, [])),
            }
            for kind, n in sorted(put_in.items())
        },
        "start_off_s": _spread([each for kind in off.values() for each in kind]),
        "end_off_s": _spread(ends_off),
        "faulty_hours": round(faulty_h, 3),
        "false_alarms_in_faulty": len(alarms),
        "clean_hours": round(clean_h, 3),
        "clean_false_alarms": len(clean_alarms),
        "clean_false_alarms_per_hour": round(len(clean_alarms) / clean_h, 2) if clean_h else None,
        "clean_episodes": len(clean),
        "clean_passed": sum(each.report.verdict is Verdict.PASS for each in clean),
        "clean_accuracy": {"mean": _mean(accuracies), "min": round(min(accuracies, default=0.0), 4)},
        "clean_voice_min": min((each.report.voice.consistency for each in clean if each.report.voice), default=None),
        "limited_db": {
            "median": _quantile([each.limited_db for each in clean], 0.5),
            "max": _quantile([each.limited_db for each in clean], 1.0),
        },
        "master_and_check_x_real_time_per_process": round(
            3600 * (clean_h + faulty_h) / max(1e-9, sum(each.seconds for each in results)), 1
        ),
        "missed_or_misnamed": missed,
        "false_alarms": alarms,
        "clean_alarms": clean_alarms,
    }


def _alarms(result: Checked, findings: Sequence[Finding]) -> list[str]:
    lines = []
    for finding in findings:
        away = min((distance(replace_broad(finding, label), label) for label in result.labels), default=float("inf"))
        follows = finding.start_s is None and bool(result.labels)  # about the whole: faults have that effect
        if away > ALARM_S and not follows:
            place = "whole" if finding.start_s is None else f"{finding.start_s:.1f} s"
            lines.append(f"{_where(result)} {finding.kind}/{finding.severity} at {place}: {finding.detail}")
    return lines


def replace_broad(finding: Finding, label: Label) -> Finding:
    """A broad finding shrunk to where it begins, so that it may belong to a fault all the same."""
    longest = max(end - start for start, end in label.spans) + BROAD_S
    if finding.start_s is None or finding.end_s is None or finding.end_s - finding.start_s <= longest:
        return finding
    return replace(finding, end_s=finding.start_s + longest)


def _off(finding: Finding, label: Label) -> tuple[float, float]:
    """Seconds from start to start and from end to end, of the right place that begins nearest to it."""
    assert finding.start_s is not None
    assert finding.end_s is not None
    start, end = min(label.spans, key=lambda span: abs(span[0] - (finding.start_s or 0.0)))
    return abs(finding.start_s - start), abs(finding.end_s - end)


def _where(result: Checked) -> str:
    return f"{result.order.text.stem}#{result.order.seed}"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _quantile(values: Sequence[float], quantile: float) -> float | None:
    return round(float(np.quantile(values, quantile)), 2) if values else None


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    return {"median": _quantile(values, 0.5), "p95": _quantile(values, 0.95), "most": _quantile(values, 1.0)}


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None


def main() -> int:
    """Run the bench; print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=24)
    parser.add_argument("--clean", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=200.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--aside", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kinds", nargs="*", choices=list(MAKERS), help="only these kinds of faults")
    options = parser.parse_args()
    work = list(orders(options.episodes, options.clean, options.seconds, options.seed, aside=options.aside))
    if options.kinds:
        wanted = options.kinds
        work = [
            replace(o, kinds=tuple(wanted[n % len(wanted)] for n in range(FAULTS)) if o.kinds else ()) for o in work
        ]
    with ProcessPoolExecutor(options.workers, multiprocessing.get_context("spawn")) as pool:
        results = []
        for result in pool.map(checked, work):
            results.append(result)
            report = result.report
            sys.stderr.write(f"{_where(result)} {report.verdict}, {report.alignment.accuracy or 0.0:.4f}\n")
            sys.stderr.writelines(f"    {finding.kind}: {finding.detail}\n" for finding in raised(report))
    json.dump(summary(results), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
