"""Chapters: from the script's headings to times, to JSON chapters and to the list in the show notes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from studio.distribution.timeline import Sentence
from studio.distribution.wording import DISCLOSURE, clock, one_line
from studio.domain.release import Release

FEWEST_IN_NOTES = 3  # players make links of a list of times only from three on, the first at 00:00:00


@dataclass(frozen=True, slots=True)
class ChapterTime:
    """A chapter in whole milliseconds; it ends where the next one starts."""

    title: str
    start_ms: int
    end_ms: int


def chapter_times(release: Release, sentences: Sequence[Sentence]) -> tuple[ChapterTime, ...]:
    """The chapters of an episode, at least one: the first starts at 0, the last ends with the sound.

    What is said before the first heading, or an episode without headings, is a chapter named after the episode.
    """
    duration_ms = max(round(release.master.sound.duration_s * 1000), 1)
    title = one_line(release.title) or "Episode"
    starts: list[tuple[int, str]] = []
    for number, chapter in enumerate(release.spoken.chapters, start=1):
        name = one_line(chapter.title) or f"Chapter {number}"
        # Silence before the first word belongs to the chapter that the word opens.
        start = round(sentences[chapter.utterance].span.start_s * 1000) if chapter.utterance else 0
        if start >= duration_ms or (starts and start <= starts[-1][0]):
            continue  # nothing of it can be heard
        if not starts and start > 0:
            starts.append((0, title))
        starts.append((start, name))
    starts = starts or [(0, title)]
    ends = [start for start, _ in starts[1:]] + [duration_ms]
    return tuple(ChapterTime(name, start, end) for (start, name), end in zip(starts, ends, strict=True))


def chapters_json(release: Release, chapters: Sequence[ChapterTime], file_name: str) -> str:
    """JSON chapters 1.2.0 (podcast namespace); times in seconds."""
    document: dict[str, object] = {"version": "1.2.0", "title": one_line(release.title), "fileName": file_name}
    for key, value in (("author", release.author), ("podcastName", release.show)):
        if one_line(value):
            document[key] = one_line(value)
    document["description"] = DISCLOSURE
    document["chapters"] = [
        {"startTime": chapter.start_ms / 1000, "endTime": chapter.end_ms / 1000, "title": chapter.title}
        for chapter in chapters
    ]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def notes(chapters: Sequence[ChapterTime]) -> str:
    """Show notes to be pasted into a host's form: the chapter list, where there is one, and who is speaking."""
    listed = "".join(f"{clock(chapter.start_ms)} {chapter.title}\n" for chapter in chapters)
    return (f"{listed}\n" if len(chapters) >= FEWEST_IN_NOTES else "") + f"{DISCLOSURE}\n"
