"""The repair bench: episodes with faults of the speech are mended sentence by sentence, as the product mends them.

    python -m tests.faults.cures [--episodes 20] [--seconds 300] [--seed 1] [--aside] [--workers 2]

Prints one JSON object: the share of faults that were found and are cured after two attempts at most, what share of all
characters was spoken anew for one, and the seams that were found as faults themselves. What was found in the same words
before anything was spoken anew is nobody's seam, and stands apart.
"""

import argparse
import json
import multiprocessing
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from studio.audio.encode import FlacWriter
from studio.audio.splice import splice
from studio.domain.findings import Finding
from studio.domain.mending import Mending, characters
from studio.domain.sound import Mark
from studio.domain.spoken import SpokenForm
from studio.engine.jobs import Patch
from studio.engine.ports import unfollowed
from studio.engine.repair import bad_utterances, mending_for
from studio.voices.builtin_worker import RATE_HZ
from tests.faults.bench import NEAR_S, Label, Order, distance, heard, made, raised
from tests.faults.readings import say, texts

ATTEMPTS = 2  # the product's default
FAULTS = 2  # in an episode: repair is for what is good but for a sentence
SPEECH = ("missing", "extra", "repeated", "misread", "silence", "noise", "click", "clipping", "voice", "cut_off")
SEAM_S = 0.5  # a finding no further from a seam may be of its making


@dataclass(frozen=True, slots=True)
class Cure:
    """What became of one episode: its faults, which of them were found, and which are still there at the end."""

    order: Order
    faults: tuple[Label, ...]
    found: tuple[bool, ...]
    cured: tuple[bool, ...]
    characters: int  # spoken anew, over all attempts
    all_characters: int
    attempts: int
    seams: int
    bad_seams: tuple[str, ...]
    there_before: tuple[str, ...]  # near a seam, and false, but older than it


def cured(order: Order) -> Cure:
    """Make an episode, check it, and mend it until nothing is found or the attempts are used up."""
    episode = made(order)
    spoken, marks = episode.spoken, _all_marks(episode.marks, episode.spoken, len(episode.sound) / RATE_HZ)
    owners = [_owner(label, marks) for label in episode.labels]
    spent = attempts = 0
    tried: list[Mending] = []
    seams: list[float] = []
    with tempfile.TemporaryDirectory(prefix="batchcast-cure-") as folder:
        take = Path(folder) / "take0.flac"
        with FlacWriter(take, RATE_HZ) as flac:
            flac.write(episode.sound)
        report, _ = heard(take, spoken, marks)
        first = raised(report)
        found = tuple(any(distance(finding, label) <= NEAR_S for finding in first) for label in episode.labels)
        while attempts < ATTEMPTS:
            mending = mending_for(bad_utterances(report, spoken, marks, {}), spoken, tried, marks)
            if not mending:
                break
            attempts += 1
            tried.append(mending)
            spent += characters(mending, spoken)
            patches = [
                _patch(stretch, spoken, order.seed + attempts, Path(folder) / f"patch{attempts}-{number}.flac")
                for number, stretch in enumerate(mending)
            ]
            following = Path(folder) / f"take{attempts}.flac"
            spliced = splice(unfollowed, take, marks, patches, following)
            take, marks = following, spliced.marks
            seams = [edge for patch in spliced.patches for edge in patch]
            report, _ = heard(take, spoken, marks)
        left = raised(report)
    cures = tuple(not any(_within(finding, owner, marks) for finding in left) for owner in owners)
    before = {(finding.kind, finding.detail) for finding in first}
    near = [
        ((finding.kind, finding.detail) in before, _line(order, finding))
        for finding in left
        if finding.start_s is not None
        and finding.end_s is not None
        and any(finding.start_s - SEAM_S <= seam <= finding.end_s + SEAM_S for seam in seams)
    ]
    bad, old = (tuple(line for is_old, line in near if is_old is wanted) for wanted in (False, True))
    return Cure(order, episode.labels, found, cures, spent, spoken.characters, attempts, len(seams), bad, old)


def _line(order: Order, finding: Finding) -> str:
    return f"{order.text.stem}#{order.seed} {finding.kind} at {finding.start_s:.1f} s: {finding.detail}"


