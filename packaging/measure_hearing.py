"""Says how fast an episode is checked by ear, and how fast plain faster-whisper hears the same sound.

    .venv/bin/python packaging/measure_hearing.py SCRIPT --minutes 15

The built-in voice speaks the script and it is mastered, once. Then, one after the other in the same run, as many
processes as the machine has cores, with one thread each: the whole check (measuring, first and second hearing, voice),
and faster-whisper `base` as it comes (sequential, int8, all cores). Prints one JSON object; speeds are in seconds of
sound per second.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
from faster_whisper import WhisperModel

from studio.audio.mastering import master
from studio.compute.worker import ONE_THREAD
from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.duration import first_guess
from studio.domain.findings import QaReport
from studio.domain.settings import Settings
from studio.domain.spoken import Utterance
from studio.engine.jobs import CheckJob, MasterJob
from studio.engine.ports import unfollowed
from studio.quality import models
from studio.quality.check import SECOND_EARS, check
from studio.quality.ears import load
from studio.voices.builtin_worker import speak_utterances
from studio.voices.speak_job import SpeakJob

CHARACTERS_PER_S = 16


def main() -> int:
    """Make the sound, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", type=Path)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--plain-minutes", type=float, default=3, help="of it that plain faster-whisper hears")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        job = _job(options.script, options.minutes * 60, Path(folder))
        context = multiprocessing.get_context("spawn")
        before = dict(os.environ)
        os.environ.update(ONE_THREAD)  # the product starts its workers so
        with ProcessPoolExecutor(options.workers, mp_context=context) as pool:
            list(pool.map(_ready, range(4 * options.workers)))
            started = time.monotonic()
            reports = list(pool.map(_checked, [job] * options.workers))
            seconds = time.monotonic() - started
        os.environ.clear()
        os.environ.update(before)
        report = reports[0][0]
        length_s = report.sound.duration_s
        figures = {
            "cores": os.cpu_count(),
            "processes": options.workers,
            "sound_s": round(length_s, 1),
            "check_times_real_time": round(options.workers * length_s / seconds, 1),
            "check_mb_a_process": round(max(peak for _, peak in reports) / 1e6),
            "verdict": report.verdict,
            "word_accuracy": report.alignment.accuracy,
            "heard_by": report.ears,
            "plain_times_real_time": round(_plain(job.audio, min(length_s, options.plain_minutes * 60)), 1),
        }
    json.dump(figures, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


def _job(script: Path, seconds: float, folder: Path) -> CheckJob:
    settings = Settings()
    form = spoken_form(ScriptIntake().read(script), settings)
    kept: list[Utterance] = []
    for utterance in form.utterances:
        if sum(len(each.text) for each in kept) > seconds * CHARACTERS_PER_S:
            break
        kept.append(utterance)
    form = replace(form, utterances=tuple(kept), chapters=())
    take, mp3 = folder / "take.flac", folder / "episode.mp3"
    marks = speak_utterances(unfollowed, SpeakJob(take, "heart", settings.seed, settings.speed, 0, form.utterances))
    master(unfollowed, MasterJob(take, mp3, folder / "peaks", settings.loudness_target, settings.max_silence_s))
    return CheckJob(mp3, form, marks, first_guess(settings.voice, settings.speed), settings)


def _ready(_: int) -> None:
    """Load both models, so that every process has them: once a process, and not once an episode."""
    load(Settings().ears, None)
    load(SECOND_EARS, None)
    time.sleep(0.5)  # so that every process gets its turn


def _checked(job: CheckJob) -> tuple[QaReport, int]:
    report = check(unfollowed, job)
    return report, psutil.Process().memory_info().rss


def _plain(audio: Path, seconds: float) -> float:
    """How many times real time plain faster-whisper is."""
    ears = WhisperModel(str(models.folder(SECOND_EARS)), device="cpu", compute_type="int8")
    started = time.monotonic()
    list(ears.transcribe(str(audio), clip_timestamps=[0.0, seconds])[0])
    return seconds / (time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
