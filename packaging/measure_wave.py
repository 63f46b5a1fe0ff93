"""Says how long an episode of three hours takes to appear in the wave, and to be drawn again at every zoom.

    QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/measure_wave.py [--hours 3] [--json]

Makes a waveform file with 27,000 words, 240 findings and 20 chapters, as dense as a bad episode gets. Times are the
CPU time of the Qt thread: *open* is the file read and checked (which the program does on another thread), shown, and
painted for the first time, in the wave and in the overview; *paint* is the picture made anew, as at every step of a
zoom, the slowest and the median of some; *playhead* is one step of it over the picture that is there. Limits stand
beside the figures.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from PySide6.QtWidgets import QApplication

from studio import app
from studio.audio import peaks as peaks_file
from studio.audio.waveform import Waveform
from studio.domain.findings import Finding, FindingKind, Severity
from studio.domain.hearing import Match, TimedWord
from studio.domain.sound import Peaks
from studio.ui.application import create_application
from studio.ui.overview import Overview
from studio.ui.places import Place
from studio.ui.theme import Theme
from studio.ui.time_scale import TimeScale
from studio.ui.wave_paint import WaveContent
from studio.ui.wave_view import WaveView
from studio.ui.word_line import WordLine

OPEN_MS, PAINT_MS = 100.0, 16.0
SIZES = ((900, 150), (1100, 168), (2150, 300))
SPANS_S = (None, 3600.0, 600.0, 60.0, 15.0, 3.0)
ROUNDS = 9
RATE_HZ = 1000  # of the made sound: its extremes in 10 ms are all that is kept of any


@dataclass(frozen=True, slots=True)
class Episode:
    """What is drawn, beside its peaks."""

    words: tuple[TimedWord, ...]
    places: tuple[Place, ...]
    chapters: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds at one size; of each stretch in view the usual and the worst paint."""

    size: str
    open_ms: float
    paints: dict[str, tuple[float, float]]
    playhead_ms: float

    @property
    def worst_ms(self) -> float:
        """The slowest paint of all."""
        return max(worst for _, worst in self.paints.values())


def main() -> int:
    """Measure, and print; the exit status is 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    application = create_application(sys.argv[:1])
    theme = Theme(application, app.resources())
    duration_s = options.hours * 3600
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "episode.peaks"
        peaks_file.write(path, speech(duration_s))
        figures = [_measured(theme, path, episode(duration_s), size) for size in SIZES]
    slow = [
        each for each in figures if each.open_ms > OPEN_MS or any(worst > PAINT_MS for _, worst in each.paints.values())
    ]
    if options.json:
        sizes = [asdict(each) for each in figures]
        json.dump({"open_limit_ms": OPEN_MS, "paint_limit_ms": PAINT_MS, "sizes": sizes}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _tell(figures)
    return 1 if slow else 0


def _measured(theme: Theme, path: Path, episode: Episode, size: tuple[int, int]) -> Figures:
    view, overview = WaveView(theme), Overview(theme)
    view.resize(*size)
    overview.resize(size[0], overview.height())
    view.show()
    overview.show()
    QApplication.processEvents()

    def opened() -> None:
        content = WaveContent(peaks_file.read(path), episode.places, WordLine(episode.words), episode.chapters)
        view.show_content(content)
        overview.show_content(content)
        view.repaint()
        overview.repaint()

    open_ms = max(_ms(opened) for _ in range(3))
    paints: dict[str, tuple[float, float]] = {}
    duration_s = view.scale.duration
    for span_s in SPANS_S:
        taken = []
        for step in range(ROUNDS):
            centre = duration_s * (step + 1) / (ROUNDS + 1)
            half = (span_s or duration_s) / 2
            view.show_scale(TimeScale.spanning(duration_s, size[0], centre - half, centre + half))
            taken.append(_ms(view.redraw))
        paints["whole" if span_s is None else f"{span_s:g} s"] = round(median(taken), 1), round(max(taken), 1)
    steps = [_ms(partial(_step, view, at)) for at in range(30)]
    view.hide()
    overview.hide()
    shown = f"{size[0]}x{size[1]} at {view.devicePixelRatioF():g}"
    return Figures(shown, round(open_ms, 1), paints, round(max(steps), 2))


def _step(view: WaveView, at: int) -> None:
    view.set_playhead(view.scale.start + at * 0.033, follow=False)
    QApplication.processEvents()


def _ms(work: Callable[[], None]) -> float:
    """How long the Qt thread is at it: its own CPU time, so that what else runs on the machine does not count."""
    started = time.thread_time()
    work()
    return (time.thread_time() - started) * 1000


def _tell(figures: list[Figures]) -> None:
    for each in figures:
        sys.stdout.write(f"{each.size}: open {each.open_ms} ms (limit {OPEN_MS:g}), playhead {each.playhead_ms} ms\n")
        for span, (usual, worst) in each.paints.items():
            sys.stdout.write(f"    {span:>7} in view: {usual:5.1f} ms, worst {worst:5.1f} (limit {PAINT_MS:g})\n")


def speech(duration_s: float) -> Peaks:
    """Noise in syllables, words and breaths: as ragged as speech."""
    random = np.random.default_rng(1)
    waveform = Waveform(RATE_HZ, 1)
    for minute in range(int(duration_s // 60)):
        at = np.arange(60 * RATE_HZ) / RATE_HZ + minute * 60
        envelope = np.abs(np.sin(at * 13)) * (np.sin(at * 1.7) > -0.7) * (np.sin(at * 0.11) * 0.3 + 0.7)
        waveform.feed((random.normal(0, 0.2, at.size) * envelope).astype(np.float32)[None, :])
    waveform.finish()
    return Peaks(duration_s, waveform.levels(), bytes(random.integers(28, 40, int(duration_s), dtype=np.uint8)))


def episode(duration_s: float) -> Episode:
    """As many words, findings and chapters as a bad one has."""
    words, offset = [], 0
    for number in range(int(duration_s * 2.5)):
        text = ("immediately", "aware", "of", "what", "which", "nearer")[number % 6]
        match = Match.MISREAD if number % 97 == 0 else Match.SAME
        words.append(TimedWord(text, offset, offset + len(text), number * 0.4, number * 0.4 + 0.35, match))
        offset += len(text) + 1
    severities = list(Severity)
    places = []
    for number in range(240):
        start = duration_s * (number + 0.3) / 240
        finding = Finding(FindingKind.MISREAD_WORDS, severities[number % 4], "", start, start + 1.4, "a", "b")
        places.append(Place(number, finding, start, start + 1.4))
    chapters = tuple((duration_s * number / 20, f"Chapter {number + 1}") for number in range(20))
    return Episode(tuple(words), tuple(places), chapters)


if __name__ == "__main__":
    sys.exit(main())
