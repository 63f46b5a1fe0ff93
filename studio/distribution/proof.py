"""Reads a finished folder back, as a stranger would, before it gets its name."""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from studio.audio.playback import Played
from studio.distribution.chapters import ChapterTime
from studio.distribution.replace import read_sums
from studio.domain.errors import ExportError

DURATION_TOLERANCE_S: Final = 0.05
_TIMES: Final = re.compile(r"^(\d+):(\d\d):(\d\d)[.,](\d{3}) --> (\d+):(\d\d):(\d\d)[.,](\d{3})$", re.MULTILINE)


def prove_sound(played: Played, expected_s: float, chapters: Sequence[ChapterTime]) -> None:
    """The tagged MP3 is as long as its master and a decoder sees its chapters. Raises `ExportError`."""
    if abs(played.duration_s - expected_s) > DURATION_TOLERANCE_S:
        raise _failed(f"the MP3 lasts {played.duration_s:.3f} s and its master {expected_s:.3f} s")
    if sorted(played.chapter_starts_ms) != [chapter.start_ms for chapter in chapters]:
        raise _failed("its chapters do not read back as they were written")


def prove_folder(folder: Path, duration_s: float) -> None:
    """Every file has the listed hash, JSON parses, and captions go forward and stay within the sound."""
    for name, digest in read_sums(folder).items():
        with (folder / name).open("rb") as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest() != digest:
                raise _failed(f"{name} was not written as it was meant")
    documents = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    last_ms = int(duration_s * 1000)
    for name in ("transcript.vtt", "transcript.srt"):
        found = _TIMES.findall((folder / name).read_text("utf-8"))
        _prove_times(name, [(_milliseconds(*item[:4]), _milliseconds(*item[4:])) for item in found], last_ms)
    segments = documents["transcript.json"]["segments"]
    times = [(round(item["startTime"] * 1000), round(item["endTime"] * 1000)) for item in segments]
    _prove_times("transcript.json", times, last_ms)


def _prove_times(name: str, times: Sequence[tuple[int, int]], last_ms: int) -> None:
    before = 0
    for start, end in times:
        if not before <= start < end <= last_ms:
            raise _failed(f"the times in {name} go back or beyond the sound")
        before = end


def _milliseconds(hours: str, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)


def _failed(what: str) -> ExportError:
    return ExportError(
        f"The folder did not pass its own check: {what}.", "Export it again; if it happens again, please report it."
    )