def _patch(stretch: tuple[int, int], spoken: SpokenForm, seed: int, out: Path) -> Patch:
    first, last = stretch
    marks: list[Mark] = []
    position = 0
    with FlacWriter(out, RATE_HZ) as flac:
        for number in range(first, last):
            utterance = spoken.utterances[number]
            sound = say(utterance.text, seed)
            pause = np.zeros(round(utterance.pause_after_s * RATE_HZ), np.float32)
            flac.write(np.concatenate((sound, pause)))
            end = position + len(sound)
            marks.append(Mark(number, utterance.start, utterance.end, position / RATE_HZ, end / RATE_HZ))
            position = end + len(pause)
    pauses_s = (spoken.utterances[first - 1].pause_after_s if first else 0.0, spoken.utterances[last - 1].pause_after_s)
    return Patch(out, tuple(marks), first, last, pauses_s)


def _all_marks(marks: Sequence[Mark], spoken: SpokenForm, end_s: float) -> tuple[Mark, ...]:
    """A mark for every utterance: those that were cut off begin and end where the sound does."""
    lost = [
        Mark(number, each.start, each.end, end_s, end_s)
        for number, each in enumerate(spoken.utterances)
        if number >= len(marks)
    ]
    return (*marks, *lost)


def _owner(label: Label, marks: Sequence[Mark]) -> tuple[int, int]:
    """The utterances, first to last (inclusive), in or behind which a fault is."""
    start, end = min(span[0] for span in label.spans), max(span[1] for span in label.spans)
    behind = [mark.utterance for mark in marks if mark.start_s <= start + 0.01]
    within = [mark.utterance for mark in marks if mark.start_s <= end]
    return max(behind, default=0), max(within, default=0)


def _within(finding: Finding, owner: tuple[int, int], marks: Sequence[Mark]) -> bool:
    if finding.start_s is None or finding.end_s is None:
        return False
    low = marks[owner[0]].start_s - SEAM_S
    high = marks[owner[1] + 1].start_s if owner[1] + 1 < len(marks) else float("inf")
    return finding.start_s < high and low < finding.end_s


def orders(episodes: int, seconds: float, seed: int, *, aside: bool) -> list[Order]:
    """Episodes with two faults of the speech each, every kind as often as the others."""
    paths = texts(aside=aside)
    random = np.random.default_rng(seed + 2_000 + 1_000 * aside)
    kinds = [str(kind) for _ in range(-(-episodes * FAULTS // len(SPEECH))) for kind in random.permutation(SPEECH)]
    return [
        Order(paths[n % len(paths)], 7_000 + seed * 100 + n, seconds, tuple(kinds[n * FAULTS : (n + 1) * FAULTS]))
        for n in range(episodes)
    ]


def summary(cures: Sequence[Cure]) -> dict[str, Any]:
    """The figures. What was not found cannot be cured: it counts for the other bench."""
    rows = [
        (label, cure.order, done)
        for cure in cures
        for label, seen, done in zip(cure.faults, cure.found, cure.cured, strict=True)
        if seen
    ]
    kinds = sorted({label.kind for label, _, _ in rows})
    mended = [cure for cure in cures if cure.attempts]
    shares = [cure.characters / cure.all_characters / len(cure.faults) for cure in mended]
    return {
        "faults": sum(len(cure.faults) for cure in cures),
        "found": len(rows),
        "cured": sum(done for _, _, done in rows),
        "cured_share": round(fmean(done for _, _, done in rows), 3) if rows else None,
        "by_kind": {
            kind: f"{sum(d for label, _, d in rows if label.kind is kind)} of {sum(r[0].kind is kind for r in rows)}"
            for kind in kinds
        },
        "characters_share_of_a_fault": {
            "mean": round(fmean(shares), 4) if shares else None,
            "worst": round(max(shares, default=0.0), 4),
        },
        "characters_share_of_an_episode": round(
            sum(cure.characters for cure in mended) / max(1, sum(cure.all_characters for cure in mended)), 4
        ),
        "attempts": sum(cure.attempts for cure in cures),
        "seams": sum(cure.seams for cure in cures),
        "seams_found_as_faults": [line for cure in cures for line in cure.bad_seams],
        "found_there_before": [line for cure in cures for line in cure.there_before],
        "not_cured": [
            f"{order.text.stem}#{order.seed} {label.kind} at {label.spans[0][0]:.1f} s ({label.note})"
            for label, order, done in rows
            if not done
        ],
    }


def main() -> int:
    """Run the bench; print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--aside", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    work = orders(options.episodes, options.seconds, options.seed, aside=options.aside)
    with ProcessPoolExecutor(options.workers, multiprocessing.get_context("spawn")) as pool:
        results = list(pool.map(cured, work))
    json.dump(summary(results), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
